"""`cnncalc shapes`: a row a layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ...cli.candidates import completing
from ...cli.options import counts, output, reading, whole
from ...cli.output import OutputOptions
from ...cli.plots import plot as plot_option
from ...cli.specs import Reading
from ...render import formats

if TYPE_CHECKING:
    from ...measure.conventions import Convention

Parsed = TypeVar("Parsed")


def _columns(ctx: click.Context, word: str) -> dict[str, str]:
    """The columns, with the sign that the word has."""
    from ...document.columns import COLUMNS

    sign = word[:1] if word[:1] in ("+", "-") else ""
    return {f"{sign}{column.name}": column.about for column in COLUMNS}


class _Command(click.Command):
    """Its help ends in the columns."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes a line for each of the columns."""
        from ...document.columns import COLUMNS, DEFAULTS

        with formatter.section(f"Columns (if not chosen: {', '.join(DEFAULTS)})"):
            formatter.write_dl([(column.name, column.about) for column in COLUMNS])


@click.command("shapes", cls=_Command)
@click.option("--columns", shell_complete=completing(_columns, listed=True), metavar="LIST",
              help="Columns: 'a,b' only these, '+a,b' these as well, '-a' without this. All are below.")  # fmt: skip
@click.option("--depth", callback=whole, metavar="N", help="Show N levels of stages and blocks; 1: one row a stage.")
@click.option("--flat", is_flag=True, help="Show every layer in a row of its own.")
@click.option(
    "--sort",
    shell_complete=completing(_columns),
    metavar="COLUMN",
    help="Sort by a column; numbers from the largest down.",
)
@click.option("--top", callback=whole, metavar="N", help="Show the first N layers only, by MACs or by --sort.")
@click.option(
    "--layout",
    type=click.Choice(["chw", "hwc"]),
    metavar="LAYOUT",
    help="Write shapes with channels first (chw) or last (hwc).",
)
@counts
@plot_option
@reading
@output(*formats())
def command(
    reading: Reading,
    output: OutputOptions,
    columns: str | None,
    layout: str | None,
    sort: str | None,
    top: int | None,
    depth: int | None,
    flat: bool,
    counts: tuple[Convention, ...],
    plot: str | None,
) -> int:
    """A row a layer: output shape, parameters, MACs.

    FILE is a spec or a model file: a path, - for standard input, or @alexnet for a bundled example. Without FILE it is
    ./model.txt.

    A stage or block has a row with its sum, and its layers stand below it. Equal blocks that follow each other share
    one row, marked ×3. In a terminal a number is bold if it is a tenth of the total or more.

    \b
    cnncalc shapes                               ./model.txt
    cnncalc shapes @resnet50 --depth 1           a row a stage
    cnncalc shapes net.txt --columns +field      the receptive field too
    cnncalc shapes net.txt --sort params --top 5 where the parameters are
    cnncalc shapes net.txt --input 3x512x512     on another input
    cnncalc shapes net.txt --count fvcore,thop   MACs as other tools count them
    cnncalc shapes net.txt --plot cost.svg       a chart of the costs, for a slide
    cnncalc shapes net.txt --format json         for programs; CSV: --format csv
    """
    from ...document.columns import Selection, choose, find
    from .answer import answer
    from .facts import ListingRequest

    by_count = next((count for count in counts if sort in (count.name, count.short)), None)
    order = None if by_count else _parsed(find, sort, "--sort") if sort else None
    shown = _parsed(choose, columns, "--columns")
    selection = Selection(shown, layout or "chw", depth, flat, order, top, default=columns is None)
    return answer(reading, output, ListingRequest(selection, layout is None, counts, by_count, plot))


def _parsed(parse: Callable[[Any], Parsed], text: str | None, option: str) -> Parsed:
    """What an option says of columns. Raises click.BadParameter."""
    from ...document.columns import UnknownColumn

    try:
        return parse(text)
    except UnknownColumn as error:
        raise click.BadParameter(str(error), param_hint=f"'{option}'") from None
