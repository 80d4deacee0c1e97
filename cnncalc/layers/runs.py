"""Positions along an axis as runs, and numbers that may be fractions."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias

from ..records import Record

Number: TypeAlias = int | Fraction
#: Positions from the first to the last, both included.
Run: TypeAlias = tuple[int, int]
Runs: TypeAlias = tuple[Run, ...]

#: Runs that a single step back may make; beyond them the answer is their hull.
MOST_RUNS = 4096


class ReadRuns(Record):
    """Positions as runs; `exact` is false where there were too many, and the hull stands for them."""

    runs: tuple[Run, ...]
    exact: bool = True


def whole_or_fraction(value: Number) -> Number:
    """`value` as an int where it is whole."""
    return value.numerator if value.denominator == 1 else value


def joined_runs(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs in order, those that touch or overlap as one."""
    found: list[Run] = []
    for first, last in sorted(runs):
        if found and first <= found[-1][1] + 1:
            if last > found[-1][1]:
                found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return tuple(found)


def limited(runs: Iterable[Run], count: int, hull: Run) -> ReadRuns:
    """The runs, joined; their hull where there are too many to look at."""
    return ReadRuns((hull,), exact=False) if count > MOST_RUNS else ReadRuns(joined_runs(runs))
