"""NumPy, as far as models use it: numbers stay numbers, arrays are tensors without weights."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ...torch.rules import RULES
from ...torch.values import Tensor
from ..operators import binary
from ..standard.builtin_classes import CLASSES
from ..standard.tools import natives
from ..values import Class, Native, UnknownReached, UnknownValue, Value
from .rewrites import said
from .run import operation
from .tensors import TENSOR

if TYPE_CHECKING:
    from ..interpreter import Evaluator

#: Types of numbers that are not whole.
_DTYPES = ("float16", "float32", "float64", "float_", "complex64", "complex128")
#: Functions of a number: the host's, which gives the same.
_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "ceil": lambda value: float(math.ceil(value)), "floor": lambda value: float(math.floor(value)),
    "sqrt": math.sqrt, "log": math.log, "log2": math.log2, "log10": math.log10, "exp": math.exp, "sin": math.sin,
    "cos": math.cos, "tan": math.tan, "tanh": math.tanh, "abs": abs, "absolute": abs,
    "square": lambda value: value * value,
    "sign": lambda value: (value > 0) - (value < 0), "rint": lambda value: float(round(value)),
    "deg2rad": math.radians,
}  # fmt: skip
#: Functions of several numbers, in a list.
_LISTS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "sum": sum, "max": max, "min": min, "amax": max, "amin": min,
    "mean": lambda values: sum(values) / len(values),
    "argmax": lambda values: max(range(len(values)), key=values.__getitem__),
    "argmin": lambda values: min(range(len(values)), key=values.__getitem__),
    "any": any, "all": all,
}  # fmt: skip
#: What an operation is called there, and here.
_OPERATIONS = {
    "concatenate": "cat", "stack": "stack", "hstack": "hstack", "vstack": "vstack", "arange": "arange",
    "transpose": "permute",
    "linspace": "linspace", "expand_dims": "unsqueeze", "squeeze": "squeeze", "reshape": "reshape",
    "maximum": "maximum",
    "minimum": "minimum", "where": "where", "cumsum": "cumsum", "cumprod": "cumprod", "eye": "eye", "triu": "triu",
    "tril": "tril", "clip": "clamp", "power": "pow", "multiply": "mul", "add": "add", "subtract": "sub",
    "divide": "div",
    "matmul": "matmul", "dot": "matmul", "tile": "tile", "repeat": "repeat_interleave", "flip": "flip", "roll": "roll",
    "zeros_like": "zeros_like", "ones_like": "ones_like", "full_like": "full_like", "outer": "outer", "diff": "diff",
    "unique": "unique",
    "einsum": "einsum", "logspace": "logspace",
}  # fmt: skip


def _cast(interpreter: Evaluator, value: Value = 0.0) -> Value:
    """``np.float32(value)``."""
    return float(value) if isinstance(value, int | float) else value


def _array(interpreter: Evaluator, /, data: Value = (), *_: Value, **__: Value) -> Value:
    """``np.array(…)``: a tensor of these numbers."""
    return data if isinstance(data, Tensor) else operation(interpreter, "tensor", (data,), {})


def _of_number(name: str, function: Callable[[Any], Any]) -> Callable[..., Value]:
    def call(interpreter: Evaluator, /, value: Value, *args: Value, **kwargs: Value) -> Value:
        if isinstance(value, UnknownValue):
            raise UnknownReached(value)
        if isinstance(value, int | float):
            return function(value)
        return operation(interpreter, name, (_array(interpreter, value), *args), {})

    return call


def _of_list(name: str, function: Callable[[Sequence[Any]], Any]) -> Callable[..., Value]:
    def call(interpreter: Evaluator, /, values: Value, *args: Value, **kwargs: Value) -> Value:
        if isinstance(values, UnknownValue):
            raise UnknownReached(values)
        if isinstance(values, int | float):
            return values
        if isinstance(values, list | tuple) and not args and not kwargs:
            if values and all(isinstance(value, int | float) for value in values):
                return function(values)
            if not values and name in ("prod", "sum"):
                return float(function(values))
        if "axis" in kwargs:
            kwargs["dim"] = kwargs.pop("axis")
        return operation(interpreter, name, (_array(interpreter, values), *args), kwargs)

    return call


def _prod(interpreter: Evaluator, /, values: Value, *args: Value, **kwargs: Value) -> Value:
    """``np.prod``, bounded as products of the code are."""
    if (
        isinstance(values, list | tuple)
        and not args
        and not kwargs
        and all(isinstance(one, int | float) for one in values)
    ):
        found: Value = 1 if values else 1.0
        for value in values:
            interpreter.step()
            found = binary(interpreter, ast.Mult, found, value)
        return found
    return _of_list("prod", max)(interpreter, values, *args, **kwargs)


def _round(interpreter: Evaluator, /, value: Value, decimals: Value = 0, **_: Value) -> Value:
    """``np.round``: to the next even number where there are two."""
    if isinstance(value, UnknownValue):
        raise UnknownReached(value)
    if isinstance(value, int | float):
        return float(round(value, decimals)) if isinstance(value, float) else value
    return operation(interpreter, "round", (_array(interpreter, value),), {})


def _of_operation(rule: str) -> Callable[..., Value]:
    def call(interpreter: Evaluator, /, *args: Value, **kwargs: Value) -> Value:
        kwargs = {"dim" if key == "axis" else key: value for key, value in kwargs.items() if key != "endpoint"}
        if len(args) == 2 and all(isinstance(arg, int | float) for arg in args):
            if rule in ("maximum", "minimum"):
                return max(args) if rule == "maximum" else min(args)
            if rule in _PLAIN:
                return binary(interpreter, _PLAIN[rule], *args)
        first = (
            [_array(interpreter, args[0])]
            if args and isinstance(args[0], list | tuple) and rule in _TAKING
            else args[:1]
        )
        return operation(interpreter, rule, (*first, *args[1:]), kwargs)

    return call


#: Operations whose list is an array.
_TAKING = frozenset(
    "cumsum cumprod clamp pow mul add sub div maximum minimum reshape permute unsqueeze squeeze diff flip "
    "unique".split()
)
#: Operators of two numbers, which are those of Python, with its bounds.
_PLAIN = {"pow": ast.Pow, "mul": ast.Mult, "add": ast.Add, "sub": ast.Sub, "div": ast.Div}


def _made(rule: str) -> Callable[..., Value]:
    def call(interpreter: Evaluator, /, shape: Value = (), *args: Value, **kwargs: Value) -> Value:
        sizes = list(shape) if isinstance(shape, list | tuple) else [shape]
        values = args[:1] if rule == "full" else ()
        return operation(interpreter, rule, (sizes, *values), {})

    return call


def _drawn(interpreter: Evaluator, /, *sizes: Value, **_: Value) -> Value:
    return operation(interpreter, "rand", sizes, {})


def _drawn_of(interpreter: Evaluator, /, low: Value = 0.0, high: Value = 1.0, size: Value = None, **_: Value) -> Value:
    if size is None:
        return interpreter.unknown("a number that is drawn")
    return operation(interpreter, "rand", (list(size) if isinstance(size, list | tuple) else [size],), {})


def random_names() -> dict[str, Value]:
    """The names of numpy.random."""
    drawn = natives(rand=_drawn, randn=_drawn, uniform=_drawn_of, normal=_drawn_of, randint=_drawn_of)
    return {**drawn, **natives(seed=said(None))}


def numpy_names() -> dict[str, Value]:
    """The names of numpy."""
    found: dict[str, Value] = {name: Native(name, _cast) for name in _DTYPES}
    found |= dict.fromkeys(("int8", "int16", "int32", "int64", "uint8", "int_"), CLASSES["int"])
    found |= {"bool_": CLASSES["bool"], "generic": Class("generic", (CLASSES["object"],)), "number": CLASSES["float"]}
    found |= {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None, "ndarray": TENSOR}
    found |= {"int": CLASSES["int"], "float": CLASSES["float"], "integer": CLASSES["int"], "floating": CLASSES["float"]}
    found |= natives(array=_array, asarray=_array, ascontiguousarray=_array, round=_round, around=_round,
                     prod=_prod, product=_prod)  # fmt: skip
    found |= {name: Native(name, _of_number(name, function)) for name, function in _NUMBERS.items()}
    found |= {name: Native(name, _of_list(name, function)) for name, function in _LISTS.items()}
    found |= {name: Native(name, _of_operation(rule)) for name, rule in _OPERATIONS.items() if rule in RULES}
    found |= {name: Native(name, _made(name)) for name in ("zeros", "ones", "empty", "full")}
    return found
