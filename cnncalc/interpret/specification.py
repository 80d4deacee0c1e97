"""What the text of a spec says besides its network: requirements, expectations, blanks, variables, `allow` comments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from ..diagnostics import EXPECTATION_FAILED, NOT_JUDGED, NOTE, Diagnostic, Span
from ..measures import WORDS
from ..network import Network
from ..records import Record
from ..spec import nodes
from ..spec.trees import operands
from ..spec.words import FUNCTIONS, is_blank
from ..values import Shape
from .faults import Faults, did_you_mean

#: A column of a line of a file: equal for the same one, however often it runs.
_Spot: TypeAlias = "tuple[int, int, int]"
#: What is wrong in a requirement: where, the message, and what may be meant.
_Wrong: TypeAlias = "tuple[nodes.Expr, str, str | None]"
#: The code of a name in a requirement that means nothing: the numbers of the network are as they are.
UNKNOWN_MEASURE = "unknown-measure"


class Requirement(Record):
    """A ``require`` line, to be judged by `cnncalc check`."""

    node: nodes.Require
    span: Span

    @property
    def blank(self) -> bool:
        """Whether its answer is still to be given: ``require params == ____``."""
        work: list[nodes.Expr] = [self.node.condition]
        while work:
            tree = work.pop()
            if isinstance(tree, nodes.Name) and is_blank(tree.id):
                return True
            work += operands(tree)
        return False

    @property
    def equation(self) -> bool:
        """Whether it says what something is, and not in what bounds."""
        condition = self.node.condition
        return isinstance(condition, nodes.Chain) and condition.rest[0][0] == "=="

    def place(self, tree: nodes.Expr) -> Span:
        """Where a part of it stands."""
        start = self.span.column
        return self.span._replace(column=start + tree.start, end_column=start + max(tree.end, tree.start + 1))


class Outcome(Record):
    """What became of one ``-> SHAPE``: of its first run that is not as expected, else of its first run."""

    span: Span
    #: Whether it says the same at whatever values of the variables.
    constant: bool
    got: Shape | None
    ok: bool


class Specification:
    """What the interpreter keeps of a spec for those that ask about more than the network."""

    def __init__(
        self, variables: Mapping[str, object], library: bool, allows: Callable[[Diagnostic], bool],
        program: nodes.Program | None = None, overridden: bool = False,
    ) -> None:  # fmt: skip
        #: The values of its top-level variables.
        self.variables = variables
        #: Blocks only, to be used by other files, and all that it says is understood.
        self.library = library
        #: Whether an ``# allow:`` comment silences a diagnostic.
        self.allows = allows
        #: The syntax tree of its file.
        self.program = program
        #: Whether the network is at other values than the file's own.
        self.overridden = overridden
        #: The real paths of the files that it uses.
        self.files: Sequence[str] = ()
        #: The spec that it was read from, and the inputs and settings that were given; None for what is made otherwise.
        self.reading: tuple[Any, Mapping[Any, Any], Mapping[str, Any]] | None = None
        self.requirements: list[Requirement] = []
        #: The blanks, ``-> ____``, of lines that run, each once.
        self.blanks: list[Span] = []
        #: Whether all that it says is understood; None while that is not known yet.
        self.understood: bool | None = None
        #: An operator that does not say its shape, behind which an arrow stands.
        self.unsaid: str | None = None
        #: What became of each ``->`` that was reached, by its file, line and column.
        self.expectations: dict[_Spot, Outcome] = {}
        #: The errors of those with expressions that do not hold at other values than the file's own.
        self.failures = Faults()
        #: Gives what became of each at the file's own values.
        self.at_own_values: Callable[[], Mapping[_Spot, Outcome]] = dict

    def read_from(
        self, files: Sequence[str], reading: tuple[Any, Mapping[Any, Any], Mapping[str, Any]],
        at_own_values: Callable[[], Mapping[_Spot, Outcome]],
    ) -> None:  # fmt: skip
        """Takes note of what it was read from, and of how to ask the same of it at its own values."""
        self.files, self.reading, self.at_own_values = files, reading, at_own_values

    def stops_at(self, operator: str) -> None:
        """Takes note of an operator that does not say its shape."""
        self.unsaid = operator

    def misread(self) -> None:
        """Takes note that something of it is not understood: who uses it cannot build on it."""
        self.library = False

    def conclude(self, understood: bool) -> None:
        """Takes note of whether all that it says is understood, once all of it has run."""
        self.understood = understood

    def forget(self) -> None:
        """Drops what it asks: lines of a text that is no spec ask nothing."""
        self.requirements.clear()
        self.blanks.clear()
        self.expectations.clear()

    @cached_property
    def _own(self) -> Mapping[_Spot, Outcome]:
        return self.at_own_values() if self.overridden else self.expectations

    def judges(self, spot: _Spot, outcome: Outcome) -> bool:
        """Whether what became of an arrow counts: one of plain numbers is judged only where the shape is the one that
        it has at the file's own values. None is where no shape is known though all is understood: behind an operator
        that does not say its own.
        """
        if outcome.got is None and self.understood:
            return False
        if not self.overridden or not outcome.constant:
            return True
        own = self._own.get(spot)
        return own is not None and own.got is not None and own.got == outcome.got

    @property
    def judged(self) -> list[Outcome]:
        """What became of the arrows that are judged."""
        return [outcome for spot, outcome in self.expectations.items() if self.judges(spot, outcome)]

    @property
    def not_judged(self) -> list[Outcome]:
        """What became of the others: they are of plain numbers, and the values are not the file's own, or no shape is
        known there.
        """
        return [outcome for spot, outcome in self.expectations.items() if not self.judges(spot, outcome)]

    def note(self) -> Diagnostic | None:
        """The one note on all arrows that are not judged; None where there are none."""
        return self._note(self.not_judged)

    def _note(self, left: Sequence[Outcome]) -> Diagnostic | None:
        """The one note on arrows that are `left` unjudged."""
        unsaid = [outcome for outcome in left if outcome.got is None and self.understood]
        others = len(left) - len(unsaid)
        if not left:
            return None
        said, help = [], "one with variables, such as '-> (C, size, size)', is judged at any"
        if others:
            known = any(outcome.got is not None for outcome in self._own.values())
            reason = "the file's own values are others" if known else "at the file's own values no shape is known"
            said.append(f"{_expectations(others)} of plain numbers not judged: {reason}")
        if unsaid:
            said.append(f"{_expectations(len(unsaid))} not judged: the shape that '{self.unsaid}' gives is not said")
            help = help if others else f"say it in its line: '{self.unsaid} shape=64x28x28'"
        return Diagnostic(NOTE, NOT_JUDGED, "; ".join(said), left[0].span, help)

    def remark(self) -> Diagnostic | None:
        """The same for those who do not judge: one note, where any arrow does not hold at these values, or no shape is
        known.
        """
        if not self.overridden:
            return self.note()
        wrong = [outcome for outcome in self.expectations.values() if outcome.got is not None and not outcome.ok]
        failed = [outcome for outcome in wrong if not outcome.constant]
        left = self.not_judged if len(wrong) > len(failed) else []
        note = self._note(left or [outcome for outcome in self.not_judged if outcome.got is None and self.understood])
        if not failed:
            return note
        fails = f"with variables {'does' if len(failed) == 1 else 'do'} not hold"
        if note is not None:
            return note._replace(message=f"{note.message}; {len(failed)} {fails}")
        message = f"{_expectations(len(failed))} {fails} at these values"
        return Diagnostic(NOTE, EXPECTATION_FAILED, message, failed[0].span, "a check works it out")


def _expectations(count: int) -> str:
    return f"{count:,} expectations" if count > 1 else "1 expectation"


def specification(network: Network) -> Specification:
    """What the spec of `network` says besides; of a network that has no spec, nothing."""
    notes = network.notes
    return notes if isinstance(notes, Specification) else Specification({}, False, lambda diagnostic: False)


def of_requirement(one: Diagnostic) -> bool:
    """Whether a fault is of a `require` line that cannot be understood: the network is as it is without it."""
    return one.code == UNKNOWN_MEASURE or (one.code == "syntax" and one.statement == "require")


def check_names(specification: Specification, parts: Collection[str], faults: Faults) -> None:
    """Reports names in requirements that mean nothing; `parts` are the names of lines, stages and heads."""
    for requirement in specification.requirements:
        for tree, message, help in wrong_names(requirement.node.condition, specification.variables, parts):
            faults.error(UNKNOWN_MEASURE, message, requirement.place(tree), help)


def wrong_names(tree: nodes.Expr, variables: Collection[str], parts: Collection[str]) -> Iterator[_Wrong]:
    """The names in a requirement that mean nothing; `parts` are the names of lines, stages and heads."""
    if isinstance(tree, nodes.Name):
        known = [*WORDS, *variables]
        if tree.id not in known and not is_blank(tree.id):
            yield tree, f"unknown name '{tree.id}'", did_you_mean(tree.id, known) or f"measures: {', '.join(WORDS)}"
    elif isinstance(tree, nodes.FunctionCall):
        yield from _wrong_call(tree, variables, parts)
    elif isinstance(tree, nodes.Ref):
        yield tree, "a requirement names tensors without '@'", f"write 'output({tree.name})'"
    else:
        for child in operands(tree):
            yield from wrong_names(child, variables, parts)


def _wrong_call(tree: nodes.FunctionCall, variables: Collection[str], parts: Collection[str]) -> Iterator[_Wrong]:
    if tree.function in FUNCTIONS:
        for child in tree.args:
            yield from wrong_names(child, variables, parts)
    elif tree.function not in WORDS:
        known = [*WORDS, *FUNCTIONS]
        help = did_you_mean(tree.function, known) or f"measures: {', '.join(WORDS)}"
        yield tree, f"unknown measure '{tree.function}'", help
    elif len(tree.args) != 1 or not isinstance(tree.args[0], nodes.Name):
        yield tree, f"'{tree.function}(…)' takes one name of a line or a stage", None
    elif tree.args[0].id not in parts:
        name = tree.args[0].id
        yield tree.args[0], f"no line, stage or head is called '{name}'", did_you_mean(name, parts)
