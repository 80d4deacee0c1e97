"""The option --count, for every command that shows a count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..measure.conventions import Convention


def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The conventions that the last word of a list may become."""
    from click.shell_completion import CompletionItem

    from ..measure.conventions import CONVENTIONS

    done, comma, word = incomplete.rpartition(",")
    names = {name: one for one in CONVENTIONS.values() for name in (one.short, one.name) if name.startswith(word)}
    return [CompletionItem(f"{done}{comma}{name}", help=one.about) for name, one in names.items()]


def named(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[Convention, ...]:
    """The conventions of a list of names, each once."""
    if text is None:
        return ()
    from ..measure.conventions import UnknownConvention, find

    try:
        found = dict.fromkeys(find(word).name for word in text.split(",") if word.strip())
        return tuple(map(find, found))
    except UnknownConvention as error:
        raise click.BadParameter(str(error), ctx, param) from None


option = click.option(
    "--count", "counts", metavar="NAMES", callback=named, shell_complete=complete,
    help="Count as other tools do, too: fvcore,thop. 'cnncalc conventions' lists them.",
)  # fmt: skip
