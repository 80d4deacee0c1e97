"""Layers that mix channels or whole tensors with weights: fully connected, attention, and learned tensors."""

from __future__ import annotations

from math import prod
from typing import Any

from ..values import Shape, divide, how_many
from .arguments import Count, LayerError, Number, RankError, Shaped, YesNo
from .base import Layer
from .reach import Reach, Runs
from .result import Kept, Quantities, named
from .tensors import Entering


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
    keeps_for_weights = True
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
            flatten, conv = (
                f"'flatten' before it ({how_many(size, 'value', ',')})",
                f"'conv {self.units} 1' for one product at every",
            )
            raise RankError(
                (f"fc takes a vector or {'x'.join(['C', *'1' * (len(shape) - 1)])}, not ", shape),
                help=f"write {conv} step, or put {flatten}" if len(shape) == 2  # a sequence
                else f"put {flatten}, or write {conv} position",
            )  # fmt: skip
        return (self.units,)

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        return f"each of the {self.units} units gives a value" if self.units > 1 else "the 1 unit gives the value"

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
    summary = "Multi-head attention over a sequence CxL: of its tokens to each other, or to those of another tensor."
    example = "attention 8"
    positions = ("heads",)
    learns = weighted = mixes = routed = True
    remarks = (
        "Four projections of CxC, with biases; the heads divide the channels and change no number.",
        "MACs: 4*C*C*L for the projections, 2*C*L*L for scores and values.",
        "from=@name: keys and values are made of that tensor, KxM: 2*C*C*L + 2*C*K*M for the projections, 2*C*L*M.",
    )

    heads = Count("number of heads; divides the channels", hint="8")
    bias = YesNo("biases of the four projections", True)
    from_ = Entering("the tensor that keys and values are made of; its own where left out", None)

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        for one, argument in zip(inputs, (None, "from"), strict=False):
            if len(one) != 2:
                raise RankError(
                    ("attention takes a sequence CxL, not ", one), argument,
                    "'tokens' makes CxL of CxHxW" if len(one) > 2 else None,
                )  # fmt: skip
        if shape[0] % self.heads:
            raise LayerError(
                f"heads={self.heads} does not divide the {how_many(shape[0], 'channel')}",
                "heads",
                divide(self.heads, shape[0]),
            )
        return shape

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        channels, keys = inputs[0][0], inputs[-1][0]
        if channels == keys:
            named_weights: tuple[tuple[str, Shape], ...] = (("weight", (4, channels, channels)),)
        else:
            named_weights = (("weight", (2, channels, channels)), ("key and value", (2, channels, keys)))
        return (*named_weights, ("bias", (4, channels))) if self.bias else named_weights

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept | None:
        """Queries, keys and values, what their sums give, and the logarithm of the sum of each row of scores: by the
        fused kernel, without the scores themselves (`need_weights=False`). What it reads is turned round first, and of
        several samples copied: for keys and values once, or apart where they have channels of their own.
        """
        (channels, length), (keys, entries) = inputs[0], inputs[-1]
        more = 2 * channels * (length + entries) + self.heads * length
        read = [0] if self.from_ is None else [0, 1] if keys == channels else [0, 1, 1]
        turned = tuple(place for place in read if inputs[place][1] > 1)
        return Kept(tuple(place for place in read if inputs[place][1] == 1), more=more, copied=turned)

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        (channels, length), (keys, entries) = inputs[0], inputs[-1]
        projections = 2 * channels * channels * length + 2 * channels * keys * entries
        return projections + 2 * channels * length * entries

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        (channels, length), entries = output, inputs[-1][1]
        size, other = channels * length, channels * entries
        # Four projections and the values give a tensor each, the scores one of LxL for every head.
        scores = self.heads * length * entries
        values = {"products": self.macs(inputs, output), "dots": 3 * size + 2 * other + scores,
                  "C·L²": size * entries, "heads·L²": scores, "B": 2 * (size + other) if self.bias else 0}  # fmt: skip
        return Quantities(values, named(bias=self.bias, apart=inputs[-1][0] != output[0]))

    def path_steps(self, number: int, shapes: tuple[Shape, ...]) -> tuple[Reach, ...] | None:
        """A query is read where its output stands; keys and values everywhere."""
        return None if number or self.from_ is None else super().path_steps(number, shapes)

    def mixes_positions(self, shape: Shape, output: Shape) -> bool:
        return self.from_ is None

    def boxes(self, box: tuple[Runs, ...], shapes: tuple[Shape, ...]) -> list[tuple[Runs, ...]]:
        everything: list[tuple[Runs, ...]] = [tuple(((0, size - 1),) for size in shape) for shape in shapes]
        if self.from_ is not None:
            everything[0] = (everything[0][0], box[1])
        return everything


class Scale(Layer):
    kind = "scale"
    family = "dense"
    summary = "A learned factor for every channel, or a constant one for all: 'scale by=0.1'."
    example = "scale"
    learns = linear = per_channel = True
    keeps = "input"
    keeps_for_weights = True

    by = Number("a constant factor; nothing is learned then", None)
    bias = YesNo("a learned constant for every channel, too", False)

    def check(self) -> None:
        if self.by is not None and self.bias:
            raise LayerError("scale has either by= or bias=yes, not both: by= learns nothing", "bias", code="argument")

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        if self.by is not None:
            return ()
        channels = (output[0],)
        return (("weight", channels), ("bias", channels)) if self.bias else (("weight", channels),)

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept | None:
        return Kept() if self.by is not None else super().kept(inputs, output, needs)

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        traits = named(bias=self.bias, constant=self.by is not None)
        return Quantities({"B": prod(output) if self.bias else 0}, traits)


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
