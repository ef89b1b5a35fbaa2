# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import sys

import torch
from torch import nn

FEATURES = ["kind"]
CATEGORIES = {"kind": ["a", "b", "c", "d", "e", "f", "g", "h"]}
CLASSES = ["no", "yes"]


def encode(row):
    """The model's inputs for a row, a dictionary by column name."""
    inputs = []
    for name in FEATURES:
        category = CATEGORIES[name].index(row[name])
        inputs += [float(i == category) for i in range(len(CATEGORIES[name]))]
    return inputs


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


def predict(model, rows):
    """Probabilities [N, 2] for rows, which are dictionaries by column name."""
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
