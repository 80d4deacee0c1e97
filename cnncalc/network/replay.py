"""A network once more: with other inputs, other layers, or other arguments of a layer. For networks of any reader.

Where its reader looked at sizes on the way, and these would be others, only reading it once more tells what it makes of
them: then the network's own `rebuild` is asked, and where it has none, that is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from ..diagnostics import ERROR, EXPECTATION_FAILED, Diagnostic, SpecError
from ..layers import Layer, LayerError, MergeError
from ..values import Shape, laid_out, sentence, times
from .assembler import Assembler
from .model import INPUT, Network, Node


class ReplayError(ValueError):
    """Why a network cannot be made once more like that."""


def replay(
    network: Network, *, inputs: Mapping[str, Shape] | None = None, revise: Callable[[Layer], Layer] | None = None,
    arguments: Mapping[str, Mapping[str, Any]] | None = None,
) -> Network:  # fmt: skip
    """`network` with other shapes of `inputs`, by name, channels first; with the layers that `revise` gives in the
    place of its own; with other `arguments`, by name, of layers by name.

    Names, places, stages, shared weights and outputs stay. A layer that does not fit any more is a fault at its place.
    Raises ReplayError for an unknown name, and where only its reader could tell; LayerError for arguments that cannot
    be.
    """
    shapes, changed = dict(inputs or {}), dict(arguments or {})
    _check_names("input", shapes, (node.name for node in network.inputs))
    _check_names("layer", changed, (node.name for node in network.layers if node.layer is not None))
    read_again = None if changed or network.rebuild is None else partial(
        network.rebuild, inputs=shapes or None, revise=revise, checked=False
    )  # fmt: skip
    if read_again is not None and network.reads_sizes:
        return _read(network, read_again)
    copy = _Replay(network, shapes, revise, changed).network()
    reason = _doubt(network, copy)
    if read_again is not None and (reason is not None or _faulty(network) or _faulty(copy)):
        return _read(network, read_again)  # its reader knows best how to say a fault, too
    if reason is not None:
        raise ReplayError(reason)
    return copy


def _read(network: Network, again: Callable[[], Network]) -> Network:
    """The network as its reader makes it once more; without a layer, and with the faults, where it makes none: the code
    that describes it may hang on its inputs.
    """
    try:
        return again()
    except SpecError as error:
        none = Network(network.source, network.layout)
        none.diagnostics = tuple(error.diagnostics)
        return none


def _check_names(what: str, given: Iterable[str], names: Iterable[str]) -> None:
    """Raises ReplayError for a given name that is none of `names`."""
    known = list(names)
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        raise ReplayError(f"no {what} is called '{unknown}'")


def _doubt(network: Network, copy: Network) -> str | None:
    """Why only the reader of `network` could tell what it would make in the place of `copy`; None where it is that."""
    for node, other in zip(network.nodes, copy.nodes, strict=True):
        if node.output == other.output:
            continue
        if network.reads_sizes:
            return f"'{node.name}' would have another shape, and expressions look at sizes: it must be read once more"
        if network.reads_channels and _channels(node) != _channels(other):
            return f"'{node.name}' would have other channels, and expressions look at them: it must be read once more"
    return None


def _channels(node: Node) -> tuple[int, ...] | None:
    """The channels of what a node gives; of a vector, whose size they are not, all of it."""
    return None if node.output is None else node.output if len(node.output) == 1 else node.output[:1]


def _faulty(network: Network) -> bool:
    return any(map(_is_error, network.diagnostics))


def _is_error(diagnostic: Diagnostic) -> bool:
    """Whether a fault is one of the network, and no expectation that does not hold."""
    return diagnostic.severity == ERROR and diagnostic.code != EXPECTATION_FAILED


class Propagation:
    """Passes shapes through nodes, and makes no network of it; what was worked out before comes from `memory`."""

    def __init__(
        self, nodes: Sequence[Node], wanted: Sequence[int], memory: dict[tuple[object, ...], Shape | None]
    ) -> None:
        self._known = memory
        self._steps: list[tuple[int, Layer | None, tuple[int, ...], Shape | None]] = []
        same: dict[int, int] = {}  # of what gives the shape of its input, of whatever rank: whose shape that is
        for node in nodes:
            inputs = tuple([same.get(index, index) for index in node.inputs])
            if node.layer is not None and type(node.layer).output is Layer.output and node.layer.rank is None:
                same[node.position] = inputs[0]
            else:
                self._steps.append((node.position, node.layer, inputs, node.output))
        self._wanted = [same.get(position, position) for position in wanted]

    def __call__(self, entering: Mapping[int, Shape]) -> list[Shape] | None:
        """The outputs of the nodes `wanted`, by position; None where a layer does not fit.

        `entering` are shapes of inputs, or of what stands before the nodes, by position; other inputs keep theirs.
        """
        shapes, known = dict(entering), self._known
        for position, layer, inputs, output in self._steps:
            if layer is None:
                made = shapes.get(position, output)
            else:
                key = (layer, *[shapes[index] for index in inputs])
                if key not in known:
                    known[key] = _output(layer, key[1:])
                made = known[key]
            if made is None:
                return None
            shapes[position] = made
        return [shapes[position] for position in self._wanted]


def _output(layer: Layer, shapes: tuple[Any, ...]) -> Shape | None:
    try:
        layer.check_rank(shapes)
        return layer.output(shapes)
    except LayerError:
        return None


def _rewritten(layer: Layer, given: Mapping[str, Any]) -> Layer:
    """`layer` with other arguments, checked. Raises LayerError; ReplayError for one that its kind does not have."""
    arguments = {argument.name: argument for argument in layer.args}
    unknown = next((name for name in given if name not in arguments), None)
    if unknown is not None:
        raise ReplayError(f"{layer.kind} has no argument '{unknown}'")
    values = {name: arguments[name].convert(value, layer.kind) for name, value in given.items()}
    made = layer.changed(**values)
    made.check()
    return made


class _Replay:
    """Puts a network together once more."""

    def __init__(
        self, network: Network, shapes: Mapping[str, Shape], revise: Callable[[Layer], Layer] | None,
        arguments: Mapping[str, Mapping[str, Any]],
    ) -> None:  # fmt: skip
        self.old = network
        self.shapes = shapes
        self.arguments = arguments
        self.revise = cache(revise) if revise is not None else None  # a layer that many nodes have is revised once
        self.assembler = Assembler(network.source, network.layout, max_layers=len(network.nodes))
        self.diagnostics = [fault for fault in network.diagnostics if _is_error(fault)]

    def network(self) -> Network:
        """The network, what is to be said of its layers in its diagnostics."""
        old, assembler = self.old, self.assembler
        for node in old.nodes:
            assembler.leave(node.context)
            if node.layer is not None:
                self._layer(node, node.layer)
            elif node.kind == INPUT:
                assembler.add_input(node.name, self.shapes.get(node.name, node.output), node.location)
            else:
                assembler.add_unknown(node.kind, node.inputs, node.name, node.location)
        for name, extent in old.extents.items():
            assembler.name_part(name, extent.first, extent.output, extent.last)
        for port in old.outputs:
            assembler.output(*port)
        if old.title is not None:
            assembler.set_title(old.title)
        assembler.set_dtypes(old.dtypes)
        if old.reads_channels:
            assembler.looked_at_channels()
        if old.reads_sizes:
            assembler.looked_at_sizes()
        made = assembler.finish(self.diagnostics, old.rebuild, old.notes)
        made.format, made.file_batch, made.origins = old.format, old.file_batch, old.origins
        made.types, made.allocations = old.types, old.allocations
        return made

    def _layer(self, node: Node, layer: Layer) -> None:
        """The layer of `node` in the place of its own, `layer`."""
        assembler = self.assembler
        if node.name in self.arguments:
            layer = _rewritten(layer, self.arguments[node.name])
        if self.revise is not None:
            layer = self.revise(layer)
        _, remarks, fault = assembler.apply(layer, node.inputs, node.name, node.location)
        for remark in remarks:
            self._say(node, remark.severity, remark.code, remark.message, remark.help)
        if fault is not None:
            message = sentence(fault.message, self.old.layout)
            if isinstance(fault, MergeError):
                message = f"{message}: {self._figures(node, fault)}"
            self._say(node, ERROR, fault.code, message, fault.help)
        elif node.owner is not None and assembler.nodes[-1].result is not None:
            self._share(node, node.owner)

    def _share(self, node: Node, owner: int) -> None:
        if self.assembler.nodes[owner].kind != self.assembler.nodes[-1].kind:
            name = self.assembler.nodes[owner].name
            self._say(node, ERROR, "share", f"the weights of '{name}' do not fit '{node.kind}'", None)
            return
        for fault in self.assembler.share(range(node.position, node.position + 1), range(owner, owner + 1)):
            self._say(node, ERROR, "share", str(fault), fault.help)

    def _figures(self, node: Node, fault: MergeError) -> str:
        """The shapes that do not go together, each with the name of what gives it."""
        nodes = [self.assembler.nodes[node.inputs[place]] for place in (0, fault.culprit)]
        return ", ".join(f"'{one.name}' gives {times(laid_out(one.output or (), self.old.layout))}" for one in nodes)

    def _say(self, node: Node, severity: str, code: str, message: str, help: str | None) -> None:
        message = f"'{node.name}': {message}"
        self.diagnostics.append(
            Diagnostic(severity, code, message, node.span, help, (), node.frames, layers=(node.name,), spot=node.spot)
        )
