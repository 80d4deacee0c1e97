"""What rules of several classes share: activations, and layers that none of our kinds is."""

from __future__ import annotations

from collections.abc import Iterable

from .described import DescribedLayer
from .reading import KerasReader

#: Keras's names of activations that are ours under another one; of the others that we have the name is the same.
_NAMES = {
    "swish": "silu", "leaky_relu": "leakyrelu", "hard_sigmoid": "hardsigmoid", "hard_swish": "hardswish",
    "hard_silu": "hardswish", "log_softmax": "logsoftmax",
}  # fmt: skip
_OURS = frozenset("relu relu6 elu selu gelu silu mish sigmoid tanh softplus softmax glu".split())


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
    kind = _NAMES.get(text, text)
    suffix = f"/{text}" if suffix is None else suffix
    if kind in _OURS or kind in _NAMES.values():
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
