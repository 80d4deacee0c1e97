"""`cnncalc fmt`: specs in the one layout that they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .command import Job, options, rewrite

if TYPE_CHECKING:
    from ...diagnostics import Source
    from ...interpret.reading.files import Folder


@click.command("fmt")
@options
def command(job: Job) -> int:
    """Format specs: indentation, blanks, columns.

    PATH is a spec, or a folder: its .txt files that have a line starting with
    input, use or block; ./model.txt if left out, - from standard input to
    standard output.

    \b
    cnncalc fmt                     ./model.txt
    cnncalc fmt models tests        all specs in two folders
    cnncalc fmt --check .           exit 1 where something would change
    cnncalc fmt --diff model.txt    show what would change

    Only blanks change, never a word, a number or a comment. A spec with syntax
    errors is left as it is, and reported.

    \b
    - Bodies are set in by 4 columns; the lines of a path stand under its first.
    - Comments on lines of their own stand where the next line starts, or the
      body that they end.
    - Words are one blank apart; '=' of a name, '|', '->' and comparisons stand
      between blanks, and a blank follows each comma in parentheses.
    - From one blank line to the next, arrows stand in one column, and so do the
      comments behind lines.
    - At most one blank line in a row, none at the start or the end. Lines end
      as the first one does, in LF or CR LF.
    """
    return rewrite(job, _formatted, "formatted")


def _formatted(source: Source, folder: Folder | None) -> str:
    """The text of `source`, formatted. Raises SpecError."""
    from .formatter import format_source

    return format_source(source)
