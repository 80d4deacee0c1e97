"""Operators on values: of the host's plain ones its own, within bounds; of instances their methods."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .standard.bounds import DEEP, bounded, weigh
from .standard.unknown_items import check_items
from .values import (
    BoundMethod,
    Class,
    CodeFunction,
    Instance,
    Library,
    Native,
    Partial,
    UnknownReached,
    UnknownValue,
    Value,
)

if TYPE_CHECKING:
    from .interpreter import Evaluator

#: By the node of an operator: what the host does, and the name of the method of instances.
BINARY: dict[type, tuple[Callable[[Any, Any], Any], str]] = {
    ast.Add: (operator.add, "add"), ast.Sub: (operator.sub, "sub"), ast.Mult: (operator.mul, "mul"),
    ast.Div: (operator.truediv, "truediv"), ast.FloorDiv: (operator.floordiv, "floordiv"),
    ast.Mod: (operator.mod, "mod"), ast.Pow: (operator.pow, "pow"), ast.LShift: (operator.lshift, "lshift"),
    ast.RShift: (operator.rshift, "rshift"), ast.BitOr: (operator.or_, "or"), ast.BitXor: (operator.xor, "xor"),
    ast.BitAnd: (operator.and_, "and"), ast.MatMult: (operator.matmul, "matmul"),
}  # fmt: skip
UNARY: dict[type, tuple[Callable[[Any], Any], str]] = {
    ast.USub: (operator.neg, "neg"), ast.UAdd: (operator.pos, "pos"), ast.Invert: (operator.invert, "invert"),
}  # fmt: skip
COMPARED: dict[type, tuple[Callable[[Any, Any], Any], str, str]] = {
    ast.Eq: (operator.eq, "eq", "eq"), ast.NotEq: (operator.ne, "ne", "ne"), ast.Lt: (operator.lt, "lt", "gt"),
    ast.LtE: (operator.le, "le", "ge"), ast.Gt: (operator.gt, "gt", "lt"), ast.GtE: (operator.ge, "ge", "le"),
}  # fmt: skip
_PLAIN = frozenset((int, float, str, bool, type(None), complex))


class ForeignRules:
    """What operators, attributes and loops do with values of a library that have no behaviour of their own."""

    def operated(self, interpreter: Evaluator, value: Value, name: str, other: Value, swapped: bool) -> Value:
        """What the operator `name` gives with `other`, which stands on the left where it is `swapped`."""
        raise TypeError(f"unsupported operand type for {name}")

    def written(self, value: Value, made: Value) -> Value:
        """What is left in `value` where `made` is written over it, as ``+=`` does."""
        return made

    def unary(self, interpreter: Evaluator, value: Value, name: str) -> Value:
        """What a sign before it gives."""
        raise TypeError(f"bad operand type for {name}")

    def compared(self, interpreter: Evaluator, value: Value, name: str, other: Value) -> Value:
        """What a comparison gives."""
        return {"eq": value is other, "ne": value is not other}[name]

    def truth(self, interpreter: Evaluator, value: Value) -> bool:
        """Whether it counts as true. Raises UnknownReached, Stop."""
        return True

    def attribute(self, interpreter: Evaluator, value: Value, name: str) -> Value:
        """An attribute. Raises AttributeError."""
        raise AttributeError(name)

    def item(self, interpreter: Evaluator, value: Value, index: Value) -> Value:
        """What stands in brackets behind it."""
        raise TypeError("it has no items")

    def iterate(self, interpreter: Evaluator, value: Value) -> Iterable[Value]:
        """Its items."""
        raise TypeError("it is not iterable")

    def cls(self, value: Value) -> Class:
        """Its class."""
        raise NotImplementedError


#: By the type of the host that such values have.
FOREIGN: dict[type, ForeignRules] = {}


def binary(interpreter: Evaluator, kind: type, left: Value, right: Value, inplace: bool = False) -> Value:
    """What an operator gives. Raises what the host raises; Raised, Stop."""
    function, name = BINARY[kind]
    if type(left) in _PLAIN and type(right) in _PLAIN:
        bounded(interpreter, kind, left, right)
        return function(left, right)
    for value in (left, right):
        if isinstance(value, UnknownValue):
            return value
        check_items(value)
    for value, other, swapped in ((left, right, False), (right, left, True)):
        foreign = FOREIGN.get(type(value))
        if foreign is not None and not isinstance(other, Instance):
            made = foreign.operated(interpreter, value, name, other, swapped)
            return foreign.written(value, made) if inplace and not swapped else made
    found = _of_instances(interpreter, left, right, f"__{name}__", f"__r{name}__", inplace and f"__i{name}__")
    if found is not NotImplemented:
        return found
    left, right = _data(left), _data(right)
    if isinstance(left, _CALLABLE) or isinstance(right, _CALLABLE) or (kind is ast.BitOr and isinstance(left, tuple)):
        return _union(kind, left, right)
    bounded(interpreter, kind, left, right)
    return function(left, right)


_CALLABLE = (CodeFunction, BoundMethod, Class, Native, Partial, Library, Instance)


def _union(kind: type, left: Value, right: Value) -> Value:
    """``int | None`` of annotations that are evaluated. Raises TypeError."""
    if kind is ast.BitOr and all(isinstance(one, Class | type(None) | tuple) for one in (left, right)):
        return (*(left if isinstance(left, tuple) else (left,)), *(right if isinstance(right, tuple) else (right,)))
    raise TypeError(f"unsupported operand type(s): {type_name(left)!r} and {type_name(right)!r}")


def type_name(value: Value) -> str:
    """The name of a value's class."""
    return value.cls.name if isinstance(value, Instance) else type(value).__name__.lower()


