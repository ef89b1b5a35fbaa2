# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import json
import math
import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

FEATURES = ["kind"]
CATEGORIES = {"kind": ["a", "b", "c", "d", "e", "f", "g", "h"]}
TARGET = "y"
CLASSES = ["no", "yes"]


def number(name, text):
    """A cell as a number: a category's is its index, and false is 0."""
    if name in CATEGORIES:
        return CATEGORIES[name].index(text)


def read(path):
    """The columns [N, 1] as they are, and the classes of the rows."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
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


def encode(raw, training):
    """The model's inputs [N, 8]; what it takes is learned from the training rows."""
    inputs = []
    for name, column in zip(FEATURES, raw.T):
        inputs += [(column == i).double() for i in range(len(CATEGORIES[name]))]
    return torch.stack(inputs, 1).float()


class SequenceGRU(nn.GRU):
    def forward(self, x):
        output, state = super().forward(x)
        return output


class SelfAttention(nn.MultiheadAttention):
    def forward(self, x):
        return super().forward(x, x, x, need_weights=False)[0]


class LastLSTM(nn.LSTM):
    def forward(self, x):
        output, state = super().forward(x)
        return output[:, -1]


def build_model():
    return nn.Sequential(
        nn.Unflatten(1, (1, 2, 4)),
        nn.Conv2d(1, 4, (1, 3), padding="same", bias=False),
        nn.BatchNorm2d(4),
        nn.LeakyReLU(negative_slope=0.2),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Unflatten(1, (2, 4)),
        SequenceGRU(4, 6, batch_first=True, bidirectional=True),
        SelfAttention(12, 3, batch_first=True),
        LastLSTM(12, 8, num_layers=2, batch_first=True, dropout=0.2),
        nn.LayerNorm(8),
        nn.Linear(8, 2),
    )


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
    x = encode(raw, training)
    y = torch.tensor(labels)

    torch.manual_seed(0)
    model = build_model()
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(TensorDataset(x[training], y[training]), batch_size=32, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters())

    for epoch in range(1, 2 + 1):
        total = train(model, loader, criterion, optimizer)
        values = {"epoch": epoch, **metrics("train", total)}
        held_out = evaluate(model, criterion, x[validation], y[validation])
        values |= metrics("validation", held_out)
        print(json.dumps(values))

    torch.save(model.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1])
