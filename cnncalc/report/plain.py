"""Aligned text without colour or boxes: complete, uncut, made for pipes, logs and grep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import summary
from .columns import TEXT, View
from .grid import Field, Grid
from .text import Charset
from .tree import items

if TYPE_CHECKING:
    from ..analysis import Analysis


def render(analysis: Analysis, view: View, charset: Charset) -> str:
    """The title, a header, a row a layer (or what `view` asks for), and the totals."""
    columns = view.shown(analysis.layers, tree=False)
    rows = [
        [charset(column.text(item, view.layout)) for column in columns]
        for item in items(analysis.layers, view, tree=False)
    ]
    grid = Grid([Field(column.heading, column.right, column.sort == TEXT) for column in columns], rows)
    head = "   ".join(filter(None, (summary.title(analysis), summary.inputs(analysis, view.layout))))
    lines = [charset(head), "", *grid.lines(), "", charset("   ".join(summary.totals(analysis)))]
    heads = summary.train_heads(analysis)
    return "\n".join([*lines, charset(heads)] if heads else lines) + "\n"
