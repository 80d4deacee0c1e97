"""Operators that go element by element: activations, arithmetic with stretching, comparisons."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from fractions import Fraction
from math import prod
from typing import Any

from ...layers import LayerError
from ...layers.axes import LETTERS
from ...values import Shape, Word
from ..lookup import activations, dropped
from .call import Handler, NodeCall, NodeOutcome
from .tensors import FLOATS, INTEGERS
from .values import Initializer, NodeOutput, Value, axis_of, broadcast, elementwise, learned


def divided(a: Any, b: Any) -> Any:
    """A quotient; of whole numbers what is left of it without its fraction."""
    if isinstance(a, int) and isinstance(b, int):
        return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    return a / b


def _remainder(a: Any, b: Any) -> Any:
    """C's fmod, which has the sign of the dividend."""
    return abs(a) % abs(b) * (1 if a >= 0 else -1)


_BINARY: dict[str, Callable[..., Any]] = {
    "Add": lambda *a: sum(a), "Sub": lambda a, b: a - b, "Mul": lambda a, b: a * b, "Div": divided,
    "Sum": lambda *a: sum(a), "Mean": lambda *a: sum(a) / len(a), "Max": lambda *a: max(a), "Min": lambda *a: min(a),
    "Pow": lambda a, b: a**b if abs(a) < 1e9 and abs(b) < 64 else None, "Mod": lambda a, b: a % b,
    "Equal": lambda a, b: a == b, "Greater": lambda a, b: a > b, "Less": lambda a, b: a < b,
    "GreaterOrEqual": lambda a, b: a >= b, "LessOrEqual": lambda a, b: a <= b,
    "And": lambda a, b: bool(a and b), "Or": lambda a, b: bool(a or b), "Xor": lambda a, b: bool(a) != bool(b),
    "BitwiseAnd": lambda a, b: a & b, "BitwiseOr": lambda a, b: a | b, "BitwiseXor": lambda a, b: a ^ b,
    "Where": lambda c, a, b: a if c else b,
}  # fmt: skip
#: The kinds of those that have one.
_MERGES = {"Add": "add", "Sum": "add", "Sub": "sub", "Mul": "mul", "Div": "div", "Max": "maximum", "Min": "minimum"}


def combined(call: NodeCall) -> NodeOutcome:
    """Arithmetic and comparisons of several tensors, which stretch to each other."""
    values = [call.need(place) for place in range(len(call.inputs))]
    shape = broadcast([value.known for value in values])
    numbers = None
    if all(value.numbers is not None for value in values):
        function = _remainder if call.attr("fmod", 0) else _BINARY.get(call.op, lambda *a: None)
        numbers = elementwise(function, values, shape)
        if numbers is not None and None in numbers:
            numbers = None
    moving = call.moving
    axis = common_axis(moving or values, shape)
    if not moving:
        return NodeOutcome([NodeOutput(shape, axis, numbers)])
    if len(moving) == len(values) and len(values) > 1 and call.op in _MERGES:
        return call.merged(_MERGES[call.op], values, shape, axis)
    return _with_constants(call, moving, shape, axis, numbers)


def common_axis(values: Sequence[Value], shape: Shape) -> int | None:
    """The sample axis of what `values` are stretched to; None where a sample is repeated along it."""
    found: dict[int, list[int]] = {}
    for value in values:
        if value.axis is not None:
            found.setdefault(value.axis - len(value.known) + len(shape), []).append(value.known[value.axis])
    axis, sizes = found.popitem() if len(found) == 1 else (None, [])
    return axis if axis is None or shape[axis] in sizes else None


