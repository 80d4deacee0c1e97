"""Expression trees. Columns are offsets into the line's content, after its indentation."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, TypeAlias


class Num(NamedTuple):
    """A literal number, exact."""

    value: int | Fraction
    start: int
    end: int


class Flag(NamedTuple):
    """``yes`` or ``no``."""

    value: bool
    start: int
    end: int


class Hole(NamedTuple):
    """``?``: any size."""

    start: int
    end: int


class Name(NamedTuple):
    """A variable, an axis letter, or a word."""

    id: str
    start: int
    end: int


class Ref(NamedTuple):
    """``@name``, or ``@name.C``: one of its sizes."""

    name: str
    letter: str | None
    start: int
    end: int


class Size(NamedTuple):
    """``3x5``, ``8@1000``, ``(a, b)``: sizes or shapes. `at` says that the first item is the channels."""

    items: tuple[Expr, ...]
    at: bool
    start: int
    end: int


class Pair(NamedTuple):
    """``before:after``."""

    before: Expr
    after: Expr
    start: int
    end: int


class Call(NamedTuple):
    """``max(a, b)``, or in a requirement ``params(stem)``."""

    function: str
    args: tuple[Expr, ...]
    start: int
    end: int


class Unary(NamedTuple):
    """``-x`` or ``not x``."""

    op: str
    operand: Expr
    start: int
    end: int


class Chain(NamedTuple):
    """``first op a op b …`` for operators of one precedence, worked out from the left."""

    first: Expr
    rest: tuple[tuple[str, Expr], ...]
    start: int
    end: int


class Power(NamedTuple):
    """``base ** exponent``."""

    base: Expr
    exponent: Expr
    start: int
    end: int


Expr: TypeAlias = Num | Flag | Hole | Name | Ref | Size | Pair | Call | Unary | Chain | Power
