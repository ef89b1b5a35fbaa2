# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import sys

import torch
from torch import nn

# Column: mean and standard deviation of the training rows.
FEATURES = {
    "sepal_length": (5.851666666666667, 0.822089140881666),
    "sepal_width": (3.065833333333333, 0.42651608670977725),
    "petal_length": (3.7708333333333335, 1.7603217430029343),
    "petal_width": (1.2033333333333334, 0.7697329984409457),
}
CLASSES = ["setosa", "versicolor", "virginica"]


def encode(row):
    """The model's inputs for a row, a dictionary by column name."""
    return [(float(row[name]) - mean) / std for name, (mean, std) in FEATURES.items()]


def build_model():
    return nn.Sequential(
        nn.Linear(4, 16),
        nn.ReLU(),
        nn.Sequential(nn.Dropout(0.1), nn.Linear(16, 8, bias=False), nn.Tanh()),
        nn.Linear(8, 3),
    )


def predict(model, rows):
    """Probabilities [N, 3] for rows, which are dictionaries by column name."""
    x = torch.tensor([encode(row) for row in rows])
    with torch.no_grad():
        return model(x).softmax(1)


def main(path):
    """Prints a prediction for each row of a CSV file."""
    model = build_model()
    model.load_state_dict(torch.load("state_dict.pt"))
    model.eval()
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for probabilities in predict(model, rows):
        print(CLASSES[probabilities.argmax()], probabilities.tolist())


if __name__ == "__main__":
    main(sys.argv[1])
