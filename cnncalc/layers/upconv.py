"""Transposed convolution."""

from __future__ import annotations

from math import prod

from ..values import Shape
from .arguments import LayerError, Padding, Sizes
from .base import Layer, per_axis, spatial
from .conv import Convolution
from .measures import Facts
from .reach import Reach, Spread
from .result import Remark
from .window import Window, joined, pad_pairs


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

    def sizes(self, shape: Shape) -> list[tuple[int, str]]:
        """Output size and formula along every spatial axis. Raises LayerError where nothing is left."""
        spatial(shape, self.kind)
        pads = pad_pairs(0 if self.pad == "same" else self.pad, shape)
        axes = zip(shape[1:], *(per_axis(value, shape, name) for name, value in (
            ("kernel", self.kernel), ("stride", self.stride), ("dilation", self.dilation), ("outpad", self.outpad),
        )), pads, strict=True)  # fmt: skip
        found = []
        for size, kernel, stride, dilation, extra, (before, after) in axes:
            if self.pad == "same":
                found.append((size * stride, f"{size}*{stride}"))
                continue
            count = (size - 1) * stride + dilation * (kernel - 1) + 1 - before - after + extra
            taps = f"{kernel}" if dilation == 1 else f"{dilation}*({kernel}-1)+1"
            pad = f"2*{before}" if before == after else f"{before}-{after}"
            figures = f"({size}-1)*{stride}+{taps}-{pad}" + (f"+{extra}" if extra else "")
            if count < 1:
                raise LayerError(f"nothing is left of the output: {figures} = {count}", "pad",
                                 "a smaller pad, or a larger kernel", code="window-too-large")  # fmt: skip
            found.append((count, figures))
        return found

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        spatial(inputs[0], self.kind)
        self._spans_channels(inputs[0])
        return (self.channels(inputs)[1], *(size for size, _ in self.sizes(inputs[0])))

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return prod(self.filter(inputs)) * prod(inputs[0][1:])

    def facts(self, inputs: tuple[Shape, ...], output: Shape) -> Facts:
        values, traits = super().facts(inputs, output)
        taps = prod(output) * prod(per_axis(self.kernel, inputs[0], "kernel"))
        own = {"W·Pin": self.macs(inputs, output), "O·C_in·k": taps * inputs[0][0],
               "O·C_out/g·k": taps * (output[0] // self.groups)}  # fmt: skip
        return Facts(values | own, traits)

    def joins(self, shape: Shape) -> tuple[Window, ...]:
        """The windows of the convolution that this one transposes: from its output, as cropped, to its input.

        pad=same crops as that convolution's pad=same pads, the odd pixel at the end.
        """
        kernel, stride, dilation = (
            per_axis(value, shape, name)
            for name, value in (("kernel", self.kernel), ("stride", self.stride), ("dilation", self.dilation))
        )
        sides = pad_pairs(0 if self.pad == "same" else self.pad, shape)
        found = []
        for axis, (size, _) in enumerate(self.sizes(shape)):
            before, after = sides[axis]
            if self.pad == "same":
                total = max(dilation[axis] * (kernel[axis] - 1) + 1 - stride[axis], 0)
                before, after = total // 2, total - total // 2
            found.append(Window(size, kernel[axis], stride[axis], dilation[axis], before, after, shape[axis + 1]))
        return tuple(found)

    def formula(self, inputs: tuple[Shape, ...]) -> str:
        return joined([f"{figures} = {size}" for size, figures in self.sizes(inputs[0])])

    def steps(self, shape: Shape) -> tuple[Reach, ...] | None:
        axes = zip(shape[1:], *(per_axis(value, shape, name) for name, value in (
            ("kernel", self.kernel), ("stride", self.stride), ("dilation", self.dilation))), strict=True)  # fmt: skip
        pads = pad_pairs(0 if self.pad == "same" else self.pad, shape)
        found = []
        for (size, kernel, stride, dilation), (before, _) in zip(axes, pads, strict=True):
            if self.pad == "same":  # W*S of (W-1)S + d(F-1) + 1: the odd one is taken off at the end
                before = max(dilation * (kernel - 1) + 1 - stride, 0) // 2
            found.append(Spread(size, kernel, stride, before, dilation))
        return tuple(found)

    def axis_formula(self, shape: Shape, axis: int) -> str:
        size, figures = self.sizes(shape)[axis]
        return f"{figures} = {size}"

    def notices(self, inputs: tuple[Shape, ...], output: Shape) -> list[Remark]:
        shape = inputs[0]
        found = self._wide_kernel(shape)
        extra, stride, dilation = (per_axis(one, shape, "outpad") for one in (self.outpad, self.stride, self.dilation))
        if any(more >= max(step, spread) for more, step, spread in zip(extra, stride, dilation, strict=True)):
            message = "PyTorch refuses this: outpad must be below the stride or the dilation, on every axis"
            found.append(Remark("warning", "pytorch-refuses", message, "outpad"))
        return found


KINDS: tuple[type[Layer], ...] = (TransposedConv,)
