"""What tensors and operators are: types of values, weights and biases, names, states; and what a file cannot say twice."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import cnncalc

pytest.importorskip("tflite")
pytest.importorskip("numpy")

from .test_tflite import small
from .writing import BOOL, FLOAT, FLOAT16, FLOAT64, INT4, INT8, INT16, INT32, INT64, UINT8, Writing


@pytest.fixture
def net(tmp_path: Path) -> Any:
    def load(data: bytes, **how: Any) -> cnncalc.Network:
        (tmp_path / "net.tflite").write_bytes(data)
        return cnncalc.load(tmp_path / "net.tflite", **how)

    return load


def types(activations: str, weights: str | None = None, biases: str | None = None) -> dict[str, str]:
    learned = {} if weights is None else {"weights": weights, "biases": biases or weights}
    return {"activations": activations, **learned}


@pytest.mark.parametrize(("kind", "own", "biases"), [(INT8, "int8", "int32"), (FLOAT, "fp32", "fp32")])
def test_types_of_values_weights_and_biases(net: Any, kind: int, own: str, biases: str) -> None:
    """Those of the network are its first layer's; the last layer of the file has no bias."""
    network = net(small(kind))
    assert network.dtypes == types(own, own, biases)
    found = {node.name: network.types[node.position] for node in network.nodes}
    assert found == {
        "image": types(own), "first": types(own, own, biases), "second": types(own, own, biases), "sum": types(own), "pool": types(own),
        "flat": types(own, "int32"), "out": types(own, own), "classes": types(own),
    }  # fmt: skip


def transposed(kind: int, weights: int, bias: int) -> bytes:
    file = Writing()
    image, made = file.tensor("image", [1, 4, 4, 8], kind), file.tensor("made", [1, 8, 8, 4], kind)
    shape, learned = file.tensor("shape", [4], INT32, [1, 8, 8, 4]), file.constant("w", [4, 2, 2, 8], weights)
    file.operator("TRANSPOSE_CONV", [shape, learned, image, file.constant("b", [4], bias)], [made], "TransposeConvOptions",
                  Padding=1, StrideH=2, StrideW=2)  # fmt: skip
    return file.bytes([image], [made])


