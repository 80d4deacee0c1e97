"""What is asked of variants, from the command line and from Python: what is understood of it, and what is wrong with it."""

from fractions import Fraction

import numpy as np
import pytest

from cnncalc.diagnostics import Source, SpecError
from cnncalc.values import Word
from cnncalc.variants.asking import AskError, Asking, SweepRequest
from cnncalc.variants.ranges import RangeError, shapes_of, values_of
from cnncalc.variants.result import SweepResult
from cnncalc.variants.running import SweepRun, Workers

TEXT = """let width = 8
let act = relu
let deep = 2
input 3x16x16
stage stem:
    conv width 3 | act
stage body:
    repeat deep:
        conv width 3 pad=1
tail = gavgpool | fc 10
require params <= 2k
"""
MEASURES = "params, trainable, buffers, macs, flops, activations, peak, memory, arena, flash, training, depth, weighted, layers, field"


def asking(text=TEXT, vary=None, settings=None, inputs=None, max_layers=10**6, **asked):
    request = SweepRequest({"width": "4..16..4"} if vary is None else vary, **asked)
    return Asking(Source("net.txt", text), None, request, settings or {}, inputs or {}, max_layers, "net.txt")


def swept(*given, **asked):
    prepared = asking(*given, **asked)()
    return SweepResult(prepared, SweepRun(prepared.task)(Workers()))


@pytest.mark.parametrize(("asked", "about", "message", "help"), [
    ({"vary": {}}, "vary", "nothing is varied", "it has: width, act, deep, input"),
    ({"vary": {"widht": "1..3"}}, "vary", "no top-level variable is called 'widht'", "did you mean 'width'?"),
    ({"vary": {"inputs": "1..3"}}, "vary", "no top-level variable is called 'inputs'", "did you mean 'input'?"),
    ({"vary": {"zzzz": "1"}}, "vary", "no top-level variable is called 'zzzz'", "it has: width, act, deep, input"),
    ({"vary": {"width": []}}, "vary", "'width' has no values", None),
    ({"minimize": "param"}, "minimize", "'param' is no measure and nothing that is varied", "did you mean 'params'?"),
    ({"maximize": "widht"}, "maximize", "'widht' is no measure and nothing that is varied", "did you mean 'width'?"),
    ({"minimize": "zzzz"}, "minimize", "'zzzz' is no measure and nothing that is varied", f"measures: {MEASURES}, width"),
    ({"minimize": "output"}, "minimize", "'output' is no measure and nothing that is varied", f"measures: {MEASURES}, width"),
    ({"minimize": "macs("}, "minimize", "'macs(': a value is missing at the end", None),
    ({"vary": {"act": "relu,elu"}, "maximize": "act"}, "maximize", "'act' is no number: there is no least and no most of it", None),
    ({"vary": {"input": "3x8x8,3x9x9"}, "minimize": "input"}, "minimize", "'input' is no number: there is no least and no most of it", None),
    ({"where": "parms < 3"}, "where", "unknown name 'parms'", "did you mean 'params'?"),
    ({"where": "width < zz"}, "where", "unknown name 'zz'", f"measures: {MEASURES}, output"),
    ({"where": "params(stm) < 3"}, "where", "no line, stage or head is called 'stm'", "did you mean 'stem'?"),
    ({"where": "params <"}, "where", "'params <': a value is missing at the end", None),
    *[({"where": text}, "where", f"'{text.strip()}' is a number and no condition", "compare it: 'params <= 5M'")
      for text in ("params", "width", "width+1", " 3 ", "-width", "params(stem)", "2*macs", "output")],
    ({"pareto": ("params:up",)}, "pareto", "'params:up' is neither ':min' nor ':max'", "write 'params:max'"),
    ({"pareto": ("params", "zz")}, "pareto", "'zz' is no measure and nothing that is varied", f"measures: {MEASURES}, width"),
    ({"columns": ("width",)}, "columns", "'width' is varied: its values are shown anyway", "leave it out"),
    ({"columns": ("params(stm)",)}, "columns", "no line, stage or head is called 'stm'", "did you mean 'stem'?"),
    ({"minimize": "macs", "maximize": "width"}, "maximize", "either minimize or maximize, not both", None),
    ({"minimize": "macs", "pareto": ("macs",)}, "pareto", "either minimize or pareto, not both", None),
    ({"maximize": "macs", "pareto": ("macs",)}, "pareto", "either maximize or pareto, not both", None),
    ({"text": "block b(n):\n    conv n 3", "vary": {"n": "1..3"}}, "vary", "net.txt defines blocks only", "sweep a spec that takes them by 'use'"),
    ({"text": "input 3x8x8\nconv 3 3", "vary": {}}, "vary", "nothing is varied", "it has: input"),
    ({"text": "conv 3 3", "vary": {"n": "1"}}, "vary", "no top-level variable is called 'n'", "it has: input"),
    ({"text": "a = input 3x8x8\nb = input 3x8x8\n@a | add @b", "vary": {"input": "3x8x8"}}, "vary", "no top-level variable is called 'input'", "it has: a, b"),
])  # fmt: skip
def test_what_cannot_be_asked(asked, about, message, help):
    with pytest.raises(AskError) as raised:
        asking(**asked)()
    assert (raised.value.about, str(raised.value), raised.value.help) == (about, message, help)


