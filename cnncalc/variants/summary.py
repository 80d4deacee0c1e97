"""What is left of many candidates: counts, the best, the front, and the causes of what cannot be. Two can be joined.

What comes of the candidates of a space is the same however they are dealt out, and small, however many they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..records import Record

#: Rows that a front may have.
MOST_ON_FRONT = 10_000
#: Causes that are told apart.
MOST_CAUSES = 1_000


class CandidateRow(Record):
    """A network: the index of the first candidate that it is, how many are, and its values by column; by what it is
    ranked, and what it is but for its settings.
    """

    first: int
    many: int
    values: tuple[Any, ...]
    rank: tuple[Any, ...]
    digest: str


class Cause(Record):
    """Why no network comes out: of how many, the first of them, what is said of that, and where."""

    many: int
    first: int
    message: str
    line: int | None
    code: str


class Summary(Record):
    """Counts of candidates: all, those that a network comes out of, those that are wanted; rows in order; causes by
    what is the same in them. Equal networks that are not counted in the rows have a rank of `cut` or more; None where
    all are.
    """

    candidates: int = 0
    possible: int = 0
    kept: int = 0
    rows: tuple[CandidateRow, ...] = ()
    causes: dict[str, Cause] = {}  # noqa: RUF012 - a record is never changed
    cut: tuple[Any, ...] | None = None


def joined(summaries: Sequence[Summary], most: int | None, on_front: bool) -> Summary:
    """Several as one: at most so many rows (None: all of them); where only a front is wanted, that of all."""
    if len(summaries) == 1 and len(summaries[0].rows) <= (most or len(summaries[0].rows)):
        return summaries[0]
    causes: dict[str, Cause] = {}
    for summary in summaries:
        for key, cause in summary.causes.items():
            known = causes.get(key)
            if known is not None:
                first = min(known, cause, key=lambda one: one.first)
                causes[key] = first._replace(many=known.many + cause.many)
            elif len(causes) < MOST_CAUSES:
                causes[key] = cause
    rows = merged_rows([row for summary in summaries for row in summary.rows])
    cuts = [one.cut for one in summaries if one.cut is not None]
    if on_front:
        rows = on_front_of(rows)
    elif most is not None and len(rows) > most:
        cuts.append(rows[most].rank)
    return Summary(
        sum(one.candidates for one in summaries), sum(one.possible for one in summaries),
        sum(one.kept for one in summaries), tuple(rows if most is None else rows[:most]), causes,
        min(cuts, default=None),
    )  # fmt: skip


def merged_rows(rows: Sequence[CandidateRow]) -> list[CandidateRow]:
    """The rows in order, equal networks as one."""
    found: dict[str, CandidateRow] = {}
    for row in rows:
        known = found.get(row.digest)
        if known is not None:
            first = min(known, row, key=lambda one: (*one.rank, one.first))
            row = first._replace(many=known.many + row.many)
        found[row.digest] = row
    return sorted(found.values(), key=lambda row: (*row.rank, row.first))


def on_front_of(rows: Sequence[CandidateRow]) -> list[CandidateRow]:
    """Those of the rows that are on the front of all; their ranks are the numbers of which less is better."""
    import numpy as np

    from .fronts import front

    if not rows:
        return []
    kinds = {type(value) for row in rows for value in row.rank}
    small = kinds <= {int} and all(abs(value) < 1 << 62 for row in rows for value in row.rank)
    points = np.array([row.rank for row in rows], dtype=np.int64 if small else object)
    return [rows[place] for place in front(points)][:MOST_ON_FRONT]


# --- as JSON ----------------------------------------------------------------------------------------


def written(summary: Summary) -> dict[str, Any]:
    """A summary as JSON has it, exactly."""
    return {
        "candidates": summary.candidates, "possible": summary.possible, "kept": summary.kept,
        "rows": [[row.first, row.many, _written(row.values), _written(row.rank), row.digest] for row in summary.rows],
        "cut": None if summary.cut is None else _written(summary.cut),
        "causes": {key: list(cause) for key, cause in summary.causes.items()},
    }  # fmt: skip


def read(data: dict[str, Any]) -> Summary:
    """The same, read. Raises KeyError, TypeError, ValueError for what is none."""
    rows = [
        CandidateRow(index, count, _read(values), _read(rank), digest)
        for index, count, values, rank, digest in data["rows"]
    ]
    causes = {key: Cause(*cause) for key, cause in data["causes"].items()}
    cut = None if data["cut"] is None else _read(data["cut"])
    return Summary(data["candidates"], data["possible"], data["kept"], tuple(rows), causes, cut)


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    return f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_read(one) for one in value)
    return Fraction(value) if isinstance(value, str) else value
