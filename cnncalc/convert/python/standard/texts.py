"""Texts of values: str, repr and format, within bounds, and never by a method of the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..interpreter import MAX_ITEMS
from ..operators import FOREIGN
from ..values import Class, CodeFunction, Instance, UnknownReached, UnknownValue, Value
from .bounds import check_format

if TYPE_CHECKING:
    from ..interpreter import Evaluator

_BRACKETS: dict[type, str] = {list: "[]", tuple: "()", set: "{}", frozenset: "{}"}
_PLAIN = (int, float, str, bool, type(None), complex, bytes, range, type(...))


def told(interpreter: Evaluator, value: Value, depth: int = 0) -> str:
    """``repr(value)``. Raises UnknownReached; Raised, Stop."""
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, UnknownValue) or depth > 20:
        raise UnknownReached(value if isinstance(value, UnknownValue) else UnknownValue("a text", interpreter.here()))
    if type(value) in _BRACKETS:
        first, last = tuple(_BRACKETS[type(value)])
        parts = _joined(interpreter, [told(interpreter, one, depth + 1) for one in value])
        text = f"{first}{parts}{',' if isinstance(value, tuple) and len(value) == 1 else ''}{last}"
        if isinstance(value, frozenset) or (not value and isinstance(value, set)):
            return f"{type(value).__name__}({text if value else ''})"
        return text
    if isinstance(value, dict):
        pairs = [
            f"{told(interpreter, key, depth + 1)}: {told(interpreter, one, depth + 1)}" for key, one in value.items()
        ]
        return "{" + _joined(interpreter, pairs) + "}"
    if isinstance(value, Instance):
        return _of_instance(interpreter, value, "__repr__", depth)
    if isinstance(value, Class):
        return f"<class '{value.name}'>"
    if isinstance(value, CodeFunction):
        return f"<function {value.name}>"
    if type(value) in FOREIGN:
        raise UnknownReached(UnknownValue("the text of a tensor", interpreter.here()))
    return f"<{type(value).__name__}>"


def _joined(interpreter: Evaluator, parts: list[str]) -> str:
    if sum(map(len, parts)) > MAX_ITEMS // 4:
        raise UnknownReached(UnknownValue("a very long text", interpreter.here()))
    interpreter.step(len(parts) // 8)
    return ", ".join(parts)


def _of_instance(interpreter: Evaluator, value: Instance, name: str, depth: int) -> str:
    from ..attributes import bound

    for method in (name, "__repr__"):
        found = value.cls.finds(method)
        if found is not None:
            return str(interpreter.call(bound(value, found)))
    if value.cls.trait("enum") is not None:
        return f"{value.cls.name}.{value.attributes['name']}"
    fields = value.cls.trait("fields")
    if fields is not None:
        pairs = [f"{one.name}={told(interpreter, value.attributes.get(one.name), depth + 1)}" for one in fields]
        return f"{value.cls.name}({_joined(interpreter, pairs)})"
    if value.cls.trait("is_exception"):
        args: tuple[Value, ...] = value.data or ()
        if name == "__str__" and (len(args) != 1 or value.cls.name != "KeyError"):
            return shown(interpreter, args[0]) if len(args) == 1 else told(interpreter, args, depth + 1) if args else ""
        if name == "__str__":
            return told(interpreter, args[0], depth + 1)
        return f"{value.cls.name}({', '.join(told(interpreter, arg, depth + 1) for arg in args)})"
    if value.data is not None:
        return shown(interpreter, value.data) if name == "__str__" else told(interpreter, value.data, depth + 1)
    return f"<{value.cls.name} object>"


def shown(interpreter: Evaluator, value: Value) -> str:
    """``str(value)``. Raises UnknownReached; Raised, Stop."""
    if isinstance(value, str):
        return value
    if isinstance(value, Instance):
        if value.cls.trait("is_text") and isinstance(value.data, str):
            return value.data
        return _of_instance(interpreter, value, "__str__", 0)
    return told(interpreter, value)


def formatted(interpreter: Evaluator, value: Value, form: str) -> str:
    """``format(value, form)``. Raises ValueError, UnknownReached; Stop."""
    check_format(interpreter, form)
    if isinstance(value, int | float | str | bool) and form:
        return format(value, form)
    return format(shown(interpreter, value), form)


def filled(interpreter: Evaluator, text: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> str:
    """``text.format(…)``. Raises ValueError, LookupError, UnknownReached; Raised, Stop."""
    import string

    parts: list[str] = []
    count = 0
    for literal, name, form, conversion in string.Formatter().parse(text):
        parts.append(literal)
        if name is None:
            continue
        first, rest = _split(name)
        if not first:
            value: Value = args[count]
            count += 1
        else:
            value = args[int(first)] if first.isdigit() else kwargs[first]
        for is_item, key in rest:
            value = _deeper(interpreter, value, is_item, key)
        if isinstance(value, UnknownValue):
            raise UnknownReached(value)
        if form and "{" in form:
            form = filled(interpreter, form, args[count:], kwargs)
        if conversion in ("r", "a"):
            value = told(interpreter, value)
        elif conversion == "s":
            value = shown(interpreter, value)
        parts.append(formatted(interpreter, value, form or ""))
    if sum(map(len, parts)) > MAX_ITEMS:
        raise ValueError("this makes a text larger than any model's")
    return "".join(parts)


def _split(name: str) -> tuple[str, list[tuple[bool, str]]]:
    """``0.a[1]`` as its first word, and what follows."""
    word, rest = "", []
    key, inside = "", None
    for sign in name + ".":
        if inside is None and sign not in ".[":
            word += sign
        elif sign == "]" and inside:
            rest.append((True, key))
            key, inside = "", False
        elif sign in ".[" and inside is not True:
            if inside is False and key:
                rest.append((False, key))
            key, inside = "", sign == "["
        else:
            key += sign
    return word, rest


def _deeper(interpreter: Evaluator, value: Value, is_item: bool, key: str) -> Value:
    if is_item:
        from ..items import item

        return item(interpreter, value, int(key) if key.isdigit() else key)
    return interpreter.attribute(value, key)
