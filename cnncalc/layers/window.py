"""The one window formula, on integers, for convolutions and pools alike."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ..records import Record, make
from ..values import Pair, Shape, Size, largest, times
from .arguments import LayerError
from .base import per_axis
from .reach import Taps
from .result import Remark

AXIS_NAMES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def axis_names(rank: int) -> tuple[str, ...]:
    """What the axes of so many are called, those of more than windows move along by their numbers."""
    return AXIS_NAMES.get(rank) or tuple(f"axis {number}" for number in range(1, rank + 1))


_LINES = {"length": "sample", "height": "row", "width": "column", "depth": "slice"}


class Window(Record):
    """How windows lie along one axis: all that size and receptive field need."""

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int
    output: int
    ceil: bool = False

    @property
    def reach(self) -> int:
        """Pixels from the first to the last tap of one window, both included: d(F-1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def step(self) -> Taps:
        """What one output reads."""
        return Taps(self.size, self.kernel, self.stride, self.before, self.dilation)

    @property
    def unread(self) -> int:
        """Trailing pixels of the input that no window reads, beyond the regular gap between windows."""
        reach = self.reach
        end = (self.output - 1) * self.stride + reach - self.before
        left = self.size - end
        return left if left > max(0, self.stride - reach) else 0

    @property
    def left_out(self) -> bool:
        """Whether a last window of those that are rounded up to is none, since it would start past the input."""
        room = self.size - self.reach + self.before + self.after
        return self.ceil and self.output == -(-room // self.stride)

    @property
    def blind(self) -> bool:
        """Whether an output may read padding only: its window lies off the input, or its taps straddle it."""
        last = (self.output - 1) * self.stride - self.before
        return self.before >= self.reach or last >= self.size or self.size < min(self.dilation, self.reach)

    @property
    def connections(self) -> int:
        """Pairs of output and input pixel that a tap joins: taps that fall on padding join nothing."""
        return self._reads_below(self.size) - self._reads_below(0)

    def _reads_below(self, pixel: int) -> int:
        """How many (output i, tap t) read a pixel S*i + d*t - before under `pixel`, padding included."""
        limit = pixel + self.before - 1
        if limit < 0:
            return 0
        # Taps up to `every` read below the limit at all outputs, those past `last` at none.
        every = min(self.kernel - 1, (limit - self.stride * (self.output - 1)) // self.dilation)
        every = max(every, -1)
        last = min(self.kernel - 1, limit // self.dilation)
        count = last - every
        if count <= 0:
            return (every + 1) * self.output
        some = floor_sum(count, self.stride, self.dilation, limit - self.dilation * last)
        return (every + 1) * self.output + some + count

    def formula(self, *, spaced: bool) -> str:
        """The formula with its figures, without its result; `spaced` for sentences, else for a column. The window that
        is left out where it would start past the input is taken off: ``ceil(4/5) + 1 - 1``.
        """
        pads = f"2*{self.before}" if self.before == self.after else f"{self.before} + {self.after}"
        taps = f"{self.kernel}" if self.dilation == 1 else f"{self.dilation}*({self.kernel} - 1) - 1"
        inner = f"({self.size} - {taps} + {pads})/{self.stride}"
        if spaced:
            return f"{'ceil' if self.ceil else 'floor'}({inner}) + 1{' - 1' * self.left_out}"
        if self.before == self.after == 0:
            inner = f"({self.size} - {taps})/{self.stride}"
        if (self.size - self.reach + self.before + self.after) % self.stride:
            inner = f"{'ceil' if self.ceil else 'floor'}({inner})"
        return f"{inner}+1{'-1' * self.left_out}".replace(" ", "")


def floor_sum(count: int, modulus: int, step: int, offset: int) -> int:
    """The sum of (step*i + offset) // modulus for i below `count`, in logarithmic time (Euclid's algorithm)."""
    total = 0
    while True:
        total += step // modulus * (count * (count - 1) // 2) + offset // modulus * count
        step, offset = step % modulus, offset % modulus
        top = step * count + offset
        if top < modulus:
            return total
        count, modulus, step, offset = top // modulus, step, modulus, top % modulus


def output_size(size: int, kernel: int, stride: int, dilation: int, pads: int, ceil: bool, before: int) -> int:
    """floor((W - d(F-1) - 1 + P)/S) + 1; with `ceil` rounded up, without a window past the input and leading pad.

    The rule of torch's ``pooling_output_shape``; under 1 where no window fits.
    """
    room = size - dilation * (kernel - 1) - 1 + pads
    if not ceil:
        return room // stride + 1
    count = -(-room // stride) + 1
    return count - 1 if (count - 1) * stride >= size + before else count


def pad_pairs(pad: Any, shape: Shape) -> tuple[tuple[int, int], ...]:
    """(before, after) of every spatial axis, for a `pad` of numbers or pairs. Raises LayerError."""
    items = per_axis(pad, shape, "pad")
    return tuple([(item.before, item.after) if isinstance(item, Pair) else (item, item) for item in items])


def is_uneven(pad: Any) -> bool:
    """Whether `pad` is one that PyTorch's modules do not take: a word, or sides that differ."""
    items = pad if isinstance(pad, Size) else (pad,)
    return any(isinstance(item, str) or (isinstance(item, Pair) and item.before != item.after) for item in items)


#: The types of sizes whose windows are remembered.
_REMEMBERED = frozenset((int, Size, type(None)))


def windows(shape: Shape, kernel: Any, stride: Any, dilation: Any, pad: Any, ceil: bool = False) -> tuple[Window, ...]:
    """The windows along every spatial axis of `shape`. Raises LayerError where one does not fit."""
    space = (0, *shape[1:])
    if not _REMEMBERED.issuperset(map(type, (*space, kernel, stride))):  # of many variants: that is worked out once
        return _fitting(shape, kernel, stride, dilation, pad, ceil)
    return _windows(space, kernel, stride, dilation, pad, ceil) or _fitting(shape, kernel, stride, dilation, pad, ceil)


@lru_cache(4096, typed=True)  # a pair and a size of two numbers are equal, and not the same
def _windows(space: Shape, kernel: Any, stride: Any, dilation: Any, pad: Any, ceil: bool) -> tuple[Window, ...]:
    """The windows on an input of these sizes, whatever its channels; none where they do not fit."""
    try:
        return _fitting(space, kernel, stride, dilation, pad, ceil)
    except LayerError:
        return ()


def _fitting(shape: Shape, kernel: Any, stride: Any, dilation: Any, pad: Any, ceil: bool) -> tuple[Window, ...]:
    """The windows, worked out. Raises LayerError where one does not fit."""
    if len(shape) - 1 > len(AXIS_NAMES):
        raise LayerError(("a window moves along at most 3 axes; the input ", shape, f" has {len(shape) - 1}"))
    axes = zip(
        shape[1:], per_axis(kernel, shape, "kernel"), per_axis(stride, shape, "stride"),
        per_axis(dilation, shape, "dilation"), strict=True,
    )  # fmt: skip
    if pad == "causal" and len(shape) != 2:
        raise LayerError(
            ("pad=causal is for one axis, time; the input ", shape, f" has {len(shape) - 1}"), "pad",
            "write the sides out: for example 'pad=2:0x1:1'",
        )  # fmt: skip
    word = pad if isinstance(pad, str) else ""
    pairs = pad_pairs(0 if word else pad, shape)
    found = tuple([_along(axis, sides, word, ceil) for axis, sides in zip(axes, pairs, strict=True)])
    if any(window.output < 1 for window in found):
        raise _no_fit(found)
    return found


def _along(axis: tuple[int, int, int, int], sides: tuple[int, int], word: str, ceil: bool) -> Window:
    """The windows along an axis of (size, kernel, stride, dilation); `word` is a pad of "same" or "causal"."""
    size, taps, step, spread = axis
    before, after = sides
    if word:
        total = spread * (taps - 1)
        if word == "same":
            total = largest((-(-size // step) - 1) * step + total + 1 - size, 0)
        before, after = (total, 0) if word == "causal" else (total // 2, total - total // 2)
    count = output_size(size, taps, step, spread, before + after, ceil, before)
    return make(Window, (*axis, before, after, count, ceil))


def _no_fit(found: tuple[Window, ...]) -> LayerError:
    """The error for windows larger than their padded input."""
    wrong = next(one for one in found if one.output < 1)
    kernel, size = times(one.kernel for one in found), times(one.size for one in found)
    reach = times(one.reach for one in found)
    spread = f" ({reach} at dilation {times(dict.fromkeys(one.dilation for one in found))})" if reach != kernel else ""
    if len(found) == 1:
        window, place = f"the window of {kernel}{spread}", f"its input of {size}"
    else:
        window, place = f"the {kernel} window{spread}", f"its {size} input"
    least = max(one.reach - one.before - one.after for one in found)
    needed = max(-(-(one.reach - one.size) // 2) for one in found)
    # PyTorch's pools take no more than half the kernel, those over volumes none where the input is that small.
    pad = f", or pad={needed}" if len(found) < 3 and all(needed <= one.kernel // 2 for one in found) else ""
    return LayerError(
        f"{window} does not fit {place}: {wrong.formula(spaced=True)} = {wrong.output}", "kernel",
        f"it needs an input of at least {max(least, 1)}{pad}", code="window-too-large",
    )  # fmt: skip


@lru_cache(4096)
def unread_note(found: tuple[Window, ...], kind: str) -> tuple[Remark, ...]:
    """The note on trailing rows and columns (counted from 0) that no window reads; empty where all are read."""
    parts = []
    for name, one in zip(AXIS_NAMES[len(found)], found, strict=True):
        if one.unread:
            line = _LINES[name]
            first, last = one.size - one.unread, one.size - 1
            parts.append(f"{line} {last}" if first == last else f"{line}s {first} to {last}")
    if not parts:
        return ()
    one = next(window for window in found if window.unread)
    seen = " and ".join(parts)
    plural = "are" if len(parts) > 1 or "to" in parts[0].split() else "is"
    figures = f"({one.size} - {one.reach} + {one.before + one.after})/{one.stride}"
    message = f"{seen} {plural} never read by {kind}: {figures} is no whole number"
    return (Remark("note", "unread-input", message),)
