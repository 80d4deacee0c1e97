"""A table to paste into a pull request or a README."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..document import summary
from ..document.columns import COUNT, Column, View
from ..document.items import Item
from ..document.tree import items
from .text import Charset, pad, width

if TYPE_CHECKING:
    from ..measure import Analysis

#: What Markdown does not trim at the start of a cell, for the levels of the tree.
_INDENT = "\u2003"


def render(analysis: Analysis, view: View, charset: Charset) -> str:
    """The title, the tree as a table that is aligned in the source too, and the totals."""
    columns = view.shown(analysis, view.tree())
    rows = [[column.heading for column in columns]]
    rows += [
        [charset(_cell(column, item, view.layout)) for column in columns]
        for item in items(analysis.layers, view, tree=True)
    ]
    lines = table(rows, [column.right for column in columns])
    head = f"**{escaped(summary.title(analysis))}**   {summary.inputs(analysis, view.layout)}"
    totals = ", ".join(summary.totals(analysis))
    heads = summary.train_heads(analysis)
    more = [charset(escaped(heads))] if heads else []
    return "\n".join([charset(head.rstrip()), "", *lines, "", charset(totals), *more]) + "\n"


def table(rows: list[list[str]], right: list[bool]) -> list[str]:
    """The lines of a table; the first row is its header."""
    widths = [max(3, *map(width, cells)) for cells in zip(*rows, strict=True)]

    def line(cells: list[str]) -> str:
        padded = [pad(*one) for one in zip(cells, widths, right, strict=True)]
        return f"| {' | '.join(padded)} |"

    rule = ["-" * (room - 1) + (":" if side else "-") for room, side in zip(widths, right, strict=True)]
    return [line(rows[0]), line(rule), *map(line, rows[1:])]


def escaped(text: str) -> str:
    """`text` with what Markdown would take for markup escaped."""
    return "".join("\\" + char if char in "\\`*[]<>|~" else char for char in text)


def _cell(column: Column, item: Item, layout: str) -> str:
    text = escaped(column.text(item, layout))
    if column.name == "layer":
        return _INDENT * item.level + text
    return "·" if column.sort == COUNT and text == "0" else text
