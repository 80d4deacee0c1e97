"""The receptive field along an axis: parts that step differently, and their union.

Where paths merge that step differently, one size and one jump are not enough for what follows: a gate made by a global
pool stays where it is while the window beside it moves. So a field has a part for every jump, and each takes the
recurrence by itself; what is reported is their hull.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...layers.reach import Number, whole_or_fraction
from ...records import Record, make
from ...values import largest, less, smallest

#: Different jumps that are kept apart; networks have one or two.
_MOST_PARTS = 8


class Part(Record):
    """Pixels of which output i sees those from start + i*jump on; all outputs together those from `low` to `high`.

    What lies past the ends of the input is seen where padding is; an upsampling or an adaptive pool reads no padding.
    """

    size: Number
    jump: Number
    start: Number
    low: Number
    high: Number
    nominal: bool = False


class AxisField(Record):
    """The receptive field along one axis of the input, as parts by falling jump."""

    parts: tuple[Part, ...]

    @property
    def size(self) -> Number:
        """Pixels that the first output depends on, from the first to the last."""
        if len(self.parts) == 1:
            return self.parts[0].size
        return largest(*[part.start + part.size for part in self.parts]) - self.start  # type: ignore[no-any-return]

    @property
    def jump(self) -> Number:
        """The effective stride: pixels from one output's field to the next."""
        return self.parts[0].jump

    @property
    def start(self) -> Number:
        """The first index of the first field; negative on padding."""
        if len(self.parts) == 1:
            return self.parts[0].start
        return smallest(*[part.start for part in self.parts])  # type: ignore[no-any-return]

    @property
    def nominal(self) -> bool:
        """Whether an upsampling or an uneven layer lies before it, so that the numbers are those of its recurrence."""
        return any(part.nominal for part in self.parts)

    @property
    def local(self) -> Number:
        """The size without what is the same for all outputs (a global gate); 0 where all of it is."""
        if len(self.parts) == 1:
            return self.parts[0].size if self.parts[0].jump else 0
        moving = [part for part in self.parts if part.jump]
        return AxisField(tuple(moving)).size if moving else 0

    def whole(self) -> AxisField:
        """All positions as one: never less than one of them, whose field counts what lies past the ends, too."""
        start, size = self.start, self.size
        low, high = smallest(*[part.low for part in self.parts]), largest(*[part.high for part in self.parts])
        short = less(high - low, size)
        low = whole_or_fraction(low + short * (largest(start, high - size) - low))
        high = whole_or_fraction(high + short * (low + size - high))
        return make(AxisField, ((make(Part, (high - low, 0, low, low, high, self.nominal)),),))

    def held(self) -> AxisField:
        """A lone position, that every later output reads: it does not move any more."""
        return AxisField(joined([part._replace(jump=0, low=part.start, high=part.start + part.size)
                             for part in self.parts]))  # fmt: skip


Fields = tuple[AxisField, ...]


def merged(paths: Sequence[Fields]) -> Fields:
    """The union of the paths' fields."""
    first = paths[0]
    if paths.count(first) == len(paths):
        return first
    axis_fields: list[AxisField] = []
    last: list[AxisField] = []
    for number in range(len(first)):
        axis = [fields[number] for fields in paths]
        if axis == last:
            axis_fields.append(axis_fields[-1])  # a square: one axis like the other
        else:
            axis_fields.append(make(AxisField, (joined([part for field in axis for part in field.parts]),)))
        last = axis
    return tuple(axis_fields)


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts by falling jump, those of one jump as one."""
    by_jump: dict[Number, Part] = {}
    for part in parts:
        jump = part.jump
        other = by_jump.get(jump)
        by_jump[jump] = part if other is None else _hull(other, part, jump)
    found = list(by_jump.values())
    if len(found) > 1:
        found.sort(key=lambda part: -part.jump)
    while len(found) > _MOST_PARTS:  # the larger jump: a field that is not too small
        last, other = found.pop(-2), found.pop(-2)
        found.insert(-1, _hull(other, last, other.jump))
    return tuple(found)


def _hull(part: Part, other: Part, jump: Number) -> Part:
    """The pixels of both parts, as one part."""
    size, _, start, low, high, nominal = part
    size_too, _, start_too, low_too, high_too, nominal_too = other
    end, end_too = start + size, start_too + size_too
    start = smallest(start, start_too)
    return make(Part, (largest(end, end_too) - start, jump, start, smallest(low, low_too), largest(high, high_too),
                       nominal or nominal_too))  # fmt: skip
