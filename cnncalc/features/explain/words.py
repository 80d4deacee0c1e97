"""How parameters and MACs of a layer come about, in a sentence with its figures."""

from __future__ import annotations

from functools import singledispatch
from math import prod

from ...document.figures import grouped, quantity
from ...layers import Layer, Shape
from ...layers.activation import PReLU
from ...layers.conv import Convolution, DepthwiseConv, LocalConv
from ...layers.dense import Attention, FullyConnected, Scale
from ...layers.merge import MatMul
from ...layers.norm import Norm
from ...layers.recurrent import Embedding, Recurrent
from ...layers.upconv import TransposedConv
from .layer_facts import LayerFacts


def shown(shape: Shape) -> str:
    """`3×11×11`, long numbers grouped."""
    return "×".join(map(grouped, shape))


def parameters(facts: LayerFacts) -> str:
    """`96 filters of 3×11×11 = 34,848 weights, + 96 biases = 34,944`; `none` where nothing is learned."""
    weights = dict(facts.weights)
    owner = facts.node.owner
    if owner is not None:
        return f"those of '{facts.analysis.network.nodes[owner].name}', counted there: {grouped(_total(facts))}"
    if facts.row.params is None:
        return "not known"
    if not weights:
        return "none"
    layer = facts.node.layer
    if isinstance(layer, Recurrent):
        return _recurrent(layer, facts, layer.biases) + f" = {grouped(_total(facts))}"
    if "weight" not in weights:
        return f"a constant for each of {quantity(_total(facts), 'channel')}, and no factor = {grouped(_total(facts))}"
    text = _weights(layer, facts, weights["weight"])
    bias = weights.get("bias")
    if bias is not None:
        name = ("biases" if prod(bias) > 1 else "bias") if layer is not None and layer.weighted else "constants"
        text += f", + {_product(bias)} {name} = {grouped(_total(facts))}"
    if facts.row.buffers:
        text += f"; besides {grouped(facts.row.buffers)} running means and variances, stored but not learned"
    return text


def _total(facts: LayerFacts) -> int:
    return sum(prod(shape) for _, shape in facts.weights)


def _product(shape: Shape) -> str:
    return grouped(prod(shape)) if len(shape) == 1 else f"{shown(shape)} = {grouped(prod(shape))}"


@singledispatch
def _weights(layer: Layer | None, facts: LayerFacts, weight: Shape) -> str:
    """How its weights come about, by the class of its kind."""
    return f"{shown(weight)} = {grouped(prod(weight))}"


@_weights.register(Convolution)
def _filters(layer: Convolution, facts: LayerFacts, weight: Shape) -> str:
    filters = facts.row.filter or weight
    groups = facts.shape[0] // filters[1]
    text = f"{quantity(filters[0], 'filter')} of {shown(filters[1:])} = {grouped(prod(filters))}"
    text += " weights" if len(facts.weights) > 1 else ""
    if isinstance(layer, DepthwiseConv):
        text += f" (each sees 1 of {facts.shape[0]} channels)"
    elif groups > 1:
        text += f" (each sees {filters[1]} of {facts.shape[0]} channels)"
    return text


@_weights.register(LocalConv)
def _own(layer: LocalConv, facts: LayerFacts, weight: Shape) -> str:
    """localconv: a weight a connection."""
    filters, output = facts.row.filter or weight, facts.row.output or (1,)
    full = prod(output) * prod(filters[1:])
    text = f"a weight for each of the {grouped(weight[0])} connections: {shown(output)} outputs with up to "
    text += f"{grouped(prod(filters[1:]))} taps each"
    return text + (f", less {grouped(full - weight[0])} on padding" if full != weight[0] else "")


@_weights.register(FullyConnected)
def _units(layer: FullyConnected, facts: LayerFacts, weight: Shape) -> str:
    return f"{quantity(weight[0], 'unit')} × {quantity(weight[1], 'input')} = {grouped(prod(weight))}" + (
        " weights" if len(facts.weights) > 1 else "")  # fmt: skip


@_weights.register(Norm)
@_weights.register(Scale)
def _channels(layer: Layer, facts: LayerFacts, weight: Shape) -> str:
    what = "element" if getattr(layer, "axes", "C") != "C" else "channel"
    return f"a factor for each of {quantity(prod(weight), what)} = {grouped(prod(weight))}"


@_weights.register(PReLU)
def _slopes(layer: PReLU, facts: LayerFacts, weight: Shape) -> str:
    if layer.each:
        return f"a slope for each of {quantity(prod(weight), 'element')}"
    return "one slope for all channels" if weight == (1,) else f"a slope for each of {quantity(weight[0], 'channel')}"


