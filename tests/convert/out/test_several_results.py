"""Layers with several results in written specs: none of them runs on, each is told by its name."""

from __future__ import annotations

import pytest

from cnncalc import SpecError, loads
from cnncalc.convert.out import spec_text
from cnncalc.interpret import build

from .same import assert_same, read_again

UNITS = """input 16x8x8
repeat 4:
    left, right = split 2
    concat:
        - @left
        - @right | conv 8 1 | bn | relu | dwconv 3 pad=1 | conv 8 1
    shuffle 2
"""


@pytest.mark.parametrize(
    "lines",
    [
        "s, t = split 2\n@s | relu",
        "s, t = split 2\n@t | relu",
        "s, t = split 2\nadd @t @s",
        "s, t = split 2\n@s | relu\nadd @t",
        "s, t = split 2\nadd:\n    - @s | relu\n    - @t | tanh",
        "s, t = split 2\nconcat:\n    - @s\n    - @t | relu\n    - @s | conv 2 1",
        "s, t = split 2\nhead a:\n    @s | relu\nhead b:\n    @t | relu",
        "s, t = split 2\nhead a:\n    @s | relu\n@s | tanh",
    ],
)
def test_forms(lines: str) -> None:
    network = loads(f"input 4x8x8\nconv 4 1\n{lines}\n")
    assert_same(read_again(spec_text(network, read=build)), network)


def test_paths_begin_with_their_names() -> None:
    text = spec_text(loads(UNITS))
    assert "    - @left_1\n" in text
    assert_same(read_again(text), loads(UNITS))


@pytest.mark.parametrize("method", ["to_spec", "to_torch_source", "to_keras_source", "to_onnx"])
def test_blocks_alone_are_no_network(method: str) -> None:
    with pytest.raises(SpecError, match="no input"):
        getattr(loads("block double(n):\n    conv n 3 | relu\n"), method)()
