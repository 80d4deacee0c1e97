"""Network -> numbers."""

from .result import NetworkAnalysis, ShapedPort, Totals, analyze
from .row import LayerRow

__all__ = ["LayerRow", "NetworkAnalysis", "ShapedPort", "Totals", "analyze"]
