"""The numbers and the JSON document."""

from __future__ import annotations

import json

import pytest

import cnncalc
from cnncalc.measure import analyze
from helpers import network

LENET = """model LeNet-5
input 1x32x32

conv 6 5 | tanh | avgpool 2
conv 16 5 | tanh | avgpool 2
conv 120 5 | tanh
flatten
fc 84 | tanh
fc 10
"""


def test_the_document_of_the_contract() -> None:
    document = cnncalc.analyze(cnncalc.loads(LENET, name="model.txt")).to_dict()
    assert {key: document[key] for key in ("version", "command", "file", "model", "layout", "batch", "dtype")} == {
        "version": 1, "command": "shapes", "file": "model.txt", "model": "LeNet-5", "layout": "chw", "batch": 1, "dtype": "fp32",
    }  # fmt: skip
    assert document["inputs"] == [{"name": "input", "shape": [1, 32, 32]}]
    assert document["outputs"] == [{"name": "fc2", "shape": [10]}]
    assert document["layers"][0] == {
        "name": "conv1", "path": [], "kind": "conv", "operation": "conv 6 5x5", "line": 4, "inputs": ["input"],
        "output": [6, 28, 28], "filter": [6, 1, 5, 5], "params": 156, "buffers": 0, "macs": 117600, "flops": 235200,
        "field": [5, 5], "jump": [1, 1], "start": [0, 0],
    }  # fmt: skip
    assert document["totals"] == {
        "layers": 12, "params": 61706, "buffers": 0, "macs": 416520, "flops": 833040, "params_train": 61706, "trainable": 61706,
    }  # fmt: skip
    assert document["diagnostics"] == document["uncounted"] == []
    assert json.loads(json.dumps(document)) == document


def test_train_heads_are_in_no_total_but_one() -> None:
    text = "input 3x8x8\nconv 4 3\nhead aux train:\n    conv 9 1\nfc_in = gavgpool | fc 2"
    document = cnncalc.analyze(cnncalc.loads(text)).to_dict()
    assert document["totals"]["params"] == 112 + 10
    assert document["totals"]["params_train"] == 112 + 10 + 45
    assert document["totals"]["layers"] == 3
    assert [layer["name"] for layer in document["layers"] if layer.get("train")] == ["conv2"]
    assert document["outputs"] == [{"name": "fc_in", "shape": [2]}, {"name": "aux", "shape": [9, 6, 6], "train": True}]


def test_shared_weights_count_in_one_row() -> None:
    text = "input 3x8x8\nx = conv 3 3 pad=1\nconv 3 3 pad=1 share=@x"
    analysis = cnncalc.analyze(cnncalc.loads(text))
    assert [row.params for row in analysis.layers] == [84, 0]
    assert analysis.totals.params == 84
    assert analysis.layers[1].macs == analysis.layers[0].macs
    assert analysis.to_dict()["layers"][1]["shares"] == "x"


def test_a_batch_multiplies_all_but_parameters_and_shapes() -> None:
    one, four = (cnncalc.analyze(cnncalc.loads(LENET), batch=batch).totals for batch in (1, 4))
    assert (four.params, four.buffers) == (one.params, one.buffers)
    assert one.macs is not None and one.flops is not None
    assert (four.macs, four.flops) == (4 * one.macs, 4 * one.flops)


def test_the_layout_changes_no_shape_of_the_document() -> None:
    document = cnncalc.analyze(cnncalc.loads("layout hwc\ninput 8x9x3\nconv 4 3")).to_dict()
    assert (document["layout"], document["inputs"][0]["shape"], document["layers"][0]["output"]) == (
        "hwc",
        [3, 8, 9],
        [4, 6, 7],
    )


def test_faults_raise_with_all_of_them_and_failed_expectations_do_not() -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.loads("input 3x8x8\nconv 4\nrelu 3\n")
    assert len(caught.value.diagnostics) == 2
    assert str(caught.value).splitlines()[0] == "<spec>:2:7: conv needs a kernel"
    network = cnncalc.loads("input 3x8x8\nconv 4 3 -> 4x5x5")
    assert [one.code for one in network.diagnostics] == ["expectation-failed"]


def test_bad_options_are_value_errors() -> None:
    network = cnncalc.loads(LENET)
    with pytest.raises(ValueError, match="at least 1"):
        cnncalc.analyze(network, batch=0)
    with pytest.raises(ValueError, match="fp32"):
        cnncalc.analyze(network, dtype="fp9")


def test_settings_and_inputs_of_the_python_interface() -> None:
    text = "let w = 4\nlet k = 3x3\nlet b = no\nconv w k bias=b"
    network = cnncalc.loads(text, input="1x8x8", settings={"w": 5, "k": (3, 1), "b": True})
    assert cnncalc.analyze(network).layers[0].output == (5, 6, 8)
    assert cnncalc.analyze(network).totals.params == 20
    with pytest.raises(cnncalc.SpecError, match="no top-level variable"):
        cnncalc.loads(text, input="1x8x8", settings={"width": 5})


def test_a_notebook_gets_a_table() -> None:
    html = cnncalc.analyze(cnncalc.loads("model <b>\ninput 1x8x8\nconv 4 3"))._repr_html_()
    assert "<table" in html
    assert "&lt;b&gt;" in html
    assert "4×6×6" in html


