"""Diagnostics as text: where, what, the line with a caret under the fault, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..diagnostics import ERROR, NOTE, WARNING, Diagnostic, Frame, Span
from ..diagnostics import place as place_of
from ..document.figures import listed, quantity
from .text import Charset, Screen, painted, start_of, width

if TYPE_CHECKING:
    from ..document.findings import Finding

#: At most so many are drawn; JSON has them all.
MOST = 50
_FRAMES = 8
_GUTTER = 5
#: So much of a source line is drawn where no terminal says how much.
_LIMIT = 160
#: Characters that are looked at for a column: some, as marks that combine, take none.
_MARKS = 16
#: The style of a severity, from errors to notes.
STYLES = {ERROR: "bold red", WARNING: "bold yellow", NOTE: "cyan"}


def render(diagnostics: Sequence[Diagnostic], screen: Screen | None = None) -> str:
    """All diagnostics as text, in their order; nothing for none.

    On a terminal long source lines are cut to its width, and help that does not fit behind the carets goes below them.
    """
    return drawn(Drawer(screen or Screen()), diagnostics)


def drawn(drawer: Drawer, diagnostics: Sequence[Diagnostic]) -> str:
    """Diagnostics as `drawer` draws them, the first MOST; one drawer for several lots explains each warning once."""
    shown = _chosen(diagnostics)
    lines = [line for diagnostic in shown for line in drawer.diagnostic(diagnostic)]
    if len(shown) < len(diagnostics):
        option = drawer.screen.format_option
        lines.append(_more(diagnostics, shown) + (f"; {option} json has them all" if option else ""))
    return "".join(line + "\n" for line in lines)


def _chosen(diagnostics: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """The first MOST, errors before the others, in their own order."""
    if len(diagnostics) <= MOST:
        return diagnostics
    ranks = list(STYLES)
    order = sorted(range(len(diagnostics)), key=lambda place: ranks.index(diagnostics[place].severity))
    return [diagnostics[place] for place in sorted(order[:MOST])]


def _more(diagnostics: Sequence[Diagnostic], shown: Sequence[Diagnostic]) -> str:
    counts = []
    for severity in (ERROR, WARNING, NOTE):
        all_and_shown = [sum(diagnostic.severity == severity for diagnostic in some) for some in (diagnostics, shown)]
        left = all_and_shown[0] - all_and_shown[1]
        if left:
            counts.append(quantity(left, f"more {severity}"))
    return f"... and {listed(counts)}"


class Drawer:
    """Draws diagnostics one after another; remembers which warnings it has said how to silence."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.charset = screen.charset
        self.room = screen.width
        self.limit = max(self.room - _GUTTER - 3, 40) if self.room else _LIMIT
        self.explained: set[str] = set()

    def diagnostic(self, one: Diagnostic) -> Iterator[str]:
        """The lines of one diagnostic."""
        yield from self._header(one)
        margin = " " * (_GUTTER + 1)
        if one.span and one.span.source.line(one.span.line):
            yield from self._source(one, one.span)
        elif one.help:
            yield from self._remark(self.charset(one.help))
        for note in one.notes:
            yield from self._remark(self.charset(note))
        for line in way(one):
            yield margin + self.charset(line)
        for frame in one.frames:
            if frame.shown:
                yield f"{str(frame.span.line).rjust(_GUTTER)} | {_window(frame.span, self.charset, self.limit)[0]}"
        if one.severity == WARNING and one.span and one.in_spec and one.code not in self.explained:
            self.explained.add(one.code)
            yield f"{margin}= '# allow: {one.code}' at the end of the line silences this"

    def _header(self, one: Diagnostic) -> Iterator[str]:
        where = place_of(one)
        severity = self._painted(f"{one.severity}:", one.severity)
        start = len(self.charset(where)) + len(one.severity) + 2
        first, *rest = self._lines(self.charset(one.message), start, self.charset(one.figures))
        yield f"{self.charset(where)}{severity} {first}".rstrip()
        for line in rest:
            yield " " * (_GUTTER + 1) + line

    def _lines(self, text: str, start: int, figures: str = "") -> list[str]:
        """A message cut at blanks into lines that fit the terminal, the first of them from column `start` on.

        The `figures` that it ends in have a line of their own where that fits.
        """
        if not self.room or start + width(text) <= self.room:
            return [text]
        head = text.removesuffix(figures).rstrip()
        if figures and start + width(head) <= self.room and _GUTTER + 1 + width(figures) <= self.room:
            return [head, figures]
        from textwrap import wrap

        margin = " " * (_GUTTER + 1)
        text = text.replace(" %", "\0%")  # a number keeps its sign
        lines = wrap(text, max(self.room, 40), initial_indent=" " * start, subsequent_indent=margin,
                     break_long_words=False, break_on_hyphens=False)  # fmt: skip
        lines = [line.replace("\0", " ") for line in lines]
        return [lines[0][start:] if lines[0].strip() else "", *(line[len(margin) :] for line in lines[1:])]

    def _source(self, one: Diagnostic, span: Span) -> Iterator[str]:
        """The line of the spec, and below it the carets with the help behind them."""
        text, before, under = _window(span, self.charset, self.limit)
        number = str(span.line).rjust(_GUTTER)
        help = self.charset(one.help or "")
        gutter = " " * len(number) + " | " + " " * before
        fits = not (self.room and help) or len(gutter) + under + 1 + width(help) <= self.room
        yield f"{number} | {text}"
        yield f"{gutter}{self._painted('^' * under, one.severity)} {help if fits else ''}".rstrip()
        if not fits:
            yield from self._remark(help)

    def _remark(self, text: str) -> Iterator[str]:
        """What is said below the line of the spec."""
        first, *rest = self._lines(text, _GUTTER + 3)
        yield f"{' ' * (_GUTTER + 1)}= {first}"
        yield from (f"{' ' * (_GUTTER + 1)}{line}" for line in rest)

    def _painted(self, text: str, severity: str) -> str:
        return painted(text, STYLES[severity] if self.screen.color else "")


