"""The table on a terminal: a tree in columns that fit the width, and colour only where it means something.

The widths are worked out here, in linear time; rich turns the styles into what the terminal understands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..document import summary
from ..document.columns import COUNT, TEXT, Column, View
from ..document.items import OTHERS, Item
from ..document.tree import items
from .grid import GAP, Field, Grid
from .text import Screen, clip, width

if TYPE_CHECKING:
    from ..measure import Analysis

MARGIN = "  "
#: Rows that a person reads; of more the rest is summed.
MOST_ROWS = 500
#: A line is a list of pieces: a text and the style that rich draws it in ("" for none).
Line = list[tuple[str, str]]


def render(analysis: Analysis, view: View, screen: Screen) -> str:
    """The title, the tree of layers and the totals, as a text with or without escape codes."""
    lines: list[Line] = [_title(analysis, view, screen), []]
    lines += _rows(analysis, view, screen)
    lines.append([])
    lines += _totals(analysis, screen)
    return drawn(lines, screen.color)


def drawn(lines: Sequence[Line], color: bool) -> str:
    """The lines as one text, styled by rich where there is colour."""
    if not color:
        return "".join("".join(text for text, _ in line) + "\n" for line in lines)
    from io import StringIO

    from rich.console import Console
    from rich.segment import Segment, Segments
    from rich.style import Style

    styles = {style: Style.parse(style) for line in lines for _, style in line}
    segments = [Segment(text, styles[style]) for line in lines for text, style in (*line, ("\n", "")) if text]
    console = Console(
        file=StringIO(), force_terminal=True, color_system="standard", no_color=False, legacy_windows=False
    )
    with console.capture() as capture:
        console.print(Segments(segments), crop=False, end="")
    return capture.get()


def _title(analysis: Analysis, view: View, screen: Screen) -> Line:
    charset = screen.charset
    about, name = charset(summary.inputs(analysis, view.layout)), charset(summary.title(analysis))
    if screen.width:
        name = clip(name, max(screen.width - len(about) - 3, 20), charset("…"))
    return [(name, "bold"), ("   " + about if about else "", "")]


def _rows(analysis: Analysis, view: View, screen: Screen) -> Iterator[Line]:
    charset = screen.charset
    columns = view.shown(analysis, view.tree())
    rows = items(analysis.layers, view, tree=True, most=MOST_ROWS)
    cells = [[charset(_text(column, item, view.layout)) for column in columns] for item in rows]
    grid, places = _fitted(columns, cells, screen.width)
    if _cuts_layers(rows, columns, grid):
        cells = [[_short(cell, column) for cell, column in zip(row, columns, strict=True)] for row in cells]
        grid, places = _fitted(columns, cells, screen.width)
    heads = [grid.cell([field.heading for field in grid.fields], place) for place in places]
    yield [(MARGIN + GAP.join(heads), "dim")]
    counts = [column.name for column in columns if column.sort == COUNT]
    bounds = {name: getattr(analysis.totals, name) for name in counts}
    ellipsis = charset("…") if screen.width else ""
    for item, row in zip(rows, cells, strict=True):
        line: Line = [(MARGIN, "")]
        for place in places:
            style = _style(columns[place], item, bounds)
            line += [(grid.cell(row, place, ellipsis), style), (GAP, "")]
        yield _stripped(line)
    if rows and rows[-1].kind == OTHERS and (view.top or MOST_ROWS) >= MOST_ROWS:
        all_rows = f"the first {len(rows) - 1:,} rows; '--format plain' has all, '--depth 1' folds, '--top 20' picks"
        yield from _sentence(screen.charset(all_rows), screen.width, "dim")
    missing = [column.name for place, column in enumerate(columns) if place not in places]
    if missing:
        left_out = f"left out to fit {screen.width} columns: {', '.join(missing)}"
        yield from _sentence(left_out, screen.width, "dim")


def _fitted(columns: Sequence[Column], cells: list[list[str]], room: int) -> tuple[Grid, list[int]]:
    """The cells as a grid, and which of its columns fit."""
    grid = Grid([Field(column.heading, column.right, column.sort == TEXT) for column in columns], cells)
    return grid, grid.fit(room - len(MARGIN)) if room else list(range(len(columns)))


def _cuts_layers(rows: Sequence[Item], columns: Sequence[Column], grid: Grid) -> bool:
    """Whether the grid has no room for what a layer does; of a folded group no more than the start is promised."""
    place = next((place for place, column in enumerate(columns) if column.name == "operation"), None)
    return place is not None and any(row.single and width(row.operation) > grid.widths[place] for row in rows)


def _short(cell: str, column: Column) -> str:
    """An operation with the short keys of the language: `conv 64 3×3 s2 p1`."""
    if column.name == "operation":
        for key in ("stride", "pad", "dilation", "groups"):
            cell = cell.replace(f" {key} ", f" {key[0]}")
    return cell


def _stripped(line: Line) -> Line:
    """The line without the blanks at its end."""
    while line and not line[-1][0].strip():
        line.pop()
    return [*line[:-1], *((text.rstrip(), style) for text, style in line[-1:])]


def _sentence(text: str, room: int, style: str = "") -> Iterator[Line]:
    """A text below the table, broken between words where it does not fit."""
    from textwrap import wrap

    for part in wrap(text, max(room - len(MARGIN), 20)) if room else [text]:
        yield [(MARGIN + part, style)]


def _text(column: Column, item: Item, layout: str) -> str:
    """The cell: a name is set in as deep as it is in the tree, a count of zero is a dot."""
    text = column.text(item, layout)
    if column.name == "layer":
        return "  " * item.level + text
    return "·" if column.sort == COUNT and text == "0" else text


def _style(column: Column, item: Item, bounds: dict[str, int | None]) -> str:
    """Dim for what is zero or not counted, bold for a tenth of the total or more, red for what is unknown."""
    if item.end and item.end.train:
        return "dim"
    if column.sort != COUNT or not item.layers:
        return ""
    value, total = item.total(column.name), bounds[column.name]
    if value is None:
        return "red"
    if value == 0:
        return "dim"
    return "bold" if total and value * 10 >= total else ""


def _totals(analysis: Analysis, screen: Screen) -> Iterator[Line]:
    """The totals, as many on a line as fit."""
    line = MARGIN
    for part in summary.totals(analysis):
        part = screen.charset(part)
        if line.strip() and screen.width and width(line) + width(part) > screen.width:
            yield [(line.rstrip(), "")]
            line = MARGIN
        line += part + "   "
    yield [(line.rstrip(), "")]
    heads = summary.train_heads(analysis)
    if heads:
        yield from _sentence(screen.charset(heads), screen.width)
