"""The measures of counting.md by name, of a whole network or of a name in it: what requirements and limits compare.

A name stands for its whole line, stage or head. Sums run over its layers; `peak` is the most that lives while one of
them runs, whoever made it, and `memory` that and what they store; `depth` is the most weighted layers on a path inside;
`field` and `output` are those of its output. Layers of train heads are in no sum but in that of a name that stands for
nothing else: what runs at inference has no part in them, so their `peak` and `memory` are not known.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

from ..layers import Shape
from ..network import Network
from .depth import is_weighted
from .footprint import Footprint
from .row import FLOPS_PER_MAC

if TYPE_CHECKING:
    from ..network.model import Node
    from .result import Analysis

#: What has one number, or a number an axis (`field`), and can be limited from outside: all measures but the shape.
LIMITED = (
    "params", "buffers", "macs", "flops", "activations", "peak", "memory", "field", "layers", "weighted", "depth",
)  # fmt: skip
#: In bytes.
BYTES = frozenset({"peak", "memory"})
#: What a layer has a share in.
SHARED_OUT = frozenset({"params", "buffers", "macs", "flops", "activations"})

#: Of the model they are in the totals of an analysis.
TOTALED = frozenset({"params", "buffers", "macs", "flops", "layers"})


class Axes(tuple[int | Fraction, ...]):
    """A number for every spatial axis of the first input."""


class Unknown(Exception):
    """A measure that has no value here: `reason` says why; empty where a fault that is reported already is to blame."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


#: What a measure gives: a number, one for every axis, or a shape (channels first).
Value = int | Fraction | Axes | Shape


class Gauge:
    """Measures one analysis: each measure when it is asked for, and once."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.network: Network = analysis.network
        self.footprint = Footprint(analysis)
        self._found: dict[tuple[str, str | None], Value] = {}

    def __call__(self, measure: str, name: str | None = None) -> Value:
        """The value of `measure`, of the model or of `name`. Raises Unknown."""
        if self.network.library:
            raise Unknown("there are only blocks here, and no layer")
        key = (measure, name)
        if key not in self._found:
            self._found[key] = self._measured(measure, name)
        return self._found[key]

    def _measured(self, measure: str, name: str | None) -> Value:
        if measure == "output":
            return self._shape(self._output(name))
        if measure == "field":
            return self._field(self._output(name))
        if not self._known:
            raise Unknown("")
        if measure in ("peak", "memory"):
            return self._memory(measure, name)
        if name is None and measure in TOTALED:
            total: int = getattr(self.analysis.totals, measure)
            return total
        return _SUMS[measure](self, self.nodes(name))

    @cached_property
    def _known(self) -> bool:
        """Whether there is a number of every layer."""
        return self.analysis.totals.params is not None

    # --- which layers -------------------------------------------------------------------------------

    def nodes(self, name: str | None = None) -> list[Node]:
        """The layers that count for the model, or for `name`."""
        if name is None:
            return self._run
        extent = self.network.extents[name]
        found = [node for node in self.network.nodes[extent.first : extent.last] if node.kind != "input"]
        return [node for node in found if not node.train] or found

    @cached_property
    def _run(self) -> list[Node]:
        return [node for node in self.network.layers if not node.train]

    def _output(self, name: str | None) -> int:
        """The position of the output of the model, its first one, or of `name`. Raises Unknown."""
        if name is not None:
            position = self.network.extents[name].output
        else:
            ports = [port.node for port in self.network.outputs if not port.train]
            if not ports:
                raise Unknown("" if self.analysis.broken else "the model has no output that inference gives")
            position = ports[0]
        if position < 0:
            raise Unknown("")
        return position

    # --- the measures -------------------------------------------------------------------------------

    def _shape(self, position: int) -> Shape:
        shape = self.network.nodes[position].output
        if shape is None:
            raise Unknown("")
        return shape

    def _field(self, position: int) -> Axes:
        shape = self._shape(position)
        fields = self.analysis.fields[position]
        if fields is None:
            raise Unknown("it does not depend on the first input" if shape else "")
        if not fields:
            raise Unknown("the first input is a vector: it has no axis for a field")
        return Axes(axis.size for axis in fields)

    def _memory(self, measure: str, name: str | None) -> int:
        live = self.footprint.liveness
        if live is None:
            raise Unknown("")
        nodes = self.nodes(name)
        if any(node.train for node in nodes):
            raise Unknown("inference does not run it")
        peak = live.peak
        if name is not None:
            inside = {node.position for node in nodes}
            peak = max((held for step, held in zip(live.steps, live.live, strict=True) if step in inside), default=0)
        if measure == "peak":
            return peak
        stored = sum(node.result.params + node.result.buffers for node in nodes if node.result and node.owner is None)
        return stored * self.footprint.unit + peak

    def share(self, measure: str, node: Node) -> int:
        """What one layer has of a measure that is a sum over layers."""
        return _SUMS[measure](self, [node])

    def spenders(self, measure: str, name: str | None = None) -> list[Node]:
        """The layers that have something of a sum, the most first."""
        shares = [(self.share(measure, node), node) for node in self.nodes(name)]
        return [node for share, node in sorted(shares, key=lambda one: -one[0]) if share]


def _stored(nodes: list[Node], what: str) -> int:
    return sum(getattr(node.result, what) for node in nodes if node.owner is None)


def _macs(gauge: Gauge, nodes: list[Node]) -> int:
    return sum(node.result.macs for node in nodes if node.result is not None) * gauge.analysis.batch


def _depth(gauge: Gauge, nodes: list[Node]) -> int:
    """The most weighted layers on one path inside."""
    found: dict[int, int] = {}
    for node in nodes:
        inputs = node.inputs
        before = found.get(inputs[0], 0) if len(inputs) == 1 else max((found.get(i, 0) for i in inputs), default=0)
        found[node.position] = before + is_weighted(node)
    return max(found.values(), default=0)


_SUMS: dict[str, Callable[[Gauge, list[Node]], int]] = {
    "params": lambda gauge, nodes: _stored(nodes, "params"),
    "buffers": lambda gauge, nodes: _stored(nodes, "buffers"),
    "macs": _macs,
    "flops": lambda gauge, nodes: FLOPS_PER_MAC * _macs(gauge, nodes),
    "activations": lambda gauge, nodes: sum(prod(node.output or ()) for node in nodes) * gauge.analysis.batch,
    "layers": lambda gauge, nodes: len(nodes),
    "weighted": lambda gauge, nodes: sum(is_weighted(node) for node in nodes),
    "depth": _depth,
}
