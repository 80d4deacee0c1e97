"""Limits on growth, ``params=2%``: how much a measure of the new network may be over that of the old one."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ...interpret.faults import did_you_mean
from ...measures import BYTES, FIGURES, MEASURES
from ...records import Record
from ...spec.literals import UNITS, as_spelled
from .facts import GONE, NEW, Diff

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic


class GrowthLimit(Record):
    """How much a measure may grow: by `amount`, or by so many hundredths of what it was."""

    measure: str
    amount: Fraction
    percent: bool
    #: As it was written.
    text: str


def limit(text: str) -> GrowthLimit:
    """The limit that ``params=2%`` or ``peak=64KiB`` says. Raises ValueError, a sentence."""
    name, sign, word = (part.strip() for part in text.partition("="))
    if not sign:
        raise ValueError(f"'{text}' is not MEASURE=GROWTH: write params=2% or macs=10M")
    if name not in FIGURES:
        hint = did_you_mean(name, FIGURES) or f"one of {', '.join(FIGURES)}"
        raise ValueError(f"unknown measure '{name}': {hint}")
    percent = word.endswith("%")
    word = as_spelled(word, MEASURES[name].unit == BYTES)
    digits = word[:-1].rstrip() if percent else word.rstrip("kKMGTiB").rstrip()
    unit = "" if percent else word[len(digits) :].strip()
    number = digits.replace(",", "").replace("_", "")
    whole, _, part = number.partition(".")
    if len(number) > 100 or not number.isascii() or not (whole + part).isdigit() or unit not in ("", *UNITS):
        units = f"% or one of {' '.join(UNITS)} behind it"
        raise ValueError(f"'{word}' is no growth of {name}: a number, with {units}, as in {name}=2%")
    if unit.endswith("B") and MEASURES[name].unit != BYTES:
        in_bytes = " and ".join(figure for figure in FIGURES if MEASURES[figure].unit == BYTES)
        raise ValueError(f"'{word}' is bytes, and {name} has none: {in_bytes} have")
    return GrowthLimit(name, Fraction(number if whole else f"0{number}") * UNITS.get(unit, 1), percent, text)


class Growth(Record):
    """A measure that grew by more than it may. Of a field the axis that grew most; None is unknown."""

    limit: GrowthLimit
    old: int | Fraction | None
    new: int | Fraction | None
    #: How much more it may be.
    most: Fraction


def judge(diff: Diff, limits: Iterable[GrowthLimit], option: str) -> tuple[list[dict[str, Any]], list[Diagnostic]]:
    """Whether each limit, given by `option`, holds, as JSON has it, and an error for each that does not. What is new or
    gone has not grown: of it nothing is judged.
    """
    from .words import growths

    grown = diff.status not in (NEW, GONE)
    over = exceeded(diff, limits) if grown else []
    broken = [growth.limit for growth in over]
    judged = [{"text": one.text, "measure": one.measure, "ok": one not in broken if grown else None} for one in limits]
    return judged, growths(over, option)


def exceeded(diff: Diff, limits: Iterable[GrowthLimit]) -> list[Growth]:
    """What grew by more than a limit allows; a fall is always allowed."""
    return [growth for limit in limits if (growth := _growth(diff, limit)) is not None]


def _growth(diff: Diff, limit: GrowthLimit) -> Growth | None:
    total = next(total for total in diff.totals if total.name == limit.measure)
    if total.difference is None:
        return Growth(limit, None, None, Fraction(0))
    axes = [(total.old, total.new)]
    if isinstance(total.old, tuple):
        axes = list(zip(total.old, total.new, strict=True))
    found = []
    for old, new in axes:
        most = Fraction(old) * limit.amount / 100 if limit.percent else limit.amount
        if new - old > most:
            found.append(Growth(limit, old, new, most))
    return max(found, key=lambda growth: (growth.new or 0) - (growth.old or 0) - growth.most, default=None)
