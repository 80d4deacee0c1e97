"""Layers that move or take values along axes, without weights."""

from __future__ import annotations

from math import prod
from typing import Any

from ..values import Shape, spell
from .arguments import AxisLetter, Count, LayerError, Range, Shaped
from .base import Layer, spatial
from .reach import MOST_RUNS, Reach, Run, Taps, Whole
from .result import Kept, Quantities

_LETTERS = {1: ("C",), 2: ("C", "L"), 3: ("C", "H", "W"), 4: ("C", "D", "H", "W")}


def axis_letters(shape: Shape) -> tuple[str, ...]:
    """The letters of the axes of `shape`, channels first."""
    return _LETTERS[len(shape)]


def axis_index(letter: str, shape: Shape) -> int:
    """Where axis `letter` stands in `shape`. Raises LayerError where it has none."""
    letters = axis_letters(shape)
    if letter not in letters:
        raise LayerError(("the input ", shape, f" has no axis {letter}: its axes are {', '.join(letters)}"), "axis")
    return letters.index(letter)


class Rearranged(Layer):
    """What flatten, reshape and tokens share: all values in their order, cut into other axes."""

    family = "reshaping"
    moves = linear = mixes = copied = True
    keeps = "nothing"

    def mixes_positions(self, shape: Shape, output: Shape) -> bool:
        return shape != output

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        """The values that enter over the other sizes."""
        values, others = "*".join(map(str, inputs[0])), [size for place, size in enumerate(output) if place != axis]
        if not others:
            return f"{values} = {output[axis]}" if len(inputs[0]) > 1 else ""
        quotient = f"{values}/{others[0]}" if len(others) == 1 else f"{values}/({'*'.join(map(str, others))})"
        return f"{quotient} = {output[axis]}"


class Flatten(Rearranged):
    kind = "flatten"
    summary = "All values in one vector."
    rule = "C*D*H*W"
    example = "flatten"
    view = size_bound = True

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        return (prod(inputs[0]),)


class Reshape(Rearranged):
    kind = "reshape"
    summary = "The same values in another shape."
    rule = "its shape; one '?' takes what is left"
    example = "reshape 64x7x7"
    positions = ("shape",)
    view = size_bound = True

    shape: Any = Shaped("the new shape; one number may be '?'")

    def check(self) -> None:
        if list(self.shape).count(None) > 1:
            raise LayerError("only one '?' can be worked out", "shape", code="argument")
        if len(self.shape) > 4:
            raise LayerError(f"a shape has at most 4 numbers: channels and three axes, not {len(self.shape)}", "shape")

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        total = prod(inputs[0])
        known = prod(size for size in self.shape if size is not None)
        if total % known or (None not in self.shape and total != known):
            raise LayerError(
                (inputs[0], f" has {total:,} values, which {spell(self.shape)} "
                 f"({'a multiple of ' if None in self.shape else ''}{known:,}) cannot hold"), "shape",
            )  # fmt: skip
        return tuple(total // known if size is None else size for size in self.shape)

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        if self.shape[axis] is not None:
            return f"it is the {output[axis]} of reshape {spell(self.shape)}"
        return super().arithmetic(inputs, output, axis)


class ChannelShuffle(Layer):
    kind = "shuffle"
    family = "reshaping"
    summary = "Channel shuffle: channels of the groups interleaved (ShuffleNet)."
    example = "shuffle 3"
    positions = ("groups",)
    moves = True
    keeps = "nothing"

    groups = Count("number of groups; divides the channels", synonyms=("g",), hint="3")

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        channels = inputs[0][0]
        spatial(inputs[0], self.kind)
        if channels % self.groups:
            raise LayerError(f"groups={self.groups} does not divide the {channels} channels", "groups", code="groups")
        return inputs[0]

    def channel_run(self, run: Run, shape: Shape, output: Shape) -> list[Run]:
        """Output k*g + j is channel k of group j."""
        width = shape[0] // self.groups
        if run[1] - run[0] + 1 > MOST_RUNS:
            return [(0, shape[0] - 1)]
        read = (one % self.groups * width + one // self.groups for one in range(run[0], run[1] + 1))
        return [(one, one) for one in read]


class Take(Layer):
    kind = "take"
    family = "reshaping"
    summary = "A range of an axis, the channels by default: from, up to but without to."
    rule = "to - from along the axis"
    example = "take 0:C//2"
    positions = ("range",)
    moves = slices = True
    keeps = "nothing"

    range = Range("from:to, counted from 0", hint="0:1")
    axis = AxisLetter("the axis of which a range is taken", "C")

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        axis = axis_index(self.axis, shape)
        start, end = self.range
        if end > shape[axis]:
            raise LayerError(f"take {start}:{end} goes past the {shape[axis]} of axis {self.axis}", "range")
        return (*shape[:axis], end - start, *shape[axis + 1 :])

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        taken = axis == axis_index(self.axis, inputs[0])
        return f"{self.range.after} - {self.range.before} = {output[axis]}" if taken else ""

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        along = axis_index(self.axis, shape) - 1
        return tuple(
            Taps(size, before=-self.range.before if axis == along else 0) for axis, size in enumerate(shape[1:])
        )

    def channel_run(self, run: Run, shape: Shape, output: Shape) -> list[Run]:
        offset = self.range.before if self.axis == "C" else 0
        return [(run[0] + offset, run[1] + offset)]


class Tokens(Rearranged):
    kind = "tokens"
    summary = "The spatial axes in one: CxHxW to CxL."
    rule = "C x (D*H*W)"
    example = "tokens"

    @property
    def passes(self) -> bool:
        return True

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        return (inputs[0][0], prod(spatial(inputs[0], self.kind)))

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        return f"{'*'.join(map(str, inputs[0][1:]))} = {output[1]}" if axis else ""


class Reduce(Layer):
    """What mean and max share."""

    family = "reshaping"
    rule = "the axis becomes 1"
    positions = ("axis",)
    per_channel = True

    axis = AxisLetter("the axis that is reduced to 1", hint="L")

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        axis = axis_index(self.axis, shape)
        return (*shape[:axis], 1, *shape[axis + 1 :])

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        return f"{self.kind} {self.axis} gives 1" if axis == axis_index(self.axis, inputs[0]) else ""

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return Quantities({"O·k": prod(inputs[0])})

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        along = axis_index(self.axis, shape) - 1
        return tuple(Whole(size) if axis == along else Taps(size) for axis, size in enumerate(shape[1:]))


class Mean(Reduce):
    kind = "mean"
    summary = "The mean along one axis."
    example = "mean L"
    linear = True
    keeps = "nothing"


class Max(Reduce):
    kind = "max"
    summary = "The largest value along one axis."
    example = "max L"

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        return Kept((0,), output=True)


KINDS: tuple[type[Layer], ...] = (Flatten, Reshape, ChannelShuffle, Take, Tokens, Mean, Max)
