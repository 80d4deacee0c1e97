"""Sentences in lines, with their labels in front of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..document.parts import Facts
from .text import width

MARGIN = "  "
GAP = "  "
#: No sentence is wrapped to less.
_LEAST = 20


def wrapped(text: str, room: int, later: str = "") -> list[str]:
    """The lines of a sentence, at most `room` columns wide (0: no limit), all but the first set in by `later`."""
    if not room:
        return [text]
    from textwrap import wrap

    return wrap(text, max(room, _LEAST), subsequent_indent=later, break_long_words=False, break_on_hyphens=False) or [
        ""
    ]


def broken(text: str, room: int, least: int = _LEAST) -> list[str]:
    """The same, and a word that is longer than a line is broken, too."""
    if not room:
        return [text]
    from textwrap import wrap

    return wrap(text, max(room, least), break_on_hyphens=False) or [""]


def facts(part: Facts, charset: Callable[[str], str], room: int) -> Iterator[tuple[str, str]]:
    """Line by line the label, as wide as all of them, and a text; the label stands at the first line only."""
    widest = max((width(fact.label) for fact in part.facts), default=0)
    indent = max(widest, part.room) + len(GAP)
    for fact in part.facts:
        label = charset(fact.label) + " " * (indent - width(fact.label))
        for text in map(charset, fact.lines):
            free = max(room - len(MARGIN) - indent, 24) if room else 0
            for line in [text] if fact.code else wrapped(text, free, GAP):
                yield label, line
                label = " " * indent
