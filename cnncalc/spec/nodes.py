"""The syntax tree of a spec. Columns are offsets into the line's content, after its indentation; a name that is
not the first word starts at its `name_at`.

Nodes hold no line number: equal lines share one node, which is what makes long, repetitive specs cheap.
A :class:`Stmt` puts a node on a line and gives it a body.
"""

from __future__ import annotations

from typing import TypeAlias

from ..diagnostics import Source, Span
from ..records import Record, make
from .trees import (
    Chain,
    Every,
    Expr,
    FlagTree,
    FunctionCall,
    Hole,
    ListTree,
    Name,
    Num,
    PairTree,
    Power,
    Ref,
    SizeTree,
    Unary,
)  # fmt: skip

# --- parts of lines ---------------------------------------------------------------------------------


class Arg(Record):
    """An argument of an element; `key` is None for a positional one. `constant`: needs no variable."""

    key: str | None
    value: Expr
    text: str
    constant: bool
    start: int
    end: int


class Element(Record):
    """A layer or block with its arguments, ``@name`` (`ref`), or a call `pasted` from Python code."""

    __slots__ = ()  # of lines that all differ there are many: no room for a __dict__

    name: str
    args: tuple[Arg, ...]
    constant: bool
    start: int
    end: int
    ref: Ref | None = None
    pasted: str | None = None


class Arrow(Record):
    """``-> SHAPE``."""

    value: Expr
    constant: bool
    start: int
    end: int


class Param(Record):
    """A parameter of a block; `tensor` for ``@name``."""

    name: str
    tensor: bool
    default: Expr | None
    start: int
    end: int


# --- statements -------------------------------------------------------------------------------------


class Line(Record):
    """``[NAME =] element | element -> SHAPE``; without elements an arrow alone. `names`: of several results."""

    __slots__ = ()

    name: str | None
    elements: tuple[Element, ...]
    arrow: Arrow | None
    start: int
    end: int
    names: tuple[Name, ...] = ()


class Merge(Record):
    """``[NAME =] concat:`` over the paths of its body."""

    name: str | None
    element: Element
    start: int
    end: int


class Path(Record):
    """One ``-`` of a merge."""

    start: int
    end: int


class Repeat(Record):
    """``repeat N as i:``; or over `values`, ``repeat 3, 5, 7 as k:``: then there is no number of rounds."""

    rounds: Expr | None
    variable: str | None
    name_at: int
    start: int
    end: int
    values: tuple[Expr, ...] = ()


class If(Record):
    """An ``if`` with its ``elif`` and ``else``; the body holds the branches."""

    start: int
    end: int


class Branch(Record):
    """One branch; `condition` is None for ``else``."""

    condition: Expr | None
    start: int
    end: int


class Stage(Record):
    """``stage NAME:``."""

    name: str
    name_at: int
    start: int
    end: int


class Head(Record):
    """``head NAME [train]:``."""

    name: str
    train: bool
    name_at: int
    start: int
    end: int


class Block(Record):
    """``block NAME(params):``."""

    name: str
    params: tuple[Param, ...]
    name_at: int
    start: int
    end: int


class Let(Record):
    """``let NAME = EXPR``."""

    name: str
    value: Expr
    name_at: int
    start: int
    end: int


class Default(Record):
    """``default KIND … key=value …``."""

    kinds: tuple[Name, ...]
    args: tuple[Arg, ...]
    start: int
    end: int


class Dtype(Record):
    """``dtype int8``, ``dtype weights=int8 biases=int32``: the types that are `given`, by part."""

    given: tuple[tuple[str, str], ...]
    start: int
    end: int


class Require(Record):
    """``require EXPR "message"``; `text` is the expression as written."""

    condition: Expr
    text: str
    message: str | None
    start: int
    end: int


class Model(Record):
    """``model TEXT``."""

    title: str
    start: int
    end: int


class Layout(Record):
    """``layout chw`` or ``layout hwc``."""

    word: str
    start: int
    end: int


class Use(Record):
    """``use FILE``."""

    path: str
    start: int
    end: int


class Input(Record):
    """``[NAME =] input SHAPE``."""

    name: str | None
    value: Expr
    text: str
    start: int
    end: int


class Output(Record):
    """``output @a @b``."""

    refs: tuple[Ref, ...]
    start: int
    end: int


class Freeze(Record):
    """``freeze NAME …``."""

    names: tuple[Name, ...]
    start: int
    end: int


class Broken(Record):
    """A line that could not be read. What it would have made is unknown: `names` of tensors or a `variable`."""

    names: tuple[Name, ...]
    variable: str | None
    layer: bool
    start: int
    end: int


Node: TypeAlias = (
    Line | Merge | Path | Repeat | If | Branch | Stage | Head | Block | Let | Default | Require | Model
    | Layout | Dtype | Use | Input | Output | Freeze | Broken
)  # fmt: skip


class Stmt(Record):
    """A node on a line: `indent` is where its content starts (0-based column)."""

    node: Node
    line: int
    indent: int
    body: tuple[Stmt, ...] = ()

    def span(self, source: Source, start: int, end: int) -> Span:
        """Columns `start` to `end` of its content, in the file `source` where it stands."""
        return make(Span, (source, self.line, self.indent + start + 1, self.indent + max(end, start + 1) + 1))


class Program(Record):
    """A parsed file; `allow_file` and `allow_lines` are its ``# allow:`` comments.

    `others` are the statements of `body` that are no layer lines: those that most passes look for.
    """

    body: list[Stmt]
    others: tuple[Stmt, ...]
    allow_file: frozenset[str]
    allow_lines: dict[int, frozenset[str]]


__all__ = [
    "Arg", "Arrow", "Block", "Branch", "Broken", "Chain", "Default", "Dtype", "Element", "Every", "Expr",
    "FlagTree", "Freeze", "FunctionCall", "Head", "Hole", "If", "Input", "Layout", "Let", "Line", "ListTree", "Merge",
    "Model", "Name", "Node", "Num", "Output", "PairTree", "Param", "Path", "Power", "Program", "Ref", "Repeat",
    "Require", "SizeTree", "Stage", "Stmt", "Unary", "Use",
]  # fmt: skip
