"""Convolutions and pools as hypothesis draws them: mostly plausible, one in three with an extreme argument.

A strategy draws module, keyword arguments and input shape in PyTorch's words; whether PyTorch takes them is
not its business. What it keeps out is only what the two programs cannot be asked alike, and each such place
says so.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from .modules import Case

Draw = Callable[[st.SearchStrategy[Any]], Any]

CHANNELS = st.sampled_from([1, 2, 3, 4, 5, 6, 8, 12, 16])
EXTREME = {
    "kernel_size": [0, -1, 13, 40],
    "stride": [0, -1, 17, 1000],
    "padding": [-1, 9, 50],
    "dilation": [0, -1, 8, 30],
    "output_padding": [-1, 4, 9],
    "groups": [0, -1, 2, 3, 5, 7],
    "out_channels": [0, -1, 7, 31],
}


def shapes(ranks: tuple[int, ...] = (1, 2, 3), low: int = 1, high: int = 12) -> st.SearchStrategy[tuple[int, ...]]:
    """Small shapes, now and then with one long axis; a rank of 0 is a vector."""
    axis = st.one_of(st.integers(low, high), st.integers(low, high), st.integers(low, 3 * high))
    return st.sampled_from(ranks).flatmap(lambda rank: st.tuples(CHANNELS, *[axis] * rank))


def big_shapes(rank: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Shapes that are only computed, not executed."""
    axis = st.integers(64, {1: 100_000, 2: 2_000, 3: 160}[rank])
    return st.tuples(st.sampled_from([64, 96, 256, 512]), *[axis] * rank)


def per_axis(rank: int, values: st.SearchStrategy[int]) -> st.SearchStrategy[Any]:
    """One number for all axes, or one each."""
    return st.one_of(values, st.lists(values, min_size=rank, max_size=rank)) if rank > 1 else values


def _spoil(draw: Draw, kwargs: dict[str, Any], names: list[str]) -> None:
    """Make one argument extreme, on every axis or on one."""
    name = draw(st.sampled_from(names))
    value, old = draw(st.sampled_from(EXTREME[name])), kwargs.get(name)
    if isinstance(old, list):
        axis = draw(st.integers(0, len(old) - 1))
        value = [*old[:axis], value, *old[axis + 1 :]]
    kwargs[name] = value


def _window(draw: Draw, rank: int, pads: int = 3) -> dict[str, Any]:
    def numbers(low: int, high: int) -> Any:
        return draw(per_axis(rank, st.integers(low, high)))

    kwargs = {"kernel_size": numbers(1, 5), "stride": numbers(1, 4), "padding": numbers(0, pads)}
    if draw(st.booleans()):
        kwargs["dilation"] = numbers(1, 3)
    return kwargs


def _channels(draw: Draw, channels: int) -> dict[str, Any]:
    """Filters, and groups that mostly divide."""
    groups = draw(st.sampled_from([1, 1, *(g for g in range(1, channels + 1) if channels % g == 0)]))
    filters = groups * draw(st.integers(1, 4))
    return {"in_channels": channels, "out_channels": filters, "groups": groups, "bias": draw(st.booleans())}


@st.composite
def conv(draw: Draw) -> Case:
    shape = draw(shapes())
    rank = len(shape) - 1
    kwargs = {**_channels(draw, shape[0]), **_window(draw, rank)}
    if draw(st.integers(0, 5)) == 0:
        kwargs["padding"] = draw(st.sampled_from(["same", "valid"]))
        if kwargs["padding"] == "same" and draw(st.booleans()):
            kwargs["stride"] = 1
    if draw(st.integers(0, 2)) == 0:
        _spoil(draw, kwargs, ["kernel_size", "stride", "padding", "dilation", "groups", "out_channels"])
    return Case(f"Conv{rank}d", kwargs, shape, draw(st.integers(0, 2)))


@st.composite
def big_conv(draw: Draw) -> Case:
    rank = draw(st.integers(1, 3))
    shape = draw(big_shapes(rank))
    kwargs = {**_channels(draw, shape[0]), **_window(draw, rank, pads=40)}
    kwargs["kernel_size"] = draw(per_axis(rank, st.integers(1, 31)))
    kwargs["stride"] = draw(per_axis(rank, st.sampled_from([1, 2, 3, 7, 32, 500])))
    return Case(f"Conv{rank}d", kwargs, shape)


@st.composite
def transposed(draw: Draw) -> Case:
    """Kept small: the meta device does not check output paddings, so all of these are executed."""
    shape = draw(shapes(high=7))
    rank = len(shape) - 1
    kwargs = {**_channels(draw, shape[0]), **_window(draw, rank)}
    if draw(st.booleans()):
        kwargs["output_padding"] = draw(per_axis(rank, st.integers(0, 2)))
    if draw(st.integers(0, 2)) == 0:
        _spoil(draw, kwargs, [name for name in EXTREME if name != "stride"])
    assume(_transposed_elements(kwargs, shape) < 200_000)
    return Case(f"ConvTranspose{rank}d", kwargs, shape, draw(st.integers(0, 2)))


