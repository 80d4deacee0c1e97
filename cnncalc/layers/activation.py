"""Activations, dropout and identity: the shape stays, and mostly nothing is learned."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

from ..values import Shape
from .arguments import LayerError, Rate, YesNoOr
from .axes import AxisLetter, axis_index
from .base import Layer
from .reach import Reach, Run, Taps, Whole
from .result import Kept, Quantities, named

#: The activations whose slope PyTorch works out from their output; those that it works out so where they have written
#: over their input.
_BY_OUTPUT = frozenset(("relu", "sigmoid", "tanh"))
_EITHER_WAY = frozenset(("leakyrelu", "elu", "selu"))
_NONNEGATIVE = frozenset(("relu", "relu6", "sigmoid", "hardsigmoid", "softplus"))


class Activation(Layer):
    """An element-wise function."""

    family = "activation"
    per_channel = activates = in_place = keeps_nonnegative = True

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return Quantities({"rows": prod(inputs[0][1:])})


def _activation(kind: str, name: str, summary: str, aliases: tuple[str, ...] = ()) -> type[Layer]:
    """The class of an activation without arguments."""
    keeps = "output" if kind in _BY_OUTPUT else "input"
    declared = {"kind": kind, "aliases": aliases, "summary": summary, "example": kind, "__module__": __name__}
    return type(name, (Activation,), {**declared, "keeps": keeps,
                                       "keeps_written_over": kind in _EITHER_WAY,
                                       "nonnegative": kind in _NONNEGATIVE})  # fmt: skip


class Softmax(Activation):
    kind = "softmax"
    summary = "exp(x), over the channels, or another axis, made to sum to 1."
    example = "softmax"
    activates = in_place = False  # it looks at several channels
    per_channel = False
    nonnegative = True
    keeps = "output"

    axis = AxisLetter("the axis along which the values sum to 1", "C")

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        axis_index(self.axis, inputs[0])
        return inputs[0]

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return Quantities({"rows": prod(inputs[0]) // inputs[0][axis_index(self.axis, inputs[0])]})

    def channel_run(self, run: Run, shape: Shape, output: Shape) -> list[Run]:
        return [(0, shape[0] - 1)] if self.axis == "C" else [run]

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        along = axis_index(self.axis, shape) - 1
        return tuple(Whole(size) if axis == along else Taps(size) for axis, size in enumerate(shape[1:]))


class LogSoftmax(Softmax):
    kind = "logsoftmax"
    summary = "The logarithm of softmax."
    example = "logsoftmax"
    nonnegative = keeps_nonnegative = False


class PReLU(Activation):
    kind = "prelu"
    summary = "ReLU with a learned slope below 0."
    example = "prelu"
    learns = True
    keeps = "input"
    remarks = ("One weight a channel here; PyTorch's default is one for all (shared=yes), Keras's one an element.",)

    shared: Any = YesNoOr(
        "yes: one slope for all channels; no: one a channel; each: one an element", False, words=("each",)
    )

    @property
    def each(self) -> bool:
        """Whether every element has a slope of its own."""
        return bool(self.shared == "each")

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept | None:
        return None if self.each else super().kept(inputs, output, needs)

    @property
    def size_bound(self) -> bool:  # type: ignore[override]
        """Whether its slopes fit one input size only."""
        return self.each

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        if self.each:
            return (("weight", output),)
        return (("weight", (1 if self.shared else output[0],)),)

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return Quantities(super().own_quantities(inputs, output).values, named(unlike=self.each))


class GLU(Activation):
    kind = "glu"
    summary = "Gated linear unit: one half of the channels gates the other."
    rule = "half the channels"
    example = "glu"
    per_channel = activates = in_place = False
    keeps = "input"

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        channels, *rest = inputs[0]
        if channels % 2:
            raise LayerError(f"glu halves the channels, and {channels} is odd")
        return (channels // 2, *rest)

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        return "" if axis else f"{inputs[0][0]}/2 = {output[0]}"

    def channel_run(self, run: Run, shape: Shape, output: Shape) -> list[Run]:
        """One half, and its gate in the other."""
        return [run, (run[0] + output[0], run[1] + output[0])]


class Dropout(Layer):
    kind = "dropout"
    family = "activation"
    aliases = ("droppath",)
    summary = "Dropout: zeroes values at random in training; nothing at inference."
    example = "dropout 0.5"
    positions = ("rate",)
    view = moves = linear = per_channel = keeps_nonnegative = True

    rate = Rate("share of the values that is zeroed", Fraction(1, 2), ("p",))

    @property
    def passes(self) -> bool:
        return bool(self.rate == 0)

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """A factor for every value, as PyTorch does it without a GPU; one for all where all are zeroed."""
        return Kept() if self.passes else Kept(once=1) if self.rate == 1 else Kept(more=prod(output))


class Identity(Layer):
    kind = "identity"
    family = "activation"
    summary = "The tensor itself."
    example = "identity"
    view = moves = linear = per_channel = keeps_nonnegative = True
    keeps = "nothing"


_SIMPLE = (
    ("relu", "ReLU", "max(x, 0)."),
    ("relu6", "ReLU6", "min(max(x, 0), 6)."),
    ("leakyrelu", "LeakyReLU", "x, or a small slope of it below 0."),
    ("elu", "ELU", "x, or exp(x) - 1 below 0."),
    ("selu", "SELU", "ELU, scaled so that it normalises itself."),
    ("gelu", "GELU", "x times the normal distribution's share below x."),
    ("silu", "SiLU", "x * sigmoid(x).", ("swish",)),
    ("mish", "Mish", "x * tanh(softplus(x))."),
    ("hardswish", "Hardswish", "x * relu6(x + 3)/6."),
    ("hardsigmoid", "Hardsigmoid", "relu6(x + 3)/6."),
    ("sigmoid", "Sigmoid", "1/(1 + exp(-x))."),
    ("tanh", "Tanh", "The hyperbolic tangent."),
    ("softplus", "Softplus", "log(1 + exp(x))."),
)
KINDS: tuple[type[Layer], ...] = (
    *(_activation(*row) for row in _SIMPLE),
    Softmax,
    LogSoftmax,
    PReLU,
    GLU,
    Dropout,
    Identity,
)
