"""The whole text of documents in every format, and on terminals of all widths: what stands in whole.txt."""

import pytest

from render.whole import FILE, answers

RECORDED = dict(answer.split("\n", 1) for answer in FILE.read_text("utf-8").removeprefix("=== ").split("\n=== "))
ANSWERS = dict(answers())


def test_all_are_recorded():
    assert list(RECORDED) == list(ANSWERS)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_text_is_as_recorded(name):
    text = ANSWERS[name]().replace("\x1b", "␛").removesuffix("\n")
    assert text == RECORDED[name].removesuffix("\n")