def test_a_file_of_which_nothing_can_come():
    for text in ("input 3x8x8\nconv (3", "let n = 3\ninput\nconv n 3", ""):
        with pytest.raises(SpecError):
            asking(text, {"n": "1..3"})()


@pytest.mark.parametrize(
    ("many", "sample", "fits"),
    [(100, None, True), (101, None, False), (101, 5, True), (1000, 5, True), (1001, 5, False)],
)
def test_how_many_candidates_there_may_be(many, sample, fits, monkeypatch):
    monkeypatch.setattr("cnncalc.variants.asking.MOST_WALKED", 100)
    monkeypatch.setattr("cnncalc.variants.asking.MOST_CANDIDATES", 1000)
    vary = {"width": f"1..{many}"}
    if fits:
        assert asking(vary=vary, sample=sample)().task.space.size == many
        return
    with pytest.raises(AskError) as raised:
        asking(vary=vary, sample=sample)()
    assert str(raised.value) == f"{many:,} candidates are too many to walk through"
    assert (raised.value.about, raised.value.help) == ("vary", "take larger steps, or look at a sample of them")


@pytest.mark.parametrize(("asked", "names", "columns"), [
    ({}, ["params", "macs", "peak"], 3),
    ({"where": "params(stem) < 2k and output == 10 or not peak > field*3"}, ["params", "macs", "peak", "field", "params(stem)"], 5),
    ({"where": "width < 12 and depth > 3", "minimize": " macs "}, ["params", "macs", "peak", "depth"], 4),
    ({"where": "not width"}, ["params", "macs", "peak"], 3),
    ({"columns": ("macs", "params(stem)", "macs")}, ["macs", "params(stem)"], 2),
    ({"columns": (), "minimize": "flops"}, [], 0),
    ({"maximize": "params(tail)"}, ["params", "macs", "peak", "params(tail)"], 4),
    ({"pareto": ("params", "width", "field", "deep:min", "layers : max"), "vary": {"width": "4,8", "deep": "1,2"}},
     ["params", "macs", "peak", "field", "layers"], 5),
])  # fmt: skip
def test_columns(asked, names, columns):
    prepared = asking(**asked)()
    assert (sorted(prepared.names), prepared.columns) == (sorted(names), columns)
    assert prepared.names[: min(3, columns)] == tuple(names[: min(3, columns)])
    assert SweepResult(prepared, SweepRun(prepared.task)(Workers())).measures == list(prepared.names)


@pytest.mark.parametrize(("asked", "goals"), [
    ({}, []), ({"minimize": "macs"}, [("macs", False)]), ({"maximize": "macs"}, [("macs", True)]), ({"maximize": "width"}, [("width", True)]),
    ({"minimize": "deep"}, [("deep", False)]), ({"columns": (), "minimize": "flops"}, [("flops", False)]),
    ({"pareto": ("params", "width", "field", "deep:min", "layers : max", "params(stem)", "field(stem)")},
     [("params", False), ("width", True), ("field", True), ("deep", False), ("layers", True), ("params(stem)", False), ("field(stem)", True)]),
])  # fmt: skip
def test_what_is_better(asked, goals):
    prepared = asking(vary={"act": "relu,elu", "width": "4,8", "deep": "1,2"}, **asked)()
    wanted, space = prepared.task.wanted, prepared.task.space
    found = []
    for goal in wanted.goals:
        if goal.axis >= 0:
            assert goal.measure == -1
            found.append((space.numeric[goal.axis].name, goal.more))
        else:
            name, of = prepared.task.question.measures[goal.measure]
            found.append((name if of is None else f"{name}({of})", goal.more))
    assert found == goals
    assert wanted.front is bool(asked.get("pareto"))
    assert wanted.most == (None if wanted.front else 20)


