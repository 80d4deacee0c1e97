"""The recorded PyTorch modules as layers, made without a spec.

`tests/oracles/data/single_layers.json` is what torch 2.13.0 said when it was executed; `tests/oracles` holds the whole
language to it, this the layers alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from cnncalc.values import Pair, Size, Word

RECORDED = json.loads((Path(__file__).parents[1] / "oracles" / "data" / "single_layers.json").read_text())["cases"]


class Recorded(NamedTuple):
    """One module as a layer: its kind or PyTorch's name, its arguments and its input; None for what torch refused."""

    name: str
    given: dict[str, Any]
    entering: tuple[int, ...]
    output: tuple[int, ...] | None
    params: int | None
    buffers: int | None


class Inexpressible(Exception):
    """No kind means this."""


def value(one: Any) -> Any:
    """A value of PyTorch's as a spec's: a size for a list, a fraction, a word for a string."""
    if isinstance(one, list):
        return Size(map(value, one))
    if isinstance(one, float):
        return Fraction(one)
    return Word(one) if isinstance(one, str) else one


WINDOW = {"kernel_size": "kernel", "stride": "stride", "padding": "pad", "dilation": "dilation"}
CONV = {**WINDOW, "out_channels": "filters", "groups": "groups", "bias": "bias", "output_padding": "outpad"}
POOL = {**WINDOW, "ceil_mode": "ceil", "count_include_pad": "countpad"}


def _named(names: dict[str, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda kwargs: {
        ours: value(kwargs[theirs]) for theirs, ours in names.items() if kwargs.get(theirs) is not None
    }


def _padding(kwargs: dict[str, Any]) -> dict[str, Any]:
    """PyTorch has the last axis first, each before and after."""
    amounts = kwargs["padding"]
    if isinstance(amounts, int):
        return {"amount": amounts}
    return {"amount": Size([Pair(a, b) for a, b in zip(amounts[::2], amounts[1::2], strict=True)][::-1])}


def _no_batch_axis(kwargs: dict[str, Any]) -> dict[str, Any]:
    if kwargs.get("start_dim", 1) != 1:
        raise Inexpressible
    return {}


def _norm(kwargs: dict[str, Any]) -> dict[str, Any]:
    names = {"affine": "affine", "elementwise_affine": "affine", "bias": "bias", "num_groups": "groups"}
    return _named(names)(kwargs)


def _instance(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {"affine": kwargs.get("affine", False)}


def _glu(kwargs: dict[str, Any]) -> dict[str, Any]:
    if kwargs["dim"] != 1:
        raise Inexpressible
    return {}


def _resize(kwargs: dict[str, Any]) -> dict[str, Any]:
    if kwargs.get("mode", "nearest") not in ("nearest", "bilinear", "linear", "trilinear"):
        raise Inexpressible
    return _named({"scale_factor": "factor", "size": "to"})(kwargs)


#: By family, so without PyTorch's digit: the layer's arguments from the module's.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "Conv": _named(CONV), "ConvTranspose": _named(CONV), "MaxPool": _named(POOL), "AvgPool": _named(POOL),
    "AdaptiveAvgPool": _named({"output_size": "to"}), "AdaptiveMaxPool": _named({"output_size": "to"}),
    "BatchNorm": _norm, "InstanceNorm": _instance, "GroupNorm": _norm,
    "LocalResponseNorm": _named({"size": "size"}), "Linear": _named({"out_features": "units", "bias": "bias"}),
    "GLU": _glu, "Dropout": _named({"p": "rate"}), "ZeroPad": _padding, "ConstantPad": _padding, "Upsample": _resize,
    "PixelShuffle": _named({"upscale_factor": "factor"}), "PixelUnshuffle": _named({"downscale_factor": "factor"}),
    "ChannelShuffle": _named({"groups": "groups"}), "Flatten": _no_batch_axis,
    **{name: _named({}) for name in (
        "ReLU ReLU6 LeakyReLU ELU SELU GELU SiLU Mish Hardswish Hardsigmoid Sigmoid Tanh Softplus Softmax LogSoftmax "
        "Identity"
    ).split()},
}  # fmt: skip


def recorded(case: dict[str, Any]) -> Recorded:
    """A recorded case. Raises Inexpressible."""
    module, kwargs, shape = case["module"], case["kwargs"], case["input_shapes"][0]
    family = re.sub(r"\dd$", "", module)
    channels = [
        kwargs[name] for name in ("in_channels", "num_features", "num_channels", "in_features") if name in kwargs
    ]
    if family not in ARGUMENTS or 0 in shape or kwargs.get("padding_mode", "zeros") != "zeros":
        raise Inexpressible
    entering, leaving = tuple(_sample(module, shape, shape)), case.get("output_shape")
    if any(count != entering[0] for count in channels) or (module == "Linear" and len(entering) > 1):
        raise Inexpressible
    if family == "Upsample" and not case["accepted"]:  # a mode of another rank
        raise Inexpressible
    given = ARGUMENTS[family](kwargs)
    if isinstance(given.get("to"), Size):
        given["to"] = Size(size if want is None else want for want, size in zip(given["to"], entering[1:], strict=True))
    if not case["accepted"] or 0 in leaving:
        return Recorded(module, given, entering, None, None, None)
    untracked = kwargs.get("track_running_stats") is False
    # PyTorch counts the batches seen as an element of a BatchNorm; it is no statistic of a channel.
    buffers = None if untracked else max(0, case["n_buffer_elements"] - 1)
    return Recorded(module, given, entering, tuple(_sample(module, shape, leaving)), case["n_params"], buffers)


def _sample(module: str, entering: list[int], shape: list[int]) -> list[int]:
    """The shape of one sample: inputs may come without a batch."""
    rank = re.search(r"(\d)d$", module)
    return shape if len(entering) == 1 or (rank and len(entering) == int(rank[1]) + 1) else shape[1:]


def _all() -> list[tuple[int, Recorded]]:
    found = []
    for number, case in enumerate(RECORDED):
        try:
            found.append((number, recorded(case)))
        except Inexpressible:
            continue
    return found


CASES = _all()
