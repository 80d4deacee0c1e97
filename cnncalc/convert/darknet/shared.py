"""What sections of several types share: steps, activations, layers of Darknet's own."""

from __future__ import annotations

from typing import Any, TypeAlias

from ...layers.op import Op
from ...values import Shape, Size
from .reading import DarknetReader
from .sections import Section

#: Steps along height and width.
Steps: TypeAlias = tuple[int, int]
#: Darknet's activations in our terms; `linear` is none. What stands in neither computes something of its own.
_ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "logistic": ("sigmoid", {}), "relu": ("relu", {}), "relu6": ("relu6", {}), "elu": ("elu", {}),
    "selu": ("selu", {}), "gelu": ("gelu", {}), "leaky": ("leakyrelu", {}), "tanh": ("tanh", {}),
    "mish": ("mish", {}), "swish": ("silu", {}),
}  # fmt: skip


def strides_of(section: Section) -> Steps:
    """The steps along height and width (parse_convolutional, parse_maxpool)."""
    stride = section.number("stride", 1)
    across, down = section.number("stride_x", -1), section.number("stride_y", -1)
    return (down if down >= 1 else stride, across if across >= 1 else stride)


def activated(filling: DarknetReader, tensor: int, name: str) -> int:
    """The activation `name` on a tensor; one that only Darknet has is a layer of its own."""
    if name == "linear":
        return tensor
    if name in _ACTIVATIONS:
        kind, given = _ACTIVATIONS[name]
        return filling.apply(kind, given, tensor, name=name)
    return same(filling, tensor, filling.shape_of(tensor), name)


def same(
    filling: DarknetReader, tensors: int | list[int], shape: Shape | None, name: str, params: int = 0, macs: int = 0
) -> int:  # fmt: skip
    """A layer of Darknet's own, whose output has a shape that is known, and which costs no more than is said."""
    if shape is None:
        return filling.unknown()
    filling.assembler.looked_at_sizes()
    read = tensors if isinstance(tensors, list) else [tensors]
    return filling.apply(Op, {"name": name, "shape": Size(shape), "params": params, "macs": macs}, *read, name=name)
