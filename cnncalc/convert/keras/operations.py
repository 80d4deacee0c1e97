"""Operations of keras.ops where layers stand, by the classes that they have in a description: ``Mean``, ``GetItem``."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any

from ...layers import LayerError
from ...values import Size
from .described import DescribedLayer
from .reading import KerasReader, Rule
from .shared import activated, same

_Inputs = list[int]


def function(name: str) -> Rule:
    """An activation that we have."""
    return lambda filling, layer, inputs: [activated(filling, inputs[0], name, suffix="")]


def _axes(layer: DescribedLayer, rank: int, key: str = "axis") -> list[int] | None:
    """The axes that an operation names, counted from the start, the sample being 0; None where it names none."""
    value = layer.config.get(key, layer.call.kwargs.get(key))
    if value is None:
        return None
    axes = value if isinstance(value, list | tuple) else [value]
    if not all(type(axis) is int and -rank <= axis < rank for axis in axes):
        raise LayerError(f"{key}={value} of a tensor with {rank} axes", key)
    return [axis % rank for axis in axes]


def _shape(filling: KerasReader, tensor: int) -> tuple[int, ...]:
    return filling.axes.keras(filling.known(tensor))


def _made(filling: KerasReader, shape: Iterable[int], *inputs: int, macs: int = 0) -> int:
    """An operator of a shape in Keras's order, which counts nothing but `macs`."""
    return filling.operator(filling.axes.ours(tuple(shape)), *inputs, macs=macs)


def reduced(kind: str | None) -> Rule:
    """A sum, mean or maximum along axes; over all positions of a map it is a pool of ours."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
        shape = _shape(filling, inputs[0])
        axes = _axes(layer, len(shape) + 1)
        if axes is None or 0 in axes:
            return [filling.unknown(inputs)]
        keeps = bool(layer.config.get("keepdims", layer.call.kwargs.get("keepdims", False)))
        spatial = range(2, len(shape) + 1) if filling.axes.first else range(1, len(shape))
        if kind is not None and len(shape) > 1 and sorted(axes) == list(spatial):
            tensor = filling.apply(kind, {}, inputs[0])
            return [tensor if keeps else filling.apply("flatten", {}, tensor, suffix="/flatten")]
        left = [1 if axis + 1 in axes else size for axis, size in enumerate(shape) if keeps or axis + 1 not in axes]
        return [_made(filling, left, inputs[0])]

    return rule


def get_item(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """What stands in brackets behind a tensor: the sample axis stays."""
    given = layer.config.get("key", next((x for x in layer.call.args if isinstance(x, list)), None))
    shape: list[Any] = [None, *_shape(filling, inputs[0])]
    if not isinstance(given, list):
        return [filling.unknown(inputs)]
    parts = list(given)
    named = sum(part is not None and not _is_rest(part) for part in parts)
    if any(map(_is_rest, parts)):
        at = next(place for place, part in enumerate(parts) if _is_rest(part))
        parts[at : at + 1] = [_SLICE] * (len(shape) - named)
    elif named > len(shape):
        raise LayerError(f"{named} indices of a tensor with {len(shape)} axes")
    made: list[Any] = []
    place = 0
    for part in [*parts, *[_SLICE] * (len(shape) - sum(part is not None for part in parts))]:
        if part is None:
            made.append(1)
            continue
        size, place = shape[place], place + 1
        found = _indexed(part, size)
        if found == "?":
            return [filling.unknown(inputs)]
        made += found
    if made[:1] != [None] or None in made[1:]:
        return [filling.unknown(inputs)]
    return [_made(filling, made[1:], inputs[0])]


_SLICE = {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": None}}


def _is_rest(part: Any) -> bool:
    return part == "..." or (isinstance(part, dict) and part.get("class_name") == "__ellipsis__")


def _indexed(part: Any, size: Any) -> Any:
    """What an index leaves of an axis: nothing, or its new size; "?" where that is not told. Raises LayerError."""
    if isinstance(part, dict) and isinstance(part.get("config"), dict):
        ends = [part["config"].get(key) for key in ("start", "stop", "step")]
        if not all(one is None or type(one) is int for one in ends) or ends[2] == 0:
            return "?"
        if size is None:
            return [None] if ends == [None, None, None] else "?"
        return [len(range(*slice(*ends).indices(size)))]
    if type(part) is not int:
        return "?"
    if size is not None and not -size <= part < size:
        raise LayerError(f"index {part} of an axis of {size}")
    return [] if size is not None else "?"


def transpose(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """The axes in another order, the samples staying first."""
    shape = _shape(filling, inputs[0])
    axes = _axes(layer, len(shape) + 1, "axes")
    if axes is None or axes[:1] != [0] or sorted(axes) != list(range(len(shape) + 1)):
        return [filling.unknown(inputs)]
    return [_made(filling, [shape[axis - 1] for axis in axes[1:]], inputs[0])]


def expand_dims(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """A further axis of one."""
    shape = _shape(filling, inputs[0])
    axes = _axes(layer, len(shape) + 2)
    if axes is None or 0 in axes:
        return [filling.unknown(inputs)]
    made = list(shape)
    for axis in sorted(axes):
        made.insert(axis - 1, 1)
    return [_made(filling, made, inputs[0])]


def squeeze(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Without axes of one."""
    shape = _shape(filling, inputs[0])
    axes = _axes(layer, len(shape) + 1)
    gone = [axis for axis, size in enumerate(shape, 1) if size == 1] if axes is None else axes
    if any(axis == 0 or shape[axis - 1] != 1 for axis in gone):
        raise LayerError(f"only axes of 1 can be left out, and the shape is {'x'.join(map(str, shape))}")
    return [_made(filling, [size for axis, size in enumerate(shape, 1) if axis not in gone], inputs[0])]


