"""What `cnncalc check` finds out about a spec: requirements, expectations, limits, as data that every format draws."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from ...deployment import EAGER, Given
from ...diagnostics import ERROR, Diagnostic, counts_if_strict, exit_code
from ...interpret.specification import specification
from ...measure.result import NetworkAnalysis, analyze
from ...network import Network
from ...records import Record

NOTHING: Given = {}


class Conditions(Record):
    """Under which conditions a network is measured: those that are said. Over a project's go those of an option."""

    batch: int | None = None
    dtype: Given = NOTHING
    execution: str | None = None
    #: Shapes of inputs, as options have them: by name, by number, or of the only one (None).
    inputs: Mapping[str | int | None, str] = MappingProxyType({})

    def over(self, others: Conditions) -> Conditions:
        """These, and what they leave unsaid as `others` say it."""
        dtype = {**others.dtype, **self.dtype}
        way = self.execution or others.execution
        return Conditions(self.batch or others.batch, dtype, way, self.inputs or others.inputs)

    def analysis(self, network: Network) -> NetworkAnalysis:
        """The analysis of a network under them; what is not said is the file's own, else one sample, eager."""
        return analyze(network, batch=self.batch or 1, dtype=self.dtype, execution=self.execution or EAGER)


#: Nothing is said.
AS_IT_IS = Conditions()


class Judged(Record):
    """One requirement: a `require` line, or a limit given outside the spec (`line` None)."""

    #: As written: ``params <= 5M``; of an outside limit the option or key that gave it: ``max-params 5M``.
    text: str
    line: int | None
    #: What it is and what it may be: a number, a list of numbers, None where unknown or not one comparison.
    value: Any
    limit: Any
    ok: bool
    #: What is said of one that is broken, or of which it is not known whether it holds.
    fault: Diagnostic | None = None
    #: Whether it says what something is: on a worksheet an answer; and whether that is still to be given.
    equation: bool = False
    blank: bool = False


class Expected(Record):
    """One ``-> SHAPE``, over all of its runs."""

    #: As written, without the arrow; of a blank its underscores.
    text: str
    line: int
    #: The shape of its first run that is not as expected, else of its first run; channels first. None: unknown.
    got: tuple[int, ...] | None
    ok: bool
    #: ``-> ____``: not answered yet.
    blank: bool = False
    #: The used file that it is written in; None: the spec itself.
    file: str | None = None


class Score(Record):
    """How far a worksheet is: a spec with blanks for shapes and figures."""

    questions: int
    answered: int
    right: int

    def __str__(self) -> str:
        return f"{self.answered:,} of {self.questions:,} answered, {self.right:,} right"


class Verdict(Record):
    """A spec, checked once: at its own values, or with `settings` of the variables that were to be tried."""

    file: str
    settings: dict[str, str]
    #: None where there was nothing that could be read.
    analysis: NetworkAnalysis | None
    requirements: tuple[Judged, ...]
    expectations: tuple[Expected, ...]
    #: Everything that is to be said about it, broken requirements included, in file order.
    diagnostics: tuple[Diagnostic, ...]
    #: Under --strict a warning, and anything uncounted, is a failure.
    strict: bool = False
    #: False for what is told of another file of the project, its baseline.
    spec: bool = True
    #: The files that the spec uses.
    used: tuple[str, ...] = ()
    #: The format of its file; None where it could not be read.
    format: str | None = None
    #: What the project says of its conditions, whatever the options say.
    project: Conditions = AS_IT_IS

    @property
    def code(self) -> int:
        """The exit code that it comes to: 0 fine, 1 something is broken, 2 it could not be understood."""
        code = exit_code(self.diagnostics)
        warned = any(map(counts_if_strict, self.diagnostics))
        return max(code, 1) if self.strict and warned else code

    @property
    def passed(self) -> bool:
        """Whether nothing is to be complained of."""
        return self.code == 0

    def __str__(self) -> str:
        """What `cnncalc check` writes into a file."""
        from ...render import render
        from ...render.text import Screen
        from .page import report

        return "".join(render(report([self]), "text", Screen()))

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"

    @property
    def is_library(self) -> bool:
        """Whether it is on a file of blocks only, of which there are no figures."""
        return self.analysis is not None and specification(self.analysis.network).library

    @property
    def score(self) -> Score | None:
        """How many of its expectations and equations are answered, and right; None where nothing is left blank."""
        asked: list[Expected | Judged] = [*self.expectations]
        asked += [requirement for requirement in self.requirements if requirement.equation or requirement.blank]
        answered = [one for one in asked if not one.blank]
        return Score(len(asked), len(answered), sum(one.ok for one in answered)) if len(answered) < len(asked) else None

    @property
    def errors(self) -> list[Diagnostic]:
        """What made it fail; under --strict the warnings, too."""
        return [
            diagnostic
            for diagnostic in self.diagnostics
            if diagnostic.severity == ERROR or (self.strict and counts_if_strict(diagnostic))
        ]

    @property
    def tried(self) -> str:
        """``size=192, width=2``: the settings; empty for the spec's own values."""
        return ", ".join(f"{name}={value}" for name, value in self.settings.items())


def as_json(value: Any) -> Any:
    """A value as JSON has it: shapes and fields as lists, whole numbers exact, fractions as doubles."""
    if type(value) is int:
        return value
    if isinstance(value, tuple):
        return [as_json(one) for one in value]
    if isinstance(value, Fraction):
        return float(value)
    return str(value) if isinstance(value, str) else value
