"""Expressions in the variables of a sweep, in one normal form: polynomials with whole coefficients.

What is no polynomial (a quotient rounded down, a maximum) is an atom: an operation on polynomials, which polynomials
are made of in turn. Equal ones are one object, so what is alike is worked out once, and a sum over the layers of a
network has as few terms as there are different ones. Bounds hold for all values of the variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd
from typing import TypeAlias

from ..records import Record

#: Numbers of atoms, in order, each as often as its power.
Monomial: TypeAlias = tuple[int, ...]
#: Terms that the product of two sums may have; beyond them a sum is an atom.
_MOST_PRODUCTS = 64
#: Terms of a sum.
_MOST_TERMS = 600
#: Alternatives of a maximum among which those are looked for that never are it.
_MOST_COMPARED = 120
#: Whole numbers between -SMALL and SMALL are worked out in 64 bits.
SMALL = 1 << 62

#: Operations of atoms, beside COLUMN, the number of a variable.
COLUMN, SUM, QUOTIENT, MAXIMUM, MINIMUM, ABSOLUTE, DIVISOR, LESS, BITS = (
    "column", "sum", "//", "largest", "smallest", "abs", "gcd", "<0", "bits",
)  # fmt: skip


class VariedNumber(Record):
    """A number that varies along an axis of the space: its value at each place, and the axis."""

    name: str
    axis: int
    values: tuple[int, ...]


class Polynomial:
    """Coefficients by monomial; `low` and `high` bound it, `axes` are those that it depends on, a bit each."""

    __slots__ = ("axes", "high", "low", "number", "small", "terms")

    def __init__(self, number: int, terms: dict[Monomial, int], bounds: tuple[int, int], axes: int) -> None:
        self.number = number
        self.terms = terms
        self.low, self.high = bounds
        self.axes = axes
        #: Whether 64 bits do for it, modulo 2**64 on the way.
        self.small = self.low > -SMALL and self.high < SMALL and all(-SMALL < term < SMALL for term in terms.values())


class Atom(Record):
    """An operation on polynomials, or a column (whose number is `column`)."""

    operation: str
    operands: tuple[Polynomial, ...]
    bounds: tuple[int, int]
    axes: int
    column: int = -1


class Expressions:
    """Makes the polynomials over some columns; equal ones are one."""

    def __init__(self, columns: Sequence[VariedNumber]) -> None:
        self.columns = columns
        self.all: list[Polynomial] = []
        self.atoms: list[Atom] = []
        self._known: dict[frozenset[tuple[Monomial, int]], Polynomial] = {}
        self._known_atoms: dict[tuple[str, tuple[int, ...]], Polynomial] = {}
        self._sums: dict[tuple[int, int, int], Polynomial] = {}
        self._products: dict[tuple[int, int], Polynomial] = {}
        self.variables = [self._column(number) for number in range(len(columns))]

    # --- making -------------------------------------------------------------------------------------

    def _column(self, number: int) -> Polynomial:
        _, axis, values = self.columns[number]
        return self._alone(Atom(COLUMN, (), (min(values), max(values)), 1 << axis, number))

    def _alone(self, atom: Atom) -> Polynomial:
        self.atoms.append(atom)
        return self.of({(len(self.atoms) - 1,): 1})

    def of(self, terms: dict[Monomial, int]) -> Polynomial:
        """The polynomial with these terms, none of them 0."""
        key = frozenset(terms.items())
        polynomial = self._known.get(key)
        if polynomial is None:
            polynomial = Polynomial(len(self.all), terms, *self._bounded(terms))
            self.all.append(polynomial)
            self._known[key] = polynomial
        return polynomial

    def constant(self, value: int) -> Polynomial:
        """A number."""
        return self.of({(): value} if value else {})

    def _bounded(self, terms: dict[Monomial, int]) -> tuple[tuple[int, int], int]:
        low = high = axes = 0
        for monomial, coefficient in terms.items():
            least = most = coefficient
            for number in monomial:
                atom = self.atoms[number]
                axes |= atom.axes
                down, up = atom.bounds
                if least >= 0 and down >= 0:
                    least, most = least * down, most * up
                else:
                    corners = (least * down, least * up, most * down, most * up)
                    least, most = min(corners), max(corners)
            low, high = low + least, high + most
        return (low, high), axes

    def _atom(self, operation: str, operands: tuple[Polynomial, ...], bounds: tuple[int, int]) -> Polynomial:
        key = (operation, tuple([polynomial.number for polynomial in operands]))
        found = self._known_atoms.get(key)
        if found is None:
            axes = 0
            for operand in operands:
                axes |= operand.axes
            found = self._known_atoms[key] = self._alone(Atom(operation, operands, bounds, axes))
        return found

    # --- arithmetic ---------------------------------------------------------------------------------

    def combined(self, left: Polynomial, right: Polynomial, times: int = 1) -> Polynomial:
        """``left + times * right``."""
        key = (left.number, right.number, times)
        polynomial = self._sums.get(key)
        if polynomial is None:
            terms = dict(left.terms)
            for monomial, coefficient in right.terms.items():
                total = terms.get(monomial, 0) + coefficient * times
                if total:
                    terms[monomial] = total
                else:
                    terms.pop(monomial, None)
            polynomial = self.of(terms)
            if len(terms) > _MOST_TERMS:
                polynomial = self._atom(SUM, (polynomial,), (polynomial.low, polynomial.high))
            self._sums[key] = polynomial
        return polynomial

    def negative(self, one: Polynomial) -> Polynomial:
        """``-one``."""
        return self.of({monomial: -coefficient for monomial, coefficient in one.terms.items()})

    def product(self, left: Polynomial, right: Polynomial) -> Polynomial:
        """``left * right``."""
        key = (left.number, right.number) if left.number <= right.number else (right.number, left.number)
        polynomial = self._products.get(key)
        if polynomial is None:
            if min(len(left.terms), len(right.terms)) > 1 and len(left.terms) * len(right.terms) > _MOST_PRODUCTS:
                left, right = (
                    side if len(side.terms) == 1 else self._atom(SUM, (side,), (side.low, side.high))
                    for side in (left, right)
                )  # fmt: skip
            terms: dict[Monomial, int] = {}
            for first, factor in left.terms.items():
                for second, other in right.terms.items():
                    monomial = tuple(sorted(first + second)) if first and second else first or second
                    terms[monomial] = terms.get(monomial, 0) + factor * other
            polynomial = self._products[key] = self.of({key: value for key, value in terms.items() if value})
        return polynomial

    def quotient(self, left: Polynomial, right: Polynomial) -> Polynomial:
        """``left // right``, where the divisor is not 0."""
        if not right.axes:
            divisor = right.terms[()]
            return self._divided(left, divisor) if divisor > 0 else self._divided(self.negative(left), -divisor)
        if len(right.terms) == 1:
            exact = self._exact(left, *next(iter(right.terms.items())))
            if exact is not None:
                return exact
        most = max(abs(left.low), abs(left.high))
        bounds = (-most, most)
        if right.low > 0 or right.high < 0:
            corners = [one // other for one in (left.low, left.high) for other in (right.low, right.high)]
            bounds = (min(corners), max(corners))
        return self._atom(QUOTIENT, (left, right), bounds)

    def _exact(self, left: Polynomial, monomial: Monomial, factor: int) -> Polynomial | None:
        """What `left` is divided by a product that divides each of its terms; None where it does not."""
        terms: dict[Monomial, int] = {}
        for own, coefficient in left.terms.items():
            rest = list(own)
            if coefficient % factor:
                return None
            for number in monomial:
                if number not in rest:
                    return None
                rest.remove(number)
            terms[tuple(rest)] = coefficient // factor
        return self.of(terms)

    def _divided(self, left: Polynomial, divisor: int) -> Polynomial:
        """``left // divisor`` for a number over 0: what it divides comes out of the quotient."""
        whole = {monomial: coefficient // divisor for monomial, coefficient in left.terms.items()
                 if monomial == () or coefficient % divisor == 0}  # fmt: skip
        rest = {monomial: coefficient for monomial, coefficient in left.terms.items() if coefficient % divisor}
        outside = self.of({monomial: coefficient for monomial, coefficient in whole.items() if coefficient})
        if () in rest:
            rest[()] %= divisor
        if set(rest) <= {()}:
            return outside
        common = gcd(divisor, *[coefficient for monomial, coefficient in rest.items() if monomial])
        # floor((common*a + r) / (common*n)) is floor((a + floor(r/common)) / n)
        constant = rest.pop((), 0) // common
        inner = {monomial: coefficient // common for monomial, coefficient in rest.items()}
        if constant:
            inner[()] = constant
        inside, divisor = self.of(inner), divisor // common
        if divisor > 1:
            bounds = (inside.low // divisor, inside.high // divisor)
            inside = self._atom(QUOTIENT, (inside, self.constant(divisor)), bounds)
        return self.combined(outside, inside)

    # --- other operations ---------------------------------------------------------------------------

    def most(self, operands: Iterable[Polynomial], largest: bool = True) -> Polynomial:
        """The largest of some, or the smallest."""
        polynomials = list({operand.number: operand for operand in operands}.values())
        sign = 1 if largest else -1
        if len(polynomials) <= _MOST_COMPARED:
            kept: list[Polynomial] = []
            for polynomial in sorted(polynomials, key=lambda one: -sign * (one.high if largest else one.low)):
                if not any(self._never_less(other, polynomial, sign) for other in kept):
                    kept = [other for other in kept if not self._never_less(polynomial, other, sign)]
                    kept.append(polynomial)
            polynomials = sorted(kept, key=lambda one: one.number)
        if len(polynomials) == 1:
            return polynomials[0]
        pick = max if largest else min
        bounds = (pick(one.low for one in polynomials), pick(one.high for one in polynomials))
        return self._atom(MAXIMUM if largest else MINIMUM, tuple(polynomials), bounds)

    def _never_less(self, polynomial: Polynomial, other: Polynomial, sign: int) -> bool:
        """Whether `one` is always as large as `other` (as small, where `sign` is -1), as far as bounds tell."""
        terms = dict(polynomial.terms)
        for monomial, coefficient in other.terms.items():
            terms[monomial] = terms.get(monomial, 0) - coefficient
        (low, high), _ = self._bounded({key: value for key, value in terms.items() if value})
        return low >= 0 if sign > 0 else high <= 0

    def absolute(self, one: Polynomial) -> Polynomial:
        """``abs(one)``."""
        if one.low >= 0:
            return one
        if one.high <= 0:
            return self.negative(one)
        return self._atom(ABSOLUTE, (one,), (0, max(-one.low, one.high)))

    def divisor(self, left: Polynomial, right: Polynomial) -> Polynomial:
        """The greatest common divisor."""
        most = max(abs(left.low), abs(left.high), abs(right.low), abs(right.high))
        return self._atom(DIVISOR, (left, right), (0, most))

    def below_zero(self, one: Polynomial) -> Polynomial:
        """1 where `one` is below 0, else 0."""
        if one.high < 0 or one.low >= 0:
            return self.constant(int(one.high < 0))
        return self._atom(LESS, (one,), (0, 1))

    def bits(self, one: Polynomial) -> Polynomial:
        """``one.bit_length()``."""
        return self._atom(BITS, (one,), (0, max(one.low.bit_length(), one.high.bit_length())))
