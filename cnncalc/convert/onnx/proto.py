"""ONNX's messages, as far as shapes need them (onnx.proto, IR version 3 and later): models, graphs, nodes."""

from __future__ import annotations

from collections.abc import Callable
from struct import unpack
from typing import Any

from ...records import Record
from .tensors import MOST_AXES, TensorProto
from .wire import I32, LENGTH, VARINT, Corrupt, fields, floats, integers, signed, text

#: The key of a node's metadata that names the modules around it.
_SCOPES = b"pkg.torch.onnx.name_scopes"
#: Graphs within graphs; operators and tensors of a graph; attributes of an operator, and numbers of one.
MOST_NESTED, MOST_NODES, MOST_TENSORS, MOST_ATTRIBUTES, MOST_LISTED = 32, 65_536, 131_072, 256, 1 << 20


class ValueInfo(Record):
    """What a graph says of a tensor: its shape, a number, a name or None an axis; None where it says none."""

    name: str
    shape: tuple[int | str | None, ...] | None
    #: Whether it is a tensor: there are sequences, maps and optionals, too.
    tensor: bool


def value_info(data: Any) -> ValueInfo:
    """A ValueInfoProto. Raises Corrupt."""
    name, shape, tensor = "", None, False
    for number, stored, value in fields(data):
        if number == 1 and stored == LENGTH:
            name = text(value)
        elif number == 2 and stored == LENGTH:
            for kind, how, content in fields(value):
                if kind == 1 and how == LENGTH:
                    tensor = True
                    shape = _sizes(content)
    return ValueInfo(name, shape, tensor)


def _sizes(data: Any) -> tuple[int | str | None, ...] | None:
    """The shape in the type of a tensor."""
    shape = None
    for number, stored, value in fields(data):
        if number == 2 and stored == LENGTH:
            shape = tuple([_axis(content) for kind, how, content in fields(value) if (kind, how) == (1, LENGTH)])
            if len(shape) > MOST_AXES:
                raise Corrupt(f"a tensor of {len(shape)} axes")
    return shape


def _axis(data: Any) -> int | str | None:
    """The size of an axis, or its name; None where it is free: -1 stands for that, too."""
    for number, stored, value in fields(data):
        if number == 1 and stored == VARINT:
            size = signed(value)
            return size if size >= 0 else None
        if number == 2 and stored == LENGTH:
            return text(value) or None
    return None


class NodeProto:
    """An operator of a graph."""

    __slots__ = ("_scopes", "attributes", "domain", "inputs", "name", "op", "outputs")

    def __init__(self, data: Any) -> None:
        self.inputs: list[str] = []
        self.outputs: list[str] = []
        self.name = self.op = self.domain = ""
        #: Their messages by name; each is read when it is asked for.
        self.attributes: dict[str, Any] = {}
        #: What torch's exporter says of the modules around it.
        self._scopes = b""
        for number, stored, value in fields(data):
            if stored == LENGTH:
                self._field(number, value)
        if self.domain == "ai.onnx":
            self.domain = ""

    def _field(self, number: int, value: Any) -> None:
        if number == 1:
            self.inputs.append(text(value))
        elif number == 2:
            self.outputs.append(text(value))
        elif number == 3:
            self.name = text(value)
        elif number == 4:
            self.op = text(value)
        elif number == 5:
            self.attributes[_name_of(value)] = value
            if len(self.attributes) > MOST_ATTRIBUTES:
                raise Corrupt(f"an operator with over {MOST_ATTRIBUTES} attributes")
        elif number == 7:
            self.domain = text(value)
        elif number == 9 and isinstance(value, bytes) and _SCOPES in value:
            self._scopes = value

    def changed(self, **values: Any) -> NodeProto:
        """The same with other values of these names."""
        made = NodeProto(b"")
        for name in NodeProto.__slots__:
            setattr(made, name, values.get(name, getattr(self, name)))
        return made

    @property
    def module(self) -> str | None:
        """The dotted path of the module that it is of, where its exporter says that; the outermost has none."""
        said = next((text(value) for number, _, value in fields(self._scopes) if number == 2), "")
        scopes = said.strip("[]'\"").split("', '")  # ['', 'layer1', 'layer1.0', 'conv2d']: the last is a function
        return scopes[-2] or None if len(scopes) > 1 else None


def _name_of(data: Any) -> str:
    """The name of an AttributeProto, which mostly comes first."""
    return next((text(value) for number, stored, value in fields(data) if (number, stored) == (1, LENGTH)), "")


def attribute(data: Any) -> Any:
    """The value of an AttributeProto: a number, a text, a list, a TensorProto, or the message of a graph; of one that
    refers to an attribute of its function a Reference. Raises Corrupt.
    """
    found: Any = None
    for number, stored, value in fields(data):
        if number in (7, 8, 9):
            found = found if isinstance(found, list) else []
            found += _repeated(number, stored, value)
            if len(found) > MOST_LISTED:
                raise Corrupt(f"an attribute of over {MOST_LISTED:,} numbers")
        elif number == 21 and stored == LENGTH:
            return Reference(text(value))
        elif number == 20 and value in (6, 7, 8):
            found = [] if found is None else found
        elif (number, stored) in _SINGLE:
            found = _SINGLE[number, stored](value)
    return found


