"""Writes files of weights with PyTorch, and what is in them, into src/test/resources/files.

NAME.pt or NAME.safetensors is what torch.save (or the format's description) makes; expected.json says for each file
and tensor its shape, its dtype and its values as float32 or int64, row by row. NAME.json has rows and what the
model makes of them. refused/NAME.pt are files of PyTorch's that are no state_dict to be read.

Usage, with torch 2.7.1 and numpy installed: python src/test/oracle/files.py
"""
import base64
import collections
import csv
import json
import pathlib
import struct

import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[3]
FILES = ROOT / "src/test/resources/files"
REFUSED = FILES / "refused"
IRIS = ROOT / "src/main/resources/samples/iris.csv"

expected = {}


def described(tensor):
    dense = tensor.detach().contiguous()
    values = dense.to(torch.int64 if dense.dtype in INTEGERS else torch.float32)
    return {
        "shape": list(tensor.shape),
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "values": base64.b64encode(values.numpy().tobytes()).decode(),
    }


INTEGERS = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool)


def save(name, saved, tensors):
    torch.save(saved, FILES / f"{name}.pt")
    expected[f"{name}.pt"] = {key: described(tensor) for key, tensor in tensors.items()}


def views():
    base = torch.arange(24, dtype=torch.float32) / 7
    grid = base.view(4, 6)
    return {
        "whole": base,
        "transposed": grid.t(),
        "offset": base[5:9],
        "strided": base[1::3],
        "block": grid[1:3, 2:5],
        "permuted": base.view(2, 3, 4).permute(2, 0, 1),
        "expanded": torch.tensor([[1.5], [2.5]]).expand(2, 3),
        "diagonal": grid.diagonal(),
        "channels_last": torch.randn(2, 3, 2, 2).to(memory_format=torch.channels_last),
        "one_of_one": grid[2:3, 3:4],
        "element": base[7],
        "empty_view": base[3:3],
    }


def dtypes():
    awkward = [0.0, -0.0, 1.0, -2.5, 1e-7, 6.1e-5, 65504.0, float("inf"), float("-inf"), float("nan"), 1 / 3]
    return {
        "float64": torch.tensor(awkward + [1e300, 1e-300], dtype=torch.float64),
        "float32": torch.tensor(awkward),
        "float16": torch.tensor(awkward, dtype=torch.float16),
        "bfloat16": torch.tensor(awkward, dtype=torch.bfloat16),
        "float16_transposed": torch.arange(6, dtype=torch.float16).view(2, 3).t(),
        "int64": torch.tensor([-(2**63), -1, 0, 2**63 - 1]),
        "int32": torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
        "int16": torch.tensor([-(2**15), 2**15 - 1], dtype=torch.int16),
        "int8": torch.tensor([-128, 127], dtype=torch.int8),
        "uint8": torch.tensor([0, 255], dtype=torch.uint8),
        "bool": torch.tensor([True, False]),
        "scalar": torch.tensor(3.25),
        "count": torch.tensor(12345),
        "empty": torch.empty(0),
        "empty_matrix": torch.empty(2, 0),
    }


def network():
    return nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))


def checkpoint(model):
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.randn(5, 4)).sum().backward()
    optimizer.step()
    return {
        "epoch": 3,
        "best_loss": 0.125,
        "seed": 2**40,
        "offset": -70000,
        "finished": False,
        "nothing": None,
        "history": [0.5, 0.25, (1, 2)],
        "optimizer": optimizer.state_dict(),
    }


SAFETENSORS = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64",
    torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
}


def save_safetensors(name, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for key, tensor in tensors.items():
        raw = tensor.detach().contiguous().view(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
        header[key] = {
            "dtype": SAFETENSORS[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (FILES / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    expected[f"{name}.safetensors"] = {key: described(tensor) for key, tensor in tensors.items()}


def outputs(name, model):
    with open(IRIS, newline="") as file:
        rows = [list(map(float, list(row.values())[:4])) for row in csv.DictReader(file)][::10]
    with torch.no_grad():
        probabilities = torch.softmax(model(torch.tensor(rows)), 1)
    written = json.dumps({"rows": rows, "probabilities": probabilities.tolist()})
    (FILES / f"{name}.json").write_text(written + "\n")


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    REFUSED.mkdir(parents=True, exist_ok=True)
    normed = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))
    normed(torch.arange(20.0).view(5, 4).sin())
    outputs("batch_norm", normed.eval())
    save("batch_norm", normed.state_dict(), normed.state_dict())
    save("views", views_now := views(), views_now)
    save("dtypes", dtypes_now := dtypes(), dtypes_now)
    parameters = collections.OrderedDict(network().named_parameters())
    save("parameters", parameters, parameters)

    model = network()
    state = model.state_dict()
    outputs("iris", model)
    save("iris", state, state)
    save("iris_bfloat16", {k: v.to(torch.bfloat16) for k, v in state.items()},
         {k: v.to(torch.bfloat16) for k, v in state.items()})
    save("iris_transposed", {k: v.t().contiguous().t() for k, v in state.items()}, state)
    save("iris_dataparallel", {"module." + k: v for k, v in state.items()},
         {"module." + k: v for k, v in state.items()})
    before = {k: v.clone() for k, v in state.items()}
    extras = checkpoint(network())
    save("checkpoint", {**extras, "state_dict": collections.OrderedDict(before)}, before)
    save("checkpoint_model", {"epoch": 1, "model_state_dict": before}, before)
    save_safetensors("iris", before)
    save_safetensors("dtypes", dtypes_now)

    torch.save(model, REFUSED / "module.pt")
    torch.jit.save(torch.jit.script(model), REFUSED / "torchscript.pt")
    torch.save(before, REFUSED / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(before, REFUSED / "protocol_4.pt", pickle_protocol=4)
    torch.save({"w": torch.zeros(2, dtype=torch.complex64)}, REFUSED / "complex.pt")
    torch.save({"w": torch.zeros(2, dtype=torch.uint16)}, REFUSED / "uint16.pt")
    torch.save({"w": torch.eye(2).to_sparse()}, REFUSED / "sparse.pt")
    torch.save(torch.ones(3), REFUSED / "tensor.pt")
    torch.save([torch.ones(3)], REFUSED / "list.pt")
    torch.save({"lr": 0.1, "w": torch.ones(3)}, REFUSED / "mixed.pt")
    torch.save({"state_dict": before, "model": before}, REFUSED / "two_wrappings.pt")
    torch.save({"device": torch.device("cpu"), "state_dict": before}, REFUSED / "device.pt")
    (FILES / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
