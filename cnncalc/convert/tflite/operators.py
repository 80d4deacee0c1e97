"""What each operator of TFLite is in ours. Sizes and paddings: tensorflow/lite/kernels/padding.h."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, TypeAlias

from ...layers.axes import LETTERS
from ...layers.op import Op
from ...values import Pair, Size, Word, one_or_each
from .reading import NoRule, TfliteReader

Rule: TypeAlias = Callable[[TfliteReader], int]
#: Operators that mean the same of a tensor that has no axis of samples.
AXISLESS = frozenset(
    "RESHAPE ADD SUB MUL DIV MAXIMUM MINIMUM LOGISTIC TANH RELU RELU6 LEAKY_RELU ELU GELU HARD_SWISH "
    "FULLY_CONNECTED".split()
)


def _options(filling: TfliteReader) -> dict[str, Any]:
    option = filling.operator.option
    return {
        "stride": one_or_each([option("StrideH", 1), option("StrideW", 1)]),
        "pad": Word("same") if option("Padding", 0) == 0 else 0,
    }


def _weights(filling: TfliteReader, which: int, rank: int) -> tuple[int, ...]:
    """The shape of the constant of weights. Raises NoRule where it is none."""
    inputs = filling.operator.inputs
    shape = filling.stored(inputs[which]).shape if which < len(inputs) and inputs[which] >= 0 else ()
    if len(shape) != rank or inputs[which] in filling.made:
        raise NoRule
    return shape


def _biased(filling: TfliteReader, which: int = 2) -> bool:
    inputs = filling.operator.inputs
    return len(inputs) > which and inputs[which] >= 0


def convolution(filling: TfliteReader) -> int:
    """Weights are filters, height, width, channels of a group."""
    filters, height, width, depth = _weights(filling, 1, 4)
    option = filling.operator.option
    channels = filling.entering[0]
    return filling.apply("conv", {
        **_options(filling), "filters": filters, "kernel": one_or_each([height, width]),
        "groups": max(channels // max(depth, 1), 1),
        "dilation": one_or_each([option("DilationHFactor", 1), option("DilationWFactor", 1)]), "bias": _biased(filling),
    })  # fmt: skip


def depthwise(filling: TfliteReader) -> int:
    """Weights are 1, height, width, channels out."""
    _, height, width, filters = _weights(filling, 1, 4)
    option = filling.operator.option
    channels = filling.entering[0]
    return filling.apply("dwconv", {
        **_options(filling), "kernel": one_or_each([height, width]), "multiplier": max(filters // channels, 1),
        "dilation": one_or_each([option("DilationHFactor", 1), option("DilationWFactor", 1)]), "bias": _biased(filling),
    })  # fmt: skip


def fully_connected(filling: TfliteReader) -> int:
    """Over all values of a sample, or over the last axis where the others are kept."""
    units, _ = _weights(filling, 1, 2)
    bias = _biased(filling)
    shape = filling.entering
    if filling.whole(filling.read[0]):
        return _dense_rows(filling, shape, units, bias)
    if len(shape) > 1 and filling.operator.option("KeepNumDims", 0):
        return filling.apply("conv", {"filters": units, "kernel": 1, "bias": bias})
    node = filling.made[filling.read[0]] if len(shape) == 1 else filling.apply("flatten", {}, last=False)
    return filling.apply("fc", {"units": units, "bias": bias}, node)


def _dense_rows(filling: TfliteReader, shape: tuple[int, ...], units: int, bias: bool) -> int:
    """The same over the last axis of what has no axis of samples."""
    wanted = filling.told(filling.operator.outputs[0])
    if wanted is None:
        raise NoRule
    filling.assembler.looked_at_sizes()
    size = _weights(filling, 1, 2)[1]
    params, macs = units * size + units * bias, prod(shape) * units
    given = {"name": filling.operator.name, "shape": Size(wanted), "params": params, "macs": macs}
    return filling.apply(Op, given)


def transposed(filling: TfliteReader) -> int:
    """Weights are filters, height, width, channels; the input is the third tensor. What no window reaches between steps
    larger than it is there behind the last one, too.
    """
    filters, height, width, _ = _weights(filling, 1, 4)
    option, given = filling.operator.option, _options(filling)
    given |= {"filters": filters, "kernel": one_or_each([height, width]), "bias": _biased(filling, 3)}
    if given["pad"] == 0:
        more = (option("StrideH", 1) - height, option("StrideW", 1) - width)
        given["outpad"] = one_or_each([max(size, 0) for size in more])
    return filling.apply("upconv", given)


def pool(kind: str) -> Rule:
    """A pool; the mean of a window at the border is that of what it holds of the input."""

    def rule(filling: TfliteReader) -> int:
        option = filling.operator.option
        given = {**_options(filling), "kernel": one_or_each([option("FilterHeight", 1), option("FilterWidth", 1)])}
        if kind == "avgpool" and given["pad"]:
            given["countpad"] = False
        return filling.apply(kind, given)

    return rule


def plain(kind: str) -> Rule:
    """A layer of ours that takes nothing from the options."""
    return lambda filling: filling.apply(kind, {})


def merge(kind: str) -> Rule:
    """Two tensors, value by value; a constant is learned where it has more than one value."""

    def rule(filling: TfliteReader) -> int:
        nodes = [filling.made[index] for index in filling.read]
        if len(nodes) == 2:
            return filling.apply(kind, {}, *nodes)
        constants = [
            filling.stored(index) for index in filling.operator.inputs if index >= 0 and index not in filling.made
        ]
        shape = filling.entering
        elements = sum(prod(constant.shape) for constant in constants)
        filling.assembler.looked_at_sizes()
        given = {
            "name": filling.operator.name,
            "shape": Size(shape),
            "params": elements if elements > 1 else 0,
            "macs": 0,
        }
        return filling.apply(Op, given)

    return rule


def concatenation(filling: TfliteReader) -> int:
    """Side by side along an axis of the file's."""
    nodes = [filling.made[index] for index in filling.read]
    rank = len(filling.entering)
    axis = filling.operator.option("Axis", -1)
    axis += rank + 1 if axis < 0 else 0
    letters = LETTERS.get(rank, ())
    if not 1 <= axis <= len(letters) or len(nodes) != len(filling.operator.inputs):
        raise NoRule
    return filling.apply("concat", {"axis": Word(letters[axis % rank])}, *nodes)


