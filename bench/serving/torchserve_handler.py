"""A TorchServe handler for the programs that Hearth trained; computes what comes together as one batch."""

import io
import json

import numpy
import torch
from PIL import Image
from ts.torch_handler.base_handler import BaseHandler

COLUMNS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]


class Handler(BaseHandler):
    def initialize(self, context):
        torch.set_num_threads(1)
        folder = context.system_properties["model_dir"]
        self.model = torch.jit.load(f"{folder}/{context.manifest['model']['serializedFile']}").eval()
        self.initialized = True

    def handle(self, data, context):
        bodies = [request.get("body", request.get("data")) for request in data]
        if isinstance(bodies[0], dict):
            inputs = torch.tensor([[body["rows"][0][column] for column in COLUMNS] for body in bodies], dtype=torch.float64)
        else:
            inputs = torch.from_numpy(numpy.stack([numpy.array(Image.open(io.BytesIO(body)).convert("L")) for body in bodies]))[:, None]
        with torch.inference_mode():
            probabilities = self.model.predict(inputs).tolist()
        return [json.dumps({"label": max(range(len(row)), key=row.__getitem__), "probabilities": row}) for row in probabilities]
