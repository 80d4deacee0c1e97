"""In how many bytes the numbers of a network are stored: in the types that are asked for, else in its file's own, which
some files have for every tensor.
"""

from __future__ import annotations

from functools import cached_property
from math import prod

from ..deployment import Dtypes, Given
from ..network import Network, Node
from .execution import Execution


class StorageTypes:
    """The types and bytes of an executed network, for `batch` samples; `given` types go over its file's."""

    def __init__(self, execution: Execution, batch: int, given: Given) -> None:
        self.execution = execution
        self.batch = batch
        self.given = given
        self.dtypes = Dtypes().over(self._network.dtypes, given)

    @property
    def _network(self) -> Network:
        return self.execution.network

    def types(self, node: Node) -> Dtypes:
        """The types of a node's output, weights and biases."""
        own = self._network.types.get(node.position)
        return self.dtypes if own is None else self.dtypes.over(own, self.given)

    @cached_property
    def others(self) -> dict[str, int]:
        """The types of outputs that are not the one of activations, with the number of their tensors."""
        found: dict[str, int] = {}
        for position in self._network.types:
            name = self.types(self._network.nodes[position]).activations
            if name != self.dtypes.activations:
                found[name] = found.get(name, 0) + 1
        return found

    def __str__(self) -> str:
        """``int8, biases int32; 2 tensors fp32``."""
        others = [f"{count:,} tensor{'s' * (count > 1)} {name}" for name, count in self.others.items()]
        return "; ".join([str(self.dtypes), *others])

    def output(self, node: Node) -> int:
        """The bytes of what a node gives; 0 where its shape is not known."""
        elements = 0 if node.output is None else prod(node.output)
        return self.types(node).bytes_of("activations", elements * self.batch)

    def learned(self, node: Node) -> int:
        """The bytes of the weights and biases of a node."""
        return self.execution.learned(node, self.types(node))

    def all_learned(self, params: int) -> int:
        """The same of the whole network, which has so many parameters, train heads left out."""
        network = self._network
        if self.dtypes.together and not network.types:
            return self.dtypes.bytes_of("weights", params)
        return sum(self.learned(node) for node in network.nodes if not node.train)
