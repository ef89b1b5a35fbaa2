"""Writes src/test/resources/oracle/report.csv and, as NumPy and pandas tell of its columns, report.json.

Usage, with numpy and pandas installed: python src/test/oracle/report.py
"""
import io
import json
import pathlib

import numpy as np
import pandas as pd

OUT = pathlib.Path(__file__).resolve().parents[3] / "src/test/resources/oracle"
SHARES = {"p01": 0.01, "p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95, "p99": 0.99}

rows = 601
random = np.random.default_rng(0)
length = np.round(random.normal(0, 2, rows), 3)
species = random.integers(0, 5, rows)
frame = pd.DataFrame({
    "length": length,
    "count": random.integers(-3, 9, rows),
    "scale": 10.0 ** np.round(random.uniform(-200, 200, rows), 2),
    "tenths": random.integers(0, 21, rows) / 10,  # values on the edges of the bins
    "inches": np.round(length / 2.54 + 7 + random.normal(0, 0.005, rows), 4),
    "species": np.array(["ash", "beech", "oak", "pine", "yew"])[species],
    "code": np.array([40, 10, 30, 50, 20])[species],
    "other": random.normal(0, 1, rows).round(2),
    "big": random.integers(-2**62, 2**62, rows),
})
for column, every in (("length", 7), ("tenths", 11)):
    frame.loc[frame.index % every == 3, column] = np.nan
frame["copy"] = frame["other"]

text = frame.to_csv(index=False)
(OUT / "report.csv").write_text(text)
frame = pd.read_csv(io.StringIO(text))

expected = {"correlation": frame["length"].corr(frame["inches"]), "columns": {}}
for name in frame.columns:
    if frame[name].dtype.kind in "if":
        values = frame[name].dropna().to_numpy().astype(np.float64)
        counts, edges = np.histogram(values, bins=20)
        expected["columns"][name] = {
            "edges": edges.tolist(),
            "counts": counts.tolist(),
            "quantiles": {key: float(np.quantile(values, share)) for key, share in SHARES.items()},
        }
(OUT / "report.json").write_text(json.dumps(expected, indent=1) + "\n")
