"""What a missing argument has to be, where the arrow behind its line says what is to come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...convert.lookup import lookup
from ...layers import Layer, LayerError
from ...spec import Unresolved
from ...spec.nodes import Element, Line
from ...values import Shape, Size, channels_first
from ..environment import Environment
from ..expectations import Pattern, matches

#: The sizes that are tried, the usual ones first; of a convolution with the pad that keeps the size, too.
_USUAL, _LARGEST = (3, 5, 7, 2, 4, 1, 11), 64


def fitting_argument(
    environment: Environment, cls: type[Layer], given: Mapping[str, Any], missing: str, element: Element
) -> str | None:
    """``write 'maxpool 4'``: the number in the place of `missing` with which the layer gives what its line expects.

    `given` are the values of its other arguments. None where no number does, or nothing is expected.
    """
    expected, entering = _expected(environment, element), _entering(environment)
    if expected is None or entering is None or missing not in cls.sorts:
        return None
    for values in _candidates(cls, given, missing):
        try:
            layer = cls.create({**given, **values})
            layer.check()
            if not matches(layer.output((entering,)), expected):
                continue
        except LayerError:
            continue
        position = environment.position
        line = position.level.source.line(position.statement.line)[position.statement.indent :]
        text = line[element.start : element.end]
        words = [f"{name}={value}" if name != missing or "=" in text else str(value) for name, value in values.items()]
        return f"write '{' '.join([text, *words])}'"
    return None


def _expected(environment: Environment, element: Element) -> Pattern | None:
    """What is to come out of `element` by the arrow of its line, behind it layers that keep the shape only."""
    node = environment.position.statement.node
    arrow = node.arrow if isinstance(node, Line) else None
    if not isinstance(node, Line) or arrow is None or not arrow.constant or element not in node.elements:
        return None
    behind = [lookup(one.name) for one in node.elements[node.elements.index(element) + 1 :]]
    if not all(found is not None and found[0].pointwise for found in behind):
        return None
    try:
        value = environment.value(arrow.value)
    except Unresolved:
        return None
    return channels_first(value, environment.layout) if isinstance(value, Size) else None


def _entering(environment: Environment) -> Shape | None:
    running = environment.position.running
    return None if running is None else environment.position.shape_of(running)


def _candidates(cls: type[Layer], given: Mapping[str, Any], missing: str) -> Iterator[dict[str, int]]:
    """The numbers that may be meant; where it grows a map, as the stride, too; the usual ones with half as the pad."""
    if cls.transposed and "stride" not in given:
        yield from ({missing: size, "stride": size} for size in range(2, 9))
    for size in _USUAL:
        yield {missing: size}
        if (
            cls.learns
            and missing == "kernel"
            and "padding" in cls.keys
            and cls.keys["padding"] not in given
            and size > 1
        ):
            yield {missing: size, cls.keys["padding"]: size // 2}
    yield from ({missing: size} for size in range(2, _LARGEST + 1) if size not in _USUAL)
