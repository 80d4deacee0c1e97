"""The document of `cnncalc sweep`: the best or the front as a table, what cannot be, and what stops the next one up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ...document import figures
from ...document.parts import Document, Fact, Facts, Part, Sentences, Title
from ...document.sheets import NUMBER, TEXT, Column, Sheet, texts
from ...measure.measurements import Axes
from ...values import Size, spell, times
from ...variants.result import Hindrance, Stopped
from .facts import SweepFacts, is_bytes, sizes, spelled_out, turned

#: Causes that are shown.
_MOST_CAUSES = 5
#: How a number is to a limit that it does not meet.
_OVER = {"<": "is not under", "<=": "is over", ">": "is not over", ">=": "is under", "==": "is not", "!=": "is"}


def document(facts: SweepFacts, advice: str) -> Document:
    """The document. `advice` says what has all causes."""
    return Document(
        lambda medium: _parts(facts, advice), lambda: _data(facts), lambda: _records(facts), facts.diagnostics
    )


def _parts(facts: SweepFacts, advice: str) -> Iterator[Part]:
    result = facts.result
    yield Title(facts.model or facts.file, sizes(result))
    yield Sentences([_counts(facts)])
    if result.rows:
        yield _sheet(facts, people=True)
    if result.stopped is not None:
        yield Sentences(list(stopped(result.stopped, facts)))
    if result.causes:
        yield Facts(
            [Fact(_share(cause.many, result.candidates), [_cause(cause)]) for cause in result.causes[:_MOST_CAUSES]]
        )
        more = sum(cause.many for cause in result.causes[_MOST_CAUSES:])
        if more:
            yield Sentences([f"and {more:,} candidates for other reasons: {advice}"])


def _counts(facts: SweepFacts) -> str:
    """``62 candidates: 60 are networks, 12 of them are kept; the 5 with the fewest macs:``."""
    result = facts.result
    parts = []
    if result.possible < result.candidates:
        parts.append(f"{result.possible:,} of {result.candidates:,} are networks")
    if result.kept < result.possible:
        parts.append(f"{result.kept:,} of {result.possible:,} networks meet {facts.conditions}")
    shown = len(result.rows)
    if shown:
        if facts.front:
            parts.append(f"{figures.quantity(shown, 'network')} on the front: {facts.goal}")
        else:
            order = f", {facts.goal} first" if facts.goal else ""
            parts.append(f"{figures.quantity(shown, 'network')} shown{order}")
    return "; ".join(parts) if parts else "nothing is left"


def _share(many: int, total: int) -> str:
    return figures.share(Fraction(many, total)) if total else ""


def _cause(cause: Any) -> str:
    place = f"fail at line {cause.line}: " if cause.line is not None else "fail: "
    example = " (one of them)" if cause.many > 1 and any(map(str.isdigit, cause.message)) else ""
    return f"{place}{cause.message}{example}"


# --- the table --------------------------------------------------------------------------------------


def _sheet(facts: SweepFacts, people: bool) -> Sheet:
    result = facts.result
    columns = [Column(name, name, _sort(facts, name), show=_shown) for name in result.variables]
    columns += [Column(name, _heading(name), NUMBER, show=_shown) for name in result.measures]
    rows = [[turned(name, row[name], facts) for name in (*result.variables, *result.measures)] for row in result.rows]
    if people and any(many > 1 for many in result.counts):
        columns.append(Column("settings", "settings", NUMBER, "that give this network", show=_shown))
        rows = [[*row, many] for row, many in zip(rows, result.counts, strict=True)]
    return texts(columns, rows)


def _records(facts: SweepFacts) -> Sheet:
    return _sheet(facts, people=False)


def _sort(facts: SweepFacts, name: str) -> str:
    axis = next(axis for axis in facts.result.prepared.task.axes if axis.name == name)
    return NUMBER if axis.numeric and not axis.is_input else TEXT


def _heading(name: str) -> str:
    return f"{name}, bytes" if is_bytes(name) else name


def _shown(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, Axes):
        return figures.axes(value)
    if isinstance(value, bool | Size | str):
        return spell(value)
    if isinstance(value, tuple):
        return figures.shape(value)
    return f"{value:,}" if isinstance(value, int) else spell(value)


# --- what stops the next one ------------------------------------------------------------------------


def stopped(one: Stopped, facts: SweepFacts) -> Iterator[str]:
    """``width=72 is stopped by peak <= 512KiB: peak 598,016 is over 524,288 by 73,728 (14.1 %)``."""
    settings = " ".join(f"{name}={times(turned(name, value, facts)) if isinstance(value, tuple) else spell(value)}"
                        for name, value in one.settings.items())  # fmt: skip
    if one.fault:
        yield f"the next, {settings}, is no network: {one.fault}"
    for hindrance in one.hindrances:
        yield f"the next, {settings}, is stopped by {_said(hindrance)}"


def _said(one: Hindrance) -> str:
    value, limit = _single(one.value), _single(one.limit)
    if value is None or limit is None:
        return one.text
    difference = abs(value - limit)
    share = f" ({figures.three_figures(Fraction(difference) * 100 / limit)} %)" if limit > 0 and difference else ""
    by = f" by {_shown(difference)}{share}" if difference else ""
    relation = _OVER["<=" if value > limit else ">="] if difference and one.op[0] in "<>" else _OVER[one.op]
    return f"{one.text}: {_shown(value)} {relation} {_shown(limit)}{by}"


def _single(value: Any) -> Any:
    """A number, of a field the smallest; None for anything else."""
    if isinstance(value, Axes) and value:
        return min(value)
    return value if isinstance(value, int | Fraction) and not isinstance(value, bool) else None


# --- JSON -------------------------------------------------------------------------------------------


def _data(facts: SweepFacts) -> dict[str, Any]:
    result = facts.result
    layout = facts.layout
    return {
        "version": 1, "command": "sweep", "file": facts.file, "model": facts.model, "variables": result.variables,
        "columns": result.measures, "space": result.space, "candidates": result.candidates,
        "possible": result.possible, "kept": result.kept,
        "rows": [{name: spelled_out(value, layout) for name, value in row.items()} for row in result.rows],
        "counts": result.counts,
        "causes": [{"count": cause.many, "message": cause.message, "line": cause.line, "code": cause.code}
                   for cause in result.causes],
        "stopped": None if result.stopped is None else _stopped_data(result.stopped, layout),
        "diagnostics": [diagnostic.to_dict() for diagnostic in facts.diagnostics],
    }  # fmt: skip


def _stopped_data(one: Stopped, layout: str) -> Mapping[str, Any]:
    return {
        "settings": {name: spelled_out(value, layout) for name, value in one.settings.items()},
        "conditions": [
            {"text": of.text, "value": spelled_out(of.value, layout), "limit": spelled_out(of.limit, layout)}
            for of in one.hindrances
        ],
        "message": one.fault or None,
    }
