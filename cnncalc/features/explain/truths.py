"""What is taught about a kind of layer, said of this one with its figures. Only what is true of it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import Any

from ...document import figures
from .facts import LayerFacts
from .words import shown


def truths(facts: LayerFacts) -> tuple[str, ...]:
    """Sentences about the layer; none where its shapes are not known."""
    if facts.node.layer is None or facts.row.output is None:
        return ()
    rule = _RULES.get(facts.row.kind)
    return (*(rule(facts, facts.node.layer) if rule else ()), *_shift(facts))


def _shape(facts: LayerFacts) -> tuple[int, ...]:
    return facts.inputs[0][1] or (1,)


def _shift(facts: LayerFacts) -> Iterator[str]:
    """Equivariance: what a shift of the input does to this output."""
    row = facts.row
    jump = row.jump
    if jump is None or row.output is None or len(row.output) < 2 or prod(row.output[1:]) < 2:
        return
    fields = row.fields or ()
    if any(len(field.parts) > 1 for field in fields) or row.nominal or len(jump) != len(row.output) - 1:
        return
    if all(step > 0 for step in jump):
        same = len(set(jump)) == 1
        pixels = figures.axes(jump)
        noun = "pixel" if same and jump[0] == 1 else "pixels"
        yield f"a shift of the input by {pixels} {noun} moves this output by one (but for the borders)"


def _conv(facts: LayerFacts, layer: Any) -> Iterator[str]:
    filters = facts.row.filter or (1, 1, 1)
    kernel = filters[2:]
    if facts.row.kind == "dwconv":
        pointwise = (facts.row.output or (1,))[0]
        yield f"as many groups as channels: it mixes positions, not channels ({pointwise} planes)"
    elif layer.groups > 1:
        yield f"{layer.groups} convolutions side by side, that do not see each other's channels"
    elif prod(kernel) == 1:
        yield f"a {shown(kernel)} convolution: fully connected at every position, {filters[1]} to {filters[0]}"
    elif all(one.kernel == one.size and one.output == 1 and one.before == 0 for one in layer.windows(_shape(facts))):
        yield f"its window is the whole input: the same as 'flatten | fc {filters[0]}', weight for weight"
    windows = layer.windows(_shape(facts))
    if any(one.dilation > 1 for one in windows):
        reach = shown(tuple(one.reach for one in windows))
        yield f"dilated: {shown(kernel)} weights spread over {reach} pixels, with no more parameters or MACs"
    if all(one.output == one.size for one in windows) and any(one.before for one in windows):
        yield "the padding keeps the size of the map"


def _local(facts: LayerFacts, layer: Any) -> Iterator[str]:
    yield "a convolution without sharing: every position has filters of its own"


def _upconv(facts: LayerFacts, layer: Any) -> Iterator[str]:
    yield "the transpose of a convolution: every input pixel spreads a weighted kernel, and what overlaps is summed"
    uneven = [axis for axis in facts.axes if len(axis.middle) > 1]
    if uneven:
        counts = figures.listed([str(count) for count in uneven[0].middle])
        yield f"the stride does not divide the kernel: neighbouring outputs sum {counts} taps an axis (checkerboards)"


def _avgpool(facts: LayerFacts, layer: Any) -> Iterator[str]:
    if layer.to is not None:
        yield "adaptive: the windows follow from the output size, so any input gives it"
        return
    windows = layer.windows(_shape(facts))
    taps = prod(one.kernel for one in windows)
    padded = any(one.before or one.after or one.ceil for one in windows)
    if not padded or (layer.countpad and not any(one.ceil for one in windows)):
        yield f"the same as a depthwise convolution with every weight 1/{taps}, fixed and without bias"
    else:
        yield f"a depthwise convolution with every weight 1/{taps}, but at the borders, where fewer pixels are averaged"


def _maxpool(facts: LayerFacts, layer: Any) -> Iterator[str]:
    if layer.to is not None:
        yield "adaptive: the windows follow from the output size, so any input gives it"
    else:
        yield "the largest value stays, its place in the window is lost: small shifts change little; nothing is learned"


def _gavgpool(facts: LayerFacts, layer: Any) -> Iterator[str]:
    shape = _shape(facts)
    yield f"the mean of {figures.grouped(prod(shape[1:]))} positions a channel: it takes any size, and forgets where"


def _gmaxpool(facts: LayerFacts, layer: Any) -> Iterator[str]:
    yield "the largest of all positions a channel: it takes any size, and forgets where"


def _flatten(facts: LayerFacts, layer: Any) -> Iterator[str]:
    shape = _shape(facts)
    text = f"all {figures.grouped(prod(shape))} values are kept, in order; which were neighbours is no longer said"
    if prod(shape[1:]) < 2:
        yield f"{figures.grouped(shape[0])} values stay as they are"
        return
    yield text
    size = "x".join(map(str, shape[1:]))
    yield f"'flatten | fc N' on it is the convolution 'conv N {size}', weight for weight"


def _fc(facts: LayerFacts, layer: Any) -> Iterator[str]:
    shape, output = _shape(facts), facts.row.output or (1,)
    yield f"every output sees every input: a 1×1 convolution of {shape[0]:,} to {output[0]:,} channels on a map of 1×1"


def _bn(facts: LayerFacts, layer: Any) -> Iterator[str]:
    yield "at inference a fixed factor and constant a channel, which can be folded into the convolution before it"


def _own_statistics(facts: LayerFacts, layer: Any) -> Iterator[str]:
    yield "its mean and variance are of the whole map; the receptive field leaves that out, as is usual"


def _add(facts: LayerFacts, layer: Any) -> Iterator[str]:
    yield "a sum passes the gradient on to every path unchanged; it needs equal shapes, and adds no parameters"


def _concat(facts: LayerFacts, layer: Any) -> Iterator[str]:
    if layer.axis == "C":
        widths = [shape[0] for _, shape in facts.inputs if shape]
        yield f"channels side by side, nothing is computed: {' + '.join(map(str, widths))} = {sum(widths)}"


def _mul(facts: LayerFacts, layer: Any) -> Iterator[str]:
    if any(shape and prod(shape[1:]) == 1 for _, shape in facts.inputs) and len(facts.inputs) > 1:
        yield "a gate: one factor a channel, stretched over all positions"


def _relu(facts: LayerFacts, layer: Any) -> Iterator[str]:
    yield "without an activation between them two weighted layers are one linear map"


def _dropout(facts: LayerFacts, layer: Any) -> Iterator[str]:
    yield "acts in training only: at inference it is the identity"


def _resize(facts: LayerFacts, layer: Any) -> Iterator[str]:
    how = "copies of the nearest pixel" if layer.mode == "nearest" else "weighted means of the nearest pixels"
    yield f"nothing is learned: new pixels are {how}"


def _shuffle(facts: LayerFacts, layer: Any) -> Iterator[str]:
    yield "values are moved, none is changed: depth becomes space, or space depth"


def _attention(facts: LayerFacts, layer: Any) -> Iterator[str]:
    length = _shape(facts)[-1]
    yield f"every token looks at all {figures.grouped(length)}: the scores grow with the square of the length"


_RULES: dict[str, Callable[[LayerFacts, Any], Iterator[str]]] = {
    "conv": _conv, "dwconv": _conv, "localconv": _local, "upconv": _upconv, "avgpool": _avgpool, "maxpool": _maxpool,
    "gavgpool": _gavgpool, "gmaxpool": _gmaxpool, "flatten": _flatten, "fc": _fc, "bn": _bn, "in": _own_statistics,
    "gn": _own_statistics, "add": _add, "concat": _concat, "mul": _mul, "relu": _relu, "dropout": _dropout,
    "resize": _resize, "pixelshuffle": _shuffle, "pixelunshuffle": _shuffle, "attention": _attention,
}  # fmt: skip
