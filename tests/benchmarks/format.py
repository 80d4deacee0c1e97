"""A network as a file of another tool, its weights left out or all zero: what every format has in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cnncalc.network import Network, Node


class Format:
    """A file in the making: a method a kind of layer, called with its node and the names of the tensors that it reads."""

    def __init__(self, network: Network) -> None:
        self.network = network
        for node in network.layers:
            getattr(self, node.kind)(node, *(self.network.nodes[index].name for index in node.inputs))

    def channels(self, node: Node) -> int:
        """The channels that enter a layer."""
        shape = self.network.nodes[node.inputs[0]].output
        assert shape is not None
        return shape[0]

    def write(self, file: Path) -> None:
        """Write the file."""
        raise NotImplementedError


def window(node: Node) -> tuple[int, int, int]:
    """Kernel, padding and stride, which are the same on both axes."""
    layer: Any = node.layer
    return layer.kernel, layer.pad, layer.stride
