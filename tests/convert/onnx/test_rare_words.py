"""Operators whose arguments are seldom given, or that something reads along the axis of the samples: as test_words.py has them."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

from .test_words import OPSET, blocked, microsoft, read
from .writer import INT8, INT64, graph, ints, model, node, scalar, small, tensor, value

#: A normalisation of which the factor, or the constant, is made of a shape: nobody has learned it.
MADE = [node("Shape", "x", "s", start=1, end=2), node("ConstantOfShape", "s", "one", value=tensor("", [1], 1, [1.0]))]
CELLS = [tensor("w", [1, 16, 3]), tensor("r", [1, 16, 4])]
#: The version of the operators, the nodes, the tensors of the file, the shape that enters, and what is read.
CASES: list[tuple[int, list[bytes], list[bytes], tuple[int, ...], str]] = [
    (18, [*MADE, node("BatchNormalization", "x one b m v", "y")], [tensor(name, [3]) for name in "bmv"], (1, 3, 4, 4), "bn scale=no 1x3x4x4 | 3 6 0"),
    (18, [*MADE, node("BatchNormalization", "x g one m v", "y")], [tensor(name, [3]) for name in "gmv"], (1, 3, 4, 4), "bn bias=no 1x3x4x4 | 3 6 0"),
    (18, [*MADE, node("BatchNormalization", "x one one m v", "y")], [tensor(name, [3]) for name in "mv"], (1, 3, 4, 4), "bn affine=no bias=no scale=no 1x3x4x4 | 0 6 0"),
    (18, [node("BatchNormalization", "x g b m v", "y", training_mode=1)], [tensor(name, [3]) for name in "gbmv"], (1, 3, 4, 4), "op BatchNormalization 1x3x4x4 | 12 0 0"),
    (18, [node("OneHot", "x d v", "y")], [ints("d", 7), tensor("v", [2])], (2, 3, 4), "op OneHot 2x3x4x7 | 0 0 0"),
    (18, [node("OneHot", "x d v", "y", axis=1)], [ints("d", 7), tensor("v", [2])], (2, 3, 4), "op OneHot 2x7x3x4 | 0 0 0"),
    (18, [node("OneHot", "x d v", "h", axis=0), node("Relu", "h", "y")], [ints("d", 7), tensor("v", [2])], (2, 3, 4), "op OneHot 7x2x3x4; relu 7x2x3x4 | 0 0 0"),
    (18, [node("OneHot", "x x v", "y")], [tensor("v", [2])], (2, 3, 4), "op ? | None None None"),
    (17, [node("DFT", "x", "y")], [], (2, 8, 6, 1), "op DFT 2x8x6x2 | 0 0 0"),
    (17, [node("DFT", "x", "y", onesided=1)], [], (2, 8, 6, 1), "op DFT 2x5x6x2 | 0 0 0"),
    (17, [node("DFT", "x", "y", axis=2, onesided=1)], [], (2, 8, 6, 1), "op DFT 2x8x4x2 | 0 0 0"),
    (20, [node("DFT", "x", "y", onesided=1)], [], (2, 8, 6, 1), "op DFT 2x8x4x2 | 0 0 0"),
    (20, [node("DFT", "x", "y", onesided=1, inverse=1)], [], (2, 8, 4, 2), "op DFT 2x8x6x1 | 0 0 0"),
    (20, [node("DFT", "x l", "y", onesided=1, inverse=1)], [tensor("l", [], INT64, [7])], (2, 8, 4, 2), "op DFT 2x8x7x1 | 0 0 0"),
    (18, [node("Reshape", "x s", "y")], [ints("s", 0, 0, 5)], (2, 0, 5), "op Reshape 2x0x5 | 0 0 0"),
    (18, [node("Flatten", "x", "y")], [], (2, 0, 5), "op Flatten 2x0 | 0 0 0"),
    (18, [node("Resize", "x - f", "y")], [tensor("f", [4], 1, [1, 1, 0.1, 1])], (2, 3, 5, 5), "! nothing is left of 2x3x5x5: [2, 3, 0, 5]"),
    (18, [node("Resize", "x - f", "y")], [tensor("f", [3], 1, [1, 1, 2])], (2, 3, 5, 5), "! 3 scales of 4 axes"),
    (18, [node("Resize", "x - f", "y")], [tensor("f", [4], 1, [1, 1, 2, 3])], (2, 3, 0, 5), "! its inputs or its arguments are none that its type takes: too few, of other axes, or no numbers"),
    (18, [node("Concat", "", "y", axis=0)], [], (2, 3), "!  side by side"),
    (18, [node("Concat", "x x", "y", axis=0)], [], (2, 3), "op Concat 4x3 | 0 0 0"),
    (18, [node("Concat", "x x", "h", axis=-1), node("Relu", "h", "y")], [], (2, 3), "concat 2x6; relu 2x6 | 0 0 0"),
    (18, [node("GatherND", "x i", "h"), node("Relu", "h", "y")], [tensor("i", [2, 1], INT64, [0, 1])], (2, 3, 4), "op GatherND 2x3x4; op Relu 2x3x4 | 0 0 0"),
    (18, [node("GatherND", "x i", "h", batch_dims=1), node("Relu", "h", "y")], [tensor("i", [2, 1], INT64, [0, 1])], (2, 3, 4), "op GatherND 2x4; relu 2x4 | 0 0 0"),
    (18, [node("GatherND", "x i", "y")], [tensor("i", [2, 4], INT64, [0] * 8)], (2, 3, 4), "! indices of 2x4 into 2x3x4"),
    (18, [node("Shape", "x", "n", end=1), node("Concat", "n c", "s", axis=0), node("Expand", "w s", "y")], [ints("c", 5), tensor("w", [1, 5])], (2, 3), "learned 5 2x5 | 5 0 0"),
    (18, [node("Shape", "x", "n", end=1), node("Concat", "n c", "s", axis=0), node("Expand", "w s", "y")], [ints("c", 5, 6), tensor("w", [1, 5, 6])], (2, 3), "learned 5x6 2x5x6 | 30 0 0"),
    (18, [node("Expand", "w s", "h"), node("Add", "x h", "y")], [ints("s", 2, 5), tensor("w", [1, 5])], (2, 5), "op Add 2x5 | 5 0 0"),
    (18, [node("Expand", "x s", "h"), node("Relu", "h", "y")], [ints("s", 7, 2, 5)], (2, 5), "op Expand 7x2x5; relu 7x2x5 | 0 0 0"),
    (18, [node("Tile", "x n", "h"), node("Relu", "h", "y")], [ints("n", 1, 3)], (2, 5), "op Tile 2x15; relu 2x15 | 0 0 0"),
    (18, [node("Tile", "x n", "h"), node("Relu", "h", "y")], [ints("n", 2, 1)], (2, 5), "op Tile 4x5; op Relu 4x5 | 0 0 0"),
    (18, [node("Transpose", "x", "t", perm=[1, 0, 2]), node("LSTM", "t w r", "a h", hidden_size=4), node("Squeeze", "h z", "q"), node("Gemm", "q f", "y", transB=1)], [*CELLS, ints("z", 0), tensor("f", [5, 4])], (2, 6, 3), "op Transpose 6x2x3; op LSTM 6x1x2x4; op Squeeze 2x4; fc 5 bias=no 2x5 | 132 0 692"),
    (18, [node("Transpose", "x", "t", perm=[1, 0, 2]), node("LSTM", "t w r", "a", hidden_size=4), node("Squeeze", "a z", "q"), node("Transpose", "q", "p", perm=[1, 0, 2]), node("Relu", "p", "y")], [*CELLS, ints("z", 1)], (2, 6, 3), "op Transpose 6x2x3; op LSTM 6x1x2x4; op Squeeze 6x2x4; op Transpose 2x6x4; relu 2x6x4 | 112 0 672"),
    (18, [node("LSTM", "x w r", "a h", hidden_size=4, layout=1), node("Squeeze", "h z", "q"), node("Gemm", "q f", "y", transB=1)], [*CELLS, ints("z", 1), tensor("f", [5, 4])], (2, 6, 3), "op LSTM 2x6x1x4; flatten 2x4; fc 5 bias=no 2x5 | 132 0 692"),
    (18, [node("LSTM", "x w r", "y", hidden_size=4, layout=1)], CELLS, (2, 6, 3, 1), "! LSTM on 2x6x3x1: steps, samples and inputs are meant"),
    (18, [node("Slice", "x a b c d", "y")], [ints("a", 0), ints("b", 9), ints("c", 2), ints("d", 2)], (2, 4, 6, 6), "op Slice 2x4x3x6 | 0 0 0"),
    (18, [node("Range", "a b c", "r"), node("Gather", "x r", "y", axis=1)], [scalar("a", 0), scalar("b", 2), scalar("c", 0.5)], (1, 7), "op Gather 1x4 | 0 0 0"),
    (23, [blocked("ReorderOutput", "x", "y", channels=1)], [], (1, 16, 5, 6), "op com.microsoft.nchwc::ReorderOutput 1x1x5x6 | 0 0 0"),
    (23, [microsoft("Attention", "x w b", "y", num_heads=2, qkv_hidden_sizes=[4, 4, 10])], [tensor("w", [6, 18]), tensor("b", [18])], (1, 5, 6), "op com.microsoft::Attention 1x5x10 | 126 0 890"),
    (23, [microsoft("Attention", "x w b", "y", num_heads=2, qkv_hidden_sizes=[4, 4])], [tensor("w", [6, 18]), tensor("b", [18])], (1, 5, 6), "! queries, keys and values of [4, 4], and weights of 6x18"),
    (23, [microsoft("Attention", "x w b", "y", num_heads=2, qkv_hidden_sizes=[4, 4, 4])], [tensor("w", [6, 18]), tensor("b", [18])], (1, 5, 6), "! queries, keys and values of [4, 4, 4], and weights of 6x18"),
    (23, [microsoft("Attention", "x w b", "y", num_heads=2)], [tensor("w", [5, 18]), tensor("b", [18])], (1, 5, 6), "! weights of 5x18 on 1x5x6"),
    (23, [microsoft("CropAndResize", "x r i s", "y")], [tensor("r", [5, 4]), tensor("i", [5], 6), ints("s", 7, 8)], (1, 3, 9, 9), "op com.microsoft::CropAndResize 5x3x7x8 | 0 0 0"),
    (23, [microsoft("ExpandDims", "x a", "h"), node("Relu", "h", "y")], [ints("a", 0)], (2, 3), "op com.microsoft::ExpandDims 1x2x3; relu 1x2x3 | 0 0 0"),
    (23, [microsoft("ExpandDims", "x a", "h"), node("Relu", "h", "y")], [ints("a", -1)], (2, 3), "op com.microsoft::ExpandDims 2x3x1; relu 2x3x1 | 0 0 0"),
    (23, [node("Conv", "x w", "y")], [tensor("w", [8, 3, 3, 3], INT8)], (1, 3, 10, 10), "conv 8 3x3 bias=no 1x8x8x8 | 216 0 13824"),
    (18, [node("ConvTranspose", "x t", "y", strides=[2, 2], auto_pad="SAME_UPPER")], [tensor("t", [3, 8, 4, 4])], (1, 3, 5, 5), "upconv 8 4x4 stride=2 pad=1 bias=no 1x8x10x10 | 384 0 9600"),
    (18, [node("ConvTranspose", "x t", "y", strides=[2, 2], auto_pad="SAME_LOWER")], [tensor("t", [3, 8, 7, 7])], (1, 3, 5, 5), "upconv 8 7x7 stride=2 pad=3:2 bias=no 1x8x10x10 | 1176 0 29400"),
    (18, [node("ConvTranspose", "x t", "y", strides=[2, 2], output_shape=[8, 7])], [tensor("t", [3, 8, 4, 5])], (1, 3, 5, 5), "upconv 8 4x5 stride=2 pad=2x3 bias=no 1x8x8x7 | 480 0 12000"),
    (18, [node("Concat", "x", "y", axis=1)], [], (2, 3), "identity 2x3 | 0 0 0"),
    (18, [node("Einsum", "x x", "y", equation="...ij,...jk->...ik")], [], (2, 4, 5, 5), "op Einsum 2x4x5x5 | 0 0 500"),
    (18, [node("Einsum", "x w", "y", equation="...j,jk")], [tensor("w", [5, 6])], (2, 4, 5), "op Einsum 2x4x6 | 30 0 120"),
    (23, [microsoft("BiasSplitGelu", "x b", "y")], [tensor("b", [8])], (2, 4, 8), "op com.microsoft::BiasSplitGelu 2x4x4 | 8 0 0"),
    (18, [node("ReduceSum", "x a", "h", keepdims=0), node("Relu", "h", "y")], [ints("a", 0)], (2, 3, 4), "op ReduceSum 3x4; op Relu 3x4 | 0 0 0"),
    (18, [node("TopK", "x k", "y i", axis=-1)], [ints("k", 2)], (2, 3, 4), "op TopK 2x3x2 | 0 0 0"),
    (18, [node("Split", "x", "y z", axis=2)], [], (2, 3, 4), "split 2,2 axis=L 2x3x2 | 0 0 0"),
    (18, [node("Split", "x", "y z", axis=0)], [], (2, 3, 4), "op Split 1x3x4 | 0 0 0"),
    (18, [node("Split", "x n", "y z", axis=1)], [ints("n", 1, 1)], (2, 3, 4), "! pieces of [1, 1] of the 3 on axis 1"),
    (18, [node("DepthToSpace", "x", "y", blocksize=2)], [], (2, 12, 4, 5), "op DepthToSpace 2x3x8x10 | 0 0 0"),
    (18, [node("DepthToSpace", "x", "y", blocksize=2, mode="CRD")], [], (2, 12, 4, 5), "pixelshuffle 2 2x3x8x10 | 0 0 0"),
    (18, [node("DepthToSpace", "x", "y", blocksize=3)], [], (2, 12, 4, 5), "! blocks of 3 of 2x12x4x5"),
    (18, [node("SpaceToDepth", "x", "y", blocksize=2)], [], (2, 3, 4, 6), "op SpaceToDepth 2x12x2x3 | 0 0 0"),
    (18, [node("SpaceToDepth", "x", "y", blocksize=2)], [], (2, 3, 4, 5), "! blocks of 2 of 2x3x4x5"),
    (18, [node("Gather", "w x", "y")], [tensor("w", [9, 4])], (2, 3), "op Gather 2x3x4 | 36 0 0"),
    (18, [node("GatherElements", "x i", "h", axis=1), node("Relu", "h", "y")], [tensor("i", [2, 1, 4], INT64, [0] * 8)], (2, 3, 4), "op GatherElements 2x1x4; relu 2x1x4 | 0 0 0"),
    (18, [node("Mean", "x x", "y")], [], (2, 3), "op Mean 2x3 | 0 0 0"),
    (18, [node("Squeeze", "x a", "h"), node("Relu", "h", "y")], [ints("a", 0)], (1, 3, 4), "op Squeeze 3x4; op Relu 3x4 | 0 0 0"),
    (18, [node("Unsqueeze", "x a", "h"), node("Relu", "h", "y")], [ints("a", 0, 3)], (2, 3), "op Unsqueeze 1x2x3x1; relu 1x2x3x1 | 0 0 0"),
    (18, [node("Trilu", "x", "y")], [], (2, 3, 4), "op Trilu 2x3x4 | 0 0 0"),
    (18, [node("CumSum", "x a", "y")], [tensor("a", [], INT64, [1])], (2, 3), "op CumSum 2x3 | 0 0 0"),
    (18, [node("Pad", "x p", "y")], [ints("p", 0, 0, 1, 2, 0, 0, 0, -1)], (2, 3, 4, 5), "pad (1:0, 2:-1) 2x3x5x6 | 0 0 0"),
    (18, [node("Pad", "x p", "y")], [ints("p", 0, 1, 0, 0, 0, 2, 0, 0)], (2, 3, 4, 5), "op Pad 2x6x4x5 | 0 0 0"),
    (18, [node("Pad", "x p", "y", mode="reflect")], [ints("p", 0, 0, 1, 1, 0, 0, 1, 1)], (2, 3, 4, 5), "pad 1:1x1:1 mode=reflect 2x3x6x7 | 0 0 0"),
    (18, [node("Pad", "x p v a", "y")], [ints("p", 1, 2), scalar("v", 0), ints("a", 3)], (2, 3, 4, 5), "pad 0:0x1:2 2x3x4x8 | 0 0 0"),
    (18, [node("Pad", "x p", "y")], [ints("p", 1, 0, 0, 0)], (2, 3), "op Pad 3x3 | 0 0 0"),
    (18, [node("RoiAlign", "x r i", "y")], [tensor("r", [5, 4]), tensor("i", [5], INT64)], (2, 3, 9, 9), "op RoiAlign 5x3x1x1 | 0 0 0"),
    (18, [node("RoiAlign", "x r i", "y", output_height=7, output_width=6)], [tensor("r", [5, 4]), tensor("i", [5], INT64)], (2, 3, 9, 9), "op RoiAlign 5x3x7x6 | 0 0 0"),
    (23, [microsoft("MultiHeadAttention", "x", "y", num_heads=2)], [], (2, 5, 2, 3, 4), "op com.microsoft::MultiHeadAttention 2x5x8 | 0 0 400"),
    (23, [microsoft("MultiHeadAttention", "x k v", "y", num_heads=2)], [tensor("k", [2, 2, 7, 3]), tensor("v", [2, 2, 7, 4])], (2, 5, 6), "op com.microsoft::MultiHeadAttention 2x5x8 | 0 0 490"),
    (23, [microsoft("MultiHeadAttention", "x", "y")], [], (2, 5, 6), "! 0 heads of 2x5x6"),
    (23, [microsoft("SkipLayerNormalization", "x x g b", "h m d y"), node("Relu", "y", "z")], [tensor("g", [6]), tensor("b", [6])], (2, 5, 6), "op com.microsoft::SkipLayerNormalization 2x5x6; relu 2x5x6 | 12 0 0"),
    (18, [node("PRelu", "x x", "y")], [], (2, 3), "op PRelu 2x3 | 0 0 0"),
    (18, [node("Concat", "x x", "y", axis=1)], [], (2, 3, 4, 5, 6), "concat 2x6x4x5x6 | 0 0 0"),
    (18, [node("Concat", "x x", "y", axis=1)], [], (2, 3, 4, 5, 2, 2), "op Concat 2x6x4x5x2x2 | 0 0 0"),
    (18, [node("Split", "x", "y z", axis=1)], [], (2, 4, 3, 5, 2), "split 2,2 2x2x3x5x2 | 0 0 0"),
    (18, [node("Split", "x", "y z", axis=1)], [], (2, 4, 3, 5, 2, 2), "op Split 2x2x3x5x2x2 | 0 0 0"),
    (18, [node("Split", "x", "y", axis=0), node("Relu", "y", "z")], [], (2, 4), "op Split 2x4; relu 2x4 | 0 0 0"),
    (13, [node("Split", "x", "y z", axis=1)], [], (2, 5), "! 5 in 2 equal pieces"),
    (18, [node("Split", "x", "y z", axis=1, num_outputs=3)], [], (2, 5), "! 3 pieces, and 2 outputs"),
    (18, [node("Mul", "x g", "h"), node("Add", "h b", "y")], [tensor("g", [3, 1, 1]), tensor("b", [3, 1, 1])], (2, 3, 4, 4), "scale bias=yes 2x3x4x4 | 6 0 0"),
    (18, [node("Mul", "x g", "h"), node("Add", "h b", "y")], [tensor("g", [3]), tensor("b", [3])], (2, 3), "scale 2x3; op Add 2x3 | 6 0 0"),
    (18, [node("MatMul", "x w", "y")], [tensor("w", [2, 4, 5])], (2, 3, 4), "op MatMul 2x3x5 | 40 0 60"),
    (18, [node("MatMul", "w x", "y")], [tensor("w", [2, 4, 3])], (2, 3, 4), "op MatMul 2x4x4 | 24 0 48"),
    (18, [node("Size", "x", "n"), node("Cast", "n", "f", to=1), node("Div", "x f", "y")], [], (2, 3), "op Div 2x3 | 0 0 0"),
    (12, [node("Softmax", "x", "y")], [], (2, 3), "softmax 2x3 | 0 0 0"),
    (12, [node("Softmax", "x", "y")], [], (2, 3, 4), "op Softmax 2x3x4 | 0 0 0"),
    (12, [node("Softmax", "x", "y", axis=2)], [], (2, 3, 4), "softmax axis=L 2x3x4 | 0 0 0"),
    (18, [node("Identity", "x", "h"), node("LpNormalization", "h", "y")], [], (2, 3), "identity 2x3; op LpNormalization 2x3 | 0 0 0"),
    (18, [node("MeanVarianceNormalization", "x", "y")], [], (2, 3, 4, 4), "op MeanVarianceNormalization 2x3x4x4 | 0 0 0"),
    (18, [node("DeformConv", "x w o", "y")], [tensor("w", [8, 3, 3, 3]), tensor("o", [1, 18, 8, 8])], (1, 3, 10, 10), "op DeformConv 1x8x8x8 | 216 0 13824"),
    (18, [node("GridSample", "x g", "y")], [tensor("g", [2, 5, 6, 2])], (2, 3, 4, 4), "op GridSample 2x3x5x6 | 0 0 0"),
    (20, [node("AffineGrid", "x s", "y")], [ints("s", 2, 3, 5, 6)], (2, 2, 3), "op AffineGrid 2x5x6x2 | 0 0 0"),
    (17, [node("STFT", "x s w", "y")], [tensor("s", [], INT64, [4]), tensor("w", [8])], (2, 32, 1), "op STFT 2x7x5x2 | 0 0 0"),
    # what exporters write out of several operators, and what only looks so
    (18, [node("MatMul", "x w", "h"), node("Add", "h b", "y")], [tensor("w", [5, 8]), tensor("b", [8])], (2, 5), "fc 8 2x8 | 48 0 40"),
    (18, [node("MatMul", "x w", "h"), node("Add", "b h", "y")], [tensor("w", [5, 8]), tensor("b", [8])], (2, 5), "fc 8 2x8 | 48 0 40"),
    (18, [node("MatMul", "x w", "h"), node("Add", "h b", "y")], [tensor("w", [5, 8]), tensor("b", [1])], (2, 5), "fc 8 bias=no 2x8; op Add 2x8 | 40 0 40"),
    (18, [node("Gemm", "x w b", "h"), node("Add", "h b", "y")], [tensor("w", [5, 8]), tensor("b", [8])], (2, 5), "fc 8 2x8; op Add 2x8 | 48 0 40"),
    (18, [node("MatMul", "x w", "h"), node("Add", "h b", "y"), node("Add", "h y", "z")], [tensor("w", [5, 8]), tensor("b", [8])], (2, 5), "fc 8 bias=no 2x8; op Add 2x8; add 2x8 | 48 0 40"),
    (18, [node("Mul", "x g", "h"), node("Add", "h b", "y")], [tensor("g", [1, 3]), tensor("b", [1, 3])], (2, 3), "scale 2x3; op Add 2x3 | 6 0 0"),
    (18, [node("Mul", "x g", "h"), node("Add", "h b", "y")], [tensor("g", [1, 3, 1]), tensor("b", [1, 3, 1])], (2, 3, 4), "scale bias=yes 2x3x4 | 6 0 0"),
    (18, [node("Mul", "x g", "h"), node("Add", "h b", "y")], [tensor("g", [1, 3, 1]), tensor("b", [1, 1, 4])], (2, 3, 4), "scale 2x3x4; op Add 2x3x4 | 7 0 0"),
    (18, [node("Reshape", "x c", "a"), node("Transpose", "a", "t", perm=[0, 2, 1, 3, 4]), node("Reshape", "t w", "y")], [ints("c", 2, 3, 2, 4, 4), ints("w", 2, 6, 4, 4)], (2, 6, 4, 4), "shuffle 3 2x6x4x4 | 0 0 0"),
    (18, [node("Reshape", "x c", "a"), node("Transpose", "a", "t", perm=[0, 2, 1, 4, 3]), node("Reshape", "t w", "y")], [ints("c", 2, 3, 2, 4, 4), ints("w", 2, 6, 4, 4)], (2, 6, 4, 4), "reshape 3x2x4x4 2x3x2x4x4; permute DCWH 2x2x3x4x4; reshape 6x4x4 2x6x4x4 | 0 0 0"),
    (18, [node("Reshape", "x c", "a"), node("Transpose", "a", "t", perm=[0, 2, 1, 3, 4]), node("Reshape", "t w", "y")], [ints("c", 2, 3, 2, 8, 2), ints("w", 2, 6, 4, 4)], (2, 6, 4, 4), "reshape 3x2x8x2 2x3x2x8x2; permute DCHW 2x2x3x8x2; reshape 6x4x4 2x6x4x4 | 0 0 0"),
    (18, [node("Reshape", "x c", "a"), node("Transpose", "a", "t", perm=[0, 2, 1, 3]), node("Reshape", "t w", "y")], [ints("c", 2, 3, 2, 9), ints("w", 2, 6, 9)], (2, 6, 9), "shuffle 3 2x6x9 | 0 0 0"),
    (18, [node("SpaceToDepth", "x", "d", blocksize=2), node("Reshape", "d c", "a"), node("Transpose", "a", "t", perm=[0, 2, 1, 3, 4]), node("Reshape", "t w", "y")], [ints("c", 2, 4, 3, 2, 3), ints("w", 2, 12, 2, 3)], (2, 3, 4, 6), "pixelunshuffle 2 2x12x2x3 | 0 0 0"),
    (18, [node("SpaceToDepth", "x", "d", blocksize=2), node("Reshape", "d c", "a"), node("Transpose", "a", "t", perm=[0, 2, 1, 3, 4]), node("Reshape", "t w", "y")], [ints("c", 2, 2, 6, 2, 3), ints("w", 2, 12, 2, 3)], (2, 3, 4, 6), "op SpaceToDepth 2x12x2x3; shuffle 2 2x12x2x3 | 0 0 0"),
    (18, [node("Pad", "x p", "h"), node("MaxPool", "h", "y", kernel_shape=[3, 3], strides=[2, 2])], [ints("p", 0, 0, 0, 0, 0, 0, 1, 1)], (2, 3, 8, 8), "pad 0:1x0:1 2x3x9x9; maxpool 3x3 stride=2 2x3x4x4 | 0 0 0"),
    (18, [node("Pad", "x p", "h", mode="reflect"), node("MaxPool", "h", "y", kernel_shape=[3, 3], strides=[2, 2])], [ints("p", 0, 0, 0, 0, 0, 0, 1, 1)], (2, 3, 8, 8), "pad 0:1x0:1 mode=reflect 2x3x9x9; maxpool 3x3 stride=2 2x3x4x4 | 0 0 0"),
    (18, [node("Pad", "x p", "h"), node("MaxPool", "h", "y", kernel_shape=[3, 3], strides=[2, 2])], [ints("p", 0, 0, 0, 0, 0, 0, -1, 1)], (2, 3, 8, 8), "pad (0:-1, 0:1) 2x3x7x9; maxpool 3x3 stride=2 2x3x3x4 | 0 0 0"),
    (18, [node("Pad", "x p", "h"), node("AveragePool", "h", "y", kernel_shape=[2, 2], pads=[1, 1, 0, 0])], [ints("p", 0, 0, 1, 1, 0, 0, 1, 1)], (2, 3, 8, 8), "pad 1:1x1:1 2x3x10x10; avgpool 2x2 stride=1 pad=1:0 countpad=no 2x3x10x10 | 0 0 0"),
    (18, [node("Pad", "x p", "h"), node("AveragePool", "h", "y", kernel_shape=[3, 3], strides=[2, 2])], [ints("p", 0, 0, 1, 1, 0, 0, 1, 1)], (2, 3, 8, 8), "avgpool 3x3 stride=2 pad=1 2x3x4x4 | 0 0 0"),
    (18, [node("Pad", "x p", "h"), node("AveragePool", "h", "y", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1)], [ints("p", 0, 0, 1, 1, 0, 0, 1, 1)], (2, 3, 8, 8), "avgpool 3x3 stride=2 pad=2 2x3x5x5 | 0 0 0"),
    (18, [node("Mul", "x h", "y")], [scalar("h", 2)], (2, 3), "scale by=2 2x3 | 0 0 0"),
    (18, [node("Div", "x h", "y")], [scalar("h", 2)], (2, 3), "op Div 2x3 | 0 0 0"),
    (18, [node("Div", "h x", "y")], [scalar("h", 2)], (2, 3), "op Div 2x3 | 0 0 0"),
    (18, [node("Sigmoid", "x", "s"), node("Mul", "s x", "y")], [], (2, 3), "silu 2x3 | 0 0 0"),
    (18, [node("Sigmoid", "x", "s"), node("Mul", "s s", "y")], [], (2, 3), "sigmoid 2x3; mul 2x3 | 0 0 0"),
    # numbers
    (18, [node("Gather", "w i", "h"), node("Add", "x h", "y")], [tensor("w", [9, 3]), ints("i", 4)], (2, 3), "op Add 2x3 | 27 0 0"),
    (18, [node("Split", "x n", "y z", axis=1)], [ints("n", 0, 3)], (2, 3), "op Split 2x0 | 0 0 0"),
    (18, [node("Expand", "x s", "y")], [ints("s", 2, 0)], (2, 1), "op Expand 2x0 | 0 0 0"),
    (18, [node("Expand", "x s", "y")], [ints("s", 2, -1)], (2, 1), "! the shape [2, -1]"),
    (18, [node("ArgMax", "x", "i", axis=1, keepdims=0), node("Concat", "c i", "s", axis=0), node("Reshape", "x s", "y")], [ints("c", 6)], (1, 6), "op ArgMax 1; op Concat 2; op ? | None None None"),
    (18, [node("Conv", "x w", "y", auto_pad="", pads=[1, 1, 1, 1])], [tensor("w", [8, 3, 3, 3])], (1, 3, 10, 10), "conv 8 3x3 pad=1 bias=no 1x8x10x10 | 216 0 21600"),
    (18, [node("AveragePool", "x", "y", auto_pad="SAME_UPPER", kernel_shape=[2, 2])], [], (1, 3, 5, 5), "avgpool 2x2 stride=1 pad=0:1 countpad=no 1x3x5x5 | 0 0 0"),
    (18, [node("MaxPool", "x", "y", auto_pad="VALID", kernel_shape=[2, 2], pads=[1, 1, 1, 1])], [], (1, 3, 5, 5), "maxpool 2x2 stride=1 1x3x4x4 | 0 0 0"),
    (18, [node("Col2Im", "x p b", "y")], [ints("p", 4, 4), ints("b", 2, 2)], (1, 13, 9), "! columns of 1x13x9 in blocks of [2, 2]"),
    (23, [microsoft("GemmFastGelu", "x w", "y")], [tensor("w", [5, 8])], (2, 5), "fc 8 bias=no 2x8 | 40 0 40"),
    (23, [microsoft("QLinearWhere", "c x s z w s z s z", "y")], [tensor("c", [3], 9), tensor("s", [], 1, [0.1]), tensor("z", [], INT8, [0]), tensor("w", [3], INT8)], (2, 3), "op com.microsoft::QLinearWhere 2x3 | 0 0 0"),
    (8, [node("Upsample", "x", "y", scales=[1.0, 1.0, 2.0, 2.0])], [], (1, 3, 5, 5), "resize 2 1x3x10x10 | 0 0 0"),
    (9, [node("Upsample", "x f", "y")], [tensor("f", [4], 1, [1, 1, 2, 3])], (1, 3, 5, 5), "resize 2x3 1x3x10x15 | 0 0 0"),
    (10, [node("Resize", "x f", "y")], [tensor("f", [4], 1, [1, 1, 2, 3])], (1, 3, 5, 5), "resize 2x3 1x3x10x15 | 0 0 0"),
    (10, [node("Slice", "x a b", "y")], [ints("a", 0, 1), ints("b", 2, 3)], (2, 4, 5), "take 1:3 2x2x5 | 0 0 0"),
    (9, [node("Slice", "x", "y", starts=[1], ends=[3], axes=[1])], [], (2, 4, 5), "take 1:3 2x2x5 | 0 0 0"),
    (9, [node("Slice", "x", "y", starts=[1], ends=[-1], axes=[2])], [], (2, 4, 5), "take 1:4 axis=L 2x4x3 | 0 0 0"),
    (11, [node("Squeeze", "x", "y", axes=[2])], [], (2, 4, 1), "flatten 2x4 | 0 0 0"),
    (11, [node("Unsqueeze", "x", "y", axes=[1, -1])], [], (2, 4), "reshape 1x4x1 2x1x4x1 | 0 0 0"),
    (11, [node("ReduceSum", "x", "y", axes=[1], keepdims=0)], [], (2, 4, 3), "op ReduceSum 2x3 | 0 0 0"),
    (2, [node("Pad", "x", "y", pads=[0, 0, 1, 1, 0, 0, 2, 2])], [], (2, 3, 4, 4), "pad 1:2x1:2 2x3x7x7 | 0 0 0"),
    (6, [node("Dropout", "x", "y", ratio=0.3)], [], (2, 3), "dropout 0.3 2x3 | 0 0 0"),
    (11, [node("TopK", "x k", "y i")], [ints("k", 2)], (2, 3), "op TopK 2x2 | 0 0 0"),
    (9, [node("TopK", "x", "y i", k=2, axis=1)], [], (2, 3), "op TopK 2x2 | 0 0 0"),
    (5, [node("Reshape", "x s", "y")], [ints("s", 0, -1)], (2, 3, 4), "flatten 2x12 | 0 0 0"),
    (6, [node("Gemm", "x w b", "y", transB=1)], [tensor("w", [8, 5]), tensor("b", [8])], (1, 5), "fc 8 1x8 | 48 0 40"),
    # products
    (13, [node("Softmax", "x", "y")], [], (2, 3, 4), "softmax axis=L 2x3x4 | 0 0 0"),
    (13, [node("LogSoftmax", "x", "y")], [], (2, 3), "logsoftmax 2x3 | 0 0 0"),
    (18, [node("Gemm", "x w b", "y")], [tensor("w", [5, 8]), tensor("b", [1, 8])], (2, 5), "fc 8 2x8 | 48 0 40"),
    (18, [node("Gemm", "x w x", "y")], [tensor("w", [5, 5])], (2, 5), "op Gemm 2x5 | 25 0 25"),
    (18, [node("Gemm", "x x", "y", transA=1)], [], (2, 5), "op Gemm 5x5 | 0 0 50"),
    (18, [node("Gemm", "x x", "y", transB=1)], [], (2, 5), "op Gemm 2x2 | 0 0 10"),
    (18, [node("Einsum", "x w v", "y", equation="bij,jk,kl->bil")], [tensor("w", [5, 6]), tensor("v", [6, 7])], (2, 4, 5), "op Einsum 2x4x7 | 72 0 1680"),
    (18, [node("Einsum", "x w", "y", equation="bij,bjk->bik")], [tensor("w", [1, 5, 6])], (2, 4, 5), "op Einsum 2x4x6 | 30 0 120"),
    (18, [node("Einsum", "x w", "y", equation="bij,kj->kib")], [tensor("w", [6, 5])], (2, 4, 5), "op Einsum 6x4x2 | 30 0 120"),
    (18, [node("Einsum", "x", "y", equation="bij->ij")], [], (2, 4, 5), "op Einsum 4x5 | 0 0 0"),
    (23, [node("Attention", "x k v", "y")], [tensor("k", [2, 3, 7, 6]), tensor("v", [2, 3, 7, 8])], (2, 3, 5, 6), "op Attention 2x3x5x8 | 0 0 1470"),
    (23, [node("Attention", "x k v", "y", q_num_heads=4, kv_num_heads=2)], [tensor("k", [2, 7, 6]), tensor("v", [2, 7, 10])], (2, 5, 12), "op Attention 2x5x20 | 0 0 1120"),
    (23, [node("Attention", "x k v - p q", "y h", q_num_heads=2, kv_num_heads=2), node("Relu", "h", "z")], [tensor("k", [2, 7, 6]), tensor("v", [2, 7, 6]), tensor("p", [2, 2, 4, 3]), tensor("q", [2, 2, 4, 3])], (2, 5, 6), "op Attention 2x5x6; relu 2x2x11x3 | 0 0 660"),
    (23, [microsoft("FusedMatMul", "x w", "y")], [tensor("w", [5, 8])], (2, 4, 5), "op com.microsoft::FusedMatMul 2x4x8 | 40 0 160"),
    (23, [microsoft("FusedMatMul", "x w", "y", transB=1)], [tensor("w", [8, 5])], (2, 4, 5), "op com.microsoft::FusedMatMul 2x4x8 | 40 0 160"),
    (23, [microsoft("FusedMatMul", "x w", "y", transA=1)], [tensor("w", [4, 8])], (2, 4, 5), "op com.microsoft::FusedMatMul 2x5x8 | 32 0 160"),
    (23, [microsoft("FusedMatMul", "x w", "y", transBatchA=1)], [tensor("w", [4, 5, 8])], (2, 4, 5), "op com.microsoft::FusedMatMul 4x2x8 | 160 0 160"),
    (23, [microsoft("FusedMatMul", "x w", "y")], [tensor("w", [5, 8])], (2, 5), "fc 8 bias=no 2x8 | 40 0 40"),
    (23, [microsoft("FusedMatMul", "x w", "y", transB=1)], [tensor("w", [8, 5])], (2, 5), "op com.microsoft::FusedMatMul 2x8 | 40 0 40"),
    # what is learned beside a tensor
    (18, [node("Add", "x b", "y")], [tensor("b", [4])], (2, 3, 4), "op Add 2x3x4 | 4 0 0"),
    (18, [node("Add", "x b", "y")], [tensor("b", [3, 1])], (2, 3, 4), "op Add 2x3x4 | 3 0 0"),
    (18, [node("Add", "x b", "y")], [tensor("b", [1])], (2, 3, 4), "op Add 2x3x4 | 0 0 0"),
    (18, [node("Sub", "x b", "y")], [tensor("b", [3, 4])], (2, 3, 4), "op Sub 2x3x4 | 12 0 0"),
    (18, [node("Greater", "x b", "y")], [tensor("b", [4])], (2, 3, 4), "op Greater 2x3x4 | 0 0 0"),
    (18, [node("MatMul", "x w", "h"), node("Add", "h b", "y")], [tensor("w", [5, 1]), tensor("b", [1])], (2, 3, 5), "op MatMul 2x3x1; op Add 2x3x1 | 6 0 15"),
    (18, [node("Div", "x r", "d"), node("Erf", "d", "e"), node("Add", "e o", "a"), node("Mul", "x a", "m"), node("Mul", "m f", "y")], [scalar("r", 1.4142135), scalar("o", 1), scalar("f", 0.5)], (2, 3), "gelu 2x3 | 0 0 0"),
    (18, [node("Div", "x r", "d"), node("Erf", "d", "e"), node("Add", "e o", "a"), node("Mul", "x a", "m"), node("Mul", "m f", "y")], [scalar("r", 1.4142135), scalar("o", 1), scalar("f", 0.6)], (2, 3), "op Div 2x3; op Erf 2x3; op Add 2x3; mul 2x3; scale by=0.6 2x3 | 0 0 0"),
    (18, [node("Div", "x r", "d"), node("Tanh", "d", "e"), node("Add", "e o", "a"), node("Mul", "x a", "m"), node("Mul", "m f", "y")], [scalar("r", 1.4142135), scalar("o", 1), scalar("f", 0.5)], (2, 3), "op Div 2x3; tanh 2x3; op Add 2x3; mul 2x3; scale by=0.5 2x3 | 0 0 0"),
    (18, [node("Pad", "x p", "h"), node("MaxPool", "h", "y", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])], [ints("p", 0, 0, -1, 0, 0, 0, 1, 1)], (2, 3, 8, 8), "pad (-1:1, 0:1) 2x3x8x9; maxpool 3x3 stride=2 pad=1 2x3x4x5 | 0 0 0"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(CASES)))
def test_an_operator(number: int, tmp_path: Path) -> None:
    opset, nodes, tensors, shape, said = CASES[number]
    data = small(*nodes, tensors=tensors, shape=shape, opset=opset, **(OPSET if opset == 23 else {}))
    assert read(data, tmp_path / "net.onnx") == said


#: The inputs of a file, what is asked for, and what is said of it.
ASKED: list[tuple[list[bytes], str | dict[str, str] | None, str]] = [
    (
        [value("x", 1, 3, None, None)],
        None,
        "input={'x': …}: it is 3x?x? in the file: sizes are free; for example input='3x224x224'",
    ),
    ([value("x", "n", 3, 8, 8)], None, "3x8x8"),
    ([value("x", "n", 3, "h", 8)], "3x6x8", "3x6x8"),
    ([value("x", 1, 3, 8, 8)], "3x8", "input={'x': '3x8'}: the input has 3 axes, without the samples"),
    (
        [value("x", 1, 3, 8, 8), value("z", "k")],
        None,
        "input={'z': …}: it is k in the file: sizes are free; for example input={'z': '224'}",
    ),
    ([value("x", 1, 3, "h", 8), value("z", 1, 3, "h", 8)], {"x": "3x6x8"}, "3x6x8 3x6x8"),
    ([value("x", 1, 3, "h", "w"), value("z", 1, "h")], {"x": "3x6x7"}, "3x6x7 6"),
]


@pytest.mark.parametrize("number", range(len(ASKED)))
def test_the_sizes_that_enter(number: int, tmp_path: Path) -> None:
    infos, asked, said = ASKED[number]
    path = tmp_path / "net.onnx"
    path.write_bytes(model(graph([node("Relu", "x", "y")], infos, [value("y")]), 17))
    try:
        found = " ".join("x".join(map(str, one.output or ())) for one in cnncalc.load(path, input=asked).inputs)
    except cnncalc.SpecError as fault:
        (one,) = fault.diagnostics
        found = one.message + (f"; {one.help}" if one.help else "")
    assert found == said
