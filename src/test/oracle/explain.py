"""Writes src/test/resources/explain.json: what Captum says of small models.

    pip install torch==2.7.1 captum==0.9.0
    python src/test/oracle/explain.py

Columns are put together from Captum's numbers as docs/explain.md says: slopes in the column's own unit
for gradients, sums over what a column is encoded as for integrated gradients, and one feature for each
column for occlusion (Captum's FeatureAblation).
"""

import json
import os

os.environ.update(ATEN_CPU_CAPABILITY="default", MKL_CBWR="COMPATIBLE", ONEDNN_MAX_CPU_ISA="SSE41")

import torch
from captum.attr import FeatureAblation, IntegratedGradients, Occlusion, Saliency
from torch import nn

torch.set_num_threads(1)


def state(model):
    return {k: {"shape": list(v.shape), "values": v.flatten().tolist()} for k, v in model.state_dict().items()}


def linear(n, bias=True):
    return {"type": "Linear", "out_features": n}


def numbers(attribution):
    return attribution.detach().tolist()


class Columns:
    """Encodes raw rows as Hearth does; `parts` has the encoded inputs of each column."""

    def __init__(self, features, fills=None):
        self.features, self.fills, self.parts = features, fills or {}, []
        first = 0
        for feature in features:
            width = len(feature["categories"]) if feature["type"] == "one_hot" else 1
            self.parts.append(range(first, first + width))
            first += width

    def filled(self, row):
        return [self.fills.get(f["column"]) if cell is None else cell for f, cell in zip(self.features, row)]

    def encode(self, feature, cell):
        x = torch.tensor(cell, dtype=torch.float64).requires_grad_()
        match feature["type"]:
            case "standardized":
                return x, (x - feature["mean"]) / feature["std"]
            case "scaled":
                y = x
                for step in feature["steps"]:
                    match step["type"]:
                        case "StandardScaler":
                            y = (y - step["mean"]) / step["scale"]
                        case "MinMaxScaler":
                            y = y * step["scale"] + step["min"]
                        case "RobustScaler":
                            y = (y - step["center"]) / step["scale"]
                        case "Log1p":
                            y = torch.log1p(y)
                        case "Clip":
                            y = torch.clamp(y, step["min"], step["max"])
                return x, y
            case "one_hot":
                return x, torch.tensor([float(i == cell) for i in range(len(feature["categories"]))])
            case _:
                return x, x

    def inputs(self, rows):
        return torch.stack(
            [
                torch.cat([self.encode(f, c)[1].detach().reshape(-1) for f, c in zip(self.features, self.filled(row))])
                for row in rows
            ]
        ).float()

    def slopes(self, gradients, rows):
        answer = []
        for gradient, row in zip(gradients, rows):
            columns = {}
            for feature, part, cell in zip(self.features, self.parts, self.filled(row)):
                if feature["type"] == "one_hot":
                    columns[feature["column"]] = gradient[part[int(cell)]].item()
                else:
                    x, y = self.encode(feature, cell)
                    y.backward()
                    columns[feature["column"]] = gradient[part[0]].item() * x.grad.item()
            answer.append(columns)
        return answer

    def sums(self, attributions):
        return [
            {f["column"]: sum(a[i].item() for i in part) for f, part in zip(self.features, self.parts)}
            for a in attributions
        ]

    def shared(self, attributions):
        return [{f["column"]: a[part[0]].item() for f, part in zip(self.features, self.parts)} for a in attributions]

    def mask(self):
        mask = torch.empty(sum(len(part) for part in self.parts), dtype=torch.long)
        for i, part in enumerate(self.parts):
            mask[list(part)] = i
        return mask[None]


def explained(f, x, target, steps, baseline):
    integrated, delta = IntegratedGradients(f).attribute(
        x, baseline, target=target, n_steps=steps, return_convergence_delta=True
    )
    index = target if target is not None else 0
    pick = lambda out: out.reshape(len(out), -1).gather(1, torch.as_tensor(index).expand(len(out))[:, None])[:, 0]
    return {
        "output": numbers(pick(f(x))),
        "baseline_output": numbers(pick(f(baseline.expand_as(x)))),
        "delta": numbers(delta),
    }, integrated


