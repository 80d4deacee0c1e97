"""A sheet as a table on a terminal, and how it gives way where its columns are too wide for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from ..document import sheets
from ..document.parts import SCREEN
from ..document.sheets import COUNT, FAINT, NUMBER, OF_STATUS, PLAIN, STATUS, STRONG, Bar, Column, Row, Sheet, Value
from .grid import Grid, grid_of
from .text import GAP, MARGIN, Charset, pad, width, wrapped

#: A line is a list of pieces: a text and the style that rich draws it in ("" for none).
Line: TypeAlias = list[tuple[str, str]]
#: The style of each tone.
STYLES = {
    PLAIN: "", STRONG: "bold", FAINT: "dim", sheets.ALARM: "red", sheets.ADDED: "green", sheets.REMOVED: "red",
    sheets.CHANGED: "yellow", sheets.MOVED: "cyan",
}  # fmt: skip
#: The styles of the two parts of a bar.
_BARS = ("cyan", "yellow")
#: The fewest columns that a bar is worth, and the most that it takes.
_LEAST_BAR, _MOST_BAR = 10, 40
#: A heading is cut to so much where columns have to share the terminal.
_HEADING = 26
#: A name has so much room before its text; a longer one has a line of its own.
_NAME = 14
#: No text is wrapped to less.
_LEAST_TEXT = 12
#: A column of sentences is no narrower.
_LEAST_WRAPPED = 30


class Table:
    """A sheet in `room` columns (0: no limit)."""

    def __init__(self, sheet: Sheet, charset: Charset, room: int) -> None:
        self.rows = list(sheet.rows)
        self.sheet = sheet._replace(rows=self.rows)
        self.columns = sheet.columns
        self.charset = charset
        self.room = room
        self.margin = MARGIN if SCREEN in sheet.inset else ""
        self.ellipsis = charset("…") if room else ""
        #: Notes on what is shown, and what is not.
        self._more: list[str] = []

    def lines(self) -> Iterator[Line]:
        """The table, its headings first, and the notes on it."""
        ways = {
            sheets.CUT: self._cut, sheets.DROP: self._drop, sheets.SPLIT: self._split, sheets.WRAP: self._wrap,
            sheets.BELOW: self._below, sheets.SINK: self._sink, sheets.STACK: self._stack, sheets.SAY: self._say,
        }  # fmt: skip
        yield from ways[self.sheet.narrow]()
        margin = self.margin if self.sheet.notes_inset else ""
        for note in (*self.sheet.notes, *self._more):
            yield from sentence(self.charset(note), self.room, "dim", margin)

    # --- ways to fit ---

    def _cut(self) -> Iterator[Line]:
        """Texts briefer or cut where they must be, then fewer columns."""
        grid = self._grid()
        places = self._fitting(grid)
        if any(self._cuts(grid, place) for place, column in enumerate(self.columns) if column.brief):
            grid = self._grid(brief=True)
            places = self._fitting(grid)
        yield from self._drawn(grid, places)
        missing = [column.name for place, column in enumerate(self.columns) if place not in places]
        if missing:
            self._more.append(f"left out to fit {self.room} columns: {', '.join(missing)}")

    def _fitting(self, grid: Grid) -> list[int]:
        return grid.fit(self.room - len(self.margin)) if self.room else list(range(len(grid.fields)))

    def _cuts(self, grid: Grid, place: int) -> bool:
        """Whether there is no room for a text; of one that stands for several no more than the start is promised."""
        texts = (behind[place - 1] if place else first for first, behind in grid.rows)
        return any(
            width(text) > grid.widths[place] for text, row in zip(texts, self.rows, strict=True) if not row.group
        )

    def _drop(self) -> Iterator[Line]:
        """Exact numbers and bars if possible, else fewer columns, then shortened numbers, then no bars."""
        spare, last = tuple(self.sheet.spare), tuple(self.sheet.last)
        for least, order in ((_LEAST_BAR, spare), (0, spare + last)):
            for brief in (False, True):
                grid = self._grid(brief)
                for dropped in range(len(order) + 1):
                    places = [place for place in range(len(self.columns)) if place not in order[:dropped]]
                    free = self.room - self._taken(grid, places) if self.room else _MOST_BAR + len(GAP)
                    if free >= least + len(GAP) * bool(least):
                        return self._drawn(grid, places, min(_MOST_BAR, free - len(GAP)) if least else 0)
        return self._drawn(grid, self._fitting(grid))

    def _taken(self, grid: Grid, places: Sequence[int]) -> int:
        return len(self.margin) + sum(grid.widths[place] for place in places) + len(GAP) * (len(places) - 1)

    def _split(self) -> Iterator[Line]:
        """The columns between the first and the last in lots below each other, the first one beside each of them."""
        grid = self._grid()
        last = len(self.columns) - 1
        if self.room and self._taken(grid, range(last + 1)) > self.room:
            grid = self._grid(heading=_HEADING)
        step = self.sheet.together
        lots: list[list[int]] = [[0]]
        for start in range(1, last, step):
            more = list(range(start, start + step))
            if self.room and len(lots[-1]) > 1 and self._taken(grid, [*lots[-1], *more]) > self.room:
                lots.append([0])
            lots[-1] += more
        if not self.room or self._taken(grid, [*lots[-1], last]) <= self.room:
            lots[-1].append(last)
        for number, places in enumerate(lots):
            yield from [[]] if number else []
            yield from self._drawn(grid, places)

    def _wrap(self) -> Iterator[Line]:
        """The last column broken between words."""
        grid = self._grid()
        lines = grid.wrapped(self.room - len(self.margin)) if self.room else grid.lines()
        for number, line in enumerate(lines):
            yield [(self.margin + line, "" if number else "dim")]

    def _sink(self) -> Iterator[Line]:
        """The last column broken between words, or below the others where it would be but a few words wide."""
        grid = self._grid()
        left = self.room - self._taken(grid, range(len(self.columns) - 1)) - len(GAP)
        return self._below() if self.room and left < min(grid.widths[-1], _LEAST_WRAPPED) else self._wrap()

    def _below(self) -> Iterator[Line]:
        """Where they do not fit, the last columns below the others: the last as it is, one before it by its heading."""
        grid = self._grid()
        shown = len(self.columns)
        while shown > 2 and self.room and sum(grid.widths[:shown]) + len(GAP) * shown > self.room:
            shown -= 1
        indent = grid.widths[0] + len(GAP)
        yield [(grid.line(grid.heading, range(shown)), "dim")]
        for first, behind in grid.rows:
            second, *more = wrapped(behind[0], self.room - indent) if self.room and shown == 2 else [behind[0]]
            yield [(grid.line([first, second, *behind[1:]], range(shown)), "")]
            rest = self._in_words(behind, shown)
            for line in more + (wrapped(rest, self.room - indent, MARGIN) if rest else []):
                yield [(" " * indent + line, "")]

    def _stack(self) -> Iterator[Line]:
        """Where they do not fit, the shapes and numbers of a row below its text."""
        grid = self._grid()
        if not self.room or len(self.margin) + grid.width <= self.room:
            yield from self._drawn(grid, range(len(self.columns)))
            return
        for row, (first, behind) in zip(self.rows, grid.rows, strict=True):
            style = STYLES[PLAIN if row.tone in OF_STATUS else row.tone]
            for status, text in stacked(self.sheet, row, (first, *behind), grid, self.room - len(self.margin)):
                yield stripped([(self.margin, ""), (status, STYLES[row.tone]), (GAP + text, style)])

    def _say(self) -> Iterator[Line]:
        """Where they do not fit, a sentence a row."""
        grid = self._grid()
        if not self.room or len(self.margin) + grid.width <= self.room:
            yield from self._drawn(grid, range(len(self.columns)))
            return
        for row, text in zip(self.rows, self.sheet.sentences, strict=True):
            yield from sentence(self.charset(text), self.room, STYLES[row.tone], self.margin)

    def _in_words(self, behind: Sequence[str], shown: int) -> str:
        named = [
            f"{self.columns[place].heading.capitalize()}: {behind[place - 1]}."
            for place in range(shown, len(self.columns) - 1) if behind[place - 1]
        ]  # fmt: skip
        return " ".join([*behind[-1:], *named]) if shown < len(self.columns) else ""

    # --- how it is drawn ---

    def _grid(self, brief: bool = False, heading: int = 0) -> Grid:
        """The texts of the sheet, its headings in `heading` columns at most; `brief`: values in short."""

        def cell(column: Column, value: Value) -> str:
            short = column.brief if brief and value not in (None, "") else None
            return self.charset(short(value) if short else column.dotted(value))

        return grid_of(self.sheet, self.charset, cell, heading)

    def _drawn(self, grid: Grid, places: Sequence[int], bar: int = 0) -> Iterator[Line]:
        """The headings and the rows, with bars of at most `bar` columns behind them."""
        if self.sheet.headed:
            heads = (grid.cell(grid.fields[place].heading, place, self.ellipsis) for place in places)
            yield [((self.margin + GAP.join(heads)).rstrip(), "dim")]
        longest = max((one.first + one.second for one in self.sheet.bars if one), default=0)
        for number, (row, (first, behind)) in enumerate(zip(self.rows, grid.rows, strict=True)):
            cells = (first, *behind)
            line: Line = [(self.margin, "")]
            for place in places:
                line += [(grid.cell(cells[place], place, self.ellipsis), self._style(number, row, place)), (GAP, "")]
            one = self.sheet.bars[number] if bar else None
            if one and longest > 0:
                line += self._bar(one, bar / longest)
            yield stripped(line)
        if bar and longest > 0:
            self._more.append(self.sheet.legend.format(*self._marks()))

    def _style(self, number: int, row: Row, place: int) -> str:
        """The row's own; of counts dim for none, bold for a tenth of the total or more, red for what is unknown."""
        column, value = self.columns[place], row.cells[place]
        if (number, place) in self.sheet.least:
            return STYLES[STRONG]
        if row.tone in OF_STATUS and column.sort != STATUS:
            return ""
        if row.tone or column.sort != COUNT or value == "":
            return STYLES[row.tone]
        if value is None:
            return "red"
        total = self.sheet.totals.get(column.name)
        return "dim" if value == 0 else "bold" if total and value * 10 >= total else ""

    def _bar(self, bar: Bar, scale: float) -> Line:
        """The two parts: on a log scale their lengths add up as the factors multiply."""
        whole = max(0, round((bar.first + bar.second) * scale))
        first = min(whole, max(0, round(bar.first * scale)))
        marks = self._marks()
        return [(marks[0] * first, _BARS[0]), (marks[1] * (whole - first), _BARS[1])]

    def _marks(self) -> tuple[str, str]:
        """Two characters that can be told apart without colour."""
        return ("█", "▒") if self.charset("█▒") == "█▒" else ("#", "=")


