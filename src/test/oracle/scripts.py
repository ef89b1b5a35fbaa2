"""Repeats runs of a running service with the scripts that it writes of them, and compares.

For each run below, and each form of its data: submits it, downloads the data set's files and script.py, executes the script with PyTorch,
and compares each epoch's metrics, those of the test part and the final parameters with the run's own. Then it loads state_dict.pt into
the module of model.py, strictly, and compares its predictions with the service's; and it imports the state_dict
that the script saved as a new model, and compares that model's predictions, too. It prints a Markdown table.

Usage, with torch 2.7.1, torchvision 0.22.1, numpy, pyarrow, Pillow and safetensors installed: python src/test/oracle/scripts.py http://localhost:8080 [NAME...]
"""
import csv
import importlib.util
import io
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid

import torch

import script_forms

RUNS = pathlib.Path(__file__).resolve().parents[1] / "resources/scripts"
SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "main/resources/samples"


class Service:
    def __init__(self, url):
        self.url = url.rstrip("/")

    def call(self, method, path, body=None, content_type="application/json"):
        request = urllib.request.Request(self.url + path, data=body, method=method)
        if body is not None:
            request.add_header("Content-Type", content_type)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from None

    def get(self, path):
        return json.loads(self.call("GET", path))

    def post(self, path, value):
        return json.loads(self.call("POST", path, json.dumps(value).encode()))

    def post_form(self, path, fields, *files):
        """A form of JSON fields and files, each a name and bytes."""
        boundary = uuid.uuid4().hex
        parts = []
        for name, value in fields.items():
            parts.append(
                f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n'
                f"Content-Type: application/json\r\n\r\n{json.dumps(value)}\r\n".encode()
            )
        for name, content in files:
            parts.append(
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                f"Content-Type: application/octet-stream\r\n\r\n".encode()
                + content
                + b"\r\n"
            )
        parts.append(f"--{boundary}--\r\n".encode())
        return json.loads(
            self.call("POST", path, b"".join(parts), f"multipart/form-data; boundary={boundary}")
        )

    def pages(self, path, most=math.inf):
        """The items of a paged answer."""
        items, cursor = [], ""
        while cursor is not None and len(items) < most:
            page = self.get(path + cursor)
            items += page["items"]
            cursor = f"&cursor={page['next_cursor']}" if page.get("next_cursor") else None
        return items

    def finished(self, run):
        while True:
            view = self.get(f"/v1/runs/{run}")
            if view["state"] not in ("queued", "preparing", "running"):
                return view
            time.sleep(0.1)


def relative(actual, expected):
    if actual == expected:
        return 0.0
    return abs(actual - expected) / max(abs(expected), abs(actual), 1e-300)


def compare_curves(service_epochs, script_epochs):
    """The largest relative difference of each metric, and of the last epoch's losses."""
    assert len(service_epochs) == len(script_epochs), (len(service_epochs), len(script_epochs))
    worst, last = {}, 0.0
    for theirs, ours in zip(script_epochs, service_epochs):
        # A learning rate that never changes is not printed.
        names = ours["metrics"].keys() - ({"lr"} - theirs.keys())
        assert theirs.keys() - {"epoch"} == names, (theirs.keys(), names)
        for name in names:
            value = ours["metrics"][name]
            worst[name] = max(worst.get(name, 0.0), relative(value, theirs[name]))
    for name, value in service_epochs[-1]["metrics"].items():
        if name.endswith("loss"):
            last = max(last, relative(value, script_epochs[-1][name]))
    return worst, last


def compare_states(actual, expected):
    """The largest difference relative to a tensor's largest magnitude, and whether all bits are equal."""
    assert list(actual) == list(expected), (list(actual), list(expected))
    worst, identical = 0.0, True
    for name, tensor in expected.items():
        other = actual[name]
        assert other.shape == tensor.shape and other.dtype == tensor.dtype, name
        identical = identical and torch.equal(other, tensor)
        scale = max(tensor.abs().max().item(), 1e-30) if tensor.numel() else 1.0
        difference = (other.double() - tensor.double()).abs().max().item() if tensor.numel() else 0.0
        worst = max(worst, difference / scale)
    return worst, identical


