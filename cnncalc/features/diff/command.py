"""`cnncalc diff`: what changed between two architectures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...cli.options import output, pair
from ...cli.output import OutputOptions
from ...cli.specs import Reading
from ...render import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .limits import GrowthLimit


def _limits(ctx: click.Context, param: click.Parameter, words: Sequence[str]) -> tuple[GrowthLimit, ...]:
    """`params=2%` words as limits."""
    if not words:
        return ()
    from .limits import limit

    try:
        return tuple(map(limit, words))
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


@click.command("diff")
@click.option("--fail-above", "limits", multiple=True, callback=_limits, metavar="LIMIT",
              help="Exit with 1 if a measure grows by more: params=2%, macs=10M, peak=64KiB.")  # fmt: skip
@click.option("--all", "whole", is_flag=True, help="Show every layer in a row of its own, equal ones too.")
@pair
@output(*formats())
def command(old: Reading, new: Reading, output: OutputOptions, limits: tuple[GrowthLimit, ...], whole: bool) -> int:
    """What changed between two architectures, layer by layer.

    OLD and NEW are specs or model files: a path, - for standard input, @alexnet for a bundled example, or REV:path, a
    file in a revision of the git repository (a branch, a tag, a commit).

    A file alone is compared with its version in HEAD, the last commit. A revision alone is compared with the files
    here: one report of all specs of the project that differ, with those that are new or gone.

    \b
    cnncalc diff old.txt new.txt
    cnncalc diff main:model.txt model.txt       against a branch or a tag
    cnncalc diff HEAD~3:net.txt HEAD:net.txt    two revisions
    cnncalc diff model.txt                      what is not committed yet
    cnncalc diff main                           all specs of the project
    cnncalc diff @resnet18 @resnet50 --all      every layer in a row
    cnncalc diff main:net.txt net.txt --fail-above params=2% --fail-above macs=10M
    cnncalc diff main:net.txt net.txt --format markdown     for a pull request

    \b
    Measures: params, trainable, params_train, buffers, macs, flops, activations,
    peak, memory, depth, weighted, layers, field ('cnncalc help counting').
    """
    if new.file is None and _is_whole(old.file or ""):
        from .project_report import report

        return report(old, limits, whole, output)
    from .answer import answer

    return answer(*_named(old, new), output, limits, whole, alone=new.file is None)


def _is_whole(name: str) -> bool:
    """Whether a word alone is a revision: no file has that name, and git knows it, or would if it were fetched."""
    import os

    from ...interpret.reading.repository import knows
    from ...interpret.reading.revisions import split

    if name[:1] in ("", "-", "@") or split(name) is not None or os.path.isfile(name):
        return False
    return knows(name) or (name.startswith("origin/") and not os.path.lexists(name))


def _named(old: Reading, new: Reading) -> tuple[Reading, Reading]:
    """Both sides; a lone file is compared with what git has of it. Raises a usage error."""
    from os.path import isabs, relpath

    name = old.file or ""
    if new.file is None:
        from ...interpret.reading.revisions import is_revision, split

        revision = is_revision(name)
        if name == "-" or name.startswith("@") or revision:
            path = (split(name) or ("", ""))[1]
            example = f", for example '{path}'" if revision and not name.startswith(":") else ""
            raise click.UsageError(f"with what is '{name}' to be compared? NEW is missing{example}")
        here = relpath(name) if isabs(name) else name
        return old._replace(file=f"HEAD:./{here}"), new._replace(file=name)
    if name == new.file == "-":
        raise click.UsageError("standard input can be one of OLD and NEW, not both")
    return old, new
