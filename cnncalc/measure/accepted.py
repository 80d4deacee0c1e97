"""Which input sizes a spec accepts, found by trying them with the same integer rules that built it.

A size is tried by passing shapes through the layers once more, what was worked out before from memory; where the spec
itself looks at sizes (``crop like=@x``, ``if H > 7``) it is built again. A range is said to be open at its end only
where the largest sizes tried fill two whole periods of the network's stride: its size formulas repeat with that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import lcm
from typing import TYPE_CHECKING

from ..diagnostics import ERROR, EXPECTATION_FAILED
from ..layers import Shape
from ..layers.window import AXIS_NAMES
from ..network import Network, Node
from ..network.replay import Propagation, replay
from ..records import Record

if TYPE_CHECKING:
    from .result import Analysis

#: Layers passed through in all, by memory and by building; fewer sizes than _FEWEST are not worth a statement.
_REPLAYED, _BUILT, _FEWEST = 1_200_000, 40_000, 96
_LONGEST_PERIOD = 512
#: SizeRange that are tried one by one, and those next to the present one.
_MOST, _NEAR = 4096, 512
#: The signature of an accepted size (the outputs of the layers bound to it); None for a size that is not accepted.
Try = Callable[[int], "tuple[Shape, ...] | None"]


class SizeRange(Record):
    """Accepted sizes from `first` to `last` (None: without end), each `step` from the one before."""

    first: int
    last: int | None
    step: int = 1


class Accepted(Record):
    """What one axis, or several equal ones together, of the inputs may be."""

    inputs: tuple[str, ...]
    axes: tuple[str, ...]
    present: int
    sizes: tuple[SizeRange, ...]
    #: The layer that fixes the weights behind it, its output, and the sizes around the present one that keep it so.
    fixed: tuple[str, Shape, SizeRange] | None
    #: The largest size that was tried.
    tried: int


def accepted(analysis: Analysis) -> tuple[Accepted, ...]:
    """The sizes that the spec accepts: equal axes of the inputs together, others one by one, the rest as it is.

    Empty where the network has faults already, has no spatial axes, or is too large to be tried often enough.
    """
    network = analysis.network
    inputs = network.inputs
    shape = inputs[0].output if inputs else None
    if analysis.broken or shape is None or len(shape) < 2:
        return ()
    alike = [node for node in inputs if node.output == shape]
    square = len(set(shape[1:])) == 1
    groups = [tuple(range(1, len(shape)))] if square else [(axis,) for axis in range(1, len(shape))]
    if network.reads_sizes and network.rebuild is None:
        return ()  # nobody could tell
    budget = (_BUILT if network.reads_sizes else _REPLAYED) // max(len(network.nodes), 1) // len(groups)
    if budget < _FEWEST:
        return ()
    found = []
    for axes in groups:
        test = (_read_again if network.reads_sizes else _propagated)(network, alike, axes)
        found.append(_along(analysis, alike, axes, test, budget))
    return tuple(found)


def _along(analysis: Analysis, alike: list[Node], axes: tuple[int, ...], test: Try, budget: int) -> Accepted:
    shape = alike[0].output or ()
    network, present = analysis.network, shape[axes[0]]
    jumps = {field[axes[0] - 1].jump for field in analysis.fields if field is not None and len(field) == len(shape) - 1}
    period = 1
    for jump in jumps:
        if jump >= 1 and jump == int(jump) and period <= _LONGEST_PERIOD:
            period = lcm(period, int(jump))
    period = min(period, _LONGEST_PERIOD)
    most = min(budget // 2, max(present + 2 * period, 4 * period, 64))
    if most > _MOST or (present > most and network.reads_sizes):
        results, sizes = _far(test, present, 2 * period)
    else:
        results = _tried(test, most, max(4 * period, 64) if network.reads_sizes else most, 2 * period)
        sizes = _ranges([size for size, result in results.items() if result is not None], len(results), period)
    names = AXIS_NAMES[len(shape) - 1]
    return Accepted(
        tuple(node.name for node in alike), tuple(names[axis - 1] for axis in axes), present, sizes,
        _fixed(analysis, present, test, results), max(results),
    )  # fmt: skip


def _tried(test: Try, most: int, enough: int, run: int) -> dict[int, tuple[Shape, ...] | None]:
    """All sizes from 1 to `most`, or to the end of a run of `run` accepted ones past `enough`."""
    results: dict[int, tuple[Shape, ...] | None] = {}
    streak = 0
    for size in range(1, most + 1):
        results[size] = test(size)
        streak = 0 if results[size] is None else streak + 1
        if size >= enough and streak >= run:
            break
    return results


def _far(test: Try, present: int, run: int) -> tuple[dict[int, tuple[Shape, ...] | None], tuple[SizeRange, ...]]:
    """Of sizes too large to be tried one by one: the least accepted one by bisection, and a run of `run` from there.

    No sizes where those of the run are not all accepted: then acceptance does not simply begin somewhere.
    """
    least, first = 0, present  # by hand: bisect wants a length that fits a machine word
    while first - least > 1:
        middle = (least + first) // 2
        least, first = (least, middle) if test(middle) is not None else (middle, first)
    results = {size: test(size) for size in range(max(first - 1, 1), first + min(run, _MOST))}
    accepting = all(result is not None for size, result in results.items() if size >= first)
    return results, (SizeRange(first, None),) if accepting else ()


def _ranges(sizes: list[int], largest: int, period: int) -> tuple[SizeRange, ...]:
    """The accepted `sizes` of all from 1 to `largest`, as ranges."""
    found: list[SizeRange] = []
    for size in sizes:
        last = found[-1] if found else None
        if last is not None and last.last is not None and size == last.last + 1:
            found[-1] = last._replace(last=size)
        else:
            found.append(SizeRange(size, size))
    if found and found[-1].last == largest and largest - found[-1].first + 1 >= min(2 * period, largest // 2):
        found[-1] = found[-1]._replace(last=None)
        return tuple(found)
    return _every(sizes, largest, period) or tuple(found)


def _every(sizes: list[int], largest: int, period: int) -> tuple[SizeRange, ...]:
    """One range with a step, where the sizes are so: multiples of 32, say."""
    if len(sizes) < 3:
        return ()
    step = sizes[-1] - sizes[-2]
    first = len(sizes) - 1
    while first > 0 and sizes[first] - sizes[first - 1] == step:
        first -= 1
    if len(sizes) - first < 3 or step < 2 or largest - sizes[-1] >= step or step > 2 * period:
        return ()
    return (*(SizeRange(size, size) for size in sizes[:first]), SizeRange(sizes[first], None, step))


def _fixed(
    analysis: Analysis, present: int, test: Try, results: dict[int, tuple[Shape, ...] | None]
) -> tuple[str, Shape, SizeRange] | None:
    """The first layer whose output changes with the size, and the sizes around the present one at which none does."""
    nodes = [node for node in analysis.network.nodes if _bound(node) and node.output is not None]
    own = tuple(node.output for node in nodes if node.output is not None)
    others = [result for result in results.values() if result is not None and result != own]
    if not nodes or not others:
        return None
    changing = (
        node for place, node in enumerate(nodes) if any(one[place : place + 1] != (node.output,) for one in others)
    )
    first = next(changing, nodes[0])

    def same(size: int) -> bool:
        return size > 0 and (results[size] if size in results else test(size)) == own

    return first.name, first.output or (), SizeRange(_last(same, present, -1), _last(same, present, 1))


def _last(same: Callable[[int], bool], present: int, step: int) -> int:
    """The last size, in the direction of `step`, up to which all are the same: one by one, then by bisection."""
    size = present
    while abs(size - present) < _NEAR and same(size + step):
        size += step
    if abs(size - present) < _NEAR:
        return size
    width = _NEAR
    while same(size + step * width):
        size += step * width
        width *= 2
    while width > 1:
        width //= 2
        if same(size + step * width):
            size += step * width
    return size


def _bound(node: Node) -> bool:
    """Whether its output says if the weights in or behind it still fit."""
    return node.layer is not None and node.layer.size_bound


def _propagated(network: Network, inputs: list[Node], axes: tuple[int, ...]) -> Try:
    """Passes shapes through the layers as they are."""
    weighed = [node.position for node in network.nodes if _bound(node)]
    propagation = Propagation(network.nodes, weighed)

    def test(size: int) -> tuple[Shape, ...] | None:
        entering = {node.position: _resized(node.output or (), axes, size) for node in inputs}
        shapes = propagation(entering)
        return None if shapes is None else tuple([shapes[position] for position in weighed])

    return test


def _resized(shape: Shape, axes: Iterable[int], size: int) -> Shape:
    return tuple(size if axis in axes else one for axis, one in enumerate(shape))


def _read_again(network: Network, inputs: list[Node], axes: tuple[int, ...]) -> Try:
    """Has the network made once more for every size that is tried, by its reader, which looks at sizes."""

    def test(size: int) -> tuple[Shape, ...] | None:
        entering = {node.name: _resized(node.output or (), axes, size) for node in inputs}
        made = replay(network, inputs=entering)
        if any(one.severity == ERROR and one.code != EXPECTATION_FAILED for one in made.diagnostics):
            return None
        return tuple(node.output for node in made.nodes if _bound(node) and node.output is not None)

    return test
