"""Attributes, by the type of the value: the host's own are never asked for theirs but by the tables here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .expressions import settled
from .frames import Module
from .operators import FOREIGN, type_name
from .standard.unknown_items import check_items
from .values import (
    BoundMethod,
    Class,
    ClassMethod,
    CodeFunction,
    Instance,
    Library,
    Native,
    Partial,
    Property,
    StaticMethod,
    Super,
    UnknownValue,
    Value,
)

if TYPE_CHECKING:
    from .interpreter import Evaluator


def attribute(interpreter: Evaluator, value: Value, name: str) -> Value:
    """An attribute of a value. Raises AttributeError; Raised, Stop."""
    from .standard.methods import method

    if type(value) in (list, dict, str, int):
        return method(interpreter, value, name)
    if isinstance(value, Instance):
        return _of_instance(interpreter, value, name)
    if isinstance(value, Library):
        return _of_library(interpreter, value, name)
    if isinstance(value, Module):
        return _of_module(interpreter, value, name)
    if isinstance(value, Class):
        return of_class(interpreter, value, name)
    if isinstance(value, UnknownValue):
        what = f"{value.what}.{name}" if len(value.what) < 60 else value.what
        return UnknownValue(what, value.place or interpreter.here(), value.name)
    if type(value) in FOREIGN:
        return FOREIGN[type(value)].attribute(interpreter, value, name)
    if isinstance(value, Super):
        return _of_super(interpreter, value, name)
    if isinstance(value, CodeFunction | Native | BoundMethod | Partial | Property):
        return _of_function(interpreter, value, name)
    return method(interpreter, value, name)


def _of_instance(interpreter: Evaluator, value: Instance, name: str) -> Value:
    found = value.cls.finds(name)
    if isinstance(found, Property):
        return got(interpreter, value, name, found)
    if name in value.attributes:
        return value.attributes[name]
    own = value.own(name)
    if own is not None:
        return own[0]
    if found is not None or _has(value.cls, name):
        return bound(value, found)
    if name == "__class__":
        return value.cls
    if name == "__dict__":
        return value.attributes
    if value.data is not None and (value.cls.trait("enum") is None or value.cls.trait("is_plain")):
        from .standard.methods import method

        try:
            return method(interpreter, value.data, name)
        except AttributeError:
            pass
    check_items(value.attributes)
    if value.cls.finds("__getattr__") is not None:
        return interpreter.call(bound(value, value.cls.finds("__getattr__")), [name])
    opaque = value.cls.trait("opaque")
    if opaque is not None:
        return UnknownValue(f"'{name}' of {opaque}", interpreter.here())
    raise AttributeError(f"'{value.cls.name}' object has no attribute '{name}'", name=name, obj=value)


def _has(cls: Class, name: str) -> bool:
    """Whether a class has an attribute that is None."""
    return any(name in one.namespace for one in cls.mro)


def got(interpreter: Evaluator, value: Instance, name: str, found: Property) -> Value:
    """What a property gives; of a cached one, once."""
    if found.once and name in value.attributes:
        return value.attributes[name]
    result = interpreter.call(found.getter, [value])
    if found.once:
        value.attributes[name] = result
    return result


def bound(value: Instance, found: Value) -> Value:
    """What a class has of a name, looked at from an instance."""
    if isinstance(found, CodeFunction | Native):
        return BoundMethod(found, value)
    if isinstance(found, StaticMethod):
        return found.function
    if isinstance(found, ClassMethod):
        return (
            BoundMethod(found.function, value.cls)
            if isinstance(found.function, CodeFunction | Native)
            else found.function
        )
    return found


def of_class(interpreter: Evaluator, cls: Class, name: str) -> Value:
    """An attribute of a class. Raises AttributeError."""
    from .classes import class_of

    if name in ("__name__", "__qualname__"):
        return cls.name
    if name == "__class__":
        return class_of(cls)
    if name == "__mro__":
        return cls.mro
    if name == "__bases__":
        return cls.bases
    if name == "__dict__":
        return dict(cls.namespace)
    if name == "__module__":
        return cls.module.name if cls.module is not None else "builtins"
    if name == "__members__" and cls.trait("enum") is not None:
        return dict(cls.trait("enum"))
    for one in cls.mro:
        if name in one.namespace:
            found = one.namespace[name]
            if isinstance(found, StaticMethod):
                return found.function
            if isinstance(found, ClassMethod):
                return (
                    BoundMethod(found.function, cls)
                    if isinstance(found.function, CodeFunction | Native)
                    else found.function
                )
            return found
    if cls.trait("opaque") is not None:
        return UnknownValue(f"'{name}' of {cls.trait('opaque')}", interpreter.here())
    from .standard.methods import of_type

    native = of_type(cls, name)
    if native is not None:
        return native
    raise AttributeError(f"type object '{cls.name}' has no attribute '{name}'")


def _of_super(interpreter: Evaluator, value: Super, name: str) -> Value:
    data = value.instance.data if isinstance(value.instance, Instance) else None
    for cls in value.order:
        if name in cls.namespace and not (
            cls.name == "object" and name == "__init__" and isinstance(data, list | dict)
        ):
            found = cls.namespace[name]
            if isinstance(value.instance, Class):
                inner = found.function if isinstance(found, StaticMethod | ClassMethod) else found
                return BoundMethod(inner, value.instance) if isinstance(found, ClassMethod) else inner
            if isinstance(found, Property):
                return interpreter.call(found.getter, [value.instance])
            return bound(value.instance, found)
    if data is not None and name != "__setattr__":
        from .standard.methods import method

        return method(interpreter, data, name)
    if name in ("__init__", "__init_subclass__", "__setattr__", "__post_init__"):
        from .classes import plain_init, plain_set

        return (
            Native(name, plain_init) if name != "__setattr__" else BoundMethod(Native(name, plain_set), value.instance)
        )
    if any(cls.traits.get("opaque") for cls in value.order):
        return UnknownValue(f"'{name}' of a base class", interpreter.here())
    raise AttributeError(f"'super' object has no attribute '{name}'")


def _of_function(interpreter: Evaluator, value: Value, name: str) -> Value:
    inner = value.function if isinstance(value, BoundMethod) else value
    if isinstance(inner, CodeFunction) and name in inner.attributes:
        return inner.attributes[name]
    if name in ("__name__", "__qualname__") and isinstance(inner, CodeFunction | Native):
        return inner.name
    if name == "__self__" and isinstance(value, BoundMethod):
        return value.instance
    if name == "__func__" and isinstance(value, BoundMethod):
        return value.function
    if name == "__module__" and isinstance(inner, CodeFunction):
        return inner.module.name
    if name == "__doc__":
        return None
    if name == "__wrapped__" and isinstance(inner, CodeFunction):
        raise AttributeError(name)
    if isinstance(value, Property) and name in ("setter", "getter", "deleter"):
        from .classes import property_part

        return Native(name, lambda at, function: property_part(value, name, function))
    if isinstance(value, Partial):
        known = {"func": value.function, "args": value.args, "keywords": value.kwargs}
        if name in known:
            return known[name]
    if name in ("__code__", "__annotations__", "__defaults__", "__dict__", "__globals__"):
        return UnknownValue(f"the {name} of a function", interpreter.here())
    if name == "__call__":
        return value
    if name == "__class__":
        from .classes import class_of

        return class_of(value)
    raise AttributeError(f"'function' object has no attribute '{name}'")


def _of_library(interpreter: Evaluator, value: Library, name: str) -> Value:
    if name in value.names:
        return settled(interpreter, value.names[name])
    if name == "__name__":
        return value.name
    if name == "__dict__":
        return {key: settled(interpreter, one) for key, one in value.names.items()}
    return interpreter.imports.of_library(interpreter, value, name)


def _of_module(interpreter: Evaluator, value: Module, name: str) -> Value:
    if name in value.names:
        return settled(interpreter, value.names[name])
    if name == "__dict__":
        return {key: settled(interpreter, one) for key, one in list(value.names.items())}
    return interpreter.imports.submodule(interpreter, value, name)


def set_attribute(interpreter: Evaluator, value: Value, name: str, new: Value) -> None:
    """``value.name = new``. Raises AttributeError, TypeError; Raised, Stop."""
    if isinstance(value, Instance):
        found = value.cls.finds(name)
        if isinstance(found, Property) and not found.once:
            if found.setter is None:
                raise AttributeError(f"property '{name}' of '{value.cls.name}' object has no setter")
            interpreter.call(found.setter, [value, new])
        elif value.cls.finds("__setattr__") is not None and isinstance(value.cls.finds("__setattr__"), CodeFunction):
            interpreter.call(bound(value, value.cls.finds("__setattr__")), [name, new])
        else:
            value.put(interpreter, name, new)
    elif isinstance(value, Class):
        value.namespace[name] = new
    elif isinstance(value, CodeFunction):
        value.attributes[name] = new
    elif isinstance(value, Module):
        value.names[name] = new
    elif isinstance(value, Library | UnknownValue | BoundMethod | Partial | Native) or type(value) in FOREIGN:
        return  # what is set in a library is not looked at
    else:
        raise AttributeError(f"'{type_name(value)}' object has no attribute '{name}'")


def delete_attribute(interpreter: Evaluator, value: Value, name: str) -> None:
    """``del value.name``. Raises AttributeError."""
    if isinstance(value, Instance):
        value.drop(name)
    elif isinstance(value, Class):
        value.namespace.pop(name, None)
