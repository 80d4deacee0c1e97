"""Equal lines that follow each other as rounds of a repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...network import Network
from .alike import Looks
from .items import Chapter, Item, Join, Rounds, Series, Start, end, inner, with_inner
from .units import units

#: Lines of a round, and of a block.
LONGEST = 16
#: Lines that rounds in a path save at least.
_IN_PATHS = 3


class Rounding:
    """Makes rounds of equal lines. `texts` are those of values in blocks."""

    def __init__(self, network: Network, looks: Looks, texts: Mapping[tuple[int, str], str]) -> None:
        self.network = network
        self.looks = looks
        self.texts = texts

    def __call__(self, series: Series, paths: bool = False, spare: int = 1) -> Series:
        """The series with equal lines that follow each other as rounds, inner ones first, those in `paths` of merges
        only at the end: else two merges that are alike would not look so. `spare` are lines that rounds have to save.
        """
        made = tuple([self._inner(one, paths) for one in series])
        cuts = units(self.network, made)
        keys = [tuple([self._exact(item) for item in made[start:stop]]) for start, stop in cuts]
        found: list[Item] = []
        place = 0
        runs = _runs(keys)
        while place < len(cuts):
            period, rounds = runs[place]
            body = made[cuts[place][0] : cuts[place + period - 1][1]]
            if rounds > 1 and self._worth(body, rounds, period, spare):
                last = end(made[: cuts[place + period * rounds - 1][1]])
                found.append(Rounds(last or 0, rounds, body))
                place += period * rounds
            else:
                found += made[cuts[place][0] : cuts[place][1]]
                place += 1
        return tuple(found)

    def _inner(self, item: Item, paths: bool) -> Item:
        """An item with rounds in it."""
        if isinstance(item, Join):
            return with_inner(item, tuple([self(path, paths, _IN_PATHS) for path in item.paths])) if paths else item
        return with_inner(item, tuple([self(one, paths) for one in inner(item)]))

    def _worth(self, body: Series, rounds: int, period: int, spare: int) -> bool:
        """Whether rounds are shorter than the lines, and can be: what is named in a round is of it."""
        lines = period + sum(isinstance(item, Join) for item in body) * 2
        if any(map(is_chapter, body)):
            return False
        looks = [self.looks(item) for item in body]
        last = max(look.last for look in looks)
        first = min([look.first for look in looks if look.first], default=last)
        ends = [self.looks.uses.get(end((item,)) or -1, 0) for item in body]
        alone = isinstance(body[0], Start) or getattr(body[0], "alone", False)
        named = [self.looks.order.get(tensor, 0) for look in looks for tensor in look.named]
        inner_ones = max([0, *[look.reach for look in looks], *ends[:-1]]) <= last and all(
            one >= first for one in named
        )
        return inner_ones and not alone and ends[-1] <= last and rounds * lines > lines + spare

    def _exact(self, item: Item) -> int:
        """Equal numbers are equal items, in all that they are."""
        if is_chapter(item):
            return self.looks.number(("chapter", id(item)))
        look, order = self.looks(item), self.looks.order
        values = tuple([repr(self.texts.get((slot.node, slot.name), slot.value)) for slot in look.slots])
        named = tuple([order.get(tensor, 0) - look.first for tensor in look.named])
        used = self.looks.uses.get(end((item,)) or -1, 0)
        return self.looks.number(("exact", look.structure, values, named, used and used - look.last))


def is_chapter(item: Item) -> bool:
    """Whether an item is a stage or a head."""
    return isinstance(item, Chapter)


def _runs(keys: Sequence[tuple[int, ...]]) -> list[tuple[int, int]]:
    """At each line the period and the rounds of lines that are equal from there on, those that cover most."""
    best = [(1, 1)] * len(keys)
    for period in range(1, min(LONGEST, len(keys) // 2) + 1):
        run = 0
        for place in range(len(keys) - period - 1, -1, -1):
            run = run + 1 if keys[place] == keys[place + period] else 0
            rounds = run // period + 1
            if rounds > 1 and rounds * period > best[place][0] * best[place][1]:
                best[place] = (period, rounds)
    return best