@pytest.mark.parametrize(
    ("kind", "weights", "bias", "found"),
    [
        (INT4, INT4, INT32, types("int8", "int4", "int32")),  # a kernel gives no half bytes
        (INT16, INT8, INT64, types("int16", "int8", "int64")), (FLOAT16, FLOAT16, FLOAT, types("fp16", "fp16", "fp32")),
        (FLOAT, 5, FLOAT, types("fp32") | {"biases": "fp32"}),  # strings, which no weights are
    ],
)  # fmt: skip
def test_the_shape_of_a_transposed_convolution_is_no_weight(
    net: Any, kind: int, weights: int, bias: int, found: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from . import writing

    monkeypatch.setitem(writing.FORMS, 5, "i1")
    network = net(transposed(kind, weights, bias))
    assert (network.dtypes, network.types[1]) == ({}, found)


def test_an_operator_and_the_activation_in_it(net: Any) -> None:
    network = net(small())
    found = {node.name: network.origins[node.position] for node in network.layers}
    assert [name for name, origin in found.items() if origin.activated] == ["first"]
    assert {(origin.axis, origin.last) for origin in found.values()} == {(0, True)}
    assert [origin.tensor for origin in found.values()] == list(found)


def relus(*names: str) -> bytes:
    file = Writing()
    tensors = [file.tensor(name, [1, 4], FLOAT) for name in names]
    for before, after in pairwise(tensors):
        file.operator("RELU", [before], [after])
    return file.bytes(tensors[:1], tensors[-1:])


def test_names(net: Any) -> None:
    """A converter puts what it has merged into one name; of a long name the beginning is enough; without one there is a number."""
    network = net(relus("a;b/image", "x;;y", "n" * 300, ""))
    assert [node.name for node in network.nodes][:3] == ["b/image", "y", "n" * 200]
    assert [port.name for port in network.outputs] == ["output"]
    assert [node.name for node in net(relus("", "y")).nodes] == ["input1", "y"]
    assert net(relus("", "y"), input={"input1": "7"}).nodes[1].output == (7,)


@pytest.mark.parametrize(("name", "said"), [("TFLite_Detection_PostProcess", "TFLite_Detection_PostProcess"), ("C" * 300, "C" * 200),
                                            (999, "OPERATOR_999"), ("HASHTABLE", "HASHTABLE")])  # fmt: skip
def test_an_operator_without_a_rule_is_called_by_its_name(net: Any, name: Any, said: str) -> None:
    file = Writing()
    image, made, more = (file.tensor(one, [1, 4, 4, 2], FLOAT) for one in ("image", "made", "more"))
    file.operator(name, [image], [made])
    file.operator("RELU", [made], [more])
    network = net(file.bytes([image], [more]))
    assert [(network.origins[node.position].type, node.output) for node in network.layers] == [
        (said, (2, 4, 4)),
        ("RELU", (2, 4, 4)),
    ]
    (note,) = network.diagnostics
    assert (note.code, note.spot.name) == ("unknown-operator", f"'made' ({said})")
    assert net(file.bytes([image], [more]), input="2x6x6").nodes[-1].output is None  # the file says it of its own input


def test_samples_of_a_file_of_several(net: Any) -> None:
    """The leading size of the first input that is more than a vector."""
    file = Writing()
    scale, image, other = (
        file.tensor(name, shape, FLOAT) for name, shape in (("scale", [5]), ("image", [3, 4, 4, 2]), ("other", [3, 2]))
    )
    made, flat = file.tensor("made", [3, 4, 4, 2], FLOAT), file.tensor("flat", [3, 32], FLOAT)
    file.operator("RELU", [image], [made])
    file.operator("RESHAPE", [made, file.tensor("to", [2], INT32, [3, 32])], [flat])
    network = net(file.bytes([scale, image, other], [flat]))
    assert network.file_batch == 3
    assert [node.output for node in network.nodes] == [(5,), (2, 4, 4), (2,), (2, 4, 4), (32,)]
    rows = cnncalc.analyze(network).to_dict()["layers"]
    assert [row["full"] for row in rows] == [[3, 4, 4, 2], [3, 32]]


def test_what_one_input_alone_is_told_of(net: Any) -> None:
    """Of two inputs one is given another shape: what the file says of results holds no more, what has a rule is worked out."""
    file = Writing()
    one, two = file.tensor("one", [1, 8], FLOAT), file.tensor("two", [1, 8], FLOAT)
    moved, odd, total = (file.tensor(name, [1, 8], FLOAT) for name in ("moved", "odd", "total"))
    file.operator("RELU", [one], [moved])
    file.operator("COS", [two], [odd])
    file.operator("ADD", [moved, odd], [total])
    data = file.bytes([one, two], [total])
    assert [node.output for node in net(data, input={"one": "8"}).layers] == [(8,), (8,), (8,)]
    assert [node.output for node in net(data, input={"one": "6"}).layers] == [(6,), None, None]


@pytest.mark.parametrize(
    "kinds", [("CONV_2D", "CONV_2D"), ("CONV_2D", "DEPTHWISE_CONV_2D"), ("FULLY_CONNECTED", "FULLY_CONNECTED")]
)
def test_weights_of_one_buffer_are_those_of_the_first_layer(net: Any, kinds: tuple[str, str]) -> None:
    """Of layers of the same kind; equal numbers of other layers are stored once, and are no weights in common."""
    file = Writing()
    dense = kinds[0] == "FULLY_CONNECTED"
    shape, weights = ([1, 4], [4, 4]) if dense else ([1, 5, 5, 4], [1, 3, 3, 4])
    tensors = [
        file.tensor(name, [*shape[:-1], size], FLOAT)
        for name, size in (("image", 4), ("a", 4 if dense else 1), ("b", 4))
    ]
    if not dense and kinds[1] == "CONV_2D":
        tensors[2] = file.tensor("c", [1, 5, 5, 1], FLOAT)
    learned = file.constant("w", weights, FLOAT)
    option = {
        "FULLY_CONNECTED": "FullyConnectedOptions",
        "CONV_2D": "Conv2DOptions",
        "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions",
    }
    for kind, made in zip(kinds, tensors[1:], strict=True):
        file.operator(
            kind, [tensors[0], learned], [made], option[kind], **({} if dense else {"StrideH": 1, "StrideW": 1})
        )
    network = net(file.bytes(tensors[:1], tensors[1:]))
    params = [row.params for row in cnncalc.analyze(network).layers]
    assert params == ([16, 0] if dense else [36, 36 if kinds[0] != kinds[1] else 0])
    assert [node.owner for node in network.layers] == [None, 1 if kinds[0] == kinds[1] else None]


@pytest.mark.parametrize(
    ("kind", "params"),
    [(FLOAT, 30), (FLOAT16, 30), (FLOAT64, 30), (UINT8, 30), (INT8, 30), (INT16, 30), (INT4, 30), (INT32, 0), (INT64, 0), (BOOL, 0)],
)  # fmt: skip
def test_which_tables_are_learned(net: Any, kind: int, params: int) -> None:
    """Those of real numbers, as whole ones with a scale, too; indices and truth values are not."""
    file = Writing()
    words, made = file.tensor("words", [1, 4], INT32), file.tensor("made", [1, 4, 3], kind)
    file.operator("GATHER", [file.constant("table", [10, 3], kind), words], [made])
    assert cnncalc.analyze(net(file.bytes([words], [made]))).totals.params == params


def test_free_samples_of_what_has_no_rule(net: Any) -> None:
    """Their number is that of what is read."""
    file = Writing()
    image, made, odd = (file.tensor(name, [1, 8, 8, 3], FLOAT, free=[-1, 8, 8, 3]) for name in ("image", "made", "odd"))
    file.operator("COS", [image], [made])
    file.operator("HASHTABLE", [made], [odd])
    network = net(file.bytes([image], [odd]))
    assert [node.output for node in network.nodes] == [(3, 8, 8)] * 3
    assert [row["full"] for row in cnncalc.analyze(network).to_dict()["layers"]] == [[1, 8, 8, 3]] * 2


def test_the_mean_over_the_channels_is_no_global_pool(net: Any) -> None:
    """Where there are as many as rows and columns the shape is the same."""
    file = Writing()
    image, made = file.tensor("image", [1, 3, 3, 3], FLOAT), file.tensor("made", [1, 3], FLOAT)
    for axes, kinds in (
        ([2, 3], ["op"]),
        ([1, 3], ["op"]),
        ([1, 2], ["gavgpool", "flatten"]),
        ([2, 1], ["gavgpool", "flatten"]),
    ):
        file.operators.clear()
        file.operator("MEAN", [image, file.tensor("axes", [2], INT32, axes)], [made])
        assert [node.kind for node in net(file.bytes([image], [made])).layers] == kinds


@pytest.mark.parametrize(
    ("name", "said"), [("RESIZE_BILINEAR", "resize to=8x6 mode=bilinear"), ("RESIZE_NEAREST_NEIGHBOR", "resize to=8x6")]
)
def test_how_it_is_resized(net: Any, name: str, said: str) -> None:
    file = Writing()
    image, made = file.tensor("image", [1, 4, 3, 2], FLOAT), file.tensor("made", [1, 8, 6, 2], FLOAT)
    file.operator(name, [image, file.tensor("sizes", [2], INT32, [8, 6])], [made])
    (node,) = net(file.bytes([image], [made])).layers
    assert node.layer.describe(2) == said


def test_more_layers_than_may_be(net: Any) -> None:
    assert len(list(net(relus("x", "a", "b", "c"), max_layers=3).layers)) == 3
    with pytest.raises(cnncalc.SpecError) as caught:
        net(relus("x", "a", "b", "c"), max_layers=2)
    assert [one.code for one in caught.value.diagnostics] == ["too-many-layers"]


def test_a_file_without_a_graph(net: Any) -> None:
    import flatbuffers
    import tflite

    build = flatbuffers.Builder(64)
    tflite.ModelStart(build)
    tflite.ModelAddVersion(build, 3)
    build.Finish(tflite.ModelEnd(build), b"TFL3")
    with pytest.raises(cnncalc.SpecError, match="the TFLite file cannot be read: there is no graph"):
        net(bytes(build.Output()))


def test_scratch_buffers_depend_on_sizes(net: Any) -> None:
    """The kernel has sums of integers as large as its output: of another input the file is read once more."""
    for kind, bias, sizes in ((INT8, INT32, True), (FLOAT, FLOAT, False)):
        assert net(transposed(kind, kind, bias)).reads_sizes == sizes
