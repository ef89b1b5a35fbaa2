# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import gzip
import json
import math
import struct
import sys

import numpy
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, default_collate
from torchvision import transforms
from torchvision.transforms.functional import pil_to_tensor
from torchvision.transforms.functional import to_pil_image

TARGET = "label"
CLASSES = [3, 8]
TRAINING = transforms.Compose(
    [transforms.RandomCrop((24, 24)), transforms.ConvertImageDtype(torch.float32)],
)
EVALUATION = transforms.Compose(
    [transforms.CenterCrop((24, 24)), transforms.ConvertImageDtype(torch.float32)],
)


def idx(path):
    """The values of an IDX file, which may be compressed by gzip."""
    with open(path, "rb") as file:
        data = file.read()
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    kinds = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
    values = numpy.frombuffer(data, kinds[data[2]], offset=4 + 4 * data[3])
    return values.reshape(struct.unpack_from(f">{data[3]}I", data, 4))


def read(paths):
    """The pictures as they are, and the classes of the rows."""
    parts = [idx(path) for path in paths]
    labels = numpy.concatenate([part for part in parts if part.ndim == 1])
    rows = [{"label": str(label)} for label in labels]
    pictures = [
        picture
        for part in parts
        if part.ndim > 1
        for picture in torch.tensor(part).reshape(len(part), -1, *part.shape[-2:])
    ]
    raw = [pil_to_tensor(to_pil_image(picture).convert("RGB")) for picture in pictures]
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
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(1936, 2))


def measure(output, target, loss):
    """Sums over the rows of a mini-batch: their number, loss and right answers."""
    rows = len(target)
    correct = (output.argmax(1) == target).sum().item()
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
    said, so = output.argmax(1), target
    rows = so, said, so[said == so]
    of, said, both = (torch.bincount(each, minlength=2).double() for each in rows)
    values["validation_f1_macro"] = fraction(2 * both, said + of)[of + said > 0].mean().item()
    return values


@torch.no_grad()
def evaluate(model, criterion, pictures):
    model.eval()
    total, outputs = 0, []
    for inputs, targets in batches(pictures):
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
        held_out, output = evaluate(model, criterion, Pictures(pictures, validation, EVALUATION, y))
        values |= metrics("validation", held_out)
        values |= scores(output, y[validation])
        print(json.dumps(values))

    torch.save(model.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1:])
