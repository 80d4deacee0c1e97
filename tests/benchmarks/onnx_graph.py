"""An ONNX graph in the making, and a layer's place in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onnx import TensorProto, helper

from cnncalc.network import Node
from cnncalc.values import Shape

OPSET = 21


class NoTwin(Exception):
    """A layer for which ONNX has no operator: its kind."""


class Graph:
    """An ONNX graph that grows: tensor `n5` is the output of the network's node 5."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.inputs: dict[str, Any] = {}
        self.constants: list[Any] = []

    def model(self, outputs: Sequence[tuple[str, int]]) -> Any:
        """The model, with the names and ranks of its outputs."""
        graph = helper.make_graph(
            self.nodes,
            "twin",
            list(self.inputs.values()),
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * rank) for name, rank in outputs],
            initializer=self.constants,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])

    def node(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def learned(self, name: str, shape: Sequence[int]) -> str:
        """An input of the graph; one that is shared is made once."""
        self.inputs.setdefault(name, helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)))
        return name

    def numbers(self, name: str, values: Sequence[int]) -> str:
        """A constant that decides shapes, which is no weight."""
        self.constants.append(helper.make_tensor(name, TensorProto.INT64, [len(values)], list(values)))
        return name

    def floats(self, name: str, values: float | list[float]) -> str:
        """Constants; one alone has no axis."""
        several = values if isinstance(values, list) else [values]
        size = [len(several)] if isinstance(values, list) else []
        self.constants.append(helper.make_tensor(name, TensorProto.FLOAT, size, several))
        return name


class Place:
    """A layer and what enters it, under the names of the twin."""

    def __init__(self, node: Node, shapes: list[Shape]) -> None:
        assert node.output is not None
        self.layer: Any = node.layer
        self.shapes = shapes
        self.output = node.output
        self.name = f"n{node.position}"
        self.inputs = [f"n{index}" for index in node.inputs]
        self.owner = f"n{node.position if node.owner is None else node.owner}"

    @property
    def shape(self) -> Shape:
        return self.shapes[0]

    @property
    def entering(self) -> str:
        return self.inputs[0]

    def inner(self, suffix: str) -> str:
        return f"{self.name}.{suffix}"
