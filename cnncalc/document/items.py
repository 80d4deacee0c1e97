"""What a row of a report stands for: a layer, layers folded into one, or the heading of the rows below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from ..records import Record, make
from .figures import not_known, quantity

if TYPE_CHECKING:
    from ..measure import LayerRow
    from ..network import Step

HEADS = {False: "head", True: "train head"}
OTHERS = "others"
_WORDS = 12


class Item(Record):
    """One row of a report: of a layer, of several, or the heading of the deeper rows below, with their sums."""

    label: str
    kind: str
    operation: str
    #: The stages, heads and blocks around it.
    steps: tuple[Step, ...]
    layers: Sequence[LayerRow]
    level: int = 0
    #: Whether its layers have rows of their own, below it.
    heading: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        """Their names."""
        return tuple([step.name for step in self.steps])

    @property
    def end(self) -> LayerRow | None:
        """The layer whose output is the row's."""
        return self.layers[-1] if self.layers and self.kind != OTHERS else None

    @property
    def single(self) -> LayerRow | None:
        """The layer, where the row is one layer and no folded group."""
        return self.layers[0] if self.kind == "" and self.layers else None

    def total(self, measure: str) -> int | None:
        """The sum of a measure over the layers; None where one of them is unknown."""
        values = [getattr(layer, measure) for layer in self.layers]
        return None if None in values else sum(values)

    def share(self, measure: str) -> Fraction | None:
        """What the sum is of the network's; None where either is unknown."""
        value, total = self.total(measure), getattr(self.layers[0].totals, measure)
        return None if value is None or total is None else Fraction(value, total or 1)


def layer_item(layer: LayerRow, level: int = 0) -> Item:
    """The row of one layer."""
    return make(Item, (layer.label, "", layer.operation, layer.steps, (layer,), level, False))


def folded(layers: Sequence[LayerRow], depth: int, label: str = "", level: int = 0, times: int = 1) -> Item:
    """One row for `layers`, those of one group at `depth` of their paths (or of `times` alike groups)."""
    first = layers[0]
    kind = first.blocks[depth - 1]
    rows = layers[: len(layers) // times]
    operation = summary(rows, depth)
    if kind == "head":
        operation = f"{HEADS[first.train]}: {operation}"
    label = label or first.path[depth - 1]
    if times > 1:
        label += f" ×{times}"
    return Item(label, kind, operation, first.steps[: depth - 1], layers, level)


def others(layers: Sequence[LayerRow], rows: int) -> Item:
    """The last row below `--top`: everything that is not shown, so that the rows still sum to the total."""
    return Item(f"{rows:,} more", OTHERS, "", (), layers)


def behind_fault(count: int, last: bool, level: int = 0) -> Item:
    """The row of so many layers of which nothing is known, because of a fault before them; `last`: nothing is below."""
    label = not_known(count) if last else f"{quantity(count, 'layer')}: not known"
    return Item(label, OTHERS, "", (), (), level)


def summary(layers: Sequence[LayerRow], depth: int) -> str:
    """What stands in a group, by the names of blocks and kinds: `conv bn relu maxpool`, `bottleneck ×3`."""
    first, last = layers[0], layers[-1]
    if len(layers) == 1 and len(first.path) <= depth:
        return first.operation
    while min(len(first.path), len(last.path)) > depth and first.path[depth] == last.path[depth]:
        depth += 1
    words: list[str] = []
    for word, run in groupby(_parts(layers, depth)):
        if len(words) == _WORDS:
            return " ".join([*words, "…"])
        count = sum(1 for _ in run)
        words.append(word if count == 1 else f"{word} ×{count}")
    return " ".join(words)


def _parts(layers: Sequence[LayerRow], depth: int) -> Iterator[str]:
    """The name of each block instance, and the kind of each layer, right below `depth`."""
    instance = None
    for layer in layers:
        if len(layer.path) <= depth:
            instance = None
            yield layer.kind
        elif layer.path[depth] != instance:
            instance = layer.path[depth]
            yield layer.blocks[depth]
