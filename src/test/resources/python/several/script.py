# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import json
import math
import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

FEATURES = ["a"]
TARGETS = ["wet", "\"cold\""]


def figure(text):
    """A cell as a number: false is 0, and true is 1."""
    word = text.strip().lower()
    return float({"true": 1, "false": 0}.get(word, word))


def read(path):
    """The columns [N, 1] as they are, and the targets of the rows."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    raw = [[float(row[name]) for name in FEATURES] for row in rows]
    labels = [[figure(row[name]) for name in TARGETS] for row in rows]
    return torch.tensor(raw, dtype=torch.float64), labels


def split(rows, fraction, seed):
    """The rows to train on and those to hold out, both ascending."""
    order = torch.randperm(rows, generator=torch.Generator().manual_seed(seed)).tolist()
    held = math.floor(fraction * rows + 0.5)
    return sorted(order[held:]), sorted(order[:held])


def build_model():
    return nn.Sequential(nn.Linear(1, 2))


def measure(output, target, loss):
    """Sums over the rows of a mini-batch: their number, loss and right answers."""
    rows = len(target)
    correct = (((output > 0) == (target > 0.5)).all(1)).sum().item()
    return torch.tensor([rows, loss.item() * rows, correct], dtype=torch.float64)


def metrics(prefix, sums):
    rows, loss, correct = sums.tolist()
    return {f"{prefix}_loss": loss / rows, f"{prefix}_accuracy": correct / rows}


def fraction(part, whole):
    """A fraction of nothing is 0."""
    return torch.where(whole > 0, part / whole.clamp_min(1), 0)


def scores(output, target):
    """What is measured of all held-out rows at once."""
    values = {}
    said, so = output > 0, target > 0.5
    of, said, both = (rows.sum(0).double() for rows in (so, said, so & said))
    values["validation_f1_micro"] = fraction(2 * both.sum(), said.sum() + of.sum()).item()
    values["validation_f1_macro"] = fraction(2 * both, said + of).mean().item()
    return values


@torch.no_grad()
def evaluate(model, criterion, x, y):
    model.eval()
    total, outputs = 0, []
    for inputs, targets in zip(x.split(1024), y.split(1024)):
        output = model(inputs)
        total += measure(output, targets, criterion(output, targets))
        outputs.append(output)
    return total, torch.cat(outputs)


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
    training, validation = split(len(labels), 0.2, 0)
    x = raw.float()
    y = torch.tensor(labels, dtype=torch.float32)

    torch.manual_seed(0)
    model = build_model()
    criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0, 3.0]))
    loader = DataLoader(TensorDataset(x[training], y[training]), batch_size=32, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters())

    for epoch in range(1, 10 + 1):
        total = train(model, loader, criterion, optimizer)
        values = {"epoch": epoch, **metrics("train", total)}
        held_out, output = evaluate(model, criterion, x[validation], y[validation])
        values |= metrics("validation", held_out)
        values |= scores(output, y[validation])
        print(json.dumps(values))

    torch.save(model.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1])
