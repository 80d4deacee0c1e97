"""The networks of sources.txt: modules and lines of PyTorch source, and what PyTorch gives for them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("sources.txt")
HEAD = """import copy
import math
from collections import OrderedDict
from functools import partial

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
"""


class SourceLine(NamedTuple):
    """A shape without samples, a module or lines of ``__init__`` and ``forward``, and what PyTorch gives."""

    shape: tuple[int, ...]
    text: str
    made: str

    @property
    def source(self) -> str:
        """The file: lines that begin with ``self``, and what belongs to them, are of ``__init__`` up to the rest."""
        parts = [part.replace("\\t", "    ") for part in self.text.split(" | ")]
        if len(parts) == 1 and parts[0].startswith("nn."):
            parts = [f"self.m = {parts[0]}", "return self.m(x)"]
        ends = [index for index, part in enumerate(parts) if _is_of_init(part)]
        first = ends[-1] + 1 if ends else 0
        init = "".join(f"        {part}\n" for part in parts[:first] or ["pass"])
        return f"{HEAD}{init}\n    def forward(self, x):\n" + "".join(f"        {part}\n" for part in parts[first:])


def _is_of_init(part: str) -> bool:
    return part.startswith(("self.", "setattr(", "nn.init", "del ", "    "))


def read(file: Path = FILE) -> list[SourceLine]:
    """The lines of a file, with what is recorded of each."""
    found: list[SourceLine] = []
    shape: tuple[int, ...] = ()
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("x "):
            shape = tuple(int(size) for size in line[2:].split("x"))
        elif line.startswith("    "):
            text, _, made = line.strip().partition(" -> ")
            found.append(SourceLine(shape, text, made))
    return found
