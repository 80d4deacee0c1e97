"""Names of blocks are true of what is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc import load
from cnncalc.convert.out import spec_text

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize(
    ("example", "names"),
    [
        ("resnet18", ["group", "double"]),  # two basic blocks are no bottleneck
        ("mobilenet_v2", ["inverted", "inverted_2"]),
        ("squeezenet1_0", ["fire"]),
        ("densenet121", ["group", "double"]),
        ("convnext_tiny", ["residual"]),  # a depthwise layer first: not inverted
        ("unet", ["joined", "cr"]),  # half of a block that the example calls double
    ],
)
def test_names(example: str, names: list[str]) -> None:
    lines = spec_text(load(EXAMPLES / f"{example}.txt")).splitlines()
    assert [line.split()[1].partition("(")[0].rstrip(":") for line in lines if line.startswith("block ")] == names
