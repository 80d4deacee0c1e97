"""The layers of a network as series and merges of series, in the order in which they run; what crosses has a name.

The layers are taken one after another. Open segments are kept on a stack: one that the next layer takes goes on, a
layer that takes another tensor starts one. A merge whose inputs are the ends of the last segments takes them as its
paths, from the tensor where they part; every layer is moved once for each merge around it, and these are few.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from ...network import INPUT, Network, Node
from .items import Cell, Item, Join, Series, Start, end

#: Layers in the paths of a merge, and merges within merges, that are written as paths; beyond, tensors have names.
_MOST, _DEEPEST = 60, 6
#: Kinds with a body.
_BODIED = frozenset(("add", "mul", "concat", "sub", "div", "maximum", "minimum", "matmul"))
#: What makes a map larger: a merge over it and the map before the way down is told by names, as in U-Net.
_GROWING = frozenset(("upconv", "resize", "unpool", "pixelshuffle"))


class _Segment:
    """Items, each taking what the one before gives; `end` is the tensor of the last."""

    __slots__ = ("end", "items")

    def __init__(self, items: list[Item], tensor: int) -> None:
        self.items = items
        self.end = tensor


class Folding:
    """Puts `nodes` of a network into series. `groups` are the stages of nodes: a merge stays within one."""

    def __init__(self, network: Network, groups: Sequence[str | None]) -> None:
        self.network = network
        self.groups = groups
        self._segments: list[_Segment] = []
        #: Where a tensor is given: the segment, and the index in it, if it still stands there.
        self._where: dict[int, tuple[_Segment, int]] = {}
        #: Layers in a merge, merges within it, and whether something in it makes maps larger.
        self._sizes: dict[int, tuple[int, int, bool]] = {}
        #: What a concat gives, by its axis and its inputs.
        self._concats: dict[tuple[object, ...], int] = {}
        #: The identity of a tensor, by that.
        self._identities: dict[int, int] = {}
        #: What has several results, of which none runs on: each is told by its name.
        self._several = {node.position for node in network.nodes if node.layer is not None and node.layer.several}

    def series(self, nodes: Sequence[Node]) -> Series:
        """All of `nodes`, which are in topological order; it starts with a Start."""
        for node in nodes:
            if not node.further:
                self._add(node)
        made: list[Item] = []
        for segment in self._segments:
            made += segment.items
        return tidy(made, self._several)

    # --- one layer ------------------------------------------------------------------------------------

    def _add(self, node: Node) -> None:
        inputs = [index for index in node.inputs if index >= 0]
        if node.kind == INPUT:
            self._open(Start(node.position), node.position)
        elif not inputs:
            if node.layer is None or not node.layer.source:
                self._open(Start(0), 0)  # an operator of nothing: whatever enters it
                self._go_on(Cell(node.position))
            else:
                self._open(Cell(node.position, alone=True), node.position)
        elif _joins(node, inputs):
            self._join(node, self._grown(node, inputs))
        else:
            if node.kind == "identity":
                self._identities[inputs[0]] = node.position
            if self._running() != inputs[0]:
                self._open(Start(inputs[0]), inputs[0])
            self._go_on(Cell(node.position, tuple(inputs[1:])))

    def _open(self, item: Item, tensor: int) -> None:
        segment = _Segment([item], tensor)
        self._segments.append(segment)
        if not isinstance(item, Start) or tensor not in self._where:  # an input starts where it is made
            self._where[tensor] = (segment, 0)

    def _running(self) -> int | None:
        """The tensor that runs on; None behind a layer with several results."""
        last = self._segments[-1].end if self._segments else None
        return None if last in self._several else last

    def _go_on(self, item: Cell | Join) -> None:
        segment = self._segments[-1]
        self._where[item.node] = (segment, len(segment.items))
        segment.items.append(item)
        segment.end = item.node

    # --- merges ---------------------------------------------------------------------------------------

    def _grown(self, node: Node, inputs: list[int]) -> list[int]:
        """The inputs of a merge; where the first of them are side by side already, these as one: DenseNet's lists."""
        if node.kind != "concat" or node.layer is None:
            return inputs
        axis = node.layer.arguments
        self._concats[axis, tuple(inputs)] = node.position
        before = self._concats.get((axis, tuple(inputs[:-1])))
        if len(inputs) == 2:  # the first layer of such a list reads a list of one
            before = self._identities.get(inputs[0])
        return inputs if before is None else [before, inputs[-1]]

    def _join(self, node: Node, inputs: list[int]) -> None:
        """A merge: over paths, if its inputs are such; else by names."""
        if node.kind in _BODIED and len(set(inputs)) == len(inputs) and self._fold(node, inputs):
            return
        self._together(inputs)
        others = _others(node, inputs, self._running())
        if not self._segments:  # the first layer of a head
            self._open(Cell(node.position, tuple(inputs), alone=True), node.position)
            return
        self._go_on(Cell(node.position, tuple(inputs) if others is None else others, alone=others is None))

    def _together(self, inputs: list[int]) -> None:
        """Makes one segment of those from the first that ends in one of `inputs` on."""
        ends = set(inputs)
        base = len(self._segments)
        while base > 0 and self._segments[base - 1].end in ends:
            base -= 1
        if base >= len(self._segments) - 1:
            return
        first, rest = self._segments[base], self._segments[base + 1 :]
        del self._segments[base + 1 :]
        for segment in rest:
            self._append(first, segment)

    def _fold(self, node: Node, inputs: list[int]) -> bool:
        """Makes the last segments paths of a merge, if that can be and reads well."""
        ends = set(inputs)
        self._go_back(ends)
        base = len(self._segments)
        while base > 0 and self._segments[base - 1].end in ends:
            base -= 1
        trailing = self._segments[base:]
        if not trailing:
            return False
        for place in self._forks(trailing, inputs):
            fork = end((trailing[0].items[place],))
            rest = trailing[0].items[place + 1 :]
            if fork in self._several:  # none of its results runs on: every path begins with the name of one
                paths = self._paths(trailing[1:], inputs, None, None)
                fork = self.network.results(self.network.nodes[fork])[-1].position
                well = not rest and self._reads_well(node, paths, fork)
            else:
                paths = self._paths(trailing, inputs, fork, rest)
                well = self._reads_well(node, paths, fork)
            if well:
                del self._segments[base + 1 :], trailing[0].items[place + 1 :]
                self._go_on(Join(node.position, _ordered(node, paths)))
                return True
        return self._fold_before(node, inputs, base)

    def _go_back(self, ends: set[int]) -> None:
        """Joins the last segment to that before it, where it starts from a tensor within that, which ends in no path:
        ``skip = …``, then on from an earlier line.
        """
        while len(self._segments) > 1 and self._segments[-1].end in ends:
            before, last = self._segments[-2:]
            start = _starts(last)
            segment, place = self._where.get(-1 if start is None else start, (None, 0))
            if before.end in ends or segment is not before or place >= len(before.items) - 1:
                return
            self._segments.pop()
            self._append(before, last)

    def _append(self, first: _Segment, segment: _Segment) -> None:
        """Puts the items of a segment behind those of `first`."""
        for item in segment.items:
            if not isinstance(item, Start):
                self._where[item.node] = (first, len(first.items))  # type: ignore[union-attr]
            first.items.append(item)
        first.end = segment.end

    def _fold_before(self, node: Node, inputs: list[int], base: int) -> bool:
        """The same where all paths are segments of their own, behind one that ends where they part."""
        if base == 0 or self._segments[base - 1].end in self._several:
            return False
        if not any(_starts(segment) == self._segments[base - 1].end for segment in self._segments[base:]):
            return False
        fork = self._segments[base - 1].end
        paths = self._paths(self._segments[base:], inputs, fork, None)
        if not self._reads_well(node, paths, fork):
            return False
        del self._segments[base:]
        self._go_on(Join(node.position, _ordered(node, paths)))
        return True

    def _forks(self, trailing: list[_Segment], inputs: list[int]) -> list[int]:
        """The places in the first of the segments where the paths may part, the earliest first."""
        first = trailing[0]
        tensors = {_starts(one) for one in trailing[1:]} | set(inputs)
        places = {len(first.items) - 1}
        for tensor in tensors:
            segment, place = self._where.get(tensor, (None, 0)) if tensor is not None else (None, 0)
            there = segment is first and place < len(first.items) and end((first.items[place],)) == tensor
            if there:
                places.add(place)
        return sorted(places)

    def _paths(
        self, trailing: list[_Segment], inputs: list[int], fork: int | None, rest: Sequence[Item] | None
    ) -> list[Series]:
        """The path to each input, from `fork`, where the first of the segments goes on by `rest`."""
        by_end: dict[int, Series] = {}
        for segment in trailing[0 if rest is None else 1 :]:
            items = segment.items
            by_end[segment.end] = tuple(items[1:] if items[0] == Start(fork or 0) else items)
        if rest is not None:
            by_end[trailing[0].end] = tuple(rest)
        return [by_end[index] if index in by_end else () if index == fork else (Start(index),) for index in inputs]

    def _reads_well(self, node: Node, paths: Sequence[Series], fork: int | None) -> bool:
        """Whether paths are better than names here, and what they name is there when it is named."""
        count, depth, grows, straight = 0, 0, False, False
        for path in paths:
            layers = [item for item in path if not isinstance(item, Start)]
            if not layers and path and end(path) > (-1 if fork is None else fork):  # type: ignore[operator]
                return False
            straight = straight or not layers
            for item in layers:
                position: int = item.node  # type: ignore[union-attr]
                inside = self._sizes.get(position, (0, 0, False))
                count, depth = count + 1 + inside[0], max(depth, inside[1])
                grows = grows or inside[2] or self.network.nodes[position].kind in _GROWING
                if self.groups[position] != self.groups[node.position]:
                    return False
        if not 0 < count <= _MOST or depth >= _DEEPEST or (straight and grows):
            return False
        self._sizes[node.position] = (count, depth + 1, grows)
        return True


