"""Convolutions and pools. Padding that Keras's "same" does not come to is a layer of its own."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import Any

from ....layers.pool import AveragePool
from ....layers.upconv import Spreading
from ....layers.window import Window
from ...keras_call import bordered
from ..sayable import Unsayable
from .call import KerasWriter, sized, tuple_text

_SIZES = ("kernel", "stride", "dilation")
#: Groups that are written one by one.
_FEW_GROUPS = 4
#: Kinds whose values are never below 0.
_NOT_NEGATIVE = frozenset(("relu", "relu6", "sigmoid", "hardsigmoid", "softplus", "softmax"))


def _values(windows: Sequence[Window | Spreading]) -> dict[str, Any]:
    return {name: sized([getattr(window, name) for window in windows]) for name in _SIZES}


def _pads(windows: Sequence[Window]) -> list[tuple[int, int]]:
    return [(window.before, window.after) for window in windows]


def _is_same(windows: Sequence[Window]) -> bool:
    """Whether the padding is what Keras's "same" comes to: the odd pixel at the end."""
    for window in windows:
        total = max((-(-window.size // window.stride) - 1) * window.stride + window.reach - window.size, 0)
        if (window.before, window.after) != (total // 2, total - total // 2) or window.ceil:
            return False
    return any(one.before or one.after for one in windows)


def _padded(writer: KerasWriter, windows: Sequence[Window]) -> str:
    """What enters, with its padding."""
    layer = bordered(_pads(windows))
    return writer.step(f"{layer}({writer.x})") if layer else writer.x


def conv(writer: KerasWriter) -> str:
    """A convolution."""
    windows: tuple[Window, ...] = writer.layer.windows(writer.shape)
    depthwise = writer.node.kind == "dwconv"
    values = _values(windows)
    if values["stride"] != "1" and values["dilation"] != "1":
        return _stepping(writer, windows)
    word = '"causal"' if writer.layer.pad == "causal" and not depthwise else '"same"' if _is_same(windows) else None
    return writer.applied(_made(writer, windows, values, word), writer.x if word else _padded(writer, windows))


def _made(writer: KerasWriter, windows: Sequence[Window], values: dict[str, Any], word: str | None) -> str:
    """The constructor of a convolution. A depthwise one that Keras has no layer for is one of as many groups."""
    if writer.node.kind == "dwconv" and (len(windows) > 2 or "(" in values["stride"]):
        return writer.call("conv", **values, pad=word, filters=writer.output[0], groups=writer.shape[0])
    return writer.call(**values, pad=word)


def _stepping(writer: KerasWriter, windows: Sequence[Window]) -> str:
    """A convolution that both steps and is dilated, which Keras has not. Where no window reads the values between,
    they are taken off before it; else it goes step by step, and what is passed over is taken off behind it.
    """
    tensor = _padded(writer, windows)
    dilations = [window.dilation if window.kernel > 1 else window.stride for window in windows]
    spaces = [gcd(window.stride, dilation) for window, dilation in zip(windows, dilations, strict=True)]
    strides = [window.stride // space for window, space in zip(windows, spaces, strict=True)]
    dilations = [dilation // space for dilation, space in zip(dilations, spaces, strict=True)]
    if max(spaces) > 1:
        tensor = writer.step(tensor + _every(spaces))
    passed = max(strides) > 1 and max(dilations) > 1
    values = {
        "kernel": sized([window.kernel for window in windows]), "stride": "1" if passed else sized(strides),
        "dilation": sized(dilations),
    }  # fmt: skip
    made = writer.applied(_made(writer, windows, values, None), tensor)
    if not passed:
        return made
    writer.source.dearer(writer.node)
    return writer.step(made) + _every(strides)


def _every(steps: Sequence[int]) -> str:
    """Every second value along an axis, or every third."""
    return f"[:, {', '.join('::' + str(step) if step > 1 else ':' for step in steps)}]"


def upconv(writer: KerasWriter) -> str:
    """A transposed convolution, of which the pads are taken off behind it. Keras fills up to the stride."""
    axes: list[Spreading] = writer.layer.axes(writer.shape)
    if any(axis.extra and axis.extra >= axis.stride and not axis.same for axis in axes):
        raise Unsayable("Keras wants an output padding below the stride")
    values = _values(axes)
    if values["stride"] != "1" and values["dilation"] != "1":
        raise Unsayable("Keras has no transposed convolution with both strides and dilation")
    plain = values["dilation"] == "1" and writer.layer.groups == 1
    if writer.layer.pad == "same" and plain and all(axis.stride <= axis.kernel for axis in axes):
        return writer.applied(writer.call(**values, pad='"same"', outpad=None))
    more = [0 if axis.same else axis.extra for axis in axes]
    outpad = sized(more) if any(more) else None
    whole = [(axis.size - 1) * axis.stride + _reach(axis) + extra if any(more)
             else (axis.size - 1) * axis.stride + max(_reach(axis), axis.stride)
             for axis, extra in zip(axes, more, strict=True)]  # fmt: skip
    cut = [(axis.before, size - axis.before - axis.output) for axis, size in zip(axes, whole, strict=True)]
    if any(side < 0 for pair in cut for side in pair):
        raise Unsayable("Keras has no padding behind a transposed convolution that takes its bias")
    made = _spread(writer, values, outpad)
    crop = bordered(cut, "Cropping")
    return f"{crop}({writer.step(made)})" if crop else made


def _reach(one: Spreading) -> int:
    return one.dilation * (one.kernel - 1) + 1


def _spread(writer: KerasWriter, values: dict[str, Any], outpad: str | None) -> str:
    """The convolution itself: Keras has no groups of it, so that each is one of its own."""
    groups = writer.layer.groups
    if groups == 1:
        return writer.applied(writer.call(**values, pad=None, outpad=outpad))
    made = writer.call(**values, pad=None, outpad=outpad, filters=writer.layer.filters // groups)
    parts = writer.source.temporary("parts")
    writer.source.statement(f"{parts} = ops.split({writer.x}, {groups}, axis=-1)")
    if groups <= _FEW_GROUPS or writer.is_shared:
        called = [writer.applied(made, f"{parts}[{number}]") for number in range(groups)]
        return f"layers.Concatenate()([{', '.join(called)}])"
    return f"layers.Concatenate()([{made}(part) for part in {parts}])"


# --- pools ------------------------------------------------------------------------------------------


def pool(writer: KerasWriter) -> str:
    """A pool with a window, or one that gives a size."""
    if writer.layer.to is not None:
        return _adaptive(writer)
    windows: tuple[Window, ...] = writer.layer.windows(writer.shape)
    if any(window.dilation != 1 for window in windows):
        raise Unsayable("Keras's pools have no dilation")
    values = _values(windows)
    given = {"kernel": values["kernel"], "stride": None if values["stride"] == values["kernel"] else values["stride"]}
    average = isinstance(writer.layer, AveragePool)
    if _is_same(windows) and not (average and writer.layer.countpad):
        return f"{writer.call(**given, pad=_SAME)}({writer.x})"
    ends = [
        max((window.output - 1) * window.stride + window.reach - window.size - window.before, window.after)
        for window in windows
    ]
    pairs = [(window.before, end if window.ceil else window.after) for window, end in zip(windows, ends, strict=True)]
    made = writer.call(**given, pad=None)
    if not any(before or after for before, after in pairs):
        return f"{made}({writer.x})"
    if not average:
        return f"{made}({writer.step(_outside(writer, pairs))})"
    return _average(writer, made, windows, pairs)


def _average(writer: KerasWriter, made: str, windows: Sequence[Window], pairs: Sequence[tuple[int, int]]) -> str:
    """An average over what is padded: padding counts where that is said, what is past it never does."""
    if not writer.layer.countpad:
        return f"{writer.helper('average_inside')}({writer.x}, {made}, {tuple_text(pairs)})"
    tensor = _padded(writer, windows)
    beyond = [(0, after - window.after) for window, (_, after) in zip(windows, pairs, strict=True)]
    if any(after for _, after in beyond):
        return f"{writer.helper('average_inside')}({tensor}, {made}, {tuple_text(beyond)})"
    return f"{made}({tensor})"


_SAME = '"same"'


def _outside(writer: KerasWriter, pairs: Sequence[tuple[int, int]]) -> str:
    """A border that never is the largest: zeros behind a ReLU and its like."""
    maker = writer.source.network.nodes[writer.node.inputs[0]]
    if maker.kind in _NOT_NEGATIVE:
        return f"{bordered(pairs)}({writer.x})"
    border = ", ".join(map(str, [(0, 0), *pairs, (0, 0)]))
    return f'ops.pad({writer.x}, ({border}), constant_values=float("-inf"))'


def _adaptive(writer: KerasWriter) -> str:
    sizes, made = writer.shape[1:], writer.output[1:]
    average = isinstance(writer.layer, AveragePool)
    if sizes == made:
        return writer.x
    if set(made) == {1}:
        return f"{writer.call('gavgpool' if average else 'gmaxpool')}({writer.x})"
    if all(size % count == 0 for size, count in zip(sizes, made, strict=True)):
        kernel = sized([size // count for size, count in zip(sizes, made, strict=True)])
        return f"{writer.call(kernel=kernel, stride=None, pad=None)}({writer.x})"
    return f"{writer.call(f'{writer.node.kind} to', to=sized(made))}({writer.x})"


def global_pool(writer: KerasWriter) -> str:
    """A pool over everything: a vector, where only fully connected layers read it."""
    kept = None if writer.node.position in writer.source.vectors else True
    return f"{writer.call(kept=kept)}({writer.x})"


def unpool(writer: KerasWriter) -> str:
    """Back where the pool found its values, which is where it is as large as what entered that."""
    if len(writer.inputs) < 2:
        raise Unsayable("which pool it undoes is not said", "name it: 'unpool from=@pool1'")
    pool_node = writer.source.network.nodes[writer.node.inputs[1]]
    axes = writer.layer.axes(writer.shape)
    plain = all(axis.kernel == axis.stride and axis.dilation == 1 and axis.before == 0 for axis in axes)
    if not plain or pool_node.kind != "maxpool":
        raise Unsayable("Keras has no max unpooling of windows that overlap or are padded")
    before = writer.source.variables[pool_node.inputs[0]]
    upsample = f"layers.UpSampling{len(axes)}D({sized([axis.kernel for axis in axes])})"
    return f"{writer.helper('max_unpool')}({writer.x}, {writer.inputs[1]}, {before}, {upsample})"


HANDLERS = {
    "conv": conv, "dwconv": conv, "upconv": upconv, "maxpool": pool, "avgpool": pool, "gavgpool": global_pool,
    "gmaxpool": global_pool, "unpool": unpool,
}  # fmt: skip
