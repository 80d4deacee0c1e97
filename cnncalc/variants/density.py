"""How many candidates have about the same two numbers: counts by small parts of an octave, however many there are."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from .arrays import Array
from .chunks import Chunk, Worker
from .numbers import numbers_of

#: Cells of an octave.
CELLS = 64
#: Candidates by cell: of the first number and of the second.
Density: TypeAlias = "dict[tuple[int, int], int]"


def density(worker: Worker, parts: list[Chunk | tuple[int, list[int]]], pair: tuple[int, int]) -> Density:
    """How many of the candidates that are networks fall into each cell, by two of the measures, of their places."""
    found: Density = {}
    for part in parts:
        for group in worker.groups_of(part):
            if group.answer.fault is not None:
                continue
            cells = [numbers_of(group, group.answer.values[place]) for place in pair]
            if cells[0] is None or cells[1] is None:
                continue
            both = np.stack([_cells(cell) for cell in cells if cell is not None], axis=1)
            different, counts = np.unique(both, axis=0, return_counts=True)
            for (across, up), count in zip(different.tolist(), counts.tolist(), strict=True):
                found[across, up] = found.get((across, up), 0) + count
    return found


def _cells(values: Array) -> Array:
    return np.asarray(np.floor(np.log2(np.maximum(values.astype(np.float64), 1)) * CELLS)).astype(np.int64)
