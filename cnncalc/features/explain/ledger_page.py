"""Pages that set one thing beside another: the network without something, and the ledger of two conventions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...document import figures, summary
from ...document.parts import PIPE, SCREEN, Fact, Facts, Part, Title
from ...document.sheets import PLACE, Column, texts

if TYPE_CHECKING:
    from ...measure import NetworkAnalysis
    from ...measure.conventions import Ledger
    from .without import Without

_FAULTS = 5
_WORDS = {"padding": "padding", "stride": "strides", "pooling": "pools"}


def without(analysis: NetworkAnalysis, found: Without, only: set[str] | None) -> list[Part]:
    """The layers as they are and as they would be; `only` those of these names."""
    rows = []
    for real, other in found.layers:
        if only is not None and real.name not in only:
            continue
        changed = work = figures.UNKNOWN
        if other is not None:
            changed = "=" if other.output == real.output else figures.spelled(other.output, analysis.layout)
            work = "=" if other.macs == real.macs else figures.grouped(other.macs)
        shape = figures.spelled(real.output, analysis.layout)
        rows.append([real.name, real.operation, shape, changed, figures.grouped(real.macs), work])
    word = f"without {_WORDS[found.what]}"
    columns = [*(Column(name, name) for name in ("layer", "operation", "output")), Column(f"output {word}", word),
               Column("MACs", "MACs", PLACE), Column(f"MACs {word}", word, PLACE)]  # fmt: skip
    facts = []
    if found.faults:
        said = [(f"line {fault.span.line}: " if fault.span else "") + fault.message for fault in found.faults[:_FAULTS]]
        more = len(found.faults) - _FAULTS
        facts.append(Fact("does not fit", [*said, f"and {more} more"] if more > 0 else said))
    for label, some in (("as it is", analysis), (word, found.analysis)):
        totals = some.totals
        facts.append(Fact(label, (f"{figures.quantity(totals.params, 'parameter')}, "
                                  f"{figures.quantity(totals.macs, 'MAC')}",)))  # fmt: skip
    title = Title(f"{summary.title(analysis)} {word}", summary.inputs(analysis, analysis.layout), heading=True)
    return [title, Facts(facts), texts(columns, rows, inset=(SCREEN, PIPE))]


def ledger(analysis: NetworkAnalysis, found: Ledger) -> list[Part]:
    """Term by term from one total to the other."""
    start, end = found.start, found.end
    rows = [["", f"total by {start.name}", figures.grouped(start.total), f"{start.convention.unit}s"]]
    for entry in found.entries:
        times = abs(entry.coefficient)
        measure = f"{'' if times == 1 else f'{times} '}{entry.quantity}"
        layers = figures.quantity(len(entry.layers), "layer")
        note = f", uncounted by {entry.uncounted}" if entry.uncounted else ""
        amount = figures.grouped(abs(entry.amount))
        rows.append(["+" if entry.amount > 0 else "−", f"{entry.kind}: {measure}", amount, layers + note])
    rows.append(["=", f"total by {end.name}", figures.grouped(end.total), f"{end.convention.unit}s"])
    columns = (Column("sign", ""), Column("term", ""), Column("amount", "", PLACE), Column("layers", ""))
    facts = [Fact("letters", (_letters(found),)) if found.entries else Fact("terms", ("none: the two agree",))]
    title = Title(summary.title(analysis), f"from {start.name} to {end.name}", heading=True)
    return [title, texts(columns, rows, headed=False, inset=(SCREEN, PIPE)), Facts(facts)]


def _letters(found: Ledger) -> str:
    """What the measures in the ledger are."""
    from ...layers.result import QUANTITIES

    used = dict.fromkeys(entry.quantity for entry in found.entries)
    return "; ".join(f"{name} = {QUANTITIES[name]}" if name in QUANTITIES else name for name in used)
