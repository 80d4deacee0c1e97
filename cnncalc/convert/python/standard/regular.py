"""Regular expressions, where they take no time: few repeats, none of a repeated group, in short texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..values import Class, Instance, Native, UnknownReached, UnknownValue, Value
from .builtin_classes import CLASSES
from .tools import natives

if TYPE_CHECKING:
    from ..interpreter import Evaluator

#: The longest pattern, the most repeats in it, and the longest text: with so few, no search takes long.
_LONGEST_PATTERN, _MOST_REPEATS, _LONGEST_TEXT = 120, 3, 300


def _compiled(pattern: Value, flags: Value = 0) -> re.Pattern[str]:
    """The pattern as the host has it. Raises UnknownReached where it may take long, ValueError where it is none."""
    if isinstance(pattern, Instance) and isinstance(pattern.data, re.Pattern):
        return pattern.data
    if isinstance(pattern, UnknownValue):
        raise UnknownReached(pattern)
    if not isinstance(pattern, str) or not isinstance(flags, int):
        raise TypeError("first argument must be string or compiled pattern")
    repeats = sum(pattern.count(sign) for sign in "*+?{")
    nested = any(f"){sign}" in pattern for sign in "*+?{")
    if len(pattern) > _LONGEST_PATTERN or repeats > _MOST_REPEATS or nested:
        raise UnknownReached(UnknownValue("what a regular expression finds that may take long"))
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        raise ValueError(f"re.error: {error}") from None


def _text(value: Value) -> str:
    if isinstance(value, UnknownValue):
        raise UnknownReached(value)
    if not isinstance(value, str):
        raise TypeError("expected string or bytes-like object")
    if len(value) > _LONGEST_TEXT:
        raise UnknownReached(UnknownValue("what a regular expression finds in a long text"))
    return value


def _found(match: re.Match[str] | None) -> Value:
    """A match as a value of the code."""
    if match is None:
        return None
    instance = Instance(_MATCH, match)
    return instance


def _group(interpreter: Evaluator, own: Instance, *names: Value) -> Value:
    return own.data.group(*names)


_MATCH = Class("Match", (CLASSES["object"],), {
    **natives(group=_group, groups=lambda at, own, *default: own.data.groups(*default),
              start=lambda at, own, *of: own.data.start(*of),
              groupdict=lambda at, own: own.data.groupdict(), end=lambda at, own, *of: own.data.end(*of),
              span=lambda at, own, *of: own.data.span(*of)),
    "__getitem__": Native("__getitem__", _group),
})  # fmt: skip


def _searching(name: str) -> Callable[..., Value]:
    def search(interpreter: Evaluator, pattern: Value, text: Value, flags: Value = 0) -> Value:
        return _found(getattr(_compiled(pattern, flags), name)(_text(text)))

    return search


def _split(interpreter: Evaluator, pattern: Value, text: Value, maxsplit: int = 0, flags: Value = 0) -> Value:
    return _compiled(pattern, flags).split(_text(text), maxsplit)


def _findall(interpreter: Evaluator, pattern: Value, text: Value, flags: Value = 0) -> Value:
    return _compiled(pattern, flags).findall(_text(text))


def _sub(interpreter: Evaluator, pattern: Value, by: Value, text: Value, count: int = 0, flags: Value = 0) -> Value:
    if not isinstance(by, str) or len(by) > _LONGEST_TEXT:
        raise UnknownReached(UnknownValue("what a regular expression puts in"))
    return _compiled(pattern, flags).sub(by, _text(text), count)


def _compile(interpreter: Evaluator, pattern: Value, flags: Value = 0) -> Value:
    return Instance(_PATTERN, _compiled(pattern, flags))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: _searching(name) for name in ("match", "search", "fullmatch")},
    "split": _split, "findall": _findall, "sub": _sub,
}  # fmt: skip
_PATTERN = Class(
    "Pattern", (CLASSES["object"],), {name: Native(name, function) for name, function in _FUNCTIONS.items()}
)


def names() -> dict[str, Value]:
    """The names of re."""
    flags: dict[str, Value] = {"I": 2, "IGNORECASE": 2, "M": 8, "MULTILINE": 8}
    return {**natives(**_FUNCTIONS, compile=_compile), **flags, "Pattern": _PATTERN, "Match": _MATCH}
