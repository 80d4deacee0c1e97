"""Activations, dropout and identity: the shape stays, and mostly nothing is learned."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from ..values import Shape
from .arguments import LayerError, Rate, YesNo
from .base import Layer
from .reach import Run
from .result import Kept, Quantities

#: The activations whose slope PyTorch works out from their output; those that it works out so where they have written
#: over their input.
_BY_OUTPUT = frozenset(("relu", "sigmoid", "tanh", "softmax", "logsoftmax"))
_EITHER_WAY = frozenset(("leakyrelu", "elu", "selu"))


class Activation(Layer):
    """An element-wise function."""

    family = "activation"
    per_channel = activates = in_place = True

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return Quantities({"rows": prod(inputs[0][1:])})


def _activation(kind: str, name: str, summary: str, aliases: tuple[str, ...] = ()) -> type[Layer]:
    """The class of an activation without arguments; the softmaxes go along the channels."""
    keeps = "output" if kind in _BY_OUTPUT else "input"
    declared = {"kind": kind, "aliases": aliases, "summary": summary, "example": kind, "__module__": __name__}
    each = not kind.endswith("softmax")
    return type(name, (Activation,), {**declared, "per_channel": each, "activates": each, "in_place": each,
                                       "keeps": keeps, "keeps_written_over": kind in _EITHER_WAY})  # fmt: skip


class PReLU(Activation):
    kind = "prelu"
    summary = "ReLU with a learned slope below 0."
    example = "prelu"
    learns = True
    keeps = "input"
    remarks = ("One weight a channel here; PyTorch's default is one for all (shared=yes), Keras's one an element.",)

    shared = YesNo("one slope for all channels", False)

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        return (("weight", (1 if self.shared else output[0],)),)


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
    view = moves = linear = per_channel = True

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
    view = moves = linear = per_channel = True
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
    ("softmax", "Softmax", "exp(x), over the channels made to sum to 1."),
    ("logsoftmax", "LogSoftmax", "The logarithm of softmax."),
)
KINDS: tuple[type[Layer], ...] = (*(_activation(*row) for row in _SIMPLE), PReLU, GLU, Dropout, Identity)
