"""The statistics of the benchmark."""

from math import isclose
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.figures import Spread, exponent, ratios, spread

VALUES = st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=30)


def test_spread():
    assert spread([3.0, 1.0, 2.0, 5.0, 4.0]) == Spread(3.0, 2.0, 4.0)
    assert spread([7.0]) == Spread(7.0, 7.0, 7.0)
    assert spread([1.0, 2.0]) == Spread(1.5, 1.25, 1.75)


@given(VALUES)
def test_the_quartiles_lie_about_the_median_and_within_the_values(values):
    found = spread(values)
    assert found.median == median(values)
    assert min(values) <= found.low <= found.median <= found.high <= max(values)


def test_ratios_are_those_of_the_rounds():
    """A round in which everything took ten times as long counts as any other."""
    assert ratios([2.0, 20.0, 2.0], [1.0, 10.0, 1.0]) == Spread(2.0, 2.0, 2.0)
    assert ratios([2.0, 30.0, 8.0], [1.0, 10.0, 2.0]).median == 3.0


def test_ratios_want_as_many_of_each():
    with pytest.raises(ValueError, match="zip"):
        ratios([1.0, 2.0], [1.0])


@given(st.floats(-3, 3), st.floats(1e-3, 1e3), st.lists(st.integers(1, 10**6), min_size=2, max_size=6, unique=True))
def test_the_exponent_of_a_power(power, factor, sizes):
    assert isclose(exponent(sizes, [factor * size**power for size in sizes]), power, rel_tol=1e-5, abs_tol=1e-5)


def test_the_exponent_is_the_least_squares_slope():
    """(0, 0), (1, 2), (2, 2) in powers of ten: the line of slope 1."""
    assert isclose(exponent([1, 10, 100], [1, 100, 100]), 1.0)
