"""Builds the models that VocabularyPythonTest writes, and compares them with the vocabulary's references.

The initial state_dict has to be the reference's, name by name and bit by bit, and so has its output in evaluation,
to 1e-5 of its largest magnitude.

Usage, with torch 2.7.1 and numpy installed:
    mvn test -Dtest=VocabularyPythonTest -Dhearth.python.modules=FOLDER
    python src/test/oracle/modules.py FOLDER
"""
import json
import os
import pathlib
import struct
import sys

# The kernels that every x86-64 processor has, as in vocabulary.py.
os.environ.update(ATEN_CPU_CAPABILITY="default", MKL_CBWR="COMPATIBLE", ONEDNN_MAX_CPU_ISA="SSE41")
import torch  # noqa: E402

REFERENCES = pathlib.Path(__file__).resolve().parents[1] / "resources/vocabulary"
TYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}


def read(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(data[begin:end]), dtype=TYPES[entry["dtype"]]) if end > begin else torch.empty(0)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def check(path):
    """What is wrong with a model, or nothing."""
    namespace = {}
    source = path.read_text()
    definitions, ending = source.rsplit("SEED = ", 1)
    seed, expression = ending.split("\nmodel = ")
    exec(compile(definitions, path, "exec"), namespace)
    torch.manual_seed(int(seed))
    model = eval(expression, namespace)
    family, name = path.stem.split(".", 1)
    reference = read(REFERENCES / family / f"{name}.reference.safetensors")
    initial = {key[8:]: value for key, value in reference.items() if key.startswith("initial/")}
    state = model.state_dict()
    if list(state) != list(initial):
        return f"names {list(state)}, expected {list(initial)}"
    different = [key for key, value in initial.items() if not torch.equal(state[key], value)]
    if different:
        return f"initial {different}"
    model.eval()
    expected = reference["eval"]
    with torch.no_grad():
        output = model(reference["inputs"][: len(expected)])
    worst = (output - expected).abs().max().item() / max(expected.abs().max().item(), 1e-30)
    return "" if worst <= 1e-5 else f"output differs by {worst:.1e}"


def main(folder):
    torch.set_num_threads(1)
    paths = sorted(pathlib.Path(folder).glob("*.py"))
    problems = 0
    for path in paths:
        try:
            problem = check(path)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        if problem:
            problems += 1
            print(path.stem, problem)
    print(f"{len(paths)} models, {problems} of them wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
