"""What names mean where: scopes and block definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..convert.lookup import lookup
from ..diagnostics import Source
from ..network import UNKNOWN
from ..records import Record
from ..spec.nodes import Block, Default, Stmt
from ..spec.symbols import Symbols, definitions
from ..values import Word

#: The value of a variable whose line failed.
POISON = object()


class Maker(Record):
    """The element that made a named tensor: its kind or block, and its nodes, for ``share=``."""

    name: str
    first: int
    last: int


class BlockDef(Record):
    """A block as defined: where, and under which ``default`` lines."""

    node: Block
    body: tuple[Stmt, ...]
    source: Source
    line: int
    indent: int
    defaults: tuple[tuple[Default, int], ...]
    declared: Symbols


class Scope:
    """The names of one file's top level, or of one run of a block."""

    __slots__ = ("declared", "input", "loops", "makers", "tensors", "variables")

    def __init__(self, declared: Symbols, input: int | None) -> None:
        self.declared = declared
        self.input = input
        self.variables: dict[str, Any] = {}
        self.loops: dict[str, Any] = {}
        self.tensors: dict[str, int] = {}
        self.makers: dict[str, Maker] = {}

    def enters(self, tensor: int) -> None:
        """Makes `tensor` the one that ``@input`` means."""
        self.input = tensor

    def let(self, name: str, value: Any) -> None:
        """Sets a variable."""
        self.variables[name] = value

    def skip(self, body: Iterable[Stmt]) -> None:
        """What statements that cannot be run would have set is unknown."""
        for definition in definitions(body):
            if definition.variable:
                self.variables.setdefault(definition.name, POISON)
            else:
                self.tensors.setdefault(definition.name, UNKNOWN)


def two_meanings(name: str, value: Any, blocks: Mapping[str, BlockDef]) -> bool:
    """Whether a variable `name` that stands for a kind or a block is itself called like one."""
    return isinstance(value, Word) and all(word in blocks or lookup(word) is not None for word in (value, name))
