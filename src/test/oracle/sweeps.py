"""Draws and deviations that sweeps and cross-validations are compared with.

Usage: python src/test/oracle/sweeps.py, writes src/test/resources/sweep/draws.json
"""

import json
import math
import os
import pathlib

os.environ.update(ATEN_CPU_CAPABILITY="default", MKL_CBWR="COMPATIBLE", ONEDNN_MAX_CPU_ISA="SSE41")

import torch  # noqa: E402

torch.set_num_threads(1)
ROOT = pathlib.Path(__file__).resolve().parents[3]


def trials(seed, count):
    """docs/sweeps.md has the same lines."""
    g = torch.Generator().manual_seed(seed)

    def u():
        return torch.rand((), dtype=torch.float64, generator=g).item()

    choices = [8, 16, 32]
    return [
        {
            "log": math.exp(math.log(1e-4) + u() * (math.log(0.1) - math.log(1e-4))),
            "linear": -1 + u() * 3.5,
            "int": math.floor(4 + u() * (64 + 1 - 4)),
            "log_int": math.floor(math.exp(math.log(4) + u() * (math.log(64 + 1) - math.log(4)))),
            "choice": choices[int(u() * len(choices))],
        }
        for _ in range(count)
    ]


values = torch.tensor([0.25, 0.5, 0.125, 0.75, 0.3], dtype=torch.float64)
out = {
    "seeds": {str(seed): trials(seed, 20) for seed in (0, 7, 2**31 + 5)},
    "spread": {
        "values": values.tolist(),
        "mean": values.mean().item(),
        "std": values.std(correction=0).item(),
    },
}
path = ROOT / "src/test/resources/sweep/draws.json"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(out, indent=1) + "\n")
