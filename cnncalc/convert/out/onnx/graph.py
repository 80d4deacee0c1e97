"""The graph of an ONNX model while it is written: its operators, tensors by name, constants, and the shapes of all.

Shapes are whole here, with the axis of the samples, which is SAMPLES wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any, TypeAlias

from ....network import Network, Node
from ..sayable import Refusals, Unsayable
from ..unique import UniqueNames

#: The size of the axis of the samples, which is free.
SAMPLES = "N"
#: A shape with the samples: ``("N", 64, 56, 56)``.
Whole: TypeAlias = "tuple[int | str, ...]"
#: The largest float of 32 bits.
_LARGEST_FLOAT = 3.4028234e38
#: The version from which on `Shape` takes a range of axes.
_SHAPE_RANGE = 15


class OnnxNode:
    """One node of the graph."""

    __slots__ = ("attributes", "domain", "inputs", "name", "op", "outputs")

    def __init__(self, op: str, inputs: Sequence[str], outputs: list[str], attributes: Mapping[str, Any]) -> None:
        self.op = op
        self.inputs = list(inputs)
        self.outputs = outputs
        self.attributes = {name: value for name, value in attributes.items() if value is not None}
        self.domain = ""
        self.name = ""


class OnnxGraph:
    """The graph of a network. Layers are written into it through a :class:`~.call.LayerWriter` each."""

    def __init__(self, network: Network, opset: int, partial: bool) -> None:
        self.network = network
        self.opset = opset
        self.refusals = Refusals(partial)
        self.operators: list[OnnxNode] = []
        #: The shape and type of every tensor that enters, and of every one that an operator gives, by name.
        self.entering: dict[str, tuple[Whole, str]] = {}
        self.values: dict[str, tuple[Whole, str]] = {}
        #: The weights by name, with their shapes and what they are; the names of constants by these; lists by name.
        self.weights: dict[str, tuple[tuple[int, ...], str]] = {}
        self.integers: dict[tuple[int, ...], str] = {}
        self.numbers: dict[float, str] = {}
        self.lists: dict[str, tuple[float, ...]] = {}
        #: The tensor of every node, by position; the operator that gives each tensor.
        self.tensors: dict[int, str] = {}
        self.makers: dict[str, OnnxNode] = {}
        self._names = UniqueNames()

    def unique(self, name: str) -> str:
        """`name`, with a number behind it where a tensor has it already."""
        return self._names.take(name)

    def add(
        self, op: str, inputs: Sequence[str], names: Sequence[str], shapes: Sequence[Whole],
        attributes: Mapping[str, Any], dtype: str = "float",
    ) -> list[str]:  # fmt: skip
        """An operator whose results are called like `names`; what they are called."""
        operator = OnnxNode(op, inputs, [self.unique(name) for name in names], attributes)
        self.operators.append(operator)
        for made, shape in zip(operator.outputs, shapes, strict=True):
            self.values[made] = (shape, dtype)
            self.makers[made] = operator
        return operator.outputs

    def rename(self, tensor: str, name: str) -> str:
        """Gives what an operator gives another name, which nothing has read yet."""
        operator, made = self.makers.pop(tensor), self.unique(name)
        operator.outputs[operator.outputs.index(tensor)] = made
        self.values[made] = self.values.pop(tensor)
        self.makers[made] = operator
        return made

    # --- constants ----------------------------------------------------------------------------------

    def whole_numbers(self, numbers: Sequence[int]) -> str:
        """A list of whole numbers that an operator reads; equal ones once."""
        key = tuple(numbers)
        if key not in self.integers:
            self.integers[key] = self.unique(f"constant_{'_'.join(map(str, key)).replace('-', 'm')[:60]}")
        return self.integers[key]

    def number(self, value: float) -> str:
        """A scalar that an operator reads; equal ones once."""
        if value not in self.numbers:
            if -_LARGEST_FLOAT > value > -inf or inf > value > _LARGEST_FLOAT:
                raise Unsayable(f"a float of 32 bits is too small for {value:g}")
            self.numbers[value] = self.unique(f"number_{len(self.numbers) + 1}")
        return self.numbers[value]

    def floats(self, values: Sequence[float]) -> str:
        """A list of numbers that an operator reads."""
        made = self.unique("factors")
        self.lists[made] = tuple(values)
        return made

    def as_integers(self, tensor: str) -> str:
        """A tensor as whole numbers of 64 bits."""
        shape, dtype = self.values.get(tensor) or self.entering[tensor]
        if dtype == "integer":
            return tensor
        return self.add("Cast", [tensor], [f"{tensor}.numbers"], [shape], {"to": 7}, "integer")[0]

    def sizes(self, tensor: str, start: int, end: int) -> str:
        """The sizes of a range of axes of a tensor, as numbers."""
        name = f"{tensor}.sizes"
        if self.opset >= _SHAPE_RANGE:
            attributes = {"start": start, "end": end}
            return self.add("Shape", [tensor], [name], [(end - start,)], attributes, "integer")[0]
        rank = len((self.values.get(tensor) or self.entering[tensor])[0])
        (whole,) = self.add("Shape", [tensor], [name], [(rank,)], {}, "integer")
        bounds = [self.whole_numbers([place]) for place in (start, end, 0)]
        return self.add("Slice", [whole, *bounds], [name], [(end - start,)], {}, "integer")[0]

    def samples(self, sizes: Sequence[int]) -> str:
        """The number of samples with `sizes` behind it, as numbers."""
        first = next(node for node in self.network.nodes if node.layer is None)
        key = f"{self.tensors[first.position]}.samples"
        if key not in self.values:
            (made,) = [self.sizes(self.tensors[first.position], 0, 1)]
            self.rename(made, key)
        joined = [key, self.whole_numbers(sizes)]
        return self.add("Concat", joined, ["samples_and_sizes"], [(1 + len(sizes),)], {"axis": 0}, "integer")[0]

    def refuse(self, node: Node, error: Unsayable) -> None:
        """Keeps that a layer cannot be said, and puts a stub in its place: an operator that no runtime knows."""
        self.refusals.add(node, error)
        results = self.network.results(node)
        inputs = [self.tensors[position] for position in node.inputs]
        operator = OnnxNode(stub_name(node), inputs, [], {})
        operator.domain = STUBS
        for result in results:
            made = self.unique(result.name)
            operator.outputs.append(made)
            assert result.output is not None
            self.values[made], self.makers[made] = ((SAMPLES, *result.output), "float"), operator
            self.tensors[result.position] = made
        self.operators.append(operator)


#: The domain of operators that stand for what cannot be said.
STUBS = "cnncalc.stubs"


def stub_name(node: Node) -> str:
    """What a stub is called: the name of an operator without a rule, else the kind."""
    said = str(getattr(node.layer, "name", "")) if node.kind == "op" else node.kind
    word = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in said)[:80]
    return word or "Unknown"