def table(name, specification, model, columns, rows, index=None, f=None, steps=50, own=None, **more):
    """`own` is a row to compare with, in the columns' own units."""
    f = f or model
    x = columns.inputs(rows)
    if own is not None:
        more["baseline"] = own
    baseline = torch.zeros_like(x[:1]) if own is None else columns.inputs([own])
    outputs, integrated = explained(f, x, index, steps, baseline)
    saliency = Saliency(f).attribute(x.clone(), target=index, abs=False)
    ablation = FeatureAblation(f).attribute(x, baseline, target=index, feature_mask=columns.mask())
    return {
        "name": name,
        "specification": specification,
        "encoding": {"features": columns.features, "fills": columns.fills},
        "state": state(model),
        "rows": rows,
        "steps": steps,
        **more,
        **outputs,
        "gradients": columns.slopes(saliency.detach(), rows),
        "integrated_gradients": columns.sums(integrated.detach()),
        "occlusion": columns.shared(ablation.detach()),
    }


def pictures(name, specification, model, pixels, mean, std, targets, window, stride, steps=50, **compared):
    """`compared` is nothing, a grey, or a picture (`baseline`) to compare with."""
    prepared = lambda values: ((values.float() / 255) - mean) / std
    x = prepared(pixels)
    baseline = torch.zeros_like(x[:1])
    if "grey" in compared:
        baseline = prepared(torch.full_like(x[:1], compared["grey"]))
    elif "baseline" in compared:
        baseline = prepared(compared["baseline"])[None]
        compared = {"baseline": compared["baseline"].tolist()}
    outputs, integrated = explained(model, x, targets, steps, baseline)
    return {
        **compared,
        "name": name,
        "specification": specification,
        "state": state(model),
        "rows": pixels.tolist(),
        "mean": mean,
        "std": std,
        "targets": targets.tolist(),
        "steps": steps,
        "window": window,
        "stride": stride,
        **outputs,
        "gradients": numbers(Saliency(model).attribute(x.clone(), target=targets, abs=False)),
        "integrated_gradients": numbers(integrated),
        "occlusion": numbers(
            Occlusion(model).attribute(
                x, (x.shape[1], window, window), strides=(x.shape[1], stride, stride), target=targets, baselines=baseline
            )
        ),
    }


def standardized(column, mean, std):
    return {"type": "standardized", "column": column, "mean": mean, "std": std}


def iris(name="iris", **own):
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    columns = Columns(
        [
            standardized("sepal_length", 5.84, 0.83),
            standardized("sepal_width", 3.05, 0.43),
            standardized("petal_length", 3.76, 1.76),
            standardized("petal_width", 1.2, 0.76),
        ]
    )
    rows = [[5.1, 3.5, 1.4, 0.2], [6.3, 2.9, 5.6, 1.8], [5.9, 3.0, 4.2, 1.5]]
    specification = {"model": {"layers": [linear(8), {"type": "ReLU"}, linear(3)]}, "loss": "CrossEntropyLoss"}
    targets = model(columns.inputs(rows)).argmax(1)
    return table(
        name, specification, model.eval(), columns, rows, targets, **own,
        targets=targets.tolist(), target={"task": "CLASSIFICATION", "classes": ["setosa", "versicolor", "virginica"]},
    )  # fmt: skip


def house(name="house", **own):
    torch.manual_seed(2)
    columns = Columns(
        [
            {
                "type": "scaled",
                "column": "area",
                "steps": [{"type": "Log1p"}, {"type": "StandardScaler", "mean": 4.6, "scale": 0.4}],
            },
            {"type": "one_hot", "column": "town", "categories": ["Basel", "Bern", "Chur"]},
            standardized("rooms", 3.5, 1.25),
            {"type": "scaled", "column": "age", "steps": [{"type": "MinMaxScaler", "scale": 0.01, "min": -0.1}, {"type": "Clip", "min": 0.0, "max": 0.9}]},
            {"type": "flag", "column": "lift"},
            {"type": "ordinal", "column": "state", "categories": ["poor", "fair", "good"]},
            {"type": "numeric", "column": "floor"},
            {"type": "scaled", "column": "noise", "steps": [{"type": "RobustScaler", "center": 55.0, "scale": 7.5}]},
        ],
        {"rooms": 3.0, "town": 1.0, "area": 90.0},
    )  # fmt: skip
    model = nn.Sequential(nn.Linear(10, 6), nn.Tanh(), nn.Linear(6, 1))
    rows = [
        [120.0, 0, 4.5, 12.0, 1, 2, 3.0, 48.5],
        [62.0, 2, None, 105.0, 0, 0, 1.0, 61.0],
        [None, None, 2.5, 5.0, 1, 1, 0.0, 70.25],
    ]
    specification = {"model": {"layers": [linear(6), {"type": "Tanh"}, linear(1)]}, "loss": "MSELoss"}
    return table(
        name, specification, model.eval(), columns, rows, steps=20, **own,
        target={"task": "REGRESSION", "classes": []},
    )  # fmt: skip


