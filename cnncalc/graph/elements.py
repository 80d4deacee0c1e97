"""Elements of lines: layers applied, blocks called, tensors joined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..layers import Layer, LayerError, Result, lookup
from ..spec import Unresolved
from ..spec.nodes import Arg, Element
from ..values import Shape, Size, Word
from .binding import ArgumentFault, Bound
from .model import UNKNOWN, Node, Observer
from .scope import BlockDef
from .sharing import Sharing
from .state import Halt

#: Sizes beyond any tensor's.
MAX_SIZE_BITS = 200


class Elements(Sharing):
    """Applies elements to the running tensor.

    Two caches carry the speed: element -> layer, and (layer, input shapes) -> result.
    """

    max_layers: int
    #: What is put in the place of each layer, if not the layer itself.
    revise: Callable[[Layer], Layer] | None = None
    #: Whether expectations are looked at.
    judged = True
    #: Told of every run of a layer line: the file, the line, and the shape that it ends in.
    observer: Observer | None = None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.layers: dict[Any, Layer | None] = {}
        self.results: dict[Any, Result | LayerError] = {}
        self.counts: dict[str, int] = {}
        self.layer_count = 0
        self.relu_names: set[str] = set()
        #: Kept alive, so that ids in the caches stay theirs.
        self.kept: list[object] = []

    # --- one element --------------------------------------------------------------------------------

    def call(self, block: BlockDef, element: Element) -> None:
        """Runs a block on the running tensor."""
        raise NotImplementedError

    def element(self, element: Element, name: str | None, first: bool) -> None:
        """Applies `element` to the running tensor; `name` is what its output is called, `first` in its line."""
        layer = self.layers.get((id(element), id(self.defaults)))
        if layer is not None:
            self.apply(layer, element, name, None, first)
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
        found = lookup(name)
        if found is not None:
            return found
        if name in self.blocks:
            return self.blocks[name]
        for names in (self.scope.variables, self.scope.loops, self.top.variables):
            value = names.get(name)
            if isinstance(value, Word):
                kind = lookup(value)
                return kind if kind is not None else self.blocks.get(value)
        return None

    # --- layers -------------------------------------------------------------------------------------

    def layer(self, cls: type[Layer], rank: int | None, element: Element, name: str | None, first: bool) -> None:
        """Binds and applies a layer."""
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
            self.layers[(id(element), id(self.defaults))] = made
            self.kept.append(self.defaults)
        self.apply(made, element, name, bound.share, first)

    def make(self, cls: type[Layer], rank: int | None, bound: Bound, element: Element) -> Layer | None:
        """The layer with the values of its arguments; None, reporting, where it cannot be."""
        sorts = {arg.name: arg.sort for arg in cls.args}
        try:
            values = {name: self.argument(arg, sorts[name]) for name, arg in bound.given.items()}
        except Unresolved:
            return None
        defaults = self.defaults.get(cls.kind)
        key = (cls, rank, id(self.defaults), *((name, type(value), value) for name, value in values.items()))
        if key in self.layers:
            return self.layers[key]
        try:
            made = cls.create(values, defaults, rank)
        except LayerError as error:
            self.report(error, cls, element, bound.given)
            return None
        if self.revise is not None:
            made = self.revise(made)
        self.layers[key] = made
        self.kept.append(self.defaults)
        return made

    def argument(self, arg: Arg, sort: str) -> Any:
        """The value of one argument. Raises Unresolved, reporting."""
        if sort == "axis":
            return Word(arg.text)
        value = self.value(arg.value)
        if sort in ("size", "shape", "padding") and _bare_product(arg.text):
            left, right = arg.text.split("*")
            meant = f"'{left}' or '{left}x{right}'" if left == right and sort != "shape" else f"'{left}x{right}'"
            self.error("bare-product", f"{arg.text} is the number {value}", arg.start, arg.end,
                       f"a {left}x{right} size is written {meant}")  # fmt: skip
            raise Unresolved
        if sort == "shape":
            return Size(self.shape(value, arg.value, "the shape"))
        return value

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
        key = (id(layer), *shapes)
        result = self.results.get(key)
        if result is None:
            try:
                result = self.checked(layer, tuple(shapes))
            except LayerError as error:
                result = error
            self.results[key] = result
        if isinstance(result, LayerError):
            self.misfit(result, layer, element, shapes, labels)
            self.add(layer.kind, layer, inputs, None, element, name, None)
            return
        if result.remarks:
            self.remark(result, layer, element)
        owner = None if share is None else self.owner(share, layer, result)
        self.add(layer.kind, layer, inputs, result, element, name, owner)

    def checked(self, layer: Layer, shapes: tuple[Shape, ...]) -> Result:
        """The result of `layer` on `shapes`, its sizes within the limits. Raises LayerError."""
        result = layer.result(shapes)
        for size in result.output:
            if size.bit_length() > MAX_SIZE_BITS:
                raise LayerError(f"the output has a size of over {MAX_SIZE_BITS} bits", code="too-large")
        return result

    def add(
        self, kind: str, layer: Layer | None, inputs: tuple[int, ...], result: Result | None, element: Element,
        name: str | None, owner: int | None,
    ) -> None:  # fmt: skip
        """Appends a node. Raises Halt at the layer limit."""
        if self.layer_count >= self.max_layers:
            self.error("too-many-layers", f"more than {self.max_layers:,} layers", element.start, element.end,
                       "--max-layers raises the limit")  # fmt: skip
            raise Halt
        self.layer_count += 1
        index = len(self.nodes)
        stmt = self.stmt
        self.nodes.append(
            Node(
                index, self.named(kind, name), kind, layer, inputs, result and result.output, result, self.path,
                self.train, owner, self.source, stmt.line, stmt.indent, element, self.frames,
            )
        )  # fmt: skip
        self.current = index

    def named(self, kind: str, name: str | None) -> str:
        """The unique name of a layer: its own with its path, or its kind and a number."""
        if name is None:
            count = self.counts.get(kind, 0) + 1
            while self.name_taken(f"{kind}{count}"):
                count += 1
            self.counts[kind] = count
            return f"{kind}{count}"
        if self.rounds or self.scope is not self.top:
            rounds = "".join(f"[{number}]" for number in self.rounds)
            return "/".join([*(step.name for step in self.path), name + rounds])
        return name

    def name_taken(self, candidate: str) -> bool:
        """Whether another layer has, or will have, the name `candidate`."""
        if candidate.startswith("relu6"):  # the 61st relu, or the first relu6
            if candidate in self.relu_names:
                return True
            self.relu_names.add(candidate)
        return (candidate, False) in self.top.declared

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


def _bare_product(text: str) -> bool:
    left, star, right = text.partition("*")
    return bool(star) and left.isdecimal() and right.isdecimal()