def _transposed_elements(kwargs: dict[str, Any], shape: tuple[int, ...]) -> int:
    """About how large output and weights are, from above."""
    most = {name: max(value) if isinstance(value, list) else value for name, value in kwargs.items()}
    spread = most.get("dilation", 1) * max(1, most["kernel_size"]) + most.get("output_padding", 0)
    output = prod((n * most["stride"] + spread) for n in shape[1:])
    return max(1, most["out_channels"]) * (output + shape[0] * max(1, most["kernel_size"]) ** (len(shape) - 1))


@st.composite
def depthwise(draw: Draw) -> Case:
    shape = draw(shapes())
    kwargs = {**_window(draw, len(shape) - 1), "bias": draw(st.booleans())}
    kwargs["multiplier"] = draw(st.integers(1, 4))
    if draw(st.integers(0, 3)) == 0:
        _spoil(draw, kwargs, ["kernel_size", "stride", "padding", "dilation"])
    if draw(st.integers(0, 20)) == 0:
        kwargs["multiplier"] = draw(st.sampled_from([0, -1]))
    return Case(f"Depthwise{len(shape) - 1}d", kwargs, shape)


@st.composite
def local(draw: Draw) -> Case:
    shape = draw(shapes(high=6))
    kwargs = {**_window(draw, len(shape) - 1), "in_channels": shape[0], "out_channels": draw(st.integers(1, 5))}
    kwargs["bias"] = draw(st.booleans())
    if draw(st.integers(0, 3)) == 0:
        pairs = st.lists(st.integers(0, 4), min_size=2, max_size=2)
        each = st.lists(pairs, min_size=len(shape) - 1, max_size=len(shape) - 1)
        kwargs["padding"] = draw(st.one_of(each, st.sampled_from(["same", "causal"] if len(shape) == 2 else ["same"])))
        return Case(f"UnevenLocalConv{len(shape) - 1}d", kwargs, shape)
    if draw(st.integers(0, 3)) == 0:
        _spoil(draw, kwargs, ["kernel_size", "stride", "padding", "dilation"])
    return Case(f"LocalConv{len(shape) - 1}d", kwargs, shape)


@st.composite
def pool(draw: Draw, name: str) -> Case:
    shape = draw(shapes())
    rank = len(shape) - 1
    kwargs = {**_window(draw, rank, pads=2), "ceil_mode": draw(st.booleans())}
    if name == "AvgPool":
        kwargs.pop("dilation", None)
        kwargs["count_include_pad"] = draw(st.booleans())
    if draw(st.booleans()):
        del kwargs["stride"]
    if draw(st.booleans()):
        kernels = kwargs["kernel_size"] if isinstance(kwargs["kernel_size"], list) else [kwargs["kernel_size"]]
        kwargs["padding"] = draw(st.integers(0, min(kernels) // 2))
    if draw(st.integers(0, 3)) == 0:
        _spoil(draw, kwargs, ["kernel_size", "stride", "padding", *["dilation"] * (name == "MaxPool")])
    return Case(f"{name}{rank}d", kwargs, shape, draw(st.integers(0, 2)))


@st.composite
def big_pool(draw: Draw) -> Case:
    rank, name = draw(st.integers(1, 3)), draw(st.sampled_from(["MaxPool", "AvgPool"]))
    kernel = draw(per_axis(rank, st.integers(1, 500)))
    kwargs = {"kernel_size": kernel, "stride": draw(per_axis(rank, st.integers(1, 600)))}
    kwargs["padding"] = draw(per_axis(rank, st.integers(0, 60)))
    return Case(f"{name}{rank}d", {**kwargs, "ceil_mode": draw(st.booleans())}, draw(big_shapes(rank)))


@st.composite
def uneven(draw: Draw) -> Case:
    """Pads that differ before and after, `causal`, and strided `same`. Pools: not over half the kernel, nor
    in ceil mode, where PyTorch has no way to ask."""
    name = draw(st.sampled_from(["Conv", "Conv", "ConvTranspose", "MaxPool", "AvgPool"]))
    shape = draw(shapes())
    rank = len(shape) - 1
    kwargs = _window(draw, rank)
    if "Conv" in name:
        kwargs |= _channels(draw, shape[0])
    if name == "AvgPool":
        kwargs.pop("dilation", None)
    pads: list[Any] = ["same"] * (name != "ConvTranspose") + ["causal"] * (rank == 1 and name == "Conv")
    kernels = kwargs["kernel_size"] if isinstance(kwargs["kernel_size"], list) else [kwargs["kernel_size"]] * rank
    most = [k // 2 if "Pool" in name else 4 for k in kernels]
    pairs = st.tuples(*[st.lists(st.integers(0, m), min_size=2, max_size=2) for m in most]).map(list)
    kwargs["padding"] = draw(st.one_of(pairs, pairs, st.sampled_from(pads)) if pads else pairs)
    if name == "AvgPool" and rank == 3:
        # PyTorch's own 3-D average wants the input as large as the kernel before padding, and knows no such pads
        shape = (shape[0], *map(max, shape[1:], kernels))
    return Case(f"Uneven{name}{rank}d", kwargs, shape)
