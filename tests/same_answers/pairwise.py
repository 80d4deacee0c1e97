"""Few combinations of options, in which every value of one meets every value of every other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from random import Random
from typing import Any

#: Rows that are drawn for one that is taken.
_TRIES = 12


def pairwise(factors: Mapping[str, Sequence[Any]], seed: int) -> list[dict[str, Any]]:
    """Rows of a value for each factor, the same ones for the same seed."""
    random = Random(seed)
    names = list(factors)
    sizes = [len(factors[name]) for name in names]
    duos = list(combinations(range(len(names)), 2))
    waiting = [(i, a, j, b) for i, j in duos for a in range(sizes[i]) for b in range(sizes[j])]
    random.shuffle(waiting)
    left = set(waiting)
    rows = []
    while waiting:
        i, a, j, b = waiting.pop()
        if (i, a, j, b) not in left:
            continue
        best: list[int] = []
        most = -1
        for _ in range(_TRIES):
            row = [random.randrange(size) for size in sizes]
            row[i], row[j] = a, b
            new = sum((p, row[p], q, row[q]) in left for p, q in duos)
            if new > most:
                best, most = row, new
        left -= {(p, best[p], q, best[q]) for p, q in duos}
        rows.append({name: factors[name][index] for name, index in zip(names, best, strict=True)})
    return rows
