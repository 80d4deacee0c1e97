"""A sweep that was run: what its document and its files are made of."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ...document.figures import quantity
from ...measures import BYTES, MEASURES
from ...records import Record
from ...values import Size, laid_out

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic
    from ...variants.result import SweepResult


class SweepFacts(Record):
    """What came of a sweep of a file; `goal` says what the rows are in order of: a few words, empty for none; and
    `conditions` what those that are kept meet.
    """

    result: SweepResult
    file: str
    model: str | None
    layout: str
    goal: str
    front: bool
    conditions: str = "the conditions"
    diagnostics: Sequence[Diagnostic] = ()


def spelled_out(value: Any, layout: str) -> Any:
    """A value as JSON has it: shapes in no layout but channels first, fractions as doubles."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, tuple):
        return [spelled_out(one, layout) for one in value]
    if isinstance(value, Fraction):
        return float(value)
    return str(value) if isinstance(value, str) else value


def turned(name: str, value: Any, facts: SweepFacts) -> Any:
    """The shape of an input in the layout of the file; other values as they are."""
    plain_shape = isinstance(value, tuple) and not isinstance(value, Size) and name in facts.result.variables
    return laid_out(value, facts.layout) if plain_shape else value


def is_bytes(measure: str) -> bool:
    """Whether a measure is a number of bytes."""
    entry = MEASURES.get(measure.partition("(")[0])
    return entry is not None and entry.unit == BYTES


def sizes(result: SweepResult) -> str:
    """``width 31 × input 2 = 62 candidates``."""
    axes = result.prepared.task.axes
    parts = " × ".join(f"{axis.name} {len(axis.values):,}" for axis in axes)
    drawn = f", {result.candidates:,} of them drawn" if result.candidates != result.space else ""
    if len(axes) == 1:
        return f"{parts} candidate{'s' * (result.space != 1)}{drawn}"
    return f"{parts} = {quantity(result.space, 'candidate')}{drawn}"
