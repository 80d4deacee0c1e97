"""What operators cost that are no layer of ours, and what their kernels work in: by hand, after the sources that costs.py and
memory.py name.
"""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.measure.footprint import Footprint

pytest.importorskip("tflite")
pytest.importorskip("numpy")

from .writing import FLOAT, INT4, INT8, INT16, INT32, INT64, Writing


def written(name, inputs, output, options, values, kind):
    """A file of one operator. An input is a shape that enters, or a shape, a type and numbers (None: zeros; "state": a state)."""
    file, tensors, entering = Writing(), [], []
    for number, one in enumerate(inputs):
        if one is None:
            tensors.append(-1)
        elif isinstance(one, tuple):
            shape, own, numbers = one
            if numbers == "state":
                tensors.append(file.tensor(f"t{number}", shape, own, variable=True))
            else:
                make = file.constant if numbers is None else file.tensor
                tensors.append(make(f"t{number}", shape, own, *([] if numbers is None else [numbers])))
        else:
            tensors.append(file.tensor(f"t{number}", one, kind))
            entering.append(tensors[-1])
    made = file.tensor("made", output, kind)
    file.operator(name, tensors, [made], options, **values)
    return file.bytes(entering, [made])


def lstm(bias, kind=FLOAT):
    """24 inputs: 4 matrices of 5x3, 4 of 5x5, 3 peepholes and 4 biases, projections that are not there, and two states."""
    matrices = [([5, 3], kind, None)] * 4 + [([5, 5], kind, None)] * 4
    return [
        *matrices,
        None,
        None,
        None,
        *[([5], bias, None)] * 4,
        None,
        None,
        ([1, 5], kind, "state"),
        ([1, 5], kind, "state"),
        None,
        None,
        None,
        None,
    ]


COSTS = [
    ("BATCH_MATMUL", [[1, 5, 6], [1, 6, 7]], [1, 5, 7], "BatchMatMulOptions", {}, FLOAT, 0, 5 * 7 * 6),
    ("BATCH_MATMUL", [[1, 6, 5], [1, 6, 7]], [1, 5, 7], "BatchMatMulOptions", {"AdjX": True}, FLOAT, 0, 5 * 7 * 6),
    ("BATCH_MATMUL", [[4, 5, 6], ([6, 7], FLOAT, None)], [4, 5, 7], "BatchMatMulOptions", {}, FLOAT, 42, 5 * 7 * 6),
    ("BATCH_MATMUL", [[6], [1, 6, 7]], [1, 7], "BatchMatMulOptions", {}, FLOAT, None, None),
    ("CONV_3D", [[1, 4, 5, 6, 2], ([3, 3, 3, 2, 4], FLOAT, None), ([4], FLOAT, None)], [1, 2, 3, 4, 4], "Conv3DOptions", {}, FLOAT, 216 + 4, 24 * 216),
    ("CONV_3D", [[1, 4, 5, 6, 2], ([3, 3, 2, 4], FLOAT, None)], [1, 2, 3, 4, 4], "Conv3DOptions", {}, FLOAT, None, None),
    ("UNIDIRECTIONAL_SEQUENCE_LSTM", [[1, 7, 3], *lstm(FLOAT)], [1, 7, 5], "UnidirectionalSequenceLSTMOptions", {}, FLOAT, 4 * 45, 7 * 4 * 40),
    ("UNIDIRECTIONAL_SEQUENCE_LSTM", [[1, 7, 3], *lstm(INT32, INT8)], [1, 7, 5], "UnidirectionalSequenceLSTMOptions", {}, INT8, 4 * 45, 7 * 4 * 40),
    ("UNIDIRECTIONAL_SEQUENCE_LSTM", [[7, 1, 3], *lstm(FLOAT)], [7, 1, 5], "UnidirectionalSequenceLSTMOptions", {"TimeMajor": True}, FLOAT, 4 * 45, 7 * 4 * 40),
    ("UNIDIRECTIONAL_SEQUENCE_LSTM", [[7, 3], *lstm(FLOAT)], [7, 5], "UnidirectionalSequenceLSTMOptions", {}, FLOAT, None, None),
    ("UNIDIRECTIONAL_SEQUENCE_RNN", [[1, 7, 3], ([5, 3], FLOAT, None), ([5, 5], FLOAT, None), ([5], FLOAT, None), ([1, 5], FLOAT, "state")],
     [1, 7, 5], "SequenceRNNOptions", {}, FLOAT, 45, 7 * 40),
    ("SVDF", [[1, 6], ([8, 6], FLOAT, None), ([8, 3], FLOAT, None), ([4], FLOAT, None), ([1, 24], FLOAT, "state")], [1, 4], "SVDFOptions", {"Rank": 2},
     FLOAT, 48 + 24 + 4, 48 + 24),
    ("SVDF", [[1, 6], ([8, 6], INT8, None), ([8, 3], INT16, None), ([4], INT32, None), ([1, 24], INT16, "state")], [1, 4], "SVDFOptions", {"Rank": 2},
     INT8, 48 + 24 + 4, 48 + 24),
    ("SVDF", [[1, 6]], [1, 4], "SVDFOptions", {}, FLOAT, None, None),
    ("GATHER_ND", [([20, 3], FLOAT, None), [1, 4, 1]], [1, 4, 3], None, {}, FLOAT, 60, 0),
    ("GATHER", [[1, 9, 4], ([3], INT32, [1, 2, 3])], [1, 3, 4], None, {}, FLOAT, 0, 0),  # indices are no weights
    ("ADD", [[1, 4, 4, 3], ([3], FLOAT, None)], [1, 4, 4, 3], None, {}, FLOAT, 3, 0),
    ("ADD", [[1, 4, 4, 3], ([1], FLOAT, None)], [1, 4, 4, 3], None, {}, FLOAT, 0, 0),
    ("FLOOR_DIV", [[1, 4], ([4], FLOAT, None)], [1, 4], None, {}, FLOAT, 0, 0),
    ("HASHTABLE", [[1, 4]], [1, 4], None, {}, FLOAT, None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "inputs", "output", "options", "values", "kind", "params", "macs"),
    COSTS,
    ids=[f"{row[0]}-{at}" for at, row in enumerate(COSTS)],
)
def test_what_it_costs(tmp_path, name, inputs, output, options, values, kind, params, macs):
    path = tmp_path / "net.tflite"
    path.write_bytes(written(name, inputs, output, options, values, kind))
    totals = cnncalc.analyze(cnncalc.load(path)).totals
    assert (totals.params, totals.macs) == (params, macs)


