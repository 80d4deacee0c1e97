"""Limits on growth, ``params=2%``: how much a measure of the new network may be over that of the old one."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ...measures import BYTES, FIGURES, MEASURES
from ...records import Record
from .facts import Diff

_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12,
          "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}  # fmt: skip


class BadLimit(ValueError):
    """A limit that cannot be understood; the message says why."""


class Limit(Record):
    """How much a measure may grow: by `amount`, or by so many hundredths of what it was."""

    measure: str
    amount: Fraction
    percent: bool
    #: As it was written.
    text: str


def limit(text: str) -> Limit:
    """The limit that ``params=2%`` or ``peak=64KiB`` says. Raises BadLimit."""
    name, sign, word = (part.strip() for part in text.partition("="))
    if not sign:
        raise BadLimit(f"'{text}' is not MEASURE=GROWTH: write params=2% or macs=10M")
    if name not in FIGURES:
        from difflib import get_close_matches

        near = get_close_matches(name.lower(), FIGURES, 1)
        raise BadLimit(
            f"unknown measure '{name}': " + (f"did you mean '{near[0]}'?" if near else f"one of {', '.join(FIGURES)}")
        )
    percent = word.endswith("%")
    digits = word[:-1].rstrip() if percent else word.rstrip("kKMGTiB").rstrip()
    unit = "" if percent else word[len(digits) :].strip()
    number = digits.replace(",", "").replace("_", "")
    whole, _, part = number.partition(".")
    if len(number) > 100 or not number.isascii() or not (whole + part).isdigit() or unit not in _UNITS:
        units = "% or one of k M G T KiB MiB GiB behind it"
        raise BadLimit(f"'{word}' is no growth of {name}: a number, with {units}, as in {name}=2%")
    if unit.endswith("B") and MEASURES[name].unit != BYTES:
        in_bytes = " and ".join(one for one in FIGURES if MEASURES[one].unit == BYTES)
        raise BadLimit(f"'{word}' is bytes, and {name} has none: {in_bytes} have")
    return Limit(name, Fraction(number if whole else f"0{number}") * _UNITS[unit], percent, text)


class Growth(Record):
    """A measure that grew by more than it may. Of a field the axis that grew most; None is unknown."""

    limit: Limit
    old: int | Fraction | None
    new: int | Fraction | None
    #: How much more it may be.
    most: Fraction

    @property
    def known(self) -> bool:
        """Whether there are figures; a limit on what is not known does not hold."""
        return self.old is not None and self.new is not None


def exceeded(diff: Diff, limits: Iterable[Limit]) -> list[Growth]:
    """What grew by more than a limit allows; a fall is always allowed."""
    return [growth for growth in (_growth(diff, limit) for limit in limits) if growth is not None]


def _growth(diff: Diff, limit: Limit) -> Growth | None:
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
    return max(found, key=lambda one: (one.new or 0) - (one.old or 0) - one.most, default=None)
