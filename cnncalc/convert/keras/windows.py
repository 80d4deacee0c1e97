"""Convolutions, pools and borders, with Keras's paddings and defaults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...layers import LayerError
from ...values import Pair, Size, Word, how_many, one_or_each
from .described import DescribedLayer
from .reading import KerasReader, Rule
from .shared import activated


def _pad(layer: DescribedLayer, words: tuple[str, ...] = ("same", "valid", "causal")) -> Any:
    """``same``, ``valid`` or ``causal``, in our terms. Raises LayerError for another word."""
    word = layer.config.get("padding", layer.config.get("border_mode", "valid"))
    if word not in words:
        raise LayerError(f"padding is one of {', '.join(words)}, not {str(word)[:40]}")
    return 0 if word == "valid" else Word(word)


def _given(layer: DescribedLayer, rank: int) -> dict[str, Any]:
    return {
        "kernel": layer.sizes("kernel_size", rank), "stride": layer.sizes("strides", rank), "pad": _pad(layer),
        "dilation": layer.sizes("dilation_rate", rank), "bias": layer.flag("use_bias", True),
    }  # fmt: skip


def convolution(kind: str, rank: int) -> Rule:
    """A convolution, depthwise or not, and its activation."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
        given = _given(layer, rank)
        if kind == "conv":
            given |= {"filters": layer.needed("filters"), "groups": layer.number("groups", 1)}
        else:
            given["multiplier"] = layer.number("depth_multiplier", 1)
        return [activated(filling, filling.apply(kind, given, inputs[0]), layer.config.get("activation"))]

    return rule


def separable(rank: int) -> Rule:
    """A depthwise convolution without biases, then a 1x1 one."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
        given = {**_given(layer, rank), "bias": False, "multiplier": layer.number("depth_multiplier", 1)}
        tensor = filling.apply("dwconv", given, inputs[0], suffix="/depthwise")
        mixing = {"filters": layer.needed("filters"), "kernel": 1, "bias": layer.flag("use_bias", True)}
        tensor = filling.apply("conv", mixing, tensor)
        return [activated(filling, tensor, layer.config.get("activation"))]

    return rule


def transposed(rank: int) -> Rule:
    """A transposed convolution: keras/src/backend/common/backend_utils.py, and deconv_output_length of Keras 2."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
        given = _given(layer, rank)
        spatial = filling.known(inputs[0])[1:]
        kernels, strides, dilations = (_each(given[key], rank) for key in ("kernel", "stride", "dilation"))
        reaches = [dilation * (kernel - 1) + 1 for kernel, dilation in zip(kernels, dilations, strict=True)]
        extra = layer.config.get("output_padding")
        if extra is not None:
            extras = _each(layer.sizes("output_padding", rank), rank)
            borders = [reach // 2 if given["pad"] else 0 for reach in reaches]
            given |= {"pad": one_or_each(borders), "outpad": one_or_each(extras)}
        elif not given["pad"]:
            given["outpad"] = one_or_each(
                [max(stride - reach, 0) for stride, reach in zip(strides, reaches, strict=True)]
            )
        given["filters"] = layer.needed("filters")
        if len(spatial) != rank:
            raise LayerError(f"{layer.type} is for {how_many(rank, 'spatial axis')}, and {len(spatial)} enter")
        return [activated(filling, filling.apply("upconv", given, inputs[0]), layer.config.get("activation"))]

    return rule


def _each(value: Any, rank: int) -> list[int]:
    return list(value) if isinstance(value, Size) else [value] * rank


def pool(kind: str, rank: int) -> Rule:
    """A pool; the mean of a window at the border is that of what it holds of the input."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
        kernel = layer.sizes("pool_size", rank, layer.config.get("pool_length", 2))
        given = {
            "kernel": kernel,
            "pad": _pad(layer, ("same", "valid")),
            "stride": layer.sizes("strides", rank, _each(kernel, rank)),
        }
        if kind == "avgpool" and given["pad"]:
            given["countpad"] = False
        return [filling.apply(kind, given, inputs[0])]

    return rule


def adaptive(kind: str, rank: int) -> Rule:
    """A pool that gives a size; an axis of None stays as it is."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
        given = layer.config.get("output_size")
        sizes = given if isinstance(given, list) else [given] * rank
        spatial = filling.known(inputs[0])[1:]
        if len(spatial) != rank:
            raise LayerError(f"{layer.type} is for {how_many(rank, 'spatial axis')}, and {len(spatial)} enter")
        if len(sizes) != rank or not all(size is None or (type(size) is int and size > 0) for size in sizes):
            raise LayerError(f"output_size is {rank} whole numbers, not {str(given)[:40]}")
        to = [size if one is None else one for one, size in zip(sizes, spatial, strict=True)]
        return [filling.apply(kind, {"to": one_or_each(to)}, inputs[0])]

    return rule


def _borders(layer: DescribedLayer, key: str, rank: int) -> list[tuple[int, int]]:
    """Before and after, for every axis: one number for all, one an axis, or two an axis. Raises LayerError."""
    value = layer.config.get(key, 1)
    items = value if isinstance(value, list) else [value] * rank
    if rank == 1 and len(items) == 2 and all(type(item) is int for item in items):
        items = [items]
    pairs = [item if isinstance(item, list) else [item, item] for item in items]
    if len(pairs) != rank or not all(len(pair) == 2 and all(type(size) is int for size in pair) for pair in pairs):
        raise LayerError(f"{key} is two numbers for each of {how_many(rank, 'axis')}, not {str(value)[:40]}")
    return [(pair[0], pair[1]) for pair in pairs]


def zero_padding(rank: int) -> Rule:
    """A border of zeros."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
        pairs = [Pair(*pair) for pair in _borders(layer, "padding", rank)]
        return [filling.apply("pad", {"amount": one_or_each(pairs)}, inputs[0])]

    return rule


def cropping(rank: int) -> Rule:
    """What stays when a border is cut off."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
        shape = filling.known(inputs[0])
        pairs = _borders(layer, "cropping", rank)
        if len(shape) != rank + 1:
            raise LayerError(f"{layer.type} is for {how_many(rank, 'spatial axis')}, and {len(shape) - 1} enter")
        filling.assembler.looked_at_sizes()
        sizes = [size - before - after for size, (before, after) in zip(shape[1:], pairs, strict=True)]
        if min(sizes) < 1:
            raise LayerError("nothing is left of the output")
        return [filling.apply("crop", {"size": Size(sizes)}, inputs[0])]

    return rule


def upsampling(rank: int) -> Rule:
    """Larger by whole factors."""

    def rule(filling: KerasReader, layer: DescribedLayer, inputs: list[int]) -> Iterable[int]:
        mode = layer.config.get("interpolation", "nearest")
        given: dict[str, Any] = {"factor": layer.sizes("size", rank, 2)}
        if mode == "bilinear":
            given["mode"] = Word("bilinear")
        return [filling.apply("resize", given, inputs[0])]

    return rule
