"""`cnncalc shapes`: a row a layer."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import click

from . import counting
from .options import Reading, output, reading, whole
from .output import Output
from .specs import analysed, spec_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from click.shell_completion import CompletionItem

    from ..analysis import Analysis
    from ..analysis.conventions import Convention, Tally
    from ..diagnostics import Diagnostic, SpecError
    from ..report.columns import Column, View

#: Errors that leave every layer known, if not its shape.
SHAPE_FAULTS = {"expectation-failed", "shape", "groups", "window-too-large"}
FORMATS = ("table", "plain", "json", "csv", "markdown")


def _complete_columns(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The columns that the last word of the list may become."""
    from click.shell_completion import CompletionItem

    from ..report.columns import BY_NAME

    done, comma, word = incomplete.rpartition(",")
    sign = word[:1] if word[:1] in ("+", "-") else ""
    names = [name for name in BY_NAME if name.startswith(word.removeprefix(sign))]
    return [CompletionItem(f"{done}{comma}{sign}{name}") for name in names]


@click.command("shapes")
@click.option(
    "--columns",
    shell_complete=_complete_columns,
    metavar="LIST",
    help="Other columns: a,b or +a,-b. All are above.",
)
@click.option("--depth", callback=whole, metavar="N", help="Fold what is deeper; 1: stages only.")
@click.option("--flat", is_flag=True, help="A row for every layer, nothing folded.")
@click.option("--sort", shell_complete=_complete_columns, metavar="COLUMN", help="Sort the layers; numbers fall.")
@click.option("--top", callback=whole, metavar="N", help="Only the first N, by MACs if not by --sort.")
@click.option("--layout", type=click.Choice(["chw", "hwc"]), metavar="LAYOUT", help="Print shapes as chw or hwc.")
@counting.option
@reading
@output(*FORMATS)
def command(
    reading: Reading,
    output: Output,
    columns: str | None,
    layout: str | None,
    sort: str | None,
    top: int | None,
    depth: int | None,
    flat: bool,
    counts: tuple[Convention, ...],
) -> int:
    """A row a layer: output shape, parameters, MACs.

    FILE is a spec; ./model.txt if left out, - for standard input, @alexnet for a bundled example.

    \b
    cnncalc shapes                               ./model.txt
    cnncalc shapes @resnet50 --depth 1           a row a stage
    cnncalc shapes net.txt --columns +field      the receptive field too
    cnncalc shapes net.txt --sort params --top 5 where the parameters are
    cnncalc shapes net.txt --input 3x512x512     on another input
    cnncalc shapes net.txt --count fvcore,thop   MACs as other tools count them
    cnncalc shapes net.txt --format json         for programs; CSV: --format csv

    \b
    Columns: layer, operation, output, params, macs (the default ones), flops,
    filter, formula, kept (elements out / in), buffers, inputs, line, path,
    kind, field, field%, jump, start (receptive field), train.
    """
    from ..diagnostics import SpecError
    from ..report.columns import View

    chosen = _columns(columns)
    by_count = next((one for one in counts if sort in (one.name, one.short)), None)
    order = None if by_count else _column(sort)
    view = View(chosen, layout or "chw", depth, flat, order, top, default=columns is None)
    try:
        analysis = analysed(reading)
    except SpecError as error:
        return _unread(reading, output, error)
    if layout is None:
        view = view._replace(layout=analysis.layout)
    if analysis.network.library and output.chosen() != "json":
        return _library(reading, output)
    tallies = counting.tallied(analysis, counts)
    view = _counted(view, tallies, by_count)
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
    from ..analysis.lints_field import misaligned

    return [one for one in misaligned(analysis) if not analysis.network.allows(one)]


def _columns(text: str | None) -> tuple[Column, ...]:
    from ..report.columns import UnknownColumn, choose

    try:
        return choose(text)
    except UnknownColumn as error:
        raise click.BadParameter(str(error), param_hint="'--columns'") from None


def _column(name: str | None) -> Column | None:
    from ..report.columns import UnknownColumn, find

    try:
        return find(name) if name else None
    except UnknownColumn as error:
        raise click.BadParameter(str(error), param_hint="'--sort'") from None


def _counted(view: View, tallies: tuple[Tally, ...], order: Convention | None) -> View:
    """The view with a column for each of the counts, sorted by the one that `order` names."""
    if not tallies:
        return view
    from ..report.columns import BY_NAME
    from ..report.conventions import column

    found = {tally.name: BY_NAME.get(tally.name) or column(tally) for tally in tallies}
    more = [one for one in found.values() if one not in view.columns]
    return view._replace(columns=(*view.columns, *more), sort=found[order.name] if order else view.sort)


def _unread(reading: Reading, output: Output, error: SpecError) -> int:
    """Reports a spec that could not even be read; in JSON by a document without layers."""
    if output.chosen() != "json":
        output.report(error.diagnostics)
        return output.code(error.diagnostics)
    from ..report import json

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
        from ..report import json

        document = counting.added(analysis.to_dict(), tallies) if tallies else analysis.document()
        return json.stream(document, output.ascii_only())
    if not _worth_showing(analysis):
        return ""
    if form == "csv":
        from ..report import csv

        return map(output.fitted, csv.stream(analysis, view))
    below = counting.below(tallies, output, form)
    if form == "markdown":
        from ..report import markdown

        return markdown.render(analysis, view, output.charset()) + below
    if form == "plain":
        from ..report import plain

        return chain(plain.stream(analysis, view, output.charset()), [below])
    from ..report.table import Screen, render

    return render(analysis, view, Screen(output.width(), output.colored(), output.charset())) + below


def _worth_showing(analysis: Analysis) -> bool:
    """Whether the rows are those of the network that was meant: of a line that was not understood, there are none."""
    from ..diagnostics import ERROR

    errors = {one.code for one in analysis.diagnostics if one.severity == ERROR}
    return errors <= SHAPE_FAULTS
