"""Trains the specifications in src/test/resources/parity with plain PyTorch and writes what came out.

Each NAME.json holds a data set's name and a run's request; this writes NAME.reference.json beside it. The
training loop is the one of any PyTorch tutorial: torch.manual_seed, nn.Sequential, DataLoader with shuffle,
an optimiser from torch.optim. Only the split and the scaling are Hearth's own (docs/specification.md).

Runs on pictures are picture_parity.py's.

Usage, with torch 2.7.1 and numpy installed: python src/test/oracle/parity.py
"""
import base64
import csv
import json
import math
import os
import pathlib
import struct

# The kernels that every x86-64 processor has, so that references are the same wherever they are made and compared:
# the tests set the same (pom.xml, surefire). It has to be before torch is loaded.
os.environ.update(ATEN_CPU_CAPABILITY="default", MKL_CBWR="COMPATIBLE", ONEDNN_MAX_CPU_ISA="SSE41")

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ROOT = pathlib.Path(__file__).resolve().parents[3]
PARITY = ROOT / "src/test/resources/parity"
SAMPLES = ROOT / "src/main/resources/samples"

LAYERS = {"Linear": nn.Linear, "ReLU": nn.ReLU, "Sigmoid": nn.Sigmoid, "Tanh": nn.Tanh, "Dropout": nn.Dropout}
LOSSES = {
    "MSELoss": nn.MSELoss,
    "BCELoss": nn.BCELoss,
    "BCEWithLogitsLoss": nn.BCEWithLogitsLoss,
    "CrossEntropyLoss": nn.CrossEntropyLoss,
}


def read(name, target):
    """The rows' features and targets; a class is its index among the sorted classes."""
    with open(SAMPLES / f"{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    features = [column for column in rows[0] if column != target]
    raw = [[float(row[column]) for column in features] for row in rows]
    values = [row[target] for row in rows]
    return raw, values


def classes_of(values):
    try:
        order = sorted(set(values), key=int)
    except ValueError:
        order = sorted(set(values))
    return [order.index(value) for value in values]


def split(rows, classes, fraction, stratify, seed):
    permutation = torch.randperm(rows, generator=torch.Generator().manual_seed(seed)).tolist()
    held = math.floor(fraction * rows + 0.5)
    if not stratify:
        validation = set(permutation[:held])
    else:
        sizes = [classes.count(c) for c in range(max(classes) + 1)]
        wanted = [math.floor(fraction * size) for size in sizes]
        by_remainder = sorted(range(len(sizes)), key=lambda c: wanted[c] - fraction * sizes[c])
        for c in by_remainder[: held - sum(wanted)]:
            wanted[c] += 1
        validation = set()
        for row in permutation:
            if wanted[classes[row]] > 0:
                wanted[classes[row]] -= 1
                validation.add(row)
    return [r for r in range(rows) if r not in validation], sorted(validation)


def scaling(raw, training):
    """The mean and the population's standard deviation of each column over the training rows."""
    mean, std = [], []
    for column in range(len(raw[0])):
        values = [raw[row][column] for row in training]
        m = math.fsum(values) / len(values)
        s = math.sqrt(math.fsum((v - m) * (v - m) for v in values) / len(values))
        mean.append(m)
        std.append(s if s > 0 else 1.0)
    return torch.tensor(mean, dtype=torch.float64), torch.tensor(std, dtype=torch.float64)


def build(layers, width):
    modules = []
    for layer in layers:
        arguments = {k: v for k, v in layer.items() if k not in ("type", "in_features", "layers")}
        if layer["type"] == "Linear":
            modules.append(nn.Linear(width, **arguments))
            width = layer["out_features"]
        elif layer["type"] == "Sequential":
            nested, width = build(layer["layers"], width)
            modules.append(nested)
        else:
            modules.append(LAYERS[layer["type"]](**arguments))
    return nn.Sequential(*modules), width


def encoded(tensor):
    return base64.b64encode(tensor.detach().numpy().tobytes()).decode()


def hexadecimal(value):
    return struct.pack(">d", value).hex()


def train(data, request):
    raw, values = read(data, request["target"])
    loss_type = request["loss"]
    is_class = loss_type != "MSELoss"
    classes = classes_of(values) if is_class else None
    options = {"validation": 0.2, "stratify": is_class, **request.get("split", {})}
    seed = request["seed"]
    training, validation = split(len(raw), classes, options["validation"], options["stratify"], seed)

    x = torch.tensor(raw, dtype=torch.float64)
    if request.get("preprocessing", {}).get("standardize", True):
        mean, std = scaling(raw, training)
        x = (x - mean) / std
    x = x.to(torch.float32)
    if loss_type == "CrossEntropyLoss":
        y = torch.tensor(classes)
    else:
        numbers = classes if is_class else [float(v) for v in values]
        y = torch.tensor(numbers, dtype=torch.float32).unsqueeze(1)
    x_train, y_train, x_val, y_val = x[training], y[training], x[validation], y[validation]

    torch.manual_seed(seed)
    model, _ = build(request["model"]["layers"], x.shape[1])
    initial = {name: encoded(tensor) for name, tensor in model.state_dict().items()}
    criterion = LOSSES[loss_type]()
    arguments = {k: v for k, v in request["optimizer"].items() if k != "type"}
    optimizer = getattr(torch.optim, request["optimizer"]["type"])(model.parameters(), **arguments)
    batch_size = len(training) if request["batch_size"] == "all" else request["batch_size"]
    loader = DataLoader(
        TensorDataset(x_train, y_train),
        batch_size=batch_size,
        shuffle=request.get("shuffle", True),
        drop_last=request.get("drop_last", False),
    )

    train_losses, validation_losses = [], []
    for _ in range(request["epochs"]):
        model.train()
        total, rows = 0.0, 0
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
            rows += len(inputs)
        train_losses.append(hexadecimal(total / rows))
        model.eval()
        with torch.no_grad():
            validation_losses.append(hexadecimal(criterion(model(x_val), y_val).item()))

    model.eval()
    with torch.no_grad():
        output = model(x[:5])
        if loss_type == "CrossEntropyLoss":
            output = output.softmax(1)
        elif loss_type == "BCEWithLogitsLoss":
            output = output.sigmoid()
    return {
        "torch": torch.__version__,
        "training_rows": training,
        "initial": initial,
        "train_loss": train_losses,
        "validation_loss": validation_losses,
        "final": {name: encoded(tensor) for name, tensor in model.state_dict().items()},
        "predictions_of_first_rows": output.tolist(),
    }


def main():
    torch.set_num_threads(1)
    for path in sorted(PARITY.glob("*.json")):
        if path.name.endswith(".reference.json") or path.name.startswith("pictures-"):
            continue
        specification = json.loads(path.read_text())
        reference = train(specification["data"], specification["request"])
        path.with_suffix(".reference.json").write_text(json.dumps(reference) + "\n")
        print(path.stem, reference["train_loss"][-1])


if __name__ == "__main__":
    main()
