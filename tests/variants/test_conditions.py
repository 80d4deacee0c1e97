"""Conditions on many candidates at once keep those of which they hold, one by one; what stops the next one up is told."""

from fractions import Fraction
from functools import cache

import pytest

from cnncalc.diagnostics import Source
from cnncalc.interpret.build import Spec
from cnncalc.measure.measurements import Measurements
from cnncalc.measure.result import analyze
from cnncalc.variants.asking import Asking, SweepRequest
from cnncalc.variants.result import Hindrance, SweepResult, what_stops
from cnncalc.variants.running import SweepRun, Workers

TEXT = """let n = 3
let k = 3
let r = 0.5
let act = relu
let flag = yes
input 1x12x20
a = conv n k | act
b = conv 2*n 3x1 stride=2
stage tail:
    gavgpool | fc n+1
"""
VARY = {"n": "1..6", "k": "1..5", "r": "0.5,1,1.5", "act": "relu,elu", "flag": "yes,no"}


def asking(text=TEXT, vary=VARY, **asked):
    return Asking(Source("net.txt", text), None, SweepRequest(vary, **{"top": None, **asked}), {}, {}, 10**6, "net.txt")


def swept(where, **asked):
    prepared = asking(where=where, **asked)()
    return SweepResult(prepared, SweepRun(prepared.task)(Workers()))


class Numbers(dict):
    """What a condition of the tests looks at: measures, and the values that are varied."""

    __getattr__ = dict.__getitem__


@cache
def every():
    found, spec = [], Spec(Source("net.txt", TEXT), None)
    space = asking()().task.space
    for settings in map(space.settings, range(space.size)):
        network = spec.network(settings=settings, checked=False)
        measured = Measurements(analyze(network))
        numbers = {name: measured(name) for name in ("params", "macs", "peak", "depth", "layers")}
        numbers |= {
            "field": tuple(measured("field")),
            "stem": tuple(measured("field", "a")),
            "out": measured("output"),
            "b": measured("output", "b"),
        }
        found.append((settings, Numbers({**settings, **numbers, "tail": measured("params", "tail")})))
    return found


CONDITIONS = {
    "params <= 100": lambda m: m.params <= 100,
    "params < 2*macs and peak > 900 or depth == 9": lambda m: m.params < 2 * m.macs and m.peak > 900,
    "not params <= 100": lambda m: m.params > 100,
    "not (params <= 100 or k == 2)": lambda m: m.params > 100 and m.k != 2,
    "n == k": lambda m: m.n == m.k, "n != k": lambda m: m.n != m.k, "n < k and k < 5": lambda m: m.n < m.k < 5,
    "n >= k+1 or n <= k-2": lambda m: m.n >= m.k + 1 or m.n <= m.k - 2,
    "n*r > 3": lambda m: m.n * m.r > 3, "n*r == k": lambda m: m.n * m.r == m.k, "n/k >= r": lambda m: m.n >= m.r * m.k, "r < 1": lambda m: m.r < 1,
    "r == 3/2 or n == 1": lambda m: m.r == Fraction(3, 2) or m.n == 1, "max(n, k) - min(n, k) == 1": lambda m: abs(m.n - m.k) == 1,
    "output == n+1": lambda m: True, "output == 3": lambda m: m.n == 2, "output != 3": lambda m: m.n != 2, "3 == output": lambda m: m.n == 2,
    "output(b) == 4x5x10": lambda m: m.b == (4, 5, 10), "output(b) == 4x?x10": lambda m: (m.b[0], m.b[2]) == (4, 10), "output(b) != 4x5x10": lambda m: m.b != (4, 5, 10),
    "output(b) == 4x5": lambda m: False, "output(b) != 4x5": lambda m: True, "output(a) != output(b)": lambda m: True, "output(b) == 2*n": lambda m: False,
    "field(a) == k": lambda m: True, "field(a) == 3x3": lambda m: m.k == 3, "field(a) != 3": lambda m: m.k != 3, "field(b) > field(a)": lambda m: False,
    "field(b) >= field(a)": lambda m: True, "field(b) == 5x3": lambda m: m.k == 3, "field(b) != 5x3": lambda m: m.k != 3, "field(b) > 4x2": lambda m: m.k > 2,
    "field(b) < 6": lambda m: m.k < 4, "5 > field(a)": lambda m: m.k < 5, "2*field(a) == 6": lambda m: m.k == 3, "field(a) > r*2": lambda m: m.k > 2 * m.r,
    "flag": lambda m: m.flag, "not flag": lambda m: not m.flag, "flag and n > 2": lambda m: m.flag and m.n > 2, "flag == yes or n == 1": lambda m: m.flag or m.n == 1,
    "params(tail) >= 30": lambda m: m.tail >= 30, "params - params(tail) == 2*params(tail)": lambda m: m.params == 3 * m.tail,
    "yes": lambda m: True, "no": lambda m: False, "yes and params > 100 and yes": lambda m: m.params > 100, "no or params > 100 or no": lambda m: m.params > 100,
    "yes or params > 100": lambda m: True, "no and params > 100": lambda m: False, "params > 0": lambda m: True, "params >= 1 and macs <= 0": lambda m: False,
}  # fmt: skip


