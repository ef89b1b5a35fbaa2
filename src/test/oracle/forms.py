"""The same small table in every form: the files of FormsTest.

python forms.py ../resources/forms
"""
import gzip
import os
import sys

import numpy as np
import pandas as pd

FRAME = pd.DataFrame(
    {
        "width": [1.5, -2.25, np.nan, 1e-12, 3.0],
        "count": pd.array([1, 2, 3, 9007199254740993, -5], dtype="Int64"),
        "yes": [True, False, True, True, False],
        "colour": ["red", "grün", "red", "grün", "red"],
    }
)


def main(folder):
    def path(name):
        return os.path.join(folder, name)

    FRAME.to_csv(path("plain.csv"), index=False)
    with gzip.GzipFile(path("table.csv.gz"), "wb", mtime=0) as out:
        out.write(FRAME.to_csv(index=False).encode())
    FRAME.to_csv(path("table.tsv"), index=False, sep="\t")
    FRAME.to_csv(path("latin1.csv"), index=False, encoding="iso-8859-1")
    FRAME.to_csv(path("utf16.csv"), index=False, encoding="utf-16")
    FRAME.to_csv(path("headless.csv"), index=False, header=False)
    FRAME.to_json(path("table.jsonl"), orient="records", lines=True, force_ascii=False, double_precision=15)
    for codec in ("none", "snappy", "gzip", "zstd"):
        FRAME.to_parquet(path(f"{codec}.parquet"), index=False, compression=None if codec == "none" else codec)
    pd.DataFrame({"a": [1], "lists": [[1, 2]]}).to_parquet(path("nested.parquet"), index=False)


if __name__ == "__main__":
    main(sys.argv[1])
