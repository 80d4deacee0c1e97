"""Exports of PyTorch, made by a script: names, stages, weights, inputs, faults."""

import json
import zipfile

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError

from .writer import Graph, meta, residual

ATEN = "torch.ops.aten."


@pytest.fixture
def saved(tmp_path):
    return lambda graph, name="net.pt2", **how: str(graph.save(tmp_path / name, **how))


def rows(path, **how):
    return {layer["name"]: layer for layer in cnncalc.analyze(cnncalc.load(path, **how)).to_dict()["layers"]}


def test_names_types_and_shapes(saved):
    path = saved(residual())
    document = cnncalc.analyze(cnncalc.load(path)).to_dict()
    assert document["format"] == "pt2" and document["file_batch"] is None
    found = [(one["name"], one["type"], one["tensor"], one["module"], one["full"]) for one in document["layers"]]
    assert found == [
        ("stem", "Conv2d", "conv2d", "stem", [1, 8, 16, 16]),
        ("block.conv", "Conv2d", "conv2d_1", "block.conv", [1, 8, 16, 16]),
        ("block.bn", "BatchNorm2d", "batch_norm", "block.bn", [1, 8, 16, 16]),
        ("block.add", "add", "add", "block", [1, 8, 16, 16]),
        ("block.relu", "relu", "relu_", "block", [1, 8, 16, 16]),
        ("mean", "mean", "mean", None, [1, 8]),
        ("fc", "Linear", "linear", "fc", [1, 10]),
    ]
    totals = document["totals"]
    assert totals["params"] == 8 * 28 + 8 * 8 * 9 + 16 + 90 and totals["buffers"] == 16
    assert totals["macs"] == 256 * 8 * 27 + 256 * 64 * 9 + 80
    assert [stage["path"] for stage in document["stages"]] == [["block"]]


@pytest.mark.parametrize("how", [{"layout": "old"}, {"deflated": True}])
def test_layouts_of_the_archive(saved, how):
    assert rows(saved(residual(), **how)) == rows(saved(residual()))


def test_a_number_of_samples_that_is_fixed(saved):
    path = saved(residual(4))
    document = cnncalc.analyze(cnncalc.load(path)).to_dict()
    assert document["file_batch"] == 4
    assert document["layers"][0]["full"] == [4, 8, 16, 16] and document["layers"][0]["output"] == [8, 16, 16]
    assert document["totals"]["macs"] == cnncalc.analyze(cnncalc.load(saved(residual()))).to_dict()["totals"]["macs"]


def test_free_sizes_are_asked_for(saved):
    graph = Graph()
    x = graph.input("x", (("s0", 2), 3, ("s1", 32), ("s2", 48)))
    graph.output(graph.call(f"{ATEN}relu.default", x))
    path = saved(graph)
    with pytest.raises(SpecError) as caught:
        cnncalc.load(path)
    (fault,) = caught.value.diagnostics
    assert "3xs1xs2" in fault.message and "3x32x48" in str(fault)
    assert rows(path, input="3x10x12")["relu"]["output"] == [3, 10, 12]


def test_other_inputs_are_worked_out_anew(saved):
    path = saved(residual())
    assert rows(path, input="3x8x8")["block.add"]["output"] == [8, 8, 8]
    with pytest.raises(SpecError) as caught:
        cnncalc.load(path, input="4x8x8")
    (fault,) = caught.value.diagnostics
    assert fault.spot.name == "node 'stem' (Conv2d, net.py:12)"
    assert fault.message == "it is made for 3 channels, and the input Nx4x8x8 has 4"


def test_shared_weights_are_counted_once(saved):
    graph = Graph()
    weight = graph.parameter("a.weight", (3, 3, 3, 3))
    tied = graph.parameter("b.weight", (3, 3, 3, 3), storage=graph.storages["a.weight"])
    x = graph.input("x", (("s0", 2), 3, 8, 8))
    for one in (weight, weight, tied):
        x = graph.call(f"{ATEN}conv2d.default", x, one, None, [1, 1], [1, 1])
    graph.output(x)
    network = cnncalc.load(saved(graph))
    assert cnncalc.analyze(network).totals.params == 81
    assert [node.owner for node in network.layers] == [None, 1, 1]


