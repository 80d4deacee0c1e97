"""Annotations, read back as GitHub's runner reads them."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.cli.paths import repository
from cnncalc.diagnostics import ERROR, NOTE, WARNING, Diagnostic
from cnncalc.document.findings import findings
from cnncalc.render import github
from cnncalc.render.faults import sentences
from render.reports import BUSY, FINE, MANY, UNKNOWN, report, screen, spec

UTF8 = screen()


def parsed(line):
    """The command, properties and data of a line, by the rules of the runner.

    Written anew after actions/runner, src/Runner.Common/ActionCommand.cs, `TryParseV2`: a line that starts with `::`,
    up to the next `::` the command, a blank, and properties cut at commas and at their first `=`; references are
    replaced one sort after another, `%25` last.
    """
    line = line.lstrip()
    assert line.startswith("::")
    end = line.index("::", 2)
    command, _, properties = line[2:end].partition(" ")
    found = {}
    for pair in filter(None, properties.strip().split(",")):
        name, sign, value = pair.partition("=")
        if sign and value:
            for char, code in (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25")):
                value = value.replace(code, char)
            found[name] = value
    data = line[end + 2 :]
    for char, code in (("\r", "%0D"), ("\n", "%0A"), ("%", "%25")):
        data = data.replace(code, char)
    return command, found, data


def commands(some):
    text = github.render(some, UTF8)
    assert text == "" or text.endswith("\n")
    return [parsed(line) for line in text.split("\n")[:-1]]


def test_whole_output():
    assert github.render(report(BUSY, spec(UNKNOWN), FINE), UTF8) == (
        "::error file=models/edge.txt,line=3,endLine=3,col=1,endColumn=8,title=cnncalc%3A unknown-layer::"
        "unknown layer 'maxpol'%0Adid you mean 'maxpool'?%0Ain 'up 7', used at models/edge.txt:4:1\n"
        "::error file=models/edge.txt,line=3,endLine=3,col=27,endColumn=38,title=cnncalc%3A expectation-failed::"
        "expected 64x56x56, got 64x55x55: floor((112 - 3)/2) + 1 = 55%0A56 with pad=1\n"
        "::error file=models/edge.txt,line=5,endLine=5,col=1,endColumn=23,title=cnncalc%3A requirement-failed::"
        "params 5,288,548 is over 5,000,000 by 288,548 (5.8 %25)%0Amost is in fc1 (1,281,000), stage6 and stage7\n"
        "::error file=models/edge.txt,title=cnncalc%3A requirement-failed::"
        "macs 700,000,000 is over 600,000,000 by 100,000,000 (16.7 %25): --max-macs 600M\n"
        "::warning file=models/edge.txt,line=2,endLine=2,col=1,endColumn=5,title=cnncalc%3A unused-tensor::"
        "nothing reads '@x'\n"
    )


def test_nothing_for_what_is_fine():
    assert github.render(report(FINE), UTF8) == ""


MESSAGE = st.text(
    st.sampled_from("%\n,:;=]0AD25C3%%") | st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]),
    max_size=60,
).map(lambda text: text.replace("\u00a0", " "))


@given(MESSAGE.filter(str.strip), st.sampled_from("ab%,:= "))
def test_messages_and_paths_arrive_as_they_are(message, char):
    message = "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in message)
    ((command, properties, data),) = commands(report(spec(Diagnostic(ERROR, "syntax", message), file=f"a{char}b.txt")))
    assert (command, data) == ("error", message)
    assert properties == {"file": f"a{char}b.txt", "title": "cnncalc: syntax"}


@given(MANY)
def test_anything_is_a_command_with_its_place(some):
    found = findings(some.specs)
    shown = commands(some)
    assert len(shown) == min(len(found), 10)
    order = sorted(found, key=lambda finding: finding.rank)
    for finding, (command, properties, data) in zip(order if len(found) <= 10 else order[:9], shown, strict=False):
        one = finding.diagnostic
        assert command == {ERROR: "error", WARNING: "warning", NOTE: "notice"}[one.severity]
        assert data == "\n".join(map(UTF8.charset, sentences(finding)))
        assert (properties.get("line"), properties.get("col")) == (
            (str(one.span.line), str(one.span.column)) if one.span else (None, None)
        )


@given(MANY)
def test_ascii_is_kept_to(some):
    assert github.render(some, screen("ascii")).isascii()


def faults(severity, code, count, file="a.txt"):
    return [Diagnostic(severity, code, f"{severity} {number}", None) for number in range(count)]


def test_ten_are_shown_as_they_are():
    some = report(spec(*faults(ERROR, "syntax", 10)))
    assert [data for _, _, data in commands(some)] == [f"error {number}" for number in range(10)]


@pytest.mark.parametrize("count", [11, 12, 500])
def test_more_are_summed_up_and_none_is_lost(count):
    shown = commands(report(spec(*faults(ERROR, "syntax", count))))
    assert len(shown) == 10
    assert shown[-1] == (
        "error",
        {"title": "cnncalc"},
        f"and {count - 9:,} more errors, in:\nmodels/edge.txt ({count - 9:,})\n"
        "GitHub shows ten a step; 'cnncalc check --format concise' lists them all",
    )


def test_the_worst_come_first_and_the_rest_is_counted_by_kind_and_file():
    some = report(
        spec(*faults(NOTE, "expectation-failed", 2), *faults(WARNING, "unused-tensor", 3), file="a.txt"),
        spec(*faults(ERROR, "requirement-failed", 4), *faults(ERROR, "syntax", 4), file="b.txt"),
    )
    shown = commands(some)
    assert [(command, properties.get("title")) for command, properties, _ in shown] == [
        *[("error", "cnncalc: syntax")] * 4,
        *[("error", "cnncalc: requirement-failed")] * 4,
        ("warning", "cnncalc: unused-tensor"),
        ("warning", "cnncalc"),
    ]
    assert shown[-1][2].split("\n")[:2] == ["and 2 more warnings and 2 more notes, in:", "a.txt (4)"]


def test_many_files_do_not_make_the_last_one_long():
    shown = commands(report(*(spec(*faults(ERROR, "syntax", 1), file=f"{number}.txt") for number in range(40))))
    assert len(shown) == 10
    lines = shown[-1][2].split("\n")
    assert lines[0] == "and 31 more errors, in:"
    assert lines[1:10] == [f"{number}.txt (1)" for number in range(9, 18)]
    assert lines[10] == "22 more files"


def test_paths_are_those_of_the_repository(tmp_path, monkeypatch):
    """A step may run below the root, and files may be named absolutely."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path / "models")
    paths = report(root=repository(os.getcwd())).path
    assert paths("edge.txt") == paths("./edge.txt") == paths("../models/edge.txt") == "models/edge.txt"
    assert paths(str(tmp_path / "models" / "edge.txt")) == "models/edge.txt"
    assert paths("../x.txt") == "x.txt"
    assert paths("<stdin>") == "<stdin>"
    assert paths("@alexnet") == "@alexnet"
    assert paths("../../outside.txt") == str(tmp_path.parent / "outside.txt")
