"""The methods of Python's own values that code may call: by type, and no other."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ..interpreter import MAX_ITEMS
from ..operators import FOREIGN, type_name
from ..values import Class, Native, UnknownReached, UnknownValue, Value
from .bounds import weigh
from .containers import CHANGED, CHANGING, CONTAINER_METHODS, WITH_UNKNOWN
from .dunders import _DUNDERS
from .texts import filled
from .unknown_items import changing, unknown_items

if TYPE_CHECKING:
    from ..interpreter import Evaluator

#: Methods that are the host's own: they take and give plain values, and make nothing large of little.
_OWN: dict[type, frozenset[str]] = {
    str: frozenset(
        "capitalize casefold count endswith find index isalnum isalpha isascii isdecimal isdigit isidentifier islower "
        "isnumeric isspace istitle isupper lower lstrip partition removeprefix removesuffix rfind rindex rpartition "
        "rsplit rstrip split splitlines startswith strip swapcase title upper encode".split()
    ),
    bytes: frozenset("decode hex startswith endswith".split()),
    int: frozenset("bit_length bit_count is_integer conjugate".split()),
    float: frozenset("is_integer as_integer_ratio hex".split()),
    list: frozenset("append clear copy insert pop reverse".split()),
    tuple: frozenset(),
    dict: frozenset("clear copy items keys popitem values".split()),
    set: frozenset("add clear copy discard pop remove".split()),
    frozenset: frozenset(("copy",)),
    collections.deque: frozenset("append appendleft clear copy pop popleft reverse rotate".split()),
    range: frozenset("count index".split()),
    slice: frozenset(),
}
#: Attributes that are plain values.
_VALUES: dict[type, frozenset[str]] = {
    int: frozenset("real imag numerator denominator".split()), float: frozenset("real imag".split()),
    complex: frozenset("real imag".split()), range: frozenset("start stop step".split()),
    slice: frozenset("start stop step".split()), collections.deque: frozenset(("maxlen",)),
}  # fmt: skip

#: What PyTorch calls the two results of an order, or of an extreme along an axis.
_PARTS = {"values": 0, "indices": 1, "min": 0, "max": 1}

#: Attributes of texts that stand for something of a library, such as ``torch.float32``.
OF_TEXTS: dict[str, dict[str, Value]] = {}


def _family(value: Value) -> type | None:
    for kind in _OWN:
        if isinstance(value, kind):
            return kind
    return None


def method(interpreter: Evaluator, value: Value, name: str) -> Value:
    """A method of a plain value, or an attribute of it. Raises AttributeError."""
    kind = _family(value)
    rest = unknown_items(value)
    if rest is not None and name not in WITH_UNKNOWN:
        return UnknownValue(f"{rest.what}.{name}", rest.place)
    if kind is not None:
        rule = _RULES.get((kind, name))
        if rule is not None:
            return _of(name, rule, value)
        if name in _OWN[kind]:
            return Native(name, _hosted(value, name))
        if name in _VALUES.get(kind, ()):
            return getattr(value, name)
    if isinstance(value, Iterator) and name in ("__next__", "send"):
        return Native(name, lambda at, *_: next(value))
    if isinstance(value, complex) and name in _VALUES[complex]:
        return getattr(value, name)
    if name == "__class__":
        from ..classes import class_of

        return class_of(value)
    rule = _DUNDERS.get(name)
    if rule is not None:
        return _of(name, rule, value)
    if isinstance(value, tuple) and name in _PARTS and len(value) == 2 and type(value[0]) in FOREIGN:
        return value[_PARTS[name]]
    if isinstance(value, str) and name in OF_TEXTS.get(value, ()):
        return OF_TEXTS[value][name]
    raise AttributeError(f"'{type_name(value)}' object has no attribute '{name}'")


def _of(name: str, rule: Callable[..., Value], value: Value) -> Native:
    """A rule as the method of a value."""
    if name in CHANGING and isinstance(value, CHANGED):
        return Native(name, lambda at, /, *args, **kwargs: changing(value, rule, at, value, *args, **kwargs))
    return Native(name, lambda at, /, *args, **kwargs: rule(at, value, *args, **kwargs))


#: Methods whose work does not grow with the container.
_AT_ONCE = frozenset(("append", "add", "get", "setdefault", "popitem", "discard", "keys", "values", "items"))


def _hosted(value: Value, name: str) -> Callable[..., Value]:
    """The host's own method, its arguments looked at."""
    method = getattr(value, name)

    def called(interpreter: Evaluator, /, *args: Value, **kwargs: Value) -> Value:
        for arg in args:
            if isinstance(arg, UnknownValue) and isinstance(value, str | range | int | float):
                raise UnknownReached(arg)
        weigh(interpreter, *[one for one in args if isinstance(one, tuple)])
        interpreter.step(1 if name in _AT_ONCE or not hasattr(value, "__len__") else 1 + len(value) // 64)
        if name in CHANGING and isinstance(value, CHANGED):
            return changing(value, method, *args, **kwargs)
        return method(*args, **kwargs)

    return called


def of_type(cls: Class, name: str) -> Value:
    """``str.upper``: a method of a class of Python, given the value first; None where there is none."""
    from .builtin_classes import HOST_CLASSES

    kind = next((host for host, one in HOST_CLASSES.items() if one in cls.mro and host in _OWN), None)
    if kind is None:
        return None
    if (kind, name) in _RULES or name in _OWN[kind] or name in _DUNDERS:
        if name == "fromkeys":
            return Native(name, lambda at, keys, value=None: dict.fromkeys(at.items(keys), value))
        return Native(
            name, lambda at, value, /, *args, **kwargs: at.call(at.attribute(data_of(value), name), args, kwargs)
        )
    return None


def data_of(value: Value) -> Value:
    """The plain value that an instance is of."""
    from ..values import Instance

    return value.data if isinstance(value, Instance) and value.data is not None else value


# --- texts ------------------------------------------------------------------------------------------


def _join(at: Evaluator, text: str, values: Value) -> str:
    parts = at.listed(values)
    for index, part in enumerate(parts):
        if isinstance(part, UnknownValue):
            raise UnknownReached(part)
        if not isinstance(part, str):
            part = data_of(part)
            if not isinstance(part, str):
                raise TypeError(f"sequence item {index}: expected str instance, {type_name(part)} found")
            parts[index] = part
    if sum(map(len, parts)) + len(text) * len(parts) > MAX_ITEMS:
        raise ValueError("this makes a text larger than any model's")
    return text.join(parts)


def _replace(at: Evaluator, text: str, old: str, new: str, count: int = -1) -> str:
    for one in (old, new):
        if isinstance(one, UnknownValue):
            raise UnknownReached(one)
    found = text.count(old) if old else len(text) + 1
    if len(text) + found * len(new) > MAX_ITEMS:
        raise ValueError("this makes a text larger than any model's")
    return text.replace(old, new, count)


def _padded(name: str) -> Callable[..., str]:
    def padded(at: Evaluator, text: str, width: Value, *sign: str) -> str:
        if isinstance(width, int) and width > 10_000:
            raise ValueError("this makes a text larger than any model's")
        found: str = getattr(text, name)(width, *sign)
        return found

    return padded


def _text_format(at: Evaluator, text: str, /, *args: Value, **kwargs: Value) -> str:
    return filled(at, text, args, kwargs)


def _format_map(at: Evaluator, text: str, values: Value) -> str:
    return filled(at, text, (), data_of(values))


def _numel(at: Evaluator, sizes: tuple[Value, ...]) -> Value:
    """How many elements a tensor of these sizes has: torch.Size is a tuple."""
    import ast

    from ..operators import binary

    total: Value = 1
    for size in sizes:
        total = binary(at, ast.Mult, total, size)
    return total


def _astype(interpreter: Evaluator, value: Value, /, dtype: Value, **_: Value) -> Value:
    """A number of NumPy, which is a plain one here, as another type."""
    name = dtype.name if isinstance(dtype, Class) else str(dtype)
    return int(value) if "int" in name else float(value) if "float" in name else interpreter.unknown("a number")


_RULES: dict[tuple[type, str], Callable[..., Any]] = {
    **dict.fromkeys([(int, "astype"), (float, "astype")], _astype),
    **dict.fromkeys([(int, "item"), (float, "item")], lambda at, value: value),
    (str, "join"): _join, (str, "replace"): _replace, (str, "format"): _text_format, (str, "format_map"): _format_map,
    **{(str, name): _padded(name) for name in ("center", "ljust", "rjust", "zfill", "expandtabs")},
    (tuple, "numel"): _numel, **CONTAINER_METHODS,
}  # fmt: skip
