"""Counts by other tools' conventions: a column, totals, and what is said of gaps."""

from types import SimpleNamespace as Fake

from cnncalc.diagnostics import ERROR, NOTE, Source
from cnncalc.document import counts
from cnncalc.document.items import layer_item, others
from cnncalc.interpret import build
from cnncalc.measure import NetworkAnalysis
from cnncalc.measure.conventions import find


def tallied(text, *names):
    analysis = NetworkAnalysis(build(Source("net.txt", text)))
    return analysis, counts.tallied(analysis, map(find, names))


def test_a_column_is_empty_for_what_is_not_counted():
    analysis, (tally,) = tallied("input 3x8x8\nconv 4 3\ngelu\nmaxpool 2\n", "fvcore")
    column = counts.column(tally)
    assert (column.name, column.heading, column.sort, column.right) == (tally.name, tally.name, "number", True)
    assert column.about == f"{tally.convention.unit}s as fvcore counts them"
    values = [column.value(layer_item(layer), "chw") for layer in analysis.layers]
    assert values == [4 * 3 * 9 * 36, "", ""]
    assert column.value(others(list(analysis.layers), 3), "chw") == values[0]
    assert column.shown(values[0]) == "3,888"


def test_a_count_that_is_not_known_makes_its_row_unknown():
    analysis, tallies = tallied("input 3x8x8\nconv 4 99\nfc 10\n", "fvcore")
    column = counts.column(tallies[0])
    assert column.value(others(list(analysis.layers), 2), "chw") is None
    assert column.value(layer_item(analysis.layers[0]), "chw") is None
    assert column.shown(None) == "?"
    analysis, tallies = tallied("input 3x8x8\nconv 4 3\nconv 4 99\n", "fvcore")
    column = counts.column(tallies[0])
    assert column.value(layer_item(analysis.layers[0]), "chw") == 3_888
    assert column.value(others(list(analysis.layers), 2), "chw") is None, "one of them is not known"


def test_totals_have_the_unit_of_the_tool():
    _, tallies = tallied("input 1x1x1\nconv 1 1 bias=no\n", "fvcore", "thop")
    assert counts.totals(tallies) == [f"{tally.name}: 1 {tally.convention.unit}" for tally in tallies]
    assert counts.totals([]) == []


def test_gaps_are_said():
    _, tallies = tallied("input 3x8x8\nconv 4 3\ngelu\ngelu\nsoftmax\n", "fvcore")
    (note,) = counts.diagnostics(tallies)
    assert (note.severity, note.code) == (NOTE, "uncounted")
    assert note.message == f"not counted by {tallies[0].name}: gelu (2 layers) and softmax (1 layer)"
    assert counts.uncounted(tallies)
    _, none = tallied("input 3x8x8\nconv 4 3\n", "fvcore")
    assert counts.diagnostics(none) == []
    assert not counts.uncounted(none)


def test_json_has_the_counts_and_the_gaps():
    analysis, tallies = tallied("input 3x8x8\nconv 4 3\ngelu\n", "fvcore", "thop")
    before = analysis.to_dict()
    document = counts.added(analysis.to_dict(), tallies)
    names = [tally.name for tally in tallies]
    assert [list(layer["counts"]) for layer in document["layers"]] == [names] * 2
    assert document["layers"][0]["counts"][names[0]] == 3_888
    assert document["layers"][1]["counts"][names[0]] is None
    assert document["totals"]["counts"] == {tally.name: tally.total for tally in tallies}
    gap = {"convention": names[0], "kind": "gelu", "layers": ["gelu1"], "reason": tallies[0].uncounted[0].reason}
    assert gap in document["uncounted"]
    assert document["diagnostics"] == before["diagnostics"]
    for key in ("inputs", "outputs", "file"):
        assert document[key] == before[key]


def test_a_number_that_is_not_known_is_an_error():
    layers = [f"upconv{number}" for number in range(1, 8)]
    gap = Fake(kind="upconv", layers=layers, reason="why")
    few = Fake(kind="fold", layers=layers[:5], reason="why")
    tally = Fake(name="tool-1", uncounted=(), unknown=(gap, few))
    first, second = counts.diagnostics([tally])
    assert (first.severity, first.code) == (ERROR, "count-unknown")
    assert first.message == (
        "the number of tool-1 for upconv is not known here: upconv1, upconv2, upconv3, upconv4, upconv5 and 2 more"
    )
    assert second.message.endswith(": upconv1, upconv2, upconv3, upconv4, upconv5")
    assert first.help == "'cnncalc conventions tool-1' says what it counts, and how"
    tally.total, tally.counts = None, {"a": None}
    document = counts.added({"layers": [{"name": "a"}], "totals": {}, "diagnostics": ["x"]}, [tally])
    assert document["layers"] == [{"name": "a", "counts": {"tool-1": None}}]
    assert document["totals"] == {"counts": {"tool-1": None}}
    assert [one["kind"] for one in document["uncounted"]] == ["upconv", "fold"]
    assert document["diagnostics"] == ["x", first.to_dict(), second.to_dict()]
