"""Operations that give a map another size: borders, resampling, channels for pixels, windows as columns and back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from math import prod
from typing import Any

from ...layers import LayerError
from ...values import Pair, Size, Word, how_many
from .call import RULES, Answer, Call, Out, Rule, rule
from .shaping import flat
from .values import Dim, Dims, Samples, Tensor, Unknown, number, numbers, spelled
from .windows import batched_map, positive

_MODES = {"constant": "zero", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


@rule("pad", "constant_pad_nd", "_pad_enum")
def pad(op: Call, input: Tensor, pad: Any, mode: Any = "constant", value: Any = None) -> Any:
    """A border, of the last axis first; negative sides take off."""
    mode = mode if isinstance(mode, str) else "constant"
    found = _known(pad)
    sizes = input.sizes
    if len(found) % 2 or len(found) // 2 > len(sizes):
        op.refuse(f"pad={found} of a tensor with {how_many(len(sizes), 'axis')}: two numbers an axis", "pad")
    before, after = [0] * len(sizes), [0] * len(sizes)
    for place in range(len(found) // 2):
        before[-1 - place], after[-1 - place] = found[2 * place], found[2 * place + 1]
    return bordered(op, input, before, after, mode)


def bordered(op: Call, x: Tensor, before: Sequence[int], after: Sequence[int], mode: str = "constant") -> Any:
    """A tensor with so much before and behind every axis."""
    sizes = x.sizes
    made: list[Dim] = [size if a == 0 == b else number(size) + a + b
                       for size, a, b in zip(sizes, before, after, strict=True)]  # fmt: skip
    if min(numbers(made), default=0) < 0:
        op.refuse(f"pad {list(before)} and {list(after)} of {spelled(sizes)}: a size below 0", "pad")
    if mode != "constant":
        _check_border(op, x, before, after, mode)
    if not any(before) and not any(after):
        return x
    out = [Out(tuple(made), x.dtype)]
    rank = len(sizes)
    if (
        x.axis == 0 == x.place
        and 2 < rank <= 5
        and not any((*before[:2], *after[:2]))
        and mode in _MODES
        and min(numbers(made))
    ):
        given = {"amount": Size(Pair(a, b) for a, b in zip(before[2:], after[2:], strict=True)),
                 "mode": Word(_MODES[mode])}  # fmt: skip
        with suppress(LayerError):
            return op.kind("pad", given, x)
    return Answer(out)


def _check_border(op: Call, x: Tensor, before: Sequence[int], after: Sequence[int], mode: str) -> None:
    """Raises LayerError where an axis has not so much as its border is to be made of."""
    for size, a, b in zip(x.counts, before, after, strict=True):
        most = {"reflect": size - 1, "circular": size}.get(mode)
        if most is not None and max(a, b) > most:
            op.refuse(f"mode={mode} pads an axis of {size} by at most {most} a side, not {max(a, b)}", "pad")


def _known(found: Any) -> list[int]:
    """Numbers that are all known. Raises Unknown."""
    values = list(found) if isinstance(found, list | tuple) else [found]
    for value in values:
        if isinstance(value, Unknown):
            raise value
    return [number(one) if isinstance(one, Samples) else int(one) for one in values]


def _border(mode: str) -> Rule:
    def border(op: Call, input: Tensor, padding: Any) -> Any:
        return pad(op, input, padding, mode)

    return border


RULES |= {f"reflection_pad{axes}d": _border("reflect") for axes in (1, 2, 3)}
RULES |= {f"replication_pad{axes}d": _border("replicate") for axes in (1, 2, 3)}


def _module(axes: int) -> Rule:
    """The rule of the modules that make a border: one number is that of every side."""

    def module_pad(op: Call, input: Tensor, padding: Any, mode: Any = "constant", value: Any = 0) -> Any:
        sides = _known(padding)
        return pad(op, input, sides * 2 * axes if len(sides) == 1 else sides, mode)

    return module_pad


RULES |= {f"pad_{axes}d": _module(axes) for axes in (1, 2, 3)}


# --- resampling -------------------------------------------------------------------------------------


#: The spatial axes that a mode is for, where it is not for any number of them.
_AXES = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}


@rule("interpolate", "upsample")
def interpolate(
    op: Call, input: Tensor, size: Any = None, scale_factor: Any = None, mode: Any = "nearest", *more: Any, **named: Any
) -> Answer:
    """Another size, or so many times the size, rounded down."""
    spatial = len(input.sizes) - 2
    if spatial < 1:
        op.refuse(
            f"interpolate takes samples, channels and spatial axes, and the input is {spelled(input.sizes)}", "input"
        )
    if _AXES.get(mode, spatial) != spatial:
        op.refuse(
            f"mode='{mode}' is for {how_many(_AXES[mode], 'spatial axis')}, "
            f"and the input {spelled(input.sizes)} has {spatial}",
            "mode",
        )
    if (size is None) == (scale_factor is None):
        op.refuse("either size or scale_factor is given", "size")
    if size is not None:
        wanted = _known(size)
        wanted = wanted * spatial if len(wanted) == 1 else wanted
    else:
        found = list(scale_factor) if isinstance(scale_factor, list | tuple) else [scale_factor]
        if any(isinstance(one, Unknown) for one in found):
            raise Unknown("scale_factor is not known")
        found = found * spatial if len(found) == 1 else found
        if len(found) != spatial:
            op.refuse(f"scale_factor={found} of {spelled(input.sizes)}", "scale_factor")
        wanted = [math.floor(count * float(times)) for count, times in zip(input.counts[2:], found, strict=True)]
    return resized(op, input, wanted, str(mode))


def resized(op: Call, x: Tensor, wanted: Sequence[int], mode: str) -> Answer:
    """A map at other sizes: by a whole factor where that is what it comes to."""
    sizes = x.sizes
    if len(wanted) != len(sizes) - 2:
        op.refuse(f"size={list(wanted)} of {spelled(sizes)}", "size")
    if min(wanted) < 1:
        op.refuse(f"nothing is left of {spelled(sizes)}: {list(wanted)}", "size")
    out = [Out((*sizes[:2], *wanted), x.dtype)]
    kind = {"nearest": "nearest", "nearest-exact": "nearest", "linear": "bilinear", "bilinear": "bilinear",
            "trilinear": "bilinear"}.get(mode)  # fmt: skip
    if kind is None or x.axis != 0 or x.place != 0 or len(sizes) > 5 or min(x.counts[2:]) < 1:
        return Answer(out)
    ratios = [divmod(new, old) for new, old in zip(wanted, x.counts[2:], strict=True)]
    given: dict[str, Any] = {"mode": Word(kind)}
    if all(not rest for _, rest in ratios):
        factors = [times for times, _ in ratios]
        given["factor"] = factors[0] if len(set(factors)) == 1 else Size(factors)
    else:
        given["to"] = Size(wanted)
    with suppress(LayerError):
        return op.kind("resize", given, x)
    return Answer(out)


def _upsample(mode: str) -> Rule:
    def upsample(op: Call, input: Tensor, output_size: Any = None, *more: Any, **named: Any) -> Answer:
        factors = named.get("scale_factors") or next((one for one in more if isinstance(one, list)), None)
        if output_size is None or output_size == []:
            return interpolate(op, input, None, factors, mode)
        return interpolate(op, input, output_size, None, mode)

    return upsample


RULES |= {f"{prefix}upsample_{name}": _upsample(mode) for prefix in ("", "_") for name, mode in (
    ("nearest1d", "nearest"), ("nearest2d", "nearest"), ("nearest3d", "nearest"), ("linear1d", "linear"),
    ("bilinear2d", "bilinear"), ("trilinear3d", "trilinear"), ("bicubic2d", "bicubic"), ("bilinear2d_aa", "area"),
    ("bicubic2d_aa", "area"), ("nearest_exact1d", "nearest-exact"), ("nearest_exact2d", "nearest-exact"),
    ("nearest_exact3d", "nearest-exact"),
)}  # fmt: skip


@rule("grid_sample", "grid_sampler", "grid_sampler_2d", "grid_sampler_3d")
def grid_sample(op: Call, input: Tensor, grid: Tensor, *more: Any, **named: Any) -> Answer:
    """A map read at places that a grid names."""
    return Answer([Out((*input.sizes[:2], *grid.sizes[1:-1]), input.dtype)])


@rule("affine_grid", "affine_grid_generator")
def affine_grid(op: Call, theta: Tensor, size: Any, *more: Any, **named: Any) -> Answer:
    """The places of a map that is turned."""
    found: Dims = tuple(flat([size]))
    return Answer([Out((found[0], *found[2:], len(found) - 2), theta.dtype)])


# --- channels and pixels ----------------------------------------------------------------------------


@rule()
def pixel_shuffle(op: Call, input: Tensor, upscale_factor: Any) -> Answer:
    """Channels to pixels."""
    return _shuffled(op, "pixelshuffle", input, upscale_factor)


@rule()
def pixel_unshuffle(op: Call, input: Tensor, downscale_factor: Any) -> Answer:
    """Pixels to channels."""
    return _shuffled(op, "pixelunshuffle", input, downscale_factor)


def _shuffled(op: Call, kind: str, x: Tensor, factor: Any) -> Answer:
    if len(x.sizes) < 3:
        op.refuse(f"{op.name} of {spelled(x.sizes)}", "input")
    if len(x.sizes) > 4:
        raise Unknown("samples along several axes")
    return op.kind(kind, {"factor": factor}, x, batched=len(x.sizes) > 3)


# --- windows as the columns of a matrix ----------------------------------------------------------------


def _blocks(
    op: Call, sizes: Sequence[int], kernel: Any, dilation: Any, padding: Any, stride: Any
) -> tuple[list[int], int]:
    """The kernel, and how many of its windows there are."""
    kernels, spreads, pads, steps = (
        op.per_axis(value, len(sizes), name) for value, name in
        ((kernel, "kernel_size"), (dilation, "dilation"), (padding, "padding"), (stride, "stride"))
    )  # fmt: skip
    positive(op, kernel_size=kernels, dilation=spreads, padding=pads, stride=steps)
    counts = [(size + 2 * pad - spread * (taps - 1) - 1) // step + 1
              for size, taps, spread, pad, step in zip(sizes, kernels, spreads, pads, steps, strict=True)]  # fmt: skip
    if min(counts) < 1:
        op.refuse(f"kernel_size={kernels} on {'x'.join(map(str, sizes))}: no window fits", "kernel_size")
    return kernels, prod(counts)


@rule("im2col")
def unfold(op: Call, input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Answer:
    """The windows of a picture as columns."""
    batched = batched_map(op, input, 2)
    rows, (channels, *sizes) = (input.sizes[:1], input.counts[1:]) if batched else ((), input.counts)
    kernels, count = _blocks(op, sizes, kernel_size, dilation, padding, stride)
    return Answer([Out((*rows, channels * prod(kernels), count), input.dtype)])


@rule("fold", "col2im")
def fold(
    op: Call, input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Answer:
    """Columns put together to a picture."""
    *rows, columns, length = input.sizes
    made = op.per_axis([number(one) for one in output_size], 2, "output_size")
    kernels, count = _blocks(op, made, kernel_size, dilation, padding, stride)
    if number(columns) % prod(kernels) or number(length) != count:
        op.refuse(f"columns of {spelled(input.sizes)} in windows of {kernels}, of which there are {count}", "input")
    return Answer([Out((*rows, number(columns) // prod(kernels), *made), input.dtype)])
