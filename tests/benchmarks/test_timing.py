"""What is measured of a process: that it is the right one, whole, and its own. No test looks at how long it took."""

import os
import sys

import pytest

from benchmarks.timing import Command, Failed, command, interleave, measure

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the spawner is for POSIX")
SOME = 64 * 2**20


def python(code, terminal=False):
    return command(sys.executable, "-I", "-c", code, terminal=terminal)


def test_output_is_read_to_its_end():
    """A pipe holds 64 KiB: this would wait for ever."""
    measure(python("print('x' * 1_000_000)"), limit=60)


@pytest.mark.parametrize("terminal", [False, True])
def test_where_the_output_goes(terminal):
    measure(python(f"import sys; sys.exit(sys.stdout.isatty() is not {terminal})", terminal))


def test_the_terminal_is_120_columns_wide():
    measure(python("import os, sys; sys.exit(os.get_terminal_size().columns != 120)", terminal=True))


def test_the_input_is_empty():
    measure(python("import sys; sys.exit(len(sys.stdin.read()))"))


def test_peak_memory_is_that_of_the_process_and_not_of_its_parent():
    held = bytearray(2 * SOME)
    small, large = (measure(python(code)).peak for code in ("pass", f"held = b'x' * {SOME}"))
    assert small < SOME
    assert SOME * 0.9 < large - small < SOME * 1.1
    assert len(held) > small


def test_the_times_are_of_this_process():
    busy = measure(python("import time\nwhile time.process_time() < 0.3: pass"))
    idle = measure(python("import time; time.sleep(0.3)"))
    assert busy.cpu >= 0.3
    assert idle.wall >= 0.3


def test_a_command_that_fails_says_its_last_words():
    with pytest.raises(Failed, match="no such thing"):
        measure(python("raise SystemExit('a start\\nno such thing')"))
    with pytest.raises(Failed, match="exit code 3"):
        measure(python("raise SystemExit(3)"))


def test_a_command_that_takes_too_long_is_ended():
    with pytest.raises(Failed, match="over 1 s"):
        measure(python("import time; time.sleep(100)"), limit=1)


def test_the_callers_settings_do_not_reach_it(monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", "x")
    monkeypatch.setenv("COLUMNS", "40")
    measure(
        command(
            sys.executable, "-c", "import os, sys; sys.exit('PYTHONSTARTUP' in os.environ or 'COLUMNS' in os.environ)"
        )
    )


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log"


def logged(log, word):
    return python(f"open({str(log)!r}, 'a').write('{word}')")


def test_commands_take_turns(log):
    runs = interleave({"a": logged(log, "a"), "b": logged(log, "b")}, 3)
    assert log.read_text() == "ab" + "ababab"
    assert {name: len(each) for name, each in runs.items()} == {"a": 3, "b": 3}


def test_no_more_rounds_than_there_is_time_for(log):
    runs = interleave({"a": logged(log, "a")}, 10, 0.0, first=False)
    assert log.read_text() == "aaa"
    assert len(runs["a"]) == 3


def test_a_command_reads_as_one():
    assert str(Command(("/bin/echo", "x"))) == "/bin/echo x"
