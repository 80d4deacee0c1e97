"""Layers to rows: the tree of stages, heads and blocks, what is folded in it, and the sorted list without it.

All of it is linear in the number of layers, and recurses over nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING

from ..records import Record, make
from .columns import BY_NAME, Selection, falls, rank
from .items import HEADS, Item, behind_fault, folded, layer_item, others
from .sheets import FAINT, PLAIN, Column, Row

if TYPE_CHECKING:
    from ..measure import LayerRow
    from ..network import Step


def rows(
    layers: Sequence[LayerRow], asked: Selection, columns: Sequence[Column], tree: bool = False, most: int | None = None
) -> Iterator[Row]:
    """The rows that are asked for, as :func:`items`, each made when it comes: faint where only training runs it. In a
    tree one row tells of all layers behind a fault.
    """
    found = items(layers, asked, tree, most)
    for item in _known(found) if tree else found:
        cells = tuple([column.value(item, asked.layout) for column in columns])
        end = item.end
        yield make(Row, (cells, item.level, FAINT if end and end.train else PLAIN, item.single is None))


class Subtree:
    """One stage, head or block instance: the stretch of layers it stands for, and what is in it."""

    __slots__ = ("alike", "depth", "end", "name", "parts", "start")

    def __init__(self, name: str, start: int, depth: int) -> None:
        self.name = name
        self.start = start
        self.end = start
        self.depth = depth
        self.parts: list[Subtree | int] = []
        #: Equal for groups of the same block with equal layers.
        self.alike = -1


class Run(Record):
    """Identical groups one after another: the first of them, how many, and the index behind their last layer."""

    first: Subtree
    times: int
    end: int


def items(layers: Sequence[LayerRow], selection: Selection, tree: bool, most: int | None = None) -> Iterable[Item]:
    """What the rows stand for that `selection` asks for: a tree where `tree` (table, markdown), else a plain list.

    No more than `most` are made: a last one sums up all layers that they do not show.
    """
    if tree and selection.tree():
        found = _tree(layers, selection.depth)
        return found if most is None else _cut(layers, found, most)
    found = _listed(layers, selection.depth)
    if selection.sort or selection.top:
        found = _sorted(found, selection)
    limits = [limit for limit in (selection.top, most) if limit is not None]
    return _first(list(found), min(limits)) if limits else found


def _known(found: Iterable[Item]) -> Iterator[Item]:
    """The rows of which something is known, or that are to blame; a row in the place of others that stand together."""
    behind, level = 0, 0
    for item in found:
        if all(layer.behind_unknown for layer in item.layers):
            level = level if behind else item.level
            behind += 0 if item.heading else len(item.layers)
            continue
        if behind:
            yield behind_fault(behind, False, level)
            behind = 0
        yield item
    if behind:
        yield behind_fault(behind, True)


def _listed(layers: Sequence[LayerRow], depth: int | None) -> Iterator[Item]:
    """A row a layer; with a depth, a row a group at that depth."""
    if depth is None:
        yield from map(layer_item, layers)
        return
    for around, group in groupby(layers, lambda layer: layer.steps[:depth]):
        if len(around) < depth:
            yield from map(layer_item, group)
        else:
            yield folded(list(group), depth)


def _sorted(rows: Iterable[Item], selection: Selection) -> Iterator[Item]:
    """The rows by falling numbers (rising text), the unknown last."""
    column = selection.sort or BY_NAME["macs"]
    valued = [(column.value(row, selection.layout), row) for row in rows]
    known = [(rank(column, value), row) for value, row in valued if value not in (None, "")]
    yield from (row for _, row in sorted(known, key=lambda pair: pair[0], reverse=falls(column)))
    yield from (row for value, row in valued if value in (None, ""))


def _first(rows: list[Item], most: int) -> list[Item]:
    """The first `most` rows, and one for the rest."""
    rest = rows[most:]
    return [*rows[:most], others([layer for row in rest for layer in row.layers], len(rest))] if rest else rows


def unfolded(layers: Sequence[LayerRow]) -> Iterator[Item]:
    """The rows as a tree in which every layer has its own, identical groups too."""
    return _tree(layers, None, fold=False)


def _tree(layers: Sequence[LayerRow], depth: int | None, fold: bool = True) -> Iterator[Item]:
    """The rows as a tree. With `fold` identical groups in a row are one, and so is every group at `depth`."""
    parts_of = runs if fold else _each
    work = [parts_of(grouped(layers), layers)]
    while work:
        run, level = next(work[-1], None), len(work) - 1
        if run is None:
            work.pop()
            continue
        if isinstance(run, int):
            yield layer_item(layers[run], level)
            continue
        part = run.first
        label = part.name
        while run.times == 1 and part.depth != depth and len(part.parts) == 1 and isinstance(part.parts[0], Subtree):
            part = part.parts[0]
            label += "/" + part.name
        if run.times > 1 or part.depth == depth:
            yield folded(layers[part.start : run.end], part.depth, label, level, run.times)
        else:
            yield _heading(layers[part.start : part.end], part.depth, label, level)
            work.append(parts_of(part.parts, layers))


def _cut(layers: Sequence[LayerRow], rows: Iterator[Item], most: int) -> list[Item]:
    """The first rows, and one for all layers that they do not show: the rows still sum to the total."""
    kept = list(islice(rows, most))
    shown = sum(len(row.layers) for row in kept if not row.heading)
    if next(rows, None) is not None:
        rest = layers[shown:]
        kept.append(others(rest, len(rest)))
    return kept


def _heading(layers: Sequence[LayerRow], depth: int, label: str, level: int) -> Item:
    first = layers[0]
    kind = first.blocks[depth - 1]
    operation = HEADS[first.train] if kind == "head" else ""
    return Item(label, kind, operation, first.steps[: depth - 1], layers, level, heading=True)


def grouped(layers: Sequence[LayerRow]) -> list[Subtree | int]:
    """The top of the tree of groups."""
    top = Subtree("", 0, 0)
    stack = [top]
    groups = []
    path: tuple[Step, ...] = ()
    for index, layer in enumerate(layers):
        steps = layer.steps
        if steps is not path and steps != path:
            pairs = enumerate(zip(path, steps, strict=False))
            shared = next((place for place, (old, new) in pairs if old != new), min(len(path), len(steps)))
            path = steps
            del stack[shared + 1 :]
            for step in path[shared:]:
                group = Subtree(step.name, index, len(stack))
                stack[-1].parts.append(group)
                stack.append(group)
                groups.append(group)
        stack[-1].parts.append(index)
    _compare(groups, layers)
    return top.parts


def _compare(groups: list[Subtree], layers: Sequence[LayerRow]) -> None:
    """Sets `alike` and `end`, from the innermost groups outwards."""
    seen: dict[Hashable, int] = {}
    for group in reversed(groups):
        key: list[Hashable] = [layers[group.start].blocks[group.depth - 1]]
        for part in group.parts:
            if isinstance(part, Subtree):
                key.append(part.alike)
            else:
                key.append(layers[part].likeness)
        group.alike = seen.setdefault(tuple(key), len(seen))
        group.end = _end(group.parts[-1])


def _end(part: Subtree | int) -> int:
    return part.end if isinstance(part, Subtree) else part + 1


def _each(parts: list[Subtree | int], layers: Sequence[LayerRow]) -> Iterator[Run | int]:
    """The parts, each by itself."""
    yield from (part if isinstance(part, int) else Run(part, 1, part.end) for part in parts)


def runs(parts: list[Subtree | int], layers: Sequence[LayerRow]) -> Iterator[Run | int]:
    """The parts, identical groups taken together where each feeds the next: parallel paths are no repetition."""
    run: Run | None = None
    for part in parts:
        if run is not None and isinstance(part, Subtree) and _repeats(run, part, layers):
            run = Run(run.first, run.times + 1, part.end)
            continue
        if run is not None:
            yield run
            run = None
        if isinstance(part, int):
            yield part
        else:
            run = Run(part, 1, part.end)
    if run is not None:
        yield run


def _repeats(run: Run, part: Subtree, layers: Sequence[LayerRow]) -> bool:
    """Whether a group is one more of a run."""
    return part.alike == run.first.alike and layers[run.end - 1].name in layers[part.start].inputs
