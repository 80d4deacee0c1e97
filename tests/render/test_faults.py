"""Diagnostics as a person reads them."""

import pytest

from cnncalc.diagnostics import ERROR, NOTE, WARNING, Diagnostic, Frame, Source, Span
from cnncalc.document.findings import Finding
from cnncalc.render import faults
from cnncalc.render.faults import render, sentences
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


#: No two of its characters are alike.
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


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


@pytest.mark.parametrize(
    ("line", "column", "end", "shown"),
    [
        ("a" * 40, 6, 9, ["a" * 40, "     ^^^"]),
        ("a" * 41, 6, 9, ["a" * 38 + "…", "     ^^^"]),
        ("a" * 20 + "XYZ" + "b" * 60, 21, 24, ["…" + "a" * 18 + "XYZ" + "b" * 17 + "…", " " * 19 + "^^^"]),
        ("XYZ" + "b" * 60, 1, 4, ["XYZ" + "b" * 35 + "…", "^^^"]),
        ("a" * 60 + "XYZ", 61, 64, ["…" + "a" * 35 + "XYZ", " " * 36 + "^^^"]),
        ("a" * 60 + "XYZ" + "b" * 5, 61, 64, ["…" + "a" * 30 + "XYZbbbbb", " " * 31 + "^^^"]),
        ("a" * 5 + "XYZ" + "b" * 60, 6, 9, ["aaaaaXYZ" + "b" * 30 + "…", "     ^^^"]),
        ("a" * 10 + "X" * 50 + "b" * 10, 11, 61, ["a" * 10 + "X" * 20 + "…", " " * 10 + "^" * 20]),
        ("aaa" + "X" * 20 + "b" * 40, 4, 24, ["aaa" + "X" * 20 + "b" * 15 + "…", "   " + "^" * 20]),
        ("aaa" + "X" * 21 + "b" * 40, 4, 25, ["aaa" + "X" * 20 + "…", "   " + "^" * 20]),
        ("模" * 30, 11, 13, ["…" + "模" * 19 + "…", " " * 19 + "^^^^"]),
        ("模" * 20, 1, 2, ["模" * 20, "^^"]),
        ("模" * 21, 1, 2, ["模" * 19 + "…", "^^"]),
        ("a" * 60, 61, 61, ["…" + "a" * 38, " " * 39 + "^"]),
        (LETTERS, 27, 30, ["…ijklmnopqrstuvwxyz" + "ABC" + "DEFGHIJKLMNOPQRST…", " " * 19 + "^^^"]),
        (LETTERS, 50, 53, ["…opqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", " " * 36 + "^^^"]),
        ("\t" * 3 + LETTERS, 20, 22, ["…  abcdefghijklmnopqrstuvwxyzABCDEFGHIJ…", " " * 19 + "^^"]),
        (LETTERS + "\t\t" + LETTERS, 52, 54, ["…IJKLMNOPQRSTUVWXYZ        abcdefghijkl…", " " * 18 + "^^^^^"]),
        (LETTERS[:36] + "\t", 3, 5, [LETTERS[:36] + "    ", "  ^^"]),
        (LETTERS[:37] + "\t", 3, 5, [LETTERS[:37] + " …", "  ^^"]),
    ],
)
def test_what_of_a_line_is_shown(line, column, end, shown):
    """In 40 columns: as much before the fault as behind it, or what the other side leaves over."""
    one = Diagnostic(ERROR, "a", "wrong", Span(Source("net.txt", line), 1, column, end))
    assert [text.partition(" | ")[2] for text in drawn(one, room=48)[1:]] == shown


def test_an_ellipsis_in_ascii_takes_its_room():
    one = Diagnostic(ERROR, "a", "wrong", Span(Source("net.txt", LETTERS), 1, 27, 30))
    assert [text.partition(" | ")[2] for text in drawn(one, room=48, charset=Charset("ascii"))[1:]] == [
        "...klmnopqrstuvwxyzABCDEFGHIJKLMNOPQR...", " " * 19 + "^^^",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("room", "lines"),
    [
        (51, ["model.txt:7:1: error: params 5,288,548 is over", "      5,000,000 by 288,548 (5.8 %), most of it in",
              "      the first of the layers", "    7 | conv 64", "      | ^^^^", "      = write a smaller number of filters, or a",
              "      longer stride, or both at once", "      = most is in fc1 (1,281,000), stage6 and", "      stage7"]),
        (54, ["model.txt:7:1: error: params 5,288,548 is over", "      5,000,000 by 288,548 (5.8 %), most of it in the",
              "      first of the layers", "    7 | conv 64", "      | ^^^^",
              "      = write a smaller number of filters, or a longer", "      stride, or both at once",
              "      = most is in fc1 (1,281,000), stage6 and stage7"]),
        (20, None),
    ],
)  # fmt: skip
def test_what_does_not_fit_goes_on_below(room, lines):
    """To the last column of the terminal; of one that is narrower than all, 40 columns are taken."""
    message = "params 5,288,548 is over 5,000,000 by 288,548 (5.8 %), most of it in the first of the layers"
    help = "write a smaller number of filters, or a longer stride, or both at once"
    one = Diagnostic(ERROR, "a", message, Span(SPEC, 7, 1, 5), help, ("most is in fc1 (1,281,000), stage6 and stage7",))
    assert drawn(one, room=room) == (drawn(one, room=40) if lines is None else lines)


