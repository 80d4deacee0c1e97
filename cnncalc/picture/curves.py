"""The curves of a model: costs along the layers, live memory, receptive fields; each with what there is to see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

from ..document import figures
from .chart import Chart, ChartLevel
from .picture import short

if TYPE_CHECKING:
    from ..measure import LayerRow, NetworkAnalysis
    from ..measure.footprint import Footprint


def costs(analysis: NetworkAnalysis) -> list[Chart]:
    """MACs and parameters along the layers, those of which all are known and some are not 0."""
    rows = [row for row in analysis.layers if not row.train]
    found = []
    for measure, unit, title in (("macs", "MACs", "MACs along the layers"),
                                 ("params", "parameters", "Parameters along the layers")):  # fmt: skip
        values = [getattr(row, measure) for row in rows]
        if None not in values and any(values):
            found.append(_cost(title, unit, values, rows))
    return found


def _cost(title: str, unit: str, values: Sequence[int], rows: Sequence[LayerRow]) -> Chart:
    total, peak = sum(values), max(range(len(values)), key=values.__getitem__)
    name, share = rows[peak].name, Fraction(values[peak], total)
    first, last = _half(values), _half(values[::-1])
    where, half = ("first", first) if first <= last else ("last", last)
    sentence = f"{name} has most: {short(values[peak])} {unit}, {figures.share(share)} of all."
    if half < len(values):
        sentence += f" Half of all {unit} are in the {where} {half:,} of {figures.quantity(len(values), 'layer')}."
    names = [row.name for row in rows]
    return Chart(title, sentence, unit, values, names, peak, f"{name}: {short(values[peak])}", stages=stages(rows))


def _half(values: Sequence[int]) -> int:
    """How many of the values, from the first on, come to half of all."""
    total = sum(values)
    return next(place for place, so_far in enumerate(accumulate(values), 1) if 2 * so_far >= total)


def memory(footprint: Footprint) -> Chart | None:
    """Live activations while each of the layers runs; None where not every shape is known."""
    live = footprint.liveness
    if live is None or not live.steps or not live.peak or live.peak_step is None:
        return None
    nodes = footprint.analysis.network.nodes
    names = [nodes[step].name for step in live.steps]
    held = [f"{holding.name} ({figures.size(holding.bytes)})" for holding in footprint.held[:3]]
    more = " and others" if len(footprint.held) > len(held) else ""
    peak = figures.size(live.peak)
    sentence = (f"At most {peak} of activations live at once, while {names[live.peak_step]} runs: "
                f"{', '.join(held)}{more}.")  # fmt: skip
    stages_of = [nodes[step].path[0].name if nodes[step].path else "" for step in live.steps]
    return Chart("Live memory while the layers run", sentence, "bytes", live.live, names, live.peak_step,
                 f"{names[live.peak_step]}: {peak}", stages=_starts(stages_of))  # fmt: skip


def fields(analysis: NetworkAnalysis) -> Chart | None:
    """The receptive field of each layer, its largest axis, against that axis of the input; None where there is none."""
    rows = [row for row in analysis.layers if not row.train and not row.behind_unknown]
    shape = next((port.shape for port in analysis.inputs if port.shape), ())
    if len(shape) < 2 or not any(row.field for row in rows):
        return None
    known = [row.field for row in rows if row.field and len(row.field) == len(shape) - 1]
    if not known:
        return None
    place = max(range(len(shape) - 1), key=lambda axis: Fraction(known[-1][axis], shape[axis + 1]))
    size = shape[place + 1]
    values: list[int | Fraction] = []
    for row in rows:
        field = row.field
        values.append(field[place] if field and len(field) == len(shape) - 1 else values[-1] if values else 0)
    first = next((number for number, value in enumerate(values) if value >= size), None)
    axis = "" if len(set(shape[1:])) == 1 else f" along the {('height', 'width', 'depth')[min(place, 2)]}"
    pixels = f"{figures.number(values[-1])} {'pixel' if values[-1] == 1 else 'pixels'}"
    last = f"at the end the field is {pixels}{axis}, the input {figures.grouped(size)}"
    if first is None:
        sentence = f"No value sees all of the input: {last}."
    else:
        sentence = f"From {rows[first].name} on a value in the middle sees all of the input; {last}."
    level = ChartLevel(size, f"the input: {figures.quantity(size, 'pixel')}")
    return Chart("Receptive field along the layers", sentence, "pixels", values, [row.name for row in rows], first,
                 "" if first is None else rows[first].name, level, stages(rows))  # fmt: skip


def stages(rows: Sequence[LayerRow]) -> list[tuple[str, int]]:
    """The outermost stages and blocks, and where each begins."""
    return _starts([row.path[0] if row.path else "" for row in rows])


def _starts(names: Sequence[str]) -> list[tuple[str, int]]:
    return list(_changes(names))


def _changes(names: Sequence[str]) -> Iterator[tuple[str, int]]:
    for place, name in enumerate(names):
        if place == 0 or name != names[place - 1]:
            yield name, place
