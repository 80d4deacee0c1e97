"""What one output reads along an axis: forwards as a window, for receptive fields; backwards as exact positions.

Forwards every reading is `reach` pixels from -`before` on, the next output's `stride` further (counting.md). Where
that is nominal, as after a transposed convolution, the numbers are fractions. Backwards nothing is nominal:
:meth:`back` gives the positions that a run of outputs reads, as runs, before the clip to the input.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias

from ..records import Record

Number: TypeAlias = int | Fraction
#: Positions from the first to the last, both included.
Run: TypeAlias = tuple[int, int]
Runs: TypeAlias = tuple[Run, ...]

#: Runs that a single step back may make; beyond them the answer is their hull.
MOST_RUNS = 4096


class ReadRuns(Record):
    """Positions as runs; `exact` is false where there were too many, and the hull stands for them."""

    runs: tuple[Run, ...]
    exact: bool = True


def whole_or_fraction(value: Number) -> Number:
    """`value` as an int where it is whole."""
    return value.numerator if value.denominator == 1 else value


def joined_runs(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs in order, those that touch or overlap as one."""
    found: list[Run] = []
    for first, last in sorted(runs):
        if found and first <= found[-1][1] + 1:
            if last > found[-1][1]:
                found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return tuple(found)


def limited(runs: Iterable[Run], count: int, hull: Run) -> ReadRuns:
    """The runs, joined; their hull where there are too many to look at."""
    return ReadRuns((hull,), exact=False) if count > MOST_RUNS else ReadRuns(joined_runs(runs))


class Taps(Record):
    """A regular window: `taps` pixels, `dilation` apart, from -`before` on, the next window `stride` further."""

    size: int
    taps: int = 1
    stride: int = 1
    before: int = 0
    dilation: int = 1

    whole, nominal = False, False

    @property
    def reach(self) -> int:
        """Pixels from the first to the last tap, both included."""
        return self.dilation * (self.taps - 1) + 1

    def margins(self, outputs: int) -> tuple[Number, Number]:
        """How far all outputs together read past the first and the last pixel; negative where they stay inside."""
        return self.before, (outputs - 1) * self.stride + self.reach - 1 - self.before - (self.size - 1)

    def back(self, run: Run) -> ReadRuns:
        """What the outputs of `run` read."""
        first, last = run
        count = last - first + 1
        low = first * self.stride - self.before
        high = last * self.stride - self.before + self.reach - 1
        taps_join = self.dilation == 1 or self.taps == 1
        if count == 1 and taps_join:
            return ReadRuns(((low, high),))
        if taps_join and self.taps >= self.stride:
            return ReadRuns(((low, high),))
        if self.stride == 1 and (count >= self.dilation or self.taps == 1):
            return ReadRuns(((low, high),))
        if taps_join:
            return limited(((low + i * self.stride, low + i * self.stride + self.taps - 1) for i in range(count)),
                           count, (low, high))  # fmt: skip
        if self.stride == 1:
            starts = (low + tap * self.dilation for tap in range(self.taps))
            return limited(((start, start + count - 1) for start in starts), self.taps, (low, high))
        points = (low + i * self.stride + tap * self.dilation for i in range(count) for tap in range(self.taps))
        return limited(((point, point) for point in points), count * self.taps, (low, high))


class Whole(Record):
    """Every pixel of the axis."""

    size: int

    whole, nominal = True, False

    stride = before = 0  # all outputs read the same

    @property
    def reach(self) -> int:
        """All of it."""
        return self.size

    def back(self, run: Run) -> ReadRuns:
        """Everything."""
        return ReadRuns(((0, self.size - 1),))


class Past(Record):
    """Every pixel up to the one where the output stands: what went before. Forwards it counts as every pixel."""

    size: int

    whole, nominal = True, False
    stride = before = 0

    @property
    def reach(self) -> int:
        """All of it, at the end."""
        return self.size

    def back(self, run: Run) -> ReadRuns:
        """From the first to the run's last."""
        return ReadRuns(((0, run[1]),))


