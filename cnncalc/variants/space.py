"""The space of a sweep: what is varied, over which values; a candidate is a place on every axis, and has an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm, prod
from typing import Any

from ..records import Record
from ..values import Shape
from .polynomials import VariedNumber

#: The most candidates of a space: of which some are drawn, and of which all are looked at.
MOST_CANDIDATES, MOST_WALKED = 10**18, 10**12


class Axis(Record):
    """One thing that is varied: a top-level variable, or an input, which has shapes, channels first."""

    name: str
    values: tuple[Any, ...]
    is_input: bool = False

    @property
    def numeric(self) -> bool:
        """Whether all of it are numbers, or shapes of as many: those are varied at once."""
        if self.is_input:
            return len({len(shape) for shape in self.values}) == 1
        return all(type(value) in (int, Fraction) for value in self.values)


class Space:
    """All combinations of the values of some axes. Those that are no numbers vary slowest."""

    def __init__(self, axes: Sequence[Axis]) -> None:
        self.axes = tuple(axes)
        self.worded = [axis for axis in axes if not axis.numeric]
        self.numeric = [axis for axis in axes if axis.numeric]
        self.shape = tuple(len(axis.values) for axis in self.numeric)
        self.block_size = prod(self.shape)
        self.size = prod(len(axis.values) for axis in axes)
        self.columns: list[VariedNumber] = []
        #: For each numeric axis the columns that it has, and what they are divided by.
        self.parts: list[tuple[tuple[int, ...], int]] = []
        for number, axis in enumerate(self.numeric):
            self._add_columns(number, axis)

    def _add_columns(self, number: int, axis: Axis) -> None:
        if axis.is_input:
            rows = list(zip(*axis.values, strict=True))
            scale = 1
        else:
            scale = lcm(*[value.denominator for value in axis.values])
            rows = [tuple(int(value * scale) for value in axis.values)]
        first = len(self.columns)
        self.columns += [VariedNumber(axis.name, number, row) for row in rows]
        self.parts.append((tuple(range(first, len(self.columns))), scale))

    @property
    def blocks(self) -> int:
        """How many combinations there are of what is no number."""
        return self.size // self.block_size if self.block_size else 0

    def words(self, block: int) -> tuple[int, ...]:
        """The places on the axes that are no numbers, of a block."""
        return _places(block, [len(axis.values) for axis in self.worded])

    def places(self, index: int) -> tuple[int, ...]:
        """The places on the numeric axes, of the candidate with an index in its block."""
        return _places(index, self.shape)

    def settings(self, index: int) -> dict[str, Any]:
        """The values of a candidate, in the order of the axes."""
        block, inner = divmod(index, self.block_size)
        found = {axis.name: axis.values[place] for axis, place in zip(self.worded, self.words(block), strict=True)}
        found |= {axis.name: axis.values[place] for axis, place in zip(self.numeric, self.places(inner), strict=True)}
        return {axis.name: found[axis.name] for axis in self.axes}


def _places(index: int, sizes: Sequence[int]) -> tuple[int, ...]:
    found = []
    for size in reversed(sizes):
        index, place = divmod(index, size)
        found.append(place)
    return tuple(reversed(found))


def parted(axes: Sequence[Axis], settings: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Shape]]:
    """Values by name as those of variables and the shapes of inputs."""
    inputs = {axis.name: settings[axis.name] for axis in axes if axis.is_input}
    return {name: value for name, value in settings.items() if name not in inputs}, inputs
