"""ONNX files: what their operators are, where weights may be, what is free, what cannot be."""

import json

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError

from .writer import (
    INT8,
    INT64,
    TINY,
    OfFunction,
    function,
    graph,
    ints,
    model,
    node,
    scalar,
    small,
    tensor,
    value,
)  # fmt: skip


@pytest.fixture
def load(folder):
    """The network of a file with such bytes."""

    def make(data, **options):
        (folder / "net.onnx").write_bytes(data)
        return cnncalc.load("net.onnx", **options)

    return make


def rows(network):
    """Of every layer its operation, and the whole shape of what it gives."""
    document = cnncalc.analyze(network).to_dict()
    return [(row["operation"], row["full"]) for row in document["layers"]]


def totals(network):
    found = cnncalc.analyze(network).totals
    return found.params, found.buffers, found.macs


def test_a_network(load):
    network = load(TINY)
    assert [(node.name, node.kind, node.output) for node in network.nodes] == [
        ("x", "input", (3, 32, 32)), ("/stem/conv/Conv", "conv", (8, 32, 32)), ("/stem/act/Relu", "relu", (8, 32, 32)),
        ("/block/conv/Conv", "conv", (8, 32, 32)), ("/block/bn/BatchNormalization", "bn", (8, 32, 32)),
        ("/block/Add", "add", (8, 32, 32)), ("/pool/MaxPool", "maxpool", (8, 16, 16)), ("/Flatten", "flatten", (2048,)),
        ("/fc/Gemm", "fc", (10,)),
    ]  # fmt: skip
    assert totals(network) == (8 * 27 + 8 + 8 * 72 + 16 + 20490, 16, 8 * 27 * 1024 + 8 * 72 * 1024 + 20480)
    assert [[step.name for step in node.path] for node in network.layers][:5] == [["stem"]] * 2 + [["block"]] * 3
    assert set(network.extents) == {"stem", "block"}
    assert network.diagnostics == ()
    assert (network.format, network.file_batch) == ("onnx", 1)


def test_the_document(run, load):
    load(TINY)
    said = json.loads(run("shapes", "net.onnx", "--format", "json").stdout)
    layer = said["layers"][0]
    assert {key: layer[key] for key in ("type", "tensor", "module", "full", "nodes")} == {
        "type": "Conv", "tensor": "c1", "module": None, "full": [1, 8, 32, 32], "nodes": 1,
    }  # fmt: skip
    for command in ("shapes", "explain", "memory", "compare", "check"):
        assert run(command, "net.onnx").exit_code == 0


@pytest.mark.parametrize(
    ("op", "shape", "given", "made"),
    [
        ("MaxPool", (1, 1, 8, 8), {"kernel_shape": [5, 5], "strides": [2, 2], "pads": [1, 1, 1, 1], "ceil_mode": 1}, 4),
        ("MaxPool", (1, 1, 12, 12), {"kernel_shape": [1, 1], "strides": [2, 2], "ceil_mode": 1}, 6),
        ("MaxPool", (1, 1, 7, 7), {"kernel_shape": [2, 2], "strides": [2, 2], "auto_pad": "SAME_LOWER"}, 4),
        ("AveragePool", (1, 1, 7, 7), {"kernel_shape": [3, 3], "auto_pad": "VALID"}, 5),
        ("AveragePool", (1, 1, 9, 9), {"kernel_shape": [3, 3], "dilations": [2, 2]}, 5),
        ("LpPool", (1, 1, 9, 9), {"kernel_shape": [3, 3], "strides": [3, 3]}, 3),
    ],
)  # fmt: skip
def test_windows(load, op, shape, given, made):
    network = load(small(node(op, "x", "y", **given), shape=shape))
    assert network.nodes[-1].output == (1, made, made)


def test_a_pool_over_more_than_its_input_rounds_up_as_it_runs(load):
    """https://github.com/onnx/onnx/issues/5711: onnx's own inference gives 4, what executes 3."""
    pool = node("AveragePool", "x", "y", kernel_shape=[5, 5], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)
    assert load(small(pool, shape=(1, 1, 7, 7), opset=12)).nodes[-1].output == (1, 3, 3)


