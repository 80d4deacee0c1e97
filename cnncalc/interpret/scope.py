"""What names mean where: scopes and block definitions."""

from __future__ import annotations

from typing import Any

from ..diagnostics import Source
from ..records import Record
from ..spec.nodes import Block, Default, Stmt
from ..spec.symbols import Symbols

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
