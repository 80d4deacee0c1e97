"""What each class of Keras's layers is in ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

from ...layers import LayerError
from ...layers.axes import LETTERS
from ...values import Shape, Size, Word, how_many
from ..lookup import dropped
from .dense import (
    batch_normalization,
    dense,
    embedding,
    group_normalization,
    layer_normalization,
    layer_scale,
    normalization,
    prelu,
)
from .described import DescribedLayer
from .operations import OPERATIONS
from .reading import KerasReader, Rule
from .sequences import attention, bidirectional, recurrent, stepwise, time_distributed
from .shared import activated, activation, same
from .windows import adaptive, convolution, cropping, pool, separable, transposed, upsampling, zero_padding

_Inputs = list[int]


def plain(kind: str, **given: Any) -> Rule:
    """One layer of ours that takes nothing from the configuration."""
    return lambda filling, layer, inputs: [filling.apply(kind, given, inputs[0])]


def dropout(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """At inference the tensor itself; the share that training zeroes is kept."""
    return [filling.apply("dropout", dropped(layer.config.get("rate")), inputs[0])]


def passed(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """What only training does: at inference the tensor is passed on."""
    return [filling.apply("identity", {}, inputs[0])]


def global_pool(kind: str) -> Rule:
    """A pool over all positions, to a vector unless it keeps the axes."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
        tensor = filling.apply(kind, {}, inputs[0])
        return [tensor if layer.flag("keepdims", False) else filling.apply("flatten", {}, tensor, suffix="/flatten")]

    return rule


# --- activations ----------------------------------------------------------------------------------------


