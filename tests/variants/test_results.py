"""What is left of many candidates: fronts, densities, summaries that are joined, columns; and how the work is dealt out."""

import json
import random
import sys
from fractions import Fraction
from math import log2
from types import SimpleNamespace

import numpy as np
import pytest

from cnncalc.diagnostics import Source
from cnncalc.interpret.build import Spec
from cnncalc.measure.measurements import Measurements
from cnncalc.measure.result import analyze
from cnncalc.variants import summary
from cnncalc.variants.asking import Asking, SweepRequest
from cnncalc.variants.density import density
from cnncalc.variants.fronts import front
from cnncalc.variants.result import SweepResult
from cnncalc.variants.running import SweepRun, Workers
from cnncalc.variants.summary import CandidateRow, Cause, Summary, joined, merged_rows, on_front_of, read, written

TEXT = "let n = 2\nlet m = 2\ninput 3x8x8\nconv n 3 | conv m 3\nif n == m:\n    conv 1 9"


def asking(text=TEXT, vary=None, folder=None, **asked):
    request = SweepRequest({"n": "1..9", "m": "1..6"} if vary is None else vary, **asked)
    return Asking(Source("net.txt", text), folder, request, {}, {}, 10**6, "net.txt")


def swept(*given, **asked):
    prepared = asking(*given, **asked)()
    return SweepResult(prepared, SweepRun(prepared.task)(Workers()))


# --- fronts -----------------------------------------------------------------------------------------


def by_brute_force(points):
    return [
        place for place, one in enumerate(points)
        if not any(all(a <= b for a, b in zip(other, one, strict=True)) and tuple(other) != tuple(one) for other in points)
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [np.int64, object])
@pytest.mark.parametrize(
    ("count", "numbers", "most"), [(0, 2, 3), (1, 1, 5), (60, 1, 9), (80, 2, 12), (90, 3, 6), (60, 4, 3), (200, 2, 40)]
)
def test_fronts(kind, count, numbers, most):
    chance = random.Random(count)
    points = np.array([[chance.randrange(most) for _ in range(numbers)] for _ in range(count)], dtype=kind).reshape(
        count, numbers
    )
    assert front(points).tolist() == by_brute_force(points.tolist())


def test_fronts_of_many(monkeypatch):
    monkeypatch.setattr("cnncalc.variants.fronts._SAMPLE", 10)
    chance = random.Random(5)
    for spread in (20, 1000):
        points = np.array([[chance.randrange(spread) for _ in range(3)] for _ in range(150)], dtype=np.int64)
        assert front(points).tolist() == by_brute_force(points.tolist())


# --- how many have about the same numbers -----------------------------------------------------------


