"""Operators of ONNX Runtime's own domains, which its optimizer and its tools write (its ContribOperators.md).

Products and convolutions with what was behind them put in, attention of transformers, maps whose channels come last.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from ...layers import LayerError
from ...values import how_many
from .call import Handler, NodeCall, NodeOutcome
from .dense import multiplied
from .parts import gather
from .quantized import qlinear_conv, qlinear_pool
from .sizes import resize
from .values import Initializer, NodeOutput, OperatorFault, UnknownShape, Value, axis_of, broadcast, spelled
from .windows import HANDLERS as WINDOWS
from .windows import convolved


def _stored(*values: Value | None) -> list[Initializer]:
    return [storage for value in values if value is not None and value.fixed for storage in value.storages]


def _turned(value: Value, order: list[int]) -> Value:
    """The value with its axes in another order, as an operator sees it that turns it itself."""
    shape = value.known
    axis = None if value.axis is None else order.index(value.axis)
    return Value(tuple(shape[one] for one in order), axis, None, value.dtype, value.fixed, value.storages)


def _with(call: NodeCall, inputs: list[Value | None]) -> NodeCall:
    """The same call, reading other values."""
    return NodeCall(call.node, inputs, call.version, call.outer, call.assembler)


def _costs(call: NodeCall, answer: NodeOutcome) -> NodeOutcome:
    """The same as no layer of ours, for one that reads other tensors, or more of them, than ours would."""
    macs = answer.macs
    if answer.layer is not None and answer.inputs is not None:
        result = call.assembler.result(answer.layer, tuple(value.sample for value in answer.inputs))
        macs = None if isinstance(result, LayerError) else result.macs
    return NodeOutcome(answer.outs, weights=answer.weights or (), macs=macs)


# --- products ---------------------------------------------------------------------------------------


def fused_matmul(call: NodeCall) -> NodeOutcome:
    """A product of matrices, of which each may be turned: its last two axes, and the first of it behind the others."""
    values = [call.need(0), call.need(1)]
    turned = []
    for value, letter in zip(values, "AB", strict=True):
        order = list(range(len(value.known)))
        if call.attr(f"transBatch{letter}", 0) and len(order) > 2:
            order[:-1] = [*order[1:-1], 0]
        if call.attr(f"trans{letter}", 0) and len(order) > 1:
            order[-2:] = order[-1], order[-2]
        turned.append(value if order == sorted(order) else _turned(value, order))
    answer = multiplied(call, *turned)
    return answer if turned == values else _costs(call, answer)


def biased(product: int, weight: int, bias: int) -> Handler:
    """A product whose matrix and constants are the inputs at these places."""

    def handle(call: NodeCall) -> NodeOutcome:
        value, matrix, constants = call.need(product), call.need(weight), call.get(bias)
        columns = matrix.known[-1:]
        whole = constants is not None and constants.fixed and constants.known == columns
        if matrix.fixed and whole and len(value.known) == 2 == len(matrix.known) and value.axis == 0:
            if value.known[1] != matrix.known[0]:
                raise OperatorFault(f"{spelled([value.known, matrix.known])} do not go together")
            return call.answer("fc", {"units": columns[0], "bias": True}, value, [matrix, constants])
        answer = multiplied(call, value, matrix)
        if constants is None:
            return answer
        return _costs(call, answer._replace(weights=[*(answer.weights or ()), *_stored(constants)]))

    return handle


def quantized_gemm(call: NodeCall) -> NodeOutcome:
    """QGemm: A and B at 0 and 3, C at 6."""
    inputs = [call.get(place) for place in range(9)]
    for place, letter in ((0, "A"), (3, "B")):
        if call.attr(f"trans{letter}", 0):
            inputs[place] = _turned(call.need(place), [1, 0])
    answer = biased(0, 3, 6)(_with(call, inputs))
    return _costs(call, answer) if call.attr("transA", 0) else answer


# --- convolutions, and what has its channels last ---------------------------------------------------


def fused_conv(call: NodeCall) -> NodeOutcome:
    """A convolution with an activation in it, and a tensor that is added before that."""
    answer = convolved(call, 1, 2)
    return answer if call.get(3) is None else _costs(call, answer)


def channels_last(handler: Handler, weights: int | None = None) -> Handler:
    """What `handler` does on a map of the order NHWC; filters that have it, too, are the input at `weights`."""

    def handle(call: NodeCall) -> NodeOutcome:
        inputs = list(call.inputs)
        for place in (0,) if weights is None else (0, weights):
            value = call.need(place)
            rank = len(value.known)
            if rank < 3:
                raise OperatorFault(f"{spelled([value.known])}, which has no spatial axes")
            inputs[place] = _turned(value, [0, rank - 1, *range(1, rank - 1)])
        answer = _costs(call, handler(_with(call, inputs)))
        outs = []
        for out in answer.outs:
            shape = out.shape
            outs.append(out if shape is None else out._replace(shape=(shape[0], *shape[2:], shape[1])))
        return answer._replace(outs=outs)

    return handle


def either_order(handler: Handler) -> Handler:
    """What has its channels last where an attribute says so."""

    def handle(call: NodeCall) -> NodeOutcome:
        return (channels_last(handler) if call.attr("channels_last", 0) else handler)(call)

    return handle


def group_norm(call: NodeCall) -> NodeOutcome:
    """A factor and a constant a channel, wherever the channels are; SkipGroupNorm adds another tensor before."""
    value, skip = call.need(0), call.op == "SkipGroupNorm"
    out = NodeOutput(value.shape, value.axis)
    return NodeOutcome([out, out] if skip else [out], weights=_stored(call.get(1), call.get(2)))


def to_blocks(call: NodeCall) -> NodeOutcome:
    """To ONNX Runtime's order of blocks of channels: 8 or 16 of them, as the machine has it that wrote the file."""
    value = call.need(0)
    shape = value.known
    made = (shape[0], shape[-1], *shape[1:-1]) if call.attr("channels_last", 0) else shape
    if len(made) < 3 or made[1] % 16:
        raise UnknownShape
    return NodeOutcome([NodeOutput(made, 0 if value.axis == 0 else None)])


