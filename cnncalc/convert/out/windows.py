"""Windows: some lines of a series, one behind the other, that may be alike elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...network import Network
from ...records import Record
from .alike import Likeness, Looks
from .items import BlockUse, Cell, Rounds, Series, Start, end, everything
from .rounds import is_chapter
from .units import units


class PlacedSeries(Record):
    """A series of the network or of a block, and the tensor that enters it."""

    items: Series
    entering: int | None
    inside: bool


class Excerpt(Record):
    """Lines of a series that are alike elsewhere: their first item and the one behind the last."""

    series: PlacedSeries
    start: int
    stop: int
    first: int
    last: int

    @property
    def items(self) -> Series:
        return self.series.items[self.start : self.stop]

    @property
    def entering(self) -> int | None:
        return end(self.series.items[: self.start]) if self.start else self.series.entering


def windows(
    network: Network, looks: Looks, rows: Iterable[PlacedSeries], longest: int
) -> Iterator[tuple[tuple[int, ...], Excerpt, int]]:
    """All windows of so many lines at most that can be a block: their structure, and their words."""
    for series in rows:
        cuts = units(network, series.items)
        found = [looks(item) if not is_chapter(item) else None for item in series.items]
        for begin in range(len(cuts)):
            yield from _from(looks, series, cuts[begin : begin + longest], found)


def _from(
    looks: Looks, series: PlacedSeries, cuts: Sequence[tuple[int, int]], found: Sequence[Likeness | None]
) -> Iterator[tuple[tuple[int, ...], Excerpt, int]]:
    """The windows that begin with the first of the lines `cuts`."""
    key, loose = tuple[int, ...](), tuple[int, ...]()
    if isinstance(series.items[cuts[0][0]], Rounds):
        cuts = cuts[:1]  # what is repeated ends a block
    start, words, reach, last, first = cuts[0][0], 0, 0, 0, 0
    for begin, stop in cuts:
        for place in range(begin, stop):
            look = found[place]
            if look is None:
                return
            if place > start:
                reach = max(reach, looks.uses.get(end(series.items[place - 1 : place]) or -1, 0))
            words, reach, last = words + look.words, max(reach, look.reach), max(last, look.last)
            first = min(first or look.first, look.first or first)
            key = (*key, look.structure)
            loose = (*loose, look.loose)
        if reach <= last and first and not _single(series.items[start:stop]):
            yield loose if stop == cuts[0][1] else key, Excerpt(series, start, stop, first, last), words


def _single(items: Series) -> bool:
    """Whether items are one layer, or the use of one block: no block of their own."""
    found = [item for item in items if not isinstance(item, Start)]
    return len(found) < 2 and isinstance(found[0] if found else None, BlockUse | Cell | None)


def places(series: Series, fixed: set[int], count: int) -> tuple[dict[int, int], dict[int, int]]:
    """The place of every layer in the text, from 1, and the last place where it is named."""
    order: dict[int, int] = {}
    uses: dict[int, int] = {}
    waiting: list[int] = []
    for item in everything(series):
        if isinstance(item, Start):
            waiting.append(item.tensor)
        elif not is_chapter(item):
            place = order[item.node] = len(order) + 1  # type: ignore[union-attr]
            for tensor in (*waiting, *getattr(item, "others", ())):
                uses[tensor] = place
            waiting = []
    for tensor in (*waiting, *fixed):
        uses[tensor] = count + 2
    return order, uses
