"""Which channels of the input a part of the output depends on, against the definition of each kind, element by element."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.layers.reach import MOST_RUNS, Runs, joined_runs
from cnncalc.values import Pair, Shape

from .making import made

#: The input channels of which output element (channel, row, column) is made.
Reads = Callable[[int, int, int], set[int]]


def everything(shape: Shape) -> Reads:
    return lambda channel, row, column: set(range(shape[0]))


#: A layer, an input, and what an output element reads.
CASES: list[tuple[str, dict[str, object], Shape, Reads]] = [
    ("conv", {"filters": 4, "kernel": 1}, (6, 2, 2), everything((6,))),
    ("conv", {"filters": 6, "kernel": 1, "groups": 3}, (9, 2, 2), lambda c, y, x: {c // 2 * 3 + k for k in range(3)}),
    ("conv", {"filters": 9, "kernel": 1, "groups": 3}, (6, 2, 2), lambda c, y, x: {c // 3 * 2 + k for k in range(2)}),
    ("upconv", {"filters": 8, "kernel": 1, "groups": 2}, (6, 2, 2), lambda c, y, x: {c // 4 * 3 + k for k in range(3)}),
    ("dwconv", {"kernel": 1}, (5, 2, 2), lambda c, y, x: {c}),
    ("dwconv", {"kernel": 1, "multiplier": 3}, (4, 2, 2), lambda c, y, x: {c // 3}),
    ("localconv", {"filters": 5, "kernel": 1}, (3, 2, 2), everything((3,))),
    ("maxpool", {"kernel": 1}, (5, 2, 2), lambda c, y, x: {c}),
    ("bn", {}, (5, 2, 2), lambda c, y, x: {c}),
    ("ln", {}, (5, 2, 2), everything((5,))),
    ("relu", {}, (5, 2, 2), lambda c, y, x: {c}),
    ("softmax", {}, (5, 2, 2), everything((5,))),
    ("glu", {}, (6, 2, 2), lambda c, y, x: {c, c + 3}),
    ("lrn", {"size": 3}, (7, 2, 2), lambda c, y, x: {k for k in (c - 1, c, c + 1) if 0 <= k < 7}),
    ("lrn", {"size": 5}, (4, 2, 2), lambda c, y, x: {k for k in range(c - 2, c + 3) if 0 <= k < 4}),
    ("shuffle", {"groups": 2}, (6, 2, 2), lambda c, y, x: {c % 2 * 3 + c // 2}),
    ("shuffle", {"groups": 3}, (6, 2, 2), lambda c, y, x: {c % 3 * 2 + c // 3}),
    ("take", {"range": Pair(2, 5)}, (7, 2, 2), lambda c, y, x: {c + 2}),
    ("take", {"range": Pair(1, 2), "axis": "H"}, (7, 2, 2), lambda c, y, x: {c}),
    ("pixelshuffle", {"factor": 2}, (12, 2, 2), lambda c, y, x: {c * 4 + y % 2 * 2 + x % 2}),
    ("pixelshuffle", {"factor": 3}, (18, 1, 2), lambda c, y, x: {c * 9 + y % 3 * 3 + x % 3}),
    ("pixelunshuffle", {"factor": 2}, (3, 4, 2), lambda c, y, x: {c // 4}),
]  # fmt: skip
NAMES = [f"{kind} {arguments}" for kind, arguments, _, _ in CASES]


def elements(runs: Runs) -> list[int]:
    return [place for first, last in runs for place in range(first, last + 1)]


@settings(max_examples=25)
@given(data=st.data())
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_channels_are_those_of_the_definition(
    case: tuple[str, dict[str, object], Shape, Reads], data: st.DataObject
) -> None:
    """All that is needed, and, where it says that it is exact, no other."""
    kind, arguments, shape, reads = case
    layer = made(kind, **arguments)
    output = layer.output((shape,))
    box = []
    for size in output:
        wanted = data.draw(st.sets(st.integers(0, size - 1), min_size=1))
        box.append(joined_runs((place, place) for place in wanted))
    found, exact = layer.channels_read(tuple(box), shape, output)
    needed = {channel for place in product(*map(elements, box)) for channel in reads(*place)}
    assert needed <= set(elements(found))
    assert list(found) == sorted(found)
    assert not exact or needed == set(elements(found))
    if all(len(elements(runs)) == 1 for runs in box):  # what stands at one place can be said
        assert needed == set(elements(found))
    if all(len(elements(runs)) == size for runs, size in zip(box, output, strict=True)):
        assert exact


@pytest.mark.parametrize(("kind", "exact"), [("pixelshuffle", True), ("pixelunshuffle", False)])
def test_of_what_ties_channels_to_positions_a_box_is_the_hull(kind: str, exact: bool) -> None:
    """Of a patch's first row pixelshuffle reads every second pair of channels; who unshuffles reads whole channels."""
    layer = made(kind, factor=2)
    shape = (8, 4, 4)
    output = layer.output((shape,))
    found, known = layer.channels_read((((0, 0),), ((0, 0),), ((0, 0),)), shape, output)
    assert (found, known) == (((0, 0),), exact)


