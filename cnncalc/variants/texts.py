"""Texts with figures of many candidates: what stands in a fault of one of them holds for all that decide the same."""

from __future__ import annotations

import re
from typing import Any

from .traced import CLOSE, OPEN

_FIGURE = re.compile(f"{OPEN}([0-9]+)(,?){CLOSE}")
_ANY = re.compile(f"{OPEN}[0-9]+,?{CLOSE}|[0-9][0-9,.]*")


def filled(text: str, group: Any, place: int) -> str:
    """A text with the figures of the candidate at a place of a group."""
    expressions = group.arrays.expressions

    def figure(found: re.Match[str]) -> str:
        return format(int(group.values(expressions.all[int(found[1])])[place]), found[2])

    return _FIGURE.sub(figure, text)


def without_figures(text: str) -> str:
    """A text with a mark for each figure: equal for faults of the same sort."""
    return _ANY.sub("#", text)
