"""What can be looped over, and how one takes things apart."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .operators import FOREIGN, type_name
from .standard.unknown_items import check_items
from .values import Class, Instance, UnknownReached, UnknownValue, Value

if TYPE_CHECKING:
    from .interpreter import Evaluator

_HOST: tuple[Any, ...] = (
    deque,
    list,
    tuple,
    dict,
    set,
    frozenset,
    str,
    range,
    bytes,
    Iterator,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
)


def iterate(interpreter: Evaluator, value: Any) -> Iterable[Value]:
    """The items of a value. Raises TypeError, UnknownReached; Raised, Stop."""
    if isinstance(value, UnknownValue):
        raise UnknownReached(value)
    check_items(value)
    if isinstance(value, Instance):
        return _of_instance(interpreter, value)
    if isinstance(value, Class) and value.trait("enum") is not None:
        return list(dict.fromkeys(value.trait("enum").values()))  # aliases are no members of their own
    if type(value) in FOREIGN:
        return FOREIGN[type(value)].iterate(interpreter, value)
    if isinstance(value, _HOST):
        found: Iterable[Value] = iter(value)
        return found
    raise TypeError(f"'{type_name(value)}' object is not iterable")


def _of_instance(interpreter: Evaluator, value: Instance) -> Iterable[Value]:
    cls = value.cls
    if cls.finds("__iter__") is not None:
        found = interpreter.call(interpreter.attribute(value, "__iter__"))
        return _stepped(interpreter, found) if found is value else iterate(interpreter, found)
    if cls.finds("__next__") is not None:
        return _stepped(interpreter, value)
    if cls.finds("__getitem__") is not None and cls.finds("__len__") is not None:
        return _indexed(interpreter, value)
    if value.data is not None and cls.trait("enum") is None:
        return iterate(interpreter, value.data)
    raise TypeError(f"'{cls.name}' object is not iterable")


def _indexed(interpreter: Evaluator, value: Instance) -> Iterator[Value]:
    length = interpreter.call(interpreter.attribute(value, "__len__"))
    for index in range(length):
        yield interpreter.call(interpreter.attribute(value, "__getitem__"), [index])


def _stepped(interpreter: Evaluator, value: Instance) -> Iterator[Value]:
    from .faults import Raised

    while True:
        try:
            item = interpreter.call(interpreter.attribute(value, "__next__"))
        except Raised as raised:
            if raised.value.cls.name == "StopIteration":
                return
            raise
        yield item
