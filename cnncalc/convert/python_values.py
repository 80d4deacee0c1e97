"""The values of arguments in Python code, without running it: literals, sums and products of numbers, and names."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from fractions import Fraction
from math import isfinite
from typing import Any

#: Sums and products of larger numbers are not worked out.
_LARGEST = 10**12
#: Characters beyond which nobody has pasted one call.
_MAX_LENGTH = 1000


class NotSaid(Exception):
    """Why the language has no line for a call."""


class Variable(str):
    """A name that stands for a number."""

    __slots__ = ()


def literal(node: ast.expr) -> Any:
    """The value of a Python literal, of a sum or product of numbers, of a name. Raises NotSaid."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, int | str | None) or (isinstance(node.value, float) and isfinite(node.value)):
            return node.value
    elif isinstance(node, ast.Tuple | ast.List):
        return tuple(literal(elt) for elt in node.elts)
    elif isinstance(node, ast.Name):
        return Variable(node.id)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = literal(node.operand)
        if isinstance(value, int | float):
            return -value
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        one, other = literal(node.left), literal(node.right)
        if isinstance(one, int) and isinstance(other, int) and max(abs(one), abs(other)) < _LARGEST and other:
            if isinstance(node.op, ast.Div) and not one % other:
                return literal(ast.Constant(one / other))
            return _OPERATIONS[type(node.op)](one, other)
    raise NotSaid(f"'{ast.unparse(node)[:40]}' is no number that stands in the call")


_OPERATIONS: dict[type[ast.operator], Callable[..., int | Fraction]] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b, ast.Div: Fraction,
}  # fmt: skip


def owner(call: ast.Call) -> ast.expr | None:
    """What a method is called of."""
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def own_layer(call: ast.Call) -> str:
    """The name of the outermost layer of a module's own, ``bn1`` in ``F.relu(self.bn1(self.conv1(x)))``, or nothing."""
    own = (one for one in ast.walk(call) if isinstance(one, ast.Call) and dotted(one.func)[0] == "self")
    return next((dotted(one.func)[-1] for one in own), "")


def dotted(node: ast.expr) -> tuple[str, ...]:
    """``nn.functional.relu`` as its names."""
    if isinstance(node, ast.Attribute):
        return (*dotted(node.value), node.attr)
    return (node.id if isinstance(node, ast.Name) else "",)


def parsed_call(text: str) -> ast.Call | None:
    """The call that `text` is; None where it is none."""
    if len(text) > _MAX_LENGTH:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on pasted code are none of the reader's business
            found = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return found if isinstance(found, ast.Call) else None
