"""How polynomials are worked out: found once for each, and kept, for it hangs on the terms alone and not on values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ..records import Record
from .polynomials import Expressions, Monomial, Polynomial

#: Terms that are left of a sum: what is multiplied, and by what.
_Terms: TypeAlias = "list[tuple[Monomial, int]]"


class ScaledProduct(Record):
    """Atoms, multiplied by each other and by a number."""

    monomial: Monomial
    coefficient: int


class FactoredSum(Record):
    """A sum of products of atoms and something else; `axes` are those that it depends on."""

    parts: tuple[tuple[Monomial, SumTree], ...]
    axes: int


#: A number, a product, or a sum.
SumTree: TypeAlias = int | ScaledProduct | FactoredSum


class SumPlan(Record):
    """The atoms that a polynomial is made of, in order, and what is done with them."""

    atoms: tuple[int, ...]
    tree: SumTree


class Plans:
    """The plans of the polynomials of some expressions."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self._known: dict[int, SumPlan] = {}

    def __call__(self, polynomial: Polynomial) -> SumPlan:
        """The plan of a polynomial."""
        plan = self._known.get(polynomial.number)
        if plan is None:
            atoms = tuple(sorted({number for monomial in polynomial.terms for number in monomial}))
            plan = self._known[polynomial.number] = SumPlan(atoms, self._tree(list(polynomial.terms.items())))
        return plan

    def _tree(self, terms: _Terms) -> SumTree:
        """The sum of terms: those with the same factors along an axis are added up before they are multiplied by them.

        The axis is the one along which there are fewest different factors.
        """
        axes = self._axes_of(terms)
        if not axes:
            return sum(coefficient for _, coefficient in terms)
        if len(terms) == 1:
            return ScaledProduct(*terms[0])
        best = min((self._by_factors(terms, axis) for axis in _each(axes)), key=len)
        return FactoredSum(tuple([(along, self._tree(inner)) for along, inner in best.items()]), axes)

    def _by_factors(self, terms: _Terms, axis: int) -> dict[Monomial, _Terms]:
        groups: dict[Monomial, _Terms] = {}
        for monomial, coefficient in terms:
            along, rest = self._split(monomial, axis)
            groups.setdefault(along, []).append((rest, coefficient))
        return groups

    def _axes_of(self, terms: _Terms) -> int:
        atoms, axes = self.expressions.atoms, 0
        for monomial, _ in terms:
            for number in monomial:
                axes |= atoms[number].axes
        return axes

    def _split(self, monomial: Monomial, axis: int) -> tuple[Monomial, Monomial]:
        """The factors of a product that hang together along an axis, over whatever others; and the rest."""
        atoms, joined, before = self.expressions.atoms, 1 << axis, 0
        while joined != before:
            before = joined
            for number in monomial:
                if atoms[number].axes & joined:
                    joined |= atoms[number].axes
        along = tuple([number for number in monomial if atoms[number].axes & joined])
        return along, tuple([number for number in monomial if not atoms[number].axes & joined])


def _each(axes: int) -> Iterator[int]:
    return (axis for axis in range(axes.bit_length()) if axes >> axis & 1)
