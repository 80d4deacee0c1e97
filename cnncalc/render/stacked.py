"""A table that is wider than the screen, with its rows on several lines each: nothing is cut or left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..document.sheets import NUMBER, Column, Row, Sheet
from .grid import Grid
from .layout import GAP, wrapped
from .text import pad, width

#: A name has so much room before its text; a longer one has a line of its own.
_NAME = 14
#: No text is wrapped to less.
_LEAST = 12


def stacked(sheet: Sheet, row: Row, cells: Sequence[str], grid: Grid, room: int) -> Iterator[tuple[str, str]]:
    """The lines of a row: its status or none, and behind it its name, its text, and below that its shape and numbers.

    `cells` are the texts of the row, in the columns of `grid`: a status, a name, a text, a shape, numbers.
    """
    status, name, text, shape, *_ = cells
    indent = min(grid.widths[1], _NAME, max(room // 4, 8)) + len(GAP)
    free = max(room - grid.widths[0] - len(GAP) - indent, _LEAST)
    behind = [
        *wrapped(text, free, whole=False, least=_LEAST),
        *_below(shape, _numbers(sheet.columns, row, cells), free),
    ]
    lines = [" " * indent + line for line in behind]
    if width(name) + len(GAP) > indent:
        lines.insert(0, name)
    else:
        lines[0] = pad(name, indent) + behind[0]
    yield pad(status, grid.widths[0]), lines[0].rstrip()
    yield from ((" " * grid.widths[0], line.rstrip()) for line in lines[1:])


def _numbers(columns: Sequence[Column], row: Row, cells: Sequence[str]) -> str:
    """The numbers with their headings as units; zeros are no news."""
    numbers = zip(columns, row.cells, cells, strict=True)
    return GAP.join(f"{text} {one.heading}" for one, value, text in numbers if one.sort == NUMBER and value != 0)


def _below(shape: str, numbers: str, free: int) -> list[str]:
    """The shape, and at the end of its line the numbers, where there is room for both."""
    if width(shape) + len(GAP) + width(numbers) <= free:
        return [shape + numbers.rjust(free - width(shape)) if numbers else shape]
    return [line for text in (shape, numbers) for line in wrapped(text, free, whole=False, least=_LEAST)]
