"""Expression tree -> value. All numbers are exact: whole numbers and fractions, never floats.

Values are int, Fraction, bool (a flag), Size, Pair and Word (see :mod:`cnncalc.values`), and whatever the
environment returns for a tensor.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Protocol

from ..values import (
    Listed,
    Pair,
    ShapeSize,
    Size,
    Word,
    describe,
    how_many,
    is_traced,
    largest,
    less,
    lifted,
    quotient,
    smallest,
    spell,
)
from . import nodes
from .literals import MAX_BITS

#: What has more bits than a number may have.
_LIMIT = 1 << MAX_BITS


class EvaluationError(Exception):
    """A fault in an expression, with columns in its line's content; `word` is a name in it that means nothing."""

    def __init__(self, message: str, node: nodes.Expr, help: str | None = None, word: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.node = node
        self.help = help
        self.word = word


class Unresolved(Exception):
    """A value that depends on something that failed before and was reported there."""


class Namespace(Protocol):
    """What names mean where an expression stands."""

    def variable(self, node: nodes.Name) -> Any:
        """The value of a name; a Word where it is no variable. Raises Unresolved, EvaluationError."""

    def check_word(self, node: nodes.Name) -> None:
        """Raises EvaluationError for a word that means nothing."""

    def dimension(self, node: nodes.Ref | nodes.Name) -> int:
        """The size ``@x.C``, or ``C`` of the tensor that enters the element."""

    def tensor(self, node: nodes.Ref) -> Any:
        """The tensor ``@x``."""

    def call(self, node: nodes.FunctionCall) -> Any:
        """The value of a function that is none of the language's. Raises EvaluationError."""


def evaluate(node: nodes.Expr, env: Namespace) -> Any:
    """The value of `node` in `env`. Raises EvaluationError, Unresolved."""
    return _EVALUATORS[type(node)](node, env)


def number(node: nodes.Expr, env: Namespace) -> int | Fraction:
    """The value of `node`, which must be a number."""
    value: Any = evaluate(node, env)
    if _numeric(value):
        return value  # type: ignore[no-any-return]
    raise _unfit(f"a number is needed here, not {describe(value)}", node, value)


def flag(node: nodes.Expr, env: Namespace) -> bool:
    """The value of `node`, which must be a condition."""
    value = evaluate(node, env)
    if isinstance(value, bool):
        return value
    advice = "compare it: for example '… != 0'" if isinstance(value, int | Fraction) else None
    raise _unfit(f"a condition is yes or no, not {describe(value)}", node, value, advice)


def _unfit(message: str, node: nodes.Expr, value: Any, help: str | None = None) -> EvaluationError:
    """The fault of a `value` that is of the wrong sort where `node` stands."""
    if isinstance(value, Word):
        return EvaluationError(message, node, f"no variable is called '{value}'", value)
    return EvaluationError(message, node, help)


def _limited(value: int | Fraction, node: nodes.Expr) -> int | Fraction:
    numerator, denominator = value.as_integer_ratio()
    if denominator >= _LIMIT:
        raise EvaluationError("the fraction is too long to work with", node)
    if not -_LIMIT < numerator < _LIMIT:
        raise EvaluationError(f"the number has over {MAX_BITS} bits", node)
    return numerator if denominator == 1 else value


# --- nodes ------------------------------------------------------------------------------------------


def _ref(node: nodes.Ref, env: Namespace) -> Any:
    return env.tensor(node) if node.letter is None else env.dimension(node)


def _size(node: nodes.SizeTree, env: Namespace) -> Size:
    items = [evaluate(item, env) for item in node.items]
    for item, value in zip(node.items, items, strict=True):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | Fraction | Pair)):
            raise _unfit(f"a size is made of numbers, not {describe(value)}", item, value)
    return (ShapeSize if node.at else Size)(items)


def _list(node: nodes.ListTree, env: Namespace) -> Listed:
    return Listed([evaluate(item, env) for item in node.items])


def _pair(node: nodes.PairTree, env: Namespace) -> Pair:
    return Pair(number(node.before, env), number(node.after, env))


def _unary(node: nodes.Unary, env: Namespace) -> Any:
    if node.op == "not":
        return not flag(node.operand, env)
    return -number(node.operand, env)


