"""The classes of Python itself that code uses: how they are called, and what their instances are here."""

from __future__ import annotations

import builtins
import collections
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..classes import class_of, make_super, plain_init
from ..interpreter import MAX_ITEMS
from ..items import DefaultDict
from ..operators import FOREIGN
from ..values import (
    BoundMethod,
    Class,
    ClassMethod,
    CodeFunction,
    Instance,
    Native,
    Property,
    StaticMethod,
    UnknownReached,
    UnknownValue,
    Value,
)
from .bounds import weigh
from .numbers import as_float, as_index, as_int, plain_number
from .texts import shown
from .unknown_items import check_items

if TYPE_CHECKING:
    from ..interpreter import Evaluator

Make = Callable[..., Value]


def _inherited(make: Callable[..., Value]) -> Make:
    """Gives a plain value, or an instance of a class of the code with one."""

    def made(interpreter: Evaluator, cls: Class, /, *args: Value, **kwargs: Value) -> Value:
        if cls.node is None:
            return make(interpreter, *args, **kwargs)
        own = cls.finds("__init__") if isinstance(cls.finds("__init__"), CodeFunction) else None
        try:
            data = make(interpreter, *args, **kwargs)
        except (TypeError, ValueError):
            if own is None:
                raise
            data = make(interpreter)
        if own is not None and isinstance(data, dict | list):
            data = make(interpreter)
        return Instance(cls, data)

    return made


def _str(interpreter: Evaluator, object: Value = "", *_: Value) -> str:
    return shown(interpreter, object)


def _list(interpreter: Evaluator, values: Value = ()) -> list[Value]:
    return interpreter.listed(values)


def _set(interpreter: Evaluator, values: Value = ()) -> set[Value]:
    found = interpreter.listed(values)
    weigh(interpreter, *found)
    return set(found)


