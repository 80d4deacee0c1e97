"""Operations of keras.ops where layers stand, by the classes that they have in a description: ``Mean``, ``GetItem``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod

from ...layers import LayerError
from ...values import Size, Word, how_many
from .cutting import get_item, repeat, split, stack, take
from .described import DescribedLayer
from .reading import KerasReader, Rule
from .shared import activated, axes_named, reshaped, same, sizes_of

_Inputs = list[int]


def function(name: str) -> Rule:
    """An activation that we have."""
    return lambda filling, layer, inputs: [activated(filling, inputs[0], name, suffix="")]


def reduced(kind: str | None) -> Rule:
    """A sum, mean or maximum along axes; over all positions of a map it is a pool of ours."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
        shape = sizes_of(filling, inputs[0])
        axes = axes_named(layer, len(shape) + 1)
        if axes is None or 0 in axes:
            return [filling.unknown(inputs)]
        keeps = bool(layer.config.get("keepdims", layer.call.kwargs.get("keepdims", False)))
        spatial = range(2, len(shape) + 1) if filling.axes.first else range(1, len(shape))
        if kind is not None and len(shape) > 1 and sorted(axes) == list(spatial):
            tensor = filling.apply(kind, {}, inputs[0])
            return [tensor if keeps else filling.apply("flatten", {}, tensor, suffix="/flatten")]
        left = [1 if axis + 1 in axes else size for axis, size in enumerate(shape) if keeps or axis + 1 not in axes]
        return [reshaped(filling, left, inputs[0])]

    return rule


