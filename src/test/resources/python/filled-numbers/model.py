# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import sys

import torch
from torch import nn

# Column: mean and standard deviation of the training rows.
FEATURES = {"area": (50.0, 20.0), "rooms": (3.5, 1.25)}
# Column: what an empty cell stands for.
FILLS = {"rooms": "3.5"}


def filled(row):
    """The row, with its empty cells filled where they may be empty."""
    return row | {name: cell for name, cell in FILLS.items() if not row[name].strip()}


def encode(row):
    """The model's inputs for a row, a dictionary by column name."""
    row = filled(row)
    return [(float(row[name]) - mean) / std for name, (mean, std) in FEATURES.items()]


def build_model():
    return nn.Sequential(nn.Linear(2, 1))


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
