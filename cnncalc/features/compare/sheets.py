"""The tables of one model in `cnncalc compare`, before they are drawn: text in rows, and what may be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from math import log10
from typing import TYPE_CHECKING

from ...document import figures
from ...document.items import Item
from ...document.tree import items
from ...measure.mlp import Trio, sums
from ...records import Record
from ...render.grid import Field
from .words import ratio, ratio_of, short

if TYPE_CHECKING:
    from ...measure.mlp import Size, Unrolled
    from ...measure.mlp_budget import Perceptron
    from .model import Model

Number = Callable[[int], str]


class Bar(Record):
    """A bar on a log scale: tens of sparsity, then tens of sharing."""

    sparsity: float
    sharing: float


class Sheet(Record):
    """A table. `bars` has one for each row, or is empty.

    Where it is narrow the columns of `spare` go first, one by one, then the bars, then the columns of `narrow`.
    """

    title: str
    fields: tuple[Field, ...]
    rows: list[list[str]]
    bars: tuple[Bar | None, ...] = ()
    spare: tuple[int, ...] = ()
    narrow: tuple[int, ...] = ()
    #: The cells that are the least of their row.
    least: frozenset[tuple[int, int]] = frozenset()
    notes: tuple[str, ...] = ()


class Form(Record):
    """How much of a table there is room for: shortened numbers, and repeated blocks as one row down to a depth."""

    number: Number = figures.grouped
    folded: bool = False
    depth: int | None = None

    @property
    def shortened(self) -> Form:
        """The same with long numbers to three figures."""
        return self._replace(number=short)


# --- one model: layer by layer -----------------------------------------------------------------------


def layers(model: Model, form: Form) -> Sheet | None:
    """Inputs, outputs, and the weights three ways, of every convolution that inference runs; None without any."""
    if not model.mlp.convolutions:
        return None
    rows: list[list[str]] = []
    bars: list[Bar | None] = []
    for label, found in _groups(model, form):
        if not found:
            rows.append([label, *[""] * 9])
            bars.append(None)
            continue
        trio = found[0].trio if len(found) == 1 else sums(found)
        rows.append([label, *_ends(found, form), *_factors(trio, form.number)])
        bars.append(_bar(trio))
    if len(rows) > 1:
        rows.append(["together", "", "", "", *_factors(model.mlp.sums, form.number)])
        bars.append(_bar(model.mlp.sums))
    heads = ("inputs M", "outputs N", "taps K", "conv", "unshared", "dense", "sparsity", "sharing", "total")
    return Sheet(
        "Weights, layer by layer: sparsity = dense / unshared, sharing = unshared / conv",
        (Field("layer", elastic=True), *(Field(head, right=True) for head in heads)),
        rows, tuple(bars), spare=(3, 1, 2, 5), narrow=(4, 6), notes=tuple(_shared(model)),
    )  # fmt: skip


def _groups(model: Model, form: Form) -> Iterator[tuple[str, list[Unrolled]]]:
    """The rows: a convolution each, or what folds into one, under the headings of stages and blocks."""
    known = model.mlp.layers
    run = [row for row in model.analysis.layers if not row.train]
    if not form.folded:
        yield from ((row.name, [known[row.name]]) for row in run if row.name in known)
        return
    from ...document.columns import View

    pending: list[Item] = []
    for item in items(run, View((), depth=form.depth), tree=True):
        found = [known[row.name] for row in item.layers if row.name in known]
        while pending and pending[-1].level >= item.level:
            pending.pop()
        if not item.layers:
            pending.append(item)
        elif found:
            for heading in pending:
                yield "  " * heading.level + heading.label, []
            pending.clear()
            yield "  " * item.level + item.label, found


def _ends(found: list[Unrolled], form: Form) -> list[str]:
    """M, N and K, of what is one layer."""
    if len(found) > 1:
        return ["", "", ""]
    return [form.number(found[0].inputs), form.number(found[0].outputs), form.number(found[0].taps)]


@lru_cache(256)
def _factors(trio: Trio, number: Number) -> tuple[str, ...]:
    """The weights three ways, and the factors between them."""
    weights = [number(cost.weights) for cost in (trio.conv, trio.local, trio.dense)]
    return (*weights, ratio(trio.sparsity), ratio(trio.sharing), ratio(trio.total))


@lru_cache(256)
def _bar(trio: Trio) -> Bar | None:
    if not trio.sparsity or not trio.sharing:
        return None
    return Bar(tens(trio.sparsity), tens(trio.sharing))


def tens(value: Fraction) -> float:
    """The decimal logarithm of a ratio of any size."""
    return log10(value.numerator) - log10(value.denominator)


def _shared(model: Model) -> Iterator[str]:
    users = [one.name for one in model.mlp.layers.values() if one.owner != one.name]
    if users:
        yield f"{figures.listed(users[:5])}{' …' * (len(users) > 5)} share weights, which are summed once"


# --- one model: the whole network ---------------------------------------------------------------------


def networks(model: Model, form: Form) -> Sheet | None:
    """The network as it is, unshared, fully connected, and MLPs of its budget; None where nothing is known."""
    found = model.mlp
    if not (found.actual and found.unshared and found.unrolled):
        return None
    rows: list[tuple[list[str], Bar | None]] = [_network("as it is", "", found.actual, model, form)]
    if found.convolutions:
        rows.append(_network("unshared weights", "", found.unshared, model, form))
        rows.append(_network("fully connected", "", found.unrolled, model, form))
    for name, budget in (("MLP, same params", found.same_params), ("MLP, same MACs", found.same_macs)):
        rows += [_perceptron(name, one, model, form) for one in budget or () if one.fits]
    if found.custom:
        rows.append(_perceptron("your MLP", found.custom, model, form))
    ends = ""
    if found.inputs is not None and found.outputs is not None:
        ends = f"; an MLP has {found.inputs:,} inputs, its hidden units, {figures.quantity(found.outputs, 'output')}"
    heads = ("hidden", "parameters", "×", "MACs", "×", f"in {model.analysis.dtype}")
    return Sheet(
        f"The whole network{ends}",
        (Field("network", elastic=True), *(Field(head, right=True) for head in heads)),
        [row for row, _ in rows], tuple(bar for _, bar in rows), spare=(5, 6), narrow=(4, 1),
    )  # fmt: skip


def _network(name: str, hidden: str, size: Size, model: Model, form: Form) -> tuple[list[str], Bar | None]:
    """A row, and the bar of its parameters."""
    actual = model.mlp.actual or size
    row = [
        name, hidden, form.number(size.params), ratio_of(size.params, actual.params),
        form.number(size.macs), ratio_of(size.macs, actual.macs), figures.size(model.mlp.bytes(size.params)),
    ]  # fmt: skip
    more = Fraction(size.params, actual.params) if actual.params and size.params else Fraction(1)
    return row, Bar(tens(more), 0)


def _perceptron(name: str, one: Perceptron, model: Model, form: Form) -> tuple[list[str], Bar | None]:
    from ...measure.mlp import Size

    hidden = ", ".join(form.number(units) for units in one.hidden)
    return _network(name, hidden, Size(one.params, one.macs * model.analysis.batch), model, form)
