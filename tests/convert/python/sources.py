"""The networks of sources.txt: modules and lines of PyTorch source, and what PyTorch gives for them."""

from __future__ import annotations

from pathlib import Path

from convert.recorded import RecordedLine

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


class SourceLine(RecordedLine):
    """A module, or lines of ``__init__`` and ``forward``."""

    __slots__ = ()

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
