"""The kinds of layer, from their own declarations: all in a table, or one in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...convert.lookup import names
from ...render import json, markdown
from ...render.grid import Field, Grid
from ...render.text import Charset

if TYPE_CHECKING:
    from ...layers import Layer

    Kind = type[Layer]

_WIDTH = 80
_FRAMEWORKS = (("PyTorch", "torch"), ("Keras", "keras"), ("ONNX", "onnx"))

#: Headings, then rows.
Sheet = list[list[str]]


def signature(kind: Kind) -> str:
    """The arguments as one writes them: `FILTERS [KERNEL] stride=1 pad=0 …`; brackets mean optional."""
    words = []
    for arg in kind.args:
        if arg.position is not None:
            words.append(arg.name.upper() if arg.required else f"[{arg.name.upper()}]")
        else:
            free = "@NAME" if arg.sort == "tensor" else arg.sort.upper()
            words.append(f"{arg.name}={arg.default_text or free}")
    return " ".join(words)


def all_of(kinds: Iterable[Kind]) -> Sheet:
    """A row a kind."""
    rows = [[kind.kind, ", ".join(kind.aliases), signature(kind), kind.summary] for kind in kinds]
    return [["kind", "also", "arguments", "meaning"], *rows]


def arguments_of(kind: Kind) -> Sheet:
    """A row an argument of one kind."""
    rows = []
    for arg in kind.args:
        default = "required" if arg.required else arg.default_text or "-"
        rows.append([arg.name, default, ", ".join(arg.synonyms), arg.about])
    return [["argument", "default", "also", "meaning"], *rows]


def plain(sheet: Sheet, charset: Charset) -> str:
    """The sheet, aligned and uncut."""
    rows = [[charset(cell) for cell in row] for row in sheet]
    grid = Grid([Field(heading) for heading in rows[0]], rows[1:])
    return "".join(line + "\n" for line in grid.lines())


def table(sheet: Sheet, charset: Charset, room: int) -> str:
    """The sheet of all kinds on a terminal: the columns that fit, the last of them wrapped if it must be."""
    order = [0, 2, 1, 3]
    rows = [[charset(row[place]) for place in order] for row in sheet]
    grid = Grid([Field(heading) for heading in rows[0]], rows[1:])
    shown = len(order)
    while shown > 2 and room and sum(grid.widths[:shown]) + 2 * shown > room:
        shown -= 1
    lines = []
    for row in rows:
        first, *more = _wrapped(row[1], room - grid.widths[0] - 2) if room and shown == 2 else [row[1]]
        if shown < len(order) and row is not rows[0]:  # no room for the columns: they stand below
            said = " ".join(filter(None, (row[3], f"Also: {row[2]}." if row[2] and shown == 2 else "")))
            more += _wrapped(said, room - grid.widths[0] - 4, indent="  ")
        lines.append(grid.line([row[0], first, *row[2:]], range(shown)))
        lines += [" " * (grid.widths[0] + 2) + line for line in more]
    lines += ["", "'cnncalc layers KIND' says all about one"]
    return "".join(line + "\n" for line in lines)


def as_markdown(sheet: Sheet, charset: Charset) -> str:
    """The sheet as a Markdown table."""
    rows = [[charset(markdown.escaped(cell)) for cell in row] for row in sheet]
    return "\n".join(markdown.table(rows, [False] * len(rows[0]))) + "\n"


def as_csv(sheet: Sheet) -> str:
    """The sheet as CSV."""
    import csv
    from io import StringIO

    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(sheet)
    return out.getvalue()


def as_json(kinds: Iterable[Kind], ascii_only: bool = False) -> str:
    """Every declaration, whole, as the JSON document of `cnncalc layers`."""
    layers = [_declared(kind) for kind in kinds]
    document = {"version": 1, "command": "layers", "layers": layers, "diagnostics": []}
    return json.render(document, ascii_only)


def _declared(kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.kind,
        "aliases": list(kind.aliases),
        "summary": kind.summary,
        "rule": kind.rule,
        "example": kind.example,
        "arguments": [
            {
                "name": arg.name,
                "position": arg.position,
                "required": arg.required,
                "default": arg.default_text or None,
                "type": arg.sort,
                "synonyms": list(arg.synonyms),
                "about": arg.about,
            }
            for arg in kind.args
        ],
        "learns": kind.learns,
        **{framework: list(names(kind.kind, framework)) for framework in ("torch", "keras", "onnx")},
        "remarks": list(kind.remarks),
    }


def detail(kind: Kind, charset: Charset) -> str:
    """All about one kind, in 80 columns: how it is written, its arguments, output, and names elsewhere."""
    lines = [*_wrapped(f"{kind.kind} {signature(kind)}", _WIDTH), ""]
    lines += [f"  {line}" for line in _wrapped(kind.summary, _WIDTH - 2)]
    if kind.args:
        lines += ["", *_argument_lines(kind)]
    lines.append("")
    for label, texts in (
        ("output", [kind.rule]),
        ("example", [kind.example] if kind.example else []),
        ("also", _listed(kind.aliases)),
        *((label, _listed(names(kind.kind, framework))) for label, framework in _FRAMEWORKS),
        ("note", kind.remarks),
    ):
        lines += _labelled(label, texts)
    return "".join(charset(line) + "\n" for line in lines)


def _listed(words: Sequence[str]) -> list[str]:
    return [", ".join(words)] if words else []


def _argument_lines(kind: Kind) -> Iterator[str]:
    rows = arguments_of(kind)
    grid = Grid([Field(heading) for heading in rows[0]], rows[1:])
    indent = 2 + sum(grid.widths[:-1]) + 2 * (len(grid.widths) - 1)
    for row in rows:
        first, *more = _wrapped(row[-1], _WIDTH - indent)
        yield "  " + grid.line([*row[:-1], first], range(len(row)))
        for text in more:
            yield " " * indent + text


def _labelled(label: str, texts: Sequence[str]) -> Iterator[str]:
    """The texts, wrapped, behind a label of ten columns."""
    for text in texts:
        for line in _wrapped(text, _WIDTH - 12):
            yield f"  {label:<10}{line}".rstrip()
            label = ""


def _wrapped(text: str, room: int, indent: str = "") -> list[str]:
    from textwrap import wrap

    lines = wrap(text, max(room, 20), break_long_words=False, break_on_hyphens=False) or [""]
    return [indent + line for line in lines]
