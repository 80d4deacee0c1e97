"""Operations that make a tensor larger by its own values."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from ...values import MOST_NUMBERS, Shape, how_many, pick
from .call import Answer, Call, Out, rule
from .shaping import flat, listed
from .values import Dim, Dims, Tensor, Unknown, broadcast, number, numbers, placed, spelled, stretched, total


@rule("expand", "expand_copy", "broadcast_to")
def expand(op: Call, input: Tensor, *sizes: Any, **named: Any) -> Any:
    """Axes of size 1 stretched; -1 keeps a size."""
    found = flat(sizes or [named.get("size", named.get("shape", ()))])
    for one in found:
        if isinstance(one, Unknown):
            raise one
    own = input.sizes
    lead = len(found) - len(own)
    if lead < 0:
        op.refuse(f"{listed(found)} has fewer axes than {spelled(own)}", "sizes")
    made: list[Dim] = []
    for place, wanted in enumerate(found):
        size: Dim = own[place - lead] if place >= lead else 1
        if place < lead and wanted == -1:
            op.refuse(f"-1 in {listed(found)} stands for no axis of {spelled(own)}", "sizes")
        if wanted != -1 and size != 1 and number(wanted) != number(size):
            op.refuse(f"{spelled(own)} does not stretch to {listed(found)}: {size} is no {wanted}", "sizes")
        made.append(size if wanted == -1 or size != 1 else wanted)
    return _stretched(op, input, tuple(made))


def _stretched(op: Call, x: Tensor, made: Dims) -> Any:
    if made == x.sizes and not x.fixed:
        return x
    return Answer([Out(made, x.dtype, stretched(x, numbers(made)))])


@rule()
def expand_as(op: Call, input: Tensor, other: Tensor) -> Any:
    """Stretched to the shape of another tensor."""
    return expand(op, input, *other.sizes)


@rule("repeat", "tile")
def repeat(op: Call, input: Tensor, *sizes: Any, **named: Any) -> Answer:
    """Repeated along the axes, of which there may be more."""
    times = flat(sizes or [named.get("repeats", named.get("dims", ()))])
    own = input.sizes
    if op.name == "tile" and len(times) < len(own):
        times = [1] * (len(own) - len(times)) + times
    if len(times) < len(own):
        op.refuse(f"{how_many(len(times), 'repeat')} of a tensor with {how_many(len(own), 'axis')}", "repeats")
    full: Dims = (*[1] * (len(times) - len(own)), *own)
    made = tuple([size * count if count != 1 else size for size, count in zip(full, times, strict=True)])
    found = None
    if input.numbers is not None:
        found = _repeated(input.numbers, numbers(full), numbers(times))
    return Answer([Out(made, input.dtype, found)])


def _repeated(found: Sequence[Any], shape: Shape, times: Shape) -> list[Any] | None:
    """Numbers repeated along their axes; None of more than are looked at."""
    if prod(shape) * prod(times) > MOST_NUMBERS:
        return None
    chosen = [[place % size for place in range(size * count)] for size, count in zip(shape, times, strict=True)]
    return pick(found, shape, chosen)


@rule("repeat_interleave")
def repeat_interleave(op: Call, input: Tensor, repeats: Any, dim: Any = None, **named: Any) -> Answer:
    """Each value so many times."""
    if not isinstance(repeats, int):
        raise Unknown("the repeats are not known")
    if dim is None:
        return Answer([Out((placed(input.sizes, [total(input.sizes)])[0] * repeats,), input.dtype)])
    axis = op.axis(dim, len(input.sizes))
    sizes = input.sizes
    return Answer([Out((*sizes[:axis], sizes[axis] * repeats, *sizes[axis + 1 :]), input.dtype)])


# --- complex numbers --------------------------------------------------------------------------------


@rule()
def view_as_complex(op: Call, input: Tensor) -> Answer:
    """Pairs along the last axis as one number each."""
    if not input.sizes or number(input.sizes[-1]) != 2:
        op.refuse(f"the last axis of {spelled(input.sizes)} has 2 numbers, the real and the imaginary part", "input")
    return Answer([Out(input.sizes[:-1], "complex64")])


@rule()
def view_as_real(op: Call, input: Tensor) -> Answer:
    """Complex numbers as pairs along a new last axis."""
    return Answer([Out((*input.sizes, 2), "float32")])


@rule("polar", "complex")
def polar(op: Call, abs: Tensor, angle: Tensor) -> Answer:
    """Complex numbers of two tensors."""
    shape = broadcast([abs.sizes, angle.sizes])
    if shape is None:
        op.refuse(f"{spelled(abs.sizes)} and {spelled(angle.sizes)} do not go together")
    return Answer([Out(shape, "complex64")])
