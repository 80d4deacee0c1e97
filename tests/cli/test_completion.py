"""What goes to a shell that completes a command line: words, what is said of them, and how they are inserted."""

import string
import subprocess
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.cli.completion import SHELLS, bash_words

#: What bash takes for the end of a word, if nobody has changed it.
BREAKS = " \t\n\"'@><=;|&(:"
SPEC = "model M\na = input 3x8x8\nb = input 10\nlet width = 8\n@a | conv width 3 | flatten | fc 10\nadd @b\n"


@pytest.fixture
def lines(run):
    """What a shell is answered for words, the last of which is being typed."""

    def call(shell, *words):
        return list(filter(None, run(env=environment(shell, words)).stdout.split("\n")))

    return call


def environment(shell, words):
    asked = {"_CNNCALC_COMPLETE": f"{shell}_complete"}
    if shell == "bash":
        return {
            **asked,
            "COMP_LINE": " ".join(["cnncalc", *words]),
            "COMP_WORDBREAKS": BREAKS,
            "COMP_COMMAND": "cnncalc",
        }
    return {**asked, "COMP_WORDS": "\n".join(["cnncalc", *words[:-1]]), "COMP_CURRENT": words[-1]}


@pytest.mark.parametrize(
    ("line", "words", "kept", "quoted"),
    [
        ("", [""], 0, False),
        ("cnncalc ", ["cnncalc", ""], 0, False),
        ("cnncalc  shapes @re", ["cnncalc", "shapes", "@re"], 0, False),
        ("a x@re", ["a", "x@re"], 1, False),
        ("a --set=w", ["a", "--set=w"], 6, False),
        ("a main:sub/f", ["a", "main:sub/f"], 5, False),
        ('a "@r', ["a", "@r"], 0, True),
        ("a --set='w", ["a", "--set=w"], 6, True),
        (r"a my\ net", ["a", "my net"], 0, False),
        (r"a x\:y", ["a", "x:y"], 0, False),
        ('a "b c" d', ["a", "b c", "d"], 0, False),
        ("a 'b\\", ["a", "b\\"], 0, True),
        ('a "" b', ["a", "", "b"], 0, False),
        ("a \\", ["a", ""], 0, False),
        ("  a b", ["a", "b"], 0, False),
        (r"a \  b", ["a", " ", "b"], 0, False),
        (r"\ a", [" a"], 0, False),
    ],
)
def test_the_words_of_a_line(line, words, kept, quoted):
    assert bash_words(line, BREAKS) == (words, kept, quoted)


@given(st.text(string.printable, max_size=30))
def test_any_line_has_words(line):
    words, kept, _ = bash_words(line, BREAKS)
    assert words
    assert 0 <= kept <= len(words[-1])


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["shapes", "model.txt", "--set", "w"], ["open\twidth=\t"]),
        (["compare", "model.txt", "--vary", ""], ["open\twidth=\t"]),
        (["shapes", "--input", ""], ["open\ta=\t3x8x8", "open\tb=\t10"]),
        (["shapes", "@lenet5", "--input", ""], ["plain\t1x32x32\tinput"]),
        (["explain", "model.txt", "f"], ["plain\tflatten1\tflatten", "plain\tfc1\tfc"]),
        (["compare", "nope.txt", "model.txt", "--layer", "co"], ["plain\tconv1\tconv"]),
        (["shapes", "nope.txt", "--set", ""], []),
        (["nope", ""], []),
        (["shapes", "--dtype", "fp1"], ["plain\tfp16\t"]),
        (["shapes", "--from", "s"], ["plain\tspec\ta spec of cnncalc"]),
        (["shapes", "--from", "on"], ["plain\tonnx\tan ONNX model"]),
        (["new", "lenet"], ["plain\tlenet5\tLeNet-5"]),
        (["help", "exit"], ["plain\texit-codes\t"]),
        (["help", "ann"], ["plain\tannotate\t"]),
        (["explain", "broken.txt", "c"], []),
        (
            ["shapes", "--nope", "--set"],
            ["plain\t--set\tGive a variable of the spec (a 'let' line) another value: width=64."],
        ),
    ],
)
def test_what_is_found_of_a_spec(lines, spec, shell, words, found):
    spec(SPEC)
    spec("input 3\ninput 4\nuse nowhere.txt\n", "broken.txt")
    if shell == "bash":
        found = [line.rpartition("\t")[0] for line in found]
    assert lines(shell, *words) == found


def test_bash_inserts_what_stands_behind_its_break(lines, spec):
    spec(SPEC)
    assert lines("bash", "shapes", "--set=w") == ["open\twidth="]
    assert lines("zsh", "shapes", "--set=w") == ["open\t--set=width=\t"]
    assert lines("bash", "check", "--config=x") == ["file\t0\tx"]
    assert lines("bash", "shapes", "a:b") == ["file\t2\ta:b"]
    assert lines("fish", "shapes", "'mod") == ["file"]


