"""By how much a measure misses its limit, and what spends it: the sentences of broken requirements and limits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ...deployment import EAGER
from ...measure.measurements import Axes, Measurements
from ...measures import BYTES, MEASURES
from ...records import Record
from ...values import decimal, how_many, laid_out, spell

#: The measures that a device decides, of which it is said what would fit.
DEVICES = ("arena", "flash")
#: How many of those that spend most are named.
MOST = 3


class Shortfall(Record):
    """What falls short, as it was written, what is wrong with it, and who spends it."""

    written: str
    message: str
    notes: tuple[str, ...] = ()


class Operand(Record):
    """A value, as it was written, and what it measures."""

    written: str
    value: Any
    #: The measure that it is, and of what name (None: the model); None where it is none.
    measure: str | None = None
    name: str | None = None
    #: The measure is only a part of what is written.
    part: bool = False

    def said(self, measurements: Measurements) -> str:
        """``params 5,288,548``, ``flops 833,040 (2 a MAC)``."""
        convention = "" if self.part else _convention(measurements, self.measure)
        words = f"{self.written} {spelled(self.value, measurements.network.layout)}{self.unit(self.value)}".strip()
        return f"{words} ({convention})" if convention else words

    def unit(self, value: object) -> str:
        """`` bytes`` behind a value, where it is in bytes."""
        return f" byte{'s' * (value != 1)}" if _unit(self.measure) == BYTES and not self.part else ""


def shortfall(one: Operand, op: str, limit: Any, measurements: Measurements) -> Shortfall:
    """What to say where ``one op limit`` does not hold."""
    value = one.value
    message = f"{one.said(measurements)} {_wrong(one, op, limit, measurements.network.layout)}"
    over = op in ("<", "<=") or (op == "==" and isinstance(value, int | Fraction) and value > limit)
    notes = spenders(measurements, one.measure, one.name) if over and one.measure is not None else ()
    if over and one.measure in DEVICES and one.name is None and not one.part and isinstance(limit, int):
        from .remedies import remedies

        notes += remedies(measurements, one.measure, limit - (op == "<"))
    return Shortfall(one.written, message, notes)


def _wrong(one: Operand, op: str, limit: Any, layout: str) -> str:
    """The end of the sentence: ``is over 5,000,000 by 288,548 (5.8 %)``."""
    value, said = one.value, spelled(limit, layout)
    if isinstance(value, Axes):
        value, limit = _worst(op, value, limit)
    if op == "!=":
        return "is just what it must not be"
    if not isinstance(value, int | Fraction) or isinstance(value, bool):
        return f"is not {said}" if op == "==" else f"is not {op} {said}"
    if value == limit:
        return f"is not {'under' if op == '<' else 'over'} {said}{one.unit(limit)}"
    side = "over" if value > limit else "under"
    apart = abs(value - limit)
    share = f" ({percent(Fraction(100) * apart / abs(limit))})" if limit else ""
    by, said = f"by {spelled(apart, layout)}{one.unit(apart)}{share}", f"{said}{one.unit(limit)}"
    return f"is not {said}: it is {side} {by}" if op == "==" else f"is {side} {said} {by}"


def _worst(op: str, value: Axes, limit: Axes) -> tuple[Any, Any]:
    """The pair of numbers, of all axes, that is furthest from what was asked for."""
    pairs: list[tuple[Any, Any]] = list(zip(value, limit, strict=True))
    if op in ("<", "<="):
        return max(pairs, key=lambda pair: pair[0] - pair[1])
    if op in (">", ">="):
        return min(pairs, key=lambda pair: pair[0] - pair[1])
    return max(pairs, key=lambda pair: abs(pair[0] - pair[1]))


def _unit(measure: str | None) -> str:
    return MEASURES[measure].unit if measure in MEASURES else ""


def _convention(measurements: Measurements, measure: str | None) -> str:
    """What a number depends on that its name does not say."""
    analysis = measurements.analysis
    parts = []
    if measure == "flops":
        parts.append("2 a MAC")
    if _unit(measure) == BYTES:
        parts.append(str(analysis.storage))
        parts += [analysis.execution.way] if analysis.execution.way != EAGER else []
    if analysis.batch > 1 and measure in MEASURES and MEASURES[measure].batched:
        parts.append(f"batch {analysis.batch:,}")
    return ", ".join(parts)


def spelled(value: Any, layout: str) -> str:
    """A number with grouped digits, a field or a shape in `layout`."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction | tuple):
        return spell(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Fraction):
        return decimal(value)
    if isinstance(value, Axes) and len(set(value)) == 1:
        return spelled(value[0], layout)
    turned = value if isinstance(value, Axes) else laid_out(value, layout)
    return "×".join("?" if one is None else spelled(one, layout) for one in turned)


