"""Convolutions and pools, by the rules of the layers."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from ...values import Pair, Shape, Size, how_many
from .call import RULES, Answer, Call, Out, Rule, rule
from .dynamic import of_each_sample
from .values import Dims, Samples, Tensor, Unknown, number, numbers, spelled


def size_of(found: Sequence[int]) -> Any:
    """Numbers an axis as an argument: one, where all are the same."""
    return found[0] if len(set(found)) == 1 else Size(found)


def sides(before: Sequence[int], after: Sequence[int]) -> Any:
    """Pads as an argument."""
    pairs = [a if a == b else Pair(a, b) for a, b in zip(before, after, strict=True)]
    return pairs[0] if all(pair == pairs[0] and type(pair) is type(pairs[0]) for pair in pairs) else Size(pairs)


def batched_map(op: Call, x: Tensor, spatial: int) -> bool:
    """Whether a map with so many spatial axes has samples, too. Raises LayerError for another number of axes."""
    rank = len(x.sizes)
    if rank not in (spatial + 1, spatial + 2):
        op.refuse(f"{op.name} takes {spatial + 2} axes, samples first, or {spatial + 1}, and the input is "
                  f"{spelled(x.sizes)}", "input")  # fmt: skip
    return rank == spatial + 2


def positive(op: Call, **found: Sequence[int]) -> None:
    """Raises LayerError for a step or kernel below 1, and for a pad below 0."""
    for name, values in found.items():
        if min(values) < (0 if "padding" in name else 1):
            op.refuse(
                f"{name}={list(values)}: {'none is below 0' if 'padding' in name else 'all are at least 1'}", name
            )


# --- convolutions -----------------------------------------------------------------------------------


def _convolved(
    op: Call, x: Tensor, weight: Tensor, bias: Tensor | None, stride: Any, padding: Any, dilation: Any, groups: Any
) -> Answer:
    if isinstance(groups, Samples):
        return of_each_sample(op, _convolved, (x, weight, bias), stride, padding, dilation, groups)
    filters, spatial = weight.counts, len(weight.sizes) - 2
    batched = batched_map(op, x, spatial)
    channels = number(x.sizes[1 if batched else 0])
    if not isinstance(groups, int) or groups < 1 or filters[1] * groups != channels:
        if not batched and isinstance(x.sizes[0], Samples):
            op.refuse(
                f"{op.name} takes {spatial + 2} axes, samples first, and the input is {spelled(x.sizes)}", "input"
            )
        expected = filters[1] * groups if isinstance(groups, int) else filters[1]
        in_groups = f" (its weights have {filters[1]} in {groups} groups)" if groups != 1 else ""
        op.refuse(f"it is made for {how_many(expected, 'channel')}{in_groups}, "
                  f"and the input {spelled(x.sizes)} has {channels}",
                  "input")  # fmt: skip
    strides, dilations = op.per_axis(stride, spatial, "stride"), op.per_axis(dilation, spatial, "dilation")
    if padding == "same":
        if set(strides) != {1}:
            op.refuse("padding='same' goes with stride 1 only", "padding")
        spans = [(size - 1) * step for size, step in zip(filters[2:], dilations, strict=True)]
        pad = sides([span // 2 for span in spans], [span - span // 2 for span in spans])
    else:
        pads = op.per_axis(0 if padding == "valid" else padding, spatial, "padding")
        positive(op, padding=pads)
        pad = size_of(pads)
    positive(op, stride=strides, dilation=dilations, kernel_size=filters[2:])
    given = {"kernel": size_of(filters[2:]), "stride": size_of(strides), "dilation": size_of(dilations), "pad": pad,
             "bias": bias is not None}  # fmt: skip
    if groups == channels > 1 and filters[0] % groups == 0:
        return op.kind("dwconv", {**given, "multiplier": filters[0] // groups}, x, (weight, bias), batched=batched)
    return op.kind("conv", {**given, "filters": filters[0], "groups": groups}, x, (weight, bias), batched=batched)


@rule("conv1d", "conv2d", "conv3d")
def conv(
    op: Call, input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0,
    dilation: Any = 1, groups: Any = 1,
) -> Answer:  # fmt: skip
    """A convolution; its weights are filters x channels of a group x kernel."""
    if len(weight.sizes) - 2 != {"conv1d": 1, "conv2d": 2, "conv3d": 3}.get(op.name, len(weight.sizes) - 2):
        op.refuse(f"{op.name} with weights of {spelled(weight.sizes)}", "weight")
    return _convolved(op, input, weight, bias, stride, padding, dilation, groups)


@rule("convolution", "_convolution", "mkldnn_convolution", "cudnn_convolution")
def convolution(
    op: Call, input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0,
    dilation: Any = 1, transposed: Any = False, output_padding: Any = 0, groups: Any = 1, *more: Any,
) -> Answer:  # fmt: skip
    """What the others come to in core ATen."""
    if transposed:
        return conv_transpose(op, input, weight, bias, stride, padding, output_padding, groups, dilation)
    return _convolved(op, input, weight, bias, stride, padding, dilation, groups)


@rule("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
def conv_transpose(
    op: Call, input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0,
    output_padding: Any = 0, groups: Any = 1, dilation: Any = 1, output_size: Any = None,
) -> Answer:  # fmt: skip
    """A transposed convolution: its weights are channels x filters of a group x kernel.

    Its module may be given the size that is to come out, in place of what is to be added.
    """
    if isinstance(groups, Samples):

        def turned(op: Call, x: Tensor, weight: Tensor, bias: Tensor | None, groups: int) -> Answer:
            return conv_transpose(op, x, weight, bias, stride, padding, output_padding, groups, dilation, output_size)

        return of_each_sample(op, turned, (input, weight, bias), groups)
    filters, spatial = weight.counts, len(weight.sizes) - 2
    batched = batched_map(op, input, spatial)
    channels = number(input.sizes[1 if batched else 0])
    if filters[0] != channels:
        op.refuse(
            f"it is made for {how_many(filters[0], 'channel')}, and the input {spelled(input.sizes)} has {channels}",
            "input",
        )
    found = {name: op.per_axis(value, spatial, name) for name, value in (
        ("stride", stride), ("padding", padding), ("output_padding", output_padding), ("dilation", dilation)
    )}  # fmt: skip
    positive(op, kernel_size=filters[2:], **found)
    if output_size is not None:
        found["output_padding"] = _added(op, numbers(input.sizes[-spatial:]), filters[2:], found, output_size)
    for extra, step, spread in zip(found["output_padding"], found["stride"], found["dilation"], strict=True):
        if extra >= max(step, spread):
            op.refuse(f"output_padding={extra} is not less than stride={step} or dilation={spread}", "output_padding")
    given = {"filters": filters[1] * groups, "kernel": size_of(filters[2:]), "stride": size_of(found["stride"]),
             "dilation": size_of(found["dilation"]), "groups": groups, "bias": bias is not None,
             "pad": size_of(found["padding"]), "outpad": size_of(found["output_padding"])}  # fmt: skip
    return op.kind("upconv", given, input, (weight, bias), batched=batched)


def _added(op: Call, sizes: Shape, kernel: Shape, found: dict[str, list[int]], wanted: Any) -> list[int]:
    """The output padding that gives the wanted sizes. Raises LayerError where none does."""
    if not isinstance(wanted, list | tuple) or len(wanted) < len(sizes):
        raise Unknown("output_size is not known")
    added = []
    for axis, size in enumerate(sizes):
        step, pad, spread = (found[name][axis] for name in ("stride", "padding", "dilation"))
        least = (size - 1) * step - 2 * pad + spread * (kernel[axis] - 1) + 1
        asked = number(wanted[axis - len(sizes)])
        if not least <= asked < least + step:
            op.refuse(f"output_size={asked}: from {size} come {least} to {least + step - 1}", "output_size")
        added.append(asked - least)
    return added


# --- pools ------------------------------------------------------------------------------------------


def _spatial(op: Call) -> int:
    """The number of spatial axes that the name says."""
    return next((int(digit) for digit in op.name if digit in "123"), 2)


def _window(op: Call, kernel: Any, stride: Any, padding: Any, dilation: Any = 1) -> dict[str, Any]:
    """Kernel, stride, pads and dilation of a pool. Raises LayerError."""
    spatial = _spatial(op)
    kernels = op.per_axis(kernel, spatial, "kernel_size")
    strides = kernels if stride is None or stride in ([], ()) else op.per_axis(stride, spatial, "stride")
    pads, dilations = op.per_axis(padding, spatial, "padding"), op.per_axis(dilation, spatial, "dilation")
    positive(op, kernel_size=kernels, stride=strides, padding=pads, dilation=dilations)
    for taps, pad in zip(kernels, pads, strict=True):
        if 2 * pad > taps:
            op.refuse(f"padding={pad} is more than half of kernel_size={taps}", "padding")
    found = {"kernel": size_of(kernels), "stride": size_of(strides), "pad": size_of(pads)}
    return found if set(dilations) == {1} else {**found, "dilation": size_of(dilations)}


@rule("max_pool1d", "max_pool2d", "max_pool3d")
def max_pool(
    op: Call, input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: Any = False, return_indices: Any = False,
) -> Answer:  # fmt: skip
    """The largest value of each window; where they stand, too, where that is wanted."""
    given = {**_window(op, kernel_size, stride, padding, dilation), "ceil": bool(ceil_mode)}
    answer = op.kind("maxpool", given, input, batched=batched_map(op, input, _spatial(op)))
    return _indexed(answer) if return_indices is True else answer


def _indexed(answer: Answer) -> Answer:
    """A pool with its indices."""
    return answer._replace(outs=[*answer.outs, Out(answer.outs[0].shape, "int64")])


@rule("max_pool1d_with_indices", "max_pool2d_with_indices", "max_pool3d_with_indices")
def max_pool_with_indices(
    op: Call, input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
    ceil_mode: Any = False, return_indices: Any = True,
) -> Answer:  # fmt: skip
    """Both, as core ATen has it."""
    return max_pool(op, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices=True)


@rule("avg_pool1d", "avg_pool2d", "avg_pool3d")
def avg_pool(
    op: Call, input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: Any = False,
    count_include_pad: Any = True, divisor_override: Any = None,
) -> Answer:  # fmt: skip
    """The mean of each window."""
    if _spatial(op) == 3:  # where PyTorch wants the kernel in the input without its border
        for size, taps in zip(input.counts[-3:], op.per_axis(kernel_size, 3, "kernel_size"), strict=True):
            if size < taps:
                op.refuse(f"kernel_size={taps} on an axis of {size}", "kernel_size")
    given = {**_window(op, kernel_size, stride, padding), "ceil": bool(ceil_mode), "countpad": bool(count_include_pad)}
    return op.kind("avgpool", given, input, batched=batched_map(op, input, _spatial(op)))


@rule("lp_pool1d", "lp_pool2d", "lp_pool3d")
def lp_pool(
    op: Call, input: Tensor, norm_type: Any, kernel_size: Any, stride: Any = None, ceil_mode: Any = False
) -> Answer:
    """A pool of another norm: its windows are those of any."""
    given = {**_window(op, kernel_size, stride, 0), "ceil": bool(ceil_mode)}
    answer = op.kind("avgpool", given, input, batched=batched_map(op, input, _spatial(op)))
    return Answer([Out(answer.outs[0].shape, input.dtype)])


def _adaptive(kind: str) -> Rule:
    def adaptive_pool(op: Call, input: Tensor, output_size: Any, return_indices: Any = False) -> Answer:
        spatial = _spatial(op)
        batched = batched_map(op, input, spatial)
        found = list(output_size) if isinstance(output_size, list | tuple) else [output_size] * spatial
        if len(found) != spatial:
            op.refuse(f"output_size={output_size} on {how_many(spatial, 'spatial axis')}", "output_size")
        sizes = [number(size) if one is None else one for one, size in zip(found, input.sizes[-spatial:], strict=True)]
        wanted = op.per_axis(
            [number(size) if isinstance(size, Samples) else size for size in sizes], spatial, "output_size"
        )
        if set(wanted) == {1}:
            answer = op.kind("gavgpool" if kind == "avgpool" else "gmaxpool", {}, input, batched=batched)
        else:
            positive(op, output_size=wanted)
            answer = op.kind(kind, {"to": size_of(wanted)}, input, batched=batched)
        return _indexed(answer) if return_indices is True or (kind == "maxpool" and op.aten) else answer

    return adaptive_pool


RULES |= dict.fromkeys(("adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "_adaptive_avg_pool2d",
                        "_adaptive_avg_pool3d"), _adaptive("avgpool"))  # fmt: skip
RULES |= dict.fromkeys(("adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d"), _adaptive("maxpool"))


@rule("max_unpool1d", "max_unpool2d", "max_unpool3d")
def max_unpool(
    op: Call, input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0,
    output_size: Any = None,
) -> Answer:  # fmt: skip
    """What undoes a max pool: its sizes, or those that are given."""
    spatial = _spatial(op)
    if op.aten:  # there its third argument is the size
        return _unpooled(op, input.sizes, kernel_size, spatial, input)
    if output_size is not None:
        return _unpooled(op, input.sizes, output_size, spatial, input)
    return op.kind("unpool", _window(op, kernel_size, stride, padding), input, batched=batched_map(op, input, spatial))


def _unpooled(op: Call, sizes: Dims, wanted: Any, spatial: int, x: Tensor) -> Answer:
    found = numbers(wanted)[-spatial:]
    return Answer([Out((*sizes[: len(sizes) - spatial], *op.per_axis(found, spatial, "output_size")), x.dtype)])


# --- windows that tensors place ---------------------------------------------------------------------


@rule("deform_conv2d")
def deform_conv(
    op: Call, input: Tensor, offset: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1,
    padding: Any = 0, dilation: Any = 1, mask: Tensor | None = None,
) -> Answer:  # fmt: skip
    """A convolution whose taps another tensor moves: its sizes and work are those of a convolution."""
    groups = input.counts[1] // max(weight.counts[1], 1)
    answer = _convolved(op, input, weight, bias, stride, padding, dilation, groups)
    made = answer.outs[0].shape or ()
    return Answer(answer.outs, weights=(weight, bias), macs=prod(weight.counts) * prod(numbers((made[0], *made[2:]))))


@rule("roi_align", "roi_pool", "ps_roi_align")
def roi_align(op: Call, input: Tensor, boxes: Any, *more: Any, **named: Any) -> Answer:
    """As many results as there are regions, which only running tells where they are a list."""
    raise Unknown("the number of regions is not known")
