"""The layers that are counted: PyTorch modules by name, keyword arguments and input shape, without torch.

Drawn once, by a fixed seed; `data/recorded.json` has them with the tools' answers, and the tests read them there.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from ..modules import Case, Shape

SIZES = {1: ((8, 16), (6, 37), (12, 9)), 2: ((8, 16, 16), (6, 9, 13), (12, 7, 7), (4, 23, 31)),
         3: ((8, 8, 8, 8), (6, 5, 7, 9))}  # fmt: skip
EVEN = {1: ((8, 16), (6, 37)), 2: ((8, 16, 16), (6, 9, 13), (5, 14, 7)), 3: ((8, 8, 8, 8), (4, 3, 5, 6))}
PLAIN = ("ReLU ReLU6 LeakyReLU ELU SELU GELU SiLU Mish Hardswish Hardsigmoid Sigmoid Tanh Softplus Softmax "
         "LogSoftmax Identity").split()  # fmt: skip


def cases() -> list[Case]:
    """All cases, each once; record.py leaves out what PyTorch refuses."""
    random = Random(4)
    drawn = [*_convolutions(random), *_transposed(random), *_pools(random), *_others()]
    return list({repr(case): case for case in drawn}.values())


def _sizes(random: Random, rank: int, values: tuple[int, ...]) -> Any:
    """A number for all axes, or, one time in three, one an axis."""
    if random.random() < 0.33:
        return [random.choice(values) for _ in range(rank)]
    return random.choice(values)


def _convolutions(random: Random) -> Iterator[Case]:
    for rank, count in ((1, 40), (2, 110), (3, 20)):
        for _ in range(count):
            shape = random.choice(SIZES[rank])
            groups = random.choice((1, 1, 1, 2, shape[0]))
            same = random.random() < 0.12
            yield Case(f"Conv{rank}d", {
                "in_channels": shape[0], "out_channels": groups * random.choice((1, 2, 5, shape[0] // groups)),
                "kernel_size": _sizes(random, rank, (1, 2, 3, 3, 5)), "stride": 1 if same else
                _sizes(random, rank, (1, 1, 2, 3)), "padding": "same" if same else _sizes(random, rank, (0, 1, 2)),
                "dilation": _sizes(random, rank, (1, 1, 2)), "groups": groups, "bias": random.random() < 0.5,
            }, shape)  # fmt: skip


def _transposed(random: Random) -> Iterator[Case]:
    for rank, count in ((1, 20), (2, 50), (3, 12)):
        for _ in range(count):
            shape = random.choice(SIZES[rank])
            groups = random.choice((1, 1, 1, 2, shape[0]))
            stride = random.choice((1, 2, 3))
            yield Case(f"ConvTranspose{rank}d", {
                "in_channels": shape[0], "out_channels": groups * random.choice((1, 2, 5, shape[0] // groups)),
                "kernel_size": _sizes(random, rank, (2, 3, 4)), "stride": stride, "padding": random.choice((0, 1)),
                "output_padding": random.choice((0, stride - 1)), "dilation": random.choice((1, 1, 2)),
                "groups": groups, "bias": random.random() < 0.5,
            }, shape)  # fmt: skip


def _pools(random: Random) -> Iterator[Case]:
    for rank, count in ((1, 10), (2, 22), (3, 8)):
        for kind in ("MaxPool", "AvgPool"):
            for _ in range(count):
                kwargs: dict[str, Any] = {
                    "kernel_size": _sizes(random, rank, (2, 3, 4)), "stride": _sizes(random, rank, (1, 2, 3)),
                    "padding": random.choice((0, 0, 1)), "ceil_mode": random.random() < 0.3,
                }  # fmt: skip
                if kind == "MaxPool":
                    kwargs["dilation"] = random.choice((1, 1, 2))
                else:
                    kwargs["count_include_pad"] = random.random() < 0.5
                yield Case(f"{kind}{rank}d", kwargs, random.choice(SIZES[rank]))
        for shape in EVEN[rank]:
            for to in (1, 2, 3, 4, 5, 7, list(range(2, 2 + rank)), list(shape[1:])):
                for kind in ("AdaptiveAvgPool", "AdaptiveMaxPool"):
                    yield Case(f"{kind}{rank}d", {"output_size": to}, shape)


def _others() -> Iterator[Case]:
    for inputs, outputs in ((64, 10), (10, 64), (1, 1), (7, 3), (512, 1000), (3, 1), (1, 9), (100, 100)):
        for bias in (True, False):
            yield Case("Linear", {"in_features": inputs, "out_features": outputs, "bias": bias}, (inputs,))
    for shape in (shape for rank in EVEN for shape in EVEN[rank]):
        yield from _norms(shape)
        yield from _activations(shape)
        yield from _resizes(shape)
        yield from _rest(shape)
    for shape in ((8, 6, 6), (16, 4, 10)):
        yield Case("PixelShuffle", {"upscale_factor": 2}, shape)
        yield Case("PixelUnshuffle", {"downscale_factor": 2}, shape)
        yield Case("ChannelShuffle", {"groups": 4}, shape)
    for shape in ((10,), (64,)):
        yield from _activations(shape)
        for affine in (True, False):
            yield Case("BatchNorm1d", {"num_features": shape[0], "affine": affine}, shape)
            yield Case("LayerNorm", {"normalized_shape": [shape[0]], "elementwise_affine": affine}, shape)
            yield Case("GroupNorm", {"num_groups": 2, "num_channels": shape[0], "affine": affine}, shape)


def _activations(shape: Shape) -> Iterator[Case]:
    for kind in PLAIN:
        yield Case(kind, {}, shape)
    for count in (1, shape[0]):
        yield Case("PReLU", {"num_parameters": count}, shape)
    if shape[0] % 2 == 0:
        yield Case("GLU", {"dim": 1}, shape)


def _rest(shape: Shape) -> Iterator[Case]:
    rank = len(shape) - 1
    yield Case("Dropout", {"p": 0.5}, shape)
    yield Case("Flatten", {}, shape)
    yield Case("Tokens", {}, shape)
    yield Case("Take", {"start": 0, "stop": 2, "axis": "C"}, shape)
    yield Case("Crop", {"size": [2] * rank}, shape)
    yield Case(f"ZeroPad{rank}d", {"padding": [1, 2] * rank}, shape)
    for size in (5, 2, 1):
        yield Case("LocalResponseNorm", {"size": size}, shape)
    for kind in ("Mean", "Max"):
        yield Case(kind, {"axis": "C"}, shape)
    for bias in (True, False):
        yield Case("Scale", {"bias": bias}, shape)


def _norms(shape: Shape) -> Iterator[Case]:
    rank, channels = len(shape) - 1, shape[0]
    for affine in (True, False):
        for bias in (True, False) if affine else (True,):
            shared = {"bias": bias} if affine else {}
            yield Case(f"BatchNorm{rank}d", {"num_features": channels, "affine": affine, **shared}, shape)
            yield Case(f"InstanceNorm{rank}d", {"num_features": channels, "affine": affine, **shared}, shape)
            given = {"normalized_shape": [channels], "elementwise_affine": affine, **shared}
            yield Case("LayerNorm", given, shape)
            for groups in {1, channels, channels // 2 or 1}:
                if channels % groups == 0:
                    given = {"num_groups": groups, "num_channels": channels, "affine": affine, **shared}
                    yield Case("GroupNorm", given, shape)


def _resizes(shape: Shape) -> Iterator[Case]:
    rank = len(shape) - 1
    smooth = {1: "linear", 2: "bilinear", 3: "trilinear"}[rank]
    for mode in ("nearest", smooth):
        for factor in (2, 3, 1.5, 0.5, *(([2, 3, 1][:rank], [1.5, 2, 2][:rank]) if rank > 1 else ())):
            yield Case("Upsample", {"scale_factor": factor, "mode": mode}, shape)
        for size in (10, [11, 12, 6][:rank]):
            yield Case("Upsample", {"size": size, "mode": mode}, shape)
