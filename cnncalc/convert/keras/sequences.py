"""Recurrent layers, wrappers and attention."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...layers import LayerError
from .described import DescribedLayer
from .graph import LayerCall
from .reading import KerasReader, Rule


def recurrent(kind: str) -> Rule:
    """A recurrent layer: a sequence, or with its last step alone."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
        tensor = filling.apply(kind, _arguments(kind, layer), inputs[0])
        if not layer.flag("return_state", False):
            return [tensor]
        state = filling.operator((layer.needed("units"),), tensor, suffix="/state")
        return [tensor, state, state] if kind == "lstm" else [tensor, state]

    return rule


def _arguments(kind: str, layer: DescribedLayer) -> dict[str, Any]:
    biases = 2 if kind == "gru" and layer.flag("reset_after", True) else 1
    return {
        "units": layer.needed("units"), "biases": biases if layer.flag("use_bias", True) else 0,
        "last": not layer.flag("return_sequences", False),
    }  # fmt: skip


_KINDS = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn"}


def stepwise(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """``RNN(cell)``: the layer of one of Keras's own cells."""
    found = _of_cell(layer.config)
    return [filling.unknown(inputs)] if found is None else recurrent(found[0])(
        filling, DescribedLayer(layer.name, layer.type, found[1], layer.call), inputs)  # fmt: skip


def _of_cell(config: Any) -> tuple[str, dict[str, Any]] | None:
    """The kind of a recurrent layer that is made of a cell, and its arguments; None where that is no cell of Keras."""
    cell = config.get("cell") if isinstance(config, dict) else None
    if not isinstance(cell, dict) or not isinstance(cell.get("config"), dict):
        return None
    kind = _KINDS.get(str(cell.get("class_name")).removesuffix("Cell"))
    return None if kind is None else (kind, {**config, **cell["config"]})


def _inside(inner: Any) -> tuple[str | None, Any]:
    """The kind and the arguments of the recurrent layer in another."""
    if not isinstance(inner, dict) or not isinstance(inner.get("config"), dict):
        return None, None
    if inner.get("class_name") == "RNN":
        return _of_cell(inner["config"]) or (None, None)
    return _KINDS.get(str(inner.get("class_name"))), inner["config"]


def bidirectional(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """A recurrent layer both ways, its two results put together, or added up."""
    kind, config = _inside(layer.config.get("layer"))
    if kind is None:
        return [filling.unknown(inputs)]
    one = DescribedLayer(layer.name, layer.type, config, layer.call)
    mode = layer.config.get("merge_mode", "concat")
    if one.flag("return_state", False) or mode is None:
        return [filling.unknown(inputs)]
    tensor = filling.apply(kind, {**_arguments(kind, one), "bidirectional": True}, inputs[0])
    if mode == "concat":
        return [tensor]
    shape = filling.known(tensor)
    return [filling.operator((shape[0] // 2, *shape[1:]), tensor, suffix=f"/{mode}")]


def time_distributed(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """A layer on each step of a sequence: its own weights, its work as often as there are steps."""
    inner = layer.config.get("layer")
    if not isinstance(inner, dict) or not isinstance(inner.get("config"), dict):
        return [filling.unknown(inputs)]
    from .layers import LAYERS

    kind = str(inner.get("class_name")).rpartition(">")[2]
    rule = LAYERS.get(kind)
    described = DescribedLayer(layer.name, layer.type, inner["config"], LayerCall([], {}))
    if kind == "Dense" and rule is not None:
        return rule(filling, described, inputs)
    shape = filling.axes.keras(filling.known(inputs[0]))
    if rule is None or len(shape) < 2:
        return [filling.unknown(inputs)]
    return [_stepped(filling, described, rule, inputs[0], shape[0], filling.axes.ours(shape[1:]))]


def _stepped(
    filling: KerasReader, layer: DescribedLayer, rule: Rule, tensor: int, steps: int, shape: tuple[int, ...]
) -> int:
    """What a layer makes of one step, worked out in a network of its own."""
    single = KerasReader(filling.file, filling.request, filling.axes)
    single.described = layer
    entry = single.assembler.add_input("step", shape)
    (result, *others) = rule(single, layer, [entry])
    rows = [node.result for node in single.assembler.nodes[1:]]
    output = single.shape(result)
    if output is None or others or None in rows:
        return filling.unknown([tensor])
    params = sum(row.params for row in rows if row is not None)
    macs = steps * sum(row.macs for row in rows if row is not None)
    return filling.operator(filling.axes.ours((steps, *filling.axes.keras(output))), tensor, params=params, macs=macs)


def attention(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """Multi-head attention over sequences: queries, values, and keys, which are the values where they are not given."""
    shapes = [filling.axes.keras(filling.known(tensor)) for tensor in inputs[:3]]
    if any(len(shape) != 2 for shape in shapes) or len(shapes) < 2:
        return [filling.unknown(inputs)]
    (length, query), (others, value) = shapes[0], shapes[1]
    key = shapes[2][1] if len(shapes) > 2 else value
    heads, width = layer.needed("num_heads"), layer.needed("key_dim")
    depth = layer.number("value_dim", width)
    target = layer.config.get("output_shape")
    target = target[0] if isinstance(target, list) and len(target) == 1 else target
    units = target if type(target) is int else query
    if min(heads, width, depth) < 1:
        raise LayerError("num_heads and key_dim are whole numbers above 0")
    bias = layer.flag("use_bias", True)
    params = heads * (width * (query + key + 2 * bias) + depth * (value + bias) + depth * units) + bias * units
    macs = heads * (length * query * width + others * (key * width + value * depth)
                    + length * others * (width + depth) + length * depth * units)  # fmt: skip
    return [filling.operator(filling.axes.ours((length, units)), *dict.fromkeys(inputs), params=params, macs=macs)]