def test_density():
    prepared = asking(columns=("params", "macs"), required=False)()
    task = prepared.task
    worker = task.worker()
    found = density(worker, list(task.parts()), (0, 1))
    expected, spec = {}, Spec(Source("net.txt", TEXT), None)
    for index in range(task.space.size):
        network = spec.network(settings=task.space.settings(index), checked=False)
        if any(one.severity == "error" for one in network.diagnostics):
            continue
        measured = Measurements(analyze(network))
        cell = tuple(int(log2(measured(name)) * 64 // 1) for name in ("params", "macs"))
        expected[cell] = expected.get(cell, 0) + 1
    assert found == expected
    assert sum(found.values()) == 54 - 6
    unknown = asking(
        "let n = 1\ninput 1x8x8\nop Warp shape=1x2x2\nconv n 1", {"n": "1..3"}, columns=("params", "layers")
    )().task
    assert density(unknown.worker(), list(unknown.parts()), (0, 1)) == {}
    empty = asking("let n = 1\ninput 1x8x8\nrelu", {"n": "1..3"}, columns=("params", "layers"))().task
    assert density(empty.worker(), list(empty.parts()), (0, 1)) == {(0, 0): 3}


# --- summaries --------------------------------------------------------------------------------------


def row(first, rank, digest, many=1):
    return CandidateRow(first, many, (rank,), (rank,), digest)


def cause(many, first, message="wrong"):
    return Cause(many, first, message, 1, "code")


def test_rows_of_equal_networks_are_one():
    rows = [row(9, 2, "a", 2), row(3, 2, "a"), row(4, 1, "b"), row(1, 5, "c"), row(8, 1, "a", 4), row(2, 1, "b", 3)]
    assert merged_rows(rows) == [row(2, 1, "b", 4), row(8, 1, "a", 7), row(1, 5, "c")]


def test_summaries_as_one():
    one = Summary(5, 4, 3, (row(0, 1, "a"), row(1, 3, "b")), {"x": cause(2, 7), "y": cause(1, 3)}, (9,))
    other = Summary(7, 6, 5, (row(9, 2, "c"), row(8, 3, "b", 2)), {"x": cause(4, 5, "first"), "z": cause(3, 1)}, None)
    made = joined([one, other], 2, False)
    assert made == Summary(
        12, 10, 8, (row(0, 1, "a"), row(9, 2, "c")), {"x": cause(6, 5, "first"), "y": cause(1, 3), "z": cause(3, 1)}, (3,)
    )  # fmt: skip
    assert joined([one, other], 3, False).rows == (row(0, 1, "a"), row(9, 2, "c"), row(1, 3, "b", 3))
    assert joined([one, other], 3, False).cut == joined([one, other], None, False).cut == (9,)
    assert joined([other, other._replace(rows=())], 3, False).cut is None
    assert joined([one], 2, False) is one
    assert joined([one], None, False) is one
    assert joined([one], 1, False) == one._replace(rows=one.rows[:1], cut=(3,))
    assert joined([], 3, False) == Summary()
    both = joined([one, other._replace(cut=(4,))], 2, True)
    assert (both.rows, both.cut) == ((row(0, 1, "a"),), (4,))


def test_so_many_causes_are_told_apart(monkeypatch):
    monkeypatch.setattr(summary, "MOST_CAUSES", 2)
    parts = [Summary(causes={name: cause(1, place)}) for place, name in enumerate("abcab")]
    assert joined(parts, None, False).causes == {"a": cause(2, 0), "b": cause(2, 1)}


def test_so_many_rows_are_on_a_front(monkeypatch):
    rows = [CandidateRow(place, 1, (), (place, 10 - place), str(place)) for place in range(10)]
    assert on_front_of(rows) == rows
    assert on_front_of([]) == []
    huge = [one._replace(rank=(one.rank[0] * 2**62, one.rank[1] * 2**62)) for one in rows]
    assert on_front_of([*huge, huge[3]._replace(rank=(2**70, 2**70))]) == huge
    parts = [one._replace(rank=(Fraction(one.rank[0], 3), one.rank[1])) for one in rows]
    assert on_front_of([*parts, parts[3]._replace(rank=(Fraction(4, 3), 9))]) == parts
    monkeypatch.setattr(summary, "MOST_ON_FRONT", 4)
    assert on_front_of(rows) == rows[:4]


def test_summaries_in_json_and_back():
    rows = (CandidateRow(3, 2, (1, None, (3, 4), Fraction(1, 3)), (2**70, Fraction(5, 2)), "d"),)
    whole = Summary(9, 8, 7, rows, {"k": Cause(1, 2, "m", None, "c")}, (Fraction(1, 2), 3))
    assert read(json.loads(json.dumps(written(whole)))) == whole
    assert written(whole)["rows"] == [[3, 2, [1, None, [3, 4], "1/3"], [2**70, "5/2"], "d"]]
    assert read(written(Summary())) == Summary()


# --- columns ----------------------------------------------------------------------------------------


def test_columns():
    found = swept("let w = 4\nlet act = relu\ninput 3x9x9\nconv w 3 | act | gavgpool | fc 2",
                  {"w": "4,8,12", "act": "relu,elu"}, columns=("params", "field"))  # fmt: skip
    assert (repr(found), len(found), found.variables, found.measures) == (
        "<SweepResult: 6 of 6 kept, 6 rows>", 6, ["w", "act"], ["params", "field"]
    )  # fmt: skip
    assert [(found[name].dtype.kind, found[name].tolist()) for name in ("w", "act", "params", "field")] == [
        ("i", [4, 8, 12] * 2), ("U", ["relu"] * 3 + ["elu"] * 3), ("i", [122, 242, 362] * 2), ("O", [9] * 6),
    ]  # fmt: skip
    with pytest.raises(KeyError, match="no column 'x': there are w, act, params, field"):
        found["x"]


def test_columns_of_other_numbers():
    found = swept("let r = 0.5\nlet b = yes\nlet n = 3\ninput 3x8x12\nconv 4 3x1\nif b:\n    relu\nconv n 1",
                  {"r": "0.5,1", "b": "yes,no", "n": [2**70, 3]}, columns=("params", "field"))  # fmt: skip
    assert [(found[name].dtype.kind, found[name].tolist()) for name in ("r", "b", "n", "params", "field")] == [
        ("f", [0.5] * 4), ("O", [True, True, False, False]), ("O", [2**70, 3] * 2), ("O", [5 * 2**70 + 40, 55] * 2), ("O", [(3, 1)] * 4),
    ]  # fmt: skip
    assert swept("let n = 3\ninput 1x4x4\nconv n 9", {"n": "1,2"})["params"].tolist() == []
    assert swept("let n = 3\ninput 1x4x4\nconv n 1", {"n": [2**63 // 2 - 1, 2**62]})["n"].dtype == np.int64
    assert swept("let n = 3\ninput 1x4x4\nconv n 1", {"n": [1, 2**63]})["n"].dtype == object


def test_data_frames():
    pandas = pytest.importorskip("pandas")
    frame = swept().to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == ["n", "m", "params", "macs", "peak"]


def test_causes_come_by_how_many_they_are_of():
    found = swept(
        "let n = 1\ninput 1x4x4\nif n < 3:\n    conv 1 9\nelif n > 4:\n    conv 1 7\nconv 1 1 groups=n", {"n": "1..10"}
    )
    assert [(one.many, one.first, one.line) for one in found.causes] == [(6, 4, 6), (2, 0, 4), (2, 2, 7)]


def test_the_first_cause_is_that_of_all_that_decide_otherwise():
    text = "let k = 1\nlet s = 1\ninput 1x4x4\nif s > 2:\n    relu\nconv 1 k"
    for steps, first in (("5..1..-1", 4), ("1..5", 4)):
        found = swept(text, {"s": steps, "k": "1..9"})
        assert [(one.many, one.first, one.line) for one in found.causes] == [(25, first, 6)]
        assert found.causes[0].message.startswith("the 5x5 window does not fit its 4x4 input")


def test_columns_of_whole_numbers_and_others():
    found = swept("let r = 1\ninput 1x4x4\nconv ceil(8*r) 1", {"r": "0.5,1,2"}, columns=("params",))
    assert (found["r"].dtype.kind, found["r"].tolist(), found["params"].tolist()) == ("f", [0.5, 1.0, 2.0], [8, 16, 32])


def test_a_data_frame_has_the_columns_as_lists(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=dict))
    assert swept("let n = 1\ninput 1x4x4\nconv n 1", {"n": "1,2"}, columns=("params",)).to_pandas() == {
        "n": [1, 2],
        "params": [2, 4],
    }
