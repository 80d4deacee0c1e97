"""The memory that TFLite Micro's interpreter asks its planner for: tensors, and scratch buffers of kernels.

As in its micro_allocation_info.cc: a tensor lives from the operator that makes it to the last that reads it; an input
from before the first, an output to the end. Constants are in the flash, variable tensors (states) at the arena's other
end, for good. Scratch buffers are those that the reference kernels request (tensorflow/lite/micro/kernels), as of
tflite-micro 0.dev20261023; of an operator that it does not have nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TypeAlias

from ...deployment import BITS
from ...network.read_from import Allocations, Buffer
from .reading import TfliteReader
from .tables import TYPES, TfliteOperator

#: Of a buffer: the bytes for each sample, and the bytes besides.
Size: TypeAlias = tuple[int, int]
Rule: TypeAlias = Callable[[TfliteReader, TfliteOperator], list[Size]]

#: Operators whose kernels work in their tensors alone.
_WITHOUT = frozenset(
    "ABS ADD ARG_MAX ARG_MIN AVERAGE_POOL_2D BATCH_MATMUL BATCH_TO_SPACE_ND BROADCAST_ARGS BROADCAST_TO CAST CEIL "
    "CONCATENATION COS CUMSUM DEPTH_TO_SPACE DEQUANTIZE DIV DYNAMIC_UPDATE_SLICE ELU EMBEDDING_LOOKUP EQUAL EXP "
    "EXPAND_DIMS FILL FLOOR FLOOR_DIV FLOOR_MOD GATHER GATHER_ND GREATER GREATER_EQUAL HARD_SWISH L2_NORMALIZATION "
    "L2_POOL_2D LEAKY_RELU LESS LESS_EQUAL LOG LOGICAL_AND LOGICAL_NOT LOGICAL_OR LOGISTIC LOG_SOFTMAX MAXIMUM "
    "MAX_POOL_2D MINIMUM MUL NEG NOT_EQUAL PACK PAD PADV2 PRELU QUANTIZE RELU RELU6 RESHAPE RESIZE_BILINEAR "
    "RESIZE_NEAREST_NEIGHBOR REVERSE_V2 ROUND RSQRT SELECT_V2 SHAPE SIN SLICE SOFTMAX SPACE_TO_BATCH_ND SPACE_TO_DEPTH "
    "SPLIT SPLIT_V SQRT SQUARE SQUARED_DIFFERENCE SQUEEZE STRIDED_SLICE SUB TANH TRANSPOSE UNPACK ZEROS_LIKE "
    "CIRCULAR_BUFFER SignalDelay SignalEnergy SignalFftAutoScale SignalFilterBank SignalFilterBankLog "
    "SignalFilterBankSpectralSubtraction SignalFilterBankSquareRoot SignalFramer SignalIrfft SignalOverlapAdd "
    "SignalPCAN SignalStacker SignalWindow".split()
)
#: Those with weights behind the tensor that they read, or before it.
_WEIGHTED = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV", "SVDF")
_INT, _LONG, _POINTER = 4, 8, 8  # bytes; of a pointer where the pinned interpreter runs


class UnknownBuffers(Exception):
    """Why it is not known what is asked for."""


def allocations(filling: TfliteReader) -> Allocations:
    """What is asked for, in the order of the file's tensors, then the scratch buffers."""
    try:
        _check_graph(filling)
        tensors, scratch = _tensors(filling), _scratch(filling)
    except UnknownBuffers as reason:
        return Allocations((), str(reason))
    if scratch:
        filling.assembler.looked_at_sizes()
    return Allocations((*tensors, *scratch))


def _check_graph(filling: TfliteReader) -> None:
    """Raises UnknownBuffers for what the interpreter plans in another way, or refuses."""
    graph = filling.graph
    if graph.planned:
        raise UnknownBuffers("the file has places of its own for its tensors")
    if graph.others:
        raise UnknownBuffers("the file has several graphs")
    if filling.fixed:
        raise UnknownBuffers("it works out tensors of constants as it runs")
    if len(filling.spans) < len(graph.operators):
        raise UnknownBuffers("not every operator was read")
    for operator in graph.operators:
        if operator.name not in _WITHOUT and operator.name not in _SCRATCH:
            raise UnknownBuffers(f"of {operator.name} it is not known what TFLite Micro asks for")
        if _hybrid(filling, operator):
            weights = "floating point numbers with weights of another type"
            raise UnknownBuffers(f"TFLite Micro has no {operator.name} of {weights}")


def _tensors(filling: TfliteReader) -> list[Buffer]:
    """The tensors that are neither constant nor a state. Raises UnknownBuffers."""
    lives, found = _lives(filling), []
    for index, stored in enumerate(filling.graph.tensors):
        if stored.data is not None or stored.variable or 0 in stored.shape:
            continue
        if index not in lives:
            raise UnknownBuffers(f"nothing makes the tensor '{stored.name}'")
        if stored.type not in TYPES:
            raise UnknownBuffers(f"the numbers of the tensor '{stored.name}' have an unusual type")
        found.append(Buffer(filling.made[index], *lives[index]))
    return found


def _scratch(filling: TfliteReader) -> list[Buffer]:
    """The scratch buffers, operator by operator. Raises UnknownBuffers."""
    found = []
    for operator, (first, last) in zip(filling.graph.operators, filling.spans, strict=True):
        rule = _SCRATCH.get(operator.name)
        try:
            sizes = rule(filling, operator) if rule is not None else []
        except (IndexError, KeyError):  # what it reads is not there, or of a type that it does not have
            sizes = [(-1, 0)]
        if any(min(size) < 0 for size in sizes):
            raise UnknownBuffers(f"{operator.name} is not as TFLite Micro takes it")
        found += [Buffer(last, first, last, size) for size in sizes]
    return found


