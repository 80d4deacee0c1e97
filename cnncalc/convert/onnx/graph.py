"""A graph gone through, operator by operator: what its tensors are, and the steps that are its layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...layers import LayerError
from ...network.assembler import Assembler, TooManyLayers
from ...values import Shape, how_many
from ..misfit import BROKEN, misfit
from . import dense, elementwise, microsoft, parts, quantized, shaping, sizes, sources, windows
from .call import Handler, NodeCall, NodeOutcome
from .proto import MOST_NESTED, Function, GraphProto, ModelProto, NodeProto, Subgraph
from .steps import Body, GraphScope, OperatorStep, held, place_name, shown
from .values import Initializer, NodeOutput, OperatorFault, UnknownShape, Value
from .wire import Corrupt

HANDLERS: Mapping[str, Handler] = {
    **elementwise.HANDLERS, **windows.HANDLERS, **dense.HANDLERS, **shaping.HANDLERS, **parts.HANDLERS,
    **sizes.HANDLERS, **sources.HANDLERS, **quantized.HANDLERS,
}  # fmt: skip
#: Of other domains those whose operators mean what they do in ONNX's own, or are known besides.
_DOMAINS = ("", "ai.onnx.ml", "org.pytorch.aten")
#: ONNX Runtime's, which has its own besides; and where maps have their channels last.
_RUNTIME, _LAST = ("com.microsoft", "com.microsoft.nchwc"), "com.ms.internal.nhwc"
#: Operators with graphs in them that run, once or often.
_CONTROL = ("If", "Loop", "Scan")
#: Operators of functions that are gone through, over those that stand in the file; numbers that are worked out.
MOST_INLINED, MOST_WORKED_OUT = 20_000, 1_000_000


class Passage:
    """Goes through a model's graph, and the graphs and functions in it."""

    def __init__(
        self, model: ModelProto, assembler: Assembler, symbols: Mapping[str, int] | None = None, raw: bool = False
    ) -> None:
        self.model = model
        self.assembler = assembler
        #: The sizes of named axes; None where what the file says of shapes holds no more.
        self.symbols = symbols
        #: Whether operators that only choose among others are steps, too.
        self.raw = raw
        self.steps: list[OperatorStep] = []
        self._opsets = model.opsets
        self._inlined = self._worked_out = 0
        stand = len(model.graph.nodes) + sum(len(function.nodes) for function in model.functions.values())
        self._most = MOST_INLINED + 10 * stand
        self._attributes: Mapping[str, Any] = {}
        self._stored: Mapping[str, Any] = {}
        self.prefix = ""
        self._depth = 0
        #: What is gone through more than once: what Constant operators give, and the graphs in operators.
        self._constants: dict[NodeProto, NodeOutcome] = {}
        self._bodies: dict[tuple[NodeProto, str], Body] = {}

    def graph(self, graph: GraphProto, scope: GraphScope) -> None:
        """All operators of a graph, whose inputs are in `scope`. Raises Corrupt, TooManyLayers."""
        scope.own = {**held(graph), **scope.own}
        self._nodes(graph, scope)

    def _nodes(self, graph: GraphProto, scope: GraphScope) -> None:
        before, self._stored = self._stored, graph.stored
        for node in graph.nodes:
            self._node(node, scope)
        self._stored = before

    def _node(self, node: NodeProto, scope: GraphScope) -> None:
        if not node.op:
            raise Corrupt("an operator without a type")
        self._inlined += self._depth > 0
        if self._inlined > self._most:
            raise Corrupt(f"over {self._most:,} operators come of functions and branches")
        inputs = [self._input(node, name, scope) for name in node.inputs]
        function = self.model.functions.get((node.domain, node.op))
        if function is not None:
            self._function(node, function, inputs, scope)
        elif node.op in _CONTROL and not node.domain:
            call = NodeCall(node, inputs, self._opsets.get("", 1), self._attributes, self.assembler)
            self._control(call, scope)
        else:
            self._operator(node, inputs, scope)

    def _input(self, node: NodeProto, name: str, scope: GraphScope) -> Value | None:
        if not name:
            return None
        value = scope.find(name)
        if value is None:
            raise Corrupt(f"{_called(node)} reads '{shown(name)}', which nothing before it gives")
        return value

    # --- operators ----------------------------------------------------------------------------------

    def _operator(self, node: NodeProto, inputs: list[Value | None], scope: GraphScope) -> None:
        if len(self.steps) >= self.assembler.max_layers:
            raise TooManyLayers(f"more than {how_many(self.assembler.max_layers, 'layer', ',')}")
        version = self._opsets.get(node.domain, self._opsets.get("", 1) if node.domain else 1)
        call = NodeCall(node, inputs, version, self._attributes, self.assembler)
        handler = _handler(node)
        unknown, answer = handler is None, self._constants.get(node) or NodeOutcome(())
        if handler is not None and node not in self._constants:
            try:
                answer = handler(call)
            except UnknownShape:  # of what stands behind something unknown nothing more is said
                unknown = all(value is None or value.shape is not None for value in inputs)
            except OperatorFault as error:
                answer = NodeOutcome((), fault=LayerError(str(error)))
            except LayerError as error:
                answer = NodeOutcome((), fault=error)
            except BROKEN as error:
                answer = NodeOutcome((), fault=misfit(error))
            wrong = [size for out in answer.outs for size in out.shape or () if type(size) is not int or size < 0]
            if wrong:
                answer = NodeOutcome((), fault=LayerError(f"it gives a size of {wrong[0]}"))
        if node.op == "Constant" and self._depth:
            self._constants[node] = answer
        self.finish(call, answer, unknown, scope)

    def finish(self, call: NodeCall, answer: NodeOutcome, unknown: bool, scope: GraphScope) -> None:
        """Gives what an operator came to its names, and puts it to the steps. Raises Corrupt."""
        node = call.node
        sizes = call.op in ("Shape", "Size")  # numbers, whatever the tensor is whose sizes they are
        fixed = answer.fault is None and (sizes or all(value is None or value.fixed for value in call.inputs))
        fixed = fixed and not answer.sampled
        storages = answer.storages
        if fixed and storages is None and not sizes:
            storages = _stored(call.inputs)
        self._worked_out += sum(len(out.numbers) for out in answer.outs if out.numbers is not None)
        if self._worked_out > MOST_WORKED_OUT:
            raise Corrupt(f"arithmetic on over {MOST_WORKED_OUT:,} numbers")
        outs = []
        for place, name in enumerate(node.outputs):
            out = answer.outs[place] if place < len(answer.outs) else NodeOutput(None)
            shape = out.shape
            if shape is None and answer.fault is None:
                shape = self._said(name)
            value = Value(shape, out.axis, out.numbers, 0, fixed, tuple(storages or ()) if fixed else ())
            value.name = name
            value.axis = self._axis_said(call, value) if out.shape is None else value.axis
            value.dtype = self._dtype(call, value)
            if name:
                scope.own[name] = value
            outs.append(value)
        step = OperatorStep(node, self.named(node), call.inputs, answer, outs)
        step.unknown = unknown
        for value in outs:
            value.producer = step
        self.steps.append(step)

    def named(self, node: NodeProto) -> str:
        """A node's name behind those of what it stands in; nothing where it has none."""
        name = shown(node.name)
        return self.prefix + (name.lstrip("/") if self.prefix else name) if name else ""

    def _said(self, name: str) -> Shape | None:
        """The shape that the file says of a tensor, where that still holds."""
        info = self._stored.get(name)
        if info is None or info.shape is None or self.symbols is None:
            return None
        sizes = [self.symbols.get(size) if isinstance(size, str) else size for size in info.shape]
        return None if None in sizes else tuple(sizes)  # type: ignore[arg-type]

    def _axis_said(self, call: NodeCall, value: Value) -> int | None:
        """The sample axis of a tensor whose shape is only said: the first one, where it was that of an input."""
        sizes = {one.known[0] for one in call.moving if one.shape and one.axis == 0}
        return 0 if value.shape and len(sizes) == 1 and value.shape[0] in sizes else None

    def _dtype(self, call: NodeCall, value: Value) -> int:
        if call.op == "Cast":
            to = call.attr("to")
            return to if isinstance(to, int) else 0
        first = call.get(0)
        if call.op in ("Shape", "Size"):
            return 7
        return first.dtype if first is not None else 0

    def _control(self, call: NodeCall, scope: GraphScope) -> None:
        from . import control

        try:
            control.HANDLERS[call.op](self, call, scope)
        except UnknownShape:
            self.finish(call, NodeOutcome(()), True, scope)
        except (OperatorFault, LayerError) as error:
            fault = error if isinstance(error, LayerError) else LayerError(str(error))
            self.finish(call, NodeOutcome((), fault=fault), False, scope)
        except BROKEN as error:
            self.finish(call, NodeOutcome((), fault=misfit(error)), False, scope)

    # --- what is in them ----------------------------------------------------------------------------

    def _function(self, node: NodeProto, function: Function, inputs: list[Value | None], scope: GraphScope) -> None:
        """The operators of a function in the place of one."""
        if self._depth >= MOST_NESTED:
            raise Corrupt(f"functions call each other deeper than {MOST_NESTED} levels: {function.name}")
        inner = GraphScope()
        for place, name in enumerate(function.inputs):
            value = inputs[place] if place < len(inputs) else None
            if value is not None:
                inner.own[name] = value
        before = (self._opsets, self._attributes, self.prefix, self._stored)
        given = {name: self._resolved(data) for name, data in node.attributes.items()}
        self._opsets, self._attributes = {**self._opsets, **function.opsets}, {**function.defaults, **given}
        self.prefix += f"{shown(node.name)}/" if node.name else ""
        self._stored, self._depth = {}, self._depth + 1
        for node_proto in function.nodes:
            names = [name for name in node_proto.inputs if name and inner.find(name) is None]
            absent = [name for name in names if name in function.inputs]
            if absent:
                node_proto = node_proto.changed(inputs=["" if name in absent else name for name in node_proto.inputs])
            self._node(node_proto, inner)
        self._opsets, self._attributes, self.prefix, self._stored = before
        self._depth -= 1
        for name, made in zip(node.outputs, function.outputs, strict=False):
            self.pass_on(name, inner.find(made), scope)

    def _resolved(self, data: Any) -> Any:
        """An attribute of a call inside a function, where it refers to one of the function's own."""
        from .proto import Reference, attribute

        found = attribute(data)
        return self._attributes.get(found.name) if isinstance(found, Reference) else data

    def pass_on(self, name: str, value: Value | None, scope: GraphScope) -> None:
        """Gives a value another name; where nothing gives it, one that is not known."""
        if name:
            scope.own[name] = value if value is not None else Value(None)

    def body(self, call: NodeCall, name: str) -> Body:
        """The graph in an attribute, with what it holds. Raises Corrupt where there is none."""
        found = self._bodies.get((call.node, name))
        if found is None:
            message = call.attr(name)
            if not isinstance(message, Subgraph):
                raise Corrupt(f"{_called(call.node)} has no {name}")
            graph = GraphProto(message.data)
            found = self._bodies[call.node, name] = Body(graph, held(graph))
        return found

    def run(
        self, body: Body, given: Sequence[Value | None], scope: GraphScope, prefix: str = ""
    ) -> Sequence[Value | None]:
        """What a graph in an operator gives for what it is given, what is around it being in `scope`; its operators are
        steps, whose names begin with `prefix`. Raises Corrupt, TooManyLayers.
        """
        if self._depth >= MOST_NESTED:
            raise Corrupt(f"graphs in graphs, deeper than {MOST_NESTED} levels")
        inner = GraphScope(scope)
        inner.own = dict(body.held)
        for info, value in zip(body.graph.inputs, given, strict=False):
            self.pass_on(info.name, value, inner)
        before, self.prefix, self._depth = self.prefix, self.prefix + prefix, self._depth + 1
        self._nodes(body.graph, inner)
        self.prefix, self._depth = before, self._depth - 1
        return [inner.find(info.name) for info in body.graph.outputs]

    def room(self, body: Body, times: int) -> bool:
        """Whether a graph may be gone through so often; half of what may be is kept for what stands behind it."""
        return self._inlined + times * (len(body.graph.nodes) + 1) <= self._most // 2


def _handler(node: NodeProto) -> Handler | None:
    """What goes through an operator; None where nothing is known of it."""
    if node.domain in _RUNTIME:
        return microsoft.HANDLERS.get(node.op) or HANDLERS.get(node.op)
    if node.domain == _LAST:
        return microsoft.LAST.get(node.op)
    return HANDLERS.get(node.op) if node.domain in _DOMAINS else None


def _stored(inputs: Sequence[Value | None]) -> tuple[Initializer, ...]:
    """The numbers that a fixed value stands for: what was stored for it, and for others that it is made of."""
    found: dict[Initializer, None] = {}
    for place, value in enumerate(inputs):
        for storage in value.storages if value is not None else ():
            if storage.real or not place:
                found[storage] = None
    return tuple(found)


def _called(node: NodeProto) -> str:
    return place_name(shown(node.name), node.op, node.outputs)
