"""Limits given outside a spec, by option or in pyproject.toml: what they are, and what is said of a broken one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from ...diagnostics import ERROR, Diagnostic
from ...interpret.expectations import matches
from ...interpret.faults import did_you_mean
from ...measure.measurements import Axes, Measurements, UnknownMeasure
from ...measures import BYTES, LIMITED, MEASURES
from ...network import Node
from ...records import Record
from ...spec.expressions import condition
from ...spec.literals import as_spelled
from ...spec.nodes import Expr, Hole, Num, SizeTree
from ...spec.words import Fault, is_name, plain, shorten
from ...values import ShapeSize, Size, channels_first, how_many, laid_out, spell, times
from .requirements import UNKNOWN
from .shortfall import Operand, shortfall
from .verdict import Judged, as_json

#: The key of the output's shape, and the beginning of those of the measures.
EXPECT_OUTPUT, MAX = "expect-output", "max-"
#: Every key: the options have two dashes before it.
KEYS = (*(MAX + measure for measure in LIMITED), EXPECT_OUTPUT)


class Limit(Record):
    """One limit: its key, as it was written, what it allows, and where it was given."""

    key: str
    text: str
    #: A number, or a size: a number an axis (`max-field`), or a shape in the layout of the spec.
    value: Any
    #: As a message names it: ``--max-params 5M``, ``max-params 5M in pyproject.toml``.
    said: str
    #: Of `expect-output`: which output; None for the first one.
    output: str | None = None

    @property
    def written(self) -> str:
        """``max-params 5M``."""
        name = f"{self.output}=" if self.output else ""
        return f"{self.key} {name}{self.text}"


class Wrong(Exception):
    """A limit that cannot be understood: what is wrong, and what to write instead."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


def read(key: str, text: str, said: str) -> Limit:
    """The limit that `text` says. Raises Wrong."""
    text = text.strip()
    if key == EXPECT_OUTPUT:
        return _expected(text, said)
    measure = key.removeprefix(MAX)
    tree = _tree(as_spelled(text, MEASURES[measure].unit == BYTES), "for example 5M, 512KiB or 61,706")
    if isinstance(tree, Num):
        value: Any = tree.value
    elif measure == "field" and isinstance(tree, SizeTree):
        value = Axes(_number(item, text) for item in tree.items)
    else:
        raise Wrong(f"'{text}' is no number", "for example 5M, 512KiB or 61,706; at least 0")
    for one in value if isinstance(value, Axes) else (value,):
        if isinstance(one, Fraction):
            raise Wrong(f"{text} is no whole number: it is {spell(one)}")
    return Limit(key, text, value, said)


def from_values(given: Mapping[str, object]) -> tuple[Limit, ...]:
    """The limits that are given from Python: by measure, and the `output`, or several by name. Raises ValueError."""
    found = []
    for name, value in given.items():
        if name == "output":
            shapes = [f"{key}={shape}" for key, shape in value.items()] if isinstance(value, Mapping) else [str(value)]
            found += [(EXPECT_OUTPUT, shape) for shape in shapes]
        elif name in LIMITED:
            found.append((MAX + name, str(value)))
        else:
            raise ValueError(f"unknown measure '{name}': {did_you_mean(name, LIMITED) or ', '.join(LIMITED)}")
    try:
        return tuple(read(key, text, f"{key} {text}") for key, text in found)
    except Wrong as wrong:
        raise ValueError(f"{wrong.message}{f': {wrong.help}' if wrong.help else ''}") from None


def _expected(text: str, said: str) -> Limit:
    name, sign, shape = text.rpartition("=")
    name, shape = name.strip(), shape.strip()
    if sign and not is_name(name):
        raise Wrong(f"'{shorten(name)}' is no name of an output", "write SHAPE, or NAME=SHAPE: 1000, mask=2x388x388")
    tree = _tree(shape, "for example 1000 or 2x388x388")
    if isinstance(tree, SizeTree):
        items = [None if isinstance(item, Hole) else _number(item, shape) for item in tree.items]
        value = (ShapeSize if tree.at else Size)(items)
    elif isinstance(tree, Num | Hole):
        value = Size([None if isinstance(tree, Hole) else tree.value])
    else:
        raise Wrong(f"'{shorten(shape)}' is no shape", "for example 1000 or 2x388x388")
    if len(value) > 4 or any(one is not None and (isinstance(one, Fraction) or one < 1) for one in value):
        raise Wrong(f"'{shorten(shape)}' is no shape: it has at most 4 whole numbers, all over 0")
    return Limit(EXPECT_OUTPUT, shape, value, said, name or None)


def _tree(text: str, example: str) -> Expr:
    if not text:
        raise Wrong("nothing is said", example)
    try:
        return condition(plain(text), 0, grouped=True)
    except Fault as fault:
        raise Wrong(f"'{text[:60]}': {fault.message}" if text not in fault.message else fault.message,
                    fault.help or example) from None  # fmt: skip


