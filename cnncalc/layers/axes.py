"""Axes by their letters: arguments that name some, and where they stand in a shape."""

from __future__ import annotations

from typing import Any

from ..values import Shape, laid_out, spell
from .arguments import Argument, LayerError

#: The letters of the axes of a shape, channels first, by how many there are.
LETTERS = {1: ("C",), 2: ("C", "L"), 3: ("C", "H", "W"), 4: ("C", "D", "H", "W")}


def axis_letters(shape: Shape) -> tuple[str, ...]:
    """The letters of the axes of `shape`, channels first."""
    return LETTERS[len(shape)]


def axis_index(letter: str, shape: Shape, argument: str = "axis") -> int:
    """Where axis `letter` stands in `shape`. Raises LayerError where it has none."""
    letters = axis_letters(shape)
    if letter not in letters:
        raise LayerError(("the input ", shape, f" has no axis {letter}: its axes are {', '.join(letters)}"), argument)
    return letters.index(letter)


def axis_indices(letters: str, shape: Shape, argument: str) -> tuple[int, ...]:
    """Where the axes `letters` stand in `shape`, in its order. Raises LayerError where it has one of them not."""
    return tuple(sorted([axis_index(letter, shape, argument) for letter in letters]))


class AxisLetter(Argument[str]):
    """The letter of an axis: C, or D, H, W, or L."""

    sort = "axis"

    def convert(self, value: Any, kind: str) -> str:
        if not isinstance(value, str) or value not in ("C", "D", "H", "W", "L"):
            raise LayerError(f"{self.name} is the letter of an axis (C, H, W, D or L), not '{value}'", self.name)
        return str(value)


def _letters_of(word: Any, name: str) -> str:
    """`word` as letters of axes, each once. Raises LayerError."""
    letters = str(word) if isinstance(word, str) else ""
    if not letters or not set(letters) <= set("CDHWL") or len(set(letters)) < len(letters):
        wanted = "letters of axes (C, H, W, D or L), each once, such as 'HW'"
        raise LayerError(f"{name} takes {wanted}, not '{word if isinstance(word, str) else spell(word)}'", name)
    return letters


class AxisLetters(Argument[str]):
    """Axes by their letters, whatever their order: ``HW``. They are kept in the order of a tensor's axes."""

    sort = "axis"

    def convert(self, value: Any, kind: str) -> str:
        return "".join(sorted(_letters_of(value, self.name), key="CDHWL".index))


class AxisOrder(Argument[str]):
    """All axes by their letters, in an order: ``HWC``. It is read and shown in the layout of its file; a layer has the
    channels' place first.
    """

    sort = "order"

    def convert(self, value: Any, kind: str) -> str:
        return _letters_of(value, self.name)

    def show(self, value: Any, rank: int, layout: str = "chw") -> str:
        return "".join(laid_out(tuple(value), layout))
