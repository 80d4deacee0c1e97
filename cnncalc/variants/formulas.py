"""Conditions on measures and variables, of many candidates at once: ``params <= 5M and peak <= 512KiB``.

A condition is worked out once for all candidates that decide the same, and gives a formula: True, False, None (it hangs
on what is not known), or a comparison of a polynomial with 0, or several joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from ..measures import WORDS
from ..records import Record
from ..spec import EvaluationError, evaluate, flag, nodes
from ..spec.evaluation import COMPARISONS
from ..values import Size, channels_first, how_many, is_traced
from .polynomials import Polynomial
from .ratio import TracedRatio
from .trace import BELOW, ZERO
from .traced import TracedWhole

if TYPE_CHECKING:
    from ..measure.measurements import Measurements


class SignCondition(Record):
    """A polynomial that is below 0, or 0."""

    kind: str
    polynomial: Polynomial


class Contrary(Record):
    """The contrary."""

    one: SignCondition


class JoinedFormulas(Record):
    """All of some formulas, or any."""

    all: bool
    parts: tuple[Any, ...]


#: True, False, None, SignCondition, Contrary or JoinedFormulas.
Formula: TypeAlias = Any


def joined(parts: list[Formula], conjunction: bool) -> Formula:
    """The formulas as one: all of them where it is a `conjunction`, else any."""
    if (not conjunction) in parts:
        return not conjunction
    rest = [part for part in parts if part is not conjunction]
    if None in rest and all(part is None for part in rest):
        return None
    return conjunction if not rest else rest[0] if len(rest) == 1 else JoinedFormulas(conjunction, tuple(rest))


def contrary(one: Formula) -> Formula:
    """What holds where `one` does not: of several formulas, so that a part that is not known stays so."""
    if isinstance(one, JoinedFormulas):
        return joined([contrary(part) for part in one.parts], not one.all)
    return one if one is None else not one if isinstance(one, bool) else Contrary(one)


def compared(left: Any, op: str, right: Any) -> Formula:
    """The comparison of two numbers, decided where it is the same for all."""
    if op in ("!=", ">=", "<="):
        turned = {"!=": ("==", left, right), ">=": ("<", left, right), "<=": ("<", right, left)}[op]
        return contrary(compared(turned[1], turned[0], turned[2]))
    if op == ">":
        left, right = right, left
    difference = left - right if is_traced(left) else -(right - left)
    top = difference.top if type(difference) is TracedRatio else difference
    if type(top) is not TracedWhole:
        return bool(top == 0 if op == "==" else top < 0)
    polynomial = top.polynomial
    if polynomial.low > 0 or (polynomial.low == 0 and op != "==") or polynomial.high < 0:
        return op != "==" and polynomial.high < 0
    return SignCondition(ZERO if op == "==" else BELOW, polynomial)


class MeasureScope:
    """What names mean in conditions: the measures of a network, of it or of parts, and its variables."""

    def __init__(self, measurements: Measurements, variables: dict[str, Any]) -> None:
        self.measurements = measurements
        self.variables = variables

    def formula(self, tree: nodes.Expr) -> Formula:
        """The formula of a condition. Raises EvaluationError."""
        if isinstance(tree, nodes.Unary) and tree.op == "not":
            return contrary(self.formula(tree.operand))
        if isinstance(tree, nodes.Chain):
            op = tree.rest[0][0]
            if op in ("and", "or"):
                sides = [self.formula(side) for side in (tree.first, *[operand for _, operand in tree.rest])]
                return joined(sides, op == "and")
            if op in COMPARISONS:
                return self._compared(tree, op)
        return flag(tree, self)

    def _compared(self, tree: nodes.Chain, op: str) -> Formula:
        from ..measure.measurements import Axes, UnknownMeasure

        try:
            left, right = self.value(tree.first), self.value(tree.rest[0][1])
        except UnknownMeasure:
            return None
        if tuple in (type(left), type(right)):
            return self._shapes(left, op, right, tree)
        if isinstance(left, Axes) or isinstance(right, Axes):
            count = max(len(side) for side in (left, right) if isinstance(side, Axes))
            sides = [list(side) if isinstance(side, Axes | Size) else [side] * count for side in (left, right)]
            if any(len(side) != count or not all(map(_is_number, side)) for side in sides):
                raise EvaluationError(f"a field has {how_many(count, 'number')} here, or one for all axes", tree)
            parts = [compared(one, "==" if op == "!=" else op, other) for one, other in zip(*sides, strict=True)]
            return contrary(joined(parts, True)) if op == "!=" else joined(parts, True)
        if _is_number(left) and _is_number(right) and (is_traced(left) or is_traced(right)):
            return compared(left, op, right)
        return bool(evaluate(tree, self))

    def _shapes(self, left: Any, op: str, right: Any, tree: nodes.Expr) -> Formula:
        if op not in ("==", "!="):
            raise EvaluationError(f"a shape takes == and !=, not '{op}'", tree)
        layout = self.measurements.network.layout
        sides = [
            side if type(side) is tuple else channels_first(tuple(side) if isinstance(side, Size) else (side,), layout)
            for side in (left, right)
        ]
        same: Formula = len(sides[0]) == len(sides[1])
        if same:
            pairs = [pair for pair in zip(*sides, strict=True) if None not in pair]
            same = joined([_equal(one, other) for one, other in pairs], True)
        return same if op == "==" else contrary(same)

    # --- the environment of expressions -------------------------------------------------------------

    def value(self, tree: nodes.Expr) -> Any:
        """The value of one side: a measure as it is, or what an expression comes to. Raises UnknownMeasure."""
        found = measure_of(tree, self.variables)
        return evaluate(tree, self) if found is None else self.measurements(*found)

    def variable(self, node: nodes.Name) -> Any:
        """A measure, or a variable."""
        if measure_of(node, self.variables):
            return self.call(node)
        if node.id not in self.variables:
            raise EvaluationError(f"unknown name '{node.id}'", node)
        return self.variables[node.id]

    def call(self, node: nodes.Name | nodes.FunctionCall) -> Any:
        """The number that a measure is where it is calculated with."""
        value = self.measurements(*(measure_of(node, self.variables) or ("", None)))
        if isinstance(value, tuple):
            if not value or any(one is not value[0] and one != value[0] for one in value):
                raise EvaluationError("this is no single number: compare it as it is", node)
            return value[0]
        return value

    def check_word(self, node: nodes.Name) -> None:
        """Words of variables may be compared as they are."""

    def tensor(self, node: nodes.Ref | nodes.Name) -> NoReturn:
        """No tensor enters a condition."""
        raise EvaluationError("no tensor enters a condition", node)

    dimension = tensor


def is_number(tree: nodes.Expr, numbers: Sequence[str]) -> bool:
    """Whether an expression is a number for sure: a measure, one of the variables `numbers`, or what is calculated."""
    if isinstance(tree, nodes.Chain):
        return tree.rest[0][0] not in ("and", "or", *COMPARISONS)
    if isinstance(tree, nodes.Unary):
        return tree.op != "not"
    return (
        isinstance(tree, nodes.Num) or (isinstance(tree, nodes.Name) and tree.id in numbers) or bool(measure_of(tree))
    )


def _equal(one: Any, other: Any) -> Formula:
    return compared(one, "==", other) if is_traced(one) or is_traced(other) else bool(one == other)


def _is_number(value: Any) -> bool:
    return is_traced(value) or (isinstance(value, int | Fraction) and not isinstance(value, bool))


def measure_of(tree: nodes.Expr, variables: Any = ()) -> tuple[str, str | None] | None:
    """The measure that an expression is, and of what name; None of others, of the `variables` among them."""
    if isinstance(tree, nodes.Name) and tree.id in WORDS and tree.id not in variables:
        return tree.id, None
    if isinstance(tree, nodes.FunctionCall) and tree.function in WORDS and len(tree.args) == 1:
        only = tree.args[0]
        return tree.function, only.id if isinstance(only, nodes.Name) else None
    return None
