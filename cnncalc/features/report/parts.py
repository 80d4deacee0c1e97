"""The parts of other commands' documents as they stand on the page of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...document.figures import quantity
from ...document.parts import PAGE, Document, Facts, Part, Sentences, Sums, Title
from ...document.sheets import ADDED, CHANGED, FAINT, MOVED, REMOVED, STRONG, Bar, Column, Row, Sheet, Value
from ...picture.svg import escaped, number
from ...render.grid import written
from ...render.html import Html
from ...render.text import Screen

#: The length of the longest bar, and its height.
_BAR, _HIGH = 120.0, 10
_INDENT = "&emsp;"
_TONES = {STRONG: "sum", ADDED: "added", REMOVED: "removed", CHANGED: "changed", MOVED: "changed", FAINT: "dim"}
#: Rows of a table.
_MOST = 300


class PageParts(Html):
    """Each part as lines of HTML, without a style of its own: that is the page's."""

    def title(self, title: Title) -> Iterator[str]:
        yield f"<h4>{escaped(title.text)}</h4>"
        yield from (f"<p>{escaped(text)}</p>" for text in (title.about, *title.lead) if text)

    def sentences(self, sentences: Sentences) -> Iterator[str]:
        tag, kind = ("li", "") if sentences.listed else ("p", ' class="lead"' if sentences.answer else "")
        lines = [f"<{tag}{kind}>{escaped(text)}</{tag}>" for text in sentences.texts]
        yield from ["<ul>", *lines, "</ul>"] if sentences.listed and lines else lines

    def facts(self, facts: Facts) -> Iterator[str]:
        texts = [(fact.label, "<br>".join(map(escaped, fact.lines))) for fact in facts.facts]
        yield "<dl>" + "".join(f"<dt>{escaped(label)}<dd>{text}" for label, text in texts) + "</dl>"

    def sums(self, sums: Sums) -> Iterator[str]:
        yield from (f"<p>{escaped(text)}</p>" for text in (*sums.figures, *sums.remarks, *sums.counts))

    def sheet(self, sheet: Sheet) -> Iterator[str]:
        yield f'<div class="scroll" tabindex="0" role="region" aria-label="{escaped(_name(sheet))}">'
        yield '<table class="sheet">'
        if sheet.caption or sheet.heading:
            yield f"<caption>{escaped(sheet.caption or sheet.heading)}</caption>"
        heads = [f'<th scope="col"{_side(column)}>{escaped(column.heading)}</th>' if column.heading else "<td></td>"
                 for column in sheet.columns]  # fmt: skip
        if any(column.heading for column in sheet.columns) and sheet.headed:
            yield f"<thead><tr>{''.join(heads)}{'<td></td>' * bool(sheet.bars)}</tr></thead>"
        yield "<tbody>"
        sides = [_side(column) for column in sheet.columns]
        longest = max((bar.first + bar.second for bar in sheet.bars if bar), default=0.0) or 1.0
        rows = list(enumerate(written(sheet, self.cell, _INDENT, "<b>{}</b>", "{}")))
        left = len(rows) - _MOST
        for place, (first, behind) in [*rows[: _MOST - 1], *rows[-1:]] if left > 0 else rows:
            cells = [f"<td{side}>{text}</td>" for side, text in zip(sides[1:], behind, strict=True)]
            if sheet.bars:
                cells.append(f"<td>{_bar(sheet.bars[place], longest)}</td>")
            yield f'<tr{_tone(sheet.rows, place)}><th scope="row"{sides[0]}>{first}</th>{"".join(cells)}</tr>'
        yield "</tbody></table></div>"
        before = f"{quantity(left, 'row')} before the last {'is' if left == 1 else 'are'} left out"
        notes = [before] * (left > 0)
        notes += [*sheet.notes, *([_legend(sheet.legend)] if sheet.bars and sheet.legend else [])]
        yield from (f'<p class="note">{escaped(note)}</p>' for note in notes)

    def cell(self, column: Column, value: Value) -> str:
        """A cell."""
        return escaped(column.shown(value))


def html_of(parts: Iterable[Part]) -> list[str]:
    """Parts as lines of HTML."""
    found = list(parts)
    page = PageParts(Document(lambda medium: found, dict), Screen())
    return [line for part in page.parts() for line in part]


def parts_of(document: Document) -> list[str]:
    """A document as lines of HTML."""
    return html_of(document.parts(PAGE))


def _name(sheet: Sheet) -> str:
    """What a table is called."""
    return (
        sheet.caption
        or sheet.heading
        or ", ".join(filter(None, (column.heading for column in sheet.columns)))
        or "table"
    )


def _side(column: Column) -> str:
    return ' class="n"' if column.right else ""


def _tone(rows: Iterable[Row], place: int) -> str:
    """The class of a row that says more than its words."""
    name = _TONES.get(rows[place].tone) if isinstance(rows, list | tuple) else None
    return f' class="{name}"' if name else ""


def _legend(text: str) -> str:
    """The legend, its braces as the colours of a bar's parts."""
    return text.format("blue:", "orange:") if "{" in text else text


def _bar(bar: Bar | None, longest: float) -> str:
    """The two parts of a bar, one behind the other."""
    if bar is None:
        return ""
    first, second = max(bar.first, 0.0) / longest * _BAR, max(bar.second, 0.0) / longest * _BAR
    return (f'<svg class="bar" width="{_BAR:g}" height="{_HIGH}" aria-hidden="true">'
            f'<rect class="c-area" width="{number(first)}" height="{_HIGH}"/>'
            f'<rect class="c-other" x="{number(first)}" width="{number(second)}" height="{_HIGH}"/></svg>')  # fmt: skip
