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
@click.option("--remove", is_flag=True, help="Take the arrows away.")
@click.option("--blank", is_flag=True, help="Write blanks, '-> ____', for a worksheet.")
@click.option("--all", "everything", is_flag=True, help="Also over arrows with expressions, which stay otherwise.")
@click.option("--max-layers", callback=whole, default=str(MAX_LAYERS), metavar="N",
              help="Stop at so many layers (a million).")  # fmt: skip
@options
def command(job: Job, remove: bool, blank: bool, everything: bool, max_layers: int) -> int:
    """Write '-> SHAPE' behind the lines of a spec, or renew it.

    PATH is a spec, or a folder: its .txt files that have a line starting with
    input, use or block; ./model.txt if left out, - from standard input to
    standard output.

    \b
    cnncalc annotate                  ./model.txt
    cnncalc annotate --check models   exit 1 where an arrow is missing or wrong
    cnncalc annotate --diff net.txt   show what would change
    cnncalc annotate --blank net.txt  a worksheet: 'cnncalc check' grades it
    cnncalc annotate --remove net.txt no arrows

    Each line of layers that runs gets its own arrow. One that runs several times
    gets the axes that are the same in all runs, and '?' for the others; none
    where the runs differ in their number of axes. What never runs keeps what it
    has. Arrows with expressions, and lines that
    say the same already, stay as they are, and no line is added. A spec with
    errors other than wrong arrows is left as it is, and reported.
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
