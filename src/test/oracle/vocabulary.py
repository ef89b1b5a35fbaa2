"""Runs the cases in src/test/resources/vocabulary with plain PyTorch and writes what came out.

A case FAMILY/NAME.json says which word of the language it is about, a small specification and how its data is
made; this writes FAMILY/NAME.reference.safetensors beside it, with

  inputs, targets, weights the rows, and what each counts if the specification has sample weights
  initial/*                the state_dict after construction
  eval, train              the first mini-batch's output in evaluation and in training mode
  loss, gradient/*         its loss in training mode, and each parameter's gradient
  losses                   of 10 steps of an ordinary training loop
  final/*, optimizer/*/*   the state_dict after them, and the optimiser's state of each parameter

Modules are built from the JSON: "type" is a class of torch.nn (or one of MODULES below) and the other fields are
its keyword arguments; extents that are left out are found by running what stands before.

Usage, with torch 2.7.1 and numpy installed: python src/test/oracle/vocabulary.py [FAMILY[/NAME]]...
"""
import json
import os
import pathlib
import struct
import sys

# The kernels that every x86-64 processor has: see parity.py.
os.environ.update(ATEN_CPU_CAPABILITY="default", MKL_CBWR="COMPATIBLE", ONEDNN_MAX_CPU_ISA="SSE41")

import graphs
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

CASES = pathlib.Path(__file__).resolve().parents[2] / "test/resources/vocabulary"
STEPS = 10

# Which argument a module takes from its input where it is left out, and from which dimension.
INFERRED = {
    "Linear": ("in_features", -1),
}

# Modules whose class in torch.nn is not enough to stand in a chain.
MODULES = {}


def build_layer(layer, x):
    """The module, and its output for x, which is a list where the module may take several inputs."""
    kind, arguments = layer["type"], {k: v for k, v in layer.items() if k != "type"}
    if kind == "Module":
        inputs = x if isinstance(x, list) else [x]
        module = graphs.build(arguments, inputs, build_layer)
        return module, module.eval()(*inputs)
    if isinstance(x, list):
        (x,) = x
    if kind == "Sequential":
        module = build_layers(arguments["layers"], x)
    else:
        name, dimension = INFERRED.get(kind, (None, 0))
        if name and name not in arguments:
            arguments[name] = x.shape[dimension]
        module = (MODULES.get(kind) or getattr(nn, kind))(**arguments)
    return module, module.eval()(x)


def build_layers(layers, x):
    modules = []
    for layer in graphs.expanded(layers):
        module, x = build_layer(layer, x)
        modules.append(module)
    return nn.Sequential(*modules)


def build_model(specification):
    """A fresh model as an ordinary script makes it; its draws are the first after the seed."""
    torch.manual_seed(specification.get("seed", 0))
    model, x = specification["model"], torch.zeros(2, *graphs.input_shape(specification))
    with torch.no_grad():
        if "layers" in model:
            return build_layers(model["layers"], x).train()
        return graphs.build(model, [x], build_layer, is_model=True).train()


def named(value):
    """A bare name, or an object with a type and arguments."""
    return (value, {}) if isinstance(value, str) else (value["type"], {k: v for k, v in value.items() if k != "type"})


def balanced(kind, targets):
    """scikit-learn's n / (classes * count); for yes and no, the noes for each yes."""
    if kind == "BCEWithLogitsLoss":
        yes = targets.double().sum(0)
        return ((len(targets) - yes) / yes).tolist()
    counts = torch.bincount(targets).double()
    return (len(targets) / (len(counts) * counts)).tolist()


def build_loss(specification, targets):
    """A function of output, target and, if the specification has sample weights, weight."""
    kind, arguments = named(specification["loss"])
    for name in ("weight", "pos_weight"):
        if arguments.get(name) == "balanced":
            arguments[name] = balanced(kind, targets)
        if name in arguments:
            arguments[name] = torch.tensor(arguments[name], dtype=torch.float32)
    if "sample_weight" in specification:
        return weighted_loss(kind, arguments)
    criterion = getattr(nn, kind)(**arguments)
    if kind == "CosineEmbeddingLoss":
        return lambda output, target: criterion(output[:, 0], output[:, 1], target)
    return criterion


def weighted_loss(kind, arguments):
    """sum(w * l) / sum(w) of the unreduced loss; a class' weight is multiplied with a row's."""
    reduction = arguments.pop("reduction", "mean")
    unreduced = getattr(nn, kind)(reduction="none", **arguments)

    def criterion(output, target, weight):
        if kind == "CosineEmbeddingLoss":
            each = unreduced(output[:, 0], output[:, 1], target)
        else:
            each = unreduced(output, target)
        if each.dim() > 1:
            each = each.mean(1) if reduction == "mean" else each.sum(1)
        total = (each * weight).sum()
        if reduction == "sum":
            return total
        if kind in ("CrossEntropyLoss", "NLLLoss"):
            if "weight" in arguments:
                weight = weight * arguments["weight"][target]
            if "ignore_index" in arguments:
                weight = weight * (target != arguments["ignore_index"])
        return total / weight.sum().clamp_min(torch.finfo(torch.float32).tiny)

    return criterion


