"""Baselines: what the file holds, and which drifts are let through."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.diagnostics import exit_code
from cnncalc.features.check.baseline import dump, figures, read
from cnncalc.features.check.drift import drift, tolerances
from cnncalc.interpret import build, read_source
from cnncalc.interpret.specification import specification
from cnncalc.measure import analyze
from cnncalc.measure.measurements import Measurements
from cnncalc.measure.row import listed
from cnncalc.measures import LIMITED, MEASURES
from helpers import network

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").rglob("*.txt"))
SMALL = """\
# a comment
model Small

input 3x32x32
conv 8 3 pad=1 | bn | relu | maxpool 2
flatten
fc 10
"""


def analysed(text):
    return analyze(network(text))


def test_figures_are_those_of_the_other_commands():
    """Worked out by hand: a convolution of 8 filters of 3x3x3, 8 pairs of bn, 2048 to 10."""
    assert figures(analysed(SMALL)) == {
        "params": 8 * 27 + 8 + 16 + 20490,
        "buffers": 16,
        "macs": 8 * 27 * 1024 + 20480,
        "flops": 2 * (8 * 27 * 1024 + 20480),
        "activations": 3 * 8192 + 2 * 2048 + 10,
        "peak": 4 * 2 * 8192,
        "memory": 4 * (20730 + 16 + 2 * 8192),
        "arena": 4 * 2 * 8192,
        "flash": 4 * (20730 + 16),
        # three maps behind the input, a pooled one with its indices, the statistics of bn
        "training": 4 * (4 * 20730 + 16 + 3072 + 2 * 8192 + 3 * 2048 + 16),
        "field": [34, 34],  # the padding is seen, too
        "layers": 6,
        "weighted": 2,
        "depth": 2,
        "output": [[10]],
    }


def test_batch_and_dtype_change_no_figure():
    plain = analysed(SMALL)
    other = analyze(plain.network, batch=7, dtype="int8")
    assert figures(other) == figures(plain)
    assert drift(other, figures(plain), {}) == []


def test_train_heads_are_a_figure_of_their_own():
    text = SMALL.replace("flatten", "head aux train:\n    gavgpool | fc 10\nflatten")
    training = figures(analysed(SMALL))["training"] + 4 * (4 * 90 + 8)
    assert figures(analysed(text)) == {
        **figures(analysed(SMALL)), "params_train": 20730 + 90, "training": training,
    }  # fmt: skip
    allowed = {"training": 2000}
    (one,) = drift(analysed(text), figures(analysed(SMALL)), allowed)
    assert one.message == "params_train 20,820, the baseline has none"
    (one,) = drift(analysed(SMALL), figures(analysed(text)), allowed)
    assert one.message == "params_train is gone, the baseline says 20,820"


def test_what_is_trained_is_there_where_not_all_is():
    frozen = analysed("input 8x4x4\nx = conv 4 1\nconv 2 1\nfreeze x\n")
    assert figures(frozen)["trainable"] == figures(frozen)["params"] - 36
    (one,) = drift(frozen, {**figures(frozen), "trainable": 3}, {})
    assert "trainable" in one.message


def test_what_is_unknown_is_null():
    text = dump({"a": figures(analysed("input 3x32x32\nmaxpol 2\nconv 8 3\n"))})
    entry = json.loads(text)["specs"]["a"]
    assert entry["output"] == [None]
    assert {entry[name] for name in MEASURES if name not in ("output", "params_train", "trainable")} == {None}
    assert "0" not in re.sub(r'"[^"]*"', "", text)


def test_the_whole_file():
    entries = {
        "models/b.txt": {"params": 5, "field": [7, 3.5]},
        "models/a é.txt [size=192]": {"macs": None, "depth": 2},
    }
    assert (
        dump(entries)
        == """\
{
 "version": 1,
 "specs": {
  "models/a é.txt [size=192]": {
   "depth": 2,
   "macs": null
  },
  "models/b.txt": {
   "field": [7, 3.5],
   "params": 5
  }
 }
}
"""
    )
    assert dump({}) == '{\n "version": 1,\n "specs": {}\n}\n'


NAMES = st.text(max_size=10)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.none() | st.integers(0, 10**40) for name in MEASURES if name not in ("field", "output")},
        "field": st.none() | st.lists(st.integers(0, 10**9) | st.floats(0, 1e6), max_size=3),
        "output": st.lists(st.none() | st.lists(st.integers(1, 10**9), max_size=3), max_size=3),
    },
)


@given(st.dictionaries(NAMES | st.sampled_from(["\ud800", "a\n", '"']), ENTRY, max_size=4))
def test_what_is_written_is_read(entries):
    text = dump(entries)
    assert read(text) == read(text.encode()) == read(b"\xef\xbb\xbf" + text.encode()) == entries
    assert dump(dict(reversed(entries.items()))) == text
    one_a_line = sum(max(len(entry), 1) for entry in entries.values())
    assert text.count("\n") >= one_a_line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON: Expecting value, line 1, column 1"),
        ("[]", 'it is not {"version": 1'),
        ('{"version": 1}', 'it is not {"version": 1'),
        ('{"version": 2, "specs": {}}', "it has version 2; this is known: 1"),
        ('{"version": true, "specs": {}}', "it has version True"),
        ('{"version": 1, "specs": {"a": 3}}', "the figures of 'a' are no object"),
        ('{"version": 1, "specs": {"a": {"parms": 3}}}', "'parms' of 'a' is no figure; figures: params"),
        ('{"version": 1, "specs": {"a": {"params": "3"}}}', "'params' of 'a' is '3', which is no such figure"),
        ('{"version": 1, "specs": {"a": {"params": 3.5}}}', "'params' of 'a' is 3.5, which is no such figure"),
        ('{"version": 1, "specs": {"a": {"params": true}}}', "'params' of 'a' is True"),
        ('{"version": 1, "specs": {"a": {"params": [3]}}}', "'params' of 'a' is 3, which"),
        ('{"version": 1, "specs": {"a": {"output": [3]}}}', "'output' of 'a' is 3, which"),
        ('{"version": 1, "specs": {"a": {"field": 3}}}', "'field' of 'a' is 3, which"),
        ('{"version": 1, "specs": {"a": {"params": NaN}}}', "NaN is no number of JSON"),
        ('{"version": 1, "specs": {"a": {"field": [1e999]}}}', "1e999 is too large a number"),
        ('{"version": 1, "specs": {"a": {"params": ' + "9" * 5000 + "}}}", "a number of 5,000 digits is no figure"),
        ('{"version": 1, "specs": {"a": {}, "a": {}}}', "'a' is there twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"version": 1,\n<<<<<<< HEAD\n', "line 2, column 1; is a merge not finished?"),
        (b"\xff\xfe", "not UTF-8 text: byte 1"),
    ],
)
def test_what_is_no_baseline_is_said_in_a_sentence(text, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        read(text)


@given(
    st.text()
    | st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    ).map(json.dumps)
)
def test_nothing_else_is_raised(text):
    with pytest.raises(ValueError, match=r".+"):
        read(text)


# --- drift ------------------------------------------------------------------------------------------


def entry(**changed):
    return {**figures(analysed(SMALL)), **changed}


def test_no_drift():
    assert drift(analysed(SMALL), entry(), {}) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"params": 20000}, "params 20,730, the baseline says 20,000: +730 (+3.7 %)"),
        ({"params": 30000}, "params 20,730, the baseline says 30,000: -9,270 (-31 %)"),
        ({"peak": 0}, "peak 65,536 bytes, the baseline says 0: +65,536"),
        ({"field": [31, 34]}, "field 34x34, the baseline says 31x34"),
        ({"field": None}, "field 34x34, the baseline has none"),
        ({"output": [[9], [2, 48, 48]]}, "output 10, the baseline says 9 and 2x48x48"),
        ({"params": 20729, "macs": 1, "flops": 2, "depth": 3}, "params 20,730, the baseline says 20,729: +1 (+0.0048 %) (and 2 more figures)"),
    ],
)  # fmt: skip
def test_a_drift_is_said_with_its_figures(changed, message):
    (one,) = drift(analysed(SMALL), entry(**changed), {})
    assert one.message == message
    assert one.code == "baseline-drift"
    assert one.help == "'cnncalc check --update-baseline' accepts it"
    assert exit_code([one]) == 1
    assert (one.span.line, one.span.column, one.span.end_column) == (2, 1, 12)


def test_more_drifts_are_notes_and_flops_follow_macs():
    (one,) = drift(analysed(SMALL), entry(params=20729, macs=241663, flops=483326, depth=3), {})
    assert one.notes == (
        "macs 241,664, was 241,663: +1 (+0.00041 %)",
        "depth 2, was 3: -1 (-33 %)",
    )
    (one,) = drift(analysed(SMALL), entry(flops=483326), {})
    assert one.message == "flops 483,328, the baseline says 483,326: +2 (+0.00041 %)"


def test_every_figure_is_compared():
    for name in figures(analysed(SMALL)):
        assert drift(analysed(SMALL), entry(**{name: None}), {}), name
        missing = entry()
        del missing[name]
        assert bool(drift(analysed(SMALL), missing, {})) != MEASURES[name].later, name


def test_a_spec_that_the_baseline_does_not_know():
    (one,) = drift(analysed(SMALL), None, {})
    assert one.message == "the baseline does not know this spec"
    assert exit_code([one]) == 1


def test_what_cannot_be_understood_is_not_compared():
    assert drift(analysed("input 3x32x32\nmaxpol 2\n"), entry(), {}) == []
    assert drift(analysed("block b:\n    relu\n"), None, {}) == []


@pytest.mark.parametrize(
    ("allowed", "low", "high"),
    [
        ({}, 20730, 20730),
        ({"params": 730}, 20000, 21460),
        # A share is one of what the baseline says: 20,730 is 722 over 20,008 and 776 under 21,506, either 3.61 %.
        ({"params": Fraction(361, 10000)}, 20008, 21506),
    ],
)
def test_a_tolerance_holds_in_both_directions_to_the_last_digit(allowed, low, high):
    tried = dict.fromkeys((low - 1, low, high, high + 1))
    ok = [value for value in tried if not drift(analysed(SMALL), entry(params=value), allowed)]
    assert ok == list(dict.fromkeys((low, high)))


@given(st.integers(1, 10**40), st.fractions(0, 2), st.sampled_from([-1, 1]))
@settings(max_examples=50)
def test_shares_are_exact(number, share, sign):
    """However large the figure: the last whole number within is fine, the one beyond is not."""
    one = analysed("input 1\nfc 1\n")
    room = int(number * share)
    with pytest.MonkeyPatch.context() as patch:
        for off, fine in ((room, True), (room + 1, False)):
            now = {**figures(one), "params": number + sign * off}
            patch.setattr("cnncalc.features.check.drift.figures", lambda analysis, project, now=now: now)
            assert (drift(one, {**now, "params": number}, {"params": share}) == []) is fine


def test_a_tolerance_of_a_field_holds_on_every_axis():
    assert drift(analysed(SMALL), entry(field=[33, 35]), {"field": 1}) == []
    assert drift(analysed(SMALL), entry(field=[33, 36]), {"field": 1})
    assert drift(analysed(SMALL), entry(field=[34]), {"field": 10})


def test_tolerance_is_said():
    (one,) = drift(analysed(SMALL), entry(params=20000), tolerances({"params": "2%"}))
    assert one.message == "params 20,730, the baseline says 20,000: +730 (+3.7 %), tolerance 2 %"
    (one,) = drift(analysed(SMALL), entry(params=20000), tolerances({"params": 500}))
    assert one.message == "params 20,730, the baseline says 20,000: +730 (+3.7 %), tolerance 500"


def test_tolerances_are_read():
    assert tolerances({"params": "2.5%", "macs": " 3 % ", "depth": 1, "layers": "4"}) == {
        "params": Fraction(1, 40), "macs": Fraction(3, 100), "depth": 1, "layers": 4,
        "params_train": Fraction(1, 40), "trainable": Fraction(1, 40), "flops": Fraction(3, 100),
    }  # fmt: skip
    assert tolerances({"macs": 3, "params": 2}) == {
        "macs": 3,
        "flops": 6,
        "params": 2,
        "params_train": 2,
        "trainable": 2,
    }
    assert tolerances({"macs": 3, "flops": 1}) == {"macs": 3, "flops": 1}
    assert tolerances({"flops": 1}) == {"flops": 1}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"parms": 1}, "'parms' has no tolerance: did you mean 'params'?"),
        ({"zzz": 1}, "'zzz' has no tolerance: figures: params, trainable, params_train, buffers"),
        ({"output": 1}, "'output' has no tolerance"),
        ({"params": "much"}, "the tolerance of params is a whole number or a share like '2%', not 'much'"),
        ({"params": "1/0%"}, "the tolerance of params is a whole number"),
        ({"params": -1}, "the tolerance of params is below 0"),
    ],
)
def test_other_tolerances_are_refused(given, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        tolerances(given)


# --- the ratchet ------------------------------------------------------------------------------------


def mutated(text, pick):
    """The text with one of its numbers, outside comments, one higher; None where there is none."""
    places = [
        match
        for match in re.finditer(r"(?<![\w.])\d+(?!\w)|(?<=x)\d+|\d+(?=x)", text)
        if "#" not in text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    ]
    if not places:
        return None
    place = places[pick % len(places)]
    return text[: place.start()] + str(int(place.group()) + 1) + text[place.end() :]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_as_it_is_does_not_drift(path):
    source, folder = read_source(str(path))
    one = analyze(build(source, folder=folder))
    stored = read(dump({"it": figures(one)}))["it"]
    if not specification(one.network).library:  # the figures are those that requirements and limits measure
        measurements = Measurements(one)
        assert set(LIMITED) - set(stored) == {"trainable"}  # which is all parameters
        for measure in set(LIMITED) & set(stored):
            value = measurements.figure(measure)  # None of what is not known: what an lstm, or int8, keeps for training
            assert value is not None or (measure == "training" and path.stem in ("crnn", "segnet", "mobilenet_mcu"))
            assert stored[measure] == (listed(value) if measure == "field" else value), measure
        assert stored["output"][0] == list(measurements("output"))
    assert drift(one, stored, {}) == []


@settings(max_examples=300)
@given(path=st.sampled_from(EXAMPLES), pick=st.integers(0, 10**6))
def test_any_change_of_a_number_that_changes_figures_is_caught(path, pick):
    """Against what JSON says of both: totals, outputs and every layer's shape, numbers and field."""
    source, folder = read_source(str(path))
    before = analyze(build(source, folder=folder))
    text = mutated(source.text, pick)
    if text is None:
        return
    after = analyze(build(type(source)(source.name, text), folder=folder))
    if after.broken:
        return
    found = drift(after, figures(before), {})
    old, new = before.to_dict() | {"file": "old"}, after.to_dict() | {"file": "new"}
    training = {"old": figures(before)["training"], "new": figures(after)["training"]}

    def outputs(document):
        return [port["shape"] for port in document["outputs"] if not port.get("train")]

    def everything(document):
        layers = [(layer["output"], layer["params"], layer["macs"], layer["field"]) for layer in document["layers"]]
        return [port["shape"] for port in document["inputs"]], outputs(document), layers, training[document["file"]]

    changed = old["totals"] != new["totals"] or outputs(old) != outputs(new)
    assert found or not changed
    assert not found or everything(old) != everything(new)