def tidy(items: Sequence[Item], several: Container[int] = ()) -> Series:
    """The items without a Start at what runs on anyway, or from which nothing goes on. Of the layers with `several`
    results nothing runs on.
    """
    made: list[Item] = []
    for item in items:
        if isinstance(item, Start) and made and end((made[-1],)) == item.tensor not in several:
            continue
        alone = isinstance(item, Start) or (isinstance(item, Cell) and item.alone)
        if alone and made and isinstance(made[-1], Start):
            made.pop()
        made.append(item)
    return tuple(made)


def _joins(node: Node, inputs: list[int]) -> bool:
    """Whether a node is a merge of what enters it: its first input is not what a line runs on."""
    return len(inputs) > 1 and (node.layer is None or node.layer.merges)


def commutes(node: Node) -> bool:
    """Whether the order of what a merge joins changes nothing."""
    return node.layer is not None and not node.layer.ordered and node.kind not in ("concat", "op")


def _others(node: Node, inputs: list[int], running: int | None) -> tuple[int, ...] | None:
    """What a merge names beside the running tensor, where that is one of two; None where it names all."""
    if len(inputs) != 2 or inputs[0] == inputs[1] or running not in inputs:
        return None
    if inputs[0] == running:
        return (inputs[1],)
    return (inputs[0],) if commutes(node) else None


def _starts(segment: _Segment) -> int | None:
    """The tensor at which a segment starts; None for one of its own."""
    first = segment.items[0]
    return first.tensor if isinstance(first, Start) else None


def _ordered(node: Node, paths: list[Series]) -> tuple[Series, ...]:
    """The paths of a merge, those of a sum or product in the order in which they run."""
    firsts = [_first(path) for path in paths]
    running = [one for one in firsts if one is not None]
    if running == sorted(running) or not commutes(node):
        return tuple(paths)
    late = max(running) + 1
    order = sorted(range(len(paths)), key=lambda place: late if firsts[place] is None else firsts[place] or 0)
    return tuple(paths[place] for place in order)


def _first(path: Series) -> int | None:
    """The first layer of a path."""
    while path:
        item = path[0]
        if isinstance(item, Cell):
            return item.node
        path = item.paths[0] if isinstance(item, Join) and item.paths[0] else path[1:]
    return None
