"""From what `cnncalc explain` is asked to its answer, in the format that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ...cli.guard import Refused
from ...records import Record

if TYPE_CHECKING:
    from ...cli.output import Output
    from ...diagnostics import Diagnostic
    from ...measure import Analysis
    from ...measure.conventions import Convention, Tally
    from ...network import Node
    from ...render.page import Fact, Page
    from .facts import Group
    from .look import Look


class Question(Record):
    """What is asked: a layer or None, and the options."""

    layer: str | None
    at: tuple[int, ...] | None
    want: str | None
    without: str | None
    counts: tuple[Convention, ...]
    against: tuple[Convention, ...]


def diagnostics(analysis: Analysis, question: Question) -> list[Diagnostic]:
    """What is said of the spec, and what lints find; of a layer, errors and what names it or its line."""
    from ...diagnostics import ERROR
    from ...measure.lints import lints

    found = [*analysis.diagnostics, *lints(analysis)]
    if question.layer is None:
        return found
    target = _target(analysis, question.layer)
    nodes = _nodes(analysis, target)
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


def understood(analysis: Analysis) -> bool:
    """Whether the layers are those that were meant: of a line that could not be read, there are none."""
    from ...cli.shaping import SHAPE_FAULTS
    from ...diagnostics import ERROR

    return {one.code for one in analysis.diagnostics if one.severity == ERROR} <= SHAPE_FAULTS


def answer(analysis: Analysis, question: Question, output: Output, said: Sequence[Diagnostic]) -> str:
    """The answer as text, `said` with it in JSON. Raises Refused for a layer or position that is not there."""
    from ...render import json
    from . import document as explain_json

    target = None if question.layer is None else _target(analysis, question.layer)
    parts: dict[str, Any] = {}
    if question.against:
        page = _ledger(analysis, question, parts)
    elif question.without:
        page = _without(analysis, question.without, target, parts)
    else:
        page = _page(analysis, question, target, parts)
    if output.chosen() == "json":
        document = explain_json.document(analysis, said, **parts)
        return json.render(document, output.ascii_only())
    return _drawn(page, output)


def _drawn(page: Page, output: Output) -> str:
    from ...render.page import as_markdown, as_text
    from ...render.text import Screen

    form = output.chosen()
    if form == "markdown":
        return as_markdown(page, output.charset())
    wide = form == "table"
    return as_text(page, Screen(output.width() if wide else 0, wide and output.colored(), output.charset()))


# --- what is asked ----------------------------------------------------------------------------------


def _target(analysis: Analysis, word: str) -> Node | Group:
    from .facts import UnknownLayer, find

    try:
        return find(analysis, word)
    except UnknownLayer as error:
        raise Refused(f"{analysis.file}: {error}") from None


def _nodes(analysis: Analysis, target: Node | Group) -> list[Node]:
    from .facts import Group

    if not isinstance(target, Group):
        return [target]
    names = {row.name for row in target.rows}
    return [node for node in analysis.network.nodes if node.name in names]


def _page(analysis: Analysis, question: Question, target: Node | Group | None, parts: dict[str, Any]) -> Page:
    """The page on a layer, on a group, or on the network; `parts` gets the same for JSON."""
    from . import document as explain_json
    from . import layer_page as layers
    from . import network_page as networks
    from .facts import Group, explain_layer, explain_network

    node = target if target is not None and not isinstance(target, Group) else None
    if node is None and question.at is not None:
        node = _end(analysis, target)
    if node is not None:
        facts = explain_layer(analysis, node)
        look = None if question.at is None else _look(analysis, node, question.at)
        parts["layer"] = explain_json.layer(facts, look)
        return layers.page(analysis, facts, look, [*_counted(analysis, node, question, parts),
                                                   *_wanted(analysis, node, question, parts)])  # fmt: skip
    if isinstance(target, Group):
        parts["group"] = explain_json.group(target)
        page = networks.group_page(analysis, target)
    else:
        found = explain_network(analysis)
        from ...measure.result import DTYPES

        parts["network"] = explain_json.network(found, DTYPES[analysis.dtype] * analysis.batch)
        page = networks.page(analysis, found)
    extra = [*_counted(analysis, None, question, parts)] if target is None else []
    if question.want is not None:
        extra += _wanted(analysis, _end(analysis, target), question, parts)
    if extra:
        page.parts.insert(1, extra)
    return page


def _end(analysis: Analysis, target: Node | Group | None) -> Node:
    """The last layer of a group, or the one that makes the first output of the network."""
    from .facts import Group

    nodes = analysis.network.nodes
    if isinstance(target, Group):
        return next(node for node in reversed(nodes) if node.name == target.rows[-1].name)
    if target is not None:
        return target
    ports = [port for port in analysis.network.outputs if port.node >= 0 and not port.train]
    if not ports:
        raise Refused(f"{analysis.file}: name a layer: the network has no output that could be worked out")
    return nodes[ports[0].node]


def _look(analysis: Analysis, node: Node, at: tuple[int, ...]) -> Look:
    from ...measure.receptive_field.window import window
    from .look import Look

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


def _wanted(analysis: Analysis, node: Node, question: Question, parts: dict[str, Any]) -> list[Fact]:
    """Which single argument would give the wanted shape."""
    if question.want is None:
        return []
    from ...interpret.expectations import matches
    from ...interpret.satisfy import satisfying
    from ...render.page import Fact
    from ...values import laid_out, times

    wanted = _shape(question.want, analysis.layout)
    spelled = times(laid_out(wanted, analysis.layout))
    if node.output is None or node.layer is None:
        raise Refused(f"--want {question.want}: the output of '{node.name}' could not be worked out")
    entering = analysis.network.nodes[node.inputs[0]].output if node.inputs else None
    if matches(node.output, wanted):
        said = f"{spelled} is what it gives"
    elif len(node.output) != len(wanted):
        said = f"no argument gives {spelled}: the output has {len(node.output)} numbers"
    else:
        said = satisfying([node], wanted, entering) or f"no single argument gives {spelled}"
    parts["want"] = {"shape": list(wanted), "answer": said, "given": matches(node.output, wanted)}
    return [Fact("wanted", (said,))]


def _shape(text: str, layout: str) -> tuple[int | None, ...]:
    """The channels-first shape of `--want`. Raises a usage error."""
    words = text.replace("×", "x").lower().replace("@", "x").split("x")
    sizes: list[int | None] = []
    for word in words:
        if word.strip() == "?":
            sizes.append(None)
        elif word.strip().isascii() and word.strip().isdigit() and 0 < len(word) < 40 and int(word):
            sizes.append(int(word))
        else:
            raise click.BadParameter(f"'{text}' is no shape: write --want 96x55x55", param_hint="'--want'")
    if layout == "hwc" and len(sizes) > 1 and "@" not in text:
        return (sizes[-1], *sizes[:-1])
    return tuple(sizes)


# --- counts, ledgers, comparisons -------------------------------------------------------------------


def _counted(analysis: Analysis, node: Node | None, question: Question, parts: dict[str, Any]) -> list[Fact]:
    """What the conventions of --count say of a layer, or of the network."""
    if not question.counts:
        return []
    from ...document import figures
    from ...measure.conventions import count
    from ...render.page import Fact

    found, values = [], {}
    for convention in question.counts:
        tally = count(analysis, convention)
        value = tally.total if node is None else _value(tally, node)
        values[tally.name] = value
        text = figures.quantity(value, convention.unit) if value is not None else "no number"
        if node is not None:
            text = f"{_made(tally, node)}{text}"
        found.append(Fact(tally.name, (text,)))
    parts["counts"] = values
    return found


def _value(tally: Tally, node: Node) -> int | None:
    one = tally.of(node.name) if node.kind != "input" else None
    return None if one is None else one.value


def _made(tally: Tally, node: Node) -> str:
    """How the number comes about: `2 I = 2 × 64 = `."""
    one = tally.of(node.name) if node.kind != "input" else None
    if one is None:
        return ""
    if not one.terms:
        return f"{one.state}: "
    words = [f"{'' if term.coefficient == 1 else f'{term.coefficient} × '}{term.measure} of {term.amount:,}"
             for term in one.terms]  # fmt: skip
    return " + ".join(words) + " = "


def _ledger(analysis: Analysis, question: Question, parts: dict[str, Any]) -> Page:
    from ...measure.conventions import NotKnown, ledger
    from . import document as explain_json
    from . import ledger_page as explain_sheets

    try:
        found = ledger(analysis, question.counts[0], question.against[0])
    except NotKnown as error:
        raise Refused(f"{analysis.file}: no ledger: {error}") from None
    parts["ledger"] = explain_json.ledger(found)
    return explain_sheets.ledger(analysis, found)


def _without(analysis: Analysis, what: str, target: Node | Group | None, parts: dict[str, Any]) -> Page:
    from . import document as explain_json
    from . import ledger_page as explain_sheets
    from .without import without

    if analysis.broken:
        raise Refused(f"{analysis.file}: --without needs a spec without errors")
    found = without(analysis, what)
    parts["without"] = explain_json.without(found)
    only = None if target is None else frozenset(node.name for node in _nodes(analysis, target))
    return explain_sheets.without(analysis, found, only)
