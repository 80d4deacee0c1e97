"""Operators that reduce a tensor, choose of it, or make one of numbers; quantisation; and what has no shape before it
runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, log, prod, sqrt
from typing import Any

from ...values import MOST_NUMBERS, Word
from .call import Handler, NodeCall, NodeOutcome, tensor_value
from .elementwise import divided, letter
from .tensors import TensorProto
from .values import Initializer, NodeOutput, OperatorFault, UnknownShape, Value, axis_of

_REDUCED: dict[str, Callable[[Sequence[Any]], Any]] = {
    "ReduceSum": sum, "ReduceMax": max, "ReduceMin": min, "ReduceProd": prod,
    "ReduceMean": lambda x: divided(sum(x), len(x)),
    "ReduceL1": lambda x: sum(map(abs, x)), "ReduceL2": lambda x: sqrt(sum(one * one for one in x)),
    "ReduceSumSquare": lambda x: sum(one * one for one in x), "ReduceLogSum": lambda x: log(sum(x)),
}  # fmt: skip


def reduced(call: NodeCall) -> NodeOutcome:
    """Axes become 1, or go."""
    value, axes = call.need(0), call.numbers(1, "axes")
    shape, keep = value.known, bool(call.attr("keepdims", 1))
    if not axes and call.attr("noop_with_empty_axes", 0):
        return NodeOutcome([NodeOutput(shape, value.axis, value.numbers)])
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
    out = [NodeOutput(made, axis, numbers)]
    return _reduction(call, value, gone, keep, out)


def _reduction(call: NodeCall, value: Value, gone: set[int], keep: bool, out: list[NodeOutput]) -> NodeOutcome:
    """The layer of a mean or a maximum, where its axes stay."""
    rank, kind = len(value.known), {"ReduceMean": "mean", "ReduceMax": "max"}.get(call.op)
    if kind is None or value.axis != 0 or not gone or 0 in gone or not 2 < rank <= 5:
        return NodeOutcome(out)
    pool = {"mean": "gavgpool", "max": "gmaxpool"}[kind]
    everything = gone == set(range(2, rank))
    if keep and everything:
        return NodeOutcome(out, call.layer(pool), [value], ())
    letters = "".join(letter(axis, rank) for axis in sorted(gone))
    if keep:
        return NodeOutcome(out, call.layer(kind, {"axis": Word(letters)}), [value], ())
    return NodeOutcome(out)


def argument(call: NodeCall) -> NodeOutcome:
    """Where the largest or smallest value of an axis is."""
    value = call.need(0)
    shape, axis = value.known, axis_of(call.attr("axis", 0), len(value.known))
    keep = call.attr("keepdims", 1)
    made = (*shape[:axis], *((1,) if keep else ()), *shape[axis + 1 :])
    kept = None if value.axis in (None, axis) else value.axis - (not keep and value.axis > axis)
    return NodeOutcome([NodeOutput(made, kept)])


def top_k(call: NodeCall) -> NodeOutcome:
    """The largest values of an axis, and where they are."""
    value, count = call.need(0), call.numbers(1, "k")
    if not count:
        raise OperatorFault("k is missing")
    shape, axis = value.known, axis_of(call.attr("axis", -1), len(value.known))
    if not 0 <= count[0] <= shape[axis]:
        raise OperatorFault(f"the {count[0]} largest of {shape[axis]}")
    made = (*shape[:axis], int(count[0]), *shape[axis + 1 :])
    return NodeOutcome([NodeOutput(made, value.axis if value.axis != axis else None)] * 2)


# --- numbers ----------------------------------------------------------------------------------------


def constant(call: NodeCall) -> NodeOutcome:
    """A tensor that stands in the node."""
    for name in ("value", "value_float", "value_floats", "value_int", "value_ints", "value_string", "value_strings",
                 "sparse_value"):  # fmt: skip
        found = call.attr(name)
        if isinstance(found, TensorProto):
            value = tensor_value(found)
            return NodeOutcome([NodeOutput(value.shape, None, value.numbers)], storages=value.storages)
        if found is not None and name != "sparse_value":
            many = isinstance(found, list)
            numbers = found if many else [found]
            if name.startswith("value_string"):
                return NodeOutcome([NodeOutput((len(numbers),) if many else ())], storages=())
            real = name.startswith("value_float")
            return NodeOutcome([NodeOutput((len(numbers),) if many else (), None, numbers)],
                          storages=(Initializer((len(numbers),), real),))  # fmt: skip
    raise UnknownShape


def constant_of_shape(call: NodeCall) -> NodeOutcome:
    """One number everywhere. Where its shape stands in the file it may be in the place of weights."""
    wanted = call.need(0)
    if wanted.numbers is None:
        raise UnknownShape
    shape = tuple(map(int, wanted.numbers))
    if min(shape, default=0) < 0:
        raise OperatorFault(f"the shape {list(shape)}")
    found = call.attr("value")
    number = (found.numbers() or [None])[0] if isinstance(found, TensorProto) else 0.0
    real = tensor_value(found).storages[0].real if isinstance(found, TensorProto) else True
    few = prod(shape) <= MOST_NUMBERS and number is not None
    stored = (Initializer(shape, real),) if wanted.storages else ()
    return NodeOutcome([NodeOutput(shape, None, [number] * prod(shape) if few else None)], storages=stored)


def counted(call: NodeCall) -> NodeOutcome:
    """Range: numbers from a start up to a limit."""
    start, limit, delta = (call.need(place).numbers for place in range(3))
    if not (start and limit and delta):
        raise UnknownShape
    if not delta[0]:
        raise OperatorFault("a range with steps of 0")
    count = max(ceil((limit[0] - start[0]) / delta[0]), 0)
    if not isinstance(start[0], float):
        count = max(-(-(limit[0] - start[0]) // delta[0]), 0)
    numbers = [start[0] + place * delta[0] for place in range(count)] if count <= MOST_NUMBERS else None
    return NodeOutcome([NodeOutput((count,), None, numbers)])


def one_hot(call: NodeCall) -> NodeOutcome:
    """An axis more, as deep as it is said."""
    value, depth = call.need(0), call.numbers(1)
    if not depth:
        raise UnknownShape
    rank = len(value.known) + 1
    axis = axis_of(call.attr("axis", -1), rank)
    made = [*value.known]
    made.insert(axis, int(depth[0]))
    kept = None if value.axis is None else value.axis + (axis <= value.axis)
    return NodeOutcome([NodeOutput(tuple(made), kept)])


def random_like(call: NodeCall) -> NodeOutcome:
    """As the input."""
    return NodeOutcome([NodeOutput(call.need(0).known, call.need(0).axis)])


def random(call: NodeCall) -> NodeOutcome:
    """Of a shape that stands in the node."""
    shape = call.attr("shape")
    if not isinstance(shape, list):
        raise OperatorFault("there is no shape to be had")
    return NodeOutcome([NodeOutput(tuple(shape))], storages=())


def non_zero(call: NodeCall) -> NodeOutcome:
    """Where values are not 0, which is not known before it runs; of numbers it is."""
    value = call.need(0)
    if value.numbers is None:
        raise UnknownShape
    shape, places = value.known, [place for place, number in enumerate(value.numbers) if number]
    strides = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    numbers = [place // stride % size for stride, size in zip(strides, shape, strict=True) for place in places]
    return NodeOutcome([NodeOutput((len(shape), len(places)), None, numbers)])


def unknown(call: NodeCall) -> NodeOutcome:
    """What hangs on the values: its shape is not known before it runs."""
    raise UnknownShape


def window(call: NodeCall) -> NodeOutcome:
    """HannWindow and its like: as many numbers as it is told."""
    size = call.numbers(0)
    if not size:
        raise UnknownShape
    return NodeOutcome([NodeOutput((int(size[0]),))], storages=())


def multinomial(call: NodeCall) -> NodeOutcome:
    """As many samples of each row as it is told."""
    value = call.need(0)
    return NodeOutcome([NodeOutput((value.known[0], call.attr("sample_size", 1)), value.axis)])


# --- maps -------------------------------------------------------------------------------------------


def grid_sample(call: NodeCall) -> NodeOutcome:
    """As many places as the grid has."""
    value, grid = call.need(0), call.need(1)
    shape, places = value.known, grid.known
    if len(shape) != len(places) or places[-1] != len(shape) - 2:
        raise OperatorFault(f"a grid of {'x'.join(map(str, places))} for {'x'.join(map(str, shape))}")
    return NodeOutcome([NodeOutput((*shape[:2], *places[1:-1]), value.axis)])


def affine_grid(call: NodeCall) -> NodeOutcome:
    """A place for every pixel."""
    wanted = call.numbers(1)
    if not wanted:
        raise UnknownShape
    return NodeOutcome([NodeOutput((wanted[0], *wanted[2:], len(wanted) - 2), 0 if call.need(0).axis == 0 else None)])


def dft(call: NodeCall) -> NodeOutcome:
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
    return NodeOutcome([NodeOutput(tuple(shape), value.axis)])


def stft(call: NodeCall) -> NodeOutcome:
    """A Fourier transform of every frame."""
    value, step = call.need(0), call.numbers(1)
    win = call.get(2)
    length = call.numbers(3) or (list(win.known) if win is not None else None)
    if not step or not length:
        raise UnknownShape
    shape = value.known
    frames = (shape[1] - int(length[0])) // int(step[0]) + 1
    bins = int(length[0]) // 2 + 1 if call.attr("onesided", 1) else int(length[0])
    return NodeOutcome([NodeOutput((shape[0], frames, bins, 2), value.axis)])


def rotary(call: NodeCall) -> NodeOutcome:
    """The shape stays."""
    return NodeOutcome([NodeOutput(call.need(0).known, call.need(0).axis)])


HANDLERS: Mapping[str, Handler] = {
    **dict.fromkeys((*_REDUCED, "ReduceLogSumExp"), reduced), "ArgMax": argument, "ArgMin": argument, "TopK": top_k,
    "Constant": constant, "ConstantOfShape": constant_of_shape, "Range": counted, "OneHot": one_hot,
    "RandomNormalLike": random_like, "RandomUniformLike": random_like, "EyeLike": random_like, "RandomNormal": random,
    "RandomUniform": random, "NonZero": non_zero, "HannWindow": window, "HammingWindow": window,
    "BlackmanWindow": window, "Multinomial": multinomial, "GridSample": grid_sample, "AffineGrid": affine_grid,
    "DFT": dft, "STFT": stft, "RotaryEmbedding": rotary,
    **dict.fromkeys("NonMaxSuppression Unique Compress".split(), unknown),
}  # fmt: skip
