"""Conventions as data: a table from kinds to rules, and a rule as counting.md writes it.

A cell is text: ``unknown if same; 2 W·Pout + B``. Its rules are tried in order; the first whose traits all hold
is the layer's. A rule is ``0`` (free: the tool says 0 and means it), ``uncounted`` (it silently adds nothing),
``unknown`` (its number is no function of the layer, or not known to us), or a sum of coefficients times quantities
(:mod:`cnncalc.layers.result`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ...layers import KINDS
from ...layers.result import QUANTITIES, TRAITS
from ...records import Record

COUNTED, FREE, UNCOUNTED, UNKNOWN = "counted", "free", "uncounted", "unknown"


class CountingRule(Record):
    """One way of counting a kind, for the layers that have all of the traits in `when`."""

    when: tuple[str, ...]
    state: str
    #: Coefficient and quantity of every term; empty but for COUNTED.
    terms: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        """The rule without its condition: ``2 W·Pout + B``."""
        if self.state != COUNTED:
            return "0" if self.state == FREE else self.state
        spelled = ""
        for coefficient, quantity in self.terms:
            sign = " − " if coefficient < 0 else " + "
            size = abs(coefficient)
            spelled += f"{sign}{'' if size == 1 else f'{size} '}{quantity}"
        return spelled.removeprefix(" + ").lstrip()


Rules = tuple[CountingRule, ...]


class Convention(Record):
    """A way of counting: by its full name, with the tool whose number it is and where its rules were read."""

    name: str
    tool: str
    version: str
    unit: str
    source: str
    about: str
    #: The rules of the kinds that its source speaks of, and those of all others.
    cells: Mapping[str, Rules]
    others: Rules

    def rules(self, kind: str) -> Rules:
        """The rules of a kind. What only moves or names values calculates nothing: its 0 is no omission of any tool."""
        return self.cells.get(kind) or (rules("0") if kind in KINDS and KINDS[kind].moves else self.others)

    @property
    def table(self) -> dict[str, Rules]:
        """The rules of every kind."""
        return {kind: self.rules(kind) for kind in KINDS}

    @property
    def short(self) -> str:
        """The text before the first '-'."""
        return self.name.partition("-")[0]


def convention(
    name: str, of: str, unit: str, source: str, about: str, cells: Mapping[str, str], others: str = UNCOUNTED
) -> Convention:
    """The convention whose `cells` give the rules of one or several kinds each; the kinds left are `others`.

    `of` is the tool with its version. Raises ValueError for a cell that cannot be read, or an unknown kind.
    """
    table = {kind: rules(cell) for kinds, cell in cells.items() for kind in kinds.split()}
    unknown = table.keys() - KINDS.keys()
    if unknown:
        raise ValueError(f"{name}: no such kind: {', '.join(sorted(unknown))}")
    tool, _, version = of.partition(" ")
    return Convention(name, tool, version, unit, source, about, table, rules(others))


@cache
def rules(cell: str) -> Rules:
    """The rules of a cell, in order. Raises ValueError where the last one has a condition, or a word is unknown."""
    found = tuple(_rule(part.strip()) for part in cell.split(";"))
    if found[-1].when or not all(rule.when for rule in found[:-1]):
        raise ValueError(f"'{cell}': every rule but the last has a condition")
    return found


def _rule(text: str) -> CountingRule:
    body, _, condition = text.partition(" if ")
    when = tuple(condition.split())
    if not TRAITS.keys() >= set(when):
        raise ValueError(f"'{text}': no such trait")
    if body == "0":
        return CountingRule(when, FREE, ())
    if body in (UNCOUNTED, UNKNOWN):
        return CountingRule(when, body, ())
    return CountingRule(when, COUNTED, tuple(_term(part) for part in body.replace(" − ", " + −").split(" + ")))


def _term(text: str) -> tuple[int, str]:
    sign = -1 if text.startswith("−") else 1
    number, _, quantity = text.removeprefix("−").rpartition(" ")
    if quantity not in QUANTITIES:
        raise ValueError(f"'{text}': no such measure")
    return sign * int(number or 1), quantity
