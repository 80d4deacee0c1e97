"""What operators make of constants, states and tables: weights of half precision, stored once, however they are read."""

import pytest

import cnncalc

pytest.importorskip("tflite")
pytest.importorskip("numpy")

from cnncalc.convert.tflite.tables import Stored

from .writing import FLOAT, FLOAT16, INT32, Writing


@pytest.fixture
def net(tmp_path):
    def load(data, **how):
        (tmp_path / "net.tflite").write_bytes(data)
        return cnncalc.load(tmp_path / "net.tflite", **how)

    return load


def half(file, shape, name="w"):
    """A constant of half precision behind a DEQUANTIZE, as the converter writes it."""
    whole = file.tensor(f"{name}32", shape, FLOAT)
    file.operator("DEQUANTIZE", [file.constant(name, shape, FLOAT16)], [whole])
    return whole


def test_weights_of_half_precision_are_weights(net):
    file = Writing()
    image, made = file.tensor("image", [1, 8, 8, 3], FLOAT), file.tensor("made", [1, 8, 8, 4], FLOAT)
    weights, bias = half(file, [4, 3, 3, 3]), half(file, [4], "b")
    file.operator("CONV_2D", [image, weights, bias], [made], "Conv2DOptions", StrideH=1, StrideW=1, Padding=0)
    data = file.bytes([image], [made])
    network = net(data)
    found = cnncalc.analyze(network)
    assert [layer.name for layer in found.layers] == ["made"]
    assert (found.totals.params, found.totals.macs, network.diagnostics) == (112, 108 * 64, ())
    assert network.dtypes["weights"] == "fp16"
    raw = cnncalc.analyze(net(data, raw=True))
    assert [row["type"] for row in raw.to_dict()["layers"]] == ["DEQUANTIZE", "DEQUANTIZE", "CONV_2D"]
    assert raw.totals.params == 112


def test_weights_that_two_read_are_counted_once(net):
    file = Writing()
    image, one, two = (file.tensor(name, [1, 8, 8, 3], FLOAT) for name in ("image", "one", "two"))
    weights = half(file, [3, 3, 3, 3])
    for read, made in ((image, one), (one, two)):
        file.operator("CONV_2D", [read, weights], [made], "Conv2DOptions", StrideH=1, StrideW=1, Padding=0)
    found = cnncalc.analyze(net(file.bytes([image], [two])))
    assert [row.params for row in found.layers] == [81, 0]
    assert found.totals.macs == 2 * 81 * 64


@pytest.mark.parametrize("name", ["GATHER", "EMBEDDING_LOOKUP"])
def test_a_table_is_learned(net, name):
    file = Writing()
    words, made = file.tensor("words", [1, 6], INT32), file.tensor("made", [1, 6, 16], FLOAT)
    table = file.constant("table", [100, 16], FLOAT)
    file.operator(name, [table, words] if name == "GATHER" else [words, table], [made])
    found = cnncalc.analyze(net(file.bytes([words], [made])))
    assert (found.totals.params, found.totals.macs, found.layers[0].output) == (1600, 0, (16, 6))


def test_a_state_is_read_and_written(net):
    """A streaming network: what an operator writes has no result, what one reads comes from no input."""
    file = Writing()
    image, old, both, made = (
        file.tensor(name, [1, size, 1, 4], FLOAT) for name, size in (("image", 1), ("old", 2), ("both", 3), ("made", 3))
    )
    handle = file.tensor("handle", [], INT32)
    file.operator("VAR_HANDLE", [], [handle])
    file.operator("READ_VARIABLE", [handle], [old])
    file.operator("CONCATENATION", [old, image], [both], "ConcatenationOptions", Axis=1)
    file.operator("ASSIGN_VARIABLE", [handle, both], [])
    file.operator("RELU", [both], [made])
    network = net(file.bytes([image], [made]))
    assert [(node.name, node.output) for node in network.layers] == [
        ("old", (4, 2, 1)),
        ("both", (4, 3, 1)),
        ("made", (4, 3, 1)),
    ]
    assert network.diagnostics == ()
    assert cnncalc.analyze(network).totals.macs == 0


