"""The PyTorch call of a layer: a module's constructor, or an expression of its input `x` (of a merge `a`, `b`, …).

The calls are those of torch.nn's documentation, 2.x, channels first, with a batch axis; tests execute them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..layers import Layer, Shape
from ..layers.window import Window
from ..values import spell
from .call import Call, letters, sized, unless


def torch_call(layer: Layer, shapes: Sequence[Shape], output: Shape) -> Call:
    """The call that does what `layer` does with inputs of `shapes`; an empty one with the reason where none does."""
    rule = _RULES.get(layer.kind)
    if rule is None:
        return Call("", f"PyTorch has no {layer.kind}")
    if layer.merges or layer.source:
        return rule(layer, shapes, output)
    shape = shapes[0]
    rank = len(shape) - 1
    if rank > 3:
        return Call("", f"PyTorch has no {layer.kind} with {rank} axes")
    return rule(layer, shape, output)


def _call(name: str, *positional: object, **keys: object) -> str:
    words = [str(one) for one in positional]
    words += [f"{key}={value}" for key, value in keys.items() if value is not None]
    return f"{name}({', '.join(words)})"


def sequence(*calls: str) -> str:
    """Several modules as one."""
    some = [call for call in calls if call]
    return some[0] if len(some) == 1 else f"nn.Sequential({', '.join(some)})"


def padded(rank: int, pairs: Sequence[tuple[int, int]], value: str = "") -> str:
    """The module that pads the axes: PyTorch wants the last axis first. Empty where there is nothing to pad."""
    if not any(before or after for before, after in pairs):
        return ""
    flat = [side for pair in reversed(pairs) for side in pair]
    amount = sized(flat)
    return f"nn.ConstantPad{rank}d({amount}, {value})" if value else f"nn.ZeroPad{rank}d({amount})"


# --- convolutions -----------------------------------------------------------------------------------


def _conv(layer: Any, shape: Shape, output: Shape) -> Call:
    windows: tuple[Window, ...] = layer.windows(shape)
    rank = len(windows)
    pairs = [(one.before, one.after) for one in windows]
    even = all(before == after for before, after in pairs)
    groups = shape[0] if layer.kind == "dwconv" else layer.groups
    call = _call(
        f"nn.Conv{rank}d", shape[0], output[0], sized([one.kernel for one in windows]),
        stride=unless(sized([one.stride for one in windows]), "1"),
        padding=unless(sized([before for before, _ in pairs]), "0") if even else None,
        dilation=unless(sized([one.dilation for one in windows]), "1"),
        groups=unless(str(groups), "1"), bias=None if layer.bias else False,
    )  # fmt: skip
    return Call(call if even else sequence(padded(rank, pairs), call))


def _upconv(layer: Any, shape: Shape, output: Shape) -> Call:
    from ..layers.base import per_axis
    from ..layers.window import pad_pairs

    rank = len(shape) - 1
    kernel, stride, dilation, extra = (
        per_axis(getattr(layer, name), shape, name) for name in ("kernel", "stride", "dilation", "outpad")
    )
    if layer.pad == "same":
        pairs, more = [], []
        for taps, step, spread in zip(kernel, stride, dilation, strict=True):
            total = spread * (taps - 1) + 1 - step
            pairs.append((max(total, 0) // 2, max(total, 0) - max(total, 0) // 2))
            more.append(max(-total, 0))
    else:
        pairs, more = list(pad_pairs(layer.pad, shape)), list(extra)
    if any(one >= max(step, spread) for one, step, spread in zip(more, stride, dilation, strict=True)):
        return Call("", "PyTorch wants an output padding below the stride or the dilation")
    even = all(before == after for before, after in pairs)
    call = _call(
        f"nn.ConvTranspose{rank}d", shape[0], output[0], sized(kernel), stride=unless(sized(stride), "1"),
        padding=unless(sized([before for before, _ in pairs]), "0") if even else None,
        output_padding=unless(sized(more), "0"), groups=unless(str(layer.groups), "1"),
        bias=None if layer.bias else False, dilation=unless(sized(dilation), "1"),
    )  # fmt: skip
    return Call(call if even else sequence(call, padded(rank, [(-before, -after) for before, after in pairs])))


# --- pools ------------------------------------------------------------------------------------------


def _maxpool(layer: Any, shape: Shape, output: Shape) -> Call:
    if layer.to is not None:
        return Call(f"nn.AdaptiveMaxPool{len(shape) - 1}d({sized(output[1:])})")
    windows: tuple[Window, ...] = layer.windows(shape)
    rank = len(windows)
    if _plain(windows):
        return Call(_call(f"nn.MaxPool{rank}d", *_pool_words(windows), padding=_pool_pad(windows),
                          dilation=unless(sized([one.dilation for one in windows]), "1"),
                          ceil_mode=_ceil(windows)))  # fmt: skip
    # Explicit borders that never win, as wide as the windows reach.
    pairs = [(one.before, (one.output - 1) * one.stride + one.reach - one.size - one.before) for one in windows]
    call = _call(f"nn.MaxPool{rank}d", *_pool_words(windows),
                 dilation=unless(sized([one.dilation for one in windows]), "1"))  # fmt: skip
    return Call(sequence(padded(rank, pairs, "float('-inf')"), call))


def _avgpool(layer: Any, shape: Shape, output: Shape) -> Call:
    rank = len(shape) - 1
    if layer.to is not None:
        return Call(f"nn.AdaptiveAvgPool{rank}d({sized(output[1:])})")
    windows: tuple[Window, ...] = layer.windows(shape)
    counted = None if layer.countpad else False
    if _plain(windows):
        pad = _pool_pad(windows)
        return Call(_call(f"nn.AvgPool{rank}d", *_pool_words(windows), padding=pad, ceil_mode=_ceil(windows),
                          count_include_pad=counted if pad else None))  # fmt: skip
    if not layer.countpad or _ceil(windows):
        return Call("", "PyTorch counts padding of uneven sides, or past the end, in no single call")
    pairs = [(one.before, one.after) for one in windows]
    return Call(sequence(padded(rank, pairs), _call(f"nn.AvgPool{rank}d", *_pool_words(windows))))


def _plain(windows: Sequence[Window]) -> bool:
    """Whether PyTorch's pools take the padding: even, at most half the kernel."""
    return all(one.before == one.after <= one.kernel // 2 for one in windows)


def _pool_words(windows: Sequence[Window]) -> list[str]:
    kernel, stride = sized([one.kernel for one in windows]), sized([one.stride for one in windows])
    return [kernel] if kernel == stride else [kernel, f"stride={stride}"]


def _pool_pad(windows: Sequence[Window]) -> str | None:
    return unless(sized([one.before for one in windows]), "0")


def _ceil(windows: Sequence[Window]) -> bool | None:
    return True if any(one.ceil for one in windows) else None


def _global(kind: str) -> Callable[[Any, Any, Shape], Call]:
    return lambda layer, shape, output: Call(f"nn.Adaptive{kind}Pool{len(shape) - 1}d(1)")


# --- the rest ---------------------------------------------------------------------------------------


def _fc(layer: Any, shape: Shape, output: Shape) -> Call:
    call = _call("nn.Linear", shape[0], output[0], bias=None if layer.bias else False)
    return Call(sequence("nn.Flatten()" if len(shape) > 1 else "", call))


def _norm(name: str) -> Callable[[Any, Any, Shape], Call]:
    def rule(layer: Any, shape: Shape, output: Shape) -> Call:
        rank = max(len(shape) - 1, 1)
        remark = "its bias cannot be left out alone" if layer.affine and not layer.bias else ""
        affine = (None if layer.affine else False) if name == "BatchNorm" else (True if layer.affine else None)
        return Call(_call(f"nn.{name}{rank}d", shape[0], affine=affine), remark)

    return rule


def _gn(layer: Any, shape: Shape, output: Shape) -> Call:
    remark = "its bias cannot be left out alone" if layer.affine and not layer.bias else ""
    return Call(_call("nn.GroupNorm", layer.groups, shape[0], affine=None if layer.affine else False), remark)


def _ln(layer: Any, shape: Shape, output: Shape) -> Call:
    call = _call("nn.LayerNorm", shape[0], elementwise_affine=None if layer.affine else False,
                 bias=False if layer.affine and not layer.bias else None)  # fmt: skip
    return Call(call if len(shape) == 1 else f"{call}(x.movedim(1, -1)).movedim(-1, 1)")


def _attention(layer: Any, shape: Shape, output: Shape) -> Call:
    call = _call("nn.MultiheadAttention", shape[0], layer.heads, bias=None if layer.bias else False, batch_first=True)
    return Call(f"{call}(*[x.transpose(1, 2)] * 3)[0].transpose(1, 2)")


def _crop(layer: Any, shape: Shape, output: Shape) -> Call:
    cuts = []
    for size, kept in zip(shape[1:], output[1:], strict=True):
        start = (size - kept) // 2
        cuts.append(":" if kept == size else f"{start}:{start + kept}")
    return Call(f"x[:, :, {', '.join(cuts)}]")


def _pad(layer: Any, shape: Shape, output: Shape) -> Call:
    from ..layers.window import pad_pairs

    return Call(padded(len(shape) - 1, pad_pairs(layer.amount, shape)) or "nn.Identity()")


def _resize(layer: Any, shape: Shape, output: Shape) -> Call:
    rank = len(shape) - 1
    mode = None if layer.mode == "nearest" else repr({1: "linear", 2: "bilinear", 3: "trilinear"}[rank])
    if layer.factor is None:
        return Call(_call("nn.Upsample", size=sized(output[1:]), mode=mode))
    factors = layer.factor if isinstance(layer.factor, tuple) else (layer.factor,)
    texts = [spell(one) for one in factors]
    factor = texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
    return Call(_call("nn.Upsample", scale_factor=factor, mode=mode))


def _take(layer: Any, shape: Shape, output: Shape) -> Call:
    from ..layers.reshape import axis_index

    place = axis_index(layer.axis, shape)
    return Call(f"x[{', '.join([':'] * (place + 1))}, {layer.range.before}:{layer.range.after}]")


def _reduce(name: str) -> Callable[[Any, Any, Shape], Call]:
    def rule(layer: Any, shape: Shape, output: Shape) -> Call:
        from ..layers.reshape import axis_index

        return Call(f"x.{name}(dim={axis_index(layer.axis, shape) + 1}, keepdim=True)")

    return rule


def _scale(layer: Any, shape: Shape, output: Shape) -> Call:
    if not 1 < len(shape) < 5:
        return Call("", "PyTorch has no module for a factor a channel: x * nn.Parameter(…)")
    bias = None if layer.bias else False
    return Call(_call(f"nn.Conv{len(shape) - 1}d", shape[0], shape[0], 1, groups=shape[0], bias=bias))


def _reshape(layer: Any, shape: Shape, output: Shape) -> Call:
    return Call(f"x.reshape(-1, {', '.join(map(str, output))})")


def _joined(sign: str) -> Callable[[Any, Any, Shape], Call]:
    return lambda layer, shapes, output: Call(f" {sign} ".join(letters(len(shapes))))


def _concat(layer: Any, shapes: Sequence[Shape], output: Shape) -> Call:
    from ..layers.reshape import axis_index

    return Call(f"torch.cat([{', '.join(letters(len(shapes)))}], dim={axis_index(layer.axis, output) + 1})")


def _learned(layer: Any, shapes: Any, output: Shape) -> Call:
    return Call(f"nn.Parameter(torch.zeros(1, {', '.join(map(str, output))}))")


def _fixed(code: str) -> Callable[[Any, Any, Shape], Call]:
    return lambda layer, shape, output: Call(code)


_RULES: dict[str, Callable[[Any, Any, Shape], Call]] = {
    "conv": _conv, "dwconv": _conv, "upconv": _upconv, "maxpool": _maxpool, "avgpool": _avgpool,
    "gavgpool": _global("Avg"), "gmaxpool": _global("Max"), "fc": _fc, "flatten": _fixed("nn.Flatten()"),
    "reshape": _reshape, "tokens": _fixed("x.flatten(2)"), "bn": _norm("BatchNorm"), "in": _norm("InstanceNorm"),
    "gn": _gn, "ln": _ln, "lrn": lambda layer, shape, output: Call(f"nn.LocalResponseNorm({layer.size})"),
    "prelu": lambda layer, shape, output: Call(f"nn.PReLU({'' if layer.shared else shape[0]})"),
    "glu": _fixed("nn.GLU(dim=1)"), "softmax": _fixed("nn.Softmax(dim=1)"),
    "logsoftmax": _fixed("nn.LogSoftmax(dim=1)"), "identity": _fixed("nn.Identity()"),
    "dropout": lambda layer, shape, output: Call(f"nn.Dropout({spell(layer.rate)})"),
    "add": _joined("+"), "mul": _joined("*"), "concat": _concat, "pad": _pad, "crop": _crop, "resize": _resize,
    "pixelshuffle": lambda layer, shape, output: Call(f"nn.PixelShuffle({layer.factor})"),
    "pixelunshuffle": lambda layer, shape, output: Call(f"nn.PixelUnshuffle({layer.factor})"),
    "shuffle": lambda layer, shape, output: Call(f"nn.ChannelShuffle({layer.groups})"), "take": _take,
    "mean": _reduce("mean"), "max": _reduce("amax"), "attention": _attention, "scale": _scale, "learned": _learned,
    **{
        kind: _fixed(f"nn.{name}()")
        for kind, name in (
            ("relu", "ReLU"), ("relu6", "ReLU6"), ("leakyrelu", "LeakyReLU"), ("elu", "ELU"), ("selu", "SELU"),
            ("gelu", "GELU"), ("silu", "SiLU"), ("mish", "Mish"), ("hardswish", "Hardswish"), ("tanh", "Tanh"),
            ("hardsigmoid", "Hardsigmoid"), ("sigmoid", "Sigmoid"), ("softplus", "Softplus"),
        )
    },
}  # fmt: skip
