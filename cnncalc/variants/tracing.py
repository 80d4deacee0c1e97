"""One candidate, built with numbers that remember: what comes of it holds for all that decide the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..diagnostics import ERROR, EXPECTATION_FAILED, Diagnostic
from ..interpret.build import Spec
from ..interpret.faults import Faults
from ..interpret.overrides import Overrides
from ..interpret.specification import of_requirement, specification
from ..layers import Layer, Result
from ..layers.result import within_limits
from ..measure.measurements import Measurements, UnknownMeasure
from ..measure.result import analyze
from ..network import Network
from ..network.assembler import Assembler
from ..records import Record
from ..spec import EvaluationError, nodes
from ..values import Shape, is_traced
from .formulas import Formula, MeasureScope, joined
from .polynomials import Expressions
from .ratio import TracedRatio, ratio, settled
from .space import Space
from .trace import Decided, DecisionTrace
from .traced import whole

#: A number for many candidates: a whole one, a quotient of such, or plain.
Number = Any


class CandidateFault(Exception):
    """The first fault of a candidate: it ends the run, for no network comes of it."""

    def __init__(self, fault: Diagnostic) -> None:
        super().__init__(fault.message)
        self.fault = fault


class _FirstFault(Faults):
    """Ends the run at the first error that leaves numbers unknown; nothing is suggested."""

    many = True

    def add(self, diagnostic: Diagnostic) -> None:
        if fault_of([diagnostic]):
            raise CandidateFault(diagnostic)


class _Assembler(Assembler):
    """Layers remark nothing of their geometry: that would be looked at for nobody."""

    def _worked_out(self, layer: Layer, shapes: tuple[Shape, ...]) -> Result:
        return within_limits(layer.result(shapes, remarked=False))


class TracedSpec(Spec):
    """A spec whose variables and inputs are numbers that remember."""

    faults_type = _FirstFault
    assembler_type = _Assembler

    def _changed(self, overrides: Overrides, layout: str) -> bool:
        return True


class SweepQuestion(Record):
    """What is asked of every candidate: measures, each of the model or of a name; conditions; whether the requirements
    of the file are to hold; and what the numbers are of.
    """

    measures: tuple[tuple[str, str | None], ...]
    conditions: tuple[nodes.Expr, ...]
    required: bool = True
    batch: int = 1
    dtype: Any = None
    execution: str = "eager"


class CandidateAnswer(Record):
    """What holds for all candidates that decide the same: their measures, and whether they are wanted; or their fault.

    Numbers are TracedWhole, TracedRatio, plain, or tuples of those; None is not known.
    """

    values: tuple[Any, ...]
    wanted: Formula
    fault: Diagnostic | None = None
    #: What the network is but for its numbers, and these: equal ones are equal networks.
    structure: Any = None
    numbers: tuple[Any, ...] = ()


def traced_values(space: Space, trace: DecisionTrace, places: Sequence[int]) -> dict[str, Any]:
    """The values of the numeric axes at some places, each as a number that remembers, or a shape of such."""
    expressions, found = trace.expressions, dict[str, Any]()
    for axis, place, (columns, scale) in zip(space.numeric, places, space.parts, strict=True):
        numbers = [
            whole(trace, expressions.variables[number], space.columns[number].values[place])
            if len(set(space.columns[number].values)) > 1
            else space.columns[number].values[place]
            for number in columns
        ]
        found[axis.name] = tuple(numbers) if axis.is_input else ratio(trace, numbers[0], scale)
    return found


class Tracer:
    """Builds candidates of a space, and asks the question of each: at most so many, where that is said."""

    class Exhausted(Exception):
        """More candidates would have to be built than may be."""

    def __init__(self, model: Any, space: Space, question: SweepQuestion) -> None:
        self.model = model
        self.space = space
        self.question = question
        self.expressions = Expressions(space.columns)
        #: How many were built, and how many may be.
        self.count = 0
        self.most: int | None = None

    def __call__(self, words: Sequence[int], places: Sequence[int]) -> tuple[list[Decided], CandidateAnswer]:
        """What the candidate at some places decides on the way, and what comes of it."""
        if self.most is not None and self.count >= self.most:
            raise self.Exhausted
        self.count += 1
        trace = DecisionTrace(self.expressions)
        values = traced_values(self.space, trace, places)
        values |= {axis.name: axis.values[place] for axis, place in zip(self.space.worded, words, strict=True)}
        inputs = {axis.name: values.pop(axis.name) for axis in self.space.axes if axis.is_input}
        try:
            network = self.model.network(inputs, values)
        except CandidateFault as stop:
            return trace.decided, CandidateAnswer((), False, stop.fault)
        fault = fault_of(network.diagnostics)
        if fault is not None:
            return trace.decided, CandidateAnswer((), False, fault)
        answer = self._answer(network, values)
        return trace.decided, answer

    def _answer(self, network: Network, values: Mapping[str, Any]) -> CandidateAnswer:
        question = self.question
        analysis = analyze(network, batch=question.batch, dtype=question.dtype, execution=question.execution)
        measurements = Measurements(analysis)
        found: list[Any] = []
        for measure, name in question.measures:
            try:
                found.append(measurements(measure, name))
            except UnknownMeasure:
                found.append(None)
        spec = specification(network)
        scope = MeasureScope(measurements, {**spec.variables, **values})
        trees = [*question.conditions]
        if question.required:
            trees += [requirement.node.condition for requirement in spec.requirements if not requirement.blank]
        parts = []
        for tree in trees:
            try:
                parts.append(scope.formula(tree))
            except EvaluationError as error:
                return CandidateAnswer((), False, Diagnostic(ERROR, "condition", f"in a condition: {error.message}"))
            except UnknownMeasure:
                parts.append(None)
        structure, numbers = _identity(network)
        return CandidateAnswer(tuple(found), joined(parts, True), None, structure, numbers)


def fault_of(diagnostics: Iterable[Diagnostic]) -> Diagnostic | None:
    """The first fault that leaves numbers unknown; None where there is none."""
    errors = (
        diagnostic
        for diagnostic in diagnostics
        if diagnostic.severity == ERROR and diagnostic.code != EXPECTATION_FAILED
    )
    return next((error for error in errors if not of_requirement(error)), None)


class SpecModel:
    """A spec as what candidates are built of."""

    def __init__(
        self, spec: TracedSpec, settings: Mapping[str, Any] | None = None, inputs: Mapping[Any, Any] | None = None
    ) -> None:
        self.spec = spec
        #: Values of other variables and shapes of other inputs.
        self.settings = settings or {}
        self.inputs = inputs or {}

    def network(self, inputs: Mapping[Any, Shape], settings: Mapping[str, Any]) -> Network:
        """The network at some values. Raises CandidateFault."""
        return self.spec.network(
            inputs={**self.inputs, **inputs}, settings={**self.settings, **settings}, checked=False
        )


class ReadModel:
    """A network of another reader: it is made once more for each candidate, at plain numbers."""

    def __init__(self, original: Network) -> None:
        self.original = original

    def network(self, inputs: Mapping[Any, Shape], settings: Mapping[str, Any]) -> Network:
        """The network at some values, of which it may only vary the inputs."""
        from ..network.replay import replay

        plain = {name: tuple([size.__index__() for size in shape]) for name, shape in inputs.items()}
        return replay(self.original, inputs=plain)


def _identity(network: Network) -> tuple[Any, tuple[Any, ...]]:
    """What a network is but for its numbers, and these, in order."""
    numbers: list[Any] = []
    parts = []
    for node in network.nodes:
        numbers += map(settled, node.output or ())
        given: list[Any] = []
        if node.layer is not None:
            for name, value in node.layer.values:
                _take(value, given, numbers, name)
        parts.append((node.kind, node.inputs, node.owner, node.train, node.frozen, tuple(given)))
    return tuple(parts), tuple(numbers)


def _take(value: Any, given: list[Any], numbers: list[Any], name: str) -> None:
    """Notes an argument: its numbers among `numbers`, all else in `given`."""
    value = settled(value)
    if type(value) in (Fraction, TracedRatio):
        given.append((name, "/"))
        numbers += [value.numerator, value.denominator]
    elif is_traced(value) or type(value) is int:
        given.append(name)
        numbers.append(value)
    elif isinstance(value, tuple):
        given.append((name, type(value).__name__, len(value)))
        for one in value:
            _take(one, given, numbers, name)
    else:
        given.append((name, value if isinstance(value, str | bool | type(None)) else str(value)))
