"""All positions as one, behind what makes maps larger and what leaves little of them, against sets of positions.

A convolution's padding counts as positions past the ends; a transposed one, an interpolation and an adaptive pool read
what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.measure import LayerRow

Reads = Callable[[int], range]


@dataclass
class Step:
    """One layer along the axis: what it reads at a position, of which `inside` keeps what the input has."""

    text: str
    outputs: int
    reads: Reads
    inside: bool


def seen(steps: list[Step], size: int, positions: range, clipped: bool) -> set[int]:
    """The input pixels on which `positions` depend; nothing is left out unless `clipped`."""
    sizes = [size, *(step.outputs for step in steps)]
    wanted = set(positions)
    for step, before in zip(reversed(steps), reversed(sizes[:-1]), strict=True):
        wanted = {pixel for one in wanted for pixel in step.reads(one)}
        if clipped and step.inside:
            wanted &= set(range(before))
    return wanted


def conv(size: int, kernel: int, stride: int, pad: int) -> Step:
    count = (size + 2 * pad - kernel) // stride + 1
    return Step(f"conv 2 {kernel} stride={stride} pad={pad}", count,
                lambda at: range(at * stride - pad, at * stride - pad + kernel), False)  # fmt: skip


def upconv(size: int, kernel: int, pad: int) -> Step:
    return Step(f"upconv 2 {kernel} pad={pad}", size + kernel - 1 - 2 * pad,
                lambda at: range(at + pad - kernel + 1, at + pad + 1), True)  # fmt: skip


def taken(size: int, start: int, kept: int) -> Step:
    return Step(f"take {start}:{start + kept} axis=L", kept, lambda at: range(at + start, at + start + 1), False)


def cropped(size: int, kept: int) -> Step:
    start = (size - kept) // 2
    return Step(f"crop {kept}", kept, lambda at: range(at + start, at + start + 1), False)


@st.composite
def chains(draw: st.DrawFn) -> tuple[int, list[Step]]:
    """Convolutions, then a transposed one and what reads no padding behind it."""
    size = start = draw(st.integers(3, 30))
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 6))):
        after = any(step.inside for step in steps)
        what = draw(st.sampled_from(["conv", "upconv", "upconv", "take", "crop"] if number else ["upconv", "conv"]))
        if what == "conv":
            step = conv(size, draw(st.integers(1, 5)), draw(st.integers(1, 3)), 0 if after else draw(st.integers(0, 3)))
        elif what == "upconv":
            kernel = draw(st.integers(1, 9))
            step = upconv(size, kernel, draw(st.integers(0, min(kernel - 1, 3))))
        elif what == "take":
            first = draw(st.integers(0, size - 1))
            step = taken(size, first, draw(st.integers(1, size - first)))
        else:
            step = cropped(size, draw(st.integers(1, size)))
        if step.outputs < 1:
            continue
        steps.append(step)
        size = step.outputs
    assume(steps)
    return start, steps


def last_row(size: int, steps: list[Step], end: str) -> LayerRow:
    lines = [f"input 2@{size}", *(step.text for step in steps), end]
    return cnncalc.analyze(cnncalc.loads("\n".join(lines))).layers[-1]


@settings(max_examples=300)
@given(chain=chains(), end=st.sampled_from(["flatten", "gavgpool", "mean L", "avgpool to=1", "reshape ?x1"]))
def test_all_positions_as_one_see_what_each_sees(chain: tuple[int, list[Step]], end: str) -> None:
    size, steps = chain
    row = last_row(size, steps, end)
    assert row.field and row.start
    field, start = row.field[0], row.start[0]
    one = seen(steps, size, range(1), clipped=False)
    every = seen(steps, size, range(steps[-1].outputs), clipped=True)
    unclipped = seen(steps, size, range(steps[-1].outputs), clipped=False)
    assert field >= max(one) - min(one) + 1
    assert min(unclipped) <= start
    assert start + field - 1 <= max(unclipped)
    if every:
        assert start <= min(every)
        assert max(every) <= start + field - 1


@settings(max_examples=300)
@given(chain=chains())
def test_of_one_transposed_convolution_just_the_pixels_that_are_there(chain: tuple[int, list[Step]]) -> None:
    """Where they are as many as one position's window; a window that stands half off the ends counts whole."""
    size, steps = chain
    assume(sum(step.inside for step in steps) == 1)
    row = last_row(size, steps, "flatten")
    one = seen(steps, size, range(1), clipped=False)
    every = seen(steps, size, range(steps[-1].outputs), clipped=True)
    assume(every and max(every) - min(every) >= max(one) - min(one))
    assert (row.start, row.field) == ((min(every),), (max(every) - min(every) + 1,))


@pytest.mark.parametrize(
    ("layers", "field", "start"),
    [
        ("upconv 4 3 | crop 1 | flatten", (3, 3), (2, 2)),
        ("upconv 4 5 | crop 1 | flatten", (5, 5), (1, 1)),
        ("upconv 4 3 | take 0:1 axis=H | flatten", (3, 8), (-2, 0)),
        ("upconv 4 3 | take 9:10 axis=W | mean W", (3, 3), (-2, 7)),
        ("upconv 4 3 | crop 6 | mean H", (8, 3), (0, 0)),
        ("upconv 4 9 | flatten", (9, 9), (-1, -1)),
        ("resize 2 | crop 1 | flatten", (1, 1), (F := Fraction(13, 4), F)),
        ("resize 1/2 | flatten", (7, 7), (Fraction(1, 2), Fraction(1, 2))),
        ("avgpool to=4 | take 0:1 axis=H | flatten", (2, 8), (0, 0)),
        ("avgpool to=3 | crop 1 | gmaxpool", (4, 4), (Fraction(8, 3), Fraction(8, 3))),
        ("resize 2 | conv 4 3 pad=1 | gavgpool", (9, 9), (Fraction(-1, 2), Fraction(-1, 2))),
    ],
)
def test_few_positions(layers: str, field: tuple[object, object], start: tuple[object, object]) -> None:
    row = cnncalc.analyze(cnncalc.loads(f"input 3x8x8\n{layers}")).layers[-1]
    assert (row.field, row.start) == (field, start)


def test_paths_of_a_merge_are_seen_as_one() -> None:
    """Each path's pixels, however they step, and never less than what one position of both sees."""
    text = "input 3x8x8\nconcat:\n    - upconv 2 5 | crop 1\n    - conv 4 3 | crop 1\n    - gavgpool\nflatten"
    rows = cnncalc.analyze(cnncalc.loads(text)).layers
    assert (rows[-2].field, rows[-2].start) == ((8, 8), (0, 0))
    assert (rows[-1].field, rows[-1].start) == ((8, 8), (0, 0))
