"""The numbers of a network: a row a layer, and totals. ``to_dict`` is the JSON document of `cnncalc shapes`."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

from ..diagnostics import ERROR, EXPECTATION_FAILED, Diagnostic
from ..graph import Network
from ..graph.requirements import UNKNOWN_MEASURE
from ..layers import Layer, Shape
from .field import Fields, receptive_fields
from .row import FLOPS_PER_MAC, LayerRow, listed

#: Errors that leave the network as it is.
_INTACT = frozenset({EXPECTATION_FAILED, UNKNOWN_MEASURE})
#: Bytes of an element.
DTYPES = {"fp32": 4, "fp16": 2, "bf16": 2, "int8": 1}


class Port(NamedTuple):
    """An input or output of the network."""

    name: str
    shape: Shape | None
    train: bool = False


class Totals(NamedTuple):
    """Sums over the layers that inference runs; `params_train` over train heads, too. None where one is unknown."""

    layers: int
    params: int | None
    buffers: int | None
    macs: int | None
    flops: int | None
    params_train: int | None


class Analysis:
    """A network and its numbers."""

    def __init__(self, network: Network, batch: int = 1, dtype: str = "fp32") -> None:
        self.network = network
        self.batch = batch
        self.dtype = dtype
        self.model = network.title
        self.file = network.source.name
        self.layout = network.layout
        self._descriptions: dict[tuple[int, int], str] = {}
        self.inputs = [Port(node.name, node.output) for node in network.inputs]
        self.layers = [LayerRow(self, node) for node in network.layers]
        self.outputs = [
            Port(port.name, network.nodes[port.node].output if port.node >= 0 else None, port.train)
            for port in network.outputs
        ]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is to be said about the spec."""
        return self.network.diagnostics

    @property
    def broken(self) -> bool:
        """Whether a fault leaves numbers unknown: any error but one in an expectation or a requirement."""
        return any(one.severity == ERROR and one.code not in _INTACT for one in self.diagnostics)

    def described(self, layer: Layer, rank: int) -> str:
        """`layer` as a person would write it; a repeated layer is described once."""
        key = (id(layer), rank)
        if key not in self._descriptions:
            self._descriptions[key] = layer.describe(rank, self.layout)
        return self._descriptions[key]

    @cached_property
    def fields(self) -> list[Fields | None]:
        """The receptive field of every node."""
        return receptive_fields(self.network)

    @cached_property
    def totals(self) -> Totals:
        """The sums. None where a layer is unknown, or could not be read."""
        run = [node for node in self.network.layers if not node.train]
        heads = [node for node in self.network.layers if node.train]
        known = not self.broken and all(node.result is not None for node in (*run, *heads))
        if not known:
            return Totals(len(run), None, None, None, None, None)
        own = [node.result for node in run if node.owner is None and node.result is not None]
        params = sum(result.params for result in own)
        macs = sum(node.result.macs for node in run if node.result is not None) * self.batch
        extra = sum(node.result.params for node in heads if node.owner is None and node.result is not None)
        buffers = sum(result.buffers for result in own)
        return Totals(len(run), params, buffers, macs, FLOPS_PER_MAC * macs, params + extra)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of `cnncalc shapes` (`cnncalc help json`): plain lists, dicts, ints, strings and None."""
        return {
            "version": 1, "command": "shapes", "file": self.file, "model": self.model, "layout": self.layout,
            "batch": self.batch, "dtype": self.dtype,
            "inputs": [{"name": port.name, "shape": listed(port.shape)} for port in self.inputs],
            "outputs": [
                {"name": port.name, "shape": listed(port.shape), **({"train": True} if port.train else {})}
                for port in self.outputs
            ],
            "layers": [row.to_dict() for row in self.layers],
            "totals": self.totals._asdict(),
            "uncounted": [],
            "diagnostics": [one.to_dict() for one in self.diagnostics],
        }  # fmt: skip


def analyze(network: Network, *, batch: int = 1, dtype: str = "fp32") -> Analysis:
    """The numbers of `network`, for `batch` samples and elements of `dtype`.

    Raises ValueError for a batch under 1 or an unknown dtype.
    """
    if batch < 1:
        raise ValueError(f"a batch has at least 1 sample, not {batch}")
    if dtype not in DTYPES:
        raise ValueError(f"unknown dtype {dtype!r}: one of {', '.join(DTYPES)}")
    return Analysis(network, batch, dtype)