def sentence(text: str, room: int, style: str = "", margin: str = "") -> Iterator[Line]:
    """A sentence, broken between words where it does not fit."""
    for line in wrapped(text, room, margin, whole=False):
        yield [(line, style)]


def stripped(line: Line) -> Line:
    """The line without the blanks at its end."""
    while line and not line[-1][0].strip():
        line.pop()
    return [*line[:-1], *((text.rstrip(), style) for text, style in line[-1:])]


def stacked(sheet: Sheet, row: Row, cells: Sequence[str], grid: Grid, room: int) -> Iterator[tuple[str, str]]:
    """The lines of a row: its status or none, and behind it its name, its text, and below that its shape and numbers.

    `cells` are the texts of the row, in the columns of `grid`: a status, a name, a text, a shape, numbers.
    """
    status, name, text, shape, *_ = cells
    indent = min(grid.widths[1], _NAME, max(room // 4, 8)) + len(GAP)
    free = max(room - grid.widths[0] - len(GAP) - indent, _LEAST_TEXT)
    behind = [
        *wrapped(text, free, whole=False, least=_LEAST_TEXT),
        *_below(shape, _numbers(sheet.columns, row, cells), free),
    ]
    lines = [" " * indent + line for line in behind]
    if width(name) + len(GAP) > indent:
        lines.insert(0, name)
    else:
        lines[0] = pad(name, indent) + behind[0]
    yield pad(status, grid.widths[0]), lines[0].rstrip()
    yield from ((" " * grid.widths[0], line.rstrip()) for line in lines[1:])


def _numbers(columns: Sequence[Column], row: Row, cells: Sequence[str]) -> str:
    """The numbers with their headings as units; zeros are no news."""
    numbers = zip(columns, row.cells, cells, strict=True)
    return GAP.join(
        f"{text} {column.heading}" for column, value, text in numbers if column.sort == NUMBER and value != 0
    )


def _below(shape: str, numbers: str, free: int) -> list[str]:
    """The shape, and at the end of its line the numbers, where there is room for both."""
    if width(shape) + len(GAP) + width(numbers) <= free:
        return [shape + numbers.rjust(free - width(shape)) if numbers else shape]
    return [line for text in (shape, numbers) for line in wrapped(text, free, whole=False, least=_LEAST_TEXT)]