def build(module):
    """The model of a model.py, which is a class or a function that makes one."""
    return module.Model() if hasattr(module, "Model") else module.build_model()


def load_module(path):
    spec = importlib.util.spec_from_file_location("model_" + uuid.uuid4().hex, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def numbers(prediction):
    """The numbers of a prediction of the service, in the order of its classes."""
    if prediction.get("probabilities") is not None:
        return list(prediction["probabilities"].values())
    if prediction.get("values") is not None:
        return list(prediction["values"].values())
    return [prediction["value"]]


def first_rows(service, dataset, model, folder, rows=50):
    """Some rows of a data set, as model.py takes them and as the service's bodies and their type."""
    items = service.pages(f"/v1/datasets/{dataset}/rows?limit={rows}", rows)
    version = service.get(model)
    if version["block"] is None:
        cells = [{name: text(value) for name, value in item.items()} for item in items]
        out = io.StringIO()
        columns = [feature["column"] for feature in version["features"]]
        writer = csv.DictWriter(out, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(cells)
        return cells, lambda url: service.call("POST", url, out.getvalue().encode(), "text/csv")
    if version["block"]["kind"] == "TENSOR":
        values = torch.rand(rows, *version["block"]["shape"]).tolist()
        return values, lambda url: service.call("POST", url, json.dumps({"rows": values}).encode())
    urls = [item[version["block"]["column"]] for item in items]
    pictures = [(f"{i}.png", service.call("GET", url)) for i, url in enumerate(urls)]
    for name, content in pictures:
        (folder / name).write_bytes(content)
    paths = [str(folder / name) for name, _ in pictures]
    return paths, lambda url: json.dumps(service.post_form(url, {}, *pictures))


def text(value):
    """A cell as a CSV file has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def service_predictions(ask, model):
    return [numbers(prediction) for prediction in json.loads(ask(f"{model}:predict"))["predictions"]]


def largest(actual, expected):
    worst = 0.0
    for theirs, ours in zip(actual, expected, strict=True):
        for a, b in zip(theirs, ours, strict=True):
            worst = max(worst, abs(a - b) / max(1.0, abs(b)))
    return worst


def module_predictions(module, model, rows):
    output = module.predict(model, rows)
    binary = output.dim() == 1 and hasattr(module, "CLASSES")
    if binary and output.min() >= 0 and output.max() <= 1:
        return [[1 - p, p] for p in output.tolist()]
    return [value if isinstance(value, list) else [value] for value in output.tolist()]


def upload(service, specification, form):
    """A built-in sample or a file beside the runs, as it is or in another form: the data set's id."""
    data = specification["data"]
    if form is None and not data.endswith(".csv"):
        return service.post("/v1/datasets", {"builtin": data})["id"]
    options = specification.get("options", {})
    if form is None:
        files = [(data, (RUNS / data).read_bytes())]
    else:
        sample = RUNS / data if data.endswith(".csv") else next(SAMPLES.glob(data + ".*"))
        files, more = script_forms.FORMS[form](sample.read_bytes())
        options = {"columns": options.get("columns", {})} | more
    return service.post_form("/v1/datasets", {"options": options}, *files)["id"]


def check(service, path, form, folder):
    specification = json.loads(path.read_text())
    dataset = upload(service, specification, form)
    request = {**specification["request"], "name": "script-" + path.stem, "dataset": dataset}
    run = service.post("/v1/runs", request)["id"]
    (folder / "script.py").write_bytes(service.call("GET", f"/v1/runs/{run}/script.py"))
    names = [f"data.{i}" for i in range(len(service.get(f"/v1/datasets/{dataset}")["files"]))]
    for i, name in enumerate(names):
        (folder / name).write_bytes(service.call("GET", f"/v1/datasets/{dataset}/file?index={i}"))
    view = service.finished(run)
    assert view["state"] == "succeeded", view
    epochs = service.pages(f"/v1/runs/{run}/metrics?limit=1000")
    seconds = sum(epoch["seconds"] for epoch in epochs)

    begin = time.perf_counter()
    output = subprocess.run(
        [sys.executable, "script.py", *names], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    if output.returncode != 0:
        raise RuntimeError(output.stderr[-2000:])
    script_seconds = time.perf_counter() - begin
    lines = [json.loads(line) for line in output.stdout.splitlines() if line.startswith("{")]
    tested = [line for line in lines if "epoch" not in line]
    lines = [line for line in lines if "epoch" in line]
    worst, last = compare_curves(epochs, lines)
    if tested:
        measured = service.get(f"/v1/runs/{run}/evaluation?part=test")["metrics"]
        for name, value in tested[0].items():
            worst[name] = relative(measured[name.removeprefix("test_")], value)
        last = max(last, worst["test_loss"])

    theirs = torch.load(folder / "state_dict.pt")
    (folder / "state_dict.script.pt").write_bytes((folder / "state_dict.pt").read_bytes())
    url = view["model"]["url"]
    for name in ("state_dict.pt", "model.py"):
        (folder / name).write_bytes(service.call("GET", f"{url}/files/{name}"))
    ours = torch.load(folder / "state_dict.pt")
    weights, identical = compare_states(ours, theirs)

    module = load_module(folder / "model.py")
    model = build(module)
    model.load_state_dict(ours, strict=True)
    model.eval()
    rows, ask = first_rows(service, dataset, url, folder)
    predictions = largest(module_predictions(module, model, rows), service_predictions(ask, url))
    imported = check_import(service, url, path.stem, folder, rows, ask)
    return {
        "epochs": len(lines),
        "loss": max(value for name, value in worst.items() if name.endswith("loss")),
        "last": last,
        "metrics": max(worst.values()),
        "weights": weights,
        "identical": identical,
        "predictions": predictions,
        "imported": imported,
        "seconds": seconds,
        "script_seconds": script_seconds,
    }


def check_import(service, url, name, folder, rows, ask):
    """Imports what the script saved, and compares with model.py of the same state."""
    version = service.get(url)
    fields = {
        "specification": {
            "name": f"imported-{name}",
            "like": {"name": version["name"], "version": version["version"]},
        }
    }
    file = folder / "state_dict.script.pt"
    try:
        answer = service.post_form("/v1/models", fields, (file.name, file.read_bytes()))
    except RuntimeError as error:
        if ": 405 " in str(error) or ": 404 " in str(error):
            return math.nan  # this service cannot import yet
        raise
    module = load_module(folder / "model.py")
    model = build(module)
    model.load_state_dict(torch.load(file), strict=True)
    model.eval()
    target = f"/v1/models/{answer['name']}/versions/{answer['version']}"
    return largest(
        module_predictions(module, model, rows),
        service_predictions(ask, target),
    )


def main(url, names):
    torch.set_num_threads(1)
    service = Service(url)
    print("| run | data | epochs | loss of all epochs | loss at the end | all metrics | weights | same bits "
          "| model.py | import | seconds | script's |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    failed = False
    for path in sorted(RUNS.glob("*.json")):
        if names and path.stem not in names:
            continue
        specification = json.loads(path.read_text())
        for form in specification.get("forms", [None]):
            data = specification["data"] + (f", {form}" if form else "")
            with tempfile.TemporaryDirectory() as folder:
                try:
                    r = check(service, path, form, pathlib.Path(folder))
                except (AssertionError, RuntimeError) as error:
                    failed = True
                    print(f"| {path.stem} | {data} | {type(error).__name__}: {error} |", flush=True)
                    continue
            failed = failed or r["last"] > 1e-5 or r["predictions"] > 1e-6 or r["imported"] > 1e-6
            print(f"| {path.stem} | {data} | {r['epochs']} | {r['loss']:.1e} | {r['last']:.1e} | {r['metrics']:.1e} "
                  f"| {r['weights']:.1e} | {'yes' if r['identical'] else 'no'} | {r['predictions']:.1e} "
                  f"| {r['imported']:.1e} | {r['seconds']:.1f} | {r['script_seconds']:.1f} |", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