@pytest.mark.parametrize(("given", "values", "numeric"), [
    ([4, 8.5, np.int64(3), "5..7", Fraction(1, 2), 6.0], (4, Fraction(17, 2), 3, 5, Fraction(1, 2), 6), True),
    ([True, 1], (True, 1), False), (range(2, 5), (2, 3, 4), True), ("4,8", (4, 8), True), ((0.1, np.float64(0.25)), (Fraction(1, 10), Fraction(1, 4)), True),
])  # fmt: skip
def test_values_from_python(given, values, numeric):
    (axis,) = asking(vary={"width": given}).axes
    assert (axis.values, axis.numeric) == (values, numeric)
    assert list(map(type, axis.values)) == list(map(type, values))


def test_shapes_and_words():
    (axis,) = asking(vary={"input": [(3, 8, 8), [3, 9, 9], "3x10x10"]}).axes
    assert (axis.name, axis.values, axis.is_input) == ("input", ((3, 8, 8), (3, 9, 9), (3, 10, 10)), True)
    (axis,) = asking("layout hwc\ninput 8x8x3\nconv 2 3", {"input": "8x8x3..10x10x3"}).axes
    assert axis.values == ((3, 8, 8), (3, 9, 9), (3, 10, 10))
    (axis,) = asking(vary={"act": ["relu", "elu"]}).axes
    assert (axis.values, axis.numeric, axis.is_input) == ((Word("relu"), Word("elu")), False, False)
    both = asking(
        "let input_ = 3\na = input 3x8x8\nb = input 3x4x4\n@a | conv input_ 5 | add @b", {"a": "3x8x8", "input_": "3,4"}
    ).axes
    assert [(one.name, one.is_input) for one in both] == [("a", True), ("input_", False)]


def test_settings_and_inputs_that_stay():
    found = swept(settings={"deep": "1", "act": Word("elu")}, columns=("params", "layers"), required=False)
    assert [(row["width"], row["params"]) for row in found.rows] == [
        (n, 27 * n + n + 9 * n * n + n + 10 * n + 10) for n in (4, 8, 12, 16)
    ]
    text = "let n = 2\na = input 1x9x9\nb = input 1x9x9\n@a | add @b | conv n 3"
    found = swept(text, {"n": "1,2", "b": "1x4x4,1x5x5"}, inputs={"a": (1, 5, 5)}, columns=("macs",))
    assert [(row["n"], row["b"], row["macs"]) for row in found.rows] == [(1, (1, 5, 5), 81), (2, (1, 5, 5), 162)]
    assert (found.possible, found.candidates, found.causes[0].line) == (2, 4, 4)


def test_batch_type_and_way():
    text = "let n = 8\ninput 3x8x8\nconv n 3 | relu | conv 2 3"
    plain, of_four, double, inplace = (
        swept(text, {"n": "8"}, columns=("peak", "macs", "params"), **more).rows[0]
        for more in ({}, {"batch": 4}, {"dtype": "float64"}, {"execution": "inplace"})
    )
    assert (of_four["peak"], of_four["macs"], of_four["params"]) == (
        4 * plain["peak"],
        4 * plain["macs"],
        plain["params"],
    )
    assert double["peak"] == 2 * plain["peak"]
    assert inplace["peak"] < plain["peak"]


def test_what_nobody_says():
    task = asking(sample=3)().task
    assert (task.sample, task.seed, task.wanted.most, task.question.required) == (3, 0, 20, True)
    assert (task.question.batch, task.question.dtype, task.question.execution) == (1, None, "eager")


