"""What is made is bounded: just within the bound it is made, just beyond it is a fault at its place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from programs import called

from cnncalc.convert.python.faults import Stop

#: What is within a bound, what is beyond it, and what is said of that.
BOUNDS = [
    ("2 ** 5000", "2 ** 5001", "number"), ("(-2) ** 5000", "(-2) ** 5001", "number"),
    ("(2 ** 4) ** 2000", "(2 ** 4) ** 2001", "number"), ("2 ** -99999", "3 ** 99999", "number"),
    ("1 << 10000", "1 << 10001", "number"), ("1 << 10000 >> 99999", "0 << 10001", "number"),
    ("(1 << 4999) * (1 << 4999)", "(1 << 4999) * (1 << 5000)", "number"),
    ("[0] * 1000000", "[0] * 1000001", "list or text"), ("1000000 * (0,)", "1000001 * (0,)", "list or text"),
    ("'ab' * 500000", "'ab' * 500001", "list or text"), ("'' * 10 ** 9", "10 ** 9 * 'ab'", "list or text"),
    ("[0] * -(10 ** 9)", "[[0] * 1000] * (10 ** 9)", "list or text"),
    ("[0] * 500000 + [0] * 500000", "[0] * 500000 + [0] * 500001", "list or text"),
    ("'a' * 400000 + 'b' * 600000", "'a' * 400001 + 'b' * 600000", "list or text"),
    ("'%999d' % 1", "'%1000d' % 1", "text"), ("'%5.999f' % 1", "'%5.1000f' % 1", "text"),
    ("'%d%%' % 9999", "'%*d' % (3, 1)", "text"), ("'1000 %s' % 1", "'%-1000s' % 1", "text"),
    ("f'{1:999}'", "f'{1:1000}'", "text"), ("f'{1.5:.999f}'", "f'{1.5:.1000f}'", "text"),
    ("'{:999}'.format(1)", "'{:1000}'.format(1)", "text"), ("format(1, '999')", "format(1, '1000')", "text"),
    ("[[[0] * 900] * 50] == [1]", "[[[0] * 900] * 60] == [1]", "list in lists"),
    ("{((0,) * 900,) * 50}", "{((0,) * 900,) * 60}", "list in lists"),
    ("((0,) * 900,) * 50 in {1: 2}", "((0,) * 900,) * 60 in {1: 2}", "list in lists"),
    ("{'a': [[0] * 900] * 50} != {}", "{'a': [[0] * 900] * 60} != {}", "list in lists"),
    ("{((0,) * 900,) * 50: 1}", "{((0,) * 900,) * 60: 1}", "list in lists"),
]  # fmt: skip


@pytest.mark.parametrize(("within", "beyond", "what"), BOUNDS)
def test_bounds(within: str, beyond: str, what: str) -> None:
    called("", within)
    with pytest.raises(Stop) as stop:
        called("", f"x = 0\n\n{beyond}")
    assert stop.value.message == f"this makes a {what} larger than any model's"
    assert stop.value.code == "python-bound"
    assert stop.value.place is not None
    assert stop.value.place.node.lineno == 5


@pytest.mark.parametrize(
    "code",
    ["x = [0] * 500000\nfor i in range(20): x + x",
     "x = [[0] * 900] * 50\nfor i in range(100): x == []", "while True: pass", "for i in range(10 ** 9): pass",
     "i = iter(range(10 ** 9))\nsum(i)"],
)  # fmt: skip
def test_work_is_bounded(code: str) -> None:
    with pytest.raises(Stop, match=r"this runs for more than 250,000 steps") as stop:
        called("", code)
    assert stop.value.code == "python-bound"
