"""Network -> numbers."""

from .result import Analysis, ShapedPort, Totals, analyze
from .row import LayerRow

__all__ = ["Analysis", "LayerRow", "ShapedPort", "Totals", "analyze"]
