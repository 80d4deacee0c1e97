"""`cnncalc diff` on a terminal, in a pipe, in a pull request and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...document import figures
from ...render import markdown
from ...render.grid import GAP, Field, Grid
from ...render.terminal import MARGIN, Line, drawn
from ...render.text import Charset, Screen, pad, width
from . import words
from .facts import ADDED, AFFECTED, CHANGED, EQUAL, MOVED, REMOVED, RENAMED, Diff
from .rows import Row, left, rows

_STYLES = {ADDED: "green", REMOVED: "red", CHANGED: "yellow", MOVED: "cyan", AFFECTED: "dim", RENAMED: "dim",
           EQUAL: "dim"}  # fmt: skip
_TOTALS = (Field(""), Field("old", True), Field("new", True), Field("difference", True), Field("", True))
_LAYERS = (Field(""), Field("layer", elastic=True), Field("what", elastic=True), Field("output", elastic=True),
           Field("params", True), Field("MACs", True))  # fmt: skip
_WHAT, _OUTPUT = 2, 3
#: A name has so much room before what differs; a longer one has a line of its own.
_NAME = 14
#: No text is wrapped to less.
_LEAST = 12
#: A pull request's comment: rows that stand open, and the most characters of its table (GitHub takes 65,536).
_OPEN, _COMMENT = 12, 50_000


def _cells(row: Row, dot: str = "·") -> list[str]:
    numbers = [dot if delta == 0 else words.signed(delta) for delta in (row.params, row.macs)]
    return [row.status, row.name, row.text, row.output, *numbers]


# --- text ---------------------------------------------------------------------------------------------


def plain(diff: Diff, charset: Charset, whole: bool = False) -> str:
    """Aligned text, complete and uncut."""
    parts = [[charset(words.title(diff)), charset(words.headline(diff))], [*map(charset, words.remarks(diff))]]
    if not diff.equal:
        parts.insert(1, _grid(_TOTALS, words.total_rows(diff), charset).lines())
    found = rows(diff, whole)
    if found:
        parts.append(_grid(_LAYERS, [_cells(row) for row in found], charset).lines())
    if not whole and not diff.equal:
        parts.append([*map(charset, left(diff))])
    return "\n\n".join("\n".join(line.rstrip() for line in part) for part in parts if part) + "\n"


def _grid(fields: Sequence[Field], cells: Sequence[Sequence[str]], charset: Charset) -> Grid:
    return Grid(fields, [[charset(cell) for cell in row] for row in cells])


def table(diff: Diff, screen: Screen, whole: bool = False) -> str:
    """The same for a terminal: in colour, and within its width."""
    lines: list[Line] = [*_sentence(words.title(diff), screen, "bold"), *_sentence(words.headline(diff), screen)]
    if not diff.equal:
        lines += [[], *_total_lines(diff, screen)]
    remarks = words.remarks(diff)
    lines += [[]] if remarks else []
    for text in remarks:
        lines += _sentence(text, screen)
    found = rows(diff, whole)
    if found:
        lines += [[], *_layer_lines(found, screen)]
    said = [] if whole or diff.equal else left(diff)
    lines += [[]] if said else []
    for text in said:
        lines += _sentence(text, screen, "dim")
    return drawn(lines, screen.color)


def _sentence(text: str, screen: Screen, style: str = "") -> Iterator[Line]:
    for part in _wrapped(screen.charset(text), screen.width):
        yield [(part, style)]


def _wrapped(text: str, room: int) -> list[str]:
    """The lines of a text; a word that is longer than one is broken."""
    from textwrap import wrap

    return (wrap(text, max(room, _LEAST), break_on_hyphens=False) if room else [text]) or [""]


def _total_lines(diff: Diff, screen: Screen) -> Iterator[Line]:
    """The measures in columns, or where those do not fit, each in a sentence."""
    cells = words.total_rows(diff)
    grid = _grid(_TOTALS, cells, screen.charset)
    narrow = 0 < screen.width < len(MARGIN) + sum(grid.widths) + len(GAP) * (len(_TOTALS) - 1)
    places = range(len(_TOTALS))
    if not narrow:
        yield [(MARGIN + grid.line([field.heading for field in _TOTALS], places), "dim")]
    for row, shown in zip(cells, grid.rows, strict=True):
        style = "dim" if row[3] == "=" else "red" if row[3] == figures.UNKNOWN else ""
        lines = _wrapped(_in_words(shown, screen), screen.width - len(MARGIN)) if narrow else [grid.line(shown, places)]
        yield from ([(MARGIN + line, style)] for line in lines)


def _in_words(cells: Sequence[str], screen: Screen) -> str:
    """`parameters 33,642 → 75,658, +42,016, +125 %`."""
    heading, old, new, *changes = cells
    arrow = screen.charset(" → ")
    return ", ".join([f"{heading} {old}{arrow}{new}", *filter(None, changes)])


def _layer_lines(found: Sequence[Row], screen: Screen) -> Iterator[Line]:
    """A line a row where all of them fit; else the shapes and numbers stand below what differs, wrapped."""
    grid = _grid(_LAYERS, [_cells(row) for row in found], screen.charset)
    room = screen.width - len(MARGIN) if screen.width else 0
    taken = sum(grid.widths) + len(GAP) * (len(_LAYERS) - 1)
    if room and taken > room:
        for row, cells in zip(found, grid.rows, strict=True):
            yield from _stacked(row, cells, grid, room)
        return
    yield [(MARGIN + grid.line([field.heading for field in _LAYERS], range(len(_LAYERS))), "dim")]
    for row, cells in zip(found, grid.rows, strict=True):
        yield _styled(row, [grid.cell(cells, place, "") for place in range(len(_LAYERS))])


def _stacked(row: Row, cells: Sequence[str], grid: Grid, room: int) -> Iterator[Line]:
    """One row on several lines: what differs, below it the shapes and the numbers with their units; nothing is cut."""
    indent = grid.widths[0] + len(GAP)
    name = min(grid.widths[1], _NAME, max(room // 4, 8))
    wide = width(cells[1]) > name
    first = "" if wide else pad(cells[1], name) + GAP
    free = max(room - indent - name - len(GAP), _LEAST)
    texts = _wrapped(cells[_WHAT], free)
    lines = [cells[1]] if wide else [first + texts.pop(0)]
    behind = " " * (name + len(GAP))
    lines += [behind + text for text in texts]
    numbers = [f"{cell} {unit}" for cell, unit in zip(cells[_OUTPUT + 1 :], ("params", "MACs"), strict=True)]
    figured = GAP.join(number for number in numbers if row.status != EQUAL and number[0] in "+-−?")
    shapes = cells[_OUTPUT]
    if width(shapes) + len(GAP) + width(figured) <= free:
        lines.append(behind + shapes + (figured.rjust(free - width(shapes)) if figured else ""))
    else:
        lines += [behind + text for text in (*_wrapped(shapes, free), *_wrapped(figured, free))]
    yield _styled(row, [pad(cells[0], grid.widths[0]), lines[0]])
    for line in lines[1:]:
        yield [((MARGIN + " " * indent + line).rstrip(), "dim" if _STYLES[row.status] == "dim" else "")]


def _styled(row: Row, cells: Sequence[str]) -> Line:
    style = _STYLES[row.status]
    rest = "dim" if style == "dim" else ""
    return [(MARGIN + cells[0], style), ((GAP + GAP.join(cells[1:])).rstrip(), rest)]


# --- Markdown -----------------------------------------------------------------------------------------


def as_markdown(diff: Diff, charset: Charset, whole: bool = False) -> str:
    """A comment on a pull request: the answer, the totals that changed, and the layers, folded where they are many."""
    answer = "; ".join(filter(None, (words.headline(diff), words.shares(diff))))
    parts = [[f"**{markdown.escaped(words.title(diff))}**"], [markdown.escaped(_sentence_case(answer))]]
    totals = words.total_rows(diff, changed=True)
    if totals:
        parts.append(_markdown_table(_TOTALS, totals))
    parts.append([f"- {markdown.escaped(text)}" for text in words.remarks(diff)])
    found = rows(diff, whole)
    if found:
        parts += _markdown_layers(found)
    if not whole and not diff.equal:
        parts.append([markdown.escaped(_sentence_case(text)) for text in left(diff)])
    return "\n\n".join("\n".join(charset(line) for line in part) for part in parts if part) + "\n"


def _sentence_case(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _markdown_layers(found: Sequence[Row]) -> Iterator[list[str]]:
    """The table of layers, in ``<details>`` where it is long, and cut where a comment could not hold it."""
    cells, size = [], 0
    for row in found:
        cells.append(_cells(row))
        size += sum(map(len, cells[-1])) + 20
        if size > _COMMENT:
            break
    lines = _markdown_table(_LAYERS, cells, aligned=len(cells) <= _OPEN)
    long = len(found) > _OPEN
    if long:
        yield ["<details>", f"<summary>{figures.quantity(len(found), 'row')} of layers</summary>"]
    yield lines
    if len(cells) < len(found):
        yield [f"and {figures.quantity(len(found) - len(cells), 'more row')}: 'cnncalc diff' shows them all"]
    if long:
        yield ["</details>"]


def _markdown_table(fields: Sequence[Field], cells: Sequence[Sequence[str]], aligned: bool = True) -> list[str]:
    heads = [markdown.escaped(field.heading) or " " for field in fields]
    rows = [heads, *([markdown.escaped(cell) for cell in row] for row in cells)]
    lines = markdown.table(rows, [field.right for field in fields])
    return lines if aligned else [_narrow(line) for line in lines]


def _narrow(line: str) -> str:
    """A line of a table without the blanks that align it."""
    from re import sub

    return sub(" {2,}", " ", line)


# --- CSV ----------------------------------------------------------------------------------------------

_COLUMNS = (
    "status", "layer", "old_layer", "kind", "change", "old_output", "output", "old_params", "params", "old_macs",
    "macs", "old_line", "line",
)  # fmt: skip


def csv(diff: Diff, whole: bool = False) -> str:
    """A row a layer that changed, nothing folded, exact numbers; `whole`: of every layer."""
    from csv import writer
    from io import StringIO

    out = StringIO()
    sheet = writer(out, lineterminator="\n")
    sheet.writerow(_COLUMNS)
    for row in rows(diff, whole=True):
        one = row.changes[0]
        if one.status == EQUAL and not whole:
            continue
        sides = [_side(side) for side in (one.old, one.new)]
        pairs = [cell for old, new in zip(*sides, strict=True) for cell in (old, new)]
        differs = "; ".join(
            f"{each.name} {each.old_text} -> {each.new_text}" for each in (*one.differences, *one.naming)
        )
        names = [side.name if side else "" for side in (one.new, one.old)]
        sheet.writerow([one.status, *names, one.row.kind, differs.replace("×", "x"), *pairs])
    return out.getvalue()


def _side(row: Any) -> list[Any]:
    if row is None:
        return [""] * 4
    shape = "" if row.output is None else "x".join(map(str, row.output))
    place = "" if row.line is None else f"{row.file}:{row.line}" if row.file else row.line
    return [shape, *("" if one is None else one for one in (row.params, row.macs)), place]