def percent(share: Fraction) -> str:
    """Percents to two figures at least: `5.8 %`, `12 %`, `1,234 %`, `0.0042 %`."""
    places = 0
    while share and share * 10**places < Fraction(995, 100) and places < 12:
        places += 1
    scaled = int(share * 10**places + Fraction(1, 2))
    digits = str(scaled).rjust(places + 1, "0")
    whole = f"{int(digits[:-places] if places else digits):,}"
    return f"{f'{whole}.{digits[-places:]}'.rstrip('0').rstrip('.') if places else whole} %"


def spenders(measurements: Measurements, measure: str, name: str | None = None) -> tuple[str, ...]:
    """Notes that name what spends most of a measure: the layers of a sum, the tensors of a peak; of others none."""
    if MEASURES[measure].spent:
        shares = [
            (node.name, measurements.share(measure, node)) for node in measurements.spenders(measure, name)[:MOST]
        ]
        return (f"most is in {_listed(shares)}",) if shares else ()
    if _unit(measure) != BYTES or name is not None:
        return ()
    footprint = measurements.footprint
    if measure in _APART:
        return _APART[measure](measurements)
    held = _listed([(holding.name, holding.bytes) for holding in footprint.held[:MOST]])
    at_peak = f"at the peak, while '{footprint.peak_layer}' runs, most is in {held}"
    if measure == "peak":
        return (at_peak,) if held else ()
    parts = ((footprint.parameters, "parameters"), (footprint.buffers, "buffers"), (footprint.peak, "the peak"))
    notes = [", ".join(f"{how_many(part, 'byte', ',')} of {what}" for part, what in parts if part)]
    notes += [f"of the parameters {note}" for note in spenders(measurements, "params")]
    return (*notes, at_peak) if held else tuple(notes)


def _in_arena(measurements: Measurements) -> tuple[str, ...]:
    """What stands in the arena where it reaches furthest."""
    top = measurements.footprint.arena_top
    if top is None:
        return ()
    return (f"while '{top[0].name}' runs, there are {_listed(top[1][:MOST])}",)


def _in_flash(measurements: Measurements) -> tuple[str, ...]:
    """The layers of which most is stored."""
    analysis = measurements.analysis
    stored = [(node.name, analysis.storage.learned(node)) for node in measurements.nodes()]
    most = sorted((one for one in stored if one[1]), key=lambda one: -one[1])[:MOST]
    return (f"most is in {_listed(most)}",) if most else ()


def _in_training(measurements: Measurements) -> tuple[str, ...]:
    """The parts of a training step, and the batch for which there is room."""
    training = measurements.footprint.training
    if training is None:
        return ()
    parts = sorted(training._asdict().items(), key=lambda one: -one[1])
    return (f"most is in {_listed([part for part in parts if part[1]][:MOST])}",)


#: Who spends what is neither a sum over layers nor a peak.
_APART: dict[str, Callable[[Measurements], tuple[str, ...]]] = {
    "arena": _in_arena, "flash": _in_flash, "training": _in_training,
}  # fmt: skip


def _listed(shares: list[tuple[str, int]]) -> str:
    """``fc1 (1,281,000), conv5 (2,048)``."""
    return ", ".join(f"{name} ({share:,})" for name, share in shares)
