"""Operators with windows: convolutions and pools, by the rules of the layers; and what ONNX says of their pads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from ...layers.window import windows
from ...values import Pair, Shape, Size, how_many
from .call import Handler, NodeCall, NodeOutcome
from .values import Initializer, NodeOutput, OperatorFault, UnknownShape, Value


def sizes(found: Sequence[int]) -> Any:
    """Numbers an axis as an argument: one, where all are the same."""
    return found[0] if len(set(found)) == 1 else Size(found)


def sides(before: Sequence[int], after: Sequence[int]) -> Any:
    """Pads as an argument."""
    pairs = [a if a == b else Pair(a, b) for a, b in zip(before, after, strict=True)]
    return pairs[0] if all(pair == pairs[0] and type(pair) is type(pairs[0]) for pair in pairs) else Size(pairs)


def _geometry(call: NodeCall, shape: Shape, kernel: Sequence[int]) -> dict[str, Any]:
    """Kernel, stride, dilation and pad of what slides over `shape`, with samples and channels. Raises OperatorFault."""
    rank = len(shape) - 2
    if rank < 1 or len(kernel) != rank:
        raise OperatorFault(f"a kernel of {how_many(len(kernel), 'axis')} on {'x'.join(map(str, shape))}")
    strides, dilations = call.ints("strides", rank, 1), call.ints("dilations", rank, 1)
    if min(*kernel, *strides, *dilations) < 1:
        raise OperatorFault(f"kernel {kernel}, strides {strides}, dilations {dilations}: all are at least 1")
    found = {"kernel": sizes(kernel), "stride": sizes(strides), "dilation": sizes(dilations)}
    auto = call.attr("auto_pad", "NOTSET")
    if auto in ("", "NOTSET"):
        pads = call.ints("pads", 2 * rank, 0)
        if min(pads) < 0:
            raise OperatorFault(f"pads {pads}: none is below 0")
        found["pad"] = sides(pads[:rank], pads[rank:])
    elif auto == "VALID":
        found["pad"] = 0
    else:
        axes = windows(shape[1:], found["kernel"], found["stride"], found["dilation"], "same")
        before, after = [axis.before for axis in axes], [axis.after for axis in axes]
        found["pad"] = sides(after, before) if auto == "SAME_LOWER" else sides(before, after)
    return found


def _filters(call: NodeCall, place: int) -> tuple[Value, Shape]:
    """The weights at a place, and their shape. Raises OperatorFault."""
    weight = call.need(place)
    shape = weight.known
    if len(shape) < 3:
        raise OperatorFault(
            f"weights of the shape {'x'.join(map(str, shape))}: filters, channels and a kernel are meant"
        )
    return weight, shape


def conv(call: NodeCall) -> NodeOutcome:
    """A convolution, float or integer, with or without an activation that a tool has put into it."""
    return convolved(call, 1, 2)


def convolved(call: NodeCall, weights: int, biases: int) -> NodeOutcome:
    """A convolution whose weights and biases are the inputs at these places."""
    value = call.need(0)
    weight, filters = _filters(call, weights)
    bias = call.get(biases)
    shape, groups = value.known, call.attr("group", 1)
    kernel = call.attr("kernel_shape") or list(filters[2:])
    if list(filters[2:]) != kernel:
        raise OperatorFault(f"kernel_shape {kernel}, and weights of {'x'.join(map(str, filters))}")
    if len(shape) != len(filters):
        raise OperatorFault(f"weights of {'x'.join(map(str, filters))} on an input of {'x'.join(map(str, shape))}")
    given = {**_geometry(call, shape, kernel), "bias": bias is not None}
    if groups < 1 or filters[1] * groups != shape[1]:
        groups_of = f"{filters[1]}*{groups} = {filters[1] * groups}"
        raise OperatorFault(
            f"the weights are for {how_many(filters[1], 'channel')} in {how_many(groups, 'group')}, "
            f"and the input has {shape[1]}: {groups_of}"
        )
    if groups == shape[1] > 1 and filters[0] % groups == 0:
        return call.answer("dwconv", {**given, "multiplier": filters[0] // groups}, value, _stored(weight, bias))
    return call.answer("conv", {**given, "filters": filters[0], "groups": groups}, value, _stored(weight, bias))


def _stored(*values: Value | None) -> list[Value | None]:
    return [value for value in values if value is not None]


def conv_transpose(call: NodeCall) -> NodeOutcome:
    """A transposed convolution: its weights are channels x filters of a group x kernel."""
    value, bias = call.need(0), call.get(2)
    weight, filters = _filters(call, 1)
    shape, groups = value.known, call.attr("group", 1)
    rank = len(shape) - 2
    kernel = call.attr("kernel_shape") or list(filters[2:])
    if len(filters) != len(shape) or filters[0] != shape[1] or groups < 1 or shape[1] % groups:
        raise OperatorFault(f"weights of {'x'.join(map(str, filters))} in {how_many(groups, 'group')} on an input of "
                     f"{'x'.join(map(str, shape))}")  # fmt: skip
    strides, dilations = call.ints("strides", rank, 1), call.ints("dilations", rank, 1)
    extra = call.ints("output_padding", rank, 0)
    before, after, extra = _taken(call, shape, kernel, strides, dilations, extra)
    given = {"filters": filters[1] * groups, "kernel": sizes(kernel), "stride": sizes(strides),
             "dilation": sizes(dilations), "groups": groups, "bias": bias is not None,
             "pad": sides(before, after), "outpad": sizes(extra)}  # fmt: skip
    return call.answer("upconv", given, value, _stored(weight, bias))


def _taken(
    call: NodeCall, shape: Shape, kernel: list[int], strides: list[int], dilations: list[int], extra: list[int]
) -> tuple[list[int], list[int], list[int]]:
    """What is taken off the output's ends, and put to it: pads as they are, or what gives the wanted size."""
    rank, auto, wanted = len(shape) - 2, call.attr("auto_pad", "NOTSET"), call.attr("output_shape")
    if not wanted and auto in ("", "NOTSET", "VALID"):
        pads = [0] * (2 * rank) if auto == "VALID" else call.ints("pads", 2 * rank, 0)
        return pads[:rank], pads[rank:], extra
    if wanted and len(wanted) == rank + 2:
        wanted = wanted[2:]
    before, after = [], []
    for axis, (size, step) in enumerate(zip(shape[2:], strides, strict=True)):
        full = (size - 1) * step + extra[axis] + (kernel[axis] - 1) * dilations[axis] + 1
        total = full - (wanted[axis] if wanted else size * step)
        extra[axis] += max(-total, 0)
        half = max(total, 0) // 2
        rest = max(total, 0) - half
        before.append(half if auto == "SAME_UPPER" else rest)
        after.append(rest if auto == "SAME_UPPER" else half)
    return before, after, extra


