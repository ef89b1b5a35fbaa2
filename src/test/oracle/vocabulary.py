"""Runs the cases in src/test/resources/vocabulary with plain PyTorch and writes what came out.

A case FAMILY/NAME.json says which word of the language it is about, a small specification and how its data is
made; this writes FAMILY/NAME.reference.safetensors beside it, with

  inputs, targets, weights the rows, and what each counts if the specification has sample weights
  initial/*                the state_dict after construction
  eval, train              the first mini-batch's output in evaluation and in training mode
  loss, gradient/*         its loss in training mode, and each parameter's gradient
  losses                   of 10 steps of the optimiser in an ordinary training loop
  rates                    the learning rate of each step and group, and the momentum where a schedule cycles it;
                           where there is a schedule or more than one group
  final/*, optimizer/*/*   the state_dict after them, and the optimiser's state of each parameter

Modules are built from the JSON: "type" is a class of torch.nn (or one of MODULES below) and the other fields are
its keyword arguments; extents that are left out are found by running what stands before.

Usage, with torch 2.7.1 and numpy installed: python src/test/oracle/vocabulary.py [FAMILY[/NAME]]...
"""
import fnmatch
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
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, TensorDataset

CASES = pathlib.Path(__file__).resolve().parents[2] / "test/resources/vocabulary"
STEPS = 10

# Which argument a module takes from its input where it is left out, and from which dimension.
CHANNELS = ("num_features", 1)
INFERRED = {
    "Linear": ("in_features", -1),
    **{f"Conv{d}d": ("in_channels", 1) for d in (1, 2, 3)},
    **{f"ConvTranspose{d}d": ("in_channels", 1) for d in (1, 2)},
    **{f"BatchNorm{d}d": CHANNELS for d in (1, 2, 3)},
    "InstanceNorm2d": CHANNELS,
    "GroupNorm": ("num_channels", 1),
    "LayerNorm": ("normalized_shape", -1),
    "RNN": ("input_size", -1),
    "LSTM": ("input_size", -1),
    "GRU": ("input_size", -1),
    "MultiheadAttention": ("embed_dim", -1),
    "TransformerEncoderLayer": ("d_model", -1),
}


def recurrent(base):
    """Batch first; of the output and the state, what Hearth's own argument "output" says."""

    class Recurrent(base):
        def __init__(self, *, output="sequence", **arguments):
            super().__init__(batch_first=True, **arguments)
            self.output = output

        def forward(self, x):
            sequence, state = super().forward(x)
            if self.output == "sequence":
                return sequence
            if self.output == "last":
                return sequence[:, -1]
            hidden = state[0] if isinstance(state, tuple) else state
            return torch.cat([hidden[-2], hidden[-1]], 1) if self.bidirectional else hidden[-1]

    return Recurrent


class Embedding(nn.Embedding):
    def forward(self, x):
        return super().forward(x.long())


class MultiheadAttention(nn.MultiheadAttention):
    def __init__(self, **arguments):
        super().__init__(batch_first=True, **arguments)

    def forward(self, query, key=None, value=None):
        key = query if key is None else key
        return super().forward(query, key, key if value is None else value, need_weights=False)[0]


class TransformerEncoderLayer(nn.TransformerEncoderLayer):
    def __init__(self, **arguments):
        super().__init__(batch_first=True, **arguments)


def scaled(value):
    return tuple(value) if isinstance(value, list) else value


# Modules whose class in torch.nn is not enough to stand in a chain.
MODULES = {
    "RNN": recurrent(nn.RNN),
    "LSTM": recurrent(nn.LSTM),
    "GRU": recurrent(nn.GRU),
    "Embedding": Embedding,
    "MultiheadAttention": MultiheadAttention,
    "TransformerEncoderLayer": TransformerEncoderLayer,
    "Upsample": lambda **arguments: nn.Upsample(**{k: scaled(v) for k, v in arguments.items()}),
}


def build_layer(layer, x):
    """The module, and its output for x, which is a list where the module may take several inputs."""
    kind, arguments = layer["type"], {k: v for k, v in layer.items() if k != "type"}
    if kind == "Module":
        inputs = x if isinstance(x, list) else [x]
        module = graphs.build(arguments, inputs, build_layer)
        return module, module.eval()(*inputs)
    inputs = x if isinstance(x, list) else [x]
    x = inputs[0]
    if kind == "Sequential":
        module = build_layers(arguments["layers"], x)
    elif kind == "Bilinear":
        extents = {"in1_features": x.shape[-1], "in2_features": inputs[1].shape[-1]}
        module = nn.Bilinear(**{**extents, **arguments})
    else:
        name, dimension = INFERRED.get(kind, (None, 0))
        if name and name not in arguments:
            arguments[name] = x.shape[dimension]
        module = (MODULES.get(kind) or getattr(nn, kind))(**arguments)
    return module, module.eval()(*inputs)


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


def matches(patterns, name):
    return any(fnmatch.fnmatchcase(name, p) for p in ([patterns] if isinstance(patterns, str) else patterns))


