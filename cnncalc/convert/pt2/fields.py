"""The values in a graph's JSON: arguments, names, sizes, each a union of which one is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...records import Record
from ..torch.values import Unknown
from .stream import CorruptExport

#: The most frames of a stack that are looked at, and letters of a name or path that are kept.
LONGEST = 2000
_DTYPES = {
    1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "float16", 7: "float32", 8: "float64",
    9: "complex32", 10: "complex64", 11: "complex128", 12: "bool", 13: "bfloat16", 28: "uint16", 29: "float8_e4m3fn",
    30: "float8_e5m2", 34: "uint32", 35: "uint64",
}  # fmt: skip


class GraphName(str):
    """The name of something that a call before gives, or that enters."""

    __slots__ = ()


class FreeSize(Record):
    """A size that is free: its formula, and the number that it had when it was exported."""

    formula: str
    hint: int | None = None


class TensorMeta(Record):
    """A tensor: its sizes and type."""

    sizes: Sequence[int | FreeSize]
    dtype: str | None = None


def object_of(value: Any, what: str) -> dict[str, Any]:
    """A value that has to be an object. Raises CorruptExport."""
    if not isinstance(value, dict):
        raise CorruptExport(f"{what} in the graph is no object: {str(value)[:40]!r}")
    return value


def list_of(value: Any, what: str) -> list[Any]:
    """A value that has to be a list. Raises CorruptExport."""
    if not isinstance(value, list):
        raise CorruptExport(f"{what} in the graph is no list: {str(value)[:40]!r}")
    return value


def text_of(value: Any, what: str) -> str:
    """A value that has to be a text, its first letters. Raises CorruptExport."""
    if not isinstance(value, str):
        raise CorruptExport(f"{what} in the graph is no text: {str(value)[:40]!r}")
    return value[:LONGEST]


def one_of(value: Any, what: str) -> tuple[str, Any]:
    """The one thing that a union has: ``{"as_int": 3}``."""
    found = object_of(value, what)
    for key, item in found.items():
        return str(key), item
    raise CorruptExport(f"{what} in the graph is empty")


def argument(value: Any) -> Any:
    """An argument as rules take it: names of other values are GraphNames."""
    key, item = one_of(value, "an argument")
    reader = _ARGUMENTS.get(key)
    if reader is None:
        return Unknown(f"{key}: no value that is read")
    return reader(item)


def ref_of(value: Any) -> GraphName:
    """The name of a tensor. Raises CorruptExport."""
    return GraphName(text_of(object_of(value, "a tensor").get("name"), "the name of a tensor"))


def _symbol(value: Any) -> Any:
    """A number, or the name of one."""
    key, item = one_of(value, "a number")
    return GraphName(text_of(item, "a name")) if key == "as_name" else _scalar(item)


def _scalar(value: Any) -> Any:
    if isinstance(value, int | float | str) or value is None:
        return value
    raise CorruptExport(f"no number or text in the graph: {str(value)[:40]!r}")


def _scalars(value: Any) -> list[Any]:
    return [_scalar(one) for one in list_of(value, "an argument")]


def _refs(value: Any) -> list[Any]:
    return [ref_of(one) for one in list_of(value, "an argument")]


def _symbols(value: Any) -> list[Any]:
    return [_symbol(one) for one in list_of(value, "an argument")]


def _optional(value: Any) -> Any:
    key, item = one_of(value, "an optional tensor")
    return ref_of(item) if key in ("as_tensor", "name") and isinstance(item, dict) else None


def _optionals(value: Any) -> list[Any]:
    return [_optional(one) for one in list_of(value, "an argument")]


_ARGUMENTS = {
    "as_none": lambda _: None, "as_tensor": ref_of, "as_tensors": _refs, "as_optional_tensor": _optional,
    "as_optional_tensors": _optionals, "as_int": _scalar, "as_float": _scalar, "as_bool": _scalar,
    "as_string": _scalar, "as_ints": _scalars, "as_floats": _scalars, "as_bools": _scalars, "as_strings": _scalars,
    "as_sym_int": _symbol, "as_sym_ints": _symbols, "as_sym_float": _symbol, "as_sym_floats": _symbols,
    "as_sym_bool": _symbol, "as_sym_bools": _symbols, "as_scalar_type": lambda value: _DTYPES.get(value, "unknown"),
    "as_memory_format": lambda _: None, "as_layout": lambda _: None, "as_device": lambda _: None,
    "as_nested_tensors": lambda value: [_refs(one) for one in list_of(value, "an argument")],
    "as_operator": _scalar,
}  # fmt: skip


def names_of(value: Any) -> list[str | None]:
    """The names of what a call gives, or of what an argument is; None for what has none."""
    found = argument(value)
    found = found if isinstance(found, list) else [found]
    return [str(one) if isinstance(one, GraphName) else None for one in found]


def meta_of(value: Any) -> TensorMeta:
    """A tensor's sizes and type."""
    found = object_of(value, "a tensor")
    sizes: list[int | FreeSize] = []
    for one in list_of(found.get("sizes"), "the sizes of a tensor"):
        key, item = one_of(one, "a size")
        if key == "as_int" and isinstance(item, int) and item >= 0:
            sizes.append(item)
        elif key == "as_expr":
            sizes.append(_free(object_of(item, "a size")))
        else:
            raise CorruptExport(f"a size in the graph is {str(item)[:40]!r}")
    dtype = found.get("dtype")
    return TensorMeta(sizes, _DTYPES.get(dtype) if isinstance(dtype, int) else None)


def _free(found: dict[str, Any]) -> FreeSize:
    hint = found.get("hint")
    number = hint.get("as_int") if isinstance(hint, dict) else hint
    return FreeSize(text_of(found.get("expr_str"), "a formula"), number if isinstance(number, int) else None)
