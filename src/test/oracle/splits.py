"""Writes src/test/resources/oracle/splits.txt: which rows a split holds out, for SplitTest.

The rows are random; the folds are made by scikit-learn's own KFold and StratifiedKFold, which shuffle with the
permutation of torch.randperm.

A line is: way, seed, k_fold, fold, the class of each row, and 1 for each row that is held out, 0 for the others.

Usage, with torch 2.7.1, numpy and scikit-learn installed: python src/test/oracle/splits.py
"""
import os

os.environ.update(ATEN_CPU_CAPABILITY="default", MKL_CBWR="COMPATIBLE", ONEDNN_MAX_CPU_ISA="SSE41")

import pathlib
import random

import numpy
import torch
from sklearn.model_selection import KFold, StratifiedKFold

FILE = pathlib.Path(__file__).resolve().parents[1] / "resources/oracle/splits.txt"


def permutation(rows, seed):
    return torch.randperm(rows, generator=torch.Generator().manual_seed(seed)).tolist()


class Rows(numpy.random.RandomState):
    """Shuffles KFold's rows into the order of the permutation."""

    def __init__(self, order):
        super().__init__(0)
        self.order = order

    def shuffle(self, values):
        values[:] = self.order


class Classes(numpy.random.RandomState):
    """Deals StratifiedKFold's folds to the rows of each class in the order of the permutation."""

    def __init__(self, ranks):
        super().__init__(0)
        self.ranks = list(ranks)

    def shuffle(self, folds):
        folds[:] = folds[self.ranks.pop(0)]


def folds(rows, k, fold, seed):
    splitter = KFold(k, shuffle=True, random_state=Rows(permutation(rows, seed)))
    return list(splitter.split(range(rows)))[fold][1]


def stratified_folds(labels, k, fold, seed):
    order = permutation(len(labels), seed)
    ranks = []
    for label in dict.fromkeys(labels):
        drawn = [row for row in order if labels[row] == label]
        place = {row: i for i, row in enumerate(drawn)}
        ranks.append([place[row] for row in sorted(drawn)])
    splitter = StratifiedKFold(k, shuffle=True, random_state=Classes(ranks))
    return list(splitter.split(labels, labels))[fold][1]


def parts(rows, held):
    chosen = set(int(row) for row in held)
    return [1 if row in chosen else 0 for row in range(rows)]


def main():
    lines = []
    for case in range(60):
        draw = random.Random(case)
        rows, k = draw.randrange(10, 60), draw.randrange(2, 8)
        fold, seed = draw.randrange(k), draw.randrange(2**40)
        classes = [draw.randrange(3) for _ in range(rows)]
        if max(classes.count(label) for label in set(classes)) < k:
            continue
        word = ",".join(map(str, classes))
        for way, held in (
            ("folds", folds(rows, k, fold, seed)),
            ("stratified_folds", stratified_folds(classes, k, fold, seed)),
        ):
            lines.append(f"{way} {seed} {k} {fold} {word} {''.join(map(str, parts(rows, held)))}\n")
    FILE.write_text("".join(lines))


if __name__ == "__main__":
    main()
