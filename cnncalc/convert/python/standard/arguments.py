"""argparse: the defaults of a script's arguments, which nobody gives here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..faults import Raised
from ..values import Class, Instance, Native, Value
from .builtin_classes import CLASSES

if TYPE_CHECKING:
    from ..interpreter import Evaluator

#: What an argument is where its action says so.
_ACTIONS = {"store_true": False, "store_false": True}


def _add(interpreter: Evaluator, parser: Instance, /, *names: Value, **options: Value) -> Value:
    """``parser.add_argument(…)``."""
    long = [name for name in names if isinstance(name, str) and name[:2] == "--"]
    dest = options.get("dest") or next(iter([*long, *names]), "")
    if not isinstance(dest, str):
        return None
    value = options.get("default", _ACTIONS.get(str(options.get("action"))))
    kind = options.get("type")
    if isinstance(value, str) and isinstance(kind, Class | Native):
        try:
            value = interpreter.guarded(interpreter.call, kind, [value])
        except Raised:
            value = interpreter.unknown(f"the argument '{dest}'")
    needed = not long and not dest.startswith("-") and "default" not in options
    if (options.get("required") is True or needed) and "default" not in options:
        value = interpreter.unknown(f"the argument '{dest}'")
    parser.data[dest.lstrip("-").replace("-", "_")] = value
    return None


def _parse(interpreter: Evaluator, parser: Instance, /, *_: Value, **__: Value) -> Value:
    """``parser.parse_args()``, without any arguments."""
    instance = Instance(CLASSES["SimpleNamespace"])
    instance.attributes.update(parser.data)
    instance.attributes.update(
        (name, value) for name, value in interpreter.settings.items() if name in parser.data
    )  # what is given from outside
    return instance


def _parse_known(interpreter: Evaluator, parser: Instance, /, *_: Value, **__: Value) -> Value:
    return _parse(interpreter, parser), []


def _set_defaults(interpreter: Evaluator, parser: Instance, /, **values: Value) -> None:
    parser.data.update(values)


def _group(interpreter: Evaluator, parser: Instance, /, *_: Value, **__: Value) -> Value:
    return parser


def _make(interpreter: Evaluator, cls: Class, /, *_: Value, **__: Value) -> Value:
    return Instance(cls, {})


def argparse_names() -> dict[str, Value]:
    """The names of argparse."""
    methods = {
        "add_argument": _add, "parse_args": _parse, "parse_known_args": _parse_known, "set_defaults": _set_defaults,
        "add_argument_group": _group, "add_mutually_exclusive_group": _group,
    }  # fmt: skip
    parser = Class("ArgumentParser", (CLASSES["object"],), None, _make)
    parser.namespace.update({name: Native(name, function) for name, function in methods.items()})
    return {"ArgumentParser": parser, "Namespace": CLASSES["SimpleNamespace"]}
