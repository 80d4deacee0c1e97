"""What operators of TFLite cost that are no layer of ours: what they store, and the products of a sample."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TypeAlias

from .reading import TfliteReader
from .tables import Stored

#: Parameters and MACs; None for what is not known.
Cost: TypeAlias = tuple[int | None, int | None]
#: Operators that move, name, convert or compare values, or go value by value: they multiply by no weights.
_PLAIN = frozenset(
    "RESHAPE QUANTIZE DEQUANTIZE CAST BITCAST TRANSPOSE STRIDED_SLICE SLICE SPLIT SPLIT_V PACK UNPACK SQUEEZE "
    "EXPAND_DIMS SHAPE RANK FILL RANGE TILE REVERSE_V2 REVERSE_SEQUENCE PAD PADV2 MIRROR_PAD CONCATENATION "
    "SPACE_TO_BATCH_ND BATCH_TO_SPACE_ND SPACE_TO_DEPTH DEPTH_TO_SPACE BROADCAST_TO BROADCAST_ARGS ZEROS_LIKE "
    "ONE_HOT SPARSE_TO_DENSE SCATTER_ND MATRIX_DIAG MATRIX_SET_DIAG DYNAMIC_UPDATE_SLICE ASSIGN_VARIABLE "
    "READ_VARIABLE MEAN SUM REDUCE_MAX REDUCE_MIN REDUCE_PROD REDUCE_ANY REDUCE_ALL ARG_MAX ARG_MIN TOPK_V2 "
    "CUMSUM UNIQUE WHERE SEGMENT_SUM UNSORTED_SEGMENT_MAX UNSORTED_SEGMENT_MIN UNSORTED_SEGMENT_SUM "
    "UNSORTED_SEGMENT_PROD RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR AVERAGE_POOL_2D MAX_POOL_2D L2_POOL_2D RELU "
    "RELU6 RELU_N1_TO_1 RELU_0_TO_1 LEAKY_RELU ELU GELU HARD_SWISH LOGISTIC TANH SOFTMAX LOG_SOFTMAX "
    "L2_NORMALIZATION LOCAL_RESPONSE_NORMALIZATION EXP LOG SQRT RSQRT SQUARE ABS NEG SIN COS SIGN FLOOR CEIL "
    "ROUND GREATER GREATER_EQUAL LESS LESS_EQUAL EQUAL NOT_EQUAL LOGICAL_AND LOGICAL_OR LOGICAL_NOT SELECT "
    "SELECT_V2 FLOOR_DIV FLOOR_MOD POW SQUARED_DIFFERENCE ATAN2 BITWISE_XOR RIGHT_SHIFT RANDOM_UNIFORM "
    "RANDOM_STANDARD_NORMAL MULTINOMIAL NON_MAX_SUPPRESSION_V4 NON_MAX_SUPPRESSION_V5 FAKE_QUANT COMPLEX_ABS REAL "
    "IMAG RFFT2D".split()
)
#: Value by value, with constants that may have been learned.
_ARITHMETIC = frozenset("ADD SUB MUL DIV MAXIMUM MINIMUM".split())
_REALS = frozenset((0, 1, 3, 7, 9, 10, 17))  # the types that weights have, whole numbers with a scale among them
_WITH_BIASES = _REALS | {2, 4}  # those that biases have, too: of layers of whole numbers 32 and 64 bits


def cost_of(filling: TfliteReader) -> Cost:
    """What the operator costs that is being read."""
    name = filling.operator.name
    if name in _PLAIN:
        return 0, 0
    if name in _ARITHMETIC:
        return _learned(filling), 0
    rule = _RULES.get(name)
    return rule(filling) if rule is not None else (None, None)


def _constants(filling: TfliteReader, types: frozenset[int] = _REALS) -> list[Stored]:
    """The constants that it reads, of numbers that weights have, but for single ones."""
    return [
        constant
        for constant in filling.constants()
        if constant.type in types and not constant.variable and prod(constant.shape) > 1
    ]


def _learned(filling: TfliteReader, types: frozenset[int] = _REALS) -> int:
    """Their elements, but for those that a layer before counts."""
    node, found = len(filling.assembler.nodes), _constants(filling, types)
    return sum(prod(stored.shape) for stored in found if filling.owners.setdefault(stored.buffer, node) == node)


def _matrices(filling: TfliteReader) -> int:
    """The elements of those with two axes."""
    return sum(prod(constant.shape) for constant in _constants(filling) if len(constant.shape) == 2)


def table(filling: TfliteReader) -> Cost:
    """GATHER, EMBEDDING_LOOKUP: rows of a table, which is learned where it is a constant."""
    return _learned(filling), 0


def product(filling: TfliteReader) -> Cost:
    """BATCH_MATMUL: the products of every value that it gives."""
    output, first = filling.stored(filling.operator.outputs[0]).shape, filling.stored(filling.operator.inputs[0]).shape
    turned = filling.operator.option("AdjX", 0)
    if len(first) < 2 or min((*output, *first), default=0) < 1:
        return None, None
    samples = 1 if filling.whole(filling.operator.outputs[0]) else output[0]
    return _learned(filling), prod(output) * first[-2 if turned else -1] // samples


def volume(filling: TfliteReader) -> Cost:
    """CONV_3D: weights are depth, height, width, channels of a group, filters."""
    weights, output = (
        filling.stored(filling.operator.inputs[1]).shape,
        filling.stored(filling.operator.outputs[0]).shape,
    )
    if len(weights) != 5 or len(output) != 5 or min(output) < 1:
        return None, None
    return _learned(filling, _WITH_BIASES), prod(weights[:4]) * prod(output[1:])


def recurrent(filling: TfliteReader) -> Cost:
    """Sequences: every matrix once a step; UNIDIRECTIONAL_SEQUENCE_LSTM has up to 24 constants."""
    shape = filling.stored(filling.operator.inputs[0]).shape
    if len(shape) != 3 or min(shape) < 1:
        return None, None
    steps = shape[0] if filling.operator.option("TimeMajor", 0) else shape[1]
    return _learned(filling, _WITH_BIASES), steps * _matrices(filling)


def filter_bank(filling: TfliteReader) -> Cost:
    """SVDF: a product over the features, and one over the memory."""
    if not _constants(filling):
        return None, None
    return _learned(filling, _WITH_BIASES), _matrices(filling)


_RULES: dict[str, Callable[[TfliteReader], Cost]] = {
    "GATHER": table, "GATHER_ND": table, "EMBEDDING_LOOKUP": table, "BATCH_MATMUL": product, "CONV_3D": volume,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": recurrent, "UNIDIRECTIONAL_SEQUENCE_RNN": recurrent, "SVDF": filter_bank,
}  # fmt: skip
