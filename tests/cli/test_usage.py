"""A command line that cannot be read is answered with one that can."""

from __future__ import annotations

from pathlib import Path

import pytest

ANSWERS = [
    (["--format", "json", "shapes", "@lenet5"], "'cnncalc shapes FILE --format …'"),
    (["-json", "shapes", "@lenet5"], "'cnncalc shapes FILE --format json'"),
    (["--json", "@lenet5"], "'cnncalc shapes FILE --format json'"),
    (["shapes", "@lenet5", "--columns", "layer", "output"], "--columns layer,output"),
    (["shapes", "@lenet5", "--input", "1", "28", "28"], "--input 1x28x28"),
    (["shapes", "@lenet5", "@alexnet"], "'cnncalc compare'"),
    (["explain", "@lenet5", "conv1", "conv2"], "'cnncalc explain FILE LAYER'"),
    (["explain", "conv1"], "'cnncalc explain FILE conv1'"),
    (["new", "lenet5", "ok.txt"], "'cnncalc new NAME -o FILE'"),
    (["help", "padding"], "'pad=' is an argument of conv"),
    (["help", "stride"], "'stride=' is an argument of conv"),
    (["layers", "BatchNorm"], "did you mean 'bn'?"),
    (["layers", "conb"], "did you mean 'conv'?"),
]


@pytest.mark.parametrize(("arguments", "answer"), ANSWERS, ids=[" ".join(arguments) for arguments, _ in ANSWERS])
def test_a_command_line_is_answered_with_one_that_is_read(run, arguments, answer):
    done = run(*arguments)
    assert done.exit_code == 2
    assert answer in done.stderr
    assert done.stdout == ""


def test_an_option_before_the_command_is_not_likened_to_another(run):
    assert "--version" not in run("--json", "@lenet5").stderr


def test_a_file_without_its_ending_is_found(run):
    Path("ok.txt").write_text("input 1x8x8\nconv 1 3\n")
    assert "did you mean 'ok.txt'?" in run("shapes", "ok").stderr


def test_a_missing_file_is_json_where_json_is_asked_for(run):
    assert '"diagnostics"' in run("explain", "conv1", "--format", "json").stdout


def test_one_number_for_a_shape_is_answered_with_all_of_them(run):
    assert "ask for all, 6x32x32" in run("explain", "@lenet5", "conv1", "--want", "32").stdout
