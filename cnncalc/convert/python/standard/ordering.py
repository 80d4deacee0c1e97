"""Functions over the items of something: sums, extremes, order."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ..operators import binary, compare
from ..values import Instance, UnknownValue, Value
from .bounds import weigh

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def total(interpreter: Evaluator, values: Value, start: Value = 0) -> Value:
    """``sum``."""
    total = start
    for item in interpreter.items(values):
        total = binary(interpreter, ast.Add, total, item)
    return total


def extreme(kind: type) -> Callable[..., Value]:
    """``max`` or ``min``."""

    def found(interpreter: Evaluator, *args: Value, key: Value = None, default: Value = Ellipsis) -> Value:
        values = interpreter.listed(args[0]) if len(args) == 1 else list(args)
        if not values:
            if default is Ellipsis:
                raise ValueError("max() or min() of an empty sequence")
            return default
        best = values[0]
        rank = best if key is None else interpreter.call(key, [best])
        for value in values[1:]:
            other = value if key is None else interpreter.call(key, [value])
            better = compare(interpreter, kind, other, rank)
            if isinstance(better, UnknownValue):
                return better
            if interpreter.truth(better):
                best, rank = value, other
        return best

    return found


class _Ordered:
    """A value in a sort: compared as the code would compare it."""

    __slots__ = ("interpreter", "value")

    def __init__(self, interpreter: Evaluator, value: Value) -> None:
        self.interpreter, self.value = interpreter, value

    def __lt__(self, other: _Ordered) -> bool:
        found = compare(self.interpreter, ast.Lt, self.value, other.value)
        return self.interpreter.truth(found, "the order")


def in_order(interpreter: Evaluator, values: Value, key: Value = None, reverse: Value = False) -> list[Value]:
    """``sorted``."""
    found = interpreter.listed(values)
    ranks = [one if key is None else interpreter.call(key, [one]) for one in found]
    weigh(interpreter, *ranks)
    interpreter.step(len(found))
    order = sorted(
        range(len(found)), key=lambda at: _Ordered(interpreter, ranks[at]), reverse=interpreter.truth(reverse)
    )
    return [found[at] for at in order]


def any_of(interpreter: Evaluator, values: Value) -> Value:
    """``any``."""
    doubt: UnknownValue | None = None
    for item in interpreter.items(values):
        if isinstance(item, UnknownValue):
            doubt = item
        elif interpreter.truth(item):
            return True
    return False if doubt is None else doubt


def all_of(interpreter: Evaluator, values: Value) -> Value:
    """``all``."""
    doubt: UnknownValue | None = None
    for item in interpreter.items(values):
        if isinstance(item, UnknownValue):
            doubt = item
        elif not interpreter.truth(item):
            return False
    return True if doubt is None else doubt


def backwards(interpreter: Evaluator, values: Value) -> Iterator[Value]:
    """``reversed``."""
    if isinstance(values, Instance) and values.cls.finds("__reversed__") is not None:
        return iter(interpreter.listed(interpreter.call(interpreter.attribute(values, "__reversed__"))))
    return iter(interpreter.listed(values)[::-1])
