"""A .prototxt file into a network. Sizes and defaults as src/caffe of BVLC/caffe has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from ...diagnostics import ERROR, TOO_MANY_LAYERS, Diagnostic, SpecError
from ...layers import Layer, LayerError
from ...network import UNKNOWN, Network
from ...network.assembler import Assembler, TooManyLayers
from ...network.model import Origin
from ...values import Shape
from ..misfit import BROKEN, Misfit, misfit
from ..readers import again
from ..tree import Tree
from ..unknown import unknown_note
from .description import LayerParameter, described
from .text import Message, parse

if TYPE_CHECKING:
    from ..readers import ModelFile, Request

#: Makes a layer's nodes; gives the tensors of its tops.
Rule: TypeAlias = Callable[["CaffeReader", LayerParameter, list[int]], Sequence[int]]


def read(file: ModelFile, request: Request) -> Network:
    """The network of a .prototxt file, of its test phase unless another is asked for. Raises SpecError."""
    net = parse(file)
    if not {"layer", "layers"} & net.messages.keys():
        raise SpecError([Diagnostic(ERROR, "syntax", "no layer stands here", net.span,
                                    "a net has 'layer { … }', a solver's file names it")])  # fmt: skip
    return CaffeReader(file, request).network(net)


class CaffeReader:
    """A network while it is being filled, layer by layer."""

    def __init__(self, file: ModelFile, request: Request) -> None:
        self.file, self.request = file, request
        self.assembler = Assembler(file, max_layers=request.max_layers, revise=request.revise)
        self.faults: list[Diagnostic] = []
        #: The tensor that each blob is now; UNKNOWN of a label. The tensors that nothing has read.
        self.blobs: dict[str, int] = {}
        self.unread: dict[int, str] = {}
        self._sharing: dict[str, range] = {}
        #: The layers without a rule.
        self.unruled: list[LayerParameter] = []
        self.layer: LayerParameter | None = None

    def network(self, net: Message) -> Network:
        """The network of a whole net."""
        from .data import inputs
        from .layers import LAYERS, PASSED

        layers = list(described(net, self.file.how.phase))
        tree = Tree([layer.name for layer in layers])
        last = []
        self.assembler.set_title(net.text("name")) if net.text("name") else None
        for name, shape, span in inputs(self, net, layers):
            self._blob(name, self.assembler.add_input(name, shape, span))
        try:
            for layer, context in zip(layers, tree.paths, strict=True):
                self.layer = layer
                self.assembler.leave(context)
                if layer.type not in PASSED:
                    self._add(layer, LAYERS.get(layer.type))
                last.append(len(self.assembler.nodes) - 1)
        except TooManyLayers as error:
            self.faults.append(Diagnostic(ERROR, TOO_MANY_LAYERS, str(error), layer.span))
        tree.name_parts(self.assembler, last) if len(last) == len(layers) else None
        for tensor, name in self.unread.items():
            self.assembler.output(name, tensor)
        if self.unruled:
            types = [layer.type for layer in self.unruled]
            self.faults.append(unknown_note(self.file, types, LAYERS, self.unruled[0].message.place("type")))
        return self.assembler.finish(self.faults, again(self.file, self.request))

    # --- blobs --------------------------------------------------------------------------------------

    def _blob(self, name: str, tensor: int) -> None:
        self.blobs[name] = tensor
        if tensor >= 0:
            self.unread[tensor] = name

    def _tensors(self, layer: LayerParameter) -> list[int]:
        """The tensors that a layer reads. Raises Misfit for a blob that nothing has made."""
        tensors = []
        for name in layer.bottoms:
            if name not in self.blobs:
                raise Misfit(LayerError(f"there is no blob '{name}' to read"), layer.message.place("bottom"))
            tensors.append(self.blobs[name])
        return tensors

    def _add(self, layer: LayerParameter, rule: Rule | None) -> None:
        first = len(self.assembler.nodes)
        try:
            tensors = self._tensors(layer)
            if rule is not None and not tensors:
                raise Misfit(LayerError("the layer reads nothing: 'bottom' is missing"), layer.span)
            made = list(rule(self, layer, tensors)) if rule is not None else self.unknown(layer, tensors)
        except Misfit as error:
            self.faults.append(error.diagnostic)
            made = [self._node(layer, [])] * len(layer.tops)
            tensors = []
        except BROKEN as error:
            self.faults.append(Misfit(misfit(error), layer.span).diagnostic)
            made = [self._node(layer, [])] * len(layer.tops)
            tensors = []
        for tensor in tensors:
            if tensor not in made:
                self.unread.pop(tensor, None)
        for name, tensor in zip(layer.tops, made, strict=False):
            self._blob(name, tensor)
        self._share(layer, range(first, len(self.assembler.nodes)))

    def unknown(self, layer: LayerParameter, tensors: list[int]) -> list[int]:
        """A layer without a rule: what it gives, and costs, is not known."""
        self.unruled.append(layer)
        return [self._node(layer, tensors)] * len(layer.tops)

    def _node(self, layer: LayerParameter, tensors: list[int]) -> int:
        node = self.assembler.add_unknown("op", tuple(tensors) or (UNKNOWN,), layer.name, layer.span)
        self.assembler.network.origins[node] = Origin(layer.type, layer.tops[0] if layer.tops else None)
        return node

    def _share(self, layer: LayerParameter, mine: range) -> None:
        """Weights of one name are the same: those of the layer that named them first."""
        names = [name for name in layer.shared if name]
        theirs = self._sharing.get(names[0]) if names else None
        if theirs is None:
            self._sharing.update(dict.fromkeys(names, mine))
            return
        try:
            faults = self.assembler.share(mine, theirs)
        except ValueError as error:
            faults = [LayerError(str(error))]
        self.faults += [Misfit(fault, layer.span).diagnostic for fault in faults]

    # --- what the rules use -------------------------------------------------------------------------

    def shape(self, tensor: int) -> Shape | None:
        """The shape of a tensor; None where it is not known."""
        return self.assembler.nodes[tensor].output if tensor >= 0 else None

    def apply(
        self, kind: str | type[Layer], given: Mapping[str, Any], *inputs: int, suffix: str = "", place: str = ""
    ) -> int:
        """Puts a layer on `inputs`; its tensor. `place` is the parameter that is at fault if it does not fit."""
        described = self.layer
        assert described is not None
        span = described.given.place(place) if place else described.span
        try:
            layer = self.assembler.layer(kind, given)
        except LayerError as error:
            raise Misfit(error, span) from None
        applied = self.assembler.apply(layer, inputs, described.name + suffix, described.span)
        if applied.fault is not None:
            self.faults.append(Misfit(applied.fault, span).diagnostic)
        self.assembler.network.origins[applied.node] = Origin(
            described.type, described.tops[0] if described.tops else None
        )
        return applied.node
