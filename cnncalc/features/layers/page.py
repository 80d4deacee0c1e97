"""The kinds of layer, from their own declarations: all in a table, or one in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...convert.lookup import names
from ...document.parts import PAGE, PIPE, SCREEN, Document, Fact, Facts, Part, Sentences
from ...document.sheets import BELOW, WRAP, Column, Sheet, texts

if TYPE_CHECKING:
    from ...layers import Layer

    Kind = type[Layer]

#: The columns that all about a kind is set in.
_WIDTH = 80
#: Characters of a label.
_LABEL = 8
_FRAMEWORKS = {"PyTorch": "torch", "Keras": "keras", "ONNX": "onnx"}


def all_kinds(kinds: Iterable[Kind]) -> Document:
    """All kinds, a row each."""
    kinds = list(kinds)
    return Document(lambda medium: _kinds(kinds, medium), lambda: _data(kinds), lambda: _kinds_sheet(kinds))


def one_kind(kind: Kind) -> Document:
    """All about one kind."""
    return Document(
        lambda medium: _kind(kind, medium), lambda: _data([kind]), lambda: _arguments(kind), width=_WIDTH,
    )  # fmt: skip


def signature(kind: Kind) -> str:
    """The arguments as one writes them: `FILTERS [KERNEL] stride=1 pad=0 …`; brackets mean optional."""
    words = []
    for arg in kind.args:
        if arg.position is not None:
            words.append(arg.name.upper() if arg.required else f"[{arg.name.upper()}]")
        else:
            free = "@NAME" if _sort(arg) == "tensor" else arg.sort.upper()
            words.append(f"{arg.name}={arg.default_text or free}")
    return " ".join(words)


def _sort(arg: Any) -> str:
    """What sort of value an argument takes: one that enters the layer, or names what it undoes, is a tensor, too."""
    return "tensor" if arg.sort in ("entering", "named", "undone") else str(arg.sort)


def _columns(*names: str) -> list[Column]:
    return [Column(name, name) for name in names]


def _kinds(kinds: Iterable[Kind], medium: str) -> Iterator[Part]:
    if medium != SCREEN:
        yield _kinds_sheet(kinds)
        return
    yield _kinds_sheet(kinds, ("kind", "arguments", "also", "meaning"))._replace(narrow=BELOW)
    yield Sentences(["'cnncalc layers KIND' says all about one"])


def _kinds_sheet(kinds: Iterable[Kind], names: Sequence[str] = ("kind", "also", "arguments", "meaning")) -> Sheet:
    """A row a kind."""
    told = [{"kind": kind.kind, "also": ", ".join(kind.aliases), "arguments": signature(kind), "meaning": kind.summary}
            for kind in kinds]  # fmt: skip
    return texts(_columns(*names), [[row[name] for name in names] for row in told], inset=())


def _kind(kind: Kind, medium: str) -> Iterator[Part]:
    """How a kind is written, its arguments, output, and names elsewhere; on a page just its arguments."""
    if medium == PAGE:
        yield _arguments(kind)
        return
    yield Sentences([f"{kind.kind} {signature(kind)}"])
    yield Sentences([kind.summary], inset=True)
    if kind.args:
        yield _arguments(kind)
    others = {"also": kind.aliases}
    others |= {label: names(kind.kind, framework) for label, framework in _FRAMEWORKS.items()}
    facts = [
        Fact("output", [kind.rule]),
        Fact("example", [kind.example] if kind.example else []),
        *(Fact(label, [", ".join(words)] if words else []) for label, words in others.items()),
        Fact("note", kind.remarks),
    ]
    yield Facts([fact for fact in facts if fact.lines], _LABEL, hanging=False)


def _arguments(kind: Kind) -> Sheet:
    """A row an argument of one kind."""
    rows = []
    for arg in kind.args:
        default = "required" if arg.required else arg.default_text or "-"
        rows.append([arg.name, default, ", ".join(arg.synonyms), arg.about])
    return texts(_columns("argument", "default", "also", "meaning"), rows, narrow=WRAP, inset=(SCREEN, PIPE))


def _data(kinds: Iterable[Kind]) -> Mapping[str, Any]:
    """Every declaration, whole."""
    return {"version": 1, "command": "layers", "layers": [_declared(kind) for kind in kinds], "diagnostics": []}


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
                "type": _sort(arg),
                "synonyms": list(arg.synonyms),
                "about": arg.about,
            }
            for arg in kind.args
        ],
        "learns": kind.learns,
        **{framework: list(names(kind.kind, framework)) for framework in _FRAMEWORKS.values()},
        "remarks": list(kind.remarks),
    }
