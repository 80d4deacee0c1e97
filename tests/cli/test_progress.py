"""The progress bar."""

import io
import os
import pty
import sys
import time
from contextlib import suppress
from types import SimpleNamespace

import pytest

from cnncalc.cli import progress


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_progress_bar_is_for_terminals_and_for_patience(monkeypatch):
    """By a clock of its own: a busy machine lets a moment last."""
    shown, now = [], [100.0]
    monkeypatch.setattr(progress._Bar, "_show", lambda self: shown.append(self.done))
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def work(wanted):
        with progress.progress("specs", 3, wanted) as advance:
            for seconds in (0.5, 1.0, 1.0):
                now[0] += seconds
                advance()

    monkeypatch.setattr(sys, "stderr", io.StringIO())
    work(True)
    assert shown == [], "not a terminal"
    leader, follower = pty.openpty()
    with open(follower, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        work(True)
        assert shown == [2], "not in the first moment, and not when all is done"
        work(False)
    os.close(leader)
    assert shown == [2], "not wanted"


def everything(leader):
    """What was written to a terminal that is closed: it comes in pieces, and its end is no end of a file on Linux."""
    pieces = []
    with open(leader, "rb", buffering=0) as stream, suppress(OSError):
        while piece := stream.read(1 << 16):
            pieces.append(piece)
    return b"".join(pieces).decode()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_bar_says_what_is_done_and_goes(monkeypatch):
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    leader, follower = pty.openpty()
    with open(follower, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress.progress("specs", 4, True) as advance:
            for _ in range(3):
                time.sleep(0.01)
                advance()
    drawn = everything(leader)
    assert "specs" in drawn
    assert "/4" in drawn
    assert drawn.rstrip().endswith("\x1b[2K"), "what was drawn is wiped out"


def test_without_standard_error_there_is_no_bar(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    with progress.progress("specs", 1, True) as advance:
        assert advance() is None
    with progress.counted("combinations", 1, True) as tell:
        assert tell(1) is None


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_bar_of_a_sweep_has_its_rate(monkeypatch):
    """What an earlier run has done is no part of the rate: 3,000 of 5,000 in a second are done in this one."""
    clock = iter([100.0, 100.5, 102.0, 102.0, 104.0])
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: next(clock, 104.0)))
    leader, follower = pty.openpty()
    with open(follower, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("COLUMNS", "120")
        with progress.counted("combinations", 9000, True) as tell:
            tell(2000)
            tell(5000)
            tell(8000)
    drawn = everything(leader)
    assert "5,000 of 9,000" in drawn
    assert "1,500 a second" in drawn
    assert "8,000 of 9,000" in drawn
    assert "combinations" in drawn
    assert drawn.rstrip().endswith("\x1b[2K"), "what was drawn is wiped out"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_bar_of_a_sweep_is_for_terminals_and_where_it_is_wanted(monkeypatch):
    shown = []
    monkeypatch.setattr(progress._RateBar, "_show", lambda self: shown.append(self.done))
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)
    with progress.counted("combinations", 9, True) as tell:
        tell(3)
    leader, follower = pty.openpty()
    with open(follower, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress.counted("combinations", 9, False) as tell:
            tell(3)
        with progress.counted("combinations", 9, True) as tell:
            tell(4)
            tell(9)
    os.close(leader)
    assert shown == [4], "not when all is done"
