"""A document on a terminal: columns that fit the width, and colour only where it means something.

The widths are worked out here, in linear time; rich turns the styles into what the terminal understands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from ..document.parts import SCREEN, Curve, Document, Facts, Sentences, Title, Totals
from ..document.sheets import (
    ADDED,
    ALARM,
    CHANGED,
    COUNT,
    FAINT,
    MOVED,
    OF_STATUS,
    PLAIN,
    REMOVED,
    SAY,
    STACK,
    STATUS,
    STRONG,
    Column,
    Row,
    Sheet,
    Value,
)  # fmt: skip
from . import layout
from .cells import Cells, Texts
from .grid import GAP, Field, Grid
from .layout import MARGIN
from .renderer import Renderer
from .text import Screen, clip, width

#: A line is a list of pieces: a text and the style that rich draws it in ("" for none).
Line: TypeAlias = list[tuple[str, str]]
#: The style of each tone.
STYLES = {PLAIN: "", STRONG: "bold", FAINT: "dim", ALARM: "red", ADDED: "green", REMOVED: "red", CHANGED: "yellow",
          MOVED: "cyan"}  # fmt: skip


def render(document: Document, screen: Screen) -> Iterator[str]:
    """The document as a text with or without escape codes: its parts with a blank line between them."""
    lines: list[Line] = []
    for part in Terminal(document, screen).parts():
        drawn_part = list(part)
        if drawn_part:
            lines += [[], *drawn_part] if lines else drawn_part
    yield drawn(lines, screen.color)


def drawn(lines: Sequence[Line], color: bool) -> str:
    """The lines as one text, styled by rich where there is colour."""
    if not color:
        return "".join("".join(text for text, _ in line) + "\n" for line in lines)
    from io import StringIO

    from rich.console import Console
    from rich.segment import Segment, Segments
    from rich.style import Style

    styles = {style: Style.parse(style) for line in lines for _, style in line}
    segments = [Segment(text, styles[style]) for line in lines for text, style in (*line, ("\n", "")) if text]
    console = Console(
        file=StringIO(), force_terminal=True, color_system="standard", no_color=False, legacy_windows=False
    )
    with console.capture() as capture:
        console.print(Segments(segments), crop=False, end="")
    return capture.get()


class Terminal(Renderer[Line]):
    """Each part as lines of styled pieces."""

    medium = SCREEN

    def __init__(self, document: Document, screen: Screen) -> None:
        super().__init__(document, screen)
        limits = [limit for limit in (screen.width, document.width) if limit]
        #: The columns that there are; 0 for no limit.
        self.room = min(limits, default=0)

    def title(self, title: Title) -> Iterator[Line]:
        about, name = self.charset(title.about), self.charset(title.text)
        if self.room:
            name = clip(name, max(self.room - len(about) - 3, 20), self.charset("…"))
        yield [(name, "bold"), ("   " + about if about else "", "")]

    def sentences(self, sentences: Sentences) -> Iterator[Line]:
        for place, text in enumerate(sentences.texts):
            tone = STRONG if sentences.answer and not place else sentences.tone
            yield from self._lines(text, STYLES[tone])

    def _lines(self, text: str, style: str = "", margin: str = "") -> Iterator[Line]:
        """A sentence, broken between words where it does not fit."""
        for line in layout.broken(self.charset(text), self.room and max(self.room - len(margin), 1)):
            yield [(margin + line, style)]

    def facts(self, facts: Facts) -> Iterator[Line]:
        for label, text in layout.facts(facts, self.charset, self.room):
            yield _stripped(
                [(MARGIN, ""), (label.rstrip(), "dim"), (" " * (len(label) - len(label.rstrip())) + text, "")]
            )

    def totals(self, totals: Totals) -> Iterator[Line]:
        """The figures, as many on a line as fit, and below them the rest."""
        line = MARGIN
        for figure in map(self.charset, totals.figures):
            if line.strip() and self.room and width(line) + width(figure) > self.room:
                yield [(line.rstrip(), "")]
                line = MARGIN
            line += figure + "   "
        yield [(line.rstrip(), "")]
        for text in (*totals.remarks, *totals.counts):
            yield from self._lines(text, margin=MARGIN)

    def curve(self, curve: Curve) -> Iterator[Line]:
        from .curve import lines

        return ([(line, "")] for line in lines(curve, self.charset, self.room))

    # --- tables ---

    def sheet(self, sheet: Sheet) -> Iterator[Line]:
        if sheet.heading:
            yield [(MARGIN + self.charset(sheet.heading), "bold")]
        if sheet.caption:
            yield from self._lines(sheet.caption, "dim" if sheet.headed else "")
        margin = MARGIN if SCREEN in sheet.inset else ""
        yield from self._cut(sheet, margin)
        for note in sheet.notes:
            yield from self._lines(note, "dim", margin)

    def _grid(self, columns: Sequence[Column], rows: Iterable[Row], brief: bool = False) -> Grid:
        def cell(column: Column, value: Value) -> str:
            if brief and column.brief and value not in (None, ""):
                return self.charset(column.brief(value))
            return self.charset(column.dotted(value))

        fields = [Field(self.charset(column.heading), column.right, column.elastic) for column in columns]
        return Grid(fields, list(map(Cells(columns, cell, MARGIN), rows)))

    def _cut(self, sheet: Sheet, margin: str) -> Iterator[Line]:
        """The columns that fit, texts briefer or cut where they must be; or the rows as the sheet would have it."""
        rows, columns = list(sheet.rows), sheet.columns
        grid = self._grid(columns, rows)
        if sheet.narrow in _WHOLE and self.room and len(margin) + grid.width > self.room:
            yield from _WHOLE[sheet.narrow](self, sheet, rows, grid, margin)
            return
        places = self._fitting(grid, margin)
        if any(_cuts(grid, place, rows) for place, column in enumerate(columns) if column.brief):
            grid = self._grid(columns, rows, brief=True)
            places = self._fitting(grid, margin)
        if sheet.headed:
            yield self._head(grid, places, margin)
        ellipsis = self.charset("…") if self.room else ""
        for row, texts in zip(rows, grid.rows, strict=True):
            yield self._row(sheet, row, grid, texts, places, margin, ellipsis)
        missing = [column.name for place, column in enumerate(columns) if place not in places]
        if missing:
            left_out = f"left out to fit {self.room} columns: {', '.join(missing)}"
            yield from self._lines(left_out, "dim", margin)

    def _stacked(self, sheet: Sheet, rows: Sequence[Row], grid: Grid, margin: str) -> Iterator[Line]:
        from .stacked import stacked

        for row, (first, behind) in zip(rows, grid.rows, strict=True):
            style = STYLES["" if row.tone in OF_STATUS else row.tone]
            for status, text in stacked(sheet, row, (first, *behind), grid, self.room - len(margin)):
                yield _stripped([(margin, ""), (status, STYLES[row.tone]), (GAP + text, style)])

    def _said(self, sheet: Sheet, rows: Sequence[Row], grid: Grid, margin: str) -> Iterator[Line]:
        for row, sentence in zip(rows, sheet.sentences, strict=True):
            yield from self._lines(sentence, STYLES[row.tone], margin)

    def _fitting(self, grid: Grid, margin: str) -> list[int]:
        return grid.fit(self.room - len(margin)) if self.room else list(range(len(grid.fields)))

    def _head(self, grid: Grid, places: Sequence[int], margin: str) -> Line:
        ellipsis = self.charset("…") if self.room else ""
        heads = (grid.cell(grid.fields[place].heading, place, ellipsis) for place in places)
        return [((margin + GAP.join(heads)).rstrip(), "dim")]

    def _row(
        self, sheet: Sheet, row: Row, grid: Grid, texts: Texts, places: Sequence[int], margin: str, ellipsis: str,
    ) -> Line:  # fmt: skip
        cells = (texts[0], *texts[1])
        line: Line = [(margin, "")]
        for place in places:
            style = _style(sheet.columns[place], row, row.cells[place], sheet)
            line += [(grid.cell(cells[place], place, ellipsis), style), (GAP, "")]
        return _stripped(line)


def _cuts(grid: Grid, place: int, rows: Sequence[Row]) -> bool:
    """Whether there is no room for a text; of one that stands for several no more than the start is promised."""
    texts = (texts[1][place - 1] if place else texts[0] for texts in grid.rows)
    return any(width(text) > grid.widths[place] for text, row in zip(texts, rows, strict=True) if not row.group)


def _stripped(line: Line) -> Line:
    """The line without the blanks at its end."""
    while line and not line[-1][0].strip():
        line.pop()
    return [*line[:-1], *((text.rstrip(), style) for text, style in line[-1:])]


def _style(column: Column, row: Row, value: Value, sheet: Sheet) -> str:
    """The row's own; of counts dim for none, bold for a tenth of the total or more, red for what is unknown."""
    if row.tone in OF_STATUS and column.sort != STATUS:
        return ""
    if row.tone or column.sort != COUNT or value == "":
        return STYLES[row.tone]
    if value is None:
        return "red"
    total = sheet.totals.get(column.name)
    return "dim" if value == 0 else "bold" if total and value * 10 >= total else ""


#: The ways to give way that keep all of a sheet.
_WHOLE = {STACK: Terminal._stacked, SAY: Terminal._said}
