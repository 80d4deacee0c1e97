"""Operators that give a map another size: borders, resampling, channels for pixels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...layers import LayerError
from ...values import Pair, Shape, Size, Word, how_many
from .call import Handler, NodeCall, NodeOutcome
from .values import NodeOutput, OperatorFault, Value, axis_of, spelled


def pad(call: NodeCall) -> NodeOutcome:
    """A border, which may be negative."""
    value = call.need(0)
    shape = value.known
    pads = call.numbers(1, "pads") or call.attr("paddings")
    axes = call.numbers(3)
    places = [axis_of(axis, len(shape)) for axis in axes] if axes is not None else list(range(len(shape)))
    if pads is None or len(pads) != 2 * len(places):
        raise OperatorFault(f"pads {pads} of {how_many(len(places), 'axis')}")
    before, after = [0] * len(shape), [0] * len(shape)
    for number, place in enumerate(places):
        before[place], after[place] = pads[number], pads[number + len(places)]
    made = tuple(size + a + b for size, a, b in zip(shape, before, after, strict=True))
    if min(made, default=0) < 0:
        raise OperatorFault(f"pads {pads} of {spelled([shape])}: a size below 0")
    axis = value.axis if value.axis is not None and made[value.axis] == shape[value.axis] else None
    out = [NodeOutput(made, axis)]
    mode = {"constant": "zero", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}.get(
        call.attr("mode", "constant")
    )  # fmt: skip
    if value.axis == 0 and 2 < len(shape) <= 5 and not any((*before[:2], *after[:2])) and mode and min(made):
        given: dict[str, Any] = {"amount": Size(Pair(a, b) for a, b in zip(before[2:], after[2:], strict=True))}
        given["mode"] = Word(mode)
        try:
            return call.answer("pad", given, value)
        except LayerError:
            pass
    return NodeOutcome(out)


def resize(call: NodeCall) -> NodeOutcome:
    """Another size, by factors (the product in floats of 32 bits, then rounded down) or by sizes."""
    value = call.need(0)
    shape = value.known
    places, scales, sizes = _sizes_wanted(call, shape)
    made = list(shape)
    if sizes is not None:
        made = _by_sizes(call, shape, places, sizes)
    elif scales is not None:
        if len(scales) != len(places):
            raise OperatorFault(f"{how_many(len(scales), 'scale')} of {how_many(len(places), 'axis')}")
        for place, scale in zip(places, scales, strict=True):
            made[place] = int(_float32(shape[place] * _float32(scale)))
    else:
        raise OperatorFault("neither scales nor sizes")
    if min(made, default=1) < 1 and min(shape, default=1) > 0:
        raise OperatorFault(f"nothing is left of {spelled([shape])}: {made}")
    out = [
        NodeOutput(
            tuple(made), value.axis if value.axis is not None and made[value.axis] == shape[value.axis] else None
        )
    ]
    if value.axis == 0 == out[0].axis and 2 < len(shape) <= 5 and made[1] == shape[1]:
        return _resized(call, value, tuple(made), out)
    return NodeOutcome(out)


def _sizes_wanted(call: NodeCall, shape: Shape) -> tuple[list[int], list[Any] | None, list[Any] | None]:
    """The axes, and their scales or sizes: where each stands is a matter of the version."""
    axes = call.attr("axes")
    places = [axis_of(axis, len(shape)) for axis in axes] if axes else list(range(len(shape)))
    if call.op == "Upsample" or call.version < 11:
        return places, call.numbers(1, "scales"), None
    sizes = call.numbers(3) if call.get(3) is not None else None
    return places, (call.numbers(2) or None) if not sizes else None, sizes or None


def _by_sizes(call: NodeCall, shape: Shape, places: list[int], sizes: list[Any]) -> list[int]:
    if len(sizes) != len(places):
        raise OperatorFault(f"{how_many(len(sizes), 'size')} of {how_many(len(places), 'axis')}")
    made = list(shape)
    policy = call.attr("keep_aspect_ratio_policy", "stretch")
    for place, size in zip(places, sizes, strict=True):
        made[place] = int(size)
    if policy != "stretch" and all(shape[place] for place in places):
        ratios = [size / shape[place] for place, size in zip(places, sizes, strict=True)]
        ratio = min(ratios) if policy == "not_larger" else max(ratios)
        for place in places:
            made[place] = int(shape[place] * ratio + 0.5)
    return made


def _float32(number: float) -> float:
    from struct import error, pack, unpack

    try:
        found: float = unpack("<f", pack("<f", number))[0]
    except (error, OverflowError) as fault:
        raise OperatorFault(f"a scale that gives {number}") from fault
    return found


def _resized(call: NodeCall, value: Value, made: Shape, out: list[NodeOutput]) -> NodeOutcome:
    """The layer: by a whole factor where that is what it comes to, else to sizes."""
    shape, mode = value.known, call.attr("mode", "nearest")
    if mode not in ("nearest", "linear"):
        return NodeOutcome(out)
    ratios = [divmod(new, old) for new, old in zip(made[2:], shape[2:], strict=True)]
    given: dict[str, Any] = {"mode": Word("bilinear" if mode == "linear" else "nearest")}
    if all(not rest and times for times, rest in ratios):
        factors = [times for times, _ in ratios]
        given["factor"] = factors[0] if len(set(factors)) == 1 else Size(factors)
    else:
        given["to"] = Size(made[2:])
    return call.answer("resize", given, value)


def depth_to_space(call: NodeCall) -> NodeOutcome:
    """Channels to pixels."""
    value, block = call.need(0), call.attr("blocksize", 0)
    shape = value.known
    if len(shape) != 4 or block < 1 or shape[1] % block**2:
        raise OperatorFault(f"blocks of {block} of {spelled([shape])}")
    if call.attr("mode", "DCR") == "CRD":
        return call.answer("pixelshuffle", {"factor": block}, value)
    return NodeOutcome([NodeOutput((shape[0], shape[1] // block**2, shape[2] * block, shape[3] * block), value.axis)])


def space_to_depth(call: NodeCall) -> NodeOutcome:
    """Pixels to channels."""
    value, block = call.need(0), call.attr("blocksize", 0)
    shape = value.known
    if len(shape) != 4 or block < 1 or shape[2] % block or shape[3] % block:
        raise OperatorFault(f"blocks of {block} of {spelled([shape])}")
    if shape[1] == 1:  # of one channel blocks are channels, in whatever order
        return call.answer("pixelunshuffle", {"factor": block}, value)
    return NodeOutcome([NodeOutput((shape[0], shape[1] * block**2, shape[2] // block, shape[3] // block), value.axis)])


def center_crop_pad(call: NodeCall) -> NodeOutcome:
    """Cropped or padded around the centre to sizes."""
    value, wanted, axes = call.need(0), call.numbers(1), call.attr("axes")
    made = list(value.known)
    places = [axis_of(axis, len(made)) for axis in axes] if axes else list(range(len(made)))
    if wanted is None or len(wanted) != len(places):
        raise OperatorFault(f"sizes {wanted} of {how_many(len(places), 'axis')}")
    for place, size in zip(places, wanted, strict=True):
        made[place] = size
    axis = value.axis if value.axis is not None and made[value.axis] == value.known[value.axis] else None
    return NodeOutcome([NodeOutput(tuple(made), axis)])


HANDLERS: Mapping[str, Handler] = {
    "Pad": pad, "Resize": resize, "Upsample": resize, "DepthToSpace": depth_to_space, "SpaceToDepth": space_to_depth,
    "CenterCropPad": center_crop_pad,
}  # fmt: skip
