"""The same small table in every form: the files of FormsTest.

python forms.py ../resources/forms
"""
import gzip
import json
import os
import struct
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


DTYPES = {"float32": "F32", "int64": "I64", "uint8": "U8", "bool": "BOOL"}
TENSORS = {
    "y": np.array([3, 1, 2, 1, 3]),
    "z": np.array([0.5, -1.25, 3.0, 1e10, 2.0], dtype=np.float32),
    "yes": np.array([True, False, True, True, False]),
    "x": (np.arange(30, dtype=np.float32) / 4).reshape(5, 2, 3),
    "picture": np.arange(5 * 4 * 6, dtype=np.uint8).reshape(5, 4, 6),
}


def safetensors(tensors):
    header, data = {}, b""
    for name, values in tensors.items():
        header[name] = {
            "dtype": DTYPES[str(values.dtype)],
            "shape": values.shape,
            "data_offsets": [len(data), len(data) + values.nbytes],
        }
        data += values.tobytes()
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


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
    with open(path("tensors.safetensors"), "wb") as out:
        out.write(safetensors(TENSORS))
    np.save(path("x.npy"), np.asfortranarray(TENSORS["x"].astype(">f4")))
    for name in ("y", "z", "yes", "picture"):
        np.save(path(name + ".npy"), TENSORS[name].astype(">i2") if name == "y" else TENSORS[name])
    np.save(path("objects.npy"), np.array([{"a": 1}, None]), allow_pickle=True)


if __name__ == "__main__":
    main(sys.argv[1])
