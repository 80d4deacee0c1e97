"""Polynomials worked out for many candidates at once, as arrays: exact, in 64 bits where these do, else in Python's
whole numbers.

Columns are arrays that broadcast against each other: one axis of the array for each axis of the space, or all of them
in one for scattered candidates. What depends on few axes is worked out over these only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from .plans import Plans, ScaledProduct, SumTree
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
    Monomial,
    Polynomial,
)

Array: TypeAlias = "np.ndarray[Any, Any]"

_DIVIDED = np.frompyfunc(lambda left, right: left // right if right else 0, 2, 1)
_LENGTH = np.frompyfunc(lambda one: int(one).bit_length(), 1, 1)
#: Elements of what is kept for the next sum, beside atoms.
_KEPT = 4096


class Arrays:
    """The values of polynomials for the candidates that `columns` say: the values of each, as broadcasting arrays.

    What depends on one of the axes `same` is taken from `wider`, of more candidates that have the same places there.
    """

    def __init__(self, plans: Plans, columns: Sequence[Array], wider: Arrays | None = None, same: int = 0) -> None:
        self.plans = plans
        self.expressions = plans.expressions
        self._columns = columns
        self._wider, self._same = wider, same
        self._atoms: dict[int, Array] = {}
        self._values: dict[int, Array] = {}
        self._products: dict[Monomial, Array] = {}

    def value(self, one: Polynomial) -> Array:
        """The values of a polynomial, as an array of as many axes as the columns have."""
        found = self._values.get(one.number)
        if found is None:
            if self._is_shared(one.axes):
                assert self._wider is not None
                found = self._wider.value(one)
            else:
                found = self._evaluated(one)
            if found.size <= _KEPT:
                self._values[one.number] = found
        return found

    def _is_shared(self, axes: int) -> bool:
        return axes & self._same == axes and not axes & (axes - 1) and self._wider is not None

    def _evaluated(self, one: Polynomial) -> Array:
        plan = self.plans(one)
        small = one.small and all(self._atom(number).dtype != object for number in plan.atoms)
        made = np.asarray(self._sum(plan.tree, np.int64 if small else object))
        return made.astype(np.int64) if not small and (one.low > -SMALL and one.high < SMALL) else made

    # --- sums ---------------------------------------------------------------------------------------

    def _sum(self, tree: SumTree, kind: Any) -> Any:
        if isinstance(tree, int):
            return tree
        if isinstance(tree, ScaledProduct):
            product = self._product(tree.monomial, kind)
            return product if tree.coefficient == 1 else product * tree.coefficient
        parts = []
        for along, inner in tree.parts:
            value = self._sum(inner, kind)
            parts.append(self._product(along, kind) * value if along else value)
        parts.sort(key=_size)
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return total

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
            if self._is_shared(atom.axes):
                assert self._wider is not None
                self._atoms[top] = self._wider._atom(top)
                continue
            missing = {
                inner for operand in atom.operands for inner in self.plans(operand).atoms if inner not in self._atoms
            }
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
            for operand in operands[1:]:
                total = np.asarray(fold(total, self.value(operand)))
            return total
        return np.asarray(_OPERATIONS[operation](*[self.value(one) for one in operands]))


def _size(value: Any) -> int:
    return getattr(value, "size", 0)


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
