"""Cells in aligned columns, and which columns fit a width."""

from __future__ import annotations

from collections.abc import Sequence

from ..records import Record
from .text import clip, width

GAP = "  "
#: How far a text column is cut before columns are left out; the first one holds the names, so it keeps more.
_FLOOR, _FIRST_FLOOR = 12, 24
#: No text column is aligned to more: a name of a megabyte must not make every row as long.
WIDEST = 160


class Field(Record):
    """A column of a grid: its heading, on which side it stands, and whether its text may be cut."""

    heading: str
    right: bool = False
    elastic: bool = False


class Grid:
    """Rows of cells under headings."""

    def __init__(self, fields: Sequence[Field], rows: Sequence[Sequence[str]]) -> None:
        self.fields = fields
        self.rows = rows
        columns = zip(*rows, strict=True) if rows else [()] * len(fields)
        self.widths = []
        for field, cells in zip(fields, columns, strict=True):
            widest = max(map(width, (field.heading, *cells)))
            self.widths.append(min(widest, WIDEST) if field.elastic else widest)

    def lines(self) -> list[str]:
        """Every row on a line of its own, uncut, the headings first."""
        places = range(len(self.fields))
        return [self.line(row, places, "") for row in ([field.heading for field in self.fields], *self.rows)]

    def line(self, cells: Sequence[str], places: Sequence[int], ellipsis: str = "…") -> str:
        """The cells of some columns, aligned, without trailing blanks."""
        return GAP.join([self.cell(cells, place, ellipsis) for place in places]).rstrip()

    def cell(self, cells: Sequence[str], place: int, ellipsis: str = "…") -> str:
        """One cell, as wide as its column; without an ellipsis it is never cut."""
        text, room = cells[place], self.widths[place]
        size = width(text)
        if size > room and ellipsis:
            text = clip(text, room, ellipsis)
            size = width(text)
        blanks = " " * (room - size)
        return blanks + text if self.fields[place].right else text + blanks

    def fit(self, limit: int) -> list[int]:
        """The columns that fit `limit`, text cut where it must be.

        Where that is not enough, text columns are left out, the last one first, then numbers from the right;
        the first column and one more always stay. A number is never cut.
        """
        places = list(range(len(self.fields)))
        text = [place for place in places[1:] if self.fields[place].elastic]
        numbers = [place for place in places[1:] if not self.fields[place].elastic]
        going = numbers + text
        while not self._shrunk(places, limit) and len(places) > 2:
            places.remove(going.pop())
        return places

    def _shrunk(self, places: Sequence[int], limit: int) -> bool:
        """Cuts text columns, the widest first, until the columns fit; whether they do."""
        widths = {place: self.widths[place] for place in places}
        over = sum(widths.values()) + len(GAP) * (len(places) - 1) - limit
        spare = {place: widths[place] - self._floor(place) for place in places if self.fields[place].elastic}
        while over > 0:
            widest = max(spare, key=lambda place: (spare[place] > 0, widths[place]), default=None)
            if widest is None or spare[widest] <= 0:
                return False
            cut = min(spare[widest], max(1, over // len(spare)))
            widths[widest] -= cut
            spare[widest] -= cut
            over -= cut
        for place in places:
            self.widths[place] = widths[place]
        return True

    def _floor(self, place: int) -> int:
        return max(_FLOOR if place else _FIRST_FLOOR, width(self.fields[place].heading))
