"""Which candidates decide the same: the decisions of those that were traced, as a tree, and what comes of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import TypeAlias

import numpy as np

from ..records import Record
from .arrays import Array, Arrays
from .formulas import Contrary, Formula, JoinedFormulas, SignCondition
from .plans import Plans
from .polynomials import Polynomial
from .trace import BELOW, VALUE, ZERO, Decided
from .tracing import CandidateAnswer, Tracer

#: Of candidates that are a smaller share than this of the smallest box around them each is worked out by itself.
_DENSE = 0.25
#: Candidates by axes: arrays over disjoint sets of them, a bit each; all must be true.
_Masks: TypeAlias = "dict[int, Array]"


class Box(Record):
    """Candidates: all combinations of some places on every axis, in order."""

    places: tuple[Array, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many places there are on every axis."""
        return tuple(len(place) for place in self.places)


class Decision:
    """A decision, and by outcome what follows: a further one, or what comes of those candidates."""

    __slots__ = ("kind", "outcomes", "polynomial")

    def __init__(self, kind: str, polynomial: Polynomial) -> None:
        self.kind = kind
        self.polynomial = polynomial
        self.outcomes: dict[bool | int, Decision | CandidateAnswer] = {}

    def outcome(self, arrays: Arrays) -> Array:
        """The outcome for every candidate."""
        values = arrays.value(self.polynomial)
        return values if self.kind == VALUE else np.asarray(values < 0 if self.kind == BELOW else values == 0)


class Group(Record):
    """Candidates of a box that decide the same: what comes of them, their values, and where they are among all those of
    the space with the same words: their indices, one dimension.
    """

    answer: CandidateAnswer
    arrays: Arrays
    indices: Array
    #: The shape that the values of all candidates of the smallest box around them are stretched to, and which of these
    #: are meant, by their places in it; None for all.
    shape: tuple[int, ...]
    inside: Array | None

    def values(self, one: Polynomial) -> Array:
        """The values of a polynomial for the candidates, one dimension."""
        values = np.broadcast_to(self.arrays.value(one), self.shape).reshape(-1)
        return values if self.inside is None else values[self.inside]

    def holds(self, formula: Formula) -> Array:
        """Where a formula holds; what is not known does not."""
        values = np.broadcast_to(_holds(formula, self.arrays), self.shape).reshape(-1)
        return values if self.inside is None else values[self.inside]


def _holds(formula: Formula, arrays: Arrays) -> Array | bool:
    if isinstance(formula, SignCondition):
        values = arrays.value(formula.polynomial)
        return np.asarray(values == 0 if formula.kind == ZERO else values < 0).astype(bool)
    if isinstance(formula, Contrary):
        return np.logical_not(_holds(formula.one, arrays))
    if isinstance(formula, JoinedFormulas):
        total, *parts = [_holds(part, arrays) for part in formula.parts]
        for part in parts:
            total = np.logical_and(total, part) if formula.all else np.logical_or(total, part)
        return total
    return bool(formula)


