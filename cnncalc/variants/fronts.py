"""Which candidates none is better than: Pareto fronts of arrays of numbers, less being better."""

from __future__ import annotations

import numpy as np

from .arrays import Array

#: Candidates that most others are dominated by, which are looked at first.
_SAMPLE = 2_000


def front(points: Array) -> Array:
    """The places of the points (one a row) that no other is as good as in all numbers and better in one, in order.

    Equal points are all on the front, or none is.
    """
    if len(points) > 4 * _SAMPLE:
        step = len(points) // _SAMPLE
        best = points[::step][_front(points[::step])]
        kept = np.flatnonzero(~_dominated(points, best))
        return kept[_front(points[kept])]
    return _front(points)


def _dominated(points: Array, best: Array) -> Array:
    """Which points one of the `best` is as good as in all numbers, and better in one."""
    found = np.zeros(len(points), dtype=bool)
    for one in best:
        left = np.flatnonzero(~found)
        rest = points[left]
        found[left] = (rest >= one).all(axis=1) & (rest > one).any(axis=1)
    return found


def _front(points: Array) -> Array:
    """The same, by taking one point of the front after another, in the order of their numbers."""
    order = np.lexsort(points.T[::-1])
    left, found = points[order], []
    while len(order):
        first = left[0]
        equal = (left == first).all(axis=1)
        found.append(order[equal])
        keep = ~(left >= first).all(axis=1)
        order, left = order[keep], left[keep]
    return np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
