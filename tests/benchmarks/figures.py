"""The statistics of the benchmark: medians, spread, ratios pair by pair, growth."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from statistics import median, quantiles
from typing import NamedTuple


class Spread(NamedTuple):
    """A median, and the quartiles on either side of it."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Of at least one value; the quartiles lie within the values, and are linear between two."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, _, high = quantiles(values, n=4, method="inclusive")
    return Spread(median(values), low, high)


def ratios(numerators: Sequence[float], denominators: Sequence[float]) -> Spread:
    """Of the ratios of each round, both of whose runs met the same weather."""
    return spread([above / below for above, below in zip(numerators, denominators, strict=True)])


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The least-squares slope of log(cost) over log(size): 1 where cost grows as size does, 2 where as its square."""
    xs, ys = [log(size) for size in sizes], [log(cost) for cost in costs]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
