"""numpy, as far as models count with it: arrays are tensors of known numbers, scalars plain numbers."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...torch.values import Tensor
from ..operators import binary
from ..standard.builtin_classes import CLASSES
from ..standard.ordering import extreme, total
from ..standard.tools import natives
from ..values import Class, Native, UnknownValue, Value
from .run import operation
from .tensors import TENSOR

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def _made(name: str) -> Callable[..., Value]:
    return lambda at, *args, dtype=None, **kwargs: operation(at, name, args, kwargs)


def _each(name: str, function: Callable[[Any], Any]) -> Callable[..., Value]:
    """A function of a number, or of every number of an array."""

    def called(interpreter: Evaluator, value: Value, *more: Value, **kwargs: Value) -> Value:
        if isinstance(value, int | float):
            return function(value)
        if isinstance(value, list | tuple):
            value = operation(interpreter, "tensor", (value,), {})
        return operation(interpreter, name, (value,), {})

    return called


def _prod(interpreter: Evaluator, values: Value, *_: Value, **__: Value) -> Value:
    if isinstance(values, Tensor):
        return operation(interpreter, "prod", (values,), {})
    found: Value = 1
    for one in interpreter.items(values):
        found = binary(interpreter, ast.Mult, found, one)
    return found


def _reduced(name: str, plain: Callable[..., Value]) -> Callable[..., Value]:
    def called(interpreter: Evaluator, values: Value, *args: Value, **kwargs: Value) -> Value:
        if isinstance(values, list | tuple) and not args and not kwargs:
            return plain(interpreter, values)
        return operation(interpreter, name, (values, *args), {})

    return called


def _mean(interpreter: Evaluator, values: Value) -> Value:
    return binary(interpreter, ast.Div, total(interpreter, values), len(values))


def numpy_names() -> dict[str, Value]:
    """The names of numpy."""
    array = Class("ndarray", (TENSOR,))
    number = Class("generic", (CLASSES["object"],))
    kinds = {
        name: Native(name, lambda at, value=0.0: value if isinstance(value, Tensor | UnknownValue) else float(value))
        for name in ("float32", "float64", "float16")
    } | dict.fromkeys(("int32", "int64", "int8", "uint8", "int16"), CLASSES["int"])
    return {
        "ndarray": array, "pi": math.pi, "inf": math.inf, "nan": math.nan, "e": math.e, "newaxis": None, **kinds,
        "generic": number, "integer": CLASSES["int"], "floating": CLASSES["float"], "number": CLASSES["float"],
        "bool_": CLASSES["bool"], "float": CLASSES["float"], "int": CLASSES["int"],
        **natives(
            array=_made("tensor"), asarray=_made("tensor"), linspace=_made("linspace"), arange=_made("arange"),
            zeros=_made("zeros"), ones=_made("ones"), eye=_made("eye"), full=_made("full"), prod=_prod,
            concatenate=_made("cat"), stack=_made("stack"), cumsum=_made("cumsum"), transpose=_made("permute"),
            sqrt=_each("sqrt", math.sqrt), log2=_each("log2", math.log2), log=_each("log", math.log),
            log10=_each("log10", math.log10), exp=_each("exp", math.exp), ceil=_each("ceil", math.ceil),
            floor=_each("floor", math.floor), round=_each("round", round), abs=_each("abs", abs),
            sin=_each("sin", math.sin), cos=_each("cos", math.cos), power=_made("pow"), outer=_made("outer"),
            max=_reduced("max", extreme(ast.Gt)), min=_reduced("min", extreme(ast.Lt)), sum=_reduced("sum", total),
            mean=_reduced("mean", _mean), amax=_reduced("amax", extreme(ast.Gt)), unique=_made("unique"),
        ),
    }  # fmt: skip