def _with_constants(
    call: NodeCall, moving: list[Value], shape: Shape, axis: int | None, numbers: list[Any] | None
) -> NodeOutcome:
    """A tensor with numbers of the file: a learned factor a channel is a layer of its own."""
    out = NodeOutput(shape, axis, numbers)
    fixed = [value for value in call.inputs if value is not None and value.fixed]
    stored = _beside(call, fixed, shape)
    if len(moving) != 1 or axis != 0 or call.op not in ("Mul", "Div") or moving[0].known != shape or len(fixed) != 1:
        return NodeOutcome([out], weights=stored)
    factor = fixed[0]
    if prod(factor.known) == 1 and factor.numbers:
        by = factor.numbers[0]
        if isinstance(by, int | float) and math.isfinite(by) and by and (by == 1 / by or call.op == "Mul"):
            layer = call.layer("scale", {"by": Fraction(by).limit_denominator(10**6), "bias": False})
            return NodeOutcome([out], layer, moving, ())
    sizes = (1,) * (len(shape) - len(factor.known)) + factor.known
    if call.op == "Mul" and len(shape) > 1 and prod(factor.known) == sizes[1] == shape[1] and _whole(stored, factor):
        return NodeOutcome([out], call.layer("scale", {"bias": False}), moving, stored)
    return NodeOutcome([out], weights=stored)


#: Operators beside whose tensor no number is learned.
_COMPARING = frozenset("Equal Greater Less GreaterOrEqual LessOrEqual And Or Xor Pow Mod".split())


def _beside(call: NodeCall, fixed: Sequence[Value], shape: Shape) -> list[Initializer]:
    """What is learned of the numbers beside a tensor: one a channel, whatever they are; else no grids, no masks."""
    if call.op in _COMPARING:
        return []
    if len(fixed) == 1 and call.op in ("Add", "Mul", "Sub", "Div"):
        (value,) = fixed
        sizes = (1,) * (len(shape) - len(value.known)) + value.known
        channels = len(value.known) == 1 or (len(shape) > 1 and prod(sizes) == sizes[1] == shape[1])
        if channels and (prod(sizes) > 1 or _one_unit(call, value)):
            return [
                storage for storage in value.storages if storage.real and (storage.elements > 1 or prod(sizes) == 1)
            ]
    return learned(fixed)


def _one_unit(call: NodeCall, value: Value) -> bool:
    """Whether a single number is the bias of a fully connected layer of one unit."""
    makers = [one.producer for one in call.moving]
    ops = [getattr(getattr(maker, "node", None), "op", "") for maker in makers]
    return call.op == "Add" and ops == ["MatMul"] and len(value.known) == 1 and value.known == call.moving[0].known[-1:]


def _whole(stored: Sequence[Any], value: Value) -> bool:
    """Whether what is stored for a value is its elements, all of them."""
    return bool(sum(one.elements for one in stored) == prod(value.known))


# --- of one tensor ----------------------------------------------------------------------------------


def _erf(x: Any) -> float:
    return math.erf(x)


_UNARY: dict[str, Callable[[Any], Any]] = {
    "Neg": lambda x: -x, "Abs": abs, "Floor": math.floor, "Ceil": math.ceil, "Sqrt": math.sqrt, "Exp": math.exp,
    "Log": math.log, "Reciprocal": lambda x: 1 / x, "Not": lambda x: not x, "Sign": lambda x: (x > 0) - (x < 0),
    "Round": round, "Erf": _erf, "Relu": lambda x: max(x, 0), "BitwiseNot": lambda x: ~x, "Identity": lambda x: x,
}  # fmt: skip


def plain(kind: str | None = None) -> Handler:
    """An operator of one tensor that keeps its shape, and its kind where it has one."""

    def handle(call: NodeCall) -> NodeOutcome:
        answer = call.same(kind)
        return _numbered(answer, call)

    return handle


def _numbered(answer: NodeOutcome, call: NodeCall) -> NodeOutcome:
    """The same with numbers, where those of the input are known."""
    function, value = _UNARY.get(call.op), call.need(0)
    if function is None or value.numbers is None or value.shape is None:
        return answer
    numbers = elementwise(function, [value], value.shape)
    if numbers is not None and value.dtype in FLOATS:
        numbers = list(map(float, numbers))
    return answer._replace(outs=[answer.outs[0]._replace(numbers=numbers)])


def cast(call: NodeCall) -> NodeOutcome:
    """The same numbers in another type."""
    value = call.need(0)
    to = call.attr("to", 0) if call.op == "Cast" else value.dtype
    numbers = value.numbers
    if numbers is not None:
        try:
            if to in INTEGERS:
                numbers = [bool(number) for number in numbers] if to == 9 else [int(number) for number in numbers]
            elif to in FLOATS:
                numbers = [float(number) for number in numbers]
            else:
                numbers = None
        except (ValueError, OverflowError, TypeError):
            numbers = None
    return NodeOutcome([NodeOutput(value.shape, value.axis, numbers)])


