"""The rows of a network's layers as a sheet: made one after another, alike ones with the same cells."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..records import Record, make
from .columns import View
from .items import Item
from .sheets import FAINT, NAME, PLAIN, Column, Row, Value
from .tree import items, unit_item, units

if TYPE_CHECKING:
    from ..measure import LayerRow

#: Alike rows whose values are remembered: where every line differs, memory counts for more than time.
MOST = 10_000


class LayerRows(Record):
    """A row for everything that a view lists of some layers; each is made when it comes, and again every time."""

    layers: Sequence[LayerRow]
    view: View
    columns: Sequence[Column]

    def __iter__(self) -> Iterator[Row]:
        if not (self.view.tree() and self.columns[0].sort == NAME and all(one.alike for one in self.columns[1:])):
            yield from (row_of(item, self.columns, self.view.layout) for item in items(self.layers, self.view, False))
            return
        known: dict[Hashable, tuple[Value, ...]] = {}
        for unit in units(self.layers, self.view.depth):
            cells = known.get(unit[1])
            if cells is None:
                cells = _cells(unit_item(self.layers, self.view.depth, unit), self.columns[1:], self.view.layout)
                if len(known) < MOST:
                    known[unit[1]] = cells
            yield make(Row, ((unit[0], *cells), 0, PLAIN, False))


def row_of(item: Item, columns: Sequence[Column], layout: str) -> Row:
    """The row of an item: faint where only training runs it."""
    tone = FAINT if item.end and item.end.train else PLAIN
    return Row(_cells(item, columns, layout), item.level, tone, item.single is None)


def _cells(item: Item, columns: Sequence[Column], layout: str) -> tuple[Value, ...]:
    return tuple([column.value(item, layout) if column.value else "" for column in columns])


def folded(layers: Sequence[LayerRow], view: View, columns: Sequence[Column], most: int | None = None) -> list[Row]:
    """The rows as a tree, alike groups folded to one; no more than `most`, and one for all layers not in them."""
    return [row_of(item, columns, view.layout) for item in items(layers, view, tree=True, most=most)]
