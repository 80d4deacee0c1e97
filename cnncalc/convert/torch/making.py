"""The network of what was called: the steps of a trace, put together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from ...diagnostics import Diagnostic
from ...layers import Layer, LayerError
from ...layers.op import Op
from ...network import UNKNOWN, Context, Origin, Step
from ...values import Size
from ..tree import Tree
from ..unknown import unknown_note
from .call import storages
from .values import Samples, Storage, Tensor

if TYPE_CHECKING:
    from .trace import Trace, TracedCall, TrainHead


def make_network(trace: Trace) -> list[Diagnostic]:
    """Puts the steps of a trace into the network; notes on what nothing is known of. Raises TooManyLayers."""
    _drop_unread(trace)
    maker = _Maker(trace)
    maker.steps(trace.steps)
    for name, tensor in trace.outputs:
        trace.assembler.output(name, maker.node_of(tensor))
    trace.counted = frozenset(maker.owners)
    for head in trace.heads:
        maker.head(head)
    if maker.looked:
        trace.assembler.looked_at_sizes()
    if not maker.unknown:
        return []
    places = {step.where.type or step.op: step.where.place for step in reversed(all_steps(trace)) if step.unknown}
    return [unknown_note(trace.source, maker.unknown, place=places[maker.unknown[0]])]


def _drop_unread(trace: Trace) -> None:
    """Leaves out what is no call and that nothing reads."""
    read = {id(tensor.producer) for _, tensor in trace.outputs}
    read.update(id(source) for head in trace.heads for step in head.steps for source in step.sources.values())
    kept = []
    for step in reversed(trace.steps):
        if not step.implied or id(step) in read:
            kept.append(step)
            read.update(map(id, step.sources.values()))
    trace.steps = kept[::-1]


def all_steps(trace: Trace) -> list[TracedCall]:
    """The steps of a trace, those of its train heads too."""
    return [*trace.steps, *[step for head in trace.heads for step in head.steps]]


class _Maker:
    """Puts steps into the network, each layer with what it stores."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.assembler = trace.assembler
        #: The types of what nothing is known of.
        self.unknown: list[str] = []
        #: Whether shapes of the file's own numbers stand in it: at other sizes it must be read once more.
        self.looked = False
        #: Who counts what is stored, its node.
        self.owners: dict[Storage, int] = {}
        #: The nodes of further results, by that of the first and their number.
        self._further: dict[tuple[int, int], int] = {}
        read = (
            tensor for step in all_steps(trace) for some in (step.inputs, step.answer.inputs or ()) for tensor in some
        )
        leaving = (tensor for _, tensor in (*trace.outputs, *[("", head.output) for head in trace.heads]))
        #: What is read by something, or leaves the network.
        self._used = {id(tensor) for tensor in (*read, *leaving)}

    def steps(self, steps: Sequence[TracedCall], around: Context | None = None) -> None:
        """Some of them. Raises TooManyLayers."""
        tree = Tree([step.where.name for step in steps], [_around(step.where.name) for step in steps], around)
        for step, path in zip(steps, tree.paths, strict=True):
            self.assembler.leave(path)
            self._step(step)
        self.assembler.leave(Context())
        tree.name_parts(self.assembler, [step.index for step in steps])

    def head(self, head: TrainHead) -> None:
        """A head that only training runs, called so where nothing else is. Raises TooManyLayers."""
        network, first = self.assembler.network, len(self.assembler.nodes)
        taken = {*[node.name for node in network.nodes], *network.extents, *[port.name for port in network.outputs],
                 *[step.where.name for step in head.steps]}  # fmt: skip
        names = (f"{head.name}_{number}" if number else head.name for number in count())
        name = next(one for one in names if one not in taken)
        self.steps(head.steps, Context((Step(name, "head"),), True))
        last = len(network.nodes) - 1
        output = last if head.output is None else self.node_of(head.output)
        self.assembler.output(name, output, train=True)
        if last >= first:
            self.assembler.name_part(name, first, output)

    def node_of(self, tensor: Tensor, step: Any = None) -> int:
        """The node that gives a tensor, by the `step` that it comes from; UNKNOWN for what none does."""
        step = tensor.producer if step is None else step
        if isinstance(step, int):
            return step
        if step is None or step.index < 0:
            return UNKNOWN
        place = next((place for place, out in enumerate(step.outs) if out is tensor), 0)
        return self._result(step, place) if place else int(step.index)

    def _inputs(self, step: TracedCall) -> tuple[int, ...]:
        chosen = step.answer.inputs if step.answer.inputs is not None else step.inputs
        sources = step.sources
        found = [
            self.node_of(tensor, sources.get(id(tensor))) for tensor in chosen if not tensor.fixed or self.trace.raw
        ]
        return tuple([index for index in found if index != UNKNOWN or not self.trace.raw])

    def _step(self, step: TracedCall) -> None:
        assembler, where = self.assembler, step.where
        inputs = self._inputs(step)
        layer, owner = self._layer(step)
        if layer is None or not (inputs or layer.opaque):  # of a layer on numbers of the file no more is known
            self.looked = True
            step.index = assembler.add_unknown("op", inputs, where.name, where.place, _sample(step))
        elif layer.several:
            self._results(step, layer, inputs)
            return
        else:
            step.index = assembler.apply(layer, inputs, where.name, where.place).node
            if owner is not None:
                assembler.share(range(step.index, step.index + 1), range(owner, owner + 1))
        if step.unknown:
            name = where.type or step.op
            self.unknown += [] if name in self.unknown else [name]
        self._origin(step.index, step, step.outs[0] if step.outs else None, step.merged)
        for place, out in enumerate(step.outs[1:], 1):
            if id(out) in self._used:
                self._result(step, place, place)

    def _results(self, step: TracedCall, layer: Layer, inputs: tuple[int, ...]) -> None:
        """A layer with several results: a node each."""
        where = step.where
        made = self.assembler.apply_all(layer, inputs, [where.name] * len(layer.results), where.place)
        step.index = made[0].node
        for number, (applied, out) in enumerate(zip(made, step.outs, strict=True)):
            self._further[step.index, number] = applied.node
            self._origin(applied.node, step, out, 0 if number else step.merged)

    def _origin(self, index: int, step: TracedCall, out: Tensor | None, count: int) -> None:
        known = out is not None and out.shape is not None
        self.assembler.network.origins[index] = Origin(
            step.where.type or step.op, out.name if out is not None else None, step.where.module, count,
            out.axis if known and out is not None else 0, False, step.where.defined, False,
            step.source if step.merged == 1 else "",
        )  # fmt: skip

    def _result(self, step: TracedCall, place: int, number: int = 0) -> int:
        """The node of a further result of a step; behind that of the first it is its result with this number."""
        key, out = (step.index, place), step.outs[place]
        if key not in self._further:
            inputs, where = self._inputs(step), step.where
            shape = None if out.shape is None else out.sample
            given = {"name": where.type or step.op, "shape": shape, "params": 0, "macs": 0, "number": number}
            self.looked = True
            node = self.assembler.apply(self.assembler.layer(Op, given), inputs, where.name, where.place).node
            self._further[key] = node
            self._origin(node, step, out, 0)
        return self._further[key]

    def _layer(self, step: TracedCall) -> tuple[Layer | None, int | None]:
        """The layer of a step, and the node whose weights it uses; None where nothing is known."""
        for storage in self._learned_inputs(step):
            self._parameter(storage, step)
        answer, stored = step.answer, self._stored(step)
        owners = {self.owners.get(one) for one in stored}
        index, known = len(self.assembler.nodes), self.owners
        if answer.layer is not None and not self._unregistered(step):
            self.looked = self.looked or isinstance(answer.layer, Op)
            if owners <= {None}:
                known.update((one, index) for one in stored)
                return answer.layer, None
            owner = next((one for one in owners if one is not None), -1)
            if owners == {owner} and self._alike(owner, answer.layer, self._inputs(step)):
                return answer.layer, owner
        if _sample(step) is None or step.failed or step.unknown:
            return None, None
        self.looked = True
        return self.assembler.layer(Op, self._told(step, [one for one in stored if one not in known], index)), None

    def _alike(self, owner: int, layer: Layer, inputs: Sequence[int]) -> bool:
        """Whether a layer on `inputs` has all weights of the node `owner`, of its kind, and in their shapes."""
        other, nodes = self.assembler.nodes[owner], self.assembler.nodes
        if other.kind != layer.kind or other.layer is None or other.result is None:
            return False
        shapes = [nodes[index].output if index != UNKNOWN else None for index in inputs]
        known = tuple([shape for shape in shapes if shape is not None])
        result = self.assembler.result(layer, known) if len(known) == len(shapes) else None
        if result is None or isinstance(result, LayerError):
            return True
        return layer.weights(known, result.output) == self.assembler.network.weights(other)

    def _told(self, step: TracedCall, mine: Sequence[Storage], index: int) -> dict[str, object]:
        """The arguments of an operator without a kind; what it stores is counted here first."""
        self.owners.update((storage, index) for storage in mine)
        return {
            "name": step.where.type or step.op, "shape": _sample(step),
            "params": sum(storage.elements for storage in mine if storage.kind == "parameter"),
            "buffers": sum(storage.elements for storage in mine if storage.kind == "buffer"),
            "macs": self._macs(step),
        }  # fmt: skip

    def _macs(self, step: TracedCall) -> int | None:
        """The MACs of one sample."""
        answer = step.answer
        if step.merged > 1:
            return step.cost
        if answer.layer is not None and answer.inputs is not None:
            result = self.assembler.result(answer.layer, tuple([tensor.sample for tensor in answer.inputs]))
            return None if isinstance(result, LayerError) else result.macs
        return per_sample(answer.macs, step.inputs, self.trace.samples)

    def _stored(self, step: TracedCall) -> tuple[Storage, ...]:
        """What is stored for a step."""
        given = step.inputs if step.answer.weights is None else step.answer.weights
        return tuple([storage for storage in storages(given) if storage.kind in ("parameter", "buffer")])

    def _learned_inputs(self, step: TracedCall) -> list[Storage]:
        """What a layer with weights takes as its input and is learned itself, such as queries; not counted so far."""
        if not step.answer.weights:
            return []
        own = {*storages(step.answer.weights), *self.owners}
        return [storage for storage in storages(step.inputs) if storage.kind == "parameter" and storage not in own]

    def _parameter(self, stored: Storage, step: TracedCall) -> None:
        """A row for what is learned and enters a layer: it is none of that layer's weights."""
        given = {"name": "Parameter", "shape": Size((stored.elements,)), "params": stored.elements, "macs": 0}
        node = self.assembler.apply(
            self.assembler.layer(Op, given), (), stored.name or "parameter", step.where.place
        ).node
        self.owners[stored] = node
        self.assembler.network.origins[node] = Origin("Parameter", None, None, 1, None)
        self.looked = True

    def _unregistered(self, step: TracedCall) -> bool:
        """Whether its weights are of a module that the model does not know: a layer of a kind would count them."""
        given = step.inputs if step.answer.weights is None else step.answer.weights
        return any(storage.kind == "unregistered" for storage in storages(given))


def per_sample(macs: int | None, inputs: Sequence[Tensor], samples: int) -> int | None:
    """MACs of one sample, of those of all together, where what is read has samples."""
    if not macs or not any(isinstance(size, Samples) for tensor in inputs for size in tensor.shape or ()):
        return macs
    return macs // samples


def _sample(step: TracedCall) -> tuple[int, ...] | None:
    """The shape of what a step gives first, as the network has it."""
    return step.outs[0].sample if step.outs and step.outs[0].shape is not None else None


def _around(name: str) -> str | None:
    """The path of the module that something stands in."""
    return name.rpartition(".")[0] or None
