"""Trees of requirements: which measures are in them, and values as trees and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ...measure.row import listed
from ...measures import WORDS
from ...spec import nodes
from ...spec.trees import operands


def measure_of(tree: nodes.Expr) -> tuple[str, str | None] | None:
    """The measure that `tree` is, and of what name; None for other expressions."""
    if isinstance(tree, nodes.Name) and tree.id in WORDS:
        return tree.id, None
    if isinstance(tree, nodes.Call) and tree.function in WORDS:
        only = tree.args[0]
        return tree.function, only.id if isinstance(only, nodes.Name) else None
    return None


def written(measure: str, name: str | None) -> str:
    """``params``, ``params(stem)``."""
    return f"{measure}({name})" if name else measure


def measures_in(tree: nodes.Expr) -> list[tuple[str, str | None]]:
    """The measures in `tree`, in the order in which they stand there."""
    found = measure_of(tree)
    if found is not None:
        return [found]
    return [one for child in operands(tree) for one in measures_in(child)]


def rebuilt(tree: nodes.Expr, change: Callable[[nodes.Expr], nodes.Expr]) -> nodes.Expr:
    """`tree` with each of what it is made of changed."""
    if isinstance(tree, nodes.Chain):
        rest = tuple((op, change(operand)) for op, operand in tree.rest)
        return nodes.Chain(change(tree.first), rest, tree.start, tree.end)
    made = [change(child) for child in operands(tree)]
    if isinstance(tree, nodes.Unary):
        return nodes.Unary(tree.op, made[0], tree.start, tree.end)
    if isinstance(tree, nodes.Power):
        return nodes.Power(made[0], made[1], tree.start, tree.end)
    if isinstance(tree, nodes.Call):
        return nodes.Call(tree.function, tuple(made), tree.start, tree.end)
    return nodes.SizeTree(tuple(made), tree.at, tree.start, tree.end) if isinstance(tree, nodes.SizeTree) else tree


def literal(value: Any, at: nodes.Expr) -> nodes.Expr:
    """A number or flag as a tree at the place of `at`, so that the language's own rules compare it; else `at`."""
    if isinstance(value, bool):
        return nodes.FlagTree(value, at.start, at.end)
    return nodes.Num(value, at.start, at.end) if isinstance(value, int | Fraction) else at


def is_shape(value: Any) -> bool:
    """Whether a value is a tensor's shape, and no size or field."""
    return type(value) is tuple


def as_json(value: Any) -> Any:
    """A value as JSON has it: shapes and fields as lists, whole numbers exact, fractions as doubles."""
    if type(value) is int:
        return value
    if isinstance(value, tuple):
        return [as_json(one) for one in value]
    if isinstance(value, Fraction):
        found = listed([value])
        return found[0] if found else None
    return str(value) if isinstance(value, str) else value
