"""From what `cnncalc explain` is asked to its document: the page of a layer, a group, the network, or a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...cli.guard import Refused
from ...document import figures
from ...document.parts import Document, Fact, Facts, Part
from ...records import Record
from . import data
from .facts import Group, UnknownLayer, explain_layer, explain_network, find
from .look import Look

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic
    from ...measure import Analysis
    from ...measure.conventions import Convention, Tally
    from ...network import Node


class Question(Record):
    """What is asked: a layer or None, and the options."""

    layer: str | None
    at: tuple[int, ...] | None
    #: As written; its sizes are in the layout of the spec, but for ``96@55x55``.
    want: tuple[str, tuple[int | None, ...]] | None
    without: str | None
    counts: tuple[Convention, ...]
    against: tuple[Convention, ...]


class Explanation(Record):
    """What is said, for people and for programs."""

    parts: list[Part]
    data: dict[str, Any]


def document(analysis: Analysis, question: Question, diagnostics: Sequence[Diagnostic]) -> Document:
    """The answer. Raises Refused for a layer or position that is not there."""
    said = explanation(analysis, question)
    return Document(lambda medium: said.parts, lambda: data.document(analysis, diagnostics, **said.data))


def explanation(analysis: Analysis, question: Question) -> Explanation:
    """What is said. Raises Refused for a layer or position that is not there."""
    target = None if question.layer is None else _target(analysis, question.layer)
    if question.against:
        return _ledger(analysis, question)
    if question.without:
        return _without(analysis, question.without, target)
    if question.at is not None or (target is not None and not isinstance(target, Group)):
        return _layer(analysis, _end(analysis, target), question)
    return _several(analysis, target, question)


def diagnostics(analysis: Analysis, question: Question) -> list[Diagnostic]:
    """What is said of the spec, and what lints find; of a layer, errors and what names it or its line."""
    from ...diagnostics import ERROR
    from ...measure.lints import lints

    found = [*analysis.diagnostics, *lints(analysis)]
    if question.layer is None:
        return found
    nodes = _nodes(analysis, _target(analysis, question.layer))
    places: set[object] = {(node.source, node.line) for node in nodes if node.line is not None}
    if analysis.network.start is not None:
        places.add(None)  # what is in no line is said of all; where nothing is in a line, of whom it names
    names = {f"'{node.name}'" for node in nodes} if len(nodes) == 1 else set()
    return [
        one
        for one in found
        if one.severity == ERROR
        or (one.span and (one.span.source, one.span.line)) in places
        or any(name in one.message for name in names)
    ]


# --- what is asked ----------------------------------------------------------------------------------


def _target(analysis: Analysis, word: str) -> Node | Group:
    try:
        return find(analysis, word)
    except UnknownLayer as error:
        raise Refused(f"{analysis.file}: {error}") from None


def _nodes(analysis: Analysis, target: Node | Group) -> list[Node]:
    if not isinstance(target, Group):
        return [target]
    names = {row.name for row in target.rows}
    return [node for node in analysis.network.nodes if node.name in names]


def _end(analysis: Analysis, target: Node | Group | None) -> Node:
    """A layer itself, the last layer of a group, or the one that makes the first output of the network."""
    nodes = analysis.network.nodes
    if isinstance(target, Group):
        return next(node for node in reversed(nodes) if node.name == target.rows[-1].name)
    if target is not None:
        return target
    ports = [port for port in analysis.network.outputs if port.node >= 0 and not port.train]
    if not ports:
        raise Refused(f"{analysis.file}: name a layer: the network has no output that could be worked out")
    return nodes[ports[0].node]


# --- pages ------------------------------------------------------------------------------------------


def _layer(analysis: Analysis, node: Node, question: Question) -> Explanation:
    from .layer_page import page

    facts = explain_layer(analysis, node)
    look = None if question.at is None else _look(analysis, node, question.at)
    counted, counts = _counted(analysis, node, question)
    wanted, want = _wanted(analysis, node, question)
    return Explanation(page(analysis, facts, look, [*counted, *wanted]),
                       {"layer": data.layer(facts, look), **counts, **want})  # fmt: skip


def _several(analysis: Analysis, group: Group | None, question: Question) -> Explanation:
    """The page on a group of layers, or on all of the network."""
    from . import network_page as pages

    counted: list[Fact] = []
    counts: dict[str, Any] = {}
    if group is not None:
        parts, entries = pages.group_page(analysis, group), {"group": data.group(group)}
    else:
        facts = explain_network(analysis)
        parts, entries = pages.page(analysis, facts), {"network": data.network(facts, pages.unit(analysis))}
        counted, counts = _counted(analysis, None, question)
    wanted, want = _wanted(analysis, _end(analysis, group), question) if question.want else ([], {})
    if counted or wanted:
        parts.insert(2, Facts([*counted, *wanted]))
    return Explanation(parts, {**entries, **counts, **want})


def _look(analysis: Analysis, node: Node, at: tuple[int, ...]) -> Look:
    from ...measure.receptive_field.window import window

    shape = node.output
    if shape is None:
        raise Refused(f"{analysis.file}: the output of '{node.name}' could not be worked out")
    if len(shape) == 1:
        at = () if at in ((0,), (0, 0), (0, 0, 0)) else at
    if len(at) != len(shape) - 1:
        many = f"{len(shape) - 1} spatial {'axis' if len(shape) == 2 else 'axes'}" if len(shape) > 1 else "no positions"
        example = ",".join(str(size // 2) for size in shape[1:]) or "0"
        raise Refused(f"--at {','.join(map(str, at))}: the output of '{node.name}' has {many}: write --at {example}")
    if any(place >= size for place, size in zip(at, shape[1:], strict=True)):
        last = ",".join(str(size - 1) for size in shape[1:])
        raise Refused(f"--at {','.join(map(str, at))}: the positions of '{node.name}' end at {last} (from 0)")
    return Look(at, window(analysis.network, node, at))


def _wanted(analysis: Analysis, node: Node, question: Question) -> tuple[list[Fact], dict[str, Any]]:
    """Which single argument would give the wanted shape; nothing where none is wanted."""
    if question.want is None:
        return [], {}
    from ...interpret.expectations import matches
    from ...interpret.satisfy import satisfying
    from ...values import laid_out, times

    text, sizes = question.want
    turned = analysis.layout == "hwc" and len(sizes) > 1 and "@" not in text
    wanted = (sizes[-1], *sizes[:-1]) if turned else sizes
    spelled = times(laid_out(wanted, analysis.layout))
    if node.output is None or node.layer is None:
        raise Refused(f"--want {text}: the output of '{node.name}' could not be worked out")
    entering = analysis.network.nodes[node.inputs[0]].output if node.inputs else None
    if matches(node.output, wanted):
        answer = f"{spelled} is what it gives"
    elif len(node.output) != len(wanted):
        answer = f"no argument gives {spelled}: the output has {len(node.output)} numbers"
    else:
        answer = satisfying([node], wanted, entering) or f"no single argument gives {spelled}"
    entry = {"shape": list(wanted), "answer": answer, "given": matches(node.output, wanted)}
    return [Fact("wanted", (answer,))], {"want": entry}


# --- counts, ledgers, comparisons -------------------------------------------------------------------


def _counted(analysis: Analysis, node: Node | None, question: Question) -> tuple[list[Fact], dict[str, Any]]:
    """What the conventions of --count say of a layer, or of the network; nothing where there are none."""
    if not question.counts:
        return [], {}
    from ...measure.conventions import Tally

    facts, values = [], {}
    for convention in question.counts:
        tally = Tally(analysis, convention)
        value = tally.total if node is None else _value(tally, node)
        values[tally.name] = value
        text = figures.quantity(value, convention.unit) if value is not None else "no number"
        facts.append(Fact(tally.name, (text if node is None else f"{_made(tally, node)}{text}",)))
    return facts, {"counts": values}


def _value(tally: Tally, node: Node) -> int | None:
    counted = tally.counts[node.name] if node.kind != "input" else None
    return None if counted is None else counted.value


def _made(tally: Tally, node: Node) -> str:
    """How the number comes about: `2 I = 2 × 64 = `."""
    counted = tally.counts[node.name] if node.kind != "input" else None
    if counted is None:
        return ""
    if not counted.terms:
        return f"{counted.state}: "
    words = [f"{'' if term.coefficient == 1 else f'{term.coefficient} × '}{term.quantity} of {term.amount:,}"
             for term in counted.terms]  # fmt: skip
    return " + ".join(words) + " = "


def _ledger(analysis: Analysis, question: Question) -> Explanation:
    from ...measure.conventions import NotKnown, ledger
    from . import ledger_page as pages

    try:
        found = ledger(analysis, question.counts[0], question.against[0])
    except NotKnown as error:
        raise Refused(f"{analysis.file}: no ledger: {error}") from None
    return Explanation(pages.ledger(analysis, found), {"ledger": data.ledger(found)})


def _without(analysis: Analysis, what: str, target: Node | Group | None) -> Explanation:
    from . import ledger_page as pages
    from .without import without

    if analysis.broken:
        raise Refused(f"{analysis.file}: --without needs a spec without errors")
    found = without(analysis, what)
    only = None if target is None else frozenset(node.name for node in _nodes(analysis, target))
    return Explanation(pages.without(analysis, found, only), {"without": data.without(found)})
