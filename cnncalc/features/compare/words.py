"""What `cnncalc compare` says in sentences: the answer first, with its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ...document import figures, summary
from ...values import how_many
from .models import Variant

if TYPE_CHECKING:
    from .model import ComparedModel

GPU = 24 * 1024**3
_SCALES = ((10**12, "trillion", "T"), (10**9, "billion", "G"), (10**6, "million", "M"), (10**3, "thousand", "k"))
#: From here on a number is shortened, in a table where there is little room and in a sentence.
_LONG = (10**5, 10**6)


def ratio(value: Fraction | None) -> str:
    """`1,234×`, `4.59×`; a dash where there is none."""
    return "–" if value is None else figures.three_figures(value) + "×"


def ratio_of(one: int | None, other: int | None) -> str:
    """The ratio of two numbers; a dash where one is not known, or the other is 0."""
    return ratio(Fraction(one, other) if one is not None and other else None)


def short(number: int) -> str:
    """To three figures with a unit where it is long: `61,706`, `42.5 G`."""
    return figures.grouped(number) if number < _LONG[0] else _scaled(number, 2)


def spoken(number: int) -> str:
    """As one says it: `61,706`, `6.76 million`, `42.5 billion`."""
    return figures.grouped(number) if number < _LONG[1] else _scaled(number, 1)


def _scaled(number: int, form: int) -> str:
    # 999,999 would be 1,000 thousand: half a unit of the third figure on, the next scale is due.
    scale = next(scale for scale in _SCALES if number * 2000 >= scale[0] * 1999)
    return f"{figures.three_figures(Fraction(number, scale[0]))} {scale[form]}"


def many(number: int, one: str) -> str:
    """A number as one says it, with its noun: `9 parameters`, `42.5 billion parameters`."""
    return f"{spoken(number)} {one if number == 1 else one + 's'}"


def units(hidden: Sequence[int], sign: str = ", ", show: Callable[[int], str] = figures.grouped) -> str:
    """The hidden units of an MLP: `4,096, 4,096`."""
    return sign.join(map(show, hidden))


def labels(models: Sequence[ComparedModel]) -> list[str]:
    """What each column is called: the model, or what was set in it, or both; never two alike if it can be helped."""
    titles = [summary.title(model.analysis) for model in models]
    files = [model.analysis.file for model in models]
    set_to = [_set_to(model, models) for model in models]
    if len(set(files)) == 1 and all(set_to):
        return set_to
    if len(set(titles)) < len(set(files)):
        titles = files
    return [", ".join(filter(None, pair)) for pair in zip(titles, set_to, strict=True)]


def _set_to(model: ComparedModel, models: Sequence[ComparedModel]) -> str:
    """`width=64`, of the values that are not the same in all models."""
    variants = [other.variant for other in models]
    inputs, settings = model.variant
    return str(Variant(
        {name: shape for name, shape in inputs.items() if any(each.inputs.get(name) != shape for each in variants)},
        {name: value for name, value in settings.items() if any(each.settings.get(name) != value for each in variants)},
    ))  # fmt: skip


def headline(model: ComparedModel) -> str:
    """What the model would need as a fully connected network; that it has nothing to unroll, or why nobody knows."""
    name, found = summary.title(model.analysis), model.mlp
    if not found.actual or not found.unrolled:
        return _not_known(model, name)
    params = found.actual.params
    if not found.convolutions:
        kept = f"its {many(params, 'parameter')} would stay as they are" if params else "and it has no parameters"
        return f"{name} has no convolution, so there is nothing to unroll: {kept}."
    dense = found.unrolled.params
    if dense == params:
        return f"As a fully connected network {name} would need as many parameters: {many(params, 'parameter')}."
    need = f"{many(dense, 'parameter')}, {ratio_of(dense, params)} as many"
    room = _room(found.bytes(dense), model.analysis.dtypes.weights)
    return f"As a fully connected network {name} would need {need}{room}."


def _not_known(model: ComparedModel, name: str) -> str:
    """Why what a model needs is not known: a layer whose cost is not; a fault is told elsewhere."""
    from ...measure.measurements import Measurements, UnknownMeasure

    measurements = Measurements(model.analysis)
    try:
        for measure in ("params", "macs"):
            measurements(measure)
    except UnknownMeasure as unknown:
        if unknown.reason:
            return f"What {name} would need as a fully connected network is not known: {unknown.reason}."
    return ""


def _room(count: int, dtype: str) -> str:
    """`: 158 GiB in fp32, 7 GPUs of 24 GiB`; nothing for what any machine holds."""
    if count < GPU // 24:
        return ""
    gpus = -(-count // GPU)
    needed = "one GPU" if gpus == 1 else f"{gpus:,} GPUs"
    return f": {figures.size(count)} in {dtype}, {needed} of 24 GiB"


def causes(model: ComparedModel) -> str:
    """Where the saving comes from; empty where there is none to explain."""
    trio = model.mlp.sums
    if not model.mlp.convolutions or not trio.total:
        return ""
    count = model.mlp.convolutions
    which = "its one convolution" if count == 1 else f"its {count:,} convolutions"
    return (
        f"In the weights of {which}, sparse interaction saves {ratio(trio.sparsity)} "
        f"and parameter sharing {ratio(trio.sharing)}: together {ratio(trio.total)}."
    )


def first_layer(model: ComparedModel, more: str) -> str:
    """Where an image MLP drowns: its first layer, on its own; `more` says how to ask for it."""
    found = model.mlp
    if found.inputs is None:
        return ""
    if found.custom is None:
        return f"One hidden unit alone has {figures.quantity(found.inputs, 'weight')}, one for every input; {more}"
    weights, units = found.custom.first, found.custom.hidden[0]
    params = found.actual.params if found.actual else 0
    times = f", {ratio_of(weights, params)} the parameters of {summary.title(model.analysis)}" if params else ""
    return (
        f"Its first layer alone, {how_many(found.inputs, 'input', ',')} × {figures.quantity(units, 'hidden unit')}, "
        f"has {figures.quantity(weights, 'weight')}{times}."
    )


def too_small(model: ComparedModel) -> list[str]:
    """Of which budget no MLP is."""
    smallest = [budget[0] if budget else None for budget in (model.mlp.same_params, model.mlp.same_macs)]
    costs = [
        (perceptron.params, perceptron.macs * model.analysis.batch) if perceptron and not perceptron.fits else ()
        for perceptron in smallest
    ]
    return [
        f"No MLP has as few {noun}: one hidden unit already takes {cost[place]:,}."
        for place, (cost, noun) in enumerate(zip(costs, ("parameters", "MACs"), strict=True))
        if cost
    ]


def versus(models: Sequence[ComparedModel], names: Sequence[str]) -> str:
    """Models side by side in a sentence: who needs how much more than whom."""
    known = [(model, name) for model, name in zip(models, names, strict=True) if model.known]
    if len(known) < 2:
        return ""
    costs = [(name, (model.figures["params"] or 0, model.figures["macs"] or 0)) for model, name in known]
    if len({cost for _, cost in costs}) == 1:
        return _alike(known, costs[0][1])
    if len(known) == 2:
        (low, least), (high, most) = sorted(costs, key=lambda pair: pair[1])
        return _times(high, most, low, least)
    fewest, times = [], []
    for place, noun in enumerate(("parameters", "MACs")):
        name, less = min(((name, cost[place]) for name, cost in costs), key=lambda pair: pair[1])
        fewest.append((name, f"the fewest {noun} ({spoken(less)})"))
        times += [ratio_of(max(cost[place] for _, cost in costs), less)] * bool(less)
    (first, params), (second, macs) = fewest
    text = f"Of {len(known)} models {first} has {params} and {f'{second} ' * (first != second)}{macs}"
    return text + (f"; the most are {figures.listed(times)} as many." if times else ".")


def _alike(known: Sequence[tuple[ComparedModel, str]], cost: tuple[int, int]) -> str:
    """All cost the same; what they see may differ."""
    names = figures.listed([name for _, name in known])
    text = f"{names} need the same: {many(cost[0], 'parameter')} and {many(cost[1], 'MAC')}"
    fields = [model.figures["field"] for model, _ in known]
    if None in fields or len(set(fields)) == 1:
        return text + "."
    return f"{text}; but they see {figures.listed([figures.axes(field) for field in fields if field])} pixels."


def _times(high: str, most: tuple[int, int], low: str, least: tuple[int, int]) -> str:
    """`One 7x7 needs 1.81× the parameters and 1.81× the MACs of Three 3x3`."""
    if not all(least):
        return f"{high} needs {many(most[0], 'parameter')} and {many(most[1], 'MAC')}; {low} {_none(least)}."
    parts = [
        f"as many {noun}" if more == less else f"{ratio_of(more, less)} the {noun}"
        for more, less, noun in zip(most, least, ("parameters", "MACs"), strict=True)
    ]
    if most[0] == least[0]:
        return f"{high} has {parts[0]} as {low}, and {parts[1]}."
    if most[1] == least[1]:
        return f"{high} needs {parts[0]} of {low}, and {parts[1]}."
    return f"{high} needs {parts[0]} and {parts[1]} of {low}."


def _none(cost: tuple[int, int]) -> str:
    return "none" if not any(cost) else f"{many(cost[0], 'parameter')} and {many(cost[1], 'MAC')}"


def dense_versus(models: Sequence[ComparedModel], names: Sequence[str]) -> str:
    """What the models would need as fully connected networks."""
    found = [(name, model.mlp.unrolled, model.figures["params"]) for model, name in zip(models, names, strict=True)]
    texts = [
        f"{name} {many(dense.params, 'parameter')} ({ratio_of(dense.params, own)})"
        for name, dense, own in found
        if dense
    ]
    return f"Fully connected, {figures.listed(texts)}." if texts else ""
