"""Dense layers, normalizations, and what else learns a factor."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from ...layers import LayerError
from ...values import Word
from .described import DescribedLayer
from .reading import KerasReader
from .shared import activated, same


def dense(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """Over the last axis: of a map it is a 1x1 convolution where that axis is the channels."""
    key = "output_dim" if "output_dim" in layer.config else "units"  # of Keras 1, and since
    units, bias = layer.needed(key), layer.flag("use_bias", True)
    shape = filling.known(inputs[0])
    if len(shape) == 1:
        tensor = filling.apply("fc", {"units": units, "bias": bias}, inputs[0])
    elif not filling.axes.first:
        tensor = filling.apply("conv", {"filters": units, "kernel": 1, "bias": bias}, inputs[0])
    else:
        output = (*shape[:-1], units)
        tensor = filling.operator(output, inputs[0], params=(shape[-1] + bias) * units, macs=prod(output) * shape[-1])
    return [activated(filling, tensor, layer.config.get("activation"))]


def embedding(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """A learned vector for each word."""
    given = {"words": layer.needed("input_dim"), "size": layer.needed("output_dim")}
    return [filling.apply("embed", given, inputs[0])]


def batch_normalization(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """Two learned values and two statistics a channel, unless one is left out."""
    shape = filling.known(inputs[0])
    axis = layer.config.get("axis", -1)
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    index = filling.axes.index(axis, len(shape)) if type(axis) is int else None
    learned = layer.flag("scale", True) + layer.flag("center", True)
    if index != 0:
        if index is None:
            raise LayerError("it normalizes along the axis of samples")
        return [filling.operator(shape, inputs[0], params=learned * shape[index], buffers=2 * shape[index])]
    if not learned:
        return [filling.apply("bn", {"affine": False}, inputs[0])]
    given = {name: False for name, key in (("scale", "scale"), ("bias", "center")) if not layer.flag(key, True)}
    return [filling.apply("bn", given, inputs[0])]


def normalization(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """The mean and variance of the data along the axes that it keeps apart, and how many there were, unless they stand
    in the file: none is learned.
    """
    shape = filling.known(inputs[0])
    places = _places(filling, layer, len(shape))
    if layer.config.get("mean") is not None:
        return [filling.operator(shape, inputs[0])]
    return [filling.operator(shape, inputs[0], buffers=2 * prod(shape[place] for place in places) + 1)]


def _places(filling: KerasReader, layer: DescribedLayer, rank: int) -> list[int]:
    """The places of the axes that a layer names, in our order, of the last one by default. Raises LayerError."""
    axes = layer.config.get("axis", -1)
    axes = axes if isinstance(axes, list) else [] if axes is None else [axes]
    places = [filling.axes.index(axis, rank) if type(axis) is int else None for axis in axes]
    if None in places:
        raise LayerError("it normalizes along the axis of samples")
    return [place for place in places if place is not None]


def layer_normalization(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """Over the channels at each position, or over what axes it names: a factor and a constant for each."""
    shape = filling.known(inputs[0])
    places = _places(filling, layer, len(shape))
    scale, center = layer.flag("scale", True), layer.flag("center", True)
    if layer.flag("rms_scaling", False):
        center = False
    if places == [0] and scale:
        return [filling.apply("ln", {} if center else {"bias": False}, inputs[0])]
    elements = prod(shape[place] for place in places)
    return [filling.operator(shape, inputs[0], params=(scale + center) * elements)]


def group_normalization(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """Over groups of channels; -1 is one group a channel."""
    shape = filling.known(inputs[0])
    groups = layer.number("groups", 32)
    scale, center = layer.flag("scale", True), layer.flag("center", True)
    index = filling.axes.index(layer.number("axis", -1), len(shape))
    if index == 0 and scale and center:
        return [filling.apply("gn", {"groups": shape[0] if groups == -1 else groups}, inputs[0])]
    return [filling.operator(shape, inputs[0], params=(scale + center) * shape[index or 0])]


def layer_scale(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """ConvNeXt's learned factor a channel."""
    return [filling.apply("scale", {}, inputs[0])]


def prelu(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """A slope for each value, but for the axes along which it is shared."""
    shape = filling.known(inputs[0])
    shared = layer.config.get("shared_axes") or []
    places = {filling.axes.index(axis, len(shape)) for axis in shared if type(axis) is int}
    slopes = prod(size for index, size in enumerate(shape) if index not in places)
    if slopes == shape[0] and 0 not in places:
        return [filling.apply("prelu", {}, inputs[0])]
    if slopes == 1:
        return [filling.apply("prelu", {"shared": True}, inputs[0])]
    if slopes == prod(shape):
        return [filling.apply("prelu", {"shared": Word("each")}, inputs[0])]
    return [filling.operator(shape, inputs[0], params=slopes)] if slopes else same(filling, layer, inputs)
