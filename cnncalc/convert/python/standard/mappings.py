"""What is spread with ``**``, in calls and in dicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ..values import UnknownReached, UnknownValue, Value
from .unknown_items import UnknownItems, forget_items, unknown_items

if TYPE_CHECKING:
    from ..interpreter import Evaluator

#: Among the keyword arguments of a call: that there may be more of them, of which the code does not tell the names.
MORE_KEYWORDS = "**"

#: Rules of an `__init__` for which it makes no difference whether there are more.
_REGARDLESS: set[Callable[..., Value]] = set()

Rule = TypeVar("Rule", bound=Callable[..., Value])


def regardless(rule: Rule) -> Rule:
    """Says of a rule that it makes no difference to it whether there are more keyword arguments."""
    _REGARDLESS.add(rule)
    return rule


def known_keywords(rule: Callable[..., Value], kwargs: dict[str, Value]) -> dict[str, Value]:
    """The keyword arguments for a rule. Raises UnknownReached where there may be more, and it makes a difference."""
    if rule in _REGARDLESS:
        return {name: value for name, value in kwargs.items() if name != MORE_KEYWORDS}
    check_keywords(kwargs)
    return kwargs


def check_keywords(kwargs: dict[str, Value]) -> None:
    """Raises UnknownReached where there may be keyword arguments that the code does not tell."""
    if MORE_KEYWORDS in kwargs:
        raise UnknownReached(kwargs[MORE_KEYWORDS])


def keywords(interpreter: Evaluator, value: Value) -> dict[str, Value]:
    """What ``**value`` gives; under MORE_KEYWORDS what it gives besides, where that is not known. Raises TypeError."""
    rest = value if isinstance(value, UnknownValue) else unknown_items(value)
    found = {} if rest is None else {MORE_KEYWORDS: rest}
    if isinstance(value, UnknownValue):
        return found
    if isinstance(value, dict):
        return found | {str(key): one for key, one in value.items() if type(key) is not UnknownItems}
    keys = interpreter.listed(interpreter.call(interpreter.attribute(value, "keys")))
    return {str(key): interpreter.call(interpreter.attribute(value, "__getitem__"), [key]) for key in keys}


def spread(found: dict[Value, Value], values: Value) -> None:
    """Puts what ``**values`` gives into a dict."""
    rest = values if isinstance(values, UnknownValue) else unknown_items(values)
    if rest is not None:
        forget_items(found, rest)
    if not isinstance(values, UnknownValue):
        found.update((key, value) for key, value in values.items() if type(key) is not UnknownItems)


def mapped(interpreter: Evaluator, value: Value) -> Value:
    """The dict of which that gives the items, or an unknown value. Raises AttributeError, TypeError."""
    if isinstance(value, dict | UnknownValue):
        return value
    data = getattr(value, "data", None)
    return data if isinstance(data, dict) else dict(keywords(interpreter, value))
