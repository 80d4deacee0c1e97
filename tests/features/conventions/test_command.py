"""--count, and the command that shows the conventions."""

import csv
import io
import json

import pytest

from cnncalc.measure.conventions import CONVENTIONS

pytestmark = pytest.mark.usefixtures("folder")

GAPS = "input 8x16x16\nconv 8 3 | bn | softmax\nrelu\nlocalconv 4 3\n"
SOFT = "input 8x16x16\nconv 8 3 | bn | softmax\n"


def test_columns_and_totals(run):
    result = run("shapes", "@resnet18", "--depth", "1", "--count", "fvcore,thop,macs")
    heads = result.stdout.splitlines()[2].split()
    assert heads == ["layer", "operation", "output", "params", "MACs", "fvcore-0.1.5", "thop-0.1.1"]
    assert result.stdout.endswith(
        "fvcore-0.1.5: 1,819,065,856 MACs\nthop-0.1.1: 1,824,033,792 MACs\nmacs: 1,814,073,344 MACs\n"
    )
    assert "note: not counted by fvcore-0.1.5: maxpool (1 layer) and add (8 layers)\n" in result.stderr
    assert result.exit_code == 0


@pytest.mark.parametrize("form", ["table", "plain", "markdown", "csv"])
def test_what_is_not_counted_is_said_in_every_format(run, spec, form):
    result = run("shapes", spec(SOFT), "--count", "fvcore", "--format", form)
    assert result.stderr == "note: not counted by fvcore-0.1.5: softmax (1 layer)\n"
    assert "fvcore-0.1.5" in result.stdout
    assert run("shapes", "model.txt", "--count", "fvcore", "--format", form, "-q").stderr == ""


def test_csv_has_exact_integers_and_nothing_where_nothing_is_counted(run, spec):
    result = run("shapes", spec(GAPS), "--count", "fvcore,flops", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["fvcore-0.1.5"] for row in rows] == ["112896", "3136", "", "0", ""]
    assert [row["flops"] for row in rows] == ["225792", "0", "0", "0", "82944"]


def test_json(run, spec):
    result = run("shapes", spec(GAPS), "--count", "fvcore,exact", "--format", "json")
    document = json.loads(result.stdout)
    counts = [layer["counts"] for layer in document["layers"]]
    assert [one["fvcore-0.1.5"] for one in counts] == [112_896, 3136, None, 0, None]
    assert document["totals"]["counts"] == {"fvcore-0.1.5": None, "exact": 311_872}
    assert document["uncounted"] == [
        {"convention": "fvcore-0.1.5", "kind": "softmax", "layers": ["softmax1"], "reason": "uncounted"},
        {"convention": "fvcore-0.1.5", "kind": "localconv", "layers": ["localconv1"], "reason": "unknown"},
        {"convention": "exact", "kind": "softmax", "layers": ["softmax1"], "reason": "uncounted"},
    ]
    assert [one["code"] for one in document["diagnostics"]] == ["count-unknown"]
    assert result.stderr == ""
    assert result.exit_code == 2


def test_without_the_option_nothing_of_it_is_there(run, spec):
    document = json.loads(run("shapes", spec(), "--format", "json").stdout)
    assert document["uncounted"] == []
    assert "counts" not in document["totals"]
    assert "counts" not in document["layers"][0]


def test_what_is_unknown_is_an_error_that_names_the_layers(run, spec):
    result = run("shapes", spec(GAPS), "--count", "fvcore")
    assert "error: the number of fvcore-0.1.5 for localconv is not known here: localconv1\n" in result.stderr
    assert "?\n" in result.stdout
    assert result.stdout.endswith("fvcore-0.1.5: MACs unknown\n")
    assert result.exit_code == 2


def test_strict(run, spec):
    assert run("shapes", spec(SOFT), "--count", "fvcore", "--strict").exit_code == 1
    assert run("shapes", spec(SOFT), "--count", "thop", "--strict").exit_code == 0
    assert run("shapes", spec(SOFT), "--count", "fvcore").exit_code == 0


def test_sorted_by_a_count(run, spec):
    result = run("shapes", spec(SOFT), "--count", "thop", "--sort", "thop", "--format", "csv")
    assert [row["layer"] for row in csv.DictReader(io.StringIO(result.stdout))] == ["conv1", "bn1", "softmax1"]


def test_the_batch_is_counted(run, spec):
    result = run("shapes", spec(SOFT), "--count", "fvcore", "--batch", "2", "--format", "json")
    assert json.loads(result.stdout)["totals"]["counts"] == {"fvcore-0.1.5": 2 * 116_032}


def test_an_unknown_name(run, spec):
    result = run("shapes", spec(), "--count", "fvcoer")
    assert "unknown convention 'fvcoer': did you mean 'fvcore'?" in result.stderr
    assert result.exit_code == 2


def test_all_conventions(run):
    result = run("conventions")
    assert list(CONVENTIONS)[:3] == ["macs", "flops", "exact"]
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["convention", *CONVENTIONS]
    assert "| fvcore-0.1.5 " in run("conventions", "--format", "markdown").stdout
    table = run("conventions", "--format", "table", env={"COLUMNS": "100"}).stdout
    assert max(map(len, table.splitlines())) <= 100


def test_one_convention(run):
    text = run("conventions", "thop").stdout
    assert text.startswith("thop-0.1.1   thop 0.1.1.post2209072238, in MACs\n")
    assert "source: https://github.com/Lyken17/pytorch-OpCounter" in text
    assert "softmax                       3 I − rows" in text
    assert "| softmax " in run("conventions", "thop", "--format", "markdown").stdout


def test_conventions_as_json(run):
    document = json.loads(run("conventions", "fvcore", "--format", "json").stdout)
    (one,) = document["conventions"]
    assert {key: one[key] for key in ("name", "tool", "tool_version", "unit")} == {
        "name": "fvcore-0.1.5", "tool": "fvcore", "tool_version": "0.1.5.post20221221", "unit": "MAC"
    }  # fmt: skip
    assert one["counts"]["bn"] == [
        {"when": ["affine"], "state": "counted", "terms": {"I": 2}},
        {"when": [], "state": "counted", "terms": {"I": 1}},
    ]
    assert one["counts"]["softmax"] == [{"when": [], "state": "uncounted", "terms": {}}]
    every = json.loads(run("conventions", "--format", "json").stdout)["conventions"]
    assert [one["name"] for one in every] == list(CONVENTIONS)


def test_an_unknown_convention(run):
    result = run("conventions", "keras")
    assert result.exit_code == 2
    assert "unknown convention 'keras'" in result.stderr


def test_a_terminal_of_80_columns_has_whole_words_and_lines_that_are_read(run):
    """Beside three other columns what is counted would be but some words wide: it stands below them."""
    narrow = run("conventions", "--format", "table", env={"COLUMNS": "80"}).stdout.splitlines()
    assert all(len(line) <= 80 for line in narrow)
    about = [line for line in narrow if line.startswith(" ")]
    assert "Multiply-accumulates of convolutions, dense" in about[0]
    wide = run("conventions", "--format", "table", env={"COLUMNS": "120"}).stdout.splitlines()
    assert "Multiply-accumulates of convolutions, dense" in wide[1]
    assert all(len(line) <= 120 for line in wide)
    words = set(" ".join(run("conventions", "--format", "plain").stdout.split()).split(" "))
    assert {word for line in (*narrow, *wide) for word in line.split()} <= words
