"""Text -> the same text in the one layout that specs have: blanks change, nothing else.

- Bodies are four columns deeper than their header; a path is ``- ``, with its further lines under its first.
- Comments on lines of their own stand where the line below starts, or the body that they close.
- Words are one blank apart, comparisons and the ``=`` of a name or variable between blanks, ``|`` and ``->`` too; in
  parentheses a blank follows each comma. Quotes, titles, names of files and the text of comments stay as they are.
- Between two blank lines the arrows stand in one column, and the comments behind lines in one (`columns`).
- At most one blank line in a row, none at the start or the end; no blanks at the end of a line. Lines end as the
  first does, with LF or CR LF, the last one too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from ...diagnostics import ERROR, Source, SpecError
from ...records import Record
from ...spec.columns import Piece, columns, joined
from ...spec.nodes import If, Node, Path, Program, Stmt
from ...spec.other_text import recognized
from ...spec.parser import parse
from ...spec.spacing import BLANKS, comment_cut, spaced

#: Columns that a tab may have stood for.
_TABS = (8, 4, 2)
INDENT = 4
DASH = 2


def format_source(source: Source) -> str:
    """The text of `source`, without a byte-order mark, formatted. Raises SpecError at syntax errors.

    Tabs in the indentation become blanks, where all usual widths of a tab that make a spec of it make the same.
    """
    if any("\t" in _indentation(line) for line in source.lines):
        found = {text for text in map(partial(_untabbed, source), _TABS) if text is not None}
        if len(found) == 1:
            return found.pop()
    return _formatted(source)


def _indentation(line: str) -> str:
    """The blanks that a line starts with, and those behind the dash of a path."""
    return line[: len(line) - len(line.lstrip(f"{BLANKS}-"))]


def _untabbed(source: Source, width: int) -> str | None:
    """The formatted text where a tab is so wide; None where that is no spec."""
    lines = (_indentation(line).expandtabs(width) + line[len(_indentation(line)) :] for line in source.text.split("\n"))
    try:
        return _formatted(Source(source.name, "\n".join(lines)))
    except SpecError:
        return None


def _formatted(source: Source) -> str:
    program, diagnostics = parse(source)
    if any(diagnostic.severity == ERROR for diagnostic in diagnostics):
        other = recognized(source)
        raise SpecError([other] if other else diagnostics)
    lines = list(_lines(source, _places(program)))
    head = source.text[: source.text.find("\n")]
    end = "\r\n" if head.endswith("\r") and "\n" in source.text else "\n"
    return "".join(line + end for line in lines)


class _Place(Record):
    """Where a line starts, old and new, and what stands there: a dash, a node or both."""

    old: int
    new: int
    dash: bool
    node: Node | None
    #: The old column of the node.
    text: int


def _places(program: Program) -> dict[int, _Place]:
    """The places of all lines that say something, by number."""
    found: dict[int, _Place] = {}
    todo: list[tuple[Iterable[Stmt], int]] = [(program.body, 0)]
    while todo:
        body, indent = todo.pop()
        for stmt in body:
            if isinstance(stmt.node, If):
                todo.append((stmt.body, indent))
                continue
            if isinstance(stmt.node, Path):
                found[stmt.line] = _Place(stmt.indent, indent, True, None, stmt.indent)
                todo.append((stmt.body, indent + DASH))
                continue
            old, new, dash = found[stmt.line][:3] if stmt.line in found else (stmt.indent, indent, False)
            found[stmt.line] = _Place(old, new, dash, stmt.node, stmt.indent)
            if stmt.body:
                todo.append((stmt.body, indent + INDENT))
    return found


# --- lines ------------------------------------------------------------------------------------------


def _lines(source: Source, places: dict[int, _Place]) -> Iterator[str]:
    """The formatted lines without their ends."""
    pieces: list[Piece] = []
    margins = _margins(source, places)
    cache: dict[tuple[str, type], tuple[str, str]] = {}
    started = False
    for number, text in enumerate(source.lines, 1):
        code, comment = comment_cut(text)
        place = places.get(number)
        if place is not None:
            pieces.append(_piece(code, comment, place, cache))
        elif comment:
            pieces.append(Piece("", "", " " * margins[number] + comment))
        elif pieces:
            yield from _paragraph(pieces, started)
            pieces, started = [], True
    if pieces:
        yield from _paragraph(pieces, started)


def _paragraph(pieces: list[Piece], after: bool) -> Iterator[str]:
    """The lines of a paragraph, a blank one before them where it comes `after` another."""
    if after:
        yield ""
    arrow, comment = columns(pieces)
    for piece in pieces:
        yield joined(piece, arrow, comment)


def _piece(code: str, comment: str, place: _Place, cache: dict[tuple[str, type], tuple[str, str]]) -> Piece:
    """The parts of a line that stands at `place`."""
    lead = " " * place.new
    if place.node is None:
        return Piece(lead + "-", "", comment)
    content = code[place.text :]
    key = (content, type(place.node))
    parts = cache.get(key)
    if parts is None:
        parts = cache[key] = spaced(content, place.node)
    return Piece(lead + "- " * place.dash + parts[0], parts[1], comment)


# --- comments on lines of their own -----------------------------------------------------------------


def _margins(source: Source, places: dict[int, _Place]) -> dict[int, int]:
    """The new columns of the comments on lines of their own, by line.

    One stands where the line below it starts. Where that closes bodies, it belongs to the deepest of them that it does
    not stand left of.
    """
    margins: dict[int, int] = {}
    levels: list[tuple[int, int]] = []
    waiting: list[tuple[int, int]] = []
    for number, text in enumerate(source.lines, 1):
        place = places.get(number)
        if place is None:
            bare = text.lstrip(BLANKS)
            if bare:
                waiting.append((number, len(text) - len(bare)))
            continue
        for line, column in waiting:
            margins[line] = _margin(column, levels, place.old, place.new)
        waiting.clear()
        while levels and levels[-1][0] >= place.old:
            levels.pop()
        levels.append((place.old, place.new))
        if place.dash and place.node is not None:
            levels.append((place.text, place.new + DASH))
    for line, column in waiting:
        margins[line] = _margin(column, levels, 0, 0)
    return margins


def _margin(column: int, levels: list[tuple[int, int]], old: int, new: int) -> int:
    """Where a comment goes that stood in `column`, below open `levels` and above a line moved from `old` to `new`."""
    for start, moved in reversed(levels):
        if start <= old:
            break
        if start <= column:
            return moved
    return new
