"""Axes as Keras counts them, the sample first and the channels last or first, and as ours are, the channels first."""

from __future__ import annotations

from typing import Any

from ...layers.axes import LETTERS
from ...values import Shape


class DataFormat:
    """The order of the axes of a file: `first` where its layers have the channels first."""

    def __init__(self, first: bool) -> None:
        self.first = first

    def ours(self, shape: Any) -> Shape:
        """A shape of a sample in our order."""
        sizes = tuple(shape)
        return sizes if self.first or len(sizes) < 2 else (sizes[-1], *sizes[:-1])

    def keras(self, shape: Shape) -> Shape:
        """A shape of ours in the file's order."""
        return shape if self.first or len(shape) < 2 else (*shape[1:], shape[0])

    def index(self, axis: int, rank: int) -> int | None:
        """The place in our shapes, of `rank` axes, of an axis of the file; None for the sample's, or none."""
        axis += rank + 1 if axis < 0 else 0
        if not 1 <= axis <= rank:
            return None
        return axis - 1 if self.first or rank < 2 else axis % rank

    def letter(self, axis: int, rank: int) -> str | None:
        """The letter of an axis of the file."""
        index = self.index(axis, rank)
        return None if index is None or rank not in LETTERS else LETTERS[rank][index]


def channels_first(model: Any) -> bool:
    """Whether the layers of a description have the channels first: what its first one with a format says."""
    stack = [model]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if item.get("data_format") in ("channels_first", "channels_last"):
                return bool(item["data_format"] == "channels_first")
            stack.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            stack.extend(reversed(item))
    return False
