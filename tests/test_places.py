"""Faults as data: the lines of a text, where something stands, whose fault it is, and what it counts for."""

from __future__ import annotations

import pickle

import pytest

from cnncalc.diagnostics import (
    ERROR,
    NOTE,
    UNKNOWN_OPERATOR,
    WARNING,
    Diagnostic,
    Frame,
    NamedPlace,
    Source,
    Span,
    SpecError,
    Wording,
    counts_if_strict,
    place,
)

SPEC = Source("net.txt", "input 3x8x8\r\nconv 4 3\n\nrelu")
SPOT = NamedPlace(Source("net.onnx", ""), "node 'conv1' (Conv)")


class Model(Source):
    """A file that is no spec."""

    title = "an ONNX model"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]), ("a", ["a"]), ("a\n", ["a", ""]), ("a\r\nb", ["a", "b"]), ("a\r\n\r\nbc\r\n", ["a", "", "bc", ""]),
        ("a\rb\n", ["a\rb", ""]), ("a\u2028b\x0bc\x85d", ["a\u2028b\x0bc\x85d"]), ("abc\r\r\n", ["abc\r", ""]),
    ],
)  # fmt: skip
def test_only_lf_and_cr_lf_end_a_line(text, lines):
    assert Source("net.txt", text).lines == lines


@pytest.mark.parametrize(
    ("number", "line"), [(1, "input 3x8x8"), (2, "conv 4 3"), (4, "relu"), (5, ""), (0, ""), (-1, "")]
)
def test_a_line_by_its_number(number, line):
    assert SPEC.line(number) == line
    assert SPEC.lines is SPEC.lines, "a text is cut once"


def test_a_text_by_another_name():
    again = SPEC.renamed("-")
    assert (again.name, again.text, SPEC.name) == ("-", SPEC.text, "net.txt")


@pytest.mark.parametrize(
    ("more", "file", "where"),
    [
        ({}, None, ""),
        ({"span": Span(SPEC, 2, 6, 7)}, "net.txt", "net.txt:2:6: "),
        ({"spot": SPOT}, "net.onnx", "net.onnx: node 'conv1' (Conv): "),
        ({"span": Span(SPEC, 2, 6, 7), "spot": SPOT}, "net.txt", "net.txt:2:6: "),
    ],
)
def test_where_it_is(more, file, where):
    one = Diagnostic(ERROR, "shape", "it does not fit", **more)
    assert (one.file, place(one)) == (file, where)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, True), ({"span": Span(SPEC, 1, 1, 2)}, True), ({"span": Span(Model("net.prototxt", "x"), 1, 1, 2)}, False),
        ({"spot": SPOT}, False),
    ],
)  # fmt: skip
def test_only_a_comment_of_a_spec_silences(more, expected):
    assert Diagnostic(WARNING, "linear-pair", "a pair", **more).in_spec is expected


def test_in_json_a_place_without_lines_has_its_node():
    assert Diagnostic(NOTE, "a", "b", spot=SPOT).to_dict() == {
        "severity": "note", "code": "a", "message": "b", "help": None, "notes": [], "file": "net.onnx", "line": None,
        "column": None, "end_column": None, "node": "node 'conv1' (Conv)",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("severity", "code", "counts"),
    [
        (WARNING, "linear-pair", True), (NOTE, UNKNOWN_OPERATOR, True), (NOTE, "unread-input", False), (ERROR, "shape", False),
        (WARNING, UNKNOWN_OPERATOR, True),
    ],
)  # fmt: skip
def test_what_is_a_failure_where_nothing_is_let_pass(severity, code, counts):
    assert counts_if_strict(Diagnostic(severity, code, "…")) is counts


def test_an_error_says_its_errors_with_what_to_write():
    found = [
        Diagnostic(ERROR, "shape", "it does not fit", Span(SPEC, 2, 6, 7), "make it fit"),
        Diagnostic(WARNING, "linear-pair", "a pair", help="leave one out"),
        Diagnostic(ERROR, "no-file", "no such file"),
    ]
    error = SpecError(iter(found))
    assert str(error) == "net.txt:2:6: it does not fit\n  make it fit\nno such file"
    assert error.diagnostics == tuple(found)
    assert error.args == (tuple(found),)
    assert [one.message for one in pickle.loads(pickle.dumps(SpecError(found[1:]))).diagnostics] == [
        "a pair",
        "no such file",
    ]


def test_in_other_words_it_is_another_error():
    class Short(Wording):
        def __call__(self, diagnostic):
            return diagnostic._replace(message="no")

    error = SpecError([Diagnostic(ERROR, "no-file", "no such file")])
    assert (str(error.worded(Short())), str(error)) == ("no", "no such file")


def test_a_frame_is_of_a_repeat_unless_it_is_said():
    frame = Frame("in round 1 of 2", Span(SPEC, 1, 1, 2))
    assert (frame.use, frame.shown) == (False, False)
