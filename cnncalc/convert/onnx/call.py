"""One operator as it is called: what it reads, its attributes, and how it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from ...layers import KINDS, Layer, LayerError, Result
from ...records import Record
from ...values import Shape, how_many
from .proto import NodeProto, Reference, attribute
from .tensors import TensorProto
from .values import Initializer, NodeOutput, OperatorFault, UnknownShape, Value

if TYPE_CHECKING:
    from ...network.assembler import Assembler


class NodeOutcome(Record):
    """What an operator comes to: its results, and the layer that it is; without one its own parameters and MACs."""

    outs: Sequence[NodeOutput]
    #: The layer, or why it is none.
    layer: Layer | None = None
    #: The values that enter the network's layer; None: all that are not fixed.
    inputs: Sequence[Value] | None = None
    #: What the file stores for it; None: all weights among what it reads.
    weights: Sequence[Initializer] | None = None
    macs: int | None = 0
    #: Of what it gives, where that is fixed, the numbers that it stands for.
    storages: Sequence[Initializer] | None = None
    fault: LayerError | None = None
    #: Whether it gives as many samples as enter, though all that it reads is fixed.
    sampled: bool = False


class NodeCall:
    """A node, with the values that it reads."""

    def __init__(
        self, node: NodeProto, inputs: list[Value | None], version: int, outer: Mapping[str, Any], assembler: Assembler
    ) -> None:
        self.node = node
        self.op = node.op
        self.inputs = inputs
        #: The version of its operators that the file has imported: the latest schema up to that holds.
        self.version = version
        #: The attributes of the function around it.
        self.outer = outer
        self.assembler = assembler

    # --- what it reads ------------------------------------------------------------------------------

    def attr(self, name: str, default: Any = None) -> Any:
        """The value of an attribute."""
        data = self.node.attributes.get(name)
        if data is None:
            return default
        found = attribute(data)
        if isinstance(found, Reference):
            data = self.outer.get(found.name)
            found = None if data is None else attribute(data)
        if isinstance(default, int | str) and found is not None and not isinstance(found, type(default)):
            raise OperatorFault(f"the attribute '{name}' is no {'number' if isinstance(default, int) else 'word'}")
        return default if found is None else found

    def ints(self, name: str, count: int, default: int) -> list[int]:
        """An attribute of whole numbers, one an axis. Raises OperatorFault where there are others than so many."""
        found = self.attr(name)
        if found is None or found == []:
            return [default] * count
        if not isinstance(found, list) or len(found) != count:
            raise OperatorFault(f"{name} {found} on {how_many(count, 'spatial axis')}")
        return found

    def get(self, place: int) -> Value | None:
        """The value at a place; None where nothing is there."""
        return self.inputs[place] if place < len(self.inputs) else None

    def need(self, place: int) -> Value:
        """The value at a place. Raises OperatorFault where there is none."""
        value = self.get(place)
        if value is None:
            raise OperatorFault(f"input {place + 1} is missing")
        return value

    def numbers(self, place: int, attr: str | None = None) -> list[Any] | None:
        """The numbers of an input that once was an attribute; None where there is neither. Raises UnknownShape."""
        value = self.get(place)
        if value is None:
            found = self.attr(attr) if attr else None
            return found if found is None or isinstance(found, list) else [found]
        if value.numbers is None:
            raise UnknownShape
        return value.numbers

    @property
    def moving(self) -> list[Value]:
        """What depends on the inputs of the network."""
        return [value for value in self.inputs if value is not None and not value.fixed]

    def constant(self, place: int) -> Value | None:
        """The fixed value at a place, None where there is none. Raises UnknownShape where it is not fixed."""
        value = self.get(place)
        if value is not None and not value.fixed:
            raise UnknownShape
        return value

    # --- how it answers -----------------------------------------------------------------------------

    def layer(self, kind: str, given: Mapping[str, Any] | None = None) -> Layer:
        """The layer of a kind. Raises LayerError."""
        return self.assembler.layer(KINDS[kind], given or {})

    def answer(
        self, kind: str, given: Mapping[str, Any], value: Value, weights: Sequence[Value | None] = (),
    ) -> NodeOutcome:  # fmt: skip
        """What a layer with one input makes of `value`, whose first axis has samples, or so many as it has.

        What the file stores for it must be what the layer has; else it is told by its own numbers. Raises LayerError.
        """
        shape = value.known
        if not shape:
            raise OperatorFault(f"{self.op} of a scalar")
        layer = self.layer(kind, given)
        result = self.assembler.result(layer, (shape[1:],))
        if isinstance(result, LayerError):
            raise result
        out = [NodeOutput((shape[0], *result.output), value.axis)]
        stored = tuple(
            dict.fromkeys(storage for weight in weights if weight is not None for storage in weight.storages)
        )
        sizes = [prod(weight.known) for weight in weights if weight is not None and weight.storages]
        exact = sum(sizes) == result.params + result.buffers and all(not weight or weight.fixed for weight in weights)
        if value.axis == 0 and exact:
            return NodeOutcome(out, layer, [value], stored)
        return NodeOutcome(out, None, None, stored, result.macs * (1 if value.axis == 0 else shape[0]))

    def merged(self, kind: str, values: Sequence[Value], shape: Shape, axis: int | None) -> NodeOutcome:
        """A merge of moving values to a whole `shape`, where the kind's rule gives that; else just that."""
        out = [NodeOutput(shape, axis)]
        if axis is not None and all(value.axis == axis for value in values):
            layer = self.layer(kind)
            result = self.assembler.result(layer, tuple(value.sample for value in values))
            if isinstance(result, Result) and result.output == shape[:axis] + shape[axis + 1 :]:
                return NodeOutcome(out, layer, values, ())
        return NodeOutcome(out)

    def same(self, kind: str | None = None, given: Mapping[str, Any] | None = None, place: int = 0) -> NodeOutcome:
        """The shape of an input; of a kind that keeps it, where there is one."""
        value = self.need(place)
        out = [NodeOutput(value.shape, value.axis)]
        if kind is None or value.shape is None or value.axis is None or not value.sample:
            return NodeOutcome(out)
        layer = self.layer(kind, given)
        result = self.assembler.result(layer, (value.sample,))
        if isinstance(result, LayerError) or result.output != value.sample:
            return NodeOutcome(out)
        return NodeOutcome(out, layer, [value], ())


def tensor_value(tensor: TensorProto) -> Value:
    """A tensor of the file as a value."""
    from .tensors import REALS

    storage = Initializer(tensor.shape, tensor.dtype in REALS, tensor)
    return Value(tensor.shape, None, tensor, tensor.dtype, True, (storage,))


#: What goes through an operator.
Handler = Callable[[NodeCall], NodeOutcome]
