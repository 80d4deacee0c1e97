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
POOL = [node("Pad", "x border lowest", "p"), node("MaxPool", "p", "y", kernel_shape=[3, 3], strides=[2, 2])]
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
    scalar("lowest", -math.inf), scalar("three", 3.0), scalar("zero", 0.0), scalar("six", 6.0), scalar("one", 1.0), scalar("half", 0.5),
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
    "a border of zeros": [node("Pad", "x border zero", "p"), POOL[1]],
    "a border of ones": [node("Relu", "x", "r"), node("Pad", "r border one", "p"), POOL[1]],
    "a mean of minus infinity": [POOL[0], node("AveragePool", "p", "y", kernel_shape=[3, 3], count_include_pad=1)],
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


#: x - mean, its square, the mean of these, and a quotient by the root of that; a factor and a constant.
NORM = [
    node("ReduceMean", "x", "m", axes=[-1]), node("Sub", "x m", "d"), node("Pow", "d two_", "p"),
    node("ReduceMean", "p", "v", axes=[-1]), node("Add", "v eps", "e"), node("Sqrt", "e", "r"),
    node("Div", "d r", "n"), node("Mul", "n g", "f"), node("Add", "f b", "y"),
]  # fmt: skip
SQUARED = [*NORM[:2], node("Mul", "d d", "p"), *NORM[3:]]
TURNED_ROUND = [*NORM[:4], node("Add", "eps v", "e"), *NORM[5:7], node("Mul", "g n", "f"), node("Add", "b f", "y")]
NORM_TENSORS = [scalar("two_", 2.0), scalar("three", 3.0), scalar("eps", 1e-5), tensor("g", [32]), tensor("b", [32])]


@pytest.mark.parametrize("nodes", [NORM, SQUARED, TURNED_ROUND], ids=["power", "product", "turned round"])
@pytest.mark.parametrize(
    ("shape", "operation"),
    [((1, 32), "ln"), ((1, 7, 32), "ln axes=L"), ((1, 4, 7, 32), "ln axes=W"), ((1, 2, 4, 7, 32), "ln axes=W"), ((1, 2, 2, 4, 7, 32), "op LayerNormalization")],
)  # fmt: skip
def test_a_layer_norm_written_out(load, nodes, shape, operation):  # noqa: F811
    data = small(*nodes, tensors=NORM_TENSORS, shape=shape)
    (row,) = cnncalc.analyze(load(data)).to_dict()["layers"]
    assert (row["operation"], row["params"], row["macs"], row["nodes"], row["full"]) == (
        operation,
        64,
        0,
        9,
        list(shape),
    )
    assert cnncalc.analyze(load(data, raw=True)).totals.params == 64


#: What looks like a layer norm over the last axis, and is another function; by its changed or further nodes.
NO_NORM = {
    "a cube": [*NORM[:2], node("Pow", "d three", "p"), *NORM[3:]],
    "a power of 2": [*NORM[:2], node("Pow", "two_ d", "p"), *NORM[3:]],
    "the product with another": [*NORM[:2], node("Relu", "x", "q"), node("Mul", "d q", "p"), *NORM[3:]],
    "a square of another": [*NORM[:2], node("Relu", "x", "q"), node("Pow", "q two_", "p"), *NORM[3:]],
    "a variance along another axis": [*NORM[:3], node("ReduceMean", "p", "v", axes=[1]), *NORM[4:]],
    "the mean of another": [node("Relu", "x", "q"), node("ReduceMean", "q", "m", axes=[-1]), *NORM[1:]],
    "a sum": [NORM[0], node("Add", "x m", "d"), *NORM[2:]],
    "along two axes": [node("ReduceMean", "x", "m", axes=[1, 2]), *NORM[1:3], node("ReduceMean", "p", "v", axes=[1, 2]), *NORM[4:]],
    "along another axis": [node("ReduceMean", "x", "m", axes=[1]), *NORM[1:3], node("ReduceMean", "p", "v", axes=[1]), *NORM[4:]],
    "what else the difference is for": [*NORM[:8], node("Add", "f b", "z"), node("Add", "z d", "y")],
    "what else the squared difference is for": [*SQUARED[:8], node("Add", "f b", "z"), node("Add", "z d", "y")],
    "no root": [*NORM[:5], node("Relu", "e", "r"), *NORM[6:]],
    "the root over the difference": [*NORM[:6], node("Div", "r d", "n"), *NORM[7:]],
}  # fmt: skip


@pytest.mark.parametrize("what", NO_NORM)
def test_what_is_nearly_a_layer_norm_is_none(load, what):  # noqa: F811
    """Nothing of it goes away that something else reads."""
    data = small(*NO_NORM[what], tensors=NORM_TENSORS, shape=(1, 7, 32))
    one, raw = (cnncalc.analyze(load(data, raw=raw)).to_dict()["layers"] for raw in (False, True))
    assert [(row["operation"], row["output"]) for row in one] == [(row["operation"], row["output"]) for row in raw]
    assert len(one) == len(NO_NORM[what])
    assert None not in [row["output"] for row in one]


def test_samples_that_are_normalised_are_no_layer_norm(load):  # noqa: F811
    network = load(small(*NORM, tensors=NORM_TENSORS, shape=(32,)))
    assert "ln" not in [node.kind for node in network.layers]


ROWS = [
    *(node("Slice", f"x from{a} far1 a2_ two1", f"r{a}") for a in (0, 1)),
    *(node("Slice", f"r{a} from{b} far1 a3_ two1", f"p{a}{b}") for a in (0, 1) for b in (0, 1)),
]
ROW_TENSORS = [
    ints("from0", 0), ints("from1", 1), ints("far1", 99), ints("a2_", 2), ints("a3_", 3), ints("two1", 2), tensor("w", [32, 8, 1, 1]),
]  # fmt: skip


