"""A network: nodes in topological order, with their shapes. It knows nothing of what it was read from but places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from ..diagnostics import Diagnostic, Frame, NamedPlace, Source, Span
from ..layers import KINDS, Layer, Result
from ..records import Record
from ..values import Shape
from .writing import Writable

if TYPE_CHECKING:
    from .read_from import Allocations, SourceModule

#: The index of a tensor about which nothing is known, because something before it failed.
UNKNOWN = -1
#: The kind of a node that is an input.
INPUT = "input"


#: Where something stands: in a line, under a name, or nowhere.
Location: TypeAlias = "Span | NamedPlace | None"


class Step(Record):
    """One stage, head or block instance on the way to a layer: its unique name and what it is."""

    name: str
    what: str


class Context(Record):
    """What the layers of one body, run once, have in common: the stages and blocks around them, and the way there."""

    path: tuple[Step, ...] = ()
    train: bool = False
    frames: tuple[Frame, ...] = ()
    #: Whether their weights are not trained.
    frozen: bool = False


class Node(Record):
    """One layer of the network, or one of its inputs (`kind` INPUT). Its position is its output's index.

    A layer with several results is as many nodes, one behind the other: the first has its name, others are `further`.
    """

    position: int
    name: str
    kind: str
    layer: Layer | None
    #: The positions of the nodes that it reads; UNKNOWN where there is none.
    inputs: tuple[int, ...]
    output: Shape | None
    result: Result | None
    #: The node whose weights this one uses, counted there.
    owner: int | None
    context: Context
    location: Location

    @property
    def path(self) -> tuple[Step, ...]:
        """The stages, heads and block instances that it stands in, outermost first."""
        return self.context.path

    @property
    def train(self) -> bool:
        """Whether it stands in a head that only training runs."""
        return self.context.train

    @property
    def frozen(self) -> bool:
        """Whether its weights are not trained."""
        return self.context.frozen

    @property
    def further(self) -> bool:
        """Whether it is a further result of the layer of a node before, and no layer of its own."""
        return self.layer is not None and self.layer.number > 0

    @property
    def unrun(self) -> bool:
        """Whether it stands for parameters that a model owns and nothing runs: its reader found no call of them."""
        return self.train and not self.inputs and self.layer is not None and self.layer.opaque

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The calls and rounds that led to it."""
        return self.context.frames

    @property
    def source(self) -> Source | None:
        """The file in which it is written."""
        return None if self.location is None else self.location.source

    @property
    def span(self) -> Span | None:
        """The stretch of a line where it is written; None for what is in no line."""
        return self.location if isinstance(self.location, Span) else None

    @property
    def spot(self) -> NamedPlace | None:
        """Its name in a file that has no lines."""
        return self.location if isinstance(self.location, NamedPlace) else None

    @property
    def line(self) -> int | None:
        """The line where it is written, from 1."""
        return self.location.line if isinstance(self.location, Span) else None


class Origin(Record):
    """What the file that a network was read from says of a node: what it is there, and how many it stands for."""

    #: The name of its type there: ``Conv``, ``Conv2d``.
    type: str
    #: The name of its output there, where tensors have names; the path of its module, where there are modules.
    tensor: str | None = None
    module: str | None = None
    nodes: int = 1
    #: Where the sample axis is in its output; None where it has none: then its shape is whole.
    axis: int | None = 0
    #: Whether an activation is a part of it.
    activated: bool = False
    #: Where its module is made, in a file of code.
    defined: Span | None = None
    #: Whether its output has the channels last there.
    last: bool = False
    #: Its call in PyTorch, of `x`, or of `a`, `b`, …, where no kind says it and that is known.
    source: str = ""


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


