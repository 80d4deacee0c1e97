"""Lints on the receptive field: whether the network ever sees its input whole, and whether it goes on after that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...diagnostics import NOTE
from ...layers import Shape
from ...layers.reach import Number
from ...network import Node
from ...values import times
from ..receptive_field.alignment import misalignments
from ..receptive_field.parts import Fields
from .lint import Occurrence

if TYPE_CHECKING:
    from ..result import NetworkAnalysis

#: Field that covers is early where so many of the looking layers come after it: at least two, and a third of all.
_LEAST, _SHARE = 2, 3


def covers_early(analysis: NetworkAnalysis) -> Iterator[Occurrence]:
    """Layers that cannot see more, since what enters them covers the input. Richter, Byttner, Krumnack, Schallner and
    Shenk, "Size Matters", 2021, call them unproductive.
    """
    shape = _map(analysis)
    if shape is None:
        return
    fields, looking = analysis.fields, _looking(analysis)
    covered: dict[int, bool] = {}
    idle = []
    for node in looking:
        before = fields[node.inputs[0]]
        known = covered.get(id(before))
        if known is None:
            known = covered[id(before)] = _covered(before, shape)
        if known:
            idle.append(node)
    if len(idle) >= _LEAST and len(idle) * _SHARE >= len(looking):
        first = idle[0]
        seen = _spelled(fields[first.inputs[0]])
        yield Occurrence(
            f"before '{first.name}' the field is {seen}, all of the {times(shape[1:])} input: it and {len(idle) - 1} "
            f"later of {len(looking)} layers with windows see no more of it", (first.name,), first.span, first.frames,
        )  # fmt: skip


def _map(analysis: NetworkAnalysis) -> Shape | None:
    """The shape of the first input; None where it is none with axes, or something is unknown."""
    shape = analysis.inputs[0].shape if analysis.inputs else None
    return None if shape is None or len(shape) < 2 or analysis.broken else shape


def _looking(analysis: NetworkAnalysis) -> list[Node]:
    """The layers with weights and a window of several pixels on what stems from the first input."""
    nodes, fields = analysis.network.nodes, analysis.fields
    known: dict[tuple[int, Shape], bool] = {}
    found = []
    for node in nodes:
        layer = node.layer
        if layer is None or not (layer.windowed and layer.weighted) or node.train or node.result is None:
            continue
        shape = nodes[node.inputs[0]].output
        if shape is None or fields[node.inputs[0]] is None:
            continue
        key = (id(layer), shape)
        if key not in known:
            known[key] = any(step.reach > 1 for step in layer.steps(shape) or ())
        if known[key]:
            found.append(node)
    return found


def _covered(fields: Fields | None, shape: Shape) -> bool:
    """Whether the field that moves is as large as the input on every axis."""
    return fields is not None and all(field.local >= size for field, size in zip(fields, shape[1:], strict=True))


def _spelled(fields: Fields | None) -> str:
    return times([_number(field.local) for field in fields or ()])


def _number(value: Number) -> str:
    return str(value) if isinstance(value, int) else f"~{float(value):.1f}"


def _pixels(value: Number) -> str:
    """`1 pixel`, `4 pixels`, `~1.5 pixels`."""
    return f"{_number(value)} {'pixel' if value == 1 else 'pixels'}"


def never_covers(analysis: NetworkAnalysis) -> Iterator[Occurrence]:
    """Outputs behind two layers with windows or more, of which the widest field, before the positions are averaged away
    or at the end, is smaller than the input: the last layer with positions.
    """
    shape = _map(analysis)
    if shape is None:
        return
    nodes, fields = analysis.network.nodes, analysis.fields
    behind: list[int] = []
    for port in analysis.network.outputs:
        if port.node < 0 or port.train:
            continue
        node, how = _last_map(analysis, port.node)
        known = fields[node.position]
        if how == "weighed" or known is None:
            continue
        if any(field.local == 0 or len(field.parts) > 1 for field in known):
            continue  # a gate or an attention has seen all, or part of it
        if all(field.size >= size for field, size in zip(known, shape[1:], strict=True)):
            continue
        behind = behind or _behind(nodes, _looking(analysis))
        if behind[port.node] < _LEAST:
            continue
        what = f"the field of '{node.name}' is {_spelled(known)} of the {times(shape[1:])} input"
        end = "its positions are then averaged, each by itself" if how == "averaged" else "no output sees it whole"
        yield Occurrence(f"{what}: {end}", (node.name,), node.span, node.frames)


def _behind(nodes: list[Node], looking: list[Node]) -> list[int]:
    """For every node the most of the looking layers on a path that ends there."""
    own = bytearray(len(nodes))
    for node in looking:
        own[node.position] = 1
    behind: list[int] = []
    for node in nodes:
        before = max((behind[index] for index in node.inputs if index >= 0), default=0)
        behind.append(before + own[node.position])
    return behind


def _last_map(analysis: NetworkAnalysis, position: int) -> tuple[Node, str]:
    """The node whose fields still move, back along single inputs from an output, and what became of its positions:
    "averaged" by a global pool, "weighed" by what has weights for each, or "kept".
    """
    nodes = analysis.network.nodes
    node, how = nodes[position], "kept"
    while len(node.inputs) == 1 and node.inputs[0] >= 0:
        layer, before = node.layer, nodes[node.inputs[0]]
        shape = before.output
        if layer is None or shape is None:
            break
        several = node.output == shape or any(size > 1 for size in shape[1:])
        if len(shape) > 1 and several and layer.mixes_positions(shape, node.output or ()):
            return before, "weighed"
        steps = layer.steps(shape)
        if steps and all(step.whole for step in steps) and any(size > 1 for size in shape[1:]):
            return before, "averaged"
        fields = analysis.fields[node.position]
        if fields is not None and any(field.jump for field in fields):
            break
        node = before
    return node, how


def misaligned(analysis: NetworkAnalysis) -> Iterator[Occurrence]:
    """Merges of paths that look at different places: a warning from a whole position on, else a note."""
    nodes = analysis.network.nodes
    for one in misalignments(analysis.network, analysis.fields):
        first, other = (nodes[one.node.inputs[number]].name for number in one.paths)
        step, next_step = one.jumps
        if step != next_step:
            what = f"'{first}' steps by {_pixels(step)} of the input, '{other}' by "
            message = f"{what}{_number(next_step)} along the {one.axis}: they drift apart"
        else:
            apart, side = (one.shift, "after") if one.shift > 0 else (-one.shift, "before")
            message = (
                f"along the {one.axis} the field of '{other}' is centred {_pixels(apart)} of the input {side} "
                f"that of '{first}', where one step is {_number(step)}"
            )
        sentence = f"{one.node.kind} of paths that look at different places: {message}"
        yield Occurrence(sentence, (first, other), one.node.span, one.node.frames, severity="" if one.large else NOTE)
