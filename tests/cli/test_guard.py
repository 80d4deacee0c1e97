"""Whatever goes wrong ends in an exit code and a line of text."""

import atexit
import errno
import gc
import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from cnncalc.cli import guard
from cnncalc.cli.guard import (
    PipeClosed,
    Refused,
    buffered,
    closed_pipe,
    echo,
    echo_bytes,
    exit_code_of,
    fault,
    leave,
    logged,
    pipes_told,
    say,
    silence,
)


def raising(error):
    def run():
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, ""),
        (click.Abort(), 130, ""),
        (PipeClosed(), 0, ""),
        (MemoryError(), 2, "error: out of memory"),
        (RecursionError(), 2, "error: this is nested too deeply"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "error: cannot write the output: No space left"),
        (PermissionError(errno.EACCES, "Permission denied", "x.txt"), 2, "error: x.txt: Permission denied"),
        (Refused("no"), 2, "error: no\n"),
        (click.UsageError("Bad word."), 2, "error: bad word\n      = 'cnncalc --help' says how it is used\n"),
        (ValueError("odd"), 2, "error: a bug in cnncalc: ValueError: odd\n"),
    ],
)
def test_every_end(error, code, said, capfd, monkeypatch):
    monkeypatch.setattr("cnncalc.cli.guard.silence", lambda stream: None)
    assert exit_code_of(raising(error)) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith(said)
    assert "Traceback" not in err


def test_a_result_is_the_exit_code():
    assert exit_code_of(lambda: 1) == 1
    assert exit_code_of(lambda: None) == 0


def test_what_click_says_is_said_in_our_words(capsys):
    command = click.Command("shapes")
    context = click.Context(command, info_name="cnncalc shapes")
    assert exit_code_of(raising(click.UsageError("Bad word...", context))) == 2
    assert capsys.readouterr().err == "error: bad word\n      = 'cnncalc shapes --help' says how it is used\n"
    assert exit_code_of(raising(click.ClickException("It is so."))) == 1
    assert capsys.readouterr().err == "error: It is so.\n"


class Output(io.StringIO):
    """Standard output that fails as it is told to, when it is flushed."""

    error = None

    def flush(self):
        if self.error:
            raise self.error


@pytest.mark.parametrize(
    ("error", "code"), [(None, 1), (BrokenPipeError(errno.EPIPE, "x"), 1), (OSError(errno.ENOSPC, "full"), 2)]
)
def test_the_end_of_the_output_is_part_of_the_run(error, code, monkeypatch, capsys):
    silenced = []
    monkeypatch.setattr(guard, "silence", silenced.append)
    output = Output()
    output.error = error
    monkeypatch.setattr(sys, "stdout", output)
    assert exit_code_of(lambda: 1) == code
    assert silenced == ([output] if error else [])
    assert capsys.readouterr().err == ("error: cannot write the output: full\n" if code == 2 else "")
    monkeypatch.setattr(sys, "stdout", None)
    assert exit_code_of(lambda: 1) == 1


def test_a_closed_pipe_is_an_end_like_any_other(monkeypatch, capfd):
    silenced = []
    monkeypatch.setattr(guard, "silence", silenced.append)
    assert exit_code_of(raising(BrokenPipeError(errno.EPIPE, "Broken pipe"))) == 0
    assert exit_code_of(raising(PipeClosed())) == 0
    assert silenced == [sys.stdout] * 2
    assert capfd.readouterr() == ("", "")


def test_only_a_bug_is_traced(monkeypatch):
    monkeypatch.setenv("CNNCALC_TRACEBACK", "1")
    assert fault(MemoryError()) == (
        "out of memory: --max-layers stops a network that is too large for this machine",
        None,
    )
    assert fault(RecursionError()) == ("this is nested too deeply to be read", None)
    monkeypatch.delenv("CNNCALC_TRACEBACK")
    assert fault(KeyError("x")) == (
        "a bug in cnncalc: KeyError: 'x'", "please report it; CNNCALC_TRACEBACK=1 shows where it is",
    )  # fmt: skip


def test_a_process_ends_at_once_when_all_is_written(monkeypatch):
    ends = []
    monkeypatch.setattr(os, "_exit", ends.append)
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: ends.append("asked for"))
    output = Output()
    monkeypatch.setattr(sys, "stdout", output)
    monkeypatch.setattr(sys, "stderr", None)
    leave(3)
    leave(None)
    assert ends == ["asked for", 3, "asked for", 0]
    for error in (OSError(errno.ENOSPC, "full"), ValueError("closed")):
        output.error = error
        leave(3)
    assert 3 not in ends[4:]


