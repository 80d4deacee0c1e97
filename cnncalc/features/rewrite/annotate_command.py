"""`cnncalc annotate`: the shapes of a spec, written behind its lines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from ...cli.options import whole
from ...cli.specs import MAX_LAYERS
from .command import Job, options, rewrite

if TYPE_CHECKING:
    from ...diagnostics import Source
    from ...interpret.reading.files import Folder
    from .annotate import ArrowChoice


@click.command("annotate")
@click.option("--remove", is_flag=True, help="Remove all arrows.")
@click.option("--blank", is_flag=True, help="Write blanks, '-> ____', for a worksheet.")
@click.option(
    "--all", "everything", is_flag=True, help="Also replace arrows with expressions, such as '-> (C, H/2, W/2)'."
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
    cnncalc annotate --remove net.txt no arrows

    Each line of layers gets an arrow with the shape that comes out of it.
    A line that runs several times, in a block or a repeat, gets '?' for the
    sizes that are not the same each time; if none is, or if even the number of
    sizes is not, it gets no arrow. Lines that never run, arrows with expressions, and arrows
    that are right already stay as they are. A spec with other errors than wrong
    arrows is reported, and not changed.
    """
    if remove and blank:
        raise click.UsageError("--remove and --blank exclude each other")
    from .annotate import ArrowChoice

    done = "cleared of arrows" if remove else "given blanks" if blank else "annotated"
    return rewrite(job, partial(_annotated, ArrowChoice(remove, blank, everything), max_layers), done)


def _annotated(choice: ArrowChoice, max_layers: int, source: Source, folder: Folder | None) -> str:
    """The text of `source` with its arrows. Raises SpecError."""
    from ...cli.specs import OptionWording
    from ...diagnostics import SpecError
    from .annotate import annotate

    try:
        return annotate(source, folder, choice, max_layers)
    except SpecError as error:
        raise error.worded(OptionWording()) from None
