"""What came of a sweep: rows, columns as arrays, causes, and what stops the next one up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..measure.measurements import Axes, Measurements, UnknownMeasure
from ..measure.result import analyze
from ..network import Network
from ..records import Record
from ..spec import EvaluationError, nodes
from ..spec.evaluation import COMPARISONS
from .asking import Asking, PreparedSweep
from .formulas import MeasureScope
from .running import SweepRun, Workers
from .summary import Cause, Summary
from .tracing import fault_of

#: Candidates among which the next one up is looked for by another walk through them.
_MOST_WALKED = 20_000_000


class Hindrance(Record):
    """A condition that a candidate does not meet: its text, and where it is a comparison both of its sides."""

    text: str
    value: Any = None
    op: str = ""
    limit: Any = None


class Stopped(Record):
    """The candidate next to the best: its settings, and what stops it: conditions, or a fault, for it is no network."""

    settings: Mapping[str, Any]
    hindrances: tuple[Hindrance, ...] = ()
    fault: str = ""


class SweepResult:
    """What came of a sweep. ``result["params"]`` is a column as an array, ``result.rows`` are all of them as dicts.

    `candidates` is how many were looked at, of `space`; `possible` how many of them are networks, `kept` how many of
    these meet the conditions. `stopped` says what stops the next one up, where one number is maximized or minimized.
    """

    def __init__(self, prepared: PreparedSweep, summary: Summary, stopped: Stopped | None = None) -> None:
        self.prepared = prepared
        self.stopped = stopped
        space = prepared.task.space
        self.space = space.size
        self.candidates, self.possible, self.kept = summary.candidates, summary.possible, summary.kept
        self.causes: list[Cause] = sorted(summary.causes.values(), key=lambda cause: (-cause.many, cause.first))
        self.variables = [axis.name for axis in space.axes]
        #: The names of the measures that are shown.
        self.measures = list(prepared.names[: prepared.columns])
        #: For each row how many settings give this very network.
        self.counts = [row.many for row in summary.rows]
        self.rows: list[dict[str, Any]] = [
            {**space.settings(row.first), **dict(zip(self.measures, map(_axes, row.values), strict=False))}
            for row in summary.rows
        ]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> Any:
        """A column as a NumPy array: whole numbers and doubles where they fit, else objects."""
        if name not in (*self.variables, *self.measures):
            raise KeyError(f"no column {name!r}: there are {', '.join((*self.variables, *self.measures))}")
        return self.columns[name]

    @cached_property
    def columns(self) -> dict[str, Any]:
        """All columns as NumPy arrays, by name."""
        names = (*self.variables, *self.measures)
        return {name: _array([row[name] for row in self.rows]) for name in names}

    def to_pandas(self) -> Any:
        """The rows as a pandas.DataFrame. Raises ImportError where pandas is not installed."""
        import pandas

        return pandas.DataFrame({name: list(values) for name, values in self.columns.items()})

    def __repr__(self) -> str:
        return f"<SweepResult: {self.kept:,} of {self.candidates:,} kept, {len(self.rows):,} rows>"


def _axes(value: Any) -> Any:
    """A field as numbers of axes."""
    return Axes(value) if isinstance(value, tuple) else value


def _array(values: Sequence[Any]) -> Any:
    import numpy as np

    kinds = set(map(type, values))
    if kinds == {int} and all(abs(value) < 1 << 63 for value in values):
        return np.array(values, dtype=np.int64)
    if kinds and kinds <= {int, Fraction}:
        return np.array([float(value) for value in values]) if Fraction in kinds else np.array(values, dtype=object)
    if kinds and all(issubclass(kind, str) for kind in kinds):
        return np.array([str(value) for value in values])
    made = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        even = isinstance(value, Axes | tuple) and len(set(value)) == 1 and isinstance(value, Axes)
        made[place] = value[0] if even else value
    return made


# --- what stops the next one ------------------------------------------------------------------------


def what_stops(asking: Asking, prepared: PreparedSweep, summary: Summary) -> Stopped | None:
    """What stops the candidate next to the best, where one number is maximized or minimized; None where nothing is
    known to.
    """
    task = prepared.task
    wanted = task.wanted
    if wanted.front or len(wanted.goals) != 1 or not summary.rows:
        return None
    goal, best, space = wanted.goals[0], task.space.settings(summary.rows[0].first), task.space
    if goal.axis >= 0:
        axis = space.numeric[goal.axis]
        own = best[axis.name]
        beyond = sorted(value for value in axis.values if (value > own if goal.more else value < own))
        if not beyond:
            return None
        return _stopped(asking, {**best, axis.name: beyond[0] if goal.more else beyond[-1]})
    found = _next_by_measure(prepared, summary)
    return None if found is None else _stopped(asking, found)


def _next_by_measure(prepared: PreparedSweep, summary: Summary) -> dict[str, Any] | None:
    """The settings of the candidate that is next better than the best, whatever the conditions; None of no such."""
    task = prepared.task
    if task.space.size > _MOST_WALKED or task.sample is not None:
        return None
    goal = task.wanted.goals[0]
    measure, name = task.question.measures[goal.measure]
    limit = summary.rows[0].rank[0]
    left: nodes.Expr = nodes.Name(measure, 0, 1)
    if name is not None:
        left = nodes.FunctionCall(measure, (nodes.Name(name, 0, 1),), 0, 1)
    tree = nodes.Chain(left, ((">" if goal.more else "<", nodes.Num(-limit if goal.more else limit, 0, 1)),), 0, 1)
    question = task.question._replace(conditions=(tree,), required=False)
    turned = goal._replace(more=not goal.more)
    again = task._replace(question=question, wanted=task.wanted._replace(most=1, goals=(turned,)))
    rows = SweepRun(again).best(Workers()).rows
    return task.space.settings(rows[0].first) if rows else None


def _stopped(asking: Asking, settings: dict[str, Any]) -> Stopped | None:
    network = asking.at(settings)
    fault = fault_of(network.diagnostics)
    if fault is not None:
        return Stopped(settings, fault=fault.message)
    found = hindrances(asking, network, settings)
    return Stopped(settings, tuple(found)) if found else None


def hindrances(asking: Asking, network: Network, settings: Mapping[str, Any]) -> list[Hindrance]:
    """The conditions that a network does not meet."""
    from ..interpret.specification import specification

    request, spec = asking.request, specification(network)
    measurements = Measurements(analyze(network, batch=request.batch, dtype=request.dtype, execution=request.execution))
    scope = MeasureScope(measurements, {**spec.variables, **settings})
    texts = [(asking.parsed("where", request.where), request.where)] if request.where else []
    if request.required:
        texts += [
            (requirement.node.condition, requirement.node.text)
            for requirement in spec.requirements
            if not requirement.blank
        ]
    found = (hindrance for tree, text in texts for hindrance in _failing(scope, tree, text.strip(), tree.start))
    return list(dict.fromkeys(found))


def _failing(scope: MeasureScope, tree: nodes.Expr, text: str, start: int) -> list[Hindrance]:
    """What is not met of a condition, or of a part of it: `text` is the whole one, which begins at column `start`."""
    if isinstance(tree, nodes.Chain) and tree.rest[0][0] == "and":
        return [
            hindrance
            for side in (tree.first, *[operand for _, operand in tree.rest])
            for hindrance in _failing(scope, side, text, start)
        ]
    try:
        if scope.formula(tree):
            return []
        own = text[tree.start - start : tree.end - start].strip() or text
        if isinstance(tree, nodes.Chain) and tree.rest[0][0] in COMPARISONS:
            op, right = tree.rest[0]
            return [Hindrance(own, scope.value(tree.first), op, scope.value(right))]
        return [Hindrance(own)]
    except (EvaluationError, UnknownMeasure):
        return [Hindrance(text)]
