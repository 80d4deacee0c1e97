"""What every format for people is made of: a method for each kind of part, none of which can be left out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar, Generic, TypeVar

from ..document.parts import Curve, Document, Facts, Part, Sentences, Sums, Title, Verbatim
from ..document.sheets import Sheet
from .text import GAP, MARGIN, Charset, Screen, width, wrapped

#: What a format makes lines of: texts, or styled pieces of text.
Line = TypeVar("Line")


class Renderer(ABC, Generic[Line]):
    """Renders documents for one medium: each part as lines."""

    medium: ClassVar[str]

    def __init__(self, document: Document, screen: Screen) -> None:
        self.document = document
        self.screen = screen
        self.charset = screen.charset

    def parts(self) -> Iterator[Iterable[Line]]:
        """The parts one after another."""
        for part in self.document.parts(self.medium):
            yield self.part(part)

    def part(self, part: Part) -> Iterable[Line]:
        """One part, by the method that goes by the name of its class."""
        lines: Iterable[Line] = getattr(self, type(part).__name__.lower())(part)
        return lines

    @abstractmethod
    def title(self, title: Title) -> Iterable[Line]:
        """What the document is on."""

    @abstractmethod
    def sentences(self, sentences: Sentences) -> Iterable[Line]:
        """Sentences."""

    @abstractmethod
    def facts(self, facts: Facts) -> Iterable[Line]:
        """Labelled sentences."""

    @abstractmethod
    def sums(self, sums: Sums) -> Iterable[Line]:
        """Figures, and what belongs to them."""

    @abstractmethod
    def curve(self, curve: Curve) -> Iterable[Line]:
        """Values over steps."""

    @abstractmethod
    def sheet(self, sheet: Sheet) -> Iterable[Line]:
        """A table."""

    @abstractmethod
    def verbatim(self, verbatim: Verbatim) -> Iterable[Line]:
        """Parts that stand as they are."""


def labelled(part: Facts, charset: Charset, room: int) -> Iterator[tuple[str, str]]:
    """Line by line the label, as wide as all of them, and a text; the label stands at the first line only."""
    widest = max((width(fact.label) for fact in part.facts), default=0)
    indent = max(widest, part.room) + len(GAP)
    for fact in part.facts:
        label = charset(fact.label) + " " * (indent - width(fact.label))
        for text in map(charset, fact.lines):
            free = max(room - len(MARGIN) - indent, 24) if room else 0
            for line in [text] if fact.code else wrapped(text, free, later=GAP if part.hanging else ""):
                yield label, line
                label = " " * indent