def pool(kind: str) -> Handler:
    """A pool with a window."""

    def handle(call: NodeCall) -> NodeOutcome:
        value, kernel = call.need(0), call.attr("kernel_shape")
        if not kernel:
            raise OperatorFault("kernel_shape is missing")
        given: dict[str, Any] = {**_geometry(call, value.known, kernel), "ceil": bool(call.attr("ceil_mode", 0))}
        if kind == "avgpool":
            given["countpad"] = bool(call.attr("count_include_pad", 0))
        answer = _pooled(call, kind, given, value)
        return answer._replace(outs=[*answer.outs, *answer.outs]) if len(call.node.outputs) > 1 else answer

    return handle


def _pooled(call: NodeCall, kind: str, given: dict[str, Any], value: Value) -> NodeOutcome:
    if kind:
        return call.answer(kind, given, value)
    shape = value.known  # another norm: the windows are the same
    found = windows(shape[1:], given["kernel"], given["stride"], given.get("dilation", 1), given["pad"], given["ceil"])
    return NodeOutcome([NodeOutput((*shape[:2], *(window.output for window in found)), value.axis)])


def global_pool(kind: str) -> Handler:
    """A pool over everything."""

    def handle(call: NodeCall) -> NodeOutcome:
        value = call.need(0)
        shape = value.known
        if len(shape) < 3:
            raise OperatorFault(f"{call.op} of {'x'.join(map(str, shape))}, which has no spatial axes")
        if kind:
            return call.answer(kind, {}, value)
        return NodeOutcome([NodeOutput((*shape[:2], *(1 for _ in shape[2:])), value.axis)])

    return handle


