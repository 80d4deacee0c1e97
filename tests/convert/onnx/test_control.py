"""Graphs in operators, which run a known number of times or nobody knows how often; operators with several results."""

import pytest

import cnncalc
from hang import hang_guard

from .writer import INT64, graph, ints, model, node, scalar, small, tensor, value

BOOL = 9
MANY = 1 << 40


def loaded(tmp_path, data, **how):
    (tmp_path / "net.onnx").write_bytes(data)
    return cnncalc.load(tmp_path / "net.onnx", **how)


def loop(*body, trips=(3,), condition="", again="c", held=(), gives="o", carried="x", outputs="y", tensors=(), end=()):
    """A model that is a Loop; `body` are its nodes, on `h`; `gives` leaves each pass, with what `end` names."""
    inside = graph(
        [*body, *([node("Identity", "c", "again")] if again == "c" else [])],
        [value("i", dtype=INT64), value("c", dtype=BOOL), value("h", 2, 4, 8, 8)],
        [value("again" if again == "c" else again, dtype=BOOL), value(gives), *(value(one) for one in end)], held,
    )  # fmt: skip
    stored = [tensor("n", [], INT64, trips)] if trips else []
    around = node("Loop", f"{'n' if trips else '-'} {condition or '-'} {carried}", outputs, "/loop/Loop", body=inside)
    content = graph([around], [value("x", 2, 4, 8, 8)], [value(one) for one in outputs.split()], [*stored, *tensors])
    return model(content)


CONV = node("Conv", "h w", "o", "/c/Conv", pads=[1, 1, 1, 1])
W = tensor("w", [4, 4, 3, 3])


@pytest.mark.parametrize("inside", [True, False])
def test_a_loop_runs_as_often_as_is_known(tmp_path, inside):
    """Its weights are stored once, wherever they are."""
    data = loop(CONV, held=[W] if inside else [], tensors=[] if inside else [W])
    found = cnncalc.analyze(loaded(tmp_path, data))
    assert (found.totals.params, found.totals.macs) == (144, 3 * 144 * 64)
    assert [layer.name for layer in found.layers] == [f"/loop/Loop/{number}/c/Conv" for number in range(3)]
    assert found.network.outputs[0].node == found.network.nodes[-1].position
    raw = cnncalc.analyze(loaded(tmp_path, data, raw=True))
    assert (raw.totals.params, raw.totals.macs) == (144, 3 * 144 * 64)
    assert raw.to_dict()["layers"][-1]["full"] == [2, 4, 8, 8]


def test_weights_in_constants_of_a_loop_are_stored_once(tmp_path):
    data = loop(node("Constant", "", "w", value=tensor("", [4, 4, 3, 3])), CONV)
    assert cnncalc.analyze(loaded(tmp_path, data)).totals.params == 144


def test_a_condition_ends_a_loop(tmp_path):
    less = [node("Add", "i one", "next"), node("Less", "next most", "again")]
    numbers = [tensor("one", [], INT64, [1]), tensor("most", [], INT64, [5])]
    data = loop(CONV, *less, trips=(), again="again", tensors=[W, *numbers])
    assert cnncalc.analyze(loaded(tmp_path, data)).totals.macs == 5 * 144 * 64
    data = loop(CONV, *less, trips=(MANY,), again="again", tensors=[W, *numbers])
    assert cnncalc.analyze(loaded(tmp_path, data)).totals.macs == 5 * 144 * 64


def test_what_each_pass_gives_is_put_together(tmp_path):
    data = loop(CONV, node("Relu", "o", "e"), outputs="y z", end=["e"], tensors=[W])
    rows = cnncalc.analyze(loaded(tmp_path, data)).to_dict()["layers"]
    assert (rows[-1]["type"], rows[-1]["tensor"], rows[-1]["full"]) == ("Loop", "z", [3, 2, 4, 8, 8])
    assert (
        rows[-1]["inputs"] == [f"/loop/Loop/{number}/layer{number or ''}" for number in range(3)]
        or len(rows[-1]["inputs"]) == 3
    )


def test_a_loop_that_never_runs(tmp_path):
    data = loop(CONV, node("Relu", "o", "e"), outputs="y z", end=["e"], tensors=[W], trips=(0,))
    found = cnncalc.analyze(loaded(tmp_path, data, raw=True))
    shapes = {row["tensor"]: row["full"] for row in found.to_dict()["layers"]}
    assert (shapes["z"], shapes["y"]) == ([0, 2, 4, 8, 8], [2, 4, 8, 8])
    assert found.totals.macs == 0


