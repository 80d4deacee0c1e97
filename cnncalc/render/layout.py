"""Sentences in lines, with their labels in front of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..document.parts import Facts
from .text import width

MARGIN = "  "
GAP = "  "
#: No sentence is wrapped to less.
_LEAST = 20


def wrapped(
    text: str, room: int, first: str = "", later: str | None = None, *, whole: bool = True, least: int = _LEAST,
) -> list[str]:  # fmt: skip
    """The lines of a sentence, at most `room` columns wide (0: no limit), set in by `first`, all but it by `later`.

    `whole`: no word is broken, however long; `least` is what none is wrapped below.
    """
    if not room:
        return [first + text]
    from textwrap import wrap

    return wrap(
        text, max(room, least), initial_indent=first, subsequent_indent=first if later is None else later,
        break_long_words=not whole, break_on_hyphens=False,
    ) or [""]  # fmt: skip


def facts(part: Facts, charset: Callable[[str], str], room: int) -> Iterator[tuple[str, str]]:
    """Line by line the label, as wide as all of them, and a text; the label stands at the first line only."""
    widest = max((width(fact.label) for fact in part.facts), default=0)
    indent = max(widest, part.room) + len(GAP)
    for fact in part.facts:
        label = charset(fact.label) + " " * (indent - width(fact.label))
        for text in map(charset, fact.lines):
            free = max(room - len(MARGIN) - indent, 24) if room else 0
            for line in [text] if fact.code else wrapped(text, free, later=GAP if part.hanging else ""):
                yield label, line
                label = " " * indent
