"""The conventions of counting: all in a table, or one with its rules and its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...document.parts import PAGE, Document, Part, Sentences, Title
from ...document.sheets import SINK, WRAP, Column, Sheet, texts
from ...layers.result import QUANTITIES, TRAITS
from ...measure.conventions import Convention, CountingRule

#: The columns that the kinds of a rule get.
_KINDS = 28


def all_conventions(conventions: Iterable[Convention]) -> Document:
    """All conventions, a row each."""
    conventions = list(conventions)
    return Document(lambda medium: [_overview(conventions)], lambda: _data(conventions))


def one_convention(convention: Convention) -> Document:
    """All about one: what it is, its source, its rules, and what the measures in them are."""
    return Document(lambda medium: _parts(convention, medium), lambda: _data([convention]))


def _overview(conventions: Iterable[Convention]) -> Sheet:
    """A row a convention."""
    rows = [
        [convention.name, convention.unit, f"{convention.tool} {convention.version}".rstrip(), convention.about]
        for convention in conventions
    ]
    return _sheet(("convention", "unit", "tool", "counts"), rows, SINK)


def _sheet(names: Iterable[str], rows: Iterable[list[str]], narrow: str = WRAP) -> Sheet:
    return texts([Column(name, name) for name in names], rows, narrow=narrow, inset=())


def _parts(convention: Convention, medium: str) -> Iterator[Part]:
    names, rows = ("kinds", "number", "where"), list(_rules(convention))
    if medium == PAGE:
        yield _sheet(names, rows)
        return
    tool = f"{convention.tool} {convention.version}".rstrip()
    lead = [convention.about, f"source: {convention.source}"]
    yield Title(convention.name, f"{tool}, in {convention.unit}s", lead=lead)
    yield _sheet(names, _broken(rows))
    yield Sentences(_legend(convention))


def _rules(convention: Convention) -> Iterator[list[str]]:
    """A row a rule, kinds with the same rules together."""
    kinds: dict[tuple[CountingRule, ...], list[str]] = {}
    for kind, rules in convention.table.items():
        kinds.setdefault(rules, []).append(kind)
    for rules, names in kinds.items():
        for place, rule in enumerate(rules):
            otherwise = "else" if place else ""
            where = " and ".join(TRAITS[trait] for trait in rule.when) or otherwise
            yield [" ".join(names) if not place else "", rule.text, where]


def _broken(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows with their kinds broken into lines of a few."""
    from textwrap import wrap

    for kinds, *cells in rows:
        first, *more = wrap(kinds, _KINDS) or [""]
        yield [first, *cells]
        yield from ([line, *[""] * len(cells)] for line in more)


def _legend(convention: Convention) -> list[str]:
    """What the measures in the table are, and the words that stand for no number."""
    rules = [rule for rules in convention.table.values() for rule in rules]
    used = dict.fromkeys(measure for rule in rules for _, measure in rule.terms)
    lines = [f"{measure}: {QUANTITIES[measure]}" for measure in QUANTITIES if measure in used]
    words = {
        "uncounted": "the tool silently adds nothing, and the total stands without it",
        "unknown": "the tool's number is no function of the layer, or not known; the total is not known either",
    }
    return lines + [f"{word}: {about}" for word, about in words.items() if any(rule.state == word for rule in rules)]


def _data(conventions: Iterable[Convention]) -> Mapping[str, Any]:
    """Every convention, whole."""
    declared = [
        {
            "name": convention.name, "tool": convention.tool, "tool_version": convention.version or None,
            "unit": convention.unit, "source": convention.source, "about": convention.about,
            "counts": {kind: list(map(_rule, rules)) for kind, rules in convention.table.items()},
        }
        for convention in conventions
    ]  # fmt: skip
    return {"version": 1, "command": "conventions", "conventions": declared, "diagnostics": []}


def _rule(rule: CountingRule) -> dict[str, Any]:
    return {"when": list(rule.when), "state": rule.state, "terms": {name: factor for factor, name in rule.terms}}
