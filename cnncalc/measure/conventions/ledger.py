"""The ledger: term by term from one convention's total to another's, summing exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...records import Record
from .engine import LayerCount, Tally
from .rules import UNCOUNTED, Convention

if TYPE_CHECKING:
    from ..result import NetworkAnalysis


class NotKnown(ValueError):
    """A total that is not known, so that there is no ledger; `tally` has the layers."""

    def __init__(self, tally: Tally) -> None:
        layers = [name for gap in tally.unknown for name in gap.layers]
        why = "not every shape could be worked out"
        if layers:
            why = f"it has no known number for {', '.join(layers)}"
        elif tally.costless is not None:
            why = f"nothing is known of what '{tally.costless}' costs"
        super().__init__(f"the total by {tally.name} is not known: {why}")
        self.tally = tally


class Entry(Record):
    """One line: by what a quantity of a kind of layer changes the total."""

    kind: str
    quantity: str
    #: The second convention's coefficient less the first's.
    coefficient: int
    #: The coefficient times the quantity, over `layers`.
    amount: int
    layers: tuple[str, ...]
    #: The name of the convention that leaves these layers out without a word; empty where both count them.
    uncounted: str

    @property
    def term(self) -> str:
        """What changes, without its sign: ``2 I``."""
        size = abs(self.coefficient)
        return self.quantity if size == 1 else f"{size} {self.quantity}"


class Ledger(Record):
    """From `start`'s total to `end`'s: the entries, in the order in which their kinds stand in the file."""

    start: Tally
    end: Tally
    entries: tuple[Entry, ...]


def ledger(analysis: NetworkAnalysis, first: Convention, second: Convention) -> Ledger:
    """What leads from the total by `first` to the total by `second`: the sum of the entries is the difference.

    Raises NotKnown where either total is.
    """
    start, end = Tally(analysis, first), Tally(analysis, second)
    for tally in (start, end):
        if tally.total is None:
            raise NotKnown(tally)
    sums: dict[tuple[str, str, int, str], tuple[int, list[str]]] = {}
    for node in analysis.network.layers:
        count, other = start.counts[node.name], end.counts[node.name]
        if node.train or count is None or other is None or count == other:
            continue
        silent = _silent(start, count) or _silent(end, other)
        for quantity, coefficient, amount in _differences(count, other):
            key = (node.kind, quantity, coefficient, silent)
            before, layers = sums.get(key, (0, []))
            layers.append(node.name)
            sums[key] = (before + coefficient * amount, layers)
    order = {kind: place for place, kind in enumerate(dict.fromkeys(key[0] for key in sums))}
    entries = [
        Entry(kind, quantity, coefficient, amount, tuple(layers), silent)
        for (kind, quantity, coefficient, silent), (amount, layers) in sums.items()
        if amount
    ]
    return Ledger(start, end, tuple(sorted(entries, key=lambda entry: order[entry.kind])))


def _silent(tally: Tally, layer_count: LayerCount) -> str:
    return tally.name if layer_count.state == UNCOUNTED else ""


def _differences(one: LayerCount, other: LayerCount) -> list[tuple[str, int, int]]:
    """Quantity, change of its coefficient, and size, for every quantity that the two counts weigh differently."""
    amounts = {term.quantity: term.amount for term in (*one.terms, *other.terms)}
    change = dict.fromkeys(amounts, 0)
    for term in one.terms:
        change[term.quantity] -= term.coefficient
    for term in other.terms:
        change[term.quantity] += term.coefficient
    return [(quantity, coefficient, amounts[quantity]) for quantity, coefficient in change.items() if coefficient]