def test_what_is_known_at_least() -> None:
    whole, part = (analyze(network(text)) for text in (LENET, LENET.replace("fc 84", "conv 84 9")))
    assert whole.at_least is None
    assert "at_least" not in whole.totals_entry()
    assert part.at_least == {"params": 156 + 2416 + 48120, "macs": 117600 + 240000 + 48000}
    assert part.totals_entry() == {
        "layers": 12, "params": None, "buffers": None, "macs": None, "flops": None, "params_train": None, "trainable": None,
        "at_least": part.at_least,
    }  # fmt: skip


def test_sums_of_stages_are_those_of_their_layers() -> None:
    """One sum a stage that stands in another; unknown where a layer of it is, whatever is not known of that."""
    text = (
        "input 3x8x8\nstage a:\n    conv 4 3 bias=no\n    stage b:\n        bn | conv 5 3\n    op foo shape=4x4x4 {}\n"
        "stage c:\n    relu\nhead d train:\n    gavgpool | fc 2\n"
    )
    known = [(one.path, one.what, one.layers, one.params, one.buffers, one.macs, one.flops)
             for one in analyze(network(text.format("params=1 macs=2")), batch=2).stages]  # fmt: skip
    inner = 8 + 5 * 37, 8, 2 * 180 * 16
    assert known == [
        (("a",), "stage", 4, 108 + inner[0] + 1, 8, 2 * 108 * 36 + inner[2] + 4, 2 * (2 * 108 * 36 + inner[2] + 4)),
        (("a", "b"), "stage", 2, *inner, 2 * inner[2]), (("c",), "stage", 1, 0, 0, 0, 0),
        (("d",), "head", 2, 10, 0, 2 * 8, 4 * 8),
    ]  # fmt: skip
    for said in ("", "params=1", "macs=2"):
        stages = analyze(network(text.format(said))).stages
        assert [(one.layers, one.params is None, one.macs is None, one.flops is None) for one in stages] == [
            (4, True, True, True), (2, False, False, False), (1, False, False, False), (2, False, False, False),
        ]  # fmt: skip


def test_what_is_frozen_is_stored_and_not_trained() -> None:
    totals = analyze(network("input 3x8x8\na = conv 4 3\nb = conv 5 3\nhead h train:\n    conv 2 1\nfreeze a")).totals
    assert (totals.params, totals.trainable, totals.params_train) == (112 + 185, 185, 112 + 185 + 12)


def test_statistics_that_are_shared_count_once() -> None:
    found = analyze(network("input 4x8x8\na = bn\nb = bn share=@a\nc = bn"))
    assert [row.buffers for row in found.layers] == [8, 0, 8]
    assert (found.totals.buffers, found.totals.params) == (16, 16)
    fused = analyze(network("input 4x8x8\na = bn\nb = bn share=@a\nc = bn"), execution="fused")
    assert [row.buffers for row in fused.layers] == [8, 0, 8]


def test_rows_are_those_of_layers_wherever_inputs_and_results_stand() -> None:
    for text, names in (
        ("input 3x8x8\nrelu\ntanh", ["relu1", "tanh1"]), ("a = input 3x8x8\nb = input 3x8x8\nadd @a", ["add1"]),
        ("a = input 3x8x8\nrelu\nb = input 3x8x8\nadd @a", ["relu1", "add1"]), ("l = learned 3x8x8\ninput 3x8x8\nadd @l", ["l", "add1"]),
        ("input 4x8x8\na, b = split 2\nadd @a @b", ["a", "add1"]), ("input 3x8x8", []),
    ):  # fmt: skip
        rows = analyze(network(text)).layers
        assert [row.name for row in rows] == names
        assert len(rows) == len(names)
        assert [rows[place].name for place in range(-len(names), len(names))] == names * 2
        assert [row.name for row in rows[:1]] == names[:1]


def test_a_name_for_each_type_and_all() -> None:
    assert analyze(network("input 3x8x8\nrelu"), dtype="int8").dtype == "int8"
    assert analyze(network("input 3x8x8\nrelu"), dtype={"weights": "int8"}).dtype == "mixed"
    found = analyze(network("input 3x8x8\nconv 4 3"), batch=3, dtype={"weights": "int4"}, execution="fused")
    other = found.like(network("input 3x8x8\nconv 5 3"))
    assert other.conditions == found.conditions
    assert other.totals.params == 140


def test_stages_of_the_document() -> None:
    document = analyze(
        network("input 3x8x8\nstage a:\n    conv 4 3 | bn\n    stage b:\n        relu\nhead c:\n    flatten | fc 2"),
        batch=2,
    ).to_dict()
    assert document["stages"] == [
        {"path": ["a"], "what": "stage", "layers": 3, "params": 112 + 8, "buffers": 8, "macs": 2 * 108 * 36, "flops": 4 * 108 * 36},
        {"path": ["a", "b"], "what": "stage", "layers": 1, "params": 0, "buffers": 0, "macs": 0, "flops": 0},
        {"path": ["c"], "what": "head", "layers": 2, "params": 290, "buffers": 0, "macs": 2 * 288, "flops": 4 * 288},
    ]  # fmt: skip
