"""Aligned text without colour or boxes: complete, uncut, made for pipes, logs and grep."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..document.parts import PIPE, Curve, Document, Facts, Sentences, Sums, Title, Verbatim
from ..document.sheets import SINK, WRAP, Column, Sheet, Value
from .grid import grid_of
from .renderer import Renderer, labelled
from .text import MARGIN, Screen, wrapped

#: Lines of a piece of the output.
PIECE = 1_000


def render(document: Document, screen: Screen) -> Iterator[str]:
    """The document, in pieces: its parts with a blank line between them."""
    blank = following = ""
    for part in Plain(document, screen).parts():
        lines = iter(part)
        while piece := list(islice(lines, PIECE)):
            yield blank + "\n".join(piece) + "\n"
            blank = ""
            following = "\n"
        blank = following


class Plain(Renderer[str]):
    """Each part as lines."""

    medium = PIPE

    def title(self, title: Title) -> Iterator[str]:
        yield self.charset("   ".join(filter(None, (title.text, title.about))))
        yield from self.sentences(Sentences(title.lead))

    def sentences(self, sentences: Sentences) -> Iterator[str]:
        for place, text in enumerate(sentences.texts):
            if place and sentences.apart:
                yield ""
            margin = MARGIN if sentences.inset else ""
            yield from wrapped(self.charset(text), self.document.width, margin)

    def facts(self, facts: Facts) -> Iterator[str]:
        for label, text in labelled(facts, self.charset, self.document.width):
            yield f"{MARGIN}{label}{text}".rstrip()

    def sums(self, sums: Sums) -> Iterator[str]:
        yield self.charset("   ".join(sums.figures))
        yield from map(self.charset, (*sums.remarks, *sums.counts))

    def curve(self, curve: Curve) -> Iterator[str]:
        from .curve import lines

        return lines(curve, self.charset, self.document.width)

    def sheet(self, sheet: Sheet) -> Iterator[str]:
        margin = MARGIN if self.medium in sheet.inset else ""
        blank = [""] if sheet.headed else []
        if sheet.heading:
            yield MARGIN + self.charset(sheet.heading)
        if sheet.caption:
            yield from (self.charset(sheet.caption), *blank)
        grid, room = grid_of(sheet, self.charset, self.cell), self.document.width
        lines = grid.wrapped(room - len(margin)) if sheet.narrow in (WRAP, SINK) and room else grid.lines(sheet.headed)
        for line in lines:
            yield margin + line
        for note in sheet.notes:
            yield from (*blank, self.charset(note) if sheet.headed else margin + self.charset(note))

    def verbatim(self, verbatim: Verbatim) -> Iterator[str]:
        blank: list[str] = []
        for part in verbatim.parts:
            yield from (*blank, *self.part(part))
            blank = [""]

    def cell(self, column: Column, value: Value) -> str:
        """A cell."""
        return self.charset(column.shown(value))
