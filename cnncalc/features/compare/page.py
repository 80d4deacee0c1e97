"""The report of `cnncalc compare`: what is said first, the tables below it, and the formats that show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ...document import figures
from ...records import Record
from ...render import markdown
from ...render.grid import Field, Grid
from ...render.text import Charset
from . import sheets as compare_sheets
from . import sides as compare_sides
from . import words as compare_words
from .sheets import Form, Sheet

if TYPE_CHECKING:
    from .model import Model


class Comparison(Record):
    """The models to show; `mlp`: with the fully connected networks beside them."""

    models: Sequence[Model]
    mlp: bool
    #: Down to which depth of stages and blocks the rows of a tree go; None for all.
    depth: int | None = None

    @property
    def alone(self) -> Model | None:
        """The model, if it is the only one: it is shown with its MLP equivalents."""
        return self.models[0] if len(self.models) == 1 else None

    def lead(self) -> list[str]:
        """The answer, in sentences."""
        if self.alone:
            said = [compare_words.headline(self.alone), compare_words.causes(self.alone)]
        else:
            names = compare_words.labels(self.models)
            said = [compare_words.versus(self.models, names)]
            if self.mlp:
                said.append(compare_words.dense_versus(self.models, names))
        return [text for text in said if text]

    def sheets(self, form: Form) -> list[Sheet]:
        """The tables."""
        if self.alone is None:
            return [compare_sides.side_by_side(self.models, self.mlp, form)]
        made = (compare_sheets.layers(self.alone, form), compare_sheets.networks(self.alone, form))
        return [sheet for sheet in made if sheet]

    def sheet(self, place: int, form: Form) -> Sheet:
        """One of the tables."""
        return self.sheets(form)[place]

    def close(self) -> list[str]:
        """What is said below the tables."""
        if self.alone is None:
            return []
        counted = [f"{one.name}: {figures.quantity(one.total, one.convention.unit)}" for one in self.alone.tallies]
        said = [*compare_words.too_small(self.alone), compare_words.first_layer(self.alone), *counted]
        return [text for text in said if text]


def plain(comparison: Comparison, charset: Charset) -> str:
    """Aligned text without colour or bars, complete and uncut."""
    parts = [[text] for text in comparison.lead()]
    for sheet in comparison.sheets(Form(folded=comparison.depth is not None, depth=comparison.depth)):
        rows = [[charset(cell) for cell in row] for row in marked(sheet, "{} *", "{}  ")]
        heads = [charset(text) for text in marked_heads(sheet)]
        fields = [Field(head, field.right) for head, field in zip(heads, sheet.fields, strict=True)]
        title = [charset(sheet.title), ""] if sheet.title else []
        parts.append([*title, *(line.rstrip() for line in Grid(fields, rows).lines())])
        parts += [[note] for note in sheet.notes]
    parts.append(comparison.close())
    return _joined(parts, charset)


def as_markdown(comparison: Comparison, charset: Charset) -> str:
    """Sentences and tables to paste into a README; the least of a row in bold."""
    parts = [[markdown.escaped(text)] for text in comparison.lead()]
    for sheet in comparison.sheets(Form(folded=True, depth=comparison.depth)):
        heads = [markdown.escaped(field.heading) for field in sheet.fields]
        cells = [[_indented(markdown.escaped(cell)) for cell in row] for row in sheet.rows]
        rows = [heads, *marked(sheet._replace(rows=cells), "**{}**", "{}")]
        fitted = [[charset(cell) for cell in row] for row in rows]
        parts += [[markdown.escaped(sheet.title)]] if sheet.title else []
        parts.append(markdown.table(fitted, [field.right for field in sheet.fields]))
        parts += [[markdown.escaped(note)] for note in sheet.notes if not note.startswith("*")]
    parts += [[markdown.escaped(text)] for text in comparison.close()]
    return _joined(parts, charset)


def _indented(cell: str) -> str:
    """Blanks at the start of a cell, as Markdown keeps them."""
    text = cell.lstrip(" ")
    return "\u2003" * ((len(cell) - len(text)) // 2) + text


def marked(sheet: Sheet, least: str, other: str) -> list[list[str]]:
    """The rows with the least of each marked, and the other cells of the columns that have such marks."""
    columns = {column for _, column in sheet.least}
    return [
        [
            (least if (number, place) in sheet.least else other).format(cell) if place in columns else cell
            for place, cell in enumerate(row)
        ]
        for number, row in enumerate(sheet.rows)
    ]


def marked_heads(sheet: Sheet) -> list[str]:
    """The headings, with room for the marks where their columns have some."""
    columns = {column for _, column in sheet.least}
    return [field.heading + "  " * (place in columns) for place, field in enumerate(sheet.fields)]


def _joined(parts: Iterable[list[str]], charset: Charset) -> str:
    """Paragraphs with a blank line between them; tables are fitted already, and stay as they are."""
    return "\n\n".join("\n".join(map(charset, lines)) for lines in parts if lines) + "\n"
