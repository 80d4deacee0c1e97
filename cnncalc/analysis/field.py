"""Receptive fields, forwards: size, effective stride and first index along every axis of the first input.

The recurrence of counting.md: size += (F-1)*d*jump; start -= P_before*jump; jump *= S. A field is the hull of the
inputs that the first output depends on, not clipped to the image. Sources: Araujo, Norris and Sim, "Computing
Receptive Fields of Convolutional Neural Networks", Distill 2019; google-research/receptive_field.

Where paths merge that step differently, one size and one jump are not enough for what follows: a gate made by a global
pool stays where it is while the window beside it moves. So a field has a part for every jump, and each takes the
recurrence by itself; what is reported is their hull. After upsampling the numbers are nominal: exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ..graph import Network, Node
from ..layers import Layer, Shape
from ..layers.reach import Reach
from ..layers.runs import Number, whole_or_fraction
from ..records import Record, make

#: Different jumps that are kept apart; networks have one or two.
_MOST_PARTS = 8
#: Numbers beyond this many bits are given up.
_MOST_BITS = 200
_MOST = 2**_MOST_BITS
_SMALL = 2**60


class Part(Record):
    """Pixels of which output i sees those from start + i*jump on; all outputs together those from `low` to `high`."""

    size: Number
    jump: Number
    start: Number
    low: Number
    high: Number
    nominal: bool = False

    @property
    def centre(self) -> Number:
        """The middle of the first output's pixels."""
        return whole_or_fraction(self.start + Fraction(self.size - 1) / 2)


class Field(Record):
    """The receptive field along one axis of the input, as parts by falling jump."""

    parts: tuple[Part, ...]

    @property
    def size(self) -> Number:
        """Pixels that the first output depends on, from the first to the last."""
        if len(self.parts) == 1:
            return self.parts[0].size
        return max(part.start + part.size for part in self.parts) - self.start

    @property
    def jump(self) -> Number:
        """The effective stride: pixels from one output's field to the next."""
        return self.parts[0].jump

    @property
    def start(self) -> Number:
        """The first index of the first field; negative on padding."""
        return min(part.start for part in self.parts)

    @property
    def nominal(self) -> bool:
        """Whether an upsampling or an uneven layer lies before it, so that the numbers are those of its recurrence."""
        return any(part.nominal for part in self.parts)

    @property
    def local(self) -> Number:
        """The size without what is the same for all outputs (a global gate); 0 where all of it is."""
        if len(self.parts) == 1:
            return self.parts[0].size if self.parts[0].jump else 0
        moving = [part for part in self.parts if part.jump]
        return Field(tuple(moving)).size if moving else 0

    def whole(self) -> Field:
        """All positions as one."""
        return Field(joined([Part(part.high - part.low, 0, part.low, part.low, part.high, part.nominal)
                             for part in self.parts]))  # fmt: skip

    def held(self) -> Field:
        """A lone position, that every later output reads: it does not move any more."""
        return Field(joined([part._replace(jump=0, low=part.start, high=part.start + part.size)
                             for part in self.parts]))  # fmt: skip


Fields = tuple[Field, ...]
#: What is known already of a layer, by its id, on an input shape.
Steps = dict[tuple[int, Shape], tuple[Reach, ...] | None]


#: What a layer does to the fields of an even map, the same along every axis: nothing where empty, else the pixels that
#: it adds, its stride, what it reads before the first pixel, and how far all outputs read past the ends.
Effect = tuple[int, ...]


def receptive_fields(network: Network) -> list[Fields | None]:
    """The field of every node along the axes of the first input; None for what does not depend on it."""
    found: list[Fields | None] = []
    nodes = network.nodes
    first = next((node.position for node in nodes if node.kind == "input"), None)
    #: By layer and shape and the identity of the fields, which `found` keeps alive.
    cache: dict[tuple[object, ...], Fields | None] = {}
    steps: Steps = {}
    effects: dict[tuple[int, Shape | None], Effect | None] = {}
    for node in nodes:
        layer, inputs = node.layer, node.inputs
        if node.kind == "input":
            found.append(_pixels(node) if node.position == first else None)
        elif layer is None or node.output is None or not inputs:
            found.append(None)
        elif len(inputs) == 1:
            before, shape = found[inputs[0]], nodes[inputs[0]].output
            look = (id(layer), shape)
            if look not in effects:
                effects[look] = _effect(node, layer, shape, steps)
            key = (*look, id(before))
            if key not in cache:
                quick = _quick(before, effects[look], shape)
                cache[key] = quick or _bounded(_through(node, layer, (before,), (shape,), steps))
            found.append(cache[key])
        else:
            entering = tuple(found[index] for index in inputs)
            shapes = tuple(nodes[index].output for index in inputs)
            agreed = entering[0] if _agreed(node, entering, shapes) else None
            found.append(agreed or _bounded(_through(node, layer, entering, shapes, steps)))
    return found


def _effect(node: Node, layer: Layer, shape: Shape | None, known_steps: Steps) -> Effect | None:
    """The effect of a layer with one input on an even map; None where it takes a closer look."""
    output = node.output or ()
    if shape is None or layer.merges or len(shape) != len(output) or mixes(layer, shape, output):
        return None
    if type(layer).steps is Layer.steps:  # one pixel, as activations and normalisations do
        return () if shape[1:] == output[1:] else None
    steps = known_steps[id(layer), shape] = layer.steps(shape)
    if not steps or steps.count(steps[0]) < len(steps) or output.count(output[1]) < len(output) - 1:
        return None
    step = steps[0]
    if step.whole or step.nominal:
        return None
    head, tail = step.margins(output[1])
    effect = (step.reach - 1, step.stride, step.before, head, tail)
    return () if effect == (0, 1, 0, 0, 0) else effect  # type: ignore[return-value]


