"""One line a finding."""

import re
import unicodedata

from hypothesis import given

from cnncalc.document.findings import findings
from cnncalc.render import concise
from render.reports import BUSY, FINE, MANY, UNUSED, report, screen, spec

UTF8 = screen()


def test_whole_output():
    assert (
        concise.render(report(BUSY, FINE), UTF8)
        == """\
models/edge.txt:3:27: error: expected 64x56x56, got 64x55x55: floor((112 - 3)/2) + 1 = 55 [expectation-failed]
models/edge.txt:2:1: warning: nothing reads '@x' [unused-tensor]
models/edge.txt:5:1: error: params 5,288,548 is over 5,000,000 by 288,548 (5.8 %) [requirement-failed]
models/edge.txt:1:1: error: macs 700,000,000 is over 600,000,000 by 100,000,000 (16.7 %): --max-macs 600M [requirement-failed]
"""
    )


def test_nothing_for_what_is_fine():
    assert concise.render(report(FINE), UTF8) == ""


def test_what_all_settings_share_is_said_once():
    tried = report(*(spec(UNUSED, settings=f"size={size}") for size in (192, 224)))
    assert concise.render(tried, UTF8) == "models/edge.txt:2:1: warning: nothing reads '@x' [unused-tensor]\n"


def test_what_one_setting_has_names_it():
    tried = report(spec(UNUSED, settings="size=192"), spec(settings="size=224"))
    assert concise.render(tried, UTF8) == (
        "models/edge.txt:2:1: warning: nothing reads '@x' (with size=192) [unused-tensor]\n"
    )


@given(MANY)
def test_a_line_a_finding_whatever_they_hold(some):
    lines = concise.render(some, UTF8).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(findings(some.specs))
    for line in lines:
        assert re.search(r":\d+:\d+: (error|warning|note): .*\[[a-z-]+\]$", line)
        assert not {unicodedata.category(char) for char in line} & {"Cc", "Cs", "Zl", "Zp"}


@given(MANY)
def test_ascii_is_kept_to(some):
    assert concise.render(some, screen("ascii")).isascii()
