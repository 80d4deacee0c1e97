"""`--specs-only`: of the files that a hook names, those that are specs."""

import json

import pytest

NET = "input 3x8x8\nconv 4 3\n"
BROKEN = "input 3x8x8\nconv  4 3   -> 4x8x8\n"


@pytest.fixture(autouse=True)
def files(folder):
    for name, text in (("net.txt", NET), ("broken.txt", BROKEN), ("requirements.txt", "click>=8\n"), ("notes.txt", "")):
        (folder / name).write_text(text)


def test_check_leaves_others_out(run):
    result = run("check", "--specs-only", "requirements.txt", "net.txt", "notes.txt")
    assert (result.exit_code, result.stdout) == (
        0,
        "2 other .txt files have no line that starts with 'input', 'use' or 'block'\n1 spec, 1 passes\n",
    )
    assert run("check", "--specs-only", "requirements.txt", "broken.txt").exit_code == 1
    assert run("check", "requirements.txt").exit_code == 2


def test_check_of_others_only_is_fine(run):
    result = run("check", "--specs-only", "requirements.txt")
    assert (result.exit_code, result.stdout) == (
        0,
        "1 other .txt file has no line that starts with 'input', 'use' or 'block'\n0 specs\n",
    )
    document = json.loads(run("check", "--specs-only", "requirements.txt", "--format", "json").stdout)
    assert (document["files"], document["skipped"]) == ([], 1)


@pytest.mark.parametrize("command", ["check", "fmt"])
def test_a_file_that_is_not_there_is_still_a_fault(run, command):
    assert run(command, "--specs-only", "nosuch.txt").exit_code == 2


def test_fmt_leaves_others_as_they_are(run, folder):
    result = run("fmt", "--specs-only", "requirements.txt", "broken.txt")
    assert result.exit_code == 0
    assert (folder / "requirements.txt").read_text() == "click>=8\n"
    assert (folder / "broken.txt").read_text() != BROKEN
    assert run("fmt", "--specs-only", "requirements.txt").exit_code == 0
    assert run("fmt", "requirements.txt").exit_code == 2
