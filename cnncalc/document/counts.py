"""Counts by other tools' conventions, in a document: their column, their totals, and what is said of gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..diagnostics import ERROR, NOTE, Diagnostic
from ..measure.conventions import UNKNOWN, Convention, Tally
from . import figures
from .sheets import NUMBER, Column, Value

if TYPE_CHECKING:
    from ..measure import NetworkAnalysis
    from ..measure.conventions import Gap
    from .items import Item

#: Names of layers that a message lists before it says how many more there are.
_NAMED = 5


def tallied(analysis: NetworkAnalysis, conventions: Iterable[Convention]) -> tuple[Tally, ...]:
    """The analysis by each of the conventions."""
    return tuple(Tally(analysis, convention) for convention in conventions)


def column(tally: Tally) -> Column:
    """The column of a convention: empty where the tool counts nothing, `?` where its number is not known."""

    def value(item: Item, _: str) -> Value:
        return _sum(tally, item)

    about = f"{tally.convention.unit}s as {tally.convention.tool} counts them"
    return Column(tally.name, tally.name, NUMBER, about, value, figures.grouped)


def _sum(tally: Tally, item: Item) -> Value:
    """The sum over the layers of a row; None where one is unknown, "" where none is counted."""
    counts = [tally.counts[layer.name] for layer in item.layers]
    if any(count is None or count.state == UNKNOWN for count in counts):
        return None
    values = [count.value for count in counts if count is not None and count.value is not None]
    return sum(values) if values else ""


def totals(tallies: Iterable[Tally]) -> list[str]:
    """A total each: `fvcore-0.1.5: 1,819,065,856 MACs`."""
    return [f"{tally.name}: {figures.quantity(tally.total, tally.convention.unit)}" for tally in tallies]


def uncounted(tallies: Iterable[Tally]) -> bool:
    """Whether one of the conventions leaves something out that takes work."""
    return any(tally.uncounted for tally in tallies)


def diagnostics(tallies: Iterable[Tally]) -> list[Diagnostic]:
    """A note for what a convention leaves out, an error for what it has no known number for."""
    faults = []
    for tally in tallies:
        if tally.uncounted:
            gaps = figures.listed([_kind(gap) for gap in tally.uncounted])
            message = f"not counted by {tally.name}: {gaps}"
            faults.append(Diagnostic(NOTE, "uncounted", message, figures=gaps))
        for gap in tally.unknown:
            message = f"the number of {tally.name} for {gap.kind} is not known here: {_names(gap.layers)}"
            more = f"'cnncalc conventions {tally.name}' says what it counts, and how"
            faults.append(Diagnostic(ERROR, "count-unknown", message, help=more))
    return faults


def _kind(gap: Gap) -> str:
    return f"{gap.kind} ({figures.quantity(len(gap.layers), 'layer')})"


def _names(layers: Sequence[str]) -> str:
    more = len(layers) - _NAMED
    return ", ".join(layers[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def added(document: dict[str, Any], tallies: Sequence[Tally]) -> dict[str, Any]:
    """The JSON document of a network with the counts in it: of each layer, the totals, and the gaps."""
    for entry in document["layers"]:
        counts = [(tally.name, tally.counts[entry["name"]]) for tally in tallies]
        entry["counts"] = {name: None if count is None else count.value for name, count in counts}
    document["totals"]["counts"] = {tally.name: tally.total for tally in tallies}
    document["uncounted"] = [
        {"convention": tally.name, "kind": gap.kind, "layers": list(gap.layers), "reason": gap.reason}
        for tally in tallies
        for gap in (*tally.uncounted, *tally.unknown)
    ]
    errors = [fault.to_dict() for fault in diagnostics(tallies) if fault.severity == ERROR]
    document["diagnostics"] = [*document["diagnostics"], *errors]
    return document
