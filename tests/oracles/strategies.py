"""All other single layers as hypothesis draws them, and the list of all families."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import strategies as st

from .modules import PLAIN, Case
from .strategies_windows import (
    CHANNELS,
    Draw,
    big_conv,
    big_pool,
    conv,
    depthwise,
    local,
    per_axis,
    pool,
    shapes,
    transposed,
    uneven,
)

Family = st.SearchStrategy[Case]

LETTERS = {1: ("C",), 2: ("C", "L"), 3: ("C", "H", "W"), 4: ("C", "D", "H", "W")}


@st.composite
def adaptive(draw: Draw) -> Case:
    shape = draw(shapes())
    rank = len(shape) - 1
    sizes = st.one_of(st.integers(1, 12), st.integers(1, 12), st.integers(-1, 30))
    name = f"Adaptive{draw(st.sampled_from(['Max', 'Avg']))}Pool{rank}d"
    return Case(name, {"output_size": draw(per_axis(rank, sizes))}, shape)


@st.composite
def norm(draw: Draw) -> Case:
    """BatchNorm also on vectors. InstanceNorm on a vector has a function, no module."""
    name = draw(st.sampled_from(["BatchNorm", "InstanceNorm", "GroupNorm", "LayerNorm"]))
    shape = draw(shapes((0, 1, 2, 3), high=5))
    affine = draw(st.booleans())
    rank = max(1, len(shape) - 1)
    if name == "InstanceNorm" and len(shape) == 1:
        return Case("InstanceNormVector", {}, shape)
    if name in ("BatchNorm", "InstanceNorm"):
        return Case(f"{name}{rank}d", {"num_features": shape[0], "affine": affine}, shape, draw(st.integers(0, 1)))
    if name == "GroupNorm":
        groups = draw(st.one_of(st.integers(1, shape[0]), st.just(shape[0]), st.integers(-1, 20)))
        return Case(name, {"num_groups": groups, "num_channels": shape[0], "affine": affine}, shape)
    kwargs = {"normalized_shape": [shape[0]], "elementwise_affine": affine, "bias": draw(st.booleans())}
    return Case(name, kwargs, shape)


@st.composite
def activation(draw: Draw) -> Case:
    name = draw(st.sampled_from([*PLAIN, "Softmax", "LogSoftmax", "PReLU", "PReLU", "GLU", "GLU", "Dropout"]))
    shape = draw(shapes((0, 1, 2, 3)))
    kwargs: dict[str, Any] = {}
    if name == "PReLU":
        kwargs = {"num_parameters": draw(st.sampled_from([1, shape[0]]))}
    if name == "GLU":
        kwargs = {"dim": 1}
    if name == "Dropout":
        kwargs = {"p": draw(st.sampled_from([0, 0.1, 0.5, 0.999, 1, -0.1, 1.5, 2]))}
    return Case(name, kwargs, shape, draw(st.integers(0, 1)))


@st.composite
def linear(draw: Draw) -> Case:
    shape = draw(st.one_of(shapes((0,)), shapes((1, 2, 3), high=2)))
    out = draw(st.one_of(st.integers(1, 40), st.integers(-1, 5), st.integers(1, 5000)))
    kwargs = {"in_features": shape[0], "out_features": out, "bias": draw(st.booleans())}
    return Case("Linear", kwargs, shape, draw(st.integers(0, 1)))


@st.composite
def lrn_or_shuffle(draw: Draw) -> Case:
    shape = draw(shapes((0, 1, 2, 3), high=4))
    if draw(st.booleans()):
        return Case("LocalResponseNorm", {"size": draw(st.integers(-1, 20))}, shape)
    groups = draw(st.one_of(st.integers(1, shape[0]), st.integers(-1, 20)))
    return Case("ChannelShuffle", {"groups": groups}, shape)


@st.composite
def pixels(draw: Draw) -> Case:
    """In two dimensions: in others PyTorch takes a spatial axis for the channels."""
    factor = draw(st.one_of(st.integers(1, 4), st.integers(-1, 5)))
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    if draw(st.booleans()):
        channels = draw(st.one_of(st.integers(1, 40), st.integers(1, 5).map(lambda n: n * max(1, factor**2))))
        return Case("PixelShuffle", {"upscale_factor": factor}, (channels, height, width))
    if draw(st.booleans()):
        height, width = height * max(1, factor), width * max(1, factor)
    return Case("PixelUnshuffle", {"downscale_factor": factor}, (draw(CHANNELS), height, width))


@st.composite
def resize(draw: Draw) -> Case:
    """Factors as decimals. Where doubles, which PyTorch computes sizes in, round the product below a whole
    number, the exact size is one more: such factors are kept out here and tested by themselves."""
    shape = draw(shapes())
    rank = len(shape) - 1
    mode = draw(st.sampled_from(["nearest", {1: "linear", 2: "bilinear", 3: "trilinear"}[rank]]))
    if draw(st.booleans()):
        return Case("Upsample", {"size": draw(per_axis(rank, st.integers(0, 30))), "mode": mode}, shape)
    factors = st.one_of(
        st.integers(1, 4), st.sampled_from([0.25, 0.5, 1.5, 2.5]), st.integers(1, 400).map(lambda n: n / 100)
    )
    factor = draw(per_axis(rank, factors.filter(lambda f: not any(rounds_down(f, n) for n in shape[1:]))))
    return Case("Upsample", {"scale_factor": factor, "mode": mode}, shape)


def rounds_down(factor: float, length: int) -> bool:
    """Whether the product in doubles has another whole part than the exact one."""
    return floor(factor * length) != floor(Fraction(str(factor)) * length)


@st.composite
def pad(draw: Draw) -> Case:
    shape = draw(shapes(high=6))
    rank = len(shape) - 1
    amounts = st.one_of(st.integers(0, 4), st.integers(0, 40), st.integers(-7, 7))
    pairs = draw(st.one_of(st.lists(amounts, min_size=2 * rank, max_size=2 * rank), amounts))
    return Case(f"ZeroPad{rank}d", {"padding": pairs}, shape)


@st.composite
def cut(draw: Draw) -> Case:
    """`take` of any axis and `crop` to a size; beginnings and sizes are not negative (PyTorch counts from the
    end then, and the language does not)."""
    shape = draw(shapes((0, 1, 2, 3)))
    if len(shape) > 1 and draw(st.booleans()):
        least = draw(st.sampled_from([0, 1, 1, 1]))
        return Case("Crop", {"size": [draw(st.integers(least, n + 1 - least)) for n in shape[1:]]}, shape)
    axis = draw(st.integers(0, len(shape) - 1))
    start = draw(st.integers(0, shape[axis] - 1))
    stop = draw(st.one_of(st.integers(start + 1, shape[axis]), st.integers(start, shape[axis] + 2)))
    return Case("Take", {"start": start, "stop": stop, "axis": LETTERS[len(shape)][axis]}, shape)


@st.composite
def reshape(draw: Draw) -> Case:
    """Factorings of the elements in two to four numbers, one perhaps left open, one perhaps wrong."""
    shape = draw(shapes((0, 1, 2, 3), high=6))
    elements, wanted = 1, []
    for n in shape:
        elements *= n
    for _ in range(draw(st.integers(0, 3))):
        divisor = draw(st.sampled_from([d for d in range(1, elements + 1) if elements % d == 0]))
        wanted.append(divisor)
        elements //= divisor
    wanted.append(elements)
    where = draw(st.integers(0, len(wanted) - 1))
    wanted[where] = draw(st.sampled_from([wanted[where], wanted[where], -1, wanted[where] + 1, 0]))
    return Case("Reshape", {"shape": wanted}, shape, draw(st.integers(0, 1)))


@st.composite
def simple(draw: Draw) -> Case:
    """Kinds with a rank of their own or an axis."""
    name = draw(st.sampled_from(["Flatten", "Tokens", "Scale", "Mean", "Max", "GlobalAvgPool", "GlobalMaxPool"]))
    shape = draw(shapes((1, 2, 3) if name.startswith(("Global", "Tokens")) else (0, 1, 2, 3)))
    kwargs: dict[str, Any] = {}
    if name == "Scale":
        kwargs = {"bias": draw(st.booleans())}
    if name in ("Mean", "Max"):
        kwargs = {"axis": draw(st.sampled_from(LETTERS[len(shape)]))}
    return Case(name, kwargs, shape)


@st.composite
def attention(draw: Draw) -> Case:
    heads = draw(st.one_of(st.integers(1, 8), st.integers(-1, 9)))
    channels = draw(st.one_of(st.integers(1, 32), st.integers(1, 8).map(lambda n: n * max(1, heads))))
    return Case("Attention", {"num_heads": heads, "bias": draw(st.booleans())}, (channels, draw(st.integers(1, 20))))


#: The families, each with how many examples are drawn and the least number of different cases among them.
FAMILIES: dict[str, tuple[Family, int, int]] = {
    "conv": (conv(), 800, 600),
    "big conv": (big_conv(), 100, 80),
    "transposed": (transposed(), 700, 550),
    "depthwise": (depthwise(), 250, 180),
    "local": (local(), 200, 150),
    "maxpool": (pool("MaxPool"), 700, 500),
    "avgpool": (pool("AvgPool"), 500, 350),
    "big pool": (big_pool(), 100, 80),
    "uneven": (uneven(), 350, 270),
    "adaptive": (adaptive(), 150, 120),
    "norm": (norm(), 250, 150),
    "activation": (activation(), 250, 150),
    "linear": (linear(), 150, 100),
    "lrn or shuffle": (lrn_or_shuffle(), 150, 90),
    "pixels": (pixels(), 150, 90),
    "resize": (resize(), 250, 180),
    "pad": (pad(), 150, 100),
    "cut": (cut(), 150, 100),
    "reshape": (reshape(), 150, 100),
    "simple": (simple(), 150, 80),
    "attention": (attention(), 150, 90),
}
