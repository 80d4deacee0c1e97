"""What `cnncalc explain` says, as data: one layer worked out, a group of layers, or the whole network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from ...convert.call import CallText
from ...convert.keras_call import keras_call
from ...convert.torch_call import torch_call
from ...layers import KINDS, Shape
from ...layers.upconv import TransposedConv
from ...measure.accepted import Accepted, accepted
from ...measure.depth import depth, depths
from ...measure.result import DTYPES, Analysis
from ...measure.row import LayerRow
from ...network import Node
from ...records import Record
from .axis import Axis, Reads, axes, places


class UnknownLayer(LookupError):
    """A name that no layer and no group of layers has; the message names the nearest."""


class LayerFacts(Record):
    """One layer, worked out. Everything that needs a shape is empty where that is not known."""

    row: LayerRow
    node: Node
    inputs: tuple[tuple[str, Shape | None], ...]
    weights: tuple[tuple[str, Shape], ...]
    axes: tuple[Axis, ...]
    reads: tuple[Reads, ...]
    torch: CallText
    keras: CallText
    #: Of the output, for the batch.
    elements: int | None
    bytes: int | None
    #: Whether the output is its input's storage.
    view: bool
    #: The layer whose weights it uses.
    shares: str | None
    #: Its whole line, where it is the last of several layers that one name stands for.
    line: Group | None

    @property
    def source(self) -> bool:
        """Whether it is a layer that reads nothing."""
        return self.node.layer is not None and self.node.layer.source

    @property
    def transposed(self) -> bool:
        """Whether its inputs write windows of the output, in place of outputs that read windows of the input."""
        return isinstance(self.node.layer, TransposedConv)


class Group(Record):
    """Layers that stand together: a stage, a head, a named line, a block instance; or the layers of a kind."""

    name: str
    what: str
    rows: list[LayerRow]

    def total(self, measure: str) -> int | None:
        """The sum of a measure; None where one is unknown."""
        values = [getattr(row, measure) for row in self.rows]
        return None if None in values else sum(values)

    @property
    def elements(self) -> int | None:
        """Elements of the outputs that are stored; flatten and its like pass their input's on."""
        shapes = [row.output for row in self.rows if not (row.kind in KINDS and KINDS[row.kind].view)]
        return None if None in shapes else sum(prod(shape) for shape in shapes if shape is not None)


class NetworkFacts(Record):
    """The network on a page. Train heads are left out of groups, kinds and records."""

    groups: tuple[Group, ...]
    kinds: tuple[Group, ...]
    #: What is largest: (what of, the layer, the number).
    records: tuple[tuple[str, LayerRow, int], ...]
    depth: int
    accepted: tuple[Accepted, ...]


def find(analysis: Analysis, word: str) -> Node | Group:
    """The layer, the input, or the group of layers that `word` names. Raises UnknownLayer."""
    network = analysis.network
    for node in network.nodes:
        if node.name == word:
            return node
    extent = network.extents.get(word)
    if extent is not None:
        inside = network.nodes[extent.first : extent.last]
        what = next((step.what for node in inside for step in node.path if step.name == word), "line")
        if inside:
            return Group(word, what, _rows(analysis, inside))
        if extent.output >= 0:
            return network.nodes[extent.output]
    members = [node for node in network.nodes if _within(node, word)]
    if members:
        name = word.rpartition("/")[2]
        what = next(step.what for step in members[0].path if step.name == name)
        return Group(word, what, _rows(analysis, members))
    raise UnknownLayer(f"no layer '{word}'{_near(analysis, word)}")


def _within(node: Node, word: str) -> bool:
    """Whether `word` is one of the groups that `node` stands in: by its name, or by the whole way to it."""
    names = [step.name for step in node.path]
    return word in names or any("/".join(names[:end]) == word for end in range(2, len(names) + 1))