def clip(call: NodeCall) -> NodeOutcome:
    """Clip to 0..6 is relu6, to 0 and above relu."""
    bounds = []
    for place, name in ((1, "min"), (2, "max")):
        value = call.get(place)
        found = value.numbers if value is not None else call.attr(name)
        found = found[0] if isinstance(found, list) and found else found
        bounds.append(found if value is None or value.numbers else "?")
    kind = "relu6" if bounds == [0, 6] else "relu" if bounds == [0, None] else None
    answer = call.same(kind)
    value = call.need(0)
    if value.numbers is not None and "?" not in bounds:
        low, high = (-math.inf if bounds[0] is None else bounds[0]), (math.inf if bounds[1] is None else bounds[1])
        answer = answer._replace(
            outs=[NodeOutput(value.shape, value.axis, [min(max(x, low), high) for x in value.numbers])]
        )
    return answer


def softmax(call: NodeCall) -> NodeOutcome:
    """Softmax along an axis; below version 13 over all axes from it on."""
    value = call.need(0)
    kind = {"Softmax": "softmax", "LogSoftmax": "logsoftmax"}.get(call.op)
    rank = len(value.known)
    axis = axis_of(call.attr("axis", -1 if call.version >= 13 else 1), rank)
    if value.axis != 0 or rank < 2 or axis == 0 or (call.version < 13 and prod(value.known[axis + 1 :]) != 1):
        return call.same(None)
    if axis == 1:
        return call.same(kind)
    return call.same(kind, {"axis": Word(letter(axis, rank))}) if kind and rank <= 5 else call.same(None)


def letter(axis: int, rank: int) -> str:
    """The letter of an axis of a tensor of so many, samples first."""
    return LETTERS.get(rank - 1, "C" * rank)[axis - 1]


def prelu(call: NodeCall) -> NodeOutcome:
    """A slope for all, one a channel, or one an element."""
    value, slope = call.need(0), call.need(1)
    if value.axis == 0 and slope.fixed and len(value.known) > 1:
        count, sizes = prod(slope.known), value.known[1:]
        lead = (1,) * (len(value.known) - len(slope.known)) + slope.known
        shared: Any = True if count == 1 else False if count == lead[1] == sizes[0] else Word("each")
        if count in (1, sizes[0], prod(sizes)) and (shared is not Word("each") or count == prod(sizes)):
            with suppress(LayerError):
                return call.answer("prelu", {"shared": shared}, value, [slope])
    return NodeOutcome([NodeOutput(value.shape, value.axis)])


def swish(call: NodeCall) -> NodeOutcome:
    """SiLU, where its factor is 1."""
    return call.same("silu" if call.attr("alpha", 1.0) == 1.0 else None)


def dropout(call: NodeCall) -> NodeOutcome:
    """At inference the tensor itself; its mask has the same shape."""
    answer = call.same("dropout", dropped(call.attr("ratio", 0.5)))
    value = call.need(0)
    return answer._replace(
        outs=[NodeOutput(value.shape, value.axis, value.numbers), NodeOutput(value.shape, value.axis)]
    )


_KINDS = {"Identity": "identity", "QuickGelu": "silu", **activations("onnx")}
_SAME = (
    "Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Ceil Celu Cos Cosh CumProd Erf Exp Floor Hardmax IsInf IsNaN Log "
    "LpNormalization MeanVarianceNormalization Neg Not Reciprocal Round Shrink Sign Sin Sinh Softsign Sqrt Tan "
    "ThresholdedRelu Trilu Binarizer Scaler Normalizer Bernoulli"
).split()
HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(_SAME, plain()), **{op: plain(kind) for op, kind in _KINDS.items()},
    **dict.fromkeys((*_BINARY, "BitShift"), combined),
    "Cast": cast, "CastLike": cast, "BitCast": cast, "Clip": clip, "Softmax": softmax, "LogSoftmax": softmax,
    "Hardmax": softmax, "PRelu": prelu, "Swish": swish, "Dropout": dropout,
}  # fmt: skip
