"""Operators on whole numbers that stand for others: ONNX's own, and those of ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from ...values import how_many
from .call import Handler, NodeCall, NodeOutcome
from .dense import multiplied
from .values import Initializer, NodeOutput, OperatorFault
from .windows import convolved


def quantized(call: NodeCall) -> NodeOutcome:
    """To whole numbers, or back: the shape stays, and what is stored is what is stored for the first input."""
    value = call.need(0)
    return NodeOutcome([NodeOutput(value.shape, value.axis)], storages=value.storages, weights=())


def dynamic_quantize(call: NodeCall) -> NodeOutcome:
    """To whole numbers with a scale and a zero point."""
    value = call.need(0)
    return NodeOutcome(
        [NodeOutput(value.shape, value.axis), NodeOutput(()), NodeOutput(())], storages=value.storages, weights=()
    )


def qlinear_conv(call: NodeCall) -> NodeOutcome:
    """A convolution of whole numbers: the weights are its fourth input, the biases its ninth."""
    return convolved(call, 3, 8)


def qlinear_matmul(call: NodeCall) -> NodeOutcome:
    """A product of whole numbers."""
    return multiplied(call, call.need(0), call.need(3))


def qlinear_pool(call: NodeCall) -> NodeOutcome:
    """com.microsoft: a pool of whole numbers."""
    from .windows import HANDLERS as WINDOWS

    return WINDOWS[call.op.removeprefix("QLinear")](call)


def qlinear_add(call: NodeCall) -> NodeOutcome:
    """com.microsoft: two tensors of whole numbers, each with scale and zero point."""
    from .elementwise import common_axis
    from .values import broadcast

    values = [call.need(0), call.need(3)]
    shape = broadcast([value.known for value in values])
    axis = common_axis([value for value in values if not value.fixed] or values, shape)
    if any(value.fixed for value in values):
        return NodeOutcome(
            [NodeOutput(shape, axis)], weights=[storage for value in values for storage in value.storages]
        )
    return call.merged("add" if call.op == "QLinearAdd" else "mul", values, shape, axis)


def qlinear_where(call: NodeCall) -> NodeOutcome:
    """com.microsoft: of two tensors of whole numbers, each with scale and zero point, one or the other."""
    from .elementwise import combined

    inner = NodeCall(call.node, [call.get(0), call.get(1), call.get(4)], call.version, call.outer, call.assembler)
    return combined(inner)


def qlinear_same(call: NodeCall) -> NodeOutcome:
    """com.microsoft: an activation of whole numbers."""
    kinds = {"QLinearSigmoid": "sigmoid", "QLinearLeakyRelu": "leakyrelu", "QLinearSoftmax": "softmax"}
    answer = call.same(kinds.get(call.op))
    return answer._replace(weights=())


def qlinear_concat(call: NodeCall) -> NodeOutcome:
    """com.microsoft: tensors side by side; from the third input on each with scale and zero point."""
    from .parts import concat

    inner = NodeCall(call.node, call.inputs[2::3], call.version, call.outer, call.assembler)
    return concat(inner)


def matmul_nbits(call: NodeCall) -> NodeOutcome:
    """com.microsoft: a product with weights of few bits."""
    value = call.need(0)
    inner, units = call.attr("K", 0), call.attr("N", 0)
    shape = value.known
    if not shape or shape[-1] != inner:
        raise OperatorFault(f"{how_many(inner, 'column')}, and {'x'.join(map(str, shape))}")
    samples = shape[value.axis] if value.axis is not None else 1
    stored = (Initializer((inner, units), True),)
    return NodeOutcome(
        [NodeOutput((*shape[:-1], units), value.axis)], weights=stored, macs=prod(shape) * units // (samples or 1)
    )


HANDLERS: Mapping[str, Handler] = {
    "QuantizeLinear": quantized, "DequantizeLinear": quantized, "DynamicQuantizeLinear": dynamic_quantize,
    "QLinearConv": qlinear_conv, "QLinearMatMul": qlinear_matmul, "QLinearAveragePool": qlinear_pool,
    "QLinearGlobalAveragePool": qlinear_pool, "QLinearAdd": qlinear_add, "QLinearMul": qlinear_add,
    "QLinearSigmoid": qlinear_same, "QLinearLeakyRelu": qlinear_same, "QLinearSoftmax": qlinear_same,
    "QLinearConcat": qlinear_concat, "QLinearWhere": qlinear_where, "MatMulNBits": matmul_nbits,
}  # fmt: skip
