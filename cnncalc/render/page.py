"""Pages of labelled sentences and small tables, drawn for a terminal, a pipe or Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..records import Record
from . import markdown
from .grid import Field, Grid
from .layout import MARGIN
from .table import Line
from .terminal import drawn
from .text import Charset, Screen, width

#: What a bar is made of; narrower encodings get number signs.
_BLOCK, _PLAIN_BLOCK = "█", "#"
#: Characters of the longest bar.
BAR = 24


class Fact(Record):
    """Sentences behind a label; `code` for lines to be copied as they are."""

    label: str
    lines: tuple[str, ...]
    code: bool = False


class Sheet(Record):
    """A table under a heading; `right` says which columns stand to the right."""

    heading: str
    columns: tuple[str, ...]
    right: tuple[bool, ...]
    rows: list[list[str]]


class Page(Record):
    """A title, what it is about, and parts: lists of facts, and sheets."""

    title: str
    about: str
    parts: list[list[Fact] | Sheet]


def bar(value: int, largest: int) -> str:
    """A bar as long as `value` is of `largest`; empty for nothing, never empty for something."""
    return _BLOCK * max(round(BAR * value / largest), 1) if value and largest else ""


def as_text(page: Page, screen: Screen) -> str:
    """The page for a terminal, wrapped to its width, or for a pipe: width 0, each sentence on a line."""
    charset = _Fitting(screen.charset)
    lines: list[Line] = [[(charset(page.title), "bold"), (charset("   " + page.about).rstrip(), "")]]
    for part in page.parts:
        lines.append([])
        lines += _sheet(part, screen, charset) if isinstance(part, Sheet) else _facts(part, screen, charset)
    return drawn(lines, screen.color)


class _Fitting:
    """A charset that has something for bars."""

    def __init__(self, charset: Charset) -> None:
        self.charset = charset
        self.bars = charset(_BLOCK) == _BLOCK

    def __call__(self, text: str) -> str:
        return self.charset(text if self.bars else text.replace(_BLOCK, _PLAIN_BLOCK))


def _facts(facts: Sequence[Fact], screen: Screen, charset: _Fitting) -> Iterator[Line]:
    room = max((width(fact.label) for fact in facts), default=0)
    indent = len(MARGIN) + room + 2
    for fact in facts:
        label = charset(fact.label) + " " * (room - width(fact.label))
        for text in fact.lines:
            text = charset(text)
            for piece in [text] if fact.code or not screen.width else _wrapped(text, screen.width - indent):
                yield [(MARGIN, ""), (label, "dim"), ("  " + piece, "")]
                label = " " * room


def _wrapped(text: str, room: int) -> list[str]:
    """The lines of a sentence; what is set in stays so on the next ones."""
    from textwrap import wrap

    return wrap(text, max(room, 24), subsequent_indent="  ", break_long_words=False, break_on_hyphens=False) or [""]


def _sheet(sheet: Sheet, screen: Screen, charset: _Fitting) -> Iterator[Line]:
    rows = [[charset(cell) for cell in row] for row in sheet.rows]
    columns = zip(sheet.columns, sheet.right, strict=True)
    grid = Grid.of([Field(charset(name), right, not right) for name, right in columns], rows)
    places = grid.fit(screen.width - len(MARGIN)) if screen.width else list(range(len(sheet.columns)))
    if sheet.heading:
        yield [(MARGIN + charset(sheet.heading), "bold")]
    if any(sheet.columns):
        yield [(MARGIN + grid.line(grid.heading, places), "dim")]
    ellipsis = charset("…") if screen.width else ""
    for row in rows:
        yield [(MARGIN + grid.line(row, places, ellipsis), "")]


def as_markdown(page: Page, charset: Charset) -> str:
    """The page as Markdown: a heading, lists of facts, and tables."""
    fitting = _Fitting(charset)
    lines = [f"## {markdown.escaped(page.title)}", ""]
    if page.about:
        lines += [markdown.escaped(page.about), ""]
    for part in page.parts:
        if isinstance(part, Sheet):
            if part.heading:
                lines += [f"### {markdown.escaped(part.heading)}", ""]
            names = [name or " " for name in part.columns]
            rows = [[fitting(markdown.escaped(cell)) for cell in row] for row in [names, *part.rows]]
            lines += [*markdown.table(rows, list(part.right)), ""]
        else:
            lines += [*_bullets(part), ""]
    return "\n".join(fitting(line) for line in lines)


def _bullets(facts: Sequence[Fact]) -> Iterator[str]:
    for fact in facts:
        texts = [f"`{text}`" if fact.code else markdown.escaped(text) for text in fact.lines]
        yield f"- **{markdown.escaped(fact.label)}**: {texts[0]}" if texts else f"- **{fact.label}**"
        yield from (f"  <br>{text}" for text in texts[1:])
