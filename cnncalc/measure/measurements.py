"""The measures of :mod:`cnncalc.measures`, of an analysis: of the whole network or of a name in it.

A name stands for its whole line, stage or head. Sums run over its layers; `peak` is the most that lives while one of
them runs, whoever made it, and `memory` that and what they store; `depth` is the most weighted layers on a path inside;
`field` and `output` are those of its output. Layers of train heads are in no sum but in that of a name that stands for
nothing else: what runs at inference has no part in them, so their `peak` and `memory` are not known.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..deployment import FUSED
from ..interpret.specification import specification
from ..layers import Shape
from ..measures import FIGURES, MEASURES
from ..network import Network
from ..values import largest
from .depth import depths
from .footprint import Footprint

if TYPE_CHECKING:
    from ..network.model import Node
    from .result import NetworkAnalysis


class Axes(tuple[int | Fraction, ...]):
    """A number for every spatial axis of the first input."""


class UnknownMeasure(Exception):
    """A measure that has no value here: `reason` says why; empty where a fault that is reported already is to blame."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


#: What the analysis knows of a layer by itself, for it depends on the way of execution.
_STORED = {"params": "params_of", "buffers": "buffers_of"}
#: The count of every layer that a measure is made of.
_COUNTS = {
    "params": "params", "params_train": "params", "trainable": "params", "buffers": "params", "macs": "macs",
    "flops": "macs",
}  # fmt: skip
#: What a measure gives: a number, one for every axis, or a shape (channels first).
Value = int | Fraction | Axes | Shape


