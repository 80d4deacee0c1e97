"""Lists, dicts, sets and deques of which the code does not tell any more what is in them.

They keep one item, in front of all others, that says so. What is put into a dict later is known again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from ..values import Instance, UnknownReached, UnknownValue, Value

_VIEWS: tuple[Any, ...] = (type({}.keys()), type({}.values()), type({}.items()))
_KINDS: tuple[Any, ...] = (list, dict, set, deque, *_VIEWS)


class UnknownItems(UnknownValue):
    """What stands for all items that are not known. It is hashed once: no code may have it as a key of its own."""

    __slots__ = ("_placed",)

    def __init__(self, unknown: UnknownValue) -> None:
        super().__init__(unknown.what, unknown.place, unknown.name, unknown.cause)
        self._placed = False

    def __hash__(self) -> int:
        if self._placed:
            raise UnknownReached(self)
        self._placed = True
        return 0


class UnknownSlice(UnknownValue):
    """A slice with a bound that is not known."""

    __slots__ = ()

    def __init__(self, bound: UnknownValue) -> None:
        super().__init__(bound.what, bound.place, bound.name, bound.cause)


def forget_items(container: Value, unknown: UnknownValue) -> None:
    """From here on it is not known what is in a container, and how much."""
    rest = UnknownItems(unknown)
    container.clear()
    if isinstance(container, dict):
        container[rest] = rest
    elif isinstance(container, set):
        container.add(rest)
    else:
        container.append(rest)


def unknown_items(value: Value) -> UnknownValue | None:
    """What says that the items of a container, or of a view of one, are not known; None where they are."""
    if isinstance(value, Instance):
        value = value.data
    if isinstance(value, _KINDS) and value:
        first: Value = next(iter(value))
        if isinstance(value, _VIEWS) and isinstance(first, tuple):  # of items
            first = first[0]
        return first if type(first) is UnknownItems else None
    return None


def check_items(*values: Value) -> None:
    """Raises UnknownReached for a container whose items are not known."""
    for value in values:
        rest = unknown_items(value)
        if rest is not None:
            raise UnknownReached(rest)


def changing(container: Value, change: Callable[..., Value], /, *args: Any, **kwargs: Any) -> Value:
    """What a change of a container gives; what is in it is not known where that hangs on an unknown value, which is
    raised. Raises UnknownReached, and what the host raises.
    """
    try:
        return change(*args, **kwargs)
    except UnknownReached as reached:
        forget_items(container, reached.value)
        raise
