"""One layer worked out as on a blackboard: M inputs, N outputs, K taps, and the three counts in figures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from ...document import figures
from ...document.parts import Fact, Facts, Part, Sentences, Title
from ...layers.conv import LocalConv
from ...layers.dense import FullyConnected
from ...layers.window import AXIS_NAMES
from .words import ratio, ratio_of, short

#: A label, and the text behind it; further lines have none.
Text: TypeAlias = tuple[str, str]

if TYPE_CHECKING:
    from ...layers.window import Window
    from ...measure import LayerRow
    from ...measure.mlp import Unrolled
    from .model import ComparedModel

#: Characters of a label.
_LABEL = 16


def parts(model: ComparedModel, name: str) -> Iterator[Part]:
    """The layer called `name`, worked out."""
    row = next(row for row in model.analysis.layers if row.name == name)
    layout = model.analysis.layout
    shapes = [figures.turned(shape, layout) for shape in (*row.input_shapes[:1], row.output)]
    ends = " → ".join(figures.shape(shape) if shape else figures.UNKNOWN for shape in shapes)
    yield Title(name, f"{row.operation}   {ends}")
    unrolled = model.mlp.layers.get(name)
    if unrolled is None:
        yield Sentences([_plainly(row)], inset=True)
        return
    for facts in (_sizes(unrolled), _counts(unrolled, model), _causes(unrolled), _work(unrolled, model)):
        yield Facts([Fact(label, [text]) for label, text in facts], _LABEL, hanging=False)


def _plainly(row: LayerRow) -> str:
    """What there is to say of a layer that is no convolution."""
    if row.params is None:
        return "Its shape is not known, so there is nothing to work out."
    weights = f"its {figures.quantity(row.params, 'parameter')} and {figures.quantity(row.macs, 'MAC')}"
    if row.kind == FullyConnected.kind:
        return f"It is fully connected as it is: {weights} stay."
    if row.params or row.macs:
        return f"It is no convolution and has nothing to unroll: {weights} stay as they are."
    return "It has no weights, so nothing changes where the network is unrolled."


def _sizes(one: Unrolled) -> Iterator[Text]:
    yield "inputs", f"M = {_product(one.input)} = {one.inputs:,}"
    yield "outputs", f"N = {_product(one.output)} = {one.outputs:,}"
    yield "taps", _taps(one)


def _product(shape: tuple[int, ...]) -> str:
    return "·".join(f"{size:,}" for size in shape)


def _taps(one: Unrolled) -> str:
    filters, depth, *kernel = one.layer.filter((one.input,))
    window = "·".join(map(str, kernel))
    if one.layer.transposed:
        groups = one.input[0] // depth
        return f"K = {filters // groups}·{window} = {one.taps:,}: the products that an input spreads to"
    channels = "channel" if depth == 1 else "channels"
    return f"K = {depth}·{window} = {one.taps:,} an output: {depth:,} {channels}, a window of {figures.shape(kernel)}"


def _counts(one: Unrolled, model: ComparedModel) -> Iterator[Text]:
    """The three ways, in figures."""
    trio, batch = one.trio, model.analysis.batch
    filters, depth, *kernel = one.layer.filter((one.input,))
    local = isinstance(one.layer, LocalConv)
    if not local:
        shared = f", shared: they are those of {one.owner}" if one.owner != one.name else ""
        yield "convolution", f"{_product((filters, depth, *kernel))} = {_params(trio.conv)}{shared}"
        ends, letter = (one.inputs, "M") if one.layer.transposed else (one.outputs, "N")
        yield "", f"{letter}·K = {ends:,}·{one.taps:,} = {_macs(trio.conv.macs // batch)}" + _inside(one, batch)
    joins = one.layer.joins(one.input)
    inside = "·".join(f"{window.connections:,}" for window in joins)
    yield (
        "unshared" if not local else "as it is",
        (f"a weight for each connection that exists: {filters:,}·{depth:,}·{inside} = {_params(trio.local)}"),
    )
    for axis, window in zip(AXIS_NAMES[len(joins)], joins, strict=True):
        yield "", f"{axis}: {_axis(window, one.layer.transposed)}"
    yield "fully connected", f"M·N = {one.inputs:,}·{one.outputs:,} = {_params(trio.dense)}"
    if batch != 1:
        yield "", f"MACs are those of one sample; of {batch:,} samples {trio.dense.macs:,} against {trio.conv.macs:,}"


def _params(cost: tuple[int, int, int]) -> str:
    weights, biases, _ = cost
    text = figures.quantity(weights, "weight")
    return f"{text}, + {figures.quantity(biases, 'bias', 'biases')} = {weights + biases:,}" if biases else text


def _macs(count: int) -> str:
    return figures.quantity(count, "MAC")


def _inside(one: Unrolled, batch: int) -> str:
    lost = (one.trio.conv.macs - one.inside) // batch
    if not lost:
        return ""
    why = "cropped away" if one.layer.transposed else "on padding"
    return f", of which {lost:,} {why}: {one.inside // batch:,} count"


def _axis(window: Window, transposed: bool) -> str:
    count, taps = window.output, window.kernel
    lost = count * taps - window.connections
    ends = figures.quantity(count, "input" if transposed else "output")
    text = f"{ends} × {figures.quantity(taps, 'tap')} = {count * taps:,}"
    if not lost:
        return text
    return f"{text}, less {lost:,} {'cropped away' if transposed else 'on padding'} = {window.connections:,}"


def _causes(one: Unrolled) -> Iterator[Text]:
    """The two factors, and what they mean here."""
    trio = one.trio
    conv, local, dense = (cost.weights for cost in trio)
    sees = "reaches" if one.layer.transposed else "sees"
    which, all_of = ("an input", "outputs") if one.layer.transposed else ("an output", "inputs")
    ends = one.outputs if one.layer.transposed else one.inputs
    if trio.sparsity is None or trio.sharing is None or trio.total is None:
        yield "", "No tap meets the input, so there is nothing to save."
        return
    yield (
        "sparsity",
        (
            f"dense / unshared = {dense:,} / {local:,} = {ratio(trio.sparsity)}: "
            f"{which} {sees} at most {min(one.taps, ends):,} of {ends:,} {all_of}"
        ),
    )
    positions = one.input[1:] if one.layer.transposed else one.output[1:]
    why = "no weight is shared" if isinstance(one.layer, LocalConv) else (
        f"one kernel for {_product(positions)} = {figures.quantity(prod(positions), 'position')}"
    )  # fmt: skip
    yield "sharing", f"unshared / conv = {local:,} / {conv:,} = {ratio(trio.sharing)}: {why}"
    yield "together", f"{ratio(trio.sparsity)} · {ratio(trio.sharing)} = {ratio(trio.total)} fewer weights"


def _work(one: Unrolled, model: ComparedModel) -> Iterator[Text]:
    """Time, operations by the exact rule of counting.md, and the layer as a matrix."""
    batch = model.analysis.batch
    conv, dense = one.trio.conv.macs // batch, one.trio.dense.macs // batch
    letters = "M·K" if one.layer.transposed else "N·K"
    yield (
        "time",
        (f"O({letters}) convolved, O(N·M) dense: {short(conv)} against {short(dense)} MACs, {ratio_of(dense, conv)}"),
    )
    biased = one.outputs if one.layer.bias else 0
    sums = 2 * dense - one.outputs + biased
    flops = 2 * conv if one.layer.transposed else 2 * conv - one.outputs + biased
    rule = "2 a product" if one.layer.transposed else f"2 a product{'' if biased else ', less 1 an output'}"
    yield "exact FLOPs", f"{flops:,} convolved ({rule}), {sums:,} dense: {ratio_of(sums, flops)}"
    stored = one.trio.conv.weights
    times = ratio(Fraction(one.trio.dense.weights, stored)) if stored else ratio(None)
    yield (
        "as a matrix",
        (
            f"{one.outputs:,} × {one.inputs:,} = {one.trio.dense.weights:,} entries, "
            f"of which {one.trio.local.weights:,} can be other than 0; {times} what the convolution stores: {stored:,}"
        ),
    )