def build_optimizer(specification, model):
    """Groups in the order of the specification, then one of all other parameters."""
    kind, arguments = named(specification["optimizer"])
    groups = arguments.pop("groups", [])
    members, others = [[] for _ in groups], []
    for name, parameter in model.named_parameters():
        if matches(specification.get("freeze", []), name):
            parameter.requires_grad_(False)
            continue
        index = next((i for i, group in enumerate(groups) if matches(group["parameters"], name)), None)
        (others if index is None else members[index]).append(parameter)
    param_groups = [
        {"params": chosen, **{k: v for k, v in group.items() if k != "parameters"}}
        for group, chosen in zip(groups, members)
    ]
    if others:
        param_groups.append({"params": others})
    return getattr(torch.optim, kind)(param_groups, **arguments)


def one_scheduler(specification, optimizer, length):
    kind, arguments = named(specification)
    if kind == "SequentialLR":
        parts = arguments["schedulers"]
        ends = [*arguments["milestones"], length]
        begins = [0, *arguments["milestones"]]
        made = [one_scheduler(p, optimizer, e - b) for p, b, e in zip(parts, begins, ends)]
        return torch.optim.lr_scheduler.SequentialLR(optimizer, made, arguments["milestones"])
    if kind == "LambdaLR":
        factors = arguments["factors"]
        return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda e: factors[min(e, len(factors) - 1)])
    if kind == "OneCycleLR":
        arguments.setdefault("total_steps", length)
    arguments.pop("metric", None)
    return getattr(torch.optim.lr_scheduler, kind)(optimizer, **arguments)


def build_scheduler(specification, optimizer, updates):
    """A scheduler and its interval, or none; updates: steps of the optimiser in an epoch."""
    if "scheduler" not in specification:
        return None, "epoch"
    scheduler = dict(specification["scheduler"])
    kinds = [scheduler["type"], *(part["type"] for part in scheduler.get("schedulers", []))]
    usual = "step" if {"OneCycleLR", "CyclicLR"} & set(kinds) else "epoch"
    interval = scheduler.pop("interval", usual)
    epochs = specification.get("epochs", 10)
    return one_scheduler(scheduler, optimizer, epochs * (updates if interval == "step" else 1)), interval


def clip(specification, model):
    parameters = [p for p in model.parameters() if p.requires_grad]
    if "clip_grad_norm" in specification:
        arguments = dict(specification["clip_grad_norm"])
        arguments["norm_type"] = float(arguments.get("norm_type", 2))
        nn.utils.clip_grad_norm_(parameters, **arguments)
    if "clip_grad_value" in specification:
        nn.utils.clip_grad_value_(parameters, specification["clip_grad_value"])


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
    reference.update({f"initial/{name}": tensor.clone() for name, tensor in model.state_dict().items()})
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


def rates_of(optimizer, scheduler):
    """Of each group; with the momentum, or the first of the betas, where the schedule cycles it."""
    parts = getattr(scheduler, "_schedulers", [scheduler])
    cycles = any(getattr(part, "cycle_momentum", False) for part in parts)
    values = []
    for group in optimizer.param_groups:
        values.append(group["lr"])
        if cycles:
            values.append(group["betas"][0] if "betas" in group else group["momentum"])
    return values


def ten_steps(specification, rows, reference):
    model = build_model(specification)
    criterion = build_loss(specification, rows[1])
    optimizer = build_optimizer(specification, model)
    loader = DataLoader(
        TensorDataset(*rows),
        batch_size=batch_size(specification, len(rows[0])),
        shuffle=specification.get("shuffle", True),
        drop_last=specification.get("drop_last", False),
    )
    k = specification.get("accumulate", 1)
    scheduler, interval = build_scheduler(specification, optimizer, -(-len(loader) // k))
    ema = specification.get("ema")
    if ema:
        average = get_ema_multi_avg_fn(ema.get("decay", 0.999))
        averaged = AveragedModel(model, multi_avg_fn=average)
    losses, rates, steps = [], [], 0
    while steps < STEPS:
        group, epoch = [], []
        for i, (x, *y) in enumerate(loader):
            loss = criterion(model(x), *y)
            (loss / k if k > 1 else loss).backward()
            group.append((loss.item(), len(x)))
            epoch.append(group[-1])
            if (i + 1) % k != 0 and i + 1 != len(loader):
                continue
            clip(specification, model)
            rates.extend(rates_of(optimizer, scheduler))
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
            if ema and steps > ema.get("start_step", 0):
                averaged.update_parameters(model)
            if scheduler and interval == "step":
                scheduler.step()
            losses.append(group[0][0] if len(group) == 1 else mean(group))
            group = []
            if steps == STEPS:
                break
        if scheduler and interval == "epoch":
            if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
                scheduler.step(mean(epoch))
            else:
                scheduler.step()
    reference["losses"] = torch.tensor(losses, dtype=torch.float64)
    if scheduler or len(optimizer.param_groups) > 1:
        reference["rates"] = torch.tensor(rates, dtype=torch.float64)
    final = averaged.module if ema else model
    reference.update({f"final/{name}": tensor for name, tensor in final.state_dict().items()})
    for name, parameter in model.named_parameters():
        for key, value in optimizer.state.get(parameter, {}).items():
            if torch.is_tensor(value):
                reference[f"optimizer/{name}/{key}"] = value
    return model, optimizer


def mean(losses):
    """Of mini-batches' mean losses, by their rows."""
    return sum(loss * rows for loss, rows in losses) / sum(rows for _, rows in losses)


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
