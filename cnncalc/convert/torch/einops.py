"""The operations of einops: axes by name, taken apart and put together by a pattern, ``b (h p) w -> b h (w p)``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

from ...values import how_many
from .call import Answer, Call, Out, rule
from .values import Dim, Dims, Samples, Tensor, Unknown, number, numbers, spelled

#: The longest pattern that is read.
_LONGEST = 500
#: One side of a pattern: for each axis of a tensor the names that it is made of.
_Side = list[list[str]]
#: Axes without names, in a bracket; and as they are.
_DOTS, _ALONE = "...", "…"


def _sides(op: Call, pattern: Any) -> tuple[_Side, _Side]:
    """The two sides of a pattern. Raises LayerError for what is none."""
    if not isinstance(pattern, str):
        raise Unknown("the pattern is not known")
    left, arrow, right = pattern.partition("->")
    if not arrow or len(pattern) > _LONGEST:
        op.refuse(f"'{pattern[:60]}' is no pattern: axes -> axes", "pattern")
    return _side(op, left), _side(op, right)


def _side(op: Call, text: str) -> _Side:
    """The axes of one side."""
    made: _Side = []
    group: list[str] | None = None
    for word in text.replace("(", " ( ").replace(")", " ) ").replace("…", "...").split():
        if word == "(" and group is None:
            group = []
        elif word == ")" and group is not None:
            made.append(group)
            group = None
        elif word in "()" or not (word == _DOTS or word.isdigit() or word.isidentifier()):
            op.refuse(f"'{word}' in '{text.strip()[:60]}' is no axis", "pattern")
        elif group is not None:
            group.append(word)
        else:
            made.append([_ALONE if word == _DOTS else word])
    if group is not None:
        op.refuse(f"a bracket of '{text.strip()[:60]}' is not closed", "pattern")
    return made


def _spread(side: _Side, count: int) -> _Side:
    """A side with the dots as so many axes."""
    dots = [f".{place}" for place in range(count)]
    made: _Side = []
    for group in side:
        if group == [_ALONE]:
            made += [[name] for name in dots]
        else:
            made.append([name for one in group for name in (dots if one == _DOTS else [one])])
    return made


def _times(sizes: Sequence[Dim]) -> Dim:
    """The size of an axis that is made of several."""
    found: Dim = 1
    for size in sizes:
        found = size if found == 1 else found if size == 1 else found * size
    return found


def _apart(op: Call, group: Sequence[str], size: Dim, known: dict[str, Dim]) -> None:
    """Finds the sizes of the axes that one axis is made of. Raises LayerError where they do not go into it."""
    names = [name for name in group if not name.isdigit()]
    fixed = [int(name) for name in group if name.isdigit()]
    free = [name for name in names if name not in known]
    given: list[Dim] = [*fixed, *(known[name] for name in names if name in known)]
    shown = f"axis ({' '.join(group)})" if len(group) > 1 else f"axis {group[0] if group else '()'}"
    if len(free) > 1:
        op.refuse(f"the sizes of {' and '.join(free)} in {shown} are not given", "pattern")
    whole = prod(numbers(given))
    if not free and whole != number(size):
        op.refuse(f"{shown} is {whole}, and the input has {size} there", "pattern")
    if free and (whole == 0 or number(size) % whole):
        op.refuse(f"{shown}: {size} is no multiple of {whole}", "pattern")
    if free:
        left: Any = size
        for one in given:
            left = left if one == 1 else left // one
        known[free[0]] = left


def _sizes(op: Call, side: _Side, x: Tensor, given: Mapping[str, Any] | None) -> tuple[_Side, int, dict[str, Dim]]:
    """The left side as the input has it, the axes that its dots stand for, and the sizes of all names."""
    sizes = x.sizes
    known: dict[str, Dim] = {}
    for name, size in (given or {}).items():
        if not isinstance(size, int | Samples):
            raise Unknown(f"the size of {name} is not known")
        known[name] = size
    dots = sum(name in (_DOTS, _ALONE) for group in side for name in group)
    count = len(sizes) - len(side) + 1 if [_ALONE] in side else 0
    if dots > 1 or count < 0 or len(_spread(side, count)) != len(sizes):
        axes = " ".join(group[0] if len(group) == 1 else f"({' '.join(group)})" for group in side)
        op.refuse(
            f"the pattern has {how_many(len(side), 'axis')} ({axes}), and the input is {spelled(sizes)}", "pattern"
        )
    spread = _spread(side, count)
    for group, size in zip(spread, sizes, strict=True):
        _apart(op, group, size, known)
    return spread, count, known


def _made(op: Call, side: _Side, known: Mapping[str, Dim]) -> Dims:
    """The shape of the right side."""
    made: list[Dim] = []
    for group in side:
        missing = [name for name in group if not name.isdigit() and name not in known]
        if missing:
            op.refuse(f"the size of axis {missing[0]} is not given", "pattern")
        made.append(_times([int(name) if name.isdigit() else known[name] for name in group]))
    return tuple(made)


def _named(side: _Side) -> list[str]:
    return [name for group in side for name in group if name != "1"]


def _whole(op: Call, input: Any) -> Tensor:
    """The tensor; of a list of them, one along a new first axis."""
    if isinstance(input, list | tuple) and input and all(isinstance(one, Tensor) for one in input):
        shapes = {one.counts for one in input}
        if len(shapes) > 1:
            op.refuse(f"a list of tensors of {len(shapes)} shapes: all have the same")
        return Tensor((len(input), *input[0].sizes), input[0].dtype)
    if not isinstance(input, Tensor):
        raise Unknown("the tensor is not known")
    return input


def _moved(
    op: Call, input: Any, pattern: Any, sizes: Any, wrong: Callable[[set[str], set[str]], set[str]], why: str
) -> Answer:
    """The values with their axes as the right side has them. Refused for axes of both sides that are `wrong`."""
    left, right = _sides(op, pattern)
    x = _whole(op, input)
    spread, count, known = _sizes(op, left, x, sizes)
    after = _spread(right, count)
    odd = sorted(wrong(set(_named(spread)), set(_named(after))))
    if odd:
        op.refuse(f"axis {odd[0]} is on {why}", "pattern")
    return Answer([Out(_made(op, after, known), x.dtype)])


@rule()
def rearrange(op: Call, input: Any, pattern: Any, sizes: Any = None) -> Answer:
    """The same values with their axes as the pattern has them."""
    return _moved(op, input, pattern, sizes, set.symmetric_difference, "one side only: rearrange keeps all values")


@rule()
def einops_repeat(op: Call, input: Any, pattern: Any, sizes: Any = None) -> Answer:
    """The values along further axes, whose sizes are given."""
    return _moved(op, input, pattern, sizes, set.difference, "the left only: repeat keeps all values")


@rule()
def einops_reduce(op: Call, input: Any, pattern: Any, sizes: Any = None, reduction: Any = "mean") -> Answer:
    """The values of the axes that the right side does not have brought together."""
    why = "the right only: reduce makes no axes"
    return _moved(op, input, pattern, sizes, lambda left, right: right - left, why)


@rule()
def einops_pack(op: Call, tensors: Any, pattern: Any) -> Answer:
    """Tensors side by side along one axis, which takes in those that ``*`` stands for; and what it took in of each."""
    before, after = _star(op, pattern)
    found = list(tensors) if isinstance(tensors, list | tuple) else []
    if not found or not all(isinstance(one, Tensor) for one in found):
        raise Unknown("the tensors are not known")
    if any(len(one.sizes) < before + after for one in found):
        op.refuse(f"the pattern '{pattern}' has {how_many(before + after, 'axis')} beside *", "pattern")
    taken = [one.sizes[before : len(one.sizes) - after] for one in found]
    sizes = [_times(one) for one in taken]
    along = sum(sizes[1:], sizes[0])
    first = found[0].sizes
    made = (*first[:before], along, *first[len(first) - after :]) if after else (*first[:before], along)
    return Answer([Out(made, found[0].dtype)], pack=lambda made: (made[0], [tuple(one) for one in taken]))


@rule()
def einops_unpack(op: Call, tensor: Tensor, packed_shapes: Any, pattern: Any) -> Answer:
    """What was packed, again, each with its axes."""
    before, after = _star(op, pattern)
    sizes = tensor.sizes
    if len(sizes) != before + after + 1 or not isinstance(packed_shapes, list | tuple):
        op.refuse(
            f"the pattern '{pattern}' has {how_many(before + after + 1, 'axis')}, and the input is {spelled(sizes)}",
            "pattern",
        )
    parts = [tuple(shape) for shape in packed_shapes]
    counts = [prod(numbers(part)) for part in parts]
    left = number(sizes[before]) - sum(count for count in counts if count >= 0)
    parts = [(left,) if part == (-1,) else part for part in parts]
    if sum(prod(numbers(part)) for part in parts) != number(sizes[before]):
        op.refuse(f"{parts} are not the {sizes[before]} on axis {before}", "packed_shapes")
    rest = sizes[before + 1 :]
    return Answer([Out((*sizes[:before], *part, *rest), tensor.dtype) for part in parts], pack=list)


def _star(op: Call, pattern: Any) -> tuple[int, int]:
    """How many axes stand before and behind the star of a pattern."""
    if not isinstance(pattern, str):
        raise Unknown("the pattern is not known")
    words = pattern.split()
    if words.count("*") != 1:
        op.refuse(f"the pattern '{pattern[:60]}' has no single *", "pattern")
    return words.index("*"), len(words) - words.index("*") - 1
