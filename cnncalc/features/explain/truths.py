"""What is taught about a kind of layer, said of this one with its figures. Only what is true of it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import singledispatch
from math import prod
from typing import Any

from ...document import figures
from ...layers import KINDS, Layer
from ...layers.activation import Dropout
from ...layers.conv import Convolution, DepthwiseConv, LocalConv
from ...layers.dense import Attention, FullyConnected
from ...layers.merge import Add, Concat, MatMul, Mul
from ...layers.norm import BatchNorm, GroupNorm, InstanceNorm
from ...layers.pool import AveragePool, GlobalAveragePool, GlobalMaxPool, MaxPool
from ...layers.recurrent import Embedding, Recurrent
from ...layers.resample import PixelShuffle, PixelUnshuffle, Resize
from ...layers.reshape import Flatten, Permute
from ...layers.upconv import TransposedConv
from .layer_facts import LayerFacts
from .words import shown

_ADAPTIVE = "adaptive: the windows follow from the output size, so any input gives it"
_OWN_STATISTICS = "its mean and variance are of the whole map; the receptive field leaves that out, as is usual"
_MOVED = "values are moved, none is changed: depth becomes space, or space depth"
#: What needs no figures.
_ALWAYS: dict[type[Layer], str] = {
    LocalConv: "a convolution without sharing: every position has filters of its own",
    GlobalMaxPool: "the largest of all positions a channel: it takes any size, and forgets where",
    BatchNorm: "at inference a fixed factor and constant a channel, which can be folded into the convolution before it",
    InstanceNorm: _OWN_STATISTICS,
    GroupNorm: _OWN_STATISTICS,
    Add: "a sum passes the gradient on to every path unchanged; it needs equal shapes, and adds no parameters",
    KINDS["relu"]: "without an activation between them two weighted layers are one linear map",
    Dropout: "acts in training only: at inference it is the identity",
    Embedding: "a table of vectors: the number picks one, so that nothing is multiplied",
    Permute: "values are moved, none is changed: what were channels may become positions",
    PixelShuffle: _MOVED,
    PixelUnshuffle: _MOVED,
}


def truths(facts: LayerFacts) -> tuple[str, ...]:
    """Sentences about the layer; none where its shapes are not known."""
    layer = facts.node.layer
    if layer is None or facts.row.output is None:
        return ()
    always = _ALWAYS.get(type(layer))
    return (*((always,) if always else _taught(layer, facts)), *_shift(facts))


def _shift(facts: LayerFacts) -> Iterator[str]:
    """Equivariance: what a shift of the input does to this output."""
    row = facts.row
    jump = row.jump
    layer = facts.node.layer
    if jump is None or row.output is None or prod(row.output[1:]) < 2 or (layer and layer.size_bound):
        return
    fields = row.fields or ()
    if any(len(field.parts) > 1 for field in fields) or row.nominal or len(jump) != len(row.output) - 1:
        return
    if all(step > 0 for step in jump):
        noun = "pixel" if set(jump) == {1} else "pixels"
        yield f"a shift of the input by {figures.axes(jump)} {noun} moves this output by one (but for the borders)"


@singledispatch
def _taught(layer: Layer, facts: LayerFacts) -> Iterable[str]:
    """The sentences about a kind with its figures, by its class."""
    return ()


@_taught.register(Convolution)
def _conv(layer: Any, facts: LayerFacts) -> Iterator[str]:
    filters = facts.row.filter or (1, 1, 1)
    kernel, windows = filters[2:], layer.windows(facts.shape)
    if isinstance(layer, DepthwiseConv):
        yield f"as many groups as channels: it mixes positions, not channels ({filters[0]} planes)"
    elif layer.groups > 1:
        yield f"{layer.groups} convolutions side by side, that do not see each other's channels"
    elif prod(kernel) == 1:
        yield f"a {shown(kernel)} convolution: fully connected at every position, {filters[1]} to {filters[0]}"
    elif all(window.kernel == window.size and window.output == 1 and window.before == 0 for window in windows):
        yield f"its window is the whole input: the same as 'flatten | fc {filters[0]}', weight for weight"
    if any(window.dilation > 1 for window in windows):
        reach = shown(tuple(window.reach for window in windows))
        yield f"dilated: {shown(kernel)} weights spread over {reach} pixels, with no more parameters or MACs"
    if all(window.output == window.size for window in windows) and any(window.before for window in windows):
        yield "the padding keeps the size of the map"


@_taught.register(TransposedConv)
def _upconv(layer: Any, facts: LayerFacts) -> Iterator[str]:
    yield "the transpose of a convolution: every input pixel spreads a weighted kernel, and what overlaps is summed"
    uneven = next((axis.middle for axis in facts.axes if len(axis.middle) > 1), None)
    if uneven:
        counts = figures.listed([str(count) for count in uneven])
        yield f"the stride does not divide the kernel: neighbouring outputs sum {counts} taps an axis (checkerboards)"


@_taught.register(AveragePool)
def _avgpool(layer: Any, facts: LayerFacts) -> Iterator[str]:
    if layer.to is not None:
        yield _ADAPTIVE
        return
    windows = layer.windows(facts.shape)
    taps = prod(window.kernel for window in windows)
    padded = any(window.before or window.after or window.ceil for window in windows)
    if not padded or (layer.countpad and not any(window.ceil for window in windows)):
        yield f"the same as a depthwise convolution with every weight 1/{taps}, fixed and without bias"
    else:
        yield f"a depthwise convolution with every weight 1/{taps}, but at the borders, where fewer pixels are averaged"


@_taught.register(MaxPool)
def _maxpool(layer: Any, facts: LayerFacts) -> Iterator[str]:
    if layer.to is not None:
        yield _ADAPTIVE
    else:
        yield "the largest value stays, its place in the window is lost: small shifts change little; nothing is learned"


@_taught.register(GlobalAveragePool)
def _gavgpool(layer: Any, facts: LayerFacts) -> Iterator[str]:
    positions = figures.quantity(prod(facts.shape[1:]), "position")
    yield f"the mean of {positions} a channel: it takes any size, and forgets where"


@_taught.register(Flatten)
def _flatten(layer: Any, facts: LayerFacts) -> Iterator[str]:
    shape = facts.shape
    if prod(shape[1:]) < 2:
        yield "its value stays as it is" if shape[0] == 1 else f"{figures.grouped(shape[0])} values stay as they are"
        return
    values, size = figures.grouped(prod(shape)), "x".join(map(str, shape[1:]))
    yield f"all {values} values are kept, in order; which were neighbours is no longer said"
    yield f"'flatten | fc N' on it is the convolution 'conv N {size}', weight for weight"


@_taught.register(FullyConnected)
def _fc(layer: Any, facts: LayerFacts) -> Iterator[str]:
    wide, long = facts.shape[0], (facts.row.output or (1,))[0]
    yield f"every output sees every input: a 1×1 convolution of {wide:,} to {long:,} channels on a map of 1×1"


@_taught.register(Concat)
def _concat(layer: Any, facts: LayerFacts) -> Iterator[str]:
    if layer.axis == "C":
        widths = [shape[0] for _, shape in facts.inputs if shape]
        yield f"channels side by side, nothing is computed: {' + '.join(map(str, widths))} = {sum(widths)}"


@_taught.register(Mul)
def _mul(layer: Any, facts: LayerFacts) -> Iterator[str]:
    if len(facts.inputs) > 1 and any(shape and prod(shape[1:]) == 1 for _, shape in facts.inputs):
        yield "a gate: one factor a channel, stretched over all positions"


@_taught.register(Resize)
def _resize(layer: Any, facts: LayerFacts) -> Iterator[str]:
    how = "copies of the nearest pixel" if layer.mode == "nearest" else "weighted means of the nearest pixels"
    yield f"nothing is learned: new pixels are {how}"


@_taught.register(Recurrent)
def _steps(layer: Any, facts: LayerFacts) -> Iterator[str]:
    steps = figures.grouped(facts.shape[-1])
    seen = "all of the sequence, from both ends" if layer.bidirectional else "what went before it, never what follows"
    yield f"{steps} steps with the same weights, one after the other: none can start before the one before is done"
    yield f"each output knows {seen}"


@_taught.register(MatMul)
def _product(layer: Any, facts: LayerFacts) -> Iterator[str]:
    yield "a product of two tensors that both come of the input: nothing is learned, and it is not linear in the input"


@_taught.register(Attention)
def _attention(layer: Any, facts: LayerFacts) -> Iterator[str]:
    length = figures.grouped((facts.inputs[-1][1] or (1,))[-1])
    if layer.from_ is not None:
        yield f"every token looks at all {length} of the other tensor"
        return
    yield f"every token looks at all {length}: the scores grow with the square of the length"
