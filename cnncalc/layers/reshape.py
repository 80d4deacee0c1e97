"""Layers that move or take values along axes, without weights."""

from __future__ import annotations

from math import prod
from typing import Any

from ..values import Shape, full, spell
from .arguments import Axis, Count, LayerError, Range, Shaped
from .base import Layer, spatial
from .measures import Facts
from .reach import Reach, Taps, Whole

_LETTERS = {1: ("C",), 2: ("C", "L"), 3: ("C", "H", "W"), 4: ("C", "D", "H", "W")}


def axis_letters(shape: Shape) -> tuple[str, ...]:
    """The letters of the axes of `shape`, channels first."""
    return _LETTERS[len(shape)]


def axis_index(letter: str, shape: Shape) -> int:
    """Where axis `letter` stands in `shape`. Raises LayerError where it has none."""
    letters = axis_letters(shape)
    if letter not in letters:
        raise LayerError(f"the input {full(shape)} has no axis {letter}: its axes are {', '.join(letters)}", "axis")
    return letters.index(letter)


class Flatten(Layer):
    kind = "flatten"
    summary = "All values in one vector."
    rule = "C*D*H*W"
    example = "flatten"
    torch = ("Flatten",)
    keras = ("Flatten",)
    onnx = ("Flatten",)
    view = True
    mixes = True

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        return (prod(inputs[0]),)


class Reshape(Layer):
    kind = "reshape"
    summary = "The same values in another shape."
    rule = "its shape; one '?' takes what is left"
    example = "reshape 64x7x7"
    torch = ("Unflatten",)
    keras = ("Reshape",)
    onnx = ("Reshape",)
    positions = ("shape",)
    view = True
    mixes = True

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
                f"{full(inputs[0])} has {total:,} values, which {spell(self.shape)} "
                f"({'a multiple of ' if None in self.shape else ''}{known:,}) cannot hold", "shape",
            )  # fmt: skip
        return tuple(total // known if size is None else size for size in self.shape)


class ChannelShuffle(Layer):
    kind = "shuffle"
    summary = "Channel shuffle: channels of the groups interleaved (ShuffleNet)."
    example = "shuffle 3"
    torch = ("ChannelShuffle",)
    positions = ("groups",)

    groups = Count("number of groups; divides the channels", synonyms=("g",), hint="3")

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        channels = inputs[0][0]
        spatial(inputs[0], self.kind)
        if channels % self.groups:
            raise LayerError(f"groups={self.groups} does not divide the {channels} channels", "groups", code="groups")
        return inputs[0]


class Take(Layer):
    kind = "take"
    summary = "A range of an axis, the channels by default: from, up to but without to."
    rule = "to - from along the axis"
    example = "take 0:C//2"
    onnx = ("Slice",)
    positions = ("range",)

    range = Range("from:to, counted from 0", hint="0:1")
    axis = Axis("the axis of which a range is taken", "C")

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        axis = axis_index(self.axis, shape)
        start, end = self.range
        if end > shape[axis]:
            raise LayerError(f"take {start}:{end} goes past the {shape[axis]} of axis {self.axis}", "range")
        return (*shape[:axis], end - start, *shape[axis + 1 :])

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        along = axis_index(self.axis, shape) - 1
        return tuple(
            Taps(size, before=-self.range.before if axis == along else 0) for axis, size in enumerate(shape[1:])
        )


class Tokens(Layer):
    kind = "tokens"
    summary = "The spatial axes in one: CxHxW to CxL."
    rule = "C x (D*H*W)"
    example = "tokens"
    onnx = ("Reshape",)
    mixes = True

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        return (inputs[0][0], prod(spatial(inputs[0], self.kind)))


class Reduce(Layer):
    """What mean and max share."""

    rule = "the axis becomes 1"
    positions = ("axis",)

    axis = Axis("the axis that is reduced to 1", hint="L")

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        axis = axis_index(self.axis, shape)
        return (*shape[:axis], 1, *shape[axis + 1 :])

    def facts(self, inputs: tuple[Shape, ...], output: Shape) -> Facts:
        return Facts({"O·k": prod(inputs[0])})

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        along = axis_index(self.axis, shape) - 1
        return tuple(Whole(size) if axis == along else Taps(size) for axis, size in enumerate(shape[1:]))


class Mean(Reduce):
    kind = "mean"
    summary = "The mean along one axis."
    example = "mean L"
    onnx = ("ReduceMean",)


class Max(Reduce):
    kind = "max"
    summary = "The largest value along one axis."
    example = "max L"
    onnx = ("ReduceMax",)


KINDS: tuple[type[Layer], ...] = (Flatten, Reshape, ChannelShuffle, Take, Tokens, Mean, Max)