def _quick(before: Fields | None, effect: Effect | None, shape: Shape | None) -> Fields | None:
    """Fields behind a layer of that effect where they are whole numbers, of one part, and small; else None."""
    if not before or effect is None or shape is None or len(before) != len(shape) - 1:
        return None
    if not effect:
        return before
    field = before[0]
    size, jump, start, low, high, nominal = field.parts[0]
    if nominal or len(field.parts) > 1 or before.count(field) < len(before):
        return None
    reach, stride, lead, head, tail = effect
    moved = (size + reach * jump, jump * stride, start - lead * jump, low - head * jump, high + tail * jump, False)
    if moved[0] > _SMALL or moved[1] > _SMALL or moved[3] < -_SMALL or moved[4] > _SMALL:
        return None
    return (make(Field, ((make(Part, moved),),)),) * len(before)


def _agreed(node: Node, entering: Sequence[Fields | None], shapes: Sequence[Shape | None]) -> bool:
    """Whether a merge joins paths that all have the very same fields, none of which it stretches."""
    first, shape = entering[0], shapes[0]
    if first is None or not shape or node.layer is None or not node.layer.merges:
        return False
    same = all(one is first for one in entering) and all(one == shape for one in shapes)
    return same and (node.output or ())[1:] == shape[1:]


def _pixels(node: Node) -> Fields | None:
    """The fields of an input: a pixel each."""
    if node.output is None:
        return None
    pixels = {size: Field((Part(1, 1, 0, 0, size),)) for size in node.output[1:]}
    return tuple(pixels[size] for size in node.output[1:])


def _bounded(fields: Fields | None) -> Fields | None:
    """`fields`, or None where a number has grown beyond any image: strides multiply."""
    for field in fields or ():
        for part in field.parts:
            for number in part[:5]:
                if type(number) is int:
                    if not -_MOST < number < _MOST:
                        return None
                elif max(map(int.bit_length, number.as_integer_ratio())) > _MOST_BITS:
                    return None
    return fields


def mixes(layer: Layer, shape: Shape, output: Shape) -> bool:
    """Whether an output of `layer` depends on all positions: not where nothing is to be mixed, as of a vector."""
    return layer.mixes and not (shape == output and layer.kind in ("flatten", "reshape", "tokens"))


def _through(
    node: Node, layer: Layer, entering: Sequence[Fields | None], shapes: Sequence[Shape | None], known_steps: Steps
) -> Fields | None:
    output = node.output or ()
    if layer.merges:
        known = [_spread_over(fields, shape, output) for fields, shape in zip(entering, shapes, strict=True)
                 if fields is not None and shape is not None]  # fmt: skip
        return merged(known) if known else None
    fields, shape = entering[0], shapes[0]
    if fields is None or shape is None or not fields:
        return fields
    if mixes(layer, shape, output) or len(shape) - 1 != len(fields):
        return tuple(field.whole() for field in fields)
    key = (id(layer), shape)
    if key not in known_steps:
        known_steps[key] = layer.steps(shape)
    steps = known_steps[key]
    if steps is None:
        return tuple(field.whole() for field in fields)
    made: list[Field] = []
    for place, (field, step, size) in enumerate(zip(fields, steps, output[1:], strict=True)):
        if place and field is fields[place - 1] and step == steps[place - 1] and size == output[place]:
            made.append(made[-1])  # a square: one axis like the other
        else:
            made.append(_step(field, step, size))
    return fields if all(one is other for one, other in zip(made, fields, strict=True)) else tuple(made)


def _step(field: Field, step: Reach, outputs: int) -> Field:
    """`field` behind a layer that reads `step`."""
    if step.whole:
        return field.whole()
    head, tail = step.margins(outputs)
    if step.reach == 1 and step.stride == 1 and step.before == 0 and tail == 0 and not step.nominal:
        return field
    reach, stride, before, nominal = step.reach - 1, step.stride, step.before, step.nominal
    exact = whole_or_fraction
    return Field(
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
    if len(shape) - 1 != len(fields) or len(output) != len(shape):
        return fields
    return tuple(
        field.held() if size == 1 and made > 1 else field
        for field, size, made in zip(fields, shape[1:], output[1:], strict=True)
    )


def merged(paths: Sequence[Fields]) -> Fields:
    """The union of the paths' fields."""
    if len(paths) == 1 or all(fields is paths[0] for fields in paths):
        return paths[0]
    found: list[Field] = []
    known: dict[tuple[int, ...], Field] = {}  # a square: one axis like the other
    for axis in zip(*paths, strict=True):
        key = tuple(map(id, axis))
        if key not in known:
            known[key] = Field(joined([part for field in axis for part in field.parts]))
        found.append(known[key])
    return tuple(found)


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts by falling jump, those of one jump as one."""
    by_jump: dict[Number, Part] = {}
    for part in parts:
        other = by_jump.get(part.jump)
        by_jump[part.jump] = part if other is None else _hull(other, part, part.jump)
    found = sorted(by_jump.values(), key=lambda part: -part.jump)
    while len(found) > _MOST_PARTS:  # the larger jump: a field that is not too small
        last, other = found.pop(-2), found.pop(-2)
        found.insert(-1, _hull(other, last, other.jump))
    return tuple(found)


def _hull(one: Part, other: Part, jump: Number) -> Part:
    start = min(one.start, other.start)
    end = max(one.start + one.size, other.start + other.size)
    return Part(end - start, jump, start, min(one.low, other.low), max(one.high, other.high),
                one.nominal or other.nominal)  # fmt: skip
