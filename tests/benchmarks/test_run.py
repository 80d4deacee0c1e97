"""The command itself, and what it makes of its runs."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig

import pytest

from benchmarks import many_specs, networks, peer_chains, report, scale
from benchmarks.bench import HERE, Bench
from benchmarks.figures import Spread
from benchmarks.networks import Beside
from benchmarks.timing import Measure

SCRIPTS = sysconfig.get_path("scripts")


def run(*words):
    command = [sys.executable, HERE / "run.py", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.skipif(os.name != "posix" or not shutil.which("cnncalc", path=SCRIPTS), reason="needs cnncalc and POSIX")
def test_start_up(tmp_path):
    """Printed and written alike; which targets are met is no matter here."""
    result = run("--only", "startup", "--rounds", 1, "--json", tmp_path / "out.json")
    assert result.returncode == 0, result.stderr
    document = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert len(document["targets"]) == 4
    assert all(one["measured"]["median"] > 0 for one in document["targets"])
    for one in document["targets"]:
        assert f"| {one['promise']} | {report.figure(one['measured']['median'], '×')} (" in result.stdout
    (table,) = document["tables"]
    assert f"### {table['title']}\n" in result.stdout
    assert table["rows"][0]["× interpreter"]["median"] == 1.0


@pytest.mark.parametrize(
    "words", [("--rounds", 0), ("--only", "nothing"), ("--write", "--quick"), ("--write", "--only", "warm")]
)
def test_words_that_mean_nothing(words):
    result = run(*words)
    assert result.returncode == 2
    assert result.stdout == ""


def size(layers, seconds, peak=10**7):
    one = [Measure(seconds, seconds, peak)]
    return scale.Size(layers, {"bare": one, "cnncalc": one}, 10**7)


def test_growth_is_that_of_the_time_above_start_up():
    sizes = (100, 1_000, 10_000, 100_000, 1_000_000)
    # The time of a chain of none is 5 s; 100 layers more take next to nothing.
    assert scale.growth(sizes, [5 + 1e-5 * (n - 100) for n in sizes]) == pytest.approx(1, abs=0.01)
    assert scale.growth(sizes, [5 + 1e-9 * (n * n - 100 * 100) for n in sizes]) == pytest.approx(2, abs=0.01)
    assert scale.growth(sizes, [5.0] * 5) is None


def test_memory_is_that_above_the_interpreter():
    found = size(1_000, 1.0, 10**7 + 2_000_000)
    assert found.bytes == 2_000
    assert [target.met for target in scale.promises([size(100, 1.0), size(10_000, 1.1), size(100_000, 2.0, 10**9)],
                                                    scale.chains.five)] == [True, True, False]  # fmt: skip


def test_peers_grow_from_their_shortest_chain():
    points = [peer_chains.Point(n, 2 + (n - 100) * 1e-3, 1000 + 8 * n) for n in (100, 1_000, 10_000)]
    slope, each = peer_chains._growth(points)
    assert slope == pytest.approx(1, abs=0.05)
    assert each == 8


def test_the_least_ratio_is_what_counts():
    three, four, two = (Spread(value, value, value) for value in (3.0, 4.0, 2.0))
    rows = {
        "a": {"onnx": Beside(three, three), "fvcore": Beside(None, None, "fails")},
        "b": {"onnx": Beside(two, two), "fvcore": Beside(four, four)},
    }
    assert networks._least(rows, ["onnx"]) == (two, "least: onnx on b")
    assert networks._least(rows, ["fvcore"]) == (four, "least: fvcore on b")
    assert networks._least(rows, []) == (None, "")


def test_specs_take_turns_and_both_sides_check_the_same(tmp_path, monkeypatch):
    """Whatever the ratio is: it is of processor time, of runs that ended well."""
    monkeypatch.setattr(many_specs, "QUICK_SPECS", 40)
    part = many_specs.run(Bench(sys.executable, "", tmp_path, 2, quick=True))
    (target,) = part.targets
    assert 0 < target.measured.median < 20
    assert len(list((tmp_path / "specs").rglob("*.txt"))) == 40
    loop, check = part.tables[0].rows
    assert target.measured.median == pytest.approx(check[1].median / loop[1].median, rel=0.5)
