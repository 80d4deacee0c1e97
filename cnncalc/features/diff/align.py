"""Two sequences aligned: which item of the one is which of the other, in order.

Equal ends are cut off first. What is left is solved exactly where it is small, for the best sum of likenesses (an
affine alignment: matches in a row are worth more); where it is large, the shortest edit script (Myers 1986) finds
what stayed, and the gaps are solved. All of it is bounded: work on a chain of 100,000 stays near linear.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice, pairwise

#: How alike two items are, by their numbers; None where they cannot be the same.
Likeness = Callable[[int, int], int | None]
#: The most cells of one table, of all tables together, and of a table after that.
CELLS, ALL_CELLS, FEW_CELLS = 400_000, 2_000_000, 400
#: The most edits that a script may have, and the steps spent in the search for scripts.
EDITS, STEPS = 150, 6_000_000
#: What a match is worth more behind another match.
IN_A_ROW = 1
_NEVER = -(1 << 40)

Pairs = list[tuple[int, int]]
#: A stretch of the old and one of the new sequence, and how many edit scripts have been tried on it.
_Stretch = tuple[int, int, int, int, int]


class Aligner:
    """Aligns two sequences of numbers that stand for items; equal numbers are equal items.

    `coarse` are the numbers of what items have in common even where they differ: their kinds.
    """

    def __init__(
        self, old: Sequence[int], new: Sequence[int], coarse: tuple[Sequence[int], Sequence[int]], likeness: Likeness
    ) -> None:
        self.old, self.new, self.coarse = old, new, coarse
        self.likeness = likeness
        self.known: dict[tuple[int, int], int | None] = {}
        self.cells = ALL_CELLS
        self.steps = STEPS

    def pairs(self) -> Pairs:
        """The pairs of indices, rising in both."""
        found: Pairs = []
        work: list[_Stretch] = [(0, len(self.old), 0, len(self.new), 0)]
        while work:
            low, high, new_low, new_high, tried = self._trimmed(work.pop(), found)
            size = (high - low) * (new_high - new_low)
            if size == 0:
                continue
            if size <= (CELLS if self.cells > 0 else FEW_CELLS):
                self.cells -= size
                found += self._table(low, high, new_low, new_high)
            else:
                work += self._split((low, high, new_low, new_high, tried), found)
        return sorted(found)

    def _trimmed(self, stretch: _Stretch, found: Pairs) -> _Stretch:
        """The stretch without equal items at its ends, which are pairs."""
        low, high, new_low, new_high, tried = stretch
        old, new = self.old, self.new
        while low < high and new_low < new_high and old[low] == new[new_low]:
            found.append((low, new_low))
            low, new_low = low + 1, new_low + 1
        while low < high and new_low < new_high and old[high - 1] == new[new_high - 1]:
            high, new_high = high - 1, new_high - 1
            found.append((high, new_high))
        return low, high, new_low, new_high, tried

    def _split(self, stretch: _Stretch, found: Pairs) -> list[_Stretch]:
        """A large stretch as smaller ones: at what an edit script keeps, else at even steps.

        First a short script over all of it is looked for, by items, then by kinds; then by items as far as one goes.
        """
        low, high, new_low, new_high, tried = stretch
        if self.steps <= 0:
            return _even(stretch, CELLS if self.cells > 0 else FEW_CELLS)
        old, new = self.coarse if tried == 1 else (self.old, self.new)
        kept, end, steps = script(old[low:high], new[new_low:new_high], partly=tried > 1)
        self.steps -= steps
        if kept is None:
            return [(low, high, new_low, new_high, tried + 1)]
        work = []
        at, new_at = low, new_low
        for start, new_start, length in [*kept, (*end, 0)]:
            work.append((at, low + start, new_at, new_low + new_start, 2))
            at, new_at = low + start + length, new_low + new_start + length
            found += [(at - step, new_at - step) for step in range(1, length + 1)]
        return [*work, (at, high, new_at, new_high, 2)]

    # --- the best sum of likenesses -----------------------------------------------------------------

    def _alike(self, one: int, other: int) -> int | None:
        key = (one, other)
        if key not in self.known:
            self.known[key] = self.likeness(one, other)
        return self.known[key]

    def _table(self, low: int, high: int, new_low: int, new_high: int) -> Pairs:
        """The pairs of the best alignment of a small stretch.

        Two states a cell, the last two items a match or not; each cell remembers where its states came from.
        """
        columns = self.new[new_low:new_high]
        width = len(columns) + 1
        steps = bytearray(b"\0" + b"\2" * len(columns))  # 1: match from match, 2: gap from the left, 4: match is best
        worths: dict[int, list[int | None]] = {}  # of an old item, how alike each column is
        match, gap, best = [_NEVER] * width, [0] * width, [0] * width
        for item in self.old[low:high]:
            if item not in worths:
                alike = {other: self._alike(item, other) for other in set(columns)}
                worths[item] = [alike[other] for other in columns]
            next_match, next_gap, next_best = [_NEVER] * width, [0] * width, [0] * width
            left, ways = 0, bytearray(width)
            for place, (worth, above) in enumerate(zip(worths[item], islice(best, 1, None), strict=True), 1):
                bits = 0
                if left > above:
                    bits = 2
                else:
                    left = above
                next_gap[place] = left
                if worth is not None:
                    before, apart = match[place - 1] + IN_A_ROW, gap[place - 1]
                    if before >= apart:
                        bits, matched = bits | 1, worth + before
                    else:
                        matched = worth + apart
                    if matched >= left:
                        bits, left = bits | 4, matched
                    next_match[place] = matched
                next_best[place] = left
                ways[place] = bits
            steps += ways
            match, gap, best = next_match, next_gap, next_best
        return [(low + row, new_low + place) for row, place in _traced(steps, high - low, width)]


def _traced(steps: bytearray, row: int, width: int) -> Pairs:
    """The pairs along the best way through a table, the last first."""
    found: Pairs = []
    place = width - 1
    matched = bool(steps[row * width + place] & 4)
    while row and place:
        step = steps[row * width + place]
        if matched:
            row, place = row - 1, place - 1
            found.append((row, place))
            matched = bool(step & 1)
            continue
        if step & 2:
            place -= 1
        else:
            row -= 1
        matched = bool(steps[row * width + place] & 4)
    return found


def _even(stretch: _Stretch, cells: int) -> list[_Stretch]:
    """A stretch, cut at even steps into as many as make tables of about so many cells together."""
    low, high, new_low, new_high, tried = stretch
    size, new_size = high - low, new_high - new_low
    parts = min(max(2, size * new_size // cells + 1), max(size, new_size))
    cuts = [(low + size * place // parts, new_low + new_size * place // parts) for place in range(parts + 1)]
    return [(at, end, new_at, new_end, tried) for (at, new_at), (end, new_end) in pairwise(cuts)]


def script(
    old: Sequence[int], new: Sequence[int], partly: bool = False
) -> tuple[list[tuple[int, int, int]] | None, tuple[int, int], int]:
    """What the shortest edit script keeps, as runs (start, start, length); up to where; and the steps that it took.

    The greedy algorithm of Myers: on every diagonal how far so many edits reach. Where more than EDITS are needed there
    are no runs (None), or with `partly` those of the way that has come furthest.
    """
    reach = {1: 0}
    history: list[dict[int, int]] = []
    steps = 0
    for edits in range(EDITS + 1):
        history.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
            at = reach[diagonal + 1] if down else reach[diagonal - 1] + 1
            steps += 1
            start = at
            while at < len(old) and at - diagonal < len(new) and old[at] == new[at - diagonal]:
                at += 1
            reach[diagonal] = at
            steps += at - start
            if at >= len(old) and at - diagonal >= len(new):
                return _kept(history, edits, at, at - diagonal), (at, at - diagonal), steps
    if not partly:
        return None, (0, 0), steps
    ends = [(at, at - diagonal) for diagonal, at in reach.items() if (diagonal + EDITS) % 2 == 0]
    end = max((end for end in ends if end[0] <= len(old) and end[1] <= len(new)), key=sum)
    return _kept(history, EDITS, *end), end, steps


def _kept(history: list[dict[int, int]], edits: int, at: int, new_at: int) -> list[tuple[int, int, int]]:
    """The diagonal runs of a script, from the reaches at each number of edits."""
    found = []
    for number in range(edits, -1, -1):
        reach, diagonal = history[number], at - new_at
        down = diagonal == -number or (diagonal != number and reach[diagonal - 1] < reach[diagonal + 1])
        before = diagonal + 1 if down else diagonal - 1
        start = 0 if number == 0 else reach[before] + (not down)
        if at > start:
            found.append((start, start - diagonal, at - start))
        at = start if number == 0 else reach[before]
        new_at = at - before
    return found[::-1]


def slid(
    pairs: dict[int, int], gaps: Sequence[tuple[int, int]], items: Sequence[int], cost: Callable[[int], float],
    most: int = 2000,
) -> None:  # fmt: skip
    """Runs of unpaired items, each moved to where it begins and ends best: `cost` is what an edge before an item costs.

    A run can be moved by one where the item that it gains equals the one that it leaves, as in a diff of lines. `pairs`
    (item to its partner) are changed with them; of equal costs the last place is taken.
    """
    for start, end in gaps:
        low = start
        while low > 0 and start - low < most and low - 1 in pairs and items[low - 1] == items[low - 1 + end - start]:
            low -= 1
        high = start
        size = end - start
        while high + size < len(items) and high - start < most and high + size in pairs \
                and items[high] == items[high + size]:  # fmt: skip
            high += 1
        best = min(range(low, high + 1), key=lambda place: (cost(place) + cost(place + size), -place))
        for place in range(start - 1, best - 1, -1):
            pairs[place + size] = pairs.pop(place)
        for place in range(start, best):
            pairs[place] = pairs.pop(place + size)
