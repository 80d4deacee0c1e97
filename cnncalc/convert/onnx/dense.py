"""Products of matrices, normalisations and layers that go through a sequence."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from ...layers import LayerError
from ...values import Shape, Word, how_many
from .call import Handler, NodeCall, NodeOutcome
from .elementwise import common_axis, letter
from .values import Initializer, NodeOutput, OperatorFault, Value, axis_of, broadcast, spelled


def _storages(*values: Value | None) -> list[Initializer]:
    """What the file stores for fixed values."""
    return [storage for value in values if value is not None and value.fixed for storage in value.storages]


def gemm(call: NodeCall) -> NodeOutcome:
    """A fully connected layer, where the second matrix is stored; else a product."""
    value, weight, bias = call.need(0), call.need(1), call.get(2)
    first, second = value.known, weight.known
    if len(first) != 2 or len(second) != 2:
        raise OperatorFault(f"Gemm takes two matrices, not {spelled([first, second])}")
    turned, columns = bool(call.attr("transA", 0)), bool(call.attr("transB", 0))
    rows, joined = first[::-1] if turned else first
    inner, units = second[::-1] if columns else second
    if joined != inner:
        raise OperatorFault(f"the matrix has {how_many(inner, 'row')}, and the input {how_many(joined, 'column')}")
    return _product(call, value, weight, bias, (rows, joined, units), turned)


def _product(
    call: NodeCall, value: Value, weight: Value, bias: Value | None, sizes: tuple[int, int, int], turned: bool
) -> NodeOutcome:
    rows, joined, units = sizes
    if weight.fixed and not turned and not value.fixed and (bias is None or bias.fixed):
        stored = None if bias is None else prod(bias.known)
        if value.axis == 0 and stored in (None, units):
            return call.answer("fc", {"units": units, "bias": bias is not None}, value, [weight, bias])
    axis = None if value.axis is None else (value.axis ^ 1 if turned else value.axis)
    axis = axis if axis == 0 else None
    macs = joined * units * (1 if axis == 0 else rows)
    return NodeOutcome([NodeOutput((rows, units), axis)], weights=_storages(weight, bias), macs=macs)


def matmul(call: NodeCall) -> NodeOutcome:
    """A product over the last two axes; with stored weights a fully connected layer, at every position."""
    places = {"QLinearMatMul": (0, 3), "MatMulNBits": (0, 1)}.get(call.op, (0, 1))
    value, other = call.need(places[0]), call.need(places[1])
    return multiplied(call, value, other)


def multiplied(call: NodeCall, value: Value, other: Value) -> NodeOutcome:
    """The matrix product of two values."""
    first, second = value.known, other.known
    if not first or not second:
        raise OperatorFault("a matrix product of a scalar")
    one, two = (first if len(first) > 1 else (1, *first)), (second if len(second) > 1 else (*second, 1))
    if one[-1] != two[-2]:
        raise OperatorFault(
            f"{spelled([first, second])} do not go together: {how_many(one[-1], 'column')}, {how_many(two[-2], 'row')}"
        )
    outer = broadcast([one[:-2], two[:-2]])
    shape = (*outer, *(one[-2:-1] if len(first) > 1 else ()), *(two[-1:] if len(second) > 1 else ()))
    if other.fixed and not value.fixed and len(first) == 2 == len(second) and value.axis == 0:
        return call.answer("fc", {"units": second[1], "bias": False}, value, [other])
    axis = _axis(value, other, (*outer, one[-2], two[-1]))
    if len(first) == 1 and axis == len(outer) + 1:
        axis -= 1
    samples = shape[axis] if axis is not None and shape[axis] else 1
    total = prod(outer) * one[-2] * two[-1] * one[-1]
    if not value.fixed and not other.fixed and axis == 0 == value.axis == other.axis:
        answer = call.merged("matmul", [value, other], shape, axis)
        if answer.layer is not None:
            return answer
    return NodeOutcome([NodeOutput(shape, axis)], weights=_storages(value, other), macs=total // samples)


def _axis(value: Value, other: Value, shape: Shape) -> int | None:
    """The sample axis of a product of matrices, of this shape: one of the outer axes, or the rows of the first."""
    found = common_axis([one for one in (value, other) if not one.fixed], shape)
    joined = [(value, len(value.known) - 1), (other, max(len(other.known) - 2, 0))]
    if any(one.axis is not None and one.axis == place for one, place in joined):
        return None
    return found


# --- normalisations ---------------------------------------------------------------------------------


def batch_norm(call: NodeCall) -> NodeOutcome:
    """At inference a factor and a constant a channel; mean and variance are buffers."""
    value = call.need(0)
    if not value.known:
        raise OperatorFault("BatchNormalization of a scalar")
    given = [call.get(place) for place in range(1, 5)]
    if call.attr("training_mode", 0) or len(value.known) < 2:
        outs = [NodeOutput(value.shape, value.axis), *(NodeOutput(one.shape) for one in (given[2], given[3]) if one)]
        return NodeOutcome(outs, weights=_storages(*given))
    learned = [one is None or bool(one.storages) for one in given[:2]]  # numbers made of a shape are not stored
    said = {} if all(learned) else {"affine": any(learned), "scale": learned[0], "bias": learned[1]}
    answer = call.answer("bn", said, value, given)
    return answer._replace(outs=[answer.outs[0], *(NodeOutput(None) for _ in call.node.outputs[1:])])


def instance_norm(call: NodeCall) -> NodeOutcome:
    """A factor and a constant a channel; of ones and zeros nothing is learned."""
    factor, constant = call.get(1), call.get(2)
    if _all(factor, 1) and _all(constant, 0):
        return _or_same(call, "in", {"affine": False}, [])
    return _or_same(call, "in", _affine(factor, constant), [factor, constant])


def _affine(factor: Value | None, constant: Value | None) -> dict[str, Any]:
    """Whether factor and constant are learned: numbers that are made of a shape are not stored."""
    return {"affine": factor is None or bool(factor.storages), "bias": constant is None or bool(constant.storages)}


def _all(value: Value | None, number: float) -> bool:
    """Whether every number of a value is this one."""
    return value is not None and bool(value.numbers) and set(value.numbers or ()) == {number}


def group_norm(call: NodeCall) -> NodeOutcome:
    """A factor and a constant a channel; below version 21 a group."""
    groups = call.attr("num_groups") or call.attr("groups", 1)
    stored = [call.get(1), call.get(2)]
    return _or_same(call, "gn", {"groups": groups, **_affine(*stored)}, stored)


def _or_same(call: NodeCall, kind: str, given: dict[str, Any], weights: list[Value | None]) -> NodeOutcome:
    """A layer that keeps its shape; where that does not suit it, its weights on the same shape."""
    value = call.need(0)
    try:
        return call.answer(kind, given, value, weights)
    except LayerError:
        return NodeOutcome([NodeOutput(value.shape, value.axis)], weights=_storages(*weights))


def layer_norm(call: NodeCall) -> NodeOutcome:
    """Over the last axes: what is stored is one number an element of them."""
    value = call.need(0)
    shape = value.known
    outs = [NodeOutput(shape, value.axis)]
    axis = axis_of(call.attr("axis", -1), len(shape))
    samples = value.axis if value.axis is not None and value.axis < axis else None
    outs += [NodeOutput((*shape[:axis], *(1 for _ in shape[axis:])), samples)] * 2
    stored = [call.get(1), call.get(2)]
    if call.op == "LayerNormalization" and value.axis == 0 < axis and len(shape) <= 5:
        letters = "".join(letter(place, len(shape)) for place in range(axis, len(shape)))
        given = {**_affine(*stored), "axes": Word(letters)}
        given["bias"] = stored[1] is not None or not given["affine"]
        return _or_same(call, "ln", given, stored)._replace(outs=outs)
    return NodeOutcome(outs, weights=_storages(*stored))


def lrn(call: NodeCall) -> NodeOutcome:
    """Local response normalisation."""
    size = call.attr("size", 0)
    if size < 1:
        raise OperatorFault(f"the size {size} of a window" if size else "size is missing")
    return _or_same(call, "lrn", {"size": size}, [])


# --- sequences --------------------------------------------------------------------------------------

_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1, "DynamicQuantizeLSTM": 4}


def recurrent(call: NodeCall) -> NodeOutcome:
    """LSTM, GRU, RNN: X is steps x samples x inputs, or with layout 1 samples first."""
    value, weight = call.need(0), call.need(1)
    shape, gates = value.known, _GATES[call.op]
    units = call.attr("hidden_size")
    directions = 2 if call.attr("direction", "forward") == "bidirectional" else 1
    if len(shape) != 3 or not units:
        raise OperatorFault(f"{call.op} on {'x'.join(map(str, shape))}: steps, samples and inputs are meant")
    batch_first = bool(call.attr("layout", 0))
    steps, samples = (shape[1], shape[0]) if batch_first else shape[:2]
    whole = (samples, steps, directions, units) if batch_first else (steps, directions, samples, units)
    state = (samples, directions, units) if batch_first else (directions, samples, units)
    axis = value.axis == (0 if batch_first else 1)
    outs = [NodeOutput(whole, (0 if batch_first else 2) if axis else None),
            *[NodeOutput(state, (0 if batch_first else 1) if axis else None)] * 2]  # fmt: skip
    places = (1, 2, 3, 7) if gates == 4 else (1, 2, 3)
    stored = [storage for place in places for storage in _storages(call.get(place))]
    macs = gates * units * (shape[2] + units) * directions * steps * (1 if axis else samples)
    _ = weight
    return NodeOutcome(outs, weights=stored, macs=macs)


def attention(call: NodeCall) -> NodeOutcome:
    """Products of queries and keys, and of these with values; projections where they are stored with it."""
    value = call.need(0)
    shape = value.known
    keys, values = call.need(1).known, call.need(2).known
    if len(shape) == 4:
        samples, heads, length, size = shape
        made: Shape = (samples, heads, length, values[3])
        entries, width = keys[2], values[3]
    else:
        heads, others = call.attr("q_num_heads", 1), call.attr("kv_num_heads", 1)
        samples, length = shape[:2]
        size, width, entries = shape[2] // heads, values[2] // others, keys[1]
        made = (samples, length, heads * width)
    past = call.get(4)
    total = entries + (past.known[2] if past is not None else 0)
    head = call.need(1).known[1] if len(shape) == 4 else call.attr("kv_num_heads", 1)
    outs = [NodeOutput(made, value.axis), NodeOutput((samples, head, total, size), value.axis),
            NodeOutput((samples, head, total, width), value.axis),
            NodeOutput((samples, heads, length, total), value.axis)]  # fmt: skip
    macs = heads * length * total * (size + width) * (1 if value.axis == 0 else samples)
    return NodeOutcome(outs, weights=(), macs=macs)


def einsum(call: NodeCall) -> NodeOutcome:
    """Sums of products over indices, as the equation names them."""
    equation = call.attr("equation", "").replace(" ", "")
    left, arrow, right = equation.partition("->")
    terms, values = left.split(","), [call.need(place) for place in range(len(call.inputs))]
    if len(terms) != len(values) or "." in equation:
        if "." not in equation:
            raise OperatorFault(f"the equation {equation} on {how_many(len(values), 'tensor')}")
        terms, right = _spread(terms, right if arrow else None, values)
    sizes: dict[str, int] = {}
    samples: set[str] = set()
    for term, value in zip(terms, values, strict=True):
        if len(term) != len(value.known):
            raise OperatorFault(f"'{term}' of the equation on {'x'.join(map(str, value.known))}")
        for place, (name, size) in enumerate(zip(term, value.known, strict=True)):
            if sizes.setdefault(name, size) != size and 1 not in (size, sizes[name]):
                raise OperatorFault(f"'{name}' of the equation is {sizes[name]} and {size}")
            sizes[name] = max(size, sizes[name])
            if value.axis == place:
                samples.add(name)
    if not arrow and "." not in equation:
        joined = "".join(terms)
        right = "".join(sorted(name for name in sizes if joined.count(name) == 1))
    if any(name not in sizes for name in right):
        raise OperatorFault(f"the equation {equation} gives an index that it does not read")
    axis = right.index(next(iter(samples))) if len(samples) == 1 and next(iter(samples)) in right else None
    shape = tuple(sizes[name] for name in right)
    total = prod(sizes.values()) if len(values) > 1 else 0
    macs = total // (shape[axis] if axis is not None and shape[axis] else 1) * max(len(values) - 1, 1)
    return NodeOutcome([NodeOutput(shape, axis)], macs=macs)


def _spread(terms: list[str], right: str | None, values: list[Value]) -> tuple[list[str], str]:
    """The equation with letters in the place of its ellipses."""
    letters = [chr(0x100 + number) for number in range(64)]
    made = []
    most = 0
    for term, value in zip(terms, values, strict=True):
        count = len(value.known) - len(term.replace("...", ""))
        if "..." in term and 0 <= count <= len(letters):
            most = max(most, count)
            term = term.replace("...", "".join(letters[len(letters) - count :]))
        made.append(term)
    rest = "".join(letters[len(letters) - most :])
    if right is None:
        joined = "".join(made)
        right = rest + "".join(sorted(name for name in set(joined) - set(rest) if joined.count(name) == 1))
    return made, right.replace("...", rest)


HANDLERS: Mapping[str, Handler] = {
    "Gemm": gemm, "FusedGemm": gemm, "MatMul": matmul, "MatMulInteger": matmul,
    "BatchNormalization": batch_norm, "InstanceNormalization": instance_norm, "GroupNormalization": group_norm,
    "LayerNormalization": layer_norm, "RMSNormalization": layer_norm,
    "SimplifiedLayerNormalization": layer_norm,
    "LRN": lrn, "LSTM": recurrent, "GRU": recurrent, "RNN": recurrent,
    "DynamicQuantizeLSTM": recurrent, "Attention": attention, "Einsum": einsum,
}  # fmt: skip