def test_one_row_a_module_however_it_was_taken_apart(saved):
    graph = Graph()
    x = graph.input("x", (("s0", 2), 8, 4, 4))
    stack = graph.module("act", "activation.SiLU")
    y = graph.call(f"{ATEN}sigmoid.default", x, stack=stack)
    y = graph.call(f"{ATEN}mul.Tensor", x, y, stack=stack, name="mul_out")
    graph.nodes[-1]["outputs"] = [{"as_tensor": {"name": "out"}}]
    graph.output("out")
    path = saved(graph)
    (row,) = rows(path).values()
    assert (row["name"], row["kind"], row["type"], row["nodes"], row["tensor"]) == ("act", "silu", "SiLU", 2, "out")
    assert len(rows(path, raw=True)) == 2


def test_what_has_no_rule_is_unknown_and_told(saved):
    graph = residual()
    x = graph.call("torch.ops.mine.magic.default", "add", name="magic", shape=(("s0", 2), 5, 4, 4))
    y = graph.call(f"{ATEN}relu.default", x, name="after")
    z = graph.call("torch.ops.higher_order.cond", y, name="cond")
    graph.output(x, y, z)
    network = cnncalc.load(saved(graph))
    document = cnncalc.analyze(network).to_dict()
    found = {layer["tensor"]: layer for layer in document["layers"]}
    assert (found["magic"]["output"], found["after"]["output"]) == ([5, 4, 4], [5, 4, 4])  # as the file says
    assert found["magic"]["macs"] is None and found["cond"]["output"] is None
    assert document["totals"]["macs"] is None
    (note,) = network.diagnostics
    assert note.code == "unknown-operator" and "'mine::magic', 'higher_order::cond'" in note.message


def test_shapes_of_the_file_do_not_hold_for_another_input(saved):
    graph = residual()
    x = graph.call("torch.ops.mine.magic.default", "add", name="magic", shape=(("s0", 2), 5, 4, 4))
    graph.output(graph.call(f"{ATEN}relu.default", x, name="after"))
    rows_ = cnncalc.analyze(cnncalc.load(saved(graph), input="3x8x8")).layers
    assert [row.output for row in rows_][-2:] == [None, None]


def test_several_results_of_what_has_no_rule(saved):
    """Each has the shape that the file says of it, and is what is read behind it."""
    graph = Graph()
    x = graph.input("x", (("s0", 2), 8, 4, 4))
    a, b, c = graph.call("torch.ops.mine.three.default", x, outs=["a", "b", "c"])
    graph.tensors |= {name: meta((("s0", 2), size)) for name, size in (("a", 5), ("b", 6))}
    d, e = graph.call(f"{ATEN}relu.default", b, name="d"), graph.call(f"{ATEN}relu.default", c, name="e")
    graph.output(a, d, e)
    network = cnncalc.load(saved(graph))
    ends = [(node.name, node.output, node.inputs) for node in network.layers][-2:]
    assert ends == [("relu", (6,), (2,)), ("relu_2", None, (3,))]
    assert [node.output for node in network.layers][:2] == [(5,), (6,)]
    assert cnncalc.analyze(network).totals.macs is None


def test_several_results(saved):
    graph = Graph()
    x = graph.input("x", (("s0", 2), 8, 4, 4))
    a, b = graph.call(f"{ATEN}split_with_sizes.default", x, [3, 5], 1, outs=["a", "b"])
    first, where = graph.call(f"{ATEN}max_pool2d_with_indices.default", b, [2, 2], outs=["pooled", "indices"])
    graph.output(a, first, where)
    document = cnncalc.analyze(cnncalc.load(saved(graph))).to_dict()
    results = document["layers"][0]["results"]
    assert [(one["tensor"], one["full"]) for one in results] == [("a", [1, 3, 4, 4]), ("b", [1, 5, 4, 4])]
    (pool,) = document["layers"][1:]
    assert [(one["tensor"], one["full"]) for one in pool["results"]] == [
        ("pooled", [1, 5, 2, 2]),
        ("indices", [1, 5, 2, 2]),
    ]


def test_samples_that_are_put_into_rows_and_found_again(saved):
    graph = Graph()
    x = graph.input("x", (("s0", 2), 6, 5))
    n = graph.call(f"{ATEN}sym_size.int", x, 0, name="sym_n")
    rows_ = graph.call("_operator.mul", n, 6, name="mul_n")
    y = graph.call(f"{ATEN}view.default", x, [rows_, 5], name="rows")
    weight, bias = graph.parameter("fc.weight", (7, 5)), graph.parameter("fc.bias", (7,))
    turned = graph.call(f"{ATEN}t.default", weight, name="turned")
    y = graph.call(f"{ATEN}addmm.default", bias, y, turned, name="addmm")
    y = graph.call(f"{ATEN}view.default", y, [n, 6, 7], name="back")
    graph.output(y)
    document = cnncalc.analyze(cnncalc.load(saved(graph))).to_dict()
    shown = {layer["tensor"]: layer for layer in document["layers"]}
    assert shown["addmm"]["full"] == [6, 7] and shown["addmm"]["whole"] and shown["addmm"]["macs"] == 6 * 35
    assert shown["back"]["output"] == [6, 7] and shown["back"]["full"] == [1, 6, 7]
    assert document["totals"]["params"] == 42


