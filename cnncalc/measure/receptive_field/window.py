"""Which pixels of the first input one output depends on: exactly, backwards through the graph.

A request is a box: for every axis, channels first, the positions that are wanted, as runs. Layers turn it into boxes of
their inputs, what falls on padding is dropped, and what arrives at the input is the answer. Positions are kept axis by
axis; several boxes are kept apart for one tensor, since the rows of one path need not go with the columns of another.
Where there would be too many runs or boxes their hull stands for them, and the answer says so.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any, TypeAlias

from ...layers import Layer, Shape
from ...layers.axes import axis_index
from ...layers.merge import Concat
from ...layers.reach import MOST_RUNS, Reach, Run, Runs, joined_runs
from ...network import Network, Node
from ...records import Record

#: The positions wanted of a tensor, an axis each, channels first; none of them is empty.
Box: TypeAlias = tuple[Runs, ...]

_MOST_BOXES = 24
#: Runs looked at in all before everything is taken as hulls.
_BUDGET = 400_000


class InputWindow(Record):
    """What an output sees of the input: the hull and the runs along every spatial axis; empty where it sees nothing."""

    input: str
    hull: tuple[Run, ...]
    runs: tuple[Runs, ...]
    #: False where there was too much to follow: the hull then may be too large, never too small.
    exact: bool
    #: Whether there is no window, since only padding or nothing of the first input is seen.
    blank: bool


def window(network: Network, node: Node, at: tuple[int, ...]) -> InputWindow:
    """The pixels of the first input that the output of `node` at the spatial position `at` depends on.

    Raises ValueError where the output has no such position, or no known shape.
    """
    shape = node.output
    if shape is None:
        raise ValueError(f"the output of {node.name} is not known")
    if len(at) != len(shape) - 1 or any(not 0 <= one < size for one, size in zip(at, shape[1:], strict=False)):
        raise ValueError(f"{node.name} has no output at {','.join(map(str, at))}")
    search = _Search(network)
    search.want(node.position, (((0, shape[0] - 1),), *(((one, one),) for one in at)))
    return search.run()


class _Search:
    """Requests on their way to the input, those of later nodes first."""

    def __init__(self, network: Network) -> None:
        self.nodes = network.nodes
        self.first = next((node.position for node in self.nodes if node.kind == "input"), -1)
        self.wanted: dict[int, list[Box]] = {}
        self.heap: list[int] = []
        self.budget = _BUDGET
        self.exact = True
        self.steps: dict[tuple[int, Shape], tuple[Reach, ...] | None] = {}

    def want(self, position: int, box: Box) -> None:
        """Asks for `box` of the tensor at `position`, keeping no box inside another."""
        boxes = self.wanted.get(position)
        if boxes is None:
            self.wanted[position] = [box]
            heappush(self.heap, -position)
            return
        if any(_inside(box, other) for other in boxes):
            return
        boxes[:] = [*(other for other in boxes if not _inside(other, box)), box]
        if len(boxes) > _MOST_BOXES:
            self.exact = False
            boxes[:] = [tuple(joined_runs(run for runs in axis for run in runs) for axis in zip(*boxes, strict=True))]

    def run(self) -> InputWindow:
        """Follows every request to its end."""
        answer: list[Box] = []
        while self.heap:
            position = -heappop(self.heap)
            boxes = self.wanted.pop(position)
            node = self.nodes[position]
            if position == self.first:
                answer = boxes
            elif node.layer is not None and node.output is not None:
                for box in boxes:
                    self.through(node, node.layer, node.output, box)
        name = self.nodes[self.first].name if self.first >= 0 else "input"
        axes = [joined_runs(run for runs in axis for run in runs) for axis in list(zip(*answer, strict=True))[1:]]
        hull = tuple((runs[0][0], runs[-1][1]) for runs in axes)
        return InputWindow(name, hull, tuple(axes), self.exact, not answer)

    def through(self, node: Node, layer: Layer, output: Shape, box: Box) -> None:
        """Asks the inputs of `node` for what its `box` depends on."""
        self.exact = self.exact and not layer.opaque
        if layer.routed or layer.opaque:
            self.route(node, layer, box)
            return
        if layer.merges:
            self.split(node, layer, output, box)
            return
        for index in node.inputs:
            shape = self.nodes[index].output if index >= 0 else None
            if shape is None:
                continue
            found: Box | None
            if layer.mixes_positions(shape, output) or len(shape) != len(output):
                found = tuple(((0, size - 1),) for size in shape)
            else:
                found = self.back(layer, shape, output, box)
            if found is not None:
                self.want(index, found)

    def back(self, layer: Layer, shape: Shape, output: Shape, box: Box) -> Box | None:
        """What `box` reads of an input of `shape`; None where that is padding only."""
        key = (id(layer), shape)
        if key not in self.steps:
            self.steps[key] = layer.steps(shape)
        steps = self.steps[key]
        channels, exact = layer.channels_read(box, shape, output)
        self.exact = self.exact and exact
        found = [channels]
        for step, runs in zip(steps or (), box[1:], strict=True):
            read = self.axis(step, runs)
            if not read:
                return None
            found.append(read)
        return tuple(found)

    def axis(self, step: Reach, runs: Runs) -> Runs:
        """What the outputs `runs` read along one axis, clipped to it."""
        if step.reach == 1 and step.stride == 1 and step.before == 0 and runs[-1][1] < step.size:
            return runs
        self.budget -= len(runs)
        if self.budget < 0 and len(runs) > 1:
            self.exact, runs = False, ((runs[0][0], runs[-1][1]),)
        found: list[Run] = []
        for run in runs:
            reading = step.back(run)
            self.exact = self.exact and reading.exact
            self.budget -= len(reading.runs)
            found += reading.runs
        last = step.size - 1
        clipped = joined_runs((max(a, 0), min(b, last)) for a, b in found if b >= 0 and a <= last)
        if len(clipped) > MOST_RUNS:
            self.exact = False
            return ((clipped[0][0], clipped[-1][1]),)
        return clipped

    def route(self, node: Node, layer: Layer, box: Box) -> None:
        """Asks the inputs of a layer that says itself which box of each its `box` depends on."""
        shapes: list[Any] = [self.nodes[index].output if index >= 0 else None for index in node.inputs]
        if None not in shapes:
            for index, found in zip(node.inputs, layer.boxes(box, tuple(shapes)), strict=True):
                self.want(index, found)

    def split(self, node: Node, layer: Layer, output: Shape, box: Box) -> None:
        """Asks the paths of a merge for their share of `box`."""
        along = axis_index(layer.axis, output) if isinstance(layer, Concat) else None
        offset = 0
        for index in node.inputs:
            shape: Any = self.nodes[index].output if index >= 0 else None
            if shape is None:
                return
            axes: list[Runs] = []
            for axis, runs in enumerate(box):
                if axis == along:
                    end = offset + shape[axis]
                    runs = tuple((max(a, offset) - offset, min(b, end - 1) - offset)
                                 for a, b in runs if b >= offset and a < end)  # fmt: skip
                elif shape[axis] == 1:
                    runs = ((0, 0),)
                axes.append(runs)
            if along is not None:
                offset += shape[along]
            if all(axes):
                self.want(index, tuple(axes))


def _inside(one: Box, other: Box) -> bool:
    return all(mine == theirs or _covered(mine, theirs) for mine, theirs in zip(one, other, strict=True))


def _covered(mine: Runs, theirs: Runs) -> bool:
    """Whether all positions of `mine` are in `theirs`."""
    place = 0
    for first, last in mine:
        while place < len(theirs) and theirs[place][1] < first:
            place += 1
        if place == len(theirs) or theirs[place][0] > first or theirs[place][1] < last:
            return False
    return True
