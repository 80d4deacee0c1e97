"""The source of a model: a function that makes it, tensor by tensor."""

from __future__ import annotations

from collections.abc import Sequence

from ....diagnostics import NOTE, Diagnostic
from ....network import INPUT, Network, Node
from ..formats import WriteOptions, Written
from ..sayable import Refusals, known, leaving, left_out, owner, title_of
from .body import KerasBody
from .call import last, tuple_text
from .helpers import HELPERS
from .layout import STEP, Identifiers, identifier, laid_out, one_line, quoted
from .parts import KerasFunction, KerasFunctions, looped, tree

#: Names that a model's own must not have.
_RESERVED = ("x", "keras", "layers", "ops", "inputs", "float", "sum", "range", "zip", "len", "_", *HELPERS)
#: Kinds that keep the shape, and take a vector as well.
_PLAIN = ("dropout", "identity")
#: Names that a note lists.
_NAMED = 5


class KerasSource:
    """What is known of a network while it is written, and the functions of its source."""

    def __init__(self, network: Network, options: WriteOptions) -> None:
        self.network = network
        self.refusals = Refusals(options.partial)
        self.nodes, self.unread = _read(network, known(network))
        self.helpers: set[str] = set()
        #: The layers that cost more than they do in the network, by position.
        self.dearer: dict[int, Node] = {}
        #: The layers that several nodes call, by their owner.
        self.shared: dict[int, list[str]] = {
            owner(network, node).position: [] for node in self.nodes if node.owner is not None
        }
        self._places = {node.position: node for node in self.nodes}
        #: The nodes that read each node, by position; those whose tensors leave.
        self.readers: dict[int, list[Node]] = {}
        for node in self.nodes:
            for position in self.reads(node):
                self.readers.setdefault(position, []).append(node)
        self.ends = {port.node for port in leaving(network)}
        #: The nodes that are vectors in Keras, their axes of one number gone.
        self.vectors = self._vectors()
        title = options.name or title_of(network, "model")
        self.title = one_line(title)
        name = identifier(title).lower()
        self.name = Identifiers(_RESERVED).unique(f"model{name}" if name[:1] == "_" else name, "build_model")
        self.first_input = "inputs"

    def reads(self, node: Node) -> Sequence[int]:
        """The nodes that a node reads; what undoes a pool reads what entered that, too."""
        if node.kind != "unpool" or len(node.inputs) < 2:
            return node.inputs
        return (*node.inputs, *self._places[node.inputs[1]].inputs[:1])

    def _vectors(self) -> set[int]:
        """Global pools that only fully connected layers read, and what stands between."""
        ready: set[int] = set()
        for node in reversed(self.nodes):
            readers = self.readers.get(node.position, [])
            if readers and node.position not in self.ends and all(_takes_vector(reader, ready) for reader in readers):
                ready.add(node.position)
        found: set[int] = set()
        for node in self.nodes:
            entering = node.kind in ("gavgpool", "gmaxpool") or (_is_plain(node) and node.inputs[0] in found)
            if entering and node.position in ready:
                found.add(node.position)
        return found

    # --- its text -----------------------------------------------------------------------------------

    def text(self) -> str:
        """The source of the module."""
        layers = [node for node in self.nodes if node.kind != INPUT and not node.further]
        root = tree(layers)
        functions = KerasFunctions(self, root, [*_RESERVED, self.name])
        made = functions.find()
        body = KerasBody(self, functions.reserved, part=False)
        self._enter(body)
        body.run(list(root.flat()), self.ends)
        inputs = [body.variables[node.position] for node in self.nodes if node.kind == INPUT]
        outputs = [body.variables[port.node] for port in leaving(self.network)]
        end = f"return keras.Model({_one_or_list(inputs)}, {_one_or_list(outputs)}, name={quoted(self.name)})"
        lines = [f"def {self.name}() -> keras.Model:", '\t"""The model, its weights random."""']
        parts = [_function(function) for function in made]
        parts.append(_laid_out([*lines, *(f"\t{one}" for one in [*looped(body.statements), end])]))
        parts.append(f'if __name__ == "__main__":\n{" " * STEP}{self.name}().summary()\n')
        return "\n\n".join([self._head(parts), *parts])

    def _enter(self, body: KerasBody) -> None:
        """The inputs. Words by their numbers are whole."""
        entering = [node for node in self.nodes if node.kind == INPUT]
        for node in entering:
            name = "inputs" if len(entering) == 1 else body.identifiers.unique(node.name, "input")
            body.enter(node.position, name)
            readers = {one.kind for one in self.readers.get(node.position, [])}
            dtype = ', dtype="int32"' if readers == {"embed"} else ""
            body.statement(f"{name} = keras.Input({tuple_text(last(node.output or ()))}{dtype})")
        self.first_input = body.variables[entering[0].position] if entering else "inputs"

    def _head(self, parts: Sequence[str]) -> str:
        """The first lines, and the helpers that are called."""
        used = {name for name in HELPERS if name in self.helpers and any(f"{name}(" in part for part in parts)}
        helpers = [f"{text.strip()}\n" for name, text in HELPERS.items() if name in used]
        code = "\n".join([*parts, *helpers])
        modules = [name for name in ("layers", "ops") if f"{name}." in code]
        lines = [f'"""{self.title}, in Keras 3: channels last."""', "", "import keras"]
        lines += [f"from keras import {', '.join(modules)}"] * bool(modules)
        return "\n\n".join(["\n".join(lines) + "\n", *helpers])