def test_every_second_pixel_of_every_second_row(load):  # noqa: F811
    """How YOLOv5 slices: rows, then columns of these. Rows that something else reads, too, stay."""
    data = small(*ROWS, FOCUS[4], tensors=ROW_TENSORS, shape=(1, 8, 16, 16))
    (row,) = cnncalc.analyze(load(data)).to_dict()["layers"]
    assert (row["operation"], row["output"], row["nodes"]) == ("pixelunshuffle 2", [32, 8, 8], 7)
    more = [
        node("Concat", "p00 p10 p01 p11", "z", axis=1),
        node("GlobalAveragePool", "r0", "g"),
        node("Conv", "g w", "c"),
        node("Add", "z c", "y"),
    ]
    rows = cnncalc.analyze(load(small(*ROWS, *more, tensors=ROW_TENSORS, shape=(1, 8, 16, 16)))).to_dict()["layers"]
    assert [row["kind"] for row in rows][6:8] == ["concat", "gavgpool"]
    assert (len(rows), [row["output"] for row in rows][-3:]) == (10, [[8, 1, 1], [32, 1, 1], [32, 8, 8]])


@pytest.mark.parametrize(
    ("border", "own", "said"),
    [
        ((1, 1, 1, 1), (0, 0, 0, 0), "pad=1"), ((1, 1, 1, 1), (1, 1, 1, 1), "pad=2"), ((1, 1, 1, 1), (0, 1, 1, 0), "pad=1:2x2:1"),
        ((1, 0, 0, 2), (0, 0, 0, 0), "pad=1:0x0:2"), ((1, 0, 0, 2), (1, 1, 1, 1), "pad=2:1x1:3"), ((-1, 0, 0, 0), (1, 1, 1, 1), None),
        ((-1, 0, 0, 0), (0, 0, 0, 0), None), ((0, 0, 0, -1), (0, 0, 1, 0), None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["MaxPool", "AveragePool"])
def test_a_border_and_that_of_a_pool_are_one(load, border, own, said, kind):  # noqa: F811
    """Where nothing is cut off, whose values the pool would see again: top, left, bottom, right."""
    top, left, bottom, right = border
    nodes = [
        node("Relu", "x", "r"),
        node("Pad", "r pads", "p"),
        node(kind, "p", "y", kernel_shape=[3, 3], strides=[2, 2], pads=list(own), count_include_pad=1),
    ]
    data = small(*nodes, tensors=[ints("pads", 0, 0, top, left, 0, 0, bottom, right)], shape=(1, 8, 16, 16))
    rows = cnncalc.analyze(load(data)).to_dict()["layers"]
    word = "maxpool" if kind == "MaxPool" else "avgpool"
    sizes = [(16 + sum(border[axis::2]) + sum(own[axis::2]) - 3) // 2 + 1 for axis in (0, 1)]
    assert rows[-1]["output"] == [8, *sizes]
    assert len(rows) == (2 if said else 3)
    if said:
        assert rows[1]["operation"] == f"{word} 3x3 stride=2 {said}"


@pytest.mark.parametrize(
    ("before", "merges"),
    [
        ([node("Relu", "x", "e")], True), ([node("Clip", "x zero six", "e")], True), ([node("Sigmoid", "x", "e")], True),
        ([node("Softmax", "x", "e", axis=1)], True), ([node("HardSigmoid", "x", "e")], True), ([node("Softplus", "x", "e")], True),
        ([node("Tanh", "x", "e")], False), ([node("Neg", "x", "e")], False), ([node("LogSoftmax", "x", "e", axis=1)], False),
        ([node("Conv", "x w", "e", kernel_shape=[1, 1])], False),
        ([node("Relu", "x", "a"), node("MaxPool", "a", "e", kernel_shape=[2, 2])], True),
        ([node("Relu", "x", "a"), node("Sigmoid", "x", "b"), node("Add", "a b", "e")], True),
        ([node("Relu", "x", "a"), node("Add", "a x", "e")], False), ([node("Relu", "x", "a"), node("Mul", "x a", "e")], False),
        ([node("Relu", "x", "a"), node("Sigmoid", "x", "b"), node("Sub", "a b", "e")], False),
        ([node("Relu", "x", "a"), node("Sigmoid", "x", "b"), node("Concat", "a b", "e", axis=1)], True),
        ([node("Relu", "x", "a"), node("Identity", "a", "e")], True), ([node("Relu", "x", "a"), node("Tanh", "a", "e")], True),
        ([node("Sigmoid", "x", "a"), node("LogSoftmax", "a", "e", axis=1)], False),
    ],
)  # fmt: skip
def test_zeros_are_the_padding_of_a_maximum_where_nothing_is_below_0(load, before, merges):  # noqa: F811
    """A maximum pads with minus infinity; zeros would be the largest of a window of numbers below 0."""
    nodes = [*before, node("Pad", "e border", "p"), POOL[1]]
    data = small(*nodes, tensors=[*TENSORS, tensor("w", [8, 8, 1, 1])], shape=(1, 8, 16, 16))
    one, raw = (cnncalc.analyze(load(data, raw=raw)) for raw in (False, True))
    kinds = [row.kind for row in one.layers]
    assert ("pad" in kinds, kinds[-1]) == (not merges, "maxpool")
    assert (one.layers[-1].output, one.totals.params, one.totals.macs) == (
        raw.layers[-1].output,
        raw.totals.params,
        raw.totals.macs,
    )
