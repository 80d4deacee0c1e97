"""The lines above and below the rows: what the model is, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..deployment import FUSED
from ..measures import FLOPS_PER_MAC
from . import figures

if TYPE_CHECKING:
    from ..measure import NetworkAnalysis


def title(analysis: NetworkAnalysis) -> str:
    """The model's name, or its file's where it has none."""
    return analysis.model or analysis.file


def inputs(analysis: NetworkAnalysis, layout: str) -> str:
    """`input 1×32×32`; with names where there are several, and the batch where it is not one sample."""
    texts = []
    for port in analysis.inputs:
        text = figures.spelled(port.shape, layout)
        texts.append(text if len(analysis.inputs) == 1 else f"{port.name} {text}")
    parts = [f"input{'s' * (len(texts) > 1)} {', '.join(texts)}"] if texts else []
    if layout == "hwc":
        parts.append("channels last")
    if analysis.batch != 1:
        parts.append(f"batch {analysis.batch:,}")
    return "   ".join(parts)


def stored_in(analysis: NetworkAnalysis) -> str:
    """``int8``; of weights and biases that are stored apart ``int8, biases int32``."""
    return str(analysis.dtypes._replace(activations=analysis.dtypes.weights))


def fused(analysis: NetworkAnalysis) -> str:
    """``, fused``, where parameters are so."""
    return ", fused" if analysis.execution.way == FUSED else ""


def totals(analysis: NetworkAnalysis) -> list[str]:
    """What the whole network comes to, each number with its unit."""
    total, least = analysis.totals, analysis.at_least or {}
    if least and not any(least.values()):
        return ["no totals: not everything could be worked out"]
    params = _quantity(total.params, least.get("params"), "parameter")
    if analysis.parameter_bytes is not None:
        params += f" ({figures.size(analysis.parameter_bytes)} in {stored_in(analysis)}{fused(analysis)})"
    parts = [params]
    if total.trainable is not None and total.trainable != total.params:
        parts.append(f"{figures.grouped(total.trainable)} of them trained")
    if total.buffers:
        parts.append(figures.quantity(total.buffers, "buffer element"))
    parts.append(_quantity(total.macs, least.get("macs"), "MAC"))
    flops = _quantity(total.flops, FLOPS_PER_MAC * least.get("macs", 0), "FLOP")
    parts.append(flops + (" (2 a MAC)" if total.macs is not None or least.get("macs") else ""))
    return parts


def _quantity(number: int | None, least: int | None, one: str) -> str:
    """A number with its noun, or what it is at least: `at least 224 parameters`."""
    return f"at least {figures.quantity(least, one)}" if number is None and least else figures.quantity(number, one)


def train_heads(analysis: NetworkAnalysis) -> str | None:
    """What the heads that only training runs have besides; None where there are none."""
    heads = [port.name for port in analysis.outputs if port.train]
    if not heads:
        return None
    steps = [row.path[row.blocks.index("head")] for row in analysis.layers if row.train and "head" in row.blocks]
    heads = [*dict.fromkeys(heads + steps)]  # what nothing runs at all is one besides
    total = analysis.totals
    names = f"the train {'heads' if len(heads) > 1 else 'head'} {figures.listed(heads)}"
    if total.params is None or total.params_train is None:
        return f"besides, parameters in {names}"
    more = figures.quantity(total.params_train - total.params, "parameter")
    return f"besides, {more} in {names}: {figures.grouped(total.params_train)} with them"
