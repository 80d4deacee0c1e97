"""Counts by convention: their columns, the lines below a table, what is said of gaps, and the tables themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..diagnostics import ERROR, NOTE, Diagnostic
from ..document import figures
from ..document.columns import NUMBER, Column, Value
from ..layers.measures import MEASURES, TRAITS
from ..measure.conventions import UNKNOWN, Convention, Rule, Tally
from . import json, markdown
from .grid import Field, Grid
from .terminal import MARGIN
from .text import Charset

if TYPE_CHECKING:
    from ..document.items import Item
    from ..measure.conventions import Gap

#: Names of layers that a message lists before it says how many more there are.
_NAMED = 5
#: The columns that the kinds of a rule get.
_KINDS = 28

#: Headings, then rows.
Sheet = list[list[str]]


def column(tally: Tally) -> Column:
    """The column of a convention: empty where the tool counts nothing, `?` where its number is not known."""

    def value(item: Item, _: str) -> Value:
        return _sum(tally, item)

    about = f"{tally.convention.unit}s as {tally.convention.tool} counts them"
    return Column(tally.name, tally.name, NUMBER, about, value, figures.grouped)


def _sum(tally: Tally, item: Item) -> Value:
    """The sum over the layers of a row; None where one is unknown, "" where none is counted."""
    found = [tally.of(layer.name) for layer in item.layers]
    if any(one is None or one.state == UNKNOWN for one in found):
        return None
    values = [one.value for one in found if one is not None and one.value is not None]
    return sum(values) if values else ""


def below(tallies: Iterable[Tally], charset: Charset, form: str) -> str:
    """The totals, a line each, to stand below the rows: `fvcore-0.1.5: 1,819,065,856 MACs`."""
    lines = [charset(f"{tally.name}: {figures.quantity(tally.total, tally.convention.unit)}") for tally in tallies]
    if form == "markdown":
        return "\n" + ", ".join(map(markdown.escaped, lines)) + "\n"
    margin = MARGIN if form == "table" else ""
    return "".join(f"{margin}{line}\n" for line in lines)


def _kind(gap: Gap) -> str:
    return f"{gap.kind} ({figures.quantity(len(gap.layers), 'layer')})"


def diagnostics(tallies: Iterable[Tally]) -> list[Diagnostic]:
    """A note for what a convention leaves out, an error for what it has no known number for."""
    found = []
    for tally in tallies:
        if tally.uncounted:
            gaps = figures.listed([_kind(gap) for gap in tally.uncounted])
            found.append(Diagnostic(NOTE, "uncounted", f"not counted by {tally.name}: {gaps}"))
        for gap in tally.unknown:
            message = f"the number of {tally.name} for {gap.kind} is not known here: {_names(gap.layers)}"
            more = f"'cnncalc conventions {tally.name}' says what it counts, and how"
            found.append(Diagnostic(ERROR, "count-unknown", message, help=more))
    return found


def _names(layers: Sequence[str]) -> str:
    more = len(layers) - _NAMED
    return ", ".join(layers[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def add(document: dict[str, Any], tallies: Sequence[Tally]) -> None:
    """Puts the counts into the JSON document of `cnncalc shapes`: of each layer, the totals, and the gaps."""
    for entry in document["layers"]:
        said = [(tally.name, tally.of(entry["name"])) for tally in tallies]
        entry["counts"] = {name: None if one is None else one.value for name, one in said}
    document["totals"]["counts"] = {tally.name: tally.total for tally in tallies}
    document["uncounted"] = [
        {"convention": tally.name, "kind": gap.kind, "layers": list(gap.layers), "reason": gap.reason}
        for tally in tallies
        for gap in (*tally.uncounted, *tally.unknown)
    ]
    errors = [one.to_dict() for one in diagnostics(tallies) if one.severity == ERROR]
    document["diagnostics"] = [*document["diagnostics"], *errors]


# --- the tables themselves ------------------------------------------------------------------------------------------


def overview(conventions: Iterable[Convention]) -> Sheet:
    """A row a convention."""
    rows = [[one.name, one.unit, f"{one.tool} {one.version}".rstrip(), one.about] for one in conventions]
    return [["convention", "unit", "tool", "counts"], *rows]


def rows(convention: Convention) -> Sheet:
    """A row a rule, kinds with the same rules together."""
    kinds: dict[tuple[Rule, ...], list[str]] = {}
    for kind, rules in convention.table.items():
        kinds.setdefault(rules, []).append(kind)
    found = [["kinds", "number", "where"]]
    for rules, names in kinds.items():
        label = " ".join(names)
        for place, rule in enumerate(rules):
            otherwise = "else" if place else ""
            where = " and ".join(TRAITS[trait] for trait in rule.when) or otherwise
            found.append([label if not place else "", rule.text, where])
    return found


def legend(convention: Convention) -> list[str]:
    """What the measures in the table are, and the words that stand for no number."""
    rules = [rule for rules in convention.table.values() for rule in rules]
    used = dict.fromkeys(measure for rule in rules for _, measure in rule.terms)
    lines = [f"{measure}: {MEASURES[measure]}" for measure in MEASURES if measure in used]
    words = {
        "uncounted": "the tool silently adds nothing, and the total stands without it",
        "unknown": "the tool's number is no function of the layer, or not known; the total is not known either",
    }
    return lines + [f"{word}: {about}" for word, about in words.items() if any(rule.state == word for rule in rules)]


def plain(sheet: Sheet, charset: Charset) -> str:
    """The sheet, aligned and uncut."""
    cells = [[charset(cell) for cell in row] for row in sheet]
    grid = Grid([Field(heading) for heading in cells[0]], cells[1:])
    return "".join(line + "\n" for line in grid.lines())


def wrapped(sheet: Sheet, charset: Charset, room: int) -> str:
    """The sheet in `room` columns, the last column broken between words."""
    from textwrap import wrap

    cells = [[charset(cell) for cell in row] for row in sheet]
    grid = Grid([Field(heading) for heading in cells[0]], cells[1:])
    indent = sum(grid.widths[:-1]) + 2 * (len(grid.widths) - 1)
    lines = []
    for row in cells:
        first, *more = wrap(row[-1], max(room - indent, 20)) if room else [row[-1]]
        lines.append(grid.line([*row[:-1], first or ""], range(len(row))))
        lines += [" " * indent + line for line in more]
    return "".join(line + "\n" for line in lines)


def detail(convention: Convention, charset: Charset, room: int) -> str:
    """All about one: what it is, its source, its rules, and what the measures are."""
    return "\n".join(
        [
            *_head(convention, charset, room),
            "",
            plain(_narrow(rows(convention)), charset),
            *(charset(line) for line in legend(convention)),
            "",
        ]
    )


def _narrow(sheet: Sheet) -> Sheet:
    """The sheet with its kinds broken into lines of a few."""
    from textwrap import wrap

    found = [sheet[0]]
    for kinds, *cells in sheet[1:]:
        lines = wrap(kinds, _KINDS)
        found.append([lines[0] if lines else "", *cells])
        found += [[line, *[""] * len(cells)] for line in lines[1:]]
    return found


def _head(convention: Convention, charset: Charset, room: int) -> Iterator[str]:
    from textwrap import wrap

    tool = f"{convention.tool} {convention.version}".rstrip()
    yield f"{convention.name}   {tool}, in {convention.unit}s"
    for text in (convention.about, f"source: {convention.source}"):
        yield from map(charset, wrap(text, room, break_long_words=False, break_on_hyphens=False) if room else [text])


def as_markdown(sheet: Sheet, charset: Charset) -> str:
    """The sheet as a Markdown table."""
    cells = [[charset(markdown.escaped(cell)) for cell in row] for row in sheet]
    return "\n".join(markdown.table(cells, [False] * len(cells[0]))) + "\n"


def as_json(conventions: Iterable[Convention], ascii_only: bool = False) -> str:
    """Every convention, whole, as the JSON document of `cnncalc conventions`."""
    declared = [_declared(one) for one in conventions]
    document = {"version": 1, "command": "conventions", "conventions": declared, "diagnostics": []}
    return json.render(document, ascii_only)


def _declared(convention: Convention) -> dict[str, Any]:
    return {
        "name": convention.name,
        "tool": convention.tool,
        "tool_version": convention.version or None,
        "unit": convention.unit,
        "source": convention.source,
        "about": convention.about,
        "counts": {
            kind: [
                {"when": list(rule.when), "state": rule.state, "terms": {name: factor for factor, name in rule.terms}}
                for rule in rules
            ]
            for kind, rules in convention.table.items()
        },
    }
