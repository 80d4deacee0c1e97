"""Indexing: slices, numbers, lists and tensors of numbers, as Python and ATen have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...values import Pair, Word, how_many, pick
from .call import Answer, Call, Out, letter, rule
from .parts import part_of
from .values import Dim, Dims, Samples, Tensor, Unknown, broadcast, number, spelled


def parted(op: Call, x: Tensor, ranges: Sequence[range], gone: Sequence[int] = ()) -> Any:
    """What of every axis lies in its range, without the axes `gone`, of which one slice is taken."""
    sizes = x.sizes
    made = [
        part_of(size, len(one)) if len(one) != number(size) else size for size, one in zip(sizes, ranges, strict=True)
    ]
    if made == list(sizes) and not gone and all(one.step == 1 for one in ranges) and not x.fixed:
        return x
    found = pick(x.numbers, x.counts, ranges) if x.numbers is not None else None
    kept: Dims = tuple([size for axis, size in enumerate(made) if axis not in gone])
    out = [Out(kept, x.dtype, found)]
    cut_axes = [axis for axis, size in enumerate(sizes) if made[axis] != size]
    if x.axis == 0 == x.place and len(cut_axes) == 1 and 1 < len(sizes) <= 5 and not x.fixed and not gone:
        (axis,) = cut_axes
        if ranges[axis].step == 1 and made[axis]:
            given = {"range": Pair(ranges[axis].start, ranges[axis].stop), "axis": Word(letter(axis, len(sizes)))}
            return Answer(out, op.layer("take", given), [x], ())
    return Answer(out)


def _bound(value: Any) -> Any:
    """An end of a range; what is not known is raised."""
    if isinstance(value, Unknown):
        raise value
    if isinstance(value, Tensor):
        if value.numbers is None:
            raise Unknown("the value of a tensor is not known")
        return value.numbers[0]
    return number(value) if isinstance(value, Samples) else value


@rule("slice", "slice_copy")
def slice_of(op: Call, input: Tensor, dim: Any = 0, start: Any = None, end: Any = None, step: Any = 1) -> Any:
    """A range of an axis."""
    axis = op.axis(dim, len(input.sizes))
    ranges = [range(number(size)) for size in input.sizes]
    ranges[axis] = ranges[axis][slice(_bound(start), _bound(end), _bound(step))]
    return parted(op, input, ranges)


@rule("narrow", "narrow_copy")
def narrow(op: Call, input: Tensor, dim: Any, start: Any, length: Any) -> Any:
    """A range of an axis by its start and length."""
    axis = op.axis(dim, len(input.sizes))
    size, first, count = number(input.sizes[axis]), _bound(start), _bound(length)
    first += size if first < 0 else 0
    if not 0 <= first <= first + count <= size:
        op.refuse(f"{count} from {first} on of the {size} on axis {axis}", "length")
    ranges = [range(number(one)) for one in input.sizes]
    ranges[axis] = range(first, first + count)
    return parted(op, input, ranges)


@rule("select", "select_copy")
def select(op: Call, input: Tensor, dim: Any, index: Any) -> Any:
    """One slice of an axis, without that."""
    axis = op.axis(dim, len(input.sizes))
    return parted(op, input, *_one(op, input, axis, _bound(index)))


def _one(op: Call, x: Tensor, axis: int, place: Any) -> tuple[list[range], list[int]]:
    size = number(x.sizes[axis])
    if not -size <= place < size:
        op.refuse(f"index {place} of the {x.sizes[axis]} on axis {axis}", "index")
    ranges = [range(number(one)) for one in x.sizes]
    ranges[axis] = range(place % size, place % size + 1)
    return ranges, [axis]


@rule("getitem", "__getitem__")
def getitem(op: Call, input: Any, index: Any) -> Any:
    """Indexing as Python has it: numbers, slices, None, `...`, tensors."""
    if not isinstance(input, Tensor):
        return input[index]
    items = list(index) if isinstance(index, tuple) else [index]
    items = _spread(op, input, items)
    ranges, gone, order, further = [], list[int](), list[int | None](), dict[int, Any]()
    axis = 0
    for item in items:
        if item is None:
            order.append(None)
            continue
        size = number(input.sizes[axis])
        order.append(axis)
        if isinstance(item, Unknown):
            raise item
        if isinstance(item, slice):
            ranges.append(range(size)[slice(*map(_bound, (item.start, item.stop, item.step)))])
            if ranges[-1].step < 1 and not input.fixed:
                op.refuse(
                    f"a step of {ranges[-1].step}: PyTorch's are at least 1", "index", "x.flip(dim) turns an axis"
                )
        elif isinstance(item, int | Samples) and not isinstance(item, bool):
            ranges.append(_one(op, input, axis, _bound(item))[0][axis])
            gone.append(axis)
        else:
            further[axis] = item
            ranges.append(range(size))
        axis += 1
    if further:
        return _gathered(op, input, items, further)
    answer = parted(op, input, ranges, gone)
    if None not in order:
        return answer
    return _with_new(answer, [axis for axis in order if axis is None or axis not in gone], input)


def _spread(op: Call, x: Tensor, items: list[Any]) -> list[Any]:
    """The items, one for each axis."""
    count = sum(item is not None and item is not Ellipsis for item in items)
    count += sum(len(item.sizes) - 1 for item in items if isinstance(item, Tensor) and item.dtype == "bool")
    rank = len(x.sizes)
    if count > rank:
        op.refuse(f"{how_many(count, 'index')} of {spelled(x.sizes)}, which has {how_many(rank, 'axis')}", "index")
    rest = [slice(None)] * (rank - count)
    place = next((place for place, item in enumerate(items) if item is Ellipsis), None)
    return [*items, *rest] if place is None else [*items[:place], *rest, *items[place + 1 :]]


def _with_new(answer: Any, order: Sequence[int | None], x: Tensor) -> Any:
    """What is taken, with new axes of size 1 between."""
    shape, dtype, found = (answer.sizes, answer.dtype, answer.numbers) if isinstance(answer, Tensor) else answer.outs[0]
    sizes = iter(shape or ())
    return Answer([Out(tuple([1 if axis is None else next(sizes) for axis in order]), dtype, found)])


def _gathered(op: Call, x: Tensor, items: Sequence[Any], further: dict[int, Any]) -> Answer:
    """Slices that tensors or lists name: as many as these have. A number, or a tensor that is one, takes its slice
    first, and is none of the indices that go together.
    """
    if any((isinstance(one, Tensor) and one.dtype == "bool") or isinstance(one, bool) for one in further.values()):
        raise Unknown("how many a mask keeps is not known")
    kept: list[Dim] = []
    places, axis, shapes = list[int](), 0, list[Dims]()
    for item in items:
        if item is None:
            kept.append(1)
            continue
        size = x.sizes[axis]
        if axis in further and (extent := _extent(item)):
            places.append(len(kept))
            shapes.append(extent)
        elif isinstance(item, slice):
            count = len(range(number(size))[slice(*map(_bound, (item.start, item.stop, item.step)))])
            kept.append(size if count == number(size) else part_of(size, count))
        axis += 1
    shape = broadcast(shapes)
    if shape is None:
        op.refuse(f"indices of {', '.join(map(spelled, shapes))} do not go together", "index")
    first = places[0] if places and places[-1] == places[0] else 0
    return Answer([Out((*kept[:first], *shape, *kept[first:]), x.dtype)])


def _extent(item: Any) -> Dims:
    """The shape of indices: a tensor, lists in lists, or one number."""
    if isinstance(item, Tensor):
        return item.sizes
    return (len(item), *(_extent(item[0]) if item else ())) if isinstance(item, list | tuple) else ()


@rule("index", "_unsafe_index", "unsafe_index")
def index(op: Call, input: Tensor, indices: Any) -> Any:
    """The same as ATen has it: a tensor for some axes, None for the others."""
    items = [slice(None) if one is None else one for one in indices]
    return getitem(op, input, tuple(items))


@rule()
def index_select(op: Call, input: Tensor, dim: Any, index: Tensor) -> Any:
    """The slices of an axis that indices name."""
    axis = op.axis(dim, len(input.sizes))
    made = (*input.sizes[:axis], *(index.sizes or (1,)), *input.sizes[axis + 1 :])
    found = None
    if input.numbers is not None and index.numbers is not None:
        chosen: list[Sequence[int]] = [range(number(size)) for size in input.sizes]
        chosen[axis] = index.numbers
        found = pick(input.numbers, input.counts, chosen)
    return Answer([Out(made, input.dtype, found)])


@rule()
def take_along_dim(op: Call, input: Tensor, indices: Tensor, dim: Any = None) -> Answer:
    """The same with the axis last; without one, of all values one behind another."""
    return gather(op, input, dim, indices)


@rule()
def gather(op: Call, input: Tensor, dim: Any, index: Tensor, **named: Any) -> Answer:
    """As many as there are indices."""
    if dim is not None:
        op.axis(dim, len(input.sizes))
    return Answer([Out(index.sizes, input.dtype)])


@rule("take")
def take(op: Call, input: Tensor, index: Tensor) -> Answer:
    """As many as there are indices."""
    return Answer([Out(index.sizes, input.dtype)])


@rule("unfold", "unfold_copy")
def unfold(op: Call, input: Tensor, dimension: Any, size: Any, step: Any) -> Answer:
    """The windows along an axis, in a further one."""
    axis = op.axis(dimension, len(input.sizes), "dimension")
    length = number(input.sizes[axis])
    if not 0 <= size <= length or step < 1:
        op.refuse(f"windows of {size} of the {length} on axis {axis}", "size")
    made: Dim = (length - size) // step + 1
    return Answer([Out((*input.sizes[:axis], made, *input.sizes[axis + 1 :], size), input.dtype)])


@rule("setitem", "__setitem__")
def setitem(op: Call, input: Tensor, index: Any, value: Any) -> Answer:
    """A part of a tensor that is written over."""
    return Answer([Out(input.sizes, input.dtype)], weights=())
