"""What `cnncalc shapes` does, once its options are understood. Nothing here needs click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cli.output import OutputOptions
from ...cli.specs import (
    MORE_ROWS,
    Reading,
    analysed,
    blocks_only,
    conditions,
    files_of,
    layers_known,
    spec_name,
    unread,
)
from .facts import ListingRequest, facts

if TYPE_CHECKING:
    from ...measure import NetworkAnalysis


def answer(reading: Reading, output: OutputOptions, request: ListingRequest) -> int:
    """Writes the document, of a spec of which too little could be understood only its faults; the exit code."""
    from ...diagnostics import SpecError
    from ...interpret.specification import specification

    try:
        analysis = analysed(reading)
    except SpecError as error:
        empty = {
            "layout": "chw", **conditions(reading), "inputs": [], "outputs": [], "layers": [], "stages": [],
            "totals": dict.fromkeys(("layers", "params", "buffers", "macs", "flops")), "uncounted": [],
        }  # fmt: skip
        return unread("shapes", reading, output, error, empty)
    data = output.chosen() == "json"
    if specification(analysis.network).library and not data:
        return blocks_only(reading, output)
    shown = facts(analysis, request)
    if data or layers_known(analysis.diagnostics):
        from .page import document

        output.show(document(shown, MORE_ROWS), files_of(spec_name(reading), analysis.network))
    diagnostics = shown.diagnostics
    if not data:
        output.report(diagnostics)
    if request.plot:
        _draw(request.plot, analysis, files_of(spec_name(reading), analysis.network))
    return output.code(diagnostics, any(tally.uncounted for tally in shown.tallies))


def _draw(path: str, analysis: NetworkAnalysis, files: list[str]) -> None:
    """Writes the chart of what the layers cost. Raises Refused."""
    from ...cli.guard import Refused
    from ...cli.plots import write_plot
    from ...document import summary
    from ...picture.chart import plotted
    from ...picture.curves import costs

    charts = costs(analysis)
    if not charts:
        raise Refused(f"there is nothing to draw in {path}: no totals are known, or all are 0")
    write_plot(path, plotted(charts, summary.title(analysis)), files)
