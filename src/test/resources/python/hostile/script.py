# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import json
import math
import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

FEATURES = [
    "\"]; import os; os.system(\"true", "two\nlines\r\n\"\"\" # 大小", "back\\slash\\",
    "\u202egnp\x00{x!r}%s",
]
CATEGORIES = {"\"]; import os; os.system(\"true": ["a\"b", "c\\", "\"\"\""]}
FLAGS = ["back\\slash\\"]
TARGET = "'''\"\"\"\\"
CLASSES = ["\"); raise SystemExit(\"", "no\\"]


def number(name, text):
    """A cell as a number: a category's is its index, and false is 0."""
    if name in CATEGORIES:
        return CATEGORIES[name].index(text)
    if name in FLAGS:
        return text.strip().lower() == "true"
    return float(text)


def read(path):
    """The columns [N, 4] as they are, and the classes of the rows."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    raw = [[number(name, row[name]) for name in FEATURES] for row in rows]
    labels = [CLASSES.index(row[TARGET]) for row in rows]
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
    return nn.Sequential(nn.Linear(4, 1))


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
    training, validation = split(labels, 0.2, 9223372036854775807)
    x = raw.float()
    y = torch.tensor(labels, dtype=torch.float32).unsqueeze(1)

    torch.manual_seed(9223372036854775807)
    model = build_model()
    criterion = nn.BCEWithLogitsLoss()
    loader = DataLoader(TensorDataset(x[training], y[training]), batch_size=32, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters())

    for epoch in range(1, 1 + 1):
        total = train(model, loader, criterion, optimizer)
        values = {"epoch": epoch, **metrics("train", total)}
        held_out = evaluate(model, criterion, x[validation], y[validation])
        values |= metrics("validation", held_out)
        print(json.dumps(values))

    torch.save(model.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1])