@pytest.mark.parametrize(
    ("weights", "tensors"),
    [
        ([node("Constant", "", "w", value=tensor("", [8, 3, 3, 3]))], []),
        ([node("ConstantOfShape", "s", "w")], [ints("s", 8, 3, 3, 3)]),
        ([node("Identity", "v", "w")], [tensor("v", [8, 3, 3, 3])]),
        ([node("Transpose", "v", "w", perm=[3, 2, 0, 1])], [tensor("v", [3, 3, 3, 8])]),
        ([node("Reshape", "v s", "w")], [tensor("v", [8, 27]), ints("s", 8, 3, 3, 3)]),
        ([node("Cast", "v", "w", to=1)], [tensor("v", [8, 3, 3, 3])]),
        ([node("DequantizeLinear", "v q", "w")], [tensor("v", [8, 3, 3, 3], INT8), scalar("q", 0.1)]),
    ],
)  # fmt: skip
def test_where_weights_are(load, weights, tensors):
    network = load(small(*weights, node("Conv", "x w", "y"), tensors=tensors))
    assert rows(network) == [("conv 8 3x3 bias=no", [1, 8, 30, 30])]
    assert totals(network)[0] == 216


def test_weights_that_are_used_twice_count_once(load):
    nodes = [node("Conv", "x w", "a", "one", pads=[1] * 4), node("Conv", "a w", "y", "two", pads=[1] * 4)]
    network = load(small(*nodes, tensors=[tensor("w", [3, 3, 3, 3])]))
    assert totals(network)[0] == 81
    assert network.nodes[2].owner == 1


def test_arithmetic_on_shapes_is_no_layer(load):
    nodes = [
        node("Shape", "x", "s"), node("Gather", "s zero", "n", axis=0), node("Unsqueeze", "n axes", "n1"),
        node("Concat", "n1 rest", "to", axis=0), node("Reshape", "x to", "y"),
    ]  # fmt: skip
    tensors = [tensor("zero", [], INT64, [0]), ints("axes", 0), ints("rest", -1)]
    data = small(*nodes, tensors=tensors, shape=("N", 3, 8, 8))
    assert rows(load(data)) == [("flatten", [1, 192])]
    assert rows(load(data, input="3x4x4")) == [("flatten", [1, 48])]
    assert [row[1] for row in rows(load(data, raw=True))] == [[4], [], [1], [2], [1, 192]]
    assert totals(load(data, raw=True)) == (0, 0, 0)


def test_free_axes_are_asked_for(load, run):
    data = small(node("Relu", "x", "y"), shape=(None, 3, "H", "W"))
    with pytest.raises(SpecError, match="it is 3xHxW in the file"):
        load(data)
    said = run("shapes", "net.onnx")
    assert said.exit_code == 2
    assert "net.onnx: input 'x'" in said.stderr
    assert "--input 3x224x224" in said.stderr
    assert rows(load(data, input="3x5x7")) == [("relu", [1, 3, 5, 7])]
    assert rows(load(data, input={"x": "3x5x7"})) == [("relu", [1, 3, 5, 7])]


def test_the_batch_of_the_file_is_no_sample(load):
    network = load(small(node("Relu", "x", "y"), shape=(4, 3, 8, 8)))
    assert network.file_batch == 4
    assert rows(network) == [("relu", [4, 3, 8, 8])]
    assert network.nodes[-1].output == (3, 8, 8)


def test_a_tensor_that_loses_the_samples_is_whole(load, run):
    load(small(node("Reshape", "x s", "y"), tensors=[ints("s", 3, 64)], shape=(1, 3, 8, 8)))
    (layer,) = json.loads(run("shapes", "net.onnx", "--format", "json").stdout)["layers"]
    assert (layer["output"], layer["full"], layer["whole"]) == ([3, 64], [3, 64], True)


def test_a_branch_that_is_known_is_taken(load):
    yes, no = (graph([node(op, "x", "z")], [], [value("z")]) for op in ("Relu", "Tanh"))
    nodes = [
        node("Shape", "x", "s"), node("Gather", "s one", "c", axis=0), node("Equal", "c three", "q"),
        node("If", "q", "y", then_branch=yes, else_branch=no),
    ]  # fmt: skip
    tensors = [tensor("one", [], INT64, [1]), tensor("three", [], INT64, [3])]
    assert rows(load(small(*nodes, tensors=tensors))) == [("relu", [1, 3, 32, 32])]


