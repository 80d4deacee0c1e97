"""Graph -> numbers."""

from .result import DTYPES, Analysis, LayerRow, Port, Totals, analyze

__all__ = ["DTYPES", "Analysis", "LayerRow", "Port", "Totals", "analyze"]
