"""Text -> syntax tree. Knows the grammar, and no layer."""

from .evaluation import Environment, EvaluationError, Unresolved, evaluate, flag, number
from .parser import parse
from .words import RESERVED

__all__ = [
    "RESERVED", "Environment", "EvaluationError", "Unresolved", "evaluate", "flag", "number", "parse",
]  # fmt: skip
