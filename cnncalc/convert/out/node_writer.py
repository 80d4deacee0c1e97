"""One layer while it is written, as every format that is written layer by layer looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...layers import Shape
from ...network import Network, Node
from .sayable import owner


class NodeWriter:
    """A layer of a network, with what its inputs are called there, by the positions of their nodes."""

    def __init__(self, network: Network, node: Node, called: Mapping[int, str]) -> None:
        self.node = node
        #: Its arguments, by their names.
        self.layer: Any = node.layer
        self.shapes: tuple[Shape, ...] = network.input_shapes(node) or ()
        assert node.output is not None
        self.output: Shape = node.output
        self._owner = owner(network, node)
        self._called = called

    @property
    def shape(self) -> Shape:
        """The shape of its first input."""
        return self.shapes[0]

    @property
    def rank(self) -> int:
        """The number of spatial axes of its first input."""
        return len(self.shape) - 1

    @property
    def inputs(self) -> list[str]:
        """What it reads."""
        return [self._called[position] for position in self.node.inputs]

    @property
    def x(self) -> str:
        """The first of them."""
        return self.inputs[0]
