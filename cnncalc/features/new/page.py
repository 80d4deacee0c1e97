"""The list of the bundled examples."""

from __future__ import annotations

from ...document.parts import Document
from ...document.sheets import Column, Sheet, texts
from ...interpret.examples import examples


def document() -> Document:
    """A row an example: its name and its title."""
    return Document(lambda medium: [_sheet()], lambda: {"version": 1, "command": "new"}, _sheet)


def _sheet() -> Sheet:
    columns = [Column("example", "example"), Column("title", "what it is")]
    return texts(columns, [[example.name, example.title] for example in examples()], inset=())