def test_pixelshuffle_says_whether_its_channels_go_with_its_positions() -> None:
    """Channels 0 and 3 for the places (0, 0) and (1, 1), but a box has (0, 1), too."""
    layer, shape, output = made("pixelshuffle", factor=2), (8, 4, 4), (2, 8, 8)
    assert layer.channels_read((((0, 0),), ((0, 1),), ((0, 1),)), shape, output) == (((0, 3),), False)
    assert layer.channels_read((((0, 1),), ((0, 7),), ((0, 7),)), shape, output) == (((0, 7),), True)
    assert layer.channels_read((((0, 0),), ((2, 2),), ((5, 5),)), shape, output) == (((1, 1),), True)
    assert layer.channels_read((((0, 1),), ((3, 3),), ((4, 6),)), shape, output) == (((2, 3), (6, 7)), False)


def test_of_too_many_channels_the_hull() -> None:
    """A shuffle of more channels than a step may have runs reads all; pixelshuffle whole patches of channels."""
    many = 2 * (MOST_RUNS + 1)
    layer = made("shuffle", groups=2)
    assert layer.channel_run((0, MOST_RUNS), (many, 1, 1), (many, 1, 1)) == [(0, many - 1)]
    assert len(layer.channel_run((1, MOST_RUNS), (many, 1, 1), (many, 1, 1))) == MOST_RUNS
    pixels = made("pixelshuffle", factor=2)
    shape, output = (4 * many, 1, 1), (many, 2, 2)
    place = ((1, 1),), ((0, 0),)
    assert pixels.channels_read((((0, MOST_RUNS),), *place), shape, output) == (((0, 4 * MOST_RUNS + 3),), False)
    some, exact = pixels.channels_read((((0, MOST_RUNS - 1),), *place), shape, output)
    assert (len(some), some[0], exact) == (MOST_RUNS, (2, 2), True)


@pytest.mark.parametrize(
    ("rows", "columns", "read", "exact"),
    [
        (((1, 1),), ((2, 2),), ((2, 2),), True),
        (((1, 1),), ((0, 0), (2, 2)), ((2, 2),), True),
        (((0, 0), (3, 3)), ((2, 2),), ((0, 0), (2, 2)), True),
        (((0, 1),), ((2, 2),), ((0, 0), (2, 2)), False),
        (((0, 0),), ((2, 3),), ((0, 1),), False),
        (((0, 3),), ((0, 3),), ((0, 3),), False),
    ],
)
def test_pixels_that_stand_alone_are_of_channels_that_can_be_told(
    rows: Runs, columns: Runs, read: Runs, exact: bool
) -> None:
    """Of 8 channels one of 2 is made; a stretch of rows or columns holds several."""
    layer = made("pixelshuffle", factor=2)
    assert layer.channels_read((((0, 0),), rows, columns), (8, 2, 2), (2, 4, 4)) == (read, exact)
