"""What the lines of many files say, for a run over all of them: lines that come again are read once."""

from __future__ import annotations

from ..records import make
from .nodes import Line, Merge, Node

#: Lines that are kept, and the characters of the longest: beyond them all are let go, and reading starts anew.
MOST_LINES = 10_000
MOST_CHARACTERS = 300


class SharedLines:
    """The nodes of lines that say the same wherever they stand, by their text; None for those that say nothing.

    Only syntax is shared: what a build finds out of an element is kept with it, so every file gets elements of its own.
    """

    def __init__(self) -> None:
        self._known: dict[str, Node | None] = {}

    def __contains__(self, text: str) -> bool:
        return text in self._known

    def __getitem__(self, text: str) -> Node | None:
        """The node of a line that is known, as if it had just been read."""
        node = self._known[text]
        if isinstance(node, Line):
            elements = tuple([element.fresh() for element in node.elements])
            return make(Line, (node.name, elements, node.arrow, node.start, node.end, node.plain))
        if isinstance(node, Merge):
            return make(Merge, (node.name, node.element.fresh(), node.start, node.end))
        return node

    def keep(self, text: str, node: Node | None) -> None:
        """Takes note of what a line says."""
        if len(text) > MOST_CHARACTERS:
            return
        if len(self._known) >= MOST_LINES:
            self._known.clear()
        self._known[text] = node