def _function(function: KerasFunction) -> str:
    """The lines of a function of a part."""
    signature = ", ".join([*function.tensors, *function.arguments])
    return _laid_out([f"def {function.name}({signature}):", *(f"\t{line}" for line in function.statements)])


def _laid_out(statements: Sequence[str]) -> str:
    """Lines of a function, each tab before one a step of indentation."""
    lines: list[str] = []
    for statement in statements:
        plain = statement.lstrip("\t")
        indent = STEP * (len(statement) - len(plain))
        lines += [""] * plain.startswith("\n")
        lines += laid_out(plain.lstrip("\n"), indent)
    return "\n".join(lines) + "\n"


def write(network: Network, options: WriteOptions) -> Written:
    """The source. Raises SpecError."""
    source = KerasSource(network, options)
    text = source.text()
    diagnostics = source.refusals.diagnostics()
    return Written(text, [*diagnostics, *left_out(network), *source.unread, *_dearer(source)])


def _dearer(source: KerasSource) -> list[Diagnostic]:
    """The note that what is written costs more than the network does."""
    found = [node.name for _, node in sorted(source.dearer.items())]
    if not found:
        return []
    takes, written = ("takes", "it is") if len(found) == 1 else ("take", "they are")
    message = (
        f"{_list(found)} {takes} more MACs in Keras, which has no convolution with both strides and dilation: "
        f"{written} written without strides"
    )
    return [Diagnostic(NOTE, "more-macs", message, layers=tuple(found))]


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:_NAMED]) + ", …" * (len(names) > _NAMED)


def _read(network: Network, nodes: Sequence[Node]) -> tuple[list[Node], list[Diagnostic]]:
    """The nodes that an output hangs on, which are all that a model of Keras has, and a note on others."""
    wanted = {port.node for port in leaving(network)}
    for node in reversed(nodes):
        results = [] if node.further else network.results(node)
        if any(result.position in wanted for result in results):  # of a layer with several all are made
            wanted.update(node.inputs)
            wanted.update(result.position for result in results)
    unread = [node.name for node in nodes if node.position not in wanted and node.kind != INPUT and not node.further]
    kept = [node for node in nodes if node.position in wanted or node.kind == INPUT]
    if not unread:
        return kept, []
    message = f"a model of Keras has only what its outputs hang on: left out are {_list(unread)}"
    return kept, [Diagnostic(NOTE, "unread-left-out", message, layers=tuple(unread))]


def _is_plain(node: Node) -> bool:
    return node.layer is not None and (node.layer.activates or node.kind in _PLAIN) and len(node.inputs) == 1


def _takes_vector(node: Node, ready: set[int]) -> bool:
    return node.kind in ("fc", "flatten") or (_is_plain(node) and not node.layer.learns and node.position in ready)  # type: ignore[union-attr]


def _one_or_list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"
