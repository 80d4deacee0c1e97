"""All conventions, and how they are named on a command line."""

from __future__ import annotations

import re

from . import calflops, graphs, own, ptflops, pytorch
from .rules import Convention

#: By full name: cnncalc's own, then the tools in the order of counting.md's table.
CONVENTIONS: dict[str, Convention] = {
    convention.name: convention
    for convention in (
        *own.CONVENTIONS, pytorch.TORCHINFO, pytorch.FVCORE, *ptflops.CONVENTIONS, pytorch.THOP,
        *calflops.CONVENTIONS, pytorch.TORCH, *graphs.CONVENTIONS,
    )
}  # fmt: skip


def _other_names(convention: Convention) -> tuple[str, ...]:
    """What else a convention is called: without its version, by its tool, by the tool's first word."""
    tool = convention.tool.replace("_", "-")
    unversioned = re.sub(r"-[0-9][0-9.]*", "", convention.name)
    return convention.short, unversioned, tool, tool.rpartition(".")[2]


#: Of several that are called alike, it is the one without a suffix, which stands first.
_SHORT = {name: convention for convention in reversed(CONVENTIONS.values()) for name in _other_names(convention)}


class UnknownConvention(ValueError):
    """A convention that there is none of; the message names the nearest, or all."""


def find(word: str) -> Convention:
    """The convention of that full name or short form. Raises UnknownConvention."""
    name = word.strip().lower().replace("_", "-")
    convention = CONVENTIONS.get(name) or _SHORT.get(name)
    if convention is None:
        from difflib import get_close_matches

        near = get_close_matches(name, [*CONVENTIONS, *_SHORT], 1)
        hint = f"did you mean '{near[0]}'?" if near else "there are " + ", ".join(CONVENTIONS)
        raise UnknownConvention(f"unknown convention '{word.strip()}': {hint}")
    return convention
