"""The progress bar."""

import os
import pty
import sys
import time
from contextlib import suppress

import pytest

from cnncalc.cli import progress


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_progress_bar_is_for_terminals_and_for_patience(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(progress._Bar, "_show", lambda self: shown.append(self.done))
    monkeypatch.setattr(progress, "_PATIENCE", 0.01)
    with progress.progress("specs", 3, True) as advance:
        time.sleep(0.02)
        advance()
    assert shown == [], "not a terminal"
    leader, follower = pty.openpty()
    with open(follower, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress.progress("specs", 3, True) as advance:
            advance()
            time.sleep(0.02)
            advance()
            advance()
        with progress.progress("specs", 3, False) as advance:
            time.sleep(0.02)
            advance()
    os.close(leader)
    assert shown == [2], "not in the first moment, and not when all is done"


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
