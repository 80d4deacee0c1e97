"""What a spec becomes: nodes in file order, which is topological order, with their shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ..diagnostics import Diagnostic, Frame, Source, Span
from ..layers import Layer, Result
from ..records import Record
from ..spec.nodes import Require, Stmt
from ..values import Shape

#: Is told of every run of a layer line: the file, the line, and the shape that it ends in (None: unknown).
Observer: TypeAlias = "Callable[[Source, Stmt, Shape | None], None]"

#: The index of a tensor about which nothing is known, because something before it failed.
UNKNOWN = -1


class Step(Record):
    """One stage, head or block instance on the way to a layer: its unique name and what it is."""

    name: str
    what: str


class Context(Record):
    """What the layers of one body, run once, have in common: the stages and blocks around them, and the way there."""

    path: tuple[Step, ...]
    train: bool
    source: Source
    frames: tuple[Frame, ...]


class Node(Record):
    """One layer of the network, or one of its inputs (`kind` "input"). Its position is its output's index."""

    position: int
    name: str
    kind: str
    layer: Layer | None
    #: The positions of what it reads; one alone without a tuple around it, which a long network feels.
    reads: int | tuple[int, ...]
    output: Shape | None
    result: Result | None
    #: The node whose weights this one uses, counted there.
    owner: int | None
    context: Context
    #: Where it is written: its line, and columns from 0 in that.
    line: int
    start: int
    end: int

    @property
    def inputs(self) -> tuple[int, ...]:
        """The positions of the nodes that it reads; UNKNOWN where there is none."""
        reads = self.reads
        return (reads,) if isinstance(reads, int) else reads

    @property
    def path(self) -> tuple[Step, ...]:
        """The stages, heads and block instances that it stands in, outermost first."""
        return self.context.path

    @property
    def train(self) -> bool:
        """Whether it stands in a head that only training runs."""
        return self.context.train

    @property
    def source(self) -> Source:
        """The file in which it is written."""
        return self.context.source

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The calls and rounds that led to it."""
        return self.context.frames

    @property
    def span(self) -> Span:
        """Where it is written."""
        return Span(self.source, self.line, self.start + 1, self.end + 1)


class Port(Record):
    """An output of the network; `node` may be UNKNOWN."""

    name: str
    node: int
    train: bool


class Extent(Record):
    """The layers that a name stands for: a named line, a stage or a head, from `first` up to but without `last`."""

    first: int
    last: int
    output: int


class Requirement(Record):
    """A ``require`` line, to be judged by `cnncalc check`."""

    node: Require
    span: Span


class Outcome:
    """What became of one ``-> SHAPE``: of its first run that is not as expected, else of its first run."""

    __slots__ = ("constant", "got", "ok", "span")

    def __init__(self, span: Span, constant: bool, got: Shape | None, ok: bool) -> None:
        self.span = span
        #: Whether it says the same at whatever values of the variables.
        self.constant = constant
        self.got = got
        self.ok = ok


class Network:
    """A spec, built: `nodes` has its inputs and layers in file order."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.title: str | None = None
        self.layout = "chw"
        self.nodes: list[Node] = []
        self.outputs: list[Port] = []
        self.extents: dict[str, Extent] = {}
        self.variables: dict[str, object] = {}
        #: Blocks only, to be used by other files.
        self.library = False
        self.requirements: list[Requirement] = []
        #: The blanks, ``-> ____``, of lines that run, each once.
        self.blanks: list[Span] = []
        #: What became of each ``->`` that was reached, by its file, line and column.
        self.arrows: dict[tuple[int, int, int], Outcome] = {}
        self.diagnostics: tuple[Diagnostic, ...] = ()
        #: Whether an expression or argument of the spec took a size of a tensor other than a map's channels.
        self.sized = False
        #: Whether an ``# allow:`` comment silences a diagnostic.
        self.allows: Callable[[Diagnostic], bool] = lambda one: False
        #: Builds the spec once more, with other arguments of :func:`build` (`inputs`, `revise`).
        self.again: Callable[..., Network] | None = None

    def weights(self, node: Node) -> tuple[tuple[str, Shape], ...]:
        """The learned tensors of a node by name, with their shapes; none of a node that is not known."""
        shapes = [self.nodes[index].output for index in node.inputs if index >= 0]
        if node.layer is None or node.output is None or node.result is None or None in shapes:
            return ()
        return node.layer.weights(tuple(shape for shape in shapes if shape is not None), node.output)

    @property
    def inputs(self) -> list[Node]:
        """The inputs of the network."""
        return [node for node in self.nodes if node.kind == "input"]

    @property
    def layers(self) -> Iterator[Node]:
        """The layers, those of train heads included."""
        return (node for node in self.nodes if node.kind != "input")
