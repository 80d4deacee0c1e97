"""Receptive fields, forwards: size, effective stride and first index along every axis of the first input.

The recurrence of counting.md: size += (F-1)*d*jump; start -= P_before*jump; jump *= S. A field is the hull of the
inputs that the first output depends on, not clipped to the image. Sources: Araujo, Norris and Sim, "Computing
Receptive Fields of Convolutional Neural Networks", Distill 2019; google-research/receptive_field.

After upsampling the numbers are nominal: exact fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from ...layers import Layer, Shape
from ...layers.reach import Number, Reach, Taps, whole_or_fraction
from ...network import Network, Node
from ...records import make
from ...values import largest, smallest
from .parts import AxisField, Fields, Part, merged

#: Numbers beyond this many bits are given up.
_MOST_BITS = 200
_MOST = 2**_MOST_BITS
#: What layers, by their id, read along the axes of inputs.
_Steps: TypeAlias = dict[tuple[int, Shape], tuple[Reach, ...] | None]


def receptive_fields(network: Network) -> list[Fields | None]:
    """The field of every node along the axes of the first input; None for what does not depend on it."""
    axis_fields: list[Fields | None] = []
    nodes = network.nodes
    known: _Steps = {}
    first = next((node.position for node in nodes if node.kind == "input"), None)
    for node in nodes:
        layer, reads = node.layer, node.inputs
        if node.result is None or layer is None or layer.opaque or not reads:
            axis_fields.append(_pixels(node) if node.position == first else None)
        elif layer.merges or len(reads) > 1:
            shapes = tuple([nodes[index].output or () for index in reads])
            axis_fields.append(_joined(layer, [axis_fields[index] for index in reads], shapes, node.output or ()))
        else:
            fields, shape = axis_fields[reads[0]], nodes[reads[0]].output
            axis_fields.append(_through(layer, fields, shape, node.output or (), known) if fields and shape else fields)
    return axis_fields


def _pixels(node: Node) -> Fields | None:
    """The fields of an input: a pixel each."""
    if node.output is None:
        return None
    sizes = node.output[1:]
    pixels = {size: make(AxisField, ((make(Part, (1, 1, 0, 0, size, False)),),)) for size in sizes}
    return tuple([pixels[size] for size in sizes])


def _bounded(fields: Fields | None) -> Fields | None:
    """`fields`, or None where a number has grown beyond any image: strides multiply."""
    last = None
    for field in fields or ():
        for part in field.parts if field is not last else ():
            for number in part[:5]:
                if type(number) is int:
                    if not -_MOST < number < _MOST:
                        return None
                elif not all(-_MOST < one < _MOST for one in number.as_integer_ratio()):
                    return None
        last = field
    return fields


def _joined(layer: Layer, entering: Sequence[Fields | None], shapes: tuple[Shape, ...], output: Shape) -> Fields | None:
    """The fields behind a layer of several inputs, which have the fields `entering`."""
    paths = [_path(layer, number, fields, shapes, output)
             for number, fields in enumerate(entering) if fields is not None]  # fmt: skip
    known = [path for path in paths if path is not None]
    return _bounded(merged(known)) if paths and len(known) == len(paths) else None


def _path(layer: Layer, number: int, fields: Fields, shapes: tuple[Shape, ...], output: Shape) -> Fields | None:
    """What one of several inputs of a layer, the one with this number, gives to the field behind it; its numbers may
    have grown beyond any image.
    """
    shape = shapes[number]
    if layer.merges and not layer.routed:
        return _spread_over(fields, shape, output)
    steps = None
    if len(shape) == len(output) == len(fields) + 1 and not (layer.mixes and layer.mixes_positions(shape, output)):
        steps = layer.path_steps(number, shapes)
    return _behind(fields, steps, output)


def _through(layer: Layer, fields: Fields, shape: Shape, output: Shape, known: _Steps) -> Fields | None:
    """The fields behind a layer whose one input has these fields, and is of `shape`."""
    if layer.pointwise and shape[1:] == output[1:]:
        return fields
    steps = None
    if len(shape) == len(output) == len(fields) + 1 and not (layer.mixes and layer.mixes_positions(shape, output)):
        key = (id(layer), shape)
        steps = known[key] if key in known else known.setdefault(key, layer.steps(shape))
    return _behind(fields, steps, output)


def _behind(fields: Fields, steps: tuple[Reach, ...] | None, output: Shape) -> Fields | None:
    """`fields` behind a layer that reads `steps`, or mixes the axes; None where a number is beyond any image's."""
    made: list[AxisField] = []
    for place, field in enumerate(fields):
        square = place and field is fields[place - 1]
        if steps is None:
            made.append(made[-1] if square else field.whole())
        elif square and steps[place] == steps[place - 1] and output[place + 1] == output[place]:
            made.append(made[-1])
        else:
            made.append(_step(field, steps[place], output[place + 1]))
    behind = tuple(made)
    return fields if behind == fields else _bounded(behind)  # the very same, so that what follows is known


def _step(field: AxisField, step: Reach, outputs: int) -> AxisField:
    """`field` behind a layer that reads `step`."""
    if step.whole:
        return field.whole()
    head, tail = step.margins(outputs) if isinstance(step, Taps) else (0, 0)
    more, stride, before, fractions = step.reach - 1, step.stride, step.before, step.nominal
    if more == 0 and stride == 1 and before == 0 and tail == 0 and not fractions:
        return field
    parts = []
    for size, jump, start, low, high, nominal in field.parts:
        first = start - before * jump
        wide = size + more * jump
        numbers: tuple[Number, ...] = (
            wide, jump * stride, first, largest(first, low - largest(head, 0) * jump),
            smallest(first + (outputs - 1) * jump * stride + wide, high + largest(tail, 0) * jump),
        )  # fmt: skip
        if nominal or fractions:
            numbers = tuple(map(whole_or_fraction, numbers))
        parts.append(make(Part, (*numbers, nominal or fractions)))
    return make(AxisField, (tuple(parts),))


def _spread_over(fields: Fields, shape: Shape, output: Shape) -> Fields:
    """`fields` of a path, standing still on the axes where its one position is stretched over all of the output's."""
    if shape[1:] == output[1:]:
        return fields
    if len(shape) - 1 != len(fields) or len(output) != len(shape):
        return fields
    return tuple(
        field.held() if size == 1 and made > 1 else field
        for field, size, made in zip(fields, shape[1:], output[1:], strict=True)
    )