def fill(interpreter: Evaluator, found: dict[Value, Value], values: Value, kwargs: dict[str, Value]) -> None:
    """Puts pairs, or what a mapping has, into a dict. Raises TypeError, UnknownReached; Stop."""
    if isinstance(values, UnknownValue):
        raise UnknownReached(values)
    check_items(values)
    if isinstance(values, Instance) and isinstance(values.data, dict):
        values = values.data
    if isinstance(values, dict):
        interpreter.step(len(values) // 16)
        found.update(values)
    elif values is not None and not isinstance(values, tuple | list) and interpreter.has(values, "keys"):
        for key in interpreter.items(interpreter.call(interpreter.attribute(values, "keys"))):
            found[key] = interpreter.call(interpreter.attribute(values, "__getitem__"), [key])
    else:
        for pair in interpreter.items(values or ()):
            key, value = interpreter.listed(pair)
            weigh(interpreter, key)
            found[key] = value
    found.update(kwargs)


def _dict(kind: type[dict[Value, Value]]) -> Callable[..., Value]:
    def made(interpreter: Evaluator, values: Value = None, /, **kwargs: Value) -> Value:
        found = kind()
        fill(interpreter, found, values, kwargs)
        return found

    return made


def _default_dict(interpreter: Evaluator, factory: Value = None, values: Value = None, /, **kwargs: Value) -> Value:
    found = DefaultDict()
    found.factory = factory
    fill(interpreter, found, values, kwargs)
    return found


def _counter(interpreter: Evaluator, values: Value = None, /, **kwargs: Value) -> Value:
    found: collections.Counter[Value] = collections.Counter()
    if isinstance(values, dict):
        fill(interpreter, found, values, {})
    else:
        for item in interpreter.items(values or ()):
            weigh(interpreter, item)
            found[item] += 1
    found.update(kwargs)
    return found


def _deque(interpreter: Evaluator, values: Value = (), maxlen: Value = None) -> Value:
    return collections.deque(interpreter.listed(values), maxlen)


def _range(interpreter: Evaluator, *args: Value) -> Value:
    ends = [as_index(interpreter, arg) for arg in args]
    if any(type(end) in FOREIGN for end in ends):
        raise UnknownReached(interpreter.unknown("the number of samples"))
    return range(*ends)


def _slice(interpreter: Evaluator, *args: Value) -> Value:
    return slice(*args)


def _type(interpreter: Evaluator, value: Value, *more: Value) -> Value:
    if isinstance(value, UnknownValue):
        raise UnknownReached(value)
    if not more:
        return class_of(value)
    bases, names = more
    cls = Class(value, tuple(base for base in bases if isinstance(base, Class)) or (CLASSES["object"],), dict(names))
    return cls


def _bytes(interpreter: Evaluator, values: Value = b"", *_: Value) -> Value:
    if isinstance(values, int) and values > MAX_ITEMS:
        raise ValueError("this makes a text larger than any model's")
    return bytes(values) if isinstance(values, int | bytes) else interpreter.unknown("bytes")


def _property(interpreter: Evaluator, getter: Value = None, setter: Value = None, *_: Value) -> Value:
    return Property(getter, setter)


def _object(interpreter: Evaluator, cls: Class, /, *args: Value, **kwargs: Value) -> Value:
    return Instance(cls)


def _exception(interpreter: Evaluator, cls: Class, /, *args: Value, **kwargs: Value) -> Value:
    made = Instance(cls, tuple(args))
    made.attributes["args"] = tuple(args)
    return made


def _tuple_new(interpreter: Evaluator, cls: Class, /, *args: Value, **kwargs: Value) -> Value:
    """``NamedTuple(…)`` gives a class, a class of it an instance."""
    from ..fields import named_tuple, with_fields

    if cls.name == "NamedTuple" and cls.node is None:
        return named_tuple(interpreter, *args, **kwargs)
    return with_fields(interpreter, Instance(cls), cls.trait("fields") or [], list(args), kwargs)


def _tuple_dict(interpreter: Evaluator, own: Instance) -> dict[str, Value]:
    return {field.name: own.attributes[field.name] for field in own.cls.trait("fields") or []}


def _tuple_replaced(interpreter: Evaluator, own: Instance, /, **changes: Value) -> Value:
    from ..fields import with_fields

    return with_fields(
        interpreter, Instance(own.cls), own.cls.trait("fields") or [], [], _tuple_dict(interpreter, own) | changes
    )


def _new(interpreter: Evaluator, cls: Value, /, *args: Value, **kwargs: Value) -> Value:
    """``object.__new__(cls)``, and that of other classes of Python."""
    if not isinstance(cls, Class):
        raise TypeError("object.__new__(X): X is not a type object")
    for one in cls.mro:
        if one.make is not None and one.name != "object":
            return one.make(interpreter, cls, *args, **kwargs)
    return Instance(cls)


CLASSES: dict[str, Class] = {}
#: By the type of the host.
HOST_CLASSES: dict[type, Class] = {}


def _add(
    name: str,
    make: Make | None,
    host: type | None = None,
    base: str = "object",
    accepts: Callable[[Any], bool] | None = None,
) -> Class:
    cls = CLASSES[name] = Class(name, (CLASSES[base],) if base in CLASSES else (), None, make)
    if host is not None:
        HOST_CLASSES[host] = cls
    if accepts is not None:
        cls.traits["accepts"] = accepts
    return cls


def _fill_tables() -> None:
    _add("object", None).namespace.update(
        {
            "__init__": Native("__init__", plain_init),
            "__new__": StaticMethod(Native("__new__", _new)),
        }
    )
    from ..classes import plain_set

    CLASSES["object"].namespace["__setattr__"] = Native("__setattr__", plain_set)
    CLASSES["object"].make = None
    for name, make, host in (
        ("int", as_int, int),
        ("float", as_float, float),
        ("str", _str, str),
        ("list", _list, list),
        ("tuple", lambda at, values=(): tuple(at.items(values)), tuple),
        ("set", _set, set),
        ("frozenset", lambda at, values=(): frozenset(_set(at, values)), frozenset),
        ("dict", _dict(dict), dict),
        ("complex", lambda at, *args: complex(*map(plain_number, args)), complex),
        ("bytes", _bytes, bytes),
        ("range", _range, range),
        ("slice", _slice, slice),
        ("deque", _deque, collections.deque),
    ):
        _add(name, _inherited(make), host)
    _add("bool", _inherited(lambda at, value=False: at.truth(value)), bool, "int")
    _add("OrderedDict", _inherited(_dict(collections.OrderedDict)), collections.OrderedDict, "dict")
    _add("defaultdict", _inherited(_default_dict), DefaultDict, "dict")
    _add("Counter", _inherited(_counter), collections.Counter, "dict")
    _add("NoneType", None, type(None))
    _add("ellipsis", None, type(...))
    _add("function", None, accepts=lambda value: isinstance(value, CodeFunction | BoundMethod | Native))
    _add("type", lambda at, cls, /, *args, **_: _type(at, *args), accepts=lambda value: isinstance(value, Class))
    _add("property", lambda at, cls, /, *args, **_: _property(at, *args), Property)
    _add("staticmethod", lambda at, cls, function: StaticMethod(function), StaticMethod)
    _add("classmethod", lambda at, cls, function: ClassMethod(function), ClassMethod)
    _add("super", lambda at, cls, *args: make_super(at, *args))
    _add("Enum", None).traits["is_enum"] = True
    for name, base in (("IntEnum", "int"), ("Flag", "object"), ("IntFlag", "int"), ("StrEnum", "str")):
        cls = Class(name, (CLASSES["Enum"], CLASSES[base]) if base != "object" else (CLASSES["Enum"],))
        CLASSES[name] = cls
        cls.traits["is_plain"] = base != "object"
    CLASSES["StrEnum"].traits["is_text"] = True
    CLASSES["int"].traits["is_plain"] = CLASSES["str"].traits["is_plain"] = True
    CLASSES["auto"] = Class("auto", (CLASSES["object"],))
    _named_tuples()
    _add("SimpleNamespace", _namespace)
    _exceptions()


def _named_tuples() -> None:
    cls = _add("NamedTuple", _tuple_new, base="tuple")
    cls.traits["is_tuple"] = True
    cls.namespace.update(_replace=Native("_replace", _tuple_replaced), _asdict=Native("_asdict", _tuple_dict))


def _namespace(interpreter: Evaluator, cls: Class, /, **names: Value) -> Value:
    made = Instance(cls)
    made.attributes.update(names)
    return made


def _exceptions() -> None:
    """The exceptions of Python, as they are of each other."""
    found = [var for var in vars(builtins).values() if isinstance(var, type) and issubclass(var, BaseException)]
    for one in sorted(found, key=lambda one: len(one.__mro__)):
        if one.__name__ not in CLASSES:
            base = one.__mro__[1].__name__
            cls = _add(one.__name__, _exception, base=base if base in CLASSES else "object")
            cls.traits["is_exception"] = True
            cls.namespace["__init__"] = Native("__init__", _exception_init)
    for alias in ("EnvironmentError", "IOError"):
        CLASSES[alias] = CLASSES["OSError"]


def _exception_init(interpreter: Evaluator, instance: Instance, /, *args: Value, **kwargs: Value) -> None:
    instance.data = tuple(args)
    instance.attributes["args"] = tuple(args)


_fill_tables()
