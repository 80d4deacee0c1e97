"""What each type of Caffe's layers is in ours, by its name in V2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...layers import LayerError
from ...layers.axes import LETTERS, axis_index
from ...layers.op import Op
from ...values import Pair, Shape, Size
from ..misfit import Misfit
from .data import DATA
from .description import LayerParameter
from .reading import CaffeReader, Rule
from .windows import convolution, pooling

#: Types that change no figure of inference: what only training, or whoever looks on, reads; and data, see data.py.
PASSED = DATA | {
    "Accuracy", "Silence", "HDF5Output", "SoftmaxWithLoss", "EuclideanLoss", "HingeLoss", "InfogainLoss",
    "ContrastiveLoss", "SigmoidCrossEntropyLoss", "MultinomialLogisticLoss", "MultiBoxLoss", "SmoothL1Loss",
}  # fmt: skip


def plain(kind: str, **given: Any) -> Rule:
    """One layer of ours that takes nothing from Caffe's parameters."""
    return lambda filling, layer, tensors: [filling.apply(kind, given, tensors[0])]


def same(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """A function of every value by itself, which none of our kinds is: it costs no MACs and learns nothing."""
    return [_op(filling, layer, tensors, filling.shape(tensors[0]))]


def _op(filling: CaffeReader, layer: LayerParameter, tensors: list[int], shape: Shape | None, params: int = 0) -> int:
    if shape is None:
        return filling.unknown(layer, tensors)[0]
    filling.assembler.looked_at_sizes()
    given = {"name": layer.type, "shape": Size(shape), "params": params, "macs": 0}
    return filling.apply(Op, given, *tensors)


# --- dense layers and what learns a factor a channel ----------------------------------------------------


def inner_product(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """A fully connected layer over all axes from `axis` on."""
    tensor, given = tensors[0], layer.given
    shape = filling.shape(tensor)
    if shape is not None and len(shape) > 1:
        if given.number("axis", 1) not in (1, -len(shape)):
            return filling.unknown(layer, tensors)
        tensor = filling.apply("flatten", {}, tensor, suffix="/flatten")
    values = {"units": given.number("num_output", 0), "bias": given.flag("bias_term", True)}
    return [filling.apply("fc", values, tensor, place="num_output")]


def scale(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """A learned factor a channel, and constant; or the product of two blobs."""
    if len(tensors) > 1:
        return [filling.apply("mul", {}, *tensors)]
    if layer.given.number("axis", 1) != 1 or layer.given.number("num_axes", 1) != 1:
        return filling.unknown(layer, tensors)
    return [filling.apply("scale", {"bias": layer.given.flag("bias_term", False)}, tensors[0])]


def bias(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """A learned constant a channel; or the sum of two blobs."""
    if len(tensors) > 1:
        return [filling.apply("add", {}, *tensors)]
    shape = filling.shape(tensors[0])
    return [_op(filling, layer, tensors, shape, shape[0] if shape else 0)]


def relu(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """With a slope below zero it leaks."""
    slope = layer.given.text("negative_slope", "0")
    return [filling.apply("relu" if not slope.strip("0.") else "leakyrelu", {}, tensors[0])]


def prelu(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """One slope a channel, or one for all."""
    return [filling.apply("prelu", {"shared": layer.given.flag("channel_shared", False)}, tensors[0])]


def lrn(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """Local response normalization, over channels or within one: neither learns."""
    return [filling.apply("lrn", {"size": layer.given.number("local_size", 5)}, tensors[0], place="local_size")]


# --- several inputs, several outputs --------------------------------------------------------------------


def concat(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """Blobs side by side along an axis, the channels by default."""
    axis = _axis(filling, layer, tensors[0])
    return [filling.apply("concat", {"axis": axis}, *tensors)]


def _axis(filling: CaffeReader, layer: LayerParameter, tensor: int) -> str:
    """The letter of the axis that a layer names. Raises Misfit for the axis of samples, or one that is not there."""
    shape = filling.shape(tensor)
    if shape is None:
        return "C"
    axis = layer.given.number("axis", layer.given.number("concat_dim", layer.given.number("slice_dim", 1)))
    letters = LETTERS.get(len(shape), ())
    axis += len(shape) + 1 if axis < 0 else 0
    if not 1 <= axis <= len(letters):
        raise Misfit(LayerError(f"axis {axis} is none of the {len(shape)} axes of a sample"), layer.given.place("axis"))
    return letters[axis - 1]


def eltwise(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """The sum, product or maximum of blobs."""
    operation = layer.given.text("operation", "SUM")
    kind = {"PROD": "mul", "0": "mul", "SUM": "add", "1": "add"}.get(operation, "maximum")
    return [filling.apply(kind, {}, *tensors, place="operation")]


def slices(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """Parts of an axis, equal ones or between the points given."""
    shape, letter = filling.shape(tensors[0]), _axis(filling, layer, tensors[0])
    if shape is None:
        return [tensors[0]] * len(layer.tops)
    filling.assembler.looked_at_sizes()
    size = shape[axis_index(letter, shape)]
    points = layer.given.numbers("slice_point")
    count = max(len(layer.tops), 1)
    ends = [*points, size] if points else [size * (index + 1) // count for index in range(count)]
    starts = [0, *ends[:-1]]
    return [
        filling.apply(
            "take", {"range": Pair(start, end), "axis": letter}, tensors[0], suffix=f"/{index}", place="slice_point"
        )
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def split(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """The same blob under several names."""
    return [tensors[0]] * len(layer.tops)


# --- shapes ---------------------------------------------------------------------------------------------


def reshape(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """Another shape: 0 keeps an axis, -1 takes what is left; the axis of samples stays."""
    shape = filling.shape(tensors[0])
    dims = layer.given.message("shape").numbers("dim")
    if shape is None or len(dims) < 2 or dims[0] not in (0, -1, filling.assembler.network.file_batch):
        return filling.unknown(layer, tensors)
    sizes = [shape[index] if dim == 0 and index < len(shape) else dim for index, dim in enumerate(dims[1:])]
    filling.assembler.looked_at_sizes()
    wanted = Size(tuple(None if size == -1 else size for size in sizes))
    return [filling.apply("reshape", {"shape": wanted}, tensors[0], place="shape")]


def crop(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """The size of the second blob, from `axis` on (2 by default)."""
    if len(tensors) < 2 or layer.given.number("axis", 2) != 2:
        return filling.unknown(layer, tensors)
    like = filling.shape(tensors[1])
    if like is None:
        return [tensors[0]]
    filling.assembler.looked_at_sizes()
    return [filling.apply("crop", {"size": Size(like[1:])}, tensors[0])]


def padding(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """V0's border, a layer of its own."""
    return [filling.apply("pad", {"amount": layer.given.number("pad", 0)}, tensors[0], place="pad")]


LAYERS: dict[str, Rule] = {
    "Convolution": convolution("conv"), "Deconvolution": convolution("upconv"), "Pooling": pooling,
    "DepthwiseConvolution": convolution("conv"), "ConvolutionDepthwise": convolution("conv"),
    "InnerProduct": inner_product, "BatchNorm": plain("bn", affine=False), "Scale": scale, "Bias": bias, "LRN": lrn,
    "ReLU": relu, "ReLU6": plain("relu6"), "PReLU": prelu, "ELU": plain("elu"), "Sigmoid": plain("sigmoid"),
    "TanH": plain("tanh"), "Swish": plain("silu"), "Softmax": plain("softmax"), "Dropout": plain("dropout"),
    "AbsVal": same, "Power": same, "Exp": same, "Log": same, "BNLL": same, "Threshold": same, "Clip": same, "MVN": same,
    "Concat": concat, "Eltwise": eltwise, "Slice": slices, "Split": split, "Flatten": plain("flatten"),
    "Reshape": reshape, "Crop": crop, "Padding": padding,
}  # fmt: skip
