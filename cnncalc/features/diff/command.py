"""`cnncalc diff`: what changed between two architectures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...cli.options import output, pair
from ...cli.output import OutputOptions
from ...cli.specs import Reading, built, files_of, layers_known
from ...document.parts import Document
from ...records import Record
from ...render import formats

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ...diagnostics import Diagnostic
    from ...measure import Analysis
    from .facts import Diff
    from .limits import GrowthLimit


class Side(Record):
    """One of the two: what it is called, its analysis (None where it could not be read), and what is said of it."""

    file: str
    analysis: Analysis | None
    diagnostics: tuple[Diagnostic, ...]


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
              help="Exit 1 where a measure grows more: params=2%, macs=10M, peak=64KiB.")  # fmt: skip
@click.option("--all", "whole", is_flag=True, help="Every layer in a row of its own, the equal ones too.")
@pair
@output(*formats())
def command(old: Reading, new: Reading, output: OutputOptions, limits: tuple[GrowthLimit, ...], whole: bool) -> int:
    """What changed between two architectures, layer by layer.

    OLD and NEW are specs: files, - for standard input, @alexnet for a bundled example, or REV:path of a git
    repository, where no file has such a name. Without NEW, OLD is compared with what git has of it in HEAD.

    \b
    cnncalc diff old.txt new.txt
    cnncalc diff main:model.txt model.txt       against a branch or a tag
    cnncalc diff HEAD~3:net.txt HEAD:net.txt    two revisions
    cnncalc diff model.txt                      what is not committed yet
    cnncalc diff @resnet18 @resnet50 --all      every layer in a row
    cnncalc diff main:net.txt net.txt --fail-above params=2% --fail-above macs=10M
    cnncalc diff main:net.txt net.txt --format markdown     for a pull request

    \b
    Measures: params, params_train, buffers, macs, flops, activations, peak,
    memory, depth, weighted, layers, field ('cnncalc help counting').
    """
    from .facts import Diff

    old, new = _named(old, new)
    sides = (_read(old, new), _read(new, old))
    diagnostics = [*_history(sides), *sides[1].diagnostics]
    analyses = [side.analysis for side in sides if side.analysis]
    diff = Diff(*analyses) if len(analyses) == len(sides) else None
    # Of a line that was not understood there are no layers, and nothing can be said.
    known = diff is not None and all(layers_known(side.diagnostics) for side in sides)
    judged: list[dict[str, Any]] = []
    if diff is not None and known and limits:
        from .limits import exceeded
        from .words import growths

        over = exceeded(diff, limits)
        diagnostics += growths(over, "--fail-above")
        broken = [one.limit for one in over]
        judged = [{"text": one.text, "measure": one.measure, "ok": one not in broken} for one in limits]
    said = {"limits": judged, "diagnostics": [one.to_dict() for one in diagnostics]}
    in_json = output.chosen() == "json"
    if in_json or known:
        networks = [(side.file, side.analysis.network if side.analysis else None) for side in sides]
        files = [file for name, network in networks for file in files_of(name, network)]
        output.show(_document(diff, sides, known, whole, said), files)
    if not in_json:
        output.report(diagnostics)
    return _code(diagnostics, sides, output)


def _named(old: Reading, new: Reading) -> tuple[Reading, Reading]:
    """Both sides; a lone file is compared with what git has of it."""
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


def _read(reading: Reading, other: Reading) -> Side:
    """One side, its faults in it; a revision in the place of a file is told what to write, by the other side."""
    from ...diagnostics import SpecError
    from ...interpret import read_source
    from ...interpret.reading.revisions import instead, is_revision, read_revision
    from ...measure import analyze

    name, how = reading.file or "", reading.how
    try:
        source, folder = read_revision(name, how) if is_revision(name) else read_source(name, how=how)
        network = built(reading, source, folder)
    except SpecError as error:
        placeless = (one._replace(notes=(*one.notes, f"in {name}")) if one.override else one
                     for one in error.diagnostics)  # fmt: skip
        help = instead(name, other.file or "")
        return Side(name, None, tuple(one._replace(help=help) if help else one for one in placeless))
    return Side(name, analyze(network, **reading.terms), network.diagnostics)


def _history(sides: tuple[Side, Side]) -> list[Diagnostic]:
    """What is said of OLD: its errors, and its warnings that NEW does not have. Failed expectations there are notes."""
    from ...diagnostics import ERROR, EXPECTATION_FAILED, NOTE

    known = {(one.code, one.message) for one in sides[1].diagnostics}
    found = []
    for one in sides[0].diagnostics:
        if one.code == EXPECTATION_FAILED:
            one = one._replace(severity=NOTE)
        elif one.severity == NOTE:
            continue
        if one.severity == ERROR or (one.code, one.message) not in known:
            found.append(one)
    return found


def _code(diagnostics: Sequence[Diagnostic], sides: tuple[Side, Side], output: OutputOptions) -> int:
    """The exit code; under --strict the warnings of NEW count, those of OLD are history."""
    from ...diagnostics import WARNING

    past = {id(one) for one in sides[0].diagnostics if one.severity == WARNING}
    return output.code([one for one in diagnostics if id(one) not in past])


def _document(diff: Diff | None, sides: tuple[Side, Side], known: bool, whole: bool, said: dict[str, Any]) -> Document:
    if diff is None:
        return Document(lambda medium: (), lambda: {**_unread(sides), **said})
    from .page import document

    return document(diff, whole, lambda: {**diff.to_dict(known, whole), **said}, "--all lists every layer")


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
