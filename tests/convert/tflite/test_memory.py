"""The memory of TFLite's files: types a tensor, states, scratch buffers; heads as TFLite Micro's interpreter reports them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import cnncalc
from cnncalc.cli import main
from cnncalc.measure.footprint import Footprint
from cnncalc.measure.measurements import Measurements, UnknownMeasure

pytest.importorskip("tflite")
pytest.importorskip("numpy")

from .drawn import drawn
from .writing import FLOAT, INT16, INT32, Writing

#: What tflite-micro 0.dev20261023182759 says of the head of the arena for the drawn files 0, 1, 2, …
HEADS = [
    976, 224, 960, 7680, 2736, 880, 2832, 448, 1808, 320, 1664, 5760, 3648, 496, 1456, 1424, 384, 1824, 2224, 592, 640,
    12096, 2352, 5760, 3024, 304, 1200, 352, 5680, 2352, 3584, 2560, 1792, 240, 576, 2752, 256, 832, 176, 4224, 4544,
    5952, 1264, 624, 4608, 1472, 1376, 5280, 2800, 400, 1536, 1280, 1024, 17568, 1152, 1088, 6048, 1808, 2256, 1312,
]  # fmt: skip


@pytest.fixture
def net(tmp_path):
    def read(data, **more):
        path = tmp_path / "net.tflite"
        path.write_bytes(data)
        return cnncalc.load(path, **more)

    return read


def ends_of_floats():
    """Two dense layers of bytes between floating point numbers, as TensorFlow's converter leaves them."""
    file = Writing()
    image, small = file.tensor("image", [1, 640], FLOAT), file.tensor("small", [1, 640])
    file.operator("QUANTIZE", [image], [small])
    first, second = file.tensor("first", [1, 128]), file.tensor("second", [1, 640])
    file.operator("FULLY_CONNECTED", [small, file.constant("w", [128, 640]), file.constant("b", [128], INT32)], [first],
                  "FullyConnectedOptions")  # fmt: skip
    file.operator("FULLY_CONNECTED", [first, file.constant("v", [640, 128]), file.constant("c", [640], INT32)], [second],
                  "FullyConnectedOptions")  # fmt: skip
    out = file.tensor("out", [1, 640], FLOAT)
    file.operator("DEQUANTIZE", [second], [out])
    return file.bytes([image], [out])


def with_state():
    """An SVDF layer with a state of 16 bits, and two scratch buffers."""
    file = Writing()
    image, out = file.tensor("image", [1, 96]), file.tensor("out", [1, 64])
    learned = [file.constant("f", [64, 96]), file.constant("t", [64, 8], INT16), file.constant("b", [64], INT32)]
    state = file.tensor("state", [1, 512], INT16, variable=True)
    file.operator("SVDF", [image, *learned, state], [out], "SVDFOptions", Rank=1)
    return file.bytes([image], [out])


@pytest.mark.parametrize("start", range(0, len(HEADS), 20))
def test_heads_as_the_interpreter_reports_them(net, start):
    for seed in range(start, start + 20):
        assert Footprint(cnncalc.analyze(net(drawn(seed)))).arena_bytes == HEADS[seed], seed


def test_every_tensor_in_its_own_type(net):
    analysis = cnncalc.analyze(net(ends_of_floats()))
    assert [analysis.storage.output(node) for node in analysis.network.nodes] == [2560, 640, 128, 640, 2560]
    assert str(analysis.storage) == "int8, biases int32; 2 tensors fp32"
    footprint = Footprint(analysis)
    assert (footprint.arena_bytes, footprint.peak, footprint.flash) == (3200, 3200, 2 * 640 * 128 + 4 * 768)


def test_types_that_are_asked_for_hold_for_all_tensors(net):
    network = net(ends_of_floats())
    assert Footprint(cnncalc.analyze(network, dtype="int8")).arena_bytes == 2 * 640 + 128
    assert Footprint(cnncalc.analyze(network, dtype="weights=fp32")).arena_bytes == 3200


def test_states_stand_elsewhere_and_scratch_buffers_in_the_arena(net):
    analysis = cnncalc.analyze(net(with_state()))
    footprint = Footprint(analysis)
    assert [(footprint.called(one), one.bytes) for one in footprint.arena.tensors] == [
        ("image", 96), ("out", 64), ("out (scratch)", 256), ("out (scratch)", 256),
    ]  # fmt: skip
    assert footprint.arena_bytes == 96 + 64 + 2 * 256
    assert Footprint(cnncalc.analyze(analysis.network, batch=2)).arena_bytes == 2 * (96 + 64 + 2 * 256)


