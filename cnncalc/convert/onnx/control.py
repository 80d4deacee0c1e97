"""Operators with graphs in them: If, Loop and Scan.

A graph runs as often as is known before. Where that hangs on what enters the network, all that is known is which shapes
stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING

from ...layers import LayerError
from ...values import MOST_NUMBERS, Shape, pick
from .call import NodeCall, NodeOutcome
from .steps import Body, GraphScope, OperatorStep, shown
from .tensors import BOOL, INT64
from .values import NodeOutput, Value, axis_of

if TYPE_CHECKING:
    from .graph import Passage


def choice(passage: Passage, call: NodeCall, scope: GraphScope) -> None:
    """If: the branch that is taken, where that is known; else what both give, if that is the same."""
    condition = call.get(0)
    known = condition.numbers if condition is not None else None
    names = ("then_branch", "else_branch")
    if known:
        return _passed(passage, call, _branch(passage, call, names[0] if known[0] else names[1], scope), scope)
    start, both, steps = len(passage.steps), [], []
    for name in names:
        both.append(_branch(passage, call, name, scope))
        steps.append(passage.steps[start:])
        del passage.steps[start:]
    can_run = [place for place, some in enumerate(steps) if all(step.answer.fault is None for step in some)]
    if len(can_run) != 1:
        outs = [_either(*pair) for pair in zip(*both, strict=False)]
        return passage.finish(call, NodeOutcome(outs), True, scope)
    passage.steps += steps[can_run[0]]  # at these sizes the other cannot be meant
    return _passed(passage, call, both[can_run[0]], scope)


def _branch(passage: Passage, call: NodeCall, name: str, scope: GraphScope) -> Sequence[Value | None]:
    """What the graph in an attribute gives."""
    body = passage.body(call, name)
    prefix = f"{shown(call.node.name)}/" if call.node.name and not body.graph.nodes[:1] else ""
    return passage.run(body, (), scope, prefix)


def _either(one: Value | None, other: Value | None) -> NodeOutput:
    """What is known of the result of two branches, whichever is taken."""
    if one is None or other is None or one.shape != other.shape:
        return NodeOutput(None)
    return NodeOutput(one.shape, one.axis if one.axis == other.axis else None)


def _passed(passage: Passage, call: NodeCall, taken: Sequence[Value | None], scope: GraphScope) -> None:
    """Gives what a graph came to the names of what its operator gives; that it is an operator itself says --raw."""
    for name, value in zip(call.node.outputs, taken, strict=False):
        passage.pass_on(name, value, scope)
    if passage.raw and taken and all(value is not None for value in taken):
        step = OperatorStep(call.node, passage.named(call.node), list(taken), NodeOutcome((), weights=()), [])
        step.outs = [Value(value.shape, value.axis) for value in taken if value is not None]
        for name, value in zip(call.node.outputs, step.outs, strict=False):
            value.name, value.producer = name, step
        passage.steps.append(step)


def loop(passage: Passage, call: NodeCall, scope: GraphScope) -> None:
    """As often as a number says, and while a condition holds. Raises Corrupt, TooManyLayers."""
    body, carried = passage.body(call, "body"), list(call.inputs[2:])
    trips, condition = call.get(0), call.get(1)
    most = None if trips is None else trips.numbers
    goes_on = [True] if condition is None else condition.numbers
    if (trips is not None and not most) or not goes_on:
        return _unknown(passage, call, scope, body, carried)
    start, times, rows = len(passage.steps), 0, list[Sequence[Value | None]]()
    while goes_on and goes_on[0] and (most is None or times < most[0]):
        values = _pass(passage, call, scope, body, carried, times) if passage.room(body, 1) else ()
        goes_on = values[0].numbers if values and values[0] is not None else None
        if not goes_on:  # too often, or nobody knows how often
            del passage.steps[start:]
            return _unknown(passage, call, scope, body, list(call.inputs[2:]))
        carried, times = list(values[1 : 1 + len(carried)]), times + 1
        rows.append(values[1 + len(carried) :])
    scans = len(call.node.outputs) - len(carried)
    if not rows and scans > 0:
        shape_of_none = _tried(passage, call, scope, body, carried)[1 + len(carried) :]
        made = [
            None if value is None or value.shape is None else NodeOutput((0, *value.shape)) for value in shape_of_none
        ]
        return _ended(passage, call, scope, carried, [output or NodeOutput(None) for output in made], [])
    columns = [[row[place] if place < len(row) else None for row in rows] for place in range(scans)]
    return _ended(passage, call, scope, carried, [_stacked(column, 0) for column in columns], columns)


def scan(passage: Passage, call: NodeCall, scope: GraphScope) -> None:
    """Once for each place on an axis of its last inputs. Raises Corrupt, TooManyLayers."""
    body, count = passage.body(call, "body"), call.attr("num_scan_inputs", 1)
    first = 1 if call.version < 9 else 0  # the lengths of sequences
    states, walked = list(call.inputs[first : len(call.inputs) - count]), call.inputs[len(call.inputs) - count :]
    shapes = [None if value is None else value.shape for value in walked]
    if call.version < 9 or None in shapes or not 0 < count <= len(call.inputs):
        return passage.finish(call, NodeOutcome(()), True, scope)
    values = [value for value in walked if value is not None]
    axes = [
        axis_of(axis, len(value.known))
        for axis, value in zip(call.ints("scan_input_axes", count, 0), values, strict=True)
    ]
    lengths = {value.known[axis] for value, axis in zip(values, axes, strict=True)}
    if len(lengths) != 1:
        raise LayerError(f"the scanned axes have {' and '.join(map(str, sorted(lengths)))} places")
    (length,) = lengths
    rows = list[Sequence[Value | None]]()
    if not length or not passage.room(body, length):
        return passage.finish(call, NodeOutcome(()), True, scope)
    backwards = call.ints("scan_input_directions", count, 0)
    for time in range(length):
        places = [length - 1 - time if back else time for back in backwards]
        parts = [_part(passage, call, *one, time) for one in zip(values, axes, places, strict=True)]
        found = passage.run(body, [*states, *parts], scope, _prefix(call, time))
        states = list(found[: len(states)])
        rows.append(found[len(states) :])
    scans = len(call.node.outputs) - len(states)
    columns = [[row[place] if place < len(row) else None for row in rows] for place in range(scans)]
    ends = call.ints("scan_output_axes", scans, 0)
    return _ended(passage, call, scope, states, [_stacked(*one) for one in zip(columns, ends, strict=True)], columns)


def _prefix(call: NodeCall, time: int) -> str:
    return f"{shown(call.node.name) or call.op}/{time}/"


def _pass(
    passage: Passage, call: NodeCall, scope: GraphScope, body: Body, carried: Sequence[Value | None], time: int
) -> Sequence[Value | None]:
    """One pass of a loop: whether it goes on, what it hands on, what it gives of each pass."""
    count, going = Value((), None, [time], INT64, fixed=True), Value((), None, [True], BOOL, fixed=True)
    return passage.run(body, [count, going, *carried], scope, _prefix(call, time))


def _tried(
    passage: Passage, call: NodeCall, scope: GraphScope, body: Body, carried: Sequence[Value | None]
) -> Sequence[Value | None]:
    """What a pass of a loop gives, which is no step of the network."""
    start = len(passage.steps)
    values = _pass(passage, call, scope, body, carried, 0)
    failed = any(step.answer.fault is not None for step in passage.steps[start:])
    del passage.steps[start:]
    return [None] * len(body.graph.outputs) if failed else values


def _unknown(passage: Passage, call: NodeCall, scope: GraphScope, body: Body, carried: Sequence[Value | None]) -> None:
    """A loop that nobody knows how often it runs: what it hands on has its shape, if one pass leaves that as it was."""
    values = _tried(passage, call, scope, body, [None if value is None else _moving(value) for value in carried])
    outs = []
    for before, after in zip(carried, values[1:], strict=False):
        stays = before is not None and after is not None and before.shape == after.shape and after.axis == before.axis
        outs.append(NodeOutput(before.shape, before.axis) if stays and before is not None else NodeOutput(None))
    passage.finish(call, NodeOutcome(outs), True, scope)


def _moving(value: Value) -> Value:
    """The value without numbers: they are those of the first pass alone."""
    return Value(value.shape, value.axis, None, value.dtype)


def _part(passage: Passage, call: NodeCall, value: Value, axis: int, place: int, time: int) -> Value:
    """A tensor at one place of an axis, by a step of its own."""
    shape = value.known
    numbers = None
    if value.numbers is not None:
        ranges = [range(size) for size in shape]
        ranges[axis] = range(place, place + 1)
        numbers = pick(value.numbers, shape, ranges)
    kept = None if value.axis in (None, axis) else value.axis - (value.axis > axis)
    made = Value((*shape[:axis], *shape[axis + 1 :]), kept, numbers, value.dtype, value.fixed, value.storages)
    step = OperatorStep(
        call.node, passage.prefix + _prefix(call, time).rstrip("/"), [value], NodeOutcome((), weights=()), [made]
    )
    made.producer = step
    passage.steps.append(step)
    return made


def _stacked(column: Sequence[Value | None], axis: int) -> NodeOutput:
    """What every pass gives, along an axis of its own."""
    values = [value for value in column if value is not None]
    shapes = {value.shape for value in values}
    if len(values) < len(column) or len(shapes) != 1 or None in shapes:
        return NodeOutput(None)
    (one,) = shapes
    shape: Shape = one or ()
    place = axis_of(axis, len(shape) + 1)
    found = {value.axis for value in values}
    kept = found.pop() if len(found) == 1 else None
    kept = None if kept is None else kept + (kept >= place)
    made = (*shape[:place], len(values), *shape[place:])
    numbers = None
    if not place and prod(made) <= MOST_NUMBERS and all(value.numbers is not None for value in values):
        numbers = [number for value in values for number in value.numbers or ()]
    return NodeOutput(made, kept, numbers)


def _ended(
    passage: Passage, call: NodeCall, scope: GraphScope, states: Sequence[Value | None], made: Sequence[NodeOutput],
    columns: Sequence[Sequence[Value | None]],
) -> None:  # fmt: skip
    """Gives what was handed on last its names, and what every pass gave, in a step that puts it together."""
    node = call.node
    if not made:
        return _passed(passage, call, states, scope)
    every = [value for column in columns for value in column]
    rest = NodeCall(node.changed(outputs=node.outputs[len(states) :]), every, call.version, call.outer, call.assembler)
    passage.finish(rest, NodeOutcome(made, weights=()), False, scope)
    call.node = node.changed(outputs=node.outputs[: len(states)])
    return _passed(passage, call, states, scope)


#: What goes through an operator with graphs in it.
HANDLERS: Mapping[str, Callable[[Passage, NodeCall, GraphScope], None]] = {"If": choice, "Loop": loop, "Scan": scan}
