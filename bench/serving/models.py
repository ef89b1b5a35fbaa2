"""The models that servers are compared with: trained by a running Hearth, and what is asked of them."""

import io
import json
import random
import sys
import time
import urllib.error
import urllib.request
import zipfile

COLUMNS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
TRANSFORMS = [{"type": "ToTensor"}, {"type": "Normalize", "mean": [0.1307], "std": [0.3081]}]
IRIS = {"layers": [{"type": "Linear", "out_features": 16}, {"type": "ReLU"}, {"type": "Linear", "out_features": 3}]}
MLP = {"layers": [{"type": "Flatten"}, {"type": "Linear", "out_features": 128}, {"type": "ReLU"},
                  {"type": "Linear", "out_features": 10}]}
CNN = {"layers": [{"type": "Conv2d", "out_channels": 16, "kernel_size": 3, "padding": 1}, {"type": "ReLU"},
                  {"type": "MaxPool2d", "kernel_size": 2},
                  {"type": "Conv2d", "out_channels": 32, "kernel_size": 3, "padding": 1}, {"type": "ReLU"},
                  {"type": "MaxPool2d", "kernel_size": 2}, {"type": "Flatten"}, {"type": "Linear", "out_features": 10}]}

LARGE = {"layers": [{"type": "Conv2d", "out_channels": 192, "kernel_size": 3, "padding": 1}, {"type": "ReLU"},
                    {"type": "Conv2d", "out_channels": 256, "kernel_size": 3, "padding": 1}, {"type": "ReLU"},
                    {"type": "MaxPool2d", "kernel_size": 2},
                    {"type": "Conv2d", "out_channels": 256, "kernel_size": 3, "padding": 1}, {"type": "ReLU"},
                    {"type": "AdaptiveAvgPool2d", "output_size": 1}, {"type": "Flatten"}, {"type": "Linear", "out_features": 10}]}

# By the model's name: the sample that it is trained on, its target, its layers, its transforms.
MODELS = {
    "iris-mlp": ("iris", "species", IRIS, None),
    "mnist-mlp": ("mnist", "label", MLP, TRANSFORMS),
    "mnist-cnn": ("mnist", "label", CNN, TRANSFORMS),
}


def call(url, body=None, content_type="application/json", method=None):
    """A request; returns the answer's bytes."""
    data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": content_type} if data else {})
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:
            return answer.read()
    except urllib.error.HTTPError as e:
        raise RuntimeError(f"{url}: {e.code} {e.read().decode(errors='replace')}") from e


def train(hearth, name):
    """Trains a model that others are compared with, and waits until it is there."""
    sample, target, layers, transforms = MODELS[name]
    dataset = json.loads(call(f"{hearth}/v1/datasets", {"builtin": sample}))["id"]
    run = {"name": name, "dataset": dataset, "target": target, "model": layers, "loss": "CrossEntropyLoss",
           "optimizer": {"type": "Adam", "lr": 0.01 if sample == "iris" else 0.001}, "epochs": 20 if sample == "iris" else 1,
           "seed": 1}
    if transforms:
        run["transforms"] = transforms
        run["batch_size"] = 64
    wait(hearth, run)


def train_large(hearth):
    """A model that takes long to compute; what it has learned is of no account."""
    dataset = json.loads(call(f"{hearth}/v1/datasets", {"builtin": "mnist"}))["id"]
    wait(hearth, {"name": "large", "dataset": dataset, "target": "label", "model": LARGE, "loss": "CrossEntropyLoss",
                  "optimizer": {"type": "Adam", "lr": 0.001}, "transforms": TRANSFORMS, "batch_size": 8, "epochs": 1, "max_steps": 2,
                  "split": {"validation": 0.02}, "seed": 1})


def train_line(hearth):
    """A model whose answers are all different: y = 3x + 1."""
    table = "x,y\n" + "".join(f"{x},{3 * x + 1}\n" for x in range(0, 10_000, 100))
    dataset = json.loads(call(f"{hearth}/v1/datasets", table.encode(), "text/csv"))["id"]
    wait(hearth, {"name": "line", "dataset": dataset, "target": "y", "model": {"layers": [{"type": "Linear", "out_features": 1}]},
                  "loss": "MSELoss", "optimizer": {"type": "SGD", "lr": 0.1}, "epochs": 50, "seed": 1})


def wait(hearth, run):
    """Queues a run and waits for its end."""
    address = f"{hearth}/v1/runs/" + json.loads(call(f"{hearth}/v1/runs", run))["id"]
    while True:
        state = json.loads(call(address))
        if state["state"] in ("succeeded", "failed", "cancelled"):
            if state["state"] != "succeeded":
                raise SystemExit(f"{run['name']} was not trained: {state}")
            return
        time.sleep(0.5)


def program(hearth, name):
    """The version's TorchScript archive: preprocessing, model and softmax, the same for every server."""
    return call(f"{hearth}/v1/models/{name}/versions/1/files/model.torchscript.pt")


def rows(name, archive=None, count=64):
    """What is asked: (content type, body) of as many requests, with one row each."""
    chance = random.Random(1)
    if name == "iris-mlp":
        found = []
        for _ in range(count):
            row = [round(chance.uniform(low, high), 1) for low, high in ((4.3, 7.9), (2.0, 4.4), (1.0, 6.9), (0.1, 2.5))]
            found.append(("application/json", json.dumps({"rows": [dict(zip(COLUMNS, row))]}).encode()))
        return found
    pictures = zipfile.ZipFile(io.BytesIO(archive))
    names = [entry for entry in pictures.namelist() if entry.endswith(".png")]
    return [("image/png", pictures.read(entry)) for entry in chance.sample(names, count)]


if __name__ == "__main__":
    {"large": train_large, "line": train_line}.get(sys.argv[2], lambda hearth: train(hearth, sys.argv[2]))(sys.argv[1])
