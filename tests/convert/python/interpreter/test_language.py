"""What the interpreter makes of Python, held to Python itself: the programs of programs.txt, one by one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from programs import executed, followed

TEXT = (Path(__file__).parent / "programs.txt").read_text("utf-8")
PROGRAMS = dict(part.split("\n", 1) for part in TEXT.split("=== ")[1:])


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_does_as_python_does(name):
    assert followed(PROGRAMS[name]) == executed(PROGRAMS[name])
