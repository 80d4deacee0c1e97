"""Behind a fault nothing is known: people are told so in one row, programs get every layer; sums say what they are at least."""

import csv
import io
import json

import pytest

EARLY = """\
input 3x32x32
stage a:
    conv 8 3 | relu
    conv 8 99 | relu
stage b:
    repeat 40:
        conv 8 3 pad=1 | bn | relu
flatten
fc 10
"""
TOWERS = """\
a = input 3x32x32
b = input 3x16x16
@a | conv 8 99
repeat 5:
    conv 8 3 | relu
l = flatten
@b | conv 8 3 | relu
r = flatten
concat @l
fc 10
"""
COUNT = 2 + 2 + 120 + 2


@pytest.mark.parametrize("form", ["table", "plain", "markdown"])
@pytest.mark.parametrize(
    "options", [(), ("--flat",), ("--sort", "params"), ("--top", "3"), ("--columns", "layer,kind,path")]
)
def test_one_row_for_people(run, spec, form, options):
    result = run("shapes", spec(EARLY), "--format", form, *options)
    assert result.exit_code == 2
    assert "123 layers below: not known" in result.stdout
    rows = result.stdout.partition("layer")[2].splitlines()
    assert len([line for line in rows if line.strip()]) <= 9, result.stdout
    assert "conv2" in result.stdout and "conv3" not in result.stdout


def test_every_layer_for_programs(run, spec):
    rows = list(csv.DictReader(io.StringIO(run("shapes", spec(EARLY), "--format", "csv").stdout)))
    assert len(rows) == COUNT
    document = json.loads(run("shapes", spec(EARLY), "--format", "json").stdout)
    assert len(document["layers"]) == COUNT
    assert document["totals"]["params"] is document["totals"]["macs"] is None
    assert document["totals"]["at_least"] == {"params": 224, "macs": 194400}


def test_what_another_path_gives_is_shown(run, spec):
    out = run("shapes", spec(TOWERS)).stdout
    first = [line.split()[0] for line in out.splitlines()[3:] if line]
    assert first == ["conv1", "11", "conv7", "relu6", "r", "2", "at"]
    assert "11 layers: not known" in out and "2 layers below: not known" in out


def test_totals_are_at_least_what_is_known(run, spec):
    assert (
        "at least 224 parameters   at least 194,400 MACs   at least 388,800 FLOPs" in run("shapes", spec(EARLY)).stdout
    )
    assert "at least 224 parameters" in run("explain", spec(EARLY)).stdout
    assert "no totals" in run("shapes", spec("input 3x8x8\nconv 8 99\nrelu\n")).stdout
    assert "at_least" not in json.loads(run("shapes", "@lenet5", "--format", "json").stdout)["totals"]


def test_sums_of_models_side_by_side(run, spec):
    result = run("compare", spec(EARLY), "@lenet5")
    assert "at least 224" in result.stdout
    models = json.loads(run("compare", spec(EARLY), "@lenet5", "--format", "json").stdout)["models"]
    assert models[0]["totals"]["at_least"] == {"params": 224, "macs": 194400}
    assert "at_least" not in models[1]["totals"]


def test_a_diff(run, spec):
    new = spec(EARLY, "new.txt")
    old = spec(EARLY.replace(" 99", " 9"), "old.txt")
    for pair in ((old, new), (new, old)):
        out = run("diff", *pair).stdout
        assert "124 layers below: not known" in out or "123 layers below: not known" in out
        assert "conv3" not in out
    assert "conv30" in run("diff", old, new, "--all").stdout


def test_a_diff_tells_what_else_was_changed_below(run, spec):
    old = spec(EARLY.replace(" 99", " 9"), "old.txt")
    out = run("diff", old, spec(EARLY.replace("fc 10", "fc 12"), "new.txt")).stdout
    assert "units 10 → 12" in out


def test_a_stage(run, spec):
    out = run("explain", spec(EARLY), "b").stdout
    assert "120 layers below: not known" in out
    assert "1 layer below: not known" in run("explain", spec(EARLY), "a").stdout
