"""The cells of a list of layers, where each is shown on its own line: alike rows are written once.

A network of a million layers has few that differ, so what stands behind a name is looked up, and every line is let
go once it is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from ..document.columns import Column, View
from ..document.tree import Unit, unit_item, units
from .text import narrow, width

if TYPE_CHECKING:
    from ..measure import LayerRow

Texts: TypeAlias = list[str]
#: Alike rows that are remembered: where every line differs, memory counts for more than time.
MOST = 10_000
#: Lines of a piece of the output.
PIECE = 1_000


class Cells:
    """Row by row the label, and the texts of the cells behind it, of the layers that `view` lists."""

    def __init__(
        self, layers: Sequence[LayerRow], view: View, columns: Sequence[Column],
        show: Callable[[Column, object], str], fit: Callable[[str], str] = str,
    ) -> None:  # fmt: skip
        self.layers = layers
        self.view = view
        self.columns = columns
        self._show = show
        self._eachs = [(column, column.each) for column in columns[1:] if column.each is not None]
        #: Makes what a cell holds fit the output; what it leaves as it is need not be shown to it.
        self._fit = fit
        self._fits = fit("×") == "×"
        self._known: dict[Hashable, Texts] = {}
        #: The texts of the rows that were measured and are not known, in their order.
        self._measured: deque[str | bytes] = deque()

    @staticmethod
    def fit(view: View, columns: Sequence[Column]) -> bool:
        """Whether only the first cell of a row says which of all alike layers it is."""
        return view.tree() and columns[0].name == "layer" and all(column.each for column in columns[1:])

    def measure(self) -> list[int]:
        """How wide each column is, its heading included."""
        first, *others = self.columns
        room, widths = len(first.heading), [width(column.heading) for column in others]
        known = self._known
        for unit in units(self.layers, self.view.depth):
            if len(unit[0]) > room:  # noqa: PLR1730 -- a call for each of a million rows
                room = len(unit[0])
            if unit[1] in known:
                continue
            texts = self._worked_out(unit)
            row = "\0".join(texts)
            narrow_row = narrow(row)
            widths = list(map(max, widths, map(len if narrow_row else width, texts)))
            if unit[1] not in known:
                self._measured.append(row.encode("latin-1") if narrow_row else row)  # bytes take less room
        return [room, *widths]

    def _worked_out(self, unit: Unit) -> Texts:
        """The texts of the cells behind the label; those of the first rows that differ are kept."""
        layout, depth = self.view.layout, self.view.depth
        first = self.layers[unit[2]]
        if depth is None or len(first.steps) < depth:
            found = [self._show(column, each(first, layout)) for column, each in self._eachs]
        else:
            item = unit_item(self.layers, depth, unit)
            found = [self._show(column, column.value(item, layout)) for column in self.columns[1:]]
        row = "".join(found)
        if not (self._fits and narrow(row) and row.isprintable()):
            found = list(map(self._fit, found))
        if len(self._known) < MOST:
            self._known[unit[1]] = found
        return found

    def _texts(self, unit: Unit) -> Texts:
        """The texts of the cells behind the label, once more where they were measured."""
        found = self._known.get(unit[1])
        if found is not None:
            return found
        if not self._measured:
            return self._worked_out(unit)
        row = self._measured.popleft()
        return (row if isinstance(row, str) else row.decode("latin-1")).split("\0")

    def lines(self, joined: Callable[[Texts], str], write: Callable[[str, str], str]) -> Iterator[str]:
        """The lines, in pieces: `write` makes one of a label and of what `joined` makes of the cells behind it."""
        tails: dict[Hashable, str] = {}
        piece: list[str] = []
        for unit in units(self.layers, self.view.depth):
            tail = tails.get(unit[1])
            if tail is None:
                tail = joined(self._texts(unit))
                if len(tails) < MOST:
                    tails[unit[1]] = tail
            piece.append(write(unit[0], tail))
            if len(piece) == PIECE:
                yield "".join(piece)
                piece.clear()
        yield "".join(piece)
