"""The slips that a mutant is made of: what may stand in place of one node of a syntax tree, and what it is called."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitXor: ast.BitAnd,
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
#: Calls whose arguments may be swapped without a change, or cannot be at all.
UNSWAPPED = {"min", "max", "isinstance", "issubclass"}


class Slip(NamedTuple):
    """Another node in place of one, and the words for the change."""

    node: ast.AST
    change: str


class Spot(NamedTuple):
    """Where a node stands: the field of its parent, and whether it is compared with something."""

    parent: ast.AST
    field: str
    index: int | None
    compared: bool = False

    def put(self, node: ast.AST) -> None:
        """Sets `node` in this place."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def slips(node: ast.AST, spot: Spot) -> Iterator[Slip]:
    """All that may stand in place of `node`."""
    make = _MAKERS.get(type(node))
    if make is not None:
        yield from make(node, spot)
    if spot.field == "ifs" or (spot.field == "test" and isinstance(spot.parent, ast.If | ast.IfExp | ast.While)):
        yield from _decided(node, spot)


def _decided(node: ast.AST, spot: Spot) -> Iterator[Slip]:
    """A condition that always holds, or never; a loop without end would only wait for its time to run out."""
    if isinstance(node, ast.Constant):
        return
    for value in (False,) if isinstance(spot.parent, ast.While) else (True, False):
        yield Slip(ast.Constant(value), f"the condition {ast.unparse(node)} is {value}")


def _told(old: ast.AST, new: ast.AST) -> Slip:
    return Slip(new, f"{ast.unparse(old)} -> {ast.unparse(new)}")


def _arithmetic(node: ast.BinOp, spot: Spot) -> Iterator[Slip]:
    types = isinstance(spot.parent, ast.Call) and ast.unparse(spot.parent.func) in ("isinstance", "issubclass")
    if type(node.op) in OPERATORS and not types:
        yield _told(node, ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right))


def _in_place(node: ast.AugAssign, spot: Spot) -> Iterator[Slip]:
    if type(node.op) in OPERATORS:
        yield _told(node, ast.AugAssign(node.target, OPERATORS[type(node.op)](), node.value))


def _comparison(node: ast.Compare, spot: Spot) -> Iterator[Slip]:
    for index, operator in enumerate(node.ops):
        operators = [*node.ops[:index], COMPARISONS[type(operator)](), *node.ops[index + 1 :]]
        yield _told(node, ast.Compare(node.left, operators, node.comparators))


def _connective(node: ast.BoolOp, spot: Spot) -> Iterator[Slip]:
    yield _told(node, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values))


def _unary(node: ast.UnaryOp, spot: Spot) -> Iterator[Slip]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield _told(node, node.operand)


def _constant(node: ast.Constant, spot: Spot) -> Iterator[Slip]:
    """A string only where it is compared, or a default: elsewhere it is a text, or a key."""
    value = node.value
    if isinstance(value, bool):
        yield _told(node, ast.Constant(not value))
    elif isinstance(value, int | float):
        yield _told(node, ast.Constant(value + 1))
    elif isinstance(value, str) and (spot.compared or isinstance(spot.parent, ast.arguments)):
        yield _told(node, ast.Constant(f"{value}?"))


def _call(node: ast.Call, spot: Spot) -> Iterator[Slip]:
    """Two neighbouring arguments swapped."""
    if ast.unparse(node.func) in UNSWAPPED or _registers(node):
        return
    for index, (first, second) in enumerate(zip(node.args, node.args[1:], strict=False)):
        words = ast.unparse(first), ast.unparse(second)
        if words[0] == words[1] or isinstance(first, ast.Starred) or isinstance(second, ast.Starred):
            continue
        swapped = ast.Call(node.func, [*node.args[:index], second, first, *node.args[index + 2 :]], node.keywords)
        yield Slip(swapped, f"swapped: {words[0]}, {words[1]}")


def _registers(node: ast.Call) -> bool:
    """Whether it is `rule("view", "reshape")`, which puts a function into a table under all these names."""
    return ast.unparse(node.func) == "rule" and all(isinstance(one, ast.Constant) for one in node.args)


def _name(node: ast.Name, spot: Spot) -> Iterator[Slip]:
    if node.id in FUNCTIONS and isinstance(spot.parent, ast.Call) and spot.field == "func":
        yield _told(node, ast.Name(FUNCTIONS[node.id], ast.Load()))


def _returned(node: ast.Return, spot: Spot) -> Iterator[Slip]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield Slip(ast.Return(ast.Constant(None)), "returns None")


def _statement(node: ast.Expr, spot: Spot) -> Iterator[Slip]:
    if isinstance(node.value, ast.Call):
        yield Slip(ast.Pass(), f"without {ast.unparse(node)}")


_MAKERS = {
    ast.BinOp: _arithmetic, ast.AugAssign: _in_place, ast.Compare: _comparison, ast.BoolOp: _connective,
    ast.UnaryOp: _unary, ast.Constant: _constant, ast.Call: _call, ast.Name: _name, ast.Return: _returned,
    ast.Expr: _statement,
}  # fmt: skip
