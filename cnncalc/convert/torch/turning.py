"""Operations that put the axes of a tensor into another order."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from ...values import Word, how_many
from .call import Answer, Call, Out, letter, rule
from .shaping import flat
from .values import Tensor, spelled


@rule("permute", "permute_copy")
def permute(op: Call, input: Tensor, *dims: Any, **named: Any) -> Any:
    """The axes in another order."""
    rank = len(input.sizes)
    found = flat(dims or [named.get("dims", ())])
    order = [op.axis(axis, rank, "dims") for axis in found]
    if sorted(order) != list(range(rank)):
        op.refuse(f"dims={found} of a tensor with {how_many(rank, 'axis')}: each is named once", "dims")
    return turned(op, input, order)


def turned(op: Call, x: Tensor, order: Sequence[int]) -> Any:
    """The axes of a tensor in an order."""
    sizes = x.sizes
    if list(order) == list(range(len(sizes))) and not x.fixed:
        return x
    made = tuple([sizes[axis] for axis in order])
    found = _turned(x.numbers, x.counts, order) if x.numbers is not None else None
    out = [Out(made, x.dtype, found)]
    if x.axis == 0 == order[0] and x.place == 0 and 1 < len(sizes) <= 5:
        letters = "".join(letter(axis, len(sizes)) for axis in order[1:])
        return Answer(out, op.layer("permute", {"axes": Word(letters)}), [x], ())
    return Answer(out)


def _turned(found: Sequence[Any], shape: tuple[int, ...], order: Sequence[int]) -> list[Any]:
    """The elements in the order of a tensor that is turned."""
    strides = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    places = [0]
    for axis in order:
        places = [place + index * strides[axis] for place in places for index in range(shape[axis])]
    return [found[place] for place in places]


@rule("transpose", "swapaxes", "swapdims", "transpose_copy")
def transpose(op: Call, input: Tensor, dim0: Any, dim1: Any) -> Any:
    """Two axes change places."""
    rank = len(input.sizes)
    one, other = op.axis(dim0, rank, "dim0"), op.axis(dim1, rank, "dim1")
    order = list(range(rank))
    if order:
        order[one], order[other] = other, one
    return turned(op, input, order) if order else input


@rule("t", "T", "mT", "adjoint", "H", "mH", "numpy_T", "matrix_H", "t_copy")
def turned_over(op: Call, input: Tensor) -> Any:
    """The last two axes change places; T turns all."""
    rank = len(input.sizes)
    if rank < 2 and op.name in ("mT", "mH", "adjoint"):
        op.refuse(f"{op.name} of {spelled(input.sizes)}: two axes change places")
    if rank < 2:
        return input
    order = list(range(rank))[::-1] if op.name in ("T", "numpy_T") else [*range(rank - 2), rank - 1, rank - 2]
    if op.name == "t" and rank > 2:
        op.refuse(f"t() takes at most 2 axes, and the input is {spelled(input.sizes)}")
    return turned(op, input, order)


@rule("movedim", "moveaxis")
def movedim(op: Call, input: Tensor, source: Any, destination: Any) -> Any:
    """Axes at other places, the others in their order."""
    rank = len(input.sizes)
    come = op.axes(source if isinstance(source, list | tuple) else [source], rank, "source")
    go = op.axes(destination if isinstance(destination, list | tuple) else [destination], rank, "destination")
    if len(come) != len(go):
        op.refuse(f"source={source} and destination={destination}: as many axes of each", "source")
    rest = iter([axis for axis in range(rank) if axis not in come])
    order = [come[go.index(place)] if place in go else next(rest) for place in range(rank)]
    return turned(op, input, order)


@rule("flip")
def flip(op: Call, input: Tensor, *dims: Any, **named: Any) -> Answer:
    """Some axes backwards."""
    axes = op.axes(flat(dims or [named.get("dims", ())]), len(input.sizes), "dims")
    answer = op.same(input)
    if input.numbers is None:
        return answer
    shape = input.counts
    places = [0]
    for axis, size in enumerate(shape):
        run = range(size)[::-1] if axis in axes else range(size)
        places = [place * size + index for place in places for index in run]
    return answer._replace(outs=[Out(input.shape, input.dtype, [input.numbers[place] for place in places])])


@rule("channel_shuffle", "native_channel_shuffle")
def channel_shuffle(op: Call, input: Tensor, groups: Any) -> Answer:
    """The channels of the groups interleaved."""
    return op.kind("shuffle", {"groups": groups}, input)
