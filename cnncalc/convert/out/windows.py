"""Windows: some lines of a series, one behind the other, that may be alike elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from ...network import Network
from ...records import Record
from .alike import Likeness, Looks
from .items import BlockUse, Cell, Item, Rounds, Series, Start, end, everything
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


#: A window as it is found: its structure, its first item and the one behind the last, its places, and its words.
Found: TypeAlias = tuple[int, int, int, int, int, int]


def windows(network: Network, looks: Looks, series: Series, longest: int) -> Iterator[Found]:
    """All windows of a series, of so many lines at most, that can be a block."""
    cuts = units(network, series)
    likenesses = [looks(item) if not is_chapter(item) else None for item in series]
    uses = [looks.uses.get(end((item,)) or -1, 0) for item in series]
    for begin, (start, _) in enumerate(cuts):
        if start and not isinstance(series[start], Start) and _several(network, series[start - 1]):
            continue  # a use of a block takes what runs on, and of several results none does
        yield from _from(series, cuts[begin : begin + longest], likenesses, uses)


def _from(
    series: Series, cuts: Sequence[tuple[int, int]], found: Sequence[Likeness | None], uses: Sequence[int]
) -> Iterator[Found]:
    """The windows that begin with the first of the lines `cuts`."""
    key, loose = 0, 1
    if isinstance(series[cuts[0][0]], Rounds):
        cuts = cuts[:1]  # what is repeated ends a block
    start, words, reach, last, first = cuts[0][0], 0, 0, 0, 0
    single = _single(series[start : cuts[0][1]])
    for begin, stop in cuts:
        for place in range(begin, stop):
            look = found[place]
            if look is None:
                return
            if place > start and uses[place - 1] > reach:
                reach = uses[place - 1]
            words += look.words
            reach, last = max(reach, look.reach), max(last, look.last)
            first = min(first or look.first, look.first or first)
            key, loose = hash((key, look.structure)), hash((loose, look.loose))
        if reach <= last and first and not single:
            yield (loose if stop == cuts[0][1] else key, start, stop, first, last, words)
        single = False


def _several(network: Network, item: Item) -> bool:
    """Whether an item is a layer with several results."""
    layer = network.nodes[item.node].layer if isinstance(item, Cell) else None
    return layer is not None and layer.several


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
