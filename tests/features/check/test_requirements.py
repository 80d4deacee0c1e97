"""Requirements: what is measured, how it is compared, and what is said of one that does not hold."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc.diagnostics import Source
from cnncalc.features.check.shortfall import percent
from cnncalc.interpret.reading.examples import example_names
from cnncalc.interpret.specification import specification
from cnncalc.render.faults import render
from helpers import network

SPEC = """\
input 3x32x48
stage stem:
    first = conv 8 3 pad=1 | bn | relu
    maxpool 2
head aux train:
    gavgpool | fc 7
stage body:
    a = conv 8 3 pad=1 | relu
    add:
        - conv 8 3 pad=1 | bn
        - @a
    head deep:
        gavgpool | fc 5
gavgpool | fc 10
"""


INT8 = dict.fromkeys(("weights", "activations", "biases"), "int8")


def checked(text, **more):
    return cnncalc.check(cnncalc.loads(text, name="net.txt"), **more)


def verdict(*requirements, spec=SPEC, **more):
    """The verdict on the spec with more lines, wrong ones among them."""
    from cnncalc.features.check.facts import Terms, check_source
    from cnncalc.features.check.verdict import Conditions

    lines = "".join(f"require {one}\n" for one in requirements)
    (found,) = check_source(Source("net.txt", spec + lines), None, Terms(given=Conditions(**more)))
    return found


def only(*requirements, **more):
    """The one requirement of the verdict, and what is said of it."""
    found = verdict(*requirements, **more)
    said = [one for one in found.diagnostics if one.severity == "error"]
    return found.requirements[0], said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("params(first)", 3 * 9 * 8 + 8 + 16),
        ("params(stem)", 3 * 9 * 8 + 8 + 16),
        ("params(aux)", 8 * 7 + 7),
        ("params(deep)", 8 * 5 + 5),
        ("params(body)", (8 * 9 * 8 + 8) * 2 + 16 + 45),
        ("params", 240 + 584 * 2 + 16 + 45 + 90),
        ("buffers", 2 * 2 * 8),
        ("buffers(stem)", 16),
        ("macs(stem)", 32 * 48 * 8 * 27),
        ("macs", 32 * 48 * 8 * 27 + 2 * 16 * 24 * 8 * 72 + 40 + 80),
        ("flops(stem)", 2 * 32 * 48 * 8 * 27),
        ("activations(stem)", 3 * 8 * 32 * 48 + 8 * 16 * 24),
        ("layers(stem)", 4),
        ("layers(aux)", 2),
        ("layers", 13),
        ("weighted(body)", 3),
        ("weighted", 5),
        ("depth", 4),
        ("depth(body)", 3),
        ("depth(stem)", 1),
        ("output", [10]),
        ("output(stem)", [8, 16, 24]),
        ("output(deep)", [5]),
        ("field(first)", [3, 3]),
        ("field(stem)", [4, 4]),
        ("field(a)", [8, 8]),
        ("field", [32 + 2 * (1 + 2 + 2), 48 + 2 * (1 + 2 + 2)]),
    ],
)
def test_measures_of_the_model_and_of_names(text, value):
    """Worked out by hand: the train head is in no sum but its own."""
    shape = "x".join(map(str, value)) if isinstance(value, list) else value
    judged, said = only(f"{text} == {shape}")
    assert judged.value == value
    assert judged.ok and not said


@pytest.mark.parametrize("name", example_names())
def test_measures_are_those_of_the_documents(name):
    """Sums over rows of `shapes`, the live bytes of `memory` and the totals of `compare`: other ways to the same."""
    from cnncalc.measure.depth import depth
    from cnncalc.measure.footprint import Footprint
    from cnncalc.measure.measurements import Measurements

    net = cnncalc.load(f"@{name}")
    if specification(net).library:
        return
    analysis = cnncalc.analyze(net, batch=2, dtype="fp16")
    measured = Measurements(analysis)
    footprint = Footprint(analysis)
    assert all(measured(measure) == value for measure, value in analysis.totals._asdict().items())
    assert all(measured(measure) == getattr(footprint, measure) for measure in ("activations", "peak", "memory"))
    assert measured("depth") == depth(net)
    assert measured("field") == tuple(axis.size for axis in analysis.fields[net.outputs[0].node])
    document = analysis.to_dict()
    live = {one["name"]: one["live"] for one in Footprint(analysis).to_dict()["layers"]}
    for stage in {row["path"][0] for row in document["layers"] if row["path"]} & set(net.extents):
        rows = [row for row in document["layers"] if stage in row["path"]]
        run = [row for row in rows if not row.get("train")] or rows
        for measure in ("params", "buffers", "macs", "flops"):
            assert measured(measure, stage) == sum(row[measure] for row in run), (stage, measure)
        assert measured("layers", stage) == len(run)
        if not run[0].get("train"):
            assert measured("peak", stage) == max(live[row["name"]] for row in run)


@pytest.mark.parametrize(
    "text",
    [
        "5M >= params",
        "params <= 5M and macs <= 1G",
        "params < 5 or layers == 13",
        "not params < 5",
        "not (params < 5 or macs < 5)",
        "params/1000 < 1.6 and params*2 == 3,118",
        "min(params(stem), params(body)) == params(stem)",
        "field(stem) < field(a)",
        "field(stem) >= 4 and field(stem) <= 4x4",
        "field(stem) != 4x5",
        "output == 10 and output != 11",
        "output(stem) == 8x?x24",
        "output(stem) == 8@16x24",
        "output(stem) != 8x16",
        "output(stem) == output(a)",
        "output(first) != output(stem)",
        "peak(stem) == peak",
        "memory == 4*(params + buffers) + peak",
        "memory(deep) - peak(deep) == 4*params(deep)",
        "yes",
    ],
)
def test_requirements_that_hold(text):
    judged, said = only(text)
    assert judged.ok, said
    assert not said


def test_a_requirement_of_several_comparisons_has_no_one_value():
    assert only("params <= 5M and macs <= 1G")[0][2:5] == (None, None, True)
    assert only("5M >= params")[0][2:5] == (1559, 5000000, True)


def test_shapes_are_written_in_the_layout_of_the_file():
    spec = "layout hwc\ninput 32x48x3\nx = conv 8 3\n"
    judged = only("output(x) == 30x46x8", spec=spec)[0]
    assert judged.ok and judged.value == judged.limit == [8, 30, 46]
    assert only("output(x) == 8@30x46", spec=spec)[0].ok
    assert [one.message for one in only("output(x) == 8x30x46", spec=spec)[1]] == ["output(x) 30×46×8 is not 8×30×46"]


def test_variables_stand_for_their_values():
    spec = "let width = 8\nlet wanted = 8x30x46\nlet budget = 5k\ninput 3x32x48\nx = conv width 3\n"
    assert only("output(x) == wanted", spec=spec)[0].ok
    assert only("params <= budget and width == 8", spec=spec)[0].ok


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("params <= 1500", "params 1,559 is over 1,500 by 59 (3.9 %)"),
        ("params < 1559", "params 1,559 is not under 1,559"),
        ("params > 1559", "params 1,559 is not over 1,559"),
        ("params >= 2k", "params 1,559 is under 2,000 by 441 (22 %)"),
        ("1500 >= params", "params 1,559 is over 1,500 by 59 (3.9 %)"),
        ("params == 1560", "params 1,559 is not 1,560: it is under by 1 (0.064 %)"),
        ("params != 1559", "params 1,559 is just what it must not be"),
        ("params <= 0", "params 1,559 is over 0 by 1,559"),
        ("flops(stem) < 600k", "flops(stem) 663,552 (2 a MAC) is over 600,000 by 63,552 (11 %)"),
        ("peak <= 1KiB", "peak 98,304 bytes (fp32) is over 1,024 bytes by 97,280 bytes (9,500 %)"),
        ("field(stem) >= 99x3", "field(stem) 4 is under 99×3 by 95 (96 %)"),
        ("output == 11", "output 10 is not 11"),
        ("output(stem) == 9x16x?", "output(stem) 8×16×24 is not 9×16×?"),
        ("depth <= 3", "depth 4 is over 3 by 1 (33 %)"),
        ("params/1000 < 1.5", "params/1000 1.559 is over 1.5 by 0.059 (3.9 %)"),
        ("+params < 5", "params 1,559 is over 5 by 1,554 (31,080 %)"),
        ("params < 5 and layers < 5", "params 1,559 is over 5 by 1,554 (31,080 %); layers 13 is over 5 by 8 (160 %)"),
        ("not params > 5", "it does not hold: params 1,559"),
        ("1 > 2", "1 is under 2 by 1 (50 %)"),
        ("no", "it does not hold"),
    ],
)
def test_what_is_said_of_a_broken_requirement(text, message):
    judged, said = only(text)
    assert not judged.ok
    assert [one.message for one in said] == [message]
    assert said[0].code == "requirement-failed"


def test_the_whole_of_it():
    text = SPEC.replace("gavgpool | fc 10\n", 'gavgpool | fc 10\nrequire params <= 1.5k  "fits"  # a comment\n')
    errors = [one for one in checked(text).diagnostics if one.severity == "error"]
    assert render(errors) == (
        "net.txt:15:1: error: params 1,559 is over 1,500 by 59 (3.9 %)\n"
        '   15 | require params <= 1.5k  "fits"  # a comment\n'
        "      | ^^^^^^^^^^^^^^^^^^^^^^ fits\n"
        "      = most is in conv2 (584), conv3 (584), conv1 (224)\n"
    )


def test_a_peak_names_what_lives_then():
    (error,) = only("peak <= 1KiB")[1]
    assert error.notes == ("at the peak, while 'bn1' runs, most is in conv1 (49,152), bn1 (49,152)",)


def test_batch_and_dtype_are_said_where_they_count():
    (error,) = only("peak <= 1", batch=2, dtype=INT8)[1]
    assert error.message.startswith("peak 49,152 bytes (int8, batch 2) is over 1 byte by 49,151 bytes")
    assert only("params == 1559", batch=2, dtype=INT8)[0].ok


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("output <= 5", (9, 20), "a shape takes == and !=, not '<='"),
        ("output + 1 == 5", (9, 15), "'output' is a shape: compare it as it is"),
        ("params == maxpool", (19, 26), "unknown name 'maxpool'"),
        ("field(stem) == 4x4x4", (24, 29), "a field has 2 numbers here, or one for all axes, not 3 numbers"),
        ("output == 1.5", (19, 22), "a shape has whole numbers over 0, not 1.5"),
        ("params", (9, 15), "a condition is yes or no, not 1559"),
        ("params == yes", (9, 22), "1559 and the flag yes cannot be compared"),
        ("params / 0 < 5", (18, 19), "division by zero"),
        ("parms < 5", (9, 14), "unknown name 'parms'"),
        ("params(stm) < 5", (16, 19), "no line, stage or head is called 'stm'"),
        ("params(stem, body) < 5", (9, 27), "'params(…)' takes one name of a line or a stage"),
    ],
)
def test_faults_in_requirements(text, place, message):
    """They are errors of their own, with the numbers as they are: another requirement is judged."""
    found = verdict(text, "params == 1559")
    (error,) = [one for one in found.diagnostics if one.severity == "error"]
    assert (error.message, (error.span.column, error.span.end_column)) == (message, place)
    assert found.code == 2
    assert found.requirements[0][2:5] == (None, None, False)
    assert found.requirements[1].ok


@pytest.mark.parametrize(
    ("text", "spec", "message"),
    [
        ("peak(aux) < 5M", SPEC, "not known: peak(aux): inference does not run it"),
        (
            "field >= 3",
            "input 784\nfc 10\n",
            "not known: field: the first input is a vector: it has no axis for a field",
        ),
        ("output == 10", "block b:\n    relu\n", "not known: output: there are only blocks here, and no layer"),
    ],
)
def test_what_is_not_known_is_an_error_and_no_zero(text, spec, message):
    judged, said = only(text, spec=spec)
    assert judged[2:5] == (None, None, False)
    assert [(one.code, one.message) for one in said] == [("requirement-unknown", message)]


def test_with_errors_in_the_spec_what_is_known_is_judged():
    found = verdict("output(stem) == 8x16x25", "params <= 5M", "macs <= 5M", spec=SPEC + "conv 5 99\n")
    assert found.code == 2
    assert [one.ok for one in found.requirements] == [False, False, False]
    assert found.requirements[1].value is None
    said = [(one.severity, one.code) for one in found.diagnostics if one.span.line > 13]
    assert said == [("error", "shape"), ("error", "requirement-failed"), ("note", "not-judged")]


@given(value=st.integers(0, 4000), op=st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), turned=st.booleans())
def test_comparisons_are_those_of_numbers(value, op, turned):
    text = f"{value:,} {op} params" if turned else f"params {op} {value:,}"
    judged, said = only(text)
    left, right = (value, 1559) if turned else (1559, value)
    holds = eval(f"{left} {op} {right}")
    assert judged.ok is holds
    assert (judged.value, judged.limit) == (1559, value)
    assert len(said) == (not holds)
    if not holds and op not in ("==", "!=") and value != 1559:
        assert f"is {'over' if value < 1559 else 'under'} {value:,} by {abs(1559 - value):,}" in said[0].message


@pytest.mark.parametrize(
    ("share", "text"),
    [("9.949", "9.9 %"), ("9.95", "10 %"), ("9.96", "10 %"), ("0.00995", "0.01 %"), ("0.995", "1 %"), ("0.05", "0.05 %"),
     ("1234.5", "1,235 %"), ("0", "0 %"), ("12", "12 %")],
)  # fmt: skip
def test_percents_are_rounded_to_two_figures(share, text):
    assert percent(Fraction(share)) == text


@given(st.fractions(min_value=0, max_value=10**9))
def test_percents_are_right_to_two_figures(share):
    text = percent(share)
    assert text.endswith(" %")
    shown = Fraction(text[:-2].replace(",", ""))
    assert abs(shown - share) <= max(share / 19, Fraction(1, 10**12))


def test_buffers_are_a_measure_and_no_name_of_a_variable():
    with pytest.raises(cnncalc.SpecError, match="'buffers' is a measure"):
        cnncalc.loads("let buffers = 5\ninput 3x8x8\nconv 5 3\n")


def test_an_unknown_name_in_a_size_is_an_error_like_any_other():
    built = network("input 3x8x8\nconv 4 3\nrequire output == (nothing, 6, 6)\n")
    (one,) = [one for one in built.diagnostics if one.severity == "error"]
    assert (one.code, one.message, one.span.column, one.span.end_column) == (
        "unknown-measure",
        "unknown name 'nothing'",
        20,
        27,
    )


def test_a_shape_may_have_axes_of_one():
    assert only("output(thin) == 1x1x48", spec="input 3x32x48\nthin = avgpool 32x1 | conv 1 1\n")[0].ok


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"output": "1x2x3x4x5"}, "'1x2x3x4x5' is no shape: it has at most 4 whole numbers, all over 0"),
        ({"output": "0"}, "'0' is no shape: it has at most 4 whole numbers, all over 0"),
        ({"params": "2.5"}, "2.5 is no whole number: it is 2.5"),
        ({"params": ""}, "nothing is said: for example 5M, 512KiB or 61,706"),
        ({"parms": 5}, "unknown measure 'parms': did you mean 'params'?"),
    ],
)
def test_limits_that_cannot_be_understood(limits, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        checked(SPEC, limits=limits)
    assert str(caught.value) == message


def test_a_limit_of_memory_is_shown_where_most_of_it_is_spent():
    """At the layer that stores most where the parameters outweigh the peak, else at the one that runs at the peak."""
    stored = checked("input 4\nfc 5\nfc 400\nfc 6\n", limits={"memory": 1})
    alive = checked("input 3x64x64\nrelu\nconv 8 3 pad=1\nconv 2 3\n", limits={"memory": 1})
    assert [one.errors[0].span.line for one in (stored, alive)] == [4, 3]


def test_the_output_that_is_expected_is_one_that_inference_gives():
    text = "input 3x8x8\nhead aux train:\n    flatten | fc 7\nflatten | fc 5\n"
    assert checked(text, limits={"output": "5"}).passed
    assert not checked(text, limits={"output": "7"}).passed
    assert checked(text, limits={"output": {"aux": "7"}}).passed


def test_a_name_that_nothing_has_twice(tmp_path):
    """It is told once; the second requirement with it has no value, and no traceback."""
    import cnncalc

    path = tmp_path / "net.txt"
    path.write_text("input 3x8x8\nconv 4 3\nrequire params(input) <= 3\nrequire macs(input) <= 3\n")
    verdict = cnncalc.check(path)
    assert not verdict.passed
    assert [one.value for one in verdict.requirements] == [None] * len(verdict.requirements)
