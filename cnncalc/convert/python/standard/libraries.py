"""Modules of Python's own library, as far as models use them: each a table of names. All others are opaque."""

from __future__ import annotations

import ast
import collections
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..fields import DataField, dataclass, fields_of, named_tuple
from ..interpreter import MAX_BITS
from ..operators import binary
from ..values import (
    BoundMethod,
    Class,
    CodeFunction,
    Instance,
    Library,
    Native,
    Property,
    UnknownReached,
    UnknownValue,
    Value,
)
from . import regular
from .arguments import argparse_names
from .builtin_classes import CLASSES
from .builtins import BUILTINS
from .configs import config_names
from .numbers import plain_number
from .tools import functools_names, itertools_names, natives, operator_names, unchanged
from .typing_names import typing_names

if TYPE_CHECKING:
    from ..interpreter import Evaluator


# --- math -------------------------------------------------------------------------------------------


def _pure(name: str) -> Native:
    function = getattr(math, name)

    def called(interpreter: Evaluator, /, *args: Value, **kwargs: Value) -> Value:
        values = [plain_number(arg) for arg in args]
        if any(isinstance(value, int) and value.bit_length() > MAX_BITS // 10 for value in values):
            raise OverflowError("so large a number is none of a model's")
        return function(*values, **kwargs)

    return Native(name, called)


def _prod(interpreter: Evaluator, values: Value, *, start: Value = 1) -> Value:
    total = start
    for item in interpreter.items(values):
        total = binary(interpreter, ast.Mult, total, item)
    return total


def _small(name: str) -> Callable[..., Value]:
    def called(interpreter: Evaluator, *args: int) -> int:
        if any(one > 500 for one in map(plain_number, args)):
            raise OverflowError("so large a number is none of a model's")
        found: int = getattr(math, name)(*map(plain_number, args))
        return found

    return called


_MATH = {
    **{
        name: _pure(name)
        for name in (
            "acos asin atan atan2 ceil cos cosh degrees erf exp expm1 fabs floor fmod gcd hypot isfinite isinf isnan "
            "isqrt lcm log log10 log1p log2 pow radians sin sinh sqrt tan tanh trunc copysign isclose ldexp frexp modf"
        ).split()
    },
    "pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "tau": math.tau,
    **natives(prod=_prod, factorial=_small("factorial"), comb=_small("comb"), perm=_small("perm"),
              fsum=lambda at, values: math.fsum(at.items(values))),
}  # fmt: skip


# --- functools, itertools, operator -----------------------------------------------------------------


# --- copy, dataclasses, typing, … -------------------------------------------------------------------


def copied(interpreter: Evaluator, value: Value, deep: bool, known: dict[int, Value] | None = None) -> Value:
    """A copy of a value, with copies of all that is in it where it is `deep`. Raises Raised, Stop."""
    known = {} if known is None else known
    if id(value) in known:
        return known[id(value)]
    interpreter.step()
    if isinstance(value, dict):
        found: Value = type(value)()
        if hasattr(value, "factory"):
            found.factory = value.factory
        known[id(value)] = found
        for key, one in value.items():
            found[key] = copied(interpreter, one, True, known) if deep else one
    elif isinstance(value, list):
        found = known[id(value)] = []
        found += [copied(interpreter, one, True, known) if deep else one for one in value]
    elif isinstance(value, tuple | set | frozenset | collections.deque):
        found = type(value)([copied(interpreter, one, True, known) if deep else one for one in value])
        known[id(value)] = found
    elif isinstance(value, Instance) and value.cls.trait("enum") is None:
        found = value.copied(lambda one: copied(interpreter, one, True, known) if deep else one, known)
    else:
        copy = interpreter.kept.get("copy")
        found = copy(value, known) if copy is not None and deep else value
    return found


def _field(interpreter: Evaluator, /, *, default: Value = Ellipsis, default_factory: Value = None, init: Value = True,
           kw_only: Value = False, **_: Value) -> Value:  # fmt: skip
    field = DataField("", default is not Ellipsis, None if default is Ellipsis else default, default_factory)
    field.init, field.keyword = init is not False, kw_only is True
    return Instance(CLASSES["object"], field)


def _asdict(interpreter: Evaluator, value: Instance) -> Value:
    return {
        field.name: _asdict(interpreter, one) if isinstance(one, Instance) and one.cls.trait("fields") else one
        for field in value.cls.trait("fields") or ()
        for one in (value.attributes.get(field.name),)
    }


def _replaced(interpreter: Evaluator, value: Instance, /, **changes: Value) -> Value:
    names = [field.name for field in value.cls.trait("fields") or () if field.init]
    return interpreter.call(value.cls, [], {name: value.attributes.get(name) for name in names} | changes)


def _is_dataclass(interpreter: Evaluator, value: Value) -> bool:
    cls = value if isinstance(value, Class) else getattr(value, "cls", None)
    return isinstance(cls, Class) and cls.trait("fields") is not None


def _fields(interpreter: Evaluator, value: Value) -> Value:
    cls = value if isinstance(value, Class) else value.cls
    found = []
    for field in cls.trait("fields") or fields_of(cls):
        instance = Instance(CLASSES["object"])
        instance.attributes.update(name=field.name, default=field.default, type=UnknownValue("a type"))
        found.append(instance)
    return tuple(found)


def _nothing(interpreter: Evaluator, /, *_: Value, **__: Value) -> None:
    return None


def _abstract(interpreter: Evaluator, function: Value) -> Value:
    return function


def _path_join(interpreter: Evaluator, *parts: Value) -> Value:
    for part in parts:
        if isinstance(part, UnknownValue):
            raise UnknownReached(part)
    return "/".join(parts)


def _signature(interpreter: Evaluator, function: Value) -> Value:
    """``inspect.signature``: the names, kinds and defaults of a function's arguments."""
    skip = 0
    if isinstance(function, Class):
        function, skip = function.finds("__init__"), 1
    elif isinstance(function, BoundMethod):
        function, skip = function.function, 1
    while isinstance(function, CodeFunction) and "__wrapped__" in function.attributes:
        function = function.attributes["__wrapped__"]
    if not isinstance(function, CodeFunction):
        return interpreter.unknown("the arguments of a function")
    arguments = function.node.args
    plain = [(posonlyarg.arg, 0) for posonlyarg in arguments.posonlyargs] + [(arg.arg, 1) for arg in arguments.args]
    first = len(plain) - len(function.defaults)
    defaults = {plain[first + at][0]: value for at, value in enumerate(function.defaults)} | function.keyword_defaults
    rest = [(arguments.vararg.arg, 2)] if arguments.vararg else []
    rest += [(kwonlyarg.arg, 3) for kwonlyarg in arguments.kwonlyargs]
    rest += [(arguments.kwarg.arg, 4)] if arguments.kwarg else []
    instance = Instance(CLASSES["object"])
    instance.attributes["parameters"] = {
        name: _parameter(name, kind, defaults.get(name, _PARAMETER.namespace["empty"]))
        for name, kind in [*plain, *rest][skip:]
    }
    return instance


_KINDS = "POSITIONAL_ONLY POSITIONAL_OR_KEYWORD VAR_POSITIONAL KEYWORD_ONLY VAR_KEYWORD".split()
_PARAMETER = Class("Parameter", (CLASSES["object"],), {"empty": Class("_empty", (CLASSES["object"],)), **{
    name: number for number, name in enumerate(_KINDS)}})  # fmt: skip


def _parameter(name: str, kind: int, default: Value) -> Instance:
    instance = Instance(_PARAMETER)
    instance.attributes.update(name=name, kind=kind, default=default, annotation=_PARAMETER.namespace["empty"])
    return instance


def _collections() -> dict[str, Value]:
    names = ("OrderedDict", "defaultdict", "Counter", "deque")
    abc = {name: value for name, value in typing_names().items() if isinstance(value, Class)}
    return {
        **{name: CLASSES[name] for name in names},
        **natives(namedtuple=named_tuple),
        "abc": Library("collections.abc", abc),
        "UserDict": CLASSES["dict"],
        "UserList": CLASSES["list"],
        **{name: abc[name] for name in ("Iterable", "Sequence", "Mapping", "Callable")},
    }


def _enum() -> dict[str, Value]:
    names = ("Enum", "IntEnum", "Flag", "IntFlag", "StrEnum", "auto")
    return {**{name: CLASSES[name] for name in names}, **natives(unique=unchanged), "EnumMeta": CLASSES["type"]}


LIBRARIES: dict[str, Callable[[], dict[str, Value]]] = {
    "math": lambda: _MATH,
    "argparse": argparse_names,
    "functools": functools_names,
    "itertools": itertools_names,
    "operator": operator_names,
    "collections": _collections,
    "collections.abc": typing_names,
    "typing": typing_names,
    "typing_extensions": typing_names,
    "types": lambda: {
        "SimpleNamespace": CLASSES["SimpleNamespace"],
        "FunctionType": CLASSES["function"],
        "MethodType": CLASSES["function"],
        "NoneType": CLASSES["NoneType"],
        "LambdaType": CLASSES["function"],
        "ModuleType": Class("module"),
    },
    "easydict": lambda: config_names("EasyDict"),
    "munch": lambda: config_names("Munch"),
    "ml_collections": lambda: config_names("ConfigDict"),
    "ml_collections.config_dict": lambda: config_names("ConfigDict"),
    "copy": lambda: natives(
        copy=lambda at, value: copied(at, value, False), deepcopy=lambda at, value, *_: copied(at, value, True)
    ),
    "dataclasses": lambda: natives(
        dataclass=dataclass, field=_field, asdict=_asdict, replace=_replaced, fields=_fields, is_dataclass=_is_dataclass
    ),
    "enum": _enum,
    "abc": lambda: {
        **natives(abstractmethod=_abstract, abstractproperty=lambda at, one: Property(one)),
        "ABC": Class("ABC", (CLASSES["object"],)),
        "ABCMeta": CLASSES["type"],
    },
    "numbers": lambda: {
        "Number": _numbers("Number", int | float),
        "Integral": _numbers("Integral", int),
        "Real": _numbers("Real", int | float),
    },
    "warnings": lambda: natives(warn=_nothing, filterwarnings=_nothing, simplefilter=_nothing),
    "inspect": lambda: {
        "Parameter": _PARAMETER,
        **natives(
            signature=_signature,
            isclass=lambda at, value: isinstance(value, Class),
            isfunction=lambda at, value: isinstance(value, CodeFunction),
        ),
    },
    "os": lambda: {"environ": {}, "sep": "/", **natives(getenv=lambda at, name, default=None: default)},
    "os.path": lambda: natives(join=_path_join, expanduser=lambda at, path: path, abspath=lambda at, path: path),
    "re": regular.names,
    "__future__": lambda: dict.fromkeys(
        ("annotations", "division", "print_function", "absolute_import", "unicode_literals", "generators"), True
    ),
    "builtins": lambda: BUILTINS,
    "string": lambda: {"ascii_lowercase": "abcdefghijklmnopqrstuvwxyz", "digits": "0123456789"},
    "six": lambda: {"moves": Library("six.moves", {"range": BUILTINS["range"], "zip": BUILTINS["zip"]})},
}


def _numbers(name: str, kinds: Any) -> Class:
    cls = Class(name, (CLASSES["object"],))
    cls.traits["accepts"] = lambda value: isinstance(value, kinds)
    return cls
