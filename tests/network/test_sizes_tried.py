"""Which sizes are tried, and what is made of those that were accepted."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc.network import accepted as module
from cnncalc.network.accepted import SizeRange, accepted, fitting
from cnncalc.network.trials import whole_test
from helpers import network

# --- ranges -----------------------------------------------------------------------------------------

SIZES = st.sets(st.integers(1, 40)).map(sorted)


def said(ranges: tuple[SizeRange, ...], size: int) -> bool:
    return any(
        one.first <= size and (one.last is None or size <= one.last) and (size - one.first) % one.step == 0
        for one in ranges
    )


@given(SIZES, st.integers(1, 12), st.integers(0, 12))
def test_ranges_say_what_was_tried(sizes: list[int], period: int, more: int) -> None:
    """Every size up to the largest that was tried, and of larger ones only what two periods say."""
    largest = (sizes[-1] if sizes else 1) + more
    found = module._ranges(sizes, largest, period)
    assert [size for size in range(1, largest + 1) if said(found, size)] == sizes
    assert all(one.last is not None and one.last < other.first for one, other in pairwise(found))
    run = next((at for at in range(largest) if largest - at not in sizes), largest)
    wide = run >= min(2 * period, largest // 2)
    last = found[-1] if found else SizeRange(0, 0)
    assert (last.last is None and last.step == 1) == (bool(run) and wide)
    if last.step > 1:
        steps = [other - one for one, other in pairwise(sizes)]
        assert steps[-2:] == [last.step] * 2
        assert last.step <= 2 * period
        assert largest - sizes[-1] < last.step
        assert last.first == sizes[0] or steps[sizes.index(last.first) - 1] != last.step
    elif last.last is not None and len(sizes) > 2 and not (run and wide):
        steps = [other - one for one, other in pairwise(sizes)]
        assert steps[-1] != steps[-2] or steps[-1] in (0, 1) or steps[-1] > 2 * period or more >= steps[-1]


@pytest.mark.parametrize(
    ("sizes", "largest", "period", "text"),
    [
        ([5, 6, 7, 8], 8, 2, ["any from 5 up"]),
        ([6, 7, 8], 8, 2, ["6..8"]),
        ([5, 6, 7, 8], 9, 2, ["5..8"]),
        ([4, 8, 12], 15, 2, ["any multiple of 4 from 4 up"]),
        ([4, 8, 12], 16, 2, ["4", "8", "12"]),
        ([4, 8], 8, 2, ["4", "8"]),
        ([1, 2, 4, 7, 10, 13], 14, 8, ["1", "2", "4, 7, … every 3"]),
        ([1, 6, 11], 13, 2, ["1", "6", "11"]),
        ([1, 6, 11], 13, 3, ["1, 6, … every 5"]),
        ([], 64, 1, []),
    ],
)
def test_ranges(sizes: list[int], largest: int, period: int, text: list[str]) -> None:
    assert [*map(str, module._ranges(sizes, largest, period))] == text


# --- how many are tried -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tried"),
    [
        ("input 4@10\nconv 4 1", 64),  # never fewer
        ("input 4@10\nconv 4 1 stride=30", 120),  # four periods
        ("input 4@100\nconv 4 90 stride=30", 149),  # two periods in a row
        ("input 4x30x30\npixelunshuffle 30", 120),  # where there are none, four,
        ("input 4x90x90\npixelunshuffle 30", 150),  # or two past the present one
        ("input 4x90x90\npixelunshuffle 5 | pixelunshuffle 6", 150),  # what two strides come to
        ("input 4x60x60\nhead a:\n    pixelunshuffle 20\npixelunshuffle 30", 240),  # the least common multiple
        ("input 4@10\nconv 4 1 stride=600", 2048),  # periods have an end
        ("input 4@10\nconv 4 1 stride=512 | conv 4 1 stride=2", 2048),
        (f"input 4@9\nrepeat {1_200_000 // 300 - 2}:\n    relu\nconv 4 1 stride=64", 150),  # as often as it can be tried
        ("input 4@10\nif L > 2:\n    conv 4 1", 64),  # read once more for each
        ("input 4@10\nif L > 2:\n    conv 4 1 stride=30", 120),
        ("input 4@70\nif L > 68:\n    conv 4 1\nelse:\n    fc 4", 70),  # two periods in a row, past 64
        ("input 4@100\nif L > 2:\n    conv 4 1\nrepeat 198:\n    relu", 64),
    ],
)  # fmt: skip
def test_so_many_sizes_are_tried(text: str, tried: int) -> None:
    (found,) = accepted(cnncalc.loads(text))
    assert found.tried == tried


def test_beyond_what_can_be_tried_a_size_is_bisected() -> None:
    """Two periods from the least one on."""
    text = "input 4@{}\nif L > 2:\n    conv 4 1\nconv 4 5\nrepeat 196:\n    relu"
    assert [one.tried for size in (100, 101) for one in accepted(cnncalc.loads(text.format(size)))] == [64, 6]
    (found,) = accepted(cnncalc.loads("input 4@5000\nconv 4 9 stride=3"))
    assert (found.tried, found.sizes) == (9 + 6 - 1, (SizeRange(9, None),))
    (found,) = accepted(
        cnncalc.loads("input 4@5000\npixelunshuffle 2" if False else "input 4x5000x5000\npixelunshuffle 2")
    )
    assert found.sizes == ()
    assert found.said() == f"no size from 1 to {found.tried}, the others being as they are"


def test_a_network_is_too_large_to_be_tried_less_often_than_so() -> None:
    for layers, said in ((1_200_000 // 96 - 2, True), (1_200_000 // 96, False)):
        found = accepted(cnncalc.loads(f"input 4@9\nrepeat {layers}:\n    relu\nconv 4 1"))
        assert bool(found) is said
    two = "input 4x9x8\nrepeat {}:\n    relu\nconv 4 1"
    assert len(accepted(cnncalc.loads(two.format(1_200_000 // 192 - 2)))) == 2
    assert accepted(cnncalc.loads(two.format(1_200_000 // 192))) == ()


# --- which are tried of one that does not fit -------------------------------------------------------


def candidates(text: str, *groups: tuple[int, ...]) -> list[tuple[int, ...]]:
    made = network(text)
    return [*module.candidates(made, made.inputs[0].output or (), list(groups))]


def test_multiples_are_tried_first_then_larger_ones_then_neighbours() -> None:
    found = candidates("input 3@45x70\nconv 4 99", (1,), (2,))
    steps = (2, 4, 8, 16, 32, 64, 128)
    expected = []
    for step in steps:
        expected.append((3, ceil(45 / step) * step, ceil(70 / step) * step))
        expected.append((3, (45 // step or 1) * step, (70 // step or 1) * step))
    expected += [(3, 45 * factor, 70 * factor) for factor in (2, 4, 8, 16)]
    expected += [(3, size, size) for size in (32, 64, 128, 256, 512, 1024)]
    expected += [(3, size, 70) for size in (*range(46, 45 + 128), *range(44, 0, -1))]
    expected += [(3, 45, size) for size in (*range(71, 70 + 128), *range(69, 0, -1))]
    assert found == expected


def test_equal_axes_are_tried_together() -> None:
    found = candidates("input 3@9x9\nconv 4 11", (1, 2))
    assert found[24:] == [(3, size, size) for size in (*range(10, 9 + 128), *range(8, 0, -1))]


def test_more_neighbours_are_tried_where_a_layer_is_bound_to_its_size_and_few_where_each_is_a_reading() -> None:
    assert candidates("input 3@9\nconv 4 11\nflatten | fc 3", (1,))[-9:-7] == [(3, 9 + 511), (3, 8)]
    assert candidates("input 3@9\nconv 4 11\nadd:\n    - learned 4x3\n    - identity", (1,))[-9] == (3, 9 + 511)
    assert candidates("input 3@9\nif L > 3:\n    conv 4 11", (1,))[24:] == [(3, size) for size in range(10, 9 + 17)]


def test_no_size_of_an_unknown_layer_is_said_to_fit() -> None:
    made = network("input 3@9\nconv 4 3\nconv 4 3 bais=no")
    assert whole_test(made, list(made.inputs))((3, 12)) is None
    assert fitting(made) == ()
    sound = network("input 3@9\nconv 4 3\nflatten | fc 2")
    test = whole_test(sound, list(sound.inputs))
    assert (test((3, 12)), test((3, 2))) == (((40,),), None)


# --- what stays around the present size -------------------------------------------------------------


@pytest.mark.parametrize("reach", [0, 1, 5, 511, 512, 513, 600, 1023, 1024, 1535, 1536, 1537, 40_000])
@pytest.mark.parametrize("step", [1, -1])
def test_the_last_that_is_the_same(reach: int, step: int) -> None:
    asked = []

    def same(size: int) -> bool:
        asked.append(size)
        return 0 <= (size - 50_000) * step <= reach

    assert module._last(same, 50_000, step) == 50_000 + step * reach
    assert len(asked) <= 550