@_weights.register(Embedding)
def _vectors(layer: Embedding, facts: LayerFacts, weight: Shape) -> str:
    return f"{quantity(weight[0], 'word')} × {quantity(weight[1], 'channel')} = {grouped(prod(weight))}"


def _gate_sums(layer: Recurrent, facts: LayerFacts, biases: int) -> str:
    """`4·64·(128 + 64 + 2)`: gates, units, and what each of their sums has; a sum over layers."""
    first = grouped(layer.units * layer.directions) if layer.layers > 1 else ""
    bias = f" + {biases}" * (biases > 0)
    head = f"{'2·' * layer.bidirectional}{layer.gates}·{grouped(layer.units)}"
    text = f"{head}·({grouped(facts.shape[0])} + {grouped(layer.units)}{bias})"
    if layer.layers > 1:
        times = f"{layer.layers - 1}·" * (layer.layers > 2)
        text += f" + {times}{head}·({first} + {grouped(layer.units)}{bias})"
    return text


def _recurrent(layer: Recurrent, facts: LayerFacts, biases: int) -> str:
    """The same in words: `4 gates a unit, of inputs, state and biases: 4·64·(128 + 64 + 2)`."""
    gates = quantity(layer.gates, "gate") + " a unit" if layer.gates > 1 else "units"
    return f"{gates}, of inputs{', state and biases' if biases else ' and state'}: {_gate_sums(layer, facts, biases)}"


@_weights.register(Attention)
def _projections(layer: Attention, facts: LayerFacts, weight: Shape) -> str:
    others = dict(facts.weights).get("key and value")
    if others is not None:
        total = prod(weight) + prod(others)
        return (f"2 projections (query, output) of {shown(weight[1:])} and 2 (key, value) of {shown(others[1:])} "
                f"= {quantity(total, 'weight')}")  # fmt: skip
    return f"4 projections (query, key, value, output) of {shown(weight[1:])} = {quantity(prod(weight), 'weight')}"


def macs(facts: LayerFacts) -> str:
    """`96 filters × 55×55 positions × 363 taps (3·11·11) = 105,415,200`; empty where there are none."""
    total, batch = facts.row.macs, facts.analysis.batch
    if not total:
        return ""
    text = _products(facts.node.layer, facts)
    text += f" × {quantity(batch, 'sample')}" if batch > 1 else ""
    return f"{text} = {grouped(total)}" if text else grouped(total)


def _taps(facts: LayerFacts) -> str:
    filters = facts.row.filter or (1, 1)
    return f"{grouped(prod(filters[1:]))} taps ({shown(filters[1:])})"


@singledispatch
def _products(layer: Layer | None, facts: LayerFacts) -> str:
    """How its multiply-accumulates of one sample come about, by the class of its kind."""
    return ""


@_products.register(Convolution)
def _conv_macs(layer: Convolution, facts: LayerFacts) -> str:
    output = facts.row.output or (1,)
    return f"{quantity(output[0], 'filter')} × {shown(output[1:])} positions × {_taps(facts)}"


@_products.register(TransposedConv)
def _upconv_macs(layer: TransposedConv, facts: LayerFacts) -> str:
    return f"{quantity(prod(facts.row.filter or (1,)), 'weight')} × {shown(facts.shape[1:])} input positions"


@_products.register(LocalConv)
def _local_macs(layer: LocalConv, facts: LayerFacts) -> str:
    return "one for each weight"


@_products.register(FullyConnected)
def _fc_macs(layer: FullyConnected, facts: LayerFacts) -> str:
    weight = dict(facts.weights).get("weight", (0, 0))
    return f"{quantity(weight[0], 'unit')} × {quantity(weight[1], 'input')}"


@_products.register(Attention)
def _attention_macs(layer: Attention, facts: LayerFacts) -> str:
    channels, length = facts.inputs[0][1] or (1, 1)
    if layer.from_ is not None:
        keys, entries = facts.inputs[-1][1] or (1, 1)
        wide, narrow, long, far = map(grouped, (channels, keys, length, entries))
        projections = f"2·{wide}²·{long} + 2·{wide}·{narrow}·{far} of the projections"
        return f"{projections} + 2·{wide}·{long}·{far} of scores and values"
    wide, long = grouped(channels), grouped(length)
    return f"4·{wide}²·{long} of the projections + 2·{wide}·{long}² of scores and values"


@_products.register(Recurrent)
def _recurrent_macs(layer: Recurrent, facts: LayerFacts) -> str:
    return f"({_gate_sums(layer, facts, 0)}) × {quantity(facts.shape[1], 'step')}"


@_products.register(MatMul)
def _matmul_macs(layer: MatMul, facts: LayerFacts) -> str:
    return f"{shown(facts.row.output or (1,))} outputs × {quantity(facts.shape[-1], 'product')}"
