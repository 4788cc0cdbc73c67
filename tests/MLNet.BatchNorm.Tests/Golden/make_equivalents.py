#!/usr/bin/python3
"""Reference results for the tables of docs/coming-from-*.md.

Runs the Python block of each page, and then the code in the first column of every table row, with scikit-learn, PyTorch and NumPy.
Keras's page brings its own NumPy classes. Writes equivalents_<page>.json, in the format of make_golden.py:
one case per row, its name the code, its value a flat list of numbers, or "error" where the code raises ValueError.

Run: /usr/bin/python3 make_equivalents.py
"""
import pathlib, pickle, re

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
from sklearn.utils.validation import check_is_fitted, NotFittedError
from torch import nn
from torch.utils.data import DataLoader

import make_golden

HERE = pathlib.Path(__file__).resolve().parent
DOCS = HERE.parents[2] / "docs"
NAMES = dict(np=np, torch=torch, nn=nn, DataLoader=DataLoader, pickle=pickle, StandardScaler=StandardScaler, MinMaxScaler=MinMaxScaler, MaxAbsScaler=MaxAbsScaler,
             RobustScaler=RobustScaler)


def numbers(value, names):
    if isinstance(value, BaseEstimator):        # stands for its result on X
        try:
            check_is_fitted(value)
        except NotFittedError:
            value.fit(names["X"])
        value = value.transform(names["X"])
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    return np.asarray(value, dtype=float).flatten()


def rows(page):
    """The code in the first cells of the tables whose first cell is code."""
    return [match.group(1) for match in re.finditer(r"^\| `([^`]+)` \| `", page, re.MULTILINE)]


def run(path):
    page = path.read_text()
    names = dict(NAMES)
    for block in re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        exec(block, names)
    cases = []
    for code in rows(page):
        try:
            value = numbers(eval(code, names), names)
        except ValueError:
            value = "error"
        cases.append(dict(name=code, value=value))
    name = path.stem.removeprefix("coming-from-")
    make_golden.write(f"equivalents_{name}.json", f"docs/{path.name}, first column", cases)


if __name__ == "__main__":
    make_golden.META["generator"] = "make_equivalents.py"
    for name in ("scikit-learn", "pytorch", "keras"):
        run(DOCS / f"coming-from-{name}.md")
