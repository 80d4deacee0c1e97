"""Where results go, in which characters and colours, and that a file is written whole or not at all."""

import errno
import io
import os
import stat
import sys

import pytest

from cnncalc.cli.guard import Refused
from cnncalc.cli.output import OutputOptions
from cnncalc.cli.writing import replace
from cnncalc.diagnostics import ERROR, NOTE, WARNING, Diagnostic, Source, Span
from cnncalc.document.parts import Document, Sentences
from cnncalc.document.sheets import Column, texts
from cnncalc.replacing import create

PLAIN = OutputOptions(None, None, None, False, False)
DOCUMENT = Document(
    lambda medium: [Sentences(["::error::×"])], lambda: {"said": "×"}, lambda: texts([Column("a", "a")], [["×"]])
)
FAULTS = [
    Diagnostic(ERROR, "syntax", "an error"),
    Diagnostic(WARNING, "pair", "a warning"),
    Diagnostic(NOTE, "n", "a note"),
]


class Stream(io.TextIOWrapper):
    """A stream in memory, a terminal or none."""

    def __init__(self, terminal=False, encoding="utf-8"):
        super().__init__(io.BytesIO(), encoding)
        self.terminal = terminal

    def isatty(self):
        return self.terminal

    @property
    def text(self):
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)


@pytest.fixture
def streams(monkeypatch):
    """Standard output and error in memory."""

    def put(**more):
        monkeypatch.setattr(sys, "stdout", Stream(**more))
        monkeypatch.setattr(sys, "stderr", Stream(**more))
        return sys.stdout, sys.stderr

    return put


# --- which format ---


@pytest.mark.parametrize(
    ("name", "form"),
    [("x.csv", "csv"), ("x.CSV", "csv"), ("x.json", "json"), ("x.md", "markdown"), ("x.txt", "plain"), ("csv", "plain"), ("x.html", "plain")],
)  # fmt: skip
def test_the_name_of_a_file_asks_for_a_format(name, form, streams):
    streams(terminal=True)
    output = PLAIN._replace(output=name)
    assert output.to_file
    assert output.chosen() == form
    assert output._replace(format="table").chosen() == "table"
    assert output._replace(color=True).chosen() == form


@pytest.mark.parametrize(
    ("terminal", "color", "form"), [(True, None, "table"), (False, None, "plain"), (False, True, "table"), (True, False, "table"), (False, False, "plain")]
)  # fmt: skip
def test_a_table_is_for_a_terminal_or_colour(terminal, color, form, streams):
    streams(terminal=terminal)
    for name in (None, "-"):
        assert PLAIN._replace(color=color, output=name).chosen() == form
        assert not PLAIN._replace(output=name).to_file
    assert PLAIN._replace(color=color, format="json").chosen() == "json"


# --- what it is drawn for ---