def _number(tree: Expr, text: str) -> int | Fraction:
    if not isinstance(tree, Num):
        raise Wrong(f"'{text}' is not made of numbers")
    return tree.value


def judge_limits(measurements: Measurements, limits: Iterable[Limit]) -> list[Judged]:
    """Every limit, judged."""
    return [
        _output(measurements, limit) if limit.key == EXPECT_OUTPUT else _measure(measurements, limit)
        for limit in limits
    ]


# --- measures ---------------------------------------------------------------------------------------


def _measure(measurements: Measurements, limit: Limit) -> Judged:
    measure = limit.key.removeprefix(MAX)
    allowed: Any = limit.value
    try:
        value: Any = measurements(measure)
    except UnknownMeasure as unknown:
        return _unknown(measurements, limit, unknown, measure)
    if isinstance(value, Axes):
        allowed = allowed if isinstance(allowed, Axes) else Axes([allowed] * len(value))
        if len(allowed) != len(value):
            reason = f"the field has {how_many(len(value), 'number')}, the limit has {len(allowed)}"
            return _unknown(measurements, limit, UnknownMeasure(reason), measure)
        holds = all(one <= most for one, most in zip(value, allowed, strict=True))
    else:
        holds = value <= allowed
    judged = Judged(limit.written, None, as_json(value), as_json(limit.value), holds)
    if holds:
        return judged
    short = shortfall(Operand(measure, value, measure), "<=", allowed, measurements)
    message, node = f"{short.message}: {limit.said}", _spender(measurements, measure)
    span, frames = (node.span, node.frames) if node is not None else (measurements.network.start, ())
    fault = Diagnostic(ERROR, "requirement-failed", message, span, None, short.notes, frames)
    return judged._replace(fault=fault)


def _unknown(measurements: Measurements, limit: Limit, unknown: UnknownMeasure, what: str) -> Judged:
    message = f"not known: {what}: {unknown.reason}: {limit.said}"
    fault = Diagnostic(ERROR, UNKNOWN, message, measurements.network.start) if unknown.reason else None
    return Judged(limit.written, None, None, as_json(limit.value), False, fault)


def _spender(measurements: Measurements, measure: str) -> Node | None:
    """The layer that spends most, where a broken limit is shown; None where no layer alone explains it."""
    nodes = measurements.network.nodes
    if measure == "memory":
        footprint = measurements.footprint
        stored = (footprint.parameters or 0) + (footprint.buffers or 0)
        measure = "params" if stored > (footprint.peak or 0) else "peak"
    if measure in ("arena", "flash"):
        return _device_spender(measurements, measure)
    if MEASURES[measure].unit == BYTES:
        live = measurements.footprint.liveness
        if live is not None and live.peak_step is not None:
            return nodes[live.steps[live.peak_step]]
    if MEASURES[measure].spent:
        spend = measurements.spenders(measure)
        if spend:
            return spend[0]
    return None


def _device_spender(measurements: Measurements, measure: str) -> Node | None:
    """The layer at which the arena is largest, or of which most is stored."""
    top = measurements.footprint.arena_top if measure == "arena" else None
    if measure == "arena":
        return top[0] if top else None
    return max(measurements.nodes(), key=measurements.analysis.storage.learned, default=None)


# --- outputs ----------------------------------------------------------------------------------------


def _output(measurements: Measurements, limit: Limit) -> Judged:
    network = measurements.network
    expected = channels_first(limit.value, network.layout)
    ports = [port for port in network.outputs if limit.output is None or port.name == limit.output]
    port = next((port for port in ports if not port.train), ports[0] if ports else None)
    if port is None:
        if measurements.analysis.broken:
            return _unknown(measurements, limit, UnknownMeasure(""), "output")
        names = ", ".join(port.name for port in network.outputs)
        reason = f"no output is called '{limit.output}'" if limit.output else "the model has no output"
        reason += f"; its outputs: {names}" if names else ""
        fault = Diagnostic(ERROR, UNKNOWN, f"{reason}: {limit.said}", measurements.network.start)
        return Judged(limit.written, None, None, as_json(expected), False, fault)
    got = network.nodes[port.node].output if port.node >= 0 else None
    if got is None:
        return _unknown(measurements, limit, UnknownMeasure(""), "output")
    holds = matches(got, expected)
    judged = Judged(limit.written, None, as_json(got), as_json(expected), holds)
    if holds:
        return judged
    what = f"output {port.name}" if limit.output else "output"
    spelled = [times(laid_out(shape, network.layout), "×") for shape in (got, expected)]
    message = f"{what} {spelled[0]} is not {spelled[1]}: {limit.said}"
    return judged._replace(fault=Diagnostic(ERROR, "requirement-failed", message, network.nodes[port.node].span))