class Spread(Record):
    """A transposed window: input i writes to the outputs i*`step` - `pad` + t*`dilation` for every tap t.

    Forwards it is a convolution over the input with `step` - 1 zeros put between its pixels.
    """

    size: int
    taps: int
    step: int
    pad: int
    dilation: int = 1

    whole, nominal = False, True

    @property
    def _span(self) -> int:
        return self.dilation * (self.taps - 1)

    @property
    def reach(self) -> Number:
        """In pixels of the input."""
        return 1 + whole_or_fraction(Fraction(self._span, self.step))

    @property
    def stride(self) -> Number:
        """In pixels of the input."""
        return whole_or_fraction(Fraction(1, self.step))

    @property
    def before(self) -> Number:
        """In pixels of the input."""
        return whole_or_fraction(Fraction(self._span - self.pad, self.step))

    def back(self, run: Run) -> ReadRuns:
        """The inputs of which some tap falls into `run`."""
        first, last = run
        low = -(-(first + self.pad - self._span) // self.step)
        high = (last + self.pad) // self.step
        low, high = max(low, 0), min(high, self.size - 1)
        if low > high:
            return ReadRuns(())
        if self.dilation == 1 or self.taps == 1 or last - first + 1 >= self.dilation:
            return ReadRuns(((low, high),))
        found = ((one, one) for one in range(low, high + 1) if self._hits(one, run))
        return limited(found, high - low + 1, (low, high))

    def _hits(self, position: int, run: Run) -> bool:
        start = position * self.step - self.pad
        tap = max(-(-(run[0] - start) // self.dilation), 0)
        return tap < self.taps and start + tap * self.dilation <= run[1]


class Bordered(Record):
    """A border of `before` pixels, and one behind, that are copies of pixels inside, by its `mode`. Forwards it is what
    it is with zeros: a shift.
    """

    size: int
    before: int
    mode: str

    whole, nominal = False, False
    reach = stride = 1

    def back(self, run: Run) -> ReadRuns:
        """The pixels inside, and those that the border is made of."""
        first, last = run[0] - self.before, run[1] - self.before
        inside = (max(first, 0), min(last, self.size - 1))
        found = [inside] if inside[0] <= inside[1] else []
        if first < 0:
            found.append(self._copied(first, min(last, -1)))
        if last >= self.size:
            found.append(self._copied(max(first, self.size), last))
        return ReadRuns(joined_runs(found))

    def _copied(self, first: int, last: int) -> Run:
        """What a run that lies outside, on one side, is made of."""
        end = self.size - 1
        if self.mode == "replicate":
            return (0, 0) if last < 0 else (end, end)
        if self.mode == "circular":
            return ((first % self.size), (last % self.size))
        return (-last, -first) if last < 0 else (2 * end - last, 2 * end - first)


class Resample(Record):
    """Interpolation: output i looks at (i + 1/2)*`ratio` - 1/2, or at floor(i*`ratio`) for the nearest pixel.

    `taps` is 1 for nearest, 2 for linear, as PyTorch computes them (half-pixel centres). Forwards the centre is kept.
    """

    size: int
    ratio: Fraction
    taps: int

    whole, nominal = False, True

    @property
    def reach(self) -> int:
        """Pixels that take part; at the same size it is the pixel itself."""
        return 1 if self.ratio == 1 else self.taps

    @property
    def stride(self) -> Number:
        """Pixels of the input from one output to the next."""
        return whole_or_fraction(self.ratio)

    @property
    def before(self) -> Number:
        """Such that the centre of the field is where the output looks."""
        return whole_or_fraction((self.reach - self.ratio) / 2)

    def back(self, run: Run) -> ReadRuns:
        """What the outputs of `run` read, those with a weight of 0 left out."""
        first, last = self._at(run[0]), self._at(run[1])
        low, high = first[0], last[1]
        if self.ratio <= 1:
            return ReadRuns(((low, high),))
        count = run[1] - run[0] + 1
        return limited((self._at(one) for one in range(run[0], run[1] + 1)), count, (low, high))

    def _at(self, position: int) -> Run:
        if self.taps == 1:
            nearest = min(int(position * self.ratio), self.size - 1)
            return nearest, nearest
        place = max((position + Fraction(1, 2)) * self.ratio - Fraction(1, 2), Fraction(0))
        low = min(int(place), self.size - 1)
        return low, low if place == int(place) else min(low + 1, self.size - 1)


class Adaptive(Record):
    """An adaptive pool's windows: output i of `outputs` reads from floor(i*W/n) up to ceil((i+1)*W/n)."""

    size: int
    outputs: int

    before = 0  # the first window starts at the first pixel

    @property
    def whole(self) -> bool:
        """Whether the one window is the whole axis."""
        return self.outputs == 1

    @property
    def nominal(self) -> bool:
        """Whether the windows are uneven: their size is then that of the largest, their stride the average."""
        return self.size % self.outputs != 0

    @property
    def reach(self) -> int:
        """The size of the largest window."""
        # In lowest terms w/n every remainder of i*w by n occurs, so the longest is ceil((n - 1 + w)/n).
        ratio = Fraction(self.size, self.outputs)
        return -(-(ratio.denominator - 1 + ratio.numerator) // ratio.denominator)

    @property
    def stride(self) -> Number:
        """Pixels from one window to the next, on average."""
        return whole_or_fraction(Fraction(self.size, self.outputs))

    def back(self, run: Run) -> ReadRuns:
        """Neighbouring windows touch or overlap, so a run reads a run."""
        return ReadRuns(((run[0] * self.size // self.outputs, -(-(run[1] + 1) * self.size // self.outputs) - 1),))


Reach: TypeAlias = Taps | Whole | Spread | Resample | Adaptive | Bordered | Past