def _data(value: Value) -> Value:
    """What an instance of a class of lists, texts or numbers is as one."""
    return value.data if isinstance(value, Instance) and value.data is not None else value


def _of_instances(
    interpreter: Evaluator, left: Value, right: Value, name: str, swapped: str, inplace: str | bool = False
) -> Value:
    """What the method of an instance gives; NotImplemented where there is none."""
    attempts = [(left, inplace, right)] if inplace else []
    for value, method, other in (*attempts, (left, name, right), (right, swapped, left)):
        if isinstance(value, Instance) and value.cls.finds(str(method)) is not None:
            found = interpreter.call(interpreter.attribute(value, str(method)), [other])
            if found is not NotImplemented:
                return found
    return NotImplemented


def unary(interpreter: Evaluator, kind: type, value: Value) -> Value:
    """What a sign before a value gives. Raises what the host raises; Raised, Stop."""
    if kind is ast.Not:
        return not truth(interpreter, value)
    function, name = UNARY[kind]
    if isinstance(value, UnknownValue):
        return value
    if type(value) in FOREIGN:
        return FOREIGN[type(value)].unary(interpreter, value, name)
    if isinstance(value, Instance) and value.cls.finds(f"__{name}__") is not None:
        return interpreter.call(interpreter.attribute(value, f"__{name}__"))
    return function(_data(value))


def compare(interpreter: Evaluator, kind: type, left: Value, right: Value) -> Value:
    """What a comparison gives. Raises what the host raises; Raised, Stop."""
    if kind is ast.Is or kind is ast.IsNot:
        return _same(left, right) is (kind is ast.Is)
    if kind is ast.In or kind is ast.NotIn:
        found = contains(interpreter, right, left)
        return found if isinstance(found, UnknownValue) else found is (kind is ast.In)
    function, name, swapped = COMPARED[kind]
    if type(left) in _PLAIN and type(right) in _PLAIN:
        return function(left, right)
    for value in (left, right):
        if isinstance(value, UnknownValue):
            return value
        check_items(value)
    if type(left) in FOREIGN:
        return FOREIGN[type(left)].compared(interpreter, left, name, right)
    if type(right) in FOREIGN:
        return FOREIGN[type(right)].compared(interpreter, right, swapped, left)
    found = _of_instances(interpreter, left, right, f"__{name}__", f"__{swapped}__")
    if found is not NotImplemented:
        return found
    if kind is ast.NotEq:
        found = _of_instances(interpreter, left, right, "__eq__", "__eq__")
        if found is not NotImplemented:
            return not interpreter.truth(found)
    if isinstance(left, DEEP) or isinstance(right, DEEP):
        weigh(interpreter, left, right)
    return function(_compared(left), _compared(right))


def _compared(value: Value) -> Value:
    """What is compared of a value: of an instance that is a list, a text or a number, that; an enum's is none."""
    if not isinstance(value, Instance) or value.data is None or value.cls.trait("is_exception"):
        return value
    return value if value.cls.trait("enum") is not None and not value.cls.trait("is_plain") else value.data


def _same(left: Value, right: Value) -> bool:
    """Whether two values are one. Raises UnknownReached where one of them is None, and the other not known."""
    if left is right:
        return True
    for value in (left, right):
        if isinstance(value, UnknownValue):
            raise UnknownReached(value)
    return type(left) in (int, str, bool, float) and type(left) is type(right) and left == right


def contains(interpreter: Evaluator, container: Value, value: Value) -> Value:
    """Whether `value` is in `container`. Raises what the host raises; Raised, Stop."""
    if isinstance(container, UnknownValue):
        return container
    if isinstance(container, Instance):
        if container.cls.finds("__contains__") is not None:
            return interpreter.truth(interpreter.call(interpreter.attribute(container, "__contains__"), [value]))
        if container.data is None or container.cls.finds("__iter__") is not None:
            return _among(interpreter, interpreter.listed(container), value)
        container = container.data
    if isinstance(container, Class):
        return any(item is value or item.data == value for item in interpreter.items(container))
    if isinstance(value, DEEP):
        weigh(interpreter, value)
    if isinstance(value, UnknownValue):
        return value
    if isinstance(container, list | tuple):
        interpreter.step(len(container) // 16)
        return _among(interpreter, container, value)
    if value not in container:
        check_items(container)
        return False
    return True


def _among(interpreter: Evaluator, items: Iterable[Value], value: Value) -> Value:
    """Whether a value is one of some items; the first unknown answer where none is it, and one may be."""
    doubt: Value = False
    for item in items:
        equal = item is value or compare(interpreter, ast.Eq, item, value)
        if equal is True:
            return True
        if isinstance(equal, UnknownValue) and doubt is False:
            doubt = equal
    return doubt


def truth(interpreter: Evaluator, value: Value) -> bool:
    """Whether a value counts as true. Raises UnknownReached; Raised, Stop."""
    if value is True or value is False:
        return value
    if isinstance(value, Instance):
        for name in ("__bool__", "__len__"):
            if value.cls.finds(name) is not None:
                return truth(interpreter, interpreter.call(interpreter.attribute(value, name)))
        check_items(value)
        return bool(value.data) if isinstance(value.data, DEEP) and value.cls.trait("enum") is None else True
    if type(value) in FOREIGN:
        return FOREIGN[type(value)].truth(interpreter, value)
    check_items(value)
    return bool(value)