UNKNOWN = {
    "condition": loop(CONV, node("ReduceSum", "o", "s", keepdims=0), node("Less", "s k", "again"), trips=(), again="again",
                      tensors=[W, scalar("k", 3.0)]),
    "trips": small(node("ReduceSum", "x", "s", keepdims=0), node("Cast", "s", "n", to=INT64), node("Loop", "n - x", "y", "/loop/Loop", body=graph(
        [CONV], [value("i"), value("c", dtype=BOOL), value("h")], [value("c"), value("o")])), tensors=[W], shape=(2, 4, 8, 8)),
    "too often": loop(CONV, trips=(MANY,), tensors=[W]),
    "no end": loop(CONV, trips=(), tensors=[W]),
}  # fmt: skip


@pytest.mark.parametrize("why", UNKNOWN)
def test_nobody_knows_how_often(tmp_path, why):
    """Nothing is known of its cost, and its shape only as every pass leaves it."""
    with hang_guard():
        network = loaded(tmp_path, UNKNOWN[why])
    assert cnncalc.analyze(network).totals.macs is None
    assert network.nodes[-1].output == (4, 8, 8)
    assert "'Loop'" in network.diagnostics[0].message


def test_a_shape_that_grows_is_not_known(tmp_path):
    data = loop(node("Concat", "h h", "o", axis=1), trips=(MANY,))
    assert loaded(tmp_path, data).nodes[-1].output is None


def scan(tmp_path, **attributes):
    """h = tanh(fc(concat(x[t], h))) over 5 steps."""
    body = graph(
        [node("Concat", "h s", "j", axis=1), node("Gemm", "j w b", "g", "/fc/Gemm"), node("Tanh", "g", "o"), node("Identity", "o", "e")],
        [value("h", 2, 8), value("s", 2, 4)], [value("o"), value("e")],
    )  # fmt: skip
    content = graph(
        [node("Scan", "z x", "last y", "/scan/Scan", body=body, num_scan_inputs=1, **attributes)], [value("x", 5, 2, 4)],
        [value("last"), value("y")], [tensor("z", [2, 8]), tensor("w", [12, 8]), tensor("b", [8])],
    )  # fmt: skip
    return loaded(tmp_path, model(content))


def test_a_scan_runs_once_a_place(tmp_path):
    found = cnncalc.analyze(scan(tmp_path))
    assert found.totals.macs == 5 * 2 * 96
    rows = found.to_dict()["layers"]
    assert {row["tensor"]: row["full"] for row in rows if row["type"] in ("Tanh", "Scan")}["y"] == [5, 2, 8]
    ends = {
        row["tensor"]: row["full"] for row in cnncalc.analyze(scan(tmp_path, scan_output_axes=[1])).to_dict()["layers"]
    }
    assert ends["y"] == [2, 5, 8]
    assert sum(row["params"] for row in rows) == 96 + 8 + 16  # and the first state, which stands in the file


def test_a_scan_over_nothing_that_fits(tmp_path):
    with pytest.raises(cnncalc.SpecError, match="axis 7 of a tensor of 3 axes") as caught:
        scan(tmp_path, scan_input_axes=[7])
    assert caught.value.diagnostics[0].spot.name == "node '/scan/Scan' (Scan)"


def test_loops_in_loops_are_bounded(tmp_path):
    """Each runs a thousand times: a million times is too often, and ends at once."""
    inner = graph([node("Relu", "h", "o")], [value("i"), value("c"), value("h")], [value("c"), value("o")])
    body = node("Loop", "n - h", "o", body=inner)
    with hang_guard():
        network = loaded(tmp_path, loop(body, trips=(1000,)))
    assert network.nodes[-1].output == (4, 8, 8)


# --- several results --------------------------------------------------------------------------------


def test_an_operator_of_several_results_is_one_layer(tmp_path):
    data = small(
        node("TopK", "x k", "v i", "top", axis=1), node("Cast", "i", "f", to=1), node("Add", "v f", "y"), tensors=[ints("k", 2)], shape=(1, 5, 4),
    )  # fmt: skip
    row, *others = cnncalc.analyze(loaded(tmp_path, data)).to_dict()["layers"]
    assert [(one["tensor"], one["full"]) for one in row["results"]] == [("v", [1, 2, 4]), ("i", [1, 2, 4])]
    assert others[0]["inputs"] == [row["results"][1]["name"]]
    assert row["nodes"] == 1