def transpose(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """The axes in another order, the samples staying first."""
    shape = sizes_of(filling, inputs[0])
    axes = axes_named(layer, len(shape) + 1, "axes")
    if axes is None or axes[:1] != [0] or sorted(axes) != list(range(len(shape) + 1)):
        return [filling.unknown(inputs)]
    return [reshaped(filling, [shape[axis - 1] for axis in axes[1:]], inputs[0])]


def moved(order: Callable[[DescribedLayer, list[int]], list[int]]) -> Rule:
    """Axes in an order that an operation makes of the one that there is. Raises LayerError."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
        shape = sizes_of(filling, inputs[0])
        axes = order(layer, list(range(len(shape) + 1)))
        if axes[:1] != [0]:
            return [filling.unknown(inputs)]
        return [reshaped(filling, [shape[axis - 1] for axis in axes[1:]], inputs[0])]

    return rule


def _swapped(layer: DescribedLayer, order: list[int]) -> list[int]:
    """Two axes in each other's place."""
    (one,), (other,) = (axes_named(layer, len(order), key) or [0] for key in ("axis1", "axis2"))
    order[one], order[other] = order[other], order[one]
    return order


def _moved(layer: DescribedLayer, order: list[int]) -> list[int]:
    """Some axes at other places, those between in their order."""
    sources, places = (axes_named(layer, len(order), key) or [] for key in ("source", "destination"))
    if len(sources) != len(places):
        raise LayerError(f"{how_many(len(sources), 'axis')} to be moved to {how_many(len(places), 'place')}")
    left = [axis for axis in order if axis not in sources]
    for place, source in sorted(zip(places, sources, strict=True)):
        left.insert(place, source)
    return left


def expand_dims(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """A further axis of one."""
    shape = sizes_of(filling, inputs[0])
    axes = axes_named(layer, len(shape) + 2)
    if axes is None or 0 in axes:
        return [filling.unknown(inputs)]
    made = list(shape)
    for axis in sorted(axes):
        made.insert(axis - 1, 1)
    return [reshaped(filling, made, inputs[0])]


def squeeze(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Without axes of one."""
    shape = sizes_of(filling, inputs[0])
    axes = axes_named(layer, len(shape) + 1)
    gone = [axis for axis, size in enumerate(shape, 1) if size == 1] if axes is None else axes
    if any(axis == 0 or shape[axis - 1] != 1 for axis in gone):
        raise LayerError(f"only axes of 1 can be left out, and the shape is {'x'.join(map(str, shape))}")
    return [reshaped(filling, [size for axis, size in enumerate(shape, 1) if axis not in gone], inputs[0])]


def matmul(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Products of matrices, sample by sample."""
    if len(inputs) != 2:
        return [filling.unknown(inputs)]
    left, right = (sizes_of(filling, tensor) for tensor in inputs)
    if len(left) < 2 or len(right) != len(left) or left[:-2] != right[:-2]:
        return [filling.unknown(inputs)]
    if left[-1] != right[-2]:
        raise LayerError(f"{'x'.join(map(str, left))} times {'x'.join(map(str, right))}: {left[-1]} is not {right[-2]}")
    made = (*left[:-1], right[-1])
    return [reshaped(filling, made, *inputs, macs=prod(made) * left[-1])]


def pad(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Borders, two numbers an axis."""
    shape = sizes_of(filling, inputs[0])
    width = layer.config.get("pad_width", layer.call.kwargs.get("pad_width"))
    pairs = width if isinstance(width, list) else None
    if pairs is None or len(pairs) != len(shape) + 1 or not all(
        isinstance(pair, list) and len(pair) == 2 and all(type(one) is int for one in pair) for pair in pairs
    ):  # fmt: skip
        return [filling.unknown(inputs)]
    if pairs[0] != [0, 0]:
        return [filling.unknown(inputs)]
    return [reshaped(filling, [size + sum(pair) for size, pair in zip(shape, pairs[1:], strict=True)], inputs[0])]


def resize(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """A picture of a given height and width."""
    size = layer.config.get("size", layer.call.kwargs.get("size"))
    if not isinstance(size, list) or len(size) != 2 or not all(type(one) is int for one in size):
        return [filling.unknown(inputs)]
    mode = {"mode": Word("bilinear")} if layer.config.get("interpolation") == "bilinear" else {}
    return [filling.apply("resize", {"to": Size(size), **mode}, inputs[0])]


def blocks(out: bool) -> Rule:
    """Channels to positions, or back."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
        factor = layer.needed("block_size")
        return [filling.apply("pixelshuffle" if out else "pixelunshuffle", {"factor": factor}, inputs[0])]

    return rule


def broadcast(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """A tensor stretched to a shape, the samples first."""
    given = layer.config.get("shape", next((arg for arg in layer.call.args if isinstance(arg, list)), None))
    sizes = given[1:] if isinstance(given, list) else []
    if not sizes or not all(type(size) is int and size > 0 for size in sizes):
        return [filling.unknown(inputs)]
    return [reshaped(filling, sizes, inputs[0])]


_SAME = (
    "Exp Log Sqrt Rsqrt Square Absolute Negative Sin Cos Erf Sign Clip Cast Normalize Reciprocal Log1p Expm1 Floor "
    "Ceil Round Compare Tan Arctan Sinh Cosh OnesLike ZerosLike"
).split()
_ACTIVATIONS = (
    "Relu Relu6 Elu Selu Gelu Silu Sigmoid Tanh Softplus Softsign Mish Glu HardSigmoid HardSilu LeakyRelu LogSoftmax "
    "Celu HardTanh LogSigmoid"
).split()
_SNAKE = {"HardSigmoid": "hard_sigmoid", "HardSilu": "hard_silu", "LeakyRelu": "leaky_relu",
          "LogSoftmax": "log_softmax", "HardTanh": "hard_tanh", "LogSigmoid": "log_sigmoid"}  # fmt: skip
OPERATIONS: dict[str, Rule] = {
    **dict.fromkeys(_SAME, same),
    **{name: function(_SNAKE.get(name, name.lower())) for name in _ACTIVATIONS},
    "Mean": reduced("gavgpool"), "Max": reduced("gmaxpool"),
    **dict.fromkeys(("Min", "Sum", "Prod", "Var", "Std", "Argmax", "Amax", "Amin"), reduced(None)),
    "GetItem": get_item, "Transpose": transpose, "ExpandDims": expand_dims, "Squeeze": squeeze, "Split": split,
    "Stack": stack, "Matmul": matmul, "Pad": pad, "Resize": resize, "DepthToSpace": blocks(True),
    "SpaceToDepth": blocks(False), "BroadcastTo": broadcast,
    "Moveaxis": moved(_moved), "Swapaxes": moved(_swapped), "Take": take, "Repeat": repeat,
}  # fmt: skip
