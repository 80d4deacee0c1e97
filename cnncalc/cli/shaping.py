"""What `cnncalc shapes` does, once its options are understood. Nothing here needs click."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from ..records import Record
from . import counting
from .output import Output
from .specs import Reading, analysed, spec_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..diagnostics import Diagnostic, SpecError
    from ..document.columns import View
    from ..measure import Analysis
    from ..measure.conventions import Convention, Tally

#: Errors that leave every layer known, if not its shape.
SHAPE_FAULTS = {"expectation-failed", "shape", "groups", "window-too-large"}
FORMATS = ("table", "plain", "json", "csv", "markdown")


class Wish(Record):
    """What is to be shown: the view, in the spec's own layout or in the view's, and other tools' counts."""

    view: View
    own_layout: bool = True
    counts: tuple[Convention, ...] = ()
    #: The count that the rows are sorted by.
    order: Convention | None = None


def shape(reading: Reading, output: Output, wish: Wish) -> int:
    """Writes the report; its exit code."""
    from ..diagnostics import SpecError
    from ..interpret.specification import specification

    try:
        analysis = analysed(reading)
    except SpecError as error:
        return _unread(reading, output, error)
    view = wish.view._replace(layout=analysis.layout) if wish.own_layout else wish.view
    if specification(analysis.network).library and output.chosen() != "json":
        return _library(reading, output)
    tallies = counting.tallied(analysis, wish.counts)
    view = _counted(view, tallies, wish.order)
    text = _rendered(analysis, view, output, tallies)
    if text:
        output.write(text, spec_name(reading))
    diagnostics = [*analysis.diagnostics, *_doubts(analysis, view), *counting.diagnostics(tallies)]
    if output.chosen() != "json":
        output.report(diagnostics)
    return max(output.code(diagnostics), counting.code(tallies, output.strict))


def _doubts(analysis: Analysis, view: View) -> list[Diagnostic]:
    """Where fields are shown, what makes them doubtful: merges of paths that look at different places."""
    if not any(column.name in ("field", "field%", "jump", "start") for column in view.columns):
        return []
    from ..interpret.specification import specification
    from ..measure.lints import LINTS

    allows = specification(analysis.network).allows
    return [one for one in LINTS["misaligned-merge"].diagnostics(analysis) if not allows(one)]


def _counted(view: View, tallies: tuple[Tally, ...], order: Convention | None) -> View:
    """The view with a column for each of the counts, sorted by the one that `order` names."""
    if not tallies:
        return view
    from ..document.columns import BY_NAME
    from ..render.conventions import column

    found = {tally.name: BY_NAME.get(tally.name) or column(tally) for tally in tallies}
    more = [one for one in found.values() if one not in view.columns]
    return view._replace(columns=(*view.columns, *more), sort=found[order.name] if order else view.sort)


def _unread(reading: Reading, output: Output, error: SpecError) -> int:
    """Reports a spec that could not even be read; in JSON by a document without layers."""
    if output.chosen() != "json":
        output.report(error.diagnostics)
        return output.code(error.diagnostics)
    from ..render import json

    unknown = dict.fromkeys(("layers", "params", "buffers", "macs", "flops"))
    document = {
        "version": 1, "command": "shapes", "file": spec_name(reading), "model": None, "layout": "chw",
        "batch": reading.batch, "dtype": reading.dtype, "inputs": [], "outputs": [], "layers": [],
        "totals": unknown, "uncounted": [], "diagnostics": [one.to_dict() for one in error.diagnostics],
    }  # fmt: skip
    output.write(json.render(document, output.ascii_only()), spec_name(reading))
    return output.code(error.diagnostics)


def _library(reading: Reading, output: Output) -> int:
    """Says of a file of blocks that there is nothing in it to be counted."""
    from ..diagnostics import NOTE, Diagnostic

    said = f"{spec_name(reading)} defines blocks only: a spec that takes them by 'use' makes layers of them"
    output.report([Diagnostic(NOTE, "blocks-only", said)])
    return 0


def _rendered(analysis: Analysis, view: View, output: Output, tallies: tuple[Tally, ...]) -> str | Iterable[str]:
    """The report in the format asked for; nothing for a spec of which too little could be understood."""
    form = output.chosen()
    if form == "json":
        from ..render import json

        document = counting.added(analysis.to_dict(), tallies) if tallies else analysis.document()
        return json.stream(document, output.ascii_only())
    if not _worth_showing(analysis):
        return ""
    if form == "csv":
        from ..render import csv

        return map(output.fitted, csv.stream(analysis, view))
    below = counting.below(tallies, output, form)
    if form == "markdown":
        from ..render import markdown

        return markdown.render(analysis, view, output.charset()) + below
    if form == "plain":
        from ..render import plain

        return chain(plain.stream(analysis, view, output.charset()), [below])
    from ..render.terminal import render
    from ..render.text import Screen

    return render(analysis, view, Screen(output.width(), output.colored(), output.charset())) + below


def _worth_showing(analysis: Analysis) -> bool:
    """Whether the rows are those of the network that was meant: of a line that was not understood, there are none."""
    from ..diagnostics import ERROR

    errors = {one.code for one in analysis.diagnostics if one.severity == ERROR}
    return errors <= SHAPE_FAULTS