def test_bash_may_not_say_which_command_it_is(run, spec):
    spec(SPEC)
    asked = environment("bash", ["shapes", "--set", "w"]) | {"COMP_COMMAND": ""}
    assert run(env=asked).stdout == "open\twidth=\n"
    asked = environment("bash", ["shapes", "--set", "w"])
    assert run(env=asked | {"COMP_LINE": f"A=1 env {asked['COMP_LINE']}"}).stdout == "open\twidth=\n"


def test_types_are_completed_part_by_part(lines):
    assert lines("zsh", "shapes", "--dtype", "weights=int8,bi") == ["open\tweights=int8,biases=\t"]
    assert lines("zsh", "shapes", "--dtype", "weights=int8,biases=int3") == ["plain\tweights=int8,biases=int32\t"]
    assert lines("bash", "shapes", "--dtype", "weights=int8,biases=int3") == ["plain\tint32"]


def test_what_bash_would_take_for_something_else_has_a_backslash(lines, spec):
    spec("input 1x8x8\ny = conv 1 3 pad=1\nrepeat 2:\n    z = relu\n    conv 1 1\n")
    assert lines("bash", "explain", "model.txt", "z") == ["plain\tz\\[1\\]", "plain\tz\\[2\\]", "plain\tz"]
    assert lines("bash", "explain", "model.txt", "'z") == ["plain\tz[1]", "plain\tz[2]", "plain\tz"]


def test_a_hostile_title_stays_away_from_the_terminal(lines, spec):
    spec("model \x1b[31m\ninput 1x8x8\nconv 1 3\n")
    assert lines("fish", "explain", "model.txt", "conv") == ["plain\tconv1\tconv"]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script(run, shell):
    printed = run("completion", shell)
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert "cnncalc" in printed.stdout
    assert run(env={"_CNNCALC_COMPLETE": f"{shell}_source"}).stdout == printed.stdout
    assert run("completion", env={"SHELL": f"/usr/local/bin/{shell}"}).stdout == printed.stdout


def test_which_shell(run):
    result = run("completion", env={"SHELL": "/bin/tcsh"})
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: which shell?\n      = write 'cnncalc completion bash|zsh|fish'\n"


CODE = '''\
import torch.nn as nn

class Net(nn.Module):
    """Sees digits.

    More.
    """

class _Own(nn.Module): ...
def make(classes=10): ...
def helper(x): ...
raise SystemExit
'''


@pytest.mark.parametrize("shell", SHELLS)
def test_what_a_file_of_code_defines(lines, tmp_path, monkeypatch, shell):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.py").write_text(CODE, encoding="utf-8")
    found = lines(shell, "shapes", "net.py:")
    words = [line.split("\t")[1] for line in found]
    assert words == (["Net", "make"] if shell == "bash" else ["net.py:Net", "net.py:make"])
    if shell != "bash":
        assert found[0].split("\t")[2] == "Sees digits."
    assert lines(shell, "shapes", "none.py:") == []


@pytest.fixture
def history(folder, spec):
    """A git repository with a file in a branch and in a tag."""
    (folder / "nets").mkdir()
    spec("input 3x8x8\n", "nets/net.txt")

    def git(*words):
        done = subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("no git here")

    git("init", "-q", "-b", "trunk")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("tag", "v1.0")
    git("branch", "topic")


@pytest.mark.usefixtures("history")
def test_revisions_and_what_is_in_them(lines):
    assert lines("zsh", "diff", "v") == ["plain\tv1.0\t", "file"]
    assert lines("zsh", "diff", "t") == ["plain\ttopic\t", "plain\ttrunk\t", "file"]
    assert lines("zsh", "diff", "v1.0", "v1.0:n") == ["open\tv1.0:nets/\t", "file"]
    assert lines("zsh", "diff", "v1.0", "v1.0:nets/") == ["plain\tv1.0:nets/net.txt\t", "file"]
    assert lines("zsh", "diff", "none:") == ["file"]


def test_what_nobody_types_is_no_line(run, monkeypatch):
    """A word or its explanation that a terminal would obey; the others are there, without a blank line."""
    said = [("lenet\x1b[2J", "a"), ("lenet5", "a\n title"), ("lenet6", "\x07"), ("lenet5", "again"), ("lenet7", "b")]
    found = [SimpleNamespace(name=name, title=title) for name, title in said]
    monkeypatch.setattr("cnncalc.interpret.reading.examples.examples", lambda: found)
    answer = run(env=environment("zsh", ["new", "le"])).stdout
    assert answer == "plain\tlenet5\tagain\nplain\tlenet7\tb\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_what_goes_wrong_is_not_typed_into_a_command_line(lines, monkeypatch, shell):
    monkeypatch.setattr("cnncalc.interpret.reading.examples.examples", lambda: 1 / 0)
    assert lines(shell, "new", "l") == []
