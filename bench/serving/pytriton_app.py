"""Triton, as its Python package has it: pytriton_app.py FOLDER HTTP_PORT. Serves the model of tables."""

import sys

import numpy
import torch
from pytriton.decorators import batch
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

torch.set_num_threads(1)
folder, port = sys.argv[1], int(sys.argv[2])
program = torch.jit.load(f"{folder}/iris-mlp.pt").eval()


@batch
def infer(rows):
    with torch.inference_mode():
        return [program.predict(torch.from_numpy(rows)).numpy()]


config = TritonConfig(http_port=port, grpc_port=port + 1, metrics_port=port + 2, allow_metrics=False)
with Triton(config=config) as triton:
    triton.bind(
        model_name="iris-mlp",
        infer_func=infer,
        inputs=[Tensor(name="rows", dtype=numpy.float64, shape=(4,))],
        outputs=[Tensor(name="probabilities", dtype=numpy.float32, shape=(3,))],
        config=ModelConfig(max_batch_size=64, batcher=DynamicBatcher(max_queue_delay_microseconds=0)),
    )
    triton.serve()
