"""Comma-separated values: a header, and a row a layer with exact integers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .columns import Value, View
from .tree import items

if TYPE_CHECKING:
    from ..analysis import Analysis


def render(analysis: Analysis, view: View) -> str:
    """The rows as CSV (RFC 4180, with LF): shapes as 6x28x28, what is unknown or does not apply empty."""
    import csv
    from io import StringIO

    columns = view.shown(analysis.layers, tree=False)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    for item in items(analysis.layers, view, tree=False):
        writer.writerow([_cell(column.value(item, view.layout)) for column in columns])
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