def yes_or_no():
    """One output for two classes, of which the first is explained: what speaks against the second."""
    torch.manual_seed(3)
    columns = Columns([standardized("a", 1.0, 2.0), {"type": "numeric", "column": "b"}])
    model = nn.Sequential(nn.Linear(2, 5), nn.GELU(), nn.Linear(5, 1))
    rows = [[0.5, -1.0], [3.0, 2.0]]
    specification = {"model": {"layers": [linear(5), {"type": "GELU"}, linear(1)]}, "loss": "BCEWithLogitsLoss"}
    return table(
        "yes_or_no", specification, model.eval(), columns, rows, f=lambda x: -model(x),
        explain_class="no", target={"task": "BINARY_CLASSIFICATION", "classes": ["no", "yes"]},
    )  # fmt: skip


def alike():
    """Two vectors, whose likeness is explained."""
    torch.manual_seed(5)
    columns = Columns([standardized(f"x{i}", 0.1 * i, 1.5) for i in range(8)])
    model = nn.Sequential(nn.Unflatten(1, (2, 4)), nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))

    def likeness(x):
        out = model(x)
        return torch.cosine_similarity(out[:, 0], out[:, 1])[:, None]

    rows = [[0.5, -1.0, 2.0, 0.0, 1.5, 0.25, -0.75, 3.0]]
    unflatten = {"type": "Unflatten", "dim": 1, "unflattened_size": [2, 4]}
    specification = {
        "model": {"layers": [unflatten, linear(5), {"type": "Tanh"}, linear(3)]},
        "loss": "CosineEmbeddingLoss",
    }
    return table(
        "alike", specification, model.eval(), columns, rows, f=likeness,
        target={"task": "SIMILARITY", "classes": ["other", "same"]},
    )  # fmt: skip


def digits(name="digits", **compared):
    torch.manual_seed(4)
    model = nn.Sequential(
        nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(48, 10)
    )
    model[1].running_mean.uniform_(-0.2, 0.2)
    model[1].running_var.uniform_(0.5, 1.5)
    model.eval()
    pixels = torch.randint(0, 256, (2, 1, 8, 8), dtype=torch.uint8)
    x = ((pixels.float() / 255) - 0.3) / 0.4
    specification = {
        "model": {
            "layers": [
                {"type": "Conv2d", "out_channels": 3, "kernel_size": 3, "padding": 1},
                {"type": "BatchNorm2d"}, {"type": "ReLU"}, {"type": "MaxPool2d", "kernel_size": 2}, {"type": "Flatten"}, linear(10),
            ]
        },
        "loss": "CrossEntropyLoss",
    }  # fmt: skip
    if compared.pop("own", False):
        compared["baseline"] = torch.randint(0, 256, (1, 8, 8), dtype=torch.uint8)
    targets = model(x).argmax(1)
    return pictures(name, specification, model, pixels, 0.3, 0.4, targets, window=3, stride=2, **compared)


cases = [
    iris(),
    house(),
    yes_or_no(),
    alike(),
    iris("iris beside a flower", own=[5.0, 3.3, 1.4, 0.2]),
    house("house beside another", own=[75.0, 1, None, 40.0, 1, 1, 2.0, 52.0]),
]
pictured = [digits(), digits("digits on white", grey=255), digits("digits beside one", own=True)]
with open("src/test/resources/explain.json", "w") as file:
    json.dump({"tables": cases, "pictures": pictured}, file)
    file.write("\n")
