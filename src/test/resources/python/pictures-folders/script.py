# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import json
import math
import sys
import zipfile

from PIL import Image
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, default_collate
from torchvision import transforms
from torchvision.transforms.functional import pil_to_tensor

TARGET = "label"
CLASSES = ["cat", "dog"]
ENDINGS = {"png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "dib", "webp"}
# What could not be decoded when the data set was made.
LEFT_OUT = ["3/broken.png"]
TRAINING = transforms.Compose(
    [
        transforms.RandomHorizontalFlip(0.5), transforms.ConvertImageDtype(torch.float32),
        transforms.Normalize((0.13,), (0.31,)),
    ],
)
EVALUATION = transforms.Compose(
    [transforms.ConvertImageDtype(torch.float32), transforms.Normalize((0.13,), (0.31,))],
)


def picture_names(paths):
    """The pictures in zip archives: archive and name of each."""
    for path in paths:
        archive = zipfile.ZipFile(path, metadata_encoding="utf-8")
        for name in archive.namelist():
            file = name.rpartition("/")[2]
            hidden = name.startswith("__MACOSX/") or file.startswith(".")
            if file.rpartition(".")[2].lower() in ENDINGS and not hidden:
                yield archive, name


def class_order(found):
    """By class, which is the name of a picture's folder, then by folder and file."""
    folder, _, file = found[1].rpartition("/")
    return folder.rpartition("/")[2], folder, file


def decode(archive, name):
    """A picture as bytes [channels, height, width]."""
    with archive.open(name) as file:
        return pil_to_tensor(Image.open(file).convert("L"))


def read(paths):
    """The pictures as they are, and the classes of the rows."""
    found = sorted(picture_names(paths), key=class_order)
    found = [each for each in found if each[1] not in LEFT_OUT]
    rows = [{"label": class_order(each)[0], "file": each[1]} for each in found]
    raw = [decode(archive, name) for archive, name in found]
    labels = [CLASSES.index(row[TARGET]) for row in rows]
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


def main(paths):
    torch.set_num_threads(1)  # sums are then made in one order
    pictures, labels = read(paths)
    training, validation = split(labels, 0.2, 5)
    y = torch.tensor(labels)

    torch.manual_seed(5)
    model = build_model()
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(Pictures(pictures, training, TRAINING, y), batch_size=32, shuffle=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    for epoch in range(1, 2 + 1):
        total = train(model, loader, criterion, optimizer)
        values = {"epoch": epoch, **metrics("train", total)}
        held_out = evaluate(model, criterion, Pictures(pictures, validation, EVALUATION, y))
        values |= metrics("validation", held_out)
        print(json.dumps(values))

    torch.save(model.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1:])
