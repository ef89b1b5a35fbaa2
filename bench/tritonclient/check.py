"""Trains small models through Hearth's own interface, then asks them with tritonclient; see bench/tritonclient.sh."""

import json
import sys
import time
import urllib.request

import numpy as np
import tritonclient.grpc as grpc
import tritonclient.http as http
from tritonclient.utils import InferenceServerException

HTTP, GRPC = sys.argv[1:3]
checks = []


def call(method, path, body=None, content_type="application/json"):
    request = urllib.request.Request(f"http://{HTTP}{path}", body, method=method)
    request.add_header("Content-Type", content_type)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def form(parts):
    lines = []
    for name, kind, content in parts:
        file = '; filename="data.csv"' if name == "file" else ""
        lines += ["--b", f'Content-Disposition: form-data; name="{name}"{file}', f"Content-Type: {kind}", "", content]
    return "\r\n".join(lines + ["--b--", ""]).encode()


def train(name, dataset, target, layers, loss="CrossEntropyLoss", **more):
    specification = {"name": name, "dataset": dataset, "target": target, "model": {"layers": layers}, "loss": loss,
                     "optimizer": {"type": "Adam", "lr": 0.02}, "epochs": 20, "seed": 1} | more
    run = call("POST", "/v1/runs", json.dumps(specification).encode())["id"]
    while (view := call("GET", f"/v1/runs/{run}"))["state"] not in ("succeeded", "failed", "cancelled"):
        time.sleep(0.1)
    assert view["state"] == "succeeded", view


def builtin(name):
    return call("POST", "/v1/datasets", json.dumps({"builtin": name}).encode())["id"]


def predict(model, rows):
    return call("POST", f"/v1/models/{model}:predict", json.dumps({"rows": rows}).encode())["predictions"]


def ask(library, client, model, inputs, outputs, binary=None, **more):
    """Asks a model; binary chooses how tensors travel over HTTP, both ways."""
    tensors = []
    for name, (datatype, values) in inputs.items():
        tensor = library.InferInput(name, list(values.shape), datatype)
        tensor.set_data_from_numpy(values) if binary is None else tensor.set_data_from_numpy(values, binary_data=binary)
        tensors.append(tensor)
    wanted = [
        library.InferRequestedOutput(name) if binary is None else library.InferRequestedOutput(name, binary_data=binary)
        for name in outputs
    ]
    return client.infer(model, tensors, outputs=wanted or None, **more)


def check(what, condition):
    checks.append((what, bool(condition)))
    print(("ok    " if condition else "WRONG ") + what, flush=True)


def refused(what, act, *words):
    try:
        act()
        check(what, False)
    except InferenceServerException as error:
        check(f"{what}: {error.status()} {error.message()[:90]}", all(word in str(error.message()) for word in words))


def models():
    accounts = ["account,city,member,size,verdict"]
    for i in range(120):
        accounts.append(f"{2**53 + i % 2},{'Zürich' if i % 3 else 'Bern'},{str(i % 5 == 0).lower()},{i % 7 + 0.5},{'no' if i % 2 else 'yes'}")
    csv = "\r\n".join(accounts)
    options = json.dumps({"columns": {"account": "categorical"}})
    table = call("POST", "/v1/datasets", form([("file", "text/csv", csv), ("options", "application/json", options)]),
                 "multipart/form-data; boundary=b")["id"]
    linear = lambda n: {"type": "Linear", "out_features": n}
    train("iris", builtin("iris"), "species", [linear(16), {"type": "ReLU"}, linear(3)])
    train("diabetes", builtin("diabetes"), "progression", [linear(1)], "MSELoss")
    train("accounts", table, "verdict", [linear(2)])
    train("digits", builtin("mnist"), "label", [{"type": "Flatten"}, linear(10)], transforms=["ToTensor"], epochs=5)


