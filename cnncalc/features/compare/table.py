"""`cnncalc compare` on a terminal: tables that fit it, bars on a log scale, colour for the two causes only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ...records import Record
from ...render.grid import GAP, Field, Grid
from ...render.terminal import MARGIN, Line, drawn
from ...render.text import Screen, clip
from .page import Comparison, marked, marked_heads
from .sheets import Bar, Form, Sheet

#: The fewest columns that a bar is worth, and the most that it takes.
_LEAST_BAR, _MOST_BAR = 10, 40
#: A heading is cut to so much where the terminal is narrow.
_HEADING = 26
_SPARSITY, _SHARING = "cyan", "yellow"


class Fit(Record):
    """A table as it fits: its cells, which columns are shown, and the room for bars (0: none)."""

    sheet: Sheet
    grid: Grid
    places: list[int]
    bar: int


def render(comparison: Comparison, screen: Screen) -> str:
    """The answer, the tables and what is said below them, with or without escape codes."""
    lines: list[Line] = []
    for text in comparison.lead():
        lines += _sentence(text, screen, "bold" if not lines else "")
    form = Form(folded=True, depth=comparison.depth)
    for place, sheet in enumerate(comparison.sheets(form)):
        shortened = partial(comparison.sheet, place, form.shortened)
        for part, fit in enumerate(_fits(sheet, shortened, screen)):
            lines.append([])
            if fit.sheet.title and not part:
                lines += _sentence(fit.sheet.title, screen, "dim")
            lines += _drawn(fit, screen)
        for note in (*sheet.notes, *_legend(fit, screen)):
            lines += _sentence(note, screen, "dim")
    close = comparison.close()
    lines += [[]] if close else []
    for text in close:
        lines += _sentence(text, screen)
    return drawn(lines, screen.color)


def _sentence(text: str, screen: Screen, style: str = "") -> Iterator[Line]:
    from textwrap import wrap

    text = screen.charset(text)
    for part in wrap(text, max(screen.width, 20), break_on_hyphens=False) if screen.width else [text]:
        yield [(part, style)]


# --- what fits ----------------------------------------------------------------------------------------


def _fits(exact: Sheet, shortened: Callable[[], Sheet], screen: Screen) -> list[Fit]:
    """The table as it fits: exact numbers and a bar if possible, else fewer columns, then shortened numbers.

    Models side by side that do not fit go below each other.
    """
    if not exact.bars:
        return _split(exact, screen)
    for least, spare in ((_LEAST_BAR, exact.spare), (0, exact.spare + exact.narrow)):
        for whole in (True, False):
            sheet = exact if whole else shortened()
            grid = _grid(sheet, screen)
            for dropped in range(len(spare) + 1):
                places = [place for place in range(len(sheet.fields)) if place not in spare[:dropped]]
                room = screen.width - _taken(grid, places) if screen.width else _MOST_BAR + len(GAP)
                if room >= least + len(GAP) * bool(least):
                    return [Fit(sheet, grid, places, min(_MOST_BAR, room - len(GAP)) if least else 0)]
    return [Fit(sheet, grid, grid.fit(screen.width - len(MARGIN)), 0)]


def _grid(sheet: Sheet, screen: Screen) -> Grid:
    fields = [Field(screen.charset(field.heading), field.right, field.elastic) for field in sheet.fields]
    return Grid(fields, [[screen.charset(cell) for cell in row] for row in sheet.rows])


def _taken(grid: Grid, places: list[int]) -> int:
    return len(MARGIN) + sum(grid.widths[place] for place in places) + len(GAP) * (len(places) - 1)


def _split(sheet: Sheet, screen: Screen) -> list[Fit]:
    """The columns of several models, as many below each other as the terminal asks for; the measures in each."""
    heads = marked_heads(sheet)
    fields = [field._replace(heading=head) for field, head in zip(sheet.fields, heads, strict=True)]
    sheet = sheet._replace(fields=tuple(fields), rows=marked(sheet, "{} *", "{}  "))
    grid = _grid(sheet, screen)
    last = len(sheet.fields) - 1
    if screen.width and _taken(grid, list(range(last + 1))) > screen.width:
        cut = [_cut_heading(field, screen) for field in sheet.fields]
        sheet = sheet._replace(fields=tuple(cut))
        grid = _grid(sheet, screen)
    step = 2 if any(field.heading.strip() == "dense" for field in sheet.fields) else 1
    parts: list[list[int]] = [[0]]
    for start in range(1, last, step):
        more = list(range(start, start + step))
        if screen.width and len(parts[-1]) > 1 and _taken(grid, [*parts[-1], *more]) > screen.width:
            parts.append([0])
        parts[-1] += more
    if not screen.width or _taken(grid, [*parts[-1], last]) <= screen.width:
        parts[-1].append(last)
    return [Fit(sheet, grid, places, 0) for places in parts]


def _cut_heading(field: Field, screen: Screen) -> Field:
    bare = field.heading.rstrip()
    blanks = " " * (len(field.heading) - len(bare))
    return field._replace(heading=clip(bare, _HEADING, screen.charset("…")) + blanks)


# --- how it is drawn ----------------------------------------------------------------------------------


def _drawn(fit: Fit, screen: Screen) -> Iterator[Line]:
    grid, ellipsis = fit.grid, screen.charset("…") if screen.width else ""
    head = [field.heading for field in grid.fields]
    yield [((MARGIN + GAP.join(grid.cell(head, place, ellipsis) for place in fit.places)).rstrip(), "dim")]
    longest = max((bar.sparsity + bar.sharing for bar in fit.sheet.bars if bar), default=0)
    for number, row in enumerate(grid.rows):
        line: Line = [(MARGIN, "")]
        for place in fit.places:
            style = "bold" if (number, place) in fit.sheet.least or row[0] == "together" else ""
            line += [(grid.cell(row, place, ellipsis), style), (GAP, "")]
        bar = fit.sheet.bars[number] if fit.bar else None
        if bar and longest > 0:
            line += _bar(bar, fit.bar / longest, screen)
        yield _stripped(line)


def _bar(bar: Bar, scale: float, screen: Screen) -> Line:
    """Sparsity, then sharing: on a log scale the two lengths add up as the factors multiply."""
    whole = max(0, round((bar.sparsity + bar.sharing) * scale))
    first = min(whole, max(0, round(bar.sparsity * scale)))
    marks = _marks(screen)
    return [(marks[0] * first, _SPARSITY), (marks[1] * (whole - first), _SHARING)]


def _marks(screen: Screen) -> tuple[str, str]:
    """Two characters that can be told apart without colour."""
    return ("█", "▒") if screen.charset("█▒") == "█▒" else ("#", "=")


def _legend(fit: Fit, screen: Screen) -> list[str]:
    """What the bars are."""
    if not fit.bar or not any(bar and bar.sparsity + bar.sharing > 0 for bar in fit.sheet.bars):
        return []
    marks = _marks(screen)
    if not any(bar and bar.sharing for bar in fit.sheet.bars):
        return ["bars: parameters against those of the network as it is, on a log scale"]
    return [f"bars: {marks[0]} sparsity, {marks[1]} sharing, on a log scale: lengths add as factors multiply"]


def _stripped(line: Line) -> Line:
    """The line without the blanks at its end."""
    while line and not line[-1][0].strip():
        line.pop()
    return [*line[:-1], *((text.rstrip(), style) for text, style in line[-1:])]
