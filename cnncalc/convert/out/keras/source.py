"""The source of a model: a function that makes it, tensor by tensor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ....diagnostics import NOTE, Diagnostic
from ....layers.op import Operator
from ....network import INPUT, Network, Node
from ..formats import WriteOptions, Written
from ..sayable import Refusals, Unsayable, known, left_out, owner, title_of
from . import dense, maps, windows
from .call import KerasWriter, last, tuple_text
from .helpers import HELPERS
from .layout import STEP, Identifiers, identifier, laid_out, one_line, quoted

#: By kind; the others are what the table of names says.
HANDLERS: Mapping[str, Callable[[KerasWriter], str]] = {**windows.HANDLERS, **dense.HANDLERS, **maps.HANDLERS}
#: Names that a model's own must not have.
_RESERVED = ("x", "keras", "layers", "ops", "inputs", "float", "sum", "range", "zip", "len", "_", *HELPERS)
#: Kinds that keep the shape, and take a vector as well.
_PLAIN = ("dropout", "identity")
#: Names that a note lists.
_NAMED = 5


class KerasSource:
    """Gathers the statements of a model's function."""

    def __init__(self, network: Network, options: WriteOptions) -> None:
        self.network = network
        self.refusals = Refusals(options.partial)
        self.nodes, self.unread = _read(network, known(network))
        self.identifiers = Identifiers(_RESERVED)
        self.statements: list[str] = []
        self.helpers: set[str] = set()
        #: The variable of every node, by position; the layers that several nodes call, by their owner.
        self.variables: dict[int, str] = {}
        self._named: set[str] = set()
        self.shared: dict[int, list[str]] = {
            owner(network, node).position: [] for node in self.nodes if node.owner is not None
        }
        self._readers = _readers(self.nodes)
        self._ends = {port.node for port in network.outputs if not port.train}
        #: The nodes that are vectors in Keras, their axes of one number gone.
        self.vectors = self._vectors()
        title = options.name or title_of(network, "model")
        self.title = one_line(title)
        name = identifier(title).lower()
        self.name = self.identifiers.unique(f"model{name}" if name[:1] == "_" else name, "build_model")
        self.first_input = ""

    def statement(self, text: str) -> None:
        """One more."""
        self.statements.append(text)

    def temporary(self, name: str) -> str:
        """A variable for what stays in a layer."""
        return self.identifiers.unique(name, "part")

    # --- tensors ------------------------------------------------------------------------------------

    def _vectors(self) -> set[int]:
        """Global pools that only fully connected layers read, and what stands between."""
        ready: set[int] = set()
        for node in reversed(self.nodes):
            readers = self._readers.get(node.position, [])
            if readers and node.position not in self._ends and all(_takes_vector(one, ready) for one in readers):
                ready.add(node.position)
        found: set[int] = set()
        for node in self.nodes:
            entering = node.kind in ("gavgpool", "gmaxpool") or (_is_plain(node) and node.inputs[0] in found)
            if entering and node.position in ready:
                found.add(node.position)
        return found

    def _target(self, number: int) -> str:
        """The variable of a node: x where only the next one reads it, else one of its own."""
        node = self.nodes[number]
        readers = self._readers.get(node.position, [])
        following = self.nodes[number + 1] if number + 1 < len(self.nodes) else None
        chained = all(reader is following for reader in readers) and node.position not in self._ends
        if chained or (following is None and len(self._ends) == 1):
            return "x"
        return self.identifiers.unique(node.name, node.kind)

    def layers(self) -> None:
        """The statements of all layers."""
        path: tuple[str, ...] = ()
        for number, node in enumerate(self.nodes):
            if node.kind == INPUT or node.further:
                continue
            here = tuple(step.name for step in node.path)
            if here[:1] != path[:1] and here:
                self.statement(f"\n# {one_line(here[0])}")
            path = here
            self._layer(number, node)

    def _layer(self, number: int, node: Node) -> None:
        results = self.network.results(node)
        targets = [self._target(number)] if len(results) == 1 else [
            self.identifiers.unique(one.name, one.kind) if self._readers.get(one.position) else "_" for one in results
        ]  # fmt: skip
        target = ", ".join(targets)
        mark = len(self.statements)
        try:
            if isinstance(node.layer, Operator):
                raise Unsayable(f"no kind of layer says what '{node.layer.name}' does")
            writer = KerasWriter(self, node)
            expression = HANDLERS.get(node.kind, tabled)(writer)
        except Unsayable as error:
            del self.statements[mark:]
            self.refusals.add(node, error)
            expression = self._stub(node, error)
        if expression in self._named and expression != "x":
            targets = [expression]  # the tensor itself
        elif expression != target:
            self.statement(f"{target} = {expression}")
        self._named.update(targets)
        self.variables.update((one.position, name) for one, name in zip(results, targets, strict=True))

    def _stub(self, node: Node, error: Unsayable) -> str:
        """A layer that raises, of each result."""
        self.helpers.add("Stub")
        inputs = ", ".join(self.variables[position] for position in node.inputs) or self.first_input
        what = quoted(one_line(f"{node.name}: {error.reason}"))
        made = [f"Stub({what}, {tuple_text(last(one.output or ()))})({inputs})" for one in self.network.results(node)]
        return ", ".join(made)

    # --- the whole text -----------------------------------------------------------------------------

    def enter(self) -> None:
        """The inputs. Words by their numbers are whole."""
        entering = [node for node in self.nodes if node.kind == INPUT]
        for node in entering:
            name = "inputs" if len(entering) == 1 else self.identifiers.unique(node.name, "input")
            self.variables[node.position] = name
            self._named.add(name)
            readers = {one.kind for one in self._readers.get(node.position, [])}
            dtype = ', dtype="int32"' if readers == {"embed"} else ""
            self.statement(f"{name} = keras.Input({tuple_text(last(node.output or ()))}{dtype})")
        self.first_input = self.variables[entering[0].position] if entering else "inputs"

    def leave(self) -> None:
        """The model of inputs and outputs."""
        inputs = [self.variables[node.position] for node in self.nodes if node.kind == INPUT]
        outputs = [self.variables[port.node] for port in self.network.outputs if not port.train]
        self.statement(f"return keras.Model({_one_or_list(inputs)}, {_one_or_list(outputs)}, name={quoted(self.name)})")

    def text(self) -> str:
        """The source of the module."""
        code = "\n".join([*self.statements, *(HELPERS[name] for name in self.helpers)])
        used = [name for name in ("layers", "ops") if f"{name}." in code]
        lines = [f'"""{self.title}, in Keras 3: channels last."""', "", "import keras"]
        lines += [f"from keras import {', '.join(used)}"] * bool(used) + [""]
        for name, text in HELPERS.items():
            lines += ["", *text.strip().split("\n"), ""] if name in self.helpers else []
        lines += ["", f"def {self.name}() -> keras.Model:", f'{" " * STEP}"""The model, its weights random."""']
        for statement in self.statements:
            blank = statement.startswith("\n")
            lines += [*([""] if blank else []), *laid_out(statement.lstrip("\n"), STEP)]
        lines += ["", "", 'if __name__ == "__main__":', f"{' ' * STEP}{self.name}().summary()", ""]
        return "\n".join(lines)


