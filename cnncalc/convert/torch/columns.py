"""Windows of a picture as the columns of a matrix, and back."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from .call import Answer, Call, Out, rule
from .values import Tensor, number, spelled
from .windows import batched_map, positive


def _blocks(
    op: Call, sizes: Sequence[int], kernel: Any, dilation: Any, padding: Any, stride: Any
) -> tuple[list[int], int]:
    """The kernel, and how many of its windows there are."""
    kernels, spreads, pads, steps = (
        op.per_axis(value, len(sizes), name) for value, name in
        ((kernel, "kernel_size"), (dilation, "dilation"), (padding, "padding"), (stride, "stride"))
    )  # fmt: skip
    positive(op, kernel_size=kernels, dilation=spreads, padding=pads, stride=steps)
    counts = [(size + 2 * pad - spread * (taps - 1) - 1) // step + 1
              for size, taps, spread, pad, step in zip(sizes, kernels, spreads, pads, steps, strict=True)]  # fmt: skip
    if min(counts) < 1:
        op.refuse(f"kernel_size={kernels} on {'x'.join(map(str, sizes))}: no window fits", "kernel_size")
    return kernels, prod(counts)


@rule("im2col")
def unfold(op: Call, input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Answer:
    """The windows of a picture as columns."""
    batched = batched_map(op, input, 2)
    rows, (channels, *sizes) = (input.sizes[:1], input.counts[1:]) if batched else ((), input.counts)
    kernels, count = _blocks(op, sizes, kernel_size, dilation, padding, stride)
    return Answer([Out((*rows, channels * prod(kernels), count), input.dtype)])


@rule("fold", "col2im")
def fold(
    op: Call, input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Answer:
    """Columns put together to a picture."""
    *rows, columns, length = input.sizes
    made = op.per_axis([number(one) for one in output_size], 2, "output_size")
    kernels, count = _blocks(op, made, kernel_size, dilation, padding, stride)
    if number(columns) % prod(kernels) or number(length) != count:
        op.refuse(f"columns of {spelled(input.sizes)} in windows of {kernels}, of which there are {count}", "input")
    return Answer([Out((*rows, number(columns) // prod(kernels), *made), input.dtype)])
