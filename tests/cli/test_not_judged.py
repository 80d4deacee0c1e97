"""Where the values are not the file's own, what its arrows say is told in one line by every command, in every format."""

import json

import pytest

ARROWS = """\
let width = 16
input 3x32x32
conv width 3 -> 16x30x30
repeat 20:
    conv width 3 pad=1 | relu -> 16x30x30
conv 8 1 -> (8, 30, 30)
flatten -> 7200
fc 10 -> 10
"""
TWO = """\
a = input 3x32x32
b = input 3x32x32
@a | conv 8 3 -> 8x31x31
y = flatten
@b | conv 8 3 -> 8x30x30
flatten -> 7200
concat @y
"""
COMMANDS = [
    ("shapes",), ("memory",), ("explain",), ("explain", "conv1"), ("compare",), ("diff",), ("check",),
]  # fmt: skip


def line(command, file):
    if command[0] == "diff":
        return ["diff", file, file]
    return [command[0], file, *command[1:]]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("options", [("--set", "width=8"), ("--set", "width=8", "--input", "3x64x64")])
def test_one_line(run, spec, command, options):
    result = run(*line(command, spec(ARROWS)), *options)
    said = result.stdout + result.stderr
    assert said.count("note:") - said.count("never read") == said.count("not judged") == 1, said


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_one_diagnostic(run, spec, command):
    """Of the last but one only, whose shape is the file's own at any width."""
    result = run(*line(command, spec(ARROWS)), "--set", "width=8", "--format", "json")
    said = [one["code"] for one in json.loads(result.stdout)["diagnostics"]]
    assert said.count("not-judged") == 1
    assert "expectation-failed" not in said


def test_one_line_for_all_columns(run, spec):
    result = run("compare", spec(ARROWS), "--vary", "width=8,16,32", "--input", "3x64x64", "--input", "3x32x32")
    assert result.stderr.count("not judged") == 1
    assert "with width=8" in result.stderr


def test_what_holds_at_these_values_is_no_news(run, spec):
    result = run("shapes", spec("input 3x32x32\nconv 8 3 pad=1 -> 8x?x?\n"), "--input", "3x64x64")
    assert result.stderr == ""


@pytest.mark.parametrize("command", [("shapes",), ("memory",), ("check",)], ids=" ".join)
def test_what_the_override_does_not_touch_is_judged(run, spec, command):
    result = run(*line(command, spec(TWO)), "--input", "b=3x16x16")
    said = result.stdout + result.stderr
    assert result.exit_code == 1
    assert "error: expected 8x31x31, got 8x30x30" in said
    assert "2 expectations of plain numbers not judged" in said


def test_expressions_that_do_not_hold_are_in_the_same_line(run, spec):
    text = "let w = 4\ninput 3x8x8\nconv w 3 -> (w, 6, 6)\nrelu -> 4x6x6\n"
    result = run("shapes", spec(text), "--input", "3x9x9")
    assert result.exit_code == 0
    assert "1 expectation of plain numbers not judged: the file's own values are others; 1 with variables does not" in (
        " ".join(result.stderr.split())
    )
    assert run("check", spec(text), "--input", "3x9x9").exit_code == 1
    alone = run("shapes", spec("let w = 4\ninput 3x8x8\nconv w 3 -> (w, 6, 6)\n"), "--input", "3x9x9")
    assert alone.exit_code == 0
    assert "1 expectation with variables does not hold at these values" in alone.stderr


def test_an_input_that_the_file_does_not_have(run, spec):
    result = run("shapes", spec("conv 8 3 -> 8x30x30\n"), "--input", "3x64x64")
    assert "at the file's own values no shape is known" in result.stderr
