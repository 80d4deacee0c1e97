"""`cnncalc explain`: the arithmetic of a layer, worked out; the network on a page; the ledger of two conventions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ...cli import candidates
from ...cli.guard import Refused
from ...cli.options import conventions, counts, output, reading_or_layer
from ...cli.output import OutputOptions
from ...cli.specs import DEFAULT, Reading, analysed, conditions, files_of, layers_known, spec_name, unread
from ...render import formats

if TYPE_CHECKING:
    from ...measure import NetworkAnalysis
    from ...measure.conventions import Convention
    from .page import Question


def _position(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[int, ...] | None:
    """`6,6` or `6x6` as numbers."""
    if text is None:
        return None
    parts = text.replace("x", ",").split(",")
    if not all(part.strip().isascii() and part.strip().isdigit() and len(part) < 80 for part in parts):
        raise click.BadParameter(f"'{text}' is no position: write --at 6,6 (row, column, from 0)", ctx, param)
    return tuple(int(part) for part in parts)


def _shape(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[str, tuple[int | None, ...]] | None:
    """`96x55x55` as it is written, and its sizes, None for `?`."""
    if text is None:
        return None
    sizes: list[int | None] = []
    for word in map(str.strip, text.replace("×", "x").lower().replace("@", "x").split("x")):
        if word != "?" and not (word.isascii() and word.isdigit() and len(word) < 40 and int(word)):
            raise click.BadParameter(f"'{text}' is no shape: write --want 96x55x55", ctx, param)
        sizes.append(None if word == "?" else int(word))
    return text, tuple(sizes)


@click.command("explain")
@click.option(
    "--at",
    callback=_position,
    metavar="ROW,COLUMN",
    help="Show which input pixels one output sees: 6,6 is row 6, column 6.",
)
@click.option(
    "--want", callback=_shape, metavar="SHAPE", help="Find the one argument that would give this output shape."
)
@click.option("--without", type=click.Choice(["padding", "stride", "pooling"]), metavar="WHAT",
              help="Compare with the network without padding, stride or pooling.")  # fmt: skip
@counts
@click.option("--against", metavar="NAME", callback=conventions, shell_complete=candidates.conventions,
              help="With --count: what differs between that tool's total and this one's, term by term.")  # fmt: skip
@reading_or_layer
@click.argument("layer", required=False, shell_complete=candidates.layer)
@output(*formats(records=False))
def command(
    reading: Reading, output: OutputOptions, layer: str | None, at: tuple[int, ...] | None,
    want: tuple[str, tuple[int | None, ...]] | None, without: str | None, counts: tuple[Convention, ...],
    against: tuple[Convention, ...],
) -> int:  # fmt: skip
    """The arithmetic of a layer, worked out. Without LAYER the network on a page.

    FILE is a spec or a model file: a path, - for standard input, or @alexnet for a bundled example. Without FILE it is
    ./model.txt. LAYER is a name from the first column of 'cnncalc shapes', or the name of a line, a stage, a head or a
    block. If there is only one argument, and no such file, it is a layer of ./model.txt.

    \b
    cnncalc explain @alexnet                        where the weights are
    cnncalc explain @alexnet conv1                  one layer, line by line
    cnncalc explain conv5 --at 6,6                  the pixels that it sees
    cnncalc explain conv1 --want 96x55x55           what would give that
    cnncalc explain net.txt --without padding       what padding does
    cnncalc explain @resnet18 --count macs --against fvcore
                                                    why two tools differ
    """
    from ...diagnostics import SpecError
    from ...interpret.specification import specification
    from .facts import Unanswerable, find
    from .page import Question

    reading, layer = _sorted_out(reading, layer)
    missing = reading.file if layer is None else None
    if missing is not None and output.chosen() != "json" and _is_layer_name(missing):
        raise Refused(f"{missing}: no such file", f"a layer stands behind its file: 'cnncalc explain FILE {missing}'")
    if against and len(counts) != 1:
        raise click.UsageError("--against needs --count with one name: --count macs --against fvcore")
    if len(against) > 1:
        raise click.UsageError("--against takes one name")
    empty = {"layout": "chw", **conditions(reading)}
    try:
        analysis = analysed(reading, "explain")
    except SpecError as error:
        return unread("explain", reading, output, error, empty)
    if specification(analysis.network).library:
        raise Refused(f"{spec_name(reading)} defines blocks only: explain a spec that takes them by 'use'")
    known = layers_known(analysis.diagnostics)
    if output.chosen() != "json" and not known:
        output.report(analysis.diagnostics)
        return output.code(analysis.diagnostics)
    try:
        target = None if layer is None else find(analysis, layer)
    except Unanswerable as error:
        if known:
            raise Refused(f"{analysis.file}: {error}") from None
        empty["layout"] = analysis.layout
        return unread("explain", reading, output, SpecError(analysis.diagnostics), empty)
    return _answer(reading, output, analysis, Question(target, at, want, without, counts, against))


def _answer(reading: Reading, output: OutputOptions, analysis: NetworkAnalysis, question: Question) -> int:
    """Answers a question about a spec that was read; the exit code. Raises Refused."""
    from .facts import Unanswerable
    from .page import diagnostics, document

    said, uncounted = diagnostics(analysis, question.target), False
    conventions = (*question.counts, *question.against)
    if conventions:
        from ...document import counts

        tallies = counts.tallied(analysis, conventions)
        uncounted = counts.uncounted(tallies)
        said += counts.diagnostics(tallies) if question.target is None else []
    if question.without and not question.against and analysis.broken:
        raise Refused(f"{analysis.file}: --without needs a spec without errors")
    try:
        answer = document(analysis, question, said)
    except Unanswerable as error:
        words = {"at": f"--at {_comma(question.at)}", "want": f"--want {question.want and question.want[0]}"}
        instead = f": write --at {_comma(error.example)}" if error.example else ""
        raise Refused(f"{words.get(error.part, analysis.file)}: {error}{instead}") from None
    output.show(answer, files_of(spec_name(reading), analysis.network))
    if output.chosen() != "json":
        output.report(said)
    return output.code(said, uncounted)


def _comma(position: tuple[int, ...] | None) -> str:
    return ",".join(map(str, position or ()))


def _is_layer_name(word: str) -> bool:
    """Whether a word, of which there is no file, looks like the name that the table gives to a layer."""
    from ...convert.lookup import lookup

    return (
        not os.path.exists(word) and word[-1:].isdigit() and lookup(word.rstrip("0123456789").rstrip("_")) is not None
    )


def _sorted_out(reading: Reading, layer: str | None) -> tuple[Reading, str | None]:
    """The file and the layer: one argument that is no file is a layer of ./model.txt."""
    file = reading.file
    if layer is None and file is not None and file != "-" and not os.path.exists(file):
        path = file.startswith("@") or file.endswith(".txt") or not os.path.exists(DEFAULT)
        if not path:
            return reading._replace(file=None), file
    return reading, layer