def test_what_is_written_into_a_slice_is_in_the_tensor(saved):
    graph = Graph()
    x = graph.input("x", (("s0", 2), 3, 4, 4))
    n = graph.call(f"{ATEN}sym_size.int", x, 0, name="sym_n")
    whole = graph.call(f"{ATEN}zeros.default", [n, 6, 4, 4], name="whole")
    part = graph.call(f"{ATEN}slice.Tensor", whole, 1, 0, 3, name="part")
    graph.call(f"{ATEN}copy_.default", part, x, name="copied")
    weight = graph.parameter("conv.weight", (2, 6, 1, 1))
    graph.output(graph.call(f"{ATEN}conv2d.default", whole, weight, name="conv2d"))
    document = cnncalc.analyze(cnncalc.load(saved(graph))).to_dict()
    assert document["totals"]["macs"] == 6 * 2 * 16 and document["totals"]["params"] == 12


def test_known_by_its_content(tmp_path):
    path = tmp_path / "model"
    residual().save(path)
    assert cnncalc.load(str(path)).format == "pt2"


def test_a_version_that_is_not_read(tmp_path):
    document = residual().document()
    document["schema_version"] = {"major": 9, "minor": 0}
    from .writer import save

    save(tmp_path / "net.pt2", document)
    with pytest.raises(SpecError) as caught:
        cnncalc.load(str(tmp_path / "net.pt2"))
    assert "version 9 of the schema" in str(caught.value)
    assert json.dumps(document)


def test_what_is_owned_and_never_run_is_counted_besides(saved):
    graph = residual()
    graph.parameter("aux.fc.weight", (10, 8))
    graph.parameter("aux.fc.bias", (10,))
    graph.parameter("spare", (3,))
    network = cnncalc.load(saved(graph))
    totals = cnncalc.analyze(network).totals
    assert totals.params == cnncalc.analyze(cnncalc.load(saved(residual()))).totals.params
    assert totals.params_train == totals.params + 93
    (note,) = network.diagnostics
    assert note.message == "forward never runs aux, spare: 93 parameters, counted as of training only"


def test_of_several_graphs_it_is_the_model(tmp_path):
    """An archive may hold other exported graphs, before it or behind it."""
    other = Graph()
    other.output(other.call(f"{ATEN}tanh.default", other.input("x", (("s0", 2), 3)), name="tanh"))
    for names in (
        ["net/models/aside.json", "net/models/model.json"],
        ["net/models/model.json", "net/models/aside.json"],
    ):
        with zipfile.ZipFile(tmp_path / "net.pt2", "w") as archive:
            for name in names:
                archive.writestr(name, json.dumps((residual() if "model.json" in name else other).document()))
        assert len(rows(tmp_path / "net.pt2")) == len(list(cnncalc.load(residual().save(tmp_path / "one.pt2")).layers))
    with zipfile.ZipFile(tmp_path / "net.pt2", "w") as archive:
        archive.writestr("net/models/aside.json", json.dumps(other.document()))
    assert list(rows(tmp_path / "net.pt2")) == ["tanh"]


def test_weights_whose_member_is_not_told_are_their_own(tmp_path):
    """Two names in one member are one storage; what has no path is a storage by itself."""
    graph = Graph()
    weights = [graph.parameter(f"{name}.weight", (3, 3, 3, 3)) for name in "abcd"]
    x = graph.input("x", (("s0", 2), 3, 8, 8))
    for one in weights:
        x = graph.call(f"{ATEN}conv2d.default", x, one, None, [1, 1], [1, 1])
    graph.output(x)
    config = {
        "a.weight": {"path_name": "w_0"},
        "b.weight": {"path_name": "w_0"},
        "c.weight": {"path_name": 3},
        "d.weight": {"path_name": 3},
    }
    with zipfile.ZipFile(tmp_path / "net.pt2", "w") as archive:
        archive.writestr("net/data/weights/model_weights_config.json", json.dumps({"version": [1], "config": config}))
        archive.writestr("net/models/model.json", json.dumps(graph.document()))
    assert cnncalc.analyze(cnncalc.load(tmp_path / "net.pt2")).totals.params == 3 * 81
