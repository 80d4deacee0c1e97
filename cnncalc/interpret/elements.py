"""Elements of lines: layers applied, blocks called, tensors joined."""

from __future__ import annotations

from typing import Any

from ..convert.lookup import lookup
from ..layers import Layer, LayerError, Result
from ..network.model import UNKNOWN, Node, Observer
from ..records import make
from ..spec import Unresolved
from ..spec.nodes import Arg, Element
from ..values import Shape, Word
from .binding import ArgumentFault, Bound
from .making import Making
from .scope import BlockDef
from .state import Halt

#: Sizes beyond any tensor's.
MAX_SIZE_BITS = 200


class Elements(Making):
    """Applies elements to the running tensor.

    Two caches carry the speed: element -> layer (kept with the element), and (layer, input shapes) -> result.
    """

    max_layers: int
    #: Whether expectations are looked at.
    judged = True
    #: Told of every run of a layer line: the file, the line, and the shape that it ends in.
    observer: Observer | None = None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.results: dict[tuple[object, ...], Result | LayerError] = {}

    @property
    def layer_count(self) -> int:
        """The layers made so far."""
        return len(self.nodes) - self.input_count

    # --- one element --------------------------------------------------------------------------------

    def call(self, block: BlockDef, element: Element) -> None:
        """Runs a block on the running tensor."""
        raise NotImplementedError

    def element(self, element: Element, name: str | None, first: bool) -> None:
        """Applies `element` to the running tensor; `name` is what its output is called, `first` in its line."""
        if element.made is not None and element.under is self.defaults:
            self.apply(element.made, element, name, None, first)
            return
        target = self.target(element)
        if target is None:
            self.no_layer(element)
            self.current = UNKNOWN
        elif isinstance(target, BlockDef):
            self.call(target, element)
        else:
            self.layer(target[0], target[1], element, name, first)

    def target(self, element: Element) -> tuple[type[Layer], int | None] | BlockDef | None:
        """The kind or block that an element names, straight or by a variable; None where there is none."""
        name = element.name
        if element.pasted is not None:
            return None
        block = self.blocks.get(name)
        if block is not None:
            return block
        found = lookup(name)
        if found is not None:
            return found
        for names in (self.scope.variables, self.scope.loops, self.top.variables):
            value = names.get(name)
            if isinstance(value, Word):
                kind = lookup(value)
                return kind if kind is not None else self.blocks.get(value)
        return None

    # --- layers -------------------------------------------------------------------------------------

    def layer(self, cls: type[Layer], rank: int | None, element: Element, name: str | None, first: bool) -> None:
        """Binds and applies a layer."""
        plain = self.plain_layer(cls, rank, element)
        if plain is not None:
            if lookup(element.name) is not None:  # by its own name, not by a variable's
                element.made, element.under = plain, self.defaults
            self.apply(plain, element, name, None, first)
            return
        try:
            bound = self.bound(cls, element)
        except ArgumentFault as fault:
            self.misread(fault, element)
            self.failed(cls.kind, element, name)
            return
        if cls.merges:
            self.short_merge(cls, bound, element, name)
            return
        made = self.make(cls, rank, bound, element)
        if made is None:
            self.failed(cls.kind, element, name)
            return
        if element.constant and lookup(element.name) is not None:
            element.made, element.under = made, self.defaults
        self.apply(made, element, name, bound.share, first)

    def apply(self, layer: Layer, element: Element, name: str | None, share: Arg | None, first: bool) -> None:
        """Applies `layer` to the running tensor."""
        if layer.source:
            if not first:
                self.error("misplaced", f"'{layer.kind}' makes a tensor of its own: it stands first in its line",
                           element.start, element.end, "start a new line with it")  # fmt: skip
            self.join(layer, (), element, name, share)
            return
        current = self.current
        if current is None:
            self.no_tensor(element)
            self.failed(layer.kind, element, name)
            return
        self.join(layer, (current,), element, name, share)

    def join(
        self, layer: Layer, inputs: tuple[int, ...], element: Element, name: str | None, share: Arg | None = None,
        labels: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Applies `layer` to the tensors `inputs`, and makes its output the running tensor."""
        nodes = self.nodes
        shapes: list[Shape] = []
        for index in inputs:
            shape = nodes[index].output if index >= 0 else None
            if shape is None:
                self.add(layer.kind, layer, inputs, None, element, name, None)
                return
            shapes.append(shape)
        result = self.result(layer, tuple(shapes))
        if isinstance(result, LayerError):
            self.misfit(result, layer, element, shapes, labels)
            self.add(layer.kind, layer, inputs, None, element, name, None)
            return
        if result.remarks:
            self.remark(result, layer, element)
        owner = None
        if share is not None:
            owner = self.owner(share, layer, layer.weights(tuple(shapes), result.output))
        self.add(layer.kind, layer, inputs, result, element, name, owner)

    def result(self, layer: Layer, shapes: tuple[Shape, ...]) -> Result | LayerError:
        """What `layer` makes of `shapes`, worked out once: what a layer met last is kept with it."""
        if len(shapes) == 1 and layer.gave is not None and layer.met == shapes[0]:
            return layer.gave
        key = (layer, *shapes)
        found = self.results.get(key) if self.results else None
        if found is None:
            try:
                found = self.checked(layer, shapes)
            except LayerError as error:
                found = error
            if layer.gave is not None or len(shapes) != 1 or not isinstance(found, Result):
                self.results[key] = found
        if len(shapes) == 1 and isinstance(found, Result):
            if layer.gave is not None:
                self.results.setdefault((layer, layer.met), layer.gave)
            layer.met, layer.gave = shapes[0], found
        return found

    def checked(self, layer: Layer, shapes: tuple[Shape, ...]) -> Result:
        """The result of `layer` on `shapes`, its sizes within the limits. Raises LayerError."""
        result = layer.result(shapes)
        if max(result.output).bit_length() > MAX_SIZE_BITS:
            raise LayerError(f"the output has a size of over {MAX_SIZE_BITS} bits", code="too-large")
        return result

    def add(
        self, kind: str, layer: Layer | None, inputs: tuple[int, ...], result: Result | None, element: Element,
        name: str | None, owner: int | None,
    ) -> None:  # fmt: skip
        """Appends a node. Raises Halt at the layer limit."""
        reads = inputs[0] if len(inputs) == 1 else inputs
        index = len(self.nodes)
        if index - self.input_count >= self.max_layers:
            self.error("too-many-layers", f"more than {self.max_layers:,} layers", element.start, element.end,
                       "--max-layers raises the limit")  # fmt: skip
            raise Halt
        stmt = self.stmt
        output = None if result is None else result.output
        start, end = stmt.indent + element.start, stmt.indent + element.end
        self.nodes.append(
            make(Node, (index, self.named(kind, name), kind, layer, reads, output, result, owner, self.here(),
                        stmt.line, start, end))
        )  # fmt: skip
        self.current = index

    def failed(self, kind: str, element: Element, name: str | None) -> None:
        """A layer of which nothing is known."""
        current = self.current
        self.add(kind, None, () if current is None else (current,), None, element, name, None)

    # --- merges in a line ---------------------------------------------------------------------------

    def short_merge(self, cls: type[Layer], bound: Bound, element: Element, name: str | None) -> None:
        """``add @x``: the running tensor and @x; ``concat @a @b``: just those."""
        refs = [arg for arg in element.args if arg.key is None]
        made = self.make(cls, None, bound, element)
        if made is None:
            self.failed(cls.kind, element, name)
            return
        try:
            tensors = [self.ref(arg) for arg in refs]
            labels = [arg.text for arg in refs]
        except Unresolved:
            self.failed(cls.kind, element, name)
            return
        self.steps_left -= len(tensors)
        if len(tensors) == 1:
            if self.current is None:
                self.no_tensor(element)
                self.failed(cls.kind, element, name)
                return
            tensors.insert(0, self.current)
            labels.insert(0, "the running tensor")
        if (cls.kind != "concat" or len(refs) == 1) and len(set(tensors)) < len(tensors) and UNKNOWN not in tensors:
            self.same_tensor(cls.kind, element, "is another tensor meant?")
        self.join(made, tuple(tensors), element, name, labels=tuple(labels))
