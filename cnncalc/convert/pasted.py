"""Calls pasted from Python code: the line to write instead, for PyTorch and Keras. Nothing is run."""

from __future__ import annotations

import ast
import warnings
from math import isfinite
from typing import Any

from ..layers import Layer, lookup
from ..spec.lines import read_content
from ..spec.words import Fault

_MAX_LENGTH = 1000
_MAX_ADVICE = 200
#: PyTorch's and Keras's argument names -> this language's.
_KEYS = {
    "out_channels": "filters", "filters": "filters", "kernel_size": "kernel", "pool_size": "kernel",
    "strides": "stride", "stride": "stride", "padding": "pad", "dilation": "dilation",
    "dilation_rate": "dilation", "groups": "groups",
    "bias": "bias", "use_bias": "bias", "out_features": "units", "units": "units", "output_padding": "outpad",
    "p": "rate", "rate": "rate", "num_groups": "groups", "output_size": "to", "scale_factor": "factor", "mode": "mode",
    "ceil_mode": "ceil", "count_include_pad": "countpad", "affine": "affine", "depth_multiplier": "multiplier",
    "upscale_factor": "factor", "num_heads": "heads", "size": "factor",
}  # fmt: skip
#: Positional arguments in PyTorch's order; "" is one that cnncalc works out by itself.
_TORCH_ORDER = {
    "conv": ("", "filters", "kernel", "stride", "pad", "dilation", "groups", "bias"),
    "upconv": ("", "filters", "kernel", "stride", "pad", "outpad", "groups", "bias", "dilation"),
    "maxpool": ("kernel", "stride", "pad", "dilation"), "avgpool": ("kernel", "stride", "pad", "ceil", "countpad"),
    "fc": ("", "units", "bias"), "bn": ("",), "in": ("",), "ln": ("",), "gn": ("groups", ""), "prelu": ("",),
    "dropout": ("rate",), "lrn": ("size",), "resize": ("to", "factor", "mode"), "attention": ("", "heads"),
    "pixelshuffle": ("factor",), "pixelunshuffle": ("factor",), "shuffle": ("groups",), "softmax": ("",),
    "logsoftmax": ("",), "glu": ("",), "flatten": ("", ""), "pad": ("amount",), "leakyrelu": ("",), "elu": ("",),
}  # fmt: skip
_KERAS_ORDER = {
    "conv": ("filters", "kernel", "stride", "pad"), "upconv": ("filters", "kernel", "stride", "pad"),
    "dwconv": ("kernel", "stride", "pad"), "maxpool": ("kernel", "stride", "pad"),
    "avgpool": ("kernel", "stride", "pad"), "fc": ("units",), "dropout": ("rate",), "resize": ("factor",),
    "pad": ("amount",), "localconv": ("filters", "kernel"), "reshape": ("shape",), "gn": ("groups",),
}  # fmt: skip
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
    keys = {one.arg for one in call.keywords}
    own = name in (cls.kind, *cls.aliases) and "." not in written
    keras = not own and (
        bool(keys & _KERAS_KEYS) or "layers" in written or (name in cls.keras and name not in cls.torch)
    )
    order: tuple[str, ...] = tuple(arg.name for arg in cls.args)
    if not own:
        order = (_KERAS_ORDER if keras else _TORCH_ORDER).get(cls.kind, order)
    if cls.positions == ("to",):
        order = ("to",)
    values: dict[str, str] = {}
    after = ""
    known = {arg.name for arg in cls.args}
    for position, node in enumerate(call.args):
        key = order[position] if position < len(order) else ""
        if key in known:
            values[key] = _value(node)
    for keyword in call.keywords:
        key = _KEYS.get(keyword.arg or "", keyword.arg or "")
        if key == "activation" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
            after = f" | {keyword.value.value}"
        elif (key == "groups" and cls.kind == "pad") or key not in known:
            continue
        else:
            values[key] = _value(keyword.value)
    if "…" in values.values():
        return None
    return _spelled(cls, values) + after


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
