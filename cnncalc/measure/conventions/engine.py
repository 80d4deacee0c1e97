"""A network counted by a convention: a number a layer, the total, and what is not in it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ...layers import Shape
from ...layers.result import MOVING, UNLIKE, Quantities
from ...records import Record
from .rules import COUNTED, FREE, UNCOUNTED, UNKNOWN, Convention

if TYPE_CHECKING:
    from ..result import NetworkAnalysis


class Term(Record):
    """One product of a count: 2 of the quantity I, say, of `amount` elements."""

    coefficient: int
    quantity: str
    amount: int

    @property
    def value(self) -> int:
        """What it adds to the count."""
        return self.coefficient * self.amount


class LayerCount(Record):
    """What a convention says of a layer: its state, its number (None where it has none), and how it is made up."""

    state: str
    value: int | None
    terms: tuple[Term, ...] = ()


class Gap(Record):
    """Layers of one kind that a convention has no number for; `reason` is "uncounted" or "unknown"."""

    kind: str
    layers: tuple[str, ...]
    reason: str


class Tally:
    """A network counted by one convention, for the batch of its analysis.

    `counts` has what is said of every layer, by its name, in file order: None where its shapes are not known. Each use
    of a shared layer counts: PyTorch's modules run each time.
    """

    def __init__(self, analysis: NetworkAnalysis, convention: Convention) -> None:
        self.convention = convention
        self.name = convention.name
        self._analysis = analysis
        self.counts = _counts(analysis, convention)

    @cached_property
    def total(self) -> int | None:
        """The sum over the layers that inference runs, without the uncounted; None where a layer is unknown."""
        if self._analysis.broken:
            return None
        total = 0
        for node in self._analysis.network.layers:
            if not node.train:
                layer_count = self.counts[node.name]
                if layer_count is None or layer_count.state == UNKNOWN:
                    return None
                total += layer_count.value or 0
        return total

    @cached_property
    def uncounted(self) -> tuple[Gap, ...]:
        """What the tool silently leaves out of its total."""
        return self._gaps(UNCOUNTED)

    @cached_property
    def unknown(self) -> tuple[Gap, ...]:
        """What has no known number, so that the total has none."""
        return self._gaps(UNKNOWN)

    @property
    def costless(self) -> str | None:
        """The first layer that inference runs of whose work nothing is known, in a network of known shapes."""
        if self._analysis.broken or any(node.output is None for node in self._analysis.network.layers):
            return None
        return next((name for node in self._analysis.network.layers
                     if self.counts[name := node.name] is None and not node.train), None)  # fmt: skip

    def _gaps(self, state: str) -> tuple[Gap, ...]:
        found: dict[str, list[str]] = {}
        for node in self._analysis.network.layers:
            layer_count = self.counts[node.name]
            if not node.train and layer_count is not None and layer_count.state == state:
                found.setdefault(node.kind, []).append(node.name)
        return tuple(Gap(kind, tuple(layers), state) for kind, layers in found.items())


def _counts(analysis: NetworkAnalysis, convention: Convention) -> dict[str, LayerCount | None]:
    """What the convention says of every layer; equal layers on equal shapes are worked out once."""
    nodes = analysis.network.nodes
    known: dict[tuple[int, tuple[Shape, ...]], LayerCount] = {}
    found: dict[str, LayerCount | None] = {}
    for node in analysis.network.layers:
        if node.layer is None or node.result is None or node.result.macs is None:
            found[node.name] = None
            continue
        shapes = tuple(shape for index in node.inputs if (shape := nodes[index].output) is not None)
        key = (id(node.layer), shapes)
        if key not in known:
            quantities = node.layer.quantities(shapes, node.result.output)
            known[key] = _judged(convention, node.kind, quantities, analysis.batch)
        found[node.name] = known[key]
    return found


def _judged(convention: Convention, kind: str, quantities: Quantities, batch: int) -> LayerCount:
    """What the convention says of a layer of `kind` with these quantities, for `batch` samples."""
    if MOVING in quantities.traits:
        return LayerCount(FREE, 0)
    if UNLIKE in quantities.traits and convention.tool != "cnncalc":
        return LayerCount(UNKNOWN, None)
    rule = next(rule for rule in convention.rules(kind) if set(rule.when).issubset(quantities.traits))
    if rule.state == FREE:
        return LayerCount(FREE, 0)
    if rule.state != COUNTED:
        return LayerCount(rule.state, None)
    terms = tuple(Term(coefficient, name, quantities.values[name] * batch) for coefficient, name in rule.terms)
    return LayerCount(COUNTED, sum(term.value for term in terms), terms)