def _repeated(number: int, stored: int, value: Any) -> list[Any]:
    return floats(stored, value) if number == 7 else integers(stored, value) if number == 8 else [text(value)]


class Reference(Record):
    """An attribute whose value is that of an attribute of the function around it."""

    name: str


class Subgraph(Record):
    """The message of a graph in an attribute."""

    data: Any


#: How the value of an attribute is read, by its field and how that is stored: f, i, s, t, g.
_SINGLE: dict[tuple[int, int], Callable[[Any], Any]] = {
    (2, I32): lambda value: unpack("<f", value)[0], (3, VARINT): signed, (4, LENGTH): text, (5, LENGTH): TensorProto,
    (6, LENGTH): Subgraph,
}  # fmt: skip


class GraphProto:
    """A graph: its nodes in their order, what enters and leaves, and the tensors that it holds."""

    def __init__(self, data: Any) -> None:
        self.name = ""
        self.nodes: list[NodeProto] = []
        self.tensors: dict[str, TensorProto] = {}
        self.inputs: list[ValueInfo] = []
        self.outputs: list[ValueInfo] = []
        #: What the file says of the tensors between.
        self.stored: dict[str, ValueInfo] = {}
        self._fields = 0
        for number, stored, value in fields(data):
            if stored == LENGTH:
                self._field(number, value)

    def _field(self, number: int, value: Any) -> None:
        if number == 1:
            node = NodeProto(value)
            if not node.op or len(self.nodes) == MOST_NODES:
                raise Corrupt(f"over {MOST_NODES:,} operators" if node.op else "an operator without a type")
            self.nodes.append(node)
        elif number == 2:
            self.name = text(value)
        elif number in (5, 15):
            tensor = TensorProto(value) if number == 5 else _sparse(value)
            self.tensors[tensor.name] = tensor
        elif number in (11, 12, 13):
            info = value_info(value)
            if number == 13:
                self.stored[info.name] = info
            else:
                (self.inputs if number == 11 else self.outputs).append(info)
        self._fields += 1
        if self._fields > MOST_NODES + MOST_TENSORS:
            raise Corrupt(f"over {MOST_TENSORS:,} tensors")


def _sparse(data: Any) -> TensorProto:
    """A SparseTensorProto: the tensor of its values, in the shape that it stands for."""
    values, dims = None, []
    for number, stored, value in fields(data):
        if number == 1 and stored == LENGTH:
            values = TensorProto(value)
        elif number == 3:
            dims += integers(stored, value)
    if values is None:
        raise Corrupt("a sparse tensor without values")
    values.shape, values.external = tuple(dims), True
    return values


class Function(Record):
    """A function of the model: an operator that is made of others."""

    domain: str
    name: str
    inputs: list[str]
    outputs: list[str]
    nodes: list[NodeProto]
    #: The attributes that have a value where none is given.
    defaults: dict[str, Any]
    opsets: dict[str, int]


def function(data: Any) -> Function:
    """A FunctionProto. Raises Corrupt."""
    made = Function("", "", [], [], [], {}, {})
    named = {1: "", 10: ""}
    put = {4: lambda value: made.inputs.append(text(value)), 5: lambda value: made.outputs.append(text(value)),
           7: lambda value: made.nodes.append(NodeProto(value)), 9: lambda value: _opset(value, made.opsets),
           11: lambda value: made.defaults.update({_name_of(value): value})}  # fmt: skip
    for number, stored, value in fields(data):
        if stored == LENGTH and number in named:
            named[number] = text(value)
        elif stored == LENGTH and number in put:
            put[number](value)
            if len(made.nodes) > MOST_NODES:
                raise Corrupt(f"over {MOST_NODES:,} operators in a function")
    return made._replace(name=named[1], domain="" if named[10] == "ai.onnx" else named[10])


def _opset(data: Any, opsets: dict[str, int]) -> None:
    """Puts an OperatorSetIdProto to the others."""
    domain, version = "", 0
    for number, stored, value in fields(data):
        if number == 1 and stored == LENGTH:
            domain = text(value)
        elif number == 2 and stored == VARINT:
            version = signed(value)
    opsets["" if domain == "ai.onnx" else domain] = version


class ModelProto:
    """A model: its graph, the versions of the operators, and its functions by domain and name."""

    def __init__(self, data: Any) -> None:
        self.opsets: dict[str, int] = {}
        self.functions: dict[tuple[str, str], Function] = {}
        self.producer = ""
        graph, operators = None, 0
        for number, stored, value in fields(data):
            if stored != LENGTH:
                continue
            if number == 2:
                self.producer = text(value)
            elif number == 7:
                graph = GraphProto(value)
            elif number == 8:
                _opset(value, self.opsets)
            elif number == 25:
                made = function(value)
                self.functions[made.domain, made.name] = made
                operators += len(made.nodes) + 1
            if operators > MOST_NODES or len(self.opsets) > MOST_ATTRIBUTES:
                raise Corrupt(f"over {MOST_NODES:,} operators in functions, or {MOST_ATTRIBUTES} domains")
        if graph is None:
            raise Corrupt("there is no graph in it")
        self.graph = graph
