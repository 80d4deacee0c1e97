"""Weights that several layers have in common: counted once, where they are first."""

from __future__ import annotations

from ..layers import LayerError
from .model import Network, Node, learners


def share_weights(network: Network, mine: range, theirs: range) -> list[LayerError]:
    """Gives the layers at `mine` the weights of those at `theirs`, one by one; the reasons of misfits.

    Raises ValueError where the kinds of the layers that learn are not the same.
    """
    nodes, faults = network.nodes, []
    layers, others = learners(nodes[mine.start : mine.stop]), learners(nodes[theirs.start : theirs.stop])
    if [node.kind for node in layers] != [node.kind for node in others]:
        raise ValueError("the layers that learn are not of the same kinds")
    for node, other in zip(layers, others, strict=True):
        if node.result is not None and node.owner is None:
            try:
                owner = _owner(network, node, other)
                nodes[node.position] = node._replace(owner=owner)
                if owner is not None and node.frozen:  # they are the same weights
                    context = nodes[owner].context._replace(frozen=True)
                    nodes[owner] = nodes[owner]._replace(context=context)
            except LayerError as error:
                faults.append(error)
    return faults


def _owner(network: Network, node: Node, other: Node) -> int | None:
    """The node that owns the weights of `other`, which `node` is to use; None where `other` is unknown.

    Raises LayerError where they do not fit.
    """
    if other.result is None:
        return None
    both = [network.weights(node), network.weights(other)]
    if both[0] != both[1]:
        mine, theirs = (", ".join("x".join(map(str, shape)) for _, shape in weights) for weights in both)
        raise _misfit(f"the weights differ in shape: {mine} here, {theirs} in '{other.name}'")
    if other.train and not node.train:
        raise _misfit(f"'{other.name}' is in a head that only training runs",
                      "let the head share the main network's weights instead")  # fmt: skip
    return other.position if other.owner is None else other.owner


def _misfit(message: str, help: str | None = None) -> LayerError:
    return LayerError(message, argument="share", help=help, code="share")
