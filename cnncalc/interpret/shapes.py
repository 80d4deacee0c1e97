"""Shapes as a file writes them: values that must be such."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..convert.lookup import lookup
from ..spec import Unresolved
from ..spec.nodes import Expr
from ..values import Size, Word, channels_first, spell
from .environment import Environment
from .faults import did_you_mean


def said_shape(
    environment: Environment, value: Any, node: Expr, what: str, layer_help: str | None = None
) -> tuple[int | None, ...]:
    """The channels-first shape that `value` says in the present file's layout; `layer_help` is for one that is the
    name of a layer. Raises Unresolved, reporting.
    """
    items = value if isinstance(value, Size) else (value,)
    message = None
    for item in items:
        if isinstance(item, Word):
            message = f"{what} is a shape, not the word '{item}'"
        elif item is not None and (isinstance(item, bool) or not isinstance(item, int)):
            message = f"{what} is a shape of whole numbers"
            if isinstance(item, Fraction):
                message += f", not {spell(item)}"
        elif item is not None and item < 1:
            message = f"{what} has a size of {item}; sizes are at least 1"
    if message is None and len(items) > 4:
        message = f"a shape has at most 4 numbers, channels and three axes, not {len(items)}"
    if message:
        help = None
        if isinstance(value, Word):
            layer = lookup(value) is not None or value in environment.definitions.blocks
            close = did_you_mean(value, environment.position.variables())
            help = layer_help if layer and layer_help else close
        environment.reporter.error("shape-value", message, node.start, node.end, help)
        raise Unresolved
    return channels_first(items, environment.layout)
