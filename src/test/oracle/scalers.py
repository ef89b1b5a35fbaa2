"""Writes src/test/resources/scalers.json: what scikit-learn's scalers make of small columns.

Run with scikit-learn and numpy; the build needs neither.
"""

import json

import numpy as np
from sklearn import preprocessing

random = np.random.default_rng(4)
COLUMNS = {
    "even": random.lognormal(2, 1, 24),
    "odd": random.normal(-3, 50, 25),
    "one": np.array([7.25]),
    "two": np.array([3.0, -1.5]),
    "constant": np.full(9, 0.1),
    "outlier": np.array([1.0, 2.0, 3.0, 4.0, 5.0, 1e9]),
    "narrow": 1e6 + random.normal(0, 1e-3, 30),
}
SCALERS = [
    ("StandardScaler", {}),
    ("StandardScaler", {"with_mean": False}),
    ("StandardScaler", {"with_std": False}),
    ("MinMaxScaler", {}),
    ("MinMaxScaler", {"feature_range": [-1, 3]}),
    ("RobustScaler", {}),
    ("RobustScaler", {"quantile_range": [10, 92.5]}),
    ("RobustScaler", {"with_centering": False}),
    ("RobustScaler", {"with_scaling": False}),
]

cases = []
for column, values in COLUMNS.items():
    for name, arguments in SCALERS:
        given = {k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()}
        scaler = getattr(preprocessing, name)(**given)
        out = scaler.fit_transform(values[:, None])[:, 0]
        cases.append({"column": column, "step": {"type": name, **arguments}, "out": out.tolist()})
with open("src/test/resources/scalers.json", "w") as file:
    columns = {name: values.tolist() for name, values in COLUMNS.items()}
    json.dump({"columns": columns, "cases": cases}, file)
