"""A layer and its numbers, as a row of a report."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any

from ..layers import Shape
from ..layers.reach import Number
from ..measures import FLOPS_PER_MAC
from ..network import Node, Origin, Step
from .receptive_field.parts import Fields

if TYPE_CHECKING:
    from .result import NetworkAnalysis, Totals


#: What a layer's entry in the JSON document has, in this order: attributes of its row, most of them columns, too.
ENTRY = (
    "name", "path", "kind", "operation", "line", "inputs", "output", "filter", "params", "buffers", "macs", "flops",
    "field", "jump", "start",
)  # fmt: skip

#: Results whose names a table shows.
_MOST_NAMES = 4


class LayerRow:
    """One layer, as the network runs it. Numbers are exact; None is unknown."""

    __slots__ = ("_analysis", "_node")

    def __init__(self, analysis: NetworkAnalysis, node: Node) -> None:
        self._analysis = analysis
        self._node = node

    def __repr__(self) -> str:
        return f"<{self.name}: {self.operation} -> {self.output}>"

    @property
    def totals(self) -> Totals:
        """The sums of its network."""
        return self._analysis.totals

    @property
    def name(self) -> str:
        """Its unique name."""
        return self._node.name

    @property
    def steps(self) -> tuple[Step, ...]:
        """The stages, heads and block instances that it stands in, outermost first."""
        return self._node.context.path

    @property
    def path(self) -> tuple[str, ...]:
        """Their names."""
        return tuple([step.name for step in self._node.path])

    @property
    def blocks(self) -> tuple[str, ...]:
        """What each of them is: "stage", "head", or the name of its block."""
        return tuple([step.what for step in self._node.path])

    @property
    def results(self) -> list[tuple[str, Shape | None]]:
        """The name and the shape of each of its results."""
        return [(node.name, node.output) for node in self._analysis.network.results(self._node)]

    @property
    def output_bytes(self) -> int | None:
        """The bytes of its output, of several results of the first, for the batch."""
        return None if self._node.output is None else self._analysis.storage.output(self._node)

    @property
    def label(self) -> str:
        """What a table calls it: its name, or those of its results."""
        if not self._analysis.network.has_further:
            return self._node.name
        names = [name for name, _ in self.results]
        return ", ".join(names[:_MOST_NAMES]) + ", …" * (len(names) > _MOST_NAMES)

    @property
    def kind(self) -> str:
        """Its canonical kind; what was written where that is none."""
        return self._node.kind

    @property
    def operation(self) -> str:
        """The layer with its arguments, as a person would write it."""
        node = self._node
        if node.layer is None:
            return node.kind
        nodes = self._analysis.network.nodes
        rank = 2
        for index in node.inputs:
            shape = nodes[index].output if index >= 0 else None
            if shape is not None:
                rank = len(shape) - 1
                break
        return self._analysis.described(node.layer, rank)

    @property
    def line(self) -> int | None:
        """The line where it is written; None for what is in no line."""
        return self._node.line

    @property
    def file(self) -> str | None:
        """The used file where it is written; None for the main file."""
        source = self._node.source
        return None if source is None or source is self._analysis.network.source else source.name

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the layers and inputs that it reads."""
        nodes = self._analysis.network.nodes
        return tuple([nodes[index].name for index in self._node.inputs if index >= 0])

    @property
    def input_shapes(self) -> tuple[Shape | None, ...]:
        """The shapes that it reads."""
        nodes = self._analysis.network.nodes
        return tuple([nodes[index].output if index >= 0 else None for index in self._node.inputs])

    def _known_inputs(self) -> tuple[Shape, ...] | None:
        shapes = tuple([shape for shape in self.input_shapes if shape is not None])
        return shapes if len(shapes) == len(self._node.inputs) and self._node.result is not None else None

    @property
    def output(self) -> Shape | None:
        """The output's shape, channels first, without the batch."""
        return self._node.output

    @property
    def filter(self) -> Shape | None:
        """Filters x channels that one spans x kernel; None for what has no filters."""
        shapes = self._known_inputs()
        return self._node.layer.filter(shapes) if shapes and self._node.layer else None

    @property
    def formula(self) -> str:
        """The size formula with its figures; empty where there is none."""
        shapes = self._known_inputs()
        return self._node.layer.formula(shapes) if shapes and self._node.layer else ""

    @property
    def kept(self) -> Fraction | None:
        """Elements out over elements in."""
        shapes = self._known_inputs()
        entering = sum(prod(shape) for shape in shapes or ())
        return Fraction(prod(self.output), entering) if entering and self.output is not None else None

    @property
    def params(self) -> int | None:
        """Learned weights and biases; 0 for a layer that shares those of another."""
        node = self._node
        if node.result is None or (node.result.params is None and node.owner is None):
            return None
        return self._analysis.params_of(node)

    @property
    def buffers(self) -> int | None:
        """Elements of running statistics."""
        return None if self._node.result is None else self._analysis.buffers_of(self._node)

    @property
    def macs(self) -> int | None:
        """Multiply-accumulates of the batch."""
        result = self._node.result
        return None if result is None or result.macs is None else result.macs * self._analysis.batch

    @property
    def flops(self) -> int | None:
        """2 x MACs."""
        macs = self.macs
        return None if macs is None else FLOPS_PER_MAC * macs

    @property
    def behind_unknown(self) -> bool:
        """Whether nothing is known of it because of what it reads: the fault, if it is one, is another layer's."""
        nodes = self._analysis.network.nodes
        reads = self._node.inputs
        return self._node.result is None and any(index < 0 or nodes[index].output is None for index in reads)

    @property
    def train(self) -> bool:
        """Whether it stands in a head that only training runs."""
        return self._node.train

    @property
    def shared(self) -> bool:
        """Whether it uses the weights of another layer, counted there."""
        return self._node.owner is not None

    @property
    def likeness(self) -> Hashable:
        """Equal for layers of one network that are the same in kind, arguments and shapes.

        The build works out each layer on each input once, so it is what came of that; ids are never negative.
        """
        result = self._node.result
        if result is None:
            return (self.kind, self.operation, self.input_shapes)
        return -id(result) if self.shared else id(result)

    @property
    def fields(self) -> Fields | None:
        """The receptive field along every axis of the first input; None where it does not depend on it."""
        return self._analysis.fields[self._node.position]

    @property
    def nominal(self) -> bool:
        """Whether the receptive field is that of a recurrence only, behind an upsampling or an uneven layer."""
        return self.fields is not None and any(axis.nominal for axis in self.fields)

    @property
    def coverage(self) -> tuple[Fraction, ...] | None:
        """The receptive field over the size of the first input, an axis each."""
        shape = self._analysis.inputs[0].shape if self._analysis.inputs else None
        if self.field is None or shape is None:
            return None
        return tuple(Fraction(size) / whole for size, whole in zip(self.field, shape[1:], strict=True))

    @property
    def field(self) -> tuple[Number, ...] | None:
        """The size of the receptive field, an axis each."""
        fields = self.fields
        return None if fields is None else tuple([axis.size for axis in fields])

    @property
    def jump(self) -> tuple[Number, ...] | None:
        """The effective stride, an axis each."""
        fields = self.fields
        return None if fields is None else tuple([axis.jump for axis in fields])

    @property
    def start(self) -> tuple[Number, ...] | None:
        """The first index that the first output sees; negative on padding."""
        fields = self.fields
        return None if fields is None else tuple([axis.start for axis in fields])

    def _whole(self, origin: Origin, output: Shape | None) -> list[int] | None:
        """The shape of an output in the file, with the sample axis, the axes in the order of the file."""
        if output is None or origin.axis is None:
            return None if output is None else list(output)
        shape = [*output[1:], *output[:1]] if origin.last else list(output)
        return [*shape[: origin.axis], self._analysis.network.file_batch or 1, *shape[origin.axis :]]

    def _several(self) -> list[dict[str, Any]]:
        """The entries of its results; of a file in another format with what they are there."""
        several: list[dict[str, Any]] = []
        for number, (name, shape) in enumerate(self.results):
            origin = self._analysis.network.origins.get(self._node.position + number)
            there = {} if origin is None else {"tensor": origin.tensor, "full": self._whole(origin, shape)}
            several.append({"name": name, "output": listed(shape), **there})
        return several

    def _told(self) -> dict[str, Any]:
        """What the file says of it, if that is in another format."""
        origin = self._analysis.network.origins.get(self._node.position)
        if origin is None:
            return {}
        whole = ({"whole": True} if origin.axis is None else {}) | _defined(origin)
        return {"type": origin.type, "tensor": origin.tensor, "module": origin.module,
                "full": self._whole(origin, self.output), "nodes": origin.nodes, **whole}  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """The layer's entry in the JSON document."""
        entry: dict[str, Any] = {}
        for name in ENTRY:
            value = getattr(self, name)
            entry[name] = listed(value) if isinstance(value, tuple) else value
        if self._analysis.network.has_further:
            several = self._several()
            entry |= {"results": several} if len(several) > 1 else {}
        if self.file is not None:
            entry["file"] = self.file
        entry |= self._told()
        if self.train:
            entry["train"] = True
        if self._node.frozen:
            entry["frozen"] = True
        if self.shared and self._node.owner is not None:
            entry["shares"] = self._analysis.network.nodes[self._node.owner].name
        return entry


def listed(values: Sequence[Any] | None) -> list[Any] | None:
    """Numbers and names as JSON has them: whole numbers exact, also of a fraction that is whole, others as doubles."""
    return None if values is None else [value if type(value) is not Fraction else float(value) if value.denominator > 1
                                        else value.numerator for value in values]  # fmt: skip


def _defined(origin: Origin) -> dict[str, Any]:
    """Where its module is made, for what has such a place."""
    place = origin.defined
    return {} if place is None else {"defined": {"file": place.source.name, "line": place.line}}