@pytest.mark.parametrize("room", range(40, 110, 3))
def test_a_number_keeps_its_sign(room):
    """No line starts with a percent sign."""
    message = (
        "params 5,288,548 is over 5,000,000 by 288,548 (5.8 %), macs 100 % of it, and so on 3 % and 4 % and 5 % of all"
    )
    lines = drawn(Diagnostic(ERROR, "a", message), room=room)
    assert [line for line in lines if line.strip().startswith("%")] == []
    assert " ".join(" ".join(lines).split()) == f"error: {message}"


def test_figures_that_fit_no_line_are_wrapped():
    figures = "1 + " * 20 + "1 = 21"
    lines = drawn(Diagnostic(ERROR, "a", f"wrong: {figures}", figures=figures), room=60)
    assert max(map(len, lines)) <= 60
    assert lines[0].startswith("error: wrong: 1 + 1")
    for spare in (54, 55):
        figures = "1 + " * 12 + "1" * (spare - 48)
        lines = drawn(Diagnostic(ERROR, "a", f"wrong: {figures}", figures=figures), room=60)
        assert (lines == ["error: wrong:", f"      {figures}"]) is (spare == 54)
    exact = "x" * 54
    assert drawn(Diagnostic(ERROR, "a", f"wrong: {exact}", figures=exact), room=60) == [
        "error: wrong:",
        f"      {exact}",
    ]


def test_lines_are_as_long_as_a_log_takes_where_there_is_no_terminal():
    source = Source("net.txt", "a" * 161)
    assert drawn(Diagnostic(ERROR, "a", "wrong", Span(source, 1, 1, 2)))[1] == "    1 | " + "a" * 158 + "…"
    source = Source("net.txt", "a" * 160)
    assert drawn(Diagnostic(ERROR, "a", "wrong", Span(source, 1, 1, 2)))[1] == "    1 | " + "a" * 160


def test_where_a_block_is_used_and_a_round_is_told_by_its_line():
    other = Source("lib.txt", "x\ny")
    frames = (
        Frame("in round 2 of 3", Span(SPEC, 6, 1, 2)),
        Frame("in round 1 of 9", Span(other, 2, 1, 2)),
        Frame("in 'up 64', used", Span(SPEC, 3, 5, 9), use=True),
    )
    assert drawn(fault(7, 1, 5, frames=frames))[3:] == [
        "      in round 2 of 3 (line 6)", "      in round 1 of 9 (lib.txt:2)", "      in 'up 64', used at model.txt:3:5",
    ]  # fmt: skip
    assert drawn(Diagnostic(ERROR, "a", "wrong", frames=frames[:1]))[1:] == ["      in round 2 of 3 (model.txt:6)"]


@pytest.mark.parametrize("count", [8, 9])
def test_of_a_long_way_both_ends_are_told(count):
    frames = tuple(Frame(f"round {number}", Span(SPEC, 7, 1, 2)) for number in range(count))
    lines = [line.split("(")[0].strip() for line in drawn(fault(7, 1, 5, frames=frames))[3:]]
    whole = [f"round {number}" for number in range(count)]
    assert lines == (whole if count == 8 else [*whole[:4], "… 1 more …", *whole[5:]])


def test_all_that_is_said_of_a_finding():
    one = fault(7, 1, 5, "two\nlines", notes=("a note",), frames=(Frame("in round 1 of 2", Span(SPEC, 7, 1, 2)),))
    assert sentences(Finding(one, "model.txt", ("size=1", "size=2"))) == [
        "what is wrong (with size=1; with size=2)", "two", "lines", "a note", "in round 1 of 2 (line 7)",
    ]  # fmt: skip
    assert sentences(Finding(one._replace(help=None, notes=(), frames=()), "model.txt", ())) == ["what is wrong"]


def test_at_most_fifty_in_their_own_order():
    found = [fault(7, 1, 5, severity=NOTE), *[fault(7, 1, 5, severity=WARNING)] * 48, *[fault(7, 1, 5)] * 3]
    severities = [line.split(":")[3].strip() for line in drawn(*found) if line.startswith("model.txt")]
    assert severities == ["warning"] * 47 + ["error"] * 3
    assert drawn(*found)[-1] == "... and 1 more warning and 1 more note"
    assert drawn(*found[:50])[-1] != "... and"
    assert len([line for line in drawn(*found[:50]) if line.startswith("model.txt")]) == 50


@pytest.mark.parametrize("room", [40, 60, 80, 120])
def test_help_that_does_not_fit_is_cut_between_words(room):
    """As messages and notes are: a terminal would cut it within one."""
    help = "a line that ends in ':' opens a body: concat, add, mul, block, repeat, if, stage, head"
    source = Source("net.txt", "residual:")
    for span in (Span(source, 1, 1, 9), None):
        fault = Diagnostic(ERROR, "statement", "'residual' opens no body", span, help)
        lines = render([fault], Screen(room)).splitlines()
        assert max(map(len, lines)) <= room
        assert help in " ".join(" ".join(lines).replace("|", " ").split())


@pytest.mark.parametrize("column", [1, 1_000_000, 2_000_000])
def test_of_a_line_of_megabytes_little_is_looked_at(column):
    """Characters that are not printable are looked at one by one: of twenty million that took a minute."""

    class Counted(Charset):
        seen = 0

        def __call__(self, text):
            self.seen += len(text)
            return super().__call__(text)

    charset = Counted()
    text, before, under = faults._window(Span(Source("a", "\u00a0" * 2_000_000), 1, column, column + 1), charset, 100)
    assert charset.seen < 10_000
    assert 90 < len(text) <= 100
    assert under == 1
    assert text[before : before + under] == " "
