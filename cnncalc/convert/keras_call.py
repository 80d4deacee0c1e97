"""The Keras call of a layer (Keras 3, channels last): one layer, or several in a list, where padding is one of its own.

`layers` is keras.layers, `ops` keras.ops, `x` the input, `a`, `b`, … the paths of a merge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..layers import Layer, Shape
from ..layers.window import Window
from ..values import spell
from .call import Call, letters, sized, unless


def keras_call(layer: Layer, shapes: Sequence[Shape], output: Shape) -> Call:
    """The call that does what `layer` does with inputs of `shapes`; an empty one with the reason where none does."""
    rule = _RULES.get(layer.kind)
    if rule is None:
        return Call("", f"Keras has no layer for {layer.kind}")
    return rule(layer, shapes if layer.merges or layer.source else shapes[0], output)


def _call(name: str, *positional: object, **keys: object) -> str:
    words = [str(one) for one in positional]
    words += [f"{key}={value}" for key, value in keys.items() if value is not None]
    return f"layers.{name}({', '.join(words)})"


def _both(*calls: str) -> str:
    some = [call for call in calls if call]
    return some[0] if len(some) == 1 else f"[{', '.join(some)}]"


def _padding(rank: int, pairs: Sequence[tuple[int, int]], name: str = "ZeroPadding") -> str:
    """Zeros around, or with another name pixels taken off; empty where there is nothing to do."""
    if not any(before or after for before, after in pairs):
        return ""
    if rank == 1:
        ((before, after),) = pairs
        return f"layers.{name}1D({before if before == after else (before, after)})"
    if all(before == after for before, after in pairs):
        return f"layers.{name}{rank}D({sized([before for before, _ in pairs])})"
    return f"layers.{name}{rank}D({tuple(pairs)})"


def _word(layer: Any, windows: Sequence[Window]) -> str | None:
    """Keras's own word for the padding; None where it has to be a layer of its own."""
    if layer.pad == "same":
        return '"same"'
    if layer.pad == "causal":
        return '"causal"'
    return None


def _conv(layer: Any, shape: Shape, output: Shape) -> Call:
    windows: tuple[Window, ...] = layer.windows(shape)
    rank = len(windows)
    deep = layer.kind == "dwconv"
    strides, dilation = sized([one.stride for one in windows]), sized([one.dilation for one in windows])
    if strides != "1" and dilation != "1":
        return Call("", "Keras has no convolution with both strides and dilation")
    if deep and (rank == 3 or "(" in strides):
        return Call("", "Keras's depthwise convolutions have one stride, and at most two axes")
    word = None if deep and layer.pad == "causal" else _word(layer, windows)
    zeros = "" if word else _padding(rank, [(one.before, one.after) for one in windows])
    kernel = sized([one.kernel for one in windows])
    if deep:
        call = _call(f"DepthwiseConv{rank}D", kernel, depth_multiplier=unless(str(layer.multiplier), "1"),
                     strides=unless(strides, "1"), padding=word, dilation_rate=unless(dilation, "1"),
                     use_bias=None if layer.bias else False)  # fmt: skip
    else:
        call = _call(f"Conv{rank}D", output[0], kernel, strides=unless(strides, "1"), padding=word,
                     dilation_rate=unless(dilation, "1"), groups=unless(str(layer.groups), "1"),
                     use_bias=None if layer.bias else False)  # fmt: skip
    return Call(_both(zeros, call))


def _upconv(layer: Any, shape: Shape, output: Shape) -> Call:
    from ..layers.base import per_axis
    from ..layers.window import pad_pairs

    rank = len(shape) - 1
    kernel, stride, dilation, extra = (
        per_axis(getattr(layer, name), shape, name) for name in ("kernel", "stride", "dilation", "outpad")
    )
    if any(one != 1 for one in dilation) or layer.groups != 1 or any(extra):
        return Call("", "Keras's transposed convolutions differ in dilation, groups and output padding")
    if any(step > taps for step, taps in zip(stride, kernel, strict=True)):
        return Call("", "Keras's transposed convolutions fill up to the stride")
    same = layer.pad == "same"
    call = _call(f"Conv{rank}DTranspose", output[0], sized(kernel), strides=unless(sized(stride), "1"),
                 padding='"same"' if same else None, use_bias=None if layer.bias else False)  # fmt: skip
    return Call(_both(call, "" if same else _padding(rank, pad_pairs(layer.pad, shape), "Cropping")))


def _pool(name: str) -> Callable[[Any, Any, Shape], Call]:
    def rule(layer: Any, shape: Shape, output: Shape) -> Call:
        if layer.to is not None:
            return Call(f"layers.Adaptive{name}Pooling{len(shape) - 1}D({sized(output[1:])})", "not in older Keras 3")
        windows: tuple[Window, ...] = layer.windows(shape)
        rank = len(windows)
        if any(one.dilation != 1 for one in windows):
            return Call("", "Keras's pools have no dilation")
        kernel, strides = sized([one.kernel for one in windows]), sized([one.stride for one in windows])
        keys = {"strides": unless(strides, kernel)}
        if all(one.before == 0 and one.after == 0 and not one.ceil for one in windows):
            return Call(_call(f"{name}Pooling{rank}D", kernel, **keys))
        if layer.pad == "same" and not any(one.ceil for one in windows) and not (name == "Average" and layer.countpad):
            return Call(_call(f"{name}Pooling{rank}D", kernel, **keys, padding='"same"'))
        pairs = [(one.before, (one.output - 1) * one.stride + one.reach - one.size - one.before) for one in windows]
        if any(after < 0 for _, after in pairs):
            pairs = [(one.before, one.after) for one in windows]
        if name == "Average" and (not layer.countpad or any(one.ceil for one in windows)):
            return Call("", "Keras does not say which padding its average counts")
        remark = "right behind a ReLU, where the zeros never win" if name == "Max" else ""
        return Call(_both(_padding(rank, pairs), _call(f"{name}Pooling{rank}D", kernel, **keys)), remark)

    return rule


