"""The numbers of a network: a row a layer, and totals. ``to_dict`` is the JSON document of `cnncalc shapes`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

from .. import deployment
from ..deployment import EAGER, EXECUTIONS, FUSED, Given
from ..diagnostics import ERROR, EXPECTATION_FAILED, Diagnostic
from ..interpret.specification import of_requirement
from ..layers import Layer, Shape
from ..measures import FLOPS_PER_MAC
from ..network import Network, Node, Step
from ..records import Record
from .execution import Execution
from .receptive_field.forward import receptive_fields
from .receptive_field.parts import Fields
from .row import LayerRow, listed
from .storage import StorageTypes

#: Layers whose descriptions are kept, for those that come again.
MOST_DESCRIPTIONS = 10_000


class ShapedPort(Record):
    """An input or output of the network."""

    name: str
    shape: Shape | None
    train: bool = False


class Totals(Record):
    """Sums over the layers that inference runs; `params_train` over train heads, too. None where one is unknown.

    `trainable` are the parameters but those that are frozen; `buffers` of a model in code are all that it owns.
    """

    layers: int
    params: int | None
    trainable: int | None
    buffers: int | None
    macs: int | None
    flops: int | None
    params_train: int | None


class StageTotals(Record):
    """A stage, head or run of a block with the sums over its layers; None where one is unknown.

    A train head's are those of training; a stored tensor counts where it is used first.
    """

    #: Its name, behind those of what it stands in, outermost first.
    path: tuple[str, ...]
    #: "stage", "head", or the name of its block.
    what: str
    layers: int
    params: int | None
    buffers: int | None
    macs: int | None
    flops: int | None

    def to_dict(self) -> dict[str, Any]:
        """Its entry in the JSON document."""
        return {**self._asdict(), "path": list(self.path)}


class LayerSequence(Sequence[LayerRow]):
    """The rows of a network's layers, in file order; each is made when it is asked for."""

    def __init__(self, analysis: NetworkAnalysis) -> None:
        self._analysis = analysis
        nodes = analysis.network.nodes
        inputs = sum(1 for node in nodes if node.kind == "input")
        first = all(node.kind == "input" for node in nodes[:inputs])
        #: The positions of the layers among the nodes.
        self._places: Sequence[int] = (
            range(inputs, len(nodes))
            if first and not analysis.network.has_further
            else [node.position for node in analysis.network.layers]
        )

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[LayerRow]:
        analysis, nodes = self._analysis, self._analysis.network.nodes
        for place in self._places:
            yield LayerRow(analysis, nodes[place])

    @overload
    def __getitem__(self, index: int) -> LayerRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[LayerRow]: ...
    def __getitem__(self, index: int | slice) -> LayerRow | list[LayerRow]:
        analysis, nodes = self._analysis, self._analysis.network.nodes
        if isinstance(index, slice):
            return [LayerRow(analysis, nodes[place]) for place in self._places[index]]
        return LayerRow(analysis, nodes[self._places[index]])


