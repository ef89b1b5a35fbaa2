"""Writes src/test/resources/imputers.json: what scikit-learn's SimpleImputer learns of small columns, and what
StandardScaler learns of them once they are filled.

Run with scikit-learn and numpy; the build needs neither.
"""

import json
import math

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(5)


def holed(values, share):
    values = np.array(values, dtype=np.float64)
    values[random.random(len(values)) < share] = math.nan
    return values


COLUMNS = {
    "even": holed(random.lognormal(2, 1, 24), 0.2),
    "odd": holed(random.normal(-3, 50, 37), 0.4),
    "complete": random.normal(0, 1, 11),
    "one": np.array([math.nan, 7.25, math.nan]),
    "ties": np.array([3.0, math.nan, 1.0, 3.0, 1.0, 2.0]),
    "whole": holed(random.integers(0, 5, 40), 0.3),
    "narrow": holed(1e6 + random.normal(0, 1e-3, 30), 0.5),
    "wide": holed([1e300, -1e300, 1.0, 3.0, 1e-300, 5.0], 0),
}
STRATEGIES = [("mean", None), ("median", None), ("most_frequent", None), ("constant", -1.5)]

cases = []
for column, values in COLUMNS.items():
    for strategy, fill_value in STRATEGIES:
        imputer = SimpleImputer(strategy=strategy, fill_value=fill_value)
        filled = imputer.fit_transform(values[:, None])
        case = {"column": column, "strategy": strategy, "fill": imputer.statistics_[0]}
        if column != "wide":
            scaler = StandardScaler().fit(filled)
            case |= {"mean": scaler.mean_[0], "scale": scaler.scale_[0]}
        cases.append(case)
with open("src/test/resources/imputers.json", "w") as file:
    columns = {
        name: [None if math.isnan(value) else value for value in values] for name, values in COLUMNS.items()
    }
    json.dump({"columns": columns, "cases": cases}, file, indent=1)
    file.write("\n")
