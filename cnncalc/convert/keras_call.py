"""The Keras call of a layer (Keras 3, channels last): one layer, or several in a list, where padding is one of its own.

`layers` is keras.layers, `ops` keras.ops, `x` the input, `a`, `b`, … the paths of a merge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from ..layers import Layer, Shape
from ..layers.axes import axis_index, axis_indices
from ..layers.conv import DepthwiseConv
from ..layers.pool import AveragePool
from ..layers.upconv import Spreading
from ..layers.window import Window, pad_pairs
from ..values import spell
from .call import CallText, Framework, letters, sized

_keras = Framework("keras", "layers", '"')
_call = _keras.call


def keras_call(layer: Layer, shapes: Sequence[Shape], output: Shape) -> CallText:
    """The call that does what `layer` does with inputs of `shapes`; an empty one with the reason where none does.

    `shapes` and `output` are those of one sample, channels first, whatever the call's own order is.
    """
    rule = _RULES.get(layer.kind)
    if not shapes and not (layer.merges or layer.source):
        return CallText("", f"Keras has no {layer.kind} of nothing")
    if rule is not None:
        return rule(layer, shapes if layer.merges or layer.source else shapes[0], output)
    code = "" if layer.merges or layer.source else _call(layer, shapes[0], output)
    return CallText(code, "" if code else f"Keras has no layer for {_keras.lacking(layer)}")


def _both(*calls: str) -> str:
    some = [call for call in calls if call]
    return some[0] if len(some) == 1 else f"[{', '.join(some)}]"


def bordered(pairs: Sequence[tuple[int, int]], name: str = "ZeroPadding") -> str:
    """The layer that puts zeros around, or with another name takes pixels off; empty where there is nothing to do."""
    if not any(before or after for before, after in pairs):
        return ""
    rank = len(pairs)
    if rank == 1:
        ((before, after),) = pairs
        return f"layers.{name}1D({before if before == after else (before, after)})"
    if all(before == after for before, after in pairs):
        return f"layers.{name}{rank}D({sized([before for before, _ in pairs])})"
    return f"layers.{name}{rank}D({tuple(pairs)})"


def _conv(layer: Any, shape: Shape, output: Shape) -> CallText:
    windows: tuple[Window, ...] = layer.windows(shape)
    rank = len(windows)
    deep = isinstance(layer, DepthwiseConv)
    kernel, strides, dilation = (sized([getattr(window, name) for window in windows]) for name in _SIZES)
    if strides != "1" and dilation != "1":
        return CallText("", "Keras has no convolution with both strides and dilation")
    if deep and (rank == 3 or "(" in strides):
        return CallText("", "Keras's depthwise convolutions have one stride, and at most two axes")
    own = isinstance(layer.pad, str) and not (deep and layer.pad == "causal")
    word = f'"{layer.pad}"' if own else None
    zeros = "" if word else bordered([(window.before, window.after) for window in windows])
    call = _call(layer, shape, output, kernel=kernel, stride=strides, dilation=dilation, pad=word)
    return CallText(_both(zeros, call))


def _upconv(layer: Any, shape: Shape, output: Shape) -> CallText:
    axes: list[Spreading] = layer.axes(shape)
    same = layer.pad == "same"
    if any(axis.dilation != 1 or (axis.extra and not same) for axis in axes) or layer.groups != 1:
        return CallText("", "Keras's transposed convolutions differ in dilation, groups and output padding")
    if any(axis.stride > axis.kernel for axis in axes):
        return CallText("", "Keras's transposed convolutions fill up to the stride")
    kernel, stride = sized([axis.kernel for axis in axes]), sized([axis.stride for axis in axes])
    call = _call(layer, shape, output, kernel=kernel, stride=stride, pad='"same"' if same else None, outpad=None)
    cut = "" if same else bordered([(axis.before, axis.after) for axis in axes], "Cropping")
    return CallText(_both(call, cut))


def _pool(layer: Any, shape: Shape, output: Shape) -> CallText:
    average = isinstance(layer, AveragePool)
    if layer.to is not None:
        return CallText(_call(layer, shape, output, f"{layer.kind} to", to=sized(output[1:])), "not in older Keras 3")
    windows: tuple[Window, ...] = layer.windows(shape)
    if any(window.dilation != 1 for window in windows):
        return CallText("", "Keras's pools have no dilation")
    kernel, strides, _ = (sized([getattr(window, name) for window in windows]) for name in _SIZES)
    values: dict[str, Any] = {"kernel": kernel, "stride": None if strides == kernel else strides, "pad": None}
    if all(window.before == 0 and window.after == 0 and not window.ceil for window in windows):
        return CallText(_call(layer, shape, output, **values))
    if layer.pad == "same" and not any(window.ceil for window in windows) and not (average and layer.countpad):
        return CallText(_call(layer, shape, output, **{**values, "pad": '"same"'}))
    pairs = [
        (window.before, (window.output - 1) * window.stride + window.reach - window.size - window.before)
        for window in windows
    ]
    if any(after < 0 for _, after in pairs):
        pairs = [(window.before, window.after) for window in windows]
    if average and (not layer.countpad or any(window.ceil for window in windows)):
        return CallText("", "Keras does not say which padding its average counts")
    remark = "" if average else "right behind a ReLU, where the zeros never win"
    return CallText(_both(bordered(pairs), _call(layer, shape, output, **values)), remark)


def _fc(layer: Any, shape: Shape, output: Shape) -> CallText:
    return CallText(_both("layers.Flatten()" if len(shape) > 1 else "", _call(layer, shape, output)))


def _norm(layer: Any, shape: Shape, output: Shape) -> CallText:
    return CallText(_call(layer, shape, output, bias=layer.affine and layer.bias))


def _bn(layer: Any, shape: Shape, output: Shape) -> CallText:
    return CallText(_call(layer, shape, output, bias=layer.affine and layer.bias, scale=layer.affine and layer.scale))


def _ln(layer: Any, shape: Shape, output: Shape) -> CallText:
    places = [place or -1 for place in axis_indices(layer.axes, shape, "axes")]
    axes = str(places[0]) if len(places) == 1 else str([*places[1:], -1] if places[0] == -1 else places)
    return CallText(_call(layer, shape, output, axes=axes, bias=layer.affine and layer.bias))


def _softmax(layer: Any, shape: Shape, output: Shape) -> CallText:
    place = axis_index(layer.axis, shape)
    if layer.kind == "softmax" and place:
        return CallText(f"layers.Softmax(axis={place})")
    reason = "Keras's log_softmax goes over the channels"
    return CallText("", reason) if place else CallText(_call(layer, shape, output))


def _recurrent(layer: Any, shape: Shape, output: Shape) -> CallText:
    """A layer of Keras for each of its layers; all but the last give every step."""
    biases = "False" if layer.biases == 0 else None
    calls = []
    for number in range(1, layer.layers + 1):
        call = _call(layer, shape, output, biases=biases, bidirectional=None, layers=None,
                     last=None if layer.last and number == layer.layers else "True")  # fmt: skip
        if layer.kind == "gru" and layer.biases == 1:
            call = f"{call[:-1]}, reset_after=False)"
        calls.append(f"layers.Bidirectional({call})" if layer.bidirectional else call)
    remark = "one bias a gate" if layer.biases == 2 and layer.kind != "gru" else ""
    return CallText(_both(*calls), remark)


def _permute(layer: Any, shape: Shape, output: Shape) -> CallText:
    order = [place or len(shape) for place in layer.order(shape)]
    return CallText(f"layers.Permute(({', '.join(map(str, (*order[1:], order[0])))}{',' * (len(order) == 1)}))")


def _scale(layer: Any, shape: Shape, output: Shape) -> CallText:
    if layer.by is None:
        return CallText("", "Keras has no layer for scale")
    return CallText(f"layers.Rescaling({spell(layer.by)})")


def _two(name: str) -> Callable[[Any, Any, Shape], CallText]:
    """A merge that Keras has for two tensors."""
    return lambda layer, shapes, output: (
        _merge(name)(layer, shapes, output) if len(shapes) == 2 else CallText("", f"Keras's {name} takes two tensors")
    )


def _divided(layer: Any, shapes: Sequence[Shape], output: Shape) -> CallText:
    return CallText(reduce(lambda a, b: f"ops.divide({a}, {b})", letters(len(shapes))))


def _prelu(layer: Any, shape: Shape, output: Shape) -> CallText:
    if layer.each:
        return CallText("layers.PReLU()")
    if layer.shared:
        return CallText("", "Keras's PReLU has a slope a channel, or one an element")
    return CallText(_call(layer, shape, output, shared=str(list(range(1, len(shape)))) if len(shape) > 1 else None))


def _resize(layer: Any, shape: Shape, output: Shape) -> CallText:
    if len(shape) != 3:
        if layer.mode == "nearest" and isinstance(layer.factor, int):
            return CallText(_call(layer, shape, output, mode=None))
        return CallText("", "Keras resizes two axes")
    factors = layer.factor if isinstance(layer.factor, tuple) else (layer.factor, layer.factor)
    if layer.factor is not None and all(isinstance(factor, int) for factor in factors):
        mode = None if layer.mode == "nearest" else '"bilinear"'
        return CallText(_call(layer, shape, output, factor=sized(factors), mode=mode))
    mode = ', interpolation="nearest"' if layer.mode == "nearest" else ""
    return CallText(f"layers.Resizing({output[1]}, {output[2]}{mode})")


def _pad(layer: Any, shape: Shape, output: Shape) -> CallText:
    pairs = pad_pairs(layer.amount, shape)
    if layer.mode != "zero":
        return CallText("", "Keras's layers pad with zeros; ops.pad has modes")
    if any(side < 0 for pair in pairs for side in pair):
        return CallText("", "'Cropping' takes off, where the amount is negative")
    return CallText(bordered(pairs) or "layers.Identity()")


def _attention(layer: Any, shape: Any, output: Shape) -> CallText:
    bias = "" if layer.bias else ", use_bias=False"
    paths = letters(2) if layer.from_ is not None else ["x", "x"]
    return CallText(f"layers.MultiHeadAttention({layer.heads}, {output[0] // layer.heads}{bias})({', '.join(paths)})")


def _crop(layer: Any, shape: Shape, output: Shape) -> CallText:
    pairs = [((size - kept) // 2, size - kept - (size - kept) // 2)
             for size, kept in zip(shape[1:], output[1:], strict=True)]  # fmt: skip
    return CallText(bordered(pairs, "Cropping") or "layers.Identity()")


def _reshape(layer: Any, shape: Shape, output: Shape) -> CallText:
    last = (*output[1:], output[0])
    return CallText(f"layers.Reshape({last if len(last) > 1 else f'({last[0]},)'})", "channels last: another order")


def _merge(name: str) -> Callable[[Any, Any, Shape], CallText]:
    return lambda layer, shapes, output: CallText(f"layers.{name}()([{', '.join(letters(len(shapes)))}])")


def _concat(layer: Any, shapes: Sequence[Shape], output: Shape) -> CallText:
    place = axis_index(layer.axis, output)
    axis = f"axis={place}" if place else ""
    return CallText(f"layers.Concatenate({axis})([{', '.join(letters(len(shapes)))}])")


_SIZES = ("kernel", "stride", "dilation")
#: What a table cannot say: borders that are a layer of their own, several axes in one argument, other inputs.
_RULES: dict[str, Callable[[Any, Any, Shape], CallText]] = {
    "conv": _conv, "dwconv": _conv, "upconv": _upconv, "maxpool": _pool, "avgpool": _pool, "fc": _fc,
    "flatten": lambda layer, shape, output: CallText("layers.Flatten()", "channels last: another order"
                                                 if len(shape) > 1 else ""),
    "reshape": _reshape, "bn": _bn, "in": _norm, "gn": _norm, "ln": _ln, "prelu": _prelu, "pad": _pad,
    "crop": _crop, "resize": _resize, "add": _merge("Add"), "mul": _merge("Multiply"), "concat": _concat,
    "unpool": lambda layer, shape, output: CallText("", "Keras has no max unpooling"),
    "lstm": _recurrent, "gru": _recurrent, "rnn": _recurrent,
    "softmax": _softmax, "logsoftmax": _softmax, "permute": _permute, "scale": _scale, "sub": _two("Subtract"),
    "maximum": _merge("Maximum"), "minimum": _merge("Minimum"), "div": _divided,
    "matmul": lambda layer, shapes, output: CallText("", "Keras keeps the channels last: ops.matmul, the axes moved"),
    "attention": _attention,
}  # fmt: skip
