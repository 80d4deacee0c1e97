"""The best and the front are those of brute force; the work can be dealt out, and gone on with, to the same bytes."""

import json
import random
from fractions import Fraction
from functools import cache

import pytest

from cnncalc.diagnostics import Source
from cnncalc.interpret.build import Spec
from cnncalc.measure.measurements import Measurements
from cnncalc.measure.result import analyze
from cnncalc.variants import task as tasks
from cnncalc.variants.asking import AskError, Asking, SweepRequest
from cnncalc.variants.ranges import RangeError, shapes_of, values_of
from cnncalc.variants.result import SweepResult, what_stops
from cnncalc.variants.running import EngineError, ResumeError, SweepRun, Workers, workers
from cnncalc.variants.summary import joined, read, written
from variants.specs import PLAIN

TEXT = PLAIN["resnet"][0]
VARY = {"width": "4..32..4", "deep": "0..3", "input": "3x8x8..3x32x32..8,3x11x23"}


def asking(text=TEXT, vary=VARY, name="r.txt", **asked):
    return Asking(Source(name, text), None, SweepRequest(vary, **asked), {}, {}, 10**6, name)


def swept(text=TEXT, vary=VARY, **asked):
    made = asking(text, vary, **asked)
    prepared = made()
    return SweepResult(prepared, SweepRun(prepared.task)(Workers()))


def brute(keep=lambda values: True):
    """All candidates, one by one, with their measures; those that are networks and are kept."""
    return [one for one in every() if keep(one[1])]


@cache
def every():
    space, spec, found = asking()().task.space, Spec(Source("r.txt", TEXT)), []
    for index in range(space.size):
        settings = space.settings(index)
        variables = {name: value for name, value in settings.items() if name != "input"}
        network = spec.network(inputs={"input": settings["input"]}, settings=variables, checked=False)
        if any(one.severity == "error" for one in network.diagnostics):
            continue
        measured = Measurements(analyze(network))
        values = {name: measured(name) for name in ("params", "macs", "peak", "field", "depth")}
        values["field"] = min(values["field"])
        found.append((settings, values))
    return found


def shown(result):
    return [{name: row[name] for name in result.variables} for row in result.rows]


def test_the_best_are_the_best():
    found = swept(minimize="macs", where="peak <= 30000 and depth > 4", required=False, top=30)
    expected = brute(keep=lambda values: values["peak"] <= 30000 and values["depth"] > 4)
    assert found.kept == len(expected)
    macs = sorted(values["macs"] for _, values in expected)
    best = [row["macs"] for row in found.rows]
    assert best == sorted(set(best), key=best.index)[: len(best)] or best == sorted(best)
    assert best[0] == macs[0]
    spread = [mac for row, many in zip(found.rows, found.counts, strict=True) for mac in [row["macs"]] * many]
    assert spread == macs[: len(spread)]


def test_all_are_all():
    found = swept(top=None, required=False)
    expected = brute()
    assert (found.candidates, found.possible) == (found.space, len(expected))
    assert sum(found.counts) == len(expected)
    told = {json.dumps(settings): values for settings, values in expected}
    for row in found.rows:
        values = told[json.dumps({name: row[name] for name in found.variables})]
        assert {name: row[name] for name in ("params", "macs", "peak")} == {
            name: values[name] for name in ("params", "macs", "peak")
        }


@pytest.mark.parametrize(
    "names", ["params,macs", "params,macs,field", "peak,depth:max,macs", "macs,width", "macs,width:min,deep"]
)
def test_fronts_are_those_of_brute_force(names):
    words = names.split(",")
    found = swept(pareto=tuple(words), required=False)
    way = {
        word.partition(":")[0]: -1 if word.endswith(":max") or word in ("field", "width", "deep") else 1
        for word in words
    }
    points = [tuple(sign * {**settings, **values}[name] for name, sign in way.items()) for settings, values in brute()]
    best = {
        one
        for one in points
        if not any(all(a <= b for a, b in zip(other, one, strict=True)) and other != one for other in points)
    }
    made = [
        tuple(sign * (min(row[name]) if isinstance(row[name], tuple) else row[name]) for name, sign in way.items())
        for row in found.rows
    ]
    assert set(made) == best
    assert sum(found.counts) >= len(best)


