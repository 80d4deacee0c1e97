"""Tensors that code makes: of known numbers where these are few, else of any."""

from __future__ import annotations

import math
from typing import Any

from ...layers import LayerError
from ...values import MOST_NUMBERS
from .call import RULES, Answer, Call, Out, Rule, rule
from .shaping import flat
from .types import cast, retyped
from .values import Dims, Samples, Tensor, Unknown, number, total


def _sizes(found: Any) -> Dims:
    """A shape as it is given. Raises Unknown, LayerError."""
    made = flat(found)
    for one in made:
        if isinstance(one, Unknown):
            raise one
        if not isinstance(one, int | Samples):
            raise Unknown("a size is not known")
        if isinstance(one, int) and one < 0:
            raise LayerError(f"a tensor has no axis of {one}")
    return tuple(made)


def _made(shape: Dims, dtype: Any, value: Any = None) -> Answer:
    count = total(shape)
    found = [value] * count if isinstance(value, int | float) and count <= MOST_NUMBERS else None
    return Answer([Out(shape, dtype if isinstance(dtype, str) else "float32", found)])


def _filled(value: Any) -> Rule:
    def filled(op: Call, *size: Any, dtype: Any = None, **named: Any) -> Answer:
        return _made(_sizes(size or [named.get("size", ())]), dtype, value)

    return filled


RULES |= {"zeros": _filled(0), "ones": _filled(1), **dict.fromkeys("empty rand randn".split(), _filled(None))}


@rule("full")
def full(op: Call, size: Any, fill_value: Any = None, *more: Any, dtype: Any = None, **named: Any) -> Answer:
    """A number everywhere."""
    kind = dtype or {bool: "bool", int: "int64"}.get(type(fill_value))
    return _made(_sizes([size]), kind, fill_value)


@rule("new_zeros", "new_ones", "new_empty", "new_full", "new_tensor_like")
def new(op: Call, input: Tensor, *size: Any, dtype: Any = None, **named: Any) -> Tensor:
    """A tensor of the type of another one."""
    found = size[:1] if op.name == "new_full" else size
    value = {"new_zeros": 0, "new_ones": 1, "new_full": size[1] if len(size) > 1 else None}.get(op.name)
    return _of_no_input(_made(_sizes(found or [named.get("size", ())]), dtype or input.dtype, value))


def _of_no_input(answer: Answer) -> Tensor:
    """What hangs on the type of a tensor alone is fixed."""
    (out,) = answer.outs
    return Tensor(out.shape, out.dtype, out.numbers, fixed=True)


def _like(value: Any) -> Rule:
    def like(op: Call, input: Tensor, fill_value: Any = None, *more: Any, dtype: Any = None, **named: Any) -> Any:
        known = fill_value if op.name == "full_like" else value
        return _of_no_input(_made(input.sizes, dtype or input.dtype, known))

    return like


RULES |= {"zeros_like": _like(0), "ones_like": _like(1),
          **dict.fromkeys("full_like empty_like rand_like randn_like randint_like".split(), _like(None))}  # fmt: skip


@rule("arange", "range")
def arange(op: Call, *ends: Any, step: Any = None, dtype: Any = None, **named: Any) -> Answer:
    """Numbers from one to another."""
    found = [*ends] or [named[name] for name in ("start", "end") if name in named]
    if "end" in named and ends:
        found = [*ends, named["end"]]
    for one in (*found, step):
        if isinstance(one, Unknown):
            raise one
        if isinstance(one, Tensor):
            raise Unknown("the ends are not known")
    if len(found) == 1 and isinstance(found[0], Samples):
        return Answer([Out((found[0],), "int64")])
    values = [number(one) if isinstance(one, Samples) else one for one in found]
    start, end, by = (0, *values, 1)[-3:] if len(values) == 1 else (*values, 1)[:3]
    by = by if step is None else step
    if by == 0:
        op.refuse("a step of 0", "step")
    count = max(math.ceil((end - start) / by) + (op.name == "range"), 0)
    whole = all(isinstance(one, int) for one in (start, end, by))
    kind = dtype if isinstance(dtype, str) else "int64" if whole else "float32"
    known = [start + place * by for place in range(count)] if count <= MOST_NUMBERS else None
    return Answer([Out((count,), kind, known)])


@rule("linspace", "logspace")
def linspace(op: Call, start: Any, end: Any, steps: Any = 100, *more: Any, **named: Any) -> Answer:
    """So many numbers from one to another, both included."""
    if isinstance(steps, Unknown) or not isinstance(steps, int):
        raise Unknown("the steps are not known")
    known = None
    if (
        op.name == "linspace"
        and isinstance(start, int | float)
        and isinstance(end, int | float)
        and 1 < steps <= MOST_NUMBERS
    ):
        known = [start + (end - start) * place / (steps - 1) for place in range(steps)]
    return Answer([Out((steps,), "float32", known)])


@rule("eye")
def eye(op: Call, n: Any, m: Any = None, **named: Any) -> Answer:
    """Ones on the diagonal."""
    return Answer([Out(_sizes([n, n if m is None else m]), "float32")])


@rule("tensor", "as_tensor", "scalar_tensor", "asarray", "from_numpy", "new_tensor", "_tensor_constant", "Tensor")
def tensor(op: Call, data: Any, *more: Any, dtype: Any = None, **named: Any) -> Any:
    """Numbers as they are written: lists of lists."""
    if op.name == "new_tensor":
        data = more[0]
    if isinstance(data, Tensor):
        return retyped(data, dtype) if isinstance(dtype, str) else data
    shape, found = list[int](), [data]
    while found and all(isinstance(one, list | tuple) for one in found):
        sizes = {len(one) for one in found}
        if len(sizes) > 1:
            op.refuse("lists of different lengths are no tensor", "data")
        shape.append(sizes.pop())
        found = [value for one in found for value in one]
        if len(found) > MOST_NUMBERS * 16:
            raise Unknown("too many numbers")
    known = all(isinstance(one, int | float) for one in found)
    kind = "bool" if all(isinstance(one, bool) for one in found) else "int64" if all(
        isinstance(one, int | Samples) for one in found) else "float32"  # fmt: skip
    made = dtype if isinstance(dtype, str) else kind if found else "float32"
    return Answer([Out(tuple(shape), made, cast(found, made) if known else None)])


@rule("randint", "randperm")
def randint(op: Call, *args: Any, **named: Any) -> Answer:
    """Numbers by chance."""
    if op.name == "randperm":
        return Answer([Out(_sizes([args[0]]), "int64")])
    return Answer([Out(_sizes([named["size"] if "size" in named else args[-1]]), "int64")])
