"""Operations that give a tensor other axes, its values as they are; and the sizes of tensors as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from ...layers import Remark
from ...values import Size, how_many
from .call import RULES, Answer, Call, Out, rule
from .values import (
    Dim,
    Dims,
    Samples,
    Tensor,
    Unknown,
    number,
    numbers,
    placed,
    spelled,
    total,
)

# --- sizes, which are no rows -----------------------------------------------------------------------


@rule("size", "sym_size", "shape")
def size(op: Call, input: Tensor, dim: Any = None) -> Any:
    """The sizes of a tensor, or of one axis."""
    sizes = input.sizes
    return sizes if dim is None else sizes[op.axis(dim, len(sizes))]


@rule("dim", "ndimension", "ndim")
def rank_of(op: Call, input: Tensor) -> Any:
    """The number of its axes."""
    return len(input.sizes)


@rule("numel", "nelement", "sym_numel")
def numel(op: Call, input: Tensor) -> Any:
    """The number of its elements."""
    count: Any = 1
    for one in input.sizes:
        count = count * one
    return count


@rule("item", "_local_scalar_dense")
def item(op: Call, input: Tensor) -> Any:
    """Its one number, where that is known."""
    if input.numbers is None or len(input.numbers) != 1:
        return Unknown("the value of a tensor is not known")
    return input.numbers[0]


@rule("tolist")
def tolist(op: Call, input: Tensor) -> Any:
    """Its numbers as a list, of lists where it has several axes."""
    if input.numbers is None:
        return Unknown("the values of a tensor are not known")
    found: list[Any] = list(input.numbers)
    for count in reversed(input.counts[1:]):
        found = [found[place : place + count] for place in range(0, len(found), count)] if count else found
    return found if input.shape else found[0]


# --- reshaping --------------------------------------------------------------------------------------


def flat(found: Sequence[Any]) -> list[Any]:
    """Sizes as they are given: one by one, or as one list."""
    if len(found) == 1 and isinstance(found[0], list | tuple):
        return list(found[0])
    return list(found)


@rule("view", "reshape", "_unsafe_view", "_reshape_alias", "view_copy", "unsafe_view")
def view(op: Call, input: Tensor, *shape: Any, **named: Any) -> Any:
    """The same values in another shape, of which -1 takes what is left."""
    found = flat(shape or [named.get("shape", named.get("size", ()))])
    if len(found) == 1 and isinstance(found[0], str):
        return input  # view(dtype)
    made = reshaped(op, input, _whole(op, input, found))
    return made._replace(remarks=made.remarks or _mixing(op, input, found)) if isinstance(made, Answer) else made


def _mixing(op: Call, x: Tensor, found: Sequence[Any]) -> list[Remark]:
    """A warning where the first axis is a number, and -1 behind it takes the samples: only of one sample, of which the
    shape is told, is it as many rows as the sample has.
    """
    rows = found[0] if found else 1
    if op.aten or x.axis != 0 or not x.sample or -1 not in found[1:] or isinstance(rows, Samples) or rows < 2:
        return []
    if number(x.sizes[0]) > 1 or any(isinstance(one, Samples) for one in found):
        return []
    message = (
        f"{listed(found)} of {spelled(x.sizes)} is {how_many(rows, 'row', ',')} "
        "of all samples together, however many there are"
    )
    help = f"{op.name}({listed(['x.size(0)', *found])[1:-1]}) keeps the samples"
    return [Remark("warning", "mixed-samples", message, None, help)]


@rule()
def view_as(op: Call, input: Tensor, other: Tensor) -> Any:
    """The same in the shape of another tensor."""
    return reshaped(op, input, _whole(op, input, list(other.sizes)))


RULES["reshape_as"] = RULES["view_as"]


def _whole(op: Call, x: Tensor, found: Sequence[Any]) -> list[Dim]:
    """A shape with what its -1 comes to. Raises LayerError where `x` has not so many values."""
    for one in found:
        if isinstance(one, Unknown):
            raise one
    made: list[Any] = list(found)
    if not all(isinstance(one, int | Samples) for one in made):
        raise Unknown("a size is not known")
    free = [place for place, one in enumerate(made) if one == -1]
    if len(free) > 1 or any(isinstance(one, int) and one < -1 for one in made):
        op.refuse(f"the shape {listed(made)}: none is below 0, but one may be -1", "shape")
    values, known = total(x.sizes), prod(numbers([one for one in made if one != -1]))
    left = values // known if known else 0
    text = f"{spelled(x.sizes)} has {_counted(x.sizes)} values"
    if free and left * known != values:
        op.refuse(f"{text}, which the {known:,} of {listed(made)} do not divide", "shape", _fitting(x.sizes, made))
    if not free and known != values:
        op.refuse(f"{text}, and {listed(made)} has {_counted(made)}", "shape", _fitting(x.sizes, made))
    if free:
        made[free[0]] = left
    return made


def _fitting(sizes: Dims, made: Sequence[Any]) -> str | None:
    """What fits in the place of one of the sizes, where -1 or N is the samples; None where nothing does."""
    samples = prod(size.n for size in sizes if isinstance(size, Samples))
    values = total(sizes) // max(samples, 1)
    fixed = [size.factor if isinstance(size, Samples) else size for size in made]
    if samples and isinstance(made[0], int) and made[0] != -1 and -1 in made[1:] and not values % -prod(fixed[1:]):
        return f"x.size(0) in the place of {made[0]} keeps the samples: [N, {listed(made[1:])[1:]}"
    found = []
    for place, size in enumerate(made):
        others = prod(one for axis, one in enumerate(fixed) if axis != place and one != -1)
        if isinstance(size, int) and size != -1 and others and values % others == 0:
            found.append([*made[:place], values // others, *made[place + 1 :]])
    return f"{' or '.join(map(listed, found))} fits" if found else None


def _counted(sizes: Sequence[Dim]) -> str:
    """``N*1,600``, or a number alone."""
    count = prod(size.factor if isinstance(size, Samples) else size for size in sizes)
    return f"N*{count:,}" if any(isinstance(size, Samples) for size in sizes) else f"{count:,}"


def listed(sizes: Sequence[Any]) -> str:
    """``[N, -1]``."""
    return f"[{', '.join(map(str, sizes))}]"


def reshaped(op: Call, x: Tensor, made: Sequence[Dim]) -> Any:
    """A tensor in the shape `made`, of as many values; itself where that is its own."""
    sizes = placed(x.sizes, made)
    if sizes == x.sizes and not x.fixed:
        return x
    out = [Out(sizes, x.dtype, x.numbers)]
    after = Tensor(sizes)
    remarks = _splitting(x, after) + _joining(op, x, after)
    if x.axis == 0 == after.axis and x.place == 0 and x.sample and 1 < len(sizes) <= 5 and 0 not in sizes:
        kind, given = ("flatten", {}) if len(sizes) == 2 else ("reshape", {"shape": Size(numbers(sizes[1:]))})
        return Answer(out, op.layer(kind, given), [x], (), remarks=remarks)
    return Answer(out, remarks=remarks)


def _splitting(x: Tensor, after: Tensor) -> list[Remark]:
    """A warning where a shape makes several rows of each sample, which had one: that is seldom meant."""
    place = after.place
    if x.axis != 0 or place != 0 or after.axis is not None or len(after.sizes) != 2:
        return []
    rows, width = after.sizes
    if not isinstance(rows, Samples):
        return []
    values = prod(x.sample)
    if len(x.sizes) > 2 and number(width) == number(x.sizes[-1]):
        return []  # the last axis stays: rows of a sequence
    message = (
        f"a sample has {how_many(values, 'value', ',')}: "
        f"{values:,}/{number(width):,} = {how_many(rows.factor, 'row')} of every sample"
    )
    help = f"view(x.size(0), -1) gives {how_many(values, 'value', ',')} a sample"
    return [Remark("warning", "split-samples", message, None, help)]


def _joining(op: Call, x: Tensor, after: Tensor) -> list[Remark]:
    """A warning where all samples become one vector, which a layer behind takes for one sample."""
    values = prod(x.sample) if x.axis == 0 == x.place and len(x.sizes) > 2 else 1
    if len(after.sizes) != 1 or values < 2 or op.name not in ("flatten", "ravel", "view", "reshape"):
        return []
    message = f"all samples become one vector of N*{values:,} values"
    better = "torch.flatten(x, 1)" if op.name in ("flatten", "ravel") else f"x.{op.name}(x.size(0), -1)"
    help = f"{better} gives {how_many(values, 'value', ',')} a sample"
    return [Remark("warning", "joined-samples", message, None, help)]


@rule()
def flatten(op: Call, input: Tensor, start_dim: Any = 0, end_dim: Any = -1) -> Any:
    """Several axes in one."""
    sizes = input.sizes
    if not sizes:
        return reshaped(op, input, [1])
    start, end = op.axis(start_dim, len(sizes), "start_dim"), op.axis(end_dim, len(sizes), "end_dim")
    if start > end:
        op.refuse(f"start_dim={start_dim} is behind end_dim={end_dim}", "start_dim")
    return reshaped(op, input, [*numbers(sizes[:start]), total(sizes[start : end + 1]), *numbers(sizes[end + 1 :])])


@rule("ravel")
def ravel(op: Call, input: Tensor) -> Any:
    """All values in one axis."""
    return reshaped(op, input, [total(input.sizes)])


@rule()
def unflatten(op: Call, input: Tensor, dim: Any, sizes: Any) -> Any:
    """One axis in several."""
    axis = op.axis(dim, len(input.sizes))
    part = Tensor((input.sizes[axis],))
    made = _whole(op, part, list(sizes))
    return reshaped(op, input, [*numbers(input.sizes[:axis]), *made, *numbers(input.sizes[axis + 1 :])])


@rule("squeeze", "squeeze_copy")
def squeeze(op: Call, input: Tensor, dim: Any = None) -> Any:
    """Axes of size 1 are left out; the others are passed over."""
    sizes = input.sizes
    axes = op.axes(dim, len(sizes)) if dim is not None else range(len(sizes))
    gone = {axis for axis in axes if sizes[axis] == 1}
    return _rearranged(op, input, [axis for axis in range(len(sizes)) if axis not in gone])


@rule("unsqueeze", "unsqueeze_copy")
def unsqueeze(op: Call, input: Tensor, dim: Any) -> Any:
    """An axis of size 1 is put in."""
    axis = op.axis(dim, len(input.sizes) + 1)
    order: list[int | None] = [*range(axis), None, *range(axis, len(input.sizes))]
    return _rearranged(op, input, order)


def _rearranged(op: Call, x: Tensor, order: Sequence[int | None]) -> Any:
    """Its axes, all that are larger than 1 in their order, with further ones of size 1."""
    sizes = tuple([1 if axis is None else x.sizes[axis] for axis in order])
    return reshaped(op, x, sizes) if any(isinstance(size, Samples) for size in sizes) else Answer(
        [Out(sizes, x.dtype, x.numbers)]
    )  # fmt: skip


@rule("as_strided", "as_strided_copy")
def as_strided(op: Call, input: Tensor, size: Any, *more: Any, **named: Any) -> Any:
    """A shape laid over the storage."""
    if total(size) == total(input.sizes):
        return reshaped(op, input, list(size))
    return Answer([Out(tuple(size), input.dtype)])
