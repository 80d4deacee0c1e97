"""A model on a page: its numbers, what is wrong with it, and what it is set against."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ...document import figures, summary
from ...interpret.specification import specification
from ...measure.lints import lints
from ...measure.measurements import Measurements
from ...measures import FLOPS_PER_MAC
from ...records import Record
from ..check.requirements import judge_all
from ..compare.model import ComparedModel
from ..compare.models import Variant

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic
    from ...measure import NetworkAnalysis
    from ...measure.conventions import Convention
    from ..check.verdict import Judged


class KeyFigure(Record):
    """One number of the answer: what it is of, the number, and a few words behind it."""

    label: str
    value: str
    words: str = ""


class ReportedModel:
    """One network, with all that its part of the page says."""

    def __init__(self, analysis: NetworkAnalysis, counts: Sequence[Convention] = ()) -> None:
        from ...document.counts import tallied

        self.analysis = analysis
        self.compared = ComparedModel(analysis, Variant({}, {}))
        self.compared.tallies = tallied(analysis, counts)
        self.measurements = Measurements(analysis)
        self.footprint = self.measurements.footprint

    @cached_property
    def _judged(self) -> tuple[list[Judged], list[Diagnostic]]:
        """Its requirements, and what is noted of them; none at other values than the file's own."""
        spec = specification(self.analysis.network)
        return judge_all(self.measurements) if spec.requirements and not spec.overridden else ([], [])

    @property
    def requirements(self) -> list[Judged]:
        """What its spec requires, judged."""
        return self._judged[0]

    @property
    def faults(self) -> list[Diagnostic]:
        """What every command says of it, and tells by its exit code: faults, broken expectations, gaps in counts."""
        from ...document import counts

        return [*self.analysis.diagnostics, *counts.diagnostics(self.compared.tallies)]

    @cached_property
    def diagnostics(self) -> list[Diagnostic]:
        """All that is to be said: these, broken requirements, and what lints find."""
        judged, notes = self._judged
        broken = [one.fault for one in judged if one.fault]
        return list(dict.fromkeys([*self.faults, *broken, *notes, *lints(self.analysis)]))

    @property
    def conditions(self) -> str:
        """Input, batch, types and execution."""
        analysis, way = self.analysis, self.analysis.execution.way
        words = (summary.inputs(analysis, analysis.layout), str(analysis.storage), "" if way == "eager" else way)
        return " · ".join(filter(None, words))

    def answer(self) -> list[KeyFigure]:
        """The numbers that are asked for first."""
        analysis, totals, least = self.analysis, self.analysis.totals, self.analysis.at_least or {}
        stored = analysis.parameter_bytes
        size = "" if stored is None else f"{figures.size(stored)} in {summary.stored_in(analysis)}"
        params, macs = (_number(getattr(totals, name), least.get(name)) for name in ("params", "macs"))
        flops = _number(totals.flops, FLOPS_PER_MAC * least.get("macs", 0))
        return [
            KeyFigure("Parameters", params, size),
            KeyFigure("MACs", macs, "multiply-accumulates"),
            KeyFigure("FLOPs", flops, "two a MAC"),
            self._peak(), self._field(),
            KeyFigure("Depth", figures.grouped(self.measurements.figure("depth")), "weighted layers on a path"),
            *self._outputs(),
        ]  # fmt: skip

    def _peak(self) -> KeyFigure:
        peak, layer = self.footprint.peak, self.footprint.peak_layer
        if peak is None:
            return KeyFigure("Peak memory", figures.UNKNOWN, "not every shape is known")
        where = f"live activations, while {layer} runs" if layer else "live activations"
        return KeyFigure("Peak memory", figures.size(peak), where)

    def _field(self) -> KeyFigure:
        field = self.measurements.figure("field")
        if field is None:
            return KeyFigure("Receptive field", figures.UNKNOWN)
        shape = next((port.shape for port in self.analysis.inputs if port.shape), ())
        over = f"of {figures.shape(shape[1:])} pixels" if len(shape) > 1 else ""
        return KeyFigure("Receptive field", figures.axes(field) or "all", over)

    def _outputs(self) -> list[KeyFigure]:
        ports = [port for port in self.analysis.outputs if not port.train]
        shapes = [figures.spelled(port.shape, self.analysis.layout) for port in ports]
        if len(ports) == 1:
            return [KeyFigure("Output", shapes[0], ports[0].name)]
        named = ", ".join(f"{port.name} {shape}" for port, shape in zip(ports[:4], shapes, strict=False))
        return [KeyFigure("Outputs", figures.grouped(len(ports)), named + " …" * (len(ports) > 4))] if ports else []


def _number(value: int | None, least: int | None) -> str:
    return f"≥ {figures.grouped(least)}" if value is None and least else figures.grouped(value)
