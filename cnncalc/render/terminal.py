"""A document on a terminal: columns that fit the width, and colour only where it means something.

The widths are worked out here, in linear time; rich turns the styles into what the terminal understands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..document.parts import SCREEN, Curve, Document, Facts, Sentences, Sums, Title, Verbatim
from ..document.sheets import STRONG, Sheet
from .renderer import Renderer, labelled
from .table import STYLES, Line, Table, sentence, stripped
from .text import MARGIN, Screen, clip, width


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

    styles = {style: Style.parse(style) for style in {"", *(style for line in lines for _, style in line)}}
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
        if self.room and not title.heading:
            name = clip(name, max(self.room - len(about) - 3, 20), self.charset("…"))
        yield [(name, "bold"), ("   " + about if about else "", "")]
        yield from self.sentences(Sentences(title.lead))

    def sentences(self, sentences: Sentences) -> Iterator[Line]:
        for place, text in enumerate(sentences.texts):
            tone = STRONG if sentences.answer and not place else sentences.tone
            yield from sentence(self.charset(text), self.room, STYLES[tone], MARGIN if sentences.inset else "")

    def facts(self, facts: Facts) -> Iterator[Line]:
        for label, text in labelled(facts, self.charset, self.room):
            yield stripped(
                [(MARGIN, ""), (label.rstrip(), "dim"), (" " * (len(label) - len(label.rstrip())) + text, "")]
            )

    def sums(self, sums: Sums) -> Iterator[Line]:
        """The figures, as many on a line as fit, and below them the rest."""
        line = MARGIN
        for figure in map(self.charset, sums.figures):
            if line.strip() and self.room and width(line) + width(figure) > self.room:
                yield [(line.rstrip(), "")]
                line = MARGIN
            line += figure + "   "
        yield [(line.rstrip(), "")]
        for text in (*sums.remarks, *sums.counts):
            yield from sentence(self.charset(text), self.room, margin=MARGIN)

    def curve(self, curve: Curve) -> Iterator[Line]:
        from .curve import lines

        return ([(line, "")] for line in lines(curve, self.charset, self.room))

    def sheet(self, sheet: Sheet) -> Iterator[Line]:
        if sheet.heading:
            yield [(MARGIN + self.charset(sheet.heading), "bold")]
        if sheet.caption:
            yield from sentence(self.charset(sheet.caption), self.room, "dim" if sheet.headed else "")
        yield from Table(sheet, self.charset, self.room).lines()

    def verbatim(self, verbatim: Verbatim) -> Iterator[Line]:
        for number, part in enumerate(verbatim.parts):
            yield from [[]] if number else []
            yield from self.part(part)
