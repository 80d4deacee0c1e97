"""One layer while it is written: its tensors, what it learns, and the operators that it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import Any

from ....layers import Layer, Shape
from ....network import Node
from ..node_writer import NodeWriter
from ..sayable import Unsayable
from .graph import SAMPLES, OnnxGraph, Whole


class LayerWriter(NodeWriter):
    """A layer of a network, to be written into a graph. Its handler returns the tensors of its results."""

    def __init__(self, graph: OnnxGraph, node: Node) -> None:
        assert node.layer is not None
        super().__init__(graph.network, node, graph.tensors)
        self.graph = graph
        self.kind: type[Layer] = type(node.layer)

    @property
    def opset(self) -> int:
        """The version of the operators."""
        return self.graph.opset

    # --- operators ----------------------------------------------------------------------------------

    def op(self, op: str, inputs: Sequence[str], shape: Shape | None = None, **attributes: Any) -> str:
        """An operator that gives a tensor of `shape` a sample; of the layer's own output where left out."""
        return self.whole(op, inputs, (SAMPLES, *(self.output if shape is None else shape)), **attributes)

    def whole(self, op: str, inputs: Sequence[str], shape: Whole, **attributes: Any) -> str:
        """The same, by its whole shape."""
        return self.graph.add(op, inputs, [f"{self.node.name}.{op}"], [shape], attributes)[0]

    def several(self, op: str, inputs: Sequence[str], shapes: Sequence[Whole], **attributes: Any) -> list[str]:
        """An operator with several results."""
        return self.graph.add(op, inputs, [f"{self.node.name}.{op}"] * len(shapes), shapes, attributes)

    def ints(self, *numbers: int) -> str:
        """A list of whole numbers that an operator reads."""
        return self.graph.whole_numbers(numbers)

    def number(self, value: float | Fraction) -> str:
        """A number that an operator reads. Raises Unsayable for one that is too large."""
        try:
            return self.graph.number(float(value))
        except OverflowError:
            raise Unsayable("a float of 32 bits is too small for its number") from None

    # --- what it learns -----------------------------------------------------------------------------

    def weight(self, name: str, shape: Sequence[int], what: str) -> str:
        """A weight called `name`, in the words of :mod:`weights`; that of its owner, where it shares them."""
        key = f"{self._owner.name}.{name}"
        if key not in self.graph.weights:
            self.graph.unique(key)
            self.graph.weights[key] = (tuple(shape), what)
        return key

    def kernel(self, shape: Sequence[int], name: str = "weight") -> str:
        """A weight whose first axis are its outputs, each a sum over the others."""
        return self.weight(name, shape, f"kernel:{prod(shape[1:])}")

    def bias(self, size: int, name: str = "bias") -> str:
        """A constant for each of so many."""
        return self.weight(name, (size,), "bias")

    def unlearned(self, value: float, tensor: str, axis: int, sizes: Sequence[int]) -> str:
        """A number for every element of `sizes`, which are axes of a tensor from `axis` on. Made of these, it is no
        weight.
        """
        found = self.graph.sizes(tensor, axis, axis + len(sizes))
        names = [f"{self.node.name}.constant"]
        return self.graph.add("ConstantOfShape", [found], names, [tuple(sizes)], {"value": value})[0]
