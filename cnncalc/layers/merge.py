"""Layers that join several tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod

from ..values import Shape
from .arguments import LayerError, YesNo
from .axes import AxisLetter, axis_index, axis_letters
from .base import Layer
from .reach import Reach, Runs, Taps, Whole
from .result import Kept, Quantities, named

#: Terms of a sum that are written out.
_SUMMED = 12


class MergeError(LayerError):
    """Tensors that do not go together; `culprit` is the index of the one that differs from the first. `alike` says that
    equal sizes are what is wanted.
    """

    def __init__(self, message: str, culprit: int, help: str | None = None, alike: bool = True) -> None:
        super().__init__(message, help=help)
        self.culprit = culprit
        self.alike = alike


def advice(first: Shape, other: Shape, axes: Iterable[int]) -> str | None:
    """What makes the sizes of two tensors equal that differ on some of the `axes`; None where they have other ranks."""
    wrong = [axis for axis in axes if len(first) == len(other) and first[axis] != other[axis]]
    if any(axis > 0 for axis in wrong):
        return "'crop like=@…' or 'resize like=@…' makes the sizes equal"
    if not wrong:
        return None
    return f"'conv {first[0]} 1' makes the channels equal" if len(first) > 1 else f"'fc {first[0]}' makes them equal"


class Elementwise(Layer):
    """What the merges share that go position by position."""

    family = "merge"
    merges = keeps_nonnegative = True

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        stretched = len(inputs) > 2 and any(shape != output for shape in inputs)
        return Quantities({"O·(n−1)": prod(output) * (len(inputs) - 1)}, named(stretched=stretched))


class Add(Elementwise):
    kind = "add"
    sign = "+"
    summary = "The sum of tensors of equal shape."
    rule = "the shape of each"
    example = "add @input"
    in_place = True
    keeps = "nothing"

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        for index, shape in enumerate(inputs):
            if shape != inputs[0]:
                help = advice(inputs[0], shape, range(len(shape)))
                raise MergeError("add needs equal shapes", index, help)
        return inputs[0]


class Stretching(Elementwise):
    """What the merges share whose axes of size 1 stretch."""

    rule = "on every axis the largest size; others must equal it, or be 1"

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        output = list(inputs[0])
        for index, shape in enumerate(inputs):
            if len(shape) != len(output):
                raise MergeError(f"{self.kind} needs as many axes in each", index)
            for axis, size in enumerate(shape):
                if size != output[axis] and 1 not in (size, output[axis]):
                    help = advice(tuple(output), shape, [axis])
                    raise MergeError(f"{self.kind} needs equal sizes, or 1, on every axis", index, help)
                output[axis] = max(size, output[axis])
        return tuple(output)

    def _kept_in_turn(
        self, inputs: tuple[Shape, ...], needs: tuple[bool, ...], kept: Callable[[bool, bool], tuple[bool, bool]]
    ) -> Kept:
        """What is kept of one tensor after another joined to what there is so far.

        `kept` says whether of what there is, and of the next, given whether a gradient goes through the one and the
        other.
        """
        places, more = set[int](), 0
        made, flows = inputs[0], needs[0]
        for place, shape in enumerate(inputs[1:], 1):
            so_far, next_one = kept(flows, needs[place])
            places.update((place,) if next_one else (), (0,) if so_far and place == 1 else ())
            more += prod(made) if so_far and place > 1 else 0
            made, flows = self.output((made, shape)), flows or needs[place]
        return Kept(tuple(sorted(places)), more=more)


class Mul(Stretching):
    kind = "mul"
    sign = "×"
    summary = "The product of tensors; axes of size 1 stretch: Cx1x1 gates CxHxW."
    example = "mul @gate"

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Each factor that another one's gradient is worked out from, the products so far among them."""
        return self._kept_in_turn(inputs, needs, lambda flows, needed: (needed, flows))


class Sub(Stretching):
    kind = "sub"
    sign = "−"
    summary = "The first tensor less the others; axes of size 1 stretch."
    example = "sub @input"
    ordered = True
    keeps_nonnegative = False
    keeps = "nothing"


class Div(Stretching):
    kind = "div"
    sign = "÷"
    summary = "The first tensor divided by the others, one after another; axes of size 1 stretch."
    example = "div @gate"
    ordered = True

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Each divisor, and for its own gradient what it divides."""
        return self._kept_in_turn(inputs, needs, lambda flows, needed: (needed, flows or needed))


class Maximum(Stretching):
    kind = "maximum"
    sign = "max"
    summary = "The largest of the tensors' values, position by position; axes of size 1 stretch."
    example = "maximum @input"
    remarks = ("'max' is the largest value along an axis of one tensor.",)

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Both that are compared, one after another."""
        return self._kept_in_turn(inputs, needs, lambda flows, needed: (flows or needed, flows or needed))


