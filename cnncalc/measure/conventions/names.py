"""All conventions, and how they are named on a command line."""

from __future__ import annotations

from . import calflops, graphs, own, ptflops, pytorch
from .rules import Convention

#: By full name: cnncalc's own, then the tools in the order of counting.md's table.
CONVENTIONS: dict[str, Convention] = {
    one.name: one
    for one in (
        *own.CONVENTIONS, pytorch.TORCHINFO, pytorch.FVCORE, *ptflops.CONVENTIONS, pytorch.THOP,
        *calflops.CONVENTIONS, pytorch.TORCH, *graphs.CONVENTIONS,
    )
}  # fmt: skip

#: A short form is the text before the first '-'; of several, the one without a suffix, which stands first.
_SHORT = {one.short: one for one in reversed(CONVENTIONS.values())}


class UnknownConvention(ValueError):
    """A convention that there is none of; the message names the nearest, or all."""


def find(word: str) -> Convention:
    """The convention of that full name or short form. Raises UnknownConvention."""
    name = word.strip().lower()
    found = CONVENTIONS.get(name) or _SHORT.get(name)
    if found is None:
        from difflib import get_close_matches

        near = get_close_matches(name, [*CONVENTIONS, *_SHORT], 1)
        hint = f"did you mean '{near[0]}'?" if near else "there are " + ", ".join(CONVENTIONS)
        raise UnknownConvention(f"unknown convention '{word.strip()}': {hint}")
    return found