@pytest.mark.parametrize("where", CONDITIONS)
def test_the_candidates_that_are_kept(where):
    expected = sum(bool(CONDITIONS[where](numbers)) for _, numbers in every())
    found = swept(where, required=False)
    assert found.kept == expected
    assert sum(found.counts) == expected
    assert found.possible == found.space == len(every())
    for row in found.rows:
        matching = [numbers for settings, numbers in every() if all(settings[name] == row[name] for name in VARY)]
        assert CONDITIONS[where](matching[0])


@pytest.mark.parametrize(("where", "message"), [
    ("output < 10", "a shape takes == and !=, not '<'"), ("field == 3x3x3", "a field has # numbers here, or one for all axes"), ("field > act", "a field has # numbers here, or one for all axes"),
    ("flag == field", "a field has # numbers here, or one for all axes"), ("n == act", "unknown name 'relu'"), ("act < n", "'<' compares numbers, not the word 'relu'"), ("n > flag", "'>' compares numbers, not the flag yes"), ("act", "a condition is yes or no, not the word 'relu'"), ("act and n > 1", "a condition is yes or no, not the word 'relu'"),
    ("field+1 > 3", "this is no single number: compare it as it is"), ("n > 2 and output > 3", "a shape takes == and !=, not '>'"),
])  # fmt: skip
def test_conditions_that_cannot_be_answered(where, message):
    found = swept(where, vary={"n": "1..3"})
    assert (found.possible, found.kept) == (0, 0)
    assert {one.message.replace("2", "#") for one in found.causes} == {f"in a condition: {message}"}


def test_what_is_not_known_keeps_no_candidate():
    text = "let n = 2\ninput 3x8x8\nop Warp shape=4x4x4\nconv n 3"
    assert [swept(where, text=text, vary={"n": "1..4"}).kept for where in
            ("params > 0", "params <= 0", "not params > 0", "params > 0 or n > 2", "params > 0 and n > 2", "n > 2 or params > 0", "not (params > 0 and n > 2)", "layers > 0")
            ] == [0, 0, 0, 2, 0, 2, 2, 4]  # fmt: skip


def test_a_requirement_with_a_blank_asks_for_nothing():
    found = swept(
        None, text="let n = 2\ninput 3x8x8\nconv n 3\nrequire params <= ____\nrequire params <= 100", vary={"n": "1..4"}
    )
    assert (found.possible, found.kept) == (4, 3)


@pytest.mark.parametrize("where", ["params <= 100 and n != 3", "not params*k > 99 or n == k", "output == 3"])
def test_a_condition_builds_no_more_networks(where):
    counts = []
    for asked in (None, where):
        task = asking(where=asked, vary={"n": "1..6", "k": "1..5"})().task
        worker = task.worker()
        assert sum(worker(part).candidates for part in task.parts()) == 30
        counts.append(worker.tracer.count)
    assert counts[0] == counts[1]


# --- what stops the next one ------------------------------------------------------------------------

NEXT = """let w = 8
let d = 2
input 3x16x16
stage stem:
    conv w 3 | relu
repeat d:
    conv w 3 pad=1
stage tail:
    gavgpool | fc 10
require params <= 2k  # at most
require depth < 9
"""


