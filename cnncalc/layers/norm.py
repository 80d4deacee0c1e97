"""Normalisations."""

from __future__ import annotations

from math import prod

from ..values import Shape
from .arguments import Count, LayerError, YesNo
from .base import Layer, spatial
from .reach import Run
from .result import Kept, Quantities, Remark, named


class Norm(Layer):
    """What the normalisations with a factor and a constant a channel share."""

    family = "normalisation"
    learns = True

    affine = YesNo("learn a factor and a constant for every channel", True)
    bias = YesNo("learn the constant, too (only with affine=yes)", True)

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        if not self.affine:
            return ()
        channels = (inputs[0][0],)
        return (("weight", channels), ("bias", channels)) if self.bias else (("weight", channels),)

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return Quantities({"rows": prod(inputs[0][1:])}, named(affine=self.affine))


class BatchNorm(Norm):
    kind = "bn"
    summary = "Batch normalisation: each channel by its mean and variance over the batch."
    example = "bn"
    remarks = ("Its running mean and variance are buffers (2 a channel): stored, not learned, and counted apart.",)
    linear = per_channel = folds = in_place = True

    def buffers(self, inputs: tuple[Shape, ...]) -> int:
        return 2 * inputs[0][0]

    def centres(self, channels: int) -> bool:
        return True

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """The mean and the inverse deviation of the batch, too."""
        return Kept((0,), once=2 * inputs[0][0])


class InstanceNorm(Norm):
    kind = "in"
    summary = "Instance normalisation: each channel of each sample by its own mean and variance."
    example = "in"
    remarks = ("affine=yes here; PyTorch's default is no.",)
    per_channel = True

    def centres(self, channels: int) -> bool:
        return True

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Mean and inverse deviation of every channel, and its factor once more for every sample."""
        return Kept((0,), more=(2 + self.affine) * inputs[0][0])

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        spatial(inputs[0], self.kind)
        return inputs[0]

    def notices(self, inputs: tuple[Shape, ...], output: Shape) -> list[Remark]:
        if prod(output[1:]) > 1:
            return []
        message = "PyTorch refuses this: a channel of one element has no variance, and everything becomes 0"
        return [Remark("warning", "pytorch-refuses", message)]


class GroupNorm(Norm):
    kind = "gn"
    summary = "Group normalisation: each group of channels of each sample by its own mean and variance."
    example = "gn 32"
    positions = ("groups",)
    per_channel = True  # the statistics of the group are left out of the field, as is usual

    groups = Count("number of groups; divides the channels", synonyms=("g",), hint="32")

    def centres(self, channels: int) -> bool:
        return self.groups == channels

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Mean and inverse deviation of every group, too."""
        return Kept((0,), more=2 * self.groups)

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        channels = inputs[0][0]
        if channels % self.groups:
            raise LayerError(f"groups={self.groups} does not divide the {channels} channels", "groups", code="groups")
        return inputs[0]

    def notices(self, inputs: tuple[Shape, ...], output: Shape) -> list[Remark]:
        if prod(output) > self.groups:
            return []
        message = "PyTorch refuses this for a single sample: a group of one element has no variance"
        return [Remark("warning", "pytorch-refuses", message, "groups")]


class LayerNorm(Norm):
    kind = "ln"
    summary = "Layer normalisation: the channels at each position."
    example = "ln"

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Mean and inverse deviation of every position, too."""
        return Kept((0,), more=2 * prod(inputs[0][1:]))


class LocalResponseNorm(Layer):
    kind = "lrn"
    family = "normalisation"
    summary = "Local response normalisation over neighbouring channels (AlexNet)."
    example = "lrn 5"
    positions = ("size",)

    size = Count("channels that take part", hint="5")

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """The squares with the channels that are padded, what they come to, and its power."""
        channels, *axes = inputs[0]
        return Kept((0,), more=(channels + self.size - 1 + 2 * channels) * prod(axes))

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        channels, *axes = inputs[0]
        return Quantities({"padded": (channels + self.size - 1) * prod(axes)})

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        spatial(inputs[0], self.kind)
        return inputs[0]

    def channel_run(self, run: Run, shape: Shape, output: Shape) -> list[Run]:
        return [(max(run[0] - self.size // 2, 0), min(run[1] + self.size // 2, shape[0] - 1))]


KINDS: tuple[type[Layer], ...] = (BatchNorm, InstanceNorm, GroupNorm, LayerNorm, LocalResponseNorm)
