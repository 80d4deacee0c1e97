"""What ``+=`` and its like do: containers that can change are changed, for all that have them."""

from __future__ import annotations

import ast
import collections
from typing import TYPE_CHECKING

from ..operators import binary
from ..values import UnknownValue, Value
from .builtin_classes import fill
from .unknown_items import changing, forget_items

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def augmented(interpreter: Evaluator, kind: type, value: Value, other: Value) -> Value:
    """What stands on the left of ``+=``, or another operator, afterwards. Raises what the host raises; Raised, Stop."""
    if isinstance(value, list | collections.deque) and kind is ast.Add:
        value.extend(interpreter.guarded_items(other))
        return value
    if isinstance(value, dict) and kind is ast.BitOr:
        changing(value, fill, interpreter, value, other, {})
        return value
    made = binary(interpreter, kind, value, other, True)
    if isinstance(value, list | set | collections.deque):
        if isinstance(made, UnknownValue):
            forget_items(value, made)
            return value
        if type(made) is type(value):
            value.clear()
            (value.update if isinstance(value, set) else value.extend)(made)
            return value
    return made
