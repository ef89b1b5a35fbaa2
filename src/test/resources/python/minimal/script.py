# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import json
import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

FEATURES = ["x"]
TARGET = "y"
CLASSES = [False, True]


def read(path):
    """The columns [N, 1] as they are, and the classes of the rows."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    raw = [[float(row[name]) for name in FEATURES] for row in rows]
    labels = [CLASSES.index(row[TARGET].strip().lower() == "true") for row in rows]
    return torch.tensor(raw, dtype=torch.float64), labels


def build_model():
    return nn.Sequential(nn.Linear(1, 1), nn.Sigmoid())


def measure(output, target, loss):
    """Sums over the rows of a mini-batch: their number, loss and right answers."""
    rows = len(target)
    correct = ((output > 0.5) == (target > 0.5)).sum().item()
    return torch.tensor([rows, loss.item() * rows, correct], dtype=torch.float64)


def metrics(prefix, sums):
    rows, loss, correct = sums.tolist()
    return {f"{prefix}_loss": loss / rows, f"{prefix}_accuracy": correct / rows}


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
    training = list(range(len(labels)))
    x = raw.float()
    y = torch.tensor(labels, dtype=torch.float32).unsqueeze(1)

    torch.manual_seed(0)
    model = build_model()
    criterion = nn.BCELoss()
    loader = DataLoader(TensorDataset(x[training], y[training]), shuffle=True, drop_last=True)
    optimizer = torch.optim.SGD(model.parameters())

    for epoch in range(1, 1 + 1):
        total = train(model, loader, criterion, optimizer)
        values = {"epoch": epoch, **metrics("train", total)}
        print(json.dumps(values))

    torch.save(model.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1])
