"""Weights that several layers share: who owns them, and whether they fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from ..layers import LayerError
from ..values import Shape
from .model import Network, Node

#: Learned tensors: their names and shapes.
Weights: TypeAlias = tuple[tuple[str, Shape], ...]


def owner_of(network: Network, node: Node, weights: Weights, train: bool) -> int | None:
    """The node that owns the weights of `node`, which a layer that needs `weights` is to use.

    `train`: that layer is in a train head. None where `node` is unknown. Raises LayerError where they do not fit.
    """
    if node.result is None:
        return None
    theirs = network.weights(node)
    if theirs != weights:
        mine, other = (", ".join("x".join(map(str, shape)) for _, shape in one) for one in (weights, theirs))
        raise _misfit(f"the weights differ in shape: {mine} here, {other} in '{node.name}'")
    if node.train and not train:
        raise _misfit(f"'{node.name}' is in a head that only training runs",
                      "let the head share the main network's weights instead")  # fmt: skip
    return node.position if node.owner is None else node.owner


def block_owners(
    network: Network, mine: Sequence[Node], theirs: Sequence[Node]
) -> Iterator[tuple[int, int | LayerError | None]]:
    """The positions of the layers among `mine` that learn, each with the owner of its weights among `theirs`, or with
    the reason why there is none. Layers that use another's already, or are unknown, are left out.
    """
    for node, other in zip(learners(mine), learners(theirs), strict=True):
        if node.result is not None and node.owner is None:
            try:
                yield node.position, owner_of(network, other, network.weights(node), node.train)
            except LayerError as error:
                yield node.position, error


def learners(nodes: Sequence[Node]) -> list[Node]:
    """The nodes whose layers can have weights."""
    return [node for node in nodes if node.layer is not None and node.layer.learns]


def _misfit(message: str, help: str | None = None) -> LayerError:
    return LayerError(message, argument="share", help=help, code="share")
