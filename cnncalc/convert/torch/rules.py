"""The table of all rules: those of each family, in files of their own."""

from __future__ import annotations

from . import (  # noqa: F401 - each puts its rules into the table
    creating,
    dense,
    einops,
    elementwise,
    further,
    indexing,
    norms,
    parts,
    reducing,
    sequences,
    shaping,
    sizing,
    stretching,
    turning,
    windows,
)
from .call import RULES

__all__ = ["RULES"]
