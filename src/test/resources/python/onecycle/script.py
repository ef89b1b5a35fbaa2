# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import csv
import json
import math
import sys

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, TensorDataset

FEATURES = ["a", "b"]
TARGET = "y"


def read(path):
    """The columns [N, 2] as they are, and the targets of the rows."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    raw = [[float(row[name]) for name in FEATURES] for row in rows]
    labels = [float(row[TARGET]) for row in rows]
    return torch.tensor(raw, dtype=torch.float64), labels


def split(rows, fraction, seed):
    """The rows to train on and those to hold out, both ascending."""
    order = torch.randperm(rows, generator=torch.Generator().manual_seed(seed)).tolist()
    held = math.floor(fraction * rows + 0.5)
    return sorted(order[held:]), sorted(order[:held])


def standardize(column, training):
    """Mean 0 and standard deviation 1 over the training rows."""
    values = column[training].tolist()
    mean = math.fsum(values) / len(values)
    squares = math.fsum((value - mean) * (value - mean) for value in values)
    std = math.sqrt(squares / len(values))
    return (column - mean) / (std or 1.0)


def build_model():
    return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))


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


def train(model, loader, criterion, optimizer, scheduler, ema, epoch):
    """One epoch; the sums of what was measured on the way."""
    model.train()
    total = 0
    for number, (inputs, targets) in enumerate(loader, start=1):
        output = model(inputs)
        loss = criterion(output, targets)
        (loss / 3).backward()
        if number % 3 == 0 or number == len(loader):
            nn.utils.clip_grad_norm_(model.parameters(), 1.0, norm_type=float("inf"))
            nn.utils.clip_grad_value_(model.parameters(), 0.5)
            optimizer.step()
            optimizer.zero_grad()
            lr = optimizer.param_groups[-1]["lr"]
            scheduler.step()
            if (epoch - 1) * math.ceil(len(loader) / 3) + math.ceil(number / 3) > 5:
                ema.update_parameters(model)
        total += measure(output.detach(), targets, loss)
    return total, lr


def main(path):
    torch.set_num_threads(1)  # sums are then made in one order
    raw, labels = read(path)
    training, validation = split(len(labels), 0.2, 2)
    x = torch.stack([standardize(column, training) for column in raw.T], 1).float()
    y = torch.tensor(labels, dtype=torch.float32).unsqueeze(1)

    torch.manual_seed(2)
    model = build_model()
    criterion = nn.MSELoss()
    loader = DataLoader(TensorDataset(x[training], y[training]), batch_size=16, shuffle=True)
    for name in ["0.weight"]:
        model.get_parameter(name).requires_grad_(False)
    optimizer = torch.optim.AdamW(
        [
            {"params": [model.get_parameter(name) for name in ["4.weight", "4.bias"]], "lr": 0.01},
            {
                "params": [model.get_parameter(name) for name in ["0.bias", "2.bias"]],
                "weight_decay": 0.0,
            },
            {"params": [model.get_parameter(name) for name in ["2.weight"]]},
        ],
        weight_decay=0.1,
    )
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=[0.1, 0.02, 0.02],
        total_steps=12,
        pct_start=0.25,
        anneal_strategy="linear",
    )
    ema = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9))

    for epoch in range(1, 4 + 1):
        total, lr = train(model, loader, criterion, optimizer, scheduler, ema, epoch)
        averaged = ema.module if ema.n_averaged > 0 else model
        values = {"epoch": epoch, **metrics("train", total, [labels[row] for row in training])}
        held_out = evaluate(averaged, criterion, x[validation], y[validation])
        values |= metrics("validation", held_out, [labels[row] for row in validation])
        values["lr"] = lr
        print(json.dumps(values))

    torch.save(averaged.state_dict(), "state_dict.pt")


if __name__ == "__main__":
    main(sys.argv[1])