def from_blocks(call: NodeCall) -> NodeOutcome:
    """From blocks of channels back; those that only fill up a block are left out."""
    value, channels = call.need(0), call.attr("channels", 0)
    shape = value.known
    if len(shape) < 3 or not 0 < channels <= shape[1]:
        raise OperatorFault(f"{how_many(channels, 'channel')} of {spelled([shape])}")
    last = call.attr("channels_last", 0)
    made = (shape[0], *shape[2:], channels) if last else (shape[0], channels, *shape[2:])
    return NodeOutcome([NodeOutput(made, value.axis)])


def upsample(call: NodeCall) -> NodeOutcome:
    """nchwc::Upsample: a whole factor an axis stands in an attribute."""
    value, factors = call.need(0), call.attr("scales")
    if not isinstance(factors, list):
        return resize(call)
    if len(factors) != len(value.known) or min(factors) < 1:
        raise OperatorFault(f"scales {factors} of {spelled([value.known])}")
    made = tuple(size * factor for size, factor in zip(value.known, factors, strict=True))
    return NodeOutcome([NodeOutput(made, value.axis)])


# --- transformers -----------------------------------------------------------------------------------


def attention(call: NodeCall) -> NodeOutcome:
    """Attention, QAttention: projections of the input to queries, keys and values at once, then attention."""
    value, weight, past = call.need(0), call.need(1).known, call.get(8 if call.op == "QAttention" else 4)
    shape, heads = value.known, call.attr("num_heads", 0)
    if len(shape) != 3 or len(weight) != 2 or shape[2] != weight[0]:
        raise OperatorFault(f"weights of {spelled([weight])} on {spelled([shape])}")
    parts = call.attr("qkv_hidden_sizes") or [weight[1] // 3] * 3
    if len(parts) != 3 or sum(parts) != weight[1]:
        raise OperatorFault(f"queries, keys and values of {parts}, and weights of {spelled([weight])}")
    entries = shape[1] + (past.known[3] if past is not None else 0)
    macs = (shape[1] * prod(weight) + shape[1] * entries * (parts[0] + parts[2])) * (1 if value.axis == 0 else shape[0])
    outs = [NodeOutput((*shape[:2], parts[2]), value.axis)]
    if heads:
        outs.append(NodeOutput((2, shape[0], heads, entries, parts[1] // heads), 1 if value.axis == 0 else None))
    return NodeOutcome(outs, weights=_stored(call.get(1), call.get(2)), macs=macs)


def multi_head(call: NodeCall) -> NodeOutcome:
    """MultiHeadAttention: queries, keys and values come in; of self-attention in one tensor, too."""
    value, keys, values = call.need(0), call.get(1), call.get(2)
    shape, heads, past = value.known, call.attr("num_heads", 0), call.get(6)
    samples, length = shape[:2]
    if len(shape) == 5:  # samples x length x heads x 3 x size
        size = width = shape[4]
        entries = length
    elif len(shape) == 3 and heads:
        size = width = shape[2] // heads
        entries = length
        if keys is not None and len(keys.known) in (3, 4):
            entries = keys.known[-2] if len(keys.known) == 4 else keys.known[1]
        if values is not None:
            width = values.known[3] if len(values.known) == 4 else values.known[2] // heads
    else:
        raise OperatorFault(f"{how_many(heads, 'head')} of {spelled([shape])}")
    heads = shape[2] if len(shape) == 5 else heads
    entries += past.known[2] if past is not None else 0
    macs = length * entries * heads * (size + width) * (1 if value.axis == 0 else samples)
    outs = [NodeOutput((samples, length, heads * width), value.axis),
            NodeOutput((samples, heads, entries, size), value.axis),
            NodeOutput((samples, heads, entries, width), value.axis)]  # fmt: skip
    return NodeOutcome(outs, weights=_stored(call.get(3)), macs=macs)


def skip_norm(call: NodeCall) -> NodeOutcome:
    """The norm of a sum; the sum is its last result."""
    value = call.need(0)
    shape = broadcast([value.known, call.need(1).known])
    norm = NodeOutput((*shape[:-1], 1), value.axis)
    whole = NodeOutput(shape, value.axis)
    return NodeOutcome([whole, norm, norm, whole], weights=_stored(*call.inputs[1:]))


def embeddings(call: NodeCall) -> NodeOutcome:
    """EmbedLayerNormalization: the sum of the rows of words, positions and segments, normalized."""
    words, table = call.need(0), call.need(2).known
    shape = words.known
    if len(shape) != 2 or len(table) != 2:
        raise OperatorFault(f"words of {spelled([shape])} in a table of {spelled([table])}")
    whole = NodeOutput((*shape, table[1]), words.axis)
    ends = 8 if call.op == "QEmbedLayerNormalization" else 7
    return NodeOutcome([whole, NodeOutput(shape[:1], words.axis), whole], weights=_stored(*call.inputs[2:ends]))


def halved(call: NodeCall) -> NodeOutcome:
    """BiasSplitGelu: one half of the channels times the activation of the other."""
    value = call.need(0)
    shape = value.known
    return NodeOutcome([NodeOutput((*shape[:-1], shape[-1] // 2), value.axis)], weights=_stored(call.get(1)))


def with_bias(call: NodeCall) -> NodeOutcome:
    """The shape stays; the constants of a second input are learned."""
    value = call.need(0)
    kind = "gelu" if call.op in ("FastGelu", "BiasGelu") and call.get(1) is None else None
    answer = call.same(kind)
    if answer.layer is not None:
        return answer
    out = NodeOutput(value.shape, value.axis)
    return NodeOutcome([out, out], weights=_stored(call.get(1)))


def expanded(call: NodeCall) -> NodeOutcome:
    """ExpandDims: an axis of 1 more."""
    value, places = call.need(0), call.numbers(1)
    if not places:
        raise UnknownShape
    rank = len(value.known) + 1
    place = axis_of(int(places[0]), rank)
    axis = None if value.axis is None else value.axis + (place <= value.axis)
    return NodeOutcome([NodeOutput((*value.known[:place], 1, *value.known[place:]), axis, value.numbers)])


def crop_and_resize(call: NodeCall) -> NodeOutcome:
    """Regions of a map, each at a size that is given."""
    value, regions, sizes = call.need(0), call.need(1), call.numbers(3)
    if not sizes:
        raise UnknownShape
    return NodeOutcome([NodeOutput((regions.known[0], value.known[1], *map(int, sizes)))], weights=())


#: Looked up before ONNX's own, for the domains of ONNX Runtime.
HANDLERS: Mapping[str, Handler] = {
    "Attention": attention, "QAttention": attention, "MultiHeadAttention": multi_head,
    "SkipLayerNormalization": skip_norm, "SkipSimplifiedLayerNormalization": skip_norm,
    "EmbedLayerNormalization": embeddings, "QEmbedLayerNormalization": embeddings, "BiasSplitGelu": halved,
    "FusedMatMul": fused_matmul, "TransposeMatMul": fused_matmul, "FusedMatMulActivation": fused_matmul,
    "GemmFastGelu": biased(0, 1, 2), "MatMulIntegerToFloat": biased(0, 1, 6), "DynamicQuantizeMatMul": biased(0, 1, 4),
    "QGemm": quantized_gemm, "FusedConv": fused_conv, "NhwcFusedConv": channels_last(fused_conv, 1),
    "NhwcConv": channels_last(WINDOWS["Conv"], 1), "NhwcMaxPool": channels_last(WINDOWS["MaxPool"]),
    "QLinearConv": either_order(qlinear_conv), "QLinearAveragePool": either_order(qlinear_pool),
    "QLinearGlobalAveragePool": either_order(qlinear_pool), "GroupNorm": group_norm, "SkipGroupNorm": group_norm,
    "ReorderInput": to_blocks, "ReorderOutput": from_blocks, "Upsample": upsample, "ExpandDims": expanded,
    "CropAndResize": crop_and_resize, "GatherBlockQuantized": gather,
    **dict.fromkeys("FastGelu BiasGelu BiasAdd BiasSoftmax BiasDropout Inverse".split(), with_bias),
}  # fmt: skip
#: Those whose domain says that the channels come last.
LAST: Mapping[str, Handler] = {op: channels_last(handler) for op, handler in WINDOWS.items()}
