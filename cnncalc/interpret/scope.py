"""What names mean where: scopes, block definitions, and what is declared in a body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..diagnostics import Source
from ..records import Record
from ..spec.nodes import Block, Branch, Broken, Default, Head, If, Input, Let, Line, Merge, Repeat, Stage, Stmt

#: The value of a variable whose line failed.
POISON = object()


class Declared(Record):
    """A name that a body sets: the first line that does, and what kind of name it is."""

    line: int
    variable: bool


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
    declared: dict[tuple[str, bool], Declared]


class Scope:
    """The names of one file's top level, or of one run of a block."""

    __slots__ = ("declared", "input", "loops", "makers", "tensors", "variables")

    def __init__(self, declared: dict[tuple[str, bool], Declared], input: int | None) -> None:
        self.declared = declared
        self.input = input
        self.variables: dict[str, Any] = {}
        self.loops: dict[str, Any] = {}
        self.tensors: dict[str, int] = {}
        self.makers: dict[str, Maker] = {}


class Setting(Record):
    """A statement that sets a name: the name, where, and the branches (statement, index) that it stands in."""

    name: str
    variable: bool
    stmt: Stmt
    branches: tuple[tuple[object, int], ...]


def settings(
    body: Iterable[Stmt], branches: tuple[tuple[object, int], ...] = (), loops: frozenset[str] = frozenset()
) -> Iterator[Setting]:
    """Every statement of `body`, deep, that sets a name; blocks' bodies are scopes of their own."""
    for stmt in _naming(body):
        node = stmt.node
        inner = loops
        if isinstance(node, Let):
            yield Setting(node.name, True, stmt, branches)
        elif isinstance(node, Line | Merge | Input | Stage | Head) and node.name:
            yield Setting(node.name, False, stmt, branches)
        elif isinstance(node, Repeat) and node.variable:
            # Loops one after another may use one letter again; a loop inside may not.
            alone = () if node.variable in loops else ((node.variable, id(stmt)),)
            yield Setting(node.variable, True, stmt, (*branches, *alone))
            inner = loops | {node.variable}
        elif isinstance(node, Broken) and (node.name or node.variable):
            yield Setting(node.name or node.variable or "", bool(node.variable), stmt, branches)
        if isinstance(node, If):
            for index, branch in enumerate(stmt.body):
                yield from settings(branch.body, (*branches, (id(stmt), index)), loops)
        elif stmt.body and not isinstance(node, Block | Branch):
            yield from settings(stmt.body, branches, inner)


def _naming(body: Iterable[Stmt]) -> Iterator[Stmt]:
    """The statements without the lines that name nothing, of which a long network consists."""
    for stmt in body:
        node = stmt.node
        if not (isinstance(node, Line) and node.name is None):
            yield stmt


def declare(body: Iterable[Stmt]) -> tuple[dict[tuple[str, bool], Declared], list[tuple[Setting, int]]]:
    """The names that `body` sets, by (name, is a variable), and the settings that come again with the first's line.

    Two settings in different branches of one ``if`` do not clash.
    """
    declared: dict[tuple[str, bool], Declared] = {}
    found: dict[tuple[str, bool], list[Setting]] = {}
    clashes: list[tuple[Setting, int]] = []
    for one in settings(body):
        key = (one.name, one.variable)
        before = found.setdefault(key, [])
        if not before:
            declared[key] = Declared(one.stmt.line, one.variable)
        rival = (
            next((other for other in before if not _exclusive(one, other)), None) if len(before) < 100 else before[0]
        )
        if rival is not None:
            clashes.append((one, rival.stmt.line))
        else:
            before.append(one)
    return declared, clashes


def _exclusive(one: Setting, other: Setting) -> bool:
    """Whether the two stand in different branches of one ``if``, so that never both are set."""
    mine = dict(one.branches)
    return any(mine.get(owner, index) != index for owner, index in other.branches)
