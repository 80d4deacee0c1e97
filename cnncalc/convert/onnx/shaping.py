"""Operators that give a tensor other axes, its values as they are; and the sizes of tensors as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from ...values import Shape, Size, Word, how_many
from .call import Handler, NodeCall, NodeOutcome
from .elementwise import letter
from .values import NodeOutput, OperatorFault, Value, axis_of, spelled


def shape_of(call: NodeCall) -> NodeOutcome:
    """The sizes of a tensor: from here on they are numbers."""
    value = call.need(0)
    sizes = list(value.known)
    start, end = call.attr("start", 0), call.attr("end")
    found = sizes[slice(start, end)] if call.version >= 15 else sizes
    return NodeOutcome([NodeOutput((len(found),), None, found)])


def size_of(call: NodeCall) -> NodeOutcome:
    """The number of elements."""
    return NodeOutcome([NodeOutput((), None, [prod(call.need(0).known)])])


def reshape(call: NodeCall) -> NodeOutcome:
    """The same values in another shape: 0 is the size that was there, -1 what is left."""
    value = call.need(0)
    wanted = call.numbers(1, "shape")
    if wanted is None:
        raise OperatorFault("there is no shape to be had")
    shape = value.known
    made = list(map(int, wanted))
    if not call.attr("allowzero", 0):
        if any(size == 0 and place >= len(shape) for place, size in enumerate(made)):
            raise OperatorFault(f"{spelled([shape])} has no axis for the 0 in {made}")
        made = [shape[place] if size == 0 else size for place, size in enumerate(made)]
    if made.count(-1) > 1 or min(made, default=0) < -1:
        raise OperatorFault(f"the shape {made}")
    total, known = prod(shape), prod(size for size in made if size != -1)
    if -1 in made and known and total % known == 0:
        made[made.index(-1)] = total // known
    if -1 in made or prod(made) != total:
        raise OperatorFault(f"{spelled([shape])} has {how_many(total, 'value', ',')}, and {wanted} is {known:,}")
    return reshaped(call, value, tuple(made))


def kept_axis(value: Value, made: Shape) -> int | None:
    """Where the sample axis of a tensor is once it is reshaped: at an axis of its size with as much before it."""
    shape = value.known
    if value.axis is None:
        return None
    before, size, count = prod(shape[: value.axis]), shape[value.axis], 1
    for axis, other in enumerate(made):
        if count == before and other == size:
            return axis
        count *= other
        if count > before:
            break
    return None


def reshaped(call: NodeCall, value: Value, made: Shape) -> NodeOutcome:
    """A tensor in the shape `made`, of as many values."""
    out = [NodeOutput(made, kept_axis(value, made), value.numbers)]
    if value.axis == 0 == out[0].axis and value.sample and 1 < len(made) <= 5:
        kind, given = ("flatten", {}) if len(made) == 2 else ("reshape", {"shape": Size(made[1:])})
        if 0 not in made:
            return NodeOutcome(out, call.layer(kind, given), [value], ())
    return NodeOutcome(out)


def flatten(call: NodeCall) -> NodeOutcome:
    """Two axes: what stands before an axis, and what from it on."""
    value = call.need(0)
    shape = value.known
    axis = call.attr("axis", 1)
    if not -len(shape) <= axis <= len(shape):
        raise OperatorFault(f"axis {axis} of a tensor of {how_many(len(shape), 'axis')}")
    axis += len(shape) if axis < 0 else 0
    return reshaped(call, value, (prod(shape[:axis]), prod(shape[axis:])))


def squeeze(call: NodeCall) -> NodeOutcome:
    """Axes of size 1 are left out."""
    value = call.need(0)
    shape, axes = value.known, call.numbers(1, "axes")
    gone = {axis_of(axis, len(shape)) for axis in axes} if axes is not None else {
        axis for axis, size in enumerate(shape) if size == 1
    }  # fmt: skip
    if any(shape[axis] != 1 for axis in gone):
        raise OperatorFault(f"axes {sorted(gone)} of {spelled([shape])} are not all of size 1")
    kept = [axis for axis in range(len(shape)) if axis not in gone]
    axis = kept.index(value.axis) if value.axis in kept else None
    return _rearranged(call, value, tuple(shape[one] for one in kept), axis)


def unsqueeze(call: NodeCall) -> NodeOutcome:
    """Axes of size 1 are put in."""
    value, axes = call.need(0), call.numbers(1, "axes")
    if axes is None:
        raise OperatorFault("axes are missing")
    rank = len(value.known) + len(axes)
    new = {axis_of(axis, rank) for axis in axes}
    if len(new) < len(axes):
        raise OperatorFault(f"axes {axes} are not all different")
    old = [axis for axis in range(rank) if axis not in new]
    sizes = dict(zip(old, value.known, strict=True))
    axis = None if value.axis is None else old[value.axis]
    return _rearranged(call, value, tuple(sizes.get(place, 1) for place in range(rank)), axis)


def _rearranged(call: NodeCall, value: Value, made: Shape, axis: int | None) -> NodeOutcome:
    answer = reshaped(call, value, made)
    if answer.layer is not None and axis == 0:
        return answer
    return NodeOutcome([NodeOutput(made, axis, value.numbers)])


def transpose(call: NodeCall) -> NodeOutcome:
    """The axes in another order."""
    value = call.need(0)
    shape = value.known
    order = call.attr("perm") or list(range(len(shape)))[::-1]
    if sorted(order) != list(range(len(shape))):
        raise OperatorFault(f"perm {order} of a tensor of {how_many(len(shape), 'axis')}")
    made = tuple(shape[axis] for axis in order)
    numbers = None
    if value.numbers is not None:
        numbers = _turned(value.numbers, shape, order)
    axis = None if value.axis is None else order.index(value.axis)
    out = [NodeOutput(made, axis, numbers)]
    if value.axis == 0 == axis and 1 < len(shape) <= 5:
        letters = "".join(letter(one, len(shape)) for one in order[1:])
        return NodeOutcome(out, call.layer("permute", {"axes": Word(letters)}), [value], ())
    return NodeOutcome(out)


def _turned(numbers: Sequence[Any], shape: Shape, order: Sequence[int]) -> list[Any]:
    """The elements in the order of a transposed tensor."""
    strides = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    places = [0]
    for axis in order:
        places = [place + index * strides[axis] for place in places for index in range(shape[axis])]
    return [numbers[place] for place in places]


HANDLERS: Mapping[str, Handler] = {
    "Shape": shape_of, "Size": size_of, "Reshape": reshape, "Flatten": flatten, "Squeeze": squeeze,
    "Unsqueeze": unsqueeze, "Transpose": transpose,
}  # fmt: skip
