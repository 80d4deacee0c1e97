"""Convolutions and pools, with Caffe's rounding (src/caffe/layers/pooling_layer.cpp, base_conv_layer.cpp)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...layers import LayerError
from ...values import Pair, one_or_each
from ..misfit import Misfit
from .description import LayerParameter
from .reading import CaffeReader, Rule
from .text import Message


def _sizes(given: Message, name: str, rank: int, default: int | None) -> list[int]:
    """One number an axis: ``kernel_size`` once, or for each axis, or ``kernel_h`` and ``kernel_w``."""
    base = name.removesuffix("_size")
    if f"{base}_h" in given.values or f"{base}_w" in given.values:
        return [given.number(f"{base}_{letter}", default or 0) for letter in "hw"]
    numbers = given.numbers(name)
    if not numbers and default is None:
        raise Misfit(LayerError(f"'{name}' is missing"), given.span)
    numbers = numbers or [default or 0]
    return numbers * rank if len(numbers) == 1 else numbers


def convolution(kind: str) -> Rule:
    """A convolution or a transposed one."""

    def rule(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
        given, tensor = layer.given, tensors[0]
        shape = filling.shape(tensor)
        rank = len(shape) - 1 if shape is not None and len(shape) > 1 else 2
        filters = given.number("num_output", 0)
        groups = given.number("group", 1)
        if layer.type != "Convolution" and kind == "conv" and shape is not None:
            groups = shape[0]  # the forks' depthwise layers
        values = {
            "filters": filters, "kernel": one_or_each(_sizes(given, "kernel_size", rank, None)),
            "stride": one_or_each(_sizes(given, "stride", rank, 1)), "pad": one_or_each(_sizes(given, "pad", rank, 0)),
            "dilation": one_or_each(_sizes(given, "dilation", rank, 1)), "groups": groups,
            "bias": given.flag("bias_term", True),
        }  # fmt: skip
        return [filling.apply(kind, values, tensor, place="kernel_size")] * max(len(layer.tops), 1)

    return rule


def pooling(filling: CaffeReader, layer: LayerParameter, tensors: list[int]) -> Sequence[int]:
    """A pool: sizes are rounded up; the last window is left out where it starts in the border, if there is a border."""
    given, tensor = layer.given, tensors[0]
    kind = "avgpool" if given.text("pool", "MAX") in ("AVE", "1") else "maxpool"
    if given.flag("global_pooling", False):
        return [filling.apply("gavgpool" if kind == "avgpool" else "gmaxpool", {}, tensor)]
    shape = filling.shape(tensor)
    rank = len(shape) - 1 if shape is not None and len(shape) > 1 else 2
    kernels, strides = _sizes(given, "kernel_size", rank, None), _sizes(given, "stride", rank, 1)
    pads = _sizes(given, "pad", rank, 0)
    up = given.text("round_mode", "CEIL") in ("CEIL", "0")
    values: dict[str, Any] = {"kernel": one_or_each(kernels), "stride": one_or_each(strides), "pad": one_or_each(pads)}
    if up and shape is not None and len(shape) == len(kernels) + 1:
        axes = zip(shape[1:], kernels, strides, pads, strict=True)
        needed = [_after(size, kernel, stride, pad, any(pads)) for size, kernel, stride, pad in axes]
        if any(extra for extra, _ in needed):
            if all(clipped for _, clipped in needed):
                values["ceil"] = True
            else:
                filling.assembler.looked_at_sizes()
                values["pad"] = one_or_each(
                    [Pair(pad, pad + extra) for pad, (extra, _) in zip(pads, needed, strict=True)]
                )
    made = filling.apply(kind, values, tensor, place="kernel_size")
    return [made] * max(len(layer.tops), 1)


def _after(size: int, kernel: int, stride: int, pad: int, clips: bool) -> tuple[int, bool]:
    """The pixels behind an axis that its windows need beyond the border, and whether PyTorch's ceil=yes has as many."""
    if stride < 1 or kernel < 1 or size + 2 * pad < kernel:
        return 0, True
    count = -(-(size + 2 * pad - kernel) // stride) + 1
    clipped = count - ((count - 1) * stride >= size + pad)
    output = clipped if clips else count
    return max((output - 1) * stride + kernel - size - 2 * pad, 0), clipped == output
