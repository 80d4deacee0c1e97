"""Which tensor of the old network is which of the new one, seen through what was put between."""

from __future__ import annotations

from ...network import Network
from .match import Matching, paired_inputs

#: So many tensors stand for one that was made by layers that are new or gone.
MOST = 8


class Wiring:
    """The tensors of two networks. Indices are those of nodes, inputs included."""

    def __init__(self, matching: Matching) -> None:
        networks = matching.networks
        positions = [[node.position for node in side] for side in matching.layers]
        pairs = {positions[0][old]: positions[1][new] for old, new in matching.pairs.items()}
        pairs |= paired_inputs(*networks)
        self._pairs = pairs
        self._partners = pairs | {positions[0][old]: positions[1][new] for old, new in matching.moved.items()}
        self._origins = (
            _origins(networks[0], pairs),
            _origins(networks[1], {new: new for new in pairs.values()}),
        )

    def partner(self, old: int) -> int | None:
        """The new node that an old one has become; None where it is gone."""
        return self._partners.get(old)

    def same(self, old: int, new: int) -> bool:
        """Whether an old and a new node give the same tensor, but for layers put in between or taken out."""
        if old < 0 or new < 0:
            return old == new
        theirs, mine = self._origins[0][old], self._origins[1][new]
        return theirs == mine or (not theirs.isdisjoint(mine) and (len(theirs) > 1 or len(mine) > 1))

    def keys(self, side: int, node: int) -> frozenset[int | None]:
        """What a node of a side, 0 or 1, has in common with those of the other side that give the same tensor."""
        if node < 0:
            return frozenset((node,))
        return self._origins[side][node] or frozenset((None,))


def _origins(network: Network, pairs: dict[int, int]) -> list[frozenset[int]]:
    """For every node the tensors that it comes from: itself where it has a partner, else those of what it reads."""
    found: list[frozenset[int]] = []
    for node in network.nodes:
        if node.position in pairs:
            found.append(frozenset((pairs[node.position],)))
            continue
        come = [found[index] for index in node.inputs if index >= 0]
        if len(come) == 1:
            found.append(come[0])
        else:
            found.append(frozenset(sorted(frozenset().union(*come))[:MOST]))
    return found
