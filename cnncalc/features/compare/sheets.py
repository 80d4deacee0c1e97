"""The tables of one model in `cnncalc compare`: its convolutions layer by layer, and the networks beside it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache, partial
from math import log10
from typing import TYPE_CHECKING

from ...document import figures
from ...document.columns import Selection
from ...document.items import Item
from ...document.sheets import DROP, NAME, NUMBER, PLACE, STRONG, TEXT, Bar, Column, Row, Sheet, Value
from ...document.tree import items
from ...measure.mlp import NetworkCost, Trio, sums
from ...values import how_many
from .words import ratio, ratio_of, short, units

if TYPE_CHECKING:
    from ...measure.mlp import Unrolled
    from ...measure.mlp_budget import Perceptron
    from .model import ComparedModel


def _number(name: str, heading: str) -> Column:
    """A column of whole numbers, to three figures where there is little room."""
    return Column(name, heading, NUMBER, show=figures.grouped, brief=short)


def _text(name: str, heading: str) -> Column:
    """A column of texts to the right."""
    return Column(name, heading, PLACE)


# --- layer by layer -----------------------------------------------------------------------------------

_LAYER_COLUMNS = (
    Column("layer", "layer", NAME),
    _number("inputs", "inputs M"), _number("outputs", "outputs N"), _number("taps", "taps K"),
    _number("conv", "conv"), _number("unshared", "unshared"), _number("dense", "dense"),
    _text("sparsity", "sparsity"), _text("sharing", "sharing"), _text("total", "total"),
)  # fmt: skip


def layers(model: ComparedModel, folded: bool, depth: int | None = None) -> Sheet | None:
    """Inputs, outputs, and the weights three ways, of every convolution that inference runs; None without any.

    `folded`: in stages and blocks, alike ones as one row, down to `depth`.
    """
    if not model.mlp.convolutions:
        return None
    rows: list[Row] = []
    bars: list[Bar | None] = []
    for label, level, unrolled in _groups(model, depth) if folded else _singles(model):
        if not unrolled:
            rows.append(Row((label, *[""] * 9), level, group=True))
            bars.append(None)
            continue
        trio = unrolled[0].trio if len(unrolled) == 1 else sums(unrolled)
        ends = ("", "", "") if len(unrolled) > 1 else (unrolled[0].inputs, unrolled[0].outputs, unrolled[0].taps)
        rows.append(Row((label, *ends, *_factors(trio)), level, group=len(unrolled) > 1))
        bars.append(_bar(trio))
    if len(rows) > 1:
        rows.append(Row(("together", "", "", "", *_factors(model.mlp.sums)), tone=STRONG))
        bars.append(_bar(model.mlp.sums))
    sharing = any(bar and bar.second for bar in bars)
    return Sheet(
        _LAYER_COLUMNS, rows,
        caption="Weights, layer by layer: sparsity = dense / unshared, sharing = unshared / conv",
        narrow=DROP, bars=tuple(bars), legend=_FACTORS if sharing else _SIZES, spare=(3, 1, 2, 5), last=(4, 6),
        notes=tuple(_shared(model)),
        notes_inset=False,
    )  # fmt: skip


_FACTORS = "bars: {} sparsity, {} sharing, on a log scale: lengths add as factors multiply"
_SIZES = "bars: parameters against those of the network as it is, on a log scale"


def _singles(model: ComparedModel) -> Iterator[tuple[str, int, list[Unrolled]]]:
    """A row a convolution: its name, how deep it stands, and what it unrolls to."""
    known = model.mlp.layers
    yield from ((row.name, 0, [known[row.name]]) for row in model.run if row.name in known)


def _groups(model: ComparedModel, depth: int | None) -> Iterator[tuple[str, int, list[Unrolled]]]:
    """A row for what folds into one, under the headings of stages and blocks."""
    known = model.mlp.layers
    pending: list[Item] = []
    for item in items(model.run, Selection((), depth=depth), tree=True):
        unrolled = [known[row.name] for row in item.layers if row.name in known]
        while pending and pending[-1].level >= item.level:
            pending.pop()
        if item.heading:
            pending.append(item)
        elif unrolled:
            yield from ((heading.label, heading.level, []) for heading in pending)
            pending.clear()
            yield item.label, item.level, unrolled


@lru_cache(256)
def _factors(trio: Trio) -> tuple[Value, ...]:
    """The weights three ways, and the factors between them."""
    weights = (cost.weights for cost in (trio.conv, trio.local, trio.dense))
    return (*weights, ratio(trio.sparsity), ratio(trio.sharing), ratio(trio.total))


@lru_cache(256)
def _bar(trio: Trio) -> Bar | None:
    """Tens of sparsity, then tens of sharing."""
    if not trio.sparsity or not trio.sharing:
        return None
    return Bar(tens(trio.sparsity), tens(trio.sharing))


def tens(value: Fraction) -> float:
    """The decimal logarithm of a ratio of any size."""
    return log10(value.numerator) - log10(value.denominator)


def _shared(model: ComparedModel) -> Iterator[str]:
    users = [layer.name for layer in model.mlp.layers.values() if layer.owner != layer.name]
    if users:
        yield f"{figures.listed(users[:5])}{' …' * (len(users) > 5)} share weights, which are summed once"


# --- the whole network --------------------------------------------------------------------------------


def networks(model: ComparedModel) -> Sheet | None:
    """The network as it is, unshared, fully connected, and MLPs of its budget; None where nothing is known."""
    mlp = model.mlp
    if not (mlp.actual and mlp.unshared and mlp.unrolled):
        return None
    rows = [_network("as it is", "", mlp.actual, model)]
    if mlp.convolutions:
        rows.append(_network("unshared weights", "", mlp.unshared, model))
        rows.append(_network("fully connected", "", mlp.unrolled, model))
    for name, budget in (("MLP, same params", mlp.same_params), ("MLP, same MACs", mlp.same_macs)):
        rows += [_perceptron(name, perceptron, model) for perceptron in budget or () if perceptron.fits]
    if mlp.custom:
        rows.append(_perceptron("your MLP", mlp.custom, model))
    ends = ""
    if mlp.inputs is not None and mlp.outputs is not None:
        ends = (
            f"; an MLP has {how_many(mlp.inputs, 'input', ',')}, "
            f"its hidden units, {figures.quantity(mlp.outputs, 'output')}"
        )
    columns = (
        Column("network", "network", TEXT),
        Column("hidden", "hidden", PLACE, show=units, brief=partial(units, show=short)),
        _number("params", "parameters"), _text("params_ratio", "×"), _number("macs", "MACs"), _text("macs_ratio", "×"),
        _text("bytes", f"in {model.analysis.dtypes.weights}"),
    )  # fmt: skip
    return Sheet(
        columns, [row for row, _ in rows], caption=f"The whole network{ends}", narrow=DROP,
        bars=[bar for _, bar in rows], legend=_SIZES, spare=(5, 6), last=(4, 1), notes_inset=False,
    )  # fmt: skip


def _network(name: str, hidden: Value, size: NetworkCost, model: ComparedModel) -> tuple[Row, Bar]:
    """A row, and the bar of its parameters."""
    actual = model.mlp.actual or size
    cells = (
        name, hidden, size.params, ratio_of(size.params, actual.params), size.macs, ratio_of(size.macs, actual.macs),
        figures.size(model.mlp.bytes(size.params)),
    )  # fmt: skip
    more = Fraction(size.params, actual.params) if actual.params and size.params else Fraction(1)
    return Row(cells), Bar(tens(more))


def _perceptron(name: str, one: Perceptron, model: ComparedModel) -> tuple[Row, Bar]:
    return _network(name, tuple(one.hidden), NetworkCost(one.params, one.macs * model.analysis.batch), model)
