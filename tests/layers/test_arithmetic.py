"""How the size of each axis comes about, in figures: what is said, and that it is true."""

from __future__ import annotations

import re
from math import ceil, floor

import pytest

from cnncalc.layers import LayerError
from helpers import network
from layers.making import made
from layers.recorded import CASES, Recorded

#: Input, line, and what is said of every axis of the output; a dash for nothing.
SAID = """\
3x32x30; conv 8 3x5 stride=2 pad=1:0x2; each of the 8 filters gives a channel; floor((32 - 3 + 1 + 0)/2) + 1 = 16; floor((30 - 5 + 2*2)/2) + 1 = 15
3x32x30; conv 8 3 dilation=2 pad=same; each of the 8 filters gives a channel; floor((32 - 2*(3 - 1) - 1 + 2*2)/1) + 1 = 32; floor((30 - 2*(3 - 1) - 1 + 2*2)/1) + 1 = 30
3@50; conv 8 5 stride=2 pad=causal; each of the 8 filters gives a channel; floor((50 - 5 + 4 + 0)/2) + 1 = 25
4x16x16; dwconv 3 pad=1; -; floor((16 - 3 + 2*1)/1) + 1 = 16; floor((16 - 3 + 2*1)/1) + 1 = 16
4x16x16; dwconv 3 stride=2 multiplier=3; 4*3 = 12; floor((16 - 3 + 2*0)/2) + 1 = 7; floor((16 - 3 + 2*0)/2) + 1 = 7
4x9x9; localconv 6 3; each of the 6 filters gives a channel; floor((9 - 3 + 2*0)/1) + 1 = 7; floor((9 - 3 + 2*0)/1) + 1 = 7
4x9x8; upconv 6 3 stride=2 pad=1 outpad=1x0; each of the 6 filters gives a channel; (9-1)*2+3-2*1+1 = 18; (8-1)*2+3-2*1 = 15
4x9x8; upconv 6 4 stride=2 pad=same; each of the 6 filters gives a channel; 9*2 = 18; 8*2 = 16
4x9x8; upconv 6 3 dilation=2 pad=0:1; each of the 6 filters gives a channel; (9-1)*1+2*(3-1)+1-0-1 = 12; (8-1)*1+2*(3-1)+1-0-1 = 11
4x15x16; maxpool 3x2 stride=2 pad=1x0; -; floor((15 - 3 + 2*1)/2) + 1 = 8; floor((16 - 2 + 2*0)/2) + 1 = 8
4x15x15; maxpool 2 ceil=yes; -; ceil((15 - 2 + 2*0)/2) + 1 = 8; ceil((15 - 2 + 2*0)/2) + 1 = 8
4x15x15; avgpool to=7x5; -; to=7x5 gives 7 of any input; to=7x5 gives 5 of any input
4x15x15; gavgpool; -; gavgpool gives 1 of any input; gavgpool gives 1 of any input
4x15x15; gmaxpool; -; gmaxpool gives 1 of any input; gmaxpool gives 1 of any input
100; fc 10; each of the 10 units gives a value
4x1x1; fc 10; each of the 10 units gives a value
4x5x6; flatten; 4*5*6 = 120
40; flatten; -
4x5x6; reshape ?x3; 4*5*6/3 = 40; it is the 3 of reshape ?x3
4x5x6; reshape 2x?x3; it is the 2 of reshape 2x?x3; 4*5*6/(2*3) = 20; it is the 3 of reshape 2x?x3
40; reshape ?; -
4x5x6; reshape ?; 4*5*6 = 120
40; reshape 4x?; it is the 4 of reshape 4x?; 40/4 = 10
4x5x6; bn; -; -; -
4x5x6; relu; -; -; -
4x5x6; glu; 4/2 = 2; -; -
4x5x6; softmax; -; -; -
4x5x6; lrn 5; -; -; -
4x5x6; pad 1:2x0:3; -; 5 + 1 + 2 = 8; 6 + 0 + 3 = 9
4x5x6; pad (-1, 2); -; 5 - 1 - 1 = 3; 6 + 2 + 2 = 10
4x5x6; crop 3x4; -; crop leaves 3; crop leaves 4
4x5x6; crop like=@input; -; crop leaves 5; crop leaves 6
4x5x6; resize 2; -; 5*2 = 10; 6*2 = 12
4x5x6; resize (1.5, 2); -; floor(5*1.5) = 7; 6*2 = 12
4x5x6; resize to=7x8; -; to=7x8 gives 7 of any input; to=7x8 gives 8 of any input
4x5x6; resize like=@input; -; like=@… gives 5 of any input; like=@… gives 6 of any input
8x5x6; pixelshuffle 2; 8/(2*2) = 2; 5*2 = 10; 6*2 = 12
8x4x6; pixelunshuffle 2; 8*2*2 = 32; 4/2 = 2; 6/2 = 3
8x4x6; shuffle 4; -; -; -
8x4x6; take 2:5; 5 - 2 = 3; -; -
8x4x6; take 1:3 axis=W; -; -; 3 - 1 = 2
8x4x6; scale; -; -; -
8x4x6; tokens; -; 4*6 = 24
8@24; attention 4; -; -
8@24; mean L; -; mean L gives 1
8x4x6; max C; max C gives 1; -; -
8x4x6; add @input @input; -; -; -
8x4x6; concat @input @input; 8 + 8 = 16; -; -
8x4x6; concat @input @input @input @input @input @input @input @input; 8 + 8 + 8 + 8 + 8 + 8 + 8 + 8 = 64; -; -
8x4x6; concat 12 x @input; 8 + … + 8 = 96; -; -
8x4x6; concat 13 x @input; 8 + … + 8 + … of 13 tensors = 104; -; -
8x4x6; concat @input @input axis=W; -; -; 6 + 6 = 12
8x4x6; mul @input @input; -; -; -
"""


def spelled_out(text: str) -> str:
    for count in (12, 13):
        text = text.replace(f" {count} x @input", " @input" * count)
    return text


@pytest.mark.parametrize("row", SAID.splitlines())
def test_what_is_said(row: str) -> None:
    shape, line, *said = row.split("; ")
    node = network(f"input {shape}\n{spelled_out(line)}").nodes[-1]
    assert node.layer is not None
    assert node.output is not None
    assert len(said) == len(node.output)
    entering = (network(f"input {shape}").nodes[0].output,) * len(node.inputs)
    found = [node.layer.arithmetic(entering, node.output, axis) or "-" for axis in range(len(said))]
    assert found == [one.replace("8 + … + 8", " + ".join(["8"] * 12)) for one in said]


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{number}-{case.name}") for number, case in CASES])
def test_what_is_said_comes_to_what_pytorch_gives(case: Recorded) -> None:
    """A formula has the output for its value; where nothing is said the size is that of the input."""
    if case.output is None:
        return
    try:
        layer = made(case.name, **case.given)
        output = layer.output((case.entering,))
    except LayerError:
        return
    for text, size in zip(layer.formulas(case.entering, spaced=False), case.output[1:], strict=False):
        formula, _, result = text.rpartition(" = ")
        assert eval(formula, {"floor": floor, "ceil": ceil}) == int(result) == size
    for axis, size in enumerate(case.output):
        said = layer.arithmetic((case.entering,), output, axis)
        formula, equals, result = said.rpartition(" = ")
        if equals:
            assert eval(formula, {"floor": floor, "ceil": ceil}) == int(result) == size
        elif said:
            assert str(size) in re.findall(r"\d+", said)
        else:
            assert case.entering[axis] == size
