"""A unified diff: for `patch`, which wants every byte, or for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .text import Screen, painted

_STYLES = {"@": "cyan", "-": "red", "+": "green"}


def render(lines: Iterable[str], screen: Screen) -> Iterator[str]:
    """The lines of a diff, those without their end with what `patch` says of it.

    In colour, or where the encoding is not Unicode's, there is nothing in them that a terminal would obey; else they
    are as they are but for the names of the files in the first two.
    """
    exact = not screen.color and screen.charset.unicode
    for number, line in enumerate(lines):
        text = line.removesuffix("\n")
        shown = text if exact and number > 1 else screen.charset(text)
        style = "bold" if number < 2 else _STYLES.get(line[:1], "")
        yield painted(shown, style if screen.color else "") + "\n"
        if not line.endswith("\n"):
            yield "\\ No newline at end of file\n"