def test_the_widest_that_fits_and_what_stops_the_next():
    made = asking(maximize="width", where="peak <= 6000", required=False)
    prepared = made()
    summary = SweepRun(prepared.task)(Workers())
    widest = max(settings["width"] for settings, values in brute(keep=lambda values: values["peak"] <= 6000))
    assert SweepResult(prepared, summary).rows[0]["width"] == widest
    stopped = what_stops(made, prepared, summary)
    assert stopped.settings["width"] == widest + 4
    (one,) = stopped.hindrances
    assert (one.text, one.op, one.limit) == ("peak <= 6000", "<=", 6000)
    assert one.value > 6000


def test_what_stops_a_measure():
    made = asking(maximize="macs", where="params <= 100k", required=False, vary={"width": "4..40..4"})
    prepared = made()
    stopped = what_stops(made, prepared, SweepRun(prepared.task)(Workers()))
    assert [one.text for one in stopped.hindrances] == ["params <= 100k"]


@pytest.mark.parametrize(
    "line",
    ["require params <= 100k", 'require   params <= 100k  "the budget"', "require (params <= 100k and macs > 0)"],
)
def test_what_stops_it_in_the_words_of_its_line(line):
    text = f"let width = 4\ninput 3x16x16\nconv width 3 | conv width 3\n{line}"
    made = asking(text, {"width": "4..400..4"}, maximize="width", where="params <= 100k")
    prepared = made()
    stopped = what_stops(made, prepared, SweepRun(prepared.task)(Workers()))
    assert [one.text for one in stopped.hindrances] == ["params <= 100k"]


def test_equal_networks_are_one_row():
    text = "let a = 1\nlet b = 1\ninput 3x8x8\nconv a+b 3\nif a > 90:\n    conv 3 3"
    found = swept(text, {"a": "1..6", "b": "1..6"}, top=None)
    assert sum(found.counts) == 36
    assert len(found.rows) == 11
    assert shown(found)[0] == {"a": 1, "b": 1}
    assert found.counts[:3] == [1, 2, 3]


TIED = "let a = 1\nlet b = 1\nlet c = 1\ninput 3x8x8\nconv a*b 3\nif c > 90:\n    conv 3 3"


@pytest.mark.parametrize("asked", [{}, {"minimize": "macs"}, {"maximize": "a"}, {"minimize": "depth"}, {"sample": 300}])
def test_all_that_are_equal_are_counted_where_more_tie_than_are_shown(asked, monkeypatch):
    vary = {"a": "1..12", "b": "1..12", "c": "1..5"}
    every = swept(TIED, vary, **{**asked, "top": None})
    counts = {row["params"]: many for row, many in zip(every.rows, every.counts, strict=True)}
    for least, batch in ((1 << 16, 1 << 19), (50, 1 << 9)):
        monkeypatch.setattr(tasks, "_LEAST", least)
        monkeypatch.setattr("cnncalc.variants.chunks.CHUNK", batch)
        for top in (1, 2, 7, 30):
            found = swept(TIED, vary, **asked, top=top)
            assert found.rows == every.rows[:top]
            assert found.counts == [counts[row["params"]] for row in found.rows]
    with workers(2, None) as by:
        task = asking(TIED, vary, **asked, top=7)().task
        assert SweepRun(task)(by) == SweepRun(task)(Workers())