def test_as_json_and_as_text(tmp_path):
    path = tmp_path / "ends.tflite"
    path.write_bytes(ends_of_floats())
    found = json.loads(run("memory", path, "--format", "json").stdout)
    assert found["arena"]["tensors"][1] == {"name": "small", "offset": 2560, "bytes": 640, "dtype": "int8"}
    assert [one["dtype"] for one in found["held"]] == ["fp32", "int8"]
    text = run("memory", path, "--planner", "greedy").stdout
    assert "int8, biases int32; 2 tensors fp32" in text
    assert "the greedy planner's arena, 3,200 bytes:" in text
    path.write_bytes(with_state())
    assert "of activations and scratch buffers, by the greedy planner" in run("memory", path).stdout


def hybrid():
    file = Writing()
    image, out = file.tensor("image", [1, 4], FLOAT), file.tensor("out", [1, 4], FLOAT)
    file.operator("FULLY_CONNECTED", [image, file.constant("w", [4, 4]), file.constant("b", [4], FLOAT)], [out],
                  "FullyConnectedOptions")  # fmt: skip
    return file.bytes([image], [out])


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def unheard():
    file = Writing()
    image, out = file.tensor("image", [1, 4], FLOAT), file.tensor("out", [1, 4], FLOAT)
    file.operator("ATAN2", [image], [out])
    return file.bytes([image], [out])


def orphan():
    file = Writing()
    image, out, _ = (file.tensor(name, [1, 4], FLOAT) for name in ("image", "out", "lonely"))
    file.operator("RELU", [image], [out])
    return file.bytes([image], [out])


def placed():
    file = Writing()
    file.metadata.append("OfflineMemoryAllocation")
    image, out = file.tensor("image", [1, 4], FLOAT), file.tensor("out", [1, 4], FLOAT)
    file.operator("RELU", [image], [out])
    return file.bytes([image], [out])


def short():
    file = Writing()
    image, out = file.tensor("image", [1, 4]), file.tensor("out", [1, 4])
    file.operator("UNIDIRECTIONAL_SEQUENCE_LSTM", [image], [out])
    return file.bytes([image], [out])


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (hybrid, "TFLite Micro has no FULLY_CONNECTED of floating point numbers with weights of another type"),
        (unheard, "of ATAN2 it is not known what TFLite Micro asks for"),
        (orphan, "nothing makes the tensor 'lonely'"),
        (placed, "the file has places of its own for its tensors"),
        (short, "UNIDIRECTIONAL_SEQUENCE_LSTM is not as TFLite Micro takes it"),
    ],
)
def test_what_is_not_known_is_said(tmp_path, made, why):
    path = tmp_path / "net.tflite"
    path.write_bytes(made())
    analysis = cnncalc.analyze(cnncalc.load(path))
    assert (Footprint(analysis).arena_bytes, Footprint(analysis).arena_unknown) == (None, why)
    with pytest.raises(UnknownMeasure, match=why):
        Measurements(analysis)("arena")
    text = " ".join(run("memory", path, "--planner", "greedy").stdout.split())
    assert f"the arena is not known: {why}" in text
    assert f"unknown: {why}" in text


def test_tensors_without_an_axis_of_samples_are_whole(net):
    """A dense layer over 49 rows: none of its rows is a sample."""
    file = Writing()
    image = file.tensor("image", [1, 7, 7, 8], FLOAT)
    rows, out = file.tensor("rows", [49, 8], FLOAT), file.tensor("out", [49, 3], FLOAT)
    file.operator("RESHAPE", [image, file.tensor("shape", [2], INT32, [49, 8])], [rows])
    learned = [file.constant("w", [3, 8], FLOAT), file.constant("b", [3], FLOAT)]
    file.operator("FULLY_CONNECTED", [rows, *learned], [out], "FullyConnectedOptions")
    network = net(file.bytes([image], [out]))
    analysis = cnncalc.analyze(network)
    assert [(row.output, row.params, row.macs) for row in analysis.layers] == [((49, 8), 0, 0), ((49, 3), 27, 49 * 24)]
    assert network.origins[1].axis is None
    assert Footprint(analysis).arena_bytes == -(-49 * 8 * 4 // 16) * 32  # the image, and its rows
