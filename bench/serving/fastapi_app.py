"""What one writes to serve a PyTorch model with FastAPI: uvicorn fastapi_app:app. MODELS is the folder of the programs."""

import io
import os
import pathlib

import numpy
import torch
from fastapi import FastAPI, Request
from PIL import Image
from pydantic import BaseModel

torch.set_num_threads(1)
app = FastAPI()
programs = {path.stem: torch.jit.load(path) for path in pathlib.Path(os.environ["MODELS"]).glob("*.pt")}
for program in programs.values():
    program.eval()

CLASSES = {"iris-mlp": ["setosa", "versicolor", "virginica"], "mnist-mlp": list(range(10)), "mnist-cnn": list(range(10))}


class Flower(BaseModel):
    sepal_length: float
    sepal_width: float
    petal_length: float
    petal_width: float


class Flowers(BaseModel):
    rows: list[Flower]


def answer(name, probabilities):
    classes = CLASSES[name]
    return {
        "model": name,
        "version": 1,
        "predictions": [
            {"label": classes[max(range(len(row)), key=row.__getitem__)],
             "probabilities": {str(each): p for each, p in zip(classes, row)}}
            for row in probabilities.tolist()
        ],
    }


# Models this small are computed in less time than it takes to hand them to a thread, so "async", and no pool.
@app.post("/iris-mlp")
async def flowers(request: Flowers):
    rows = [[row.sepal_length, row.sepal_width, row.petal_length, row.petal_width] for row in request.rows]
    with torch.inference_mode():
        return answer("iris-mlp", programs["iris-mlp"].predict(torch.tensor(rows, dtype=torch.float64)))


@app.post("/{name}")
async def picture(name: str, request: Request):
    pixels = numpy.array(Image.open(io.BytesIO(await request.body())).convert("L"))
    with torch.inference_mode():
        return answer(name, programs[name].predict(torch.from_numpy(pixels)[None, None]))
