"""Layers that move, cut, stretch or join tensors, without weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from math import prod

from ....layers import Shape
from ....layers.axes import axis_index, axis_indices
from ....layers.window import pad_pairs
from ...keras_call import bordered
from .call import KerasWriter, axes_text, last, place, sized, tuple_text

_BILINEAR = '"bilinear"'


def flatten(writer: KerasWriter) -> str:
    """All values in one vector."""
    if writer.is_vector:
        return writer.x
    _say_order(writer, writer.shape)
    return f"layers.Flatten()({writer.x})"


def _say_order(writer: KerasWriter, shape: Shape) -> None:
    """Says that values come in another order than channels first, where they do."""
    if shape[0] > 1 and prod(shape[1:]) > 1:
        writer.comment("channels last: the values come in another order than channels first")


def reshape(writer: KerasWriter) -> str:
    """The same values in another shape."""
    if writer.node.kind == "reshape":
        _say_order(writer, writer.shape if len(writer.shape) > 1 else writer.output)
    return f"layers.Reshape({tuple_text(last(writer.output))})({writer.x})"


def permute(writer: KerasWriter) -> str:
    """The axes in another order."""
    order = [axis or len(writer.shape) for axis in writer.layer.order(writer.shape)]
    return f"layers.Permute({tuple_text((*order[1:], order[0]))})({writer.x})"


def pad(writer: KerasWriter) -> str:
    """A border; what is taken off comes first."""
    pairs = pad_pairs(writer.layer.amount, writer.shape)
    cut = bordered([(max(-a, 0), max(-b, 0)) for a, b in pairs], "Cropping")
    tensor = writer.step(f"{cut}({writer.x})") if cut else writer.x
    added = [(max(a, 0), max(b, 0)) for a, b in pairs]
    if not any(a or b for a, b in added):
        return tensor
    if writer.layer.mode == "zero":
        return f"{bordered(added)}({tensor})"
    if writer.layer.mode == "reflect":
        return f'ops.pad({tensor}, {tuple_text([(0, 0), *added, (0, 0)])}, mode="reflect")'
    for axis, sides in enumerate(added, 1):
        tensor = writer.step(_lengthened(tensor, axis, sides, writer.layer.mode)) if any(sides) else tensor
    return tensor


def _lengthened(tensor: str, axis: int, sides: tuple[int, int], mode: str) -> str:
    """A tensor with its ends repeated along an axis, or wrapped around."""
    before, after = sides
    colons = ":, " * axis
    if mode == "circular":
        parts = [f"{tensor}[{colons}-{before}:]", tensor, f"{tensor}[{colons}:{after}]"]
    else:
        ends = f"{tensor}[{colons}:1]", f"{tensor}[{colons}-1:]"
        first, second = (f"ops.repeat({end}, {side}, axis={axis})" for end, side in zip(ends, sides, strict=True))
        parts = [first, tensor, second]
    kept = [part for part, wanted in zip(parts, (before, 1, after), strict=True) if wanted]
    return f"ops.concatenate([{', '.join(kept)}], axis={axis})"


def crop(writer: KerasWriter) -> str:
    """The middle of the input."""
    pairs = [((size - kept) // 2, size - kept - (size - kept) // 2)
             for size, kept in zip(writer.shape[1:], writer.output[1:], strict=True)]  # fmt: skip
    made = bordered(pairs, "Cropping")
    return f"{made}({writer.x})" if made else writer.x


def resize(writer: KerasWriter) -> str:
    """By whole factors, else to a size, for which Keras has a layer for two axes."""
    layer, made = writer.layer, writer.output[1:]
    factors = layer.factor if isinstance(layer.factor, tuple) else (layer.factor,) * writer.rank
    whole = layer.factor is not None and all(isinstance(factor, int) for factor in factors)
    nearest = layer.mode == "nearest"
    if whole and (nearest or writer.rank == 2):
        return f"{writer.call(mode=None if nearest else _BILINEAR, factor=sized(factors), to=None)}({writer.x})"
    ending = ', interpolation="nearest"' if nearest else ""
    if writer.rank == 2:
        return f"layers.Resizing({made[0]}, {made[1]}{ending})({writer.x})"
    helper = writer.helper("resize_nearest" if nearest else "resize_linear")
    return f"{helper}({writer.x}, {tuple_text(made)})"


def _sliced(writer: KerasWriter, axis: int, start: int, end: int) -> str:
    """A range of an axis of a sample."""
    before = "..., " if not axis else ":, " * axis
    return f"{writer.x}[{before}{start or ''}:{end}]"


def take(writer: KerasWriter) -> str:
    """A range of an axis."""
    start, end = writer.layer.range
    return _sliced(writer, axis_index(writer.layer.axis, writer.shape), start, end)


def split(writer: KerasWriter) -> str:
    """An axis cut into parts: the expression gives all of them."""
    along = axis_index(writer.layer.axis, writer.shape)
    sizes = [result.output((writer.shape,))[along] for result in writer.layer.results]
    places = [sum(sizes[:number]) for number in range(1, len(sizes))]
    parts = str(len(sizes)) if len(set(sizes)) == 1 else f"[{', '.join(map(str, places))}]"
    return f"ops.split({writer.x}, {parts}, axis={place(along)})"


def helped(name: str, argument: str) -> Callable[[KerasWriter], str]:
    """A function that is written before the model."""
    return lambda writer: f"{writer.helper(name)}({writer.x}, {getattr(writer.layer, argument)})"


def reduced(name: str) -> Callable[[KerasWriter], str]:
    """A mean or a maximum along axes."""

    def rule(writer: KerasWriter) -> str:
        axes = axes_text(axis_indices(writer.layer.axis, writer.shape, "axis"))
        return f"ops.{name}({writer.x}, axis={axes}, keepdims=True)"

    return rule


# --- merges -----------------------------------------------------------------------------------------


def merge(name: str) -> Callable[[KerasWriter], str]:
    """A merge that Keras has a layer for."""
    return lambda writer: f"layers.{name}()([{', '.join(writer.inputs)}])"


def chained(function: str) -> Callable[[KerasWriter], str]:
    """A function of two tensors: of each and what came of those before."""
    return lambda writer: reduce(lambda a, b: f"ops.{function}({a}, {b})", writer.inputs)


def concat(writer: KerasWriter) -> str:
    """Tensors side by side."""
    along = axis_index(writer.layer.axis, writer.output)
    return f"layers.Concatenate({f'axis={along}' if along else ''})([{', '.join(writer.inputs)}])"


def matmul(writer: KerasWriter) -> str:
    """The matrix product over the last two axes of both, as they are with the channels first."""
    first, second = [_channels_first(one, shape) for one, shape in zip(writer.inputs, writer.shapes, strict=True)]
    if writer.layer.transposed:
        second = f"ops.swapaxes({second}, -1, -2)"
    return f"ops.moveaxis({writer.step(f'ops.matmul({first}, {second})')}, 1, -1)"


def _channels_first(tensor: str, shape: Sequence[int]) -> str:
    return f"ops.moveaxis({tensor}, -1, 1)"


def glu(writer: KerasWriter) -> str:
    """One half of the channels gates the other."""
    halves = writer.source.temporary("value"), writer.source.temporary("gate")
    writer.source.statement(f"{', '.join(halves)} = ops.split({writer.x}, 2, axis=-1)")
    return f"{halves[0]} * ops.sigmoid({halves[1]})"


def identity(writer: KerasWriter) -> str:
    """The tensor itself."""
    return writer.x


HANDLERS = {
    "glu": glu, "identity": identity,
    "flatten": flatten, "reshape": reshape, "tokens": reshape, "permute": permute, "pad": pad, "crop": crop,
    "resize": resize, "take": take, "split": split, "lrn": helped("local_response_norm", "size"),
    "pixelshuffle": helped("pixel_shuffle", "factor"), "pixelunshuffle": helped("pixel_unshuffle", "factor"),
    "shuffle": helped("channel_shuffle", "groups"), "mean": reduced("mean"), "max": reduced("max"),
    "add": merge("Add"), "mul": merge("Multiply"), "maximum": merge("Maximum"), "minimum": merge("Minimum"),
    "sub": chained("subtract"), "div": chained("divide"), "concat": concat, "matmul": matmul,
}  # fmt: skip
