"""Operators that take parts of a tensor, or put several together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from math import prod
from typing import Any

from ...values import MOST_NUMBERS, Listed, Pair, Shape, Size, Word, how_many, pick
from .call import Handler, NodeCall, NodeOutcome
from .elementwise import letter
from .steps import OperatorStep
from .values import NodeOutput, OperatorFault, Value, axis_of, broadcast, learned, spelled, stretched

#: Steps back that are looked at for where the sizes of a shape come from.
_MOST_STEPS = 64


def cut(call: NodeCall) -> NodeOutcome:
    """A range of some axes."""
    value = call.need(0)
    shape = value.known
    starts, ends = call.numbers(1, "starts"), call.numbers(2, "ends")
    if starts is None or ends is None or len(starts) != len(ends):
        raise OperatorFault("starts and ends are missing, or not as many")
    axes = call.numbers(3, "axes") or list(range(len(starts)))
    steps = call.numbers(4) or [1] * len(starts)
    if not len(axes) == len(starts) == len(steps):
        raise OperatorFault(
            f"{how_many(len(starts), 'start')}, {how_many(len(axes), 'axis')}, {how_many(len(steps), 'step')}"
        )
    ranges = [range(size) for size in shape]
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        if step == 0:
            raise OperatorFault("a step of 0")
        place = axis_of(axis, len(shape))
        # of a negative step an end before the first element is said by a number below -size
        stop = None if step < 0 and end < -shape[place] else end
        ranges[place] = ranges[place][slice(start, stop, step)]
    return parted(call, value, ranges)


def parted(call: NodeCall, value: Value, ranges: Sequence[range]) -> NodeOutcome:
    """What of every axis lies in its range."""
    shape = value.known
    made = tuple(map(len, ranges))
    numbers = pick(value.numbers, shape, ranges) if value.numbers is not None else None
    axis = value.axis if value.axis is not None and made[value.axis] == shape[value.axis] else None
    out = [NodeOutput(made, axis, numbers)]
    cut_axes = [place for place, size in enumerate(shape) if made[place] != size]
    if value.axis == 0 == axis and len(cut_axes) == 1 and 1 < len(shape) <= 5 and not value.fixed:
        (place,) = cut_axes
        if ranges[place].step == 1 and made[place]:
            given = {"range": Pair(ranges[place].start, ranges[place].stop), "axis": Word(letter(place, len(shape)))}
            return NodeOutcome(out, call.layer("take", given), [value], ())
    return NodeOutcome(out)


def split(call: NodeCall) -> NodeOutcome:
    """Pieces along an axis: as large as they are said to be, or equal ones, of which the last may be smaller."""
    value = call.need(0)
    shape = value.known
    axis = axis_of(call.attr("axis", 0), len(shape))
    count = len(call.node.outputs)
    parts = call.numbers(1, "split")
    if (len(parts) if parts else call.attr("num_outputs", 0) or count) != count:
        raise OperatorFault(
            f"{len(parts) if parts else call.attr('num_outputs')} pieces, and {how_many(count, 'output')}"
        )
    if parts is None:
        if call.version < 18 and shape[axis] % count:
            raise OperatorFault(f"{shape[axis]} in {count} equal pieces")
        piece = -(-shape[axis] // count)
        parts = [min(piece, max(shape[axis] - piece * place, 0)) for place in range(count)]
    if sum(parts) != shape[axis] or min(parts, default=0) < 0:
        raise OperatorFault(f"pieces of {parts} of the {shape[axis]} on axis {axis}")
    ends = accumulate(parts, initial=0)
    outs = []
    kept = None if axis == value.axis and len(parts) > 1 else value.axis
    for start, end in pairwise(ends):
        ranges = [range(size) for size in shape]
        ranges[axis] = range(start, end)
        numbers = pick(value.numbers, shape, ranges) if value.numbers is not None else None
        outs.append(NodeOutput((*shape[:axis], end - start, *shape[axis + 1 :]), kept, numbers))
    if value.axis == 0 == kept and 1 < len(shape) <= 5 and len(parts) > 1 and min(parts) and not value.fixed:
        given = {"parts": Listed(parts), "axis": Word(letter(axis, len(shape)))}
        return NodeOutcome(outs, call.layer("split", given), [value], ())
    return NodeOutcome(outs)


def gather(call: NodeCall) -> NodeOutcome:
    """The slices of an axis that indices name."""
    value, indices = call.need(0), call.need(1)
    shape = value.known
    axis = axis_of(call.attr("axis", 0), len(shape))
    made = (*shape[:axis], *indices.known, *shape[axis + 1 :])
    numbers = None
    if value.numbers is not None and indices.numbers is not None:
        if any(not -shape[axis] <= number < shape[axis] for number in indices.numbers):
            raise OperatorFault(f"indices {indices.numbers[:8]} of the {shape[axis]} on axis {axis}")
        chosen = [range(size) for size in shape]
        picked: list[Any] = [*chosen]
        picked[axis] = [number % shape[axis] for number in indices.numbers]
        numbers = pick(value.numbers, shape, picked)
    if value.fixed and not indices.fixed:
        return NodeOutcome([NodeOutput(made, None if indices.axis is None else axis + indices.axis, numbers)])
    kept = None
    if value.axis is not None and value.axis != axis:
        kept = value.axis + (len(indices.known) - 1 if value.axis > axis else 0)
    return NodeOutcome([NodeOutput(made, kept, numbers)])


def gather_elements(call: NodeCall) -> NodeOutcome:
    """As many as there are indices; samples, where there are as many of them as before."""
    value, indices = call.need(0), call.need(1)
    axis = value.axis if indices.axis is None else indices.axis
    whole = axis is not None and (
        indices.axis is not None or indices.known[axis : axis + 1] == value.known[axis : axis + 1]
    )
    return NodeOutcome([NodeOutput(indices.known, axis if whole else None)])


def gather_nd(call: NodeCall) -> NodeOutcome:
    """Slices at places that the last axis of the indices names."""
    shape, indices = call.need(0).known, call.need(1).known
    batch = call.attr("batch_dims", 0)
    if not indices or indices[-1] + batch > len(shape):
        raise OperatorFault(f"indices of {spelled([indices])} into {spelled([shape])}")
    made = (*indices[:-1], *shape[batch + indices[-1] :])
    return NodeOutcome([NodeOutput(made, 0 if call.need(0).axis == 0 and batch > 0 else None)])


def first_shape(call: NodeCall) -> NodeOutcome:
    """The first tensor with other values in some places, or in another order."""
    value = call.need(0)
    return NodeOutcome([NodeOutput(value.known, value.axis)])


def concat(call: NodeCall) -> NodeOutcome:
    """Tensors side by side."""
    values = [call.need(place) for place in range(len(call.inputs))]
    shapes = [value.known for value in values]
    rank = len(shapes[0]) if shapes else 0
    if any(len(shape) != rank for shape in shapes) or not rank:
        raise OperatorFault(f"{spelled(shapes)} side by side")
    axis = axis_of(call.attr("axis", 1), rank)
    for place in range(rank):
        if place != axis and len({shape[place] for shape in shapes}) > 1:
            raise OperatorFault(f"{spelled(shapes)} do not go together along axis {axis}: they differ on axis {place}")
    made = (*shapes[0][:axis], sum(shape[axis] for shape in shapes), *shapes[0][axis + 1 :])
    moving = [value for value in values if not value.fixed]
    found = {value.axis for value in moving}
    kept = found.pop() if len(found) == 1 else None
    kept = None if kept == axis and len(values) > 1 else kept
    out = [NodeOutput(made, kept, _joined(values, axis, made))]
    if kept == 0 and len(moving) == len(values) and 1 < rank <= 5:
        one = len(values) == 1  # the tensor itself: DenseNet's first layers join a list of one
        layer = call.layer("identity", {}) if one else call.layer("concat", {"axis": Word(letter(axis, rank))})
        return NodeOutcome(out, layer, values, ())
    return NodeOutcome(out, weights=learned(values))


def _joined(values: Sequence[Value], axis: int, made: Shape) -> list[Any] | None:
    """The numbers of tensors side by side; None where they are not all known."""
    if prod(made) > MOST_NUMBERS or any(value.numbers is None for value in values):
        return None
    blocks = [(value.numbers or [], prod(value.known[axis:])) for value in values]
    found: list[Any] = []
    for row in range(prod(made[:axis])):
        for numbers, size in blocks:
            found += numbers[row * size : (row + 1) * size]
    return found


def expand(call: NodeCall) -> NodeOutcome:
    """Stretched to a shape."""
    value, wanted = call.need(0), call.numbers(1)
    if wanted is None:
        raise OperatorFault("there is no shape to be had")
    if min(wanted, default=0) < 0:
        raise OperatorFault(f"the shape {wanted}")
    made = broadcast([value.known, tuple(wanted)])
    axis = None if value.axis is None else value.axis + len(made) - len(value.known)
    numbers = stretched(value, made) if value.numbers is not None else None
    stored = sum(storage.elements for storage in value.storages)
    whole = value.fixed and value.known == (1, *made[1:]) and 1 < len(made) <= 5 and stored == prod(made[1:])
    if whole and _counts_samples(call.need(1)):
        layer = call.layer("learned", {"shape": Size(made[1:])})
        return NodeOutcome([NodeOutput(made, 0)], layer, [], value.storages, sampled=True)
    return NodeOutcome([NodeOutput(made, axis, numbers)])


def _counts_samples(value: Value) -> bool:
    """Whether numbers are made of the number of samples that enter: it comes from the shape of a moving tensor."""
    values, left = [value], _MOST_STEPS
    while values and left:
        step, left = values.pop().producer, left - 1
        if isinstance(step, OperatorStep):
            if step.node.op == "Shape" and step.inputs[0] is not None and step.inputs[0].axis == 0:
                return True
            values += [one for one in step.inputs if one is not None]
    return False


def tile(call: NodeCall) -> NodeOutcome:
    """Repeated along the axes."""
    value, times = call.need(0), call.numbers(1)
    shape = value.known
    if times is None or len(times) != len(shape) or min(times, default=0) < 0:
        raise OperatorFault(f"repeats {times} of a tensor of {how_many(len(shape), 'axis')}")
    made = tuple(size * count for size, count in zip(shape, times, strict=True))
    axis = value.axis if value.axis is not None and times[value.axis] == 1 else None
    numbers = None
    if value.numbers is not None and prod(made) <= MOST_NUMBERS:
        chosen = [[place % size for place in range(size * count)] for size, count in zip(shape, times, strict=True)]
        numbers = pick(value.numbers, shape, chosen)
    return NodeOutcome([NodeOutput(made, axis, numbers)])


HANDLERS: Mapping[str, Handler] = {
    "Slice": cut, "Split": split, "Gather": gather, "GatherElements": gather_elements, "GatherND": gather_nd,
    "Concat": concat, "Expand": expand, "Tile": tile,
    **dict.fromkeys("Scatter ScatterElements ScatterND ReverseSequence TensorScatter CumSum".split(), first_shape),
}  # fmt: skip