def build_optimizer(specification, model):
    kind, arguments = named(specification["optimizer"])
    return getattr(torch.optim, kind)(model.parameters(), **arguments)


def build_scheduler(specification, optimizer):
    """None, or an object whose step() is called after each epoch."""
    return None


def make_data(specification, data):
    """Inputs [rows, *input_shape] and targets."""
    generator = torch.Generator().manual_seed(data["seed"])
    rows = data["rows"]
    kind, _, argument = data.get("input", "normal").partition(":")
    shape = (rows, *graphs.input_shape(specification))
    if kind == "normal":
        inputs = torch.randn(shape, generator=generator)
    elif kind == "indices":
        inputs = torch.randint(int(argument), shape, generator=generator).float()
    else:
        raise ValueError(kind)
    kind, _, argument = data["target"].partition(":")
    width = int(argument or 1)
    if kind == "real":
        targets = torch.randn((rows, width), generator=generator)
    elif kind == "binary":
        targets = torch.randint(2, (rows, width), generator=generator).float()
    elif kind == "counts":
        targets = torch.randint(5, (rows, width), generator=generator).float()
    elif kind == "distribution":
        targets = torch.randn((rows, width), generator=generator).softmax(1)
    elif kind == "log_distribution":
        targets = torch.randn((rows, width), generator=generator).log_softmax(1)
    elif kind == "signs":  # of two vectors one for each row, else a column
        targets = 2 * torch.randint(2, (rows,) if argument else (rows, 1), generator=generator).float() - 1
    elif kind == "classes":
        targets = torch.randint(int(argument), (rows,), generator=generator)
    else:
        raise ValueError(kind)
    rows = [inputs, targets]
    if "sample_weight" in specification:
        # Some rows count nothing; in the second mini-batch of an unshuffled case none does.
        weights = torch.rand(len(inputs), generator=generator) * torch.randint(4, (len(inputs),), generator=generator)
        size = batch_size(specification, len(inputs))
        if not specification.get("shuffle", True):
            weights[size : 2 * size] = 0
        rows.append(weights)
    return rows


def batch_size(specification, rows):
    size = specification.get("batch_size", 32)
    return rows if size == "all" else size


def first_batch(specification, rows, reference):
    """Forward in both modes and the gradients, right after construction."""
    size = batch_size(specification, len(rows[0]))
    x, *y = [tensor[:size] for tensor in rows]
    model = build_model(specification)
    reference.update({f"initial/{name}": tensor for name, tensor in model.state_dict().items()})
    model.eval()
    with torch.no_grad():
        reference["eval"] = model(x)
    model.train()
    output = model(x)
    loss = build_loss(specification, rows[1])(output, *y)
    loss.backward()
    reference["train"] = output
    reference["loss"] = loss
    for name, parameter in model.named_parameters():
        gradient = parameter.grad
        reference[f"gradient/{name}"] = torch.zeros_like(parameter) if gradient is None else gradient


def ten_steps(specification, rows, reference):
    model = build_model(specification)
    criterion = build_loss(specification, rows[1])
    optimizer = build_optimizer(specification, model)
    scheduler = build_scheduler(specification, optimizer)
    loader = DataLoader(
        TensorDataset(*rows),
        batch_size=batch_size(specification, len(rows[0])),
        shuffle=specification.get("shuffle", True),
        drop_last=specification.get("drop_last", False),
    )
    losses = []
    while len(losses) < STEPS:
        for x, *y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), *y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if len(losses) == STEPS:
                break
        if scheduler:
            scheduler.step()
    reference["losses"] = torch.tensor(losses, dtype=torch.float64)
    reference.update({f"final/{name}": tensor for name, tensor in model.state_dict().items()})
    for name, parameter in model.named_parameters():
        for key, value in optimizer.state.get(parameter, {}).items():
            if torch.is_tensor(value):
                reference[f"optimizer/{name}/{key}"] = value


TYPES = {torch.float32: "F32", torch.float64: "F64", torch.int64: "I64", torch.bool: "BOOL"}


def write(path, tensors):
    header, blobs, offset = {}, [], 0
    for name, tensor in tensors.items():
        tensor = tensor.detach().contiguous()
        blob = tensor.numpy().tobytes()
        header[name] = {
            "dtype": TYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(blob)],
        }
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    if path.stat().st_size > 50_000:
        raise ValueError(f"{path} has {path.stat().st_size} bytes; make the case smaller")


def main():
    torch.set_num_threads(1)
    wanted = sys.argv[1:] or [""]
    for path in sorted(CASES.glob("*/*.json")):
        name = path.relative_to(CASES).with_suffix("").as_posix()
        if not any(w == name or name.startswith(w and w + "/") for w in wanted):
            continue
        case = json.loads(path.read_text())
        try:
            rows = make_data(case["specification"], case["data"])
            reference = dict(zip(("inputs", "targets", "weights"), rows))
            first_batch(case["specification"], rows, reference)
            ten_steps(case["specification"], rows, reference)
            write(path.with_suffix(".reference.safetensors"), reference)
        except Exception as e:
            raise RuntimeError(name) from e
        print(name, reference["losses"][-1].item())


if __name__ == "__main__":
    main()