def test_other_networks_with_the_same_numbers_are_not_counted_as_equal():
    text = "let a = 1\nlet b = 1\nlet act = relu\ninput 3x8x8\nconv a*b 3 | act"
    found = swept(text, {"act": "relu,elu", "a": "1..6", "b": "1..6"}, minimize="params", top=3)
    assert shown(found)[:2] == [{"act": "relu", "a": 1, "b": 1}, {"act": "elu", "a": 1, "b": 1}]
    assert found.counts == [1, 1, 2]


def test_the_widest_of_equal_networks_is_shown():
    found = swept(
        "let w = 8\ninput 3x8x8\nconv divisible(w, 8) 3", {"w": "8..30"}, maximize="w", where="params < 700", top=3
    )
    assert found.rows[0]["w"] == max(row["w"] for row in found.rows) == 26


def test_requirements_of_the_file_count():
    assert swept(top=None).kept < swept(top=None, required=False).kept


def test_words_alone_can_be_varied():
    found = swept("let act = relu\ninput 3x8x8\nconv 4 3 | act", {"act": "relu,glu,nothing"}, top=None)
    assert shown(found) == [{"act": "relu"}, {"act": "glu"}]
    assert (found.candidates, found.possible) == (3, 2)
    assert [(one.many, one.message) for one in found.causes] == [
        (1, "'act' holds the word 'nothing', and that is no layer")
    ]


def test_chunks_and_their_order_change_nothing(monkeypatch):
    for asked in (
        {"minimize": "params"},
        {"pareto": ("params", "macs")},
        {"maximize": "width", "where": "peak < 50k"},
        {"top": None},
    ):
        whole = written(SweepRun(asking(**asked)().task)(Workers()))
        with monkeypatch.context() as patch:
            patch.setattr(tasks, "_LEAST", 7)
            patch.setattr(tasks, "_MOST", 15)
            prepared = asking(**asked)()
            assert written(SweepRun(prepared.task)(Workers())) == whole
            parts = list(prepared.task.parts())
            assert len(parts) > 8
            random.Random(3).shuffle(parts)
            worker, wanted = prepared.task.worker(), prepared.task.wanted
            found = joined([worker(part) for part in parts], wanted.most, wanted.front)
            assert written(SweepRun(prepared.task).recounted(found, Workers())) == whole


def test_processes_give_the_same_bytes(monkeypatch):
    monkeypatch.setattr(tasks, "_LEAST", 100)
    task = asking(pareto=("params", "macs", "field"), required=False)().task
    alone = json.dumps(written(SweepRun(task)(Workers())))
    with workers(2, None) as by:
        assert json.dumps(written(SweepRun(task)(by))) == alone


class Killed(Exception):
    pass


def test_a_killed_sweep_goes_on_to_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(tasks, "_LEAST", 20)
    task = asking(minimize="macs", required=False)().task
    whole = json.dumps(written(SweepRun(task)(Workers())))
    file = str(tmp_path / "state.json")
    count = []

    def told(done):
        count.append(done)
        if len(count) == 5:
            raise Killed

    with pytest.raises(Killed):
        SweepRun(task, told, file)(Workers())
    first = json.loads((tmp_path / "state.json").read_text())
    assert 0 < first["summary"]["candidates"] < task.space.size
    more = []
    assert json.dumps(written(SweepRun(task, more.append, file)(Workers()))) == whole
    assert more[0] == first["summary"]["candidates"]
    other = asking(minimize="params", required=False)().task
    with pytest.raises(ResumeError, match="of another sweep"):
        SweepRun(other, None, file)(Workers())
    state = (tmp_path / "state.json").read_text()
    for changed in (state.replace('"done": ', '"done": 1', 1), state.replace('"kept": ', '"kept": null, "": ', 1)):
        (tmp_path / "state.json").write_text(changed)
        with pytest.raises(ResumeError, match="is not as a sweep wrote it"):
            SweepRun(task, None, file)(Workers())
    for wrong in ("{}", "[" * 100_000, "null", "9" * 5000, ""):
        (tmp_path / "state.json").write_text(wrong)
        with pytest.raises(ResumeError, match=r"no file that a sweep goes on from\Z"):
            SweepRun(task, None, file)(Workers())


