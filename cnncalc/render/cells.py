"""The cells of a sheet as texts. What stands behind the first cell of a row is written once for all alike rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ..document.sheets import NAME, Column, Row, Value

#: Alike rows that are remembered: where every row differs, memory counts for more than time.
MOST = 10_000
#: The first cell of a row, and those behind it.
Texts: TypeAlias = tuple[str, tuple[str, ...]]


class Cells:
    """Called with a row, it gives its texts, as `write` makes them of a column and a value.

    The name of a row is set in by `indent` for every level of the tree.
    """

    def __init__(self, columns: Sequence[Column], write: Callable[[Column, Value], str], indent: str = "") -> None:
        self._first, *self._others = columns
        self._write = write
        self._indent = indent
        self._name = next((place for place, column in enumerate(columns) if column.sort == NAME), None)
        self._known: dict[tuple[Value, ...], tuple[str, ...]] = {}

    def __call__(self, row: Row) -> Texts:
        """The texts of a row."""
        first, *others = row.cells
        key = tuple(others)
        behind = self._known.get(key)
        if behind is None:
            behind = tuple(map(self._write, self._others, key))
            if len(self._known) < MOST:
                self._known[key] = behind
        texts = self._write(self._first, first), behind
        return self._set_in(texts, row.level) if row.level and self._indent else texts

    def _set_in(self, texts: Texts, level: int) -> Texts:
        """The texts with the name as deep as it is in the tree."""
        cells = [texts[0], *texts[1]]
        if self._name is not None:
            cells[self._name] = self._indent * level + cells[self._name]
        return cells[0], tuple(cells[1:])


def marked(rows: list[Texts], least: frozenset[tuple[int, int]], mark: str, other: str) -> list[Texts]:
    """The rows with the least of each in the form `mark`, and in that of `other` what stands in its columns besides."""
    if not least:
        return rows
    places = {place for _, place in least}

    def cell(row: int, place: int, text: str) -> str:
        return (mark if (row, place) in least else other).format(text) if place in places else text

    return [
        (first, tuple(cell(row, place, text) for place, text in enumerate(behind, 1)))
        for row, (first, behind) in enumerate(rows)
    ]
