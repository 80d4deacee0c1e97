"""The sections with windows: convolutions and pools. Sizes as the make_… functions of Darknet have them."""

from __future__ import annotations

from typing import Any

from ...diagnostics import Span
from ...layers import LayerError
from ...values import Pair, Shape, Size, one_or_each
from ..misfit import Misfit
from .reading import DarknetReader, Rule
from .sections import Section
from .shared import Steps, activated, same, strides_of

# --- convolutions ---------------------------------------------------------------------------------------


def convolutional(filling: DarknetReader, section: Section) -> int:
    """A convolution, batch normalization and activation: a bias of its own only without the normalization."""
    strides = strides_of(section)
    blur = section.number("antialiasing", 0)
    start = len(filling.assembler.nodes)
    tensor = _convolution(filling, section, section.number("filters", 1), (1, 1) if blur else strides)
    shared = section.options.get("share_index")
    if shared is not None:
        (index,) = filling.others("share_index")
        first = filling.done[index].nodes
        end = len(filling.assembler.nodes)
        _share(filling, range(start, end), first, section.place("share_index"))
    tensor = activated(filling, tensor, section.word("activation", "logistic"))
    return _blurred(filling, tensor, strides, blur) if blur else tensor


def _convolution(
    filling: DarknetReader, section: Section, filters: int, strides: Steps, tensor: int | None = None, name: str = ""
) -> int:  # fmt: skip
    """A convolution of the section's window, and its normalization."""
    size, dilation = section.number("size", 1), section.number("dilation", 1)
    border = size // 2 if section.number("pad", 0) else section.number("padding", 0)
    normalized = bool(section.number("batch_normalize", 0))
    groups = 1 if section.number("xnor", 0) else max(section.number("groups", 1), 1)
    tensor = as_map(filling) if tensor is None else tensor
    given = {
        "filters": filters, "kernel": size, "stride": one_or_each(strides), "groups": groups, "bias": not normalized,
        "pad": _dilated_pad(filling.shape_of(tensor), size, strides, border, dilation) if dilation > 1 else border,
        "dilation": dilation,
    }  # fmt: skip
    tensor = filling.apply("conv", given, tensor, name=name or "conv")
    return filling.apply("bn", {}, tensor, name=f"{name}_bn" if name else "bn") if normalized else tensor


def _dilated_pad(shape: Shape | None, size: int, strides: Steps, border: int, dilation: int) -> Any:
    """The pad of a dilated convolution: Darknet pads `dilation` times as much, and sizes the output as without."""
    if shape is None or len(shape) != 3:
        return border * dilation
    pads = []
    for pixels, stride in zip(shape[1:], strides, strict=True):
        output = (pixels + 2 * border - size) // stride + 1
        whole = (output - 1) * stride + dilation * (size - 1) + 1 - pixels
        pads.append(Pair(border * dilation, max(whole - border * dilation, 0)))
    return Size(pads)


def as_map(filling: DarknetReader) -> int:
    """What the section reads, a vector as a map of one pixel."""
    shape = filling.shape
    if shape is None or len(shape) > 1:
        return filling.tensor
    filling.assembler.looked_at_channels()
    return filling.apply("reshape", {"shape": Size((*shape, 1, 1))})


def local(filling: DarknetReader, section: Section) -> int:
    """A convolution whose weights are not shared; padded, it has weights for the border, too (make_local_layer)."""
    size, stride = section.number("size", 1), section.number("stride", 1)
    tensor = as_map(filling)
    if section.number("pad", 0) and size > 1:
        tensor = filling.apply("pad", {"amount": Pair(size // 2, size - 1 - size // 2)}, tensor)
    given = {"filters": section.number("filters", 1), "kernel": size, "stride": stride}
    tensor = filling.apply("localconv", given, tensor, name="local")
    return activated(filling, tensor, section.word("activation", "logistic"))


def crnn(filling: DarknetReader, section: Section) -> int:
    """The same of convolutions."""
    strides = strides_of(section)
    hidden = section.number("hidden", 1)
    new = _convolution(filling, section, hidden, strides, name="input")
    state = _convolution(filling, section, hidden, strides, new, name="self")
    total = filling.apply("add", {}, new, state, name="state")
    return _convolution(filling, section, section.number("output", 1), strides, total, name="output")


# --- pools ----------------------------------------------------------------------------------------------


def pool(kind: str) -> Rule:
    """A pool whose padding is told once for both sides: out = (W + padding - size)/stride + 1 (make_maxpool_layer)."""

    def rule(filling: DarknetReader, section: Section) -> int:
        strides = strides_of(section)
        size = section.number("size", section.number("stride", 1))
        padding = section.number("padding", size - 1)
        if section.number("maxpool_depth", 0):
            shape = filling.shape
            channels = section.number("out_channels", 1)
            return same(filling, filling.tensor, None if shape is None else (channels, *shape[1:]), "maxpool_depth")
        blur = section.number("antialiasing", 0) if kind == "maxpool" else 0
        own = (1, 1) if blur else strides
        given: dict[str, Any] = {"kernel": size, "stride": one_or_each(own)}
        if padding >= 0:
            given["pad"] = Pair(padding // 2, padding - padding // 2) if padding else 0
        tensor = filling.apply(kind, given, as_map(filling), key="size")
        return _blurred(filling, tensor, strides, blur) if blur else tensor

    return rule


def _blurred(filling: DarknetReader, tensor: int, strides: Steps, blur: int) -> int:
    """The fixed blur that takes the strides of an antialiased layer: 3x3, or 2x2 without a border."""
    given = {"kernel": 2 if blur == 2 else 3, "stride": one_or_each(strides), "pad": 0 if blur == 2 else 1}
    return filling.apply("avgpool", given, tensor, name="blur")


def _share(filling: DarknetReader, mine: range, theirs: range, place: Span) -> None:
    try:
        faults = filling.assembler.share(mine, theirs)
    except ValueError as error:
        raise Misfit(LayerError(str(error)), place) from None
    for fault in faults:
        filling.faults.append(Misfit(fault, place).diagnostic)
