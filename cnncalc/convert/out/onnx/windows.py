"""Convolutions and pools. What ONNX has of windows is what the layers' own rules say of every axis."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from ....layers.pool import AveragePool
from ....layers.upconv import Spreading
from ....layers.window import Window
from ..sayable import Unsayable
from .call import LayerWriter

#: The version from which on average pools have a dilation.
_DILATED_MEAN = 19
#: Windows along an axis that adaptive pools are written out for.
_MOST_ADAPTIVE = 64


def _geometry(axes: Sequence[Window | Spreading]) -> dict[str, Any]:
    """The attributes of windows along the axes; strides and so on where they are not the usual ones."""
    found = {"kernel_shape": [axis.kernel for axis in axes]}
    for name, values, usual in (
        ("strides", [axis.stride for axis in axes], 1),
        ("dilations", [axis.dilation for axis in axes], 1),
        ("pads", [axis.before for axis in axes] + [axis.after for axis in axes], 0),
    ):
        if any(value != usual for value in values):
            found[name] = values
    return found


def conv(call: LayerWriter) -> str:
    """A convolution; depthwise ones have a group a channel."""
    depth, filters = call.layer.channels(call.shapes)
    shape = call.layer.filter(call.shapes)
    groups = call.shape[0] // depth
    inputs = [call.x, call.kernel(shape)]
    if call.layer.bias:
        inputs.append(call.bias(filters))
    found = _geometry(call.layer.windows(call.shape))
    return call.op("Conv", inputs, **found, group=groups if groups > 1 else None)


def upconv(call: LayerWriter) -> str:
    """A transposed convolution. What is added to its end over the step has no tap: zeros, and the bias."""
    axes: list[Spreading] = call.layer.axes(call.shape)
    depth, filters = call.layer.channels(call.shapes)
    groups = call.shape[0] // depth
    kernel = [axis.kernel for axis in axes]
    weight = call.weight("weight", (call.shape[0], filters // groups, *kernel), f"kernel:{depth * prod(kernel)}")
    bias = [call.bias(filters)] if call.layer.bias else []
    extra = [axis.extra for axis in axes]
    inner = [min(axis.extra, max(axis.stride, axis.dilation) - 1) for axis in axes]
    found = {**_geometry(axes), "group": groups if groups > 1 else None}
    if extra == inner:
        return call.op("ConvTranspose", [call.x, weight, *bias], **found, output_padding=extra if any(extra) else None)
    made = tuple(size - more + less for size, more, less in zip(call.output[1:], extra, inner, strict=True))
    spread = call.op("ConvTranspose", [call.x, weight], (filters, *made), **found, output_padding=inner)
    ends = [more - less for more, less in zip(extra, inner, strict=True)]
    padded = call.op("Pad", [spread, call.ints(*[0] * (len(ends) + 4), *ends)])
    if not bias:
        return padded
    apart = call.whole("Unsqueeze", [*bias, call.ints(*range(1, len(axes) + 1))], (filters, *[1] * len(axes)))
    return call.op("Add", [padded, apart])


# --- pools ------------------------------------------------------------------------------------------


def pool(call: LayerWriter) -> str:
    """A pool with a window, or one that gives a size."""
    if call.layer.to is not None:
        return _adaptive(call)
    windows: tuple[Window, ...] = call.layer.windows(call.shape)
    if isinstance(call.layer, AveragePool):
        return _average(call, windows)
    return _pooled(call, "MaxPool", windows, "-inf")


def _average(call: LayerWriter, windows: tuple[Window, ...]) -> str:
    if any(window.dilation > 1 for window in windows) and call.opset < _DILATED_MEAN:
        raise Unsayable(f"average pools have no dilation below version {_DILATED_MEAN} of the operators")
    if not call.layer.countpad:
        return _pooled(call, "AveragePool", windows, "")
    if any(_past_end(window) > window.after for window in windows):  # padding counts, what is past it does not
        sides = [window.before for window in windows], [window.after for window in windows]
        inner = call.op("Pad", [call.x, call.ints(0, 0, *sides[0], 0, 0, *sides[1])], _padded(call, *sides))
        grown = [
            window._replace(
                size=window.size + window.before + window.after, before=0, after=_past_end(window) - window.after
            )
            for window in windows
        ]
        return call.op("AveragePool", [inner], **_geometry(grown))
    return _pooled(call, "AveragePool", windows, "0")


def _padded(call: LayerWriter, before: Sequence[int], after: Sequence[int]) -> tuple[int, ...]:
    """The shape of what enters with a border."""
    sizes = zip(call.shape[1:], before, after, strict=True)
    return (call.shape[0], *(size + a + b for size, a, b in sizes))


def _past_end(one: Window) -> int:
    """How far the last window reaches past the end of the input; the padding there, where it does not reach so far."""
    return max((one.output - 1) * one.stride + one.reach - one.size - one.before, one.after)


def _pooled(call: LayerWriter, op: str, windows: tuple[Window, ...], border: str) -> str:
    """A pool over windows that are rounded down, or up where ONNX does so as we do; else with the padding that makes
    it come out. `border`: what stands there, where it is wider than a kernel, which no runtime takes.
    """
    attributes: dict[str, Any] = {"count_include_pad": 1} if border == "0" else {}
    if all(window.ceil and not window.left_out for window in windows) and any(
        _past_end(window) > window.after for window in windows
    ):
        attributes["ceil_mode"] = 1
    else:
        windows = tuple([window._replace(after=_past_end(window)) if window.ceil else window for window in windows])
    if all(max(window.before, window.after) < window.kernel for window in windows):
        return call.op(op, [call.x], **_geometry(windows), **attributes)
    if not border:
        raise Unsayable("its padding is as wide as its kernel, and not counted: no operator averages so")
    sides = [window.before for window in windows], [window.after for window in windows]
    inner = call.op("Pad", [call.x, call.ints(0, 0, *sides[0], 0, 0, *sides[1]), call.number(float(border))],
                    _padded(call, *sides))  # fmt: skip
    bare = tuple([window._replace(before=0, after=0) for window in windows])
    return call.op(op, [inner], **_geometry(bare), **attributes)


def _adaptive(call: LayerWriter) -> str:
    """A pool that gives a size: a window where sizes divide, else the windows along one axis after the other."""
    average = isinstance(call.layer, AveragePool)
    sizes, made = call.shape[1:], call.output[1:]
    if set(made) == {1}:
        return call.op("GlobalAveragePool" if average else "GlobalMaxPool", [call.x])
    if all(size % count == 0 for size, count in zip(sizes, made, strict=True)):
        steps = [size // count for size, count in zip(sizes, made, strict=True)]
        return call.op("AveragePool" if average else "MaxPool", [call.x], kernel_shape=steps, strides=steps)
    if max(count for size, count in zip(sizes, made, strict=True) if size != count) > _MOST_ADAPTIVE:
        raise Unsayable(f"an adaptive pool whose sizes do not divide gives at most {_MOST_ADAPTIVE} an axis here")
    tensor, shape = call.x, call.shape
    for axis, count in enumerate(made, 1):
        if shape[axis] != count:
            tensor = _along(call, tensor, shape, axis, count)
            shape = (*shape[:axis], count, *shape[axis + 1 :])
    return tensor


def _along(call: LayerWriter, tensor: str, shape: tuple[int, ...], axis: int, count: int) -> str:
    """Window i reads from floor(i*size/count) up to but without ceil((i+1)*size/count)."""
    size, parts = shape[axis], []
    for place in range(count):
        start, end = place * size // count, -(-(place + 1) * size // count)
        part = (*shape[:axis], end - start, *shape[axis + 1 :])
        cut = call.op("Slice", [tensor, call.ints(start), call.ints(end), call.ints(axis + 1)], part)
        one = (*shape[:axis], 1, *shape[axis + 1 :])
        parts.append(reduced(call, "Mean" if isinstance(call.layer, AveragePool) else "Max", cut, [axis], one))
    return call.op("Concat", parts, (*shape[:axis], count, *shape[axis + 1 :]), axis=axis + 1)


def reduced(call: LayerWriter, how: str, tensor: str, axes: Sequence[int], shape: tuple[int, ...]) -> str:
    """A mean or a maximum over axes of a sample, which become 1: from version 18 on they are an input."""
    places = [axis + 1 for axis in axes]
    if call.opset < 18:
        return call.op(f"Reduce{how}", [tensor], shape, axes=places)
    return call.op(f"Reduce{how}", [tensor, call.ints(*places)], shape)


def global_pool(call: LayerWriter) -> str:
    """A pool over everything."""
    return call.op("GlobalAveragePool" if call.layer.linear else "GlobalMaxPool", [call.x])


def unpool(call: LayerWriter) -> str:
    """The values of a pooled map where its pool found them: the pool gives its indices, too."""
    if len(call.inputs) < 2:
        raise Unsayable("which pool it undoes is not said", "name it: 'unpool from=@pool1'")
    maker = call.graph.makers.get(call.inputs[1])
    if maker is None or maker.op != "MaxPool":
        raise Unsayable("the pool that it undoes is written as several operators, which give no indices")
    if len(maker.outputs) == 1:
        made = call.graph.unique(f"{call.inputs[1]}.indices")
        maker.outputs.append(made)
        call.graph.values[made] = (call.graph.values[call.inputs[1]][0], "integer")
    axes = call.layer.axes(call.shape)
    wanted = call.graph.samples(call.output)
    found = {name: value for name, value in _geometry(axes).items() if name != "dilations"}
    return call.op("MaxUnpool", [call.x, maker.outputs[1], wanted], **found)


HANDLERS = {
    "conv": conv, "dwconv": conv, "upconv": upconv, "maxpool": pool, "avgpool": pool, "gavgpool": global_pool,
    "gmaxpool": global_pool, "unpool": unpool,
}  # fmt: skip