def write(network: Network, options: WriteOptions) -> Written:
    """The source. Raises SpecError."""
    source = KerasSource(network, options)
    source.enter()
    source.layers()
    source.leave()
    diagnostics = source.refusals.diagnostics()
    return Written(source.text(), [*diagnostics, *left_out(network), *source.unread])


def tabled(writer: KerasWriter) -> str:
    """The layer that the table of names has for a kind."""
    if len(writer.inputs) != 1:
        raise Unsayable(f"Keras has no layer for {writer.node.kind}")
    return writer.applied(writer.call())


def _read(network: Network, nodes: Sequence[Node]) -> tuple[list[Node], list[Diagnostic]]:
    """The nodes that an output hangs on, which are all that a model of Keras has, and a note on others."""
    wanted = {port.node for port in network.outputs if not port.train}
    for node in reversed(nodes):
        if node.position in wanted:
            wanted.update(node.inputs)
            wanted.update(one.position for one in network.results(node))
    unread = [node.name for node in nodes if node.position not in wanted and node.kind != INPUT and not node.further]
    kept = [node for node in nodes if node.position in wanted or node.kind == INPUT]
    if not unread:
        return kept, []
    named = ", ".join(f"'{name}'" for name in unread[:_NAMED]) + ", …" * (len(unread) > _NAMED)
    message = f"a model of Keras has only what its outputs hang on: left out are {named}"
    return kept, [Diagnostic(NOTE, "unread-left-out", message, layers=tuple(unread))]


def _readers(nodes: Sequence[Node]) -> dict[int, list[Node]]:
    """The nodes that read each node; what undoes a pool reads what entered that, too."""
    found: dict[int, list[Node]] = {}
    places = {node.position: node for node in nodes}
    for node in nodes:
        for position in node.inputs:
            found.setdefault(position, []).append(node)
        if node.kind == "unpool" and len(node.inputs) > 1:
            found.setdefault(places[node.inputs[1]].inputs[0], []).append(node)
    return found


def _is_plain(node: Node) -> bool:
    return node.layer is not None and (node.layer.activates or node.kind in _PLAIN) and len(node.inputs) == 1


def _takes_vector(node: Node, ready: set[int]) -> bool:
    return node.kind in ("fc", "flatten") or (_is_plain(node) and not node.layer.learns and node.position in ready)  # type: ignore[union-attr]


def _one_or_list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"
