"""Which inputs a forward takes, how they get their shapes, and what is asked for where one has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc

HEAD = "import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"


def read(folder: Path, made: str, arguments: str, gives: str, shapes: Any) -> str:
    """The inputs and outputs of a network, or what is said of it and what to write."""
    path = folder / "net.py"
    text = f"{HEAD}        {made}\n\n    def forward({arguments}):\n        return {gives}\n"
    path.write_text(text, "utf-8")
    given = {} if shapes is None else {"input": shapes}
    try:
        network = cnncalc.load(f"{path}:Net", **given)
    except cnncalc.SpecError as error:
        (fault,) = error.diagnostics
        return f"{fault.message} / {fault.help}".replace(str(path), "net.py")
    ports = [*network.inputs, *(network.nodes[port.node] for port in network.outputs)]
    return ", ".join(f"{one.name} {'x'.join(map(str, one.output or ()))}" for one in ports)


CASES: list[tuple[str, str, str, Any, str]] = [
    ("pass", "self, x", "x", "8", "x 8, x 8"),
    ("pass", "self, x, y", "x, y", {"x": "8", "y": "3"}, "x 8, y 3, x 8, y 3"),
    ("pass", "self, x, y", "x + y", ["8", "8"], "x 8, y 8, add 8"),
    ("pass", "self, x, y=None", "x if y is None else x + y", "8", "x 8, x 8"),
    ("pass", "self, x, y=None", "x if y is None else x * y", ["8", "8"], "x 8, y 8, mul 8"),
    ("pass", "self, x, y=None, z=None", "x if z is None else x * z", {"x": "8", "z": "8"}, "x 8, z 8, mul 8"),
    ("pass", "self, x, y=None, z=None", "x * y if z is None else z", ["8", "8"], "x 8, y 8, mul 8"),
    ("pass", "self, x=None", "x", "8", "x 8, x 8"),
    ("pass", "self, x=None, y=None", "x", "8", "x 8, x 8"),
    ("pass", "self, *xs", "xs[0]", "8", "xs 8, xs 8"),
    ("pass", "self, x, /, y", "x + y", {"x": "8", "y": "8"}, "x 8, y 8, add 8"),
    ("pass", "self, x, *, scale=2", "x * scale", "8", "x 8, mul 8"),
    (
        "pass",
        "self",
        "torch.zeros(3)",
        "8",
        "TypeError: Net.forward() takes 1 positional argument but 2 were given / None",
    ),
    ("pass", "self, x, y", "x", "8", "input=…: the model has 2 inputs: x, y / write input={'x': 'SHAPE'}"),
    (
        "pass",
        "self, x, y",
        "x",
        {"x": "8"},
        "input={'y': …}: the code does not say the shape of 'y' / for example input={'y': '3x224x224'}",
    ),
    ("pass", "self, x, y", "x", {"x": "8", "z": "8"}, "input={'z': …}: no input is called 'z' / its inputs: x, y"),
    ("pass", "self, x", "x", ["8", "9"], "input=…: the model has 1 input, and 2 shapes are given / None"),
    ("pass", "self, x", "x", None, "input=…: the code does not say the shape of 'x' / for example input='3x224x224'"),
    (
        "pass",
        "self, x, y",
        "x",
        None,
        "input={'x': …}: the code does not say the shape of 'x' / for example input={'x': '3x224x224'}",
    ),
    (
        "self.c = nn.Conv1d(4, 2, 3)",
        "self, x",
        "self.c(x)",
        None,
        "input=…: the code does not say the shape of 'x' / for example input='4x100'",
    ),
    (
        "self.c = nn.Conv2d(5, 2, 3)",
        "self, x",
        "self.c(x)",
        None,
        "input=…: the code does not say the shape of 'x' / for example input='5x224x224'",
    ),
    (
        "self.c = nn.Conv3d(1, 2, 3)",
        "self, x",
        "self.c(x)",
        None,
        "input=…: the code does not say the shape of 'x' / for example input='1x16x112x112'",
    ),
    (
        "self.c = nn.Sequential(nn.ReLU(), nn.Linear(7, 2), nn.Conv2d(3, 4, 1))",
        "self, x",
        "self.c(x)",
        None,
        "input=…: the code does not say the shape of 'x' / for example input='7'",
    ),
    (
        "self.c = nn.ConvTranspose2d(5, 2, 3)",
        "self, x",
        "self.c(x)",
        None,
        "input=…: the code does not say the shape of 'x' / for example input='3x224x224'",
    ),
    (
        "self.c = nn.LazyLinear(5)",
        "self, x, y",
        "self.c(x)",
        None,
        "input={'x': …}: the code does not say the shape of 'x' / for example input={'x': '3x224x224'}",
    ),
]


@pytest.mark.parametrize(("made", "arguments", "gives", "shapes", "expected"), CASES)
def test_inputs(tmp_path: Path, made: str, arguments: str, gives: str, shapes: Any, expected: str) -> None:
    assert read(tmp_path, made, arguments, gives, shapes) == expected