class Groups:
    """The groups of a space, found by tracing a candidate of each."""

    def __init__(self, tracer: Tracer) -> None:
        self.tracer = tracer
        self.space = tracer.space
        self.plans = Plans(tracer.expressions)
        self._values: list[Array] = [
            np.array(column.values, dtype=_kind(column.values)) for column in self.space.columns
        ]
        self._roots: dict[tuple[int, ...], dict[bool | int, Decision | CandidateAnswer]] = {}

    def of(self, words: tuple[int, ...], box: Box) -> Iterator[Group]:
        """The groups among the candidates of a box."""
        arrays = Arrays(self.plans, self._columns(box))
        root = self._roots.setdefault(words, {})
        work: list[tuple[dict[bool | int, Decision | CandidateAnswer], bool | int, _Masks]] = [(root, 0, {})]
        while work:
            outcomes, outcome, masks = work.pop()
            if outcome not in outcomes:
                self._trace(words, box, masks, root)
            next_one = outcomes[outcome]
            if isinstance(next_one, CandidateAnswer):
                yield self._group(next_one, box, masks, arrays)
                continue
            found = next_one.outcome(arrays)
            for value in np.unique(found) if next_one.kind == VALUE else (False, True):
                part = _narrowed(masks, next_one.polynomial.axes, found == value)
                if part is not None:
                    work.append((next_one.outcomes, int(value) if next_one.kind == VALUE else bool(value), part))

    def of_scattered(self, words: tuple[int, ...], indices: Array) -> Iterator[Group]:
        """The groups among single candidates, by their indices."""
        arrays, root = self.scattered(indices), self._roots.setdefault(words, {})
        work: list[tuple[dict[bool | int, Decision | CandidateAnswer], bool | int, Array]] = [
            (root, 0, np.arange(len(indices)))
        ]
        while work:
            outcomes, outcome, places = work.pop()
            if outcome not in outcomes:
                first = np.unravel_index(int(indices[places[0]]), self.space.shape) if self.space.shape else ()
                _insert(root, *self.tracer(words, [int(one) for one in first]))
            next_one = outcomes[outcome]
            if isinstance(next_one, CandidateAnswer):
                chosen = indices[places]
                yield Group(next_one, self.scattered(chosen), chosen, (len(chosen),), None)
                continue
            found = np.broadcast_to(next_one.outcome(arrays), indices.shape)[places]
            for value in np.unique(found):
                kept = int(value) if next_one.kind == VALUE else bool(value)
                work.append((next_one.outcomes, kept, places[found == value]))

    def _columns(self, box: Box) -> list[Array]:
        rank, found = len(box.places), []
        for column, values in zip(self.space.columns, self._values, strict=True):
            shape = [1] * rank
            shape[column.axis] = len(box.places[column.axis])
            found.append(values[box.places[column.axis]].reshape(shape))
        return found

    def _trace(
        self, words: tuple[int, ...], box: Box, masks: _Masks, root: dict[bool | int, Decision | CandidateAnswer]
    ) -> None:
        """Traces the first candidate of those, and puts its decisions into the tree."""
        places = [int(one[0]) for one in box.places]
        for mask in masks.values():
            first = np.unravel_index(int(np.argmax(mask)), mask.shape)
            for axis, place in enumerate(first):
                if mask.shape[axis] > 1:
                    places[axis] = int(box.places[axis][place])
        decided, answer = self.tracer(words, places)
        _insert(root, decided, answer)

    def _group(self, answer: CandidateAnswer, box: Box, masks: _Masks, arrays: Arrays) -> Group:
        """The candidates that some masks leave of a box."""
        places, joint = list(box.places), []
        for mask in masks.values():
            wide = [axis for axis, size in enumerate(mask.shape) if size > 1]
            for axis in wide:
                kept = mask.any(axis=tuple(other for other in range(mask.ndim) if other != axis))
                places[axis] = box.places[axis][kept]
            if len(wide) > 1:
                joint.append(mask)
        smaller = Box(tuple(places))
        if smaller.shape != box.shape:
            same = sum(
                1 << axis
                for axis, (one, other) in enumerate(zip(box.shape, smaller.shape, strict=True))
                if one == other
            )
            arrays = Arrays(self.plans, self._columns(smaller), arrays, same)
        inside = None
        if joint:
            total = np.ones(smaller.shape, dtype=bool)
            for mask in joint:
                total &= mask[_cut(mask, box, smaller)]
            inside = np.flatnonzero(total)
            if len(inside) == total.size:
                inside = None
        indices = _indices(smaller, self.space.shape)
        if inside is None:
            return Group(answer, arrays, indices, smaller.shape, None)
        indices = indices[inside]
        if len(inside) > _DENSE * prod(smaller.shape):
            return Group(answer, arrays, indices, smaller.shape, inside)
        return Group(answer, self.scattered(indices), indices, (len(indices),), None)

    def scattered(self, indices: Array) -> Arrays:
        """The values of single candidates, by their indices."""
        places = np.unravel_index(indices, self.space.shape) if self.space.shape else ()
        columns = [values[places[column.axis]] for column, values in zip(self.space.columns, self._values, strict=True)]
        return Arrays(self.plans, columns)


def _kind(values: Sequence[int]) -> type:
    return np.int64 if all(-(1 << 62) < value < 1 << 62 for value in values) else object


def _insert(
    root: dict[bool | int, Decision | CandidateAnswer], decided: Sequence[Decided], answer: CandidateAnswer
) -> None:
    outcomes: dict[bool | int, Decision | CandidateAnswer] = root
    outcome: bool | int = 0
    for kind, polynomial, result in decided:
        node = outcomes.get(outcome)
        if node is None:
            node = outcomes[outcome] = Decision(kind, polynomial)
        if not isinstance(node, Decision) or (node.kind, node.polynomial) != (kind, polynomial):
            raise AssertionError("two candidates that decided the same went different ways")
        outcomes, outcome = node.outcomes, result
    outcomes[outcome] = answer


def _narrowed(masks: _Masks, axes: int, found: Array) -> _Masks | None:
    """The masks with one more; None where no candidate is left."""
    if found.all():
        return masks
    if not found.any():
        return None
    rest = {}
    for others, mask in masks.items():
        if others & axes:
            found, axes = np.logical_and(found, mask), axes | others
        else:
            rest[others] = mask
    if not found.any():
        return None
    return {**rest, axes: found}


def _cut(mask: Array, box: Box, smaller: Box) -> tuple[Array, ...]:
    """The places of a smaller box in a mask over a box."""
    chosen = []
    for axis, size in enumerate(mask.shape):
        inside = np.searchsorted(box.places[axis], smaller.places[axis]) if size > 1 else np.array([0])
        chosen.append(inside)
    return np.ix_(*chosen)


def _indices(box: Box, shape: tuple[int, ...]) -> Array:
    """The indices of the candidates of a box among those of a space of some shape."""
    total: Array = np.zeros((1,) * len(shape), dtype=np.int64)
    step = 1
    for axis in reversed(range(len(shape))):
        sizes = [1] * len(shape)
        sizes[axis] = len(box.places[axis])
        total = total + (box.places[axis].astype(np.int64) * step).reshape(sizes)
        step *= shape[axis]
    return np.broadcast_to(total, box.shape).reshape(-1)
