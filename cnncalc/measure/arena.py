"""The arena of a microcontroller: where TFLite Micro's greedy planner puts every tensor.

As in its greedy_memory_planner.cc and micro_allocation_info.cc: the largest tensors first, of equal ones the later
first; each in the first gap, from the start of the arena, between those that live while it does; every one a multiple
of 16 bytes. An input lives from before the first layer to its last reader, an output to the end, a tensor at least as
long as the layer that makes it runs; constants are no part of it. Identity and dropout are left out, as its converter
leaves them out; flatten and reshape copy, as its kernels do. Where the network's file says itself which buffers its
runtime asks for (`Network.allocations`), these are placed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..network import Node
from ..network.model import INPUT
from ..records import Record, make

if TYPE_CHECKING:
    from .result import NetworkAnalysis

#: Every tensor takes a multiple of so many bytes.
ALIGNMENT = 16
#: So often a step of one tensor is looked at for another, and no more: of far more that live together no plan is made.
_MOST_LOOKS = 20_000_000


class Placed(Record):
    """A tensor in the arena: the position of the node that made it, where it starts, the bytes that it takes, and the
    first and last step that it lives. Step 0 is before the first layer. With `scratch` it is what the node's kernel
    works in.
    """

    node: int
    offset: int
    bytes: int
    born: int
    last: int
    scratch: bool = False

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.offset + self.bytes


class Arena(Record):
    """The tensors in the arena, in the order in which they are made."""

    tensors: tuple[Placed, ...]

    @property
    def bytes(self) -> int:
        """The bytes of the arena."""
        return max((tensor.end for tensor in self.tensors), default=0)


def plan(analysis: NetworkAnalysis) -> Arena | None:
    """The arena of a network that is sound; None where too many tensors live together."""
    wanted = _wanted(analysis) if analysis.network.allocations is None else _asked_for(analysis)
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place].bytes, place), reverse=True)
    living: dict[int, list[tuple[int, int]]] = {}  # where the tensors of a step start and end
    placed: dict[int, Placed] = {}
    looks = 0
    for place in order:
        node, _, size, born, last, scratch = wanted[place]
        steps = range(born, last + 1)
        besides = [taken for step in steps for taken in living.get(step, ())]
        looks += len(steps) + len(besides)
        if looks > _MOST_LOOKS:
            return None
        offset = _first_gap(size, dict.fromkeys(besides))  # each once, in an order that hangs on no hash
        placed[place] = make(Placed, (node, offset, size, born, last, scratch))
        for step in steps:
            living.setdefault(step, []).append((offset, offset + size))
    return Arena(tuple(placed[place] for place in range(len(wanted))))


def _first_gap(size: int, besides: Iterable[tuple[int, int]]) -> int:
    """The first place for so many bytes between the starts and ends of what lives at the same time."""
    offset = 0
    for start, end in sorted(besides):
        if start - offset >= size:
            break
        offset = max(offset, end)
    return offset


def _steps(nodes: list[Node]) -> dict[int, int]:
    """The step, from 1, of each layer that runs: an operator of which only the shape is known is one, too."""
    running = (node for node in nodes if node.kind != INPUT and not node.train)
    return {node.position: step for step, node in enumerate(running, 1)}


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _asked_for(analysis: NetworkAnalysis) -> list[Placed]:
    """The same of what a file says itself. Scratch buffers are those of its own types: with others there are none."""
    nodes, allocations = analysis.network.nodes, analysis.network.allocations
    when, found = _steps(nodes), []
    for node, first, last, scratch in allocations.buffers if allocations is not None else ():
        if scratch is None:
            size = analysis.storage.output(nodes[node])
        elif "activations" in analysis.storage.given:
            continue
        else:
            size = scratch[0] * analysis.batch + scratch[1]
        lives = (when.get(first, 0), when.get(last, 0))
        found.append(make(Placed, (node, 0, _aligned(size), *lives, scratch is not None)))
    return found


def _wanted(analysis: NetworkAnalysis) -> list[Placed]:
    """The tensors that have a place in the arena, all at its start yet."""
    network, storages = analysis.network, _storages(analysis)
    running = [node for node in network.nodes if not node.train]
    when = _steps(network.nodes)
    last = {storages[node.position]: when.get(node.position, 0) for node in running}
    for node in running:
        for index in node.inputs:
            last[storages[index]] = max(last[storages[index]], when[node.position])
    for port in network.outputs:
        if not port.train:
            last[storages[port.node]] = len(when)
    return [
        make(Placed, (node.position, 0, _aligned(size), when.get(node.position, 0), last[node.position], False))
        for node in running
        if storages[node.position] == node.position and not _is_constant(node)
        and (size := analysis.storage.output(node))
    ]  # fmt: skip


def _is_constant(node: Node) -> bool:
    return node.layer is not None and node.layer.source


def _storages(analysis: NetworkAnalysis) -> list[int]:
    """The storages of the nodes, where flatten and reshape copy."""
    found: list[int] = []
    for node, origin in zip(analysis.network.nodes, analysis.execution.origins, strict=True):
        copied = node.layer is not None and node.layer.copied
        found.append(node.position if origin is None or copied else found[origin])
    return found
