"""Polynomials worked out for many candidates at once, as arrays: exact, in 64 bits where these do, else in Python's
whole numbers.

Columns are arrays that broadcast against each other: one axis of the array for each axis of the space, or all of them
in one for scattered candidates. What depends on few axes is worked out over these only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from .polynomials import (
    ABSOLUTE,
    BITS,
    COLUMN,
    DIVISOR,
    LESS,
    MAXIMUM,
    MINIMUM,
    QUOTIENT,
    SMALL,
    SUM,
    Expressions,
    Monomial,
    Polynomial,
)

Array: TypeAlias = "np.ndarray[Any, Any]"
#: Terms that are left of a sum: what is multiplied, and by what.
_Terms: TypeAlias = "list[tuple[Monomial, int]]"

_DIVIDED = np.frompyfunc(lambda left, right: left // right if right else 0, 2, 1)
_LENGTH = np.frompyfunc(lambda one: int(one).bit_length(), 1, 1)
#: Elements of products of atoms that are kept for the next sum.
_KEPT = 4096


class Arrays:
    """The values of polynomials for the candidates that `columns` say: the values of each, as broadcasting arrays."""

    def __init__(self, expressions: Expressions, columns: Sequence[Array]) -> None:
        self.expressions = expressions
        self._columns = columns
        self._atoms: dict[int, Array] = {}
        self._products: dict[Monomial, Array] = {}
        self._splits: dict[tuple[int, Monomial], tuple[Monomial, Monomial]] = {}

    def value(self, one: Polynomial) -> Array:
        """The values of a polynomial, as an array of as many axes as the columns have."""
        terms = list(one.terms.items())
        small = one.small and all(self._atom(number).dtype != object for monomial in one.terms for number in monomial)
        made = self._sum(terms, np.int64 if small else object)
        if not small and (one.low > -SMALL and one.high < SMALL):
            made = np.asarray(made).astype(np.int64)
        return np.asarray(made)

    # --- sums ---------------------------------------------------------------------------------------

    def _sum(self, terms: _Terms, kind: Any) -> Any:
        """The sum of terms: those with the same factors along an axis are added up before they are multiplied by them.

        The axis is the one along which there are fewest different factors.
        """
        axes = self._axes_of(terms)
        if not axes:
            return sum(coefficient for _, coefficient in terms)
        if len(terms) == 1:
            monomial, coefficient = terms[0]
            product = self._product(monomial, kind)
            return product if coefficient == 1 else product * coefficient
        best: dict[Monomial, _Terms] | None = None
        for axis in (axis for axis in range(axes.bit_length()) if axes >> axis & 1):
            groups: dict[Monomial, _Terms] = {}
            for monomial, coefficient in terms:
                along, rest = self._split(monomial, axis)
                groups.setdefault(along, []).append((rest, coefficient))
            if best is None or len(groups) < len(best):
                best = groups
        assert best is not None
        parts = []
        for along, inner in best.items():
            value = self._sum(inner, kind)
            parts.append(self._product(along, kind) * value if along else value)
        parts.sort(key=lambda part: getattr(part, "size", 0))
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return total

    def _axes_of(self, terms: _Terms) -> int:
        atoms, axes = self.expressions.atoms, 0
        for monomial, _ in terms:
            for number in monomial:
                axes |= atoms[number].axes
        return axes

    def _split(self, monomial: Monomial, axis: int) -> tuple[Monomial, Monomial]:
        """The factors of a product that hang together along an axis, over whatever others; and the rest."""
        key = (axis, monomial)
        found = self._splits.get(key)
        if found is None:
            atoms, joined, before = self.expressions.atoms, 1 << axis, 0
            while joined != before:
                before = joined
                for number in monomial:
                    if atoms[number].axes & joined:
                        joined |= atoms[number].axes
            along = tuple([number for number in monomial if atoms[number].axes & joined])
            rest = tuple([number for number in monomial if not atoms[number].axes & joined])
            found = self._splits[key] = (along, rest)
        return found

    def _product(self, monomial: Monomial, kind: Any) -> Array:
        found = self._products.get(monomial)
        if found is None or (kind is object and found.dtype != object):
            parts = sorted([self._atom(number) for number in monomial], key=lambda part: part.size)
            if kind is object:
                parts = [part.astype(object) for part in parts]
            found = parts[0]
            for part in parts[1:]:
                found = found * part
            if found.size <= _KEPT:
                self._products[monomial] = found
        return found

    # --- atoms --------------------------------------------------------------------------------------

    def _atom(self, number: int) -> Array:
        """The values of an atom; those that it is made of are worked out before, without recursion over a chain."""
        found = self._atoms.get(number)
        if found is not None:
            return found
        atoms, work = self.expressions.atoms, [number]
        while work:
            top = work[-1]
            if top in self._atoms:
                work.pop()
                continue
            atom = atoms[top]
            missing = {
                inner for one in atom.operands for monomial in one.terms for inner in monomial
                if inner not in self._atoms
            }  # fmt: skip
            if missing:
                work.extend(sorted(missing))
                continue
            made = self._columns[atom.column] if atom.operation == COLUMN else self._worked_out(atom)
            low, high = atom.bounds
            if made.dtype == object and (low > -SMALL and high < SMALL):
                made = made.astype(np.int64)
            self._atoms[top] = made
            work.pop()
        return self._atoms[number]

    def _worked_out(self, atom: Any) -> Array:
        operation, operands = atom.operation, atom.operands
        if operation in _FOLDS:
            fold, total = _FOLDS[operation], self.value(operands[0])
            for one in operands[1:]:
                total = np.asarray(fold(total, self.value(one)))
            return total
        return np.asarray(_OPERATIONS[operation](*[self.value(one) for one in operands]))


_FOLDS: dict[str, Callable[[Array, Array], Any]] = {MAXIMUM: np.maximum, MINIMUM: np.minimum}


def _quotient(left: Array, right: Array) -> Array:
    """``left // right``; 0 where the divisor is 0, for what is no candidate of these."""
    if object in (left.dtype, right.dtype):
        return np.asarray(_DIVIDED(left.astype(object), right.astype(object)), dtype=object)
    if right.ndim == 0 or right.size == 1:
        divisor = int(right.reshape(-1)[0]) if right.size == 1 else 0
        if divisor > 0 and divisor & (divisor - 1) == 0:
            return left >> (divisor.bit_length() - 1)
    with np.errstate(divide="ignore"):
        return np.asarray(left // right)


_OPERATIONS: dict[str, Callable[..., Any]] = {
    SUM: lambda one: one,
    LESS: lambda one: (one < 0).astype(np.int64),
    ABSOLUTE: np.abs,
    BITS: lambda one: _LENGTH(one.astype(object)),
    QUOTIENT: _quotient,
    DIVISOR: np.gcd,
}
