# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import json
import math
import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

FEATURES = ["a", "b"]
TARGET = "y"
WEIGHT = "how \"often\""
CLASSES = ["low", "middle", "high"]


def read(path):
    """The columns [N, 2] as they are, and the classes of the rows."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    raw = [[float(row[name]) for name in FEATURES] for row in rows]
    labels = [CLASSES.index(row[TARGET]) for row in rows]
    weights = [float(row[WEIGHT]) for row in rows]
    return torch.tensor(raw, dtype=torch.float64), labels, weights


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
    return nn.Sequential(nn.Linear(2, 3))


def criterion(output, target, weight):
    """The mean of the rows' losses by their weights."""
    unreduced = nn.CrossEntropyLoss(
        weight=torch.tensor([1.0, 2.0, 0.5]),
        label_smoothing=0.1,
        reduction="none",
    )
    each = unreduced(output, target)
    total = (each * weight).sum()
    return total / (weight * unreduced.weight[target]).sum().clamp_min(torch.finfo(torch.float32).tiny)


def measure(output, target, loss):
    """Sums over the rows of a mini-batch: their number, loss and right answers."""
    rows = len(target)
    correct = (output.argmax(1) == target).sum().item()
    return torch.tensor([rows, loss.item() * rows, correct], dtype=torch.float64)


def metrics(prefix, sums):
    rows, loss, correct = sums.tolist()
    return {f"{prefix}_loss": loss / rows}


def fraction(part, whole):
    """A fraction of nothing is 0."""
    return torch.where(whole > 0, part / whole.clamp_min(1), 0)


def roc_auc(score, yes):
    """How often a row that is so has the greater score than one that is not."""
    _, place, counts = score.unique(return_inverse=True, return_counts=True)
    counts = counts.double()
    rank = (counts.cumsum(0) - (counts - 1) / 2)[place]
    so, not_so = yes.sum().item(), (~yes).sum().item()
    if so == 0 or not_so == 0:
        return None
    return (rank[yes].sum().item() - so * (so + 1) / 2) / (so * not_so)


def scores(output, target):
    """What is measured of all held-out rows at once."""
    values = {}
    said, so = output.argmax(1), target
    rows = so, said, so[said == so]
    of, said, both = (torch.bincount(each, minlength=3).double() for each in rows)
    own, index = output.gather(1, target[:, None]), torch.arange(3)
    before = (output > own) | (output == own) & (index < target[:, None])
    values["validation_top_2_accuracy"] = (before.sum(1) < 2).double().mean().item()
    values["validation_f1_macro"] = fraction(2 * both, said + of)[of + said > 0].mean().item()
    score = output.softmax(1)
    areas = [area for area in [roc_auc(score[:, c], target == c) for c in range(3)] if area is not None]
    if areas:
        values["validation_roc_auc"] = sum(areas) / len(areas)
    return values


@torch.no_grad()
def evaluate(model, criterion, x, y, w):
    model.eval()
    total, outputs = 0, []
    for inputs, targets, weights in zip(x.split(1024), y.split(1024), w.split(1024)):
        output = model(inputs)
        total += measure(output, targets, criterion(output, targets, weights))
        outputs.append(output)
    return total, torch.cat(outputs)


def train(model, loader, criterion, optimizer):
    """One epoch; the sums of what was measured on the way."""
    model.train()
    total = 0
    for number, (inputs, targets, weights) in enumerate(loader, start=1):
        output = model(inputs)
        loss = criterion(output, targets, weights)
        (loss / 2).backward()
        if number % 2 == 0 or number == len(loader):
            optimizer.step()
            optimizer.zero_grad()
        total += measure(output.detach(), targets, loss)
    return total


def main(path):
    torch.set_num_threads(1)  # sums are then made in one order
    raw, labels, weights = read(path)
    training, validation = split(labels, 0.2, 0)
    x = raw.float()
    y = torch.tensor(labels)
    w = torch.tensor(weights, dtype=torch.float32)

    torch.manual_seed(0)
    model = build_model()
    loader = DataLoader(
        TensorDataset(x[training], y[training], w[training]),
        batch_size=32,
        shuffle=True,
    )
    optimizer = torch.optim.Adam(model.parameters())

    for epoch in range(1, 10 + 1):
        total = train(model, loader, criterion, optimizer)
        values = {"epoch": epoch, **metrics("train", total)}
        held_out, output = evaluate(model, criterion, x[validation], y[validation], w[validation])
        values |= metrics("validation", held_out)
        values |= scores(output, y[validation])
        print(json.dumps(values))

    torch.save(model.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1])