def _global(name: str) -> Callable[[Any, Any, Shape], Call]:
    return lambda layer, shape, output: Call(_call(f"Global{name}Pooling{len(shape) - 1}D", keepdims=True))


def _fc(layer: Any, shape: Shape, output: Shape) -> Call:
    call = _call("Dense", output[0], use_bias=None if layer.bias else False)
    return Call(_both("layers.Flatten()" if len(shape) > 1 else "", call))


def _bn(layer: Any, shape: Shape, output: Shape) -> Call:
    return Call(_call("BatchNormalization", center=None if layer.affine and layer.bias else False,
                      scale=None if layer.affine else False))  # fmt: skip


def _gn(layer: Any, shape: Shape, output: Shape) -> Call:
    groups = shape[0] if layer.kind == "in" else layer.groups
    return Call(_call("GroupNormalization", groups=groups, center=None if layer.affine and layer.bias else False,
                      scale=None if layer.affine else False))  # fmt: skip


def _ln(layer: Any, shape: Shape, output: Shape) -> Call:
    return Call(_call("LayerNormalization", center=None if layer.affine and layer.bias else False,
                      scale=None if layer.affine else False))  # fmt: skip


def _prelu(layer: Any, shape: Shape, output: Shape) -> Call:
    if layer.shared:
        return Call("", "Keras's PReLU has a slope a channel, or one an element")
    axes = list(range(1, len(shape)))
    return Call(_call("PReLU", shared_axes=axes or None))


def _resize(layer: Any, shape: Shape, output: Shape) -> Call:
    if len(shape) != 3:
        whole = layer.factor is not None and layer.mode == "nearest"
        rank = len(shape) - 1
        if whole and isinstance(layer.factor, int):
            return Call(f"layers.UpSampling{rank}D({layer.factor})")
        return Call("", "Keras resizes two axes")
    factors = layer.factor if isinstance(layer.factor, tuple) else (layer.factor, layer.factor)
    mode = None if layer.mode == "nearest" else '"bilinear"'
    if layer.factor is not None and all(isinstance(one, int) for one in factors):
        return Call(_call("UpSampling2D", sized(factors), interpolation=mode))
    return Call(_call("Resizing", output[1], output[2], interpolation='"nearest"' if mode is None else None))


def _pad(layer: Any, shape: Shape, output: Shape) -> Call:
    from ..layers.window import pad_pairs

    pairs = pad_pairs(layer.amount, shape)
    if any(side < 0 for pair in pairs for side in pair):
        return Call("", "'Cropping' takes off, where the amount is negative")
    return Call(_padding(len(shape) - 1, pairs) or "layers.Identity()")


def _crop(layer: Any, shape: Shape, output: Shape) -> Call:
    pairs = [((size - kept) // 2, size - kept - (size - kept) // 2)
             for size, kept in zip(shape[1:], output[1:], strict=True)]  # fmt: skip
    return Call(_padding(len(shape) - 1, pairs, "Cropping") or "layers.Identity()")


def _reshape(layer: Any, shape: Shape, output: Shape) -> Call:
    last = (*output[1:], output[0])
    return Call(f"layers.Reshape({last if len(last) > 1 else f'({last[0]},)'})", "channels last: another order")


def _merge(name: str) -> Callable[[Any, Any, Shape], Call]:
    return lambda layer, shapes, output: Call(f"layers.{name}()([{', '.join(letters(len(shapes)))}])")


def _concat(layer: Any, shapes: Sequence[Shape], output: Shape) -> Call:
    from ..layers.reshape import axis_index

    place = axis_index(layer.axis, output)
    axis = f"axis={place}" if place else ""
    return Call(f"layers.Concatenate({axis})([{', '.join(letters(len(shapes)))}])")


def _fixed(code: str) -> Callable[[Any, Any, Shape], Call]:
    return lambda layer, shape, output: Call(code)


_RULES: dict[str, Callable[[Any, Any, Shape], Call]] = {
    "conv": _conv, "dwconv": _conv, "upconv": _upconv, "maxpool": _pool("Max"), "avgpool": _pool("Average"),
    "gavgpool": _global("Average"), "gmaxpool": _global("Max"), "fc": _fc,
    "flatten": lambda layer, shape, output: Call("layers.Flatten()", "channels last: another order"
                                                 if len(shape) > 1 else ""),
    "reshape": _reshape, "bn": _bn, "in": _gn, "gn": _gn, "ln": _ln, "prelu": _prelu,
    "dropout": lambda layer, shape, output: Call(f"layers.Dropout({spell(layer.rate)})"),
    "identity": _fixed("layers.Identity()"), "pad": _pad, "crop": _crop, "resize": _resize,
    "add": _merge("Add"), "mul": _merge("Multiply"), "concat": _concat, "softmax": _fixed("layers.Softmax()"),
    "leakyrelu": _fixed("layers.LeakyReLU(0.01)"), "relu": _fixed("layers.ReLU()"),
    "relu6": _fixed("layers.ReLU(max_value=6)"), "elu": _fixed("layers.ELU()"),
    "hardswish": _fixed('layers.Activation("hard_swish")'), "gelu": _fixed('layers.Activation("gelu")'),
    "hardsigmoid": _fixed('layers.Activation("hard_sigmoid")'),
    "logsoftmax": _fixed('layers.Activation("log_softmax")'),
    **{kind: _fixed(f'layers.Activation("{kind}")') for kind in (
        "selu", "silu", "mish", "sigmoid", "tanh", "softplus")},
}  # fmt: skip
