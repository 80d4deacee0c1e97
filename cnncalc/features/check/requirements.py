"""Requirements: ``require`` lines worked out and compared, with what is said of one that does not hold.

A comparison of sizes is exact. A receptive field is compared on every axis; a shape takes ``==`` and ``!=``, is written
in the layout of its file, and may have ``?`` for any size. `output` and `field` of the model are those of its first
output. A measure that is not known makes its requirement neither hold nor fail: it is an error of its own.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn

from ...diagnostics import ERROR, NOT_JUDGED, NOTE, UNANSWERED, Diagnostic, Span
from ...interpret.faults import evaluation_fault
from ...interpret.specification import UNKNOWN_MEASURE, specification
from ...measure.measurements import Axes, Measurements, UnknownMeasure, Value
from ...measures import WORDS
from ...records import Record, make
from ...spec import EvaluationError, evaluate, flag, nodes
from ...spec.evaluation import COMPARISONS
from ...spec.trees import operands
from ...values import Size, channels_first, describe, how_many
from .shortfall import Operand, Shortfall, shortfall
from .verdict import Judged, as_json

if TYPE_CHECKING:
    from ...interpret.specification import Requirement

#: The code of a requirement whose measure has no value.
UNKNOWN = "requirement-unknown"


class Compared(Record):
    """A comparison: what stands on the left and on the right, the shape turned as the other side is."""

    tree: nodes.Chain
    left: Any
    op: str
    right: Any
    holds: bool


def judge_all(measurements: Measurements) -> tuple[list[Judged], list[Diagnostic]]:
    """Every ``require`` of the network, judged, and a note on those that a reported fault leaves unjudged."""
    faults = [diagnostic for diagnostic in measurements.network.diagnostics if diagnostic.code == UNKNOWN_MEASURE]
    faulty = {fault.span.line for fault in faults if fault.span}
    judged: list[Judged] = []
    unknown: list[Span] = []
    for requirement in specification(measurements.network).requirements:
        if requirement.span.line in faulty:
            judged.append(_unknown(requirement))
        elif requirement.blank:
            judged.append(_unanswered(requirement))
        else:
            judged.append(_Judge(measurements, requirement).judge())
            if not judged[-1].ok and judged[-1].fault is None:
                unknown.append(_place(requirement))
    if not unknown:
        return judged, []
    many = "this requirement is" if len(unknown) == 1 else f"this requirement and {len(unknown) - 1} more are"
    message = f"{many} not judged: of a spec with errors not all is known"
    return judged, [Diagnostic(NOTE, NOT_JUDGED, message, unknown[0])]


def _unknown(requirement: Requirement, fault: Diagnostic | None = None) -> Judged:
    """A requirement of which it is not known whether it holds."""
    return Judged(requirement.node.text, requirement.span.line, None, None, False, fault, requirement.equation)


def _unanswered(requirement: Requirement) -> Judged:
    """A requirement that has a blank."""
    fault = Diagnostic(ERROR, UNANSWERED, "not answered yet", _place(requirement), "what the network comes to")
    return _unknown(requirement, fault)._replace(blank=True)


def _place(requirement: Requirement) -> Span:
    """From the word `require` to the end of the condition: the message is behind it."""
    span = requirement.span
    return make(Span, (span.source, span.line, span.column, span.column + requirement.node.condition.end))


def measure_of(tree: nodes.Expr) -> tuple[str, str | None] | None:
    """The measure that `tree` is, and of what name; None for other expressions."""
    if isinstance(tree, nodes.Name) and tree.id in WORDS:
        return tree.id, None
    if isinstance(tree, nodes.FunctionCall) and tree.function in WORDS:
        only = tree.args[0]
        return tree.function, only.id if isinstance(only, nodes.Name) else None
    return None


def written(measure: str, name: str | None) -> str:
    """``params``, ``params(stem)``."""
    return f"{measure}({name})" if name else measure


def measures_in(tree: nodes.Expr) -> list[tuple[str, str | None]]:
    """The measures in `tree`, in the order in which they stand there."""
    found = measure_of(tree)
    if found is not None:
        return [found]
    return [one for child in operands(tree) for one in measures_in(child)]


class _Judge:
    """Works out one requirement: the environment of its names."""

    def __init__(self, measurements: Measurements, requirement: Requirement) -> None:
        self.measurements = measurements
        self.network = measurements.network
        self.requirement = requirement
        #: The comparisons that were worked out and do not hold.
        self.failed: list[Compared] = []
        self.variables = specification(measurements.network).variables
        #: What was compared last.
        self.last: Compared | None = None
        #: The measures that were asked for, and of what names.
        self.asked: dict[tuple[str, str | None], Value] = {}

    def judge(self) -> Judged:
        node, place = self.requirement.node, _place(self.requirement)
        tree = node.condition
        try:
            holds = self.condition(tree)
        except UnknownMeasure as unknown:
            message = f"not known: {unknown.reason}"
            fault = Diagnostic(ERROR, UNKNOWN, message, place, node.message) if unknown.reason else None
            return _unknown(self.requirement, fault)
        except EvaluationError as error:
            spot = self.requirement.place(error.node)
            return _unknown(self.requirement, evaluation_fault(error, spot, self.variables))
        value, limit = self.sides(tree)
        failure = None if holds else self.failure(tree, place, node.message)
        equation = self.requirement.equation
        return make(Judged, (node.text, place.line, as_json(value), as_json(limit), holds, failure, equation, False))

    # --- conditions ---------------------------------------------------------------------------------

    def condition(self, tree: nodes.Expr) -> bool:
        """Whether `tree` holds. Raises UnknownMeasure, EvaluationError."""
        if isinstance(tree, nodes.Unary) and tree.op == "not":
            before = len(self.failed)
            holds = not self.condition(tree.operand)
            del self.failed[before:]  # what fails inside is what was asked for
            return holds
        if isinstance(tree, nodes.Chain):
            op = tree.rest[0][0]
            if op in ("and", "or"):
                return self._joined(tree, op)
            if op in COMPARISONS:
                self.last = compared = self.compare(tree)
                if not compared.holds:
                    self.failed.append(compared)
                return compared.holds
        return flag(tree, self)

    def _joined(self, tree: nodes.Chain, op: str) -> bool:
        """``and`` and ``or`` over all of their sides: whatever fails is to be said."""
        before = len(self.failed)
        sides = [self.condition(side) for side in (tree.first, *(operand for _, operand in tree.rest))]
        holds = all(sides) if op == "and" else any(sides)
        if holds:
            del self.failed[before:]
        return holds

    def sides(self, tree: nodes.Expr) -> tuple[Any, Any]:
        """What a requirement that is one comparison measures, and against what; None and None for others."""
        compared = self.last
        if compared is None or not isinstance(tree, nodes.Chain) or tree.rest[0][0] not in COMPARISONS:
            return None, None
        if measure_of(tree.first) is None and not measures_in(tree.first) and measures_in(tree.rest[0][1]):
            return compared.right, compared.left
        return compared.left, compared.right

    def compare(self, tree: nodes.Chain) -> Compared:
        """Both sides of a comparison, and whether it holds. Raises UnknownMeasure, EvaluationError."""
        op, operand = tree.rest[0]
        left, right = self.value(tree.first), self.value(operand)
        if type(left) is int and type(right) is int:
            return make(Compared, (tree, left, op, right, COMPARISONS[op](left, right)))
        pair = (left, right)
        if tuple in map(type, pair):  # a tensor's shape, and no size or field
            left, right = (self.as_shape(side, at) for side, at in ((left, tree.first), (right, operand)))
            if op not in ("==", "!="):
                with_number = any(isinstance(side, nodes.Num) for side in (tree.first, operand))
                advice = "for the number of its elements there is 'activations'" if with_number else None
                raise EvaluationError(f"a shape takes == and !=, not '{op}'", tree, advice)
            same = len(left) == len(right) and all(
                None in both or both[0] == both[1] for both in zip(left, right, strict=True)
            )
            return Compared(tree, left, op, right, same is (op == "=="))
        if any(isinstance(side, Axes) for side in pair):
            left, right = self._on_axes(left, right, tree)
            holds = all(COMPARISONS[op](*both) for both in zip(left, right, strict=True))
            if op == "!=":
                holds = left != right
            return Compared(tree, left, op, right, holds)
        return Compared(tree, left, op, right, bool(evaluate(tree, self)))

    def _on_axes(self, left: Any, right: Any, tree: nodes.Chain) -> tuple[Axes, Axes]:
        """Both sides of a comparison with a field, a number an axis. Raises EvaluationError."""
        count = max(len(side) for side in (left, right) if isinstance(side, Axes))
        sides = []
        for side, at in ((left, tree.first), (right, tree.rest[0][1])):
            if isinstance(side, int | Fraction) and not isinstance(side, bool):
                sides.append(Axes([side] * count))
            elif isinstance(side, Axes | Size) and len(side) == count and not (set(map(type, side)) - {int, Fraction}):
                sides.append(Axes(side))
            else:
                what = how_many(len(side), "number") if isinstance(side, Axes | Size) else describe(side)
                numbers = how_many(count, "number")
                raise EvaluationError(f"a field has {numbers} here, or one for all axes, not {what}", at)
        return sides[0], sides[1]

    # --- values -------------------------------------------------------------------------------------

    def value(self, tree: nodes.Expr) -> Any:
        """The value of one side: a measure as it is, or what an expression with measures comes to."""
        found = measure_of(tree)
        return evaluate(tree, self) if found is None else self.measured(*found)

    def measured(self, measure: str, name: str | None) -> Value:
        """The value of a measure. Raises UnknownMeasure, saying of what."""
        try:
            value = self.asked[measure, name] = self.measurements(measure, name)
        except UnknownMeasure as unknown:
            raise UnknownMeasure(f"{written(measure, name)}: {unknown.reason}" if unknown.reason else "") from None
        return value

    def as_shape(self, value: Any, tree: nodes.Expr) -> tuple[int | None, ...]:
        """A side of a comparison of shapes, channels first: a shape as it is, a size by the layout. Raises
        EvaluationError.
        """
        if type(value) is tuple:
            return value
        items = value if isinstance(value, Size) else (value,)
        for item in items:
            if item is not None and (isinstance(item, bool) or not isinstance(item, int) or item < 1):
                raise EvaluationError(f"a shape has whole numbers over 0, not {describe(item)}", tree)
        return channels_first(items, self.network.layout)

    # --- what is said -------------------------------------------------------------------------------

    def failure(self, tree: nodes.Expr, place: Span, message: str | None) -> Diagnostic:
        """The error of a requirement that does not hold."""
        short = [self.shortfall(compared) for compared in self.failed]
        said = "; ".join(one.message for one in short)
        if not said:
            values = [Operand(written(*key), value, *key).said(self.measurements) for key, value in self.asked.items()]
            said = ": ".join(filter(None, ("it does not hold", ", ".join(values))))
        notes = [f"{one.written}: {note}" if len(short) > 1 else note for one in short for note in one.notes]
        return Diagnostic(ERROR, "requirement-failed", said, place, message, tuple(dict.fromkeys(notes)))

    def shortfall(self, compared: Compared) -> Shortfall:
        """By how much one comparison fails."""
        chain, left, op, right, _ = compared
        side = chain.first
        if not measures_in(side) and measures_in(chain.rest[0][1]):
            left, right, side = right, left, chain.rest[0][1]
            op = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
        found = measure_of(side)
        if found is not None:
            return shortfall(Operand(written(*found), left, *found), op, right, self.measurements)
        span = self.requirement.span
        text = span.source.line(span.line)[span.column - 1 :][side.start : side.end]
        inside = set(measures_in(side))
        measure, name = inside.pop() if len(inside) == 1 else (None, None)
        shown = "" if isinstance(side, nodes.Num) else text
        return shortfall(Operand(shown, left, measure, name, True), op, right, self.measurements)

    # --- the environment of expressions -------------------------------------------------------------

    def variable(self, node: nodes.Name) -> Any:
        """The value of a top-level variable, or of a measure."""
        if node.id in WORDS:
            return self.call(node)
        value = self.variables.get(node.id)
        if node.id not in self.variables or not isinstance(value, int | Fraction | tuple | str):
            raise UnknownMeasure("")  # its line failed, and that is reported
        return value

    def call(self, node: nodes.Name | nodes.FunctionCall) -> int | Fraction:
        """The number that a measure is where it is calculated with. Raises UnknownMeasure, EvaluationError."""
        measure, name = measure_of(node) or ("", None)
        value = self.measured(measure, name)
        if isinstance(value, Axes) and len(set(value)) == 1:
            value = value[0]
        if isinstance(value, tuple):
            takes = "is a number for every axis" if isinstance(value, Axes) else "is a shape"
            raise EvaluationError(f"'{measure}' {takes}: compare it as it is", node)
        return value

    def check_word(self, node: nodes.Name) -> None:
        """Words of variables may be compared as they are."""

    def tensor(self, node: nodes.Ref | nodes.Name) -> NoReturn:
        """No tensor enters a requirement: the check of its names says so first."""
        raise EvaluationError("no tensor enters a requirement", node)

    dimension = tensor
