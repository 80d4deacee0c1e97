"""What a layer of a text in another format cannot be: the fault with its place."""

from __future__ import annotations

from ..diagnostics import ERROR, Diagnostic, Span
from ..layers import LayerError


class Misfit(Exception):
    """A layer or section that cannot be: the fault, and where it is."""

    def __init__(self, error: LayerError, span: Span) -> None:
        super().__init__(str(error))
        self.diagnostic = Diagnostic(ERROR, error.code, str(error), span, error.help)
