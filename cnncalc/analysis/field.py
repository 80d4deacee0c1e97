"""Receptive fields, forwards: size, effective stride and first index along every axis of the first input.

The recurrence of counting.md: size += (F-1)*d*jump; start -= P_before*jump; jump *= S. A field is the hull of the
inputs that an output depends on, not clipped to the image. After an upsampling layer it is not worked out: None.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..graph import Network, Node
from ..layers import Layer, Shape


class Field(NamedTuple):
    """The receptive field along one axis of the input."""

    size: int
    jump: int
    start: int

    def whole(self, positions: int) -> Field:
        """The hull over `positions` outputs, as one."""
        return Field(self.size + (positions - 1) * self.jump, 0, self.start)


Fields = tuple[Field, ...]


def receptive_fields(network: Network) -> list[Fields | None]:
    """The field of every node along the axes of the first input; None where it is not worked out."""
    found: list[Fields | None] = []
    first = next((node.position for node in network.nodes if node.kind == "input"), None)
    cache: dict[tuple[int, tuple[Shape | None, ...], tuple[Fields | None, ...]], Fields | None] = {}
    for node in network.nodes:
        if node.kind == "input":
            shape = node.output
            found.append(None if shape is None or node.position != first else (Field(1, 1, 0),) * (len(shape) - 1))
            continue
        if node.layer is None or node.output is None or not node.inputs:
            found.append(None)
            continue
        entering = tuple(found[index] for index in node.inputs)
        shapes = tuple(network.nodes[index].output for index in node.inputs)
        key = (id(node.layer), shapes, entering)
        if key not in cache:
            cache[key] = _through(node, node.layer, entering, shapes)
        found.append(cache[key])
    return found


def _through(
    node: Node, layer: Layer, entering: Sequence[Fields | None], shapes: Sequence[Shape | None]
) -> Fields | None:
    known = [fields for fields in entering if fields is not None]
    if not known:
        return None
    if layer.merges:
        return tuple(_union(axis) for axis in zip(*known, strict=True))
    fields, shape = known[0], shapes[0]
    if shape is None or not fields:
        return None
    sizes = shape[1:]
    if layer.mixes or len(sizes) != len(fields):
        return _whole(fields, sizes)
    steps = layer.steps(shape)
    if steps is None:
        return None
    return tuple(
        field.whole(step.size)
        if step.whole
        else Field(
            field.size + (step.reach - 1) * field.jump,
            field.jump * step.stride,
            field.start - step.before * field.jump,
        )
        for field, step in zip(fields, steps, strict=True)
    )


def _whole(fields: Fields, sizes: Shape) -> Fields:
    """All positions as one; where the axes are no longer those of the input, the fields already are."""
    if len(sizes) != len(fields):
        return tuple(field._replace(jump=0) for field in fields)
    return tuple(field.whole(size) for field, size in zip(fields, sizes, strict=True))


def _union(axis: tuple[Field, ...]) -> Field:
    start = min(field.start for field in axis)
    end = max(field.start + field.size for field in axis)
    return Field(end - start, max(field.jump for field in axis), start)
