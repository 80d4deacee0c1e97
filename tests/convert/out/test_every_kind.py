"""Every kind of layer as PyTorch, Keras and ONNX, read again by the readers of these formats: the same numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.layers import KINDS

from .samples import MORE_ROWS, ROWS, specs
from .test_round_trips import numbers, read_back

ALL = specs(ROWS) | specs(MORE_ROWS)
#: What a format has no words for: `not-convertible`, by the beginning of a row's lines.
UNSAID = {
    "torch": ("avgpool 3 stride=2 pad=same countpad=no", "avgpool 3 stride=1 dilation=2", "upconv 4 3 stride=2 outpad=3"),
    "keras": ("maxpool 3 stride=1 dilation=2", "avgpool 3 stride=1 dilation=2", "upconv 4 3 stride=2 outpad=3",
              "upconv 4 3 stride=2 pad=1:0 groups=2 dilation=2", "p = maxpool 3 stride=2 pad=1"),
    "onnx": (),
}  # fmt: skip
#: Kinds that no format has.
NOWHERE = {"localconv", "op"}


def test_each_kind_has_a_row() -> None:
    words = {word for text in ALL.values() for word in text.split()}
    assert set(KINDS) - words == NOWHERE


@pytest.mark.parametrize("target", ["torch", "keras", "onnx"])
@pytest.mark.parametrize("row", ALL)
def test_what_is_written_is_read(row: str, target: str, tmp_path: Path) -> None:
    if target == "onnx":
        pytest.importorskip("onnx")
    network = cnncalc.loads(ALL[row])
    if row.partition(" | ")[2].startswith(UNSAID[target]):
        with pytest.raises(cnncalc.SpecError) as caught:
            read_back(network, target, tmp_path)
        assert {one.code for one in caught.value.diagnostics} == {"not-convertible"}
        return
    found, said = read_back(network, target, tmp_path)
    params, buffers, macs, shapes = numbers(network)
    if target == "torch" and "biases=1" in row:  # the second biases that PyTorch's recurrent layers have are zeros
        buffers = numbers(found)[1]
    if "more-macs" in said:
        assert int(str(numbers(found)[2])) > int(str(macs))
        macs = numbers(found)[2]
    assert numbers(found) == (params, buffers, macs, shapes)


def test_more_macs_are_told(tmp_path: Path) -> None:
    network = cnncalc.loads("input 8x20x20\nconv 4 3 stride=2 dilation=3\n")
    found, said = read_back(network, "keras", tmp_path)
    assert said == {"more-macs"}
    assert numbers(found)[2] == 4 * numbers(network)[2]  # type: ignore[operator]


@pytest.mark.parametrize("line", ["conv 4 3 stride=2 dilation=4", "conv 4 3x1 stride=2x1 dilation=1x2",
                                  "dwconv 3 stride=6 dilation=2 pad=3:1", "conv 4 3 stride=4x2 dilation=2x1 pad=2"])  # fmt: skip
def test_steps_that_a_dilation_shares_cost_nothing_more(line: str, tmp_path: Path) -> None:
    network = cnncalc.loads(f"input 8x30x31\n{line}\n")
    found, said = read_back(network, "keras", tmp_path)
    assert said == set()
    assert numbers(found) == numbers(network)


def test_a_name_that_looks_like_one_of_ours(tmp_path: Path) -> None:
    """The variable of a path has a number behind it that no tensor with a name has."""
    paths = "m = mul:\n    -\n    - mean C | sigmoid\nr = concat @m @y2\ns = concat @m @c\n"
    lines = f"y2 = conv 4 1\nc = conv 8 1\n{paths}concat @r @s @y2\n"
    network = cnncalc.loads(f"input 8x6x6\n{lines}")
    found, _ = read_back(network, "torch", tmp_path)
    assert numbers(found) == numbers(network)
