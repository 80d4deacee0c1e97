"""Positions along an axis as runs."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.layers.reach import MOST_RUNS, ReadRuns, joined_runs, limited, whole_or_fraction


@pytest.mark.parametrize(
    ("runs", "joined"),
    [
        ([], ()),
        ([(3, 5)], ((3, 5),)),
        ([(6, 8), (1, 2)], ((1, 2), (6, 8))),
        ([(1, 2), (3, 4)], ((1, 4),)),  # they touch
        ([(1, 2), (4, 5)], ((1, 2), (4, 5))),  # 3 is between them
        ([(1, 9), (2, 3)], ((1, 9),)),  # one inside the other
        ([(1, 4), (2, 9), (9, 9)], ((1, 9),)),
        ([(0, 9), (2, 3), (5, 5)], ((0, 9),)),
        ([(-2, -1), (0, 0)], ((-2, 0),)),
    ],
)
def test_runs_that_touch_or_overlap_are_one(runs: list[tuple[int, int]], joined: tuple[tuple[int, int], ...]) -> None:
    assert joined_runs(runs) == joined


@given(st.lists(st.tuples(st.integers(-9, 30), st.integers(0, 5)), max_size=9))
def test_joined_runs_hold_the_same_positions_with_gaps_between(pairs: list[tuple[int, int]]) -> None:
    runs = [(first, first + more) for first, more in pairs]
    joined = joined_runs(runs)
    assert [one for run in joined for one in range(run[0], run[1] + 1)] == sorted(
        {one for first, last in runs for one in range(first, last + 1)}
    )
    assert all(before[1] + 1 < after[0] for before, after in pairwise(joined))


def test_too_many_runs_are_their_hull() -> None:
    assert MOST_RUNS == 4096
    many = [(2 * one, 2 * one) for one in range(4097)]
    assert limited(many[:4096], 4096, (0, 8190)) == ReadRuns(tuple(many[:4096]), exact=True)
    assert limited(many, 4097, (0, 8192)) == ReadRuns(((0, 8192),), exact=False)


def test_a_reading_is_exact_unless_it_says_otherwise() -> None:
    assert ReadRuns(((1, 2),)).exact is True
    assert limited([(1, 2), (3, 3)], 2, (1, 3)) == ReadRuns(((1, 3),), exact=True)


def test_a_whole_number_is_an_int() -> None:
    whole, half = whole_or_fraction(Fraction(6, 2)), whole_or_fraction(Fraction(1, 2))
    assert (whole, type(whole)) == (3, int)
    assert (half, type(half)) == (Fraction(1, 2), Fraction)
    assert whole_or_fraction(0) == 0
