"""What `cnncalc shapes` shows: the numbers of a network, by other tools' conventions too, and which of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...diagnostics import Diagnostic
    from ...document.columns import Selection
    from ...measure import NetworkAnalysis
    from ...measure.conventions import Convention, Tally


class ListingRequest(Record):
    """What is asked for: the selection, in the spec's own layout or in the selection's, and other tools' counts."""

    selection: Selection
    own_layout: bool = True
    counts: tuple[Convention, ...] = ()
    #: The count that the rows are sorted by.
    order: Convention | None = None
    #: The file for a chart of the costs.
    plot: str | None = None


class Listing(Record):
    """A network's numbers, its counts by other conventions, and what of both is shown."""

    analysis: NetworkAnalysis
    selection: Selection
    tallies: Sequence[Tally] = ()

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What is to be said of them: faults of the spec, doubtful fields where fields are shown, gaps in counts."""
        diagnostics = [*self.analysis.diagnostics, *self._doubts()]
        if self.tallies:
            from ...document import counts

            diagnostics += counts.diagnostics(self.tallies)
        return diagnostics

    def _doubts(self) -> list[Diagnostic]:
        """Merges of paths that look at different places, where fields are shown."""
        if not any(column.name in ("field", "field%", "jump", "start") for column in self.selection.columns):
            return []
        from ...measure.lints import lints

        return list(lints(self.analysis, ("misaligned-merge",)))


def facts(analysis: NetworkAnalysis, request: ListingRequest) -> Listing:
    """The facts that are asked for: the selection with a column for each of the counts, and sorted as it is to be."""
    selection = request.selection._replace(layout=analysis.layout) if request.own_layout else request.selection
    if not request.counts:
        return Listing(analysis, selection)
    from ...document.columns import BY_NAME
    from ...document.counts import column, tallied

    tallies = tallied(analysis, request.counts)
    columns = {tally.name: BY_NAME.get(tally.name) or column(tally) for tally in tallies}
    more = [one for one in columns.values() if one not in selection.columns]
    sort = columns[request.order.name] if request.order else selection.sort
    return Listing(analysis, selection._replace(columns=(*selection.columns, *more), sort=sort), tallies)
