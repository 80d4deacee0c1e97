"""Parts of layer lines: elements and their arguments. Columns are offsets into the line's content."""

from __future__ import annotations

from typing import Any

from ..records import Record
from .trees import Expr


class Arg(Record):
    """An argument of an element; `key` is None for a positional one. `constant`: needs no variable."""

    key: str | None
    value: Expr
    text: str
    constant: bool
    start: int
    end: int


class Element:
    """A layer or block with its arguments, ``@name`` (`ref`), or a call pasted from Python code (`pasted`).

    Equal lines share their elements, so what is found out of one is kept with it: `bound`, its arguments by name,
    and `made`, what it makes `under` some defaults. They belong to whoever runs the tree.
    """

    __slots__ = ("args", "bound", "constant", "end", "made", "name", "pasted", "ref", "start", "under")

    def __init__(
        self, name: str, args: tuple[Arg, ...], constant: bool, start: int, end: int, ref: bool = False,
        pasted: str | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.args = args
        self.constant = constant
        self.start = start
        self.end = end
        self.ref = ref
        self.pasted = pasted
        self.bound: Any = None
        self.under: Any = None
        self.made: Any = None

    def plain_values(self) -> list[tuple[str | None, int | bool]] | None:
        """The keys and values of its arguments where all are plain words for whole numbers and flags; else None."""
        return None
