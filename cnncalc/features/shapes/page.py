"""The document of `cnncalc shapes`: a title, a row a layer, and the totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from ...document import summary
from ...document.parts import PIPE, SCREEN, Document, Part, Title, Totals
from ...document.sheets import COUNT, Row, Sheet
from ...document.tree import rows
from .facts import Facts

if TYPE_CHECKING:
    from ...document.columns import View
    from ...measure import Analysis

#: Rows that a person reads on a screen; of more the rest is summed.
MOST_ROWS = 500


def document(facts: Facts) -> Document:
    """The document."""
    return Document(
        partial(_parts, facts), partial(_data, facts), partial(_rows, facts.analysis, facts.view),
        facts.analysis.diagnostics,
    )  # fmt: skip


def _parts(facts: Facts, medium: str) -> Iterator[Part]:
    analysis, view = facts.analysis, facts.view
    yield Title(summary.title(analysis), summary.inputs(analysis, view.layout))
    yield _rows(analysis, view) if medium == PIPE else _tree(analysis, view, MOST_ROWS if medium == SCREEN else None)
    heads = summary.train_heads(analysis)
    yield Totals(summary.totals(analysis), [heads] if heads else [], _counts(facts))


def _counts(facts: Facts) -> list[str]:
    if not facts.tallies:
        return []
    from ...document import counts

    return counts.totals(facts.tallies)


def _rows(analysis: Analysis, view: View) -> Sheet:
    """A row for every layer, or what the view asks for."""
    columns = view.shown(analysis, tree=False)
    return Sheet(columns, rows(analysis.layers, view, columns))


def _tree(analysis: Analysis, view: View, most: int | None) -> Sheet:
    """The rows in stages and blocks, alike ones folded; of no more than `most` rows, where that is a number."""
    columns = view.shown(analysis, view.tree())
    shown = list(rows(analysis.layers, view, columns, True, most))
    totals = {column.name: getattr(analysis.totals, column.name) for column in columns if column.sort == COUNT}
    return Sheet(columns, shown, notes=_cut_note(shown, view, most), totals=totals)


def _cut_note(shown: list[Row], view: View, most: int | None) -> list[str]:
    """How to see the rows that there was no room for."""
    if most is None or len(shown) <= most or (view.top or most) < most:
        return []
    return [f"the first {len(shown) - 1:,} rows; '--format plain' has all, '--depth 1' folds, '--top 20' picks"]


def _data(facts: Facts) -> Mapping[str, Any]:
    if not facts.tallies:
        return facts.analysis.document()
    from ...document import counts

    return counts.added(facts.analysis.to_dict(), facts.tallies)
