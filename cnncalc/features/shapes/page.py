"""The document of `cnncalc shapes`: a title, a row a layer, and the totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ...document import summary
from ...document.parts import SCREEN, Document, Part, Sums, Title
from ...document.sheets import COUNT, Sheet
from ...document.tree import rows
from .facts import Listing

#: Rows that a person reads on a screen; of more the rest is summed.
MOST_ROWS = 500


def document(listing: Listing, more_rows: str = "") -> Document:
    """The document; `more_rows` says how rows are seen that there is no room for."""
    return Document(
        partial(_parts, listing, more_rows), partial(_data, listing), partial(_rows, listing),
        listing.analysis.diagnostics,
    )  # fmt: skip


def _parts(listing: Listing, more_rows: str, medium: str) -> Iterator[Part]:
    analysis = listing.analysis
    yield Title(summary.title(analysis), summary.inputs(analysis, listing.selection.layout))
    yield _tree(listing, MOST_ROWS if medium == SCREEN else None, more_rows)
    heads = summary.train_heads(analysis)
    yield Sums(summary.totals(analysis), [heads] if heads else [], _counts(listing))


def _counts(listing: Listing) -> list[str]:
    if not listing.tallies:
        return []
    from ...document import counts

    return counts.totals(listing.tallies)


def _rows(listing: Listing) -> Sheet:
    """A row for every layer, or what the selection asks for."""
    columns = listing.selection.shown(listing.analysis, tree=False)
    return Sheet(columns, rows(listing.analysis.layers, listing.selection, columns))


def _tree(listing: Listing, most: int | None, more_rows: str) -> Sheet:
    """The rows in stages and blocks, alike ones folded; of no more than `most` rows, where that is a number."""
    analysis, selection = listing.analysis, listing.selection
    columns = selection.shown(analysis, selection.tree())
    totals = {column.name: getattr(analysis.totals, column.name) for column in columns if column.sort == COUNT}
    sheet = Sheet(columns, rows(analysis.layers, selection, columns, True, most), totals=totals)
    if most is None:
        return sheet
    shown = list(sheet.rows)
    cut = len(shown) > most and (selection.top or most) >= most
    notes = ["; ".join(filter(None, (f"the first {len(shown) - 1:,} rows", more_rows)))] if cut else []
    return sheet._replace(rows=shown, notes=notes)


def _data(listing: Listing) -> Mapping[str, Any]:
    if not listing.tallies:
        return listing.analysis.document()
    from ...document import counts

    return counts.added(listing.analysis.to_dict(), listing.tallies)
