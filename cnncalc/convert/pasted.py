"""Calls pasted from Python code: the line to write instead, for PyTorch and Keras. Nothing is run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from math import isfinite
from typing import Any

from ..layers import Layer
from ..layers.pool import VARIANTS
from ..spec.rows import read_content
from ..spec.words import Fault
from .lookup import calls, lookup
from .signatures import THEN, Parameter

_MAX_LENGTH = 1000
_MAX_ADVICE = 200
#: Forms of values that are left out of the line.
_UNREAD = frozenset(("one", "axes", "last", "first"))
_KERAS_KEYS = frozenset(("filters", "pool_size", "strides", "dilation_rate", "use_bias", "units", "activation", "rate"))


def translate(text: str) -> str | None:
    """The line of the language for the Python call `text`; None where it is not understood."""
    if len(text) > _MAX_LENGTH:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on pasted code are none of the reader's business
            call = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(call, ast.Call):
        return None
    if isinstance(call.func, ast.Call):  # layers.Conv2D(…)(x)
        call = call.func
    name = _name(call.func)
    if name in ("add", "append") and len(call.args) == 1 and isinstance(call.args[0], ast.Call):  # model.add(…)
        call = call.args[0]
        name = _name(call.func)
    found = lookup(name)
    line = None if found is None else _line(found[0], name, text.partition("(")[0], call)
    return line if line and _reads(line) else None


def _reads(line: str) -> bool:
    """Whether `line` is one of the language, and short enough to be advice."""
    if len(line) > _MAX_ADVICE or not line.isprintable():
        return False
    try:
        read_content(line)
    except Fault:
        return False
    return True


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _line(cls: type[Layer], name: str, written: str, call: ast.Call) -> str | None:
    values: dict[str, str] = {}
    after = ""
    meant = _meant(cls, name, written, call)
    by_key = ((_keyed(cls, keyword.arg or "", meant), keyword.value) for keyword in call.keywords)
    for parameter, node in (*zip(meant, call.args, strict=False), *by_key):
        if parameter.word == THEN and isinstance(node, ast.Constant) and isinstance(node.value, str):
            after = f" | {node.value}"
        elif parameter.ours in cls.sorts and parameter.form not in _UNREAD:
            before = f"{values[parameter.ours]}x" if parameter.form == "width" and parameter.ours in values else ""
            values[parameter.ours] = before + _value(node)
    if "…" in values.values():
        return None
    return _spelled(cls, values) + after


def _meant(cls: type[Layer], name: str, written: str, call: ast.Call) -> Sequence[Parameter]:
    """The parameters that the arguments are meant for: those of the language where the name is one of its own."""
    own = [Parameter(arg.name, arg.name) for arg in cls.args]
    if name in (cls.kind, *cls.aliases) and "." not in written:
        return own
    row = next((row for row, variant in VARIANTS.items() if variant is cls), cls.kind)
    keras = "layers" in written or any(keyword.arg in _KERAS_KEYS for keyword in call.keywords)
    frameworks = ("keras", "torch") if keras else ("torch", "keras")
    found = [one for framework in frameworks for one in calls(row, framework) if one.reads]
    exact = (one.parameters for one in found if name in one.names)
    return next(exact, found[0].parameters if found else own)


def _keyed(cls: type[Layer], key: str, meant: Sequence[Parameter]) -> Parameter:
    """The parameter of that key: of the call itself, of any call of the kind, or of the language."""
    others = (one.parameters for framework in ("torch", "keras") for one in calls(cls.kind, framework))
    known = (parameter for parameters in (meant, *others) for parameter in parameters)
    return next((one for one in known if one.name == key), Parameter(key, cls.keys.get(key)))


def _spelled(cls: type[Layer], values: dict[str, str]) -> str:
    words = [cls.kind]
    for name in () if cls.positions == ("to",) else cls.positions:
        if name not in values or name == "stride":
            break
        words.append(values.pop(name))
    for arg in cls.args:
        if arg.name in values and values[arg.name] != arg.default_text:
            words.append(f"{arg.name}={values[arg.name]}")
    return " ".join(words)


def _value(node: ast.expr) -> str:
    """A Python literal or name in this language; "…" where it is neither."""
    try:
        value: Any = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return node.id if isinstance(node, ast.Name) else "…"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list) and value and all(isinstance(item, int) for item in value):
        return str(value[0]) if len(set(value)) == 1 else "x".join(map(str, value))
    if isinstance(value, float) and not isfinite(value):
        return "…"
    return str(value) if isinstance(value, int | float | str) else "…"
