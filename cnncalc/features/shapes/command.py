"""`cnncalc shapes`: a row a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...cli.options import counts, output, reading, whole
from ...cli.output import OutputOptions
from ...cli.specs import Reading
from ...render import formats

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ...document.sheets import Column
    from ...measure.conventions import Convention


def _complete_columns(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The columns that the last word of the list may become."""
    from click.shell_completion import CompletionItem

    from ...document.columns import BY_NAME

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
@counts
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
    from ...document.columns import View
    from .answer import answer
    from .facts import Request

    by_count = next((one for one in counts if sort in (one.name, one.short)), None)
    order = None if by_count else _column(sort)
    view = View(_columns(columns), layout or "chw", depth, flat, order, top, default=columns is None)
    return answer(reading, output, Request(view, layout is None, counts, by_count))


def _columns(text: str | None) -> tuple[Column, ...]:
    from ...document.columns import UnknownColumn, choose

    try:
        return choose(text)
    except UnknownColumn as error:
        raise click.BadParameter(str(error), param_hint="'--columns'") from None


def _column(name: str | None) -> Column | None:
    from ...document.columns import UnknownColumn, find

    try:
        return find(name) if name else None
    except UnknownColumn as error:
        raise click.BadParameter(str(error), param_hint="'--sort'") from None
