"""Layers that move, cut, stretch or join tensors, without weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from ....layers import Shape
from ....layers.axes import axis_index, axis_indices
from ....layers.window import pad_pairs
from .call import LayerWriter
from .dense import transposed
from .windows import reduced

#: The version from which on a resize names its axes.
_RESIZED_AXES = 18
#: The last whole number up to which a float of 32 bits has all.
_EXACT = 2**24


def reshaped(call: LayerWriter, tensor: str, shape: Shape) -> str:
    """The same values in another shape."""
    return call.op("Reshape", [tensor, call.ints(0, *shape)], shape)


def flatten(call: LayerWriter) -> str:
    """All values in one vector."""
    return call.op("Flatten", [call.x])


def reshape(call: LayerWriter) -> str:
    """The same values in another shape."""
    return reshaped(call, call.x, call.output)


def permute(call: LayerWriter) -> str:
    """The axes in another order."""
    return transposed(call, call.x, call.shape, call.layer.order(call.shape))


def sliced(call: LayerWriter, tensor: str, shape: Shape, ranges: Sequence[tuple[int, int]]) -> str:
    """What lies in a range of every axis of a sample."""
    cut = [axis for axis, (start, end) in enumerate(ranges) if (start, end) != (0, shape[axis])]
    if not cut:
        return tensor
    bounds = [call.ints(*(ranges[axis][side] for axis in cut)) for side in (0, 1)]
    made = tuple(end - start for start, end in ranges)
    return call.op("Slice", [tensor, *bounds, call.ints(*(axis + 1 for axis in cut))], made)


def crop(call: LayerWriter) -> str:
    """The middle of the input."""
    starts = [(size - kept) // 2 for size, kept in zip(call.shape, call.output, strict=True)]
    ranges = [(start, start + kept) for start, kept in zip(starts, call.output, strict=True)]
    return sliced(call, call.x, call.shape, ranges)


def take(call: LayerWriter) -> str:
    """A range of an axis."""
    along = axis_index(call.layer.axis, call.shape)
    start, end = call.layer.range
    ranges = [(start, end) if axis == along else (0, size) for axis, size in enumerate(call.shape)]
    return sliced(call, call.x, call.shape, ranges)


def split(call: LayerWriter) -> list[str]:
    """An axis cut into parts."""
    along = axis_index(call.layer.axis, call.shape)
    shapes = [result.output((call.shape,)) for result in call.layer.results]
    sizes = call.ints(*(shape[along] for shape in shapes))
    return call.several("Split", [call.x, sizes], [("N", *shape) for shape in shapes], axis=along + 1)


def glu(call: LayerWriter) -> str:
    """One half of the channels gates the other."""
    half = call.output
    halves = call.several("Split", [call.x, call.ints(half[0], half[0])], [("N", *half), ("N", *half)], axis=1)
    return call.op("Mul", [halves[0], call.op("Sigmoid", [halves[1]])])


def shuffle(call: LayerWriter) -> str:
    """Channels of the groups interleaved."""
    return _interleaved(call, call.x, call.shape, call.layer.groups)


def pixelunshuffle(call: LayerWriter) -> str:
    """Every patch becomes channels. ONNX has the places in a patch before the channels: they are turned behind them."""
    factor = call.layer.factor
    made = call.op("SpaceToDepth", [call.x], blocksize=factor)
    return made if call.shape[0] == 1 else _interleaved(call, made, call.output, factor**2)


def _interleaved(call: LayerWriter, tensor: str, shape: Shape, groups: int) -> str:
    channels, *sizes = shape
    cut, turned = (groups, channels // groups, *sizes), (channels // groups, groups, *sizes)
    parts = reshaped(call, tensor, cut)
    made = call.op("Transpose", [parts], turned, perm=[0, 2, 1, *range(3, len(cut) + 1)])
    return reshaped(call, made, shape)


# --- borders and sizes ------------------------------------------------------------------------------


def pad(call: LayerWriter) -> str:
    """A border. Where some is taken off, that comes first; one that wraps around is put together of slices."""
    pairs = pad_pairs(call.layer.amount, call.shape)
    ranges = [(0, call.shape[0])]
    ranges += [(max(-a, 0), size - max(-b, 0)) for size, (a, b) in zip(call.shape[1:], pairs, strict=True)]
    tensor = sliced(call, call.x, call.shape, ranges)
    shape = tuple(end - start for start, end in ranges)
    added = [(0, 0), *((max(before, 0), max(after, 0)) for before, after in pairs)]
    if not any(before or after for before, after in added):
        return tensor
    if call.layer.mode == "circular":
        return _wrapped(call, tensor, shape, added)
    amounts = [0, *(before for before, _ in added), 0, *(after for _, after in added)]
    mode = {"reflect": "reflect", "replicate": "edge"}.get(call.layer.mode)
    return call.op("Pad", [tensor, call.ints(*amounts)], mode=mode)


def _wrapped(call: LayerWriter, tensor: str, shape: Shape, added: Sequence[tuple[int, int]]) -> str:
    """The end of every axis before its start, its start behind its end."""
    for axis, (before, after) in enumerate(added):
        size = shape[axis]
        ends = [(size - before, size), (0, after)]
        parts = [
            sliced(call, tensor, shape, [(a, b) if place == axis else (0, one) for place, one in enumerate(shape)])
            if a < b else ""
            for a, b in ends
        ]  # fmt: skip
        joined = [part for part in (parts[0], tensor, parts[1]) if part]
        if len(joined) > 1:
            shape = (*shape[:axis], size + before + after, *shape[axis + 1 :])
            tensor = call.op("Concat", joined, shape, axis=axis + 1)
    return tensor


def resize(call: LayerWriter) -> str:
    """By factors where those are exact as floats, else to sizes."""
    linear = call.layer.mode != "nearest"
    mode: dict[str, Any] = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"} if linear else {
        "mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}  # fmt: skip
    factors = _factors(call)
    if factors is not None:
        return call.op("Resize", [call.x, "", call.graph.floats([1.0, 1.0, *factors])], **mode)
    sizes = call.output[1:]
    if call.opset >= _RESIZED_AXES:
        axes = list(range(2, len(call.shape) + 1))
        return call.op("Resize", [call.x, "", "", call.ints(*sizes)], **mode, axes=axes)
    return call.op("Resize", [call.x, "", "", call.graph.samples(call.output)], **mode)


def _factors(call: LayerWriter) -> list[float] | None:
    """The factors an axis, where a float says each exactly and its product with the size, too."""
    factor = call.layer.factor
    if factor is None:
        return None
    found = [Fraction(one) for one in (factor if isinstance(factor, tuple) else [factor] * call.rank)]
    for one, size in zip(found, call.shape[1:], strict=True):
        power = one.denominator & (one.denominator - 1) == 0
        if not power or max(one.numerator, one.denominator, one.numerator * size) >= _EXACT:
            return None
    return list(map(float, found))


def reduce(how: str) -> Callable[[LayerWriter], str]:
    """A mean or a maximum along axes."""

    def handle(call: LayerWriter) -> str:
        axes = axis_indices(call.layer.axis, call.shape, "axis")
        return reduced(call, how, call.x, axes, call.output)

    return handle


# --- merges -----------------------------------------------------------------------------------------


def concat(call: LayerWriter) -> str:
    """Tensors side by side."""
    return call.op("Concat", call.inputs, axis=axis_index(call.layer.axis, call.output) + 1)


def add(call: LayerWriter) -> str:
    """The sum of tensors."""
    return call.op("Add" if len(call.inputs) == 2 else "Sum", call.inputs)


def largest(op: str) -> Callable[[LayerWriter], str]:
    """The largest or smallest of tensors."""
    return lambda call: call.op(op, call.inputs)


def chained(op: str) -> Callable[[LayerWriter], str]:
    """An operator of two tensors: of each and what came of those before."""

    def handle(call: LayerWriter) -> str:
        tensor, shape = call.x, call.shape
        for other, size in zip(call.inputs[1:], call.shapes[1:], strict=True):
            shape = call.layer.output((shape, size))
            tensor = call.op(op, [tensor, other], shape)
        return tensor

    return handle


HANDLERS: dict[str, Callable[[LayerWriter], str | list[str]]] = {
    "flatten": flatten, "reshape": reshape, "tokens": reshape, "permute": permute, "crop": crop, "take": take,
    "split": split, "glu": glu, "shuffle": shuffle, "pixelunshuffle": pixelunshuffle,
    "pad": pad, "resize": resize, "mean": reduce("Mean"),
    "max": reduce("Max"), "concat": concat, "add": add, "mul": chained("Mul"), "sub": chained("Sub"),
    "div": chained("Div"), "maximum": largest("Max"), "minimum": largest("Min"),
}  # fmt: skip
