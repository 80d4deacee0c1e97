"""A stretch of a space, worked out: a pure function of the task and the stretch, that gives back a small summary."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from hashlib import blake2b
from math import prod
from typing import Any

import numpy as np

from ..records import Record
from ..values import is_traced
from .arrays import Array
from .fronts import front
from .groups import Box, Group, Groups
from .polynomials import Polynomial
from .ratio import TracedRatio, settled
from .space import Space
from .summary import MOST_ON_FRONT, CandidateRow, Cause, Summary, merged_rows
from .texts import filled, without_figures
from .tracing import SweepQuestion, Tracer

#: Candidates that are worked out at once.
CHUNK = 1 << 19
#: Networks whose numbers are held at once to tell equal ones.
_HASHED = 1_000


class Goal(Record):
    """A number by which candidates are ranked, less being better, or more: a measure, by its place in the question, or
    the values of an axis, by its place among the numeric ones.
    """

    measure: int = -1
    axis: int = -1
    more: bool = False


class Wanted(Record):
    """Which of the candidates that are kept are wanted: at most so many (None: all), the best by a goal, or all that
    are on the front of several; without a goal the first.
    """

    most: int | None
    goals: tuple[Goal, ...] = ()
    front: bool = False


class Chunk(Record):
    """A box of a block: single places on the first axes, a range of places on one, all on those behind it."""

    block: int
    first: tuple[int, ...]
    start: int
    stop: int


def chunks(space: Space, size: int = CHUNK) -> Iterator[Chunk]:
    """The space in chunks of about so many candidates, in the order of their indices."""
    shape = space.shape
    axis = next((axis for axis in range(len(shape)) if prod(shape[axis + 1 :]) <= size), len(shape))
    if not shape:
        for block in range(space.blocks):
            yield Chunk(block, (), 0, 1)
        return
    rows = max(1, size // prod(shape[axis + 1 :]))
    parts = -(-shape[axis] // rows)
    rows = -(-shape[axis] // parts)
    for block in range(space.blocks):
        for prefix in range(prod(shape[:axis])):
            first = tuple(int(one) for one in np.unravel_index(prefix, shape[:axis])) if axis else ()
            for start in range(0, shape[axis], rows):
                yield Chunk(block, first, start, min(start + rows, shape[axis]))


def box_of(space: Space, chunk: Chunk) -> Box:
    """The places of a chunk."""
    places = [np.array([place]) for place in chunk.first]
    if space.shape:
        places.append(np.arange(chunk.start, chunk.stop))
    places += [np.arange(size) for size in space.shape[len(places) :]]
    return Box(tuple(places))


class Worker:
    """Works out chunks of one space."""

    def __init__(self, model: Any, space: Space, question: SweepQuestion, wanted: Wanted) -> None:
        self.space = space
        self.tracer = Tracer(model, space, question)
        self.groups = Groups(self.tracer)
        self.wanted = wanted

    def __call__(self, part: Chunk | tuple[int, list[int]]) -> Summary:
        """What comes of a chunk, or of single candidates of a block, by their indices in it."""
        block = part[0]
        first, words = block * self.space.block_size, self.space.words(block)
        picks: list[_Pick] = []
        counts, causes = [0, 0, 0], dict[str, Cause]()
        if isinstance(part, Chunk):
            groups = self.groups.of(words, box_of(self.space, part))
        else:
            groups = self.groups.of_scattered(words, np.array(part[1], dtype=np.int64))
        for group in groups:
            counts[0] += len(group.indices)
            if group.answer.fault is not None:
                _blame(causes, group, first)
                continue
            counts[1] += len(group.indices)
            pick = self._kept(group, first)
            if pick is not None:
                counts[2] += len(pick.places)
                picks.append(pick)
        return Summary(counts[0], counts[1], counts[2], tuple(self._rows(picks, first)), causes)

    # --- which --------------------------------------------------------------------------------------

    def _kept(self, group: Group, first: int) -> _Pick | None:
        """The candidates of a group that are kept, with what they are ranked by; None where there are none."""
        wanted = group.answer.wanted
        if wanted is None or wanted is False:
            return None
        places = np.arange(len(group.indices)) if wanted is True else np.flatnonzero(group.holds(wanted))
        ranks = [self._rank(group, goal) for goal in self.wanted.goals]
        if not len(places) or any(rank is None for rank in ranks):
            return None  # what is not known is not ranked
        return _Pick(group, places, tuple([rank[places] for rank in ranks if rank is not None]))

    def _rank(self, group: Group, goal: Goal) -> Array | None:
        if goal.axis >= 0:
            column = self.space.parts[goal.axis][0][0]
            number = self.tracer.expressions.variables[column]
            values: Array | None = group.values(number)
        else:
            values = numbers_of(group, group.answer.values[goal.measure])
        return -values if goal.more and values is not None else values

    def _rows(self, picks: list[_Pick], first: int) -> list[CandidateRow]:
        """The rows of a chunk, of what is kept of its groups."""
        if not picks:
            return []
        most, ranks = self.wanted.most, _ranks(picks)
        indices = np.concatenate([pick.group.indices[pick.places] for pick in picks])
        if self.wanted.front:
            chosen = front(ranks)
            chosen = chosen[np.lexsort((indices[chosen],))][: 4 * MOST_ON_FRONT]
            return self._made(picks, chosen, first)[:MOST_ON_FRONT]
        total, count = len(indices), len(indices) if most is None else min(len(indices), 2 * most)
        while True:
            chosen = _first(ranks, indices, count)
            rows = self._made(picks, chosen, first)
            if most is None or count >= total or len(rows) > most:
                return rows if most is None else rows[:most]
            count = min(total, count * 8)

    # --- rows ---------------------------------------------------------------------------------------

    def _made(self, picks: list[_Pick], chosen: Array, first: int) -> list[CandidateRow]:
        """The rows of chosen candidates, by their places among those that are kept; equal networks as one."""
        rows, start = [], 0
        for pick in picks:
            inside = np.sort(chosen[(chosen >= start) & (chosen < start + len(pick.places))]) - start
            start += len(pick.places)
            if len(inside):
                rows += self._of_group(pick, inside, first)
        return merged_rows(rows)

    def _of_group(self, pick: _Pick, inside: Array, first: int) -> list[CandidateRow]:
        answer, indices = pick.group.answer, pick.group.indices[pick.places[inside]]
        few = Group(answer, self.groups.scattered(indices), indices, (len(indices),), None)
        columns = [_exact(few, value) for value in answer.values]
        ranks = [[_plain(value) for value in rank[inside]] for rank in pick.ranks]
        return [
            CandidateRow(first + int(index), 1, tuple([column[place] for column in columns]),
                         tuple([rank[place] for rank in ranks]), digest)
            for place, (index, digest) in enumerate(zip(indices, _digests(few), strict=True))
        ]  # fmt: skip


class _Pick(Record):
    """The candidates of a group that are kept, by their places in it, and what they are ranked by."""

    group: Group
    places: Array
    ranks: tuple[Array, ...]


def _digests(group: Group) -> list[str]:
    """What each candidate of a group is but for its settings: equal for equal networks, of whatever groups."""
    answer = group.answer
    structure = blake2b(repr(answer.structure).encode(), digest_size=8).digest()
    places: dict[Any, int] = {}
    order = [places.setdefault(_key(one), len(places)) for one in answer.numbers]
    different = dict(zip(order, answer.numbers, strict=True))
    columns = [numbers_of(group, different[place]) for place in range(len(places))]
    found = []
    for start in range(0, len(group.indices), _HASHED):
        part = [column[start : start + _HASHED] for column in columns if column is not None]
        size = len(group.indices[start : start + _HASHED])
        if any(column.dtype == object for column in part):
            lines = [[str(column[row]) for column in part] for row in range(size)]
            texts = [",".join(line[place] for place in order).encode() for line in lines]
        elif part:
            texts = [",".join(map(str, row)).encode() for row in np.stack(part, axis=1)[:, order].tolist()]
        else:
            texts = [b""] * size
        found += [blake2b(structure + text, digest_size=12).hexdigest() for text in texts]
    return found


def _key(value: Any) -> Any:
    return ("traced", value.polynomial.number) if is_traced(value) else value


def _ranks(picks: list[_Pick]) -> Array:
    columns = [
        np.concatenate(parts) if len({part.dtype for part in parts}) == 1
        else np.concatenate([part.astype(object) for part in parts])
        for parts in zip(*[pick.ranks for pick in picks], strict=True)
    ]  # fmt: skip
    if not columns:
        return np.zeros((sum(len(pick.places) for pick in picks), 0), dtype=np.int64)
    kind = object if any(column.dtype == object for column in columns) else np.int64
    return np.stack([column.astype(kind) for column in columns], axis=1)


def _first(ranks: Array, indices: Array, count: int) -> Array:
    """The places of so many with the lowest ranks, of equal ones those with the lowest indices."""
    if not ranks.shape[1]:
        return np.argsort(indices, kind="stable")[:count]
    rank = ranks[:, 0]
    if rank.dtype == object:
        return np.array(
            sorted(range(len(rank)), key=lambda place: (rank[place], indices[place]))[:count], dtype=np.int64
        )
    if count < len(rank):
        limit = np.partition(rank, count - 1)[count - 1]
        near = np.flatnonzero(rank <= limit)
    else:
        near = np.arange(len(rank))
    return near[np.lexsort((indices[near], rank[near]))][:count]


def _blame(causes: dict[str, Cause], group: Group, first: int) -> None:
    """Counts the candidates of a group that no network comes out of."""
    fault = group.answer.fault
    assert fault is not None
    place = int(np.argmin(group.indices))
    line = fault.span.line if fault.span is not None else None
    key = f"{fault.code}:{line}:{without_figures(fault.message)}"
    cause = Cause(len(group.indices), first + int(group.indices[place]), filled(fault.message, group, place), line,
                  fault.code)  # fmt: skip
    known = causes.get(key)
    if known is not None:
        cause = min(known, cause, key=lambda one: one.first)._replace(many=known.many + cause.many)
    causes[key] = cause


def numbers_of(group: Group, value: Any) -> Array | None:
    """The values of a number for all of a group, of a field the smallest of its axes; None where it is not known."""
    value = settled(value)
    if value is None:
        return None
    if isinstance(value, tuple):
        parts = [numbers_of(group, one) for one in value]
        known = [part for part in parts if part is not None]
        return np.minimum.reduce(known) if known else None
    if type(value) is TracedRatio:
        top, bottom = numbers_of(group, value.top), numbers_of(group, value.bottom)
        assert top is not None
        assert bottom is not None
        return np.array([Fraction(int(one), int(other)) for one, other in zip(top, bottom, strict=True)], dtype=object)
    if is_traced(value):
        polynomial: Polynomial = value.polynomial
        return group.values(polynomial)
    kind = np.int64 if isinstance(value, int) and abs(value) < 1 << 62 else object
    return np.full(len(group.indices), value, dtype=kind)


def _exact(group: Group, value: Any) -> list[Any]:
    """The same as Python's numbers, one a candidate; of a field and a shape a tuple."""
    if value is None:
        return [None] * len(group.indices)
    if isinstance(value, tuple):
        parts = [_exact(group, one) for one in value]
        return list(zip(*parts, strict=True)) if parts else [()] * len(group.indices)
    numbers = numbers_of(group, value)
    assert numbers is not None
    return [_plain(one) for one in numbers]


def _plain(value: Any) -> Any:
    """A number of an array as Python's."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else value
    return int(value)
