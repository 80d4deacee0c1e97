"""Functions of every element, and layers that go through a sequence."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from ....layers.axes import axis_index
from .call import LayerWriter

#: The versions from which on there are these functions.
_HARD_SWISH, _MISH, _GELU = 14, 18, 20


def relu6(call: LayerWriter) -> str:
    """Between 0 and 6."""
    return call.op("Clip", [call.x, call.number(0.0), call.number(6.0)])


def prelu(call: LayerWriter) -> str:
    """A slope for all, one a channel, or one an element."""
    sizes = call.output if call.layer.each else (1 if call.layer.shared else call.shape[0], *[1] * call.rank)
    return call.op("PRelu", [call.x, call.weight("weight", sizes, "slope")])


def gelu(call: LayerWriter) -> str:
    """X times the normal distribution's share below x."""
    if call.opset >= _GELU:
        return call.op("Gelu", [call.x])
    share = call.op("Erf", [call.op("Div", [call.x, call.number(sqrt(2))])])
    product = call.op("Mul", [call.x, call.op("Add", [share, call.number(1.0)])])
    return call.op("Mul", [product, call.number(0.5)])


def silu(call: LayerWriter) -> str:
    """X * sigmoid(x)."""
    return call.op("Mul", [call.x, call.op("Sigmoid", [call.x])])


def mish(call: LayerWriter) -> str:
    """X * tanh(softplus(x))."""
    if call.opset >= _MISH:
        return call.op("Mish", [call.x])
    return call.op("Mul", [call.x, call.op("Tanh", [call.op("Softplus", [call.x])])])


def hardsigmoid(call: LayerWriter) -> str:
    """relu6(x + 3)/6."""
    return call.op("HardSigmoid", [call.x], alpha=1 / 6, beta=0.5)


def hardswish(call: LayerWriter) -> str:
    """X * relu6(x + 3)/6."""
    if call.opset >= _HARD_SWISH:
        return call.op("HardSwish", [call.x])
    return call.op("Mul", [call.x, hardsigmoid(call)])


def softmax(op: str) -> Callable[[LayerWriter], str]:
    """exp(x), made to sum to 1 along an axis; or its logarithm."""
    return lambda call: call.op(op, [call.x], axis=axis_index(call.layer.axis, call.shape) + 1)


def dropout(call: LayerWriter) -> str:
    """At inference the tensor itself."""
    return call.op("Dropout", [call.x, call.number(call.layer.rate)])


# --- sequences --------------------------------------------------------------------------------------


def recurrent(call: LayerWriter) -> str:
    """A layer after the other: steps first, then samples, as ONNX Runtime has them."""
    layer, (width, length) = call.layer, call.shape
    turns, units = layer.directions, layer.units
    tensor = call.whole("Transpose", [call.x], (length, "N", width), perm=[2, 0, 1])
    for number in range(1, layer.layers + 1):
        last = layer.last and number == layer.layers
        tensor = _passed(call, tensor, number, width, last)
        width = turns * units
    if layer.last:
        turned = call.whole("Transpose", [tensor], ("N", turns, units), perm=[1, 0, 2])
        return call.op("Reshape", [turned, call.ints(0, width)])
    return call.whole("Transpose", [tensor], ("N", width, length), perm=[1, 2, 0])


def _passed(call: LayerWriter, tensor: str, number: int, width: int, last: bool) -> str:
    """One layer: all its steps, or the state behind the last one."""
    layer, units, turns = call.layer, call.layer.units, call.layer.directions
    rows, end = layer.gates * units, f"_{number}" if layer.layers > 1 else ""
    inputs = [tensor, *(call.weight(f"weight_{name}{end}", (turns, rows, size), f"kernel:{units}")
                        for name, size in (("input", width), ("state", units)))]  # fmt: skip
    if layer.biases:
        inputs.append(_biases(call, f"bias{end}", rows))
    attributes = {"hidden_size": units, "direction": "bidirectional" if turns > 1 else None,
                  "linear_before_reset": 1 if layer.kind == "gru" and layer.biases != 1 else None}  # fmt: skip
    shapes = [(call.shape[1], turns, "N", units), (turns, "N", units)]
    steps, state = call.several(layer.kind.upper(), inputs, shapes, **attributes)
    if last:
        return state
    if turns == 1:
        return call.whole("Squeeze", [steps, call.ints(1)], (call.shape[1], "N", units))
    beside = call.whole("Transpose", [steps], (call.shape[1], "N", turns, units), perm=[0, 2, 1, 3])
    return call.whole("Reshape", [beside, call.ints(0, 0, turns * units)], (call.shape[1], "N", turns * units))


def _biases(call: LayerWriter, name: str, rows: int) -> str:
    """Those of the input and of the state side by side: zeros in the place of the second, where there is one."""
    turns, count = call.layer.directions, call.layer.biases
    weight = call.weight(name, (turns, count * rows), "bias")
    return weight if count > 1 else call.whole("Pad", [weight, call.ints(0, 0, 0, rows)], (turns, 2 * rows))


def embed(call: LayerWriter) -> str:
    """The vectors of words by their numbers."""
    layer, (length,) = call.layer, call.shape
    table = call.weight("weight", (layer.words, layer.size), "table")
    vectors = call.op("Gather", [table, call.graph.as_integers(call.x)], (length, layer.size))
    return call.op("Transpose", [vectors], perm=[0, 2, 1])


HANDLERS = {
    "relu6": relu6, "prelu": prelu, "gelu": gelu, "silu": silu, "mish": mish, "hardsigmoid": hardsigmoid,
    "hardswish": hardswish, "softmax": softmax("Softmax"), "logsoftmax": softmax("LogSoftmax"), "dropout": dropout,
    "lstm": recurrent, "gru": recurrent, "rnn": recurrent, "embed": embed,
}  # fmt: skip
