"""How deep a network is: the most layers with weights on one path through it (counting.md)."""

from __future__ import annotations

from ..network import Network, Node


def is_weighted(node: Node) -> bool:
    """Whether a node counts: as `weighted` in columns and requirements."""
    return node.layer is not None and node.layer.weighted


def depths(network: Network) -> list[int]:
    """For every node the most weighted layers on a path that ends there, itself included.

    A layer that shares another's weights counts: it is passed through all the same. An unknown input counts as 0.
    """
    found: list[int] = []
    for node in network.nodes:
        before = max((found[index] for index in node.inputs if index >= 0), default=0)
        found.append(before + is_weighted(node))
    return found


def depth(network: Network) -> int:
    """The most weighted layers on one path, of those that inference runs."""
    return max((found for node, found in zip(network.nodes, depths(network), strict=True) if not node.train), default=0)
