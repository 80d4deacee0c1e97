"""Live memory: which tensors exist while a layer runs, and how many bytes they take.

The rules of counting.md: outputs are in the storages that the way of execution gives them. While a layer runs its
inputs and its output live; a tensor is freed after its last reader; the model's inputs are there from the start, its
outputs live to the end; train heads do not run.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from math import prod

from ..network import Node
from ..records import Record
from ..values import largest
from .execution import Execution


class LiveTensor(Record):
    """A stored tensor: the position of the node that made it, its bytes, and the first and last step that it lives."""

    node: int
    bytes: int
    born: int
    last: int


class Liveness(Record):
    """What lives when. A step is a layer that runs, in file order."""

    #: The position in `Network.nodes` of the layer of each step.
    steps: tuple[int, ...]
    #: The bytes alive while each step runs.
    live: tuple[int, ...]
    #: Every stored tensor, in the order in which they are made.
    tensors: tuple[LiveTensor, ...]

    @property
    def peak(self) -> int:
        """The most bytes alive at once; 0 where nothing runs."""
        return largest(*self.live) if self.live else 0

    @property
    def peak_step(self) -> int | None:
        """The first step at which it is the most; None where nothing runs."""
        return self.live.index(self.peak) if self.live else None

    def alive(self, step: int) -> list[LiveTensor]:
        """The tensors that live while `step` runs."""
        return [tensor for tensor in self.tensors if tensor.born <= step <= tensor.last]


def _elements(node: Node) -> int:
    return prod(node.output or ())


def liveness(execution: Execution, size: Callable[[Node], int] = _elements) -> Liveness | None:
    """What lives at every step; what a node gives takes `size` of it, in bytes.

    None where a shape is not known, or a layer that runs reads what only training makes. A tensor that nothing reads
    lives while it is made. Linear in nodes and edges.
    """
    network = execution.network
    steps = tuple(node.position for node in network.layers if not node.train)
    when = {position: step for step, position in enumerate(steps)}
    if network.has_further:  # a layer's results are made at one step
        when |= {
            node.position: when[position] for position in steps for node in network.results(network.nodes[position])
        }
    running = [node for node in network.nodes if node.kind == "input" or not node.train]
    if any(node.output is None or min(node.inputs, default=0) < 0 for node in running):
        return None
    if any(port.node < 0 for port in network.outputs if not port.train):
        return None
    if any(network.nodes[index].train for node in running for index in node.inputs):
        return None
    storage = execution.storages
    last = {storage[node.position]: when.get(node.position, 0) for node in running if _owns(node, storage)}
    for node in running:
        for index in node.inputs:
            last[storage[index]] = max(last[storage[index]], when[node.position])
    for port in network.outputs:
        if not port.train:
            last[storage[port.node]] = max(len(steps) - 1, 0)
    tensors = tuple(
        LiveTensor(node.position, size(node), when.get(node.position, 0), last[node.position])
        for node in running
        if _owns(node, storage)
    )
    return Liveness(steps, _curve(tensors, len(steps)), tensors)


def _owns(node: Node, storage: list[int]) -> bool:
    return storage[node.position] == node.position


def _curve(tensors: tuple[LiveTensor, ...], steps: int) -> tuple[int, ...]:
    """The live bytes of every step: what is born comes to them, what died before goes."""
    change = [0] * (steps + 1)
    for tensor in tensors:
        change[tensor.born] += tensor.bytes
        change[min(tensor.last + 1, steps)] -= tensor.bytes
    return tuple(accumulate(change[:steps]))