@pytest.mark.parametrize(
    ("asked", "variables", "terminal", "colored"),
    [
        (None, {}, True, True),
        (None, {}, False, False),
        (True, {}, False, True),
        (True, {"NO_COLOR": "1"}, False, True),
        (False, {"FORCE_COLOR": "1"}, True, False),
        (None, {"NO_COLOR": "1"}, True, False),
        (None, {"NO_COLOR": ""}, True, True),
        (None, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        (None, {"FORCE_COLOR": "1"}, False, True),
        (None, {"FORCE_COLOR": "0"}, False, False),
        (None, {"FORCE_COLOR": ""}, False, False),
        (None, {"TERM": "dumb"}, True, False),
        (None, {"TERM": "dumb", "FORCE_COLOR": "3"}, True, True),
    ],
)
def test_colour(asked, variables, terminal, colored, streams, monkeypatch):
    streams(terminal=terminal)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert PLAIN._replace(color=asked).screen().color is colored
    assert PLAIN._replace(color=asked, output="x.txt").screen().color is bool(asked)


@pytest.mark.parametrize(
    ("columns", "width"), [("80", 80), ("0", 0), ("", 0), ("-5", 0), ("²", 0), ("12345678", 123456)]
)
def test_width(columns, width, streams, monkeypatch):
    streams()
    monkeypatch.setenv("COLUMNS", columns)
    screen = PLAIN.screen()
    assert screen.width == width
    assert screen.format_option == "--format"
    assert PLAIN._replace(output="x").screen().width == 0


def test_characters_are_those_of_the_stream(streams):
    streams(encoding="ascii")
    assert PLAIN.screen().charset("×") == "x"
    to_file = PLAIN._replace(output="x").screen()
    assert (to_file.charset("×"), to_file.format_option) == ("×", "--format")


def test_a_stream_that_says_nothing_of_itself(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert PLAIN.screen()[:2] == (0, False)
    assert PLAIN.screen().charset.unicode
    assert PLAIN.chosen() == "plain"


# --- what is written ---


def test_an_answer_goes_to_standard_output(streams):
    out, err = streams()
    PLAIN.show(DOCUMENT, ())
    assert (out.text, err.text) == ("::error::×\n", "")


@pytest.mark.parametrize(
    ("form", "text"), [("plain", ": :error::×\n"), ("json", '{\n "said": "×"\n}\n'), ("csv", "a\n×\n")]
)
def test_what_is_read_in_a_log_orders_nothing(form, text, streams, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    out, _ = streams()
    PLAIN._replace(format=form).show(DOCUMENT, ())
    assert out.text == text
    path = tmp_path / "x"
    PLAIN._replace(format=form, output=str(path)).show(DOCUMENT, ())
    assert path.read_text("utf-8") == text.replace(": :", "::")


def test_pieces_are_written_as_they_come(streams):
    out, _ = streams()
    seen = []

    def pieces():
        for number in range(4):
            seen.append(len(out.buffer.getvalue()))
            yield str(number) * 40_000

    PLAIN.write(pieces())
    assert out.text == "".join(str(number) * 40_000 for number in range(4))
    assert seen == [0, 0, 80_000, 80_000]


def test_a_closed_pipe_ends_the_writing_and_another_fault_is_told(streams, monkeypatch):
    streams()
    monkeypatch.setattr("cnncalc.cli.output.silence", lambda stream: None)
    for number, told in ((errno.EPIPE, False), (errno.ENOSPC, True)):

        def broken(text, stream, colored=False, number=number):
            raise OSError(number, "no")

        monkeypatch.setattr("cnncalc.cli.output.echo", broken)
        if told:
            with pytest.raises(OSError, match="no"):
                PLAIN.write("text")
        else:
            PLAIN.write("text")
        PLAIN.report(FAULTS)


def test_the_spec_is_never_written_over(tmp_path):
    spec, link = tmp_path / "net.txt", tmp_path / "link.txt"
    spec.write_text("input 1")
    link.symlink_to(spec)
    for name in (spec, link):
        with pytest.raises(Refused, match=f"--output {name} is the spec itself"):
            PLAIN._replace(output=str(name)).write("text", [str(spec)])
    assert spec.read_text() == "input 1"
    PLAIN._replace(output=str(spec)).write("text", [str(tmp_path / "other.txt")])
    PLAIN._replace(output=str(tmp_path / "new.txt")).write("text", [str(spec)])
    assert spec.read_text() == (tmp_path / "new.txt").read_text() == "text"


def test_what_no_encoding_has_is_escaped_in_a_file(tmp_path):
    PLAIN._replace(output=str(tmp_path / "x")).write(["a\ud800", "×"])
    assert (tmp_path / "x").read_bytes() == b"a\\ud800\xc3\x97"


# --- diagnostics ---


def test_diagnostics_go_to_standard_error(streams):
    out, err = streams()
    PLAIN.report(FAULTS)
    assert (out.text, err.text) == ("", "error: an error\nwarning: a warning\nnote: a note\n")
    PLAIN._replace(quiet=True).report(FAULTS)
    assert err.text.endswith("note: a note\nerror: an error\n")
    before = err.text
    PLAIN.report([])
    PLAIN._replace(quiet=True).report(FAULTS[1:])
    assert err.text == before


def test_diagnostics_fit_standard_error(streams, monkeypatch):
    _, err = streams(encoding="ascii")
    monkeypatch.setenv("COLUMNS", "60")
    source = Source("×.txt", "conv " * 30)
    PLAIN._replace(color=True).report([Diagnostic(ERROR, "a", "wrong", Span(source, 1, 6, 10)), *FAULTS[:1] * 51])
    lines = err.text.splitlines()
    assert lines[0] == "x.txt:1:6: \x1b[1;31merror:\x1b[0m wrong"
    assert 50 < len(lines[1]) <= 62
    assert lines[-1] == "... and 2 more errors; --format json has them all"


def test_without_standard_error_nothing_is_said(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    PLAIN.report(FAULTS)


def test_the_exit_code():
    strict = PLAIN._replace(strict=True)
    broken = Diagnostic(ERROR, "expectation-failed", "no")
    for found, uncounted, code, under_strict in (
        ([], False, 0, 0), ([], True, 0, 1), (FAULTS[2:], False, 0, 0), (FAULTS[1:], False, 0, 1),
        ([broken], False, 1, 1), (FAULTS, False, 2, 2), ([broken, *FAULTS[1:]], True, 1, 1), (FAULTS[:1], True, 2, 2),
    ):  # fmt: skip
        assert (PLAIN.code(found, uncounted), strict.code(found, uncounted)) == (code, under_strict)


# --- files ---


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path):
    path = tmp_path / "x"
    replace(str(path), b"one")
    path.chmod(0o640)
    replace(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["x"]


def test_a_link_stays_one(tmp_path):
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "target", tmp_path / "link"
    target.write_bytes(b"one")
    link.symlink_to(target)
    replace(str(link), b"two")
    assert link.is_symlink()
    assert target.read_bytes() == b"two"
    assert os.listdir(tmp_path / "folder") == ["target"]


def test_what_is_no_file_is_written_to_and_stays(tmp_path):
    """A pipe with a name, for a device. (Not one of the machine's: a slip would put a file in its place.)"""
    path = str(tmp_path / "pipe")
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    replace(path, b"text")
    assert os.read(reader, 100) == b"text"
    os.close(reader)
    assert stat.S_ISFIFO(os.stat(path).st_mode)


@pytest.mark.parametrize(
    ("name", "said"), [(".", "it is a directory"), ("no/such/x", "No such file or directory"), ("locked", "it is read-only")]
)  # fmt: skip
def test_what_cannot_be_written_is_refused(tmp_path, monkeypatch, name, said):
    (tmp_path / "locked").write_bytes(b"one")
    monkeypatch.setattr(os, "access", lambda path, mode: not path.endswith("locked") or mode != os.W_OK)
    with pytest.raises(Refused) as refused:
        replace(str(tmp_path / name), b"two")
    assert refused.value.message == f"cannot write {tmp_path / name}: {said}"
    assert (tmp_path / "locked").read_bytes() == b"one"


def test_nothing_is_left_beside_a_file_that_could_not_be_replaced(tmp_path, monkeypatch):
    path = tmp_path / "x"
    path.write_bytes(b"one")

    def fails(old, new):
        assert os.path.dirname(old) == os.path.dirname(new) == str(tmp_path)
        assert os.path.basename(old).startswith(".x.")
        raise OSError(errno.EXDEV, "no")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(Refused, match="no"):
        replace(str(path), b"two")
    assert os.listdir(tmp_path) == ["x"]
    assert path.read_bytes() == b"one"


def test_a_long_name_is_no_obstacle(tmp_path):
    path = tmp_path / ("x" * 250)
    replace(str(path), b"one")
    assert path.read_bytes() == b"one"


def test_a_new_file_is_never_one_that_is_there(tmp_path):
    path = tmp_path / "x"
    create(str(path), b"one")
    with pytest.raises(FileExistsError):
        create(str(path), b"two")
    assert path.read_bytes() == b"one"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) & ~0o666 == 0


def test_a_new_file_is_whole_or_not_there(tmp_path):
    path = tmp_path / "x"
    with pytest.raises(TypeError):
        create(str(path), "no bytes")
    assert not path.exists()
