"""The layer with several results that cuts an axis into parts."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

from ..values import Listed, Shape, ShapeSize, Size
from .arguments import Argument, LayerError
from .axes import AxisLetter, axis_index
from .base import Layer
from .reach import Reach, Run, Taps

#: Sizes of a sum that are written out.
_SUMMED = 8
#: Results of one layer: more have no names in a line.
MOST_PARTS = 1_000


def _unequal(size: int, parts: int) -> str | None:
    """How an axis is cut into nearly equal parts."""
    if type(size) is not int or type(parts) is not int or not parts <= min(size, _SUMMED):
        return None
    each, more = divmod(size, parts)
    sizes = [each + 1] * more + [each] * (parts - more)
    return f"list their sizes: 'split {','.join(map(str, sizes))}'"


class Parts(Argument[Any]):
    """A number of equal parts, or the size of each: ``64,80``."""

    sort = "parts"

    def convert(self, value: Any, kind: str) -> Any:
        sizes = isinstance(value, Listed | Size) and not isinstance(value, ShapeSize)
        for item in value if sizes else (value,):
            if isinstance(item, bool) or not isinstance(item, int):
                raise self.wrong(item, "a number of equal parts, or the size of each: 64,80")
            if item < 1:
                raise self.wrong(item, "at least 1")
        if value == 1 or (sizes and len(value) == 1):
            raise self.wrong(value, "two or more", "one part is the tensor itself")
        if (len(value) if sizes else value) > MOST_PARTS:
            raise self.wrong(value, f"at most {MOST_PARTS}")
        return Listed(value) if sizes else value


class Split(Layer):
    """Its results are equal layers but for their number: each takes its own part."""

    kind = "split"
    family = "reshaping"
    summary = "Cuts an axis, the channels by default, into parts: each is a result with a name of its own."
    rule = "each part has its share of the axis: equal ones, or the sizes listed"
    example = "a, b = split 2"
    remarks = (
        "Of unequal parts the sizes are listed: 'a, b = split 64,80'. Nothing runs on from such a line:",
        "the next one starts at a name, '@a | …'.",
    )
    positions = ("parts",)
    moves = slices = several = True
    keeps = "nothing"

    parts = Parts("how many equal parts, or the size of each: 64,80", hint="2")
    axis = AxisLetter("the axis that is cut", "C")

    @cached_property
    def results(self) -> tuple[Self, ...]:
        made = [self]
        for number in range(1, len(self.parts) if isinstance(self.parts, Listed) else self.parts):
            made.append(self.changed())
            made[-1].number = number
        return tuple(made)

    def changed(self, **values: Any) -> Self:
        made = super().changed(**values)
        made.number = self.number
        return made

    def likeness(self) -> tuple[tuple[object, ...], tuple[Any, ...]]:
        what, arguments = super().likeness()
        return (*what, self.number), arguments

    def _rest(self, size: int) -> str | None:
        """The parts with another last one, with which they are all of an axis of `size`."""
        *first, _ = self.parts
        last = size - sum(first)
        return f"write 'split {','.join(map(str, (*first, last)))}'" if last > 0 and len(first) < _SUMMED else None

    def _range(self, size: int) -> tuple[int, int]:
        """Where its part of an axis of `size` begins and ends. Raises LayerError."""
        if isinstance(self.parts, Listed):
            if sum(self.parts) != size:
                total = f"{' + '.join(map(str, self.parts[:_SUMMED]))}{' + …' * (len(self.parts) > _SUMMED)}"
                raise LayerError(
                    f"the parts are {total} = {sum(self.parts)}, and axis {self.axis} has {size}",
                    "parts",
                    self._rest(size),
                )
            start = sum(self.parts[: self.number])
            return start, start + self.parts[self.number]
        if size % self.parts:
            raise LayerError(
                f"axis {self.axis} has {size}, which {self.parts} equal parts do not divide", "parts",
                _unequal(size, self.parts),
            )  # fmt: skip
        each = size // self.parts
        return self.number * each, (self.number + 1) * each

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        axis = axis_index(self.axis, shape)
        start, end = self._range(shape[axis])
        return (*shape[:axis], end - start, *shape[axis + 1 :])

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        cut = axis == axis_index(self.axis, inputs[0]) and not isinstance(self.parts, Listed)
        return f"{inputs[0][axis]}/{self.parts} = {output[axis]}" if cut else ""

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        along = axis_index(self.axis, shape)
        start, _ = self._range(shape[along])
        return tuple(Taps(size, before=-start if axis == along - 1 else 0) for axis, size in enumerate(shape[1:]))

    def channel_run(self, run: Run, shape: Shape, output: Shape) -> list[Run]:
        offset = self._range(shape[0])[0] if self.axis == "C" else 0
        return [(run[0] + offset, run[1] + offset)]


KINDS: tuple[type[Layer], ...] = (Split,)
