# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import json
import math
import sys

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, TensorDataset

FEATURES = ["a"]
TARGET = "y"
CLASSES = [0, 1, 7]


def read(path):
    """The columns [N, 1] as they are, and the classes of the rows."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    raw = [[float(row[name]) for name in FEATURES] for row in rows]
    labels = [CLASSES.index(int(row[TARGET])) for row in rows]
    return torch.tensor(raw, dtype=torch.float64), labels


def split(labels, fraction, seed):
    """The rows to train on and those to hold out, of each class the same fraction."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).tolist()
    held = math.floor(fraction * len(labels) + 0.5)
    sizes = [labels.count(label) for label in range(max(labels) + 1)]
    wanted = [math.floor(fraction * size) for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda c: wanted[c] - fraction * sizes[c])
    while sum(wanted) < held:
        for c in by_remainder:
            if sum(wanted) < held and wanted[c] + 1 < sizes[c]:
                wanted[c] += 1
    validation = set()
    for row in order:
        if wanted[labels[row]] > 0:
            wanted[labels[row]] -= 1
            validation.add(row)
    return [row for row in range(len(labels)) if row not in validation], sorted(validation)


def build_model():
    return nn.Sequential(nn.Linear(1, 3))


def measure(output, target, loss):
    """Sums over the rows of a mini-batch: their number, loss and right answers."""
    rows = len(target)
    correct = (output.argmax(1) == target).sum().item()
    return torch.tensor([rows, loss.item() * rows, correct], dtype=torch.float64)


def metrics(prefix, sums):
    rows, loss, correct = sums.tolist()
    return {f"{prefix}_loss": loss / rows, f"{prefix}_accuracy": correct / rows}


@torch.no_grad()
def evaluate(model, criterion, x, y):
    model.eval()
    total = 0
    for inputs, targets in zip(x.split(1024), y.split(1024)):
        output = model(inputs)
        total += measure(output, targets, criterion(output, targets))
    return total


def train(model, loader, criterion, optimizer, ema):
    """One epoch; the sums of what was measured on the way."""
    model.train()
    total = 0
    for inputs, targets in loader:
        optimizer.zero_grad()
        output = model(inputs)
        loss = criterion(output, targets)
        loss.backward()
        optimizer.step()
        ema.update_parameters(model)
        total += measure(output.detach(), targets, loss)
    return total


def main(path):
    torch.set_num_threads(1)  # sums are then made in one order
    raw, labels = read(path)
    training, validation = split(labels, 0.2, 0)
    x = raw.float()
    y = torch.tensor(labels)

    torch.manual_seed(0)
    model = build_model()
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(TensorDataset(x[training], y[training]), batch_size=32, shuffle=True)
    optimizer = torch.optim.RMSprop(model.parameters())
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=2, min_lr=1e-4)
    ema = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.99))

    for epoch in range(1, 20 + 1):
        total = train(model, loader, criterion, optimizer, ema)
        values = {"epoch": epoch, **metrics("train", total)}
        held_out = evaluate(ema.module, criterion, x[validation], y[validation])
        values |= metrics("validation", held_out)
        values["lr"] = optimizer.param_groups[-1]["lr"]
        scheduler.step(values["validation_loss"])
        print(json.dumps(values))

    torch.save(ema.module.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1])
