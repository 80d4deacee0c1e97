"""The body of a function: statements, tensor by tensor, that layers and other functions make."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from ....layers.op import Operator
from ....network import Network, Node
from ....records import Record
from ..sayable import Unsayable, check_results, used_results
from . import dense, maps, windows
from .call import KerasWriter, last, tuple_text
from .layout import Identifiers, one_line, quoted

if TYPE_CHECKING:
    from .source import KerasSource

#: By kind; the others are what the table of names says.
HANDLERS: Mapping[str, Callable[[KerasWriter], str]] = {**windows.HANDLERS, **dense.HANDLERS, **maps.HANDLERS}


class PartCall(Record):
    """A call of a function in the place of the layers of a part: of the tensors that enter there, it gives one."""

    entering: tuple[int, ...]
    output: int
    #: The call but for its tensors: ``bottleneck({}, 64)``.
    form: str
    #: The nodes that it stands for.
    inside: frozenset[int]
    #: The stage that it stands in.
    stage: str


class KerasBody:
    """Gathers the statements of a function. In one of its own, of a part, variables are called as all such parts
    call them.
    """

    def __init__(self, source: KerasSource, reserved: Collection[str], part: bool) -> None:
        self.source = source
        self.network: Network = source.network
        self.identifiers = Identifiers(reserved)
        self.part = part
        self.statements: list[str] = []
        #: The variable of every node, by position.
        self.variables: dict[int, str] = {}
        self._named: set[str] = set()

    @property
    def helpers(self) -> set[str]:
        """The helpers that are called anywhere."""
        return self.source.helpers

    @property
    def shared(self) -> dict[int, list[str]]:
        """The layers that several nodes call, by their owner."""
        return self.source.shared

    @property
    def vectors(self) -> Collection[int]:
        """The nodes that are vectors in Keras."""
        return self.source.vectors

    @property
    def first_input(self) -> str:
        """What tells how many samples there are."""
        return self.source.first_input

    def dearer(self, node: Node) -> None:
        """A layer that costs more than in the network, as it is written."""
        self.source.dearer[node.position] = node

    def statement(self, text: str) -> None:
        """One more."""
        self.statements.append(text)

    def temporary(self, name: str) -> str:
        """A variable for what stays in a layer."""
        return self.identifiers.unique(name, "part")

    def enter(self, position: int, name: str) -> None:
        """A tensor that enters, under a name."""
        self.variables[position] = name
        self._named.add(name)

    def name(self, node: Node) -> str:
        """A variable of its own for a node."""
        wanted = node.name
        if self.part:
            wanted = node.name.rpartition("/")[2].partition("[")[0]
            wanted = node.kind if wanted.rstrip("0123456789_") == node.kind else wanted
        return self.identifiers.unique(wanted, node.kind)

    # --- what it does -------------------------------------------------------------------------------

    def run(self, items: Sequence[Node | PartCall], ends: Collection[int]) -> None:
        """The statements of layers and calls, of which the `ends` leave."""
        places = {position: place for place, item in enumerate(items) for position in _inside(item)}
        stage = ""
        for place, item in enumerate(items):
            here = item.stage if isinstance(item, PartCall) else _stage(item)
            if here and here != stage and not self.part:
                self.statement(f"\n# {one_line(here)}")
            stage = here
            made = item.output if isinstance(item, PartCall) else item.position
            readers = {places.get(node.position, -1) for node in self.source.readers.get(made, [])}
            chained = readers <= {place + 1} and made not in ends
            x = chained or (place == len(items) - 1 and set(ends) == {made})
            if isinstance(item, PartCall):
                self._call(item, x)
            else:
                self._layer(item, x)

    def _call(self, item: PartCall, x: bool) -> None:
        tensors = ", ".join(self.variables[position] for position in item.entering)
        target = "x" if x else self.name(self.network.nodes[item.output])
        self.statement(f"{target} = {item.form.replace('{}', tensors, 1)}")
        self.enter(item.output, target)

    def _layer(self, node: Node, x: bool) -> None:
        results = used_results(self.network, node)
        if len(results) == 1:
            targets = ["x" if x else self.name(node)]
        else:
            targets = [self.name(one) if self._is_used(one) else "_" for one in results]
        target, mark = ", ".join(targets), len(self.statements)
        try:
            if isinstance(node.layer, Operator):
                raise Unsayable(f"no kind of layer says what '{node.layer.name}' does")
            check_results(node, results)
            expression = HANDLERS.get(node.kind, tabled)(KerasWriter(self, node))
        except Unsayable as error:
            del self.statements[mark:]
            self.source.refusals.add(node, error)
            expression = self._stub(node, error)
        if expression in self._named and expression != "x":
            targets = [expression]  # the tensor itself
        elif expression != target:
            self.statement(f"{target} = {expression}")
        for result, name in zip(results, targets, strict=True):
            self.enter(result.position, name)

    def _is_used(self, result: Node) -> bool:
        """Whether something reads a result, or it is an output."""
        return bool(self.source.readers.get(result.position)) or result.position in self.source.ends

    def _stub(self, node: Node, error: Unsayable) -> str:
        """A layer that raises, of each result."""
        self.helpers.add("Stub")
        inputs = ", ".join(self.variables[position] for position in node.inputs) or self.first_input
        what = quoted(one_line(f"{node.name}: {error.reason}"))
        made = [
            f"Stub({what}, {tuple_text(last(result.output or ()))})({inputs})"
            for result in used_results(self.network, node)
        ]
        return ", ".join(made)


def tabled(writer: KerasWriter) -> str:
    """The layer that the table of names has for a kind."""
    if len(writer.inputs) != 1:
        raise Unsayable(f"Keras has no layer for {writer.node.kind}")
    return writer.applied(writer.call())


def _inside(item: Node | PartCall) -> Collection[int]:
    return item.inside if isinstance(item, PartCall) else (item.position,)


def _stage(node: Node) -> str:
    return node.path[0].name if node.path else ""
