"""Parts of layer lines: elements and their arguments. Columns are offsets into the line's content."""

from __future__ import annotations

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

    Equal lines share their elements.
    """

    __slots__ = ("args", "constant", "end", "name", "pasted", "ref", "start")

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
