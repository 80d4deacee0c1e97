"""A series cut into what a person writes in a line: a convolution with what stands behind it, a merge, a pool."""

from __future__ import annotations

from ...network import Network
from .items import Cell, Item, Join, Series, Start

#: Families that start a line of their own; what is of others goes on behind them.
_STARTING = frozenset(("convolution", "dense", "pool", "merge", "resampling", "reshaping", "recurrent", "operator"))
_FOLLOWING = frozenset(("flatten", "scale"))


def units(network: Network, series: Series) -> list[tuple[int, int]]:
    """The first index of each line and the one behind its last.

    Where a series begins with a normalisation or activation, these stand before the layer whose line it is.
    """
    starting = [_starts(network, item) for item in series]
    before = bool(series) and isinstance(series[0], Cell) and not starting[0] and len(series) > 1
    cuts = [0]
    for place, item in enumerate(series[1:], 1):
        if isinstance(item, Start):
            cuts.append(place)
        elif isinstance(series[place - 1], Start) and not isinstance(item, Join):
            continue
        elif not isinstance(item, Cell) or item.alone or not isinstance(series[place - 1], Cell | Start):
            cuts += [place] * (not _attaches(item, series[place - 1], starting[place]))
        elif starting[place - 1] if before else starting[place]:
            cuts.append(place)
    return list(zip(cuts, [*cuts[1:], len(series)], strict=True)) if series else []


def _attaches(item: Item, last: Item, starting: bool) -> bool:
    """Whether a layer goes on behind a merge, a repeat or the use of a block."""
    return isinstance(item, Cell) and not item.alone and not starting and isinstance(last, Join)


def _starts(network: Network, item: Item) -> bool:
    """Whether an item starts a line."""
    if not isinstance(item, Cell):
        return True
    node = network.nodes[item.node]
    family = node.layer.family if node.layer is not None else "operator"
    return family in _STARTING and node.kind not in _FOLLOWING
