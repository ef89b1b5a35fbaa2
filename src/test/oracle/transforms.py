"""What torchvision 0.22 makes of small pictures: the references of TransformsTest.

python transforms.py ../resources/transforms

reads cases.json and writes references.json beside it.
"""
import base64
import json
import os
import sys

# The kernels that every x86-64 processor has, so that references do not depend on the machine.
os.environ.update(ATEN_CPU_CAPABILITY="default", MKL_CBWR="COMPATIBLE", ONEDNN_MAX_CPU_ISA="SSE41")

import torch  # noqa: E402
import torchvision.transforms as T  # noqa: E402

torch.set_num_threads(1)


def picture(shape, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, shape, generator=generator, dtype=torch.uint8)


def transform(spec):
    if isinstance(spec, str):
        spec = {"type": spec}
    arguments = {key: value for key, value in spec.items() if key != "type"}
    if spec["type"] in ("ToTensor", "ConvertImageDtype"):
        return T.ConvertImageDtype(torch.float32)
    if "interpolation" in arguments:
        arguments["interpolation"] = T.InterpolationMode(arguments["interpolation"])
    return getattr(T, spec["type"])(**arguments)


def main(folder):
    references = []
    for case in json.load(open(os.path.join(folder, "cases.json"))):
        for number, shape in enumerate(case["shapes"]):
            x = picture(shape, 100 + number)
            steps = T.Compose([transform(each) for each in case["transforms"]])
            for seed in case.get("seeds", [0]):
                torch.manual_seed(seed)
                y = steps(x).contiguous()
                references.append(
                    {
                        "name": case["name"],
                        "seed": seed,
                        "shape": shape,
                        "picture": base64.b64encode(x.numpy().tobytes()).decode(),
                        "result_shape": list(y.shape),
                        "result_type": str(y.dtype).removeprefix("torch."),
                        "result": base64.b64encode(y.numpy().tobytes()).decode(),
                    }
                )
    with open(os.path.join(folder, "references.json"), "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(each) for each in references) + "\n]\n")


if __name__ == "__main__":
    main(sys.argv[1])
