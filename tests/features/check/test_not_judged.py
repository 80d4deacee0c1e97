"""Expectations of plain numbers are judged at the file's own values, whoever gives these; else it is said how many are not."""

import pytest

SPEC = """\
input 3x32x32
let w = 16
let v = w*2
conv w 3 -> 16x30x31
conv v 3 pad=1 -> 32x30x30
relu -> (v, H, W)
"""


@pytest.mark.parametrize(
    "options",
    [(), ("--input", "3x32x32"), ("--set", "w=16"), ("--set", "v=32"), ("--input", "input=3x32x32", "--set", "w=16")],
)
def test_at_the_file_s_own_values_they_are_judged(run, spec, options):
    result = run("check", spec(SPEC), *options)
    assert result.exit_code == 1
    assert "error: expected 16x30x31, got 16x30x30" in result.stdout
    assert "not judged" not in result.stdout


@pytest.mark.parametrize("options", [("--input", "3x40x40"), ("--set", "w=8")])
def test_at_others_it_is_said_how_many_are_not(run, spec, options):
    result = run("check", spec(SPEC), *options)
    assert result.exit_code == 0
    note = "note: 2 expectations of plain numbers not judged: the file's own values are others"
    assert result.stdout.count(note) == 1


def test_a_file_without_any_is_told_nothing(run, spec):
    assert (
        "not judged" not in run("check", spec("input 3x32x32\nconv 8 3 -> (8, H-2, W-2)"), "--input", "3x40x40").stdout
    )
