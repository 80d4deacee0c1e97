"""`cnncalc layers`: the kinds of layer, from their own declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...cli.candidates import completing
from ...cli.guard import Refused
from ...cli.options import output
from ...cli.output import OutputOptions
from ...render import formats
from ...values import nearest

if TYPE_CHECKING:
    from ...layers import Layer


def _names(ctx: click.Context, word: str) -> dict[str, str]:
    """The kinds, and what PyTorch and Keras call them."""
    from ...convert.lookup import all_names, lookup

    return {name: found[0].summary for name in all_names() if (found := lookup(name)) is not None}


@click.command("layers")
@click.argument("kind", required=False, shell_complete=completing(_names))
@output(*formats())
def command(kind: str | None, output: OutputOptions) -> None:
    """The kinds of layer; or one of them, with all its arguments.

    \b
    cnncalc layers            all kinds
    cnncalc layers conv       one, with all its arguments
    cnncalc layers Conv2d     by the name that PyTorch or Keras has for it
    """
    from ...layers import KINDS
    from .page import all_kinds, one_kind

    output.show(one_kind(_found(kind)) if kind else all_kinds(KINDS.values()))


def _found(word: str) -> type[Layer]:
    """The kind of that name. Raises Refused with the nearest ones."""
    from ...convert.lookup import all_names, lookup

    found = lookup(word)
    if found is not None:
        return found[0]
    hint = nearest(word.lower(), all_names(), "'cnncalc layers' lists them")
    raise Refused(f"no kind of layer '{word}': {hint}")
