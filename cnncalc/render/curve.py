"""A curve of values over steps, drawn in the characters that there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..document.parts import Curve
from .text import MARGIN, Charset, clip, width

_HEIGHT = 8
_LEVELS, _PLAIN_LEVELS = " ▁▂▃▄▅▆▇█", " ...::::#"
#: Where nothing says how wide it may be.
_WIDTH = 80
_NAME, _PEAK_NAME = 16, 24


def lines(curve: Curve, charset: Charset, room: int) -> Iterator[str]:
    """The values in their order, in at most `room` columns; where there are many, a column is the most of several."""
    side = width(curve.label)
    values = _columns(curve.values, max(10, (room or _WIDTH) - len(MARGIN) - side - 3))
    levels = _LEVELS if charset("█") == "█" else _PLAIN_LEVELS
    corner, wall, foot = ("┤", "│", "└") if charset("┤") == "┤" else ("+", "|", "+")
    peak = max(curve.values, default=0)
    for row in range(_HEIGHT - 1, -1, -1):
        label = f"{curve.label} {corner}" if row == _HEIGHT - 1 else " " * (side + 1) + wall
        yield charset(MARGIN + label + "".join(levels[_level(value, peak, row)] for value in values)).rstrip()
    yield charset(f"{MARGIN}{'0'.rjust(side)} {foot}{'─' * len(values)}")
    yield charset(_axis(curve.names, curve.peak, len(values), side + 2 + len(MARGIN)))


def _columns(values: Sequence[int], room: int) -> list[int]:
    """The values as columns: each as wide as fits, or the most of as many as must share one."""
    count = len(values)
    if count <= room:
        wide = min(room // count, 4) if count else 0
        return [value for value in values for _ in range(wide)]
    bounds = [place * count // room for place in range(room + 1)]
    return [max(values[start:end]) for start, end in pairwise(bounds)]


def _level(value: int, peak: int, row: int) -> int:
    """How much of a row of the plot a column fills, in eighths; a little that is not nothing is shown."""
    eighths = -(-value * _HEIGHT * 8 // peak) if peak else 0
    return max(0, min(8, eighths - row * 8))


def _axis(names: Sequence[str], peak: int, columns: int, indent: int) -> str:
    """The first step's name, that at the peak under its place, and the last one's."""
    text = [" "] * max(columns, _PEAK_NAME)

    def put(name: str, place: int) -> None:
        place = max(0, min(place, len(text) - len(name)))
        around = text[max(0, place - 1) : place + len(name) + 1]
        if all(char == " " for char in around):
            text[place : place + len(name)] = name

    if names:
        put("^ " + clip(names[peak], _PEAK_NAME), peak * columns // len(names))
        put(clip(names[0], _NAME), 0)
        put(clip(names[-1], _NAME), columns - len(names[-1]))
    return " " * indent + "".join(text).rstrip()
