"""Memory of a network: stored weights, live activations, their peak, and an estimate for training (counting.md)."""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import Any

from ..records import Record
from .memory import Liveness, liveness, storages
from .result import DTYPES, Analysis

#: Numbers that an optimizer keeps for every parameter.
OPTIMIZERS = {"sgd": 0, "momentum": 1, "adam": 2}


class Holding(Record):
    """A tensor that lives at the peak: who made it, its shape and bytes, and who still reads it."""

    name: str
    shape: tuple[int, ...]
    bytes: int
    readers: tuple[str, ...]


class Training(Record):
    """Bytes of a training step: nothing is freed, and every parameter has a gradient and the optimizer's numbers."""

    parameters: int
    gradients: int
    optimizer: int
    activations: int

    @property
    def total(self) -> int:
        """The sum."""
        return sum(self)


class Footprint:
    """The memory of an analysis, in bytes of its dtype and batch. Every figure is None where a shape is unknown."""

    def __init__(self, analysis: Analysis, optimizer: str = "adam") -> None:
        self.analysis = analysis
        self.optimizer = optimizer
        self.unit = DTYPES[analysis.dtype]

    @cached_property
    def liveness(self) -> Liveness | None:
        """What lives at every step of inference."""
        return None if self.analysis.broken else liveness(self.analysis.network, self.unit * self.analysis.batch)

    @property
    def parameters(self) -> int | None:
        """Bytes of the parameters, train heads left out."""
        return self._stored(self.analysis.totals.params)

    @property
    def buffers(self) -> int | None:
        """Bytes of the running statistics."""
        return self._stored(self.analysis.totals.buffers)

    def _stored(self, elements: int | None) -> int | None:
        return None if elements is None else elements * self.unit

    @property
    def activations(self) -> int | None:
        """Elements: the sum of the outputs of the layers that inference runs, for the batch."""
        shapes = [row.output for row in self.analysis.layers if not row.train]
        if self.analysis.broken or None in shapes:
            return None
        return sum(prod(shape) for shape in shapes if shape is not None) * self.analysis.batch

    @property
    def peak(self) -> int | None:
        """The most bytes of activations alive at once."""
        return None if self.liveness is None else self.liveness.peak

    @property
    def memory(self) -> int | None:
        """Parameters, buffers and peak."""
        parts = (self.parameters, self.buffers, self.peak)
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None

    @property
    def peak_layer(self) -> str | None:
        """The first layer that runs at the peak."""
        if self.liveness is None or self.liveness.peak_step is None:
            return None
        return self.analysis.network.nodes[self.liveness.steps[self.liveness.peak_step]].name

    @cached_property
    def held(self) -> list[Holding]:
        """The tensors alive at the peak, the largest first."""
        if self.liveness is None or self.liveness.peak_step is None:
            return []
        step = self.liveness.peak_step
        alive = self.liveness.alive(step)
        network = self.analysis.network
        storage = storages(network)
        readers: dict[int, dict[str, None]] = {tensor.node: {} for tensor in alive}
        for node in network.nodes[self.liveness.steps[step] :]:
            for index in () if node.train else node.inputs:
                if storage[index] in readers:
                    readers[storage[index]][node.name] = None
        made = [(network.nodes[tensor.node], tensor) for tensor in alive]
        found = [
            Holding(node.name, node.output or (), tensor.bytes, tuple(readers[tensor.node])) for node, tensor in made
        ]
        return sorted(found, key=lambda one: -one.bytes)

    @property
    def training(self) -> Training | None:
        """An estimate of a training step, train heads included: every stored tensor is kept for the way back."""
        params, totals = self._stored(self.analysis.totals.params_train), self.analysis.totals
        nodes = self.analysis.network.nodes
        if params is None or totals.buffers is None or any(node.output is None for node in nodes):
            return None
        kept = sum(
            prod(node.output or ()) for node in nodes if node.layer is None or not (node.layer.view and node.inputs)
        )
        buffers = totals.buffers * self.unit
        state = params * OPTIMIZERS[self.optimizer]
        return Training(params + buffers, params, state, kept * self.unit * self.analysis.batch)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of `cnncalc memory`."""
        analysis, live, training = self.analysis, self.liveness, self.training
        names = [analysis.network.nodes[position].name for position in live.steps] if live else []
        return {
            "version": 1, "command": "memory", "file": analysis.file, **analysis.origin, "model": analysis.model,
            "batch": analysis.batch, "dtype": analysis.dtype, "optimizer": self.optimizer,
            "parameters": self.parameters, "buffers": self.buffers, "activations": self.activations, "peak": self.peak,
            "peak_layer": self.peak_layer, "memory": self.memory,
            "held": [
                {"name": one.name, "shape": list(one.shape), "bytes": one.bytes, "readers": list(one.readers)}
                for one in self.held
            ],
            "training": {**training._asdict(), "total": training.total} if training else None,
            "layers": [
                {"name": name, "live": bytes} for name, bytes in zip(names, live.live if live else (), strict=True)
            ],
            "diagnostics": [one.to_dict() for one in analysis.diagnostics],
        }  # fmt: skip
