"""The functions of Python itself."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ..classes import is_instance
from ..faults import Stop, Undecided
from ..operators import FOREIGN, binary, type_name
from ..values import (
    BoundMethod,
    Class,
    CodeFunction,
    Instance,
    Library,
    Native,
    Partial,
    UnknownReached,
    UnknownValue,
    Value,
)
from .builtin_classes import CLASSES
from .numbers import as_float, as_index, plain_number
from .ordering import all_of, any_of, backwards, extreme, in_order, total
from .texts import formatted, told
from .unknown_items import check_items

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def _len(interpreter: Evaluator, value: Value) -> Value:
    if isinstance(value, Instance) and value.cls.finds("__len__") is not None:
        return interpreter.call(interpreter.attribute(value, "__len__"))
    if type(value) in FOREIGN:
        return FOREIGN[type(value)].unary(interpreter, value, "len")
    if isinstance(value, Class) and value.trait("enum") is not None:
        return len(set(value.trait("enum").values()))
    check_items(value)
    value = value.data if isinstance(value, Instance) else value
    if not hasattr(value, "__len__"):
        raise TypeError(f"object of type '{type_name(value)}' has no len()")
    return len(value)


def _isinstance(interpreter: Evaluator, value: Value, kinds: Value) -> bool:
    return is_instance(interpreter, value, kinds)


def _issubclass(interpreter: Evaluator, cls: Value, kinds: Value) -> bool:
    if isinstance(cls, UnknownValue):
        raise UnknownReached(cls)
    if not isinstance(cls, Class):
        raise TypeError("issubclass() arg 1 must be a class")
    kinds = kinds if isinstance(kinds, tuple) else (kinds,)
    return any(isinstance(kind, Class) and cls.is_a(kind) for kind in kinds)


def _getattr(interpreter: Evaluator, value: Value, name: Value, *default: Value) -> Value:
    if isinstance(name, UnknownValue):
        return name
    if not isinstance(name, str):
        raise TypeError("attribute name must be string")
    if default and not interpreter.has(value, name):
        return default[0]
    return interpreter.attribute(value, name)


def _hasattr(interpreter: Evaluator, value: Value, name: Value) -> bool:
    if isinstance(value, UnknownValue):
        raise UnknownReached(value)
    return interpreter.has(value, name)


def _setattr(interpreter: Evaluator, value: Value, name: Value, new: Value) -> None:
    from ..attributes import set_attribute

    if isinstance(name, UnknownValue):
        raise Undecided("which attribute is set here", name, interpreter.here())
    if not isinstance(name, str):
        raise TypeError("attribute name must be string")
    set_attribute(interpreter, value, name, new)


def _delattr(interpreter: Evaluator, value: Value, name: Value) -> None:
    from ..attributes import delete_attribute

    if isinstance(name, UnknownValue):
        raise Undecided("which attribute is deleted here", name, interpreter.here())
    delete_attribute(interpreter, value, name)


def _enumerate(interpreter: Evaluator, iterable: Value, start: int = 0) -> Iterator[Value]:
    return enumerate(interpreter.items(iterable), start)


def _zip(interpreter: Evaluator, *values: Value, strict: bool = False) -> Iterator[Value]:
    return zip(*[interpreter.items(value) for value in values], strict=bool(strict))


def _map(interpreter: Evaluator, function: Value, *values: Value) -> Iterator[Value]:
    rows = zip(*[interpreter.items(value) for value in values], strict=False)
    return iter([interpreter.call(function, row) for row in rows])


def _filter(interpreter: Evaluator, function: Value, values: Value) -> Iterator[Value]:
    kept = []
    for item in interpreter.items(values):
        if interpreter.truth(item if function is None else interpreter.call(function, [item]), "what is kept here"):
            kept.append(item)
    return iter(kept)


def _round(interpreter: Evaluator, number: Value, ndigits: Value = None) -> Value:
    number = plain_number(number)
    if type(number) in FOREIGN:
        number = as_float(interpreter, number)
    if isinstance(number, int) and ndigits is not None and abs(ndigits) > 400:
        raise ValueError("so many digits are none of a model's")
    return round(number) if ndigits is None else round(number, ndigits)


def _abs(interpreter: Evaluator, value: Value) -> Value:
    if isinstance(value, Instance) and value.cls.finds("__abs__") is not None:
        return interpreter.call(interpreter.attribute(value, "__abs__"))
    value = plain_number(value)
    return FOREIGN[type(value)].unary(interpreter, value, "abs") if type(value) in FOREIGN else abs(value)


def _pow(interpreter: Evaluator, base: Value, exp: Value, mod: Value = None) -> Value:
    return binary(interpreter, ast.Pow, base, exp) if mod is None else pow(base, exp, mod)


def _divmod(interpreter: Evaluator, one: Value, other: Value) -> Value:
    return binary(interpreter, ast.FloorDiv, one, other), binary(interpreter, ast.Mod, one, other)


def _next(interpreter: Evaluator, values: Value, *default: Value) -> Value:
    if isinstance(values, Instance):
        return interpreter.call(interpreter.attribute(values, "__next__"))
    if isinstance(values, UnknownValue):
        return values
    if not hasattr(values, "__next__"):
        raise TypeError(f"'{type_name(values)}' object is not an iterator")
    interpreter.step()
    return next(values, *default)


def _iter(interpreter: Evaluator, values: Value, *_: Value) -> Value:
    if isinstance(values, Instance) and values.cls.finds("__iter__") is not None:
        return interpreter.call(interpreter.attribute(values, "__iter__"))
    return values if hasattr(values, "__next__") else iter(interpreter.items(values))


def _callable(interpreter: Evaluator, value: Value) -> Value:
    if isinstance(value, UnknownValue):
        raise UnknownReached(value)
    if isinstance(value, Instance):
        return value.cls.finds("__call__") is not None
    return isinstance(value, CodeFunction | Native | BoundMethod | Partial | Class)


def _id(interpreter: Evaluator, value: Value) -> Value:
    return interpreter.unknown("an address")


def _vars(interpreter: Evaluator, value: Value = None) -> Value:
    return value.attributes if isinstance(value, Instance) else interpreter.unknown("the names here")


def _locals(interpreter: Evaluator) -> Value:
    return dict(interpreter.calls[-1][0].names) if interpreter.calls else interpreter.unknown("the names here")


def _globals(interpreter: Evaluator) -> Value:
    from ..expressions import settled

    if not interpreter.calls:
        return interpreter.unknown("the names of the module")
    names = interpreter.calls[-1][0].module.names
    return {key: settled(interpreter, value) for key, value in list(names.items())}


def _dir(interpreter: Evaluator, value: Value = None) -> Value:
    if isinstance(value, Instance):
        return sorted({*value.attributes, *[name for cls in value.cls.mro for name in cls.namespace]})
    if isinstance(value, Class):
        return sorted({name for cls in value.mro for name in cls.namespace})
    if isinstance(value, Library):
        return sorted(value.names)
    return interpreter.unknown("the names of a value")


def _not_run(name: str) -> Callable[..., Value]:
    def stopped(interpreter: Evaluator, /, *_: Value, **__: Value) -> Value:
        raise Stop(
            f"{name}(…) runs code that stands in no file: it is not followed", interpreter.here(),
            "write the code itself", "python-not-read",
        )  # fmt: skip

    return stopped


def _opaque(name: str) -> Native:
    return Native(name, lambda interpreter, /, *_, **__: interpreter.unknown(f"what {name}(…) gives"))


def _nothing(interpreter: Evaluator, /, *_: Value, **__: Value) -> None:
    return None


def _repr(interpreter: Evaluator, value: Value) -> str:
    return told(interpreter, value)


def _format(interpreter: Evaluator, value: Value, form: Value = "") -> str:
    return formatted(interpreter, value, form)


def _chr(interpreter: Evaluator, value: Value) -> Value:
    return chr(as_index(interpreter, value))


def _hash(interpreter: Evaluator, value: Value) -> Value:
    if isinstance(value, int):
        return hash(value)
    return interpreter.unknown("a hash")


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": _len, "isinstance": _isinstance, "issubclass": _issubclass, "getattr": _getattr, "hasattr": _hasattr,
    "setattr": _setattr, "delattr": _delattr, "enumerate": _enumerate, "zip": _zip, "map": _map, "filter": _filter,
    "sum": total, "max": extreme(ast.Gt), "min": extreme(ast.Lt), "sorted": in_order, "any": any_of, "all": all_of,
    "reversed": backwards, "round": _round, "abs": _abs, "pow": _pow, "divmod": _divmod, "next": _next, "iter": _iter,
    "callable": _callable, "id": _id, "vars": _vars, "locals": _locals, "globals": _globals, "dir": _dir,
    "print": _nothing, "repr": _repr, "ascii": _repr, "format": _format, "chr": _chr,
    "ord": lambda _, text: ord(text), "hash": _hash, "bin": lambda at, value: bin(as_index(at, value)),
    "hex": lambda at, value: hex(as_index(at, value)), "oct": lambda at, value: oct(as_index(at, value)),
    "eval": _not_run("eval"), "exec": _not_run("exec"), "compile": _not_run("compile"),
    "__import__": _not_run("__import__"), "breakpoint": _nothing, "exit": _nothing, "quit": _nothing,
}  # fmt: skip
BUILTINS: dict[str, Value] = {
    **CLASSES, **{name: Native(name, function) for name, function in _FUNCTIONS.items()},
    "open": _opaque("open"), "input": _opaque("input"), "bytearray": _opaque("bytearray"),
    "memoryview": _opaque("memoryview"), "NotImplemented": NotImplemented, "Ellipsis": ..., "__debug__": True,
}  # fmt: skip
for _name in ("OrderedDict", "defaultdict", "Counter", "deque", "NamedTuple", "Enum", "IntEnum", "Flag", "IntFlag",
              "StrEnum", "auto", "SimpleNamespace", "NoneType", "function", "ellipsis"):  # fmt: skip
    del BUILTINS[_name]
