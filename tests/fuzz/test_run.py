"""The fuzzer without instrumentation: what it makes reaches all that it should, and finds nothing; some of it each time."""

import re
from random import Random

import pytest

from . import generator, run

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("seed", [11, 12])
def test_nothing_is_found(seed):
    report = run.many(400, seed, show=False)
    assert report.failures == {}
    assert report.sorts.total() == 400
    assert report.sorts.keys() == {sort.__name__ for _, sort in run.SORTS}


def test_an_input_is_the_same_each_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert [run.one(5, number) for number in range(40)] == [run.one(5, number) for number in range(40)]


def test_what_others_missed_is_made():
    """Vectors, tuples in requirements, upsampling before flatten, positions, every option, projects and baselines."""
    random = Random(1)
    specs = "\0".join(generator.spec(random) for _ in range(3000))
    for pattern in (r"input \d+\n", r"reshape 4x4x4", r"require \(\w+(?:\(\w+\))?, ", r"output == \(", r"params\(nope\)",
                    r"(?:upconv|resize)[^\0]*\n(?:crop|take)[^\0]*\n(?:flatten|mean|reshape)", r"require.*field"):  # fmt: skip
        assert re.search(pattern, specs), pattern
    lines = [generator.command(random, "spec.txt", "other.txt") for _ in range(6000)]
    words = {word for line in lines for word in line}
    assert {line[0] for line in lines} >= {
        "shapes",
        "memory",
        "explain",
        "compare",
        "check",
        "diff",
        "fmt",
        "annotate",
        "draw",
        "convert",
        "report",
        "layers",
        "conventions",
        "new",
        "help",
    }
    assert words >= {"--at", "--want", "--without", "--against", "--input", "--set", "--batch", "--columns", "--mlp", "--vary", "--hidden", "--fail-above", "--max-field",
                     "--expect-output", "--layout", "--sort", "--top", "--depth", *generator.FORMATS, *generator.REPORTS}  # fmt: skip
    projects = "".join(generator.project(random) for _ in range(500))
    assert all(word in projects for word in ("specs", "strict", "limits", "variables", "tolerance", "0xfff"))


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda random: {}["x"], "KeyError at"),
        (lambda random: run._printable("\x1b]0;x\x07"), "a control character"),
        (lambda random: run._read_back(["shapes", "--format", "json"], 0, "{"), "JSONDecodeError"),
    ],
)
def test_a_fault_is_reported_by_its_family(monkeypatch, broken, said):
    monkeypatch.setattr(run, "SORTS", ((1.0, broken),))
    report = run.many(3, 1, show=False)
    ((name, numbers),) = report.failures.items()
    assert said in name
    assert numbers == [0, 1, 2]
    assert "3 failures in 1 families" in str(report)


def test_what_takes_too_long_is_a_fault(monkeypatch):
    monkeypatch.setattr(run, "SECONDS", -1.0)
    assert run.many(2, 1, show=False).failures == {"over a second": [0, 1]}


def test_what_outputs_see_is_looked_at_in_every_network():
    from . import invariants

    for text in ("input 64\nfc 10\n", "input 64\nreshape 4x4x4\nconv 3 3\n", "input 3x8x8\nupconv 4 3\ncrop 1\nflatten\nfc 10\n",
                 "input 3@16\nconv 4 3 | relu\n", "input 1x4x4x4\nconv 2 3\n"):  # fmt: skip
        invariants.looked_at(invariants.examined(text))
