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
BY_SIXTH = [*HARD[:3], node("Mul", "m sixth", "y")]
SIGMOID_BY_SIXTH = [*HARD_SIGMOID[:2], node("Mul", "c sixth", "y")]
GROUPED = [
    node("Reshape", "x parts", "r"), node("InstanceNormalization", "r ones zeros", "i"), node("Reshape", "i whole", "w"),
    node("Mul", "w factor", "m"), node("Add", "m constant", "y"),
]  # fmt: skip
REVERSED = [node("Transpose", "x", "t"), node("Transpose", "t", "y")]
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
FOCUS_AT_ONCE = [node("Slice", f"x all{a}{b} far - whole_steps", f"p{a}{b}") for a in (0, 1) for b in (0, 1)] + FOCUS[
    4:
]
TENSORS = [
    ints("far", 99, 99, 99, 99), ints("whole_steps", 1, 1, 2, 2), *(ints(f"all{a}{b}", 0, 0, a, b) for a in (0, 1) for b in (0, 1)),
    scalar("sixth", 1 / 6), ints("parts", 1, 2, -1), tensor("ones", [2], 1, [1, 1]), tensor("zeros", [2], 1, [0, 0]),
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
        (TURNED, "identity", 0), (FOCUS, "pixelunshuffle 2", 0), (BY_SIXTH, "hardswish", 0), (SIGMOID_BY_SIXTH, "hardsigmoid", 0),
        (FOCUS_AT_ONCE, "pixelunshuffle 2", 0), (GROUPED, "gn 2", 16), (REVERSED, "identity", 0),
    ],
    ids="silu hard hard-last hardsigmoid mish gelu gelu-half gelu-tanh affine shuffle pool turned focus sixth sigmoid-sixth focus-at-once grouped reversed".split(),
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


#: What looks like a pattern, and is another function: another tensor, number, axis or place in one of its operators.
NEAR = {
    "silu of another": [node("Relu", "x", "r"), node("Sigmoid", "r", "s"), node("Mul", "x s", "y")],
    "hard swish of another": [node("Relu", "x", "r"), *HARD[:2], node("Mul", "r c", "m"), HARD[3]],
    "hard swish by 3": [*HARD[:3], node("Div", "m three", "y")],
    "hard sigmoid by 3": [*HARD_LAST[:2], node("Div", "c three", "d"), HARD_LAST[3]],
    "hard swish plus 1": [node("Add", "x one", "a"), *HARD_LAST[1:]],
    "hard swish times 6": [*HARD[:3], node("Mul", "m six", "y")],
    "hard sigmoid times 6": [*HARD_SIGMOID[:2], node("Mul", "c six", "y")],
    "over a sixth": [*HARD[:3], node("Div", "m sixth", "y")],
    "6 over relu6": [*HARD_SIGMOID[:2], node("Div", "six c", "y")],
    "clipped to 1": [HARD_SIGMOID[0], node("Clip", "a zero one", "c"), HARD_SIGMOID[2]],
    "mish of another": [node("Relu", "x", "r"), node("Softplus", "r", "s"), node("Tanh", "s", "t"), node("Mul", "x t", "y")],
    "a gate of tanh": [node("Tanh", "x", "t"), node("Mul", "x t", "y")],
    "gelu by another root": [node("Div", "x three", "d"), *GELU[1:]],
    "gelu of another": [node("Relu", "x", "r"), node("Div", "r root", "d"), *GELU[1:]],
    "gelu by 3": [*GELU[:4], node("Mul", "m three", "y")],
    "gelu plus 3": [*GELU[:2], node("Add", "e three", "a"), *GELU[3:]],
    "gelu with another cube": [GELU_TANH[0], node("Mul", "p half", "c"), *GELU_TANH[2:]],
    "gelu with a square": [node("Pow", "x two_", "p"), *GELU_TANH[1:]],
    "gelu with another slope": [*GELU_TANH[:3], node("Mul", "a root", "t"), *GELU_TANH[4:]],
    "a constant an element": [AFFINE[0], node("Add", "m each", "y")],
    "a factor a column": [node("Mul", "x wide", "m"), AFFINE[1]],
    "rows for columns, too": [SHUFFLE[0], node("Transpose", "a", "t", perm=[0, 2, 1, 4, 3]), SHUFFLE[2]],
    "a reflected border": [node("Pad", "x border", "p", mode="reflect"), POOL[1]],
    "turned on": [node("Transpose", "x", "t", perm=[0, 1, 3, 2]), node("Transpose", "t", "y", perm=[0, 3, 2, 1])],
    "quarters": [node("Slice", f"x q{a}{b} q{a + 1}{b + 1} a2", f"p{a}{b}") for a in (0, 1) for b in (0, 1)] + FOCUS[4:],
    "one phase four times": [node("Slice", "x s00 e a2 two", f"p{a}{b}") for a in (0, 1) for b in (0, 1)] + FOCUS[4:],
}  # fmt: skip
OTHERS = [  scalar("two_", 2.0), tensor("each", [8, 16, 16]), tensor("wide", [16]),
          *(ints(f"q{a}{b}", 8 * a, 8 * b) for a in range(3) for b in range(3))]  # fmt: skip


@pytest.mark.parametrize("what", NEAR)
def test_what_is_nearly_a_pattern_is_none(load, what):  # noqa: F811
    data = small(*NEAR[what], tensors=[*TENSORS, *OTHERS], shape=(1, 8, 16, 16))
    one, raw = (cnncalc.analyze(load(data, raw=raw)).to_dict()["layers"] for raw in (False, True))
    assert [row["operation"] for row in one] == [row["operation"] for row in raw]
    assert len(one) == len(NEAR[what])


@pytest.mark.parametrize("order", [[0, 2, 3, 1], [0, 3, 1, 2]])
def test_turned_twice_the_same_way_is_not_turned_back(load, order):  # noqa: F811
    nodes = [node("Transpose", "x", "t", perm=order), node("Transpose", "t", "y", perm=order)]
    assert [row.kind for row in cnncalc.analyze(load(small(*nodes, shape=(1, 8, 8, 8)))).layers] == ["permute"] * 2


def test_groups_that_stay_where_they_are_are_not_shuffled(load):  # noqa: F811
    nodes = [SHUFFLE[0], node("Transpose", "a", "t", perm=[0, 1, 2, 3, 4]), SHUFFLE[2]]
    data = small(*nodes, shape=(1, 4, 4, 4), tensors=[ints("cut", 1, 2, 2, 4, 4), ints("whole", 1, 4, 4, 4)])
    assert "shuffle" not in [row.kind for row in cnncalc.analyze(load(data)).layers]


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
