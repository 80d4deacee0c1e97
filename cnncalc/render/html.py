"""The page of a notebook: plain HTML that takes the notebook's own style, everything escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ..document.parts import PAGE, Curve, Document, Facts, Sentences, Sums, Title, Verbatim
from ..document.sheets import Column, Sheet, Value
from . import faults
from .grid import written
from .renderer import Renderer
from .text import Screen

_INDENT = "&emsp;"


def render(document: Document, screen: Screen) -> Iterator[str]:
    """The parts of the document and its diagnostics as one `<div>`."""
    yield "<div>"
    yield "\n".join([line for part in Html(document, screen).parts() for line in part])
    diagnostics = faults.render(document.diagnostics)
    yield f"\n<pre>{escape(diagnostics)}</pre>\n</div>" if diagnostics else "\n</div>"


class Html(Renderer[str]):
    """Each part as lines of HTML."""

    medium = PAGE

    def title(self, title: Title) -> Iterator[str]:
        yield f"<p><b>{escape(title.text)}</b>&emsp;{escape(title.about)}</p>"
        yield from (f"<p>{escape(text)}</p>" for text in title.lead)

    def sentences(self, sentences: Sentences) -> Iterator[str]:
        yield from (f"<p>{escape(text)}</p>" for text in sentences.texts)

    def facts(self, facts: Facts) -> Iterator[str]:
        yield "<dl>"
        for fact in facts.facts:
            texts = [f"<code>{escape(text)}</code>" if fact.code else escape(text) for text in fact.lines]
            yield f"<dt>{escape(fact.label)}</dt><dd>{'<br>'.join(texts)}</dd>"
        yield "</dl>"

    def sums(self, sums: Sums) -> Iterator[str]:
        figures = "&emsp;".join(map(escape, sums.figures))
        yield from (f"<p>{line}</p>" for line in (figures, *map(escape, (*sums.remarks, *sums.counts))))

    def curve(self, curve: Curve) -> Iterator[str]:
        from .curve import lines

        yield "<pre>" + escape("\n".join(lines(curve, self.charset, self.document.width))) + "</pre>"

    def sheet(self, sheet: Sheet) -> Iterator[str]:
        heads = "".join(f"<th{_side(column)}>{escape(column.heading)}</th>" for column in sheet.columns)
        yield from (f"<p>{escape(text)}</p>" for text in (sheet.heading, sheet.caption) if text)
        if sheet.summary:
            yield f"<details><summary>{escape(sheet.summary)}</summary>"
        yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
        sides = [_side(column) for column in sheet.columns]
        for first, behind in written(sheet, self.cell, _INDENT, "<b>{}</b>", "{}"):
            cells = zip(sides, (first, *behind), strict=True)
            yield f"<tr>{''.join(f'<td{side}>{text}</td>' for side, text in cells)}</tr>"
        yield "</tbody></table>"
        yield from (f"<p>{escape(note)}</p>" for note in sheet.notes)
        if sheet.summary:
            yield "</details>"

    def verbatim(self, verbatim: Verbatim) -> Iterator[str]:
        from .plain import Plain

        yield "<pre>" + escape("\n".join(Plain(self.document, self.screen).verbatim(verbatim))) + "</pre>"

    def cell(self, column: Column, value: Value) -> str:
        """A cell."""
        return escape(column.shown(value))


def _side(column: Column) -> str:
    return f' style="text-align: {"right" if column.right else "left"}"'
