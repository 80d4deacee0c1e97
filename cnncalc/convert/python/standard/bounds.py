"""How large what the code makes may be."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from ..faults import Stop
from ..interpreter import MAX_BITS, MAX_ITEMS
from ..values import Value
from .unknown_items import check_items

if TYPE_CHECKING:
    from ..interpreter import Evaluator

#: Containers of which the host itself looks into what they contain.
DEEP = (list, tuple, dict, set, frozenset)
#: Items of containers in containers that are compared, hashed or shown.
_MOST_WEIGHED = 50_000


def bounded(interpreter: Evaluator, kind: type, left: Value, right: Value) -> None:
    """Raises Stop where the result would be larger than anything in a model."""
    if kind is ast.Pow and isinstance(left, int) and isinstance(right, int):
        if left.bit_length() * max(right, 0) > MAX_BITS:
            raise _too_large(interpreter, "number")
    elif kind is ast.LShift and isinstance(right, int) and right > MAX_BITS:
        raise _too_large(interpreter, "number")
    elif kind is ast.Mult:
        if isinstance(left, int) and isinstance(right, int):
            if left.bit_length() + right.bit_length() > MAX_BITS:
                raise _too_large(interpreter, "number")
        else:
            for one, times in ((left, right), (right, left)):
                if isinstance(times, int) and hasattr(one, "__len__") and len(one) * max(times, 0) > MAX_ITEMS:
                    raise _too_large(interpreter, "list or text")
    elif kind is ast.Add and hasattr(left, "__len__") and hasattr(right, "__len__"):
        interpreter.step(len(left) // 64 + len(right) // 64)
        if len(left) + len(right) > MAX_ITEMS:
            raise _too_large(interpreter, "list or text")
    elif kind is ast.Mod and isinstance(left, str):
        if re.search(r"%[^a-zA-Z%]*(?:\*|\d{4})", left):
            raise _too_large(interpreter, "text")
        if isinstance(right, tuple | dict | list):
            weigh(interpreter, right)


def check_format(interpreter: Evaluator, form: str) -> None:
    """Raises Stop for a width or precision of thousands of characters: ``{:10000}``."""
    if re.search(r"\d{4}", form):
        raise _too_large(interpreter, "text")


def _too_large(interpreter: Evaluator, what: str) -> Stop:
    return Stop(f"this makes a {what} larger than any model's", interpreter.here(), code="python-bound")


def weigh(interpreter: Evaluator, *values: Value) -> None:
    """Raises Stop where containers in containers come to more than can be walked through: the same one, many times."""
    work, count = [one for one in values if isinstance(one, DEEP)], 0
    if not work:
        return
    while work:
        value = work.pop()
        check_items(value)
        inner = (*value.keys(), *value.values()) if isinstance(value, dict) else value
        count += len(inner)
        if count > _MOST_WEIGHED:
            interpreter.step(count)
            raise _too_large(interpreter, "list in lists")
        work += [one for one in inner if isinstance(one, DEEP)]
    interpreter.step(count // 16)
