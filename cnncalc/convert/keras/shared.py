"""What rules of several classes share: activations, and layers that none of our kinds is."""

from __future__ import annotations

from collections.abc import Iterable

from ...layers import LayerError
from ...values import how_many
from ..lookup import activations
from .described import DescribedLayer
from .reading import KerasReader

#: The kinds of activations by Keras's names for them; those that the table does not have, and our own.
_KINDS = {**activations("keras"), "hard_silu": "hardswish", "glu": "glu"}
_KINDS = {**{kind: kind for kind in _KINDS.values()}, **_KINDS}


def activated(filling: KerasReader, tensor: int, name: object, suffix: str | None = None) -> int:
    """The activation `name` on a tensor; a function that none of our kinds is costs nothing that is counted."""
    if isinstance(name, dict):
        config = name.get("config")
        name = (
            config.get("name", name.get("class_name")) if isinstance(config, dict) else config or name.get("class_name")
        )
    if name in (None, "linear"):
        return tensor
    text = str(name)
    text = text.lower() if text.isupper() or text[:1].isupper() else text
    kind = _KINDS.get(text)
    suffix = f"/{text}" if suffix is None else suffix
    if kind is not None:
        return filling.apply(kind, {}, tensor, suffix=suffix)
    return filling.operator(filling.known(tensor), tensor, suffix=suffix)


def activation(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """A function of every value by itself, or over the channels."""
    name = layer.config.get("activation")
    if name in (None, "linear"):
        return [filling.apply("identity", {}, inputs[0])]
    return [activated(filling, inputs[0], name, suffix="")]


def same(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
    """A layer that none of our kinds is, whose output has the shape of its input: no MACs, nothing learned."""
    return [filling.operator(filling.known(inputs[0]), inputs[0])]


def axes_named(layer: DescribedLayer, rank: int, key: str = "axis") -> list[int] | None:
    """The axes that an operation names, counted from the start, the sample being 0; None where it names none."""
    value = layer.config.get(key, layer.call.kwargs.get(key))
    if value is None:
        return None
    axes = value if isinstance(value, list | tuple) else [value]
    if not all(type(axis) is int and -rank <= axis < rank for axis in axes):
        raise LayerError(f"{key}={value} of a tensor with {how_many(rank, 'axis')}", key)
    return [axis % rank for axis in axes]


def sizes_of(filling: KerasReader, tensor: int) -> tuple[int, ...]:
    """The shape of a tensor in Keras's order."""
    return filling.axes.keras(filling.known(tensor))


def reshaped(filling: KerasReader, shape: Iterable[int], *inputs: int, macs: int = 0) -> int:
    """An operator of a shape in Keras's order, which counts nothing but `macs`."""
    return filling.operator(filling.axes.ours(tuple(shape)), *inputs, macs=macs)
