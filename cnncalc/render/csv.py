"""Comma-separated values (RFC 4180, with LF): a header, and the records of a document, exact numbers in them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from ..document.sheets import Column, Sheet, Value
from .grid import Cells

if TYPE_CHECKING:
    from ..document.parts import Document
    from .text import Screen

#: Rows of a piece of the output.
PIECE = 1_000
#: How a formula of a spreadsheet starts, in wide characters, too.
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def render(document: Document, screen: Screen) -> Iterator[str]:
    """The records as text, in pieces; where there are none, though a file's name asks for them, plain text."""
    if document.records is None:
        from . import plain

        yield from plain.render(document, screen)
        return
    for piece in sheet(document.records()):
        yield screen.charset.lines(piece)


def sheet(records: Sheet) -> Iterator[str]:
    """A header and the rows: shapes as 6x28x28, what is unknown or does not apply empty."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in records.columns])
    cells = Cells(records.columns, _cell)
    for count, row in enumerate(records.rows, 1):
        first, others = cells(row)
        writer.writerow((first, *others))
        if count % PIECE == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cell(column: Column, value: Value) -> str:
    """A cell; a text behind an apostrophe where a spreadsheet would take it for a formula."""
    text = column.exact(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
