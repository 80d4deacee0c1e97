"""The methods that operators are, of plain values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..items import DefaultDict
from ..values import Value
from .builtin_classes import fill

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def _operator(kind: str, swapped: bool = False) -> Callable[..., Value]:
    def called(at: Evaluator, value: Value, other: Value) -> Value:
        import ast

        from ..operators import binary, compare

        node = getattr(ast, kind)
        one, two = (other, value) if swapped else (value, other)
        return compare(at, node, one, two) if issubclass(node, ast.cmpop) else binary(at, node, one, two)

    return called


def _builtin(name: str) -> Callable[..., Value]:
    def called(at: Evaluator, value: Value, *args: Value) -> Value:
        from .builtins import BUILTINS

        return at.call(BUILTINS[name], [value, *args])

    return called


def _getitem(at: Evaluator, value: Value, index: Value) -> Value:
    from ..items import item

    return item(at, value, index)


def _setitem(at: Evaluator, value: Value, index: Value, new: Value) -> None:
    from ..items import store

    store(at, value, index, new)


def _contains(at: Evaluator, value: Value, other: Value) -> Value:
    from ..operators import contains

    return contains(at, value, other)


def _delitem(at: Evaluator, value: Value, index: Value) -> None:
    from ..items import remove

    remove(at, value, index)


def _init(at: Evaluator, value: Value, /, *args: Value, **kwargs: Value) -> None:
    """``super().__init__(…)`` of a class of lists or dicts."""
    if isinstance(value, dict) and not isinstance(value, DefaultDict):
        fill(at, value, args[0] if args else None, kwargs)
    elif isinstance(value, list) and args:
        value[:] = at.listed(args[0])


_DUNDERS: dict[str, Callable[..., Any]] = {
    "__add__": _operator("Add"), "__mul__": _operator("Mult"), "__sub__": _operator("Sub"), "__eq__": _operator("Eq"),
    "__truediv__": _operator("Div"), "__floordiv__": _operator("FloorDiv"), "__mod__": _operator("Mod"),
    "__ne__": _operator("NotEq"), "__lt__": _operator("Lt"), "__le__": _operator("LtE"), "__gt__": _operator("Gt"),
    "__ge__": _operator("GtE"), "__len__": _builtin("len"), "__iter__": _builtin("iter"), "__repr__": _builtin("repr"),
    "__str__": _builtin("str"), "__getitem__": _getitem, "__setitem__": _setitem, "__contains__": _contains,
    "__delitem__": _delitem, "__init__": _init, "__hash__": _builtin("hash"), "__bool__": _builtin("bool"),
    "__int__": _builtin("int"), "__float__": _builtin("float"), "__format__": _builtin("format"),
}  # fmt: skip
