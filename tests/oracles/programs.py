"""Abstract network programs: what a spec says, before anyone has written it down.

The printer turns one into spec text in one of many spellings, the executor runs it in PyTorch, and neither
sees the other's work; so cnncalc's reading of the text is compared with the program, not with itself.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Scalar = Any  # an int or a bool; in block arguments also a kind's name, or a tensor's name with its '@'


class Scope(NamedTuple):
    """What an expression may look at: variables, the tensor that enters, and the named ones (by shape)."""

    variables: Mapping[str, Scalar]
    entering: tuple[int, ...]
    shapes: Mapping[str, tuple[int, ...]]


class Var(NamedTuple):
    name: str

    def value(self, scope: Scope) -> Scalar:
        return scope.variables[self.name]

    def text(self) -> str:
        return self.name


class Dim(NamedTuple):
    """`C`, `H`, …, or with a name `@name.C`."""

    letter: str = "C"
    of: str | None = None

    def value(self, scope: Scope) -> int:
        shape = scope.entering if self.of is None else scope.shapes[self.of]
        return shape[{1: "C", 2: "CL", 3: "CHW", 4: "CDHW"}[len(shape)].index(self.letter)]

    def text(self) -> str:
        return self.letter if self.of is None else f"@{self.of}.{self.letter}"


OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">=": operator.ge,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
}


class Op(NamedTuple):
    """An operation; its operands are printed in parentheses wherever they are operations themselves."""

    sign: str
    left: Any
    right: Any

    def value(self, scope: Scope) -> Scalar:
        return OPERATORS[self.sign](value(self.left, scope), value(self.right, scope))

    def text(self) -> str:
        parts = [f"({text(x)})" if isinstance(x, Op) and self.sign not in LOOSE else text(x) for x in self[1:]]
        return f" {self.sign} ".join(parts)


LOOSE = ("and", "or", "==", "!=", "<", ">=")  # bind weaker than their operands here
Expr = Any  # int, bool, str or one of the classes above


def value(expr: Expr, scope: Scope) -> Scalar:
    return expr.value(scope) if isinstance(expr, (Var, Dim, Op)) else expr


def text(expr: Expr) -> str:
    if isinstance(expr, bool):
        return "yes" if expr else "no"
    return str(expr.text()) if isinstance(expr, (Var, Dim, Op)) else str(expr)


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer; `kind` may be a Var that holds a kind. `share` names the line whose weights it takes."""

    kind: str | Var
    args: dict[str, Expr] = field(default_factory=dict)
    share: str | None = None


@dataclass(frozen=True, eq=False)
class Call:
    """A use of a block; tensors among the arguments are strings that begin with '@'. `share` as a layer's."""

    block: str
    args: dict[str, Expr]
    share: str | None = None


@dataclass(frozen=True, eq=False)
class Start:
    """`@name`, first in a line."""

    name: str


@dataclass(frozen=True, eq=False)
class Join:
    """The short form of a merge, with one name (and the running tensor) or several (just those)."""

    op: str
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Line:
    elements: list[Any]
    name: str | None = None


@dataclass(frozen=True, eq=False)
class Merge:
    op: str
    paths: list[list[Any]]
    name: str | None = None


@dataclass(frozen=True, eq=False)
class Repeat:
    count: Expr
    body: list[Any]
    variable: str | None = None


@dataclass(frozen=True, eq=False)
class If:
    branches: list[tuple[Expr, list[Any]]]
    otherwise: list[Any]


@dataclass(frozen=True, eq=False)
class Stage:
    name: str
    body: list[Any]


@dataclass(frozen=True, eq=False)
class Head:
    name: str
    body: list[Any]
    train: bool = False


@dataclass(frozen=True, eq=False)
class Block:
    """`params` maps a name to its default or None; a tensor's name begins with '@'."""

    name: str
    params: dict[str, Expr]
    body: list[Any]


@dataclass(eq=False)
class Program:
    """`shape` is of every input; with several, no tensor runs before a line starts at one."""

    inputs: list[str]
    shape: tuple[int, ...]
    lets: dict[str, Expr]
    blocks: dict[str, Block]
    body: list[Any]
    outputs: list[str]


def bodies(statement: Any) -> Iterator[list[Any]]:
    """The statement lists inside a statement."""
    if isinstance(statement, (Repeat, Stage, Head, Block)):
        yield statement.body
    elif isinstance(statement, Merge):
        yield from statement.paths
    elif isinstance(statement, If):
        yield from (body for _, body in statement.branches)
        yield statement.otherwise


def lines(body: list[Any]) -> Iterator[Line]:
    """All lines of a body, however deep."""
    for statement in body:
        if isinstance(statement, Line):
            yield statement
        for inner in bodies(statement):
            yield from lines(inner)
