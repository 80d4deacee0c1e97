"""A document -> text: one module a format. None opens a file, prints, or works out a number of its own.

Each module has ``render(document, screen)``, the text in pieces. Only :mod:`cnncalc.render.terminal` imports rich.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..records import Record

if TYPE_CHECKING:
    from ..document.parts import Document
    from .text import Screen


class Format(Record):
    """A format: the module that renders it, how the name of a file asks for it, and whether --format offers it."""

    module: str
    suffix: str = ""
    #: Whether it shows the records of a document, which not every one has.
    records: bool = False
    offered: bool = True


#: The formats of every document, by name, in the order in which help lists them.
FORMATS = {
    "table": Format("terminal"),
    "plain": Format("plain"),
    "json": Format("json", ".json"),
    "csv": Format("csv", ".csv", records=True),
    "markdown": Format("markdown", ".md"),
    "html": Format("html", offered=False),
}


def formats(records: bool = True) -> tuple[str, ...]:
    """The names of the formats that suit a document, with records or without."""
    return tuple(name for name, one in FORMATS.items() if one.offered and (records or not one.records))


def render(document: Document, name: str, screen: Screen) -> Iterator[str]:
    """The document in a format, in pieces, each made when it is asked for."""
    module = __import__(f"cnncalc.render.{FORMATS[name].module}", fromlist=["render"])  # importlib is not loaded yet
    pieces: Iterator[str] = module.render(document, screen)
    return pieces