def _power(node: nodes.Power, env: Namespace) -> Any:
    base, exponent = number(node.base, env), number(node.exponent, env)
    if isinstance(exponent, Fraction):
        raise EvaluationError(f"an exponent is a whole number, not {spell(exponent)}", node.exponent)
    if base == 0 and exponent < 0:
        raise EvaluationError("division by zero", node)
    numerator, denominator = base.as_integer_ratio()
    bits = max(numerator.bit_length(), denominator.bit_length())
    if bits > 1 and (bits - 1) * abs(exponent) > MAX_BITS:
        raise EvaluationError(f"the number has over {MAX_BITS} bits", node)
    if exponent < 0:
        return _limited(quotient(1, base**-exponent), node)
    if abs(base) == 1:
        exponent %= 2
    return _limited(base**exponent, node)


def _chain(node: nodes.Chain, env: Namespace) -> Any:
    op = node.rest[0][0]
    if op in ("and", "or"):
        stop = op == "or"
        result = flag(node.first, env)
        for _, operand in node.rest:
            if result is stop:
                return result
            result = flag(operand, env)
        return result
    if op in COMPARISONS:
        return _compare(node, env)
    value = number(node.first, env)
    for op, operand in node.rest:
        value = _calculate(op, value, number(operand, env), operand)
    return value


def _calculate(op: str, left: int | Fraction, right: int | Fraction, node: nodes.Expr) -> int | Fraction:
    if op in ("/", "//", "%"):
        if right == 0:
            raise EvaluationError("division by zero", node)
        if op == "/":
            return _limited(quotient(left, right), node)
    return _limited(_OPERATIONS[op](lifted(left, right), right), node)


def _compare(node: nodes.Chain, env: Namespace) -> bool:
    op, operand = node.rest[0]
    left, right = evaluate(node.first, env), evaluate(operand, env)
    sides = ((node.first, left), (operand, right))
    for side, value in sides:
        if isinstance(value, Word) and isinstance(side, nodes.Name) and side.id == value:
            env.check_word(side)
    if op in ("==", "!="):
        if type(left) is not type(right) and not (_numeric(left) and _numeric(right)):
            for side, value in sides:
                if isinstance(value, Word):
                    raise _unfit(f"unknown name '{value}'", side, value)
            raise EvaluationError(f"{describe(left)} and {describe(right)} cannot be compared", node)
        return (left == right) is (op == "==")
    for side, value in sides:
        if not _numeric(value):
            raise _unfit(f"'{op}' compares numbers, not {describe(value)}", side, value)
    return bool(COMPARISONS[op](left, right))


def _numeric(value: Any) -> bool:
    if is_traced(value):
        return True
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _call(node: nodes.FunctionCall, env: Namespace) -> Any:
    function = _FUNCTIONS.get(node.function)
    if function is None:
        return env.call(node)
    least, most, work = function
    if not least <= len(node.args) <= most:
        several = how_many(least, "number") if least == most else f"{least} or more numbers"
        raise EvaluationError(f"{node.function} takes {several}, not {len(node.args)}", node)
    args = [number(arg, env) for arg in node.args]
    if node.function == "divisible" and args[1] <= 0:
        raise EvaluationError("divisible needs a divisor over 0", node)
    return _limited(work(*args), node)


def divisible(value: int | Fraction, divisor: int | Fraction) -> int | Fraction:
    """The multiple of `divisor` nearest to `value`, at least `divisor`, never more than 10 % below `value`.

    The rule of MobileNet (`_make_divisible` in its published code).
    """
    nearest = largest(divisor, (2 * value + divisor) // (2 * divisor) * divisor)
    return nearest + divisor * less(nearest * 10, value * 9)  # type: ignore[no-any-return]


def _round(value: int | Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod,
}  # fmt: skip
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
#: Name -> (fewest arguments, most, function).
_FUNCTIONS: dict[str, tuple[int, int, Callable[..., Any]]] = {
    "min": (1, 10**9, smallest),
    "max": (1, 10**9, largest),
    "round": (1, 1, _round),
    "floor": (1, 1, math.floor),
    "ceil": (1, 1, math.ceil),
    "abs": (1, 1, abs),
    "divisible": (2, 2, divisible),
}
_EVALUATORS: dict[type, Callable[..., Any]] = {
    nodes.Num: lambda node, env: node.value, nodes.FlagTree: lambda node, env: node.value,
    nodes.Hole: lambda node, env: None, nodes.Name: lambda node, env: env.variable(node), nodes.Ref: _ref,
    nodes.SizeTree: _size, nodes.PairTree: _pair, nodes.Unary: _unary, nodes.Power: _power, nodes.Chain: _chain,
    nodes.FunctionCall: _call, nodes.ListTree: _list,
}  # fmt: skip