def main():
    models()
    flowers = np.array([[5.1, 3.5, 1.4, 0.2], [6.3, 2.9, 5.6, 1.8], [5.9, 3.0, 4.2, 1.5]])
    patients = np.array([[0.04, 0.05, 0.06, 0.02, -0.04, -0.03, -0.04, 0, 0.02, -0.02]] * 2)
    accounts = {
        "account": ("INT64", np.array([[2**53], [2**53 + 1]], dtype=np.int64)),
        "city": ("BYTES", np.array([["Zürich"], ["Bern"]], dtype=np.object_)),
        "member": ("BOOL", np.array([[True], [False]])),
        "size": ("FP64", np.array([[3.5], [4.5]])),
    }
    digits = np.random.default_rng(1).integers(0, 256, (4, 1, 28, 28), dtype=np.uint8)
    h = http.InferenceServerClient(HTTP)
    g = grpc.InferenceServerClient(GRPC)
    ways = [("http json", http, h, {"binary": False}), ("http binary", http, h, {"binary": True}), ("grpc", grpc, g, {})]

    for name, library, client in (("http", http, h), ("grpc", grpc, g)):
        check(f"{name}: live, ready", client.is_server_live() and client.is_server_ready())
        check(f"{name}: model ready", client.is_model_ready("iris") and client.is_model_ready("iris", "1"))
        check(f"{name}: an unknown model is not ready", not client.is_model_ready("nobody"))
        plain = {} if name == "http" else {"as_json": True}
        server = client.get_server_metadata(**plain)
        check(f"{name}: server metadata {server}", "binary_tensor_data" in server["extensions"])
        model = client.get_model_metadata("iris", **plain)
        check(f"{name}: model metadata", model["platform"] == "pytorch_torchscript" and model["versions"] == ["1"])
        client.load_model("iris")
        index = client.get_model_repository_index(**plain)
        entries = index if name == "http" else index["models"]
        check(f"{name}: load, index", [e["state"] for e in entries if e["name"] == "iris"] == ["READY"])
        client.unload_model("iris")

    for way, library, client, how in ways:
        say = lambda model: f"{way}: {model}"
        own = predict("iris", flowers.tolist())
        answer = ask(library, client, "iris", {"input": ("FP32", flowers.astype(np.float32))},
                     ["probabilities", "label", "class_index"], request_id="42", priority=1, timeout=5_000_000, **how)
        ours = np.array([list(row["probabilities"].values()) for row in own])
        check(say("iris, probabilities as its own interface says"),
              np.allclose(answer.as_numpy("probabilities"), ours, rtol=0, atol=1e-6))
        labels = [label.decode() if isinstance(label, bytes) else label for label in answer.as_numpy("label")]
        check(say(f"iris, label {labels}"), labels == [row["label"] for row in own])
        check(say("iris, class_index is INT64"), answer.as_numpy("class_index").dtype == np.int64
              and (answer.as_numpy("class_index") == ours.argmax(1)).all())
        response = answer.get_response()
        check(say("iris, id"), (response["id"] if library is http else response.id) == "42")
        answer = ask(library, client, "iris", {"input": ("FP64", flowers)}, [], **how)
        check(say("iris in FP64, all outputs, the same to the last bit"),
              (answer.as_numpy("probabilities") == ours.astype(np.float32)).all())

        own = [row["value"] for row in predict("diabetes", patients.tolist())]
        answer = ask(library, client, "diabetes", {"input": ("FP64", patients)}, ["output"], **how)
        check(say(f"diabetes {own[0]:.1f}"), (answer.as_numpy("output")[:, 0] == np.float32(own)).all())

        answer = ask(library, client, "accounts", accounts, ["label"], **how)
        labels = [label.decode() if isinstance(label, bytes) else label for label in answer.as_numpy("label")]
        check(say(f"accounts, 2^53 and 2^53 + 1 {labels}"), labels == ["yes", "no"])
        if how != {"binary": False}:  # the client sends no FP16 in JSON
            halves = accounts | {"size": ("FP16", np.array([[3.5], [4.5]], dtype=np.float16))}
            same = ask(library, client, "accounts", halves, ["probabilities"], **how).as_numpy("probabilities")
            whole = ask(library, client, "accounts", accounts, ["probabilities"], **how).as_numpy("probabilities")
            check(say("accounts with FP16"), (same == whole).all())

        own = predict("digits", digits.tolist())
        answer = ask(library, client, "digits", {"input": ("UINT8", digits)}, ["probabilities"], **how)
        ours = np.array([list(row["probabilities"].values()) for row in own])
        check(say("digits, four pictures"), np.allclose(answer.as_numpy("probabilities"), ours, rtol=0, atol=1e-6))

        top = library.InferRequestedOutput("probabilities", class_count=2)
        tensor = library.InferInput("input", [3, 4], "FP32")
        tensor.set_data_from_numpy(flowers.astype(np.float32))
        best = client.infer("iris", [tensor], outputs=[top]).as_numpy("probabilities")
        check(say(f"iris, classification {best[0]}"), best.shape == (3, 2) and best[0][0].decode().endswith(":0:setosa"))

        refused(say("unknown model"), lambda: ask(library, client, "nobody", {"input": ("FP32", np.zeros((1, 4), np.float32))}, [], **how), "no model 'nobody'")
        refused(say("wrong width"), lambda: ask(library, client, "iris", {"input": ("FP32", np.zeros((1, 5), np.float32))}, [], **how), "[-1, 4]", "[1, 5]")
        refused(say("wrong datatype"), lambda: ask(library, client, "iris", {"input": ("INT64", np.zeros((1, 4), np.int64))}, [], **how), "FP32", "INT64")
        refused(say("unknown output"), lambda: ask(library, client, "iris", {"input": ("FP32", np.zeros((1, 4), np.float32))}, ["nothing"], **how), "output 'nothing'")

    failed = [what for what, fine in checks if not fine]
    print(f"\n{len(checks) - len(failed)} of {len(checks)} checks passed")
    sys.exit(1 if failed else 0)


main()
