# Repeats run 6f1c6bd8-6c8e-4f0e-9a37-0c6f9c1d2e3f.

import sys

from PIL import Image
import torch
from torch import nn
from torchvision import transforms

TRANSFORM = transforms.Compose(
    [
        transforms.PILToTensor(), transforms.CenterCrop((24, 24)),
        transforms.ConvertImageDtype(torch.float32),
    ],
)
CLASSES = [3, 8]


def encode(path):
    """The image of a file as the model takes it."""
    return TRANSFORM(Image.open(path).convert("RGB"))


def build_model():
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(1936, 2))


def predict(model, rows):
    """Probabilities [N, 2] for rows, which are files of images."""
    x = torch.stack([encode(row) for row in rows])
    with torch.no_grad():
        return model(x).softmax(1)


def main(arguments):
    """Prints a prediction for each image or tensor."""
    model = build_model()
    model.load_state_dict(torch.load("state_dict.pt"))
    model.eval()
    rows = arguments
    for probabilities in predict(model, rows):
        print(CLASSES[probabilities.argmax()], probabilities.tolist())


if __name__ == "__main__":
    main(sys.argv[1:])
