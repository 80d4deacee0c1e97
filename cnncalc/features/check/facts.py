"""A spec, checked: its faults, expectations, requirements, limits and lints as one verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...diagnostics import (
    BROKEN,
    ERROR,
    EXPECTATION_FAILED,
    NOT_JUDGED,
    NOTE,
    UNANSWERED,
    Diagnostic,
    Source,
    Span,
    SpecError,
    Wording,
)  # fmt: skip
from ...interpret import DEFAULT_MAX_LAYERS, build, read_source
from ...interpret.build import worded
from ...interpret.overrides import varied
from ...interpret.reading.files import Folder
from ...interpret.specification import specification
from ...measure.lints import lints
from ...network import Network
from ...records import Record
from ...values import spell
from .verdict import AS_IT_IS, Conditions, Expected, Judged, Verdict

if TYPE_CHECKING:
    from ...convert.readers import How
    from .limits import Limit


class Terms(Record):
    """What is asked of a spec besides what it says itself, and what of it is overridden."""

    limits: tuple[Limit, ...] = ()
    inputs: Mapping[str | int | None, str] = {}
    settings: Mapping[str, str] = {}
    #: What options say, and the project.
    given: Conditions = AS_IT_IS
    project: Conditions = AS_IT_IS
    max_layers: int = DEFAULT_MAX_LAYERS
    strict: bool = False
    #: How faults call what is overridden.
    wording: Wording = Wording()
    how: How | None = None

    @property
    def overridden(self) -> bool:
        """Whether a spec is not at its own values: then an expectation of plain numbers is not judged."""
        return bool(self.inputs or self.settings)


#: The settings that a spec is to be checked with, given its top-level variables.
Tried = Callable[[Mapping[str, object]], Sequence[Mapping[str, str]]]


def check_file(
    file: str, terms: Terms, tried: Tried = lambda variables: (), name: str = "", named: bool = True
) -> Iterator[Verdict]:
    """The verdicts on the spec in a file, called `name` if it is not called by that; as `check_source` has them.

    Unless it was `named` by the user it is not read where it leads out of its project.
    """
    try:
        source, folder = read_source(file, named, terms.how)
    except SpecError as error:
        yield refused(name or ("<stdin>" if file == "-" else file), error.diagnostics, terms.strict)
        return
    yield from check_source(source.renamed(name) if name else source, folder, terms, tried)


def check_source(
    source: Source, folder: Folder | None, terms: Terms, tried: Tried = lambda variables: ()
) -> Iterator[Verdict]:
    """A verdict for each of the settings that `tried` says for the top-level variables of a text; else one as it is.

    What cannot be understood is in it; nothing raises. What is overridden anyway goes over what is tried. Settings that
    are the file's own values have all expectations judged; where none are, a note says so, since those of plain numbers
    are then judged nowhere.
    """
    if terms.project.inputs and not terms.inputs:
        terms = terms._replace(inputs=terms.project.inputs)
    make = partial(build, source, folder=folder, inputs=terms.inputs, settings=terms.settings)
    try:
        own = worded(terms.wording, partial(make, max_layers=terms.max_layers))
    except SpecError as error:
        yield refused(source.name, error.diagnostics, terms.strict)
        return
    given = terms.settings
    values = tried(specification(own).variables)
    chosen = [tuple((name, text) for name, text in value.items() if name not in given) for value in values]
    verdicts = [_tried(own, dict(one), terms) for one in dict.fromkeys(chosen)] if any(chosen) else []
    faults = _faults(own.diagnostics)
    if not verdicts or (faults and all(faults <= _faults(one.diagnostics) for one, _ in verdicts)):
        yield check_network(own, terms)  # what is wrong has nothing to do with the values
        return
    if not terms.overridden and not any(at_own for _, at_own in verdicts):
        verdicts[0] = (_noted(verdicts[0][0], own), False)
    for verdict, _ in verdicts:
        yield verdict


def _faults(diagnostics: Sequence[Diagnostic]) -> set[tuple[str, str, int]]:
    """What cannot be understood: its code, its message, its line."""
    wrong = (diagnostic for diagnostic in diagnostics if diagnostic.severity == ERROR and diagnostic.code not in BROKEN)
    return {
        (diagnostic.code, diagnostic.message, diagnostic.span.line if diagnostic.span else 0) for diagnostic in wrong
    }


def _tried(own: Network, settings: dict[str, str], terms: Terms) -> tuple[Verdict, bool]:
    """The verdict at some settings, and whether these are the file's own values."""
    try:
        network = worded(terms.wording, partial(varied, own, terms.inputs, {**terms.settings, **settings}))
    except SpecError as error:
        name = own.source.name
        diagnostics = error.worded(_TriedWording(name)).diagnostics
        return refused(name, diagnostics, terms.strict)._replace(settings=settings), False
    same = specification(network).variables == specification(own).variables and not terms.overridden
    verdict = check_network(own if same else network, terms, tried=not same)
    return verdict._replace(settings=settings), same