def _hybrid(filling: TfliteReader, operator: TfliteOperator) -> bool:
    """Whether weights have to be turned into floating point numbers first (conv_common.cc and its like)."""
    if operator.name not in _WEIGHTED or len(operator.inputs) < 3:
        return False
    read = operator.inputs[2 if operator.name == "TRANSPOSE_CONV" else 0]
    types = [TYPES.get(filling.stored(index).type, "") for index in (read, operator.inputs[1])]
    return types[0].startswith("fp") and types[0] != types[1]


def _lives(filling: TfliteReader) -> dict[int, tuple[int, int]]:
    """The first and last node of every tensor that is not constant all along."""
    graph, end = filling.graph, len(filling.assembler.nodes) - 1
    first = {index: filling.made[index] for index in graph.inputs}
    last = dict(first)
    for operator, (begin, stop) in zip(graph.operators, filling.spans, strict=True):
        first = dict.fromkeys(operator.outputs, begin) | first
        last |= dict.fromkeys((*operator.inputs, *operator.outputs), stop)
    last |= dict.fromkeys(graph.outputs, end)
    return {index: (begin, last[index]) for index, begin in first.items()}


# --- scratch buffers --------------------------------------------------------------------------------


def _elements(filling: TfliteReader, index: int) -> int:
    """The numbers of a sample's tensor, as its shape was worked out."""
    return prod(filling.shape(index) or ())


def _bytes(filling: TfliteReader, index: int) -> int:
    return BITS[TYPES[filling.stored(index).type]] // 8


def _rank(filling: TfliteReader, index: int) -> int:
    return len(filling.stored(index).shape)


def _unpacked(filling: TfliteReader, operator: TfliteOperator) -> list[Size]:
    """Weights of four bits, a byte each (conv_common.cc, depthwise_conv_common.cc, fully_connected.cc)."""
    weights = filling.stored(operator.inputs[1])
    return [(0, prod(weights.shape))] if TYPES.get(weights.type) == "int4" else []


def _reduced(filling: TfliteReader, operator: TfliteOperator) -> list[Size]:
    """Where it is, and the axes (reduce_common.cc)."""
    axes = prod(filling.stored(operator.inputs[1]).shape)
    return [(0, _INT * _rank(filling, operator.inputs[0])), (0, _INT * axes)]


def _summed(filling: TfliteReader, operator: TfliteOperator) -> list[Size]:
    """Besides, the sums of integers (reduce_common.cc)."""
    whole = _bytes(filling, operator.inputs[0]) < _INT
    sums = [(_INT * _elements(filling, operator.outputs[0]), 0)] if whole else []
    return [*sums, *_reduced(filling, operator)]


def _transposed(filling: TfliteReader, operator: TfliteOperator) -> list[Size]:
    """Sums of integers, and biases of 16 bits in 64 (transpose_conv.cc)."""
    size = {1: _INT, 2: _LONG}.get(_bytes(filling, operator.inputs[2]))
    if size is None:
        return []
    found = [(size * _elements(filling, operator.outputs[0]), 0)]
    bias = operator.inputs[3] if len(operator.inputs) > 3 else -1
    if size == _LONG and bias >= 0 and _bytes(filling, bias) == 2:
        found.append((0, _LONG * prod(filling.stored(bias).shape)))
    return found


def _svdf(filling: TfliteReader, operator: TfliteOperator) -> list[Size]:
    """The products with its features, and of integers the outputs before they are scaled (svdf_common.cc)."""
    features = (_INT * filling.stored(operator.inputs[1]).shape[0], 0)
    outputs = (_INT * _elements(filling, operator.outputs[0]), 0)
    return [features, outputs] if _bytes(filling, operator.inputs[0]) == 1 else [features]


def _lstm(filling: TfliteReader, operator: TfliteOperator) -> list[Size]:
    """Four states of a step, in the type of the cell's (unidirectional_sequence_lstm.cc)."""
    state = operator.inputs[19]
    return [(filling.stored(state).shape[-1] * _bytes(filling, state), 0)] * 4


def _mirrored(filling: TfliteReader, operator: TfliteOperator) -> list[Size]:
    """Elements by axis, of the input and the output (mirror_pad.cc)."""
    return [(0, _INT * _rank(filling, operator.inputs[0]))] * 2


def _pointers(filling: TfliteReader, operator: TfliteOperator) -> list[Size]:
    """A pointer an input (add_n.cc)."""
    return [(0, _POINTER * len(operator.inputs))]


def _transform(filling: TfliteReader, operator: TfliteOperator) -> list[Size]:
    """The samples of a window, of which half and one complex numbers are given (rfft.cc)."""
    length = filling.stored(operator.outputs[0]).shape[-1] - 2
    return [(0, max(length, 0) * _bytes(filling, operator.inputs[0]))]


_SCRATCH: dict[str, Rule] = {
    "CONV_2D": _unpacked, "DEPTHWISE_CONV_2D": _unpacked, "FULLY_CONNECTED": _unpacked, "TRANSPOSE_CONV": _transposed,
    "MEAN": _summed, "SUM": _summed, "REDUCE_MAX": _reduced, "REDUCE_MIN": _reduced, "REDUCE_ALL": _reduced,
    "SVDF": _svdf, "UNIDIRECTIONAL_SEQUENCE_LSTM": _lstm, "MIRROR_PAD": _mirrored, "ADD_N": _pointers,
    "SignalRfft": _transform,
}  # fmt: skip
