"""Memory of a network: stored weights, live activations, their peak, the arena, and training (counting.md)."""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

from ..deployment import FUSED, LIVENESS, OPTIMIZER
from ..network import Node
from ..records import Record

if TYPE_CHECKING:
    from .arena import Arena, Placed
    from .memory import Liveness
    from .result import NetworkAnalysis
    from .training import Trainer, Training


class Holding(Record):
    """A tensor that lives at the peak: who made it, its shape and bytes, and who still reads it."""

    node: int
    name: str
    shape: tuple[int, ...]
    bytes: int
    readers: tuple[str, ...]


class Footprint:
    """The memory of an analysis, in bytes of its dtype and batch. Every figure is None where a shape is unknown."""

    def __init__(self, analysis: NetworkAnalysis, optimizer: str = OPTIMIZER) -> None:
        self.analysis = analysis
        self.optimizer = optimizer
        #: Whose plan is shown of the tensors: that of their lives alone, or the ``greedy`` one.
        self.planner = LIVENESS
        #: Whether it is asked about training; the bytes into which a training step is to fit.
        self.trained = False
        self.budget: int | None = None

    @cached_property
    def liveness(self) -> Liveness | None:
        """What lives at every step of inference."""
        from .memory import liveness

        return None if self.analysis.broken else liveness(self.analysis.execution, self.analysis.storage.output)

    @property
    def parameters(self) -> int | None:
        """Bytes of the parameters, train heads left out."""
        return self.analysis.parameter_bytes

    @property
    def buffers(self) -> int | None:
        """Bytes of the running statistics."""
        buffers = self.analysis.totals.buffers
        return None if buffers is None else self.analysis.dtypes.bytes_of("weights", buffers)

    @property
    def activations(self) -> int | None:
        """Elements: the sum of the outputs of the layers that inference runs, for the batch."""
        nodes = self.analysis.network.nodes
        shapes = [node.output for node in nodes if node.kind != "input" and not node.train]
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
        storage = self.analysis.execution.storages
        readers: dict[int, dict[str, None]] = {tensor.node: {} for tensor in alive}
        for node in network.nodes[self.liveness.steps[step] :]:
            for index in () if node.train else node.inputs:
                if storage[index] in readers:
                    readers[storage[index]][node.name] = None
        made = [(network.nodes[tensor.node], tensor) for tensor in alive]
        found = [
            Holding(node.position, node.name, node.output or (), tensor.bytes, tuple(readers[tensor.node]))
            for node, tensor in made
        ]
        return sorted(found, key=lambda holding: -holding.bytes)

    @property
    def flash(self) -> int | None:
        """The bytes of what is stored: weights and biases, and running statistics unless they are folded."""
        parameters, buffers = self.parameters, self.buffers
        if parameters is None or buffers is None:
            return None
        return parameters + (0 if self.analysis.execution.way == FUSED else buffers)

    @cached_property
    def arena(self) -> Arena | None:
        """What the greedy planner makes of it; None where it is not known, or far too many tensors live together."""
        from .arena import plan

        allocations = self.analysis.network.allocations
        untold = allocations is not None and allocations.unknown
        return None if self.liveness is None or untold else plan(self.analysis)

    @property
    def arena_unknown(self) -> str:
        """Why the arena is not known; empty where it is."""
        allocations = self.analysis.network.allocations
        if self.arena is not None:
            return ""
        if self.liveness is None:
            return "not every shape could be worked out"
        return (allocations.unknown if allocations is not None else "") or "too many tensors live together"

    @cached_property
    def arena_top(self) -> tuple[Node, list[tuple[str, int]]] | None:
        """The layer that runs while the arena reaches furthest, and what then lives there, the largest first."""
        if self.arena is None or not self.arena.tensors:
            return None
        top = max(self.arena.tensors, key=lambda tensor: tensor.end)
        nodes = self.analysis.network.nodes
        running = [node for node in nodes if node.layer is not None and not node.train]
        besides = [tensor for tensor in self.arena.tensors if tensor.born <= top.last and top.born <= tensor.last]
        most: list[Placed] = []
        step = top.born
        for begin in sorted({max(placed.born, top.born) for placed in besides}):
            alive = [placed for placed in besides if placed.born <= begin <= placed.last]
            if sum(placed.bytes for placed in alive) > sum(placed.bytes for placed in most):
                most, step = alive, begin
        sizes = [(self.called(one), one.bytes) for one in sorted(most, key=lambda placed: -placed.bytes)]
        return (running[max(step, 1) - 1] if running else nodes[top.node]), sizes

    def called(self, placed: Placed) -> str:
        """The name of what stands in the arena."""
        return self.analysis.network.nodes[placed.node].name + " (scratch)" * placed.scratch

    @property
    def arena_bytes(self) -> int | None:
        """The bytes of the arena."""
        return None if self.arena is None else self.arena.bytes

    @cached_property
    def trainer(self) -> Trainer:
        """What is held while it is trained."""
        from .training import Trainer

        return Trainer(self.analysis, self.optimizer)

    @property
    def training(self) -> Training | None:
        """The bytes of a training step with the batch, train heads included; None where it is not known."""
        return self.trainer.step(self.analysis.batch)

    def _arena_data(self) -> dict[str, Any] | None:
        if self.arena is None:
            return None
        tensors = [
            {
                "name": self.called(tensor),
                "offset": tensor.offset,
                "bytes": tensor.bytes,
                **self._dtype(tensor.node, tensor.scratch),
            }
            for tensor in self.arena.tensors
        ]
        return {"bytes": self.arena.bytes, "tensors": tensors}

    def _dtype(self, position: int, scratch: bool = False) -> dict[str, str | None]:
        """The type of a tensor, in JSON, where the file has types a tensor."""
        network = self.analysis.network
        kind = None if scratch else self.analysis.storage.types(network.nodes[position]).activations
        return {"dtype": kind} if network.types else {}

    @property
    def fit(self) -> dict[str, Any] | None:
        """The budget and the largest batch that fits into it; None where there is none."""
        if self.budget is None:
            return None
        return {"budget": self.budget, "batch": self.trainer.largest_batch(self.budget)}

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of `cnncalc memory`."""
        analysis, live, training = self.analysis, self.liveness, self.training
        names = [analysis.network.nodes[position].name for position in live.steps] if live else []
        return {
            "version": 1, "command": "memory", "file": analysis.file, **analysis.origin, "model": analysis.model,
            **analysis.conditions, "optimizer": self.optimizer, "parameters": self.parameters,
            "buffers": self.buffers, "activations": self.activations, "peak": self.peak,
            "peak_layer": self.peak_layer, "memory": self.memory,
            "held": [
                {"name": holding.name, "shape": list(holding.shape), "bytes": holding.bytes,
                 "readers": list(holding.readers),
                 **self._dtype(holding.node)}
                for holding in self.held
            ],
            "planner": self.planner, "arena": self._arena_data(), "flash": self.flash,
            "fit": self.fit,
            "training": {**training._asdict(), "total": training.total} if training else None,
            "layers": [
                {"name": name, "live": bytes} for name, bytes in zip(names, live.live if live else (), strict=True)
            ],
            "diagnostics": [diagnostic.to_dict() for diagnostic in analysis.diagnostics],
        }  # fmt: skip
