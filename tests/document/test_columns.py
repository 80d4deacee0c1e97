"""Which columns there are, and how they are chosen."""

import pytest

from cnncalc.document.columns import COLUMNS, Selection, UnknownColumn, choose, falls, find, rank
from cnncalc.document.items import folded, layer_item, others
from document.fakes import lenet, residual


def names(text):
    return [column.name for column in choose(text)]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        (None, ["layer", "operation", "output", "params", "macs"]),
        ("", ["layer", "operation", "output", "params", "macs"]),
        ("+flops", ["layer", "operation", "output", "params", "macs", "flops"]),
        ("-macs,+flops", ["layer", "operation", "output", "params", "flops"]),
        ("+flops,field", ["layer", "operation", "output", "params", "macs", "flops", "field"]),
        ("-macs,flops", ["layer", "operation", "output", "params", "flops"]),
        ("layer, params", ["layer", "params"]),
        ("params,layer,+field", ["params", "layer", "field"]),
        ("name,Shape,MACs,layer", ["layer", "output", "macs"]),
    ],
)
def test_choose(text, chosen):
    assert names(text) == chosen


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("+flos", "unknown column 'flos': did you mean 'flops'?"),
        ("zzz", "unknown column 'zzz': there are layer, operation, "),
        ("-layer,-operation,-output,-params,-macs", "no column is left to show"),
        ("+", "unknown column '': there are layer"),
    ],
)
def test_faulty_choices(text, message):
    with pytest.raises(UnknownColumn) as caught:
        choose(text)
    assert str(caught.value).startswith(message)


def cells(item, layout="chw"):
    return {column.name: column.shown(column.value(item, layout)) for column in COLUMNS}


def test_every_column_of_a_layer():
    assert cells(layer_item(lenet().layers[0])) == {
        "layer": "conv1", "operation": "conv 6 5x5", "output": "6×28×28", "params": "156", "macs": "117,600",
        "flops": "235,200", "filter": "6×1×5×5", "formula": "(32-5+0)/1+1 = 28", "kept": "4.59",
        "buffers": "0", "inputs": "input", "line": "4",
        "path": "", "kind": "conv", "field": "5", "field%": "50 %", "jump": "1", "start": "0",
        "params%": "0.8 %", "macs%": "31.5 %", "train": "",
    }  # fmt: skip


def test_every_column_of_a_folded_stage():
    layers = [layer for layer in residual().layers if layer.path[:1] == ("group1",)]
    layers[0].inputs, layers[1].inputs, layers[3].inputs = ("conv1",), ("conv2",), ("add2", "conv1")
    assert cells(folded(layers, 1)) == {
        "layer": "group1", "operation": "basic ×3", "output": "8×7×7", "params": "96", "macs": "10,584",
        "flops": "21,168", "filter": "", "formula": "", "kept": "", "buffers": "0", "inputs": "conv1",
        "line": "", "path": "", "kind": "stage", "field": "1", "field%": "50 %", "jump": "1", "start": "0",
        "params%": "<0.1 %", "macs%": "1.0 %", "train": "",
    }  # fmt: skip


def test_the_row_of_the_others_has_sums_only():
    shown = {name: text for name, text in cells(others(lenet().layers, 6)).items() if text}
    assert shown == {
        "layer": "6 more",
        "params": "18,582",
        "macs": "373,600",
        "flops": "747,200",
        "buffers": "0",
        "params%": "100.0 %",
        "macs%": "100.0 %",
    }


def test_unknown_is_a_question_mark_and_not_zero():
    layer = lenet().layers[0]
    layer.output = layer.params = layer.macs = layer.field = None
    shown = cells(layer_item(layer))
    assert [shown[name] for name in ("output", "params", "macs", "flops", "field")] == ["?"] * 5


def test_channels_last():
    assert cells(layer_item(lenet().layers[0]), "hwc")["output"] == "28×28×6"
    assert cells(layer_item(lenet().layers[-1]), "hwc")["output"] == "10"


def test_a_layer_of_another_file_says_so():
    layer = lenet().layers[0]
    layer.file = "blocks.txt"
    assert cells(layer_item(layer), "chw")["line"] == "blocks.txt:4"
    layer.line = None
    assert cells(layer_item(layer), "chw")["line"] == "blocks.txt"
    layer.file = None
    assert cells(layer_item(layer), "chw")["line"] == ""


def test_names_sort_by_their_numbers():
    ranks = [rank(find("layer"), name) for name in ("conv2", "conv10", "fc1")]
    assert ranks == sorted(ranks)


def test_train_is_shown_where_no_tree_does():
    analysis, view = residual(), Selection(choose(None))
    assert view.shown(analysis, tree=False)[-1].name == "train"
    assert view.shown(analysis, tree=True)[-1].name == "macs"
    assert Selection(choose("layer"), default=False).shown(analysis, tree=False)[-1].name == "layer"
    assert view.shown(lenet(), tree=False)[-1].name == "macs"


def test_a_column_that_is_empty_for_most_rows_says_so_where_it_stands_alone():
    path, train = Selection(choose("path,train"), default=False).shown(lenet(), False)
    assert (path.show("a/b"), path.show("")) == ("a/b", "–")
    assert (train.shown(True), train.shown(False)) == ("yes", "no")
    (train,) = Selection(choose("+train,-layer,-operation,-output,-params,-macs"), default=False).shown(lenet(), False)
    assert train.shown(False) == "no"
    assert Selection(choose("layer,train"), default=False).shown(lenet(), False)[1].shown(False) == ""


def test_what_the_columns_are():
    """Which are to the right, which may be cut, which sum up; and that what each is about is said in a few words."""
    sorts = {}
    for column in COLUMNS:
        sorts.setdefault(column.sort, []).append(column.name)
        assert 1 <= len(column.about.split()) <= 9, column.name
        assert column.about[0].islower() or column.about.startswith("FLOPs"), column.name
    assert sorts == {
        "name": ["layer"],
        "text": ["operation", "formula", "inputs", "path", "kind", "train"],
        "shape": ["output", "filter"],
        "count": ["params", "macs", "flops", "buffers"],
        "number": ["kept", "field", "field%", "jump", "start", "params%", "macs%"],
        "place": ["line"],
    }


def test_a_field_of_no_single_number_is_nominal():
    layer = lenet().layers[0]
    layer.nominal = True
    assert cells(layer_item(layer))["field"] == "~5"
    layer.field = None
    assert cells(layer_item(layer))["field"] == "?"


def test_programs_get_what_a_keyboard_has():
    assert find("layer").exact("basic2 ×3") == "basic2 x3"
    assert find("operation").exact(None) == ""
    assert find("line").exact("lib.txt:4") == "lib.txt:4"


@pytest.mark.parametrize(
    ("name", "value", "ranked"),
    [("output", (3, 8, 8), 192), ("params", 5, 5), ("layer", "conv10b2", [(-1, "conv"), (10, ""), (-1, "b"), (2, ""), (-1, "")])],
)  # fmt: skip
def test_what_rows_are_sorted_by(name, value, ranked):
    assert rank(find(name), value) == ranked
    assert falls(find(name)) == (name != "layer")
