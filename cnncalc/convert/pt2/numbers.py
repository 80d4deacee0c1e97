"""Arithmetic on sizes in a graph: whole numbers, and the number of samples."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from ..torch.values import Samples, Tensor, Unknown

_MOST_BITS = 200


def _power(base: Any, exponent: Any) -> Any:
    if abs(exponent) > 64 or abs(base) > 1 << 64:
        raise OverflowError
    return base**exponent


SCALARS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "floordiv": operator.floordiv,
    "truediv": operator.truediv, "mod": operator.mod, "neg": operator.neg, "pow": _power, "eq": operator.eq,
    "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
    "and_": operator.and_, "or_": operator.or_, "not_": operator.not_, "sym_not": operator.not_, "abs": abs,
    "sym_int": int, "sym_float": float, "sym_max": max, "sym_min": min, "sym_ite": lambda c, a, b: a if c else b,
    "trunc": math.trunc, "ceil": math.ceil, "floor": math.floor, "round": round, "sqrt": math.sqrt,
    "sym_sqrt": math.sqrt, "_sym_sqrt": math.sqrt, "getitem": operator.getitem, "int": int, "float": float,
    "sym_sum": sum, "index": operator.index, "pos": operator.pos,
}  # fmt: skip


def computed(target: str, args: Sequence[Any]) -> Any:
    """What a function of Python gives of numbers; a list or a tensor's result by its place."""
    function = SCALARS.get(target.rpartition(".")[2])
    if function is None:
        return Unknown(f"{target} is no function that is read")
    if any(isinstance(arg, Tensor) for arg in args):
        return Unknown("a number of a tensor")
    try:
        found = function(*args)
    except (Unknown, TypeError):
        found = _of_numbers(function, args)
    except (ArithmeticError, ValueError, LookupError, AttributeError):
        return Unknown("a number without a value")
    if isinstance(found, int) and found.bit_length() > _MOST_BITS:
        return Unknown("a number that is no size")
    return found


def _of_numbers(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """The same for as many samples as the file has, where it is no multiple of these."""
    if any(isinstance(arg, Unknown) for arg in args):
        return Unknown("it hangs on a number that is not known")
    try:
        return function(*[arg.number if isinstance(arg, Samples) else arg for arg in args])
    except (TypeError, ArithmeticError, ValueError, LookupError, AttributeError):
        return Unknown("a number without a value")