def test_what_is_silenced_goes_nowhere():
    read, write = os.pipe()
    with open(write, "w") as stream:
        stream.write("lost")
        silence(stream)
        stream.flush()
    with open(read, "rb") as left:
        assert left.read() == b""
    silence(None)
    silence(io.StringIO())


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs to see what is open")
def test_what_is_silenced_leaves_nothing_open(tmp_path):
    with open(tmp_path / "x", "w") as stream:
        before = len(os.listdir("/proc/self/fd"))
        silence(stream)
        assert len(os.listdir("/proc/self/fd")) == before


def test_the_exit_codes_are_those_of_the_topic(run):
    topic = run("help", "exit-codes").stdout
    for code in (guard.FINE, guard.BROKEN, guard.FAULTY, guard.INTERRUPTED):
        assert re.search(rf"^ *{code}\b", topic, re.MULTILINE), code
    assert (guard.FINE, guard.BROKEN, guard.FAULTY, guard.INTERRUPTED) == (0, 1, 2, 130)


def test_only_what_a_runner_reads_is_disarmed(monkeypatch):
    assert logged("::error::x") == "::error::x"
    for value, text in (("false", "::error::x"), ("true", ": :error::x")):
        monkeypatch.setenv("GITHUB_ACTIONS", value)
        assert logged("::error::x") == text


def test_texts_and_bytes_are_written_at_once(monkeypatch):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "utf-8")
    echo("×", stream)
    assert raw.getvalue() == "×".encode()
    echo("", None)
    echo("x", None)
    monkeypatch.setattr(sys, "stdout", stream)
    stream.write("before ")
    echo_bytes(b"\xff")
    assert raw.getvalue() == "×before ".encode() + b"\xff"


@pytest.fixture
def process(monkeypatch):
    """What the program does to its process is taken back at the end of the test."""
    monkeypatch.setattr(gc, "set_threshold", lambda objects: None)
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("process")
def test_memory_is_left_to_the_system(monkeypatch):
    from cnncalc import cli

    codes = []
    monkeypatch.setattr(sys, "argv", ["cnncalc", "nothing"])
    monkeypatch.setattr("cnncalc.cli.quick.answer", len)
    monkeypatch.setattr(guard, "leave", codes.append)
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert (ended.value.code, codes) == (1, [1])


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize(
    ("words", "code"), [(["--version"], 0), (["nope"], 2), (["help"], 0), (["shapes", "nope.txt"], 2)]
)
def test_the_program_ends_with_the_code_of_its_command(words, code, monkeypatch, capsys):
    from cnncalc import cli

    monkeypatch.setattr(sys, "argv", ["cnncalc", *words])
    monkeypatch.setattr(guard, "leave", lambda code: None)
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert ended.value.code == code
    assert any(capsys.readouterr())


def test_the_package_of_the_command_line_has_its_names_only():
    from cnncalc import cli

    assert next(iter(cli.COMMANDS)) == "shapes"
    with pytest.raises(AttributeError, match=r"module 'cnncalc\.cli' has no attribute 'no'"):
        cli.no  # noqa: B018


def test_bugs_can_be_traced(monkeypatch):
    monkeypatch.setenv("CNNCALC_TRACEBACK", "1")
    with pytest.raises(ValueError, match="odd"):
        exit_code_of(raising(ValueError("odd")))


def test_closed_pipes_are_told_from_other_faults():
    with pytest.raises(PipeClosed), pipes_told():
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")
    with pytest.raises(OSError, match="full"), pipes_told():
        raise OSError(errno.ENOSPC, "full")


