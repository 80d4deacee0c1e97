"""Normalisations."""

from __future__ import annotations

from math import prod

from ..values import Shape, divide, how_many
from .arguments import Count, LayerError, YesNo
from .axes import AxisLetters, axis_indices
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
    remarks = (
        "Its running mean and variance are buffers (2 a channel): stored, not learned, and counted apart.",
        "scale=no leaves out the factor and keeps the constant (Keras's scale=False); affine=no leaves out both.",
    )
    linear = per_channel = folds = in_place = True

    scale = YesNo("learn the factor, too (only with affine=yes)", True)

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        learned = super().weights(inputs, output)
        return learned if self.scale else learned[1:]

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        quantities, shifts = super().own_quantities(inputs, output), self.affine and self.bias and not self.scale
        return Quantities(quantities.values, named(affine=self.affine and self.scale, unlike=shifts))

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
            raise LayerError(f"groups={self.groups} does not divide the {how_many(channels, 'channel')}", "groups",
                             divide(self.groups, channels), code="groups")  # fmt: skip
        return inputs[0]

    def notices(self, inputs: tuple[Shape, ...], output: Shape) -> list[Remark]:
        if prod(output) > self.groups:
            return []
        message = "PyTorch refuses this for a single sample: a group of one element has no variance"
        return [Remark("warning", "pytorch-refuses", message, "groups")]


class LayerNorm(Norm):
    kind = "ln"
    summary = "Layer normalisation: the channels at each position, or over other axes: 'ln axes=CHW'."
    example = "ln"
    remarks = (
        "It learns a factor and a constant for every element of what it normalises: with axes=CHW each of the map's.",
        "The receptive field leaves out what it looks at of other positions, as is usual.",
    )

    axes = AxisLetters("the letters of the axes over which each mean and variance is taken", "C")

    @property
    def size_bound(self) -> bool:  # type: ignore[override]
        """Whether its weights fit one input size only."""
        return self.affine and self.axes != "C"

    def _sizes(self, shape: Shape) -> Shape:
        """The sizes of the axes that are normalised. Raises LayerError."""
        return tuple([shape[axis] for axis in axis_indices(self.axes, shape, "axes")])

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        self._sizes(inputs[0])
        return inputs[0]

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        sizes = self._sizes(inputs[0])
        return tuple([(name, sizes) for name, _ in super().weights(inputs, output)])

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        rows = prod(inputs[0]) // self._sizes(inputs[0])[0]
        return Quantities({"rows": rows}, named(affine=self.affine))

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Each mean and inverse deviation, too."""
        return Kept((0,), more=2 * (prod(inputs[0]) // prod(self._sizes(inputs[0]))))


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