@pytest.mark.parametrize(
    ("made", "tensors", "shape", "results"),
    [
        (node("LSTM", "x w r", "a b c", hidden_size=6), [tensor("w", [1, 24, 4]), tensor("r", [1, 24, 6])], (5, 2, 4), [[5, 1, 2, 6], [1, 2, 6], [1, 2, 6]]),
        (node("GRU", "x w r", "- b", hidden_size=6), [tensor("w", [1, 18, 4]), tensor("r", [1, 18, 6])], (5, 2, 4), [[5, 1, 2, 6], [1, 2, 6]]),
        (node("MaxPool", "x", "a b", kernel_shape=[2, 2], strides=[2, 2]), [], (1, 3, 8, 8), [[1, 3, 4, 4]] * 2),
        (node("Dropout", "x", "a b"), [], (1, 3, 8, 8), [[1, 3, 8, 8]] * 2),
        (node("LayerNormalization", "x s s", "a b c"), [tensor("s", [8])], (1, 3, 8), [[1, 3, 8], [1, 3, 1], [1, 3, 1]]),
        (node("BatchNormalization", "x s s s s", "a b c", training_mode=1), [tensor("s", [3])], (2, 3, 8), [[2, 3, 8], [3], [3]]),
        (node("Split", "x", "a b c", axis=1, num_outputs=3), [], (1, 8, 4), [[1, 3, 4], [1, 3, 4], [1, 2, 4]]),
        (node("Unique", "x", "a b"), [], (8,), [None, None]),
    ],
    ids=lambda one: None,
)  # fmt: skip
def test_all_results_have_their_names_and_shapes(tmp_path, made, tensors, shape, results):
    """With --raw those that nothing reads, too; else no more than are read."""
    data = small(made, node("Identity", "b" if b"GRU" in made else "a", "y"), tensors=tensors, shape=shape, opset=18)
    row = next(
        row
        for row in cnncalc.analyze(loaded(tmp_path, data, raw=True)).to_dict()["layers"]
        if len(row.get("results", [])) > 1
    )
    assert [one["full"] for one in row["results"]] == results
    names = "b" if b"GRU" in made else "abc"[: len(results)]
    assert [one["tensor"] for one in row["results"] if one["tensor"]] == list(names)


def test_a_tensor_that_a_convolution_adds_is_read_by_it(tmp_path):
    """FusedConv of ONNX Runtime, with what was an Add behind it."""
    fused = node("FusedConv", "a w b x", "y", "conv", domain="com.microsoft", pads=[1, 1, 1, 1], activation="Relu")
    data = small(
        node("Relu", "x", "a", "relu"), fused, tensors=[W, tensor("b", [4])], shape=(1, 4, 8, 8), com_microsoft=1
    )
    found = cnncalc.analyze(loaded(tmp_path, data))
    assert found.to_dict()["layers"][-1]["inputs"] == ["relu", "x"]
    assert (found.totals.params, found.totals.macs) == (148, 144 * 64)


def test_a_loop_hands_on_what_is_not_there(tmp_path):
    """A state that no pass is given, in a loop of which nobody knows how often it runs: the other keeps its shape."""
    inside = graph(
        [node("Identity", "c", "again"), node("Relu", "h", "o")],
        [value("i", dtype=INT64), value("c", dtype=BOOL), value("h", 2, 4), value("none", 2)],
        [value("again", dtype=BOOL), value("o"), value("none")],
    )
    around = node("Loop", "n - x -", "y z", "/loop/Loop", body=inside)
    turns = node("Cast", "k", "n", to=INT64)
    content = graph([turns, around], [value("x", 2, 4), value("k")], [value("y")])
    network = loaded(tmp_path, model(content))
    assert network.nodes[network.outputs[0].node].output == (4,)


def test_a_scan_whose_axes_are_words_is_a_fault(tmp_path):
    inside = graph([node("Relu", "h", "o")], [value("h", 4)], [value("o")])
    content = graph(
        [node("Scan", "x", "y", "s", body=inside, num_scan_inputs=1, scan_input_axes=["a"])],
        [value("x", 2, 4)],
        [value("y")],
    )
    with pytest.raises(cnncalc.SpecError, match=r"node 's' \(Scan\)"):
        loaded(tmp_path, model(content))
