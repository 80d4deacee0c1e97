"""From what a user asks of the variants of a spec to a task."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from .. import __version__
from ..diagnostics import INPUT, Source, SpecError
from ..interpret.build import Spec, build
from ..interpret.overrides import setting
from ..interpret.specification import specification, wrong_names
from ..measures import WORDS
from ..network import Network
from ..records import Record
from ..spec import nodes
from ..spec.expressions import value as parse_value
from ..spec.symbols import inputs as program_inputs
from ..spec.symbols import variables as program_variables
from ..spec.trees import operands
from ..spec.words import Fault
from .chunks import Goal, Wanted
from .formulas import is_number, measure_of
from .ranges import shapes_of, values_of
from .space import MOST_CANDIDATES, MOST_WALKED, Axis, Space
from .task import Task, files_of, folder_of
from .tracing import SweepQuestion, fault_of

#: What is shown where nothing says what.
COLUMNS = ("params", "macs", "peak")
#: What is better the more there is of it, where a front does not say.
_MORE = ("field",)
#: What a front says of a number: that less of it is better, or more.
_WAYS = "min max".split()


class AskError(ValueError):
    """Something asked that cannot be: of which option or argument, what is wrong, and what to write."""

    def __init__(self, about: str, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.about = about
        self.help = help


class SweepRequest(Record):
    """What is asked. Names are measures, of the model or of a part (``params(stem)``), and what is varied."""

    vary: Mapping[str, Any]
    where: str | None = None
    minimize: str | None = None
    maximize: str | None = None
    pareto: tuple[str, ...] = ()
    columns: tuple[str, ...] | None = None
    top: int | None = 20
    required: bool = True
    sample: int | None = None
    seed: int = 0
    batch: int = 1
    dtype: Any = None
    execution: str = "eager"


class PreparedSweep(Record):
    """A task, and the names of its measures: those that are columns come first."""

    task: Task
    names: tuple[str, ...]
    columns: int
    network: Network
    request: SweepRequest


class Asking:
    """Understands a request of the variants of one file."""

    def __init__(
        self, source: Source, folder: Any, request: SweepRequest, settings: Mapping[str, Any],
        inputs: Mapping[Any, Any], max_layers: int, path: str,
    ) -> None:  # fmt: skip
        self.source = source
        self.request = request
        self.inputs = inputs
        self.max_layers = max_layers
        self.path = path
        self.is_spec = type(source) is Source
        self.settings = {
            name: setting(name, given) if isinstance(given, str) else given for name, given in settings.items()
        }
        if self.is_spec:
            self.held: dict[str, bytes] = {}
            self.folder = folder_of(folder)
            self.spec = Spec(source, files_of(self.folder, self.held), max_layers)
        self.measures: dict[str, tuple[str, str | None]] = {}

    @cached_property
    def network(self) -> Network:
        """The network at the first values of what is varied."""
        return self.at({axis.name: axis.values[0] for axis in self.axes})

    def at(self, settings: Mapping[str, Any]) -> Network:
        """The network of one candidate, by itself."""
        first = dict(settings)
        shapes: dict[Any, Any] = {axis.name: first.pop(axis.name) for axis in self.axes if axis.is_input}
        if not self.is_spec:
            return build(self.source, max_layers=self.max_layers, inputs=dict(self.inputs) | shapes)
        return self.spec.network(inputs=dict(self.inputs) | shapes, settings={**self.settings, **first}, checked=False)

    # --- what is varied -----------------------------------------------------------------------------

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The axes. Raises AskError, SpecError."""
        if not self.request.vary:
            raise AskError("vary", "nothing is varied", self._known_names() or "a spec's 'let' lines are what varies")
        return tuple([self._axis(name, given) for name, given in self.request.vary.items()])

    def _axis(self, name: str, given: Any) -> Axis:
        variables = (
            [variable for unit in self.spec.units for variable in program_variables(unit.program)]
            if self.is_spec
            else []
        )
        is_input = name not in variables and name in self._input_names()
        if not is_input and name not in variables:
            near = get_close_matches(name, [*variables, *self._input_names()], 1)
            raise AskError("vary", f"no top-level variable is called '{name}'",
                           f"did you mean '{near[0]}'?" if near else self._known_names())  # fmt: skip
        if is_input:
            layout = "chw" if not self.is_spec else self._layout
            values = shapes_of(name, given, layout) if isinstance(given, str) else tuple(
                shapes_of(name, one, layout)[0] if isinstance(one, str) else tuple(one) for one in given
            )  # fmt: skip
        else:
            values = values_of(name, given) if isinstance(given, str) else tuple(
                values_of(name, one)[0] if isinstance(one, str) else _exact(one) for one in given
            )  # fmt: skip
        if not values:
            raise AskError("vary", f"'{name}' has no values")
        return Axis(name, values, is_input)

    @cached_property
    def _layout(self) -> str:
        return self.spec.layout

    def _input_names(self) -> list[str]:
        if self.is_spec:
            return [name or INPUT for name, _ in program_inputs(self.spec.unit.program)] or [INPUT]
        return [node.name for node in build(self.source, max_layers=self.max_layers, inputs=self.inputs).inputs]

    def _known_names(self) -> str | None:
        names = (
            [variable for unit in self.spec.units for variable in program_variables(unit.program)]
            if self.is_spec
            else []
        )
        return f"it has: {', '.join(dict.fromkeys([*names, *self._input_names()]))}"

    def _look_at_the_file(self) -> None:
        """Raises SpecError for a file of which no network comes whatever its values are."""
        if not self.is_spec:
            return  # it is read for its inputs
        own = self.spec.network(inputs=self.inputs, settings=self.settings, checked=False)
        if self.spec.unread or (not own.nodes and fault_of(own.diagnostics) and not specification(own).library):
            raise SpecError(own.diagnostics)
        if specification(own).library:
            raise AskError("vary", f"{self.source.name} defines blocks only", "sweep a spec that takes them by 'use'")

    # --- what is asked ------------------------------------------------------------------------------

    def __call__(self) -> PreparedSweep:
        """The task. Raises AskError, RangeError; SpecError for a spec that cannot be read."""
        request = self.request
        self._look_at_the_file()
        space = Space(self.axes)
        if space.size > (MOST_CANDIDATES if request.sample is not None else MOST_WALKED):
            help = "take larger steps, or look at a sample of them"
            raise AskError("vary", f"{space.size:,} candidates are too many to walk through", help)
        conditions = (self._condition("where", request.where),) if request.where else ()
        goals = self._goals()
        for about, name, _ in goals:
            if not self._is_axis(name):
                self._number(about, name)
        for name in request.columns if request.columns is not None else self._usual(conditions):
            self._number("columns", name)
        count = len(self.measures)
        order = list(self.measures.values())
        found = [self._goal(order, about, name, more) for about, name, more in goals]
        question = SweepQuestion(
            tuple(order), conditions, request.required, request.batch, request.dtype, request.execution
        )
        wanted = Wanted(None if request.pareto else request.top, tuple(found), bool(request.pareto))
        task = Task(
            __version__, self.source.name, self.source.text if self.is_spec else "",
            self.folder if self.is_spec else "", dict(self.held) if self.is_spec else {}, self.axes,
            self.settings, dict(self.inputs), question, wanted, self.max_layers, request.sample, request.seed,
            None if self.is_spec else os.path.abspath(self.path),
        )  # fmt: skip
        return PreparedSweep(task, tuple(self.measures), count, self.network, request)

    def _usual(self, conditions: Sequence[nodes.Expr]) -> list[str]:
        """The columns where nothing says which: the usual ones, and those that conditions and goals are about."""
        names = [*COLUMNS, *[name for _, name, _ in self._goals() if not self._is_axis(name)]]
        work = list(conditions)
        while work:
            tree = work.pop()
            found = measure_of(tree, [axis.name for axis in self.axes])
            if found is not None:
                names.append(f"{found[0]}({found[1]})" if found[1] else found[0])
            else:
                work += operands(tree)
        return list(dict.fromkeys(name for name in names if not name.startswith("output")))

    def _goals(self) -> list[tuple[str, str, bool]]:
        request, found = self.request, list[tuple[str, str, bool]]()
        given = [name for name in ("minimize", "maximize", "pareto") if getattr(request, name)]
        if len(given) > 1:
            raise AskError(given[1], f"either {given[0]} or {given[1]}, not both")
        if request.minimize:
            found.append(("minimize", request.minimize.strip(), False))
        if request.maximize:
            found.append(("maximize", request.maximize.strip(), True))
        for word in request.pareto:
            name, _, way = (part.strip() for part in word.partition(":"))
            if way not in ("", *_WAYS):
                raise AskError("pareto", f"'{word}' is neither ':min' nor ':max'", f"write '{name}:max'")
            more = way == _WAYS[1] if way else self._is_axis(name) or name.partition("(")[0] in _MORE
            found.append(("pareto", name, more))
        return found

    def _goal(self, order: list[tuple[str, str | None]], about: str, name: str, more: bool) -> Goal:
        if self._is_axis(name):
            numeric = [axis.name for axis in self.axes if axis.numeric and not axis.is_input]
            if name not in numeric:
                raise AskError(about, f"'{name}' is no number: there is no least and no most of it")
            return Goal(axis=[axis.name for axis in self.axes if axis.numeric].index(name), more=more)
        measure = self._number(about, name)
        if measure not in order:
            order.append(measure)
        return Goal(measure=order.index(measure), more=more)

    def _is_axis(self, name: str) -> bool:
        return any(axis.name == name for axis in self.axes)

    def _number(self, about: str, name: str) -> tuple[str, str | None]:
        """The measure that a name says. Raises AskError."""
        if about == "columns" and self._is_axis(name):
            raise AskError(about, f"'{name}' is varied: its values are shown anyway", "leave it out")
        tree = self.parsed(about, name)
        found = measure_of(tree)
        if found is None or found[0] == "output":
            known = [*[word for word in WORDS if word != "output"], *[axis.name for axis in self.axes]]
            near = get_close_matches(name, known, 1)
            raise AskError(about, f"'{name}' is no measure and nothing that is varied",
                           f"did you mean '{near[0]}'?" if near else f"measures: {', '.join(known)}")  # fmt: skip
        self._check(about, tree)
        return self.measures.setdefault(name, found) if about == "columns" else found

    def parsed(self, about: str, text: str) -> nodes.Expr:
        """A text as an expression. Raises AskError."""
        try:
            return parse_value(text.strip(), 0, units=True)
        except Fault as error:
            raise AskError(about, f"'{text}': {error.message}", error.help) from None

    def _condition(self, about: str, text: str) -> nodes.Expr:
        tree = self.parsed(about, text)
        self._check(about, tree)
        numbers = [axis.name for axis in self.axes if axis.numeric]
        if is_number(tree, numbers):
            raise AskError(about, f"'{text.strip()}' is a number and no condition", "compare it: 'params <= 5M'")
        return tree

    def _check(self, about: str, tree: nodes.Expr) -> None:
        """Raises AskError for a name that means nothing."""
        variables = {*specification(self.network).variables, *[axis.name for axis in self.axes]}
        for _, message, help in wrong_names(tree, variables, self.network.extents):
            raise AskError(about, message, help)


def _exact(value: Any) -> Any:
    """A value from Python, exactly: a float as it is written."""
    from fractions import Fraction

    if isinstance(value, float):
        made = Fraction(repr(float(value)))
        return made.numerator if made.denominator == 1 else made
    index = getattr(value, "__index__", None)
    return value if isinstance(value, bool) or index is None else index()
