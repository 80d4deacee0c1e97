"""Convolutions: plain, depthwise, and locally connected."""

from __future__ import annotations

from math import prod

from ..values import Shape, Size, divide, how_many, times
from .arguments import Count, LayerError, Padding, Sizes, YesNo
from .base import Layer, per_axis, spatial
from .reach import Reach, Run
from .result import Kept, Quantities, Remark, named
from .window import Window, is_uneven, unread_note, windows

#: Kernels wider than this are taken for PyTorch's order of arguments, input channels first.
USUAL_KERNEL = 31


class Convolution(Layer):
    """What the convolutions share: filters, the window, and their checks."""

    family = "convolution"
    learns = weighted = linear = windowed = True
    keeps = "input"
    rule = "floor((W - d(F-1) - 1 + P_before + P_after)/S) + 1 on every axis; for d = 1 floor((W - F + 2P)/S) + 1"

    filters = Count("number of filters: the channels of the output", synonyms=("out", "channels", "K"), hint="64")
    kernel = Sizes("size of the window", synonyms=("k", "size", "F"), hint="3")
    stride = Sizes("step from one window to the next", 1, ("s", "S"))
    pad = Padding("zeros around the input: a number, before:after, same, valid or causal", 0, ("padding", "p", "P"))
    dilation = Sizes("step from one tap of the kernel to the next", 1, ("d",))
    groups = Count("parts that the channels fall into; a filter sees one part", 1, ("g",))
    bias = YesNo("a learned constant for every filter", True)

    @property
    def channel_bias(self) -> bool:
        return self.bias

    def channels(self, inputs: tuple[Shape, ...]) -> tuple[int, int]:
        """Input channels that a filter spans, and filters. Raises LayerError where groups do not divide."""
        entering = inputs[0][0]
        if self.groups == 1:
            return entering, self.filters
        for count, what in ((entering, "input channel"), (self.filters, "filter")):
            if count % self.groups:
                others = divide(self.groups, entering, self.filters)
                help = "groups divides the channels that enter and those that leave; groups=1 always does"
                help += f"; here {others}, too" if others else ""
                raise LayerError(
                    f"groups={self.groups} does not divide the {how_many(count, what)}", "groups", help, code="groups"
                )
        return entering // self.groups, self.filters

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        spatial(shape, self.kind)
        self._spans_channels(shape)
        return windows(shape, self.kernel, self.stride, self.dilation, self.pad)

    def _spans_channels(self, shape: Shape) -> None:
        """Raises LayerError for ``5x5x256``: the depth of a filter is never given."""
        kernel = self.kernel
        if not isinstance(kernel, Size) or len(kernel) != len(shape):
            return
        depth = shape[0] // self.groups
        size = kernel[1:] if kernel[0] == depth and kernel[-1] != depth else kernel[:-1]
        channels = f"all {depth} {{}}channels" if depth > 1 else "the one {}channel"
        what = channels.format("input ") if self.groups == 1 else f"{channels.format('')} of its group"
        raise LayerError(
            (f"kernel {times(kernel)} has {how_many(len(kernel), 'number')}, but the input ", shape,
             f" has {how_many(len(shape) - 1, 'spatial axis')}: a filter spans {what} by itself"), "kernel",
            f"a filter spans {what}: write '{self._call(times(size))}'",
        )  # fmt: skip

    def _call(self, kernel: str) -> str:
        return f"{self.kind} {self.filters} {kernel}" if "filters" in self.positions else f"{self.kind} {kernel}"

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        windows = self.windows(inputs[0])
        return (self.channels(inputs)[1], *[window.output for window in windows])

    def filter(self, inputs: tuple[Shape, ...]) -> Shape:
        depth, filters = self.channels(inputs)
        kernel = self.kernel
        if isinstance(kernel, int):
            return (filters, depth) + (kernel,) * (len(inputs[0]) - 1)
        return (filters, depth, *per_axis(kernel, inputs[0], "kernel"))

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        weight = ("weight", self.filter(inputs))
        return (weight, ("bias", (output[0],))) if self.bias else (weight,)

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return prod(self.filter(inputs) + output[1:])

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept | None:
        """Its input; where the sides of its padding differ, a module of its own pads, and that is kept instead."""
        if not self.keeps or isinstance(self.pad, int):
            return super().kept(inputs, output, needs)
        windows = self.windows(inputs[0])
        if all(window.before == window.after for window in windows):
            return super().kept(inputs, output, needs)
        return Kept(more=inputs[0][0] * prod(window.size + window.before + window.after for window in windows))

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        values = {"W·Pout": Convolution.macs(self, inputs, output), "B": prod(output) if self.bias else 0}
        # PyTorch has padding="same" for steps of one only; else an uneven pad of its own stands before the module
        same = self.pad == "same" and set(per_axis(self.stride, inputs[0], "stride")) == {1}
        traits = named(bias=self.bias, same=same, groups=self.channels(inputs)[0] != inputs[0][0],
                       equal=inputs[0][0] == output[0], uneven=is_uneven(self.pad))  # fmt: skip
        return Quantities(values, traits)

    def joins(self, shape: Shape) -> tuple[Window, ...]:
        """The windows by which input and output are joined along every axis: their `connections` are the taps that
        exist. Raises LayerError.
        """
        return self.windows(shape)

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        """Pairs of an input and an output element that a weight joins. Raises LayerError."""
        depth, filters = self.channels(inputs)
        return depth * filters * prod(join.connections for join in self.joins(inputs[0]))

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        if axis:
            return super().arithmetic(inputs, output, axis)
        several = f"each of the {output[0]} filters gives a channel"
        return several if output[0] > 1 else "the 1 filter gives the channel"

    def steps(self, shape: Shape) -> tuple[Reach, ...] | None:
        return tuple([window.step for window in self.windows(shape)])

    def channel_run(self, run: Run, shape: Shape, output: Shape) -> list[Run]:
        """A filter reads the channels of its group."""
        read = self.channels((shape,))[0]
        made = output[0] * read // shape[0]
        return [(run[0] // made * read, (run[1] // made + 1) * read - 1)]

    def notices(self, inputs: tuple[Shape, ...], output: Shape) -> list[Remark]:
        return [*self._wide_kernel(inputs[0]), *unread_note(self.windows(inputs[0]), self.kind)]

    def _wide_kernel(self, shape: Shape) -> list[Remark]:
        """The warning on a number of filters that seems to stand where the kernel does: a size says what it is, steps
        as wide as the kernel make patches of the input, and along time kernels are long.
        """
        kernel = self.kernel
        if isinstance(kernel, Size) or kernel <= USUAL_KERNEL:
            return []
        filters = self.filters if "filters" in self.positions else None
        patches = min(per_axis(self.stride, shape, "stride")) >= kernel
        along_time = len(shape) == 2 and (self.rank is None or filters != shape[0])
        if patches or along_time:
            return []
        order = f"{kernel}" if filters is None else f"{filters} {kernel}"
        shown = times((kernel,) * (len(shape) - 1))
        message = f"a {shown} kernel is unusually large: is '{order}' in PyTorch's order?"
        advice = f"input channels are never given: filters, then kernel, for example '{self.kind} {kernel} 3'"
        return [Remark("warning", "large-kernel", message, "kernel", advice)]


class Conv(Convolution):
    kind = "conv"
    summary = "Convolution: every filter slides over the input and gives one channel."
    example = "conv 64 3 stride=2 pad=1"
    positions = ("filters", "kernel")
    remarks = (
        "A filter spans all input channels (of its group): its depth is never given.",
        "pad=same gives ceil(input/stride); where the padding is odd, the extra pixel is at the end.",
    )


class DepthwiseConv(Convolution):
    kind = "dwconv"
    aliases = ("depthwise",)
    summary = "Depthwise convolution: each input channel is filtered on its own."
    example = "dwconv 3 pad=1"
    positions = ("kernel",)
    without = ("filters", "groups")
    remarks = ("The same as conv with groups and filters equal to the input channels.",)

    multiplier = Count("filters for every input channel", 1)

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        if axis == 0:
            return f"{inputs[0][0]}*{self.multiplier} = {output[0]}" if self.multiplier > 1 else ""
        return super().arithmetic(inputs, output, axis)

    def channels(self, inputs: tuple[Shape, ...]) -> tuple[int, int]:
        return 1, inputs[0][0] * self.multiplier


class LocalConv(Convolution):
    kind = "localconv"
    aliases = ("locallyconnected",)
    summary = "Locally connected: a convolution whose weights are not shared over positions."
    example = "localconv 16 3"
    positions = ("filters", "kernel")
    without = ("groups",)
    size_bound = True
    keeps = ""  # PyTorch has no such layer
    remarks = (
        "Every connection that exists has a weight of its own; taps that fall on padding have none.",
        "Every output element has a bias of its own.",
    )

    @property
    def channel_bias(self) -> bool:
        return False  # every output element has its own

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        weight = ("weight", (self.macs(inputs, output),))
        return (weight, ("bias", output)) if self.bias else (weight,)

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return self.connections(inputs)

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        size = prod(output)
        values = {"products": self.macs(inputs, output), "dots": size, "B": size if self.bias else 0}
        return Quantities(values, named(bias=self.bias, blind=any(window.blind for window in self.windows(inputs[0]))))


KINDS: tuple[type[Layer], ...] = (Conv, DepthwiseConv, LocalConv)
