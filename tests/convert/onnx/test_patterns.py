"""What exporters write out of several operators is one row; --raw shows all. Sizes and parameters are the same."""

import math

import pytest

import cnncalc

from .test_onnx import load  # noqa: F401
from .writer import ints, node, scalar, small, tensor

SILU = [node("Sigmoid", "x", "s"), node("Mul", "x s", "y")]
HARD = [
    node("Add", "x three", "a"),
    node("Clip", "a zero six", "c"),
    node("Mul", "x c", "m"),
    node("Div", "m six", "y"),
]
HARD_LAST = [
    node("Add", "x three", "a"),
    node("Clip", "a zero six", "c"),
    node("Div", "c six", "d"),
    node("Mul", "x d", "y"),
]
HARD_SIGMOID = [node("Add", "three x", "a"), node("Clip", "a zero six", "c"), node("Div", "c six", "y")]
MISH = [node("Softplus", "x", "s"), node("Tanh", "s", "t"), node("Mul", "x t", "y")]
GELU = [
    node("Div", "x root", "d"),
    node("Erf", "d", "e"),
    node("Add", "e one", "a"),
    node("Mul", "x a", "m"),
    node("Mul", "m half", "y"),
]
GELU_HALF = [
    node("Mul", "x half", "h"),
    node("Div", "x root", "d"),
    node("Erf", "d", "e"),
    node("Add", "e one", "a"),
    node("Mul", "h a", "y"),
]
GELU_TANH = [node("Pow", "x three", "p"), node("Mul", "p cubic", "c"), node("Add", "x c", "a"), node("Mul", "a slope", "t"),
             node("Tanh", "t", "h"), node("Add", "h one", "o"), node("Mul", "x half", "f"), node("Mul", "f o", "y")]  # fmt: skip
AFFINE = [node("Mul", "x factor", "m"), node("Add", "m constant", "y")]
SHUFFLE = [
    node("Reshape", "x cut", "a"),
    node("Transpose", "a", "t", perm=[0, 2, 1, 3, 4]),
    node("Reshape", "t whole", "y"),
]
POOL = [node("Pad", "x border", "p"), node("MaxPool", "p", "y", kernel_shape=[3, 3], strides=[2, 2])]
TURNED = [node("Transpose", "x", "t", perm=[0, 2, 3, 1]), node("Transpose", "t", "y", perm=[0, 3, 1, 2])]
FOCUS = [node("Slice", f"x s{a}{b} e a2 two", f"p{a}{b}") for a in (0, 1) for b in (0, 1)] + [
    node("Concat", "p00 p10 p01 p11", "y", axis=1)
]  # fmt: skip
TENSORS = [
    scalar("three", 3.0), scalar("zero", 0.0), scalar("six", 6.0), scalar("one", 1.0), scalar("half", 0.5),
    scalar("root", math.sqrt(2)), scalar("cubic", 0.044715), scalar("slope", math.sqrt(2 / math.pi)),
    tensor("factor", [1, 8, 1, 1]), tensor("constant", [8, 1, 1]), ints("cut", 1, 2, 4, 16, 16), ints("whole", 1, 8, 16, 16),
    ints("border", 0, 0, 0, 0, 0, 0, 1, 1), ints("e", 99, 99), ints("a2", 2, 3), ints("two", 2, 2),
    *(ints(f"s{a}{b}", a, b) for a in (0, 1) for b in (0, 1)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("nodes", "operation", "params"),
    [
        (SILU, "silu", 0), (HARD, "hardswish", 0), (HARD_LAST, "hardswish", 0), (HARD_SIGMOID, "hardsigmoid", 0),
        (MISH, "mish", 0), (GELU, "gelu", 0), (GELU_HALF, "gelu", 0), (GELU_TANH, "gelu", 0),
        (AFFINE, "scale bias=yes", 16), (SHUFFLE, "shuffle 2", 0), (POOL, "maxpool 3x3 stride=2 pad=0:1", 0),
        (TURNED, "identity", 0), (FOCUS, "pixelunshuffle 2", 0),
    ],
    ids="silu hard hard-last hardsigmoid mish gelu gelu-half gelu-tanh affine shuffle pool turned focus".split(),
)  # fmt: skip
def test_a_pattern_is_one_row(load, nodes, operation, params):  # noqa: F811
    data = small(*nodes, tensors=TENSORS, shape=(1, 8, 16, 16))
    one, raw = cnncalc.analyze(load(data)), cnncalc.analyze(load(data, raw=True))
    (row,) = one.to_dict()["layers"]
    assert (row["operation"], row["nodes"]) == (operation, len(nodes))
    assert len(raw.layers) == len(nodes)
    assert row["output"] == list(raw.layers[-1].output)
    assert one.totals.params == raw.totals.params == params


def test_what_is_read_elsewhere_is_no_pattern(load):  # noqa: F811
    nodes = [node("Sigmoid", "x", "s"), node("Mul", "x s", "m"), node("Add", "m s", "y")]
    assert [row.kind for row in cnncalc.analyze(load(small(*nodes))).layers] == ["sigmoid", "mul", "add"]


def test_other_numbers_are_no_pattern(load):  # noqa: F811
    nodes = [
        node("Add", "x one", "a"),
        node("Clip", "a zero six", "c"),
        node("Mul", "x c", "m"),
        node("Div", "m six", "y"),
    ]
    assert len(cnncalc.analyze(load(small(*nodes, tensors=TENSORS))).layers) == 4


def test_a_product_and_its_bias(load):  # noqa: F811
    nodes = [node("MatMul", "x w", "m"), node("Add", "b m", "y")]
    data = small(*nodes, tensors=[tensor("w", [16, 10]), tensor("b", [10])], shape=(1, 16))
    (row,) = cnncalc.analyze(load(data)).to_dict()["layers"]
    assert (row["operation"], row["params"], row["macs"], row["nodes"]) == ("fc 10", 170, 160, 2)


def test_a_layer_norm_written_out(load):  # noqa: F811
    nodes = [
        node("ReduceMean", "x", "m", axes=[-1]), node("Sub", "x m", "d"), node("Pow", "d two", "p"),
        node("ReduceMean", "p", "v", axes=[-1]), node("Add", "v eps", "e"), node("Sqrt", "e", "r"),
        node("Div", "d r", "n"), node("Mul", "n g", "f"), node("Add", "f b", "y"),
    ]  # fmt: skip
    tensors = [scalar("two", 2.0), scalar("eps", 1e-5), tensor("g", [32]), tensor("b", [32])]
    for shape in ((1, 32), (1, 7, 32)):
        data = small(*nodes, tensors=tensors, shape=shape)
        (row,) = cnncalc.analyze(load(data)).to_dict()["layers"]
        assert (row["params"], row["nodes"], row["full"]) == (64, 9, list(shape))
        assert cnncalc.analyze(load(data, raw=True)).totals.params == 64
