"""Which input sizes a network accepts, found by trying them with the same integer rules that built it.

A size is tried by passing shapes through the layers once more, what was worked out before from memory; where the spec
itself looks at sizes (``crop like=@x``, ``if H > 7``) it is built again. A range is said to be open at its end only
where the largest sizes tried fill two whole periods of the network's stride: its size formulas repeat with that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import islice
from math import lcm

from ..layers.window import axis_names
from ..records import Record
from ..values import Shape
from .model import UNKNOWN, Network, Node
from .replay import replay
from .trials import Try, bound, candidates, likely, only_read, read_again, test_along, whole_test

#: Layers passed through in all, by memory and by building; fewer sizes than _FEWEST are not worth a statement.
_REPLAYED, _BUILT, _FEWEST = 1_200_000, 40_000, 96
#: Layers that it costs to begin with a size.
_A_TRIAL = 8
#: Of that, the part that a network is worth which cannot be at the size that it has.
_IN_A_FAULT = 5
_LONGEST_PERIOD = 512
#: SizeRange that are tried one by one, and those next to the present one.
_MOST, _NEAR = 4096, 512
#: Ranges that are said.
_SAID = 4


class SizeRange(Record):
    """Accepted sizes from `first` to `last` (None: without end), each `step` from the one before."""

    first: int
    last: int | None
    step: int = 1

    def __str__(self) -> str:
        """``any from 63 up``, ``227..230``."""
        if self.last is not None:
            return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"
        if self.step == 1:
            return f"any from {self.first} up"
        if self.first % self.step == 0:
            return f"any multiple of {self.step} from {self.first} up"
        return f"{self.first}, {self.first + self.step}, … every {self.step}"


class Accepted(Record):
    """What one axis, or several equal ones together, of the inputs may be."""

    inputs: tuple[str, ...]
    axes: tuple[str, ...]
    present: int
    sizes: tuple[SizeRange, ...]
    #: The layer that fixes the weights behind it, its output, and the sizes around the present one that keep it so.
    fixed: tuple[str, Shape, SizeRange] | None
    #: The largest and the smallest size that were tried.
    tried: int
    least: int = 1

    def said(self) -> str:
        """``any multiple of 32 from 32 up``."""
        if not self.sizes:
            return f"no size from {self.least} to {self.tried}, the others being as they are"
        near = sorted(self.sizes, key=lambda size: (size.last is not None, abs(size.first - self.present)))[:_SAID]
        text = "among others " * (len(self.sizes) > _SAID) + " or ".join(map(str, sorted(near)))
        return f"{text} only (of {self.least} to {self.tried})" if self.sizes[-1].last else text


def accepted(network: Network) -> tuple[Accepted, ...]:
    """The sizes that a sound network accepts: equal axes of the inputs together, others one by one, the rest as it is.

    Empty where it has no spatial axes, or is too large to be tried often enough.
    """
    varied = _varied(network)
    return () if varied is None else _statements(network, *varied, _budget(network))


def fitting(network: Network) -> tuple[Accepted, ...]:
    """What the sizes of the inputs may be of a network that does not fit the size which they have.

    Empty where no size was found that it fits, or a layer reads what is not there at any size.
    """
    varied = _varied(network)
    if varied is None:
        return ()
    inputs, groups = varied
    budget, present = _budget(network) // _IN_A_FAULT, inputs[0].output or ()
    fits, shapes = whole_test(network, inputs), candidates(network, present, groups)
    if budget < _FEWEST or any(UNKNOWN in node.inputs for node in network.nodes):
        if network.rebuild is None or (budget < _FEWEST and not only_read(network)):
            return ()
        budget = min(budget, _BUILT // len(network.nodes) // _IN_A_FAULT)
        # What stands behind the fault may not have been made: readings at likely sizes tell whether they have it.
        fits, shapes = read_again(network, inputs), likely(network, present, groups)
    for shape in islice((one for one in shapes if one != present), budget // 2):
        if fits(shape) is not None:
            sound = replay(network, inputs={node.name: shape for node in inputs})
            budget = _budget(sound) // _IN_A_FAULT
            return _statements(sound, [sound.nodes[node.position] for node in inputs], groups, budget)
    return ()


def _statements(
    network: Network, inputs: list[Node], groups: list[tuple[int, ...]], budget: int
) -> tuple[Accepted, ...]:
    budget //= len(groups)
    if budget < _FEWEST:
        return ()
    return tuple([_along(network, inputs, axes, test_along(network, inputs, axes), budget) for axes in groups])


def sentence(found: Iterable[Accepted]) -> str:
    """``height = width: any multiple of 32 from 32 up``; axes of which the same is true together."""
    sizes: dict[str, list[str]] = {}
    for one in found:
        sizes.setdefault(one.said(), []).append(" = ".join(one.axes))
    return "; ".join(f"{' and '.join(names)}: {text}" for text, names in sizes.items())


def _varied(network: Network) -> tuple[list[Node], list[tuple[int, ...]]] | None:
    """The inputs that are varied, and the axes that are together; None where there is nothing to vary, or to tell."""
    inputs = network.inputs
    shape = inputs[0].output if inputs else None
    if shape is None or len(shape) < 2 or (network.reads_sizes and network.rebuild is None):
        return None
    square = len(set(shape[1:])) == 1
    axes = range(1, len(shape))
    groups: list[tuple[int, ...]] = [tuple(axes)] if square else [(axis,) for axis in axes]
    return [node for node in inputs if node.output == shape], groups


def _budget(network: Network) -> int:
    """How often a network can be tried."""
    return (_BUILT if only_read(network) else _REPLAYED) // max(len(network.nodes), _A_TRIAL)


def _along(network: Network, alike: list[Node], axes: tuple[int, ...], test: Try, budget: int) -> Accepted:
    shape = alike[0].output or ()
    present, period = shape[axes[0]], _period(network, len(shape) - 1, axes[0] - 1)
    most = min(budget // 2, max(present + 2 * period, 4 * period, 64))
    least, names = 1, axis_names(len(shape) - 1)
    if most > _MOST or (present > most and network.reads_sizes):
        results, sizes = _far(test, present, 2 * period)
    else:
        results = _tried(test, most, max(4 * period, 64), 2 * period)
        sizes = _ranges(_taken(results), len(results), period)
        if most < present and all(size.last is not None for size in sizes):  # those that are near say more
            least = max(present - most // 2, 1)
            near = {size: test(size) for size in range(least, least + most)}
            sizes, results = _ranges(_taken(near), max(near), period), {**results, **near}
    return Accepted(
        tuple(node.name for node in alike), tuple(names[axis - 1] for axis in axes), present, sizes,
        _fixed(network, present, test, results), max(results), least,
    )  # fmt: skip


def _period(network: Network, rank: int, axis: int) -> int:
    """With what the formulas of an axis repeat: the least common multiple of the pixels from one output to the next."""
    jumps: dict[int, Fraction] = {}
    whole = {1}
    for node in network.nodes:
        if node.output is None or len(node.output) != rank + 1:
            continue
        if node.layer is None:
            jumps[node.position] = Fraction(1)
            continue
        before = next((index for index in node.inputs if index in jumps), None)
        if before is None:
            continue
        steps = None if node.layer.merges else node.layer.steps(network.nodes[before].output or ())
        stride = steps[axis].stride if steps else 1
        jump = jumps[node.position] = jumps[before] if stride == 1 else jumps[before] * Fraction(stride)
        if stride != 1 and jump >= 1 and jump.denominator == 1:
            whole.add(int(jump))
    period = 1
    for pixels in whole:
        period = min(lcm(period, pixels), _LONGEST_PERIOD)
    return period


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


def _taken(results: Mapping[int, tuple[Shape, ...] | None]) -> list[int]:
    return [size for size, result in results.items() if result is not None]


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
    """The accepted `sizes` of all that were tried, up to `largest`, as ranges."""
    ranges: list[SizeRange] = []
    for size in sizes:
        last = ranges[-1] if ranges else None
        if last is not None and last.last is not None and size == last.last + 1:
            ranges[-1] = last._replace(last=size)
        else:
            ranges.append(SizeRange(size, size))
    if ranges and ranges[-1].last == largest and largest - ranges[-1].first + 1 >= min(2 * period, largest // 2):
        ranges[-1] = ranges[-1]._replace(last=None)
        return tuple(ranges)
    return _every(sizes, largest, period) or tuple(ranges)


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
    network: Network, present: int, test: Try, results: dict[int, tuple[Shape, ...] | None]
) -> tuple[str, Shape, SizeRange] | None:
    """The first layer whose output changes with the size, and the sizes around the present one at which none does."""
    nodes = [node for node in network.nodes if bound(node) and node.output is not None]
    own = tuple(node.output for node in nodes if node.output is not None)
    others = [result for result in results.values() if result is not None and result != own]
    if not nodes or not others:
        return None
    changing = (
        node for place, node in enumerate(nodes) if any(other[place : place + 1] != (node.output,) for other in others)
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
