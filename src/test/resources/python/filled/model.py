# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import math
import sys

import torch
from torch import nn

FEATURES = ["area", "city", "floor", "garden", "rooms"]
CATEGORIES = {"city": ["Bern", "Köln", "Wien"], "floor": ["ground", "first", "attic"]}
ORDINALS = ["floor"]
FLAGS = ["garden"]
# Column: mean and standard deviation of the training rows.
SCALES = {"rooms": (3.5, 1.25)}
# Column: its steps, with what they learned from the training rows.
STEPS = {"area": [["MinMaxScaler", 0.5, -1.0]]}
# Column: what an empty cell stands for.
FILLS = {"area": "51.25", "city": "Köln", "floor": "attic", "garden": "false", "rooms": "-1.0"}


def scale(value, steps):
    """The number after its column's steps."""
    for step, *numbers in steps:
        if step == "Log1p":
            value = math.log1p(value)
        elif step == "Clip":
            value = min(max(value, numbers[0]), numbers[1])
        elif step == "MinMaxScaler":
            value = value * numbers[0] + numbers[1]
        else:
            value = (value - numbers[0]) / numbers[1]
    return value


def filled(row):
    """The row, with its empty cells filled where they may be empty."""
    return row | {name: cell for name, cell in FILLS.items() if not row[name].strip()}


def encode(row):
    """The model's inputs for a row, a dictionary by column name."""
    row = filled(row)
    inputs = []
    for name in FEATURES:
        if name in ORDINALS:
            inputs.append(float(CATEGORIES[name].index(row[name])))
        elif name in CATEGORIES:
            category = CATEGORIES[name].index(row[name])
            inputs += [float(i == category) for i in range(len(CATEGORIES[name]))]
        elif name in FLAGS:
            inputs.append(float(row[name].strip().lower() == "true"))
        elif name in STEPS:
            inputs.append(scale(float(row[name]), STEPS[name]))
        else:
            mean, std = SCALES[name]
            inputs.append((float(row[name]) - mean) / std)
    return inputs


def build_model():
    return nn.Sequential(nn.Linear(7, 1))


def predict(model, rows):
    """Values [N] for rows, which are dictionaries by column name."""
    x = torch.tensor([encode(row) for row in rows])
    with torch.no_grad():
        return model(x).squeeze(1)


def main(path):
    """Prints a prediction for each row of a CSV file."""
    model = build_model()
    model.load_state_dict(torch.load("state_dict.pt"))
    model.eval()
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for value in predict(model, rows).tolist():
        print(value)


if __name__ == "__main__":
    main(sys.argv[1])
