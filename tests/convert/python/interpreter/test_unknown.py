"""What is made of what the code does not tell: known where it does not matter, else what is not known: unknown.txt."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from programs import called

from cnncalc.convert.python.faults import Raised, Stop

PRELUDE, _, LINES = Path(__file__).with_name("unknown.txt").read_text("utf-8").partition("\n===\n")
CASES = [line.split(" => ", 1) for line in LINES.splitlines()]


def made_of(expression: str) -> str:
    """What an expression, or statements with a return, give in a function, or what ends that."""
    body = expression if "return" in expression else f"return {expression}"
    try:
        return repr(called(PRELUDE, body.replace(" | ", "\n")))
    except Stop as stop:
        return stop.message
    except Raised as raised:
        return repr((raised.value.cls.name, *raised.value.data))


@pytest.mark.parametrize(("expression", "expected"), CASES)
def test_what_is_not_known(expression: str, expected: str) -> None:
    assert made_of(expression) == expected
