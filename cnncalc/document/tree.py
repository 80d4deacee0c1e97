"""Layers to rows: the tree of stages, heads and blocks, what is folded in it, and the sorted list without it.

All of it is linear in the number of layers, and recurses over nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from ..records import Record
from .columns import BY_NAME, View
from .items import HEADS, Item, folded, layer_item, others

if TYPE_CHECKING:
    from ..measure import LayerRow
    from ..network import Step


#: A row of a list: its label, what is equal for alike ones, and the layers that it stands for, from first to last.
Unit: TypeAlias = tuple[str, Hashable, int, int]
#: A layer's name, what is equal for alike ones, and the stages and blocks around it.
Label: TypeAlias = "tuple[str, Hashable, tuple[Step, ...]]"


class Group:
    """One stage, head or block instance: the stretch of layers it stands for, and what is in it."""

    __slots__ = ("alike", "depth", "end", "name", "parts", "start")

    def __init__(self, name: str, start: int, depth: int) -> None:
        self.name = name
        self.start = start
        self.end = start
        self.depth = depth
        self.parts: list[Group | int] = []
        #: Equal for groups of the same block with equal layers.
        self.alike = -1


class Run(Record):
    """Identical groups one after another, or one layer (its index)."""

    first: Group | int
    times: int
    end: int
    level: int


def items(layers: Sequence[LayerRow], view: View, tree: bool, most: int | None = None) -> list[Item]:
    """The rows that `view` asks for: a tree where `tree` (table, markdown), else a plain list.

    Of a tree no more than `most` rows are made: a last one sums up all layers that they do not show.
    """
    if tree and view.tree():
        rows = _tree(layers, view.depth)
        return list(rows) if most is None else _cut(layers, rows, most)
    found = [unit_item(layers, view.depth, unit) for unit in units(layers, view.depth)]
    if view.sort or view.top:
        return _sorted(found, view if most is None else view._replace(top=min(view.top or most, most)))
    if most is not None and len(found) > most:
        rest = [layer for row in found[most:] for layer in row.layers]
        return [*found[:most], others(rest, len(found) - most)]
    return found


def units(layers: Sequence[LayerRow], depth: int | None) -> Iterator[Unit]:
    """A row a layer; with a depth, a row a group at that depth."""
    if depth is None:
        for index, (name, alike, _) in enumerate(_labels(layers)):
            yield name, alike, index, index + 1
        return
    index = start = 0
    around: tuple[Step, ...] = ()  # the steps of the group that began at `start`; none outside of one
    last: tuple[Step, ...] = ()
    likeness: list[Hashable] = []
    for index, (name, alike, steps) in enumerate(_labels(layers)):
        if not steps and not around:
            yield name, alike, index, index + 1
            continue
        prefix = steps[:depth]
        if around and prefix != around:
            yield _group(around[-1], layers[start].train, likeness, start, index)
            likeness, around = [], ()
        if len(prefix) < depth:
            yield name, alike, index, index + 1
            continue
        if not around:
            around, start, last = prefix, index, ()
        likeness.append(alike)
        if len(steps) > depth and steps != last:
            likeness.append((*[step.what for step in steps[depth:]], _shared(last[depth:], steps[depth:])))
        last = steps
    if around:
        yield _group(around[-1], layers[start].train, likeness, start, index + 1)


def _labels(layers: Sequence[LayerRow]) -> Iterator[Label]:
    """What the rows are told apart by; of a network's without a row made for each."""
    labels = getattr(layers, "labels", None)
    return labels() if labels else ((layer.name, layer.likeness, layer.steps) for layer in layers)


def _group(step: Step, train: bool, likeness: list[Hashable], start: int, end: int) -> Unit:
    return step.name, (step.what, train, *likeness), start, end


def unit_item(layers: Sequence[LayerRow], depth: int | None, unit: Unit) -> Item:
    """The row of a unit."""
    _, _, start, end = unit
    first = layers[start]
    if depth is None or len(first.steps) < depth:
        return layer_item(first)
    return folded(layers[start:end], depth)


