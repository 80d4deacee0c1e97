"""From what `cnncalc explain` is asked to its document: the page of a layer, a group, the network, or a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ...diagnostics import ERROR
from ...document import figures
from ...document.parts import Document, Fact, Part
from ...records import Record
from .facts import LayerGroup, Unanswerable, explain_network

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic
    from ...measure import NetworkAnalysis
    from ...measure.conventions import Convention, LayerCount
    from ...network import Node


class Question(Record):
    """What is asked: of a layer, a group of layers or, without a target, the network; and the options."""

    target: Node | LayerGroup | None
    at: tuple[int, ...] | None
    #: As written; its sizes are in the layout of the spec, but for ``96@55x55``.
    want: tuple[str, tuple[int | None, ...]] | None
    without: str | None
    counts: tuple[Convention, ...]
    against: tuple[Convention, ...]


class Explanation(Record):
    """What is said, for people and for programs; the one or the other is made when it is asked for."""

    parts: Callable[[], Iterable[Part]]
    #: Given data.py, which only JSON needs.
    data: Callable[[Any], dict[str, Any]]


def document(analysis: NetworkAnalysis, question: Question, said: Sequence[Diagnostic]) -> Document:
    """The answer. Raises Unanswerable."""
    explanation = _explained(analysis, question)

    def entries() -> dict[str, Any]:
        from . import data

        named = {"layout": analysis.layout, **analysis.conditions}
        origin = analysis.origin
        return data.document(analysis.file, origin, analysis.model, named, said, **explanation.data(data))

    return Document(lambda medium: explanation.parts(), entries)


def _explained(analysis: NetworkAnalysis, question: Question) -> Explanation:
    target = question.target
    if question.against:
        return _ledger(analysis, question)
    if question.without:
        return _without(analysis, question.without, target)
    if question.at is not None or (target is not None and not isinstance(target, LayerGroup)):
        return _layer(analysis, _end(analysis, target), question)
    return _several(analysis, target, question)


def diagnostics(analysis: NetworkAnalysis, target: Node | LayerGroup | None) -> list[Diagnostic]:
    """What is said of the spec, and what lints find; of a layer, errors and what speaks of it or of its line."""
    from ...measure.lints import lints

    said = [*analysis.diagnostics, *lints(analysis)]
    if target is None:
        return said
    nodes = _nodes(analysis, target)
    places: set[object] = {(node.source, node.line) for node in nodes if node.line is not None}
    if analysis.network.start is not None:
        places.add(None)  # what is in no line is said of all; where nothing is in a line, of the layers it speaks of
    names = {node.name for node in nodes} if len(nodes) == 1 else set()
    return [
        diagnostic
        for diagnostic in said
        if diagnostic.severity == ERROR
        or (diagnostic.span and (diagnostic.span.source, diagnostic.span.line)) in places
        or names.intersection(diagnostic.layers)
    ]


# --- what is asked ----------------------------------------------------------------------------------


def _nodes(analysis: NetworkAnalysis, target: Node | LayerGroup) -> list[Node]:
    if not isinstance(target, LayerGroup):
        return [target]
    names = {row.name for row in target.rows}
    return [node for node in analysis.network.nodes if node.name in names]


def _end(analysis: NetworkAnalysis, target: Node | LayerGroup | None) -> Node:
    """A layer itself, the last layer of a group, or the one that makes the first output of the network."""
    if target is not None:
        return _nodes(analysis, target)[-1]
    ports = [port for port in analysis.network.outputs if port.node >= 0 and not port.train]
    if not ports:
        raise Unanswerable("name a layer: the network has no output that could be worked out")
    return analysis.network.nodes[ports[0].node]


# --- pages ------------------------------------------------------------------------------------------


def _layer(analysis: NetworkAnalysis, node: Node, question: Question) -> Explanation:
    from .layer_facts import LayerFacts
    from .layer_page import page

    facts, looked, sees = LayerFacts(analysis, node), None, []
    if question.at is not None:
        from .look import look, seen

        looked = look(facts, question.at)
        sees = [seen(facts, looked)]
    counted, counts = _counted(analysis, node, question)
    wanted, want = _wanted(analysis, node, question)
    return Explanation(
        lambda: page(facts, sees, [*counted, *wanted]),
        lambda data: {"layer": data.layer(facts, looked), **counts, **want},
    )


def _several(analysis: NetworkAnalysis, group: LayerGroup | None, question: Question) -> Explanation:
    """The page on a group of layers, or on all of the network."""
    from . import network_page as pages

    wanted, want = _wanted(analysis, _end(analysis, group), question) if question.want else ([], {})
    if group is not None:
        return Explanation(
            lambda: pages.group_page(analysis, group, wanted), lambda data: {"group": data.group(group), **want}
        )
    facts = explain_network(analysis)
    counted, counts = _counted(analysis, None, question)
    return Explanation(
        lambda: pages.page(analysis, facts, [*counted, *wanted]),
        lambda data: {"network": data.network(facts), **counts, **want},
    )


def _jointly(analysis: NetworkAnalysis, node: Node, wanted: tuple[int | None, ...], spelled: str) -> str:
    """Which variables and size of the input give a shape together; empty where none do, or no sweep can be made."""
    from ...values import laid_out, spell, times

    try:
        from ...variants.joint import giving
    except ImportError:  # NumPy is of an extra
        return ""
    found = giving(analysis.network, node.name, wanted) or {}
    said = [
        f"an input of {times(laid_out(value, analysis.layout))}" if type(value) is tuple else f"{name}={spell(value)}"
        for name, value in found.items()
    ]  # fmt: skip
    return f"{spelled} with {' and '.join(said)}" if said else ""


def _wanted(analysis: NetworkAnalysis, node: Node, question: Question) -> tuple[list[Fact], dict[str, Any]]:
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
        raise Unanswerable(f"the output of '{node.name}' could not be worked out", "want")
    given = matches(node.output, wanted)
    if given:
        answer = f"{spelled} is what it gives"
    elif len(node.output) != len(wanted):
        answer = f"no argument gives {spelled}: the output has {figures.quantity(len(node.output), 'number')}"
        if len(wanted) == 1 and len(node.output) > 1:
            sizes = (node.output[0], *wanted * (len(node.output) - 1))
            answer += f": ask for all, {times(laid_out(sizes, analysis.layout))}"
    else:
        answer = satisfying(analysis.network, node.position, wanted, node.position)
        answer = answer or _jointly(analysis, node, wanted, spelled) or f"no single argument gives {spelled}"
    return [Fact("wanted", (answer,))], {"want": {"shape": list(wanted), "answer": answer, "given": given}}


# --- counts, ledgers, comparisons -------------------------------------------------------------------


def _counted(analysis: NetworkAnalysis, node: Node | None, question: Question) -> tuple[list[Fact], dict[str, Any]]:
    """What the conventions asked for say of a layer, or of the network; nothing where there are none."""
    if not question.counts:
        return [], {}
    from ...measure.conventions import Tally

    facts, values = [], {}
    for convention in question.counts:
        tally = Tally(analysis, convention)
        counted = tally.counts[node.name] if node is not None and node.kind != "input" else None
        value = counted.value if counted else tally.total if node is None else None
        values[tally.name] = value
        text = figures.quantity(value, convention.unit) if value is not None else "no number"
        facts.append(Fact(tally.name, (f"{_made(counted)}{text}",)))
    return facts, {"counts": values}


def _made(counted: LayerCount | None) -> str:
    """How the number of a layer comes about: `2 I = 2 × 64 = `."""
    if counted is None:
        return ""
    if not counted.terms:
        return f"{counted.state}: "
    words = [f"{'' if term.coefficient == 1 else f'{term.coefficient} × '}{term.quantity} of {term.amount:,}"
             for term in counted.terms]  # fmt: skip
    return " + ".join(words) + " = "


def _ledger(analysis: NetworkAnalysis, question: Question) -> Explanation:
    from ...measure.conventions import NotKnown, ledger
    from . import ledger_page as pages

    try:
        found = ledger(analysis, question.counts[0], question.against[0])
    except NotKnown as error:
        raise Unanswerable(f"no ledger: {error}") from None
    return Explanation(lambda: pages.ledger(analysis, found), lambda data: {"ledger": data.ledger(found)})


def _without(analysis: NetworkAnalysis, what: str, target: Node | LayerGroup | None) -> Explanation:
    from . import ledger_page as pages
    from .without import without

    found = without(analysis, what)
    only = None if target is None else {node.name for node in _nodes(analysis, target)}
    return Explanation(lambda: pages.without(analysis, found, only), lambda data: {"without": data.without(found)})
