"""Repeats and blocks: what stands several times in a network is written once.

A window is some lines of a series, one behind the other. Windows of equal structure become a block, those first that
save the most words; lines that are equal in all become rounds of a repeat. The work is linear in the layers: windows
have a greatest length, and there are only so many blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ...network import Network
from .alike import Looks
from .generalize import Alike, BlockParameter, Expression, General, Generalizing
from .items import BlockUse, Cell, Item, Join, Rounds, Series, end, everything, inner, with_inner
from .names import Naming
from .rounds import LONGEST, Rounding
from .windows import Excerpt, Found, PlacedSeries, places, windows

#: Windows that are looked at for a block, and for all blocks.
_MOST_WINDOWS, _ALL_WINDOWS = 200_000, 600_000
#: Layers and merges, repeats taken once, of a network in which blocks are looked for: of more nobody reads the text.
_MOST_ITEMS = 12_000
#: Blocks of a network, windows that are tried for the next one, words that it saves at least, its parameters.
_MOST_BLOCKS, _TRIED, _SAVING, _MOST_PARAMETERS = 24, 12, 7, 7
#: Words of a window that is worth a block, at least.
_FEW = 4


class RepeatedBlock:
    """What stands several times: the first of its instances, with texts in the place of values that differ."""

    def __init__(self, number: int, series: Series, entering: int | None) -> None:
        self.number = number
        self.name = ""
        self.series = series
        self.entering = entering
        self.parameters: tuple[BlockParameter, ...] = ()
        #: The names of parameters that are tensors; what tensors of the first instance are called in it.
        self.tensors: tuple[str, ...] = ()
        self.labels: dict[int, str] = {}


class _Candidate:
    """Windows of one structure that do not overlap: how many, and the words of one."""

    __slots__ = ("count", "last", "passages", "words")

    def __init__(self, words: int) -> None:
        self.words = words
        self.count = 0
        self.last = (0, -1)
        self.passages: list[Excerpt] = []

    def follows(self, items: Series, start: int, stop: int) -> bool:
        """Whether a window of a series stands behind the last; then it is the last."""
        if self.last[0] == id(items) and self.last[1] > start:
            return False
        self.last = (id(items), stop)
        return True

    @property
    def saving(self) -> int:
        """The words that a block without parameters would save."""
        return (self.count - 1) * (self.words - 1) - 3


class Folded:
    """A network as series, where `fold` with repeats and blocks. `fixed` are tensors that have a name anyway."""

    def __init__(self, network: Network, series: Series, fixed: set[int], fold: bool = True) -> None:
        self.network = network
        self.series = series
        self.blocks: list[RepeatedBlock] = []
        #: The text of a value in a block, by node and argument; which argument a value of a use is.
        self.texts: dict[tuple[int, str], str] = {}
        self.sorts: dict[tuple[int, str], str] = {}
        self.looks = Looks(network, *places(series, fixed, len(network.nodes)))
        self.naming = Naming(network)
        self._keys = -1
        self._budget = _ALL_WINDOWS
        self._entering = network.inputs[0].position if len(network.inputs) == 1 else None
        self.rounding = Rounding(network, self.looks, self.texts)
        if fold:
            self._fold()

    def _fold(self) -> None:
        """Makes rounds and blocks."""
        self.series = self.rounding(self.series)
        for _ in range(_MOST_BLOCKS):
            if not self._block():
                break
        self.series = self.rounding(self.series, paths=True)
        for block in self.blocks:
            block.series = self.rounding(block.series, paths=True)

    # --- blocks -----------------------------------------------------------------------------------------

    def _all(self) -> Iterator[PlacedSeries]:
        """All series, those of blocks too, an outer one before what is in it."""
        work = [PlacedSeries(self.series, self._entering, False)]
        work += [PlacedSeries(block.series, block.entering, True) for block in self.blocks]
        while work:
            series = work.pop()
            if series.items:
                yield series
            before = series.entering
            for item in series.items:
                inside = series.inside or (
                    isinstance(item, Rounds) and self._channels(before) != self._channels(end(item.series))
                )
                work += [PlacedSeries(part, before, inside) for part in inner(item)]
                before = end((item,))

    def _channels(self, tensor: int | None) -> int | None:
        shape = None if tensor is None else self.network.nodes[tensor].output
        return shape[0] if shape else None

    def _windows(self, longest: int) -> Iterator[tuple[PlacedSeries, Found]]:
        """All windows of all series."""
        for series in self._all():
            for window in windows(self.network, self.looks, series.items, longest):
                self._budget -= 1
                yield series, window

    def _block(self) -> bool:
        """Makes the block that saves most, if one saves enough."""
        total = sum(len(series.items) for series in self._all())
        longest = max(2, min(LONGEST, _MOST_WINDOWS // max(total, 1)))
        if total > _MOST_ITEMS or self._budget < total * longest:
            return False
        best: tuple[int, Callable[[], None]] | None = None
        for candidate in self._candidates(longest):
            if candidate.saving <= (best[0] if best else _SAVING):
                break
            made = self._tried(candidate)
            if made is not None and made[0] > (best[0] if best else _SAVING):
                best = made
        if best is None:
            return False
        best[1]()
        return True

    def _candidates(self, longest: int) -> list[_Candidate]:
        """The structures that may save most, with their windows."""
        found: dict[int, _Candidate] = {}
        for series, (key, start, stop, _, _, words) in self._windows(longest):
            if words >= _FEW:
                candidate = found.get(key)
                if candidate is None:
                    candidate = found[key] = _Candidate(words)
                candidate.count += candidate.follows(series.items, start, stop)
        several = [(key, one) for key, one in found.items() if one.count > 1]
        tried = dict(sorted(several, key=lambda pair: -pair[1].saving)[:_TRIED])
        for candidate in tried.values():
            candidate.last = (0, -1)
        for series, (key, start, stop, first, last, _) in self._windows(longest):
            if key in tried and tried[key].follows(series.items, start, stop):
                tried[key].passages.append(Excerpt(series, start, stop, first, last))
        return list(tried.values())

    def _tried(self, one: _Candidate) -> tuple[int, Callable[[], None]] | None:
        """What a block saves in truth, with its parameters, and what makes it; None where it cannot be."""
        passages = one.passages
        tensors = self._tensors(passages)
        if tensors is None or len(passages) < 2:
            return None
        parts = [
            Alike(tuple([slot for item in window.items for slot in self.looks(item).slots]), window.entering,
                  window.series.inside)
            for window in passages
        ]  # fmt: skip
        general = Generalizing(self.network, self.texts, self.sorts)(parts)
        if general is None or len(general.parameters) > _MOST_PARAMETERS:
            return None
        count = len(general.parameters)
        given = sum(_words(values, general, len(tensors)) for values in general.values)
        saving = len(passages) * one.words - given - one.words - 2 - count
        return saving, lambda: self._make(passages, general, tensors)

    def _tensors(self, windows: Sequence[Excerpt]) -> list[int] | None:
        """The places, among the tensors named in windows that are alike, of those from elsewhere; None where they are
        not alike in that.
        """
        order = self.looks.order
        rows = []
        for window in windows:
            named = [tensor for item in window.items for tensor in self.looks(item).named]
            rows.append([
                order.get(tensor, 0) - window.first if window.first <= order.get(tensor, 0) <= window.last
                else "entering" if tensor == window.entering else None
                for tensor in named
            ])  # fmt: skip
        if any(row != rows[0] for row in rows):
            return None
        return [place for place, one in enumerate(rows[0]) if one is None]

    def _make(self, windows: Sequence[Excerpt], general: General, tensors: Sequence[int]) -> None:
        """Makes a block of windows, and uses of it in their place."""
        first = windows[0]
        block = RepeatedBlock(len(self.blocks), first.items, first.entering)
        sorts = [parameter.name for parameter in general.parameters]
        names = self.naming.parameters([parameter.slot for parameter in general.parameters], sorts, first.items)
        block.name = self.naming.block([window.items for window in windows], self.looks)
        block.parameters = tuple(
            [parameter._replace(name=name) for parameter, name in zip(general.parameters, names, strict=True)]
        )
        own = self._named(first, tensors)
        block.tensors = self.naming.tensors(own, names)
        block.labels = dict(zip(own, block.tensors, strict=True))
        if first.entering is not None:
            block.labels.setdefault(first.entering, "input")
        uses: dict[int, tuple[BlockUse, int]] = {}
        for window, values in zip(windows, general.values, strict=True):
            use = self._use(block, window, values, sorts, tensors)
            uses[id(window.items[0])] = (use, window.stop - window.start)
        self._replace(uses)
        self.texts.update({slot: text.format(*names) for slot, text in general.texts.items()})
        self.blocks.append(block)
        self.series = self.rounding(self.series)
        for one in self.blocks:
            one.series = self.rounding(one.series)

    def _named(self, window: Excerpt, tensors: Sequence[int]) -> list[int]:
        """The tensors from elsewhere that a window names, by their places among all that it names."""
        named = [tensor for item in window.items for tensor in self.looks(item).named]
        return list(dict.fromkeys(named[place] for place in tensors))

    def _use(
        self, block: RepeatedBlock, window: Excerpt, values: tuple[Any, ...], sorts: Sequence[str],
        tensors: Sequence[int],
    ) -> BlockUse:  # fmt: skip
        """The use of a block in the place of a window."""
        self._keys -= 1
        key, entering = self._keys, -1 if window.entering is None else window.entering
        for place, value in enumerate(values):
            self.sorts[key, str(place)] = sorts[place]
            if isinstance(value, Expression):
                self.texts[key, str(place)] = str(value)
        layers = (item for item in everything(window.items) if isinstance(item, Cell | Join | BlockUse))
        found = [item.first if isinstance(item, BlockUse) else item.node for item in layers]
        first = min(found, key=lambda node: self.looks.order[node])
        given = tuple(self._named(window, tensors))
        defaults = [parameter.default for parameter in block.parameters]
        words = 1 + len(given) + _said(values, defaults)
        return BlockUse(end(window.items) or 0, block.number, values, given, entering, first, key, words)

    def _replace(self, uses: dict[int, tuple[BlockUse, int]]) -> None:
        """Puts uses in the place of what begins with these items."""

        def replaced(series: Series) -> Series:
            made: list[Item] = []
            place = 0
            while place < len(series):
                use, length = uses.get(id(series[place]), (None, 1))
                item = series[place]
                made.append(with_inner(item, tuple(map(replaced, inner(item)))) if use is None else use)
                place += length
            return tuple(made)

        self.series = replaced(self.series)
        for block in self.blocks:
            block.series = replaced(block.series)


def _words(values: Sequence[Any], general: General, tensors: int) -> int:
    """The words of a use of a block."""
    return 1 + tensors + _said(values, [parameter.default for parameter in general.parameters])


def _said(values: Sequence[Any], defaults: Sequence[Any]) -> int:
    """How many values are said, for they are not the default."""
    return sum(default is None or value != default for value, default in zip(values, defaults, strict=True))