def _sorted(rows: list[Item], view: View) -> list[Item]:
    """The rows by falling numbers (rising text), the unknown last; under the top ones a row for the rest."""
    column = view.sort or BY_NAME["macs"]
    valued = [(column.value(row, view.layout), row) for row in rows]
    known = [(column.rank(value), row) for value, row in valued if value not in (None, "")]
    known.sort(key=lambda pair: pair[0], reverse=column.falls)
    rows = [row for _, row in known] + [row for value, row in valued if value in (None, "")]
    if view.top is None or view.top >= len(rows):
        return rows
    rest = rows[view.top :]
    return [*rows[: view.top], others([layer for row in rest for layer in row.layers], len(rest))]


def _tree(layers: Sequence[LayerRow], depth: int | None) -> Iterator[Item]:
    """The rows as a tree. Identical groups in a row fold to one, and so does every group at `depth`."""
    work = [_runs(_grouped(layers), 0, layers)]
    while work:
        run = next(work[-1], None)
        if run is None:
            work.pop()
            continue
        part = run.first
        if isinstance(part, int):
            yield layer_item(layers[part], run.level)
            continue
        label = part.name
        while run.times == 1 and part.depth != depth and isinstance(inner := _only(part), Group):
            part = inner
            label += "/" + part.name
        if run.times > 1 or part.depth == depth:
            yield folded(layers[part.start : run.end], part.depth, label, run.level, run.times)
        else:
            yield _heading(layers[part.start], part.depth, label, run.level)
            work.append(_runs(part.parts, run.level + 1, layers))


def _cut(layers: Sequence[LayerRow], rows: Iterator[Item], most: int) -> list[Item]:
    """The first rows, and one for all layers that they do not show: the rows still sum to the total."""
    kept = list(islice(rows, most))
    shown = sum(len(row.layers) for row in kept)
    if next(rows, None) is not None and shown < len(layers):
        rest = layers[shown:]
        kept.append(others(rest, len(rest)))
    return kept


def _only(group: Group) -> Group | int | None:
    return group.parts[0] if len(group.parts) == 1 else None


def _heading(first: LayerRow, depth: int, label: str, level: int) -> Item:
    kind = first.blocks[depth - 1]
    operation = HEADS[first.train] if kind == "head" else ""
    return Item(label, kind, operation, first.steps[: depth - 1], (), level)


def _grouped(layers: Sequence[LayerRow]) -> list[Group | int]:
    """The top of the tree of groups."""
    top = Group("", 0, 0)
    stack = [top]
    groups = []
    path: tuple[Step, ...] = ()
    for index, (_, _, steps) in enumerate(_labels(layers)):
        if steps is not path and steps != path:
            shared = _shared(path, steps)
            path = steps
            del stack[shared + 1 :]
            for step in path[shared:]:
                group = Group(step.name, index, len(stack))
                stack[-1].parts.append(group)
                stack.append(group)
                groups.append(group)
        stack[-1].parts.append(index)
    _compare(groups, layers)
    return top.parts


def _shared(one: tuple[object, ...], other: tuple[object, ...]) -> int:
    """How many of the first names two paths share."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _compare(groups: list[Group], layers: Sequence[LayerRow]) -> None:
    """Sets `alike` and `end`, from the innermost groups outwards."""
    seen: dict[Hashable, int] = {}
    for group in reversed(groups):
        key: list[Hashable] = [layers[group.start].blocks[group.depth - 1]]
        for part in group.parts:
            if isinstance(part, Group):
                key.append(part.alike)
            else:
                key.append(layers[part].likeness)
        group.alike = seen.setdefault(tuple(key), len(seen))
        group.end = _end(group.parts[-1])


def _end(part: Group | int) -> int:
    return part.end if isinstance(part, Group) else part + 1


def _runs(parts: list[Group | int], level: int, layers: Sequence[LayerRow]) -> Iterator[Run]:
    """The parts, identical groups taken together where each feeds the next."""
    first: Group | None = None
    times = end = 0
    for part in parts:
        if isinstance(part, int):
            if first is not None:
                yield Run(first, times, end, level)
                first = None
            yield Run(part, 1, part + 1, level)
        elif first is not None and part.alike == first.alike and _feeds(layers, end - 1, part.start):
            times, end = times + 1, part.end
        else:
            if first is not None:
                yield Run(first, times, end, level)
            first, times, end = part, 1, part.end
    if first is not None:
        yield Run(first, times, end, level)


def _feeds(layers: Sequence[LayerRow], before: int, after: int) -> bool:
    """Whether a layer reads the one that stands before it: parallel paths that are alike are no repetition."""
    return layers[before].name in layers[after].inputs
