"""The numbers of candidates: for all of a group as arrays, as Python's, and what tells equal networks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from hashlib import blake2b
from typing import Any

import numpy as np

from ..values import is_traced
from .arrays import Array
from .groups import Group
from .polynomials import Polynomial
from .ratio import TracedRatio, settled
from .summary import CandidateRow

#: Networks whose numbers are held at once to tell equal ones.
_HASHED = 1_000


def numbers_of(group: Group, value: Any) -> Array | None:
    """The values of a number for all of a group, of a field the smallest of its axes; None where it is not known."""
    value = settled(value)
    if value is None:
        return None
    if type(value) is TracedRatio:
        top, bottom = numbers_of(group, value.top), numbers_of(group, value.bottom)
        assert top is not None
        assert bottom is not None
        return np.array([Fraction(int(one), int(other)) for one, other in zip(top, bottom, strict=True)], dtype=object)
    if is_traced(value):
        polynomial: Polynomial = value.polynomial
        return group.values(polynomial)
    if isinstance(value, tuple):
        parts = [numbers_of(group, one) for one in value]
        known = [part for part in parts if part is not None]
        return np.minimum.reduce(known) if known else None
    kind = np.int64 if isinstance(value, int) and abs(value) < 1 << 62 else object
    return np.full(len(group.indices), value, dtype=kind)


def exact(group: Group, value: Any) -> list[Any]:
    """The same as Python's numbers, one a candidate; of a field and a shape a tuple."""
    if value is None:
        return [None] * len(group.indices)
    if not is_traced(value) and isinstance(value, tuple):  # whether a ratio is whole would be decided for all
        parts = [exact(group, one) for one in value]
        return list(zip(*parts, strict=True)) if parts else [()] * len(group.indices)
    numbers = numbers_of(group, value)
    assert numbers is not None
    return [plain(number) for number in numbers]


def plain(value: Any) -> Any:
    """A number of an array as Python's."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else value
    return int(value)


def digests(group: Group) -> list[str]:
    """What each candidate of a group is but for its settings: equal for equal networks, of whatever groups."""
    answer = group.answer
    structure = blake2b(repr(answer.structure).encode(), digest_size=8).digest()
    places: dict[Any, int] = {}
    order = [places.setdefault(_key(number), len(places)) for number in answer.numbers]
    different = dict(zip(order, answer.numbers, strict=True))
    columns = [numbers_of(group, different[place]) for place in range(len(places))]
    found = []
    for start in range(0, len(group.indices), _HASHED):
        part = [column[start : start + _HASHED] for column in columns if column is not None]
        size = len(group.indices[start : start + _HASHED])
        if any(column.dtype == object for column in part):
            lines = [[str(column[row]) for column in part] for row in range(size)]
            texts = [",".join(line[place] for place in order).encode() for line in lines]
        elif part:
            texts = [",".join(map(str, row)).encode() for row in np.stack(part, axis=1)[:, order].tolist()]
        else:
            texts = [b""] * size
        found += [blake2b(structure + text, digest_size=12).hexdigest() for text in texts]
    return found


def _key(value: Any) -> Any:
    return ("traced", value.polynomial.number) if is_traced(value) else value


def like(group: Group, rows: Sequence[CandidateRow]) -> Array:
    """Which candidates of a group have the values of one of some rows, as far as whole numbers tell."""
    found = np.ones(len(group.indices), dtype=bool)
    for place, value in enumerate(group.answer.values):
        wanted = [row.values[place] for row in rows]
        numbers = None if isinstance(value, tuple) else numbers_of(group, value)
        if numbers is not None and numbers.dtype != object:
            found &= np.isin(numbers, [one for one in wanted if isinstance(one, int) and abs(one) < 1 << 63])
    return found
