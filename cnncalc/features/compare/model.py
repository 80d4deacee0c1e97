"""A model that is compared: a network, its figures, and the fully connected networks beside it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...measure.result import NetworkAnalysis
from ...measure.row import LayerRow, listed
from ...measures import FIGURES, LAYERS, MEASURES

if TYPE_CHECKING:
    from ...measure.conventions import Tally
    from ...measure.measurements import Figures
    from ...measure.mlp import Equivalents
    from .models import Variant

#: The figures, as the JSON document has them: counts of layers first, from the plainest on, what is no word at the end.
TOLD = (
    *(name for name in reversed(FIGURES) if MEASURES[name].unit == LAYERS),
    *(name for name in FIGURES if MEASURES[name].unit != LAYERS and MEASURES[name].word),
    *(name for name in FIGURES if not MEASURES[name].word),
)


class ComparedModel:
    """One column: a network, which of its values were set, and what it is measured and set against."""

    def __init__(self, analysis: NetworkAnalysis, variant: Variant, hidden: tuple[int, ...] | None = None) -> None:
        self.analysis = analysis
        self.variant = variant
        self.hidden = hidden
        #: The network by other tools' conventions, where asked for.
        self.tallies: tuple[Tally, ...] = ()

    @property
    def known(self) -> bool:
        """Whether its totals are known, so that there is something to compare."""
        return self.analysis.totals.params is not None

    @property
    def run(self) -> list[LayerRow]:
        """The rows of the layers that inference runs."""
        return [row for row in self.analysis.layers if not row.train]

    @cached_property
    def figures(self) -> Figures:
        """Its measures by name, of its batch and dtype; None for what is not known, a field has a number an axis."""
        from ...measure.measurements import Figures

        return Figures(self.analysis)

    @cached_property
    def mlp(self) -> Equivalents:
        """The fully connected networks for the same job."""
        from ...measure.mlp import Equivalents

        return Equivalents(self.analysis, self.hidden)

    def to_dict(self, mlp: bool) -> dict[str, Any]:
        """Its entry in the JSON document of `cnncalc compare`; `mlp` adds the fully connected networks."""
        entry = {**self.analysis.to_dict(), "diagnostics": [], "settings": self.variant.settings}
        entry["totals"] |= {name: self.figures[name] for name in TOLD} | {"field": listed(self.figures["field"])}
        if mlp:
            for layer in entry["layers"]:
                unrolled = self.mlp.layers.get(layer["name"])
                if unrolled is not None:
                    layer.update(unrolled.to_dict())
            entry["mlp"] = self.mlp.to_dict()
        if self.tallies:
            from ...document.counts import added

            entry = added(entry, self.tallies)
        for key in ("version", "command", "diagnostics"):  # of the whole document, which says them once
            del entry[key]
        return entry
