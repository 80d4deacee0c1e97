"""What a lint is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...diagnostics import Diagnostic, Frame, Span
from ...records import Record

if TYPE_CHECKING:
    from ..result import NetworkAnalysis


class Occurrence(Record):
    """One place that a lint has found: a sentence with its figures, and the names of the layers that it speaks of."""

    message: str
    layers: tuple[str, ...]
    span: Span | None
    frames: tuple[Frame, ...] = ()
    #: What to write instead, and how grave it is, where that is not what the lint always says.
    help: str = ""
    severity: str = ""


class Lint(Record):
    """One lint: its name, which `# allow: NAME` silences, how grave it is, what it finds, and what to do about it."""

    name: str
    severity: str
    about: str
    help: str = ""
    #: Finds the places, in time linear in the layers; None for what the build tells of single layers.
    find: Callable[[NetworkAnalysis], Iterator[Occurrence]] | None = None

    def diagnostics(self, analysis: NetworkAnalysis) -> Iterator[Diagnostic]:
        """What it finds, silenced or not."""
        for occurrence in self.find(analysis) if self.find is not None else ():
            severity, help = occurrence.severity or self.severity, occurrence.help or self.help
            yield Diagnostic(
                severity,
                self.name,
                occurrence.message,
                occurrence.span,
                help,
                (),
                occurrence.frames,
                layers=occurrence.layers,
            )
