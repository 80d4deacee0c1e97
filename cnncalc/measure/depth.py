"""How deep a network is: the most layers with weights on one path through it (counting.md)."""

from __future__ import annotations

from collections.abc import Iterable

from ..network import Network, Node


def depths(nodes: Iterable[Node]) -> dict[int, int]:
    """By the position of each node the most weighted layers on a path through `nodes` that ends there, with itself.

    A layer that shares another's weights counts: it is passed through all the same. An unknown input counts as 0.
    """
    found: dict[int, int] = {}
    for node in nodes:
        before = max((found.get(index, 0) for index in node.inputs), default=0)
        found[node.position] = before + (node.layer is not None and node.layer.weighted)
    return found


def depth(network: Network) -> int:
    """The most weighted layers on one path, of those that inference runs."""
    behind = depths(network.nodes)
    return max((behind[node.position] for node in network.nodes if not node.train), default=0)
