"""Which arrows are judged at other values than the file's own, and what is said of the others."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.interpret.specification import specification
from tests.helpers import network

SPEC = """\
let w = 8
input 3x32x32
conv w 3 -> 8x30x30
conv 4 3 -> (4, H, 28)
conv 4 3 -> (4, H+1, W)
conv 4 1 -> 4x26x26
conv 4 1 -> 5x26x26
"""
OTHERS = "the file's own values are others"
MANY = f"3 expectations of plain numbers not judged: {OTHERS}"


@pytest.mark.parametrize(
    ("values", "judged", "left", "note", "remark"),
    [
        ({}, [3, 4, 5, 6, 7], [], None, None),
        ({"settings": {"w": "8"}}, [3, 4, 5, 6, 7], [], None, None),
        ({"settings": {"w": "4"}}, [4, 5, 6, 7], [3], f"1 expectation of plain numbers not judged: {OTHERS}",
         f"1 expectation of plain numbers not judged: {OTHERS}; 1 with variables does not hold"),
        ({"inputs": {None: "3x40x40"}}, [4, 5], [3, 6, 7], MANY, f"{MANY}; 2 with variables do not hold"),
        ({"inputs": {None: "3x40x32"}}, [4, 5], [3, 6, 7], MANY, f"{MANY}; 1 with variables does not hold"),
        ({"inputs": {None: "3x2x2"}}, [4, 5], [3, 6, 7], MANY, None),
    ],
)  # fmt: skip
def test_what_is_judged(
    values: dict[str, Any], judged: list[int], left: list[int], note: str | None, remark: str | None
) -> None:
    found = specification(network(SPEC, **values))
    assert [one.span.line for one in found.judged] == judged
    assert [one.span.line for one in found.not_judged] == left
    for one, said in ((found.note(), note), (found.remark(), remark)):
        assert (one and one.message) == said
        assert one is None or (one.span.line, one.severity, one.code) == (left[0], "note", "not-judged")


def test_what_does_not_hold_with_variables_alone() -> None:
    found = specification(
        network("let w = 8\ninput 3x32x32\nconv w 3 -> (w, 29, 30)\n-> (w, 30, 29)", settings={"w": "4"})
    )
    assert found.note() is None
    remark = found.remark()
    assert remark is not None
    assert (remark.message, remark.code, remark.help) == (
        "2 expectations with variables do not hold at these values", "expectation-failed", "a check works it out",
    )  # fmt: skip


def test_where_nothing_is_known_at_the_own_values() -> None:
    found = specification(network("input 3x2x2\nconv 8 3 -> 8x30x30", inputs={None: "3x32x32"}))
    note = found.note()
    assert note is not None
    assert note.message == "1 expectation of plain numbers not judged: at the file's own values no shape is known"
    assert found.remark() is None


UNSAID = "not judged: the shape that 'op X' gives is not said"


@pytest.mark.parametrize(
    ("text", "values", "said", "help"),
    [
        ("input 3x8x8\nop X -> 8x4x4", {}, f"1 expectation {UNSAID}", "say it in its line: 'op X shape=64x28x28'"),
        ("input 3x8x8\nop X\nconv 4 3 -> 4x2x2\nrelu -> (4, 2, 2)", {}, f"2 expectations {UNSAID}",
         "say it in its line: 'op X shape=64x28x28'"),
        ("let w = 4\ninput 3x8x8\nconv w 3 -> 4x6x6\nop X -> (w, 4, 4)", {"settings": {"w": "5"}},
         f"1 expectation of plain numbers not judged: {OTHERS}; 1 expectation {UNSAID}",
         "one with variables, such as '-> (C, size, size)', is judged at any"),
        ("input 3x8x8\nop X shape=8x4x4 -> 8x4x4", {}, None, None),
        # what cannot be understood is why nothing is known behind it
        ("input 3x8x8\nconv 4 9 -> 4x2x2", {}, None, None),
    ],
)  # fmt: skip
def test_behind_an_operator_that_does_not_say_its_shape(
    text: str, values: dict[str, Any], said: str | None, help: str | None
) -> None:
    found = specification(network(text, **values))
    note = found.note()
    assert (note and (note.message, note.help)) == (said and (said, help))
    assert all(one.got for one in found.judged) or said is None
    remarks = [one for one in network(text, **values).diagnostics if one.code == "not-judged"]
    assert len(remarks) == (said is not None)
