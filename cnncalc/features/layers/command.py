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

#: Kinds that are offered for a part of their names, and the characters that this has at least.
_OFFERED, _SHORTEST = 4, 4


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

    output.show(one_kind(_found(kind)) if kind else all_kinds(KINDS.values()), ())


def _found(word: str) -> type[Layer]:
    """The kind of that name. Raises Refused with the nearest ones."""
    from ...convert.lookup import all_names, lookup

    found = lookup(word)
    if found is not None:
        return found[0]
    kinds = _inside(word)
    if kinds:
        near = " or ".join(f"'{kind}'" for kind in kinds[:_OFFERED])
        raise Refused(f"no kind of layer '{word}': did you mean {near}?")
    hint = nearest(word.lower(), all_names(), "'cnncalc layers' lists them")
    raise Refused(f"no kind of layer '{word}': {hint}")


def _inside(word: str) -> list[str]:
    """The kinds that have a name with `word` in it, those first that many names of are."""
    from collections import Counter

    from ...convert.lookup import all_names, lookup

    part = word.replace("_", "").lower()
    named = [lookup(name) for name in all_names() if len(part) >= _SHORTEST and part in name.lower()]
    return [kind for kind, _ in Counter(found[0].kind for found in named if found is not None).most_common()]
