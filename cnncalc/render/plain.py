"""Aligned text without colour or boxes: complete, uncut, made for pipes, logs and grep."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..document.parts import PIPE, Curve, Document, Facts, Sentences, Title, Totals
from ..document.sheets import Column, Sheet, Value
from . import layout
from .cells import Cells, marked
from .grid import Field, Grid
from .renderer import Renderer
from .text import Screen

#: Lines of a piece of the output.
PIECE = 1_000
#: What marks the least of a row, and what stands in its place in the other cells of such columns.
_LEAST, _OTHER = " *", "  "


def render(document: Document, screen: Screen) -> Iterator[str]:
    """The document, in pieces: its parts with a blank line between them."""
    blank = ""
    for part in Plain(document, screen).parts():
        lines = iter(part)
        while piece := list(islice(lines, PIECE)):
            yield blank + "\n".join(piece) + "\n"
            blank = ""
        blank = "\n"


class Plain(Renderer[str]):
    """Each part as lines."""

    medium = PIPE

    def title(self, title: Title) -> Iterator[str]:
        yield self.charset("   ".join(filter(None, (title.text, title.about))))

    def sentences(self, sentences: Sentences) -> Iterator[str]:
        for place, text in enumerate(sentences.texts):
            if place and sentences.apart:
                yield ""
            yield from layout.wrapped(self.charset(text), self.document.width)

    def facts(self, facts: Facts) -> Iterator[str]:
        for label, text in layout.facts(facts, self.charset, self.document.width):
            yield f"{layout.MARGIN}{label}{text}".rstrip()

    def totals(self, totals: Totals) -> Iterator[str]:
        yield self.charset("   ".join(totals.figures))
        yield from map(self.charset, (*totals.remarks, *totals.counts))

    def curve(self, curve: Curve) -> Iterator[str]:
        from .curve import lines

        return lines(curve, self.charset, self.document.width)

    def sheet(self, sheet: Sheet) -> Iterator[str]:
        margin = layout.MARGIN if self.medium in sheet.inset else ""
        if sheet.heading:
            yield layout.MARGIN + self.charset(sheet.heading)
        if sheet.caption:
            yield self.charset(sheet.caption)
            if sheet.headed:
                yield ""
        yield from (margin + line for line in self.grid(sheet).lines(sheet.headed))
        for note in sheet.notes:
            yield ""
            yield self.charset(note)

    def grid(self, sheet: Sheet) -> Grid:
        """The texts of a sheet, and how wide its columns are."""
        starred = {place for _, place in sheet.least}
        fields = [
            Field(self.charset(column.heading) + _OTHER * (place in starred), column.right, column.elastic)
            for place, column in enumerate(sheet.columns)
        ]
        rows = list(map(Cells(sheet.columns, self.cell, layout.MARGIN), sheet.rows))
        return Grid(fields, marked(rows, sheet.least, "{}" + _LEAST, "{}" + _OTHER))

    def cell(self, column: Column, value: Value) -> str:
        """A cell."""
        return self.charset(column.shown(value))
