"""Layers that mix channels or whole tensors with weights: fully connected, attention, and learned tensors."""

from __future__ import annotations

from math import prod
from typing import Any

from ..values import Shape
from .arguments import Count, LayerError, Shaped, YesNo
from .base import Layer
from .result import Kept, Quantities, named


class FullyConnected(Layer):
    kind = "fc"
    family = "dense"
    aliases = ("dense", "linear")
    summary = "Fully connected: every unit sees every input."
    rule = "a vector of `units`, from a vector or Cx1x1"
    example = "fc 1000"
    positions = ("units",)
    learns = weighted = linear = mixes = True
    keeps = "input"
    remarks = ("A feature map is flattened first; for one product at every position write 'conv UNITS 1'.",)

    units = Count("number of outputs", synonyms=("out",), hint="10")
    bias = YesNo("a learned constant for every unit", True)

    @property
    def channel_bias(self) -> bool:
        return self.bias

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        if prod(shape[1:]) != 1:
            size = prod(shape)
            raise LayerError(
                (f"fc takes a vector or {'x'.join(['C', *'1' * (len(shape) - 1)])}, not ", shape),
                help=f"put 'flatten' before it ({size:,} values), or write 'conv {self.units} 1' "
                "for one product at every position",
            )
        return (self.units,)

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        return f"each of the {self.units} units gives a value"

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        weight = ("weight", (self.units, inputs[0][0]))
        return (weight, ("bias", (self.units,))) if self.bias else (weight,)

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return self.units * inputs[0][0]

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return Quantities({"M": self.macs(inputs, output), "B": self.units if self.bias else 0}, named(bias=self.bias))


class Attention(Layer):
    kind = "attention"
    family = "dense"
    summary = "Multi-head self-attention over a sequence CxL."
    example = "attention 8"
    positions = ("heads",)
    learns = weighted = mixes = True
    remarks = (
        "Four projections of CxC, with biases; the heads divide the channels and change no number.",
        "MACs: 4*C*C*L for the projections, 2*C*L*L for scores and values.",
    )

    heads = Count("number of heads; divides the channels", hint="8")
    bias = YesNo("biases of the four projections", True)

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        if len(shape) != 2:
            raise LayerError(
                ("attention takes a sequence CxL, not ", shape),
                help="'tokens' makes CxL of CxHxW" if len(shape) > 2 else None,
            )
        if shape[0] % self.heads:
            raise LayerError(f"heads={self.heads} does not divide the {shape[0]} channels", "heads")
        return shape

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        channels = inputs[0][0]
        weight = ("weight", (4, channels, channels))
        return (weight, ("bias", (4, channels))) if self.bias else (weight,)

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Queries, keys and values, what their sums give, and the logarithm of the sum of each row of scores: by the
        fused kernel, without the scores themselves (`need_weights=False`).
        """
        channels, length = output
        return Kept((0,), more=4 * channels * length + self.heads * length)

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        channels, length = inputs[0]
        return 4 * channels * channels * length + 2 * channels * length * length

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        size, length = prod(output), output[1]
        # Four projections and the values give a tensor each, the scores one of LxL for every head.
        scores = self.heads * length * length
        values = {"products": self.macs(inputs, output), "dots": 5 * size + scores, "C·L²": size * length,
                  "heads·L²": scores, "B": 4 * size if self.bias else 0}  # fmt: skip
        return Quantities(values, named(bias=self.bias))


class Scale(Layer):
    kind = "scale"
    family = "dense"
    summary = "A learned factor for every channel."
    example = "scale"
    learns = linear = per_channel = True
    keeps = "input"

    bias = YesNo("a learned constant for every channel, too", False)

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        channels = (output[0],)
        return (("weight", channels), ("bias", channels)) if self.bias else (("weight", channels),)

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return Quantities({"B": prod(output) if self.bias else 0}, named(bias=self.bias))


class Learned(Layer):
    kind = "learned"
    family = "dense"
    summary = "A learned tensor: class token, positions, queries. First in its line."
    rule = "its shape"
    example = "learned 192x1"
    positions = ("shape",)
    learns = source = moves = True
    keeps = "nothing"

    shape: Any = Shaped("shape of the tensor")

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        if None in self.shape:
            raise LayerError("a learned tensor has a whole shape, without '?'", "shape")
        return tuple(self.shape)

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        return (("weight", output),)


KINDS: tuple[type[Layer], ...] = (FullyConnected, Attention, Scale, Learned)
