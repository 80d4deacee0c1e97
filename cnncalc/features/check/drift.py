"""What has drifted: the figures of a spec that are not as the baseline says, in either direction.

A figure or a spec that only one side has is a drift, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ...cli.specs import UPDATE_BASELINE
from ...diagnostics import ERROR, Diagnostic, Span
from ...interpret.faults import did_you_mean
from ...interpret.specification import specification
from ...measure.result import NetworkAnalysis
from ...measures import BYTES, FIGURES, MEASURES
from ...network import Network
from .baseline import Figures, figures, worded
from .shortfall import percent
from .verdict import AS_IT_IS, Conditions

CODE = "baseline-drift"
#: How a drift is accepted.
ACCEPT = f"'{UPDATE_BASELINE}' accepts it"

#: By figure: a whole number, or a share of what the baseline says.
Tolerance = Mapping[str, int | Fraction]


def tolerances(given: Mapping[str, int | str]) -> dict[str, int | Fraction]:
    """How far figures may be off, from whole numbers and texts like ``2%``. Raises ValueError, a sentence."""
    found: dict[str, int | Fraction] = {}
    for name, value in given.items():
        if name not in FIGURES:
            hint = did_you_mean(name, FIGURES) or f"figures: {', '.join(FIGURES)}"
            raise ValueError(f"'{name[:60]}' has no tolerance: {hint}")
        text = str(value).strip()
        try:
            share = Fraction(text.removesuffix("%").strip()) if text.endswith("%") else None
            found[name] = int(text) if share is None else share / 100
        except (ValueError, ZeroDivisionError):
            raise ValueError(
                f"the tolerance of {name} is a whole number or a share like '2%', not '{text[:40]}'"
            ) from None
        if found[name] < 0:
            raise ValueError(f"the tolerance of {name} is below 0")
    for name, leader in ((name, MEASURES[name].follows) for name in FIGURES):
        if leader in given and name not in given:  # a figure that is another over again: 2 FLOPs are a MAC
            allowed = found[leader]
            found[name] = 2 * allowed if name == "flops" and isinstance(allowed, int) else allowed
    return found


def drift(
    analysis: NetworkAnalysis, entry: Figures | None, tolerance: Tolerance, project: Conditions = AS_IT_IS
) -> list[Diagnostic]:
    """What is not as the baseline's entry says: one error, or none; where there is no entry, that.

    A spec with faults is not compared: its figures are not known.
    """
    if analysis.broken or specification(analysis.network).library:
        return []
    place = _place(analysis.network)
    if entry is None:
        return [Diagnostic(ERROR, CODE, "the baseline does not know this spec", place, ACCEPT)]
    now = figures(analysis, project)
    told = [name for name in MEASURES if name in entry or (name in now and not MEASURES[name].later)]
    off = [name for name in told if not _within(now, entry, name, tolerance)]
    causes = [name for name in off if MEASURES[name].follows not in off]
    if not causes:
        return []
    first, *more = causes
    besides = f" (and {len(more)} more figure{'s' * (len(more) > 1)})" if more else ""
    message = _said(now, entry, first, tolerance.get(first, 0), "the baseline says")
    notes = tuple(_said(now, entry, name, tolerance.get(name, 0), "was") for name in more)
    return [Diagnostic(ERROR, CODE, message + besides, place, ACCEPT, notes)]


def _place(network: Network) -> Span:
    """The line of the model's title, else the first that says something."""
    lines = [(number, line.partition("#")[0].rstrip()) for number, line in enumerate(network.source.lines, 1)]
    lines = [(number, text) for number, text in lines if text.strip()]
    title = (line for line in lines if line[1].startswith("model "))
    number, text = next(title, lines[0] if lines else (1, " "))
    return Span(network.source, number, len(text) - len(text.lstrip()) + 1, len(text) + 1)


def _within(now: Figures, then: Figures, name: str, tolerance: Tolerance) -> bool:
    """Whether a figure is as the baseline says, or near enough."""
    if (name in now) != (name in then):
        return False
    new, old = now[name], then[name]
    if new == old:
        return True
    if name == "output" or new is None or old is None:
        return False
    if name == "field" and len(new) != len(old):
        return False
    pairs = zip(new, old, strict=True) if name == "field" else [(new, old)]
    allowed = tolerance.get(name, 0)
    return all(
        abs(Fraction(one) - Fraction(other))
        <= (allowed if isinstance(allowed, int) else allowed * abs(Fraction(other)))
        for one, other in pairs
    )


def _said(now: Figures, then: Figures, name: str, allowed: int | Fraction, says: str) -> str:
    """``params 5,288,548, the baseline says 5,002,000: +286,548 (+5.7 %), tolerance 2 %``."""
    unit = " bytes" if MEASURES[name].unit == BYTES else ""
    new = f"{worded(now[name])}{unit}" if now.get(name) is not None else "is not known" if name in now else "is gone"
    old = f"{says} {worded(then[name])}" if then.get(name) is not None else "the baseline has none"
    text = f"{name} {new}, {old}"
    value, before = now.get(name), then.get(name)
    if not (isinstance(value, int) and isinstance(before, int)):
        return text
    change = value - before
    sign = "-" if change < 0 else "+"
    share = f" ({sign}{percent(Fraction(100 * abs(change), abs(before)))})" if before else ""
    limit = f"{allowed:,}" if isinstance(allowed, int) else percent(100 * allowed)
    return f"{text}: {change:+,}{share}{f', tolerance {limit}' if allowed else ''}"
