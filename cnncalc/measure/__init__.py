"""Network -> numbers."""

from .result import DTYPES, Analysis, ShapedPort, Totals, analyze
from .row import LayerRow

__all__ = ["DTYPES", "Analysis", "LayerRow", "ShapedPort", "Totals", "analyze"]