def stopped(text=NEXT, vary=None, **asked):
    made = asking(text, vary or {"w": "4..24..4"}, **{"top": 20, **asked})
    prepared = made()
    return what_stops(made, prepared, SweepRun(prepared.task)(Workers()))


@pytest.mark.parametrize(("asked", "settings", "hindrances"), [
    ({"maximize": "w", "where": "params < 1000"}, {"w": 8}, [("params < 1000", 1482, "<", 1000)]),
    ({"maximize": "w"}, {"w": 12}, [("params <= 2k", 3082, "<=", 2000)]),
    ({"maximize": "w", "required": False, "where": "macs <= 300k"}, {"w": 12}, [("macs <= 300k", 571_656, "<=", 300_000)]),
    ({"minimize": "w", "where": "params > 1000"}, {"w": 4}, [("params > 1000", 458, ">", 1000)]),
    ({"minimize": "params", "where": "macs > 100k"}, {"w": 4}, [("macs > 100k", 77_656, ">", 100_000)]),
    ({"minimize": "macs", "where": "  w>=12 ", "required": False}, {"w": 8}, [("w>=12", 8, ">=", 12)]),
    ({"maximize": "params(stem)", "where": "params < 1000"}, {"w": 8}, [("params < 1000", 1482, "<", 1000)]),
    ({"maximize": "params", "where": "params(tail) < 100 and not macs > 300k"}, {"w": 12},
     [("params(tail) < 100", 130, "<", 100), ("not macs > 300k", None, "", None), ("params <= 2k", 3082, "<=", 2000)]),
    ({"maximize": "w", "where": "(params < 500 or macs < 9)"}, {"w": 8}, [("(params < 500 or macs < 9)", None, "", None)]),
    ({"maximize": "d", "vary": {"d": "0..30"}, "where": "depth < 20"}, {"d": 3}, [("params <= 2k", 2066, "<=", 2000)]),
    ({"maximize": "depth", "vary": {"d": "0..30"}, "required": False, "where": "depth < 20"}, {"d": 18}, [("depth < 20", 20, "<", 20)]),
    ({"maximize": "w", "vary": {"w": "4..24..4", "d": "1..3"}, "where": "params < 1000"}, {"w": 12, "d": 1}, [("params < 1000", 1774, "<", 1000)]),
])  # fmt: skip
def test_what_stops_the_next_one(asked, settings, hindrances):
    found = stopped(**asked)
    assert (dict(found.settings), list(found.hindrances), found.fault) == (
        settings,
        [Hindrance(*one) for one in hindrances],
        "",
    )


@pytest.mark.parametrize("asked", [
    {}, {"pareto": ("params", "macs")}, {"maximize": "w", "where": "params < 0"}, {"maximize": "w", "required": False}, {"minimize": "w"},
    {"minimize": "macs"}, {"maximize": "macs", "required": False}, {"maximize": "macs", "where": "params < 1000", "sample": 4, "seed": 1},
])  # fmt: skip
def test_where_nothing_stops_it(asked):
    assert stopped(**asked) is None


def test_a_fault_stops_it():
    found = stopped("let n = 2\ninput 3x9x9\nconv 4 n stride=2\nconv 4 n", {"n": "1..8"}, maximize="n")
    assert (found.settings, found.hindrances) == ({"n": 4}, ())
    assert found.fault == "the 4x4 window does not fit its 3x3 input: floor((3 - 4 + 2*0)/1) + 1 = 0"


def test_a_space_too_large_for_another_walk(monkeypatch):
    monkeypatch.setattr("cnncalc.variants.result._MOST_WALKED", 6)
    assert stopped(maximize="macs", where="params < 1000") is not None
    monkeypatch.setattr("cnncalc.variants.result._MOST_WALKED", 5)
    assert stopped(maximize="macs", where="params < 1000") is None
    assert stopped(maximize="w", where="params < 1000") is not None


def test_numbers_of_the_batch_and_type_that_were_asked_for():
    for asked, peak in (({}, 12_544), ({"batch": 3}, 37_632), ({"dtype": "float64"}, 25_088)):
        assert stopped(maximize="w", where=f"peak < {peak}", required=False, **asked).hindrances == (
            Hindrance(f"peak < {peak}", peak, "<", peak),
        )