def _near(analysis: Analysis, word: str) -> str:
    from difflib import get_close_matches

    names = dict.fromkeys(node.name for node in analysis.network.nodes)
    names.update(dict.fromkeys(analysis.network.extents))
    names.update(dict.fromkeys(step.name for node in analysis.network.nodes for step in node.path))
    close = get_close_matches(word[:60], list(names)[:20_000], 1, 0.5) if len(word) < 200 else []
    return f": did you mean '{close[0]}'?" if close else ": 'cnncalc shapes' lists the names"


def _rows(analysis: Analysis, nodes: Sequence[Node]) -> list[LayerRow]:
    return [LayerRow(analysis, node) for node in nodes if node.kind != "input"]


def explain_layer(analysis: Analysis, node: Node) -> LayerFacts:
    """`node`, worked out."""
    network, layer, output = analysis.network, node.layer, node.output
    row = LayerRow(analysis, node)
    inputs = tuple(
        (network.nodes[index].name, network.nodes[index].output) if index >= 0 else ("?", None) for index in node.inputs
    )
    shapes = tuple(shape for _, shape in inputs if shape is not None)
    known = layer is not None and output is not None and node.result is not None and len(shapes) == len(inputs)
    found: tuple[Axis, ...] = ()
    torch = keras = CallText("")
    if known and layer is not None and output is not None:
        found = axes(layer, shapes[0], output) if shapes else ()
        torch, keras = torch_call(layer, shapes, output), keras_call(layer, shapes, output)
    elements = None if output is None else prod(output) * analysis.batch
    extent = network.extents.get(node.name)
    line = None
    if extent is not None and extent.last - extent.first > 1:
        line = Group(node.name, "line", _rows(analysis, network.nodes[extent.first : extent.last]))
    return LayerFacts(
        row, node, inputs, network.weights(node), found, places(found), torch, keras, elements,
        None if elements is None else elements * DTYPES[analysis.dtype], bool(layer and layer.view),
        None if node.owner is None else network.nodes[node.owner].name, line,
    )  # fmt: skip


def explain_network(analysis: Analysis) -> NetworkFacts:
    """The network on a page."""
    run = [row for row in analysis.layers if not row.train]
    return NetworkFacts(_parts(run), _kinds(run), _records(analysis, run), depth(analysis.network), accepted(analysis))


def _parts(rows: Sequence[LayerRow]) -> tuple[Group, ...]:
    """The stages, heads and outermost blocks; what stands outside them by itself."""
    found: list[Group] = []
    last: tuple[str, ...] | None = None
    for row in rows:
        place = row.path[:1] or (row.name,)
        if place == last and row.path:
            found[-1].rows.append(row)
        else:
            found.append(Group(place[0], row.blocks[0] if row.path else row.kind, [row]))
        last = place
    return tuple(found)


def _kinds(rows: Sequence[LayerRow]) -> tuple[Group, ...]:
    by_kind: dict[str, list[LayerRow]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    return tuple(Group(kind, "kind", some) for kind, some in by_kind.items())


def _records(analysis: Analysis, rows: Sequence[LayerRow]) -> tuple[tuple[str, LayerRow, int], ...]:
    """The widest, largest, heaviest, costliest and deepest layer; none where it is 0, or something is unknown."""
    nodes = analysis.network.nodes
    behind = {nodes[position].name: depth for position, depth in depths(nodes).items()}
    measures: tuple[tuple[str, Callable[[LayerRow], int | None]], ...] = (
        ("widest", lambda row: None if row.output is None or len(row.output) < 2 else row.output[0]),
        ("largest", lambda row: None if row.output is None else prod(row.output)),
        ("heaviest", lambda row: row.params),
        ("costliest", lambda row: row.macs),
        ("deepest", lambda row: behind[row.name]),
    )
    found = []
    for name, measure in measures:
        known = [(value, row) for row in rows if (value := measure(row))]
        if known:
            value, best = max(known, key=lambda pair: pair[0])
            found.append((name, best, value))
    return tuple(found)
