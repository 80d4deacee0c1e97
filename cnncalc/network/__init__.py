"""The network: nodes in topological order with their shapes, outputs, and the names that stand for parts of it."""

from __future__ import annotations

from .model import UNKNOWN, Extent, Network, Node, Port, Requirement, Step

__all__ = ["UNKNOWN", "Extent", "Network", "Node", "Port", "Requirement", "Step"]
