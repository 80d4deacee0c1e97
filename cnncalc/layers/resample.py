"""Layers that pad, cut or resample the spatial axes, without weights."""

from __future__ import annotations

from fractions import Fraction
from math import floor, prod

from ..values import Shape, Size, spell, times
from .arguments import Border, Count, Factor, LayerError, OneOf, Sizes
from .base import Layer, per_axis, spatial
from .reach import MOST_RUNS, Bordered, Reach, Resample, Run, Runs, Taps, joined_runs
from .result import Kept, Quantities, named
from .tensors import Like
from .window import pad_pairs


class Pad(Layer):
    kind = "pad"
    family = "resampling"
    summary = "A border around the input: zeros, or its own pixels mirrored, repeated or wrapped around."
    rule = "W + before + after on every axis"
    example = "pad 1x2"
    positions = ("amount",)
    remarks = (
        "A negative amount takes pixels off, as in PyTorch.",
        "reflect takes less than the axis has on a side, circular at most what it has.",
    )
    moves = linear = per_channel = True

    amount = Border("pixels a side: a number, one an axis, or before:after", synonyms=("pad", "padding"), hint="1")
    mode = OneOf("what the border is made of", "zero", words=("zero", "reflect", "replicate", "circular"))

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        pairs = pad_pairs(self.amount, (shape[0], *spatial(shape, self.kind)))
        sizes = tuple(size + before + after for size, (before, after) in zip(shape[1:], pairs, strict=True))
        if min(sizes) < 1 or any(
            size + min(0, a) + min(0, b) < 0 for size, (a, b) in zip(shape[1:], pairs, strict=True)
        ):
            raise LayerError(f"nothing is left of {times(shape[1:])}: {times(sizes)}", "amount")
        for size, sides in zip(shape[1:], pairs, strict=True):
            self._check_sides(size, max(sides))
        return (shape[0], *sizes)

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Nothing of zeros and wrapped pixels, which are copied; its input where the border is made of others."""
        return Kept((0,)) if self.mode in ("reflect", "replicate") else Kept()

    def _check_sides(self, size: int, side: int) -> None:
        """Raises LayerError where the axis has not so many pixels as the border is to be made of."""
        most = {"reflect": size - 1, "circular": size}.get(self.mode, side)
        if side > most:
            raise LayerError(f"mode={self.mode} pads an axis of {size} by at most {most} a side, not {side}", "amount",
                             "'mode=replicate' pads by any amount")  # fmt: skip

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        if axis == 0:
            return ""
        before, after = pad_pairs(self.amount, inputs[0])[axis - 1]
        return f"{inputs[0][axis]} + {before} + {after} = {output[axis]}".replace("+ -", "- ")

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        axes = zip(shape[1:], pad_pairs(self.amount, shape), strict=True)
        if self.mode == "zero":
            return tuple(Taps(size, before=before) for size, (before, _) in axes)
        return tuple(Bordered(size, before, self.mode) for size, (before, _) in axes)


class Crop(Layer):
    kind = "crop"
    family = "resampling"
    summary = "The middle of the input."
    rule = "its size, or that of another tensor"
    example = "crop like=@here"
    positions = ("size",)
    exclusive = (("size", "like"),)
    remarks = ("It says what stays; Keras's Cropping2D says what goes.",)
    moves = linear = per_channel = slices = True
    keeps = "nothing"

    size = Sizes("size that stays", None, ("to",))
    like = Like("take the size of this tensor", None)

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        spatial(shape, self.kind)
        sizes = _target(self.like, shape) if self.like is not None else per_axis(self.size, shape, "size")
        if any(wanted > size for wanted, size in zip(sizes, shape[1:], strict=True)):
            raise LayerError(
                f"crop to {times(sizes)} of an input of only {times(shape[1:])}",
                "like" if self.like is not None else "size", "'pad' or 'resize' makes it larger",
            )  # fmt: skip
        return (shape[0], *sizes)

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        return f"crop leaves {output[axis]}" if axis else ""

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        pairs = zip(shape[1:], self.output((shape,))[1:], strict=True)
        return tuple(Taps(size, before=-((size - kept) // 2)) for size, kept in pairs)

    def describe(self, rank: int, layout: str = "chw") -> str:
        if self.like is None:
            return super().describe(rank, layout)
        return self.changed(like=None, size=Size(self.like[1:])).describe(rank, layout)


class Resize(Layer):
    kind = "resize"
    family = "resampling"
    aliases = ("upsample",)
    summary = "The input at another size, by nearest or (bi)linear interpolation."
    rule = "floor(W*factor), or SIZE"
    example = "resize 2 mode=bilinear"
    positions = ("factor",)
    exclusive = (("factor", "to", "like"),)
    linear = per_channel = True
    keeps = "nothing"

    factor = Factor("times as large: a number, or one an axis", None, ("scale",))
    to = Sizes("size of the output", None, ("size",))
    like = Like("take the size of this tensor", None)
    mode = OneOf("how values are found between pixels", "nearest", words=("nearest", "bilinear"))

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        taps = 1 if self.mode == "nearest" else 2
        if self.factor is not None:  # PyTorch steps by 1/factor, even where the size was rounded down
            ratios = [1 / Fraction(one) for one in per_axis(self.factor, shape, "factor")]
        else:
            sizes = zip(shape[1:], self.output((shape,))[1:], strict=True)
            ratios = [Fraction(size, made) for size, made in sizes]
        return tuple(Resample(size, ratio, taps) for size, ratio in zip(shape[1:], ratios, strict=True))

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        spatial(shape, self.kind)
        if self.like is not None:
            return (shape[0], *_target(self.like, shape))
        if self.to is not None:
            return (shape[0], *per_axis(self.to, shape, "to"))
        sizes = tuple(
            floor(size * by) for size, by in zip(shape[1:], per_axis(self.factor, shape, "factor"), strict=True)
        )
        if min(sizes) < 1:
            raise LayerError(
                f"nothing is left: {times(shape[1:])} times {spell(self.factor)} is {times(sizes)}", "factor"
            )
        return (shape[0], *sizes)

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        if axis == 0:
            return ""
        if self.factor is None:
            key = "to" if self.like is None else "like"
            return f"{key}={'@…' if self.to is None else spell(self.to)} gives {output[axis]} of any input"
        factor = Fraction(per_axis(self.factor, inputs[0], "factor")[axis - 1])
        product = f"{inputs[0][axis]}*{spell(factor)}"
        return f"{product if factor.denominator == 1 else f'floor({product})'} = {output[axis]}"

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        shape = inputs[0]
        factors = () if self.factor is None else per_axis(self.factor, shape, "factor")
        apart = isinstance(self.factor, Size)
        whole = prod(shape) * prod(factors) == prod(output) and not (apart and any(factor % 1 for factor in factors))
        return Quantities({}, (self.mode, *named(whole=whole or not factors, factors=apart)))

    def describe(self, rank: int, layout: str = "chw") -> str:
        if self.like is None:
            return super().describe(rank, layout)
        return self.changed(like=None, to=Size(self.like[1:])).describe(rank, layout)


class PixelShuffle(Layer):
    kind = "pixelshuffle"
    family = "resampling"
    summary = "Channels to pixels: f*f channels become an f x f patch."
    rule = "C/f**2 x H*f x W*f"
    example = "pixelshuffle 2"
    positions = ("factor",)
    moves = True
    keeps = "nothing"

    factor = Count("pixels a side", hint="2")

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        return tuple(Resample(size, Fraction(1, self.factor), 1) for size in shape[1:])

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        channels, height, width = _plane(inputs[0], self.kind)
        square = self.factor**2
        if channels % square:
            raise LayerError(f"pixelshuffle {self.factor} needs a multiple of {self.factor}*{self.factor} = {square} "
                             f"channels, not {channels}", "factor")  # fmt: skip
        return (channels // square, height * self.factor, width * self.factor)

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        by = f"*{self.factor}" if axis else f"/({self.factor}*{self.factor})"
        return f"{inputs[0][axis]}{by} = {output[axis]}"

    def channels_read(self, box: tuple[Runs, ...], shape: Shape, output: Shape) -> tuple[Runs, bool]:
        """Output (c, y, x) is in channel c*f*f + (y % f)*f + x % f."""
        factor, square = self.factor, self.factor**2
        rows, columns = (_remainders(runs, factor) for runs in box[1:])
        one_place = all(a == b for runs in box[1:] for a, b in runs)
        many = sum(b - a + 1 for a, b in box[0]) * len(rows) * len(columns) > MOST_RUNS
        if len(rows) * len(columns) == square or many:
            read = joined_runs((a * square, (b + 1) * square - 1) for a, b in box[0])
        else:
            read = joined_runs(
                (place, place) for a, b in box[0] for channel in range(a, b + 1) for row in rows for column in columns
                for place in [channel * square + row * factor + column]
            )  # fmt: skip
        return read, read == ((0, shape[0] - 1),) or (one_place and not many)


class PixelUnshuffle(Layer):
    kind = "pixelunshuffle"
    family = "resampling"
    summary = "Pixels to channels: every f x f patch becomes f*f channels."
    rule = "C*f**2 x H/f x W/f"
    example = "pixelunshuffle 2"
    positions = ("factor",)
    moves = True
    keeps = "nothing"

    factor = Count("pixels a side", hint="2")

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        return tuple(Taps(size, self.factor, self.factor) for size in shape[1:])

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        channels, height, width = _plane(inputs[0], self.kind)
        if height % self.factor or width % self.factor:
            raise LayerError(f"pixelunshuffle {self.factor} does not divide {height}x{width}", "factor")
        return (channels * self.factor**2, height // self.factor, width // self.factor)

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        by = f"/{self.factor}" if axis else f"*{self.factor}*{self.factor}"
        return f"{inputs[0][axis]}{by} = {output[axis]}"

    def channel_run(self, run: Run, shape: Shape, output: Shape) -> list[Run]:
        return [(run[0] // self.factor**2, run[1] // self.factor**2)]

    def channels_read(self, box: tuple[Runs, ...], shape: Shape, output: Shape) -> tuple[Runs, bool]:
        return super().channels_read(box, shape, output)[0], box[0] == ((0, output[0] - 1),)


def _remainders(runs: Runs, factor: int) -> list[int]:
    """The remainders by `factor` of all positions of `runs`."""
    if any(b - a + 1 >= factor for a, b in runs):
        return list(range(factor))
    return sorted({place % factor for a, b in runs for place in range(a, b + 1)})


def _target(like: Shape, shape: Shape) -> Shape:
    if len(like) != len(shape):
        raise LayerError(("the tensor ", like, " has another number of axes than the input ", shape), "like")
    return like[1:]


def _plane(shape: Shape, kind: str) -> Shape:
    if len(shape) != 3:
        raise LayerError((f"{kind} is for 2-D inputs CxHxW, not ", shape))
    return shape


KINDS: tuple[type[Layer], ...] = (Pad, Crop, Resize, PixelShuffle, PixelUnshuffle)
