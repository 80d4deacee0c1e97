"""Transposed convolution."""

from __future__ import annotations

from math import prod

from ..records import Record
from ..values import Shape, Size
from .arguments import LayerError, Padding, Sizes
from .base import Layer, per_axis, spatial
from .conv import Convolution
from .reach import Reach, Spread
from .result import Quantities, Remark
from .window import Window, pad_pairs


class Spreading(Record):
    """One axis of a transposed convolution: every pixel of `size` spreads its kernel; then the ends are taken off.

    pad=same takes off the odd pixel at the end, and fills up to the stride.
    """

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int
    extra: int
    same: bool

    @property
    def output(self) -> int:
        """The size of the output: (W-1)S + d(F-1) + 1 - P_before - P_after + outpad."""
        spread = (self.size - 1) * self.stride + self.dilation * (self.kernel - 1) + 1
        return spread - self.before - self.after + self.extra

    @property
    def figures(self) -> str:
        """The formula with its figures; of pad=same W*S, which is what it comes to."""
        if self.same:
            return f"{self.size}*{self.stride}"
        taps = f"{self.kernel}" if self.dilation == 1 else f"{self.dilation}*({self.kernel}-1)+1"
        pad = f"2*{self.before}" if self.before == self.after else f"{self.before}-{self.after}"
        return f"({self.size}-1)*{self.stride}+{taps}-{pad}" + (f"+{self.extra}" if self.extra else "")


class TransposedConv(Convolution):
    kind = "upconv"
    aliases = ("deconv", "convtranspose")
    summary = "Transposed convolution: every input pixel spreads a kernel over the output, which grows."
    rule = "(W-1)S + d(F-1) + 1 - P_before - P_after + outpad on every axis; pad=same: W*S"
    example = "upconv 64 2 stride=2"
    positions = ("filters", "kernel")
    windowed = False
    transposed = True
    remarks = ("Its MACs are weights x input positions: each weight meets each input pixel once.",)

    pad = Padding("taken off the output: a number, before:after, same or valid", 0, ("padding", "p", "P"),
                  words=("same", "valid"))  # fmt: skip
    outpad = Sizes("added to the end of the output", 0, ("output_padding",), least=0)

    def check(self) -> None:
        extra = self.outpad if isinstance(self.outpad, Size) else (self.outpad,)
        if self.pad == "same" and any(extra):
            raise LayerError("outpad goes with a pad in numbers: pad=same fills up to W*S by itself", "outpad",
                             "leave outpad out, or write the pad as a number", code="argument")  # fmt: skip

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        return ()  # none slides over the input

    def axes(self, shape: Shape) -> list[Spreading]:
        """How the kernel is spread along every spatial axis. Raises LayerError where nothing is left."""
        spatial(shape, self.kind)
        self._spans_channels(shape)
        pads = pad_pairs(0 if self.pad == "same" else self.pad, shape)
        axes = zip(shape[1:], *(per_axis(getattr(self, name), shape, name) for name in
                                ("kernel", "stride", "dilation", "outpad")), pads, strict=True)  # fmt: skip
        found = []
        for size, kernel, stride, dilation, extra, (before, after) in axes:
            if self.pad == "same":
                total = dilation * (kernel - 1) + 1 - stride
                before, extra = max(total, 0) // 2, max(-total, 0)
                after = max(total, 0) - before
            axis = Spreading(size, kernel, stride, dilation, before, after, extra, self.pad == "same")
            if axis.output < 1:
                raise LayerError(f"nothing is left of the output: {axis.figures} = {axis.output}", "pad",
                                 "a smaller pad, or a larger kernel", code="window-too-large")  # fmt: skip
            found.append(axis)
        return found

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        return (self.channels(inputs)[1], *(axis.output for axis in self.axes(inputs[0])))

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return prod(self.filter(inputs)) * prod(inputs[0][1:])

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        values, traits = super().own_quantities(inputs, output)
        taps = prod(output) * prod(per_axis(self.kernel, inputs[0], "kernel"))
        own = {"W·Pin": self.macs(inputs, output), "O·C_in·k": taps * inputs[0][0],
               "O·C_out/g·k": taps * (output[0] // self.groups)}  # fmt: skip
        return Quantities(values | own, traits)

    def joins(self, shape: Shape) -> tuple[Window, ...]:
        """The windows of the convolution that this one transposes: from its output, as cropped, to its input.

        pad=same crops as that convolution's pad=same pads, the odd pixel at the end.
        """
        return tuple(
            Window(axis.output, axis.kernel, axis.stride, axis.dilation, axis.before, axis.after, axis.size)
            for axis in self.axes(shape)
        )

    def formulas(self, shape: Shape, spaced: bool) -> list[str]:
        return [f"{axis.figures} = {axis.output}" for axis in self.axes(shape)]

    def steps(self, shape: Shape) -> tuple[Reach, ...] | None:
        return tuple(
            Spread(axis.size, axis.kernel, axis.stride, axis.before, axis.dilation) for axis in self.axes(shape)
        )

    def notices(self, inputs: tuple[Shape, ...], output: Shape) -> list[Remark]:
        shape = inputs[0]
        remarks = self._wide_kernel(shape)
        extra, stride, dilation = (per_axis(one, shape, "outpad") for one in (self.outpad, self.stride, self.dilation))
        if any(more >= max(step, spread) for more, step, spread in zip(extra, stride, dilation, strict=True)):
            message = "PyTorch refuses this: outpad must be below the stride or the dilation, on every axis"
            remarks.append(Remark("warning", "pytorch-refuses", message, "outpad"))
        return remarks


KINDS: tuple[type[Layer], ...] = (TransposedConv,)
