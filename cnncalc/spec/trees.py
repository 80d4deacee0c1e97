"""Expression trees. Columns are offsets into the line's content, after its indentation."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from ..records import Record


class Num(Record):
    """A literal number, exact."""

    value: int | Fraction
    start: int
    end: int


class FlagTree(Record):
    """``yes`` or ``no``."""

    value: bool
    start: int
    end: int


class Hole(Record):
    """``?``: any size."""

    start: int
    end: int


class Name(Record):
    """A variable, an axis letter, or a word."""

    id: str
    start: int
    end: int


class Every(Record):
    """``*`` between the brackets of ``@name[*]``: all rounds."""

    start: int
    end: int


class Ref(Record):
    """``@name``, or ``@name.C``: one of its sizes; ``@name[2]``: of round 2 of the repeat, an index for each."""

    name: str
    letter: str | None
    start: int
    end: int
    rounds: tuple[Expr, ...] = ()

    @property
    def several(self) -> bool:
        """Whether it means the tensors of several rounds."""
        return any(isinstance(one, Every) for one in self.rounds)


class SizeTree(Record):
    """``3x5``, ``8@1000``, ``(a, b)``: sizes or shapes. `at` says that the first item is the channels."""

    items: tuple[Expr, ...]
    at: bool
    start: int
    end: int


class PairTree(Record):
    """``before:after``."""

    before: Expr
    after: Expr
    start: int
    end: int


class ListTree(Record):
    """``64,80``: values that stand for one argument."""

    items: tuple[Expr, ...]
    start: int
    end: int


class FunctionCall(Record):
    """``max(a, b)``, or in a requirement ``params(stem)``."""

    function: str
    args: tuple[Expr, ...]
    start: int
    end: int


class Unary(Record):
    """``-x`` or ``not x``."""

    op: str
    operand: Expr
    start: int
    end: int


class Chain(Record):
    """``first op a op b …`` for operators of one precedence, worked out from the left."""

    first: Expr
    rest: tuple[tuple[str, Expr], ...]
    start: int
    end: int


class Power(Record):
    """``base ** exponent``."""

    base: Expr
    exponent: Expr
    start: int
    end: int


Expr: TypeAlias = (
    Num | FlagTree | Hole | Name | Every | Ref | SizeTree | PairTree | ListTree | FunctionCall | Unary | Chain | Power
)


def operands(tree: Expr) -> tuple[Expr, ...]:
    """The expressions that `tree` is made of, in the order in which they stand in it."""
    if isinstance(tree, Chain):
        return (tree.first, *(operand for _, operand in tree.rest))
    if isinstance(tree, Unary):
        return (tree.operand,)
    if isinstance(tree, Power | PairTree):
        return tree[:2]
    if isinstance(tree, FunctionCall):
        return tree.args
    if isinstance(tree, Ref):
        return tree.rounds
    return tree.items if isinstance(tree, SizeTree | ListTree) else ()
