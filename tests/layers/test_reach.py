"""What an output reads along an axis, against positions laid out one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.layers.reach import MOST_RUNS, Adaptive, ReadRuns, Resample, Spread, Taps, Whole

SMALL = st.integers(1, 6)
RUNS = st.tuples(st.integers(0, 8), st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def positions(reading: ReadRuns) -> list[int]:
    assert reading.exact
    return [one for first, last in reading.runs for one in range(first, last + 1)]


def apart(reading: ReadRuns) -> bool:
    """Whether each position stands once, in order, neighbours in one run."""
    assert all(first <= last for first, last in reading.runs)
    return all(before[1] + 1 < after[0] for before, after in pairwise(reading.runs))


# --- windows ------------------------------------------------------------------------------------------


@given(taps=SMALL, stride=SMALL, before=st.integers(-3, 5), dilation=SMALL, run=RUNS)
def test_a_window_reads_its_taps(taps: int, stride: int, before: int, dilation: int, run: tuple[int, int]) -> None:
    step = Taps(99, taps, stride, before, dilation)
    read = {i * stride - before + tap * dilation for i in range(run[0], run[1] + 1) for tap in range(taps)}
    found = step.back(run)
    assert positions(found) == sorted(read)
    assert apart(found)


@given(size=st.integers(1, 20), taps=SMALL, stride=SMALL, before=st.integers(-3, 5), dilation=SMALL, outputs=SMALL)
def test_windows_read_past_the_ends_by_their_margins(
    size: int, taps: int, stride: int, before: int, dilation: int, outputs: int
) -> None:
    read = [i * stride - before + tap * dilation for i in range(outputs) for tap in range(taps)]
    assert Taps(size, taps, stride, before, dilation).margins(outputs) == (-min(read), max(read) - (size - 1))


@pytest.mark.parametrize(("taps", "dilation", "reach"), [(1, 1, 1), (3, 1, 3), (3, 2, 5), (1, 9, 1), (2, 7, 8)])
def test_a_window_reaches_from_its_first_tap_to_its_last(taps: int, dilation: int, reach: int) -> None:
    assert Taps(50, taps, dilation=dilation).reach == reach


def test_a_pixel_by_default() -> None:
    step = Taps(7)
    assert (step.size, step.reach, step.stride, step.before, step.dilation) == (7, 1, 1, 0, 1)
    assert (step.whole, step.nominal) == (False, False)
    assert step.back((2, 4)).runs == ((2, 4),)


def test_a_dilation_as_large_as_the_size_skips_all_between() -> None:
    """Taps 5 apart on five pixels: one output reads two pixels, five neighbours read all."""
    step = Taps(5, 2, 1, 5, 5)
    assert step.back((0, 0)).runs == ((-5, -5), (0, 0))
    assert step.back((0, 3)).runs == ((-5, -2), (0, 3))
    assert step.back((0, 4)).runs == ((-5, 4),)


@pytest.mark.parametrize(
    ("step", "run", "hull"),
    [
        (Taps(10**6, 2, 3), (0, MOST_RUNS), (0, 3 * MOST_RUNS + 1)),
        (Taps(10**6, MOST_RUNS + 1, 1, 0, 3), (0, 0), (0, 3 * MOST_RUNS)),
        (Taps(10**6, MOST_RUNS + 1, 1, 0, 3), (0, 1), (0, 3 * MOST_RUNS + 1)),
        (Taps(10**6, MOST_RUNS + 1, 2, 0, 3), (0, 0), (0, 3 * MOST_RUNS)),
        (Taps(10**6, 64, 200, 0, 3), (0, 64), (0, 64 * 200 + 189)),
    ],
)
def test_of_too_many_taps_the_hull(step: Taps, run: tuple[int, int], hull: tuple[int, int]) -> None:
    assert step.back(run) == ReadRuns((hull,), exact=False)


@pytest.mark.parametrize(
    ("step", "run"),
    [
        (Taps(10**6, 2, 3), (0, MOST_RUNS - 1)),
        (Taps(10**6, MOST_RUNS, 1, 0, 3), (0, 1)),
        (Taps(10**6, 64, 200, 0, 3), (0, 63)),
    ],
)
def test_as_many_runs_as_may_be_are_exact(step: Taps, run: tuple[int, int]) -> None:
    assert step.back(run).exact
    assert len(step.back(run).runs) == MOST_RUNS


def test_windows_that_join_are_one_run_however_many() -> None:
    assert Taps(10**9, 3, 3).back((0, 10**8)) == ReadRuns(((0, 3 * 10**8 + 2),))
    assert Taps(10**9, 1, 1, 0, 7).back((5, 10**8)) == ReadRuns(((5, 10**8),))
    assert Taps(10**9, 10**6, 5).back((7, 7)) == ReadRuns(((35, 35 + 10**6 - 1),))
    assert Taps(10**9, 10**6, 1, 0, 4).back((0, 3)) == ReadRuns(((0, 4 * 10**6 - 1),))


# --- the whole axis -----------------------------------------------------------------------------------


def test_the_whole_axis_whatever_the_output() -> None:
    whole = Whole(9)
    assert (whole.size, whole.reach, whole.stride, whole.before) == (9, 9, 0, 0)
    assert (whole.whole, whole.nominal) == (True, False)
    assert whole.back((0, 0)) == whole.back((3, 4)) == ReadRuns(((0, 8),))


# --- transposed windows -------------------------------------------------------------------------------


def writers(step: Spread, run: tuple[int, int]) -> list[int]:
    """The inputs i that write to an output i*step - pad + t*dilation of the run."""
    return [
        i
        for i in range(step.size)
        if any(run[0] <= i * step.step - step.pad + tap * step.dilation <= run[1] for tap in range(step.taps))
    ]


@given(size=st.integers(1, 9), taps=SMALL, stride=SMALL, pad=st.integers(0, 4), dilation=SMALL, run=RUNS)
def test_a_transposed_window_is_read_by_who_writes_there(
    size: int, taps: int, stride: int, pad: int, dilation: int, run: tuple[int, int]
) -> None:
    step = Spread(size, taps, stride, pad, dilation)
    found = step.back(run)
    assert positions(found) == writers(step, run)
    assert apart(found)


def test_taps_apart_leave_writers_out() -> None:
    """Three taps, 2 apart, at step 1: output 4 is written by the pixels 0, 2 and 4."""
    assert Spread(9, 3, 1, 0, 2).back((4, 4)).runs == ((0, 0), (2, 2), (4, 4))
    assert Spread(9, 3, 1, 0, 2).back((4, 5)).runs == ((0, 5),)
    assert Spread(3, 1, 4, 0).back((1, 3)).runs == ()


def test_a_transposed_window_in_pixels_of_its_input() -> None:
    """Four taps at step 2: 1 + 3/2 pixels, half a pixel further for each output, (3 - 1)/2 before the first."""
    step = Spread(8, 4, 2, 1)
    assert (step.reach, step.stride, step.before) == (Fraction(5, 2), Fraction(1, 2), 1)
    assert (step.whole, step.nominal, step.dilation) == (False, True, 1)
    wide = Spread(8, 3, 1, 1, 2)
    assert (wide.reach, wide.stride, wide.before) == (5, 1, 3)
    assert [type(one) for one in (wide.reach, wide.stride, wide.before)] == [int, int, int]
    odd = Spread(8, 3, 4, 1, 2)
    assert (odd.reach, odd.stride, odd.before) == (2, Fraction(1, 4), Fraction(3, 4))


def test_of_too_many_writers_the_hull() -> None:
    """Two taps 9999 apart, step 1: an output is written by two pixels with 9,998 between them."""
    step = Spread(10**5, 2, 1, 0, 9999)
    assert step.back((20_000, 20_000)) == ReadRuns(((10_001, 20_000),), exact=False)
    near = Spread(10**5, 2, 1, 0, MOST_RUNS - 1)
    assert near.back((20_000, 20_000)) == ReadRuns(((20_000 - MOST_RUNS + 1, 20_000 - MOST_RUNS + 1), (20_000, 20_000)))
    assert not Spread(10**5, 2, 1, 0, MOST_RUNS).back((20_000, 20_000)).exact
    assert Spread(10**5, 2, 1, 0, 9999).back((20_000, 29_998)).exact  # as long as the dilation: all between are writers


# --- interpolation ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "ratio", "taps", "output", "read"),
    [
        # Twice as large, linear: output i is at (i + 1/2)/2 - 1/2 = -1/4, 1/4, 3/4, 5/4, …
        (4, Fraction(1, 2), 2, 0, (0, 0)),  # before the first pixel: the pixel itself
        (4, Fraction(1, 2), 2, 1, (0, 1)),
        (4, Fraction(1, 2), 2, 2, (0, 1)),
        (4, Fraction(1, 2), 2, 3, (1, 2)),
        (4, Fraction(1, 2), 2, 7, (3, 3)),  # past the last pixel
        # Twice as large, nearest: floor(i/2).
        (4, Fraction(1, 2), 1, 0, (0, 0)),
        (4, Fraction(1, 2), 1, 1, (0, 0)),
        (4, Fraction(1, 2), 1, 7, (3, 3)),
        (4, Fraction(1, 2), 1, 9, (3, 3)),
        # A third as large, linear: at 1, 4, 7: exactly on a pixel, whose neighbour has a weight of 0.
        (9, Fraction(3), 2, 0, (1, 1)),
        (9, Fraction(3), 2, 2, (7, 7)),
        # Half as large, linear: at 1/2, 5/2.
        (8, Fraction(2), 2, 1, (2, 3)),
        (8, Fraction(2), 1, 1, (2, 2)),
    ],
)
def test_an_output_looks_where_pytorch_looks(
    size: int, ratio: Fraction, taps: int, output: int, read: tuple[int, int]
) -> None:
    assert Resample(size, ratio, taps).back((output, output)).runs == (read,)


@given(
    size=st.integers(1, 12), above=st.integers(1, 7), below=st.integers(1, 7), taps=st.integers(1, 2),
    run=st.tuples(st.integers(0, 9), st.integers(0, 6)).map(lambda pair: (pair[0], pair[0] + pair[1])),
)  # fmt: skip
def test_outputs_read_the_pixels_on_both_sides(
    size: int, above: int, below: int, taps: int, run: tuple[int, int]
) -> None:
    """Whole numbers throughout: output i is at ((2i + 1)*above - below)/(2*below)."""
    read = set()
    for i in range(run[0], run[1] + 1):
        if taps == 1:
            read.add(min(i * above // below, size - 1))
        else:
            doubled = max((2 * i + 1) * above - below, 0)
            ends = (doubled // (2 * below), -(-doubled // (2 * below)))
            read |= {min(one, size - 1) for one in ends}
    found = Resample(size, Fraction(above, below), taps).back(run)
    assert positions(found) == sorted(read)
    assert apart(found)


def test_pixels_between_outputs_are_left_out() -> None:
    """Nearest at 3/2: 0, floor(1.5), 3, floor(4.5)."""
    assert Resample(9, Fraction(3, 2), 1).back((0, 3)).runs == ((0, 1), (3, 4))


def test_the_centre_of_an_interpolated_field_is_where_the_output_looks() -> None:
    """The first output is at ratio/2 - 1/2: its field, `reach` wide, begins reach/2 before the middle ratio/2."""
    twice, half, same = (Resample(8, Fraction(one), 2) for one in (Fraction(1, 2), 2, 1))
    assert (twice.reach, twice.stride, twice.before) == (2, Fraction(1, 2), Fraction(3, 4))
    assert (half.reach, half.stride, half.before) == (2, 2, 0)
    assert (same.reach, same.stride, same.before) == (1, 1, 0)
    nearest = Resample(8, Fraction(1, 2), 1)
    assert (nearest.reach, nearest.before) == (1, Fraction(1, 4))
    assert [type(one) for one in (half.stride, half.before, same.before)] == [int, int, int]
    assert (twice.whole, twice.nominal) == (False, True)


def test_of_too_many_interpolated_outputs_the_hull() -> None:
    far = Resample(10**6, Fraction(4), 1)
    assert far.back((10, MOST_RUNS + 9)).exact
    assert far.back((0, MOST_RUNS)) == ReadRuns(((0, 4 * MOST_RUNS),), exact=False)
    assert len(far.back((0, MOST_RUNS - 1)).runs) == MOST_RUNS
    assert Resample(10**6, Fraction(1), 1).back((0, MOST_RUNS + 1)) == ReadRuns(((0, MOST_RUNS + 1),))


# --- adaptive pools -----------------------------------------------------------------------------------


@given(size=st.integers(1, 30), outputs=st.integers(1, 30), data=st.data())
def test_an_adaptive_window_reads_from_floor_to_ceil(size: int, outputs: int, data: st.DataObject) -> None:
    """PyTorch's definition: from floor(i*W/n) up to, but without, ceil((i+1)*W/n)."""
    windows = [range(i * size // outputs, -(-(i + 1) * size // outputs)) for i in range(outputs)]
    step = Adaptive(size, outputs)
    first = data.draw(st.integers(0, outputs - 1))
    last = data.draw(st.integers(first, outputs - 1))
    assert positions(step.back((first, last))) == sorted({one for w in windows[first : last + 1] for one in w})
    assert step.reach == max(len(window) for window in windows)
    assert step.stride == Fraction(size, outputs)
    assert step.nominal == (len({len(window) for window in windows}) > 1 or size % outputs != 0)
    assert step.whole == (outputs == 1)


def test_adaptive_windows_start_with_the_input() -> None:
    step = Adaptive(6, 3)
    assert step.before == 0
    assert type(step.stride) is int
    assert Adaptive(7, 3).nominal
    assert not step.nominal
