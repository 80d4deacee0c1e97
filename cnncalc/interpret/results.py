"""Layers with several results: a tensor for each name of their line."""

from __future__ import annotations

from collections.abc import Sequence

from ..layers import Layer
from ..network import UNKNOWN
from ..network.assembler import TooManyLayers
from ..spec.nodes import Element, Line
from .binding import ArgumentFault, bind_layer
from .elements import Elements
from .reporting import Reporter


def apply_all(
    elements: Elements, cls: type[Layer], rank: int | None, element: Element, names: Sequence[str]
) -> tuple[int, ...]:
    """Applies the layer with several results that `element` says to the running tensor; the results, in order.

    Raises Halt at the limit on layers.
    """
    position, running = elements.position, elements.position.running
    unknown = (UNKNOWN,) * max(len(names), 2)
    try:
        layer = elements.make(cls, rank, bind_layer(cls, element), element)
    except ArgumentFault as fault:
        elements.reporter.misread(fault, element)
        layer = None
    if running is None:
        elements.reporter.no_tensor(element.start, element.end)
    if layer is None or running is None:
        return unknown
    full = [position.full_name(name) for name in names]
    try:
        made = elements.assembler.apply_all(layer, (running,), full, position.span(element.start, element.end))
    except TooManyLayers as limit:
        elements.halt(limit, element)
    if made[0].fault is not None:
        elements.reporter.layer_fault(made[0].fault, cls, element, bind_layer(cls, element).given)
        return unknown
    return tuple(applied.node for applied in made)


def misnamed(reporter: Reporter, element: Element, count: int, line: Line, final: bool) -> None:
    """Reports an element that gives `count` results, and stands in a line that has not as many names for it; `final`:
    at its end.
    """
    given = [name.id for name in line.names] or ([line.name] if line.name else [])
    message = f"'{element.name}' gives {count} result{'s' * (count > 1)}"
    if not final:
        help = "it ends its line, and each result has a name: 'a, b = …'"
    else:
        message += f", and the line has {len(given) or 'no'} name{'s' * (len(given) > 1)}"
        fresh = [name for name in "abcdefgh" if name not in given]
        help = f"write '{', '.join([*given, *fresh][:count])}{', …' * (count > 8)} = …'"
    if count == 1:
        help = f"write '{given[0]} = …'"
    reporter.error("results", message, element.start, element.end, help)
