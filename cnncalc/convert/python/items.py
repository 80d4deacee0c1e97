"""What stands in brackets behind a value: read, put, taken away."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .interpreter import MAX_ITEMS
from .operators import FOREIGN, type_name
from .standard.bounds import weigh
from .standard.unknown_items import UnknownSlice, changing, check_items, forget_items, unknown_items
from .values import BoundMethod, Class, CodeFunction, Instance, Library, Native, UnknownReached, UnknownValue, Value

if TYPE_CHECKING:
    from .interpreter import Evaluator


class DefaultDict(dict[Value, Value]):
    """``collections.defaultdict``: a dict, and what makes a missing value."""

    factory: Value = None


def item(interpreter: Evaluator, value: Value, index: Value) -> Value:
    """What ``value[index]`` gives. Raises what the host raises, UnknownReached; Raised, Stop."""
    if isinstance(value, UnknownValue):
        return value
    if isinstance(value, list | tuple | str | range | bytes):
        check_items(value)
        return value[_index(interpreter, index)]
    if isinstance(value, dict):
        return _of_dict(interpreter, value, index)
    if type(value) in FOREIGN:
        return FOREIGN[type(value)].item(interpreter, value, index)
    if isinstance(value, Instance):
        if value.cls.finds("__getitem__") is not None:
            return interpreter.call(interpreter.attribute(value, "__getitem__"), [index])
        if value.data is not None and value.cls.trait("enum") is None:
            return _of_data(interpreter, value, index)
    if isinstance(value, Class):
        return _of_class(interpreter, value, index)
    if isinstance(value, Native | BoundMethod | CodeFunction) and isinstance(index, int | slice):
        raise _not_called(interpreter, value)
    if isinstance(value, Library | Native | CodeFunction) or hasattr(value, "__getitem__"):
        if hasattr(value, "__getitem__"):
            return value[_index(interpreter, index)]
        return value  # Optional[int], Callable[…]: what annotations write is not looked into
    raise TypeError(f"'{type_name(value)}' object is not subscriptable")


def _not_called(interpreter: Evaluator, value: Value) -> TypeError:
    """``x.size[0]``, where x.size is a function."""
    name = value.name if isinstance(value, Native) else "this"
    error = TypeError(f"{name} is a function, and is not subscriptable")
    place = interpreter.here()
    node = place.node if place is not None else None
    if isinstance(node, ast.Subscript):
        error.add_note(f"call it: {ast.unparse(node.value)}({ast.unparse(node.slice)})")
    return error


def _index(interpreter: Evaluator, index: Value) -> Value:
    """An index as the host takes it."""
    if type(index) is int:
        return index
    if isinstance(index, UnknownValue):
        raise UnknownReached(index)
    if isinstance(index, Instance) and isinstance(index.data, int):
        return index.data
    if isinstance(index, Instance) and index.cls.finds("__index__") is not None:
        return interpreter.call(interpreter.attribute(index, "__index__"))
    if type(index) in FOREIGN:
        return FOREIGN[type(index)].unary(interpreter, index, "index")
    if isinstance(index, slice):
        parts = [None if one is None else _index(interpreter, one) for one in (index.start, index.stop, index.step)]
        return slice(*parts)
    return index


def _of_dict(interpreter: Evaluator, value: dict[Value, Value], key: Value) -> Value:
    weigh(interpreter, key)
    if isinstance(value, DefaultDict) and value.factory is not None:
        if changing(value, value.__contains__, key):
            return value[key]
        check_items(value)
        value[key] = interpreter.call(value.factory)
    elif key not in value:
        check_items(value)
    return value[key]


def _of_data(interpreter: Evaluator, value: Instance, index: Value) -> Value:
    data = value.data
    if isinstance(data, dict) and index not in data and value.cls.finds("__missing__") is not None:
        check_items(data)
        return interpreter.call(interpreter.attribute(value, "__missing__"), [index])
    return item(interpreter, data, index)


def _of_class(interpreter: Evaluator, cls: Class, index: Value) -> Value:
    members = cls.trait("enum")
    if members is not None:
        return members[index]
    method = cls.finds("__class_getitem__")
    return cls if method is None else interpreter.call(interpreter.attribute(cls, "__class_getitem__"), [index])


def put(interpreter: Evaluator, container: dict[Value, Value], key: Value, value: Value) -> None:
    """Puts a value into a dict, of which nothing is known any more where the key is not. Raises TypeError; Stop."""
    try:
        weigh(interpreter, key)
        container[key] = value
    except UnknownReached as reached:
        forget_items(container, reached.value)


def store(interpreter: Evaluator, container: Value, index: Value, value: Value) -> None:
    """``container[index] = value``. Raises what the host raises, UnknownReached; Raised, Stop."""
    if isinstance(container, UnknownValue):
        return
    if isinstance(container, Instance):
        if container.cls.finds("__setitem__") is not None:
            interpreter.call(interpreter.attribute(container, "__setitem__"), [index, value])
            return
        container = container.data
    if isinstance(container, dict):
        put(interpreter, container, index, value)
    elif isinstance(container, list):
        if unknown_items(container) is None:
            _store_in_list(interpreter, container, index, value)
    elif type(container) not in FOREIGN:  # what is written into a tensor changes no shape
        raise TypeError(f"'{type_name(container)}' object does not support item assignment")


def _store_in_list(interpreter: Evaluator, container: list[Value], index: Value, value: Value) -> None:
    if isinstance(index, UnknownValue) and type(index) is not UnknownSlice:  # one of its items, and it is as long
        container[:] = [index] * len(container)
        return
    if isinstance(index, slice | UnknownSlice):
        value = changing(container, interpreter.listed, value)
        if len(container) + len(value) > MAX_ITEMS:
            raise ValueError("this makes a list larger than any model's")
    container[changing(container, _index, interpreter, index)] = value


def remove(interpreter: Evaluator, container: Value, index: Value) -> None:
    """``del container[index]``. Raises what the host raises, UnknownReached; Raised, Stop."""
    if isinstance(container, UnknownValue):
        return
    if isinstance(container, Instance):
        if container.cls.finds("__delitem__") is not None:
            interpreter.call(interpreter.attribute(container, "__delitem__"), [index])
            return
        container = container.data
    if not isinstance(container, list | dict):
        raise TypeError(f"'{type_name(container)}' object doesn't support item deletion")
    if isinstance(container, dict):
        weigh(interpreter, index)
        if changing(container, container.__contains__, index) or unknown_items(container) is None:
            del container[index]
    elif unknown_items(container) is None:
        del container[changing(container, _index, interpreter, index)]
