"""What a layer of a model file cannot be: the fault with its place; and what the rule of one runs into."""

from __future__ import annotations

from struct import error as struct_error

from ..diagnostics import ERROR, Diagnostic, Span
from ..layers import LayerError

#: A rule takes what it needs of an operator, and does not ask first whether all is there, and of the sort that it must
#: be: a file in which it is not runs nowhere.
BROKEN = (
    ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError, struct_error,
)  # fmt: skip


def misfit(_: Exception) -> LayerError:
    """The fault of an operator whose rule ran into one of these."""
    return LayerError(
        "its inputs or its arguments are none that its type takes: too few, of other axes, or no numbers",
        help="if the file runs elsewhere, this is a fault of the reader: please report it",
    )


class Misfit(Exception):
    """A layer or section that cannot be: the fault, and where it is."""

    def __init__(self, error: LayerError, span: Span) -> None:
        super().__init__(str(error))
        self.diagnostic = Diagnostic(ERROR, error.code, str(error), span, error.help)
