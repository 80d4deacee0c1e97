"""The names of typing: what a value has to be, where code asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..values import (
    BoundMethod,
    Class,
    CodeFunction,
    Instance,
    Native,
    Partial,
    Value,
)
from .builtin_classes import CLASSES
from .tools import (
    natives,
    unchanged,
)

#: Names that stand for any value.
_NAMES = (
    "Any Union Optional Callable List Dict Tuple Set Sequence Mapping Iterable Iterator Type Literal Final "
    "ClassVar Generator FrozenSet MutableMapping Collection Hashable Sized TypeAlias Annotated Concatenate Self "
    "Never NoReturn DefaultDict Deque AnyStr Text Awaitable Coroutine AsyncIterator SupportsFloat SupportsInt "
    "SupportsIndex ForwardRef Required NotRequired Unpack LiteralString ContextManager KeysView ValuesView "
    "ItemsView"
).split()
#: What some of them accept, where code asks by isinstance.
_ACCEPTS: dict[str, Callable[[Any], bool]] = {
    "Sequence": lambda value: isinstance(value, list | tuple | str | range),
    "Iterable": lambda value: (
        isinstance(value, list | tuple | str | range | dict | set | Iterator)
        or (isinstance(value, Instance) and (value.cls.finds("__iter__") is not None or value.data is not None))
    ),
    "Mapping": lambda value: isinstance(value, dict) or isinstance(getattr(value, "data", None), dict),
    "Callable": lambda value: (
        isinstance(value, CodeFunction | Native | BoundMethod | Partial | Class)
        or (isinstance(value, Instance) and value.cls.finds("__call__") is not None)
    ),
    "List": lambda value: isinstance(value, list),
    "Tuple": lambda value: isinstance(value, tuple),
    "Dict": lambda value: isinstance(value, dict),
    "Iterator": lambda value: isinstance(value, Iterator),
    "Hashable": lambda value: not isinstance(value, list | dict | set),
    "Sized": lambda value: hasattr(value, "__len__"),
}
_ACCEPTS |= {
    "MutableMapping": _ACCEPTS["Mapping"], "Collection": _ACCEPTS["Iterable"],
    "MutableSequence": _ACCEPTS["List"],
}  # fmt: skip


def typing_names() -> dict[str, Value]:
    """The names of typing and of collections.abc."""
    found: dict[str, Value] = {name: Class(name, (CLASSES["object"],)) for name in _NAMES}
    for name, accepted in _ACCEPTS.items():
        found.setdefault(name, Class(name, (CLASSES["object"],))).traits["accepts"] = accepted
    for name in ("Generic", "Protocol", "TypedDict"):
        found[name] = Class(name, (CLASSES["dict" if name == "TypedDict" else "object"],))
    found["NamedTuple"] = CLASSES["NamedTuple"]
    found["TYPE_CHECKING"] = False
    found |= natives(
        cast=lambda at, kind, value: value,
        overload=unchanged,
        final=unchanged,
        runtime_checkable=unchanged,
        no_type_check=unchanged,
        TypeVar=lambda at, /, name, *_, **__: CLASSES["object"],
        NewType=lambda at, name, kind: kind,
        ParamSpec=lambda at, /, *_, **__: CLASSES["object"],
        get_type_hints=lambda at, /, *_, **__: {},
        get_args=lambda at, *_: (),
        get_origin=lambda at, *_: None,
        assert_never=lambda at, *_: None,
        override=unchanged,
        TypeVarTuple=lambda at, /, *_, **__: CLASSES["object"],
        deprecated=unchanged,
    )
    return found