class Network(Writable):
    """Inputs and layers in topological order, outputs, and the names of parts. Made by an Assembler only."""

    def __init__(self, source: Source, layout: str = "chw") -> None:
        #: The file that it was read from; its text is empty where there are no lines.
        self.source = source
        self.layout = layout
        self.title: str | None = None
        #: The types that its file says of weights, activations and biases, by part.
        self.dtypes: Mapping[str, str] = {}
        #: The same of single nodes by position, where the file has types a tensor; the memory that its runtime asks for
        #: (None: what follows from the nodes).
        self.types: dict[int, Mapping[str, str]] = {}
        self.allocations: Allocations | None = None
        self.nodes: list[Node] = []
        self.outputs: list[Port] = []
        self.extents: dict[str, Extent] = {}
        self.diagnostics: tuple[Diagnostic, ...] = ()
        #: Whether there is a layer with several results.
        self.has_further = False
        #: Whether its reader looked at the channels of a map, or at any size of a tensor: with others it might make
        #: another network.
        self.reads_channels = False
        self.reads_sizes = False
        #: Reads it once more. Keywords: `inputs`, other shapes by name; `settings`, other values of variables, as text
        #: by name; `revise`, which gives the layer in the place of each; `checked`, whether what it expects is judged.
        #: None where its reader cannot.
        self.rebuild: Callable[..., Network] | None = None
        #: The files of code that it was read from, the first one among them.
        self.files: Sequence[str] = ()
        #: The format of the file, its number of samples (None where it is free), and of each node, by position, what it
        #: is there.
        self.format = "spec"
        self.file_batch: int | None = None
        self.origins: dict[int, Origin] = {}
        #: What gives the modules of code by path, in the order in which they are defined, the model itself as "".
        self.source_modules: Callable[[], Mapping[str, SourceModule]] | None = None
        #: Elements of buffers that its model owns beside those of the layers.
        self.spare_buffers = 0
        #: What its reader knows of it besides; whoever shows that knows the reader.
        self.notes: object = None

    @cached_property
    def modules(self) -> Mapping[str, SourceModule]:
        """The modules of the code that it was read from, by path, as they are defined; none where it is no code."""
        return {} if self.source_modules is None else self.source_modules()

    def input_shapes(self, node: Node) -> tuple[Shape, ...] | None:
        """The shapes of the tensors that a node reads; None where one is not known."""
        nodes = self.nodes
        shapes = [nodes[index].output if index >= 0 else None for index in node.inputs]
        return None if None in shapes else tuple(shapes)  # type: ignore[arg-type]

    def weights(self, node: Node) -> tuple[tuple[str, Shape], ...]:
        """The learned tensors of a node by name, with their shapes; none of a node that is not known."""
        shapes = self.input_shapes(node)
        if node.layer is None or node.output is None or node.result is None or shapes is None:
            return ()
        return node.layer.weights(shapes, node.output)

    @property
    def start(self) -> Span | None:
        """The beginning of its text, for what is true of all of it; None where there is no text."""
        return Span(self.source, 1, 1, 2) if self.source.text else None

    @property
    def inputs(self) -> list[Node]:
        """The inputs of the network."""
        return [node for node in self.nodes if node.kind == INPUT]

    @property
    def layers(self) -> Iterator[Node]:
        """The layers, those of train heads included."""
        if self.has_further:
            return (node for node in self.nodes if node.kind != INPUT and not node.further)
        return (node for node in self.nodes if node.kind != INPUT)

    def results(self, node: Node) -> list[Node]:
        """The results of a layer, of which `node` is the first."""
        found, nodes = [node], self.nodes
        while self.has_further and found[-1].position + 1 < len(nodes) and nodes[found[-1].position + 1].further:
            found.append(nodes[found[-1].position + 1])
        return found


def learners(nodes: Sequence[Node]) -> list[Node]:
    """The nodes whose layers can have weights."""
    return [node for node in nodes if node.layer is not None and node.layer.learns]


class Names:
    """Gives names that nothing else has; numbered ones never look like one of `reserved`."""

    def __init__(self, reserved: Iterable[str]) -> None:
        self._reserved = frozenset(reserved)
        self._given: set[str] = set()
        #: The last number of each kind, and of each block.
        self._counts: dict[str, int] = {}
        self._instances: dict[str, int] = {}
        #: The last number behind each name that is given again.
        self._again: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """`name`, if nothing has it yet; else with a number behind it, ``name_2``."""
        if name not in self._given:
            self._given.add(name)
            return name
        count = self._again.get(name, 1) + 1
        while f"{name}_{count}" in self._given or f"{name}_{count}" in self._reserved:
            count += 1
        self._again[name] = count
        self._given.add(f"{name}_{count}")
        return f"{name}_{count}"

    def numbered(self, kind: str) -> str:
        """The name of the next layer of a kind, counted over the whole network: ``conv3``, ``relu6_1``."""
        base = _base(kind)
        count = self._counts.get(kind, 0) + 1
        name = f"{base}{count}"
        while name in self._given or name in self._reserved:
            count += 1
            name = f"{base}{count}"
        self._counts[kind] = count
        self._given.add(name)
        return name

    def instance(self, block: str) -> str:
        """The name of the next instance of a block: ``unit3``, or ``b4_1`` where the block's name ends in a digit."""
        base = f"{block}_" if block in KINDS else _base(block)
        count = self._instances.get(block, 0) + 1
        while f"{base}{count}" in self._reserved or f"{base}{count}" in self._given:
            count += 1
        self._instances[block] = count
        self._given.add(f"{base}{count}")
        return f"{base}{count}"


def _base(word: str) -> str:
    """What a number is put behind: ``conv``, and ``relu6_``, for the 61st relu is another layer."""
    return f"{word}_" if word[-1:].isdigit() or word[-1:] == "_" else word
