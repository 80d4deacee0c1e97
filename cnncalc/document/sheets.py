"""Tables as data: columns that are declared once, and rows of exact values; how a cell reads is the column's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..records import Record
from .figures import UNKNOWN

#: What a cell holds: None where it is unknown, "" where it does not apply.
Value = Any

#: The sorts of column. A name is set in as deep as its row is in the tree; a place is text to the right; counts add
#: up: a zero is no news, a large share is. A status says what a row is on, and has its colour.
NAME, TEXT, PLACE, SHAPE, NUMBER, COUNT, STATUS = "name", "text", "place", "shape", "number", "count", "status"

#: What the tone of a row or a sentence says; a renderer that has colours shows it so.
PLAIN, STRONG, FAINT, ALARM, ADDED, REMOVED, CHANGED, MOVED = (
    "", "strong", "faint", "alarm", "added", "removed", "changed", "moved",
)  # fmt: skip
#: Tones that only the status of a row has.
OF_STATUS = frozenset({ADDED, REMOVED, CHANGED, MOVED})

#: How a sheet gives way where it is wider than the terminal: CUT shortens texts, then leaves out columns; DROP leaves
#: out columns as `spare` and `last` say; SPLIT shows its columns in lots below each other; WRAP breaks the last
#: column between words; BELOW puts the last columns below the others; SINK does the one where there is room for some
#: words, else the other; STACK puts what does not fit below the text; SAY makes a sentence of every row.
CUT, DROP, SPLIT, WRAP, BELOW, SINK, STACK, SAY = (
    "cut", "drop", "split", "wrap", "below", "sink", "stack", "say",
)  # fmt: skip


def exactly(value: Value) -> str:
    """A value as exactly as text can have it, for programs: nothing where it is unknown, axes joined by an x."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, tuple):
        return "x".join(map(exactly, value))
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else _double(value)
    return str(value)


def _double(value: Fraction) -> str:
    try:
        return repr(float(value))
    except OverflowError:
        return ""


class Column(Record):
    """One column: its name for programs, its heading for people, and how its values are written for either."""

    name: str
    heading: str
    sort: str = TEXT
    about: str = ""
    #: Its value of what a row stands for, and the layout of shapes; rows may hold the values themselves instead.
    value: Callable[[Any, str], Value] = lambda of, layout: ""
    show: Callable[[Any], str] = str
    #: The shorter form of a text or number, where there is little room.
    brief: Callable[[Any], str] | None = None
    exact: Callable[[Value], str] = exactly

    @property
    def right(self) -> bool:
        """Whether it is aligned to the right."""
        return self.sort in (NUMBER, COUNT, PLACE)

    @property
    def elastic(self) -> bool:
        """Whether its text may be cut."""
        return self.sort in (NAME, TEXT)

    def shown(self, value: Value) -> str:
        """A value as people read it: `?` where it is unknown, empty where it does not apply."""
        if value is None:
            return UNKNOWN
        return "" if value == "" else self.show(value)

    def dotted(self, value: Value) -> str:
        """The same, with a dot for a count of zero: where rows are read by eye, it is no news."""
        return "·" if value == 0 and self.sort == COUNT and value is not False else self.shown(value)


class Row(Record):
    """The values of a row's cells. A heading over deeper rows has nothing behind its name."""

    cells: Sequence[Value]
    #: How deep it stands in the tree.
    level: int = 0
    tone: str = PLAIN
    #: Whether it stands for several things, of which no more than the start is promised where there is no room.
    group: bool = False


class Bar(Record):
    """A bar behind a row, on a log scale: tens of the first part, then tens of the second."""

    first: float
    second: float = 0


class Sheet(Record):
    """A table: its columns, and its rows, which may be made as they are asked for."""

    columns: Sequence[Column]
    rows: Iterable[Row]
    #: A few words over it; or a sentence that leads to it.
    heading: str = ""
    caption: str = ""
    notes: Sequence[str] = ()
    #: What stands for it on a page until it is opened, where it is long.
    summary: str = ""
    #: Its rows as sentences, for SAY.
    sentences: Sequence[str] = ()
    #: Whether they are set in as the rows are.
    notes_inset: bool = True
    #: Whether its headings are shown where they are not needed to read it.
    headed: bool = True
    #: The media on which it is set in.
    inset: Sequence[str] = ("screen",)
    narrow: str = CUT
    #: The totals of columns of counts, by name, of which a large share stands out.
    totals: Mapping[str, int | None] = {}
    #: The cells that are the least of their row: the row's and the column's number.
    least: frozenset[tuple[int, int]] = frozenset()
    #: A bar behind each row, and what they are: a pair of braces stands for what each of their parts is drawn in.
    bars: Sequence[Bar | None] = ()
    legend: str = ""
    #: Numbers of columns: those that go first where it is narrow, one by one, and those that go after the bars.
    spare: Sequence[int] = ()
    last: Sequence[int] = ()
    #: So many columns stay beside each other where a sheet is split.
    together: int = 1


def texts(columns: Sequence[Column], rows: Iterable[Sequence[Value]], **more: Any) -> Sheet:
    """A sheet of values, a list a row."""
    return Sheet(columns, [Row(tuple(cells)) for cells in rows], **more)
