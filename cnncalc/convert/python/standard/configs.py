"""Dictionaries whose items are attributes, too, in which models keep their settings: EasyDict, Munch, ConfigDict."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..values import Class, Instance, Native, Value
from .builtin_classes import CLASSES

if TYPE_CHECKING:
    from ..interpreter import Evaluator


class ConfigInstance(Instance):
    """An instance of such a class: what is set is an item."""

    __slots__ = ()

    def own(self, name: str) -> tuple[Value] | None:
        return (self.data[name],) if name in self.data else None

    def put(self, interpreter: Evaluator, name: str, value: Value) -> None:
        self.data[name] = _nested(self.cls, value)

    def drop(self, name: str) -> None:
        if name not in self.data:
            raise AttributeError(name)
        del self.data[name]

    def copied(self, part: Callable[[Value], Value], known: dict[int, Value]) -> Instance:
        instance = known[id(self)] = ConfigInstance(self.cls)
        instance.data = part(self.data)
        return instance


def _nested(cls: Class, value: Value) -> Value:
    """A value as such a dictionary keeps it: dictionaries in it are of its class."""
    if type(value) is dict:
        return ConfigInstance(cls, {key: _nested(cls, one) for key, one in value.items()})
    if type(value) in (list, tuple):
        return type(value)([_nested(cls, one) for one in value])
    return value


def _made(interpreter: Evaluator, cls: Class, /, given: Value = None, **items: Value) -> Value:
    made = CLASSES["dict"].make(interpreter, CLASSES["dict"], *([] if given is None else [given]))  # type: ignore[misc]
    return _nested(cls, {**made, **items})


def _plain(interpreter: Evaluator, config: Value) -> Value:
    """A dictionary of such a one, and all in it."""
    if isinstance(config, ConfigInstance):
        return {key: _plain(interpreter, value) for key, value in config.data.items()}
    return type(config)([_plain(interpreter, one) for one in config]) if type(config) in (list, tuple) else config


def config_names(name: str) -> dict[str, Value]:
    """The names of a module that has such a class."""
    plain = Native("to_dict", _plain)
    cls = Class(name, (CLASSES["dict"],), {"to_dict": plain, "toDict": plain}, _made)
    return {name: cls, "munchify": Native("munchify", lambda at, value: _nested(cls, value)), "unmunchify": plain}
