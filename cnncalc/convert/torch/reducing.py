"""Operations that take axes together: means, sums, the largest values; and orders along an axis."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import accumulate, pairwise
from typing import Any

from ...layers import LayerError
from ...values import Word
from .call import RULES, Answer, Call, Out, Rule, letter, rule, spell_all
from .elementwise import combined
from .types import Typing, summed
from .values import Tensor, Unknown, broadcast, number

_NUMBERS: dict[str, Callable[[list[Any]], Any]] = {
    "sum": sum, "mean": lambda row: sum(row) / len(row), "prod": math.prod, "amax": max, "amin": min, "max": max,
    "min": min, "any": any, "all": all,
}  # fmt: skip


def _reduced(op: Call, x: Tensor, dim: Any, keepdim: Any, dtype: str | None = None) -> Answer:
    """The shape without the axes, or with 1 in their place."""
    sizes = x.sizes
    axes = op.axes(dim, len(sizes))
    made = tuple([1 if axis in axes else size for axis, size in enumerate(sizes) if keepdim or axis not in axes])
    found = None
    if x.numbers and op.name in _NUMBERS and len(axes) == len(sizes):
        found = [_NUMBERS[op.name](x.numbers)]
    return Answer([Out(made, dtype or x.dtype, found)])


def _layer(op: Call, x: Tensor, answer: Answer, dim: Any, keepdim: Any, kind: str) -> Answer:
    """A global pool where all spatial axes go, else mean or max over axes, which keeps them: where the kind says so."""
    rank = len(x.sizes)
    axes = sorted(op.axes(dim, rank))
    if x.axis != 0 or x.place != 0 or 0 in axes or not axes or rank > 5 or x.fixed:
        return answer
    name, given = kind, {"axis": Word("".join(letter(axis, rank) for axis in axes))}
    if rank > 2 and axes == list(range(2, rank)):
        name, given = f"g{'avg' if kind == 'mean' else 'max'}pool", {}
    layer = op.layer(name, given)
    result = op.assembler.result(layer, (x.sample,))
    wanted = answer.outs[0]
    if isinstance(result, LayerError) or result.output != Tensor(wanted.shape).sample:
        return answer
    return answer._replace(layer=layer, inputs=[x], weights=())


def _reduction(kind: str | None = None, gives: Typing = lambda dtype: dtype) -> Rule:
    def reduce(
        op: Call, input: Tensor, dim: Any = None, keepdim: Any = False, *more: Any, dtype: Any = None, **named: Any
    ) -> Answer:
        made = dtype if isinstance(dtype, str) else gives(input.dtype)
        answer = _reduced(op, input, dim, keepdim is True, made)
        return _layer(op, input, answer, dim, keepdim, kind) if kind is not None else answer

    return reduce


RULES |= {"mean": _reduction("mean"), "amax": _reduction("max"), **dict.fromkeys(
    "amin nanmean logsumexp sum_to_size_ special_logsumexp".split(), _reduction()),
    **dict.fromkeys("sum prod nansum".split(), _reduction(gives=summed)),
    **dict.fromkeys("any all".split(), _reduction(gives=lambda _: "bool")),
    **dict.fromkeys("argmax argmin count_nonzero".split(), _reduction(gives=lambda _: "int64"))}  # fmt: skip


@rule("std", "var")
def spread_of(
    op: Call, input: Tensor, dim: Any = None, unbiased: Any = True, keepdim: Any = False, **named: Any
) -> Answer:
    """How far the values are from their mean."""
    return _reduced(op, input, None if isinstance(dim, bool) else dim, keepdim is True)


@rule("std_mean", "var_mean")
def spread_and_mean(
    op: Call, input: Tensor, dim: Any = None, unbiased: Any = True, keepdim: Any = False, **named: Any
) -> Answer:
    """Both."""
    answer = _reduced(op, input, None if isinstance(dim, bool) else dim, keepdim is True)
    return answer._replace(outs=[answer.outs[0]] * 2)


@rule("norm", "linalg_vector_norm", "vector_norm", "linalg_norm", "frobenius_norm", "nuclear_norm")
def norm(op: Call, input: Tensor, p: Any = None, dim: Any = None, keepdim: Any = False, **named: Any) -> Answer:
    """A length."""
    return _reduced(op, input, named.get("ord_dim", dim), keepdim is True)


def _extreme(pair: str) -> Rule:
    """The largest or smallest value along an axis with its index; of all; or of two tensors."""

    def extreme(op: Call, input: Tensor, dim: Any = None, keepdim: Any = False, **named: Any) -> Answer:
        other = named.get("other", dim)
        if isinstance(other, Tensor):
            op.name = pair
            return combined(op, input, other)
        answer = _reduced(op, input, dim, keepdim is True)
        if dim is None:
            return answer
        return answer._replace(outs=[*answer.outs, Out(answer.outs[0].shape, "int64")])

    return extreme


RULES |= {"max": _extreme("maximum"), "min": _extreme("minimum")}


@rule("median", "nanmedian", "mode")
def median(op: Call, input: Tensor, dim: Any = None, keepdim: Any = False, **named: Any) -> Answer:
    """A value in the middle, along an axis with its index."""
    answer = _reduced(op, input, dim, keepdim is True)
    return answer if dim is None else answer._replace(outs=[*answer.outs, Out(answer.outs[0].shape, "int64")])


@rule()
def kthvalue(op: Call, input: Tensor, k: Any, dim: Any = -1, keepdim: Any = False) -> Answer:
    """The k-th smallest value along an axis, with its index."""
    return median(op, input, dim, keepdim)


@rule("quantile", "nanquantile")
def quantile(op: Call, input: Tensor, q: Any, dim: Any = None, keepdim: Any = False, **named: Any) -> Answer:
    """The value that a share of the others is below, along an axis."""
    if not isinstance(q, float):
        raise Unknown("how many shares is not known")
    return _reduced(op, input, dim, keepdim is True)


@rule()
def msort(op: Call, input: Tensor) -> Answer:
    """The values in order, along the first axis."""
    return Answer([Out(input.sizes, input.dtype)])


@rule("sort", "cummax", "cummin")
def sort(op: Call, input: Tensor, *more: Any, **named: Any) -> Answer:
    """The values in order, and where each was."""
    return Answer([Out(input.sizes, input.dtype), Out(input.sizes, "int64")])


@rule()
def argsort(op: Call, input: Tensor, *more: Any, **named: Any) -> Answer:
    """Where each value of an order is."""
    return Answer([Out(input.sizes, "int64")])


@rule()
def topk(op: Call, input: Tensor, k: Any, dim: Any = -1, *more: Any, **named: Any) -> Answer:
    """The so many largest along an axis, and where they are."""
    sizes, axis = input.sizes, op.axis(dim, len(input.sizes))
    if isinstance(k, Unknown):
        raise k
    if not 0 <= number(k) <= number(sizes[axis]):
        op.refuse(f"k={k} of the {sizes[axis]} on axis {axis}", "k")
    made = (*sizes[:axis], k, *sizes[axis + 1 :])
    return Answer([Out(made, input.dtype), Out(made, "int64")])


@rule("multinomial")
def multinomial(op: Call, input: Tensor, num_samples: Any, *more: Any, **named: Any) -> Answer:
    """So many draws of each row."""
    return Answer([Out((*input.sizes[:-1], num_samples), "int64")])


@rule("cosine_similarity", "pairwise_distance")
def similarity(op: Call, x1: Tensor, x2: Tensor, dim: Any = None, *more: Any, **named: Any) -> Answer:
    """How alike two tensors are along an axis."""
    shape = broadcast([x1.sizes, x2.sizes])
    if shape is None:
        op.refuse(f"{spell_all([x1, x2])} do not go together")
    axis = op.axis((1 if op.name[0] == "c" else -1) if dim is None else dim, len(shape))
    return Answer([Out((*shape[:axis], *shape[axis + 1 :]), x1.dtype)])


@rule("one_hot")
def one_hot(op: Call, tensor: Tensor, num_classes: Any = -1) -> Answer:
    """A row with a single 1 for each number."""
    if not isinstance(num_classes, int) or num_classes < 1:
        raise Unknown("the number of classes hangs on the values")
    return Answer([Out((*tensor.sizes, num_classes), "int64")])


@rule()
def diff(op: Call, input: Tensor, n: Any = 1, dim: Any = -1) -> Answer:
    """What each value along an axis is larger than the one before."""
    axis = op.axis(dim, len(input.sizes))
    size = number(input.sizes[axis])
    if not isinstance(n, int) or n < 0:
        op.refuse(f"n={n}: how often is a number of at least 0", "n")
    shape = (*input.sizes[:axis], max(size - n, 0), *input.sizes[axis + 1 :])
    found = input.numbers if len(shape) == 1 and n == 1 else None
    steps = None if found is None else [after - before for before, after in pairwise(found)]
    return Answer([Out(shape, input.dtype, steps)])


@rule()
def cumsum(op: Call, input: Tensor, dim: Any = 0, dtype: Any = None) -> Answer:
    """The sums up to each value along an axis."""
    op.axis(dim, len(input.sizes))
    found = None if input.numbers is None or len(input.sizes) != 1 else list(accumulate(input.numbers))
    return Answer([Out(input.sizes, dtype if isinstance(dtype, str) else summed(input.dtype), found)])
