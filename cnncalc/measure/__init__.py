"""Network -> numbers."""

from .result import DTYPES, Analysis, Port, Totals, analyze
from .row import LayerRow

__all__ = ["DTYPES", "Analysis", "LayerRow", "Port", "Totals", "analyze"]
