"""One layer, worked out, as data: its windows along each axis, what they share, how often a pixel is read; its weights,
its calls in other frameworks, what it stores.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import gcd, prod

from ...convert.call import CallText
from ...convert.keras_call import keras_call
from ...convert.torch_call import torch_call
from ...layers import Layer, Shape
from ...layers.reach import Adaptive, Resample, Spread, Taps
from ...layers.upconv import TransposedConv
from ...layers.window import Window, axis_names
from ...measure.result import NetworkAnalysis
from ...measure.row import LayerRow
from ...network import Node
from ...records import Record
from ...values import how_many
from .facts import LayerGroup, rows

#: Windows of a ruler that are listed: all of so many, else the first and last few. Taps of one that are listed.
_SHOWN, _ENDS, _TAPS = 8, 4, 9
#: Pixels around the middle whose reads are looked at.
_MIDDLE = 256


class AxisFacts(Record):
    """One axis of a layer. Positions are those of its input, negative on padding; counts are per channel."""

    name: str
    size: int
    output: int
    #: The formula, with its figures and its result; the term under `floor` or `ceil`, where there is one.
    formula: str
    quotient: Fraction | None
    #: Some windows, by their number: the taps of each, as positions (a long one: first, second, last).
    windows: tuple[tuple[int, tuple[int, ...]], ...] = ()
    #: Taps from one window to the next that are the same pixel; pixels between two windows that none reads.
    shared: int = 0
    skipped: int = 0
    #: Pixels past the last tap, and zeros that windows read before and after the input.
    unread: int = 0
    padding: tuple[int, int] = (0, 0)
    #: How often the first, the last and the pixels around the middle are read.
    first: int = 0
    last: int = 0
    middle: tuple[int, ...] = ()


def axes(layer: Layer, shape: Shape, output: Shape) -> tuple[AxisFacts, ...]:
    """The spatial axes of `layer` on an input of `shape`; none for what has no window and no size rule of its own."""
    steps = layer.steps(shape) if len(shape) == len(output) > 1 and not layer.merges else None
    if steps is None:
        return ()
    names, windows = axis_names(len(shape) - 1), layer.windows(shape)
    found = []
    for place, (name, step) in enumerate(zip(names, steps, strict=True)):
        formula = layer.axis_formula(shape, place)
        axis = AxisFacts(name, shape[place + 1], output[place + 1], formula, None)
        if isinstance(step, Taps) and windows:
            axis = _regular(axis, windows[place], step)
        elif isinstance(step, Adaptive):
            axis = _adaptive(axis, step)
        elif isinstance(step, Spread):
            # A transposed convolution writes its outputs: each of its inputs so many taps.
            axis = _read(axis, Taps(axis.output, step.taps, step.step, step.pad, step.dilation), axis.size)
        elif isinstance(step, Resample):
            pixels, become = shape[place + 1], "becomes" if shape[place + 1] == 1 else "become"
            axis = axis._replace(formula=f"{how_many(pixels, 'pixel')} {become} {output[place + 1]}")
        found.append(axis)
    told = any(axis.formula or axis.windows for axis in found) or not all(isinstance(step, Taps) for step in steps)
    return tuple(found) if told else ()


def _regular(axis: AxisFacts, window: Window, step: Taps) -> AxisFacts:
    count, stride, dilation = window.output, window.stride, window.dilation
    end = (count - 1) * stride + window.reach - window.before
    # The taps of all windows fall on residues t*d modulo the stride, a cycle of stride/gcd.
    skipped = stride - min(window.kernel, stride // gcd(stride, dilation))
    return _read(axis, step, count)._replace(
        quotient=Fraction(window.size - window.reach + window.before + window.after, stride),
        windows=tuple((one, _taps(step, one)) for one in _chosen(count)),
        shared=max(window.kernel - stride // dilation, 0) if count > 1 and stride % dilation == 0 else 0,
        skipped=skipped if count > 1 else 0,
        unread=max(window.size - end, 0),
        padding=(window.before, max(end - window.size, 0)),
    )


def _chosen(count: int) -> list[int]:
    if count <= _SHOWN:
        return list(range(count))
    return [*range(_ENDS), count - 2, count - 1]


def _taps(step: Taps, one: int) -> tuple[int, ...]:
    """The positions of window number `one`; of a long one the first, the second and the last."""
    start = one * step.stride - step.before
    if step.taps <= _TAPS:
        return tuple(start + tap * step.dilation for tap in range(step.taps))
    return (start, start + step.dilation, start + step.dilation * (step.taps - 1))


def reads(step: Taps, outputs: int, pixel: int) -> int:
    """How many taps of `outputs` windows fall on `pixel`: t with i*stride + t*dilation - before = pixel.

    Without looking at the taps one by one: those that fit are an arithmetic progression.
    """
    place = pixel + step.before
    common = gcd(step.dilation, step.stride)
    if place % common:
        return 0
    cycle = step.stride // common
    low = max(0, -(-(place - (outputs - 1) * step.stride) // step.dilation))
    high = min(step.taps - 1, place // step.dilation)
    start = place // common * pow(step.dilation // common, -1, cycle) % cycle
    first = low + (start - low) % cycle
    return (high - first) // cycle + 1 if high >= first else 0


def _read(axis: AxisFacts, step: Taps, outputs: int) -> AxisFacts:
    """How often the ends are read, and pixels over one stride around the middle."""
    start = max(step.size // 2 - step.stride // 2, 0)
    pixels = range(start, min(start + min(step.stride, _MIDDLE), step.size))
    middle = tuple(sorted({reads(step, outputs, pixel) for pixel in pixels}))
    return axis._replace(first=reads(step, outputs, 0), last=reads(step, outputs, step.size - 1), middle=middle)


def _adaptive(axis: AxisFacts, step: Adaptive) -> AxisFacts:
    if step.outputs == 1:
        return axis._replace(formula=f"all {axis.size} become 1")
    windows = []
    for one in _chosen(step.outputs):
        ((first, last),) = step.back((one, one)).runs
        windows.append((one, tuple(range(first, last + 1)) if last - first < 3 else (first, first + 1, last)))
    sentence = f"window i reads from floor(i*{axis.size}/{step.outputs}) up to ceil((i + 1)*{axis.size}/{step.outputs})"
    return axis._replace(formula=sentence, windows=tuple(windows))


def places(found: tuple[AxisFacts, ...]) -> dict[str, tuple[int, ...]]:
    """How often pixels are read, or written: the counts that occur at the corners, edges and the centre (of a line at
    the two ends), which are products of what the axes say.
    """
    if not found or not all(axis.middle for axis in found):
        return {}
    if len(found) == 1:
        only = found[0]
        return {"first": (only.first,), "last": (only.last,), "centre": only.middle}
    names = ("corner", "edge", "centre") if len(found) == 2 else ("corner", "edge", "face", "centre")
    counts: list[set[int]] = [set() for _ in names]
    for choice in product((False, True), repeat=len(found)):
        sides = [axis.middle if inner else (axis.first, axis.last) for axis, inner in zip(found, choice, strict=True)]
        counts[sum(choice)].update(prod(one) for one in product(*sides))
    return {name: tuple(sorted(some)) for name, some in zip(names, counts, strict=True)}


class LayerFacts:
    """One layer, or an input, worked out. Everything that needs a shape is empty where that is not known."""

    def __init__(self, analysis: NetworkAnalysis, node: Node) -> None:
        nodes, layer, output = analysis.network.nodes, node.layer, node.output
        self.analysis = analysis
        self.node = node
        self.row = LayerRow(analysis, node)
        #: What it reads: names and shapes.
        self.inputs: tuple[tuple[str, Shape | None], ...] = tuple(
            (nodes[index].name, nodes[index].output) if index >= 0 else ("?", None) for index in node.inputs
        )
        self.weights = analysis.execution.weights(node)
        self.axes: tuple[AxisFacts, ...] = ()
        self.torch = self.keras = CallText("")
        shapes = tuple(shape for _, shape in self.inputs if shape is not None)
        if layer is not None and output is not None and node.result is not None and len(shapes) == len(self.inputs):
            self.axes = axes(layer, shapes[0], output) if shapes else ()
            self.torch, self.keras = torch_call(layer, shapes, output), keras_call(layer, shapes, output)
        self.reads = places(self.axes)
        #: Of the output, for the batch.
        self.elements = None if output is None else prod(output) * analysis.batch
        self.bytes = self.row.output_bytes

    @property
    def shape(self) -> Shape:
        """The shape of its first input; a single value where that is not known."""
        return (self.inputs[0][1] if self.inputs else None) or (1,)

    @property
    def view(self) -> bool:
        """Whether the output is its input's storage."""
        return self.node.layer is not None and self.node.layer.view

    @property
    def transposed(self) -> bool:
        """Whether its inputs write windows of the output, in place of outputs that read windows of the input."""
        return isinstance(self.node.layer, TransposedConv)

    @property
    def line(self) -> LayerGroup | None:
        """Its whole line, where it is the last of several layers that one name stands for."""
        network, name = self.analysis.network, self.node.name
        extent = network.extents.get(name)
        if extent is None or extent.last - extent.first < 2:
            return None
        return LayerGroup(name, "line", rows(self.analysis, network.nodes[extent.first : extent.last]))
