"""Custom modules, built from their JSON with plain PyTorch: what vocabulary.py needs beyond torch.nn's own classes."""
import math

import torch
import torch.nn.functional as F
from torch import nn


def expanded(layers):
    """A list of layers with each repeat written out."""
    for layer in layers:
        times = 1
        while "repeat" in layer:
            times, layer = times * layer["repeat"], layer["layer"]
        yield from [layer] * times


def input_shape(specification):
    """Of one sample; named inputs of given shapes are one behind the other."""
    if "input_shape" in specification:
        return specification["input_shape"]
    return [sum(math.prod(shape) for shape in specification["model"]["inputs"].values())]


def flat_inputs(model, x):
    """The model's one input, cut into its named ones."""
    inputs = model.get("inputs", {})
    if not inputs:
        return [x]
    sizes = [math.prod(shape) for shape in inputs.values()]
    return [
        part.reshape(len(x), *shape) for part, shape in zip(x.split(sizes, dim=1), inputs.values())
    ]


class Custom(nn.Module):
    """Named modules, and a graph of calls and operations as its forward."""

    def __init__(self, specification, modules, is_model=False):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)
        self.specification = specification
        self.is_model = is_model

    def forward(self, *inputs):
        if self.is_model:
            inputs = flat_inputs(self.specification, *inputs)
        return run(self.specification, inputs, lambda path, values: self.call(path, values))

    def call(self, path, values):
        module = self
        for name in path.split("."):
            module = module[int(name)] if isinstance(module, nn.ModuleList) else getattr(module, name)
        return through(module, values)


def through(module, values):
    if not isinstance(module, nn.ModuleList):
        return module(*values)
    (x,) = values
    for member in module:
        x = through(member, [x])
    return x


def run(specification, inputs, call):
    names = list(specification.get("inputs", ["x"]))
    values = dict(zip(names, inputs, strict=True))
    for node in specification["forward"]:
        given = [values[name] for name in node["inputs"]]
        values[node["name"]] = call(node["call"], given) if "call" in node else operate(node, given)
    return values[specification.get("output", specification["forward"][-1]["name"])]


def build(specification, inputs, build_layer, is_model=False):
    """
    The module, whose parts are made in the order of "modules", as its __init__ would. Extents that are left out
    are those of the first call; a dry run finds them, after which the generator is set back.
    """
    state = torch.get_rng_state()
    parts, seen = {}, {}

    def dry(path, values):
        layer = find(specification["modules"], path)
        if layer["type"] == "ModuleList":
            (x,) = values
            for i in range(len(list(expanded(layer["layers"])))):
                x = dry(f"{path}.{i}", [x])
            return x
        if path not in seen:
            seen[path] = values
            parts[path], _ = build_layer(layer, values)
        return parts[path].eval()(*values)

    run(specification, flat_inputs(specification, *inputs) if is_model else inputs, dry)
    torch.set_rng_state(state)

    def make(path, layer):
        if layer["type"] == "ModuleList":
            return nn.ModuleList(make(f"{path}.{i}", e) for i, e in enumerate(expanded(layer["layers"])))
        return build_layer(layer, seen[path])[0]

    modules = {name: make(name, layer) for name, layer in specification["modules"].items()}
    return Custom(specification, modules, is_model)


def find(modules, path):
    name, *rest = path.split(".")
    layer = modules[name]
    for index in rest:
        layer = list(expanded(layer["layers"]))[int(index)]
    return layer


def operate(node, values):
    op = node["op"]
    arguments = {k: v for k, v in node.items() if k not in ("name", "op", "inputs")}
    x = values[0]
    if "value" in arguments:
        values = [x, arguments.pop("value")]
    match op:
        case "add":
            return values[0] + values[1]
        case "sub":
            return values[0] - values[1]
        case "mul":
            return values[0] * values[1]
        case "div":
            return values[0] / values[1]
        case "maximum" | "minimum" | "matmul":
            return getattr(torch, op)(*values)
        case "cat" | "stack":
            return getattr(torch, op)(values, **arguments)
        case "max" | "min":
            return getattr(torch, op)(x, **arguments).values
        case "flatten":
            return torch.flatten(x, **{"start_dim": 1, **arguments})
        case "reshape" | "view":
            return x.reshape(len(x), *arguments["shape"])
        case "slice":
            index = slice(arguments.get("start", 0), arguments.get("end"), arguments.get("step", 1))
            return x[(slice(None),) * (arguments["dim"] % x.dim()) + (index,)]
        case "chunk":
            index = arguments.pop("index")
            return torch.chunk(x, **arguments)[index]
        case "relu6" | "silu" | "mish" | "hardsigmoid" | "hardswish" | "logsigmoid" | "gelu" | "elu" | "leaky_relu":
            return getattr(F, op)(x, **arguments)
        case "softplus" | "scaled_dot_product_attention":
            return getattr(F, op)(*values, **arguments)
        case _:
            return getattr(torch, op)(x, **arguments)
