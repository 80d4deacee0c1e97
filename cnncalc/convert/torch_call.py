"""The PyTorch call of a layer: a module's constructor, or an expression of its input `x` (of a merge `a`, `b`, …).

The calls are those of torch.nn's documentation, 2.x, channels first, with a batch axis; tests execute them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from ..layers import Layer, Shape
from ..layers.axes import axis_index, axis_indices
from ..layers.pool import AveragePool
from ..layers.upconv import Spreading
from ..layers.window import Window, pad_pairs
from ..values import spell
from .call import CallText, Framework, letters, sized

_torch = Framework("torch", "nn", "'")
_call = _torch.call


def torch_call(layer: Layer, shapes: Sequence[Shape], output: Shape) -> CallText:
    """The call that does what `layer` does with inputs of `shapes`; an empty one with the reason where none does.

    `shapes` and `output` are those of one sample, channels first.
    """
    expression = _EXPRESSIONS.get(layer.kind)
    if expression is not None and (layer.merges or layer.source or len(shapes) > 1):
        return expression(layer, shapes, output)
    if not shapes:
        return CallText("", f"PyTorch has no {layer.kind} of nothing")
    rank = len(shapes[0]) - 1
    if rank > 3:
        return CallText("", f"PyTorch has no {layer.kind} with {rank} axes")
    if expression is not None:
        return expression(layer, shapes[0], output)
    code = _call(layer, shapes[0], output)
    return CallText(code, "" if code else f"PyTorch has no {_torch.lacking(layer)}")


def sequence(*calls: str) -> str:
    """Several modules as one."""
    some = [call for call in calls if call]
    return some[0] if len(some) == 1 else f"nn.Sequential({', '.join(some)})"


def padded(rank: int, pairs: Sequence[tuple[int, int]], value: str = "", module: str = "ZeroPad") -> str:
    """The module that pads the axes: PyTorch wants the last axis first. Empty where there is nothing to pad."""
    if not any(before or after for before, after in pairs):
        return ""
    flat = [side for pair in reversed(pairs) for side in pair]
    amount = sized(flat)
    return f"nn.ConstantPad{rank}d({amount}, {value})" if value else f"nn.{module}{rank}d({amount})"


# --- convolutions -----------------------------------------------------------------------------------


def _conv(layer: Any, shape: Shape, output: Shape) -> CallText:
    windows: tuple[Window, ...] = layer.windows(shape)
    pairs = [(window.before, window.after) for window in windows]
    even = all(before == after for before, after in pairs)
    pad = sized([before for before, _ in pairs]) if even else None
    call = _call(layer, shape, output, **_sizes(windows), pad=pad)
    return CallText(call if even else sequence(padded(len(windows), pairs), call))


def _sizes(windows: Sequence[Window | Spreading]) -> dict[str, str]:
    """Kernel, stride and dilation of all axes, as PyTorch writes them."""
    return {name: sized([getattr(window, name) for window in windows]) for name in ("kernel", "stride", "dilation")}


def _upconv(layer: Any, shape: Shape, output: Shape) -> CallText:
    axes: list[Spreading] = layer.axes(shape)
    if any(axis.extra >= max(axis.stride, axis.dilation) for axis in axes):
        return CallText("", "PyTorch wants an output padding below the stride or the dilation")
    even = all(axis.before == axis.after for axis in axes)
    pad = sized([axis.before for axis in axes]) if even else None
    call = _call(layer, shape, output, **_sizes(axes), pad=pad, outpad=sized([axis.extra for axis in axes]))
    off = [(-axis.before, -axis.after) for axis in axes]
    return CallText(call if even else sequence(call, padded(len(axes), off)))


# --- pools ------------------------------------------------------------------------------------------


def _pool(layer: Any, shape: Shape, output: Shape) -> CallText:
    if layer.to is not None:
        return CallText(_call(layer, shape, output, f"{layer.kind} to", to=sized(output[1:])))
    windows: tuple[Window, ...] = layer.windows(shape)
    values = _pool_values(windows)
    average = isinstance(layer, AveragePool)
    if average and any(window.dilation > 1 for window in windows):
        return CallText("", "PyTorch's average pools have no dilation")
    if all(window.before == window.after <= window.kernel // 2 for window in windows):  # what PyTorch's pools take
        counted = layer.countpad if average and values["pad"] != "0" else None
        return CallText(_call(layer, shape, output, **values, countpad=counted))
    if not average:  # explicit borders that never win, as wide as the windows reach
        pairs = [
            (window.before, (window.output - 1) * window.stride + window.reach - window.size - window.before)
            for window in windows
        ]
        call = _call(layer, shape, output, **{**values, "pad": None, "ceil": None})
        return CallText(sequence(padded(len(windows), pairs, "float('-inf')"), call))
    if not layer.countpad or values["ceil"]:
        return CallText("", "PyTorch counts padding of uneven sides, or past the end, in no single call")
    pairs = [(window.before, window.after) for window in windows]
    call = _call(layer, shape, output, **{**values, "pad": None})
    return CallText(sequence(padded(len(windows), pairs), call))


def _pool_values(windows: Sequence[Window]) -> dict[str, Any]:
    """The arguments of a pool of even sides; the stride is the kernel where none is said."""
    values = _sizes(windows)
    stride = values["stride"] if values["stride"] != values["kernel"] else None
    pad = sized([window.before for window in windows])
    return {**values, "stride": stride, "pad": pad, "ceil": any(window.ceil for window in windows)}


# --- the rest ---------------------------------------------------------------------------------------


def _unpool(layer: Any, shapes: Any, output: Shape) -> CallText:
    shape = shapes[0] if isinstance(shapes[0], tuple) else shapes
    axes = layer.axes(shape)
    if any(axis.dilation > 1 or axis.before != axis.after for axis in axes):
        return CallText("", "PyTorch's unpooling has no dilation, and the same pad on both sides")
    kernel, stride, pad = (sized([getattr(axis, name) for axis in axes]) for name in ("kernel", "stride", "before"))
    call = _call(layer, shape, output, kernel=kernel, stride=None if stride == kernel else stride, pad=pad)
    usual = all(axis.output == (axis.size - 1) * axis.stride + axis.kernel - 2 * axis.before for axis in axes)
    size = "" if usual else f", output_size={tuple(output[1:])}"
    return CallText(f"{call}(x, indices{size})", "indices of the pool: return_indices=True")


def _fc(layer: Any, shape: Shape, output: Shape) -> CallText:
    return CallText(sequence("nn.Flatten()" if len(shape) > 1 else "", _call(layer, shape, output)))


def _norm(layer: Any, shape: Shape, output: Shape) -> CallText:
    call = _call(layer, shape, output, bias=layer.bias if layer.affine else None)
    return CallText(call, "bias= is new in PyTorch 2.13" if layer.affine and not layer.bias else "")


def _bn(layer: Any, shape: Shape, output: Shape) -> CallText:
    if layer.scale or not layer.affine:
        return _norm(layer, shape, output)
    call = _call(layer, shape, output, affine=None, bias=layer.bias)
    return CallText(call, "its factor, too, is a parameter: hold that at 1")


def _ln(layer: Any, shape: Shape, output: Shape) -> CallText:
    places = axis_indices(layer.axes, shape, "axes")
    sizes = [shape[place] for place in places]
    axes = str(sizes[0]) if len(sizes) == 1 else str(sizes)
    call = _call(layer, shape, output, axes=axes, bias=layer.bias if layer.affine else None)
    last = range(len(shape) - len(places), len(shape))
    if places == tuple(last):
        return CallText(call)
    there, back = (sized_axes([place + 1 for place in places]), sized_axes(range(-len(places), 0)))
    return CallText(f"{call}(x.movedim({there}, {back})).movedim({back}, {there})")


def sized_axes(places: Sequence[int]) -> str:
    """One axis, or several in a tuple."""
    return str(places[0]) if len(places) == 1 else f"({', '.join(map(str, places))})"


def _softmax(layer: Any, shape: Shape, output: Shape) -> CallText:
    return CallText(_call(layer, shape, output, channels=axis_index(layer.axis, shape) + 1))


def _attention(layer: Any, shape: Any, output: Shape) -> CallText:
    if layer.from_ is None:
        return CallText(f"{_call(layer, shape, output)}(*[x.transpose(1, 2)] * 3)[0].transpose(1, 2)")
    queries, others = shape
    keys = others[0] if others[0] != queries[0] else None
    call = _call(layer, queries, output, keys=keys)
    return CallText(f"{call}(a.transpose(1, 2), *[b.transpose(1, 2)] * 2)[0].transpose(1, 2)")


def _crop(layer: Any, shape: Shape, output: Shape) -> CallText:
    cuts = []
    for size, kept in zip(shape[1:], output[1:], strict=True):
        start = (size - kept) // 2
        cuts.append(":" if kept == size else f"{start}:{start + kept}")
    return CallText(f"x[:, :, {', '.join(cuts)}]")


def _pad(layer: Any, shape: Shape, output: Shape) -> CallText:
    modules = {"reflect": "ReflectionPad", "replicate": "ReplicationPad", "circular": "CircularPad"}
    module = modules.get(layer.mode, "ZeroPad")
    return CallText(padded(len(shape) - 1, pad_pairs(layer.amount, shape), "", module) or "nn.Identity()")


def _prelu(layer: Any, shape: Shape, output: Shape) -> CallText:
    if layer.each:
        return CallText(f"torch.where(x < 0, nn.Parameter(torch.full({tuple(shape)}, 0.25)) * x, x)")
    return CallText(_call(layer, shape, output, shared=None if layer.shared else shape[0]))


def _resize(layer: Any, shape: Shape, output: Shape) -> CallText:
    mode = None if layer.mode == "nearest" else repr(("linear", "bilinear", "trilinear")[len(shape) - 2])
    if layer.factor is None:
        return CallText(_call(layer, shape, output, to=sized(output[1:]), mode=mode))
    factors = layer.factor if isinstance(layer.factor, tuple) else (layer.factor,)
    texts = [spell(factor) for factor in factors]
    return CallText(
        _call(layer, shape, output, factor=texts[0] if len(texts) == 1 else f"({', '.join(texts)})", mode=mode)
    )


def _take(layer: Any, shape: Shape, output: Shape) -> CallText:
    place = axis_index(layer.axis, shape)
    return CallText(f"x[{', '.join([':'] * (place + 1))}, {layer.range.before}:{layer.range.after}]")


def _split(layer: Any, shape: Shape, output: Shape) -> CallText:
    place = axis_index(layer.axis, shape)
    sizes = list(layer.parts) if isinstance(layer.parts, tuple) else shape[place] // layer.parts
    return CallText(f"x.split({sizes}, dim={place + 1})")


def _reduce(name: str) -> Callable[[Any, Any, Shape], CallText]:
    def rule(layer: Any, shape: Shape, output: Shape) -> CallText:
        places = sized_axes([place + 1 for place in axis_indices(layer.axis, shape, "axis")])
        return CallText(f"x.{name}(dim={places}, keepdim=True)")

    return rule


def _scale(layer: Any, shape: Shape, output: Shape) -> CallText:
    if layer.by is not None:
        factor = spell(layer.by)
        return CallText(f"x * ({factor})" if factor[:1] == "-" or "/" in factor else f"x * {factor}")
    if len(shape) == 1:
        return CallText("", "PyTorch has no module for a factor a channel: x * nn.Parameter(…)")
    return CallText(_call(layer, shape, output))


def _reshape(layer: Any, shape: Shape, output: Shape) -> CallText:
    return CallText(f"x.reshape(-1, {', '.join(map(str, output))})")


def _recurrent(layer: Any, shape: Shape, output: Shape) -> CallText:
    code = f"{_call(layer, shape, output, biases=None if layer.biases else 'False')}(x.transpose(1, 2))"
    states = "[1][0]" if layer.kind == "lstm" else "[1]"
    if not layer.last:
        code += "[0].transpose(1, 2)"
    else:
        code += f"{states}[-2:].transpose(0, 1).flatten(1)" if layer.bidirectional else f"{states}[-1]"
    return CallText(code, "two biases a gate, of which one would do" if layer.biases == 1 else "")


def _embed(layer: Any, shape: Shape, output: Shape) -> CallText:
    return CallText(f"{_call(layer, shape, output)}(x).transpose(1, 2)")


def _permute(layer: Any, shape: Shape, output: Shape) -> CallText:
    return CallText(f"x.permute(0, {', '.join(str(place + 1) for place in layer.order(shape))})")


def _joined(sign: str) -> Callable[[Any, Any, Shape], CallText]:
    return lambda layer, shapes, output: CallText(f" {sign} ".join(letters(len(shapes))))


def _nested(function: str) -> Callable[[Any, Any, Shape], CallText]:
    """A function of two tensors, of each and what came of those before."""
    return lambda layer, shapes, output: CallText(reduce(lambda a, b: f"{function}({a}, {b})", letters(len(shapes))))


def _matmul(layer: Any, shapes: Sequence[Shape], output: Shape) -> CallText:
    return CallText("a @ b.transpose(-2, -1)" if layer.transposed else "a @ b")


def _concat(layer: Any, shapes: Sequence[Shape], output: Shape) -> CallText:
    return CallText(f"torch.cat([{', '.join(letters(len(shapes)))}], dim={axis_index(layer.axis, output) + 1})")


def _learned(layer: Any, shapes: Any, output: Shape) -> CallText:
    return CallText(f"nn.Parameter(torch.zeros(1, {', '.join(map(str, output))}))")


#: What a table cannot say: uneven borders, several modules, expressions of the input.
_EXPRESSIONS: dict[str, Callable[[Any, Any, Shape], CallText]] = {
    "conv": _conv, "dwconv": _conv, "upconv": _upconv, "maxpool": _pool, "avgpool": _pool, "fc": _fc,
    "unpool": _unpool,
    "reshape": _reshape, "tokens": lambda layer, shape, output: CallText("x.flatten(2)"), "bn": _bn, "in": _norm,
    "gn": _norm, "ln": _ln, "prelu": _prelu, "add": _joined("+"), "mul": _joined("*"), "concat": _concat, "pad": _pad,
    "crop": _crop, "resize": _resize, "take": _take, "split": _split, "mean": _reduce("mean"), "max": _reduce("amax"),
    "attention": _attention, "scale": _scale, "learned": _learned, "softmax": _softmax, "logsoftmax": _softmax,
    "lstm": _recurrent, "gru": _recurrent, "rnn": _recurrent, "embed": _embed,
    "permute": _permute, "matmul": _matmul, "sub": _joined("-"), "div": _joined("/"),
    "maximum": _nested("torch.maximum"), "minimum": _nested("torch.minimum"),
}  # fmt: skip
