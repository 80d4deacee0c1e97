"""Merges of paths that look at different places: which paths, along which axis, how far apart; against sets of pixels."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.measure import analyze
from cnncalc.measure.receptive_field.alignment import Misalignment, misalignments


def found(text: str) -> list[Misalignment]:
    network = cnncalc.loads(text)
    return list(misalignments(network, analyze(network).fields))


def test_paths_of_other_strides() -> None:
    (one,) = found("input 1x64x64\nadd:\n    - maxpool 1x2\n    - take 0:32 axis=W\n")
    assert (one.axis, one.paths, one.jumps, one.shift, one.large, one.nominal) == (
        "width",
        (0, 1),
        (2, 1),
        0,
        True,
        False,
    )
    assert one.node.kind == "add"


def test_of_paths_of_several_strides_the_largest_are_told() -> None:
    """Behind a merge of strides 2 and 1 (itself misaligned) one of 4 and 2."""
    text = (
        "input 1x64x64\na = conv 1 1 stride=2 | take 0:8 axis=H | take 0:8 axis=W\nb = @input | take 0:8 axis=H | take 0:8 axis=W\n"
        "c = add @a @b\nd = @input | conv 1 1 stride=4 | take 0:8 axis=H | take 0:8 axis=W\ne = add @d @a\nadd @c @e"
    )
    assert [(one.node.name, one.jumps, one.shift) for one in found(text)] == [
        ("c", (2, 1), 0),
        ("e", (4, 2), 0),
        ("add1", (2, 4), 0),
    ]


@settings(max_examples=120)
@given(
    paths=st.lists(st.tuples(st.integers(1, 5), st.integers(1, 2), st.integers(0, 6)), min_size=2, max_size=3),
    stride=st.integers(1, 3),
)  # fmt: skip
def test_how_far_apart_the_centres_lie(paths: list[tuple[int, int, int]], stride: int) -> None:
    """Two windows of equal stride, by the mean of the pixels that position 5 reads; along time only ends are told apart."""
    reads, lines = [], ["input 1x60x60", "add:"]
    for kernel, dilation, before in paths:
        span = dilation * (kernel - 1)
        before = min(before, span)
        start = 5 * stride - before
        reads.append([start + dilation * tap for tap in range(kernel)])
        lines.append(f"    - conv 2 1x{kernel} stride={stride} dilation={dilation} pad=0x{before}:{span - before}")
    middles = [Fraction(one[0] + one[-1], 2) for one in reads]
    apart = next(((place, middle - middles[0]) for place, middle in enumerate(middles) if middle != middles[0]), None)
    merges = found("\n".join(lines))
    if apart is None:
        assert merges == []
        return
    (one,) = merges
    assert (one.axis, one.paths, one.jumps, one.shift, one.nominal) == (
        "width", (0, apart[0]), (stride, stride), apart[1], False
    )  # fmt: skip
    assert one.large is (abs(apart[1]) >= stride)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a gate and what is learned have no place: the paths beside them are compared
        ("input 1x9x9\nmul:\n    - gavgpool\n    - conv 1 3 pad=0:2\n    - identity", [("height", (1, 2), -1)]),
        ("input 1x9x9\na = conv 1 3 pad=0:2\nx = learned 1x9x9\nadd @x @a @input", [("height", (1, 2), -1)]),
        # the first axis that differs, and the first pair along it
        ("input 1x9x9\nadd:\n    - identity\n    - conv 1 3 pad=1x0:2\n    - conv 1 3 pad=0:2x1", [("height", (0, 2), 1)]),
        # several merges, in file order; none of concat along an axis of positions
        ("input 1x9x9\na = add:\n    - identity\n    - conv 1 3 pad=2:0\nb = concat:\n    - identity\n    - conv 1 5 pad=0:4\n",
         [("height", (0, 1), -1), ("height", (0, 1), 2)]),
        ("input 1x9x9\nconcat axis=W:\n    - identity\n    - conv 1 5 pad=0:4", []),
        # along time a path may end where the other does
        ("input 1@9\nadd:\n    - identity\n    - conv 1 3 pad=2:0", []),
        ("input 1@9\nadd:\n    - identity\n    - conv 1 3 pad=0:2", [("length", (0, 1), 1)]),
        ("input 1x9x9x9\nadd:\n    - identity\n    - conv 1 3 pad=2:0x1x1", []),
        ("input 1x9x9x9\nadd:\n    - identity\n    - conv 1 3 pad=1x2:0x1", [("height", (0, 1), -1)]),
        ("input 1x9x9\nadd:\n    - identity\n    - conv 1 3 pad=2:0x1", [("height", (0, 1), -1)]),
        # behind upsampling only a whole position counts
        ("input 1x8x8\nadd:\n    - identity\n    - maxpool 2 | resize 2", []),
        ("input 1x8x8\nadd:\n    - identity\n    - maxpool 2 | resize 2 | conv 1 3 pad=0:2", [("height", (0, 1), 1)]),
    ],
)  # fmt: skip
def test_which_paths_are_compared(text: str, expected: list[tuple[str, tuple[int, int], int]]) -> None:
    assert [(one.axis, one.paths, one.shift) for one in found(text)] == expected