class Minimum(Stretching):
    kind = "minimum"
    sign = "min"
    summary = "The smallest of the tensors' values, position by position; axes of size 1 stretch."
    example = "minimum @input"

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Both that are compared, one after another."""
        return self._kept_in_turn(inputs, needs, lambda flows, needed: (flows or needed, flows or needed))


class MatMul(Layer):
    kind = "matmul"
    sign = "·"
    family = "merge"
    summary = "The matrix product of two tensors over their last two axes."
    rule = "the first's sizes, its last axis that of the second; other axes are equal, or 1 and stretch"
    example = "matmul @input transposed=yes"
    merges = routed = repeats = ordered = True
    remarks = (
        "Without the batch: CxL by LxN gives CxN; of CxHxW the last two are H and W, whatever the file's layout.",
        "MACs: each output is a sum of so many products as the joined axis has. No weights, so it is not 'weighted'.",
    )

    transposed = YesNo("the second tensor's last two axes change places", False)

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        if len(inputs) != 2:
            raise LayerError(f"matmul takes two tensors, not {len(inputs)}")
        first, second = inputs
        for index, shape in enumerate(inputs):
            if len(shape) < 2:
                raise MergeError("matmul needs two axes in each", index, "'reshape' gives a vector two", alike=False)
        if len(first) != len(second):
            raise MergeError("matmul needs as many axes in each", 1, alike=False)
        joined, left = second[-1:-3:-1] if self.transposed else second[-2:]
        if first[-1] != joined:
            message = f"matmul needs the last axis of the first, {first[-1]}, in the second, which has {joined} there"
            turned = "without 'transposed=yes'" if self.transposed else "with 'transposed=yes'"
            raise MergeError(message, 1, f"it fits {turned}" if first[-1] == left else None, alike=False)
        outer = [max(pair) for pair in zip(first[:-2], second[:-2], strict=True)]
        if any(size not in (wanted, 1) for one in inputs for size, wanted in zip(one, outer, strict=False)):
            raise MergeError("matmul needs equal sizes, or 1, on the axes before the last two", 1, alike=False)
        return (*outer, first[-2], left)

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        return f"it is the {output[axis]} of the second" if axis == len(output) - 1 else ""

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Each of the two that the other one's gradient is worked out from."""
        return Kept(tuple([place for place in (0, 1) if needs[1 - place]]))

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return prod(output) * inputs[0][-1]

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        stretched = inputs[0][:-2] != inputs[1][:-2]
        return Quantities({"M": self.macs(inputs, output)}, named(stretched=stretched))

    def _whole_axis(self, number: int, shape: Shape) -> int:
        """The axis of an input of which every output reads all: rows of the first, columns of the second."""
        return len(shape) - (1 if number == 0 or self.transposed else 2)

    def path_steps(self, number: int, shapes: tuple[Shape, ...]) -> tuple[Reach, ...]:
        shape, output = shapes[number], self.output(shapes)
        whole = {self._whole_axis(number, shape)}
        if number and self.transposed:  # its rows become columns
            whole.add(len(shape) - 2)
        return tuple(
            Whole(size) if axis in whole or size != output[axis] else Taps(size)
            for axis, size in enumerate(shape[1:], 1)
        )

    def boxes(self, box: tuple[Runs, ...], shapes: tuple[Shape, ...]) -> list[tuple[Runs, ...]]:
        found = []
        for number, shape in enumerate(shapes):
            read = [runs if size > 1 else ((0, 0),) for size, runs in zip(shape, box, strict=True)]
            read[-2:] = [box[-2], box[-1]]
            whole = self._whole_axis(number, shape)
            if number and self.transposed:
                read[-2] = box[-1]
            read[whole] = ((0, shape[whole] - 1),)
            found.append(tuple(read))
        return found


class Concat(Layer):
    kind = "concat"
    sign = "∥"
    family = "merge"
    summary = "Tensors side by side along an axis, the channels by default."
    rule = "the sum of the sizes along the axis; the others are equal"
    example = "concat @enc1"
    merges = moves = repeats = keeps_nonnegative = True
    keeps = "nothing"

    axis = AxisLetter("the axis along which they are joined", "C")

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        first = inputs[0]
        axis = axis_index(self.axis, first)
        for index, shape in enumerate(inputs):
            same = len(shape) == len(first)
            if not same or shape[:axis] != first[:axis] or shape[axis + 1 :] != first[axis + 1 :]:
                wrong = [place for place in range(len(shape)) if place != axis]
                help = advice(first, shape, wrong) if same and self.axis == "C" else None
                others = ", ".join(axis_letters(first)[:axis] + axis_letters(first)[axis + 1 :])
                raise MergeError(f"concat along {self.axis} needs equal {others}", index, help)
        return (*first[:axis], sum(shape[axis] for shape in inputs), *first[axis + 1 :])

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        if axis != axis_index(self.axis, output) or len(inputs) < 2:
            return ""
        return f"{' + '.join(str(shape[axis]) for shape in inputs[:_SUMMED])}" + (
            f" = {output[axis]}" if len(inputs) <= _SUMMED else f" + … of {len(inputs)} tensors = {output[axis]}"
        )


KINDS: tuple[type[Layer], ...] = (Add, Mul, Concat, MatMul, Sub, Div, Maximum, Minimum)
