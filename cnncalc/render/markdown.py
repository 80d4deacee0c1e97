"""Sentences and tables to paste into a pull request or a README."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..document.parts import PAGE, Curve, Document, Facts, Sentences, Sums, Title, Verbatim
from ..document.sheets import Column, Sheet, Value
from .grid import written
from .renderer import Renderer
from .text import Screen, pad, width

#: What stands in every text that Markdown or GitHub makes something of.
_ACTIVE = frozenset("\\`*[]<>|~&_$@#:.-")
#: Markup: always, and underscores that stand at the edge of a word.
_MARKUP = re.compile(r"[\\`*\[\]<>|~&]|(?<![^\W_])_|_(?![^\W_])|^#")
#: What begins a mention, a link to an issue, or an address: up to where it must not go on.
_LINKS = re.compile(
    r"@(?=[\w-])|#(?=\w)|\b(?:GH-(?=\d)|(?:https?|ftp):(?=//)|(?:mailto|xmpp):|www(?=\.))", re.IGNORECASE
)
#: What Markdown does not trim at the start of a cell, for the levels of the tree.
_INDENT = "\u2003"


def render(document: Document, screen: Screen) -> Iterator[str]:
    """The document, in pieces: its parts with a blank line between them."""
    blank = ""
    for part in Markdown(document, screen).parts():
        lines = [screen.charset(line) for line in part]
        if lines:
            yield blank + "\n".join(lines) + "\n"
            blank = "\n"


class Markdown(Renderer[str]):
    """Each part as lines."""

    medium = PAGE

    def title(self, title: Title) -> Iterator[str]:
        if not title.heading:
            yield f"**{escaped(title.text)}**   {title.about}".rstrip()
        else:
            yield f"## {escaped(title.text)}"
            if title.about:
                yield from ("", escaped(title.about))
        for text in title.lead:
            yield from ("", escaped(text))

    def sentences(self, sentences: Sentences) -> Iterator[str]:
        for place, text in enumerate(sentences.texts):
            if place and not sentences.listed:
                yield ""
            yield "- " * sentences.listed + escaped(text)

    def facts(self, facts: Facts) -> Iterator[str]:
        for fact in facts.facts:
            texts = [f"`{text}`" if fact.code else escaped(text) for text in fact.lines]
            yield f"- **{escaped(fact.label)}**" + (f": {texts[0]}" if texts else "")
            yield from (f"  <br>{text}" for text in texts[1:])

    def sums(self, sums: Sums) -> Iterator[str]:
        yield ", ".join(sums.figures)
        yield from map(escaped, sums.remarks)
        if sums.counts:
            yield from ("", ", ".join(map(escaped, sums.counts)))

    def curve(self, curve: Curve) -> Iterator[str]:
        from .curve import lines

        yield from ("```", *lines(curve, self.charset, self.document.width), "```")

    def sheet(self, sheet: Sheet) -> Iterator[str]:
        if sheet.heading:
            yield from (f"### {escaped(sheet.heading)}", "")
        if sheet.caption:
            yield from (escaped(sheet.caption), "")
        if sheet.summary:
            yield from ("<details>", f"<summary>{escaped(sheet.summary)}</summary>", "")
        rows = written(sheet, self.cell, _INDENT, "**{}**", "{}")
        heads = [self.charset(escaped(column.heading)) or " " for column in sheet.columns]
        lines = table(
            [heads, *([first, *behind] for first, behind in rows)], [column.right for column in sheet.columns]
        )
        yield from map(_unaligned, lines) if sheet.summary else lines
        for note in sheet.notes:
            yield from ("", escaped(note))
        if sheet.summary:
            yield from ("", "</details>")

    def verbatim(self, verbatim: Verbatim) -> Iterator[str]:
        from .plain import Plain

        lines = list(Plain(self.document, self.screen).verbatim(verbatim))
        fence = "`" * max([3, *(len(run) + 1 for line in lines for run in re.findall("`+", line))])
        yield from (fence, *lines, fence)

    def cell(self, column: Column, value: Value) -> str:
        """A cell, with what Markdown would take for markup escaped."""
        return self.charset(escaped(column.dotted(value)))


def table(rows: list[list[str]], right: list[bool]) -> list[str]:
    """The lines of a table; the first row is its header."""
    widths = [max(3, *map(width, cells)) for cells in zip(*rows, strict=True)]

    def line(cells: list[str]) -> str:
        padded = [pad(*one) for one in zip(cells, widths, right, strict=True)]
        return f"| {' | '.join(padded)} |"

    rule = ["-" * (room - 1) + (":" if side else "-") for room, side in zip(widths, right, strict=True)]
    return [line(rows[0]), line(rule), *map(line, rows[1:])]


def _unaligned(line: str) -> str:
    """A line of a table without the blanks that align it: long ones may be too long for where they go."""
    from re import sub

    return sub(" {2,}", " ", line)


def escaped(text: str) -> str:
    """`text` as just that: what Markdown would take for markup is escaped, and nobody is mentioned or linked to.

    A zero-width blank behind the sign takes from a mention, an issue or an address what makes it one: GitHub looks for
    those when the backslashes are gone. It has `$` as itself in a tag of its own alone.
    """
    if _ACTIVE.isdisjoint(text):
        return text
    text = _MARKUP.sub(r"\\\g<0>", text)
    text = _LINKS.sub(r"\g<0>&#8203;", text)
    return text.replace("$", "<span>$</span>")
