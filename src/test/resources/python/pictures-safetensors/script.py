# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import json
import math
import sys

from safetensors.torch import load_file
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, default_collate
from torchvision import transforms

TARGET = "label"
CLASSES = [3, 8]
TRANSFORM = transforms.Compose([transforms.ConvertImageDtype(torch.float32)])


def tensor_rows(tensors):
    """The tensors of one extent as rows, with cells as a CSV file has them."""
    columns = {name: values for name, values in tensors.items() if values.dim() == 1}
    cells = [[str(value).lower() for value in values.tolist()] for values in columns.values()]
    return [dict(zip(columns, row)) for row in zip(*cells)]


def read(path):
    """The pictures as they are, and the classes of the rows."""
    tensors = load_file(path)
    rows = tensor_rows(tensors)
    raw = tensors["image"].reshape(-1, 1, 28, 28)
    labels = [CLASSES.index(int(row[TARGET])) for row in rows]
    return raw, labels


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


class Pictures(Dataset):
    """Pictures of some rows, made inputs when they are asked for, and their values."""

    def __init__(self, pictures, rows, transform, *values):
        self.pictures, self.rows, self.transform = pictures, rows, transform
        self.values = values

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        row = self.rows[index]
        return self.transform(self.pictures[row]), *(value[row] for value in self.values)


def batches(pictures):
    """All of them in their order, without drawing a random number."""
    for first in range(0, len(pictures), 1024):
        rows = range(first, min(first + 1024, len(pictures)))
        yield default_collate([pictures[row] for row in rows])


def build_model():
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(2704, 2))


def measure(output, target, loss):
    """Sums over the rows of a mini-batch: their number, loss and right answers."""
    rows = len(target)
    correct = (output.argmax(1) == target).sum().item()
    return torch.tensor([rows, loss.item() * rows, correct], dtype=torch.float64)


def metrics(prefix, sums):
    rows, loss, correct = sums.tolist()
    return {f"{prefix}_loss": loss / rows, f"{prefix}_accuracy": correct / rows}


@torch.no_grad()
def evaluate(model, criterion, pictures):
    model.eval()
    total = 0
    for inputs, targets in batches(pictures):
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
    pictures, labels = read(path)
    training, validation = split(labels, 0.2, 5)
    y = torch.tensor(labels)

    torch.manual_seed(5)
    model = build_model()
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(Pictures(pictures, training, TRANSFORM, y), batch_size=32, shuffle=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    for epoch in range(1, 2 + 1):
        total = train(model, loader, criterion, optimizer)
        values = {"epoch": epoch, **metrics("train", total)}
        held_out = evaluate(model, criterion, Pictures(pictures, validation, TRANSFORM, y))
        values |= metrics("validation", held_out)
        print(json.dumps(values))

    torch.save(model.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1])