class _TriedWording(Wording):
    """Names values that a project has tried in a file: nobody has given them on the command line."""

    def __init__(self, file: str) -> None:
        self.file = file

    def named(self, target: str, name: str | None, text: str | None) -> str:
        """The file, and the variable with its value."""
        return f"{self.file}, tried with {name}{'' if text is None else f'={text}'}"


def _noted(verdict: Verdict, own: Network) -> Verdict:
    """The verdict with a note, if there are any, that expectations of plain numbers are judged nowhere."""
    span = next((outcome.span for outcome in specification(own).expectations.values() if outcome.constant), None)
    if span is None:
        return verdict
    values = " and ".join(f"{name} = {spell(specification(own).variables[name])}" for name in verdict.settings)
    message = "expectations of plain numbers are judged at the file's own values, and these are not tried"
    note = Diagnostic(NOTE, NOT_JUDGED, message, span, f"try {values}, too")
    return verdict._replace(diagnostics=_in_order((*verdict.diagnostics, note), own))


def refused(file: str, diagnostics: Sequence[Diagnostic], strict: bool = False) -> Verdict:
    """The verdict on what could not be read."""
    return Verdict(file, {}, None, (), (), tuple(diagnostics), strict)


def check_network(network: Network, terms: Terms, *, tried: bool = False) -> Verdict:
    """The verdict on a network that is built; `tried` says that a project chose its values: what of it is not judged
    there is judged at the file's own.
    """
    analysis = terms.given.over(terms.project).analysis(network)
    diagnostics = _said(network)
    blanks = specification(network).blanks
    diagnostics += [
        Diagnostic(ERROR, UNANSWERED, "not answered yet", span, "the shape behind this line") for span in blanks
    ]
    note = None if tried and not terms.overridden else specification(network).note()
    diagnostics += [note] if note else []
    requirements: list[Judged] = []
    if specification(network).requirements or terms.limits:
        from ...measure.measurements import Measurements
        from .limits import judge_limits
        from .requirements import judge_all

        measurements = Measurements(analysis)
        requirements, notes = judge_all(measurements)
        requirements += [] if specification(network).library else judge_limits(measurements, terms.limits)
        diagnostics += [*(requirement.fault for requirement in requirements if requirement.fault), *notes]
    diagnostics += lints(analysis)
    return Verdict(network.source.name, {}, analysis, tuple(requirements), _expectations(network),
                   _in_order(diagnostics, network), terms.strict, used=(*specification(network).files, *network.files),
                   format=network.format, project=terms.project)  # fmt: skip


def _said(network: Network) -> list[Diagnostic]:
    """What is to be said of a network. At other values than its file's own expectations with expressions are judged,
    too, and of those of plain numbers one note says how many are not.
    """
    spec = specification(network)
    remarks = (NOT_JUDGED, EXPECTATION_FAILED)
    diagnostics = [
        diagnostic
        for diagnostic in network.diagnostics
        if diagnostic.severity != NOTE or diagnostic.code not in remarks
    ]
    return diagnostics + spec.failures.found


def _expectations(network: Network) -> tuple[Expected, ...]:
    """The expectations that were judged, in file order, blanks among them; those of used files come last."""

    def expected(span: Span, got: tuple[int, ...] | None, ok: bool, blank: bool) -> Expected:
        file = None if span.source is network.source else span.source.name
        text = span.source.line(span.line)[span.column - 1 : span.end_column - 1].removeprefix("->").strip()
        return Expected(text, span.line, got, ok, blank, file)

    spec = specification(network)
    found = [expected(outcome.span, outcome.got, outcome.ok, False) for outcome in spec.judged]
    found += [expected(span, None, False, True) for span in spec.blanks]
    return tuple(sorted(found, key=lambda one: (one.file is not None, one.file or "", one.line)))


def _in_order(said: Sequence[Diagnostic], network: Network) -> tuple[Diagnostic, ...]:
    """What is said without a place first, then in the order of the main file, then of the others."""
    if len(said) < 2:
        return tuple(said)

    def key(one: Diagnostic) -> tuple[int, str, int, int]:
        span = one.span
        if span is None:
            return (0, "", 0, 0)
        other = span.source is not network.source
        return (1 + other, span.source.name if other else "", span.line, span.column)

    return tuple(sorted(said, key=key))
