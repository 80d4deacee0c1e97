"""The option --count, for every command that shows a count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..analysis import Analysis
    from ..analysis.conventions import Convention, Tally
    from ..diagnostics import Diagnostic
    from .output import Output


def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The conventions that the last word of a list may become."""
    from click.shell_completion import CompletionItem

    from ..analysis.conventions import CONVENTIONS

    done, comma, word = incomplete.rpartition(",")
    names = {name: one for one in CONVENTIONS.values() for name in (one.short, one.name) if name.startswith(word)}
    return [CompletionItem(f"{done}{comma}{name}", help=one.about) for name, one in names.items()]


def named(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[Convention, ...]:
    """The conventions of a list of names, each once."""
    if text is None:
        return ()
    from ..analysis.conventions import UnknownConvention, find

    try:
        found = dict.fromkeys(find(word).name for word in text.split(",") if word.strip())
        return tuple(map(find, found))
    except UnknownConvention as error:
        raise click.BadParameter(str(error), ctx, param) from None


option = click.option(
    "--count", "counts", metavar="NAMES", callback=named, shell_complete=complete,
    help="Count as other tools do, too: fvcore,thop. 'cnncalc conventions' lists them.",
)  # fmt: skip


def tallied(analysis: Analysis, conventions: tuple[Convention, ...]) -> tuple[Tally, ...]:
    """The analysis by each of the conventions."""
    if not conventions:
        return ()
    from ..analysis.conventions import count

    return tuple(count(analysis, one) for one in conventions)


def diagnostics(tallies: tuple[Tally, ...]) -> list[Diagnostic]:
    """Notes on what is not counted, errors for what has no known number."""
    if not tallies:
        return []
    from ..report import conventions

    return conventions.diagnostics(tallies)


def code(tallies: tuple[Tally, ...], strict: bool) -> int:
    """The exit code that gaps come to: 1 under --strict where anything is uncounted."""
    return int(strict and any(tally.uncounted for tally in tallies))


def added(document: dict[str, Any], tallies: tuple[Tally, ...]) -> dict[str, Any]:
    """The JSON document with the counts in it."""
    if tallies:
        from ..report import conventions

        conventions.add(document, tallies)
    return document


def below(tallies: tuple[Tally, ...], output: Output, form: str) -> str:
    """The totals of the conventions, a line each, to stand below the rows."""
    if not tallies:
        return ""
    from ..report import conventions

    return conventions.below(tallies, output.charset(), form)
