"""One layer worked out as on a blackboard: M inputs, N outputs, K taps, and the three counts in figures."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from ...document import figures
from ...document.parts import Fact, Facts, Part, Sentences, Title
from ...layers.conv import LocalConv
from ...layers.dense import FullyConnected
from ...layers.window import AXIS_NAMES
from ...values import how_many
from .words import ratio, ratio_of, short

#: A label, and the text behind it; further lines have none.
Text: TypeAlias = tuple[str, str]

if TYPE_CHECKING:
    from ...layers.window import Window
    from ...measure import LayerRow
    from ...measure.mlp import Cost, Unrolled
    from .model import ComparedModel

#: Characters of a label.
_LABEL = 16


def parts(model: ComparedModel, name: str) -> Iterator[Part]:
    """The layer called `name`, worked out."""
    row = next(row for row in model.analysis.layers if row.name == name)
    layout = model.analysis.layout
    ends = " → ".join(figures.spelled(shape, layout) for shape in (*row.input_shapes[:1], row.output))
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


def _sizes(unrolled: Unrolled) -> Iterator[Text]:
    yield "inputs", f"M = {_product(unrolled.input)} = {unrolled.inputs:,}"
    yield "outputs", f"N = {_product(unrolled.output)} = {unrolled.outputs:,}"
    filters, depth, *kernel = unrolled.layer.filter((unrolled.input,))
    window = "·".join(map(str, kernel))
    if unrolled.layer.transposed:
        groups = unrolled.input[0] // depth
        yield "taps", f"K = {filters // groups}·{window} = {unrolled.taps:,}: the products that an input spreads to"
        return
    channels = figures.quantity(depth, "channel")
    yield "taps", f"K = {depth}·{window} = {unrolled.taps:,} an output: {channels}, a window of {figures.shape(kernel)}"


def _product(shape: tuple[int, ...]) -> str:
    return "·".join(map(figures.grouped, shape))


def _counts(unrolled: Unrolled, model: ComparedModel) -> Iterator[Text]:
    """The three ways, in figures."""
    trio, batch, transposed = unrolled.trio, model.analysis.batch, unrolled.layer.transposed
    filters, depth, *kernel = unrolled.layer.filter((unrolled.input,))
    local = isinstance(unrolled.layer, LocalConv)
    if not local:
        shared = f", shared: they are those of {unrolled.owner}" if unrolled.owner != unrolled.name else ""
        yield "convolution", f"{_product((filters, depth, *kernel))} = {_params(trio.conv)}{shared}"
        ends, letter = (unrolled.inputs, "M") if transposed else (unrolled.outputs, "N")
        macs = figures.quantity(trio.conv.macs // batch, "MAC")
        yield "", f"{letter}·K = {ends:,}·{unrolled.taps:,} = {macs}{_inside(unrolled, batch)}"
    joins = unrolled.layer.joins(unrolled.input)
    formula = _product((filters, depth, *(window.connections for window in joins)))
    label = "as it is" if local else "unshared"
    yield label, f"a weight for each connection that exists: {formula} = {_params(trio.local)}"
    for axis, window in zip(AXIS_NAMES[len(joins)], joins, strict=True):
        yield "", f"{axis}: {_axis(window, transposed)}"
    yield "fully connected", f"M·N = {unrolled.inputs:,}·{unrolled.outputs:,} = {_params(trio.dense)}"
    if batch != 1:
        yield "", f"MACs are those of one sample; of {batch:,} samples {trio.dense.macs:,} against {trio.conv.macs:,}"


def _params(cost: Cost) -> str:
    text = figures.quantity(cost.weights, "weight")
    return f"{text}, + {figures.quantity(cost.biases, 'bias', 'biases')} = {cost.params:,}" if cost.biases else text


def _inside(unrolled: Unrolled, batch: int) -> str:
    lost = (unrolled.trio.conv.macs - unrolled.inside) // batch
    return f", of which {lost:,} {_lost(unrolled.layer.transposed)}: {unrolled.inside // batch:,} count" if lost else ""


def _lost(transposed: bool) -> str:
    return "cropped away" if transposed else "on padding"


def _axis(window: Window, transposed: bool) -> str:
    count, taps = window.output, window.kernel
    lost = count * taps - window.connections
    ends = figures.quantity(count, "input" if transposed else "output")
    text = f"{ends} × {figures.quantity(taps, 'tap')} = {count * taps:,}"
    return f"{text}, less {lost:,} {_lost(transposed)} = {window.connections:,}" if lost else text


def _causes(unrolled: Unrolled) -> Iterator[Text]:
    """The two factors, and what they mean here."""
    trio = unrolled.trio
    conv, local, dense = (cost.weights for cost in trio)
    if trio.sparsity is None or trio.sharing is None or trio.total is None:
        yield "", "No tap meets the input, so there is nothing to save."
        return
    if unrolled.layer.transposed:
        ends, positions, who, others = unrolled.outputs, unrolled.input[1:], "an input reaches", "outputs"
    else:
        ends, positions, who, others = unrolled.inputs, unrolled.output[1:], "an output sees", "inputs"
    which = f"{who} at most {min(unrolled.taps, ends):,} of {ends:,} {others}"
    yield "sparsity", f"dense / unshared = {dense:,} / {local:,} = {ratio(trio.sparsity)}: {which}"
    why = f"one kernel for {_product(positions)} = {figures.quantity(prod(positions), 'position')}"
    if isinstance(unrolled.layer, LocalConv):
        why = "no weight is shared"
    yield "sharing", f"unshared / conv = {local:,} / {conv:,} = {ratio(trio.sharing)}: {why}"
    yield "together", f"{ratio(trio.sparsity)} · {ratio(trio.sharing)} = {ratio(trio.total)} fewer weights"


def _work(unrolled: Unrolled, model: ComparedModel) -> Iterator[Text]:
    """Time, operations by the exact rule of counting.md, and the layer as a matrix."""
    batch, transposed, trio = model.analysis.batch, unrolled.layer.transposed, unrolled.trio
    conv, dense = trio.conv.macs // batch, trio.dense.macs // batch
    costs = f"{short(conv)} against {short(dense)} MACs, {ratio_of(dense, conv)}"
    yield "time", f"O({'M·K' if transposed else 'N·K'}) convolved, O(N·M) dense: {costs}"
    biased = unrolled.outputs if unrolled.layer.bias else 0
    sums = 2 * dense - unrolled.outputs + biased
    flops = 2 * conv if transposed else 2 * conv - unrolled.outputs + biased
    rule = "2 a product" if transposed or biased else "2 a product, less 1 an output"
    yield "exact FLOPs", f"{flops:,} convolved ({rule}), {sums:,} dense: {ratio_of(sums, flops)}"
    stored, entries = trio.conv.weights, trio.dense.weights
    matrix = f"{unrolled.outputs:,} × {unrolled.inputs:,} = {how_many(entries, 'entry', ',')}"
    matrix += f", of which {trio.local.weights:,} can be other than 0"
    yield "as a matrix", f"{matrix}; {ratio_of(entries, stored)} what the convolution stores: {stored:,}"
