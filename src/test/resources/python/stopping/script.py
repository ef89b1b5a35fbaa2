# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import copy
import csv
import json
import math
import sys
from itertools import islice

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

FEATURES = ["a"]
TARGET = "y"


def read(path):
    """The columns [N, 1] as they are, and the targets of the rows."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    raw = [[float(row[name]) for name in FEATURES] for row in rows]
    labels = [float(row[TARGET]) for row in rows]
    return torch.tensor(raw, dtype=torch.float64), labels


def split(rows, fraction, seed):
    """The rows to train on and those to hold out, both ascending."""
    order = torch.randperm(rows, generator=torch.Generator().manual_seed(seed)).tolist()
    held = math.floor(fraction * rows + 0.5)
    return sorted(order[held:]), sorted(order[:held])


def build_model():
    return nn.Sequential(nn.Linear(1, 1))


def measure(output, target, loss):
    """Sums over the rows of a mini-batch: their number, squared and absolute error."""
    rows = len(target)
    squared, absolute = loss.item() * rows, F.l1_loss(output, target).item() * rows
    return torch.tensor([rows, squared, absolute], dtype=torch.float64)


def variation(values):
    """The sum of squared distances from the mean."""
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) * (value - mean) for value in values)


def metrics(prefix, sums, labels):
    rows, squared, absolute = sums.tolist()
    values = {
        f"{prefix}_loss": squared / rows,
        f"{prefix}_mae": absolute / rows,
        f"{prefix}_rmse": math.sqrt(squared / rows),
    }
    if variation(labels) > 0:
        values[f"{prefix}_r2"] = 1 - squared / variation(labels)
    return values


@torch.no_grad()
def evaluate(model, criterion, x, y):
    model.eval()
    total = 0
    for inputs, targets in zip(x.split(1024), y.split(1024)):
        output = model(inputs)
        total += measure(output, targets, criterion(output, targets))
    return total


def train(model, loader, criterion, optimizer, left):
    """One epoch; the sums of what was measured on the way."""
    model.train()
    total = 0
    for number, (inputs, targets) in enumerate(islice(loader, left), start=1):
        output = model(inputs)
        loss = criterion(output, targets)
        (loss / 3).backward()
        if number % 3 == 0 or number == len(loader):
            optimizer.step()
            optimizer.zero_grad()
        total += measure(output.detach(), targets, loss)
    return total


def main(path):
    torch.set_num_threads(1)  # sums are then made in one order
    raw, labels = read(path)
    training, validation = split(len(labels), 0.2, 0)
    x = raw.float()
    y = torch.tensor(labels, dtype=torch.float32).unsqueeze(1)

    torch.manual_seed(0)
    model = build_model()
    criterion = nn.MSELoss()
    loader = DataLoader(TensorDataset(x[training], y[training]), batch_size=32, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters())
    left = 300  # mini-batches
    best, bad_epochs = -math.inf, 0
    kept = model.state_dict()
    # How far max_minutes let the run come is not repeated here.

    for epoch in range(1, 10 + 1):
        total = train(model, loader, criterion, optimizer, left)
        values = {"epoch": epoch, **metrics("train", total, [labels[row] for row in training])}
        held_out = evaluate(model, criterion, x[validation], y[validation])
        values |= metrics("validation", held_out, [labels[row] for row in validation])
        print(json.dumps(values))
        if values.get("validation_r2", math.nan) > best + 0.001:
            best, bad_epochs = values.get("validation_r2", math.nan), 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad_epochs += 1
        if bad_epochs >= 5:
            break
        left -= math.ceil(len(loader) / 3) * 3
        if left <= 0:
            break

    torch.save(kept, "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1])
