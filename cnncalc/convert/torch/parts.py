"""Operations that take parts of a tensor, or put several together."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import Any

from ...values import MOST_NUMBERS, Listed, Word, how_many, pick
from .call import Answer, Call, Out, letter, rule, spell_all
from .shaping import flat
from .types import promoted
from .values import Dim, Dims, Samples, Tensor, Unknown, broadcast, joined, number, numbers

#: Results that a tensor is cut into at most.
_MOST_PARTS = 65_536
#: An argument of `unique` has the name of the builtin.
_in_order = sorted


# --- together ---------------------------------------------------------------------------------------


def _listed(op: Call, tensors: Any) -> list[Tensor]:
    found = list(tensors) if isinstance(tensors, list | tuple) else None
    if found is None or not all(isinstance(one, Tensor) for one in found):
        raise Unknown("the tensors are not known")
    if not found:
        op.refuse(f"{op.name} of no tensors")
    return found


@rule("cat", "concat", "concatenate")
def cat(op: Call, tensors: Any, dim: Any = 0) -> Any:
    """Tensors side by side."""
    found = [tensor for tensor in _listed(op, tensors) if tensor.sizes != (0,)]
    if not found:
        return tensors[0]
    first = found[0].sizes
    if not first or any(len(tensor.sizes) != len(first) for tensor in found):
        op.refuse(f"{spell_all(found)} side by side: as many axes of each")
    if isinstance(dim, int) and not -len(first) <= dim < len(first):
        op.refuse(f"dim={dim} of tensors with {how_many(len(first), 'axis')}: "
                  f"{spell_all(found[:6])}", "dim", _going(found))  # fmt: skip
    axis = op.axis(dim, len(first))
    made = [_along(op, found, place, axis) for place in range(len(first))]
    out = [Out(tuple(made), promoted(found), _joined_numbers(found, axis, made))]
    after = Tensor(tuple(made))
    moving = [tensor for tensor in found if not tensor.fixed]
    alike = all(tensor.axis == 0 and tensor.place == 0 for tensor in found)
    if alike and after.axis == 0 and axis > 0 and len(moving) == len(found) and 1 < len(first) <= 5:
        if len(found) == 1:  # the tensor itself: DenseNet's first layers join a list of one
            return Answer(out, op.layer("identity", {}), found, ())
        return Answer(out, op.layer("concat", {"axis": Word(letter(axis, len(first)))}), found, ())
    return Answer(out)


def _along(op: Call, found: Sequence[Tensor], place: int, axis: int) -> Dim:
    """A size of what tensors side by side make: the sum along `axis`, else what is the same in all."""
    made = found[0].sizes[place]
    for tensor in found[1:]:
        size = tensor.sizes[place]
        if place == axis:
            samples = isinstance(made, Samples) and isinstance(size, Samples)
            made = made + size if samples else number(made) + number(size)
            continue
        both = joined(made, size)
        if both is None:
            op.refuse(f"{spell_all(found[:6])} do not go together along axis {axis}: "
                      f"{made} and {size} on axis {place}", "dim", _going(found))  # fmt: skip
        made = both
    return made


def _going(found: Sequence[Tensor]) -> str | None:
    """Along which axes tensors go together; None where they do along none."""
    ranks = {len(tensor.sizes) for tensor in found}
    columns = list(zip(*(tensor.sizes for tensor in found), strict=True)) if len(ranks) == 1 else []
    unequal = [axis for axis, column in enumerate(columns) if len({*map(number, column)}) > 1]
    free = unequal or [axis for axis, column in enumerate(columns) if not isinstance(column[0], Samples)]
    return f"they go together along dim={' or '.join(map(str, free))}" if free and len(unequal) < 2 else None


def _joined_numbers(found: Sequence[Tensor], axis: int, made: Sequence[Dim]) -> list[Any] | None:
    """The numbers of tensors side by side; None where they are not all known."""
    if prod(numbers(made)) > MOST_NUMBERS or any(tensor.numbers is None for tensor in found):
        return None
    blocks = [(tensor.numbers or [], prod(tensor.counts[axis:])) for tensor in found]
    joined_up: list[Any] = []
    for row in range(prod(numbers(made[:axis]))):
        for values, size in blocks:
            joined_up += values[row * size : (row + 1) * size]
    return joined_up


@rule()
def stack(op: Call, tensors: Any, dim: Any = 0) -> Answer:
    """Tensors along a new axis."""
    found = _listed(op, tensors)
    first = found[0].sizes
    if any(broadcast([part.sizes, first]) is None or len(part.sizes) != len(first) or part.counts != found[0].counts
           for part in found):  # fmt: skip
        op.refuse(f"{spell_all(found[:6])} along a new axis: all have the same shape")
    axis = op.axis(dim, len(first) + 1)
    best = max((tensor.sizes for tensor in found), key=lambda sizes: sum(isinstance(size, Samples) for size in sizes))
    counted = [tensor.numbers for tensor in found]
    values = [one for row in counted if row is not None for one in row] if axis == 0 and None not in counted else None
    return Answer([Out((*best[:axis], len(found), *best[axis:]), promoted(found), values)])


@rule("hstack", "vstack", "dstack", "row_stack", "column_stack")
def hstack(op: Call, tensors: Any) -> Any:
    """Tensors side by side along a certain axis: a vector among them is a row, or a column."""
    given = _listed(op, tensors)
    name = "vstack" if op.name == "row_stack" else op.name
    found = [Tensor(_axes_of(one.sizes, name), one.dtype, one.numbers, fixed=one.fixed) for one in given]
    flat_ones = name == "hstack" and len(found[0].sizes) == 1
    axis = 0 if flat_ones else {"vstack": 0, "dstack": 2}.get(name, 1)
    alike = all(one.sizes == other.sizes for one, other in zip(given, found, strict=True))
    return cat(op, given, axis) if alike else Answer(cat(op, found, axis).outs)


def _axes_of(sizes: Dims, name: str) -> Dims:
    """A shape with as many axes as it needs for standing beside others."""
    made = sizes or (1,)
    if len(made) == 1 and name != "hstack":
        made = (*made, 1) if name == "column_stack" else (1, *made)
    return (*made, 1) if len(made) == 2 and name == "dstack" else made


# --- cut --------------------------------------------------------------------------------------------


def _cut(op: Call, x: Tensor, parts: Sequence[int], axis: int, pack: Any = tuple) -> Answer:
    """Pieces of so many along an axis."""
    sizes = x.sizes
    if len(parts) > _MOST_PARTS:
        raise Unknown(f"{len(parts):,} parts")
    outs = []
    ends = [0]
    for part in parts:
        ends.append(ends[-1] + part)
    for start, end in pairwise(ends):
        ranges = [range(number(size)) for size in sizes]
        ranges[axis] = range(start, end)
        found = pick(x.numbers, x.counts, ranges) if x.numbers is not None else None
        outs.append(Out((*sizes[:axis], part_of(sizes[axis], end - start), *sizes[axis + 1 :]), x.dtype, found))
    if x.axis == 0 == x.place and axis > 0 and 1 < len(sizes) <= 5 and len(parts) > 1 and min(parts) and not x.fixed:
        equal = len(set(parts)) == 1
        given = {"parts": len(parts) if equal else Listed(parts), "axis": Word(letter(axis, len(sizes)))}
        return Answer(outs, op.layer("split", given), [x], (), pack=pack)
    return Answer(outs, pack=pack)


def part_of(size: Dim, count: int) -> Dim:
    """A size of which so much is taken."""
    if isinstance(size, Samples):
        if count == size.number:
            return size
        if count and count % size.n == 0 and size.factor > 1:
            return Samples(size.n, 1, count // size.n)
    return count


@rule("split", "split_with_sizes", "split_copy", "unsafe_split", "split_with_sizes_copy", "unsafe_split_with_sizes")
def split(op: Call, input: Tensor, split_size_or_sections: Any = None, dim: Any = 0, **named: Any) -> Answer:
    """Pieces of a size, the last what is left; or of sizes that are listed."""
    wanted = split_size_or_sections
    if wanted is None:
        wanted = named.get("split_size", named.get("split_sizes"))
    axis = op.axis(dim, len(input.sizes))
    size = number(input.sizes[axis])
    if isinstance(wanted, list | tuple):
        parts = [number(part) for part in wanted]
        if sum(parts) != size or min(parts, default=0) < 0:
            op.refuse(f"pieces of {parts}, {sum(parts)} together, of the {input.sizes[axis]} on axis {axis}", "dim")
        return _cut(op, input, parts, axis)
    each = number(wanted)
    if each < 1:
        op.refuse(f"pieces of {each}", "split_size_or_sections")
    return _cut(op, input, _equal(size, each), axis)


def _equal(size: int, each: int) -> list[int]:
    """Pieces of `each`, the last what is left."""
    count = min(-(-size // each), _MOST_PARTS + 1) or 1
    return [each] * (count - 1) + [size - each * (count - 1)]


@rule("chunk", "unsafe_chunk")
def chunk(op: Call, input: Tensor, chunks: Any, dim: Any = 0) -> Answer:
    """So many equal pieces, or fewer: each as large as it must be, the last what is left."""
    axis = op.axis(dim, len(input.sizes))
    size = input.sizes[axis]
    if isinstance(chunks, Unknown):
        raise chunks
    if not isinstance(chunks, int) or chunks < 1:
        op.refuse(f"{chunks} chunks", "chunks")
    if isinstance(size, Samples) and size.factor % chunks:
        raise Unknown(f"{chunks} parts of the samples")
    return _cut(op, input, _equal(number(size), -(-number(size) // chunks) or 1), axis)


@rule("tensor_split", "array_split")
def tensor_split(
    op: Call, input: Tensor, indices_or_sections: Any = None, dim: Any = 0, indices: Any = None, sections: Any = None
) -> Answer:
    """So many pieces that differ by one at most; or those between indices."""
    axis = op.axis(dim, len(input.sizes))
    wanted = next((one for one in (indices_or_sections, indices, sections) if one is not None), 0)
    size = number(input.sizes[axis])
    if isinstance(wanted, list | tuple):
        ends = [0, *(min(one if one >= 0 else one + size, size) for one in wanted), size]
        return _cut(op, input, [max(end - start, 0) for start, end in pairwise(ends)], axis)
    if not 0 < wanted <= _MOST_PARTS:
        op.refuse(f"{wanted} pieces", "indices_or_sections")
    return _cut(op, input, [size // wanted + (place < size % wanted) for place in range(wanted)], axis)


@rule("unbind", "unbind_copy")
def unbind(op: Call, input: Tensor, dim: Any = 0) -> Answer:
    """The slices along an axis, without that."""
    axis = op.axis(dim, len(input.sizes))
    size, rest = input.sizes[axis], (*input.sizes[:axis], *input.sizes[axis + 1 :])
    if isinstance(size, Samples) or size > _MOST_PARTS:
        raise Unknown("the number of parts is not known")
    outs = []
    for place in range(size):
        ranges: list[Sequence[int]] = [range(number(one)) for one in input.sizes]
        ranges[axis] = [place]
        outs.append(Out(rest, input.dtype, pick(input.numbers, input.counts, ranges) if input.numbers else None))
    return Answer(outs, pack=tuple)


@rule("diagonal", "diag", "diagonal_copy")
def diagonal(op: Call, input: Tensor, offset: Any = 0, dim1: Any = 0, dim2: Any = 1) -> Answer:
    """The diagonal of two axes, behind the others; of a vector the matrix that has it."""
    sizes = input.sizes
    if len(sizes) == 1:
        size = number(sizes[0]) + abs(offset)
        return Answer([Out((size, size), input.dtype)])
    one, other = op.axis(dim1, len(sizes), "dim1"), op.axis(dim2, len(sizes), "dim2")
    rows, columns = number(sizes[one]), number(sizes[other])
    length = max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
    return Answer([Out((*(size for axis, size in enumerate(sizes) if axis not in (one, other)), length), input.dtype)])


@rule("meshgrid")
def meshgrid(op: Call, *tensors: Any, indexing: Any = "ij") -> Answer:
    """A grid of vectors, a tensor for each."""
    found = _listed(op, flat(tensors))
    sizes = [tensor.sizes[0] if tensor.sizes else 1 for tensor in found]
    if indexing == "xy" and len(sizes) > 1:
        sizes[:2] = sizes[1::-1]
    return Answer([Out(tuple(sizes), tensor.dtype) for tensor in found], pack=tuple)


@rule("broadcast_tensors")
def broadcast_tensors(op: Call, *tensors: Any) -> Answer:
    """All at the shape that they stretch to."""
    found = _listed(op, flat(tensors))
    shape = broadcast([tensor.sizes for tensor in found])
    if shape is None:
        op.refuse(f"{spell_all(found)} do not go together")
    return Answer([Out(shape, tensor.dtype) for tensor in found], pack=tuple)


@rule("unique")
def unique(
    op: Call, input: Tensor, sorted: Any = True, return_inverse: Any = False, return_counts: Any = False,
    dim: Any = None,
) -> Answer:  # fmt: skip
    """The numbers that are different, in order, where the numbers are known."""
    if input.numbers is None or dim is not None:
        return counted(op)
    times = Counter(input.numbers)
    found = _in_order(times)
    outs = [Out((len(found),), input.dtype, found)]
    if return_inverse:
        outs.append(Out(input.sizes, "int64", [bisect_left(found, one) for one in input.numbers]))
    if return_counts:
        outs.append(Out((len(found),), "int64", [times[one] for one in found]))
    return Answer(outs)


@rule("nonzero", "masked_select", "unique_consecutive", "nms", "argwhere", "_unique2", "bincount")
def counted(op: Call, *args: Any, **named: Any) -> Answer:
    """As many as only running tells."""
    raise Unknown(f"how many {op.name} gives is not known")
