"""Layers that move or take values along axes, without weights."""

from __future__ import annotations

from math import isqrt, prod
from typing import Any

from ..values import Sentence, Shape, divide, how_many, spell
from .arguments import Count, LayerError, Range, Shaped
from .axes import AxisLetter, AxisLetters, AxisOrder, axis_index, axis_indices, axis_letters
from .base import Layer, spatial
from .reach import MOST_RUNS, Reach, Run, Runs, Taps, Whole
from .result import Kept, Quantities


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
                (inputs[0], f" has {how_many(total, 'value', ',')}, which {spell(self.shape)} "
                 f"({'a multiple of ' if None in self.shape else ''}{known:,}) cannot hold"), "shape",
                self._held(total),
            )  # fmt: skip
        return tuple(total // known if size is None else size for size in self.shape)

    def _held(self, total: int) -> Sentence | None:
        """A shape like this one that has `total` values: a square stays one, else one number is another; or None."""
        if None in self.shape or not all(type(size) is int for size in (total, *self.shape)):
            return None
        channels, *sides = self.shape
        side = isqrt(total // channels)
        if len(sides) == 2 and sides[0] == sides[1] and channels * side * side == total:
            return ((channels, side, side), " has as many")
        for place in (*range(len(self.shape) - 1, 0, -1), 0):
            others = prod(size for at, size in enumerate(self.shape) if at != place)
            if total % others == 0:
                shape = tuple(total // others if at == place else size for at, size in enumerate(self.shape))
                return (shape, " has as many; a '?' in the place of a number is worked out")
        return None

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
            raise LayerError(f"groups={self.groups} does not divide the {how_many(channels, 'channel')}", "groups",
                             divide(self.groups, channels), code="groups")  # fmt: skip
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


class Permute(Layer):
    kind = "permute"
    family = "reshaping"
    aliases = ("transpose",)
    summary = "The axes in another order: the last becomes the first, say."
    rule = "the sizes of the axes, in the order of their letters"
    example = "permute HWC"
    positions = ("axes",)
    moves = mixes = routed = True

    axes = AxisOrder("all axes by their letters, in their new order", hint="HWC")

    def order(self, shape: Shape) -> tuple[int, ...]:
        """The axis of an input of `shape` that each axis of the output is. Raises LayerError."""
        letters = axis_letters(shape)
        if set(self.axes) != set(letters):
            names, said = ", ".join(letters), "".join(letters[::-1])
            raise LayerError(
                ("permute names every axis of its input once, and the axes of ", shape, f" are {names}"), "axes",
                f"for example 'permute {said}'" if len(letters) > 1 else None,
            )  # fmt: skip
        return tuple([letters.index(letter) for letter in self.axes])

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        return tuple([inputs[0][axis] for axis in self.order(inputs[0])])

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        came = self.order(inputs[0])[axis]
        return "" if came == axis else f"it is the {output[axis]} of axis {axis_letters(inputs[0])[came]}"

    def mixes_positions(self, shape: Shape, output: Shape) -> bool:
        """The field behind it is that of all positions, but where the spatial axes stay in their places."""
        return self.order(shape) != tuple(range(len(shape)))

    def boxes(self, box: tuple[Runs, ...], shapes: tuple[Shape, ...]) -> list[tuple[Runs, ...]]:
        order = self.order(shapes[0])
        return [tuple([box[order.index(axis)] for axis in range(len(order))])]


class Reduce(Layer):
    """What mean and max share."""

    family = "reshaping"
    rule = "each of the axes becomes 1"
    positions = ("axis",)
    per_channel = True

    axis = AxisLetters("the letters of the axes that are reduced to 1", hint="L", synonyms=("axes",))

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        reduced = axis_indices(self.axis, shape, "axis")
        return tuple([1 if axis in reduced else size for axis, size in enumerate(shape)])

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        return f"{self.kind} {self.axis} gives 1" if axis in axis_indices(self.axis, inputs[0], "axis") else ""

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return Quantities({"O·k": prod(inputs[0])})

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        reduced = axis_indices(self.axis, shape, "axis")
        return tuple(Whole(size) if axis in reduced else Taps(size) for axis, size in enumerate(shape[1:], 1))


class Mean(Reduce):
    kind = "mean"
    summary = "The mean along one axis, or several: 'mean HW'."
    example = "mean L"
    linear = True
    keeps = "nothing"


class Max(Reduce):
    kind = "max"
    summary = "The largest value along one axis, or several: 'max HW'."
    example = "max L"

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        return Kept((0,), output=True)


KINDS: tuple[type[Layer], ...] = (Flatten, Reshape, ChannelShuffle, Take, Tokens, Permute, Mean, Max)
