# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import sys

import torch
from torch import nn

FEATURES = [
    "\"]; import os; os.system(\"true", "two\nlines\r\n\"\"\" # 大小", "back\\slash\\",
    "\u202egnp\x00{x!r}%s",
]
CATEGORIES = {"\"]; import os; os.system(\"true": ["a\"b", "c\\", "\"\"\""]}
FLAGS = ["back\\slash\\"]
CLASSES = ["\"); raise SystemExit(\"", "no\\"]


def encode(row):
    """The model's inputs for a row, a dictionary by column name."""
    inputs = []
    for name in FEATURES:
        if name in CATEGORIES:
            inputs.append(float(CATEGORIES[name].index(row[name])))
        elif name in FLAGS:
            inputs.append(float(row[name].strip().lower() == "true"))
        else:
            inputs.append(float(row[name]))
    return inputs


def build_model():
    return nn.Sequential(nn.Linear(4, 1))


def predict(model, rows):
    """Probabilities [N] of the second class for rows, which are dictionaries by column name."""
    x = torch.tensor([encode(row) for row in rows])
    with torch.no_grad():
        return model(x).sigmoid().squeeze(1)


def main(path):
    """Prints a prediction for each row of a CSV file."""
    model = build_model()
    model.load_state_dict(torch.load("state_dict.pt"))
    model.eval()
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for probability in predict(model, rows).tolist():
        print(CLASSES[probability > 0.5], probability)


if __name__ == "__main__":
    main(sys.argv[1])
