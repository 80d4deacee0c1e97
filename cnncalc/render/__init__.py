"""A document or a report of findings -> text: one module a format. None opens a file, prints, or works out a number.

Each module has ``render(answer, screen)``, the text, or its pieces. Only :mod:`cnncalc.render.terminal` imports rich.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..records import Record

if TYPE_CHECKING:
    from ..document.findings import Report
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
#: Those of a report of findings.
REPORTS = {
    "text": Format("findings"),
    "concise": Format("concise"),
    "github": Format("github"),
    "junit": Format("junit", ".xml"),
    "sarif": Format("sarif", ".sarif"),
    "json": FORMATS["json"],
}
#: What stands in the summary of a run of GitHub Actions.
SUMMARY = "summary"
_BY_NAME = {**FORMATS, **REPORTS, SUMMARY: Format("summary", offered=False)}


def formats(records: bool = True) -> tuple[str, ...]:
    """The names of the formats that suit a document, with records or without."""
    return tuple(name for name, one in FORMATS.items() if one.offered and (records or not one.records))


def by_suffix(path: str, formats: Mapping[str, Format]) -> str | None:
    """The format that the name of a file asks for; None where it asks for none."""
    suffix = os.path.splitext(path)[1].lower()
    return next((name for name, one in formats.items() if suffix and one.suffix == suffix), None)


def render(answer: Document | Report, name: str, screen: Screen) -> str | Iterator[str]:
    """An answer in a format, or pieces of it, each made when it is asked for."""
    module = __import__(f"cnncalc.render.{_BY_NAME[name].module}", fromlist=["render"])  # importlib is not loaded yet
    text: str | Iterator[str] = module.render(answer, screen)
    return text
