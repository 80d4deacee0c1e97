"""The cells of a sheet as texts, in aligned columns, and which columns fit a width."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from ..document.sheets import NAME, Column, Row, Sheet, Value
from ..records import Record
from .text import GAP, MARGIN, Charset, clip, pad, width, wrapped

#: Alike rows that are remembered: where every row differs, memory counts for more than time.
MOST = 10_000
#: The first cell of a row, and those behind it.
Texts: TypeAlias = tuple[str, tuple[str, ...]]
#: Makes the text of a cell.
Write: TypeAlias = Callable[[Column, Value], str]
#: How far a text column is cut before columns are left out; the first one holds the names, so it keeps more.
_FLOOR, _FIRST_FLOOR = 12, 24
#: No text column is aligned to more: a name of a megabyte must not make every row as long.
WIDEST = 160


class Cells:
    """Called with a row, it gives its texts, as `write` makes them of a column and a value.

    The name of a row is set in by `indent` for every level of the tree.
    """

    def __init__(self, columns: Sequence[Column], write: Write, indent: str = "") -> None:
        self._first, *self._others = columns
        self._write = write
        self._indent = indent
        self._name = next((place for place, column in enumerate(columns) if column.sort == NAME), None)
        self._known: dict[tuple[Value, ...], tuple[str, ...]] = {}
        #: The texts of the row above: of equal ones one is kept.
        self._above = ("",) * len(self._others)

    def __call__(self, row: Row) -> Texts:
        """The texts of a row."""
        first, *others = row.cells
        key = tuple(others)
        behind = self._known.get(key)
        if behind is None:
            texts = map(self._write, self._others, key)
            behind = tuple([above if text == above else text for text, above in zip(texts, self._above, strict=True)])
            self._above = behind
            if len(self._known) < MOST:
                self._known[key] = behind
        written = self._write(self._first, first), behind
        return self._set_in(written, row.level) if row.level and self._indent else written

    def _set_in(self, texts: Texts, level: int) -> Texts:
        """The texts with the name as deep as it is in the tree."""
        cells = [texts[0], *texts[1]]
        if self._name is not None:
            cells[self._name] = self._indent * level + cells[self._name]
        return cells[0], tuple(cells[1:])


def written(sheet: Sheet, write: Write, indent: str, mark: str = "{} *", other: str = "{}  ") -> list[Texts]:
    """The rows of a sheet, the least cell of each in the form `mark`, what stands in its columns besides in `other`."""
    rows = list(map(Cells(sheet.columns, write, indent), sheet.rows))
    if not sheet.least:
        return rows
    places = {place for _, place in sheet.least}

    def cell(row: int, place: int, text: str) -> str:
        return (mark if (row, place) in sheet.least else other).format(text) if place in places else text

    return [
        (first, tuple(cell(row, place, text) for place, text in enumerate(behind, 1)))
        for row, (first, behind) in enumerate(rows)
    ]


class Field(Record):
    """A column of a grid: its heading, on which side it stands, and whether its text may be cut."""

    heading: str
    right: bool = False
    elastic: bool = False


class Grid:
    """Rows of texts under headings, in columns that are as wide as what is in them."""

    def __init__(self, fields: Sequence[Field], rows: Sequence[Texts]) -> None:
        self.fields = fields
        self.rows = rows
        distinct = {behind for _, behind in rows}
        self.widths = []
        for place, field in enumerate(fields):
            cells = [behind[place - 1] for behind in distinct] if place else [first for first, _ in rows]
            widest = max(width(field.heading), max(map(width, cells), default=0))
            self.widths.append(min(widest, WIDEST) if field.elastic else widest)

    @property
    def width(self) -> int:
        """The columns that all of it takes."""
        return sum(self.widths) + len(GAP) * (len(self.widths) - 1)

    def lines(self, headed: bool = True) -> Iterator[str]:
        """Every row on a line of its own, uncut, the headings first."""
        places = range(len(self.fields))
        if headed:
            yield self.line(self.heading, places, "")
        for first, behind in self.rows:
            yield self.line((first, *behind), places, "")

    def wrapped(self, room: int) -> Iterator[str]:
        """The headings and every row in `room` columns, the last column broken between words."""
        places = range(len(self.fields))
        indent = sum(self.widths[:-1]) + len(GAP) * (len(self.widths) - 1)
        for *cells, last in (self.heading, *([first, *behind] for first, behind in self.rows)):
            first, *more = wrapped(last, max(room - indent, 1))
            yield self.line([*cells, first], places, "")
            yield from (" " * indent + line for line in more)

    @property
    def heading(self) -> list[str]:
        """The headings, as the cells of a row."""
        return [field.heading for field in self.fields]

    def line(self, cells: Sequence[str], places: Sequence[int], ellipsis: str = "…") -> str:
        """The cells of some columns, aligned, without trailing blanks."""
        return GAP.join([self.cell(cells[place], place, ellipsis) for place in places]).rstrip()

    def cell(self, text: str, place: int, ellipsis: str = "…") -> str:
        """One cell, as wide as its column; without an ellipsis it is never cut."""
        room = self.widths[place]
        return pad(clip(text, room, ellipsis) if ellipsis else text, room, self.fields[place].right)

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


def grid_of(sheet: Sheet, charset: Charset, write: Write, heading: int = 0) -> Grid:
    """The texts of a sheet, the least of each row starred, its headings in `heading` columns at most (0: no limit)."""
    starred = {place for _, place in sheet.least}
    fields = []
    for place, column in enumerate(sheet.columns):
        text = charset(column.heading * sheet.headed)
        text = clip(text, heading, charset("…")) if heading else text
        fields.append(Field(text + "  " * (place in starred), column.right, column.elastic))
    return Grid(fields, written(sheet, write, MARGIN))
