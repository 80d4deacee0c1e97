"""Layers that join several tensors."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from ..values import Shape
from .arguments import AxisLetter, LayerError
from .base import Layer
from .reshape import axis_index, axis_letters
from .result import Kept, Quantities, named

#: Terms of a sum that are written out.
_SUMMED = 12


class MergeError(LayerError):
    """Tensors that do not go together; `culprit` is the index of the one that differs from the first."""

    def __init__(self, message: str, culprit: int, help: str | None = None) -> None:
        super().__init__(message, help=help)
        self.culprit = culprit


def advice(first: Shape, other: Shape, axes: Iterable[int]) -> str | None:
    """What makes the sizes of two tensors equal that differ on some of the `axes`; None where they have other ranks."""
    wrong = [axis for axis in axes if len(first) == len(other) and first[axis] != other[axis]]
    if any(axis > 0 for axis in wrong):
        return "'crop like=@…' or 'resize like=@…' makes the sizes equal"
    if not wrong:
        return None
    return f"'conv {first[0]} 1' makes the channels equal" if len(first) > 1 else f"'fc {first[0]}' makes them equal"


class Elementwise(Layer):
    """What add and mul share."""

    family = "merge"
    merges = True

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        stretched = len(inputs) > 2 and any(shape != output for shape in inputs)
        return Quantities({"O·(n−1)": prod(output) * (len(inputs) - 1)}, named(stretched=stretched))


class Add(Elementwise):
    kind = "add"
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


class Mul(Elementwise):
    kind = "mul"
    summary = "The product of tensors; axes of size 1 stretch: Cx1x1 gates CxHxW."
    rule = "on every axis the largest size; others must equal it, or be 1"
    example = "mul @gate"

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Each factor that another one's gradient is worked out from, the products so far among them."""
        factors, more = set[int](), 0
        product, flows = inputs[0], needs[0]
        for place, shape in enumerate(inputs[1:], 1):
            factors.update((place,) if flows else ())
            if needs[place] and place == 1:
                factors.add(0)
            elif needs[place]:
                more += prod(product)
            product, flows = self.output((product, shape)), flows or needs[place]
        return Kept(tuple(sorted(factors)), more=more)

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        output = list(inputs[0])
        for index, shape in enumerate(inputs):
            if len(shape) != len(output):
                raise MergeError("mul needs as many axes in each", index)
            for axis, size in enumerate(shape):
                if size != output[axis] and 1 not in (size, output[axis]):
                    help = advice(tuple(output), shape, [axis])
                    raise MergeError("mul needs equal sizes, or 1, on every axis", index, help)
                output[axis] = max(size, output[axis])
        return tuple(output)


class Concat(Layer):
    kind = "concat"
    family = "merge"
    summary = "Tensors side by side along an axis, the channels by default."
    rule = "the sum of the sizes along the axis; the others are equal"
    example = "concat @enc1"
    merges = moves = True
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


KINDS: tuple[type[Layer], ...] = (Add, Mul, Concat)