class Measurements:
    """Measures one analysis, for its batch and dtype: each measure when it is asked for, and once."""

    def __init__(self, analysis: NetworkAnalysis) -> None:
        self.analysis = analysis
        self.network: Network = analysis.network
        self.footprint = Footprint(analysis)
        self._known: dict[tuple[str, str | None], Value] = {}

    def __call__(self, measure: str, name: str | None = None) -> Value:
        """The value of `measure`, of the model or of `name`. Raises UnknownMeasure."""
        if specification(self.network).library:
            raise UnknownMeasure("there are only blocks here, and no layer")
        if measure not in MEASURES or (name is not None and name not in self.network.extents):
            raise UnknownMeasure("")  # a fault of the requirement, which is told
        value = self._measured(measure, name)
        if value == ():
            raise UnknownMeasure("the first input is a vector: it has no axis for a field")
        return value

    def figure(self, measure: str) -> Any:
        """The value of `measure` of the whole network, None where it has none; a field of no axes is ``()``."""
        try:
            return self._measured(measure, None)
        except UnknownMeasure:
            return None

    def _measured(self, measure: str, name: str | None) -> Value:
        key = (measure, name)
        if key not in self._known:
            entry = MEASURES[measure]
            if entry.value is not None:
                self._known[key] = entry.value(self, name)
            elif name is None and measure in self.analysis.totals._fields:
                self._require_known(_COUNTS.get(measure))
                self._known[key] = getattr(self.analysis.totals, measure)
            else:
                self._require_known(_COUNTS.get(measure))
                self._known[key] = sum(self.share(measure, node) for node in self.nodes(name))
        return self._known[key]

    @cached_property
    def _lacking(self) -> dict[str, str]:
        """What of "output", "params" and "macs" is not known of every layer, and the first of which it is not."""
        lacking: dict[str, str] = {}
        for node in self.network.layers:
            result = node.result
            if result is not None and None not in (result.params, result.macs):
                continue  # and its output is known
            for name in ("output", "params", "macs"):
                if result is None or getattr(result, name) is None:
                    lacking.setdefault(name, node.name)
        return lacking

    def _require_known(self, count: str | None = None) -> None:
        """Raises UnknownMeasure where the output of a layer is not known, or a `count` of one, that is asked for."""
        blamed = self._lacking.get("output") or (self._lacking.get(count) if count else None)
        if self.analysis.broken:
            raise UnknownMeasure("")
        if blamed is not None:
            raise UnknownMeasure(
                f"nothing is known of what '{blamed}' {'gives' if 'output' in self._lacking else 'costs'}"
            )

    def share(self, measure: str, node: Node) -> int:
        """What one layer has of a measure that is a sum over layers, for the batch."""
        entry = MEASURES[measure]
        if measure in _STORED:
            stored: int = getattr(self.analysis, _STORED[measure])(node)
            return stored
        assert entry.share is not None
        return entry.share(node) * (self.analysis.batch if entry.batched else 1)

    def spenders(self, measure: str, name: str | None = None) -> list[Node]:
        """The layers that have something of a sum, the most first."""
        shares = [(self.share(measure, node), node) for node in self.nodes(name)]
        return [node for share, node in sorted(shares, key=lambda one: -one[0]) if share]

    # --- which layers -------------------------------------------------------------------------------

    def nodes(self, name: str | None = None) -> list[Node]:
        """The layers that count for the model, or for `name`."""
        if name is None:
            return self._run
        extent = self.network.extents[name]
        inside = [node for node in self.network.nodes[extent.first : extent.last] if node.kind != "input"]
        return [node for node in inside if not node.train] or inside

    @cached_property
    def _run(self) -> list[Node]:
        return [node for node in self.network.nodes if node.kind != "input" and not node.train]

    def _end(self, name: str | None) -> int:
        """The position of the output of the model, its first one, or of `name`. Raises UnknownMeasure."""
        if name is not None:
            position = self.network.extents[name].output
        else:
            ports = [port.node for port in self.network.outputs if not port.train]
            if not ports:
                raise UnknownMeasure("" if self.analysis.broken else "the model has no output that inference gives")
            position = ports[0]
        if position < 0:
            self._require_known()
            raise UnknownMeasure("")
        return position

    # --- what is no sum -----------------------------------------------------------------------------

    def output(self, name: str | None) -> Shape:
        """The shape of the output, channels first. Raises UnknownMeasure."""
        shape = self.network.nodes[self._end(name)].output
        if shape is None:
            self._require_known()
            raise UnknownMeasure("")
        return shape

    def field(self, name: str | None) -> Axes:
        """The receptive field of the output, a number an axis of the first input. Raises UnknownMeasure."""
        self.output(name)
        fields = self.analysis.fields[self._end(name)]
        if fields is None:
            opaque = any(node.layer is not None and node.layer.opaque for node in self.network.nodes)
            unseen = "what an operator looks at is not known" if opaque else "it does not depend on the first input"
            raise UnknownMeasure(unseen)
        return Axes(axis.size for axis in fields)

    def depth(self, name: str | None) -> int:
        """The most weighted layers on one path inside. Raises UnknownMeasure."""
        self._require_known()
        return max(depths(self.nodes(name)).values(), default=0)

    def peak(self, name: str | None) -> int:
        """The most bytes of activations alive at once. Raises UnknownMeasure."""
        self._require_known()
        live = self.footprint.liveness
        if live is None:
            self._require_known()
            raise UnknownMeasure("")
        if name is None:
            return live.peak
        nodes = self.nodes(name)
        if any(node.train for node in nodes):
            raise UnknownMeasure("inference does not run it")
        inside = {node.position for node in nodes}
        return largest(0, *[held for step, held in zip(live.steps, live.live, strict=True) if step in inside])  # type: ignore[no-any-return]

    def memory(self, name: str | None) -> int:
        """The bytes of the peak, and of the parameters and buffers. Raises UnknownMeasure."""
        self._require_known("params")
        peak, nodes = self.peak(name), self.nodes(name)
        buffers = self.analysis.dtypes.bytes_of("weights", sum(map(self.analysis.buffers_of, nodes)))
        return peak + buffers + self._learned(name)

    def _learned(self, name: str | None) -> int:
        """The bytes of weights and biases, which are known."""
        whole = self.analysis.parameter_bytes if name is None else None
        return sum(map(self.analysis.storage.learned, self.nodes(name))) if whole is None else whole

    def arena(self, name: str | None) -> int:
        """The bytes of the arena, of a name as far as its tensors go that live while one of its layers runs.

        Raises UnknownMeasure.
        """
        self.peak(name)
        arena = self.footprint.arena
        if arena is None:
            raise UnknownMeasure(self.footprint.arena_unknown)
        if name is None:
            return arena.bytes
        steps = [step for step, node in enumerate(self._run, 1) if node in self.nodes(name)]
        inside = (tensor.end for tensor in arena.tensors if any(tensor.born <= step <= tensor.last for step in steps))
        return max(inside, default=0)

    def flash(self, name: str | None) -> int:
        """The bytes of weights and biases, and of buffers unless they are folded. Raises UnknownMeasure."""
        self._require_known("params")
        folded = self.analysis.execution.way == FUSED
        buffers = 0 if folded else sum(map(self.analysis.buffers_of, self.nodes(name)))
        return self.analysis.dtypes.bytes_of("weights", buffers) + self._learned(name)

    def training(self, name: str | None) -> int:
        """The bytes of a training step with Adam. Raises UnknownMeasure."""
        self._require_known("params")
        if name is not None:
            raise UnknownMeasure("training is of the whole model: its tensors are kept for one another")
        training = self.footprint.training
        if training is None:
            raise UnknownMeasure(self.footprint.trainer.unknown)
        return training.total


class Figures:
    """The figures of a network by measure, for its batch and dtype, each when it is asked for; None where it is not
    known. Of a network with unknown layers only their number is said.
    """

    def __init__(self, analysis: NetworkAnalysis) -> None:
        self._layers = analysis.totals.layers
        unknown = analysis.broken or any(node.result is None for node in analysis.network.layers)
        self._measurements = None if unknown else Measurements(analysis)

    def __getitem__(self, measure: str) -> Any:
        if self._measurements is None:
            return self._layers if measure == "layers" else None
        return self._measurements.figure(measure)


def all_figures(analysis: NetworkAnalysis) -> dict[str, Any]:
    """Every figure of a network, by measure."""
    figures = Figures(analysis)
    return {measure: figures[measure] for measure in FIGURES}
