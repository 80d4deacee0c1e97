"""Diagnostics as a person reads them."""

import pytest

from cnncalc.diagnostics import ERROR, NOTE, WARNING, Diagnostic, Frame, Source, Span
from cnncalc.render.faults import render
from cnncalc.render.text import Charset, Screen

SPEC = Source(
    "model.txt",
    "\n".join(
        [
            "model 한국어 모델 | convv 3",
            "\tab\u0301c\tconv 64 5",
            "a" * 80_000 + " maxpol " + "b" * 50,
            "x" * 500,
            "note\x1b[31mred",
            "",
            "conv 64",
        ]
    ),
)


def fault(line, column, end, help=None, severity=ERROR, **more):
    return Diagnostic(severity, "some-code", "what is wrong", Span(SPEC, line, column, end), help, **more)


def drawn(*faults, room=0, **how):
    return render(faults, Screen(room, **how)).splitlines()


def test_as_the_language_promises():
    one = Diagnostic(ERROR, "a", "conv needs a kernel", Span(SPEC, 7, 8, 8), "write 'conv 64 3' for a 3x3 kernel")
    assert render([one]) == (
        "model.txt:7:8: error: conv needs a kernel\n"
        "    7 | conv 64\n"
        "      |        ^ write 'conv 64 3' for a 3x3 kernel\n"
    )


def test_without_a_place():
    one = Diagnostic(ERROR, "no-file", "no such file: x.txt", help="did you mean 'y.txt'?")
    assert render([one]) == "error: no such file: x.txt\n      = did you mean 'y.txt'?\n"


def test_notes_and_the_way_there():
    frames = (Frame("in round 3 of 8", Span(SPEC, 2, 1, 2)), Frame("in 'up 512', used", Span(SPEC, 7, 1, 3), use=True))
    frames += (Frame("in round 1 of 2", Span(Source("other.txt", "x"), 1, 1, 2)),)
    assert drawn(fault(7, 1, 5, notes=("floor((3 - 5)/1) + 1 = -1", "55 with pad=2"), frames=frames)) == [
        "model.txt:7:1: error: what is wrong",
        "    7 | conv 64",
        "      | ^^^^",
        "      = floor((3 - 5)/1) + 1 = -1",
        "      = 55 with pad=2",
        "      in round 3 of 8 (line 2)",
        "      in 'up 512', used at model.txt:7:1",
        "      in round 1 of 2 (other.txt:1)",
    ]


def test_a_long_way_is_shortened():
    frames = tuple(Frame(f"in round {number} of 60", Span(SPEC, 7, 1, 2)) for number in range(60))
    lines = drawn(fault(7, 1, 5, frames=frames))
    assert len(lines) == 12
    assert lines[7] == "      … 52 more …"


def test_carets_under_wide_text():
    assert drawn(fault(1, 16, 21, "did you mean 'conv'?"))[1:] == [
        "    1 | model 한국어 모델 | convv 3",
        "      |                     ^^^^^ did you mean 'conv'?",
    ]


def test_carets_under_tabs_and_combining_marks():
    lines = drawn(fault(2, 7, 11))
    assert lines[1] == "    2 |     ab\u0301c    conv 64 5"
    assert lines[2] == "      |            ^^^^"


def test_carets_under_what_the_encoding_lacks():
    lines = drawn(fault(1, 16, 21), charset=Charset("ascii"))
    assert lines[1] == "    1 | model ??? ?? | convv 3"
    assert lines[2] == "      |                ^^^^^"


def test_control_characters_never_reach_the_terminal():
    assert "\x1b" not in render([fault(5, 5, 6)])


@pytest.mark.parametrize(("column", "end"), [(80_002, 80_008), (1, 80_001), (5, 6), (80_050, 80_059)])
@pytest.mark.parametrize("room", [48, 80, 120])
def test_long_lines_are_cut_around_the_fault(column, end, room):
    _, source, carets = drawn(fault(3, column, end), room=room)
    assert len(source) <= room
    assert len(drawn(fault(3, column, end))[1]) <= 168
    assert "…" in source
    first, last = carets.index("^"), carets.rindex("^")
    if end - column < room // 3:
        assert source[first : last + 1] == SPEC.line(3)[column - 1 : end - 1]


