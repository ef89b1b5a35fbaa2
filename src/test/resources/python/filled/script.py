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

FEATURES = ["area", "city", "floor", "garden", "rooms"]
CATEGORIES = {"city": ["Bern", "Köln", "Wien"], "floor": ["ground", "first", "attic"]}
ORDINALS = ["floor"]
FLAGS = ["garden"]
TARGET = "price"
# Column: what stands for its missing values.
FILLS = {
    "area": ["median"],
    "city": ["most_frequent"],
    "floor": ["constant", 2.0],
    "garden": ["constant", 0.0],
    "rooms": ["constant", -1.0],
}
# Column: its steps, with their arguments.
STEPS = {"area": [["MinMaxScaler", 0.0, 1.0]]}


def number(name, text):
    """A cell as a number: a category's is its index, and false is 0."""
    if name in FILLS and not text.strip():
        return math.nan
    if name in CATEGORIES:
        return CATEGORIES[name].index(text)
    if name in FLAGS:
        return text.strip().lower() == "true"
    return float(text)


def read(path):
    """The columns [N, 5] as they are, and the targets of the rows."""
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


def quantile(values, percent):
    """Of ascending values, on the line between both neighbours."""
    place = percent / 100 * (len(values) - 1)
    below = math.floor(place)
    if below >= len(values) - 1:
        return values[-1]
    fraction, difference = place - below, values[below + 1] - values[below]
    if fraction >= 0.5:
        return values[below + 1] - difference * (1 - fraction)
    return values[below] + difference * fraction


def span(value):
    """What to divide by: 1 for a constant column."""
    return 1.0 if value < 10 * 2.0**-52 else value


def scale(column, training, steps):
    """The column after its steps; what they take is learned from the training rows."""
    for step, *arguments in steps:
        values = sorted(column[training].tolist())
        if step == "Log1p":
            column = torch.log1p(column)
        elif step == "Clip":
            column = column.clamp(*arguments)
        elif step == "MinMaxScaler":
            low, high = arguments
            factor = (high - low) / span(values[-1] - values[0])
            column = column * factor + (low - values[0] * factor)
        elif step == "RobustScaler":
            centers, scales, low, high = arguments
            middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
            width = span(quantile(values, high) - quantile(values, low))
            column = (column - (middle if centers else 0)) / (width if scales else 1)
        else:
            centers, scales = arguments
            mean = math.fsum(values) / len(values)
            squares = math.fsum((value - mean) * (value - mean) for value in values)
            std = math.sqrt(squares / len(values)) or 1.0
            column = (column - (mean if centers else 0)) / (std if scales else 1)
    return column


def encode(raw, training):
    """The model's inputs [N, 7]; what it takes is learned from the training rows."""
    inputs = []
    for name, column in zip(FEATURES, raw.T):
        if name in ORDINALS:
            inputs.append(column)
        elif name in CATEGORIES:
            inputs += [(column == i).double() for i in range(len(CATEGORIES[name]))]
        elif name in FLAGS:
            inputs.append(column)
        elif name in STEPS:
            inputs.append(scale(column, training, STEPS[name]))
        else:
            inputs.append(standardize(column, training))
    return torch.stack(inputs, 1).float()


def build_model():
    return nn.Sequential(nn.Linear(7, 1))


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
    x = encode(raw, training)
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
