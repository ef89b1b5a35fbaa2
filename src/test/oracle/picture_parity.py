"""Trains the runs on pictures in src/test/resources/parity with plain PyTorch and writes what came out.

The built-in sample mnist is unpacked and read by torchvision's ImageFolder; its transforms draw from the default
generator, picture by picture, as DataLoader without workers has them do. Pictures are tensors of bytes before they are
transformed. Only the split is Hearth's own (docs/specification.md). The references have the form of parity.py's.

Usage, with torch 2.7.1, torchvision 0.22.1 and Pillow installed: python src/test/oracle/picture_parity.py
"""
import json
import tempfile
import zipfile

import parity  # first, since it chooses the kernels
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Subset, default_collate
from torchvision import transforms
from torchvision.datasets import ImageFolder

def compose(specifications):
    parts = [transforms.PILToTensor()]
    for each in specifications:
        each = {"type": each} if isinstance(each, str) else dict(each)
        kind = each.pop("type")
        if kind == "ToTensor":
            parts.append(transforms.ConvertImageDtype(torch.float32))
        elif kind == "Normalize":
            parts.append(transforms.Normalize((each["mean"],), (each["std"],)))
        else:
            if "interpolation" in each:
                each["interpolation"] = transforms.InterpolationMode(each["interpolation"])
            parts.append(getattr(transforms, kind)(**each))
    return transforms.Compose(parts)


def without_chance(specifications):
    """What evaluation does where only one list is given: RandomResizedCrop becomes Resize."""
    kept = []
    for each in specifications:
        kind = each if isinstance(each, str) else each["type"]
        if kind == "RandomResizedCrop":
            kept.append({"type": "Resize", "size": [each["size"], each["size"]]})
        elif kind in ("ToTensor", "Normalize"):
            kept.append(each)
    return kept


def construct(layer, channels):
    arguments = {k: v for k, v in layer.items() if k not in ("type", "init")}
    if layer["type"] in ("Conv2d", "Linear"):
        return getattr(nn, layer["type"])(channels, **arguments)
    if layer["type"] == "BatchNorm2d":
        return nn.BatchNorm2d(channels)
    return getattr(nn, layer["type"])(**arguments)


def build(layers, example):
    """The modules in the order of construction; an example tells what each one gets."""
    modules = []
    for layer in layers:
        modules.append(construct(layer, example.shape[1]))
        with torch.no_grad():
            example = modules[-1].eval()(example)
    model = nn.Sequential(*modules)
    for layer, module in zip(layers, model):
        for name, initializer in layer.get("init", {}).items():
            arguments = {k: v for k, v in initializer.items() if k != "type"}
            getattr(nn.init, initializer["type"])(getattr(module, name), **arguments)
    return model


def train(request, root):
    folder = ImageFolder(root, loader=lambda path: Image.open(path).convert("L"))
    listed = request["transforms"]
    training_list = listed if isinstance(listed, list) else listed["train"]
    evaluation_list = without_chance(listed) if isinstance(listed, list) else listed["eval"]
    seed = request["seed"]
    training, validation = parity.split(len(folder), folder.targets, request["split"]["validation"], True, seed)

    evaluation = compose(evaluation_list)
    held = [(evaluation(folder.loader(folder.samples[row][0])), folder.targets[row]) for row in validation]
    x_val, y_val = default_collate(held)
    folder.transform = compose(training_list)

    torch.manual_seed(seed)
    model = build(request["model"]["layers"], x_val[:1])
    initial = {name: parity.encoded(tensor) for name, tensor in model.state_dict().items()}
    criterion = nn.CrossEntropyLoss()
    arguments = {k: v for k, v in request["optimizer"].items() if k != "type"}
    optimizer = getattr(torch.optim, request["optimizer"]["type"])(model.parameters(), **arguments)
    loader = DataLoader(
        Subset(folder, training), batch_size=request["batch_size"], shuffle=True,
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
        train_losses.append(parity.hexadecimal(total / rows))
        model.eval()
        with torch.no_grad():
            validation_losses.append(parity.hexadecimal(criterion(model(x_val), y_val).item()))
    return {
        "torch": torch.__version__,
        "training_rows": training,
        "initial": initial,
        "train_loss": train_losses,
        "validation_loss": validation_losses,
        "final": {name: parity.encoded(tensor) for name, tensor in model.state_dict().items()},
    }


def main():
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as root:
        zipfile.ZipFile(parity.SAMPLES / "mnist.zip").extractall(root)
        for path in sorted(parity.PARITY.glob("pictures-*.json")):
            if path.name.endswith(".reference.json"):
                continue
            reference = train(json.loads(path.read_text())["request"], root)
            path.with_suffix(".reference.json").write_text(json.dumps(reference) + "\n")
            print(path.stem, reference["train_loss"][-1])


if __name__ == "__main__":
    main()