def test_functions_of_the_file(load):
    inner = function("Act", "a w", "b", [node("Conv", "a w", "t", "conv"), node("Relu", "t", "b", "act")])
    outer = function(
        "Two", "a v w", "b", [node("Act", "a v", "t", "first", "local"), node("Act", "t w", "b", "last", "local")]
    )
    network = load(small(node("Two", "x v w", "y", "both", "local"), functions=[inner, outer], local=1,
                         tensors=[tensor("v", [8, 3, 3, 3]), tensor("w", [4, 8, 1, 1])]))  # fmt: skip
    assert rows(network) == [
        ("conv 8 3x3 bias=no", [1, 8, 30, 30]), ("relu", [1, 8, 30, 30]), ("conv 4 1x1 bias=no", [1, 4, 30, 30]),
        ("relu", [1, 4, 30, 30]),
    ]  # fmt: skip
    assert network.nodes[3].name == "both/last/conv"


def test_attributes_of_functions(load):
    """That of a call goes to the operators inside that refer to it, through a function that hands it on; or a default."""
    inner = function("Join", "a b", "c", [node("Concat", "a b", "c", axis=OfFunction("along"))], attributes=["along"])
    outer = function(
        "Outer", "a", "c", [node("Join", "a a", "c", "", "local", along=OfFunction("axis"))], attributes=["axis"]
    )
    for axis, shape in ((1, [1, 6, 32, 32]), (3, [1, 3, 32, 64])):
        data = small(node("Outer", "x", "y", "", "local", axis=axis), functions=[inner, outer], local=1)
        assert rows(load(data))[0][1] == shape


def test_a_function_is_given_fewer_tensors_than_it_takes(load):
    """What is left out is left out of its operators: a bias."""
    conv = function("Biased", "a w b", "c", [node("Conv", "a w b", "c")])
    for inputs, params in (("x w v", 224), ("x w", 216)):
        data = small(
            node("Biased", inputs, "y", "", "local"),
            functions=[conv],
            local=1,
            tensors=[tensor("w", [8, 3, 3, 3]), tensor("v", [8])],
        )
        assert totals(load(data))[0] == params


def test_the_title_is_the_name_of_the_graph(load):
    for name, title in (("resnet", "resnet"), ("main_graph", None), ("", None)):
        content = graph([node("Relu", "x", "y")], [value("x", 1, 3)], [value("y")], name=name)
        assert load(model(content)).title == title


def test_functions_that_call_each_other_end(load):
    one = function("A", "a", "b", [node("B", "a", "b", "", "local")])
    two = function("B", "a", "b", [node("A", "a", "b", "", "local")])
    with pytest.raises(SpecError, match="deeper than 32 levels"):
        load(small(node("A", "x", "y", "", "local"), functions=[one, two], local=1))
    doubled = [function(f"F{k}", "a", "b", [node(f"F{k + 1}", "a", "t", "", "local"), node(f"F{k + 1}", "t", "b", "", "local")])
               for k in range(30)]  # fmt: skip
    last = function("F30", "a", "b", [node("Relu", "a", "b")])
    with pytest.raises(SpecError, match="operators come of functions and branches"):
        load(small(node("F0", "x", "y", "", "local"), functions=[*doubled, last], local=1))