def test_the_most_layers():
    found = swept(vary={"deep": "1..60"}, max_layers=20, top=None, required=False, columns=("layers",))
    assert [row["deep"] for row in found.rows] == list(range(1, found.possible + 1))
    assert [row["layers"] for row in found.rows][-1] <= 20
    assert found.possible + sum(one.many for one in found.causes) == 60


@pytest.mark.parametrize(("text", "message", "help"), [
    ("1..", "'1..' is no range", "write A..B or A..B..STEP: '16..256..8'"), ("..4", "'..4' is no range", "write A..B or A..B..STEP: '16..256..8'"),
    ("1..2..3..4", "'1..2..3..4' is no range of numbers", "write A..B or A..B..STEP: '16..256..8'"),
    ("yes..no", "'yes..no' is no range of numbers", "write A..B or A..B..STEP: '16..256..8'"),
    ("4..1", "'4..1' has no values", "write '1..4'"), ("1..4..-1", "'1..4..-1' has no values", "write '4..1'"), ("1..4..0", "'1..4..0' has no values", "write a step that is not 0"),
    ("0.5..1", "'0.5..1' does not say its step", "write '0.5..1..0.05', say"), ("1..2.5", "'1..2.5' does not say its step", "write '1..2.5..0.05', say"),
    ("1,,2", "'1,,2' has a value missing", "write '16..256..8', '1,2,4' or 'relu,silu'"), ("", "'' has a value missing", "write '16..256..8', '1,2,4' or 'relu,silu'"),
    ("1..1000001", "'1..1000001' has 1,000,001 values: at most 1,000,000 are varied", "take a larger step"),
    ("1..1000000,0", "'1..1000000,0' has over 1,000,000 values", "take a larger step"),
    ("16:48:8", "'16:48:8' is no range", "write 'w=16..48..8'"), ("16 – 48", "'16 – 48' is no range", "write 'w=16..48'"),
    ("16....48", "'16....48' is no range", "write 'w=16..48'"), ("0.5-1.5", "'0.5-1.5' is no range", "write 'w=0.5..1.5'"),
])  # fmt: skip
def test_what_is_no_range(text, message, help):
    with pytest.raises(RangeError) as raised:
        values_of("w", text)
    assert (str(raised.value), raised.value.help) == (message, help)


@pytest.mark.parametrize(("text", "values"), [
    ("5", (5,)), ("5..5", (5,)), ("5..6..9", (5,)), ("9-4", (5,)), ("4-4", (0,)), ("1..2..0.5", (1, Fraction(3, 2), 2)), ("2..1..-0.25", (2, Fraction(7, 4), Fraction(3, 2), Fraction(5, 4), 1)),
    ("-2..1", (-2, -1, 0, 1)), ("(1, 2)", ((1, 2),)), ("1..1000000..499999", (1, 500_000, 999_999)), ("0.1..0.3..0.1", (Fraction(1, 10), Fraction(1, 5), Fraction(3, 10))),
])  # fmt: skip
def test_ranges(text, values):
    found = values_of("w", text)
    assert found == values
    assert list(map(type, found)) == list(map(type, values)) or text == "(1, 2)"


@pytest.mark.parametrize(("text", "shapes"), [
    ("3x8x8", ((3, 8, 8),)), ("3x8x8..3x8x8", ((3, 8, 8),)), ("1x4x4..5x4x4..2", ((1, 4, 4), (3, 4, 4), (5, 4, 4))), ("7..9", ((7,), (8,), (9,))),
    ("3x9x9..3x7x7..-1", ((3, 9, 9), (3, 8, 8), (3, 7, 7))), ("3x4x6,3x4x6..3x5x7", ((3, 4, 6), (3, 5, 7))),
    ("3x8x8..3x10x12", "no range of shapes"), ("3x8x8..3@9", "no range of shapes"), ("3x8x8..3x9x9..1..1", "no range of shapes"), ("3x8x8..3x9x9..0.5", "no range of shapes"),
    ("3x8x8..", "is no range"), ("3x9x9..3x8x8", "has no values"), ("3x8x8..3x9x9..0", "has no values"),
])  # fmt: skip
def test_ranges_of_shapes(text, shapes):
    if isinstance(shapes, tuple):
        assert shapes_of("input", text, "chw") == shapes
        return
    with pytest.raises(RangeError, match=shapes) as raised:
        shapes_of("input", text, "chw")
    assert raised.value.help