def sentences(finding: Finding) -> list[str]:
    """All that is to be said about a finding: the message, what to write instead, notes, the way there."""
    diagnostic = finding.diagnostic
    texts = (finding.message, diagnostic.help or "", *diagnostic.notes, *way(diagnostic))
    return [line for text in texts if text for line in text.split("\n")]


def way(one: Diagnostic) -> Iterator[str]:
    """The calls and rounds that led to the fault; the middle of a long way is left out."""
    for place, frame in enumerate(one.frames):
        if len(one.frames) <= _FRAMES or place < _FRAMES // 2 or place >= len(one.frames) - _FRAMES // 2:
            yield _step(frame, one.span)
        elif place == _FRAMES // 2:
            yield f"… {len(one.frames) - _FRAMES} more …"


def _step(frame: Frame, fault: Span | None) -> str:
    """`in round 3 of 8 (line 12)`, `in 'up 512', used at model.txt:31:1`."""
    name, line, column = frame.span.source.name, frame.span.line, frame.span.column
    if frame.use:
        return f"{frame.text} at {name}:{line}:{column}"
    same = fault is not None and fault.source.name == name
    return f"{frame.text} ({f'line {line}' if same else f'{name}:{line}'})"


def _window(span: Span, charset: Charset, limit: int) -> tuple[str, int, int]:
    """The source line as it can be shown, cut to `limit` columns around the fault.

    Returns the text, the columns before the carets, and how many carets there are.
    """
    line = span.source.line(span.line)
    start = min(span.column - 1, len(line))
    end = max(start, min(span.end_column - 1, len(line)))
    most = limit * _MARKS  # of a line of megabytes little is looked at
    before, under, behind = line[max(0, start - most) : start], line[start:end][:most], line[end : end + most]
    lead, fault, rest = _cut(charset(before), charset(under), charset(behind), limit, charset("…"))
    return lead + fault + rest, width(lead), max(1, width(fault))


def _cut(lead: str, fault: str, rest: str, limit: int, ellipsis: str) -> tuple[str, str, str]:
    """What stands before, under and behind the fault, as much of it as fits `limit` columns."""
    if len(lead) + len(fault) + len(rest) <= limit and width(lead + fault + rest) <= limit:
        return lead, fault, rest
    under = start_of(fault, limit // 2)
    left = limit - width(under) - 2 * width(ellipsis)
    behind = start_of(rest, left // 2) if under == fault else ""
    before = start_of(lead[::-1], left - width(behind))[::-1]
    if under == fault and before == lead:
        behind = start_of(rest, left - width(before))
    return (
        before if before == lead else ellipsis + before,
        under,
        behind if (under, behind) == (fault, rest) else behind + ellipsis,
    )
