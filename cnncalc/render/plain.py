"""Aligned text without colour or boxes: complete, uncut, made for pipes, logs and grep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..document import summary
from ..document.columns import TEXT, Column, View
from ..document.tree import items
from .cells import Cells
from .grid import GAP, WIDEST, Field, Grid
from .text import Charset, narrow, pad

if TYPE_CHECKING:
    from ..measure import Analysis


def render(analysis: Analysis, view: View, charset: Charset) -> str:
    """The title, a header, a row a layer (or what `view` asks for), and the totals."""
    return "".join(stream(analysis, view, charset))


def stream(analysis: Analysis, view: View, charset: Charset) -> Iterator[str]:
    """The same text in pieces, each made when it is asked for."""
    columns = view.shown(analysis, tree=False)
    head = "   ".join(filter(None, (summary.title(analysis), summary.inputs(analysis, view.layout))))
    yield f"{charset(head)}\n\n"
    if Cells.fit(view, columns):
        yield from _rows(Cells(analysis.layers, view, columns, Column.shown, charset))
    else:
        rows = [
            [charset(column.text(item, view.layout)) for column in columns]
            for item in items(analysis.layers, view, tree=False)
        ]
        fields = [Field(column.heading, column.right, column.sort == TEXT) for column in columns]
        yield "".join(line + "\n" for line in Grid(fields, rows).lines())
    yield f"\n{charset('   '.join(summary.totals(analysis)))}\n"
    heads = summary.train_heads(analysis)
    if heads:
        yield charset(heads) + "\n"


def _rows(cells: Cells) -> Iterator[str]:
    """The header and the rows, aligned."""
    first, *others = cells.columns
    room, *widths = [
        min(one, WIDEST) if column.sort == TEXT else one
        for column, one in zip(cells.columns, cells.measure(), strict=True)
    ]
    rights = [column.right for column in others]
    aligned = GAP.join([f"%{'' if right else '-'}{one}s" for one, right in zip(widths, rights, strict=True)])

    def joined(texts: Sequence[str]) -> str:
        if narrow("".join(texts)):
            return (aligned % tuple(texts)).rstrip()
        return GAP.join([pad(*one) for one in zip(texts, widths, rights, strict=True)]).rstrip()

    def line(label: str, tail: str) -> str:
        return f"{label.ljust(room)}{GAP}{tail}\n" if tail else f"{label}\n"

    yield line(first.heading, joined([column.heading for column in others]))
    yield from cells.lines(joined, line)
