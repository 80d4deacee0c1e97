"""Pools: windows without weights."""

from __future__ import annotations

from math import prod
from typing import ClassVar

from ..values import Shape, spell
from .arguments import LayerError, Padding, Sizes, YesNo
from .base import Layer, per_axis, spatial
from .reach import Adaptive, Reach, Whole
from .result import Kept, Quantities, Remark, named
from .window import Window, floor_sum, is_uneven, pad_pairs, unread_note, windows


class Pool(Layer):
    """What the pools with a window share."""

    family = "pool"
    per_channel = windowed = keeps_nonnegative = True
    rule = (
        "floor((W - d(F-1) - 1 + P_before + P_after)/S) + 1; ceil=yes rounds up and drops a window that would start "
        "past the input and its leading pad; to=SIZE: SIZE"
    )
    positions: ClassVar[tuple[str, ...]] = ("kernel", "stride")

    kernel = Sizes("size of the window", None, ("k", "size", "F"))
    stride = Sizes("step from one window to the next; the kernel where left out", None, ("s", "S"))
    pad = Padding("border around the input: a number, before:after, same, valid or causal", 0, ("padding", "p", "P"))
    dilation = Sizes("step from one tap of the window to the next", 1, ("d",))
    ceil = YesNo("round the number of windows up", False)
    to = Sizes("output size of the adaptive pool, instead of a kernel", None)

    exclusive = (("to", "kernel"),)

    @classmethod
    def barred(cls, said: str, names: tuple[str, ...]) -> tuple[str, ...]:
        return ("kernel", "stride", "pad", "dilation", "ceil") if said == "to" else ("to",)

    def check(self) -> None:
        if self.to is not None:
            barred = self.barred("to", ())
            given = (name for name, _, default in self.declared if getattr(self, name) != default)
            extra = next((name for name in given if name in barred), None)
            if extra is not None:
                raise LayerError(f"{self.kind} has either to= or {extra}, not both", extra, code="argument")
        elif self.kernel is None:
            raise LayerError(f"{self.kind} needs a kernel", missing="kernel")

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        if self.to is not None:
            return ()
        stride = self.kernel if self.stride is None else self.stride
        return windows(shape, self.kernel, stride, self.dilation, self.pad, self.ceil)

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        spatial(shape, self.kind)
        if self.to is not None:
            return (shape[0], *per_axis(self.to, shape, "to"))
        return (shape[0], *(window.output for window in self.windows(shape)))

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        if axis and self.to is not None:
            return f"to={spell(self.to)} gives {output[axis]} of any input"
        return super().arithmetic(inputs, output, axis)

    def steps(self, shape: Shape) -> tuple[Reach, ...] | None:
        if self.to is not None:
            sizes = zip(shape[1:], per_axis(self.to, shape, "to"), strict=True)
            return tuple(Adaptive(size, outputs) for size, outputs in sizes)
        return tuple([window.step for window in self.windows(shape)])

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        if self.to is not None:
            return _adaptive_facts(inputs[0], output)
        taps = prod(output) * prod(per_axis(self.kernel, inputs[0], "kernel"))
        return Quantities({"O·k": taps}, named(uneven=is_uneven(self.pad), unlike=self._dilated_mean(inputs[0])))

    def _dilated_mean(self, shape: Shape) -> bool:
        """Whether it is an average with gaps, which PyTorch does not have."""
        return False

    def notices(self, inputs: tuple[Shape, ...], output: Shape) -> list[Remark]:
        if self.to is not None:
            return []
        shape = inputs[0]
        remarks = [*unread_note(self.windows(shape), self.kind)]
        reason = self._refused(shape)
        if reason:
            argument = "dilation" if reason.endswith("dilation") else "pad"
            remarks.append(Remark("warning", "pytorch-refuses", f"PyTorch refuses this: {reason}", argument))
        return remarks

    @staticmethod
    def _pads_itself(windows: tuple[Window, ...]) -> bool:
        """Whether PyTorch's pool takes its padding: no more than half a kernel, and as much on either side."""
        return all(window.before == window.after <= window.kernel // 2 for window in windows)

    def _refused(self, shape: Shape) -> str:
        """Why PyTorch would refuse this sound geometry; empty where it would not."""
        if is_uneven(self.pad):  # PyTorch's pools have no such pad: it is a module of its own, which takes any
            return ""
        for kernel, pads in zip(per_axis(self.kernel, shape, "kernel"), pad_pairs(self.pad, shape), strict=True):
            if max(pads) > kernel // 2:
                return f"a pad of {max(pads)} is over half the kernel of {kernel}"
        return ""


class MaxPool(Pool):
    kind = "maxpool"
    summary = "Max pooling: the largest value of each window."
    example = "maxpool 3 stride=2 pad=1"

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Where the largest value was, too; in place of its input what a module of its own has padded."""
        shape, windows = inputs[0], self.windows(inputs[0])
        if self._pads_itself(windows):
            return Kept((0,), indices=prod(output))
        sizes = (
            max((window.output - 1) * window.stride + window.reach, window.size + window.before) for window in windows
        )
        return Kept(more=shape[0] * prod(sizes), indices=prod(output))


class AveragePool(Pool):
    kind = "avgpool"
    summary = "Average pooling: the mean of each window."
    example = "avgpool 2"
    linear = True

    countpad = YesNo("count padding in the mean", True)

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept | None:
        """Its input, or what a module of its own has padded; nothing where the adaptive pool is a mean."""
        if self.to is not None and prod(output[1:]) == 1:
            return Kept()
        windows = self.windows(inputs[0])
        if self._dilated_mean(inputs[0]):
            return None
        if self._pads_itself(windows):
            return Kept((0,))
        if self.ceil or not self.countpad:
            return None
        return Kept(more=inputs[0][0] * prod(window.size + window.before + window.after for window in windows))

    def _dilated_mean(self, shape: Shape) -> bool:
        return any(one > 1 for one in per_axis(self.dilation, shape, "dilation"))

    def _refused(self, shape: Shape) -> str:
        if self._dilated_mean(shape):
            return "its average pools have no dilation"
        if len(shape) == 4 and all(window.before == window.after for window in self.windows(shape)):
            for size, kernel in zip(shape[1:], per_axis(self.kernel, shape, "kernel"), strict=True):
                if size < kernel:
                    return f"its 3-D average pool wants an input of at least the kernel, {kernel}, before padding"
        return super()._refused(shape)


class AdaptiveMaxPool(MaxPool):
    """maxpool under PyTorch's names for the adaptive pool, which give the output size first."""

    positions = ("to",)


class AdaptiveAveragePool(AveragePool):
    """avgpool under PyTorch's names for the adaptive pool, which give the output size first."""

    positions = ("to",)


def _adaptive_facts(shape: Shape, output: Shape) -> Quantities:
    """The measures of an adaptive pool, whose windows overlap where the sizes do not divide.

    Window i reads from floor(i*size/count) up to but without ceil((i+1)*size/count).
    """
    axes = tuple(zip(shape[1:], output[1:], strict=True))
    taps = prod(
        floor_sum(count, count, size, size + count - 1) - floor_sum(count, count, size, 0) for size, count in axes
    )
    ratio = prod((size / count for size, count in axes), start=1.0)
    inexact = int((ratio + 1) * prod(output)) != prod(shape) + prod(output)
    traits = named(
        adaptive=True, even=all(not size % count for size, count in axes),
        single=all(count == 1 for count in output[1:]), inexact=inexact,
    )  # fmt: skip
    return Quantities({"O·k": shape[0] * taps}, traits)


class GlobalPool(Layer):
    """What the global pools share."""

    family = "pool"
    per_channel = True
    rule = "every spatial axis to 1"

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        return (inputs[0][0], *(1 for _ in spatial(inputs[0], self.kind)))

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        return _adaptive_facts(inputs[0], output)

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        return f"{self.kind} gives 1 of any input" if axis else ""

    def steps(self, shape: Shape) -> tuple[Reach, ...] | None:
        return tuple(Whole(size) for size in shape[1:])


class GlobalAveragePool(GlobalPool):
    kind = "gavgpool"
    aliases = ("gap",)
    summary = "Global average pooling: the mean of each channel."
    example = "gavgpool"
    linear = True
    keeps = "nothing"
    remarks = ("The axes stay, with size 1; fc takes that as a vector.",)


class GlobalMaxPool(GlobalPool):
    kind = "gmaxpool"
    summary = "Global max pooling: the largest value of each channel."
    example = "gmaxpool"

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """Where the largest value was, too."""
        return Kept((0,), indices=prod(output))


KINDS: tuple[type[Layer], ...] = (MaxPool, AveragePool, GlobalAveragePool, GlobalMaxPool)
#: Kinds above by names elsewhere under which another argument stands first, by their rows in convert/names.py.
VARIANTS: dict[str, type[Layer]] = {"maxpool to": AdaptiveMaxPool, "avgpool to": AdaptiveAveragePool}
