"""A stretch of a space, worked out: a pure function of the task and the stretch, that gives back a small summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from ..records import Record
from .arrays import Array
from .fronts import front
from .groups import Box, Group, Groups
from .numbers import digests, exact, like, numbers_of, plain
from .space import Space
from .summary import MOST_ON_FRONT, CandidateRow, Cause, Summary, merged_rows
from .texts import filled, without_figures
from .tracing import SweepQuestion, Tracer

#: Candidates that are worked out at once.
CHUNK = 1 << 19
#: Rows that are held beside those that are wanted: as many as often tie with the last of them.
_BESIDE = 5


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
    #: Rows of which no more is wanted than how many candidates are those networks.
    equal: tuple[CandidateRow, ...] = ()

    @property
    def held(self) -> int | None:
        """How many rows of a part are held: some more than are wanted, which may be equal to rows of other parts."""
        return None if self.most is None else self.most + _BESIDE


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
        first = part[0] * self.space.block_size
        if self.wanted.equal:
            return Summary(rows=tuple(self._equal(part, first)))
        picks: list[_Pick] = []
        counts, causes = [0, 0, 0], dict[str, Cause]()
        for group in self.groups_of(part):
            counts[0] += len(group.indices)
            if group.answer.fault is not None:
                _blame(causes, group, first)
                continue
            counts[1] += len(group.indices)
            pick = self._kept(group, first)
            if pick is not None:
                counts[2] += len(pick.places)
                picks.append(pick)
        rows, cut = self._rows(picks, first)
        return Summary(counts[0], counts[1], counts[2], tuple(rows), causes, cut)

    def groups_of(self, part: Chunk | tuple[int, list[int]]) -> Iterator[Group]:
        """The groups of a chunk, or of single candidates of a block."""
        words = self.space.words(part[0])
        if isinstance(part, Chunk):
            return self.groups.of(words, box_of(self.space, part))
        return self.groups.of_scattered(words, np.array(part[1], dtype=np.int64))

    def _equal(self, part: Chunk | tuple[int, list[int]], first: int) -> Iterator[CandidateRow]:
        """The rows that are asked for, with how many candidates of a part they are."""
        wanted = {row.digest: row for row in self.wanted.equal}
        found: Counter[str] = Counter()
        for group in self.groups_of(part):
            pick = None if group.answer.fault is not None else self._kept(group, first)
            if pick is not None:
                places = pick.places[like(group, self.wanted.equal)[pick.places]]
                for start in range(0, len(places), CHUNK >> 6):
                    indices = group.indices[places[start : start + (CHUNK >> 6)]]
                    few = Group(group.answer, self.groups.scattered(indices), indices, (len(indices),), None)
                    found.update(digest for digest in digests(few) if digest in wanted)
        return (wanted[digest]._replace(many=many) for digest, many in found.items())

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

    def _rows(self, picks: list[_Pick], first: int) -> tuple[list[CandidateRow], tuple[Any, ...] | None]:
        """The rows of a chunk, of what is kept of its groups, and from which rank on more may be equal to them."""
        if not picks:
            return [], None
        most, ranks = self.wanted.held, _ranks(picks)
        indices = np.concatenate([pick.group.indices[pick.places] for pick in picks])
        if self.wanted.front:
            chosen = front(ranks)
            chosen = chosen[np.lexsort((indices[chosen],))][: 4 * MOST_ON_FRONT]
            return self._made(picks, chosen, first)[:MOST_ON_FRONT], None
        total, count = len(indices), len(indices) if most is None else min(len(indices), 2 * most)
        while True:
            chosen = _first(ranks, indices, count)
            rows = self._made(picks, chosen, first)
            if most is None:
                return rows, None
            if count >= total or len(rows) > most:
                cuts = [tuple(map(plain, ranks[chosen[-1]]))] if count < total else []
                cuts += [row.rank for row in rows[most : most + 1]]
                return rows[:most], min(cuts, default=None)
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
        columns = [exact(few, value) for value in answer.values]
        ranks = [[plain(value) for value in rank[inside]] for rank in pick.ranks]
        return [
            CandidateRow(first + int(index), 1, tuple([column[place] for column in columns]),
                         tuple([rank[place] for rank in ranks]), digest)
            for place, (index, digest) in enumerate(zip(indices, digests(few), strict=True))
        ]  # fmt: skip


class _Pick(Record):
    """The candidates of a group that are kept, by their places in it, and what they are ranked by."""

    group: Group
    places: Array
    ranks: tuple[Array, ...]


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
