"""Receptive fields, forwards: size, effective stride and first index along every axis of the first input.

The recurrence of counting.md: size += (F-1)*d*jump; start -= P_before*jump; jump *= S. A field is the hull of the
inputs that the first output depends on, not clipped to the image. Sources: Araujo, Norris and Sim, "Computing
Receptive Fields of Convolutional Neural Networks", Distill 2019; google-research/receptive_field.

After upsampling the numbers are nominal: exact fractions.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...layers import Shape
from ...layers.reach import Reach
from ...layers.runs import whole_or_fraction
from ...network import Network, Node
from ...records import make
from .parts import AxisField, Fields, Part, merged

#: Numbers beyond this many bits are given up.
_MOST_BITS = 200
_MOST = 2**_MOST_BITS
_SMALL = 2**60
#: What a layer does to fields that are the same along all axes: the pixels that it adds, its stride, what it reads
#: before the first pixel, and how far all outputs read past the ends.
Effect = tuple[int, int, int, int, int]
#: The effect of a layer of which an output reads the pixel in its place.
_NONE: Effect = (0, 1, 0, 0, 0)


def receptive_fields(network: Network, effects: dict[int, Effect | None]) -> list[Fields | None]:
    """The field of every node along the axes of the first input; None for what does not depend on it.

    `effects` gets what layers of one input do, by the id of what became of them, which the build works out once.
    """
    found: list[Fields | None] = []
    nodes = network.nodes
    first = next((node.position for node in nodes if node.kind == "input"), None)
    for node in nodes:
        layer, result, reads = node.layer, node.result, node.reads
        if result is None:
            found.append(_pixels(node) if node.position == first else None)
            continue
        if not isinstance(reads, int):
            found.append(_from_several(node, found, nodes))
            continue
        before, shape = found[reads], nodes[reads].output
        output = result.output
        still = shape is not None and (shape == output or shape[1:] == output[1:])
        if not before or (still and layer is not None and layer.pointwise and len(before) == len(output) - 1):
            found.append(before)  # nothing moves; nor does what does not depend on the input, or has no axis
            continue
        made = id(result)
        if made not in effects:
            effects[made] = _effect(node, shape)
        effect = effects[made]
        quick = _quick(before, effect) if effect is not None and len(before) == len(output) - 1 else None
        found.append(quick or _bounded(_through(node, (before,), (shape,))))
    return found


def _from_several(node: Node, found: Sequence[Fields | None], nodes: Sequence[Node]) -> Fields | None:
    """The fields of a node that reads several tensors, or none."""
    inputs = node.inputs
    if not inputs:
        return None
    entering = [found[index] for index in inputs]
    shapes = [nodes[index].output for index in inputs]
    agreed = entering[0] if _agreed(node, entering, shapes) else None
    return agreed or _bounded(_through(node, entering, shapes))


def _effect(node: Node, shape: Shape | None) -> Effect | None:
    """The effect of a layer with one input on an even map; None where it takes a closer look."""
    layer, output = node.layer, node.output or ()
    if shape is None or layer is None or layer.merges or len(shape) != len(output):
        return None
    if layer.mixes_positions(shape, output):
        return None
    steps = layer.steps(shape)
    if not steps or steps.count(steps[0]) < len(steps) or output.count(output[1]) < len(output) - 1:
        return None
    step = steps[0]
    if step.whole or step.nominal:
        return None
    head, tail = step.margins(output[1])
    return (step.reach - 1, step.stride, step.before, head, tail)  # type: ignore[return-value]


def _quick(before: Fields, effect: Effect) -> Fields | None:
    """Fields behind a layer of that effect where they are whole numbers, of one part, and small; else None."""
    if effect == _NONE:
        return before
    field = before[0]
    size, jump, start, low, high, nominal = field.parts[0]
    if nominal or len(field.parts) > 1 or before.count(field) < len(before):
        return None
    reach, stride, lead, head, tail = effect
    moved = (size + reach * jump, jump * stride, start - lead * jump, low - head * jump, high + tail * jump, False)
    if moved[0] > _SMALL or moved[1] > _SMALL or moved[3] < -_SMALL or moved[4] > _SMALL:
        return None
    return (make(AxisField, ((make(Part, moved),),)),) * len(before)


def _agreed(node: Node, entering: Sequence[Fields | None], shapes: Sequence[Shape | None]) -> bool:
    """Whether a merge joins paths that all have the very same fields, none of which it stretches."""
    first, shape = entering[0], shapes[0]
    if first is None or not shape or node.layer is None or not node.layer.merges:
        return False
    same = entering.count(first) == len(entering) and shapes.count(shape) == len(shapes)
    return same and (node.output or ())[1:] == shape[1:]


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
                elif max(map(int.bit_length, number.as_integer_ratio())) > _MOST_BITS:
                    return None
        last = field
    return fields


def _through(node: Node, entering: Sequence[Fields | None], shapes: Sequence[Shape | None]) -> Fields | None:
    """The fields behind a node whose inputs have the fields `entering`."""
    layer, output = node.layer, node.output or ()
    if layer is None:
        return None
    if layer.merges:
        known = [_spread_over(fields, shape, output) for fields, shape in zip(entering, shapes, strict=True)
                 if fields is not None and shape is not None]  # fmt: skip
        return merged(known) if known else None
    fields, shape = entering[0], shapes[0]
    if fields is None or shape is None or not fields:
        return fields
    steps = None if layer.mixes_positions(shape, output) or len(shape) - 1 != len(fields) else layer.steps(shape)
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
    return fields if behind == fields else behind  # the very same, so that what follows is known


def _step(field: AxisField, step: Reach, outputs: int) -> AxisField:
    """`field` behind a layer that reads `step`."""
    if step.whole:
        return field.whole()
    head, tail = step.margins(outputs)
    if step.reach == 1 and step.stride == 1 and step.before == 0 and tail == 0 and not step.nominal:
        return field
    reach, stride, before, nominal = step.reach - 1, step.stride, step.before, step.nominal
    exact = whole_or_fraction
    return AxisField(
        tuple(
            Part(
                exact(part.size + reach * part.jump), exact(part.jump * stride), exact(part.start - before * part.jump),
                exact(part.low - head * part.jump), exact(part.high + tail * part.jump), part.nominal or nominal,
            )
            for part in field.parts
        )
    )  # fmt: skip


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
