"""`cnncalc diff`: what changed between two architectures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...cli.options import output, pair
from ...cli.output import OutputOptions
from ...cli.specs import Reading, files_of
from ...document.parts import Document
from ...render import formats
from .sides import Side, both, compared, history, named, without_warnings_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .facts import Diff
    from .limits import GrowthLimit

#: What sets a limit, and what shows the layers that are folded.
_LIMITING, _ADVICE = "--fail-above", "--all lists every layer"


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

        return report(old, limits, whole, output, _LIMITING, _ADVICE)
    alone = new.file is None
    old, new = named(old, new)
    sides = both(old, new, alone)
    diagnostics = [*history(sides), *sides[1].diagnostics]
    diff = compared(sides)
    known = diff is not None and all(side.known for side in sides)
    judged: list[dict[str, Any]] = []
    if diff is not None and known and limits:
        from .limits import judge

        judged, over = judge(diff, limits, _LIMITING)
        diagnostics += over
    said = {"limits": judged, "diagnostics": [diagnostic.to_dict() for diagnostic in diagnostics]}
    in_json = output.chosen() == "json"
    document = _document(diff, sides, known, whole, said)
    if in_json or known:
        networks = [(side.file, side.analysis.network if side.analysis else None) for side in sides]
        output.show(document, [file for name, network in networks for file in files_of(name, network)])
    if not in_json:
        output.report(diagnostics)
    if known:
        from ...cli.step_summary import add

        add(document)
    return output.code(without_warnings_of(sides[0], diagnostics))


def _is_whole(name: str) -> bool:
    """Whether a word alone is a revision: there is no file of that name, and git knows it."""
    import os

    from ...interpret.reading.repository import knows
    from ...interpret.reading.revisions import split

    return name[:1] not in ("", "-", "@") and split(name) is None and not os.path.isfile(name) and knows(name)


def _document(diff: Diff | None, sides: tuple[Side, Side], known: bool, whole: bool, said: dict[str, Any]) -> Document:
    if diff is None:
        return Document(lambda medium: (), lambda: {**_unread(sides), **said})
    from .page import document

    return document(diff, whole, lambda: {**diff.to_dict(known, whole), **said}, _ADVICE)


def _unread(sides: tuple[Side, Side]) -> dict[str, Any]:
    """The document where one of the two could not be read."""
    from ...measures import FIGURES
    from .facts import head

    nothing = {"format": None, "model": None}
    heads = [head(side.analysis) if side.analysis else {"file": side.file, **nothing} for side in sides]
    unknown = dict.fromkeys(("old", "new", "difference", "ratio"))
    return {
        "version": 1, "command": "diff", "old": heads[0], "new": heads[1], "equal": None,
        "totals": dict.fromkeys(FIGURES, unknown), "counts": None, "changes": [], "network": [], "texts": [],
    }  # fmt: skip
