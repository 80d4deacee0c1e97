"""A layer as a row: every number, known or not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from cnncalc.diagnostics import Source
from cnncalc.interpret import build
from cnncalc.measure import LayerRow, analyze
from cnncalc.measure.result import MOST_DESCRIPTIONS
from cnncalc.network.model import Origin
from helpers import network

TEXT = """input 3x9x8
stage s:
    c = conv 6 3 stride=2 pad=1 groups=3
head aux train:
    gavgpool
d = conv 6 3 stride=2 pad=1 groups=3 share=@c
conv 5 99
relu
"""


def rows(text: str = TEXT, batch: int = 1) -> dict[str, LayerRow]:
    return {row.name: row for row in analyze(network(text), batch=batch).layers}


def numbers(row: LayerRow) -> dict[str, Any]:
    names = (
        "output",
        "filter",
        "formula",
        "kept",
        "params",
        "buffers",
        "macs",
        "flops",
        "field",
        "jump",
        "start",
        "coverage",
    )
    return {name: getattr(row, name) for name in names}


def test_what_is_known() -> None:
    row = rows(batch=2)["c"]
    assert numbers(row) == {
        "output": (6, 5, 4), "filter": (6, 1, 3, 3), "formula": "(9-3+2*1)/2+1 = 5, floor((8-3+2*1)/2)+1 = 4",
        "kept": Fraction(120, 216), "params": 60, "buffers": 0, "macs": 2 * 54 * 20, "flops": 4 * 54 * 20, "field": (3, 3),
        "jump": (2, 2), "start": (-1, -1), "coverage": (Fraction(1, 3), Fraction(3, 8)),
    }  # fmt: skip
    assert (row.path, row.blocks, row.kind, row.line, row.file) == (("s",), ("stage",), "conv", 3, None)
    assert (row.inputs, row.input_shapes, row.train, row.shared, row.nominal) == (
        ("input",),
        ((3, 9, 8),),
        False,
        False,
        False,
    )
    assert repr(row) == "<c: conv 6 3x3 stride=2 pad=1 groups=3 -> (6, 5, 4)>"


def test_what_is_not_known_is_none() -> None:
    found = rows()
    for name in ("conv1", "relu1"):
        unknown = numbers(found[name])
        assert unknown == {**dict.fromkeys(unknown), "formula": ""}, name
    assert found["relu1"].operation == "relu"
    assert found["conv1"].to_dict() == {
        "name": "conv1", "path": [], "kind": "conv", "operation": "conv 5 99x99", "line": 7, "inputs": ["d"], "output": None,
        "filter": None, "params": None, "buffers": None, "macs": None, "flops": None, "field": None, "jump": None,
        "start": None,
    }  # fmt: skip


def test_what_is_shared_or_only_trained_says_so() -> None:
    found = rows("input 3x8x8\nc = conv 3 3 pad=1\nhead aux train:\n    bn\nd = conv 3 3 pad=1 share=@c")
    assert (found["d"].shared, found["d"].params, found["d"].macs) == (True, 0, 81 * 64)
    assert found["d"].to_dict()["shares"] == "c"
    assert (found["bn1"].train, found["bn1"].to_dict()["train"], found["bn1"].buffers) == (True, True, 6)
    assert "train" not in found["d"].to_dict()
    assert "shares" not in found["c"].to_dict()


def test_alike_are_layers_of_one_result_and_what_shares_it_is_another() -> None:
    text = "input 3x8x8\na = conv 3 3 pad=1\nb = conv 3 3 pad=1\nc = conv 3 3 pad=1 share=@a\nd = conv 3 3 pad=1 share=@b\nconv 9 99\nconv 9 99"
    made = analyze(network(text)).layers
    alike = [row.likeness for row in made]
    assert alike[0] == alike[1] != alike[2] == alike[3]


def test_the_rows_are_a_sequence() -> None:
    made = analyze(network("input 3x8x8\nconv 4 3\nother = input 3x8x8\nconv 4 3 | relu")).layers
    assert len(made) == 3
    assert [row.name for row in made] == ["conv1", "conv2", "relu1"]
    assert made[1].name == "conv2"
    assert made[-1].name == "relu1"
    assert [row.name for row in made[1:]] == ["conv2", "relu1"]


def test_a_description_is_made_once() -> None:
    analysis = analyze(network("input 3x8x8\nconv 4 3"))
    layer = analysis.network.nodes[-1].layer
    assert layer is not None
    said = analysis.described(layer, 2)
    assert analysis.described(layer, 2) is said
    assert analysis.described(layer, 1) == "conv 4 3"
    assert MOST_DESCRIPTIONS > 0


def test_the_names_of_outputs_and_inputs() -> None:
    analysis = analyze(network("output @input\ninput 3x8x8\nconv 4 3"))
    assert [(port.name, port.shape) for port in analysis.inputs] == [("input", (3, 8, 8))]
    passed = analyze(network("input 3x8x8\nx = relu\noutput @input\noutput @x"))
    assert [(port.name, port.shape) for port in passed.outputs] == [("input", (3, 8, 8)), ("x", (3, 8, 8))]


def test_a_layer_is_called_by_its_results() -> None:
    rows = analyze(network("input 12x4x4\na, b = conv 10 1 | split 2\nadd @a @b")).layers
    assert [row.label for row in rows] == ["conv1", "a, b", "add1"]
    rows = analyze(network("input 12x4x4\na, b, c, d, e = conv 10 1 | split 5\nadd @a @b")).layers
    assert rows[1].label == "a, b, c, d, …"
    assert rows[1].results == [(name, (2, 4, 4)) for name in "abcde"]
    assert rows[1].to_dict()["results"] == [{"name": name, "output": [2, 4, 4]} for name in "abcde"]
    assert "results" not in rows[0].to_dict()


def test_whose_fault_it_is_that_nothing_is_known() -> None:
    """That of the first, which does not fit: what reads it, and what reads that, is behind it."""
    made = rows(
        "input 3x9x8\na = conv 5 99\nb = relu\nc = add @b @input\nd = @input | conv 2 3\ne = @input | conv 7 88"
    )
    assert {name: row.behind_unknown for name, row in made.items()} == {
        "a": False, "b": True, "c": True, "d": False, "e": False,
    }  # fmt: skip
    (of_operator,) = (row for row in analyze(network("input 3x9x8\nop foo\nrelu")).layers if row.name == "relu1")
    assert of_operator.behind_unknown


def test_an_operator_whose_cost_is_not_said() -> None:
    made = rows("input 3x9x8\na = op foo shape=4x5\nb = op foo shape=4x5 params=7 macs=9", batch=3)
    assert [(made[name].params, made[name].macs, made[name].flops) for name in "ab"] == [
        (None, None, None),
        (7, 27, 54),
    ]
    assert not made["a"].behind_unknown


def test_a_layer_that_could_not_be_made_has_its_kind_alone() -> None:
    (row,) = analyze(network("input 3x9x8\nconv 4")).layers
    assert (row.kind, row.operation, row.output, row.filter, row.formula, row.kept) == (
        "conv",
        "conv",
        None,
        None,
        "",
        None,
    )


def test_the_file_of_a_row_is_that_of_its_line(tmp_path: Path) -> None:
    (tmp_path / "parts.txt").write_text("block part(width):\n    conv width 3\n")
    built = build(Source("model.txt", "use parts.txt\ninput 3x9x8\npart 4\nrelu"), folder=str(tmp_path))
    made = {row.name: row for row in analyze(built).layers}
    (name,) = (name for name in made if name != "relu1")
    assert made[name].file is not None and made[name].file.endswith("parts.txt")
    assert (made["relu1"].file, made[name].line, made["relu1"].line) == (None, 2, 4)
    assert made[name].to_dict()["file"] == made[name].file
    assert "file" not in made["relu1"].to_dict()


def test_a_field_that_is_whole_is_so_in_json() -> None:
    """Behind an upsampling it steps by fractions, and all positions as one may be whole again."""
    entry = rows("input 3x12x12\nresize 2\nmaxpool to=3\ngavgpool\n")["gavgpool1"].to_dict()
    assert all(type(one) is int for one in (*entry["field"], *entry["start"]))


def test_what_the_file_says_of_a_layer() -> None:
    """Its type, tensor and module there, how many nodes it stands for; the whole shape, with the axis of the samples."""
    built = network("input 3x9x8\na = conv 4 3\nb = relu\nc = tanh\nd = gavgpool")
    place = next(built.layers).span
    assert place is not None
    built.file_batch = 5
    built.origins = {
        1: Origin("Conv2d", "t1", "stem.conv", nodes=3, defined=place), 2: Origin("Relu", axis=2), 3: Origin("Tanh", axis=None),
        4: Origin("MEAN", last=True),
    }  # fmt: skip
    entries = {row.name: row.to_dict() for row in analyze(built).layers}
    told = {
        name: {key: entry.get(key, "-") for key in ("type", "tensor", "module", "full", "nodes", "whole", "defined")}
        for name, entry in entries.items()
    }
    assert told == {
        "a": {"type": "Conv2d", "tensor": "t1", "module": "stem.conv", "full": [5, 4, 7, 6], "nodes": 3, "whole": "-",
              "defined": {"file": "model.txt", "line": 2}},
        "b": {"type": "Relu", "tensor": None, "module": None, "full": [4, 7, 5, 6], "nodes": 1, "whole": "-", "defined": "-"},
        "c": {"type": "Tanh", "tensor": None, "module": None, "full": [4, 7, 6], "nodes": 1, "whole": True, "defined": "-"},
        "d": {"type": "MEAN", "tensor": None, "module": None, "full": [5, 1, 1, 4], "nodes": 1, "whole": "-", "defined": "-"},
    }  # fmt: skip
    built.file_batch = None
    assert analyze(built).layers[0].to_dict()["full"] == [1, 4, 7, 6]


def test_what_the_file_says_of_several_results() -> None:
    built = network("input 6x4x4\na, b = split 2\nadd @a @b\nconv 2 9")
    built.origins = {1: Origin("Split", "one"), 2: Origin("Split", "two", axis=None), 4: Origin("Conv")}
    rows = analyze(built).layers
    assert rows[0].to_dict()["results"] == [
        {"name": "a", "output": [3, 4, 4], "tensor": "one", "full": [1, 3, 4, 4]},
        {"name": "b", "output": [3, 4, 4], "tensor": "two", "full": [3, 4, 4]},
    ]
    assert "results" not in rows[1].to_dict()
    assert (rows[2].to_dict()["full"], rows[2].to_dict()["type"]) == (None, "Conv")


def test_what_is_frozen_says_so() -> None:
    made = rows("input 3x8x8\na = conv 3 3\nb = conv 3 3\nfreeze a")
    assert (made["a"].to_dict()["frozen"], "frozen" in made["b"].to_dict()) == (True, False)
