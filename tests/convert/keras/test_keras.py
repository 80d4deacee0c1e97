"""Keras's model files: what Keras says of the same models (recorded.json, made by record.py), and its older forms."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

import cnncalc
from cnncalc.convert.contents import is_keras

RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text())
#: Layers that are several of ours, the last of which has another name.
SPLIT = {"GlobalAveragePooling2D", "GlobalMaxPooling1D", "GlobalAveragePooling3D"}


@pytest.fixture
def net(tmp_path):
    def read(model, name="model.json", **more):
        path = tmp_path / name
        path.write_bytes(model if isinstance(model, bytes) else json.dumps(model).encode())
        return cnncalc.load(path, **more)

    return read


def keras_order(shape, first):
    return list(shape) if first or len(shape) < 2 else [*shape[1:], shape[0]]


@pytest.mark.parametrize("name", RECORDED)
def test_what_keras_says(net, name):
    told = RECORDED[name]
    network = net(told["model"])
    totals = cnncalc.analyze(network).totals
    assert totals.params + totals.buffers == told["params"]
    first = name == "first"
    assert [keras_order(network.nodes[port.node].output, first) for port in network.outputs] == told["outputs"]
    shapes = {node.name: node.output for node in network.nodes}
    wanted = {
        row[0]: row[1]
        for row in told["layers"]
        if row[1] is not None and f"{row[0]}/flatten" not in shapes and row[0] in shapes
    }
    assert {layer: keras_order(shapes[layer], first) for layer in wanted} == wanted
    assert len(wanted) > 3 or name in ("shared", "first", "volumes")


def test_parameters_of_each_layer(net):
    told = RECORDED["images"]
    analysis = cnncalc.analyze(net(told["model"]))
    counts = {}
    for row in analysis.layers:
        name = row.name.partition("/")[0]
        counts[name] = counts.get(name, 0) + row.params + row.buffers
    assert {name: counts[name] for name, _, count in told["layers"] if count} == {
        name: count for name, _, count in told["layers"] if count
    }


def test_an_archive_and_a_file_of_its_description_are_one(net):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps(RECORDED["volumes"]["model"]))
        archive.writestr("model.weights.h5", b"\0" * 1000)
    from_archive, from_text = net(stream.getvalue(), "model.keras"), net(RECORDED["volumes"]["model"])
    assert [node.output for node in from_archive.nodes] == [node.output for node in from_text.nodes]
    assert (from_archive.format, from_archive.title) == ("keras", "volumes")


def test_an_hdf5_file(net, tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "made.h5", "w") as store:
        store.attrs["model_config"] = json.dumps(RECORDED["first"]["model"])
        store.create_dataset("weights", data=[0.0] * 1000)
    data = (tmp_path / "made.h5").read_bytes()
    assert net(data, "model.h5").title == "first"
    with pytest.raises(cnncalc.SpecError, match="the HDF5 file cannot be read"):
        net(data[:200], "model.h5")
    with h5py.File(tmp_path / "bare.h5", "w") as store:
        store.create_dataset("weights", data=[0.0] * 10)
    with pytest.raises(cnncalc.SpecError, match="the file has weights, and no description"):
        net((tmp_path / "bare.h5").read_bytes(), "model.h5")


def layer(kind, inbound, **config):
    return {"class_name": kind, "config": config, "name": config["name"], "inbound_nodes": inbound}


def test_keras_2(net):
    """Lists of lists; names of Keras 2 in the call; a Sequential whose first layer has the shape."""
    functional = {"class_name": "Model", "config": {"name": "m", "layers": [
        layer("InputLayer", [], name="x", batch_input_shape=[None, 9, 9, 2], dtype="float32"),
        layer("Add", [[["c", 0, 0, {}], ["c", 1, 0, {}]]], name="sum"),
        layer("Conv2D", [[["x", 0, 0, {}]], [["d", 0, 0, {}]]], name="c", filters=2, kernel_size=[3, 3], strides=[1, 1], padding="same", use_bias=True, activation="relu"),
        layer("Dropout", [[["x", 0, 0, {}]]], name="d", rate=0.5),
        layer("TFOpLambda", [["sum", 0, 0, {"y": ["x", 0, 0], "name": None}]], name="tf.__operators__.add", function="__operators__.add"),
    ], "input_layers": [["x", 0, 0]], "output_layers": [["tf.__operators__.add", 0, 0]]}}  # fmt: skip
    network = net({"model_config": functional, "training_config": {}})
    assert cnncalc.analyze(network).totals.params == 9 * 4 + 2
    assert network.nodes[network.outputs[0].node].output == (2, 9, 9)
    sequential = {"class_name": "Sequential", "config": [
        {"class_name": "Convolution2D", "config": {"name": "c", "batch_input_shape": [None, 28, 28, 1], "filters": 4, "kernel_size": [5, 5]}},
        {"class_name": "Flatten", "config": {"name": "f"}},
        {"class_name": "Dense", "config": {"name": "d", "units": 10, "activation": "softmax"}},
    ]}  # fmt: skip
    assert cnncalc.analyze(net(sequential)).totals.params == 26 * 4 + (24 * 24 * 4 + 1) * 10


def test_code_is_never_run(net):
    model = {"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [None, 8]}},
        {"class_name": "Dense", "config": {"name": "a", "units": 3}},
        {"class_name": "Lambda", "config": {"name": "l", "function": "4wAAAAAAAAAA"}},
        {"class_name": "Dense", "config": {"name": "b", "units": 3}},
    ]}}  # fmt: skip
    network = net(model)
    totals = cnncalc.analyze(network).totals
    assert (totals.params, totals.macs) == (None, None)
    assert network.nodes[1].output == (3,)
    assert network.nodes[2].output is None


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ({"class_name": "MyModel", "config": {}}, "'MyModel' is a class of its own: its layers stand in code"),
        ({"layers": []}, "no model of Keras is described here"),
        (b'{"class_name": "Sequential", ', "is no JSON that can be read"),
        (b'{"class_name": ' + b"[" * 100_000, "is no JSON that can be read"),
        (b"PK\x03\x04" + b"\0" * 50, "the archive cannot be read"),
        (
            {"class_name": "Sequential", "config": {"layers": [{"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [None, None, None, 3]}}]}},
            "input 'i' is 3x?x?, the channels first",
        ),
        (
            {"class_name": "Functional", "config": {"layers": [layer("ReLU", [[["r", 0, 0, {}]]], name="r")], "input_layers": [], "output_layers": [["r", 0, 0]]}},
            "output 'r' is never made",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read(net, model, said):
    with pytest.raises(cnncalc.SpecError) as error:
        net(model)
    assert said in str(error.value)


def test_a_layer_that_does_not_fit_is_named(net):
    model = {"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [None, 4, 4, 1]}},
        {"class_name": "Conv2D", "config": {"name": "big", "filters": 2, "kernel_size": [5, 5]}},
        {"class_name": "Conv2D", "config": {"name": "behind", "filters": 2, "kernel_size": [3, 3]}},
    ]}}  # fmt: skip
    with pytest.raises(cnncalc.SpecError) as error:
        net(model)
    assert "layer 'big' (Conv2D)" in str(error.value)
    assert "the 5x5 window does not fit its 4x4 input" in str(error.value)
    assert cnncalc.analyze(net(model, input="1x9x9")).outputs[0].shape == (2, 3, 3)


def test_what_is_keras():
    assert is_keras(b'{"module": "keras", "class_name": "Functional"')
    assert not is_keras(b'{"name": "x"}')
    assert not is_keras(b"input 3x8x8")


def test_what_is_missing_or_unknown_is_said(net):
    def sequential(*layers):
        entry = {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [None, 8, 8, 1]}}
        return {"class_name": "Sequential", "config": {"name": "s", "layers": [entry, *layers]}}

    with pytest.raises(cnncalc.SpecError, match=r"layer 'c' \(Conv2D\): 'filters' is missing"):
        net(sequential({"class_name": "Conv2D", "config": {"name": "c", "kernel_size": [3, 3]}}))
    (note,) = net(sequential({"class_name": "Conv2DD", "config": {"name": "c"}})).diagnostics
    assert (note.code, note.help) == ("unknown-operator", "did you mean 'Conv2D'?")
