"""What operators of ONNX are read as, each on a tensor x with the samples first: layers, whole shapes, parameters, MACs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc

from .writer import INT8, INT64, ints, node, scalar, small, tensor

W, B = tensor("w", [8, 3, 3, 3]), tensor("b", [8])


def read(data: bytes, path: Path, **more: Any) -> str:
    """Every layer with its whole shape; parameters, statistics and MACs of all. Behind a "!" why there is none."""
    path.write_bytes(data)
    try:
        analysis = cnncalc.analyze(cnncalc.load(path, **more))
    except cnncalc.SpecError as fault:
        return f"! {fault.diagnostics[0].message}"
    rows = [
        f"{row['operation']} {'x'.join(map(str, row['full'])) if row['full'] is not None else '?'}"
        for row in analysis.to_dict()["layers"]
    ]
    totals = analysis.totals
    return f"{'; '.join(rows)} | {totals.params} {totals.buffers} {totals.macs}"


#: The nodes, the tensors of the file, the shape that enters, and what is read.
CASES: list[tuple[list[bytes], list[bytes], tuple[int, ...], str]] = [
    # convolutions: 8 filters of 3x3 on 3 channels are 216 weights, on 8x8 of 10x10 13,824 products
    ([node("Conv", "x w", "y")], [W], (1, 3, 10, 10), "conv 8 3x3 bias=no 1x8x8x8 | 216 0 13824"),
    ([node("Conv", "x w b", "y", pads=[1, 0, 2, 1], strides=[2, 1])], [W, B], (1, 3, 10, 10), "conv 8 3x3 stride=2x1 pad=1:2x0:1 1x8x6x9 | 224 0 11664"),
    ([node("Conv", "x w", "y", dilations=[2, 2], kernel_shape=[3, 3])], [W], (2, 3, 10, 10), "conv 8 3x3 dilation=2 bias=no 2x8x6x6 | 216 0 7776"),
    ([node("Conv", "x w", "y", auto_pad="SAME_UPPER", strides=[3, 3])], [W], (1, 3, 10, 10), "conv 8 3x3 stride=3 pad=1 bias=no 1x8x4x4 | 216 0 3456"),
    ([node("Conv", "x w", "y", auto_pad="SAME_LOWER", strides=[3, 3])], [W], (1, 3, 10, 10), "conv 8 3x3 stride=3 pad=1 bias=no 1x8x4x4 | 216 0 3456"),
    ([node("Conv", "x w", "y", auto_pad="VALID", pads=[1, 1, 1, 1])], [W], (1, 3, 10, 10), "conv 8 3x3 bias=no 1x8x8x8 | 216 0 13824"),
    ([node("Conv", "x d", "y", group=3)], [tensor("d", [6, 1, 3, 3])], (1, 3, 10, 10), "dwconv 3x3 bias=no multiplier=2 1x6x8x8 | 54 0 3456"),
    ([node("Conv", "x d", "y", group=2)], [tensor("d", [6, 2, 3, 3])], (1, 4, 10, 10), "conv 6 3x3 groups=2 bias=no 1x6x8x8 | 108 0 6912"),
    ([node("Conv", "x d", "y", group=1)], [tensor("d", [6, 1, 3, 3])], (1, 1, 10, 10), "conv 6 3x3 bias=no 1x6x8x8 | 54 0 3456"),
    ([node("Conv", "x d b", "y")], [tensor("d", [8, 3, 3]), B], (1, 3, 10), "conv 8 3 1x8x8 | 80 0 576"),
    ([node("Conv", "x w", "y", kernel_shape=[2, 3])], [W], (1, 3, 10, 10), "! kernel_shape [2, 3], and weights of 8x3x3x3"),
    ([node("Conv", "x w", "y", pads=[1, 1, -1, 1])], [W], (1, 3, 10, 10), "! pads [1, 1, -1, 1]: none is below 0"),
    ([node("Conv", "x w", "y", strides=[0, 1])], [W], (1, 3, 10, 10), "! kernel [3, 3], strides [0, 1], dilations [1, 1]: all are at least 1"),
    ([node("Conv", "x w", "y")], [W], (1, 3, 10), "! weights of 8x3x3x3 on an input of 1x3x10"),
    ([node("Conv", "x w", "y")], [tensor("w", [8, 3])], (1, 3, 10), "! weights of the shape 8x3: filters, channels and a kernel are meant"),
    ([node("ConvTranspose", "x t b", "y", strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1])], [tensor("t", [3, 8, 3, 3]), B], (1, 3, 5, 5), "upconv 8 3x3 stride=2 pad=1 outpad=1 1x8x10x10 | 224 0 5400"),
    ([node("ConvTranspose", "x t", "y", strides=[2, 2], auto_pad="SAME_LOWER")], [tensor("t", [3, 8, 3, 3])], (1, 3, 5, 5), "upconv 8 3x3 stride=2 pad=1:0 bias=no 1x8x10x10 | 216 0 5400"),
    ([node("ConvTranspose", "x t", "y", strides=[3, 3], auto_pad="SAME_UPPER")], [tensor("t", [3, 8, 2, 2])], (1, 3, 5, 5), "upconv 8 2x2 stride=3 bias=no outpad=1 1x8x15x15 | 96 0 2400"),
    ([node("ConvTranspose", "x t", "y", strides=[2, 2], output_shape=[1, 8, 12, 13])], [tensor("t", [3, 8, 3, 3])], (1, 3, 5, 5), "upconv 8 3x3 stride=2 bias=no outpad=1x2 1x8x12x13 | 216 0 5400"),
    ([node("ConvTranspose", "x t", "y", group=3)], [tensor("t", [3, 2, 3, 3])], (1, 3, 5, 5), "upconv 6 3x3 groups=3 bias=no 1x6x7x7 | 54 0 1350"),
    ([node("ConvTranspose", "x t", "y", group=2)], [tensor("t", [3, 2, 3, 3])], (1, 3, 5, 5), "! weights of 3x2x3x3 in 2 groups on an input of 1x3x5x5"),
    ([node("ConvTranspose", "x t", "y", auto_pad="VALID")], [tensor("t", [3, 2, 3, 3])], (1, 3, 5, 5), "upconv 2 3x3 bias=no 1x2x7x7 | 54 0 1350"),
    # pools
    ([node("MaxPool", "x", "y", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)], [], (1, 3, 10, 10), "maxpool 3x3 stride=2 ceil=yes 1x3x5x5 | 0 0 0"),
    ([node("AveragePool", "x", "y", kernel_shape=[3, 3], pads=[1, 1, 1, 1])], [], (1, 3, 10, 10), "avgpool 3x3 stride=1 pad=1 countpad=no 1x3x10x10 | 0 0 0"),
    ([node("AveragePool", "x", "y", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)], [], (1, 3, 10, 10), "avgpool 3x3 stride=1 pad=1 1x3x10x10 | 0 0 0"),
    ([node("MaxPool", "x", "y")], [], (1, 3, 10, 10), "! kernel_shape is missing"),
    ([node("MaxPool", "x", "y", kernel_shape=[3])], [], (1, 3, 10, 10), "! a kernel of 1 axis on 1x3x10x10"),
    ([node("MaxPool", "x", "y i", kernel_shape=[2, 2], strides=[2, 2]), node("MaxUnpool", "y i", "z", kernel_shape=[2, 2], strides=[2, 2])], [], (1, 3, 10, 10), "maxpool 2x2 stride=2 1x3x5x5; op MaxUnpool 1x3x10x10 | 0 0 0"),
    ([node("GlobalAveragePool", "x", "y")], [], (1, 3, 10, 10), "gavgpool 1x3x1x1 | 0 0 0"),
    ([node("GlobalMaxPool", "x", "y")], [], (1, 3, 10), "gmaxpool 1x3x1 | 0 0 0"),
    ([node("GlobalLpPool", "x", "y")], [], (1, 3, 10, 10), "op GlobalLpPool 1x3x1x1 | 0 0 0"),
    ([node("GlobalAveragePool", "x", "y")], [], (1, 3), "! GlobalAveragePool of 1x3, which has no spatial axes"),
    ([node("LpPool", "x", "y", kernel_shape=[2, 2])], [], (1, 3, 10, 10), "op LpPool 1x3x9x9 | 0 0 0"),
    # dense
    ([node("Gemm", "x w b", "y", transB=1)], [tensor("w", [8, 5]), B], (1, 5), "fc 8 1x8 | 48 0 40"),
    ([node("Gemm", "x w", "y")], [tensor("w", [5, 8])], (4, 5), "fc 8 bias=no 4x8 | 40 0 40"),
    ([node("Gemm", "x w", "y", transA=1)], [tensor("w", [4, 8])], (4, 5), "op Gemm 5x8 | 32 0 160"),
    ([node("Gemm", "x w b", "y")], [tensor("w", [5, 8]), tensor("b", [1])], (1, 5), "op Gemm 1x8 | 41 0 40"),
    ([node("Gemm", "x w", "y")], [tensor("w", [4, 8])], (1, 5), "! the matrix has 4 rows, and the input 5 columns"),
    ([node("MatMul", "x w", "y")], [tensor("w", [5, 8])], (1, 5), "fc 8 bias=no 1x8 | 40 0 40"),
    ([node("MatMul", "x w", "y")], [tensor("w", [5, 8])], (1, 7, 5), "op MatMul 1x7x8 | 40 0 280"),
    ([node("MatMul", "x w", "y")], [tensor("w", [5])], (2, 7, 5), "op MatMul 2x7 | 5 0 35"),
    ([node("MatMul", "w x", "y")], [tensor("w", [7])], (2, 7, 5), "op MatMul 2x5 | 7 0 35"),
    ([node("MatMul", "w x", "y")], [tensor("w", [3, 7])], (2, 7, 5), "op MatMul 2x3x5 | 21 0 105"),
    ([node("MatMul", "x x", "y")], [], (2, 5, 5), "matmul 2x5x5 | 0 0 125"),
    ([node("MatMul", "x w", "y")], [tensor("w", [4, 8])], (1, 5), "! 1x5 and 4x8 do not go together: 5 columns, 4 rows"),
    ([node("Transpose", "x", "t", perm=[0, 2, 1]), node("MatMul", "x t", "y")], [], (2, 7, 5), "permute LC 2x5x7; matmul 2x7x7 | 0 0 245"),
    ([node("Einsum", "x w", "y", equation="bij,jk->bik")], [tensor("w", [5, 8])], (2, 7, 5), "op Einsum 2x7x8 | 40 0 280"),
    ([node("Einsum", "x x", "y", equation="bij,bkj->bik")], [], (2, 7, 5), "op Einsum 2x7x7 | 0 0 245"),
    ([node("Einsum", "x", "y", equation="...ij->...ji")], [], (2, 7, 5), "op Einsum 2x5x7 | 0 0 0"),
    ([node("Einsum", "x x", "y", equation="bij,bjk")], [], (2, 5, 5), "op Einsum 5x5 | 0 0 250"),
    ([node("Einsum", "x", "y", equation="bij,bjk->b")], [], (2, 5, 5), "! the equation bij,bjk->b on 1 tensor"),
    ([node("Einsum", "x", "y", equation="bi->b")], [], (2, 5, 5), "! 'bi' of the equation on 2x5x5"),
    ([node("Einsum", "x x", "y", equation="bij,bki->bkj")], [], (2, 5, 6), "! 'i' of the equation is 5 and 6"),
    # normalisations
    ([node("BatchNormalization", "x g b m v", "y")], [tensor(one, [3]) for one in "gbmv"], (1, 3, 4, 4), "bn 1x3x4x4 | 6 6 0"),
    ([node("InstanceNormalization", "x g b", "y")], [tensor(one, [3]) for one in "gb"], (1, 3, 4, 4), "in 1x3x4x4 | 6 0 0"),
    ([node("InstanceNormalization", "x g b", "y")], [tensor("g", [3], 1, [1, 1, 1]), tensor("b", [3], 1, [0, 0, 0])], (1, 3, 4, 4), "in affine=no 1x3x4x4 | 0 0 0"),
    ([node("GroupNormalization", "x g b", "y", num_groups=2)], [tensor(one, [4]) for one in "gb"], (1, 4, 4, 4), "gn 2 1x4x4x4 | 8 0 0"),
    ([node("LayerNormalization", "x g b", "y")], [tensor(one, [4]) for one in "gb"], (1, 7, 4), "ln axes=L 1x7x4 | 8 0 0"),
    ([node("LayerNormalization", "x g", "y", axis=1)], [tensor("g", [7, 4])], (1, 7, 4), "ln bias=no axes=CL 1x7x4 | 28 0 0"),
    ([node("LayerNormalization", "x g", "y")], [tensor("g", [4])], (3, 4), "ln bias=no 3x4 | 4 0 0"),
    ([node("LRN", "x", "y", size=5)], [], (1, 3, 4, 4), "lrn 5 1x3x4x4 | 0 0 0"),
    ([node("LRN", "x", "y", size=1)], [], (1, 3, 4, 4), "lrn 1 1x3x4x4 | 0 0 0"),
    ([node("LRN", "x", "y", size=-2)], [], (1, 3, 4, 4), "! the size -2 of a window"),
    ([node("LRN", "x", "y")], [], (1, 3, 4, 4), "! size is missing"),
    # activations
    ([node("Clip", "x low high", "y")], [scalar("low", 0), scalar("high", 6)], (1, 3), "relu6 1x3 | 0 0 0"),
    ([node("Clip", "x low", "y")], [scalar("low", 0)], (1, 3), "relu 1x3 | 0 0 0"),
    ([node("Clip", "x low high", "y")], [scalar("low", -1), scalar("high", 6)], (1, 3), "op Clip 1x3 | 0 0 0"),
    ([node("Clip", "x", "y", min=0.0, max=6.0)], [], (1, 3), "relu6 1x3 | 0 0 0"),
    ([node("Softmax", "x", "y")], [], (1, 3, 4, 5), "softmax axis=W 1x3x4x5 | 0 0 0"),
    ([node("Softmax", "x", "y", axis=1)], [], (1, 3, 4, 5), "softmax 1x3x4x5 | 0 0 0"),
    ([node("Softmax", "x", "y", axis=0)], [], (2, 3, 4, 5), "op Softmax 2x3x4x5 | 0 0 0"),
    ([node("LogSoftmax", "x", "y", axis=-2)], [], (1, 3, 4, 5), "logsoftmax axis=H 1x3x4x5 | 0 0 0"),
    ([node("Hardmax", "x", "y", axis=1)], [], (1, 3), "op Hardmax 1x3 | 0 0 0"),
    ([node("PRelu", "x s", "y")], [tensor("s", [3, 1, 1])], (1, 3, 4, 4), "prelu 1x3x4x4 | 3 0 0"),
    ([node("PRelu", "x s", "y")], [tensor("s", [1])], (1, 3, 4, 4), "prelu shared=yes 1x3x4x4 | 1 0 0"),
    ([node("PRelu", "x s", "y")], [tensor("s", [3, 4, 4])], (1, 3, 4, 4), "prelu shared=each 1x3x4x4 | 48 0 0"),
    ([node("PRelu", "x s", "y")], [tensor("s", [4])], (1, 3, 4, 4), "op PRelu 1x3x4x4 | 4 0 0"),
    ([node("LeakyRelu", "x", "y")], [], (1, 3), "leakyrelu 1x3 | 0 0 0"),
    ([node("Sign", "x", "y")], [], (1, 3), "op Sign 1x3 | 0 0 0"),
    ([node("Dropout", "x", "y m")], [], (1, 3), "dropout 0.5 1x3 | 0 0 0"),
    ([node("Swish", "x", "y")], [], (1, 3), "silu 1x3 | 0 0 0"),
    ([node("Swish", "x", "y", alpha=2.0)], [], (1, 3), "op Swish 1x3 | 0 0 0"),
    # arithmetic
    ([node("Add", "x x", "y")], [], (1, 3, 4, 4), "add 1x3x4x4 | 0 0 0"),
    ([node("Mul", "x f", "y")], [tensor("f", [3, 1, 1])], (1, 3, 4, 4), "scale 1x3x4x4 | 3 0 0"),
    ([node("Mul", "x f", "y")], [tensor("f", [1, 3, 1, 1])], (1, 3, 4, 4), "scale 1x3x4x4 | 3 0 0"),
    ([node("Mul", "x f", "y")], [scalar("f", 0.5)], (1, 3, 4, 4), "scale by=0.5 1x3x4x4 | 0 0 0"),
    ([node("Div", "x f", "y")], [scalar("f", 4)], (1, 3, 4, 4), "op Div 1x3x4x4 | 0 0 0"),
    ([node("Div", "x f", "y")], [scalar("f", 3)], (1, 3, 4, 4), "op Div 1x3x4x4 | 0 0 0"),
    ([node("Add", "x f", "y")], [tensor("f", [3, 1, 1])], (1, 3, 4, 4), "op Add 1x3x4x4 | 3 0 0"),
    ([node("Add", "x f", "y")], [tensor("f", [4, 4])], (1, 3, 4, 4), "op Add 1x3x4x4 | 16 0 0"),
    ([node("Mul", "x f", "y")], [tensor("f", [4])], (1, 3, 4, 4), "op Mul 1x3x4x4 | 4 0 0"),
    ([node("Sub", "x f", "y")], [scalar("f", 2)], (1, 3, 4, 4), "op Sub 1x3x4x4 | 0 0 0"),
    ([node("Max", "x x", "y")], [], (1, 3, 4, 4), "maximum 1x3x4x4 | 0 0 0"),
    ([node("Sum", "x x x", "y")], [], (1, 3, 4, 4), "add 1x3x4x4 | 0 0 0"),
    ([node("Pow", "x f", "y")], [scalar("f", 2)], (1, 3), "op Pow 1x3 | 0 0 0"),
    ([node("Mul", "x", "y")], [], (1, 3), "op Mul 1x3 | 0 0 0"),
    ([node("Add", "x x", ""), node("Tanh", "x", "y")], [], (1, 3), "add 1x3; tanh 1x3 | 0 0 0"),  # what gives nothing
    ([node("Div", "x f", "y")], [scalar("f", -1)], (1, 3, 4), "scale by=-1 1x3x4 | 0 0 0"),
    ([node("Div", "x f", "y")], [scalar("f", 1)], (1, 3, 4), "scale by=1 1x3x4 | 0 0 0"),
    ([node("Mul", "x f", "m"), node("Add", "m c", "y")], [tensor("f", [4]), tensor("c", [4])], (4,), "op Mul 4; op Add 4 | 8 0 0"),
    ([node("Transpose", "x", "t", perm=[1, 0]), node("MatMul", "w t", "y")], [tensor("w", [7])], (4, 7), "op Transpose 7x4; op MatMul 4 | 7 0 7"),
    ([node("SpaceToDepth", "x", "y", blocksize=2)], [], (1, 1, 4, 6), "pixelunshuffle 2 1x4x2x3 | 0 0 0"),
    ([node("SpaceToDepth", "x", "y", blocksize=2)], [], (1, 2, 4, 6), "op SpaceToDepth 1x8x2x3 | 0 0 0"),
    ([node("SpaceToDepth", "x", "y", blocksize=3)], [], (1, 2, 6, 9), "op SpaceToDepth 1x18x2x3 | 0 0 0"),
    ([node("ReduceSum", "x a", "r"), node("Add", "x r", "y")], [ints("a", 0)], (2, 3), "op ReduceSum 1x3; op Add 2x3 | 0 0 0"),
    ([node("Transpose", "x", "t", perm=[1, 0]), node("MatMul", "t w", "y")], [tensor("w", [2, 2])], (2, 7), "op Transpose 7x2; op MatMul 7x2 | 4 0 28"),
    ([node("PRelu", "x s", "y")], [tensor("s", [2])], (1, 2, 2), "op PRelu 1x2x2 | 2 0 0"),
    ([node("Split", "x", "y z", axis=0)], [], (4, 3), "op Split 2x3 | 0 0 0"),
    ([node("ConvTranspose", "x t", "y", auto_pad="VALID", pads=[1, 1, 1, 1])], [tensor("t", [3, 2, 3, 3])], (1, 3, 5, 5), "upconv 2 3x3 bias=no 1x2x7x7 | 54 0 1350"),
    ([node("ConvTranspose", "x t", "y", strides=[2, 2], dilations=[2, 2], output_shape=[12, 12])], [tensor("t", [3, 8, 3, 3])], (1, 3, 5, 5),
     "upconv 8 3x3 stride=2 pad=1:0 dilation=2 bias=no 1x8x12x12 | 216 0 5400"),
    ([node("ConstantOfShape", "s", "z"), node("Add", "x z", "y")], [ints("s", 1 << 40)], (1, 1), "op Add 1x1099511627776 | 1099511627776 0 0"),
    # shapes
    ([node("Flatten", "x", "y")], [], (1, 3, 4, 4), "flatten 1x48 | 0 0 0"),
    ([node("Flatten", "x", "y", axis=2)], [], (1, 3, 4, 4), "op Flatten 3x16 | 0 0 0"),
    ([node("Flatten", "x", "y", axis=0)], [], (2, 3, 4), "op Flatten 1x24 | 0 0 0"),
    ([node("Reshape", "x s", "y")], [ints("s", 0, -1)], (2, 3, 4, 4), "flatten 2x48 | 0 0 0"),
    ([node("Reshape", "x s", "y")], [ints("s", 0, 4, -1)], (2, 3, 4, 4), "reshape 4x12 2x4x12 | 0 0 0"),
    ([node("Reshape", "x s", "y")], [ints("s", -1, 12)], (2, 3, 4, 4), "op Reshape 8x12 | 0 0 0"),
    ([node("Reshape", "x s", "y")], [ints("s", 5, -1)], (2, 3, 4, 4), "! 2x3x4x4 has 96 values, and [5, -1] is 5"),
    ([node("Reshape", "x s", "y")], [ints("s", -1, -1)], (2, 3, 4, 4), "! the shape [-1, -1]"),
    ([node("Transpose", "x", "y", perm=[0, 2, 3, 1])], [], (2, 3, 4, 5), "permute HWC 2x4x5x3 | 0 0 0"),
    ([node("Transpose", "x", "y")], [], (2, 3, 4), "op Transpose 4x3x2 | 0 0 0"),
    ([node("Transpose", "x", "y", perm=[1, 0, 2])], [], (2, 3, 4), "op Transpose 3x2x4 | 0 0 0"),
    ([node("Transpose", "x", "y", perm=[0, 0, 2])], [], (2, 3, 4), "! perm [0, 0, 2] of a tensor of 3 axes"),
    ([node("Squeeze", "x a", "y")], [ints("a", 2)], (2, 3, 1, 5), "reshape 3x5 2x3x5 | 0 0 0"),
    ([node("Squeeze", "x a", "y")], [ints("a", 1)], (2, 3, 1, 5), "! axes [1] of 2x3x1x5 are not all of size 1"),
    ([node("Squeeze", "x", "y")], [], (2, 3, 1, 1), "flatten 2x3 | 0 0 0"),
    ([node("Unsqueeze", "x a", "y")], [ints("a", 1, -1)], (2, 3), "reshape 1x3x1 2x1x3x1 | 0 0 0"),
    ([node("Concat", "x x", "y", axis=1)], [], (2, 3, 4, 5), "concat 2x6x4x5 | 0 0 0"),
    ([node("Concat", "x x", "y", axis=-1)], [], (2, 3, 4, 5), "concat axis=W 2x3x4x10 | 0 0 0"),
    ([node("Concat", "x x", "y", axis=0)], [], (2, 3, 4, 5), "op Concat 4x3x4x5 | 0 0 0"),
    ([node("Concat", "x f", "y", axis=1)], [tensor("f", [1, 2, 4, 5])], (1, 3, 4, 5), "op Concat 1x5x4x5 | 40 0 0"),
    ([node("Split", "x", "y z", axis=1)], [], (2, 4, 5), "split 2,2 2x2x5 | 0 0 0"),
    ([node("Split", "x s", "y z", axis=2)], [ints("s", 2, 3)], (2, 4, 5), "split 2,3 axis=L 2x4x2 | 0 0 0"),
    ([node("Split", "x s", "y z", axis=1)], [ints("s", 2, 3)], (2, 4, 5), "! pieces of [2, 3] of the 4 on axis 1"),
    ([node("Slice", "x a e i", "y")], [ints("a", 1), ints("e", 3), ints("i", 1)], (2, 4, 5), "take 1:3 2x2x5 | 0 0 0"),
    ([node("Slice", "x a e i s", "y")], [ints("a", -1), ints("e", -100), ints("i", 2), ints("s", -2)], (2, 4, 5), "op Slice 2x4x3 | 0 0 0"),
    ([node("Slice", "x a e i", "y")], [ints("a", 0), ints("e", 1), ints("i", 0)], (2, 4, 5), "op Slice 1x4x5 | 0 0 0"),
    ([node("Slice", "x a e i s", "y")], [ints("a", 0), ints("e", 1), ints("i", 0), ints("s", 0)], (2, 4, 5), "! a step of 0"),
    ([node("Gather", "x i", "y", axis=1)], [tensor("i", [], INT64, [2])], (2, 4, 5), "op Gather 2x5 | 0 0 0"),
    ([node("Gather", "x i", "y", axis=2)], [ints("i", 0, 1, 1)], (2, 4, 5), "op Gather 2x4x3 | 0 0 0"),
    ([node("Gather", "w x", "y")], [tensor("w", [50, 8])], (2, 7), "op Gather 2x7x8 | 400 0 0"),
    ([node("Pad", "x p", "y")], [ints("p", 0, 0, 1, 2, 0, 0, 3, 4)], (2, 3, 4, 5), "pad 1:3x2:4 2x3x8x11 | 0 0 0"),
    ([node("Pad", "x p", "y")], [ints("p", 0, 1, 0, 0, 0, 1, 0, 0)], (2, 3, 4, 5), "op Pad 2x5x4x5 | 0 0 0"),
    ([node("Pad", "x p", "y", mode="reflect")], [ints("p", 0, 0, 1, 1, 0, 0, 1, 1)], (2, 3, 4, 5), "pad 1:1x1:1 mode=reflect 2x3x6x7 | 0 0 0"),
    ([node("DepthToSpace", "x", "y", blocksize=2)], [], (1, 8, 4, 5), "op DepthToSpace 1x2x8x10 | 0 0 0"),
    ([node("SpaceToDepth", "x", "y", blocksize=2)], [], (1, 3, 4, 6), "op SpaceToDepth 1x12x2x3 | 0 0 0"),
    ([node("DepthToSpace", "x", "y", blocksize=3)], [], (1, 8, 4, 5), "! blocks of 3 of 1x8x4x5"),
    ([node("Resize", "x - s", "y")], [tensor("s", [4], 1, [1, 1, 2, 3])], (1, 3, 4, 5), "resize 2x3 1x3x8x15 | 0 0 0"),
    ([node("Resize", "x - - s", "y", mode="linear")], [ints("s", 1, 3, 9, 7)], (1, 3, 4, 5), "resize to=9x7 mode=bilinear 1x3x9x7 | 0 0 0"),
    ([node("Upsample", "x s", "y", mode="nearest")], [tensor("s", [4], 1, [1, 1, 2, 2])], (1, 3, 4, 5), "resize 2 1x3x8x10 | 0 0 0"),
    ([node("ReduceMean", "x a", "y")], [ints("a", 2, 3)], (1, 3, 4, 5), "gavgpool 1x3x1x1 | 0 0 0"),
    ([node("ReduceMean", "x a", "y", keepdims=0)], [ints("a", -1, -2)], (1, 3, 4, 5), "op ReduceMean 1x3 | 0 0 0"),
    ([node("ReduceSum", "x a", "y")], [ints("a", 1)], (1, 3, 4, 5), "op ReduceSum 1x1x4x5 | 0 0 0"),
    ([node("ReduceMax", "x", "y")], [], (2, 3, 4), "op ReduceMax 1x1x1 | 0 0 0"),
    ([node("ReduceMean", "x a", "y", keepdims=0)], [ints("a", 2)], (1, 3, 4, 5), "op ReduceMean 1x3x5 | 0 0 0"),
    ([node("ArgMax", "x", "y", axis=1)], [], (1, 3, 4), "op ArgMax 1x1x4 | 0 0 0"),
    ([node("TopK", "x k", "y i")], [ints("k", 2)], (1, 3, 4), "op TopK 1x3x2 | 0 0 0"),
    ([node("Expand", "x s", "y")], [ints("s", 1, 3, 4, 5)], (1, 3, 1, 1), "op Expand 1x3x4x5 | 0 0 0"),
    ([node("Tile", "x s", "y")], [ints("s", 1, 2, 1)], (1, 3, 4), "op Tile 1x6x4 | 0 0 0"),
    ([node("Shape", "x", "s"), node("ConstantOfShape", "s", "z"), node("Add", "x z", "y")], [], (1, 3, 4), "op Add 1x3x4 | 0 0 0"),
    ([node("Where", "c x x", "y")], [tensor("c", [3, 1], 9)], (2, 3, 4), "op Where 2x3x4 | 0 0 0"),
    # sequences: 4·16 rows of weights for the input and for the state, twice as many biases
    ([node("LSTM", "x w r b", "y h", hidden_size=16)], [tensor("w", [1, 64, 10]), tensor("r", [1, 64, 16]), tensor("b", [1, 128])], (7, 1, 10), "op LSTM 7x1x1x16 | 1792 0 11648"),
    ([node("GRU", "x w r", "y", hidden_size=16)], [tensor("w", [1, 48, 10]), tensor("r", [1, 48, 16])], (7, 2, 10), "op GRU 7x1x2x16 | 1248 0 17472"),
    ([node("RNN", "x w r", "y h", hidden_size=16, direction="reverse", layout=1)], [tensor("w", [1, 16, 10]), tensor("r", [1, 16, 16])], (2, 7, 10), "op RNN 2x7x1x16 | 416 0 2912"),
    ([node("LSTM", "x w r", "y", hidden_size=16)], [tensor("w", [1, 64, 10]), tensor("r", [1, 64, 16])], (7, 10), "! LSTM on 7x10: steps, samples and inputs are meant"),
    # numbers of 8 bits
    ([node("QLinearConv", "x s z w s z s z", "y")], [scalar("s", 0.1), tensor("z", [], INT8, [0]), tensor("w", [8, 3, 3, 3], INT8)], (1, 3, 10, 10), "conv 8 3x3 bias=no 1x8x8x8 | 216 0 13824"),
    ([node("QuantizeLinear", "x s z", "q"), node("DequantizeLinear", "q s z", "d"), node("Relu", "d", "y")], [scalar("s", 0.1), tensor("z", [], INT8, [0])], (1, 3, 4), "op QuantizeLinear 1x3x4; op DequantizeLinear 1x3x4; relu 1x3x4 | 0 0 0"),
    ([node("ConvInteger", "x w", "y")], [tensor("w", [8, 3, 3, 3], INT8)], (1, 3, 10, 10), "conv 8 3x3 bias=no 1x8x8x8 | 216 0 13824"),
    ([node("MatMulInteger", "x w", "y")], [tensor("w", [5, 8], INT8)], (1, 5), "fc 8 bias=no 1x8 | 40 0 40"),
]  # fmt: skip


def microsoft(op: str, inputs: str, outputs: str, **attributes: Any) -> bytes:
    return node(op, inputs, outputs, "n", "com.microsoft", **attributes)


def blocked(op: str, inputs: str, outputs: str, **attributes: Any) -> bytes:
    """An operator on channels in blocks, as ONNX Runtime writes what it has optimized."""
    return node(op, inputs, outputs, "n", "com.microsoft.nchwc", **attributes)


S, Z = scalar("s", 0.1), tensor("z", [], INT8, [0])
#: What tools add, with scales and zero points, and numbers of the file in every form; some are not known before they run.
OTHERS: list[tuple[list[bytes], list[bytes], tuple[int, ...], str]] = [
    ([microsoft("QLinearAdd", "x s z x s z s z", "y")], [S, Z], (1, 3, 4, 4), "add 1x3x4x4 | 0 0 0"),
    ([microsoft("QLinearMul", "x s z x s z s z", "y")], [S, Z], (1, 3, 4, 4), "mul 1x3x4x4 | 0 0 0"),
    ([microsoft("QLinearAdd", "x s z f s z s z", "y")], [S, Z, tensor("f", [3, 1, 1], INT8)], (1, 3, 4, 4), "op com.microsoft::QLinearAdd 1x3x4x4 | 3 0 0"),
    ([microsoft("QLinearSigmoid", "x s z s z", "y")], [S, Z], (1, 3, 4, 4), "sigmoid 1x3x4x4 | 0 0 0"),
    ([microsoft("QLinearLeakyRelu", "x s z s z", "y")], [S, Z], (1, 3), "leakyrelu 1x3 | 0 0 0"),
    ([microsoft("QLinearSoftmax", "x s z s z", "y")], [S, Z], (1, 3), "softmax 1x3 | 0 0 0"),
    ([microsoft("QLinearConcat", "s z x s z x s z", "y", axis=1)], [S, Z], (1, 3, 4, 4), "concat 1x6x4x4 | 0 0 0"),
    ([microsoft("QLinearGlobalAveragePool", "x s z s z", "y", channels_last=0)], [S, Z], (1, 3, 4, 4), "gavgpool 1x3x1x1 | 0 0 0"),
    ([microsoft("QLinearGlobalAveragePool", "x s z s z", "y", channels_last=1)], [S, Z], (1, 4, 4, 3), "op com.microsoft::QLinearGlobalAveragePool 1x1x1x3 | 0 0 0"),
    ([microsoft("QLinearAveragePool", "x s z s z", "y", kernel_shape=[2, 2], strides=[2, 2])], [S, Z], (1, 3, 4, 4), "avgpool 2x2 stride=2 countpad=no 1x3x2x2 | 0 0 0"),
    ([microsoft("MatMulNBits", "x w s", "y", K=5, N=8, bits=4, block_size=16)], [tensor("w", [8, 1, 8], INT8), S], (2, 7, 5), "op com.microsoft::MatMulNBits 2x7x8 | 40 0 280"),
    ([microsoft("MatMulNBits", "x w s", "y", K=6, N=8, bits=4, block_size=16)], [tensor("w", [8, 1, 8], INT8), S], (2, 7, 5), "! 6 columns, and 2x7x5"),
    ([node("DynamicQuantizeLinear", "x", "q s z"), node("ConvInteger", "q w z", "y")], [tensor("w", [8, 3, 3, 3], INT8)], (1, 3, 10, 10), "op DynamicQuantizeLinear 1x3x10x10; op ConvInteger 1x8x8x8 | 216 0 13824"),
    ([node("QLinearMatMul", "x s z w s z s z", "y")], [S, Z, tensor("w", [5, 8], INT8)], (1, 5), "fc 8 bias=no 1x8 | 40 0 40"),
    ([microsoft("Attention", "x w b", "y", num_heads=2)], [tensor("w", [6, 18]), tensor("b", [18])], (1, 5, 6), "op com.microsoft::Attention 1x5x6 | 126 0 840"),
    ([microsoft("MultiHeadAttention", "x x x", "y", num_heads=2)], [], (2, 5, 6), "op com.microsoft::MultiHeadAttention 2x5x6 | 0 0 300"),
    ([microsoft("SkipLayerNormalization", "x x g b", "y")], [tensor("g", [6]), tensor("b", [6])], (1, 5, 6), "op com.microsoft::SkipLayerNormalization 1x5x6 | 12 0 0"),
    ([microsoft("BiasGelu", "x b", "y")], [tensor("b", [6])], (1, 5, 6), "op com.microsoft::BiasGelu 1x5x6 | 6 0 0"),
    ([microsoft("FastGelu", "x", "y")], [], (1, 6), "gelu 1x6 | 0 0 0"),
    ([microsoft("FusedConv", "x w b", "y", activation="Relu")], [W, B], (1, 3, 10, 10), "conv 8 3x3 1x8x8x8 | 224 0 13824"),
    ([microsoft("QuickGelu", "x", "y")], [], (1, 6), "silu 1x6 | 0 0 0"),
    ([microsoft("Nonesuch", "x", "y")], [], (1, 6), "op ? | None None None"),
    ([node("Attention", "x x x", "y", q_num_heads=2, kv_num_heads=2)], [], (2, 5, 6), "op Attention 2x5x6 | 0 0 300"),
    ([microsoft("GemmFastGelu", "x w b", "y")], [tensor("w", [5, 8]), tensor("b", [8])], (2, 5), "fc 8 2x8 | 48 0 40"),
    ([microsoft("MatMulIntegerToFloat", "x w s s - - b", "y")], [tensor("w", [5, 8], INT8), S, tensor("b", [8])], (2, 5), "fc 8 2x8 | 48 0 40"),
    ([microsoft("DynamicQuantizeMatMul", "x w s - b", "y")], [tensor("w", [5, 8], INT8), S, tensor("b", [8])], (2, 5), "fc 8 2x8 | 48 0 40"),
    ([microsoft("NhwcConv", "x w", "y")], [tensor("w", [8, 3, 3, 3])], (1, 10, 9, 3), "op com.microsoft::NhwcConv 1x8x7x8 | 216 0 12096"),
    ([microsoft("NhwcMaxPool", "x", "y", kernel_shape=[2, 2], strides=[2, 2])], [], (1, 10, 9, 3), "op com.microsoft::NhwcMaxPool 1x5x4x3 | 0 0 0"),
    ([blocked("ReorderInput", "x", "y")], [], (1, 16, 5, 6), "op com.microsoft.nchwc::ReorderInput 1x16x5x6 | 0 0 0"),
    ([blocked("ReorderInput", "x", "y", channels_last=1)], [], (1, 5, 6, 32), "op com.microsoft.nchwc::ReorderInput 1x32x5x6 | 0 0 0"),
    ([blocked("ReorderInput", "x", "y")], [], (1, 3, 5, 6), "op ? | None None None"),
    ([blocked("ReorderOutput", "x", "y", channels=13)], [], (1, 16, 5, 6), "op com.microsoft.nchwc::ReorderOutput 1x13x5x6 | 0 0 0"),
    ([blocked("ReorderOutput", "x", "y", channels=16, channels_last=1)], [], (1, 16, 5, 6), "op com.microsoft.nchwc::ReorderOutput 1x5x6x16 | 0 0 0"),
    ([blocked("ReorderOutput", "x", "y", channels=17)], [], (1, 16, 5, 6), "! 17 channels of 1x16x5x6"),
    ([blocked("ReorderOutput", "x", "y")], [], (1, 16, 5, 6), "! 0 channels of 1x16x5x6"),
    ([blocked("Upsample", "x", "y", scales=[1, 1, 2, 3])], [], (1, 16, 5, 6), "op com.microsoft.nchwc::Upsample 1x16x10x18 | 0 0 0"),
    ([blocked("Upsample", "x", "y", scales=[1, 1, 2])], [], (1, 16, 5, 6), "! scales [1, 1, 2] of 1x16x5x6"),
    ([blocked("Upsample", "x", "y", scales=[1, 1, 0, 2])], [], (1, 16, 5, 6), "! scales [1, 1, 0, 2] of 1x16x5x6"),
    ([node("RMSNormalization", "x g", "y")], [tensor("g", [4])], (1, 7, 4), "op RMSNormalization 1x7x4 | 4 0 0"),
    ([node("Col2Im", "x p -", "y")], [ints("p", 4, 4)], (1, 12, 4), "op ? | None None None"),
    ([node("Col2Im", "x p b", "y")], [ints("p", 4, 4), ints("b", 2, 2)], (1, 12, 9), "op Col2Im 1x3x4x4 | 0 0 0"),
    # numbers
    ([node("Constant", "", "s", value_ints=[0, -1]), node("Reshape", "x s", "y")], [], (1, 3, 4, 4), "flatten 1x48 | 0 0 0"),
    ([node("Constant", "", "s", value=ints("", 0, -1)), node("Reshape", "x s", "y")], [], (1, 3, 4, 4), "flatten 1x48 | 0 0 0"),
    ([node("Constant", "", "s", value_int=2), node("Gather", "x s", "y", axis=2)], [], (1, 3, 4), "op Gather 1x3 | 0 0 0"),
    ([node("Constant", "", "f", value_float=0.5), node("Mul", "x f", "y")], [], (1, 3, 4), "scale by=0.5 1x3x4 | 0 0 0"),
    ([node("Constant", "", "f", value_floats=[0.5, 1.0, 2.0, 3.0]), node("Mul", "x f", "y")], [], (1, 3, 4), "op Mul 1x3x4 | 4 0 0"),
    ([node("Constant", "", "f", value_string="a"), node("Relu", "x", "y")], [], (1, 3), "relu 1x3 | 0 0 0"),
    ([node("Range", "a b c", "r"), node("Gather", "x r", "y", axis=1)], [tensor("a", [], INT64, [0]), tensor("b", [], INT64, [5]), tensor("c", [], INT64, [2])], (1, 7, 4), "op Gather 1x3x4 | 0 0 0"),
    ([node("Range", "a b c", "r"), node("Gather", "x r", "y", axis=1)], [tensor("a", [], INT64, [5]), tensor("b", [], INT64, [0]), tensor("c", [], INT64, [-2])], (1, 7, 4), "op Gather 1x3x4 | 0 0 0"),
    ([node("Range", "a b c", "r"), node("Gather", "x r", "y", axis=1)], [tensor("a", [], INT64, [5]), tensor("b", [], INT64, [0]), tensor("c", [], INT64, [0])], (1, 7, 4), "! a range with steps of 0"),
    ([node("ConstantOfShape", "s", "w", value=tensor("", [1], 1, [1.0])), node("Conv", "x w", "y")], [ints("s", 8, 3, 3, 3)], (1, 3, 10, 10), "conv 8 3x3 bias=no 1x8x8x8 | 216 0 13824"),
    ([node("ConstantOfShape", "s", "w"), node("Conv", "x w", "y")], [ints("s", 8, 3, -3, 3)], (1, 3, 10, 10), "! the shape [8, 3, -3, 3]"),
    ([node("NonZero", "c", "p"), node("Squeeze", "p a", "q"), node("Gather", "x q", "y", axis=1)], [tensor("c", [4], INT64, [0, 1, 0, 1]), ints("a", 0)], (1, 7, 4), "op Gather 1x2x4 | 0 0 0"),
    ([node("NonZero", "x", "y")], [], (1, 7), "op ? | None None None"),
    ([node("RandomNormal", "", "y", shape=[1, 3])], [], (1, 3), " | 0 0 0"),
    ([node("RandomNormalLike", "x", "y")], [], (2, 3), "op RandomNormalLike 2x3 | 0 0 0"),
    ([node("TopK", "x k", "y i", axis=1)], [ints("k", 9)], (1, 3, 4), "! the 9 largest of 3"),
    ([node("TopK", "x k", "y i", axis=1)], [ints("k", 0)], (1, 3, 4), "op TopK 1x0x4 | 0 0 0"),
    ([node("ArgMax", "x", "y", axis=1, keepdims=0)], [], (2, 3, 4), "op ArgMax 2x4 | 0 0 0"),
    ([node("ArgMin", "x", "y", axis=0)], [], (2, 3, 4), "op ArgMin 1x3x4 | 0 0 0"),
    ([node("Compress", "x c", "y", axis=1)], [tensor("c", [3], 9)], (1, 3), "op ? | None None None"),
    ([node("GridSample", "x g", "y")], [tensor("g", [1, 5, 6, 3])], (1, 3, 4, 4), "! a grid of 1x5x6x3 for 1x3x4x4"),
    ([node("DFT", "x - a", "y")], [tensor("a", [], INT64, [1])], (1, 8, 1), "op DFT 1x8x2 | 0 0 0"),
    ([node("HannWindow", "s", "w"), node("Mul", "x w", "y")], [tensor("s", [], INT64, [4])], (1, 4), "op Mul 1x4 | 0 0 0"),
    ([node("ReduceL2", "x a", "y", keepdims=0)], [ints("a", 1)], (2, 3, 4), "op ReduceL2 2x4 | 0 0 0"),
    ([node("ReduceSum", "x", "y", noop_with_empty_axes=1)], [], (2, 3, 4), "op ReduceSum 2x3x4 | 0 0 0"),
    ([node("ReduceMax", "x a", "y")], [ints("a", 2, 3)], (1, 3, 4, 5), "gmaxpool 1x3x1x1 | 0 0 0"),
]  # fmt: skip
OPSET = {"com_microsoft": 1, "com_microsoft_nchwc": 1}


@pytest.mark.parametrize("number", range(len(OTHERS)))
def test_what_tools_and_numbers_are(number: int, tmp_path: Path) -> None:
    nodes, tensors, shape, said = OTHERS[number]
    assert read(small(*nodes, tensors=tensors, shape=shape, opset=23, **OPSET), tmp_path / "net.onnx") == said


def given(case: tuple[list[bytes], list[bytes], tuple[int, ...], str]) -> bytes:
    nodes, tensors, shape, _ = case
    return small(
        *nodes,
        tensors=tensors,
        shape=shape,
        opset=18,
        output="z" if len(nodes) > 1 and b"MaxUnpool" in nodes[-1] else "y",
    )


@pytest.mark.parametrize("number", range(len(CASES)))
def test_an_operator(number: int, tmp_path: Path) -> None:
    assert read(given(CASES[number]), tmp_path / "net.onnx") == CASES[number][3]
