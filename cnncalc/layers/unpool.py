"""Max unpooling: the values of a pooled map put back where a max pool took them from."""

from __future__ import annotations

from math import prod
from typing import ClassVar

from ..values import Shape, times
from .arguments import Border, LayerError, Sizes
from .base import Layer, per_axis, spatial
from .reach import Reach, Spread
from .result import Kept, Quantities
from .tensors import LikeNamed, Undone, UndonePool
from .window import Window, pad_pairs


class UnpoolAxis(Window):
    """How the windows that are undone lie along one axis: `size` is that of the pooled map, `output` that behind."""

    @property
    def figures(self) -> str:
        """The formula of the size that goes without saying."""
        pads = f"2*{self.before}" if self.before == self.after else f"{self.before} - {self.after}"
        return f"({self.size} - 1)*{self.stride} + {self.kernel} - {pads}"


class Unpool(Layer):
    kind = "unpool"
    family = "pool"
    aliases = ("maxunpool",)
    summary = "Max unpooling: each value goes back to where a max pool found it, the others are 0 (SegNet)."
    rule = "(W-1)S + F - P_before - P_after; from=@pool, like=@name: the size of that pool's input, of that tensor"
    example = "unpool 2"
    positions: ClassVar[tuple[str, ...]] = ("kernel", "stride")
    exclusive = (("from", "kernel"),)
    per_channel = moves = True
    remarks = (
        "from=@pool takes kernel, stride, pad and size of the pool that it undoes: 'unpool from=@pool1'.",
        "like=@name says a size that pooling rounds to the same, up to the stride from the usual one.",
    )

    kernel = Sizes("size of the windows of the pool that is undone", None, ("k", "size", "F"))
    stride = Sizes("their step; the kernel where left out", None, ("s", "S"))
    pad = Border("border that the pool had: a number, or one an axis", 0, ("padding", "p", "P"))
    from_ = Undone("the max pool that it undoes", None)
    like = LikeNamed("take the size of this tensor", None)

    @classmethod
    def barred(cls, said: str, names: tuple[str, ...]) -> tuple[str, ...]:
        return ("kernel", "stride", "pad", "like") if said == "from" else ("from",)

    def check(self) -> None:
        given = [name for name, _, default in self.declared if getattr(self, name) != default and name != "from"]
        if self.from_ is not None and given:
            raise LayerError(
                f"unpool has either from= or {given[0]}, not both: the pool says it", given[0], code="argument"
            )
        if self.from_ is None and self.kernel is None:
            raise LayerError("unpool needs a kernel, or from=", missing="kernel")

    def axes(self, shape: Shape) -> tuple[UnpoolAxis, ...]:
        """The windows along every spatial axis of a pooled map of `shape`. Raises LayerError."""
        spatial(shape, self.kind)
        undone: UndonePool | None = self.from_
        if undone is not None:
            windows, sizes = undone.windows, undone.sizes
            if tuple(window.output for window in windows) != shape[1:]:
                made = times([window.output for window in windows])
                raise LayerError(
                    (f"the pool gave maps of {made}, and ", shape, " enters: values go back one by one"), "from",
                    f"'resize to={made}' or 'crop {made}' before it",
                )  # fmt: skip
            return tuple([UnpoolAxis(each.output, each.kernel, each.stride, each.dilation, each.before, each.after,
                                     size) for each, size in zip(windows, sizes, strict=True)])  # fmt: skip
        kernels, strides = (
            per_axis(self.kernel, shape, "kernel"),
            per_axis(self.kernel if self.stride is None else self.stride, shape, "stride"),
        )
        found = []
        for size, kernel, stride, (before, after) in zip(
            shape[1:], kernels, strides, pad_pairs(self.pad, shape), strict=True
        ):
            usual = (size - 1) * stride + kernel - before - after
            found.append(UnpoolAxis(size, kernel, stride, 1, before, after, usual))
        return tuple(found) if self.like is None else self._sized(tuple(found), shape)

    def _sized(self, found: tuple[UnpoolAxis, ...], shape: Shape) -> tuple[UnpoolAxis, ...]:
        """The axes with the sizes of `like`. Raises LayerError where a pool cannot have come from there."""
        like: Shape = self.like.shape
        if len(like) != len(shape):
            raise LayerError(("the tensor ", like, " has another number of axes than the input ", shape), "like")
        for axis, wanted in zip(found, like[1:], strict=True):
            if abs(wanted - axis.output) >= axis.stride:
                raise LayerError(
                    f"like= wants {wanted} of {axis.figures} = {axis.output}: it may differ by less than the stride, "
                    f"{axis.stride}", "like", f"{axis.output - axis.stride + 1} to {axis.output + axis.stride - 1}",
                )  # fmt: skip
        return tuple([unpool_axis._replace(output=wanted) for unpool_axis, wanted in zip(found, like[1:], strict=True)])

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        axes = self.axes(shape)
        if any(axis.output < 1 for axis in axes):
            wrong = next(axis for axis in axes if axis.output < 1)
            raise LayerError(f"nothing is left of the output: {wrong.figures} = {wrong.output}", "pad")
        if len(inputs) > 1 and inputs[1] != shape:
            raise LayerError(
                ("the pool gave ", inputs[1], ", and ", shape, " enters: values go back one by one"), "from"
            )
        return (shape[0], *(axis.output for axis in axes))

    def formulas(self, shape: Shape, spaced: bool) -> list[str]:
        if self.from_ is not None or self.like is not None:
            return []
        return [
            f"{axis.figures if spaced else axis.figures.replace(' ', '')} = {axis.output}" for axis in self.axes(shape)
        ]

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        if axis and self.from_ is not None:
            return f"from={self.from_} gives {output[axis]}, which the pool read"
        return super().arithmetic(inputs, output, axis)

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return Quantities({})

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Where the values go back to: what its pool keeps, or what comes from elsewhere."""
        return Kept(indexed=1) if len(inputs) > 1 else Kept(indices=prod(inputs[0]))

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        return tuple(
            Spread(axis.size, axis.kernel, axis.stride, axis.before, axis.dilation) for axis in self.axes(shape)
        )


KINDS: tuple[type[Layer], ...] = (Unpool,)