def test_the_whole_shape_is_the_files(net):
    file = Writing()
    image, made, mean = (
        file.tensor(name, shape, FLOAT)
        for name, shape in (("image", [1, 8, 6, 3]), ("made", [1, 8, 6, 3]), ("mean", [1, 3]))
    )
    file.operator("RELU", [image], [made])
    file.operator("MEAN", [made, file.tensor("axes", [2], INT32, [1, 2])], [mean])
    rows = cnncalc.analyze(net(file.bytes([image], [mean]))).to_dict()["layers"]
    assert [(row["tensor"], row["output"], row["full"]) for row in rows] == [
        ("made", [3, 8, 6], [1, 8, 6, 3]), (None, [3, 1, 1], [1, 1, 1, 3]), ("mean", [3], [1, 3]),
    ]  # fmt: skip


def test_a_number_a_sample_is_explained(net, tmp_path):
    file = Writing()
    image, made, moved = (
        file.tensor(name, shape, FLOAT) for name, shape in (("image", [1, 1]), ("made", [1]), ("moved", [1]))
    )
    file.operator("RESHAPE", [image, file.tensor("to", [1], INT32, [1])], [made])
    file.operator("RELU", [made], [moved])
    network = net(file.bytes([image], [moved]))
    assert [node.output for node in network.layers] == [(), ()]
    assert [cnncalc.analyze(network).to_dict()["layers"][0]["full"]] == [[1]]
    from click.testing import CliRunner

    from cnncalc.cli import main

    said = CliRunner().invoke(main, ["explain", str(tmp_path / "net.tflite"), "made"])
    assert said.exit_code == 0, said.output


def test_weights_that_are_the_first_tensor_of_the_file(net):
    file = Writing()
    weights = half(file, [4, 3, 3, 3])
    image, made = file.tensor("image", [1, 8, 8, 3], FLOAT), file.tensor("made", [1, 8, 8, 4], FLOAT)
    file.operator("CONV_2D", [image, weights], [made], "Conv2DOptions", StrideH=1, StrideW=1, Padding=0)
    network = net(file.bytes([image], [made]))
    assert (cnncalc.analyze(network).totals.params, network.dtypes["weights"]) == (108, "fp16")


def test_vectors_that_are_stored_once_are_not_tied(net):
    """A converter stores equal constants once: two layers with the same slopes have slopes each."""
    file = Writing()
    image, one, two = (file.tensor(name, [1, 4, 4, 3], FLOAT) for name in ("image", "one", "two"))
    slopes = file.constant("slopes", [1, 1, 3], FLOAT)
    for read, made in ((image, one), (one, two)):
        file.operator("PRELU", [read, slopes], [made])
    assert [row.params for row in cnncalc.analyze(net(file.bytes([image], [two]))).layers] == [3, 3]


def test_several_results_of_an_operator(net):
    file = Writing()
    image, values, places, made = (
        file.tensor(name, shape, kind)
        for name, shape, kind in (
            ("image", [1, 9], FLOAT),
            ("values", [1, 4], FLOAT),
            ("places", [1, 4], INT32),
            ("made", [1, 4], FLOAT),
        )
    )
    file.operator("TOPK_V2", [image, file.tensor("k", [1], INT32, [4])], [values, places])
    file.operator("RELU", [values], [made])
    network = net(file.bytes([image], [made, places]))
    assert [(node.name, node.output) for node in network.layers] == [("values", (4,)), ("places", (4,)), ("made", (4,))]
    assert [network.nodes[port.node].name for port in network.outputs] == ["made", "places"]


def test_numbers_of_small_constants():
    for count, type_, size in ((0, 2, 4), (3, 2, 4), (1024, 2, 4), (512, 4, 8)):
        numbers = list(range(-1, count - 1))
        data = b"".join(one.to_bytes(size, "little", signed=True) for one in numbers)
        assert Stored("x", (count,), type_, data).integers() == numbers
    assert Stored("x", (1025,), 2, bytes(4100)).integers() == []  # no shape, axes or pads
    assert Stored("x", (2,), 2, bytes(11)).integers() == [0, 0]
    assert Stored("x", (2,), 0, bytes(8)).integers() == Stored("x", (2,), 2, None).integers() == []