@pytest.mark.parametrize(("column", "end"), [(1, 1), (8, 8), (8, 99), (99, 3), (600, 700)])
def test_spans_past_the_line_still_have_a_caret(column, end):
    for line in (4, 7):
        assert "^" in drawn(fault(line, column, end))[2]


def test_an_empty_line_is_not_drawn():
    assert drawn(fault(6, 1, 1, "write something")) == [
        "model.txt:6:1: error: what is wrong",
        "      = write something",
    ]


def test_a_warning_says_once_how_it_is_silenced():
    lines = drawn(fault(7, 1, 5, severity=WARNING), fault(7, 1, 5, severity=WARNING), fault(7, 1, 5, severity=NOTE))
    told = [line for line in lines if "allow" in line]
    assert told == ["      = '# allow: some-code' at the end of the line silences this"]


def test_help_goes_below_where_it_does_not_fit():
    text = "write 'conv 64 3' for a 3x3 kernel"
    assert drawn(fault(7, 8, 8, text), room=51)[-1] == f"      |        ^ {text}"
    assert drawn(fault(7, 8, 8, text), room=49)[-2:] == ["      |        ^", f"      = {text}"]


def test_colour_only_where_asked():
    lines = drawn(fault(7, 1, 5), color=True)
    assert lines[0] == "model.txt:7:1: \x1b[1;31merror:\x1b[0m what is wrong"
    assert lines[2] == "      | \x1b[1;31m^^^^\x1b[0m"
    assert "\x1b" not in "".join(drawn(fault(7, 1, 5)))


def test_message_and_help_are_a_line_each():
    """Nothing of ours has several; the name of a file may, and a terminal is not to be led astray by it."""
    one = Diagnostic(ERROR, "a", "first\nsecond", Span(SPEC, 7, 1, 5), "write\nthis")
    assert drawn(one) == ["model.txt:7:1: error: first�second", "    7 | conv 64", "      | ^^^^ write�this"]


def test_at_most_fifty_errors_first():
    warnings = [fault(7, 1, 5, severity=WARNING)] * 60
    lines = drawn(*warnings, *[fault(7, 1, 5)] * 49)
    assert sum("error:" in line for line in lines) == 49
    assert sum("warning:" in line for line in lines) == 1
    assert lines[-1] == "... and 59 more warnings"
    assert drawn(*warnings, format_option="--form")[-1] == "... and 10 more warnings; --form json has them all"
    assert render([]) == ""


def test_notes_fit_the_terminal():
    note = "most is in " + ", ".join(f"a_rather_long_name_{number} (1,234,567)" for number in range(3))
    text = render(
        [Diagnostic("error", "requirement-failed", "params 5 is over 4 by 1", None, None, (note,))], Screen(60)
    )
    assert max(map(len, text.splitlines())) <= 60
    assert " ".join(text.split()).endswith(note)


def test_the_arithmetic_stands_in_one_piece():
    """Only what is said to be arithmetic: a colon in a sentence is none."""
    figures = "(224 + 2*2 - 11)//4 + 1 = 55"
    sentence = "expected 64x54x54, got 64x55x55 behind the second convolution: "
    head, whole = len(f"error: {sentence.rstrip()}"), len(f"error: {sentence}{figures}")
    one = Diagnostic(ERROR, "a", sentence + figures, figures=figures)
    assert drawn(one, room=whole) == [f"error: {sentence}{figures}"]
    for room in (whole - 1, head):
        assert drawn(one, room=room) == [f"error: {sentence.rstrip()}", f"      {figures}"]
    for lines in (drawn(one, room=head - 1), drawn(one._replace(figures=""), room=whole - 1)):
        assert lines[-1].strip() != figures
        assert " ".join(" ".join(lines).split()) == f"error: {sentence}{figures}"
