"""A description of layers into a network: every call of a layer is one or some of ours."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ...diagnostics import ERROR, TOO_MANY_LAYERS, Diagnostic, NamedPlace, Span
from ...layers import Layer, LayerError
from ...layers.op import Op
from ...network import Network
from ...network.assembler import Assembler, TooManyLayers
from ...network.model import Origin, Step
from ...values import Shape, Size
from ..misfit import BROKEN, misfit
from ..readers import again
from ..unknown import unknown_note
from .archive import description, fault
from .axes import DataFormat, channels_first
from .described import DescribedLayer, batch_shape_of, class_of, config_of, layers_of, name_of
from .graph import Key, LayerCall, calls, ends
from .identity import WeightOwners

if TYPE_CHECKING:
    from ..readers import ModelFile, Request

#: How deep models may stand in each other.
_DEEPEST = 16
#: Calls of layers and models, those of shared models each time: twelve times what NASNetLarge has.
_MOST_CALLS = 16_384
#: What a layer makes of a call: the tensors of its results.
Rule: TypeAlias = Callable[["KerasReader", "DescribedLayer", list[int]], Iterable[int]]
_MODELS = ("Functional", "Model", "Sequential")


def read(file: ModelFile, request: Request) -> Network:
    """The network of a model file. Raises SpecError where it describes none."""
    model = description(file)
    if model["class_name"] not in _MODELS:
        raise fault(f"'{model['class_name'][:60]}' is a class of its own: its layers stand in code, which is not run")
    return KerasReader(file, request, DataFormat(channels_first(model))).network(model)


def _weighted(filling: KerasReader, described: DescribedLayer, inputs: list[int]) -> list[int]:
    """An operation of code with weights of its own."""
    own = described.call.weights
    assert own is not None
    shape = filling.axes.ours(own.shape)
    return [filling.operator(shape, *inputs, params=own.params, macs=own.macs, buffers=own.buffers)]


class KerasReader:
    """A network while it is being filled, model by model and layer by layer."""

    def __init__(self, file: ModelFile, request: Request, axes: DataFormat) -> None:
        self.file, self.request, self.axes = file, request, axes
        self.assembler = Assembler(file, max_layers=request.max_layers, revise=request.revise)
        self.faults: list[Diagnostic] = []
        self.described: DescribedLayer | None = None
        #: The layers without a rule.
        self.unruled: list[DescribedLayer] = []
        self._path: tuple[str, ...] = ()
        self._calls = 0
        self._owners = WeightOwners()

    def network(self, model: dict[str, Any]) -> Network:
        """The network of a whole file."""
        config = config_of(model)
        if isinstance(config.get("name"), str):
            self.assembler.set_title(config["name"])
        entries = list(self._entries(model))
        given = self.request.shapes([name for name, _ in entries])
        inputs = []
        for name, dims in entries:
            if dims and self.assembler.network.file_batch is None and type(dims[0]) is int:
                self.assembler.set_file_batch(dims[0])
            inputs.append(
                self.assembler.add_input(
                    name, given.get(name) or self._entering(name, dims), self._spot(name, "InputLayer")
                )
            )
        try:
            outputs = self._run(model, inputs)
        except TooManyLayers as error:
            self.faults.append(Diagnostic(ERROR, TOO_MANY_LAYERS, str(error)))
            outputs = []
        for tensor in dict.fromkeys(outputs):
            self.assembler.output(self.assembler.nodes[tensor].name, tensor)
        if self.unruled:
            from .layers import LAYERS

            first = self.unruled[0]
            types = [described.type for described in self.unruled]
            self.faults.append(unknown_note(self.file, types, LAYERS, self._spot(first.name, first.type)))
        return self.assembler.finish(self.faults, again(self.file, self.request))

    # --- inputs -------------------------------------------------------------------------------------

    def _entries(self, model: dict[str, Any]) -> Iterable[tuple[str, list[Any]]]:
        """The inputs of a model by name, with their shapes as they are described, the sample first."""
        layers = layers_of(model)
        if model["class_name"] == "Sequential":
            if layers:
                first = layers[0]
                inner = config_of(first)
                shape = (
                    batch_shape_of(inner) or inner.get("build_input_shape") or config_of(model).get("build_input_shape")
                )
                if first.get("class_name") in _MODELS:
                    yield from self._entries(first)
                else:
                    yield (name_of(first) if first.get("class_name") == "InputLayer" else "input"), list(shape or ())
            return
        by_name = {name_of(layer): layer for layer in layers}
        for name, _, _ in ends(config_of(model).get("input_layers")):
            if name in by_name:
                yield name, list(batch_shape_of(config_of(by_name[name])) or ())

    def _entering(self, name: str, dims: list[Any]) -> Shape:
        """The shape of an input. Raises SpecError where it does not stand in the file."""
        sizes = dims[1:]
        if not sizes or not all(type(size) is int and size > 0 for size in sizes):
            shown = (
                "x".join("?" if type(size) is not int else str(size) for size in self.axes.ours(sizes))
                if sizes
                else "?"
            )
            raise fault(f"input '{name}' is {shown}, the channels first: its shape is not all there",
                        f"give it, for example {name}=3x224x224")  # fmt: skip
        return self.axes.ours(sizes)

    # --- models -------------------------------------------------------------------------------------

    def _run(self, model: dict[str, Any], inputs: list[int]) -> list[int]:
        """What a model makes of `inputs`: its outputs."""
        if len(self._path) > _DEEPEST:
            raise fault(f"models stand more than {_DEEPEST} deep in each other")
        if model["class_name"] == "Sequential":
            tensors = inputs
            for layer in layers_of(model):
                if layer.get("class_name") != "InputLayer":
                    tensors = self._call(layer, LayerCall([], {}), tensors)
            return tensors
        return self._functional(model, inputs)

    def _functional(self, model: dict[str, Any], inputs: list[int]) -> list[int]:
        """Calls run as soon as all that they read is there, whatever the order in which they are described."""
        config = config_of(model)
        made: dict[Key, int] = {}
        keys = ends(config.get("input_layers"))
        for key, tensor in zip(keys, inputs, strict=False):
            made[key] = tensor
        waiting: dict[Key, list[tuple[dict[str, Any], int, LayerCall]]] = {}
        ready = deque(
            (layer, index, call)
            for layer in layers_of(model)
            for index, call in enumerate(calls(layer.get("inbound_nodes")))
        )
        while ready:
            layer, index, call = job = ready.popleft()
            missing = next((key for key in call.inputs if key not in made), None)
            if missing is not None:
                waiting.setdefault(missing, []).append(job)
                continue
            if (name_of(layer), index, 0) in made:
                continue
            for number, tensor in enumerate(self._call(layer, call, [made[key] for key in call.inputs])):
                made[name_of(layer), index, number] = tensor
                ready.extendleft(reversed(waiting.pop((name_of(layer), index, number), [])))
        outputs = ends(config.get("output_layers"))
        lost = next((key for key in outputs if key not in made), None)
        if lost is not None:
            raise fault(f"output '{lost[0]}' is never made: a layer on the way to it reads what is not there")
        return [made[key] for key in outputs]

    # --- layers -------------------------------------------------------------------------------------

    def _call(self, layer: dict[str, Any], call: LayerCall, inputs: list[int]) -> list[int]:
        """One call of a layer, or of a model that stands where a layer does."""
        self._calls += 1
        if self._calls > _MOST_CALLS:
            raise fault(f"over {_MOST_CALLS:,} calls of layers")
        name, first = name_of(layer), len(self.assembler.nodes)
        path, self._path = self._path, (*self._path, name)
        try:
            outputs = self.judged(layer, call, inputs)
            mine = range(first, len(self.assembler.nodes))
            for owner in self._owners.owners(layer, call.layer, self._path, mine):
                self._share(owner, mine, name)
        finally:
            self._path = path
        return outputs

    def judged(self, layer: dict[str, Any], call: LayerCall, inputs: list[int]) -> list[int]:
        """What a layer, or a model, makes of `inputs`, with weights of its own. Raises TooManyLayers."""
        if call.body is not None or layer.get("class_name") in _MODELS:
            return self._model(call.body or layer, name_of(layer), inputs)
        return self._layer(layer, call, inputs)

    def _model(self, layer: dict[str, Any], name: str, inputs: list[int]) -> list[int]:
        first, before = len(self.assembler.nodes), self.assembler.enter(Step(name, "stage"))
        try:
            outputs = self._run(layer, inputs)
        finally:
            self.assembler.leave(before)
        if outputs and len(self.assembler.nodes) > first:
            self.assembler.name_part(name, first, outputs[0])
        return outputs

    def _layer(self, layer: dict[str, Any], call: LayerCall, inputs: list[int]) -> list[int]:
        from .layers import LAYERS

        kind = class_of(layer)
        self.described = described = DescribedLayer(name_of(layer), kind, config_of(layer), call)
        rule = LAYERS.get(kind) if call.weights is None else _weighted
        try:
            if rule is None or not inputs or any(self.shape(tensor) is None for tensor in inputs):
                return [self.unknown(inputs)]
            return list(rule(self, described, inputs))
        except (LayerError, *BROKEN) as error:
            self.refused(described, error if isinstance(error, LayerError) else misfit(error), inputs)
            return [self._unknown(described, inputs)]

    def refused(self, described: DescribedLayer, error: LayerError, inputs: list[int]) -> None:
        """Takes note of a call that does not fit."""
        self.faults.append(self._fault(error, self._spot(described.name, described.type)))

    def _fault(self, error: LayerError, place: Span | NamedPlace) -> Diagnostic:
        span, spot = (place, None) if isinstance(place, Span) else (None, place)
        return Diagnostic(ERROR, error.code, str(error), span, error.help, spot=spot)

    def _share(self, owner: range, mine: range, name: str) -> None:
        if len(mine):
            try:
                faults = self.assembler.share(mine, owner)
            except ValueError as error:
                faults = [LayerError(f"it has its weights in common with another, and {error}")]
            self.faults += [self._fault(one, self._spot(name, "shared")) for one in faults]

    # --- what the rules use -------------------------------------------------------------------------

    def shape(self, tensor: int) -> Shape | None:
        """The shape of a tensor, in our order; None where it is not known."""
        return self.assembler.nodes[tensor].output if tensor >= 0 else None

    def known(self, tensor: int) -> Shape:
        """The shape of a tensor whose shape is known: a rule is only asked then, or after a layer that fitted."""
        shape = self.shape(tensor)
        if shape is None:
            raise LayerError("the shape before it is not known")
        return shape

    def apply(self, kind: str | type[Layer], given: Mapping[str, Any], *inputs: int, suffix: str = "") -> int:
        """Puts a layer on `inputs`; its tensor. Raises LayerError where it does not fit."""
        described = self.described
        assert described is not None
        place = self._spot(described.name, described.type)
        applied = self.assembler.apply(self.assembler.layer(kind, given), inputs, described.name + suffix, place)
        self.assembler.network.origins[applied.node] = self._origin(described)
        if applied.fault is not None:
            raise applied.fault
        return applied.node

    def fits(self, kind: str, *inputs: int) -> bool:
        """Whether a layer without arguments takes `inputs`."""
        layer = self.assembler.layer(kind, {})
        return not isinstance(self.assembler.result(layer, tuple(map(self.known, inputs))), LayerError)

    def operator(
        self, shape: Shape, *inputs: int, params: int = 0, macs: int = 0, buffers: int = 0, suffix: str = ""
    ) -> int:  # fmt: skip
        """A layer that none of our kinds is, with what is known of it."""
        assert self.described is not None
        self.assembler.looked_at_sizes()
        given = {"name": self.described.type, "shape": Size(shape), "params": params, "macs": macs,
                 "buffers": buffers}  # fmt: skip
        return self.apply(Op, given, *inputs, suffix=suffix)

    def unknown(self, inputs: list[int]) -> int:
        """A layer of which nothing is known: a type without a rule, or code that is not run."""
        described = self.described
        assert described is not None
        if all(self.shape(tensor) is not None for tensor in inputs):
            self.unruled.append(described)
        return self._unknown(described, inputs)

    def _unknown(self, described: DescribedLayer, inputs: list[int]) -> int:
        place = self._spot(described.name, described.type)
        node = self.assembler.add_unknown("op", tuple(inputs), described.name, place)
        self.assembler.network.origins[node] = self._origin(described)
        return node

    def _origin(self, described: DescribedLayer) -> Origin:
        return Origin(described.type, None, "/".join(self._path), last=not self.axes.first)

    def _spot(self, name: str, kind: str) -> Span | NamedPlace:
        return NamedPlace(self.file, f"layer '{name}' ({kind})")
