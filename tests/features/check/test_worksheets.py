"""A worksheet grades itself: blanks for shapes and for figures, and a score a file."""

import json

SHEET = """\
input 3x32x32
conv 8 3 -> 8x30x30
maxpool 2 -> 8x16x16
conv 4 1 -> ____
flatten
fc 10 -> 10
require params == ____
require macs == 1,000
require params <= 1M
require ____ == output
"""


def test_the_score(run, spec):
    result = run("check", spec(SHEET))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-2:] == ["model.txt: 4 of 7 answered, 2 right", "1 spec, 1 fails, 1 warning"]
    assert result.stdout.count("not answered yet") == 3


def test_it_is_said_of_each_file_and_when_quiet(run, spec):
    files = spec(SHEET, "a.txt"), spec("input 3x8x8\nconv 4 3\nrequire params == ____\n", "b.txt"), "@lenet5"
    lines = run("check", *files, "-q").stdout.splitlines()
    assert lines[-3:-1] == ["a.txt: 4 of 7 answered, 2 right", "b.txt: 0 of 1 answered, 0 right"]
    assert lines[-1].startswith("3 specs, 1 passes, 2 fail")


def test_without_a_blank_there_is_no_score(run, spec):
    done = SHEET.replace("require params == ____\n", "").replace("-> ____", "-> 4x15x15").replace("____", "10")
    assert "answered" not in run("check", spec(done)).stdout


def test_for_programs(run, spec):
    document = json.loads(run("check", spec(SHEET), "--format", "json").stdout)
    (entry,) = document["files"]
    assert entry["worksheet"] == {"questions": 7, "answered": 4, "right": 2}
    assert [one.get("blank", False) for one in entry["requirements"]] == [True, False, False, True]
    assert [one["code"] for one in document["diagnostics"]].count("unanswered") == 3
    assert "worksheet" not in json.loads(run("check", "@lenet5", "--format", "json").stdout)["files"][0]


def test_junit_has_each_question(run, spec):
    out = run("check", spec(SHEET), "--format", "junit").stdout
    assert 'name="line 7: require params == ____"' in out
    assert 'errors="0"' in out


def test_other_commands_pass_over_a_blank(run, spec):
    result = run("shapes", spec(SHEET.replace("8x16x16", "8x15x15")))
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_blank_in_a_spec_with_a_fault(run, spec):
    result = run("check", spec("input 3x8x8\nconv 4 99\nrequire params == ____\nrequire params(nothing) == ____\n"))
    assert result.exit_code == 2
    assert "not answered yet" in result.stdout and "no line, stage or head is called 'nothing'" in result.stdout
