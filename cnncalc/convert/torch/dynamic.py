"""Convolutions whose weights are worked out for each sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .call import Answer, Call, Out
from .values import Samples, Tensor, Unknown, number


def of_each_sample(
    op: Call, function: Callable[..., Answer], tensors: tuple[Tensor, Tensor, Tensor | None], *args: Any
) -> Answer:
    """A convolution with weights of each sample's own: the samples stand side by side in the channels, each
    in groups of its own, the last of the arguments.
    """
    x, weight, bias = tensors
    first, channels, rows, groups = x.sizes[0], x.sizes[1], weight.sizes[0], args[-1]
    folded = first == 1 and isinstance(channels, Samples)
    if not isinstance(rows, Samples) or not (folded or (isinstance(first, Samples) and first.alone)):
        raise Unknown("a convolution in as many groups as there are samples")
    alone = Tensor((Samples(rows.n), number(channels) // (rows.n if folded else 1), *x.sizes[2:]), x.dtype)
    filters = Tensor((rows.factor, *weight.sizes[1:]), weight.dtype)
    added = Tensor((number(bias.sizes[0]) // rows.n,), bias.dtype) if bias is not None else None
    answer = function(op, alone, filters, added, *args[:-1], groups.factor)
    sizes = answer.outs[0].shape or ()
    if folded:
        sizes = (1, Samples(rows.n, 1, number(sizes[1])), *sizes[2:])
    return Answer([Out(sizes, x.dtype)], None, None, (), answer.macs)
