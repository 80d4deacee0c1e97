"""Records what ONNX Runtime's own operators give: python record_runtime.py  (with onnx and onnxruntime)

The lines of runtime.jsonl are as those of nodes.jsonl (record_nodes.py), executed by ONNX Runtime, each a model of one operator.
"""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import helper

HERE = Path(__file__).resolve().parent
MS, ONNX = "com.microsoft", ""
F, U8, I8, I32, I64 = 1, 2, 3, 6, 7
S, Z, Z8 = (F, (), [0.1]), (U8, (), [3]), (I8, (), [0])


def f(*shape: int) -> tuple[int, tuple[int, ...], None]:
    return F, shape, None


def u8(*shape: int) -> tuple[int, tuple[int, ...], None]:
    return U8, shape, None


def i8(*shape: int) -> tuple[int, tuple[int, ...], None]:
    return I8, shape, None


def ids(*shape: int) -> tuple[int, tuple[int, ...], list[int]]:
    return I32, shape, [number % 5 for number in range(prod(shape))]


#: An operator, its inputs (None: left out), the number of its results, and its attributes.
CALLS: list[tuple[str, list[Any], int, dict[str, Any]]] = [
    *[("FusedMatMul", [f(*a), f(*b)], 1, given) for a, b, given in (
        ((2, 5), (5, 7), {}), ((5, 2), (5, 7), {"transA": 1}), ((2, 5), (7, 5), {"transB": 1, "alpha": 0.5}),
        ((2, 3, 4, 5), (2, 3, 6, 5), {"transB": 1}), ((2, 3, 5, 4), (2, 3, 6, 5), {"transA": 1, "transB": 1}),
        ((3, 2, 4, 5), (2, 4, 5, 6), {"transBatchA": 1}),
        ((2, 3, 4, 5), (5, 6), {}), ((2, 3, 4), (2, 3, 5), {"transA": 1}),
    )],
    ("FusedGemm", [f(2, 5), f(5, 7), f(7)], 1, {"activation": "Relu"}),
    ("FusedGemm", [f(2, 5), f(7, 5)], 1, {"transB": 1, "activation": "LeakyRelu", "activation_alpha": 0.1}),
    ("GemmFastGelu", [f(2, 5), f(5, 7), f(7)], 1, {}),
    ("FusedConv", [f(2, 3, 8, 9), f(4, 3, 3, 3), f(4)], 1, {"activation": "Relu", "pads": [1, 1, 1, 1]}),
    ("FusedConv", [f(2, 3, 8, 9), f(4, 3, 3, 3), f(4), f(2, 4, 8, 9)], 1, {"activation": "Relu", "pads": [1, 1, 1, 1]}),
    ("FusedConv", [f(2, 4, 8, 9), f(4, 1, 3, 3)], 1, {"activation": "Clip", "activation_params": [0.0, 6.0], "group": 4, "strides": [2, 2]}),
    *[(op, [f(2, 5, 6), f(6)], 1, {}) for op in ("BiasGelu", "FastGelu")],
    *[(op, [f(2, 5, 6)], 1, {}) for op in ("Gelu", "FastGelu", "QuickGelu")],
    ("BiasSoftmax", [f(2, 5, 6), f(2, 5, 6)], 1, {"axis": 2, "is_inner_broadcast": 0}),
    ("BiasDropout", [f(2, 5, 6), f(6), f(2, 5, 6)], 2, {}),
    ("SkipLayerNormalization", [f(2, 5, 8), f(2, 5, 8), f(8), f(8), f(8)], 4, {}),
    ("SkipLayerNormalization", [f(2, 5, 8), f(2, 5, 8), f(8)], 1, {}),
    ("SkipSimplifiedLayerNormalization", [f(2, 5, 8), f(2, 5, 8), f(8)], 4, {}),
    ("EmbedLayerNormalization", [ids(2, 5), ids(2, 5), f(9, 8), f(6, 8), f(5, 8), f(8), f(8), ids(2, 5)], 3, {}),
    ("EmbedLayerNormalization", [ids(2, 5), None, f(9, 8), f(6, 8), None, f(8), f(8)], 2, {}),
    ("Attention", [f(2, 5, 8), f(8, 24), f(24)], 1, {"num_heads": 2}),
    ("Attention", [f(2, 5, 8), f(8, 24), f(24)], 2, {"num_heads": 2, "unidirectional": 1}),
    ("Attention", [f(2, 5, 8), f(8, 24), f(24), None, f(2, 2, 2, 3, 4)], 2, {"num_heads": 2, "unidirectional": 1}),
    ("Attention", [f(2, 5, 8), f(8, 28), f(28)], 1, {"num_heads": 2, "qkv_hidden_sizes": [8, 8, 12]}),
    ("QAttention", [u8(2, 5, 8), u8(8, 24), f(24), S, S, None, Z, Z], 1, {"num_heads": 2}),
    ("MultiHeadAttention", [f(2, 5, 8), f(2, 7, 8), f(2, 7, 8), f(24)], 1, {"num_heads": 2}),
    ("MultiHeadAttention", [f(2, 5, 8), f(2, 7, 8), f(2, 7, 12)], 3, {"num_heads": 2}),
    ("MultiHeadAttention", [f(2, 5, 8), f(2, 2, 7, 4), f(2, 2, 7, 4)], 1, {"num_heads": 2}),
    ("MultiHeadAttention", [f(2, 5, 8), f(2, 5, 8), f(2, 5, 8), None, None, None, f(2, 2, 3, 4), f(2, 2, 3, 4)], 3, {"num_heads": 2}),
    ("DynamicQuantizeMatMul", [f(2, 5), i8(5, 7), S, Z8, f(7)], 1, {}),
    ("DynamicQuantizeMatMul", [f(2, 3, 5), i8(5, 7), S, Z8], 1, {}),
    ("MatMulIntegerToFloat", [u8(2, 5), i8(5, 7), S, S, Z, Z8, f(7)], 1, {}),
    ("MatMulNBits", [f(2, 3, 32), u8(6, 1, 16), f(6)], 1, {"K": 32, "N": 6, "bits": 4, "block_size": 32}),
    ("QGemm", [u8(2, 5), S, Z, u8(5, 7), S, Z, (I32, (7,), None), S, Z], 1, {}),
    ("QGemm", [u8(5, 2), S, Z, u8(7, 5), S, Z], 1, {"transA": 1, "transB": 1}),
    *[("QLinearConv", [u8(*x), S, Z, u8(*w), S, Z, S, Z, (I32, w[:1], None)], 1, given) for x, w, given in (
        ((2, 3, 8, 9), (4, 3, 3, 3), {"pads": [1, 1, 1, 1]}), ((2, 8, 9, 3), (4, 3, 3, 3), {"channels_last": 1, "strides": [2, 2]}),
        ((2, 8, 9, 4), (4, 1, 3, 3), {"channels_last": 1, "group": 4, "pads": [1, 1, 1, 1]}))],
    ("QLinearConvTranspose", [u8(2, 3, 5, 6), S, Z, u8(3, 4, 3, 3), S, Z, S, Z], 1, {"strides": [2, 2]}),
    ("QLinearAveragePool", [u8(2, 3, 8, 9), S, Z, S, Z], 1, {"kernel_shape": [3, 3], "strides": [2, 2]}),
    ("QLinearAveragePool", [u8(2, 8, 9, 3), S, Z, S, Z], 1, {"kernel_shape": [3, 3], "strides": [2, 2], "channels_last": 1}),
    ("QLinearGlobalAveragePool", [u8(2, 3, 8, 9), S, Z, S, Z], 1, {}),
    ("QLinearGlobalAveragePool", [u8(2, 8, 9, 3), S, Z, S, Z], 1, {"channels_last": 1}),
    ("QLinearAdd", [u8(2, 3, 8, 9), S, Z, u8(2, 3, 8, 9), S, Z, S, Z], 1, {}),
    ("QLinearMul", [u8(2, 3, 8, 9), S, Z, u8(3, 1, 1), S, Z, S, Z], 1, {}),
    ("QLinearSigmoid", [u8(2, 3), S, Z, S, Z], 1, {}),
    ("QLinearLeakyRelu", [u8(2, 3), S, Z, S, Z], 1, {"alpha": 0.1}),
    ("QLinearSoftmax", [u8(2, 3), S, Z, S, Z], 1, {"axis": 1, "opset": 13}),
    ("QLinearWhere", [(9, (2, 3), None), u8(2, 3), S, Z, u8(2, 3), S, Z, S, Z], 1, {}),
    ("NhwcMaxPool", [u8(2, 8, 9, 3)], 1, {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
    ("ExpandDims", [f(2, 3), (I32, (), [1])], 1, {}),
    ("Inverse", [f(2, 3, 3)], 1, {}),
    ("Trilu", [f(2, 3, 3)], 1, {}),
    ("CropAndResize", [f(1, 3, 8, 9), f(5, 4), (I32, (5,), [0] * 5), (I32, (2,), [4, 6])], 1, {}),
    ("GroupNorm", [f(2, 8, 9, 4), f(4), f(4)], 1, {"groups": 2, "activation": 0}),
    ("Pad", [f(2, 3), (I64, (4,), [0, 1, 0, 2])], 1, {}),
    ("GridSample", [f(2, 3, 8, 9), f(2, 5, 6, 2)], 1, {}),
    ("RotaryEmbedding", [f(2, 5, 8), (I64, (1,), [0]), f(9, 2), f(9, 2)], 1, {"num_heads": 2}),
]  # fmt: skip
TYPES = {F: np.float32, U8: np.uint8, I8: np.int8, I32: np.int32, I64: np.int64, 9: np.bool_}


def answer(op: str, inputs: list[Any], count: int, given: dict[str, Any]) -> list[Any]:
    """The line of an operator. Raises what ONNX Runtime raises."""
    random = np.random.default_rng(3)
    names = ["" if one is None else f"x{place}" for place, one in enumerate(inputs)]
    outputs = [f"y{place}" for place in range(count)]
    arrays, said = [], []
    for one in inputs:
        if one is None:
            said.append(["", 1, [], None])
            continue
        kind, shape, numbers = one
        array = random.random(shape) if numbers is None else np.array(numbers).reshape(shape)
        arrays.append((array * 5 if numbers is None and kind != F else array).astype(TYPES[kind]))
        said.append([names[len(said)], kind, list(shape), numbers])
    node = helper.make_node(op, names, outputs, domain=MS, **given)
    entering = [
        helper.make_tensor_value_info(name, one[0], one[1]) for name, one in zip(names, inputs, strict=True) if one
    ]
    constants = [onnx.numpy_helper.from_array(array, info.name) for info, array in zip(entering, arrays, strict=True)][
        1:
    ]
    graph = helper.make_graph(
        [node], "g", entering[:1], [onnx.ValueInfoProto(name=name) for name in outputs], constants
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(MS, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    run = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    made = run.run(None, {names[0]: arrays[0]})
    results = [[name, list(np.shape(one)), False] for name, one in zip(outputs, made, strict=True)]
    return [op, MS, 1, given, said, outputs, results]


def main() -> None:
    lines = []
    for call in CALLS:
        try:
            lines.append(json.dumps(answer(*call), separators=(",", ":")))
        except Exception as error:  # what this build of it has no code for
            print(call[0], str(error)[:150])
    (HERE / "runtime.jsonl").write_text("\n".join(lines) + "\n")
    print(len(lines), "recorded of", len(CALLS), "by ONNX Runtime", onnxruntime.__version__)


if __name__ == "__main__":
    main()
