"""Comma-separated values: a header, and a row a layer with exact integers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ..document.columns import Value, View
from ..document.tree import items
from .cells import PIECE, Cells

if TYPE_CHECKING:
    from ..measure import Analysis


def render(analysis: Analysis, view: View) -> str:
    """The rows as CSV (RFC 4180, with LF): shapes as 6x28x28, what is unknown or does not apply empty."""
    return "".join(stream(analysis, view))


def stream(analysis: Analysis, view: View) -> Iterator[str]:
    """The same text in pieces, each made when it is asked for."""
    columns = view.shown(analysis, tree=False)
    yield _written([column.name for column in columns])
    if Cells.fit(view, columns):
        cells = Cells(analysis.layers, view, columns, lambda _, value: _cell(value))
        yield from cells.lines(_written, lambda label, tail: f"{label},{tail}")  # a label has no comma
        return
    piece: list[str] = []
    for item in items(analysis.layers, view, tree=False):
        piece.append(_written([_cell(column.value(item, view.layout)) for column in columns]))
        if len(piece) == PIECE:
            yield "".join(piece)
            piece.clear()
    yield "".join(piece)


def _written(cells: Sequence[str]) -> str:
    import csv
    from io import StringIO

    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _cell(value: Value) -> str:
    """A value as exactly as text can have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, tuple):
        return "x".join(map(_cell, value))
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else repr(float(value))
    return str(value).replace("×", "x")