def relu(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Up to a maximum, or with a slope below zero, it is another function."""
    config = layer.config
    if config.get("threshold") not in (None, 0, 0.0) or config.get("max_value") not in (None, 6, 6.0):
        return same(filling, layer, inputs)
    slope = config.get("negative_slope", config.get("alpha"))
    kind = "relu6" if config.get("max_value") else "leakyrelu" if slope else "relu"
    return [filling.apply(kind, {}, inputs[0])]


def softmax(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Over an axis, the last by default."""
    rank = len(filling.known(inputs[0]))
    letter = filling.axes.letter(layer.number("axis", -1), rank)
    if letter is None:
        return same(filling, layer, inputs)
    return [filling.apply("softmax", {"axis": Word(letter)}, inputs[0])]


# --- several inputs -------------------------------------------------------------------------------------


def merge(kind: str) -> Rule:
    """A merge of ours, or of shapes that it does not take what Keras's broadcasting makes."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
        if len(inputs) < 2:
            return same(filling, layer, inputs)
        shapes = [filling.axes.keras(filling.known(tensor)) for tensor in inputs]
        if filling.fits(kind, *inputs):
            return [filling.apply(kind, {}, *inputs)]
        return [filling.operator(filling.axes.ours(_broadcast(shapes)), *inputs)]

    return rule


def _broadcast(shapes: list[Shape]) -> Shape:
    """The shape of what is stretched to one, by the last axes. Raises LayerError where that cannot be."""
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    sizes = [{size for size in axis if size != 1} for axis in zip(*padded, strict=True)]
    if any(len(axis) > 1 for axis in sizes):
        raise LayerError(f"shapes {' and '.join('x'.join(map(str, shape)) for shape in shapes)} do not go together")
    return tuple(max(axis, default=1) for axis in sizes)


def average(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """The mean of several tensors, value by value."""
    shapes = [filling.axes.keras(filling.known(tensor)) for tensor in inputs]
    return [filling.operator(filling.axes.ours(_broadcast(shapes)), *inputs)]


def concatenate(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Side by side along an axis."""
    if len(inputs) == 1:
        return inputs
    axis = layer.config.get("axis", layer.call.kwargs.get("axis", -1))
    letter = filling.axes.letter(axis if type(axis) is int else -1, len(filling.known(inputs[0])))
    if letter is None:
        raise LayerError("the tensors are put together along the axis of samples")
    return [filling.apply("concat", {"axis": Word(letter)}, *inputs)]


def dot(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Sums of products along an axis of each."""
    axes = layer.config.get("axes", -1)
    pair = axes if isinstance(axes, list) else [axes, axes]
    shapes = [filling.axes.keras(filling.known(tensor)) for tensor in inputs]
    if len(shapes) != 2 or len(pair) != 2 or not all(type(axis) is int for axis in pair):
        return [filling.unknown(inputs)]
    places = [axis - 1 if axis > 0 else axis + len(shape) for axis, shape in zip(pair, shapes, strict=True)]
    if not all(0 <= place < len(shape) for place, shape in zip(places, shapes, strict=True)):
        return [filling.unknown(inputs)]
    summed = shapes[0][places[0]]
    left, right = (shape[:place] + shape[place + 1 :] for shape, place in zip(shapes, places, strict=True))
    output = (left + right) or (1,)
    return [filling.operator(filling.axes.ours(output), *inputs, macs=prod(output) * summed)]


# --- shapes ---------------------------------------------------------------------------------------------


def reshape(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Another shape, one of whose sizes may be -1."""
    whole = layer.config.get("newshape")
    target = layer.config.get("target_shape") or whole
    if isinstance(whole, list) and len(whole) > 1 and whole[0] in (None, -1):  # keras.ops.reshape: the samples first
        target = whole[1:]
    if not isinstance(target, list) or not all(type(size) is int for size in target) or not target:
        return [filling.unknown(inputs)]
    made = _filled(target, filling.axes.keras(filling.known(inputs[0])), whole is None)
    wanted = filling.axes.ours(target)
    if len(wanted) == 1:
        return [filling.apply("flatten", {}, inputs[0])]
    if len(wanted) not in LETTERS:
        return [filling.operator(filling.axes.ours(made), inputs[0])]
    return [filling.apply("reshape", {"shape": Size(None if size == -1 else size for size in wanted)}, inputs[0])]


def _filled(wanted: Sequence[int], shape: Shape, helps: bool) -> Shape:
    """A shape with the size that -1 stands for, in Keras's order. Raises LayerError where it has not so many values as
    `shape`, and where it `helps` with what has.
    """
    known, values = prod(size for size in wanted if size != -1), prod(shape)
    if min(wanted) < -1 or wanted.count(-1) > 1 or known == 0:
        raise LayerError(f"{tuple(wanted)} is no shape: sizes are above 0, and one of them may be -1")
    if values % known or (-1 not in wanted and known != values):
        holds = f"a multiple of {known:,}" if -1 in wanted else f"{known:,}"
        left = [
            (*wanted[:at], -1, *wanted[at + 1 :])
            for at in range(len(wanted))
            if helps and len(wanted) > 1 and -1 not in wanted and values % prod((*wanted[:at], *wanted[at + 1 :])) == 0
        ]
        help = f"{' or '.join(map(str, left))} holds them" if left else None
        shown = "x".join(map(str, shape))
        raise LayerError(f"{shown} has {how_many(values, 'value', ',')}, and {tuple(wanted)} holds {holds}", help=help)
    return tuple(values // known if size == -1 else size for size in wanted)


def permute(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """The axes in another order."""
    shape = filling.axes.keras(filling.known(inputs[0]))
    dims = layer.config.get("dims")
    if not isinstance(dims, list) or sorted(map(str, dims)) != sorted(str(axis + 1) for axis in range(len(shape))):
        return [filling.unknown(inputs)]
    return [filling.operator(filling.axes.ours(tuple(shape[axis - 1] for axis in dims)), inputs[0])]


def repeat_vector(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """A vector so many times."""
    return [filling.operator((*filling.known(inputs[0]), layer.number("n", 1)), inputs[0])]


def resizing(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """A given height and width."""
    size = Size((layer.number("height", 1), layer.number("width", 1)))
    return [
        filling.apply(
            "crop" if layer.type == "CenterCrop" else "resize",
            {"size" if layer.type == "CenterCrop" else "to": size},
            inputs[0],
        )
    ]


def lambda_of_tensorflow(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """A function of TensorFlow's where a layer stands: the few that networks use."""
    function = str(layer.config.get("function", "")).rpartition(".")[2]
    if function in ("__add__", "add", "__radd__") or function in (
        "multiply",
        "__mul__",
        "__rmul__",
        "subtract",
        "__sub__",
    ):
        kind = "add" if "add" in function else "mul" if "mul" in function else "sub"
        return merge(kind)(filling, layer, inputs) if len(inputs) > 1 else same(filling, layer, inputs)
    if function in ("relu", "relu6", "sigmoid", "tanh", "silu", "softmax", "gelu"):
        return [activated(filling, inputs[0], function, suffix="")]
    return [filling.unknown(inputs)]


_SAME = "ThresholdedReLU UnitNormalization Rescaling RandomFlip RandomRotation RandomZoom RandomContrast".split()
_PASSED = (
    "GaussianNoise ActivityRegularization Masking Identity RandomCrop RandomTranslation RandomBrightness AlphaDropout"
).split()
LAYERS: dict[str, Rule] = {
    **{f"Conv{rank}D": convolution("conv", rank) for rank in (1, 2, 3)},
    **{f"Convolution{rank}D": convolution("conv", rank) for rank in (1, 2, 3)},
    **{f"DepthwiseConv{rank}D": convolution("dwconv", rank) for rank in (1, 2)},
    **{f"Conv{rank}DTranspose": transposed(rank) for rank in (1, 2, 3)},
    **{f"SeparableConv{rank}D": separable(rank) for rank in (1, 2)},
    **{f"MaxPooling{rank}D": pool("maxpool", rank) for rank in (1, 2, 3)},
    **{f"AveragePooling{rank}D": pool("avgpool", rank) for rank in (1, 2, 3)},
    **{f"GlobalAveragePooling{rank}D": global_pool("gavgpool") for rank in (1, 2, 3)},
    **{f"GlobalMaxPooling{rank}D": global_pool("gmaxpool") for rank in (1, 2, 3)},
    **{f"AdaptiveAveragePooling{rank}D": adaptive("avgpool", rank) for rank in (1, 2, 3)},
    **{f"AdaptiveMaxPooling{rank}D": adaptive("maxpool", rank) for rank in (1, 2, 3)},
    **{f"ZeroPadding{rank}D": zero_padding(rank) for rank in (1, 2, 3)},
    **{f"Cropping{rank}D": cropping(rank) for rank in (1, 2, 3)},
    **{f"UpSampling{rank}D": upsampling(rank) for rank in (1, 2, 3)},
    **dict.fromkeys(["Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianDropout",
                     "StochasticDepth"], dropout),
    **dict.fromkeys(_SAME, same), **dict.fromkeys(_PASSED, passed),
    "Dense": dense, "Embedding": embedding, "BatchNormalization": batch_normalization, "Normalization": normalization,
    "LayerNormalization": layer_normalization, "GroupNormalization": group_normalization, "LayerScale": layer_scale,
    "Activation": activation, "ReLU": relu, "LeakyReLU": plain("leakyrelu"), "PReLU": prelu, "ELU": plain("elu"),
    "Softmax": softmax, "Add": merge("add"), "Subtract": merge("sub"), "Multiply": merge("mul"),
    "CustomScaleLayer": merge("add"),
    "Maximum": merge("maximum"), "Minimum": merge("minimum"), "Average": average, "Concatenate": concatenate,
    "Dot": dot, "Flatten": plain("flatten"), "Reshape": reshape, "Permute": permute, "RepeatVector": repeat_vector,
    "Resizing": resizing, "CenterCrop": resizing, "TFOpLambda": lambda_of_tensorflow,
    "LSTM": recurrent("lstm"), "GRU": recurrent("gru"), "SimpleRNN": recurrent("rnn"),
    "RNN": stepwise,
    **dict.fromkeys(("Divide", "TrueDivide", "Power", "FloorDivide", "Mod"), average), **OPERATIONS,
    "Bidirectional": bidirectional, "TimeDistributed": time_distributed, "MultiHeadAttention": attention,
}  # fmt: skip
