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

    PATH is a spec, a folder, or - for standard input (the result then goes to
    standard output). A folder stands for the specs in it: its .txt files with a
    line that starts with input, use or block. Without PATH it is ./model.txt.

    \b
    cnncalc fmt                     ./model.txt
    cnncalc fmt models tests        all specs in two folders
    cnncalc fmt --check .           exit 1 where something would change
    cnncalc fmt --diff model.txt    show what would change

    Only blanks change, never a word, a number or a comment. A spec with syntax
    errors is reported, and not changed.

    \b
    - The body of a block, repeat, stage or path is indented by 4 blanks.
      Tabs there become blanks.
    - A comment on a line of its own is indented like the line after it, or like
      the body that it ends.
    - There is one blank between words, on both sides of '|', '->', comparisons
      and the '=' of a name, and after a comma in parentheses.
    - In a group of lines without a blank line between them, the arrows stand in
      one column, and so do the comments at the ends of lines.
    - There is at most one blank line in a row, and none at the start or the
      end. All lines end as the first one does, in LF or CR LF.
    """
    return rewrite(job, _formatted, "formatted")


def _formatted(source: Source, folder: Folder | None) -> str:
    """The text of `source`, formatted. Raises SpecError."""
    from .formatter import format_source

    return format_source(source)
