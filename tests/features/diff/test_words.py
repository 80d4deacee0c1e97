"""What `cnncalc diff` says: percentages, shapes, names, rows, and growth over a limit."""

from fractions import Fraction

import pytest

from cnncalc.diagnostics import Source
from cnncalc.features.diff.facts import Diff
from cnncalc.features.diff.limits import exceeded, limit
from cnncalc.features.diff.rows import rows
from cnncalc.features.diff.words import percentage, remarks, signed, total_rows
from cnncalc.interpret import build
from cnncalc.measure import analyze


def diff(old, new):
    return Diff(*(analyze(build(Source("model.txt", text))) for text in (old, new)))


@pytest.mark.parametrize(
    ("change", "text"),
    [("0.01", "+1 %"), ("0.0001", "+0.01 %"), ("0.0000995", "+<0.01 %"), ("-0.0001", "−0.01 %"), ("-0.5", "−50 %"),
     ("8.99", "+899 %"), ("9", "×10")],
)  # fmt: skip
def test_percentages(change, text):
    assert percentage(1 + Fraction(change)) == text


def test_signs():
    assert [signed(value) for value in (1024, -3, 0, None, Fraction(1, 2))] == ["+1,024", "−3", "=", "?", "+~0.5"]


def test_an_input_of_another_shape_and_name():
    found = diff("x = input 3x8x8\nconv 4 3\n", "y = input 3x9x8\nconv 4 3\n")
    assert remarks(found) == ["input y: 3×8×8 → 3×9×8", "name: x → y"]
    assert ["input", "3×8×8", "3×9×8", "", ""] in total_rows(found, changed=True)
    same = diff("input 3x8x8\nconv 4 3\n", "input 3x8x8\nconv 4 1\n")
    assert [row[0] for row in total_rows(same, changed=True)][-1] == "output"


def test_rows_say_what_stands_in_the_place_of_what():
    (row,) = rows(diff("input 3x8x8\nconv 4 3\nrelu\n", "input 3x8x8\nconv 4 3\ngelu\n"))
    assert (row.status, row.text) == ("changed", "relu → gelu")


def test_a_pattern_of_rows_is_shown_once():
    old = "input 4x8x8\n" + "conv 4 3 pad=1\nrelu\nconv 4 1\nbn\n" * 3
    found = rows(diff(old, old.replace("conv 4 3 pad=1", "conv 4 5 pad=2").replace("conv 4 1", "conv 4 1 bias=no")))
    assert [(row.times, row.params) for row in found] == [(3, 3 * 256), (3, -12)]
    assert [row.name for row in found] == ["conv1 ×3", "conv2 ×3"]


def test_pairs_in_json():
    (change,) = diff("input 3x8x8\nconv 4 3\n", "input 3x8x8\nconv 4 3 pad=1:2\n").changes
    assert change.to_dict()["arguments"] == [{"name": "pad", "old": 0, "new": "1:2"}]


def test_of_a_field_the_axis_that_grew_most_is_told():
    found = diff("input 3x32x32\nconv 4 3\n", "input 3x32x32\nconv 4 5x9\n")
    (growth,) = exceeded(found, [limit("field=1")])
    assert (growth.old, growth.new) == (3, 9)


def test_nothing_is_said_of_layers_that_are_not_known():
    document = diff("input 3x8x8\nconv 4 3\n", "input 4x8x8\nconv 4\n").to_dict(known=False)
    assert (document["network"], document["texts"], document["counts"], document["equal"]) == ([], [], None, None)
