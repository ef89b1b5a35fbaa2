# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import json
import math
import statistics
import sys

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

FEATURES = ["area", "rooms"]
TARGET = "price"
# Column: what stands for its missing values.
FILLS = {"rooms": ["mean"]}


def number(name, text):
    """A cell as a number: a category's is its index, and false is 0."""
    if name in FILLS and not text.strip():
        return math.nan
    return float(text)


def read(path):
    """The columns [N, 2] as they are, and the targets of the rows."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    raw = [[number(name, row[name]) for name in FEATURES] for row in rows]
    labels = [float(row[TARGET]) for row in rows]
    return torch.tensor(raw, dtype=torch.float64), labels


def split(rows, fraction, seed):
    """The rows to train on and those to hold out, both ascending."""
    order = torch.randperm(rows, generator=torch.Generator().manual_seed(seed)).tolist()
    held = math.floor(fraction * rows + 0.5)
    return sorted(order[held:]), sorted(order[:held])


def fill(raw, training):
    """The columns with their missing values filled; the training rows tell with what."""
    columns = []
    for name, column in zip(FEATURES, raw.T):
        if name in FILLS:
            strategy, *given = FILLS[name]
            known = sorted(x for x in column[training].tolist() if not math.isnan(x))
            if strategy == "constant":
                value = given[0]
            elif strategy == "mean":
                value = math.fsum(known) / len(known)
            elif strategy == "median":
                value = statistics.median(known)
            else:
                value = statistics.mode(known)  # the least of the most frequent
            column = torch.where(column.isnan(), value, column)
        columns.append(column)
    return torch.stack(columns, 1)


def standardize(column, training):
    """Mean 0 and standard deviation 1 over the training rows."""
    values = column[training].tolist()
    mean = math.fsum(values) / len(values)
    squares = math.fsum((value - mean) * (value - mean) for value in values)
    std = math.sqrt(squares / len(values))
    return (column - mean) / (std or 1.0)


def build_model():
    return nn.Sequential(nn.Linear(2, 1))


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


def train(model, loader, criterion, optimizer):
    """One epoch; the sums of what was measured on the way."""
    model.train()
    total = 0
    for inputs, targets in loader:
        optimizer.zero_grad()
        output = model(inputs)
        loss = criterion(output, targets)
        loss.backward()
        optimizer.step()
        total += measure(output.detach(), targets, loss)
    return total


def main(path):
    torch.set_num_threads(1)  # sums are then made in one order
    raw, labels = read(path)
    training, validation = split(len(labels), 0.25, 0)
    raw = fill(raw, training)
    x = torch.stack([standardize(column, training) for column in raw.T], 1).float()
    y = torch.tensor(labels, dtype=torch.float32).unsqueeze(1)

    torch.manual_seed(0)
    model = build_model()
    criterion = nn.MSELoss()
    loader = DataLoader(TensorDataset(x[training], y[training]), batch_size=32, shuffle=True)
    optimizer = torch.optim.SGD(model.parameters())

    for epoch in range(1, 5 + 1):
        total = train(model, loader, criterion, optimizer)
        values = {"epoch": epoch, **metrics("train", total, [labels[row] for row in training])}
        held_out = evaluate(model, criterion, x[validation], y[validation])
        values |= metrics("validation", held_out, [labels[row] for row in validation])
        print(json.dumps(values))

    torch.save(model.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1])
