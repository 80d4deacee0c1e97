"""`cnncalc annotate`: the shapes of a spec, written behind its lines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from ...cli.guard import logged
from ...cli.options import whole
from ...cli.specs import MAX_LAYERS
from .command import Job, options, rewrite

if TYPE_CHECKING:
    from ...diagnostics import Source
    from ...interpret.reading.files import Folder
    from .annotate import ArrowChoice


@click.command("annotate")
@click.option("--remove", is_flag=True, help="Remove the arrows that annotate writes: shapes and blanks.")
@click.option("--blank", is_flag=True, help="Write blanks, '-> ____', for a worksheet.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also replace, or remove, arrows with expressions, such as '-> (C, H/2, W/2)'.",
)
@click.option("--max-layers", callback=whole, default=str(MAX_LAYERS), metavar="N",
              help="Stop with an error at more than N layers (1,000,000).")  # fmt: skip
@options
def command(job: Job, remove: bool, blank: bool, everything: bool, max_layers: int) -> int:
    """Write '-> SHAPE' behind the lines of a spec, or renew it.

    PATH is a spec, a folder, or - for standard input (the result then goes to
    standard output). A folder stands for the specs in it: its .txt files with a
    line that starts with input, use or block. Without PATH it is ./model.txt.

    \b
    cnncalc annotate                  ./model.txt
    cnncalc annotate --check models   exit 1 where an arrow is missing or wrong
    cnncalc annotate --diff net.txt   show what would change
    cnncalc annotate --blank net.txt  a worksheet: 'cnncalc check' grades it
    cnncalc annotate --remove net.txt no shapes or blanks; --all: no arrows

    Each line of layers gets an arrow with the shape that comes out of it.
    A line that runs several times, in a block or a repeat, gets '?' for the
    sizes that are not the same each time; if none is, or if even the number of
    sizes is not, it gets no arrow. Lines that never run, and arrows that are
    right already, stay as they are. A spec with other errors than wrong arrows
    is reported, and not changed.

    An arrow with an expression, such as '-> (C, H/2, W/2)' or '-> (2*4, 8, 8)',
    is an expectation that somebody wrote, for annotate writes numbers and '?'
    only. It stays, with --remove and --blank too, unless --all is given. So
    does an arrow that is all of a body, which may not be empty.
    """
    if remove and blank:
        raise click.UsageError("--remove and --blank exclude each other")
    from .annotate import ArrowChoice

    done = "cleared of arrows" if remove else "given blanks" if blank else "annotated"
    return rewrite(job, partial(_annotated, ArrowChoice(remove, blank, everything), max_layers, job.quiet), done)


def _annotated(choice: ArrowChoice, max_layers: int, quiet: bool, source: Source, folder: Folder | None) -> str:
    """The text of `source` with its arrows; says which stay where they are to be removed. Raises SpecError."""
    from ...cli.specs import OptionWording
    from ...diagnostics import SpecError
    from .annotate import annotate, written_arrows

    try:
        text = annotate(source, folder, choice, max_layers)
    except SpecError as error:
        raise error.worded(OptionWording()) from None
    kept = written_arrows(source) if choice.remove and not choice.all and not quiet else 0
    if kept:
        arrows = "1 arrow with an expression stays" if kept == 1 else f"{kept:,} arrows with expressions stay"
        removed = "it" if kept == 1 else "them"
        click.echo(logged(f"{source.name}: {arrows}; --all removes {removed}, too"), err=True)
    return text
