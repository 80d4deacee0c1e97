"""Models side by side: one set of measures for each, and the fully connected networks beside them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..records import Record
from .conventions import Tally
from .depth import depth, weighted
from .footprint import Footprint
from .mlp import Equivalents
from .result import Analysis


class Measures(Record):
    """What models are compared by (counting.md), each None where it is not known."""

    layers: int
    weighted: int | None
    depth: int | None
    params: int | None
    buffers: int | None
    macs: int | None
    flops: int | None
    #: Elements of all layers' outputs, and the bytes of those that live at once, of the batch.
    activations: int | None
    peak: int | None
    #: Bytes: parameters, buffers and the peak.
    memory: int | None
    #: The receptive field of the first output, an axis each.
    field: tuple[int | Fraction, ...] | None
    params_train: int | None


def measures(analysis: Analysis) -> Measures:
    """The measures of a network, for its batch and dtype."""
    totals, network = analysis.totals, analysis.network
    if totals.params is None:
        unknown = dict.fromkeys(name for name in Measures._fields if name != "layers")
        return Measures(layers=totals.layers, **unknown)
    footprint = Footprint(analysis)
    port = next((port for port in network.outputs if not port.train and port.node >= 0), None)
    fields = None if port is None else analysis.fields[port.node]
    return Measures(
        layers=totals.layers,
        weighted=weighted(network),
        depth=depth(network),
        params=totals.params,
        buffers=totals.buffers,
        macs=totals.macs,
        flops=totals.flops,
        activations=footprint.activations,
        peak=footprint.peak,
        memory=footprint.memory,
        field=None if fields is None else tuple(axis.size for axis in fields),
        params_train=totals.params_train,
    )


class Model:
    """One column: a network, which of its values were set, and what it is measured and set against."""

    def __init__(
        self, analysis: Analysis, settings: Mapping[str, str], inputs: Mapping[str | None, str],
        hidden: tuple[int, ...] | None = None,
    ) -> None:  # fmt: skip
        self.analysis = analysis
        self.settings = dict(settings)
        self.inputs = dict(inputs)
        self.hidden = hidden
        #: The network by other tools' conventions, where asked for.
        self.tallies: tuple[Tally, ...] = ()

    @property
    def known(self) -> bool:
        """Whether its totals are known, so that there is something to compare."""
        return self.analysis.totals.params is not None

    @cached_property
    def measures(self) -> Measures:
        """Its measures."""
        return measures(self.analysis)

    @cached_property
    def mlp(self) -> Equivalents:
        """The fully connected networks for the same job."""
        return Equivalents(self.analysis, self.hidden)

    def to_dict(self, mlp: bool) -> dict[str, Any]:
        """Its entry in the JSON document of `cnncalc compare`; `mlp` adds the fully connected networks."""
        entry = {
            key: value
            for key, value in self.analysis.to_dict().items()
            if key not in ("version", "command", "diagnostics")
        }
        entry["settings"] = self.settings
        field = self.measures.field
        listed = None if field is None else [int(size) if size == int(size) else float(size) for size in field]
        entry["totals"] |= {**self.measures._asdict(), "field": listed}
        if mlp:
            for layer in entry["layers"]:
                found = self.mlp.layers.get(layer["name"])
                if found is not None:
                    layer.update(found.to_dict())
            entry["mlp"] = self.mlp.to_dict()
        return entry