@pytest.mark.parametrize(
    ("nodes", "tensors", "said"),
    [
        ([node("Conv", "x w", "y", "c")], [tensor("w", [8, 3, 33, 33])],
         "net.onnx: node 'c' (Conv): the 33x33 window does not fit its 32x32 input"),
        ([node("Conv", "x w", "y", "c", group=2)], [tensor("w", [8, 3, 3, 3])],
         "the weights are for 3 channels in 2 groups, and the input has 3: 3*2 = 6"),
        ([node("Add", "x w", "y", "a")], [tensor("w", [5, 32])], "do not go together: 5 and 32"),
        ([node("Reshape", "x s", "y")], [ints("s", 7, -1)], "node of tensor 'y' (Reshape): 1x3x32x32 has 3,072 values"),
        ([node("Relu", "z", "y", "r")], [], "node 'r' (Relu) reads 'z', which nothing before it gives"),
        ([node("", "x", "y")], [], "an operator without a type"),
        ([node("Relu", "x", "z")], [], "the output 'y' is given by nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be(load, nodes, tensors, said):
    with pytest.raises(SpecError) as caught:
        load(small(*nodes, tensors=tensors))
    assert said in str(caught.value)


def test_an_operator_without_a_rule_is_unknown(load, run):
    between = [value("z", 1, 5, 4, 4)]
    nodes = [node("Strange", "x", "z", "s", "acme"), node("Relu", "z", "y", "r")]
    network = load(model(graph(nodes, [value("x", 1, 3, 8, 8)], [value("y")], (), between), acme=1))
    assert [(one.kind, one.output) for one in network.layers] == [("op", (5, 4, 4)), ("relu", (5, 4, 4))]
    assert cnncalc.analyze(network).totals.macs is None
    said = run("shapes", "net.onnx")
    assert said.exit_code == 0
    assert "nothing is known of what 'acme::Strange' gives or costs" in said.stderr
    assert run("shapes", "net.onnx", "--strict").exit_code == 1
    assert [one.output for one in load(model(graph(nodes, [value("x", 1, 3, 8, 8)], [value("y")]), acme=1)).layers] == [
        None,
        None,
    ]
    resized = load(model(graph(nodes, [value("x", 1, 3, 8, 8)], [value("y")], (), between), acme=1), input="3x9x9")
    assert [one.output for one in resized.layers] == [None, None]


def test_initializers_that_are_listed_as_inputs_are_defaults(load):
    content = graph([node("Conv", "x w", "y")], [value("x", 1, 3, 8, 8), value("w", 4, 3, 3, 3)], [value("y")],
                    [tensor("w", [4, 3, 3, 3])])  # fmt: skip
    assert [node.name for node in load(model(content)).inputs] == ["x"]


def test_a_transposed_convolution_by_its_output(load):
    up = node("ConvTranspose", "x w", "y", strides=[2, 2], output_shape=[17, 17])
    network = load(small(up, tensors=[tensor("w", [3, 4, 3, 3])], shape=(1, 3, 8, 8)))
    assert network.nodes[-1].output == (4, 17, 17)
    up = node("ConvTranspose", "x w", "y", strides=[2, 2], auto_pad="SAME_UPPER")
    network = load(small(up, tensors=[tensor("w", [3, 4, 3, 3])], shape=(1, 3, 8, 8)))
    assert network.nodes[-1].output == (4, 16, 16)
    assert totals(network)[2] == 3 * 4 * 9 * 64


def test_resizing_multiplies_in_floats(load):
    """https://github.com/onnx/onnx: 10 × 0.7 in floats of 32 bits is not below 7."""
    network = load(
        small(node("Resize", "x - s", "y"), tensors=[tensor("s", [4], 1, [1, 1, 0.7, 0.7])], shape=(1, 3, 10, 10))
    )
    assert network.nodes[-1].output == (3, 7, 7)


def test_several_results(load):
    network = load(small(node("Split", "x s", "a b", "cut", axis=1), node("Relu", "b", "y", "r"),
                         tensors=[ints("s", 1, 2)]))  # fmt: skip
    assert network.nodes[-1].output == (2, 32, 32)
    assert totals(network) == (0, 0, 0)
    cut, relu = cnncalc.analyze(network).to_dict()["layers"]
    assert (cut["operation"], cut["nodes"], relu["operation"]) == ("split 1,2", 1, "relu")
    assert [(one["tensor"], one["full"]) for one in cut["results"]] == [("a", [1, 1, 32, 32]), ("b", [1, 2, 32, 32])]


def test_a_recurrence(load):
    network = load(small(node("LSTM", "x w r b", "y h c", hidden_size=16, direction="bidirectional"), shape=(7, 1, 10),
                         tensors=[tensor("w", [2, 64, 10]), tensor("r", [2, 64, 16]), tensor("b", [2, 128])]))  # fmt: skip
    assert rows(network) == [("op LSTM", [7, 2, 1, 16])]
    assert totals(network)[0] == 2 * (640 + 1024 + 128)


def test_names_of_any_bytes(load, run):
    data = small(node("Relu", "x", "y", "r\udcff".encode("utf-8", "surrogateescape").decode("latin-1")))
    data = data.replace("rÿ".encode(), b"r\xff\xfe")
    network = load(data)
    assert network.nodes[-1].name == "r\ufffd\ufffd"
    assert run("shapes", "net.onnx", "--format", "json").exit_code == 0