class NetworkAnalysis:
    """A network and its numbers: for `batch` samples, its numbers in the types that are `given` over the file's own,
    executed in one of the ways.
    """

    def __init__(self, network: Network, batch: int = 1, given: Given | None = None, way: str = EAGER) -> None:
        self.network = network
        self.batch = batch
        self.execution = Execution(network, way)
        self.storage = StorageTypes(self.execution, batch, given or {})
        self.dtypes = self.storage.dtypes
        self.model = network.title
        self.file = network.source.name
        self.layout = network.layout
        self._descriptions: dict[tuple[int, int], str] = {}
        self.inputs = [ShapedPort(node.name, node.output) for node in network.inputs]
        self.outputs = [
            ShapedPort(port.name, network.nodes[port.node].output if port.node >= 0 else None, port.train)
            for port in network.outputs
        ]

    @cached_property
    def layers(self) -> Sequence[LayerRow]:
        """The rows of the layers: until they are asked for, an analysis is in no circle, and goes when it is let go."""
        return LayerSequence(self)

    @property
    def dtype(self) -> str:
        """The type of all numbers, or ``mixed``."""
        return self.dtypes.name

    @property
    def conditions(self) -> dict[str, Any]:
        """Batch, types and execution, as a JSON document has them."""
        return deployment.head(self.batch, self.dtypes, self.execution.way)

    def like(self, network: Network) -> NetworkAnalysis:
        """The numbers of another network under the same conditions."""
        given = self.storage.given if network.types else self.dtypes._asdict()
        return NetworkAnalysis(network, self.batch, given, self.execution.way)

    def params_of(self, node: Node) -> int:
        """The learned elements that are stored of a node whose result is known; what it shares is its owner's."""
        if self.execution.way == FUSED:
            return self.execution.params(node)
        return (node.result.params or 0) if node.owner is None and node.result is not None else 0

    def buffers_of(self, node: Node) -> int:
        """The same of the elements of running statistics."""
        if self.execution.way == FUSED:
            return self.execution.buffers(node)
        return node.result.buffers if node.owner is None and node.result is not None else 0

    @cached_property
    def parameter_bytes(self) -> int | None:
        """The bytes of the parameters, train heads left out; None where they are not known."""
        total = self.totals.params
        return None if total is None else self.storage.all_learned(total)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is to be said about the spec."""
        return self.network.diagnostics

    @property
    def origin(self) -> dict[str, Any]:
        """What a JSON document says of the file: its format, and where it is no spec the samples that stand there."""
        network = self.network
        samples = {} if network.format == "spec" else {"file_batch": network.file_batch}
        return {"format": network.format, **samples}

    @property
    def broken(self) -> bool:
        """Whether a fault leaves numbers unknown: any error but one in an expectation or a requirement."""
        errors = (
            diagnostic
            for diagnostic in self.diagnostics
            if diagnostic.severity == ERROR and diagnostic.code != EXPECTATION_FAILED
        )
        return not all(map(of_requirement, errors))

    def described(self, layer: Layer, rank: int) -> str:
        """`layer` as a person would write it; a repeated layer is described once."""
        key = (id(layer), rank)
        found = self._descriptions.get(key)
        if found is None:
            found = layer.describe(rank, self.layout)
            if len(self._descriptions) < MOST_DESCRIPTIONS:
                self._descriptions[key] = found
        return found

    @cached_property
    def fields(self) -> list[Fields | None]:
        """The receptive field of every node."""
        return receptive_fields(self.network)

    @cached_property
    def totals(self) -> Totals:
        """The sums. None where a layer is unknown, or could not be read."""
        layers = params = frozen = macs = extra = 0
        buffers = self.network.spare_buffers
        known = not self.broken
        told = {"params": True, "macs": True}
        for node in self.network.nodes:
            result = node.result
            if result is None:
                known = known and node.kind == "input"
                layers += node.kind != "input" and not (node.train or node.further)
            elif node.train:
                extra += self.params_of(node)
            else:
                layers += not node.further
                told["params"] = told["params"] and result.params is not None
                told["macs"] = told["macs"] and result.macs is not None
                macs += result.macs or 0
                learned = self.params_of(node)
                params += learned
                frozen += learned * node.frozen
                buffers += self.buffers_of(node)
        if not known:
            return Totals(layers, None, None, None, None, None, None)
        macs *= self.batch
        stored = (params, params - frozen, params + extra) if told["params"] else (None, None, None)
        work = (macs, FLOPS_PER_MAC * macs) if told["macs"] else (None, None)
        return Totals(layers, stored[0], stored[1], buffers, work[0], work[1], stored[2])

    @property
    def at_least(self) -> dict[str, int] | None:
        """The parameters and MACs of the layers that are known, where a total is not; None where all are."""
        if self.totals.params is not None and self.totals.macs is not None:
            return None
        rows = [row for row in self.layers if not row.train]
        return {name: sum(getattr(row, name) or 0 for row in rows) for name in ("params", "macs")}

    def totals_entry(self) -> dict[str, Any]:
        """The totals as a JSON document has them."""
        least = self.at_least
        return self.totals._asdict() | ({} if least is None else {"at_least": least})

    @cached_property
    def stages(self) -> Sequence[StageTotals]:
        """The stages, heads and runs of blocks with their sums, each before those that stand in it."""
        sums: dict[tuple[Step, ...], list[int]] = {}
        unknown: set[tuple[Step, ...]] = set()
        for node in self.network.nodes:
            result = node.result
            for depth in range(1, len(node.path) + 1):
                found = sums.setdefault(node.path[:depth], [0, 0, 0, 0])
                found[0] += not node.further
                if result is None or None in (result.params, result.macs):
                    unknown.add(node.path[:depth])
                else:
                    found[1] += self.params_of(node)
                    found[2] += self.buffers_of(node)
                    found[3] += result.macs * self.batch
        return [
            StageTotals(tuple(step.name for step in steps), steps[-1].what, layers,
                  *((None,) * 4 if steps in unknown else (params, buffers, macs, FLOPS_PER_MAC * macs)))
            for steps, (layers, params, buffers, macs) in sums.items()
        ]  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of `cnncalc shapes` (`cnncalc help json`): plain lists, dicts, ints, strings and None."""
        return {**self.document(), "layers": [row.to_dict() for row in self.layers]}

    def document(self) -> dict[str, Any]:
        """The same, its `layers` an iterator: for a writer that lets each entry go when it is written."""
        return {
            "version": 1, "command": "shapes", "file": self.file, **self.origin, "model": self.model,
            "layout": self.layout, **self.conditions,
            "inputs": [{"name": port.name, "shape": listed(port.shape)} for port in self.inputs],
            "outputs": [
                {"name": port.name, "shape": listed(port.shape), **({"train": True} if port.train else {})}
                for port in self.outputs
            ],
            "layers": (row.to_dict() for row in self.layers),
            "stages": [stage.to_dict() for stage in self.stages],
            "totals": self.totals_entry(),
            "uncounted": [],
            "diagnostics": [diagnostic.to_dict() for diagnostic in self.diagnostics],
        }  # fmt: skip


def analyze(
    network: Network, *, batch: int = 1, dtype: str | Given | None = None, execution: str = EAGER
) -> NetworkAnalysis:
    """The numbers of `network`, for `batch` samples, its numbers in `dtype` (``weights=int8,biases=int32``, or types by
    part) over its file's own types, executed in one of the EXECUTIONS.

    Raises ValueError for a batch under 1, an unknown type or an unknown execution.
    """
    if batch < 1:
        raise ValueError(f"a batch has at least 1 sample, not {batch}")
    if execution not in EXECUTIONS:
        raise ValueError(f"unknown execution {execution!r}: one of {', '.join(EXECUTIONS)}")
    return NetworkAnalysis(network, batch, deployment.given(dtype), execution)
