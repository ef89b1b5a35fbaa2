"""Checks optimizer.pt files with real PyTorch: that torch.load reads them, that they hold what optimizer.state_dict()
does after the same training, and that optimizer.load_state_dict goes on from them with the same next step.

Usage: python src/test/oracle/optimizer_files.py [FOLDER], where FOLDER has FAMILY/NAME.pt for cases of
src/test/resources/vocabulary; without it, the files that the tests compare with (src/test/resources/optimizer).
"""
import json
import pathlib
import sys
import warnings

import vocabulary
import torch

GOLDEN = vocabulary.CASES.parent / "optimizer"


def same(a, b):
    if torch.is_tensor(a):
        return torch.is_tensor(b) and a.dtype == b.dtype and a.shape == b.shape and torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return isinstance(b, (list, tuple)) and len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    return a == b


def next_step(specification, model, optimizer, inputs, targets):
    """One more step on the first mini-batch; the parameters after it."""
    size = vocabulary.batch_size(specification, len(inputs))
    optimizer.zero_grad()
    vocabulary.build_loss(specification)(model(inputs[:size]), targets[:size]).backward()
    vocabulary.clip(specification, model)
    optimizer.step()
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def check(path, case):
    specification = case["specification"]
    inputs, targets = vocabulary.make_data(specification, case["data"])
    model, optimizer = vocabulary.ten_steps(specification, inputs, targets, {})
    loaded = torch.load(path, weights_only=True)
    assert same(optimizer.state_dict(), loaded), (optimizer.state_dict(), loaded)

    other = vocabulary.build_model(specification)
    fresh = vocabulary.build_optimizer(specification, other)
    other.load_state_dict(model.state_dict())
    fresh.load_state_dict(loaded)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    expected = next_step(specification, model, optimizer, inputs, targets)
    assert same(expected, next_step(specification, other, fresh, inputs, targets))
    assert not same(expected, before)


def main():
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN
    files = sorted(folder.glob("*/*.pt"))
    for path in files:
        name = path.relative_to(folder).with_suffix("")
        check(path, json.loads((vocabulary.CASES / f"{name}.json").read_text()))
    print(len(files), "files are what PyTorch would have saved")


if __name__ == "__main__":
    main()
