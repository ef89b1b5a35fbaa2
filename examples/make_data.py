#!/usr/bin/env python3
"""Makes the data of the examples with models of their own: python3 examples/make_data.py. Needs nothing but Python."""
import csv
import math
import pathlib
import random

DATA = pathlib.Path(__file__).resolve().parent / "data"


def write(name, header, rows):
    with open(DATA / f"{name}.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def waves(random):
    """Twenty noisy values of a sine, a square or a sawtooth wave of unknown frequency and phase."""
    shapes = {
        "sine": math.sin,
        "square": lambda t: math.copysign(1, math.sin(t)),
        "sawtooth": lambda t: (t / math.pi) % 2 - 1,
    }
    for _ in range(1500):
        shape = random.choice(list(shapes))
        step, phase = random.uniform(0.5, 0.9), random.uniform(0, 2 * math.pi)
        yield [
            *(round(shapes[shape](phase + step * i) + random.gauss(0, 0.1), 3) for i in range(20)),
            shape,
        ]


def pairs(random):
    """Two measurements of flowers; whether both are of one kind."""
    kinds = [[random.gauss(0, 1.5) for _ in range(4)] for _ in range(5)]
    for _ in range(2000):
        left = random.randrange(5)
        same = random.random() < 0.5
        right = left if same else random.choice([kind for kind in range(5) if kind != left])
        yield [
            *(round(mean + random.gauss(0, 0.5), 3) for mean in kinds[left]),
            *(round(mean + random.gauss(0, 0.5), 3) for mean in kinds[right]),
            "true" if same else "false",
        ]


def tokens(random):
    """Twelve tokens of six; the class is the one that occurs most often, and there is only one such."""
    rows = 0
    while rows < 3000:
        row = [random.randrange(6) for _ in range(12)]
        counts = sorted(((row.count(token), token) for token in range(6)), reverse=True)
        if counts[0][0] > counts[1][0]:
            rows += 1
            yield [*row, "abcdef"[counts[0][1]]]


def main():
    write("waves", [*(f"t{i}" for i in range(20)), "shape"], waves(random.Random(1)))
    sides = [f"{side}_{part}" for side in ("left", "right") for part in ("sepal_length", "sepal_width", "petal_length", "petal_width")]
    write("pairs", [*sides, "same"], pairs(random.Random(2)))
    write("tokens", [*(f"w{i}" for i in range(12)), "most"], tokens(random.Random(3)))


if __name__ == "__main__":
    main()
