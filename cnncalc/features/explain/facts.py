"""What `cnncalc explain` is asked about, and what it says of more than one layer: a group of them, the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING

from ...layers import KINDS
from ...measure.result import NetworkAnalysis
from ...measure.row import LayerRow
from ...network import Network, Node
from ...records import Record
from ...values import nearest

if TYPE_CHECKING:
    from ...network.accepted import Accepted


class Unanswerable(Exception):
    """A question that has no answer, and why: the spec is to blame, or the `part` of the question, "at" or "want"."""

    def __init__(self, reason: str, part: str = "", example: tuple[int, ...] = ()) -> None:
        super().__init__(reason)
        self.part = part
        #: What could be asked instead.
        self.example = example


class LayerGroup(Record):
    """Layers that stand together: a stage, a head, a named line, a block instance; or the layers of a kind."""

    name: str
    what: str
    rows: list[LayerRow]

    def total(self, measure: str) -> int | None:
        """The sum of a measure; None where one is unknown."""
        values = [getattr(row, measure) for row in self.rows]
        return None if None in values else sum(values)

    @property
    def stored(self) -> int | None:
        """Bytes of the outputs; flatten and its like pass their input's on."""
        made = [row.output_bytes for row in self.rows if not (row.kind in KINDS and KINDS[row.kind].view)]
        return None if None in made else sum(count for count in made if count is not None)


class NetworkFacts(Record):
    """The network on a page. Train heads are left out of groups, kinds and records."""

    groups: tuple[LayerGroup, ...]
    kinds: tuple[LayerGroup, ...]
    #: What is largest: (what of, the layer, the number).
    records: tuple[tuple[str, LayerRow, int], ...]
    depth: int
    accepted: tuple[Accepted, ...]


def find(analysis: NetworkAnalysis, word: str) -> Node | LayerGroup:
    """The layer, the input, or the group of layers that `word` names. Raises Unanswerable."""
    network = analysis.network
    for node in network.nodes:
        if node.name == word:
            return node
    extent = network.extents.get(word)
    within = (node for node in network.nodes if _within(node, word))
    inside = network.nodes[extent.first : extent.last] if extent else list(within)
    name = word if extent else word.rpartition("/")[2]
    if inside:
        what = next((step.what for node in inside for step in node.path if step.name == name), "line")
        return LayerGroup(word, what, rows(analysis, inside))
    if extent is not None and extent.output >= 0:
        return network.nodes[extent.output]
    raise Unanswerable(f"no layer '{word}': {_near(network, word)}")


def _within(node: Node, word: str) -> bool:
    """Whether `word` is one of the groups that `node` stands in: by its name, or by the whole way to it."""
    names = [step.name for step in node.path]
    return word in names or any("/".join(names[:end]) == word for end in range(2, len(names) + 1))


def _near(network: Network, word: str) -> str:
    steps = (step.name for node in network.nodes for step in node.path)
    names = list(dict.fromkeys([*(node.name for node in network.nodes), *network.extents, *steps]))
    return nearest(word[:60], names[:20_000] if len(word) < 200 else (), "'cnncalc shapes' lists the names", 0.5)


def rows(analysis: NetworkAnalysis, nodes: Sequence[Node]) -> list[LayerRow]:
    """The rows of the layers among `nodes`."""
    return [LayerRow(analysis, node) for node in nodes if node.kind != "input"]


def explain_network(analysis: NetworkAnalysis) -> NetworkFacts:
    """The network on a page."""
    from ...measure.depth import depth
    from ...network.accepted import accepted

    run = [row for row in analysis.layers if not row.train]
    sizes = () if analysis.broken else accepted(analysis.network)
    return NetworkFacts(_parts(run), _kinds(run), _records(analysis, run), depth(analysis.network), sizes)


def _parts(rows: Sequence[LayerRow]) -> tuple[LayerGroup, ...]:
    """The stages, heads and outermost blocks; what stands outside them by itself."""
    groups: list[LayerGroup] = []
    last: tuple[str, ...] | None = None
    for row in rows:
        place = row.path[:1] or (row.name,)
        if place == last and row.path:
            groups[-1].rows.append(row)
        else:
            groups.append(LayerGroup(place[0], row.blocks[0] if row.path else row.kind, [row]))
        last = place
    return tuple(groups)


def _kinds(rows: Sequence[LayerRow]) -> tuple[LayerGroup, ...]:
    by_kind: dict[str, list[LayerRow]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    return tuple(LayerGroup(kind, "kind", some) for kind, some in by_kind.items())


def _records(analysis: NetworkAnalysis, rows: Sequence[LayerRow]) -> tuple[tuple[str, LayerRow, int], ...]:
    """The widest, largest, heaviest, costliest and deepest layer; none where it is 0, or something is unknown."""
    from ...measure.depth import depths

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
