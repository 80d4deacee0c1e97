"""Dataclasses and named tuples: classes with fields."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .values import (
    Class,
    Instance,
    Native,
    Value,
)

if TYPE_CHECKING:
    from .interpreter import Evaluator


class DataField:
    """A field of a dataclass: its name, and how it gets a value where none is given."""

    __slots__ = ("default", "factory", "has_default", "init", "keyword", "name")

    def __init__(self, name: str, has_default: bool = False, default: Value = None, factory: Value = None) -> None:
        self.name, self.has_default, self.default, self.factory = name, has_default, default, factory
        self.init = True
        self.keyword = False


def fields_of(cls: Class) -> list[DataField]:
    """The fields that the annotations of a class and of its bases say."""
    found: dict[str, DataField] = {}
    for one in reversed(cls.mro):
        if one is not cls and one.traits.get("dataclass"):  # what its fields were given is no longer in its names
            found.update({field.name: field for field in one.traits["fields"]})
            continue
        for name, kind in one.namespace.get("__annotations__", {}).items():
            if "ClassVar" in kind:
                continue
            field = found[name] = DataField(name)
            if name in one.namespace:
                value = one.namespace[name]
                if isinstance(value, Instance) and isinstance(value.data, DataField):
                    given = value.data
                    field.has_default, field.default, field.factory = given.has_default, given.default, given.factory
                    field.init, field.keyword = given.init, given.keyword
                else:
                    field.has_default, field.default = True, value
    return list(found.values())


def dataclass(interpreter: Evaluator, cls: Value = None, **options: Value) -> Value:
    """``@dataclass``, with or without options."""
    if not isinstance(cls, Class):
        return Native("dataclass", lambda at, one: dataclass(at, one, **options))
    fields = cls.traits["fields"] = fields_of(cls)
    for field in fields:
        own = cls.namespace.get(field.name)
        if isinstance(own, Instance) and isinstance(own.data, DataField):
            del cls.namespace[field.name]
            if field.has_default:
                cls.namespace[field.name] = field.default
    if "__init__" not in cls.namespace and options.get("init") is not False:
        cls.namespace["__init__"] = _init_of(fields)
    if options.get("kw_only") is True:
        for field in fields:
            field.keyword = field.keyword or field.name in cls.namespace.get("__annotations__", {})
    cls.traits["dataclass"] = True
    if "__eq__" not in cls.namespace and options.get("eq") is not False:
        cls.namespace["__eq__"] = Native("__eq__", _equal)
    return cls


def _init_of(fields: list[DataField]) -> Native:
    def init(interpreter: Evaluator, made: Instance, /, *args: Value, **kwargs: Value) -> None:
        with_fields(interpreter, made, fields, list(args), kwargs)

    return Native("__init__", init)


def _equal(interpreter: Evaluator, instance: Instance, other: Value) -> Value:
    if not isinstance(other, Instance) or other.cls is not instance.cls:
        return NotImplemented
    from .operators import compare

    names = [field.name for field in instance.cls.trait("fields")]
    return all(
        interpreter.truth(compare(interpreter, ast.Eq, instance.attributes.get(name), other.attributes.get(name)))
        for name in names
    )


def with_fields(
    interpreter: Evaluator, made: Instance, fields: list[DataField], args: list[Value], kwargs: dict[str, Value]
) -> Instance:
    """Gives an instance the values of its fields. Raises TypeError."""
    cls = made.cls
    takes = [field for field in fields if field.init]
    placed = [field for field in takes if not field.keyword]
    if len(args) > len(placed):
        raise TypeError(f"{cls.name}() takes {len(placed)} positional arguments but {len(args)} were given")
    given = {field.name: value for field, value in zip(placed, args, strict=False)}
    for name, value in kwargs.items():
        if name in given or name not in [field.name for field in takes]:
            raise TypeError(f"{cls.name}() got an unexpected keyword argument '{name}'")
        given[name] = value
    values = []
    for field in fields:
        if field.name in given:
            value = given[field.name]
        elif field.factory is not None:
            value = interpreter.call(field.factory)
        elif field.has_default or not field.init:
            value = field.default
        else:
            raise TypeError(f"{cls.name}() missing 1 required positional argument: '{field.name}'")
        values.append(value)
        made.put(interpreter, field.name, value)
    if cls.trait("is_tuple"):
        made.data = tuple(values)
    if cls.finds("__post_init__") is not None:
        interpreter.call(interpreter.attribute(made, "__post_init__"))
    return made


def named_tuple(interpreter: Evaluator, /, name: str, names: Value, defaults: Value = None, **_: Value) -> Class:
    """``collections.namedtuple``."""
    listed = names.replace(",", " ").split() if isinstance(names, str) else interpreter.listed(names)
    listed = [one[0] if isinstance(one, tuple) else one for one in listed]
    from .standard.builtin_classes import CLASSES

    cls = Class(name, (CLASSES["NamedTuple"],))
    fields = [DataField(one) for one in listed]
    for field, value in zip(reversed(fields), reversed(interpreter.listed(defaults or ())), strict=False):
        field.has_default, field.default = True, value
    cls.traits["fields"] = fields
    cls.namespace["_fields"] = tuple(listed)
    return cls
