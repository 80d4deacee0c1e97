"""The network: nodes in topological order with their shapes, outputs, and the names that stand for parts of it.

Readers fill one through an :class:`~cnncalc.network.assembler.Assembler` only; :mod:`~cnncalc.network.replay` makes it
again with other inputs or other layers.
"""

from __future__ import annotations

from ..diagnostics import NamedPlace
from .model import INPUT, UNKNOWN, Context, Extent, Location, Network, Node, Origin, Port, Step

__all__ = [
    "INPUT", "UNKNOWN", "Context", "Extent", "Location", "NamedPlace", "Network", "Node", "Origin", "Port", "Step",
]  # fmt: skip
