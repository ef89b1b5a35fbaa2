"""Writes a sample in other forms, for scripts.py: the same rows, in other files.

A form is a function from the sample's bytes to files, a list of (name, bytes), and the options of the upload.
Needs torch, pyarrow, Pillow and safetensors.
"""
import csv
import gzip
import io
import json
import random
import struct
import zipfile

import numpy
import pyarrow
import pyarrow.parquet
import torch
from PIL import Image
from safetensors.torch import save


def table(data):
    """The rows of a CSV file as text, headed by the names."""
    first = data.decode("utf-8-sig").splitlines()[0]
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";" if ";" in first else ","))


def written(rows, encoding, **dialect):
    text = io.StringIO()
    csv.writer(text, **dialect).writerows(rows)
    return text.getvalue().encode(encoding)


def dialects(data):
    """A quote, a delimiter, an encoding with its mark, and no header."""
    rows = table(data)[1:]
    return [("rows.tsv.gz", gzip.compress(written(rows, "utf-16", delimiter="\t", quotechar="'")))], {
        "quote": "'", "header": False, "encoding": "UTF-16LE"}


def latin(data):
    rows = [[cell + "é" if cell.isalpha() else cell for cell in row] for row in table(data)]
    rows[0] = [f" {name} " for name in table(data)[0]]
    return [("latin.csv", written(rows, "latin-1", delimiter="|"))], {"delimiter": "|", "encoding": "ISO-8859-1"}


def several(data):
    names, *rows = table(data)
    third = len(rows) // 3
    parts = rows[:third], rows[third:2 * third], rows[2 * third:]
    return [(f"{i}.csv", written([names, *part], "utf-8")) for i, part in enumerate(parts)], {}


def typed(cell):
    for kind in int, float:
        try:
            return kind(cell)
        except ValueError:
            pass
    return {"true": True, "false": False}.get(cell.strip().lower(), cell)


def json_lines(data):
    names, *rows = table(data)
    lines = [json.dumps({name: typed(cell) for name, cell in zip(names, row)}) for row in rows]
    return [("rows.jsonl.gz", gzip.compress("\n\n".join(lines).encode()))], {}


def parquet(data):
    names, *rows = table(data)
    columns = {name: [typed(row[i]) for row in rows] for i, name in enumerate(names)}
    frame = pyarrow.table(columns)
    for i, field in enumerate(frame.schema):
        if field.type == pyarrow.float64():
            frame = frame.set_column(i, field.name, frame[i].cast(pyarrow.float32()))
            break
    out = io.BytesIO()
    pyarrow.parquet.write_table(frame, out, compression="snappy", row_group_size=40)
    return [("rows.parquet", out.getvalue())], {}


def columns_of(data):
    """The numbers of a table in one tensor, and its last column as class numbers."""
    names, *rows = table(data)
    classes = sorted({row[-1] for row in rows})
    x = torch.tensor([[float(cell) for cell in row[:-1]] for row in rows], dtype=torch.float64)
    return x, torch.tensor([classes.index(row[-1]) for row in rows])


def npy(data):
    x, y = columns_of(data)
    files = []
    for name, array in ("x", numpy.asfortranarray(x.numpy().astype(">f8"))), ("y", y.numpy().astype(">i4")), (
            "sure", (y % 2 == 0).numpy()):
        out = io.BytesIO()
        numpy.save(out, array)
        files.append((f"{name}.npy", out.getvalue()))
    return files, {}


def safetensors(data):
    x, y = columns_of(data)
    return [("t.safetensors", save({"x": x[:, :, None].half(), "y": y.to(torch.int16), "w": 1 + x[:, 0].float()}))], {}


def pictures(data):
    """Name and bytes of each entry of an archive."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    return [(name, archive.read(name)) for name in archive.namelist() if not name.endswith("/")]


def zipped(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def archives(data):
    """Two archives in no order, with what is no picture, one picture that is broken, and a name that is not ASCII."""
    entries = [(f"é/{name}", content) for name, content in pictures(data)]
    random.Random(1).shuffle(entries)
    half = len(entries) // 2
    more = [("é/README.txt", b"read me"), ("__MACOSX/é/1.png", b""), ("é/3/broken.png", b"\x89PNG\r\n\x1a\nno")]
    return [("a.zip", zipped(entries[:half])), ("b.zip", zipped(entries[half:] + more))], {
        "images": {"undecodable": "skip"}}


def labelled(data):
    """An archive and a table of names, some of them short, in another order; one picture is broken."""
    entries = pictures(data)
    flat = [(name.replace("/", "_"), content) for name, content in entries]
    rows = [["about", "name", "digit", "weight"]]
    for i, (name, _) in enumerate(flat):
        rows.append([f"free text {i}", name if i % 3 else name.removesuffix(".png"), name[0], f"{1 + i % 3}.5"])
    rows.insert(7, ["broken", "elsewhere/broken", "1", "1.0"])
    body = rows[1:]
    random.Random(2).shuffle(body)
    flat.append(("deep/down/broken.png", b"\x89PNG\r\n\x1a\nno"))
    return [("pictures.zip", zipped(flat)), ("labels.csv", written([rows[0], *body], "utf-8", delimiter=";"))], {
        "delimiter": ";", "images": {"undecodable": "skip", "mode": "RGB"}}


def arrays_of(data):
    """Pictures [n, height, width] and labels, in another order."""
    entries = pictures(data)
    random.Random(3).shuffle(entries)
    values = numpy.stack([numpy.asarray(Image.open(io.BytesIO(content)).convert("L")) for _, content in entries])
    return values, numpy.array([int(name.partition("/")[0]) for name, _ in entries])


def idx(data):
    values, labels = arrays_of(data)
    n, height, width = values.shape
    images = struct.pack(">BBBBIII", 0, 0, 8, 3, n, height, width) + values.tobytes()
    classes = struct.pack(">BBBBI", 0, 0, 8, 1, n) + labels.astype("u1").tobytes()
    return [("images-idx3-ubyte.gz", gzip.compress(images)), ("labels-idx1-ubyte", classes)], {}


def idx_several(data):
    """Two files of pictures and two of labels, one of them of wider numbers; each pair may come apart."""
    values, labels = arrays_of(data)
    half = len(values) // 2
    files = []
    for i, (name, few, kind, type) in enumerate((("a", slice(0, half), 8, "u1"), ("b", slice(half, None), 12, ">i4"))):
        n, height, width = values[few].shape
        files.append((f"images-{name}", struct.pack(">BBBBIII", 0, 0, 8, 3, n, height, width) + values[few].tobytes()))
        files.insert(i, (f"labels-{name}", struct.pack(">BBBBI", 0, 0, kind, 1, n) + labels[few].astype(type).tobytes()))
    return files, {}


def idx_colours(data):
    files, _ = idx(data)
    return files, {"images": {"mode": "RGB"}}


def picture_tensors(data):
    values, labels = arrays_of(data)
    return [("p.safetensors", save({"image": torch.tensor(values), "label": torch.tensor(labels)}))], {}


FORMS = {form.__name__: form for form in (
    dialects, latin, several, json_lines, parquet, npy, safetensors, archives, labelled, idx, idx_several,
    idx_colours, picture_tensors)}