def reshape(filling: TfliteReader) -> int:
    """The shape that stands in the file."""
    wanted = filling.told(filling.operator.outputs[0])
    if wanted is None:
        raise NoRule
    if len(wanted) == 1:
        return filling.apply("flatten", {})
    filling.assembler.looked_at_sizes()
    return filling.apply("reshape", {"shape": Size(wanted)})


def pad(filling: TfliteReader) -> int:
    """Two numbers an axis, the samples and channels among them."""
    numbers = filling.stored(filling.operator.inputs[1]).integers()
    pairs = [Pair(*numbers[index : index + 2]) for index in range(2, len(numbers) - 2, 2)]
    if len(numbers) < 6 or any(numbers[:2] + numbers[-2:]):
        raise NoRule
    return filling.apply("pad", {"amount": one_or_each(pairs)})


def resize(filling: TfliteReader) -> int:
    """To the height and width of a constant."""
    sizes = filling.stored(filling.operator.inputs[1]).integers()
    given: dict[str, Any] = {"to": Size(sizes)}
    if filling.operator.name == "RESIZE_BILINEAR":
        given["mode"] = Word("bilinear")
    return filling.apply("resize", given)


def mean(filling: TfliteReader) -> int:
    """Over all positions it is the global pool."""
    axes = sorted(filling.stored(filling.operator.inputs[1]).integers())
    rank = len(filling.entering)
    if axes != list(range(1, rank)):
        raise NoRule
    flat = len(filling.stored(filling.operator.outputs[0]).shape) == 2
    node = filling.apply("gavgpool", {}, last=not flat)
    return filling.apply("flatten", {}, node) if flat else node


def shuffled(kind: str) -> Rule:
    """Squares of pixels and channels."""
    return lambda filling: filling.apply(kind, {"factor": filling.operator.option("BlockSize", 1)})


def prelu(filling: TfliteReader) -> int:
    """A slope a channel, or one."""
    slopes = prod(filling.stored(filling.operator.inputs[1]).shape)
    channels = filling.entering[0]
    if slopes not in (1, channels):
        raise NoRule
    return filling.apply("prelu", {"shared": slopes == 1 != channels})


OPERATORS: dict[str, Rule] = {
    "CONV_2D": convolution, "DEPTHWISE_CONV_2D": depthwise, "FULLY_CONNECTED": fully_connected,
    "TRANSPOSE_CONV": transposed, "AVERAGE_POOL_2D": pool("avgpool"), "MAX_POOL_2D": pool("maxpool"),
    "ADD": merge("add"), "SUB": merge("sub"), "MUL": merge("mul"), "DIV": merge("div"), "MAXIMUM": merge("maximum"),
    "MINIMUM": merge("minimum"), "CONCATENATION": concatenation, "RESHAPE": reshape, "SQUEEZE": reshape,
    "EXPAND_DIMS": reshape, "PAD": pad, "PADV2": pad, "MIRROR_PAD": pad, "RESIZE_BILINEAR": resize,
    "RESIZE_NEAREST_NEIGHBOR": resize, "MEAN": mean, "SPACE_TO_DEPTH": shuffled("pixelunshuffle"),
    "DEPTH_TO_SPACE": shuffled("pixelshuffle"), "PRELU": prelu, "SOFTMAX": plain("softmax"),
    "LOG_SOFTMAX": plain("logsoftmax"), "LOGISTIC": plain("sigmoid"), "TANH": plain("tanh"), "RELU": plain("relu"),
    "RELU6": plain("relu6"), "LEAKY_RELU": plain("leakyrelu"), "ELU": plain("elu"), "GELU": plain("gelu"),
    "HARD_SWISH": plain("hardswish"),
}  # fmt: skip