def split(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Parts along an axis: so many equal ones, or of given sizes, or between given places."""
    shape = list(_shape(filling, inputs[0]))
    axes = _axes(layer, len(shape) + 1) or [0]
    parts = layer.config.get("indices_or_sections", layer.call.kwargs.get("indices_or_sections"))
    if len(axes) != 1 or axes[0] == 0:
        return [filling.unknown(inputs)]
    size = shape[axes[0] - 1]
    if type(parts) is int:
        if parts < 1 or size % parts:
            raise LayerError(f"{size} values cannot be split into {parts} equal parts")
        sizes = [size // parts] * parts
    elif isinstance(parts, list) and all(type(one) is int for one in parts) and sum(parts) == size:
        sizes = parts
    else:
        return [filling.unknown(inputs)]
    return [
        _made(filling, [one if axis == axes[0] else old for axis, old in enumerate(shape, 1)], inputs[0])
        for one in sizes[:64]
    ]


def stack(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Tensors of one shape along a further axis."""
    shapes = {_shape(filling, tensor) for tensor in inputs}
    if len(shapes) != 1:
        raise LayerError("the tensors have other shapes")
    shape = list(shapes.pop())
    axes = _axes(layer, len(shape) + 2) or [0]
    if axes[0] == 0:
        return [filling.unknown(inputs)]
    shape.insert(axes[0] - 1, len(inputs))
    return [_made(filling, shape, *inputs)]


def matmul(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Products of matrices, sample by sample."""
    if len(inputs) != 2:
        return [filling.unknown(inputs)]
    left, right = (_shape(filling, tensor) for tensor in inputs)
    if len(left) < 2 or len(right) != len(left) or left[:-2] != right[:-2]:
        return [filling.unknown(inputs)]
    if left[-1] != right[-2]:
        raise LayerError(f"{'x'.join(map(str, left))} times {'x'.join(map(str, right))}: {left[-1]} is not {right[-2]}")
    made = (*left[:-1], right[-1])
    return [_made(filling, made, *inputs, macs=prod(made) * left[-1])]


def pad(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Borders, two numbers an axis."""
    shape = _shape(filling, inputs[0])
    width = layer.config.get("pad_width", layer.call.kwargs.get("pad_width"))
    pairs = width if isinstance(width, list) else None
    if pairs is None or len(pairs) != len(shape) + 1 or not all(
        isinstance(pair, list) and len(pair) == 2 and all(type(one) is int for one in pair) for pair in pairs
    ):  # fmt: skip
        return [filling.unknown(inputs)]
    if pairs[0] != [0, 0]:
        return [filling.unknown(inputs)]
    return [_made(filling, [size + sum(pair) for size, pair in zip(shape, pairs[1:], strict=True)], inputs[0])]


def resize(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """A picture of a given height and width."""
    size = layer.config.get("size", layer.call.kwargs.get("size"))
    if not isinstance(size, list) or len(size) != 2 or not all(type(one) is int for one in size):
        return [filling.unknown(inputs)]
    return [filling.apply("resize", {"to": Size(size)}, inputs[0])]


def blocks(out: bool) -> Rule:
    """Channels to positions, or back."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
        factor = layer.needed("block_size")
        return [filling.apply("pixelshuffle" if out else "pixelunshuffle", {"factor": factor}, inputs[0])]

    return rule


def broadcast(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """A tensor stretched to a shape, the samples first."""
    given = layer.config.get("shape", next((one for one in layer.call.args if isinstance(one, list)), None))
    sizes = given[1:] if isinstance(given, list) else []
    if not sizes or not all(type(size) is int and size > 0 for size in sizes):
        return [filling.unknown(inputs)]
    return [_made(filling, sizes, inputs[0])]


_SAME = (
    "Exp Log Sqrt Rsqrt Square Absolute Negative Sin Cos Erf Sign Clip Cast Normalize Reciprocal Log1p Expm1 Floor "
    "Ceil Round Compare Tan Arctan Sinh Cosh"
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
}  # fmt: skip