def test_a_name_in_a_message_orders_nothing(capfd, monkeypatch):
    """Neither a terminal nor the log of a GitHub job: an escape, a new line and a command of the runner are shown."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    say("no spec in e\n::warning::w\x1b[2J", "named \u202eback\n::error::x")
    assert capfd.readouterr().err == "error: no spec in e�::warning::w�[2J\n      = named �back�::error::x\n"
    say("::error::x")
    say("y", "z")
    assert "\n::" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("system", "number", "closed"),
    [("posix", errno.EPIPE, True), ("posix", errno.EINVAL, False), ("nt", errno.EPIPE, True), ("nt", errno.EINVAL, True),
     ("nt", errno.ENOSPC, False)],
)  # fmt: skip
def test_a_closed_pipe_has_another_number_on_windows(monkeypatch, system, number, closed):
    monkeypatch.setattr(guard, "os", SimpleNamespace(name=system))
    assert closed_pipe(OSError(number, "no")) is closed


def test_an_old_windows_terminal_is_written_to_by_click(monkeypatch):
    monkeypatch.setattr(guard, "os", SimpleNamespace(name="nt"))
    for colored, text in ((True, "\x1b[1ma\x1b[0m"), (False, "a")):
        stream = io.StringIO()
        echo("\x1b[1ma\x1b[0m", stream, colored)
        assert stream.getvalue() == text


def test_a_stream_without_a_buffer_is_given_one(tmp_path):
    with open(tmp_path / "x", "wb", buffering=0) as raw:
        stream = io.TextIOWrapper(raw, "latin-1", "replace", write_through=True)
        own = buffered(stream)
        own.write("é…")
        own.flush()
        assert (tmp_path / "x").read_bytes() == b"\xe9?"
        own.detach()
    stream = io.TextIOWrapper(io.BytesIO(), "utf-8")
    assert buffered(stream) is stream
    assert buffered(None) is None


class Slow(io.RawIOBase):
    """A stream that takes a few bytes a call, as a full disk or a slow pipe does; at its end it takes none."""

    def __init__(self, room):
        self.room = room
        self.taken = b""

    def writable(self):
        return True

    def write(self, data):
        part = bytes(data)[: min(3, self.room - len(self.taken))]
        if not part:
            return None
        self.taken += part
        return len(part)


def test_what_a_short_write_leaves_over_is_written():
    raw = Slow(100)
    echo("a×b, twenty characters\n", io.TextIOWrapper(raw, "utf-8", write_through=True))
    assert raw.taken.decode() == "a×b, twenty characters\n"


def test_what_was_written_before_comes_first():
    raw = Slow(100)
    stream = io.TextIOWrapper(raw, "utf-8")
    stream.write("1 ")
    echo("two", stream)
    assert raw.taken == b"1 two"


def test_a_stream_that_takes_no_more_is_an_error():
    raw = Slow(10)
    with pytest.raises(BlockingIOError):
        echo("more than ten\n", io.TextIOWrapper(raw, "utf-8", write_through=True))


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on files")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [
    "shapes @resnet50 --format json", "draw @resnet50 --format svg", "check @resnet50 @unet --format sarif", "--help",
    "help language", "convert @resnet50 --to torch", "report @lenet5",
])  # fmt: skip
def test_a_result_that_is_cut_short_is_no_success(tmp_path, unbuffered, words):
    command = f"ulimit -f 1; trap '' XFSZ; exec {sys.executable} -B -m cnncalc {words} > out"
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "File too large" in done.stderr


@pytest.mark.parametrize("columns", ["²", "9" * 5000, "-5", "0", ""])
def test_a_width_that_is_none(monkeypatch, columns, run):
    monkeypatch.setenv("COLUMNS", columns)
    assert run("shapes", "@lenet5").exit_code == 0
    assert run("shapes", "nope.txt").exit_code == 2


def test_an_interrupt_while_something_is_loaded():
    code = "import sys; sys.argv = ['cnncalc', 'shapes']\nimport cnncalc.cli.quick as quick\n"
    code += "def answer(words): raise KeyboardInterrupt\nquick.answer = answer\nfrom cnncalc.cli import run; run()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
@pytest.mark.parametrize("words", [["--version"], ["shapes", "@lenet5"], ["layers", "conv"]])
def test_an_interrupt_at_the_very_end_makes_no_traceback(words):
    program = (
        "import atexit, os, signal, sys; atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))\n"
        "from cnncalc.cli import run; run()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
@pytest.mark.parametrize("module", ["gc", "quick", "commands", "features.shapes.answer"])
def test_an_interrupt_is_130_from_the_first_line_on(module):
    program = (
        "import builtins, os, signal\n"
        "from cnncalc.cli import run\n"
        "load, asked = builtins.__import__, []\n"
        "def interrupted(name, *more, **rest):\n"
        f"    if name == {module!r} and not asked: asked.append(name) or os.kill(os.getpid(), signal.SIGINT)\n"
        "    return load(name, *more, **rest)\n"
        "builtins.__import__ = interrupted\n"
        "run()\n"
    )
    words = ["layers"] if module == "commands" else ["shapes", "@lenet5"]
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
