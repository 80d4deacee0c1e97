"""A document: what an answer is, as data, before any format. What it consists of, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from ..records import Record
from .sheets import PLAIN, Sheet

if TYPE_CHECKING:
    from ..diagnostics import Diagnostic

#: What a document is read on. A screen is looked at: little, folded, as wide as it is. A pipe has everything, uncut. On
#: a page, which a browser draws, tables are real ones, folded.
SCREEN, PIPE, PAGE = "screen", "pipe", "page"


class Title(Record):
    """What the document is on, and a few words about it. A heading stands over parts with headings of their own."""

    text: str
    about: str = ""
    heading: bool = False
    #: Sentences right below it.
    lead: Sequence[str] = ()


class Sentences(Record):
    """Sentences, a line each; apart from each other where there is room; points of a list on a page; or set in."""

    texts: Sequence[str]
    tone: str = PLAIN
    apart: bool = False
    listed: bool = False
    inset: bool = False
    #: The first one is the answer to what was asked.
    answer: bool = False


class Fact(Record):
    """Sentences behind a label; `code` for lines to be copied as they are."""

    label: str
    lines: Sequence[str]
    code: bool = False


class Facts(Record):
    """Labelled sentences, the labels in a column as wide as they are or as `room`; `hanging` sets further lines in."""

    facts: Sequence[Fact]
    room: int = 0
    hanging: bool = True


class Sums(Record):
    """Figures with their units, what is to be said besides, and counts of other tools, each of them with its name."""

    figures: Sequence[str]
    remarks: Sequence[str] = ()
    counts: Sequence[str] = ()


class Curve(Record):
    """Values over named steps, drawn as columns: the highest is labelled, and the step where it is."""

    values: Sequence[int]
    names: Sequence[str]
    peak: int
    label: str


class Verbatim(Record):
    """Parts that stand on a page as they do in a pipe, in a block of code."""

    parts: Sequence[Part]


Part: TypeAlias = Title | Sentences | Facts | Sums | Curve | Sheet | Verbatim


class Document(Record):
    """An answer: parts for people, data for JSON and records for CSV, each made when a format asks for it."""

    #: The parts for a medium, one of SCREEN, PIPE and PAGE.
    parts: Callable[[str], Iterable[Part]]
    data: Callable[[], Mapping[str, Any]]
    records: Callable[[], Sheet] | None = None
    diagnostics: Sequence[Diagnostic] = ()
    #: The columns that it is set in where nothing else limits them; 0 for no limit, wider screens being used.
    width: int = 0
