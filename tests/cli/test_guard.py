"""Whatever goes wrong ends in an exit code and a line of text."""

import errno

import click
import pytest

from cnncalc.cli.guard import PipeClosed, Refused, exit_code_of, pipes_told


def raising(error):
    def run():
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, ""),
        (click.Abort(), 130, ""),
        (PipeClosed(), 0, ""),
        (MemoryError(), 2, "error: out of memory"),
        (RecursionError(), 2, "error: this is nested too deeply"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "error: cannot write the output: No space left"),
        (PermissionError(errno.EACCES, "Permission denied", "x.txt"), 2, "error: x.txt: Permission denied"),
        (Refused("no"), 2, "error: no\n"),
        (click.UsageError("Bad word."), 2, "error: bad word\n      = 'cnncalc --help' says how it is used\n"),
        (ValueError("odd"), 2, "error: a bug in cnncalc: ValueError: odd\n"),
    ],
)
def test_every_end(error, code, said, capfd, monkeypatch):
    monkeypatch.setattr("cnncalc.cli.guard.silence", lambda stream: None)
    assert exit_code_of(raising(error)) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith(said)
    assert "Traceback" not in err


def test_a_result_is_the_exit_code():
    assert exit_code_of(lambda: 1) == 1
    assert exit_code_of(lambda: None) == 0


def test_bugs_can_be_traced(monkeypatch):
    monkeypatch.setenv("CNNCALC_TRACEBACK", "1")
    with pytest.raises(ValueError, match="odd"):
        exit_code_of(raising(ValueError("odd")))


def test_closed_pipes_are_told_from_other_faults():
    with pytest.raises(PipeClosed), pipes_told():
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")
    with pytest.raises(OSError, match="full"), pipes_told():
        raise OSError(errno.ENOSPC, "full")
