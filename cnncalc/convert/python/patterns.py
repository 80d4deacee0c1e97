"""The patterns of ``match``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .classes import is_instance
from .frames import NameFrame
from .operators import compare
from .standard.unknown_items import check_items
from .values import Class, Instance, UnknownReached, Value

if TYPE_CHECKING:
    from .interpreter import Evaluator


def matches(interpreter: Evaluator, pattern: ast.pattern, value: Value, frame: NameFrame) -> bool:
    """Whether a value is as a pattern says; names in it get its parts. Raises Raised, Stop."""
    from .expressions import operated

    found: bool = operated(interpreter, pattern, frame, _matches, pattern, value, frame)
    return interpreter.truth(found, "which case this is")


def _matches(interpreter: Evaluator, pattern: ast.pattern, value: Value, frame: NameFrame) -> Value:
    if isinstance(pattern, ast.MatchValue):
        return compare(interpreter, ast.Eq, value, interpreter.evaluate(pattern.value, frame))
    if isinstance(pattern, ast.MatchSingleton):
        return compare(interpreter, ast.Is, value, pattern.value)
    if isinstance(pattern, ast.MatchAs):
        if pattern.pattern is not None and not matches(interpreter, pattern.pattern, value, frame):
            return False
        if pattern.name is not None:
            frame.store(pattern.name, value)
        return True
    if isinstance(pattern, ast.MatchOr):
        return any(matches(interpreter, one, value, frame) for one in pattern.patterns)
    check_items(value)
    if isinstance(pattern, ast.MatchSequence):
        return _sequence(interpreter, pattern, value, frame)
    if isinstance(pattern, ast.MatchMapping):
        return _mapping(interpreter, pattern, value, frame)
    if isinstance(pattern, ast.MatchClass):
        return _of_class(interpreter, pattern, value, frame)
    return False


def _sequence(interpreter: Evaluator, pattern: ast.MatchSequence, value: Value, frame: NameFrame) -> bool:
    if not isinstance(value, list | tuple):
        return False
    star = next((at for at, one in enumerate(pattern.patterns) if isinstance(one, ast.MatchStar)), None)
    if star is None:
        return len(value) == len(pattern.patterns) and all(
            matches(interpreter, one, item, frame) for one, item in zip(pattern.patterns, value, strict=True)
        )
    behind = len(pattern.patterns) - star - 1
    if len(value) < star + behind:
        return False
    starred = pattern.patterns[star]
    if isinstance(starred, ast.MatchStar) and starred.name is not None:
        frame.store(starred.name, list(value[star : len(value) - behind]))
    pairs = [*zip(pattern.patterns[:star], value[:star], strict=True)]
    pairs += zip(pattern.patterns[star + 1 :], value[len(value) - behind :], strict=True)
    return all(matches(interpreter, one, item, frame) for one, item in pairs)


def _mapping(interpreter: Evaluator, pattern: ast.MatchMapping, value: Value, frame: NameFrame) -> bool:
    if not isinstance(value, dict):
        return False
    keys = [interpreter.evaluate(key, frame) for key in pattern.keys]
    if not all(key in value for key in keys):
        return False
    if pattern.rest is not None:
        frame.store(pattern.rest, {key: one for key, one in value.items() if key not in keys})
    return all(matches(interpreter, one, value[key], frame) for key, one in zip(keys, pattern.patterns, strict=True))


def _of_class(interpreter: Evaluator, pattern: ast.MatchClass, value: Value, frame: NameFrame) -> bool:
    cls = interpreter.evaluate(pattern.cls, frame)
    if not isinstance(cls, Class):
        raise UnknownReached(cls)
    if not is_instance(interpreter, value, cls):
        return False
    parts = list(zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True))
    if pattern.patterns:
        if not isinstance(value, Instance):
            return len(pattern.patterns) == 1 and matches(interpreter, pattern.patterns[0], value, frame)
        names = cls.finds("__match_args__") or tuple(field.name for field in cls.trait("fields") or ())
        parts = [*zip(names, pattern.patterns, strict=False), *parts]
    return all(
        interpreter.has(value, name) and matches(interpreter, one, interpreter.attribute(value, name), frame)
        for name, one in parts
    )
