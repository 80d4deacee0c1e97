"""How parameters and MACs of a layer come about, in a sentence with its figures."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from ...document.figures import grouped, quantity
from .facts import LayerFacts

Shape = tuple[int, ...]


def shown(shape: Shape, sign: str = "×") -> str:
    """`3×11×11`, long numbers grouped."""
    return sign.join(grouped(size) for size in shape)


def parameters(facts: LayerFacts) -> str:
    """`96 filters of 3×11×11 = 34,848 weights, + 96 biases = 34,944`; `none` where nothing is learned."""
    weights = dict(facts.weights)
    if facts.shares is not None:
        return f"those of '{facts.shares}', counted there: {grouped(_total(facts))}"
    if not weights:
        return "none"
    rule = _PARAMETERS.get(facts.row.kind)
    weight = weights["weight"]
    text = rule(facts, weight) if rule else f"{shown(weight)} = {grouped(prod(weight))}"
    bias = weights.get("bias")
    if bias is not None:
        name = "constants" if facts.row.kind in ("bn", "in", "gn", "ln", "scale") else "biases"
        text += f", + {_product(bias)} {name} = {grouped(_total(facts))}"
    if facts.row.buffers:
        text += f"; besides {grouped(facts.row.buffers)} running means and variances, stored but not learned"
    return text


def _total(facts: LayerFacts) -> int:
    return sum(prod(shape) for _, shape in facts.weights)


def _product(shape: Shape) -> str:
    return grouped(prod(shape)) if len(shape) == 1 else f"{shown(shape)} = {grouped(prod(shape))}"


def _filters(facts: LayerFacts, weight: Shape) -> str:
    filters = facts.row.filter or weight
    shape = facts.inputs[0][1] or (1,)
    groups = shape[0] // filters[1] if facts.row.kind != "localconv" else 1
    text = f"{quantity(filters[0], 'filter')} of {shown(filters[1:])} = {grouped(prod(filters))}"
    text += " weights" if len(facts.weights) > 1 else ""
    if facts.row.kind == "dwconv":
        text += f" (each sees 1 of {shape[0]} channels)"
    elif groups > 1:
        text += f" (each sees {filters[1]} of {shape[0]} channels)"
    return text


def _own(facts: LayerFacts, weight: Shape) -> str:
    """localconv: a weight a connection."""
    filters, output = facts.row.filter or weight, facts.row.output or (1,)
    full = prod(output) * prod(filters[1:])
    text = f"a weight for each of the {grouped(weight[0])} connections: {shown(output)} outputs with up to "
    text += f"{grouped(prod(filters[1:]))} taps each"
    return text + (f", less {grouped(full - weight[0])} on padding" if full != weight[0] else "")


def _units(facts: LayerFacts, weight: Shape) -> str:
    return f"{quantity(weight[0], 'unit')} × {quantity(weight[1], 'input')} = {grouped(prod(weight))}" + (
        " weights" if len(facts.weights) > 1 else "")  # fmt: skip


def _channels(facts: LayerFacts, weight: Shape) -> str:
    return f"a factor for each of {quantity(weight[0], 'channel')} = {grouped(weight[0])}"


def _slopes(facts: LayerFacts, weight: Shape) -> str:
    return "one slope for all channels" if weight == (1,) else f"a slope for each of {quantity(weight[0], 'channel')}"


def _projections(facts: LayerFacts, weight: Shape) -> str:
    return f"4 projections (query, key, value, output) of {shown(weight[1:])} = {grouped(prod(weight))} weights"


_PARAMETERS: dict[str, Callable[[LayerFacts, Shape], str]] = {
    "conv": _filters, "dwconv": _filters, "upconv": _filters, "localconv": _own, "fc": _units, "bn": _channels,
    "in": _channels, "gn": _channels, "ln": _channels, "scale": _channels, "prelu": _slopes,
    "attention": _projections,
}  # fmt: skip


def macs(facts: LayerFacts, batch: int) -> str:
    """`96 filters × 55×55 positions × 363 taps (3·11·11) = 105,415,200`; empty where there are none."""
    total = facts.row.macs
    if not total:
        return ""
    rule = _MACS.get(facts.row.kind)
    text = rule(facts) if rule else ""
    text += f" × {quantity(batch, 'sample')}" if batch > 1 else ""
    return f"{text} = {grouped(total)}" if text else grouped(total)


def _taps(facts: LayerFacts) -> str:
    filters = facts.row.filter or (1, 1)
    return f"{grouped(prod(filters[1:]))} taps ({shown(filters[1:])})"


def _conv_macs(facts: LayerFacts) -> str:
    output = facts.row.output or (1,)
    return f"{quantity(output[0], 'filter')} × {shown(output[1:])} positions × {_taps(facts)}"


def _upconv_macs(facts: LayerFacts) -> str:
    shape = facts.inputs[0][1] or (1,)
    return f"{grouped(prod(facts.row.filter or (1,)))} weights × {shown(shape[1:])} input positions"


def _local_macs(facts: LayerFacts) -> str:
    return "one for each weight"


def _fc_macs(facts: LayerFacts) -> str:
    weight: Any = dict(facts.weights).get("weight", (0, 0))
    return f"{quantity(weight[0], 'unit')} × {quantity(weight[1], 'input')}"


def _attention_macs(facts: LayerFacts) -> str:
    channels, length = facts.inputs[0][1] or (1, 1)
    wide, long = grouped(channels), grouped(length)
    return f"4·{wide}²·{long} of the projections + 2·{wide}·{long}² of scores and values"


_MACS: dict[str, Callable[[LayerFacts], str]] = {
    "conv": _conv_macs, "dwconv": _conv_macs, "upconv": _upconv_macs, "localconv": _local_macs, "fc": _fc_macs,
    "attention": _attention_macs,
}  # fmt: skip
