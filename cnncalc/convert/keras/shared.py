"""What rules of several classes share: activations, and layers that none of our kinds is."""

from __future__ import annotations

from collections.abc import Iterable

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
