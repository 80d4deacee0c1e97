"""What the builds of one run have in common: layers that were made, and what came of them."""

from __future__ import annotations

from ..layers import Layer, LayerError, Result

#: Layers and results that are kept; beyond them all are let go before the next build.
MOST_KEPT = 20_000


class Shared:
    """Goes from build to build of a run over many specs. Everything in it means the same wherever it stands."""

    def __init__(self) -> None:
        #: The layers of each kind by their arguments, and what they made of their inputs.
        self.families: dict[tuple[object, ...], dict[tuple[object, ...], Layer]] = {}
        self.results: dict[tuple[object, ...], Result | LayerError] = {}

    def trim(self) -> None:
        """Lets go of everything where it has become too much. Only between builds: in one, a layer is one."""
        if len(self.results) + sum(map(len, self.families.values())) > MOST_KEPT:
            self.families, self.results = {}, {}