def unpool(call: NodeCall) -> NodeOutcome:
    """What undoes a max pool: its sizes, or those that are given."""
    value, wanted = call.need(0), call.numbers(2)
    shape = value.known
    if wanted is not None:
        return NodeOutcome([NodeOutput(tuple(wanted), value.axis)])
    kernel = call.attr("kernel_shape") or []
    rank = len(shape) - 2
    strides, pads = call.ints("strides", rank, 1), call.ints("pads", 2 * rank, 0)
    if len(kernel) != rank:
        raise OperatorFault(f"kernel_shape {kernel} on {how_many(rank, 'spatial axis')}")
    made = [(size - 1) * step + taps - pads[axis] - pads[axis + rank]
            for axis, (size, step, taps) in enumerate(zip(shape[2:], strides, kernel, strict=True))]  # fmt: skip
    return NodeOutcome([NodeOutput((*shape[:2], *made), value.axis)])


def deform_conv(call: NodeCall) -> NodeOutcome:
    """A convolution whose taps are moved by another tensor: its sizes are those of a convolution."""
    moved = call.need(0)
    weight, filters = _filters(call, 1)
    shape = moved.known
    given = _geometry(call, shape, call.attr("kernel_shape") or list(filters[2:]))
    found = windows(shape[1:], given["kernel"], given["stride"], given["dilation"], given["pad"])
    made = tuple(window.output for window in found)
    bias = call.get(3)
    stored: list[Initializer] = [storage for value in (weight, bias) if value is not None for storage in value.storages]
    samples = 1 if moved.axis == 0 else shape[0]
    return NodeOutcome([NodeOutput((shape[0], filters[0], *made), moved.axis)], weights=stored,
                  macs=prod(filters) * prod(made) * samples)  # fmt: skip


def roi_pool(call: NodeCall) -> NodeOutcome:
    """A pool of regions: as many results as there are regions."""
    value, regions = call.need(0), call.need(1)
    if call.op == "MaxRoiPool":
        made = call.attr("pooled_shape") or []
    else:
        made = [call.attr("output_height", 1), call.attr("output_width", 1)]
    return NodeOutcome([NodeOutput((regions.known[0], value.known[1], *made))])


def col2im(call: NodeCall) -> NodeOutcome:
    """Columns put together to a picture."""
    value, picture, block = call.need(0), call.numbers(1), call.numbers(2)
    if picture is None or block is None:
        raise UnknownShape
    shape = value.known
    if len(shape) != 3 or shape[1] % prod(block):
        raise OperatorFault(f"columns of {'x'.join(map(str, shape))} in blocks of {block}")
    return NodeOutcome([NodeOutput((shape[0], shape[1] // prod(block), *picture), value.axis)])


HANDLERS: Mapping[str, Handler] = {
    "Conv": conv, "ConvInteger": conv, "ConvTranspose": conv_transpose,
    "MaxPool": pool("maxpool"), "AveragePool": pool("avgpool"), "LpPool": pool(""),
    "GlobalAveragePool": global_pool("gavgpool"), "GlobalMaxPool": global_pool("gmaxpool"),
    "GlobalLpPool": global_pool(""), "MaxUnpool": unpool, "DeformConv": deform_conv, "MaxRoiPool": roi_pool,
    "RoiAlign": roi_pool, "Col2Im": col2im,
}  # fmt: skip
