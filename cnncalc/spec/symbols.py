"""Names in a syntax tree: which are given where, what each is a name of, and which are given twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from ..records import Record
from .nodes import Block, Branch, Broken, Head, If, Input, Let, Line, Merge, Node, Program, Repeat, Stage, Stmt

#: What a name may be of. Variables and loop variables are one set of names, all others another.
VARIABLE, LOOP, TENSOR, INPUT, STAGE, HEAD = "variable", "loop variable", "tensor", "input", "stage", "head"

#: Definitions of one name in branches that exclude each other; beyond them no more are compared.
MAX_RIVALS = 100

#: The branches that a statement stands in: the `if` (or, for its variable, the `repeat`) and which of its branches.
Branches: TypeAlias = tuple[tuple[object, int], ...]


class Definition(Record):
    """A statement that gives a name: the name, what it is of, and its columns in the statement's content."""

    name: str
    kind: str
    stmt: Stmt
    start: int
    branches: Branches

    @property
    def variable(self) -> bool:
        """Whether it is a variable, which expressions see, and no tensor."""
        return self.kind in (VARIABLE, LOOP)

    @property
    def end(self) -> int:
        """The column behind the name."""
        return self.start + len(self.name)


#: The first definitions of the names of a scope, by (name, is a variable).
Symbols: TypeAlias = dict[tuple[str, bool], Definition]


def definitions(
    body: Iterable[Stmt], branches: Branches = (), loops: frozenset[str] = frozenset()
) -> Iterator[Definition]:
    """Every definition of `body`, deep, in the order of the lines; the bodies of blocks are scopes of their own."""
    for stmt in body:
        node = stmt.node
        if isinstance(node, Line | Broken):  # of lines a long network consists
            yield from _of_line(node, stmt, branches)
            continue
        symbol = _symbol(node)
        if symbol is not None:
            name, kind, start = symbol
            # Loops one after another may use one letter again; a loop inside may not.
            again = kind == LOOP and name not in loops
            yield Definition(name, kind, stmt, start, (*branches, (name, id(stmt))) if again else branches)
        if isinstance(node, If):
            for index, branch in enumerate(stmt.body):
                yield from definitions(branch.body, (*branches, (id(stmt), index)), loops)
        elif not isinstance(node, Block | Branch):
            inner = loops | {node.variable} if isinstance(node, Repeat) and node.variable else loops
            yield from definitions(stmt.body, branches, inner)


def _of_line(node: Line | Broken, stmt: Stmt, branches: Branches) -> Iterator[Definition]:
    if isinstance(node, Broken):
        if node.variable is not None:
            yield Definition(node.variable, VARIABLE, stmt, node.start, branches)
    elif node.name is not None:
        yield Definition(node.name, TENSOR, stmt, node.start, branches)
    for name in node.names:
        yield Definition(name.id, TENSOR, stmt, name.start, branches)


def _symbol(node: Node) -> tuple[str, str, int] | None:
    """The name that a node other than a layer line gives, what it is of, and where it starts."""
    if isinstance(node, Let):
        return node.name, VARIABLE, node.name_at
    if isinstance(node, Repeat):
        return (node.variable, LOOP, node.name_at) if node.variable else None
    if isinstance(node, Stage | Head):
        return node.name, STAGE if isinstance(node, Stage) else HEAD, node.name_at
    if isinstance(node, Merge | Input):
        return (node.name, TENSOR if isinstance(node, Merge) else INPUT, node.start) if node.name else None
    return None


def variables(program: Program) -> list[str]:
    """The top-level variables, which may be set from outside: not those in bodies."""
    return [stmt.node.name for stmt in program.others if isinstance(stmt.node, Let)]


def inputs(program: Program) -> list[tuple[str | None, Stmt]]:
    """The inputs, each with its name, if it has one, and its line."""
    return [(stmt.node.name, stmt) for stmt in program.others if isinstance(stmt.node, Input)]


def declare(body: Iterable[Stmt]) -> tuple[Symbols, list[tuple[Definition, int]]]:
    """The names that `body` gives, and the definitions of a name that has one, each with the line of that.

    Two definitions in different branches of one ``if`` do not clash.
    """
    symbols: Symbols = {}
    earlier: dict[tuple[str, bool], list[Definition]] = {}
    clashes: list[tuple[Definition, int]] = []
    for definition in definitions(body):
        key = (definition.name, definition.variable)
        symbols.setdefault(key, definition)
        rivals = earlier.setdefault(key, [])
        rival = next((other for other in rivals if not _exclusive(definition, other)), None)
        if len(rivals) >= MAX_RIVALS:
            rival = rivals[0]
        if rival is not None:
            clashes.append((definition, rival.stmt.line))
        else:
            rivals.append(definition)
    return symbols, clashes


def _exclusive(definition: Definition, other: Definition) -> bool:
    """Whether the two stand in different branches of one ``if``, so that never both are set."""
    mine = dict(definition.branches)
    return any(mine.get(owner, index) != index for owner, index in other.branches)
