"""The one way to make a network: what keeps names unique, the order topological, and equal things one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..diagnostics import Diagnostic, Frame, Source
from ..layers import KINDS, Layer, LayerError, Remark, Result
from ..layers.result import within_limits
from ..records import Record, make
from ..values import Shape, how_many
from .model import INPUT, UNKNOWN, Context, Extent, Location, Names, Network, Node, Port, Step
from .sharing import share_weights

if TYPE_CHECKING:
    from .read_from import Allocations, SourceModule

#: Layers that a network may have, unless its reader says otherwise.
DEFAULT_MAX_LAYERS = 1_000_000
#: After each so many layers it is looked whether there is room for more of them.
STEP = 65_536
#: Bytes that a layer may take in all that is worked out of it, and told.
LAYER_BYTES = 350
#: Layers of one family, and results, that are looked for among those before: of more the room is worth more.
MOST_ALIKE = 10_000


class TooManyLayers(Exception):
    """One layer more than the network may have."""


class Applied(Record):
    """What came of a layer that was put into the network: its node, what it remarks, and why it does not fit.

    The place of remarks and faults, both of which name the argument they are about, is the caller's to say.
    """

    node: int
    remarks: tuple[Remark, ...] = ()
    fault: LayerError | None = None


class Assembler:
    """Fills a network, layer by layer. `network` is what there is so far; :meth:`finish` gives it back, complete.

    `reserved` are names that its reader is going to give: no layer is numbered like one of them. `revise` gives the
    layer that is put in the place of each.
    """

    def __init__(
        self, source: Source | None = None, layout: str = "chw", *, max_layers: int = DEFAULT_MAX_LAYERS,
        reserved: Iterable[str] = (), revise: Callable[[Layer], Layer] | None = None,
    ) -> None:  # fmt: skip
        self.network = Network(source or Source("network", ""), layout)
        self.nodes = self.network.nodes
        self.max_layers, self._sure = max_layers, min(STEP, max_layers)
        #: The stages, heads and blocks around what is added now.
        self.context = Context()
        #: Tensors that something uses beside the layers that read them.
        self.uses: set[int] = set()
        self.input_count = 0
        #: Nodes that are further results of a layer.
        self._further = 0
        self._names = Names(reserved)
        self._revise = revise
        #: The layers of each kind by their arguments, and what each made of its inputs' shapes.
        self._families: dict[tuple[object, ...], dict[tuple[object, ...], Layer]] = {}
        self._results: dict[tuple[object, ...], Result | LayerError] = {}

    @property
    def layer_count(self) -> int:
        """The layers so far."""
        return len(self.nodes) - self.input_count - self._further

    # --- layers -------------------------------------------------------------------------------------

    def layer(
        self, kind: str | type[Layer], given: Mapping[str, Any], defaults: Mapping[str, Any] | None = None,
        rank: int | None = None,
    ) -> Layer:  # fmt: skip
        """The one layer of the network with the arguments `given`, by name, over `defaults`, over the kind's own.

        `rank` is the number of spatial axes that the kind was said to have; None for any. Raises LayerError; KeyError
        for an unknown kind.
        """
        if isinstance(kind, str):
            kind = KINDS[kind]
        values, insisted = kind.valued(given, defaults)
        arguments = tuple(values.values())
        said = arguments if defaults else given.values()  # no kind has a size or a pair for a default of its own
        family_key = (kind, rank, insisted, tuple([type(value) for value in said if isinstance(value, tuple)]))
        family = self._families.setdefault(family_key, {})
        layer = family.get(arguments)
        if layer is None:
            layer = kind(values, insisted, rank)
            layer.check()
            if self._revise is not None:
                layer = self._revise(layer)
            if len(family) < MOST_ALIKE:
                family[arguments] = layer
        return layer

    def result(self, layer: Layer, shapes: tuple[Shape, ...]) -> Result | LayerError:
        """What `layer` makes of `shapes`, or why it makes nothing; worked out once, so that equal ones are one."""
        key = (layer, *shapes)
        result = self._results.get(key)
        if result is None:
            try:
                result = self._worked_out(layer, shapes)
            except LayerError as error:
                result = error
            if len(self._results) < MOST_ALIKE:
                self._results[key] = result
        return result

    def _worked_out(self, layer: Layer, shapes: tuple[Shape, ...]) -> Result:
        """What `layer` makes of `shapes`. Raises LayerError."""
        return within_limits(layer.result(shapes))

    # --- nodes --------------------------------------------------------------------------------------

    def add_input(self, name: str, shape: Shape | None, location: Location = None) -> int:
        """An input of the network, its shape channels first without the batch; None where it is not known."""
        index = len(self.nodes)
        unique = self._names.unique(name)
        self.nodes.append(Node(index, unique, INPUT, None, (), shape, None, None, self.context, location))
        self.input_count += 1
        return index

    def apply(
        self, layer: Layer, inputs: tuple[int, ...], name: str | None = None, location: Location = None
    ) -> Applied:
        """Puts `layer` on the tensors `inputs`; where it does not fit, its output is unknown.

        Without a `name` it is called by its kind and a number. Raises TooManyLayers.
        """
        self._check_order(inputs)
        nodes = self.nodes
        shapes = []
        for index in inputs:
            shape = nodes[index].output if index >= 0 else None
            if shape is None and not layer.opaque:
                return Applied(self._add_layer(layer.kind, layer, inputs, name, None, location))
            shapes.append(shape or ())
        if layer.opaque and layer.shape is None:  # type: ignore[attr-defined]
            return Applied(self._add_layer(layer.kind, layer, inputs, name, None, location))
        result = self.result(layer, tuple(shapes))
        if isinstance(result, LayerError):
            return Applied(self._add_layer(layer.kind, layer, inputs, name, None, location), fault=result)
        index = self._add_layer(layer.kind, layer, inputs, name, result, location)
        return make(Applied, (index, result.remarks, None))

    def apply_all(
        self, layer: Layer, inputs: tuple[int, ...], names: Sequence[str] = (), location: Location = None
    ) -> list[Applied]:
        """Puts a `layer` with several results on the tensors `inputs`; what came of each, in their order.

        It is called by the first of their `names`. Raises TooManyLayers.
        """
        called = names if len(names) == len(layer.results) else (None,) * len(layer.results)
        return [self.apply(part, inputs, name, location) for part, name in zip(layer.results, called, strict=True)]

    def add_unknown(
        self, kind: str, inputs: tuple[int, ...], name: str | None = None, location: Location = None,
        output: Shape | None = None,
    ) -> int:  # fmt: skip
        """A layer of which only is known what it reads, and maybe the shape that it gives. Raises TooManyLayers."""
        self._check_order(inputs)
        return self._add_layer(kind, None, inputs, name, None, location, output)

    def _check_order(self, inputs: tuple[int, ...]) -> None:
        """Raises ValueError for a tensor that is not there yet."""
        for index in inputs:
            if not UNKNOWN <= index < len(self.nodes):
                raise ValueError(f"a layer reads tensor {index}, and there are {len(self.nodes)} so far")

    def _add_layer(
        self, kind: str, layer: Layer | None, inputs: tuple[int, ...], name: str | None, result: Result | None,
        location: Location, output: Shape | None = None,
    ) -> int:  # fmt: skip
        index = len(self.nodes)
        if index - self.input_count >= self._sure:
            self._look_further()
        output = output if result is None else result.output
        unique = self._names.numbered(kind) if name is None else self._names.unique(name)
        node = make(Node, (index, unique, kind, layer, inputs, output, result, None, self.context, location))
        self.nodes.append(node)
        if layer is not None and layer.number:
            self._further += 1
            self.network.has_further = True
        return index

    def _look_further(self) -> None:
        """Raises TooManyLayers; and MemoryError in good time, for without any room Python ends by a crash."""
        if self._sure >= self.max_layers:
            raise TooManyLayers(f"more than {how_many(self.max_layers, 'layer', ',')}")
        self._sure = min(self._sure + STEP, self.max_layers)
        bytes(self._sure * LAYER_BYTES)  # asked for and given back, never touched

    def share(self, mine: range, theirs: range) -> list[LayerError]:
        """Gives the layers at `mine` the weights of those at `theirs`, one by one; the reasons of misfits.

        Raises ValueError where the kinds of the layers that learn are not the same.
        """
        return share_weights(self.network, mine, theirs)

    # --- parts and ends -----------------------------------------------------------------------------

    def enter(
        self, step: Step | None = None, train: bool = False, frame: Frame | None = None, frozen: bool = False
    ) -> Context:
        """Puts what follows into a stage, head or block instance, behind a further frame, or among what is not trained;
        the context before.
        """
        before = self.context
        if step is not None or train or frame is not None or frozen:
            path = before.path if step is None else (*before.path, step)
            frames = before.frames if frame is None else (*before.frames, frame)
            self.context = Context(path, before.train or train, frames, before.frozen or frozen)
        return before

    def leave(self, context: Context) -> None:
        """Goes back to the `context` that :meth:`enter` gave."""
        self.context = context

    @contextmanager
    def stage(self, name: str, what: str = "stage", train: bool = False) -> Iterator[None]:
        """A part of the network with a name: `what` is "stage", "head", or the name of a block."""
        first, before = len(self.nodes), self.enter(Step(name, what), train)
        yield
        self.leave(before)
        self.name_part(name, first, len(self.nodes) - 1)

    def instance(self, what: str) -> Step:
        """The next instance of the block `what`, with a name of its own."""
        return Step(self._names.instance(what), what)

    def name_part(self, name: str, first: int, output: int, last: int | None = None) -> None:
        """Calls the layers from `first` on, by default to the last so far, which give tensor `output`, by a name."""
        self.network.extents[name] = Extent(first, len(self.nodes) if last is None else last, output)

    def use(self, index: int) -> None:
        """Takes note that something uses a tensor beside the layers that read it."""
        self.uses.add(index)

    def looked_at_channels(self) -> None:
        """Takes note that what is made depends on the channels of some map: with others it may be another network."""
        self.network.reads_channels = True

    def looked_at_sizes(self) -> None:
        """The same of any size of a tensor."""
        self.network.reads_sizes = True

    def set_title(self, title: str) -> None:
        """Gives the network a title."""
        self.network.title = title

    def set_dtypes(self, dtypes: Mapping[str, str]) -> None:
        """Says the types of the tensors, by part."""
        self.network.dtypes = dtypes

    def set_file_batch(self, samples: int | None) -> None:
        """Says how many samples the shapes in the file have; None where any number may enter."""
        self.network.file_batch = samples

    def set_allocations(self, allocations: Allocations | None) -> None:
        """Says the memory that the file's runtime asks for; None where it follows from the nodes."""
        self.network.allocations = allocations

    def set_source(self, modules: Callable[[], Mapping[str, SourceModule]], spare_buffers: int) -> None:
        """Says what gives the modules of its code by path, and the elements of buffers that no layer reads."""
        self.network.source_modules, self.network.spare_buffers = modules, spare_buffers

    def output(self, name: str, node: int, train: bool = False) -> None:
        """An output of the network; `train`: of a head that only training runs."""
        self.network.outputs.append(Port(name, node, train))

    def unused(self) -> Iterator[Node]:
        """The nodes whose tensors nothing uses: no layer, no output, nothing that :meth:`use` was told of."""
        used = bytearray(len(self.nodes) + 1)  # UNKNOWN is the last
        for node in self.nodes:
            for index in node.inputs:
                used[index] = 1
        for index in (*self.uses, *(port.node for port in self.network.outputs)):
            used[index] = 1
        position = used.find(0)
        while 0 <= position < len(self.nodes):
            yield self.nodes[position]
            position = used.find(0, position + 1)

    def finish(
        self, diagnostics: Iterable[Diagnostic] = (), rebuild: Callable[..., Network] | None = None,
        notes: object = None,
    ) -> Network:  # fmt: skip
        """The network, with what is said of it, how it is read once more, and what its reader knows of it besides."""
        network = self.network
        network.diagnostics, network.rebuild, network.notes = tuple(diagnostics), rebuild, notes
        return network
