"""What happens at the ends: pipes, terminals, encodings, full disks, interrupts."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pytest

from cnncalc import cli

LONG = "input 1x8x8\nrepeat 20000:\n    relu\n"
KOREAN = "model 한국어 모델 ×\ninput 1x8x8\nconv 3 3 -> 3x7x7 # 한국어\n"
ESCAPE = "\x1b"


def on_terminal(start, columns, *arguments, **environment):
    """What a terminal of that width is sent, and the exit code."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = start(*arguments, stdin=theirs, stdout=theirs, stderr=theirs, environment=environment)
    os.close(theirs)
    sent = b""
    while True:
        ready = select.select([ours], [], [], 30)[0]
        try:
            data = os.read(ours, 65536) if ready else b""
        except OSError:
            data = b""
        if not data:
            break
        sent += data
    os.close(ours)
    return sent.decode("utf-8").replace("\r\n", "\n"), process.wait(timeout=30)


@pytest.mark.parametrize("columns", [80, 120, 200])
@pytest.mark.parametrize("options", [[], ["--columns", "+flops,+filter,+formula,+inputs,+path,+field"]])
def test_a_terminal_is_never_overrun(start, columns, options):
    text, code = on_terminal(start, columns, "shapes", "@resnet50", *options)
    assert code == 0
    assert ESCAPE in text
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    assert max(map(len, lines)) <= columns
    assert "25,557,032 parameters" in text
    assert any(line.split()[:2] == ["bottleneck2", "×2"] for line in lines)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_on_a_terminal(start, environment):
    text, _ = on_terminal(start, 80, "shapes", "@lenet5", **environment)
    assert ESCAPE not in text
    assert "  conv1 " in text
    text, _ = on_terminal(start, 80, "shapes", "nope.txt", **environment)
    assert text.startswith("error: ")


def test_options_go_before_the_environment(start):
    assert ESCAPE not in on_terminal(start, 80, "shapes", "@lenet5", "--no-color")[0]
    assert ESCAPE in on_terminal(start, 80, "shapes", "@lenet5", "--color", NO_COLOR="1")[0]


def test_headings_of_topics_are_bold_on_a_terminal(start):
    assert on_terminal(start, 80, "help", "counting")[0].startswith("\x1b[1mWhat is counted, and how\x1b[0m\n")


def test_faults_are_red_on_a_terminal(start):
    assert on_terminal(start, 80, "shapes", "nope.txt")[0].startswith("\x1b[1;31merror:\x1b[0m ")


def test_a_pipe_gets_plain_text(start):
    out, err = start("shapes", "@lenet5").communicate(timeout=30)
    assert ESCAPE.encode() not in out + err
    assert out.decode().splitlines()[2].startswith("layer ")
    out, _ = start("shapes", "@lenet5", "--color").communicate(timeout=30)
    assert ESCAPE.encode() in out
    out, _ = start("shapes", "@lenet5", environment={"FORCE_COLOR": "1"}).communicate(timeout=30)
    assert ESCAPE.encode() not in out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp949", "latin-1", "utf-8", "utf-16"])
@pytest.mark.parametrize("form", ["table", "plain", "csv", "markdown", "json"])
def test_encodings(start, spec, encoding, form):
    name = spec(KOREAN, "모델.txt")
    process = start("shapes", name, "--format", form, environment={"PYTHONIOENCODING": encoding})
    out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "3x6x6" in out.decode(encoding).replace("×", "x").replace("3, 6, 6", "3x6x6")
    if form != "json":
        header, source, carets, *_ = err.decode(encoding).splitlines()
        assert ": error: " in header
        assert "conv 3 3 -> 3x7x7" in source
        assert carets.index("^") == source.index("-> 3x7x7")


@pytest.mark.parametrize("topic", ["language", "json"])
def test_help_in_ascii(start, topic):
    process = start("help", topic, environment={"PYTHONIOENCODING": "ascii"})
    assert process.communicate(timeout=30)[0].decode("ascii")


@pytest.mark.parametrize("arguments", [["shapes"], ["shapes", "--format", "json"], ["help", "language"], ["layers"]])
def test_a_closed_pipe_is_no_error(start, spec, arguments):
    spec(LONG)
    process = start(*arguments)
    process.stdout.read(1)
    process.stdout.close()
    with process.stderr:
        err = process.stderr.read()
    assert (process.wait(timeout=60), err) == (0, b"")


def test_faults_are_told_though_the_pipe_is_closed(start, spec):
    spec(LONG + "-> 1x9x9\n")
    process = start("shapes")
    process.stdout.close()
    with process.stderr:
        err = process.stderr.read()
    assert process.wait(timeout=60) == 1
    assert b"expected 1x9x9" in err


@pytest.mark.parametrize(
    "arguments", [["shapes", "@lenet5"], ["help"], ["--help"], ["shapes", "@lenet5", "-o", "/dev/full"]]
)
def test_a_full_disk(start, arguments):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    with open("/dev/full", "wb") as full:
        process = start(*arguments, stdout=full)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert err.startswith(b"error: ")
    assert b"No space left on device" in err
    assert err.count(b"\n") == 1


def test_no_standard_output_at_all(start, spec):
    spec()
    process = start("shapes", preexec_fn=lambda: os.close(1), stdout=None)
    _, err = process.communicate(timeout=30)
    assert b"Traceback" not in err


@pytest.mark.parametrize("command", ["shapes", "check"])
def test_interrupted(start, command):
    """In the midst of its work: it has read its input, more than a pipe holds, and needs seconds for the layers."""
    process = start(command, "-", stdin=subprocess.PIPE)
    process.stdin.write(b"#" * 2**20 + b"\ninput 1x8x8\nrepeat 450000:\n    conv 3 3 pad=1 | relu\n")
    process.stdin.close()
    process.stdin = None  # of which communicate would want more
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_interrupted_while_modules_are_loaded(monkeypatch):
    def interrupted(words):
        raise KeyboardInterrupt

    monkeypatch.setattr("cnncalc.cli.quick.answer", interrupted)
    monkeypatch.setattr("cnncalc.cli.guard.leave", lambda code: None)  # which would end the tests
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert ended.value.code == 130


def test_standard_input(start):
    process = start("shapes", "-", stdin=subprocess.PIPE)
    out, _ = process.communicate(b"input 1x4x4\r\nflatten\r\n", timeout=30)
    assert process.returncode == 0
    assert out.decode().splitlines()[-3].split() == ["flatten1", "flatten", "16", "0", "0"]
