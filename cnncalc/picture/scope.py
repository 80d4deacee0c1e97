"""The graph of what stands on one level of a picture: boxes and frames, the tensors between them, and those that cross
the frame's edge.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..records import Record
from .outline import Outline, OutlinePart

if TYPE_CHECKING:
    from ..measure import NetworkAnalysis

#: What a thing of a picture is.
BOX, MERGE, FRAME, INPUT, OUTPUT, PORT = "box", "merge", "frame", "input", "output", "port"


class Thing:
    """What is placed: a box, a merge, an input or output, a frame around others, or a port, where a tensor crosses a
    frame's edge.

    `left` and `right` are how far it reaches from its middle line, across the flow; `length` is its size along the
    flow, `after` the room behind it for what stands there. `x` is where its middle line lies, `y` where it
    begins; what stands in it begins `top` behind that.
    """

    __slots__ = (
        "after", "edges", "entries", "exits", "layout", "left", "length", "name", "part", "right", "sort", "tensor",
        "things", "top", "x", "y",
    )  # fmt: skip

    def __init__(self, sort: str, part: OutlinePart | None = None, tensor: int = -1, name: str = "") -> None:
        self.sort, self.part, self.tensor, self.name = sort, part, tensor, name
        self.left = self.right = self.length = self.after = self.top = 0.0
        self.x = self.y = 0.0
        #: Of a frame: what stands in it, its edges, and where tensors come in and go out.
        self.things: list[Thing] = []
        self.edges: list[Edge] = []
        self.entries: dict[int, Thing] = {}
        self.exits: dict[int, Thing] = {}
        self.layout: object = None


class Edge(Record):
    """A tensor from one thing of a level to another, by their numbers there."""

    source: int
    target: int
    #: The tensor as it leaves the one, and as it enters the other: of equal blocks it is the first block's.
    leaving: int
    entering: int


class Graph:
    """Which layer reads which tensors. Tensors are numbered as the nodes that make them, layers as they are listed."""

    def __init__(self, analysis: NetworkAnalysis) -> None:
        nodes = analysis.network.nodes
        kept = [
            (row, node)
            for row, node in zip(analysis.layers, analysis.network.layers, strict=True)
            if not row.behind_unknown
        ]
        self.rows = [row for row, _ in kept]
        self.tensors = [node.position for _, node in kept]
        #: The layer that makes a tensor; none for inputs.
        self.maker: dict[int, int] = {}
        for index, (_, node) in enumerate(kept):
            position = node.position
            self.maker[position] = index
            while position + 1 < len(nodes) and nodes[position + 1].further:
                position += 1
                self.maker[position] = index
        self.reads = [node.inputs for _, node in kept]
        self.readers: dict[int, list[int]] = {}
        for index, tensors in enumerate(self.reads):
            for tensor in tensors:
                self.readers.setdefault(tensor, []).append(index)
        self.inputs = [node.position for node in analysis.network.inputs]
        self.outputs = {port.node: port.name for port in analysis.network.outputs if port.node in self.maker}
        self.nodes = nodes
        self.outline = Outline(self.rows)

    def made_by(self, layer: int) -> Iterator[int]:
        """The tensors that a layer makes."""
        tensor = self.tensors[layer]
        while self.maker.get(tensor) == layer:
            yield tensor
            tensor += 1


class LevelGraph:
    """What stands in an open part: its things in the order of the layers, inputs first and outputs last."""

    def __init__(self, graph: Graph, part: OutlinePart, outer: bool) -> None:
        self.graph, self.part, self.outer = graph, part, outer
        self._starts = [one.start for one in part.parts]
        self.entries: dict[int, Thing] = {}
        self.exits: dict[int, Thing] = {}
        links = dict.fromkeys(self._links())
        inside = [self._thing(one) for one in part.parts]
        if outer:
            self._add_unread_inputs()
        ends = dict.fromkeys(self._ends())
        self.things = [*self.entries.values(), *inside, *self.exits.values()]
        first = len(self.entries)
        ports = {tensor: number for number, tensor in enumerate(self.entries)}
        self.edges = [
            Edge(ports[tensor] if source is None else first + source, first + target, left, tensor)
            for source, target, left, tensor in links
        ]
        last = first + len(inside)
        numbers = {tensor: last + number for number, tensor in enumerate(self.exits)}
        self.edges += [Edge(first + source, numbers[tensor], tensor, tensor) for source, tensor in ends]

    def _item(self, layer: int) -> int:
        """Which part a layer stands in."""
        return bisect_right(self._starts, layer) - 1

    def _first(self, tensor: int) -> int:
        """The tensor of the first of equal blocks that is as the given one of a later one."""
        layer = self.graph.maker[tensor]
        part = self.part.parts[self._item(layer)]
        if part.times == 1 or layer < part.first_end:
            return tensor
        like = part.start + (layer - part.start) % part.length
        return self.graph.tensors[like] + tensor - self.graph.tensors[layer]

    def _links(self) -> Iterator[tuple[int | None, int, int, int]]:
        """Source (None: from outside), target, and the tensor as it leaves and enters."""
        start, end = self.part.start, self.part.first_end
        for layer in range(start, end):
            target = self._item(layer)
            for tensor in self.graph.reads[layer]:
                maker = self.graph.maker.get(tensor)
                if maker is not None and start <= maker < end:
                    source = self._item(maker)
                    if source != target:
                        yield source, target, self._first(tensor), tensor
                elif tensor >= 0:
                    self._entry(tensor)
                    yield None, target, tensor, tensor

    def _entry(self, tensor: int) -> None:
        if tensor not in self.entries:
            sort = INPUT if self.outer else PORT
            self.entries[tensor] = Thing(sort, None, tensor, self.graph.nodes[tensor].name)

    def _add_unread_inputs(self) -> None:
        for tensor in self.graph.inputs:
            if self.part.name == "":
                self._entry(tensor)

    def _ends(self) -> Iterator[tuple[int, int]]:
        """The number of a part, and a tensor of it that is used outside."""
        graph, start, end = self.graph, self.part.start, self.part.end
        for layer in range(start, end):
            for tensor in graph.made_by(layer):
                used = any(not start <= reader < end for reader in graph.readers.get(tensor, ()))
                if not used and tensor not in graph.outputs:
                    continue
                shown = tensor
                if layer >= self.part.first_end:
                    like = start + (layer - start) % self.part.length
                    shown = graph.tensors[like] + tensor - graph.tensors[layer]
                shown = self._first(shown)
                if shown not in self.exits:
                    name = graph.outputs.get(tensor, graph.nodes[tensor].name)
                    self.exits[shown] = Thing(OUTPUT if self.outer else PORT, None, shown, name)
                yield self._item(graph.maker[shown]), shown

    def _thing(self, part: OutlinePart) -> Thing:
        if not part.is_layer:
            return frame(self.graph, part) if not part.closed else Thing(BOX, part)
        layer = self.graph.nodes[self.graph.tensors[part.start]].layer
        return Thing(MERGE if layer is not None and layer.sign else BOX, part)


def frame(graph: Graph, part: OutlinePart, outer: bool = False) -> Thing:
    """An open part with all that is in it; `outer`: the whole picture."""
    level = LevelGraph(graph, part, outer)
    thing = Thing(FRAME, part)
    thing.things, thing.edges = level.things, level.edges
    thing.entries, thing.exits = level.entries, level.exits
    return thing
