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

    __slots__ = ("bound", "constant", "end", "made", "name", "start", "under")

    def __init__(self, name: str, constant: bool, start: int, end: int) -> None:
        self.name = name
        self.constant = constant
        self.start = start
        self.end = end
        self.bound: Any = None
        self.under: Any = None
        self.made: Any = None

    @property
    def args(self) -> tuple[Arg, ...]:
        """Its arguments, as written."""
        return ()

    @property
    def ref(self) -> bool:
        """Whether it is ``@name``."""
        return False

    @property
    def pasted(self) -> str | None:
        """The call that was pasted."""
        return None

    def plain_values(self) -> list[tuple[str | None, int | bool]] | None:
        """The keys and values of its arguments where all are plain words for whole numbers and flags; else None."""
        return None

    def fresh(self) -> Element:
        """The same element, of which nothing is found out yet."""
        raise NotImplementedError


class WrittenElement(Element):
    """An element with its arguments, or a tensor's name, or a pasted call."""

    __slots__ = ("_args", "_pasted", "_ref")

    def __init__(
        self, name: str, args: tuple[Arg, ...], constant: bool, start: int, end: int, ref: bool = False,
        pasted: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(name, constant, start, end)
        self._args = args
        self._ref = ref
        self._pasted = pasted

    def fresh(self) -> Element:
        """The same element, of which nothing is found out yet."""
        return WrittenElement(self.name, self._args, self.constant, self.start, self.end, self._ref, self._pasted)

    @property
    def args(self) -> tuple[Arg, ...]:
        """Its arguments, as written."""
        return self._args

    @property
    def ref(self) -> bool:
        """Whether it is ``@name``."""
        return self._ref

    @property
    def pasted(self) -> str | None:
        """The call that was pasted."""
        return self._pasted
