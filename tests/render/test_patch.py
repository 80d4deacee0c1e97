"""A unified diff: every byte for `patch`, nothing that a terminal obeys for people."""

import pytest

from cnncalc.render.patch import render
from cnncalc.render.text import Charset, Screen

LINES = ["--- a\x1b.txt\n", "+++ b×.txt\n", "@@ -1 +1,2 @@\n", " same\x1b\n", "-old ×\n", "+new\n", "\\ odd\n"]


def test_patch_gets_every_byte_but_for_the_names():
    assert list(render(LINES, Screen())) == ["--- a\ufffd.txt\n", *LINES[1:]]


def test_a_line_without_an_end_is_said_to_have_none():
    assert list(render(["--- a\n", "+++ b\n", "+x"], Screen())) == [
        "--- a\n", "+++ b\n", "+x\n", "\\ No newline at end of file\n",
    ]  # fmt: skip


def test_people_get_colours_and_nothing_to_obey():
    assert list(render(LINES, Screen(color=True))) == [
        "\x1b[1m--- a\ufffd.txt\x1b[0m\n", "\x1b[1m+++ b×.txt\x1b[0m\n", "\x1b[36m@@ -1 +1,2 @@\x1b[0m\n",
        " same\ufffd\n", "\x1b[31m-old ×\x1b[0m\n", "\x1b[32m+new\x1b[0m\n", "\\ odd\n",
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_where_the_encoding_lacks_characters_they_are_replaced(encoding):
    lines = list(render(["--- a\n", "+++ b\n", " 日×\x1b\n"], Screen(charset=Charset(encoding))))
    assert lines[2] == (" ?×?\n" if encoding == "latin-1" else " ?x?\n")
