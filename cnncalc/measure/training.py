"""What PyTorch holds while it trains a network: what it keeps for the way back, parameters, gradients, optimizer.

Kept are the tensors that autograd saves (`torch.autograd.graph.saved_tensors_hooks`), each storage once, parameters and
buffers aside: every kind of layer says what it keeps (`Layer.kept`). Nothing is kept of a layer through which no
gradient goes. Trained is the network as it is written, train heads with it: nothing is folded.
"""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

from ..deployment import INPLACE, OPTIMIZER, OPTIMIZERS
from ..layers.result import Kept
from ..network import Node
from ..records import Record
from .execution import Execution

if TYPE_CHECKING:
    from .result import NetworkAnalysis

#: The types that PyTorch trains in.
TRAINED = ("fp64", "fp32", "fp16", "bf16")
#: The bytes of an index.
_INDEX = 8


class Training(Record):
    """The bytes of a training step."""

    kept: int
    parameters: int
    gradients: int
    optimizer: int
    buffers: int

    @property
    def total(self) -> int:
        """The sum."""
        return sum(self)


class Trainer:
    """The memory of training a network that is sound, for the batch and the types of its analysis."""

    def __init__(self, analysis: NetworkAnalysis, optimizer: str = OPTIMIZER) -> None:
        self.analysis = analysis
        self.optimizer = optimizer
        self._written = Execution(analysis.network)

    @cached_property
    def unknown(self) -> str:
        """Why it is not known; empty where it is."""
        analysis = self.analysis
        if analysis.broken or any(node.output is None for node in analysis.network.nodes):
            return "not every shape could be worked out"
        costly = [node.name for node in self._nodes if node.result and None in (node.result.params,)]
        if costly:
            return f"nothing is known of what '{costly[0]}' costs"
        wrong = [name for name in (*analysis.dtypes, *analysis.storage.others) if name not in TRAINED]
        if wrong:
            return f"PyTorch does not train in {wrong[0]}"
        lost = [node for node in self._nodes if self._kept[node.position] is None and self._needs[node.position]]
        if lost:
            return f"what PyTorch keeps of '{lost[0].name}' depends on the device, or on how it is made of operations"
        return ""

    @property
    def _nodes(self) -> list[Node]:
        return [node for node in self.analysis.network.nodes if node.layer is not None]

    def step(self, batch: int) -> Training | None:
        """The bytes of a step with a batch; None where it is not known."""
        if self.unknown:
            return None
        network, dtypes = self.analysis.network, self.analysis.dtypes
        learned = [(self._written.learned(node, dtypes), node.frozen or node.unrun) for node in network.nodes]
        parameters = sum([size for size, _ in learned])
        gradients = sum([size for size, frozen in learned if not frozen])
        buffers = sum(self._written.buffers(node) for node in network.nodes)
        state = OPTIMIZERS[self.optimizer] * gradients
        return Training(self._kept_bytes(batch), parameters, gradients, state, dtypes.bytes_of("weights", buffers))

    def largest_batch(self, budget: int) -> int | None:
        """The largest batch that fits into so many bytes, 0 where none does; None where any does, or none is known.

        From two samples on, each takes as much as the one before.
        """
        training, two, three = (self.step(batch) for batch in (1, 2, 3))
        if training is None or two is None or three is None:
            return None
        if two.total > budget:
            return int(training.total <= budget)
        each = three.total - two.total
        return (budget - two.total) // each + 2 if each else None

    def _kept_bytes(self, batch: int) -> int:
        """The bytes that are kept: storages of which something is needed, and what layers keep besides."""
        dtypes, nodes = self.analysis.dtypes, self.analysis.network.nodes
        storages: set[int] = set()
        indices: dict[int, int] = {}  # of each pool whose indices are kept
        besides = 0
        for node in self._nodes:
            kept = self._kept[node.position]
            if kept is None or not self._needs[node.position]:
                continue
            storages.update(self._storages[node.inputs[place]] for place in kept.storages(batch))
            storages.update((self._storages[node.position],) if kept.output else ())
            elements = kept.more + sum(self._elements(node.inputs[place]) for place in kept.copies(batch))
            besides += dtypes.bytes_of("activations", elements * batch + kept.once)
            if kept.indexed is not None:
                indices[node.inputs[kept.indexed]] = self._elements(node.inputs[kept.indexed])
            elif kept.indices:
                indices[node.position] = kept.indices
        held = (nodes[position] for position in storages)
        return besides + sum(indices.values()) * batch * _INDEX + sum(
            dtypes.bytes_of("activations", self._elements(node.position) * batch)
            for node in held
            if node.layer is None or not node.layer.source
        )  # fmt: skip

    def _elements(self, position: int) -> int:
        return prod(self.analysis.network.nodes[position].output or ())

    @cached_property
    def _needs(self) -> list[bool]:
        """Whether a gradient goes through the output of a node."""
        found: list[bool] = []
        for node in self.analysis.network.nodes:
            learns = node.result and (node.result.params or 0) > 0 and not (node.frozen or node.unrun)
            found.append(bool(learns) or any(found[index] for index in node.inputs if index >= 0))
        return found

    @cached_property
    def _kept(self) -> list[Kept | None]:
        """What is kept of every node, if a gradient goes through it."""
        found: list[Kept | None] = []
        for node in self.analysis.network.nodes:
            shapes = self.analysis.network.input_shapes(node)
            if node.layer is None or node.output is None or shapes is None:
                found.append(None)
                continue
            needs = tuple(self._needs[index] for index in node.inputs)
            kept = node.layer.kept(shapes, node.output, needs)
            if node.frozen and kept is not None:
                kept = Kept() if node.layer.keeps_for_weights else kept._replace(copied=())
            over = kept is not None and node.layer.keeps_written_over and self._written_over(node, found)
            found.append(Kept(output=True) if over else kept)
        return found

    def _written_over(self, node: Node, before: list[Kept | None]) -> bool:
        """Whether an activation that can do so writes over its input, and keeps its output in its place: nothing else
        reads that, and the layer that made it does not keep it.
        """
        if self.analysis.execution.way != INPLACE or not self._written.is_only_reader(node, node.inputs[0]):
            return False
        made = before[self._written.values[node.inputs[0]]]
        return made is not None and not made.output

    @cached_property
    def _storages(self) -> list[int]:
        """For every node the node whose storage its output is in while the network trains.

        A slice is in the storage of what it is cut out of; to give that other axes takes a copy, unless whole channels
        were cut.
        """
        nodes = self.analysis.network.nodes
        found: list[int] = []
        whole: list[bool] = []
        for node in nodes:
            layer = node.layer
            if layer is None or not (layer.passes or layer.slices):
                found.append(node.position)
                whole.append(True)
                continue
            shapes, before = self.analysis.network.input_shapes(node), node.inputs[0] if node.inputs else -1
            own = not shapes or (layer.copied and not whole[before])
            found.append(node.position if own else found[before])
            cut = layer.slices and bool(shapes) and node.output is not None
            whole.append(own or (whole[before] and not (cut and shapes and shapes[0][1:] != (node.output or ())[1:])))
        return found
