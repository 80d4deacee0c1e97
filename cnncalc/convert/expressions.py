"""Expressions of Python's forward passes: ``F.max_pool2d(F.relu(self.conv1(x)), 2)``, ``x.view(-1, 16*5*5)``."""

from __future__ import annotations

import ast
import warnings
from operator import add, floordiv, mul, sub

from .pasted import translate

_LONGEST = 200
_LARGEST = 10**9
#: Methods of a tensor.
_METHODS = ("view", "reshape", "flatten")
_OPERATORS = {ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.FloorDiv: floordiv}


def line_of(text: str) -> str | None:
    """What to write for an expression that PyTorch's forward passes are made of; None for any other text."""
    expression = (text.partition(" = ")[2] or text).strip().rstrip(";,")
    tree = _parsed(expression)
    if not isinstance(tree, ast.Call):
        return None
    method = isinstance(tree.func, ast.Attribute) and tree.func.attr in _METHODS
    nested = bool(tree.args) and isinstance(tree.args[0], ast.Call)
    if not method and not nested:
        return None  # it is answered as a call
    made: list[str] = []
    before = _chain(tree, made)
    if before is None or not made:
        return None
    return f"write '{' | '.join(made)}'" + f" behind the line of {before}" * bool(before)


def _parsed(text: str) -> ast.expr | None:
    """The expression, what is worked out in it put in; None where it is none."""
    if "(" not in text or len(text) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on pasted code are none of the reader's business
            tree: ast.expr = _Folded().visit(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree


class _Folded(ast.NodeTransformer):
    """Works out the products and sums of numbers."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """The number that an operation comes to."""
        self.generic_visit(node)
        sides = [side.value for side in (node.left, node.right) if isinstance(side, ast.Constant)]
        work = _OPERATORS.get(type(node.op))
        if work is None or len(sides) < 2 or any(type(side) is not int for side in sides):
            return node
        if sides[1] == 0 or max(map(abs, sides)) > _LARGEST:  # type: ignore[arg-type]
            return node
        return ast.Constant(work(*sides))


def _chain(node: ast.expr, made: list[str]) -> str | None:
    """Puts the elements that `node` says behind those `made`; the layer of the module's own that it starts with, empty
    for a tensor, None where it is nothing of that.
    """
    if isinstance(node, ast.Name):
        return ""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    owner, name = node.func.value, node.func.attr
    if isinstance(owner, ast.Name) and owner.id == "self":
        return f"'{name}'" if node.args and _chain(node.args[0], []) == "" else None
    if name in _METHODS and not (isinstance(owner, ast.Name) and owner.id in ("torch", "F")):
        before, element = _chain(owner, made), _viewed(node)
    elif node.args:
        before = _chain(node.args[0], made)
        element = translate(ast.unparse(ast.Call(node.func, node.args, node.keywords))).line.rpartition(" | ")[2]
    else:
        return None
    if before is None or not element:
        return None
    made.append(element)
    return before


def _viewed(node: ast.Call) -> str | None:
    """The element of ``x.view(-1, 400)``: the first size is the batch."""
    sizes = [arg.value if isinstance(arg, ast.Constant) and type(arg.value) is int else None for arg in node.args[1:]]
    if node.func.attr == "flatten" or not sizes:  # type: ignore[attr-defined]
        return "flatten"
    last = node.args[-1]
    negative = isinstance(last, ast.UnaryOp) and isinstance(last.op, ast.USub)
    if len(sizes) == 1:
        return "flatten" if negative or sizes[0] is None else f"flatten -> {sizes[0]}"
    return None if None in sizes else f"reshape {'x'.join(map(str, sizes))}"
