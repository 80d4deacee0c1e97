"""What a graph comes to as it is gone through: the steps that its operators are, and its tensors by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...records import Record
from .call import NodeOutcome, tensor_value
from .proto import GraphProto, NodeProto
from .values import Value


class OperatorStep:
    """An operator that is gone through, and what came of it."""

    __slots__ = ("answer", "index", "inputs", "merged", "name", "node", "outs", "path", "unknown")

    def __init__(
        self, node: NodeProto, name: str, inputs: list[Value | None], answer: NodeOutcome, outs: list[Value]
    ) -> None:
        self.node = node
        self.name = name
        self.inputs = inputs
        self.answer = answer
        self.outs = outs
        #: How many operators of the file it stands for.
        self.merged = 1
        #: Whether nothing is known of it but, maybe, its shape.
        self.unknown = False
        self.index = -1

    @property
    def op(self) -> str:
        """The name of its type, with its domain where that is not ONNX's own."""
        return f"{self.node.domain}::{self.node.op}" if self.node.domain else self.node.op


class GraphScope:
    """The tensors of a graph by name, over those of the graph around it."""

    def __init__(self, outer: GraphScope | None = None) -> None:
        self.own: dict[str, Value] = {}
        self.outer = outer

    def find(self, name: str) -> Value | None:
        """A tensor, of here or of what is around."""
        scope: GraphScope | None = self
        while scope is not None:
            if name in scope.own:
                return scope.own[name]
            scope = scope.outer
        return None


class Body(Record):
    """The graph in an operator, and the tensors that it holds: they are stored once, however often it runs."""

    graph: GraphProto
    held: Mapping[str, Value]


def held(graph: GraphProto) -> dict[str, Value]:
    """The tensors that a graph holds."""
    made = {name: tensor_value(tensor) for name, tensor in graph.tensors.items()}
    for name, value in made.items():
        value.name = name
    return made


def shown(name: str) -> str:
    """A name as it can be written: bytes that are no text have a sign in their place."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def place_name(name: str, op: str, outputs: Sequence[str]) -> str:
    """How a node is called in messages: ``node '/model/conv1' (Conv)``, or by the tensor that it gives."""
    if name:
        return f"node '{name}' ({shown(op)})"
    tensor = next((shown(output) for output in outputs if output), "")
    return f"node of tensor '{tensor}' ({shown(op)})"
