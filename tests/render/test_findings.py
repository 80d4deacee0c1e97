"""Findings for people: of several specs the notes on those that pass are counted, and nothing else is left out."""

import pytest

from cnncalc.diagnostics import ERROR, NOTE, WARNING, Diagnostic, NamedPlace, Source
from cnncalc.document.findings import SpecFindings
from cnncalc.render.findings import render
from render.reports import report, screen


def spec(file, *diagnostics, code=0):
    return SpecFindings(file, diagnostics, code=code)


def note(code):
    return Diagnostic(NOTE, code, f"this is {code}")


def test_warnings_and_what_was_not_judged_are_drawn():
    one = spec("a.txt", note("not-judged"), Diagnostic(WARNING, "linear-pair", "a pair"), note("unread-input"))
    assert render(report(one, spec("b.txt")), screen()) == (
        "note: this is not-judged\n"
        "warning: a pair\n"
        "\n"
        "notes: 1 unread-input\n"
        "       check one spec alone to read its notes; --format concise has all\n"
        "2 specs, 2 pass, 1 warning\n"
    )


def test_of_one_spec_all_is_drawn_and_what_was_not_looked_at_is_said():
    text = render(report(spec("a.txt", note("unread-input")), remark="2 other .txt files"), screen("ascii"))
    assert text == "note: this is unread-input\n\n2 other .txt files\n1 spec, 1 passes\n"
    scored = SpecFindings("é.txt", score="9 of 12 answered, 8 right", settings="size=3")
    assert render(report(scored, remark="×"), screen("ascii")) == (
        "?.txt [size=3]: 9 of 12 answered, 8 right\nx\n1 spec, 1 passes\n"
    )


def test_where_it_is_in_a_file_without_lines_is_said_once():
    spot = NamedPlace(Source("net.onnx", ""), "node 'conv1' (Conv)")
    one = spec("net.onnx", Diagnostic(WARNING, "linear-pair", "a pair", spot=spot), code=0)
    first, *_ = render(report(one), screen()).split("\n")
    assert first == "net.onnx: node 'conv1' (Conv): warning: a pair"


def test_under_strict_a_warning_fails_and_the_notes_beside_it_are_drawn():
    one = spec("a.txt", Diagnostic(WARNING, "linear-pair", "a pair"), note("unread-input"), code=1)
    said = render(report(one, spec("b.txt")), screen())
    assert "note: this is unread-input\n" in said
    assert "notes:" not in said


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_counts_fit_the_terminal_the_most_first(width):
    codes = ["field-never-covers", "field-covers-early", "unread-input", "misaligned-merge", "large-kernel"]
    notes = [note(code) for number, code in enumerate(codes) for _ in range(5 - number)]
    specs = [spec(f"{number}.txt", one) for number, one in enumerate(notes)]
    first, *rest = render(report(*specs), screen(width=width)).split("\n")
    lines = [first, *(line for line in rest if line[:7].isspace())][:-1]
    assert all(len(line) <= width for line in lines)
    assert " ".join(" ".join(lines).split()) == "notes: " + ", ".join(
        f"{5 - number} {code}" for number, code in enumerate(codes)
    )


def test_an_error_beside_others_is_never_left_out():
    broken = spec("a.txt", Diagnostic(ERROR, "syntax", "what?"), note("unread-input"), code=2)
    assert "error: what?\nnote: this is unread-input\n" in render(report(broken, spec("b.txt")), screen())
