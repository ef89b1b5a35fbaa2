# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import json
import math
import sys

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

FEATURES = ["left_height", "left_weight", "right_height", "right_weight"]
TARGET = "match"
CLASSES = [False, True]


def read(path):
    """The columns [N, 4] as they are, and the classes of the rows."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    raw = [[float(row[name]) for name in FEATURES] for row in rows]
    labels = [CLASSES.index(row[TARGET].strip().lower() == "true") for row in rows]
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


def standardize(column, training):
    """Mean 0 and standard deviation 1 over the training rows."""
    values = column[training].tolist()
    mean = math.fsum(values) / len(values)
    squares = math.fsum((value - mean) * (value - mean) for value in values)
    std = math.sqrt(squares / len(values))
    return (column - mean) / (std or 1.0)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(32, 32)

    def forward(self, x):
        h = self.fc(x)
        layer_ = F.relu(h)
        return x + layer_


class GateBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 16)

    def forward(self, a, b):
        math_ = self.fc(a)
        weight = math_.sigmoid()
        y = weight * b
        scaled = y * 0.5
        return scaled[:, :16]


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(2, 16), nn.ReLU())
        self.blocks = nn.ModuleList([Block() for _ in range(3)])
        self.gate = GateBlock()
        self.head = nn.Linear(32, 1)

    def forward(self, inputs):
        left = inputs[:, 0:2]
        right = inputs[:, 2:4]
        l = self.encoder(left)
        r = self.encoder(right)
        g = self.gate(l, r)
        both = torch.cat([g, r], dim=1)
        deep = both
        for layer in self.blocks:
            deep = layer(deep)
        return self.head(deep)


def measure(output, target, loss):
    """Sums over the rows of a mini-batch: their number, loss and right answers."""
    rows = len(target)
    correct = ((output > 0) == (target > 0.5)).sum().item()
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
    training, validation = split(labels, 0.2, 0)
    x = torch.stack([standardize(column, training) for column in raw.T], 1).float()
    y = torch.tensor(labels, dtype=torch.float32).unsqueeze(1)

    torch.manual_seed(0)
    model = Model()
    criterion = nn.BCEWithLogitsLoss()
    loader = DataLoader(TensorDataset(x[training], y[training]), batch_size=32, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters())

    for epoch in range(1, 10 + 1):
        total = train(model, loader, criterion, optimizer)
        values = {"epoch": epoch, **metrics("train", total)}
        held_out = evaluate(model, criterion, x[validation], y[validation])
        values |= metrics("validation", held_out)
        print(json.dumps(values))

    torch.save(model.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1])