def test_a_sample_is_drawn_by_its_seed():
    first, again, other = (swept(sample=40, seed=seed, top=None, required=False) for seed in (1, 1, 2))
    assert first.candidates == 40
    assert first.rows == again.rows != other.rows
    every = swept(sample=10**6, top=None, required=False)
    assert every.candidates == every.space


def test_a_space_too_large_to_walk_is_sampled():
    vary = {"width": "1..1000000", "deep": "0..4", "input": "3x8x8..3x1000x1000"}
    found = swept(vary=vary, sample=300, minimize="params", required=False)
    assert found.candidates == 300
    assert found.space == 1000000 * 5 * 993


def test_summaries_are_written_exactly():
    summary = SweepRun(asking(pareto=("params", "field"), required=False)().task)(Workers())
    assert read(json.loads(json.dumps(written(summary)))) == summary


@pytest.mark.parametrize(("text", "values"), [
    ("1..4", (1, 2, 3, 4)), ("16..64..16", (16, 32, 48, 64)), ("0.25..1..0.25", (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), 1)),
    ("4..1..-1", (4, 3, 2, 1)), ("1,2,2", (1, 2)), ("relu,silu", ("relu", "silu")), ("yes,no,1", (True, False, 1)),
    ("(1, 2),3x3", ((1, 2), (3, 3))), ("1..2,8", (1, 2, 8)), ("2*8..20", (16, 17, 18, 19, 20)), ("1k..3k..1k", (1000, 2000, 3000)),
])  # fmt: skip
def test_ranges(text, values):
    assert values_of("x", text) == values


def test_sixteen_exact_values():
    assert values_of("x", "0.25..1..0.05") == tuple(Fraction(n, 20) if n < 20 else 1 for n in range(5, 21))


@pytest.mark.parametrize(
    "text", ["1..", "..4", "4..1", "1..4..0", "a..b", "0.5..1", "1,,2", "1..2..3..4", "1..10000000"]
)
def test_what_is_no_range(text):
    with pytest.raises(RangeError):
        values_of("x", text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("16:48:8", "16..48..8"), ("16-48", "16..48"), ("16...48", "16..48"), ("16 to 48", "16..48"), ("16…48", "16..48"),
     ("0.5:1:0.1", "0.5..1..0.1"), ("4,16:48", "16..48")],
)  # fmt: skip
def test_a_range_in_the_signs_of_others(text, meant):
    with pytest.raises(RangeError) as raised:
        values_of("w", text)
    assert raised.value.help == f"write 'w={meant}'"


def test_ranges_of_shapes():
    assert shapes_of("input", "3x96x96,3x128x64", "chw") == ((3, 96, 96), (3, 128, 64))
    assert shapes_of("input", "3x8x9..3x12x13..2", "chw") == ((3, 8, 9), (3, 10, 11), (3, 12, 13))
    assert shapes_of("input", "8x8x3,9x9x3", "hwc") == ((3, 8, 8), (3, 9, 9))
    with pytest.raises(RangeError):
        shapes_of("input", "3x8x8..3x10x12", "chw")


@pytest.mark.parametrize("asked", [
    {"minimize": "param"}, {"maximize": "input"}, {"where": "parms < 3"}, {"where": "params <"}, {"pareto": ("params:up",)},
    {"columns": ("output",)}, {"minimize": "macs", "maximize": "width"}, {"vary": {"widht": "1..3"}}, {"vary": {}}, {"where": "params(stm) < 3"},
])  # fmt: skip
def test_what_cannot_be_asked(asked):
    with pytest.raises(AskError) as found:
        asking(**{"vary": VARY, **asked})()
    assert str(found.value)


def test_engines_that_are_none():
    for engine in ("spark:here", "dask", "dask:"):
        with pytest.raises(EngineError), workers(1, engine):
            pass
