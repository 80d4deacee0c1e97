"""Whether two networks have the same layers, and what is read of a text that was written."""

from __future__ import annotations

from typing import Any

from cnncalc import loads
from cnncalc.diagnostics import Source
from cnncalc.features.rewrite.formatter import format_source
from cnncalc.network import Network, Node


def rows(network: Network) -> list[Any]:
    """Of every layer its kind, shape, figures, and whether its weights are another's or only of training."""
    return [
        (node.kind, node.output, _figures(node), node.owner is None, node.train, node.frozen)
        for node in network.nodes
        if not node.further
    ]


def _figures(node: Node) -> Any:
    result = node.result
    return None if result is None else (result.params, result.buffers, result.macs)


def outputs(network: Network) -> list[Any]:
    """The shapes of its outputs."""
    return [(network.nodes[port.node].output, port.train) for port in network.outputs]


def read_again(text: str) -> Network:
    """The network of a text, which fmt leaves as it is."""
    assert format_source(Source("made", text)) == text
    return loads(text)


def assert_same(made: Network, network: Network) -> None:
    """The same layers, whatever the order of those that do not depend on each other."""
    assert sorted(map(repr, rows(made))) == sorted(map(repr, rows(network)))
    assert sorted(map(repr, outputs(made))) == sorted(map(repr, outputs(network)))
