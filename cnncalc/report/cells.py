"""The cells of a list of layers, where each is shown on its own line: alike rows are written once.

A network of a million layers has few that differ, so what stands behind a name is looked up, and every line is let
go once it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from .columns import Column, View
from .tree import Unit, unit_item, units

if TYPE_CHECKING:
    from ..analysis import LayerRow

Texts: TypeAlias = list[str]
#: Alike rows that are remembered: where every line differs, memory counts for more than time.
MOST = 10_000
#: Lines of a piece of the output.
PIECE = 1_000


class Cells:
    """Row by row the label, and the texts of the cells behind it, of the layers that `view` lists."""

    def __init__(
        self, layers: Sequence[LayerRow], view: View, columns: Sequence[Column], show: Callable[[Column, object], str]
    ) -> None:
        self.layers = layers
        self.view = view
        self.columns = columns
        self._show = show
        #: The texts of alike rows, by what they have in common.
        self.known: dict[Hashable, Texts] = {}

    @staticmethod
    def fit(view: View, columns: Sequence[Column]) -> bool:
        """Whether only the first cell of a row says which of all alike layers it is."""
        return view.tree() and columns[0].name == "layer" and all(column.alike for column in columns[1:])

    def units(self) -> Iterator[Unit]:
        """The rows, in file order."""
        return units(self.layers, self.view.depth)

    def texts(self, unit: Unit) -> Texts:
        """The texts of the cells behind the label."""
        found = self.known.get(unit[1])
        if found is None:
            item = unit_item(self.layers, self.view.depth, unit)
            found = [self._show(column, column.value(item, self.view.layout)) for column in self.columns[1:]]
            if len(self.known) < MOST:
                self.known[unit[1]] = found
        return found

    def lines(self, joined: Callable[[Texts], str], write: Callable[[str, str], str]) -> Iterator[str]:
        """The lines, in pieces: `write` makes one of a label and of what `joined` makes of the cells behind it."""
        tails: dict[Hashable, str] = {}
        piece: list[str] = []
        for unit in self.units():
            tail = tails.get(unit[1])
            if tail is None:
                tail = joined(self.texts(unit))
                if len(tails) < MOST:
                    tails[unit[1]] = tail
            piece.append(write(unit[0], tail))
            if len(piece) == PIECE:
                yield "".join(piece)
                piece.clear()
        yield "".join(piece)
