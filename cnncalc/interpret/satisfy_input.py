"""What sizes of the network's input would give an expected shape."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics import WARNING
from ..layers import Layer, LayerError, Result
from ..layers.window import AXIS_NAMES
from ..network import INPUT, Network, Node
from ..values import Shape, Size, laid_out, times
from .expectations import Pattern, differing, matches
from .overrides import misreading

#: Layers that lead to a tensor, beyond which passing sizes through them takes long.
_MOST_NODES = 600
#: Sizes that are looked at one by one; and how many runs of them are named.
_SCANNED, _NAMED = 4096, 3


def input_offer(network: Network, last: int, expected: Pattern) -> list[str]:
    """``an input of 227..230``: all spatial axes together where they are equal, else the one that is wrong.

    None where no size was found, or where the spec looks at sizes, so that it would have to be read again.
    """
    path = None if network.reads_sizes else _path(network.nodes, last)
    first = next((node for node in path or () if node.kind == INPUT), None)
    output = network.nodes[last].output
    if path is None or first is None or first.output is None or output is None or len(first.output) < 2:
        return []
    shape, wrong = first.output, differing(output, expected)
    square = len(set(shape[1:])) == 1
    if len(output) > 1 and 0 in wrong:
        return []
    if not square and (len(wrong) != 1 or len(output) != len(shape)):
        return []
    axes = range(1, len(shape)) if square else wrong
    trial = _InputTrial(network, path, shape, tuple(axes), last)
    runs = trial.runs(expected, wrong)
    if not runs:
        return []
    which = "" if square else f" {AXIS_NAMES[len(shape) - 1][wrong[0] - 1]}"
    whole = len(shape) - 1 if len(output) == 1 else 1  # 400 values are no size of an axis
    return [_said(which, runs, whole, trial.largest)]


def _path(nodes: Sequence[Node], last: int) -> list[Node] | None:
    """The nodes that lead to a tensor, in their order; None where one of them is unknown, or there are too many."""
    seen, waiting = {last}, [last]
    while waiting:
        node = nodes[waiting.pop()]
        if node.output is None or (node.layer is None and node.kind != INPUT) or len(seen) > _MOST_NODES:
            return None
        waiting += [index for index in node.inputs if index not in seen]
        seen.update(node.inputs)
    return [nodes[index] for index in sorted(seen)]


class _InputTrial:
    """Passes other sizes of the input through the layers that lead to a tensor."""

    def __init__(self, network: Network, path: Sequence[Node], shape: Shape, axes: tuple[int, ...], last: int) -> None:
        self.network, self.path, self.shape, self.axes, self.last = network, path, shape, axes, last
        self.largest = max(2**16, 4 * shape[axes[0]])
        self._results: dict[tuple[object, ...], Result | None] = {}
        self._warnings = self._warned(shape[axes[0]]) or set()

    def runs(self, expected: Pattern, wrong: Sequence[int]) -> list[tuple[int, int]]:
        """The sizes, as runs, with which the tensor is as expected, and nothing is warned of anew."""
        first, last = 1, self.largest
        for axis in wrong:
            want = expected[axis] or 0
            first = max(first, self._least(axis, want))
            last = min(last, self._least(axis, want + 1) - 1)
        if last < first:
            return []
        if last - first >= _SCANNED:
            ends = [self._right(size, expected) for size in (first, (first + last) // 2, last)]
            return [(first, last)] if all(ends) else []
        found: list[tuple[int, int]] = []
        for size in range(first, last + 1):
            if self._right(size, expected):
                start = found.pop()[0] if found and found[-1][1] == size - 1 else size
                found.append((start, size))
        return found

    def _least(self, axis: int, want: int) -> int:
        """The least size from which on the tensor has at least so many on an axis; one past the largest if none has."""
        low, high = 0, self.largest + 1
        while high - low > 1:
            middle = (low + high) // 2
            shapes = self._shapes(middle, lenient=True)
            if shapes is not None and len(shapes[self.last]) > axis and shapes[self.last][axis] >= want:
                high = middle
            else:
                low = middle
        return high

    def _right(self, size: int, expected: Pattern) -> bool:
        shapes = self._shapes(size)
        return shapes is not None and matches(shapes[self.last], expected) and self._is_quiet(size)

    def _is_quiet(self, size: int) -> bool:
        warned = self._warned(size)
        return warned is not None and warned <= self._warnings

    def _resized(self, size: int) -> Shape:
        return tuple(size if axis in self.axes else one for axis, one in enumerate(self.shape))

    def _warned(self, size: int) -> set[tuple[int, str]] | None:
        """What is warned of, by node; None where a layer does not fit."""
        shapes = self._shapes(size)
        if shapes is None:
            return None
        found = set()
        for node in self.path:
            if node.layer is not None:
                result = self._results[(node.layer, *(shapes[index] for index in node.inputs))]
                remarks = result.remarks if result else ()
                found |= {(node.position, remark.code) for remark in remarks if remark.severity == WARNING}
        layout = self.network.layout
        misread = misreading(Size(laid_out(self._resized(size), layout)), layout)
        return found if misread is None else found | {(-1, misread.code)}

    def _shapes(self, size: int, lenient: bool = False) -> dict[int, Shape] | None:
        """The shapes by position; None where a layer does not fit. A `lenient` merge takes its first tensor then."""
        shapes: dict[int, Shape] = {}
        for node in self.path:
            if node.layer is None:
                own = node.output or ()
                shapes[node.position] = self._resized(size) if own == self.shape else own
                continue
            entering = tuple(shapes[index] for index in node.inputs)
            result = self._result(node.layer, entering)
            if result is not None:
                shapes[node.position] = result.output
            elif lenient and node.layer.merges:
                shapes[node.position] = ((node.output or ())[0], *entering[0][1:])
            else:
                return None
        return shapes

    def _result(self, layer: Layer, shapes: tuple[Shape, ...]) -> Result | None:
        key = (layer, *shapes)
        if key not in self._results:
            try:
                self._results[key] = layer.result(shapes)
            except LayerError:
                self._results[key] = None
        return self._results[key]


def _said(which: str, runs: Sequence[tuple[int, int]], whole: int, largest: int) -> str:
    """How runs of sizes are said, each as a whole size of so many axes."""

    def spelled(size: int) -> str:
        return times([size] * whole)

    texts = []
    for first, last in runs[:_NAMED]:
        if last == largest:
            texts.append(f"{spelled(first)} or more")
        elif first == last:
            texts.append(spelled(first))
        elif whole > 1:
            texts.append(f"{spelled(first)} to {spelled(last)}")
        else:
            texts.append(f"{first} or {last}" if last == first + 1 else f"{first}..{last}")
    among = ", among others" if len(runs) > _NAMED else ""
    return f"an input{which} of {' or '.join(texts)}{among}"
