"""Numbers that code makes of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..classes import class_of
from ..operators import FOREIGN
from ..values import (
    Instance,
    UnknownReached,
    UnknownValue,
    Value,
)

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def plain_number(value: Value) -> Value:
    """A number as the host has it. Raises UnknownReached."""
    if isinstance(value, UnknownValue):
        raise UnknownReached(value)
    return value.data if isinstance(value, Instance) and value.data is not None else value


def as_int(interpreter: Evaluator, value: Value = 0, /, base: Value = None) -> Value:
    """``int(value)``. Raises TypeError, ValueError, UnknownReached."""
    value = plain_number(value)
    if type(value) in FOREIGN:
        return FOREIGN[type(value)].unary(interpreter, value, "int")
    if isinstance(value, Instance) and value.cls.finds("__int__") is not None:
        return interpreter.call(interpreter.attribute(value, "__int__"))
    if not isinstance(value, int | float | str):
        raise TypeError(f"int() argument must be a string or a real number, not '{class_of(value).name}'")
    return int(value, *(() if base is None else (base,)))


def as_float(interpreter: Evaluator, value: Value = 0.0) -> Value:
    """``float(value)``. Raises TypeError, ValueError, UnknownReached."""
    value = plain_number(value)
    if type(value) in FOREIGN:
        return FOREIGN[type(value)].unary(interpreter, value, "float")
    if isinstance(value, Instance) and value.cls.finds("__float__") is not None:
        return interpreter.call(interpreter.attribute(value, "__float__"))
    if not isinstance(value, int | float | str):
        raise TypeError(f"float() argument must be a string or a real number, not '{class_of(value).name}'")
    return float(value)


def as_index(interpreter: Evaluator, value: Value) -> Value:
    """A value where a whole number is meant. Raises UnknownReached; Raised, Stop."""
    value = plain_number(value)
    if isinstance(value, Instance) and value.cls.finds("__index__") is not None:
        return interpreter.call(interpreter.attribute(value, "__index__"))
    return FOREIGN[type(value)].unary(interpreter, value, "index") if type(value) in FOREIGN else value
