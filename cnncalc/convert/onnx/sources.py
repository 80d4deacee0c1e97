"""Operators that reduce a tensor, choose of it, or make one of numbers; quantisation; and what has no shape before it
runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, log, prod, sqrt
from typing import Any

from ...values import Word
from .call import Answer, Call, Handler, tensor_value
from .elementwise import letter
from .tensors import MOST_NUMBERS, Tensor
from .values import Misfit, Out, Storage, Unknown, Value, axis_of

_REDUCED: dict[str, Callable[[Sequence[Any]], Any]] = {
    "ReduceSum": sum, "ReduceMax": max, "ReduceMin": min, "ReduceProd": prod, "ReduceMean": lambda x: sum(x) / len(x),
    "ReduceL1": lambda x: sum(map(abs, x)), "ReduceL2": lambda x: sqrt(sum(one * one for one in x)),
    "ReduceSumSquare": lambda x: sum(one * one for one in x), "ReduceLogSum": lambda x: log(sum(x)),
}  # fmt: skip


def reduced(call: Call) -> Answer:
    """Axes become 1, or go."""
    value, axes = call.need(0), call.numbers(1, "axes")
    shape, keep = value.known, bool(call.attr("keepdims", 1))
    if not axes and call.attr("noop_with_empty_axes", 0):
        return Answer([Out(shape, value.axis, value.numbers)])
    gone = {axis_of(axis, len(shape)) for axis in axes} if axes else set(range(len(shape)))
    numbers = None
    if value.numbers is not None and len(gone) == len(shape) and call.op in _REDUCED and value.numbers:
        try:
            numbers = [_REDUCED[call.op](value.numbers)]
        except (ArithmeticError, ValueError):
            numbers = None
    made = tuple(1 if axis in gone else size for axis, size in enumerate(shape) if keep or axis not in gone)
    axis = value.axis if value.axis not in gone else None
    if axis is not None and not keep:
        axis -= sum(one < axis for one in gone)
    out = [Out(made, axis, numbers)]
    return _reduction(call, value, gone, keep, out)


def _reduction(call: Call, value: Value, gone: set[int], keep: bool, out: list[Out]) -> Answer:
    """The layer of a mean or a maximum, where its axes stay."""
    rank, kind = len(value.known), {"ReduceMean": "mean", "ReduceMax": "max"}.get(call.op)
    if kind is None or value.axis != 0 or not gone or 0 in gone or not 2 < rank <= 5:
        return Answer(out)
    pool = {"mean": "gavgpool", "max": "gmaxpool"}[kind]
    everything = gone == set(range(2, rank))
    if keep and everything:
        return Answer(out, call.layer(pool), [value], ())
    letters = "".join(letter(axis, rank) for axis in sorted(gone))
    if keep:
        return Answer(out, call.layer(kind, {"axis": Word(letters)}), [value], ())
    return Answer(out)


def argument(call: Call) -> Answer:
    """Where the largest or smallest value of an axis is."""
    value = call.need(0)
    shape, axis = value.known, axis_of(call.attr("axis", 0), len(value.known))
    keep = call.attr("keepdims", 1)
    made = (*shape[:axis], *((1,) if keep else ()), *shape[axis + 1 :])
    kept = None if value.axis in (None, axis) else value.axis - (not keep and value.axis > axis)
    return Answer([Out(made, kept)])


def top_k(call: Call) -> Answer:
    """The largest values of an axis, and where they are."""
    value, count = call.need(0), call.numbers(1, "k")
    if not count:
        raise Misfit("k is missing")
    shape, axis = value.known, axis_of(call.attr("axis", -1), len(value.known))
    if not 0 <= count[0] <= shape[axis]:
        raise Misfit(f"the {count[0]} largest of {shape[axis]}")
    made = (*shape[:axis], int(count[0]), *shape[axis + 1 :])
    return Answer([Out(made, value.axis if value.axis != axis else None)] * 2)


# --- numbers ----------------------------------------------------------------------------------------


def constant(call: Call) -> Answer:
    """A tensor that stands in the node."""
    for name in ("value", "value_float", "value_floats", "value_int", "value_ints", "value_string", "value_strings",
                 "sparse_value"):  # fmt: skip
        found = call.attr(name)
        if isinstance(found, Tensor):
            value = tensor_value(found)
            return Answer([Out(value.shape, None, value.numbers)], storages=value.storages)
        if found is not None and name != "sparse_value":
            many = isinstance(found, list)
            numbers = found if many else [found]
            if name.startswith("value_string"):
                return Answer([Out((len(numbers),) if many else ())], storages=())
            real = name.startswith("value_float")
            return Answer([Out((len(numbers),) if many else (), None, numbers)],
                          storages=(Storage((len(numbers),), real),))  # fmt: skip
    raise Unknown


def constant_of_shape(call: Call) -> Answer:
    """One number everywhere. Where its shape stands in the file it may be in the place of weights."""
    wanted = call.need(0)
    if wanted.numbers is None:
        raise Unknown
    shape = tuple(map(int, wanted.numbers))
    if min(shape, default=0) < 0:
        raise Misfit(f"the shape {list(shape)}")
    found = call.attr("value")
    number = (found.numbers() or [None])[0] if isinstance(found, Tensor) else 0.0
    real = tensor_value(found).storages[0].real if isinstance(found, Tensor) else True
    few = prod(shape) <= MOST_NUMBERS and number is not None
    stored = (Storage(shape, real),) if wanted.storages else ()
    return Answer([Out(shape, None, [number] * prod(shape) if few else None)], storages=stored)


def counted(call: Call) -> Answer:
    """Range: numbers from a start up to a limit."""
    start, limit, delta = (call.need(place).numbers for place in range(3))
    if not (start and limit and delta):
        raise Unknown
    if not delta[0]:
        raise Misfit("a range with steps of 0")
    count = max(ceil((limit[0] - start[0]) / delta[0]), 0)
    if not isinstance(start[0], float):
        count = max(-(-(limit[0] - start[0]) // delta[0]), 0)
    numbers = [start[0] + place * delta[0] for place in range(count)] if count <= MOST_NUMBERS else None
    return Answer([Out((count,), None, numbers)])


def one_hot(call: Call) -> Answer:
    """An axis more, as deep as it is said."""
    value, depth = call.need(0), call.numbers(1)
    if not depth:
        raise Unknown
    rank = len(value.known) + 1
    axis = axis_of(call.attr("axis", -1), rank)
    made = [*value.known]
    made.insert(axis, int(depth[0]))
    kept = None if value.axis is None else value.axis + (axis <= value.axis)
    return Answer([Out(tuple(made), kept)])


def random_like(call: Call) -> Answer:
    """As the input."""
    return Answer([Out(call.need(0).known, call.need(0).axis)])


def random(call: Call) -> Answer:
    """Of a shape that stands in the node."""
    shape = call.attr("shape")
    if not isinstance(shape, list):
        raise Misfit("there is no shape to be had")
    return Answer([Out(tuple(shape))], storages=())


def non_zero(call: Call) -> Answer:
    """Where values are not 0, which is not known before it runs; of numbers it is."""
    value = call.need(0)
    if value.numbers is None:
        raise Unknown
    shape, places = value.known, [place for place, one in enumerate(value.numbers) if one]
    strides = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    numbers = [place // stride % size for stride, size in zip(strides, shape, strict=True) for place in places]
    return Answer([Out((len(shape), len(places)), None, numbers)])


def unknown(call: Call) -> Answer:
    """What hangs on the values: its shape is not known before it runs."""
    raise Unknown


def window(call: Call) -> Answer:
    """HannWindow and its like: as many numbers as it is told."""
    size = call.numbers(0)
    if not size:
        raise Unknown
    return Answer([Out((int(size[0]),))], storages=())


def multinomial(call: Call) -> Answer:
    """As many samples of each row as it is told."""
    value = call.need(0)
    return Answer([Out((value.known[0], call.attr("sample_size", 1)), value.axis)])


# --- maps -------------------------------------------------------------------------------------------


def grid_sample(call: Call) -> Answer:
    """As many places as the grid has."""
    value, grid = call.need(0), call.need(1)
    shape, places = value.known, grid.known
    if len(shape) != len(places) or places[-1] != len(shape) - 2:
        raise Misfit(f"a grid of {'x'.join(map(str, places))} for {'x'.join(map(str, shape))}")
    return Answer([Out((*shape[:2], *places[1:-1]), value.axis)])


def affine_grid(call: Call) -> Answer:
    """A place for every pixel."""
    wanted = call.numbers(1)
    if not wanted:
        raise Unknown
    return Answer([Out((wanted[0], *wanted[2:], len(wanted) - 2), 0 if call.need(0).axis == 0 else None)])


def dft(call: Call) -> Answer:
    """A Fourier transform along an axis; one-sided it gives half of it and one more."""
    value = call.need(0)
    shape = list(value.known)
    axis = call.numbers(2) if call.version >= 20 else [call.attr("axis", 1)]
    place = axis_of(int(axis[0]) if axis else -2, len(shape))
    length = call.numbers(1)
    shape[place] = int(length[0]) if length else shape[place]
    if call.attr("onesided", 0) and not call.attr("inverse", 0):
        shape[place] = shape[place] // 2 + 1
    if call.attr("onesided", 0) and call.attr("inverse", 0) and not length:
        shape[place] = 2 * (shape[place] - 1)
    shape[-1] = 1 if call.attr("onesided", 0) and call.attr("inverse", 0) else 2
    return Answer([Out(tuple(shape), value.axis)])


def stft(call: Call) -> Answer:
    """A Fourier transform of every frame."""
    value, step = call.need(0), call.numbers(1)
    win = call.get(2)
    length = call.numbers(3) or (list(win.known) if win is not None else None)
    if not step or not length:
        raise Unknown
    shape = value.known
    frames = (shape[1] - int(length[0])) // int(step[0]) + 1
    bins = int(length[0]) // 2 + 1 if call.attr("onesided", 1) else int(length[0])
    return Answer([Out((shape[0], frames, bins, 2), value.axis)])


def rotary(call: Call) -> Answer:
    """The shape stays."""
    return Answer([Out(call.need(0).known, call.need(0).axis)])


HANDLERS: Mapping[str, Handler] = {
    **dict.fromkeys((*_REDUCED, "ReduceLogSumExp"), reduced), "ArgMax": argument, "ArgMin": argument, "TopK": top_k,
    "Constant": constant, "ConstantOfShape": constant_of_shape, "Range": counted, "OneHot": one_hot,
    "RandomNormalLike": random_like, "RandomUniformLike": random_like, "EyeLike": random_like, "RandomNormal": random,
    "RandomUniform": random, "NonZero": non_zero, "HannWindow": window, "HammingWindow": window,
    "BlackmanWindow": window, "Multinomial": multinomial, "GridSample": grid_sample, "AffineGrid": affine_grid,
    "DFT": dft, "STFT": stft, "RotaryEmbedding": rotary,
    **dict.fromkeys("NonMaxSuppression Unique Compress".split(), unknown),
}  # fmt: skip