PADS = ([4, 2], INT32, [0, 0, 1, 1, 1, 1, 0, 0])
AXES = ([2], INT32, [1, 2])
#: The scratch buffers of a kernel, as multiples of 16 bytes.
SCRATCH = [
    ("MEAN", [[1, 4, 4, 8], AXES], [1, 8], "ReducerOptions", {}, INT8, [32, 16, 16]),
    ("SUM", [[1, 4, 4, 8], AXES], [1, 8], "ReducerOptions", {}, FLOAT, [16, 16]),
    ("SUM", [[1, 4, 4, 8], AXES], [1, 8], "ReducerOptions", {}, INT16, [32, 16, 16]),
    ("REDUCE_MAX", [[1, 4, 4, 8], ([1], INT32, [3])], [1, 4, 4], "ReducerOptions", {}, INT8, [16, 16]),
    ("MIRROR_PAD", [[1, 4, 4, 8], PADS], [1, 6, 6, 8], "MirrorPadOptions", {}, INT8, [16, 16]),
    ("ADD_N", [[1, 8]] * 3, [1, 8], None, {}, INT8, [32]),
    ("ADD_N", [[1, 8]] * 2, [1, 8], None, {}, INT8, [16]),
    ("CONV_2D", [[1, 4, 4, 8], ([8, 3, 3, 8], INT4, None), ([8], INT32, None)], [1, 2, 2, 8], "Conv2DOptions", {"Padding": 1, "StrideH": 1, "StrideW": 1}, INT8, [576]),
    ("CONV_2D", [[1, 4, 4, 8], ([8, 3, 3, 8], INT8, None), ([8], INT32, None)], [1, 2, 2, 8], "Conv2DOptions", {"Padding": 1, "StrideH": 1, "StrideW": 1}, INT8, []),
    ("TRANSPOSE_CONV", [([4], INT32, [1, 8, 8, 4]), ([4, 2, 2, 8], INT8, None), [1, 4, 4, 8], ([4], INT32, None)], [1, 8, 8, 4], "TransposeConvOptions",
     {"Padding": 1, "StrideH": 2, "StrideW": 2}, INT8, [4 * 256]),
    ("TRANSPOSE_CONV", [([4], INT32, [1, 8, 8, 4]), ([4, 2, 2, 8], INT8, None), [1, 4, 4, 8], ([4], INT64, None)], [1, 8, 8, 4], "TransposeConvOptions",
     {"Padding": 1, "StrideH": 2, "StrideW": 2}, INT16, [8 * 256]),
    ("TRANSPOSE_CONV", [([4], INT32, [1, 8, 8, 4]), ([4, 2, 2, 8], INT8, None), [1, 4, 4, 8], ([4], INT16, None)], [1, 8, 8, 4], "TransposeConvOptions",
     {"Padding": 1, "StrideH": 2, "StrideW": 2}, INT16, [8 * 256, 32]),
    ("TRANSPOSE_CONV", [([4], INT32, [1, 8, 8, 4]), ([4, 2, 2, 8], FLOAT, None), [1, 4, 4, 8]], [1, 8, 8, 4], "TransposeConvOptions",
     {"Padding": 1, "StrideH": 2, "StrideW": 2}, FLOAT, []),
    ("SVDF", [[1, 6], ([8, 6], FLOAT, None), ([8, 3], FLOAT, None), ([4], FLOAT, None), ([1, 24], FLOAT, "state")], [1, 4], "SVDFOptions", {"Rank": 2}, FLOAT, [32]),
    ("SVDF", [[1, 6], ([8, 6], INT8, None), ([8, 3], INT16, None), ([4], INT32, None), ([1, 24], INT16, "state")], [1, 4], "SVDFOptions", {"Rank": 2}, INT8, [32, 16]),
    ("UNIDIRECTIONAL_SEQUENCE_LSTM", [[1, 7, 3], *lstm(FLOAT)], [1, 7, 5], "UnidirectionalSequenceLSTMOptions", {}, FLOAT, [32] * 4),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "inputs", "output", "options", "values", "kind", "sizes"),
    SCRATCH,
    ids=[f"{row[0]}-{at}" for at, row in enumerate(SCRATCH)],
)
def test_what_its_kernel_works_in(tmp_path, name, inputs, output, options, values, kind, sizes):
    path = tmp_path / "net.tflite"
    path.write_bytes(written(name, inputs, output, options, values, kind))
    footprint = Footprint(cnncalc.analyze(cnncalc.load(path)))
    assert footprint.arena is not None, footprint.arena_unknown
    assert [one.bytes for one in footprint.arena.tensors if one.scratch] == sizes
