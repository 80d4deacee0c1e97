"""The network of an ONNX file: the steps that its graph comes to, put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...diagnostics import ERROR, Diagnostic, NamedPlace, SpecError
from ...layers import Layer, LayerError
from ...layers.op import Op
from ...network import UNKNOWN, Context, Network, Origin
from ...network.assembler import Assembler
from ...values import Shape
from ..readers import ModelFile, Request
from ..tree import Tree
from ..unknown import unknown_note
from . import OWN_PRODUCER
from .call import NodeOutcome
from .graph import Passage
from .inputs import free_inputs, sized
from .patterns import Patterns
from .proto import ModelProto
from .steps import GraphScope, OperatorStep, place_name, shown
from .values import Initializer, Value, learned
from .wire import Corrupt

#: Operators that make numbers of sizes.
_SIZES = ("Shape", "Size")
#: Operators that read numbers as sizes, places and values to fill in: none of them is learned.
_SETTINGS = frozenset(
    "Resize Upsample OneHot Pad Clip Range GridSample RoiAlign NonMaxSuppression TopK STFT DFT CumSum Slice Expand "
    "Tile ScatterND ScatterElements Scatter QuantizeLinear CenterCropPad Trilu".split()
)
#: What exporters call a graph that has no name.
_NO_NAMES = frozenset("main_graph graph torch_jit torch-jit-export tf2onnx main model onnx-model".split())


def read(file: ModelFile, request: Request) -> Network:
    """The network of a file. Raises SpecError where it is none, or its inputs are not told."""
    try:
        return _read(file, request)
    except Corrupt as error:
        raise SpecError([Diagnostic(ERROR, "onnx", f"{file.name}: {error}")]) from None


def _read(file: ModelFile, request: Request) -> Network:
    model = ModelProto(memoryview(file.data) if isinstance(file.data, bytes) else file.data)
    given = request.shapes([shown(info.name) for info in free_inputs(model.graph)])
    inputs = sized(file, model.graph, given)
    assembler = Assembler(file, max_layers=request.max_layers, revise=request.revise)
    scope = GraphScope()
    for sized_input in inputs.entering:
        value = scope.own[sized_input.name] = Value(sized_input.shape, sized_input.axis)
        value.name = sized_input.name
        name = shown(sized_input.name)
        value.producer = assembler.add_input(name, value.sample, NamedPlace(file, f"input '{name}'"))
    passage = Passage(model, assembler, inputs.symbols if inputs.own else None, file.how.raw)
    passage.graph(model.graph, scope)
    steps, leaving = passage.steps, [scope.find(info.name) for info in model.graph.outputs]
    if not file.how.raw:
        moving = [step for step in steps if not _is_fixed(step)]
        steps = Patterns(moving, leaving, assembler).merged()
    maker = _StepMaker(file, assembler, steps, leaving)
    maker.looked = any(step.node.op in _SIZES for step in passage.steps)
    maker.shares_vectors = model.producer == OWN_PRODUCER
    assembler.set_file_batch(inputs.batch)
    if model.graph.name and model.graph.name.lower() not in _NO_NAMES:
        assembler.set_title(shown(model.graph.name))
    maker.steps()
    for info in model.graph.outputs:
        found = scope.find(info.name)
        if found is None:
            raise Corrupt(f"the output '{shown(info.name)}' is given by nothing")
        assembler.output(shown(info.name), maker.node_of(found))
    if maker.looked:
        assembler.looked_at_sizes()
    return assembler.finish(maker.diagnostics())


class _StepMaker:
    """Puts steps into the network."""

    def __init__(
        self, file: ModelFile, assembler: Assembler, steps: Sequence[OperatorStep], leaving: Sequence[Value | None]
    ) -> None:
        self.file = file
        self.assembler = assembler
        self.all = steps
        self.raw = file.how.raw
        self.faults: list[Diagnostic] = []
        self.unknown: dict[str, int] = {}
        #: Whether shapes of the file's own numbers stand in it: at other sizes it must be read once more.
        self.looked = False
        #: Whether what operators share is meant to be shared, vectors too: so it is in files of our own.
        self.shares_vectors = False
        #: Who counts what the file stores.
        self._owners: dict[Initializer, int] = {}
        #: The nodes of further results, by that of the first and their number.
        self._further: dict[tuple[int, int], int] = {}
        #: What is read by something, or leaves the network.
        self._used = {value for step in steps for some in (step.inputs, step.answer.inputs or ()) for value in some}
        self._used.update(leaving)

    def steps(self) -> None:
        """All of them. Raises TooManyLayers."""
        tree = Tree([step.name for step in self.all], [step.node.module for step in self.all])
        for step, path in zip(self.all, tree.paths, strict=True):
            self.assembler.leave(path)
            self._step(step)
        self.assembler.leave(Context())
        tree.name_parts(self.assembler, [step.index for step in self.all])

    def node_of(self, value: Value) -> int:
        """The node that gives a value; UNKNOWN for what none does."""
        producer = value.producer
        if isinstance(producer, OperatorStep):
            if producer.index < 0:
                return UNKNOWN
            place = producer.outs.index(value)
            return self._further.get((producer.index, place), UNKNOWN) if place else producer.index
        return producer if producer is not None else UNKNOWN

    def _inputs(self, step: OperatorStep) -> tuple[int, ...]:
        answer = step.answer
        values: Iterable[Value | None] = answer.inputs if answer.inputs is not None else step.inputs
        found = [self.node_of(value) for value in values if value is not None and (self.raw or not value.fixed)]
        return tuple(index for index in found if index != UNKNOWN or not self.raw)

    def _place(self, step: OperatorStep) -> NamedPlace:
        return NamedPlace(self.file, place_name(step.name, step.node.op, step.node.outputs))

    def _step(self, step: OperatorStep) -> None:
        assembler, place, inputs = self.assembler, self._place(step), self._inputs(step)
        name = step.name or None
        layer, owner = self._layer(step)
        if layer is None:
            self.looked = True
            step.index = assembler.add_unknown("op", inputs, name, place, self._said(step))
        else:
            if layer.several:
                self._results(step, layer, inputs, name, place)
                return
            step.index, _, fault = assembler.apply(layer, inputs, name, place)
            if fault is not None:
                self._fault(step, place, fault)
            if owner is not None and fault is None:
                for wrong in assembler.share(range(step.index, step.index + 1), range(owner, owner + 1)):
                    self._fault(step, place, wrong)
        if step.answer.fault is not None:
            self._fault(step, place, step.answer.fault)
        elif step.unknown:
            self.unknown[step.op] = self.unknown.get(step.op, 0) + 1
        value = step.outs[0] if step.outs else None
        self._origin(step.index, step, value, step.merged)
        for number, value in enumerate(step.outs[1:], 1):
            if value in self._used or (self.raw and value.name):
                self._further_result(step, number, value, inputs, place)

    def _further_result(
        self, step: OperatorStep, number: int, value: Value, inputs: tuple[int, ...], place: NamedPlace
    ) -> None:
        """Another result of a step, a node behind that of the first; it costs nothing more."""
        shape = None if value.shape is None else value.sample
        given = {"name": shown(step.op), "shape": shape, "params": 0, "macs": 0, "number": number}
        self.looked = True
        node = self.assembler.apply(self.assembler.layer(Op, given), inputs, step.name or None, place).node
        self._further[step.index, number] = node
        self._origin(node, step, value, 0)

    def _results(
        self, step: OperatorStep, layer: Layer, inputs: tuple[int, ...], name: str | None, place: NamedPlace
    ) -> None:
        """A layer with several results: a node each."""
        made = self.assembler.apply_all(layer, inputs, [name] * len(layer.results) if name else (), place)
        step.index = made[0].node
        for number, (applied, value) in enumerate(zip(made, step.outs, strict=True)):
            self._further[step.index, number] = applied.node
            self._origin(applied.node, step, value, 0 if number else step.merged)

    def _said(self, step: OperatorStep) -> Shape | None:
        """The shape that the file says of what a step gives."""
        value = step.outs[0] if step.outs else None
        return None if value is None or value.shape is None else value.sample

    def _origin(self, index: int, step: OperatorStep, value: Value | None, count: int) -> None:
        self.assembler.network.origins[index] = Origin(
            shown(step.op), (shown(value.name) or None) if value else None, step.node.module, count,
            value.axis if value is not None and value.shape is not None else 0,
        )  # fmt: skip

    def _fault(self, step: OperatorStep, place: NamedPlace, fault: LayerError) -> None:
        diagnostic = Diagnostic(ERROR, fault.code, str(fault), None, fault.help, spot=place, layers=(step.name,))
        self.faults.append(diagnostic)

    def _layer(self, step: OperatorStep) -> tuple[Layer | None, int | None]:
        """The layer of a step, and the node whose weights it uses; None where nothing is known."""
        answer, stored = step.answer, self._stored(step)
        owners = {
            self._owners.get(initializer) for initializer in stored if self.shares_vectors or not initializer.vector
        }
        tied = not owners <= {None}
        index, known = len(self.assembler.nodes), self._owners
        if answer.layer is not None and answer.fault is None:
            self.looked = self.looked or isinstance(answer.layer, Op)
            if not tied:
                self._owners.update((initializer, index) for initializer in stored if initializer not in known)
                return answer.layer, None
            owner = next(one for one in owners if one is not None)
            if {known.get(initializer) for initializer in stored} == {owner} and self._alike(step, answer.layer, owner):
                return answer.layer, owner
        value = step.outs[0] if step.outs else None
        if value is None or value.shape is None or answer.fault is not None or step.unknown:
            return None, None
        params = sum(initializer.elements for initializer in stored if initializer not in known)
        self._owners.update((initializer, index) for initializer in stored if initializer not in known)
        self.looked = True
        macs = self._macs(answer, value)
        given = {"name": shown(step.op), "shape": value.sample, "params": params, "macs": macs}
        return self.assembler.layer(Op, given), None

    def _alike(self, step: OperatorStep, layer: Layer, owner: int) -> bool:
        """Whether a layer can have the weights of a node: not turned, as the second half of an autoencoder has them."""
        node, values = self.assembler.nodes[owner], step.answer.inputs
        if values is None or node.kind != layer.kind:
            return node.kind == layer.kind
        shapes = tuple(value.sample for value in values)
        result = self.assembler.result(layer, shapes)
        if isinstance(result, LayerError):
            return True
        theirs = self.assembler.network.weights(node)
        return [shape for _, shape in layer.weights(shapes, result.output)] == [shape for _, shape in theirs]

    def _macs(self, answer: NodeOutcome, value: Value) -> int | None:
        if answer.layer is None or answer.inputs is None:
            return answer.macs
        result = self.assembler.result(answer.layer, tuple(one.sample for one in answer.inputs))
        return None if isinstance(result, LayerError) else result.macs

    def _stored(self, step: OperatorStep) -> Sequence[Initializer]:
        """What the file stores for a step."""
        if step.answer.weights is not None:
            return tuple(dict.fromkeys(step.answer.weights))
        if _is_fixed(step) or step.node.op in _SETTINGS:
            return ()
        return tuple(dict.fromkeys(learned(step.inputs)))

    def diagnostics(self) -> list[Diagnostic]:
        """The faults, and what operators nothing is known of."""
        return [*self.faults, unknown_note(self.file, self.unknown)] if self.unknown else self.faults


def _is_fixed(step: OperatorStep) -> bool:
    """Whether a step gives numbers that hang on no input: arithmetic on shapes, weights made of others."""
    return bool(step.outs) and all(value.fixed for value in step.outs)
