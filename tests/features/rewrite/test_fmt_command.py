"""`cnncalc fmt`: what it writes, what it leaves alone, and what it says."""

import os
import subprocess

import pytest

from cnncalc.interpret.reading.examples import example_names, example_path

pytestmark = pytest.mark.usefixtures("folder")

MESSY = "model  LeNet\ninput 1x32x32\n\n\nconv  6 5|tanh ->6x28x28 # six\nflatten\n"
NEAT = "model LeNet\ninput 1x32x32\n\nconv 6 5 | tanh     -> 6x28x28  # six\nflatten\n"


def test_a_file_is_formatted_and_then_left_alone(run, spec, folder):
    spec(MESSY)
    result = run("fmt")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "model.txt: formatted\n")
    assert (folder / "model.txt").read_text() == NEAT
    os.utime("model.txt", ns=(1, 1))
    result = run("fmt", "model.txt")
    assert (result.exit_code, result.output) == (0, "")
    assert os.stat("model.txt").st_mtime_ns == 1
    assert os.listdir() == ["model.txt"]


def test_the_mode_and_a_link_stay(run, spec, folder):
    spec(MESSY, "real.txt")
    os.chmod("real.txt", 0o604)
    os.symlink("real.txt", "link.txt")
    assert run("fmt", "link.txt").exit_code == 0
    assert os.path.islink("link.txt")
    assert (folder / "real.txt").read_text() == NEAT
    assert os.stat("real.txt").st_mode & 0o777 == 0o604


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"input 3x8x8\r\n\r\n\r\nconv  3 3\r\n", b"input 3x8x8\r\n\r\nconv 3 3\r\n"),
        (b"\xef\xbb\xbfinput  3x8x8\nconv 3 3", b"\xef\xbb\xbfinput 3x8x8\nconv 3 3\n"),
        ("input 3×8×8\u00a0# 中 \U0001f600\n".encode(), "input 3×8×8     # 中 \U0001f600\n".encode()),
    ],
)
def test_bytes(run, folder, before, after):
    (folder / "model.txt").write_bytes(before)
    assert run("fmt").exit_code == 0
    assert (folder / "model.txt").read_bytes() == after


def test_standard_input_to_standard_output(run):
    result = run("fmt", "-", input=MESSY.replace("\n", "\r\n"))
    assert result.exit_code == 0
    assert result.stdout_bytes == NEAT.replace("\n", "\r\n").encode()
    assert result.stderr == ""
    result = run("fmt", "-", "--check", input=MESSY)
    assert (result.exit_code, result.stdout) == (1, "<stdin>: would be formatted\n")


def test_bytes_of_a_pipe_are_those_of_the_spec(start):
    """Whatever the encoding of the terminal: what comes in is UTF-8, and so is what goes out."""
    process = start("fmt", "-", environment={"PYTHONIOENCODING": "ascii"}, stdin=subprocess.PIPE)
    out, err = process.communicate("\ufeffinput  3×8×8 # é\n".encode())
    assert (out, err, process.returncode) == ("input 3×8×8     # é\n".encode(), b"", 0)


def test_check_names_the_files_and_writes_nothing(run, spec, folder):
    spec(MESSY, "a.txt")
    spec(NEAT, "b.txt")
    spec("just text\n", "c.txt")
    result = run("fmt", "--check", ".")
    assert result.exit_code == 1
    assert result.stdout == "a.txt: would be formatted\n"
    assert result.stderr == (
        "1 file would be formatted, 1 unchanged\n"
        "1 other .txt file has no line that starts with 'input', 'use' or 'block'\n"
    )
    assert (folder / "a.txt").read_text() == MESSY
    result = run("fmt", "--check", "-q", ".")
    assert (result.exit_code, result.output) == (1, "")
    assert run("fmt", "--check", "b.txt").exit_code == 0


def test_diff_shows_what_would_change(run, spec, folder):
    spec(MESSY + "relu", "a.txt")
    result = run("fmt", "--diff", "a.txt")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout == (
        "--- a.txt\n"
        "+++ a.txt (formatted)\n"
        "@@ -1,7 +1,6 @@\n"
        "-model  LeNet\n"
        "+model LeNet\n"
        " input 1x32x32\n"
        " \n"
        "-\n"
        "-conv  6 5|tanh ->6x28x28 # six\n"
        "+conv 6 5 | tanh     -> 6x28x28  # six\n"
        " flatten\n"
        "-relu\n"
        "\\ No newline at end of file\n"
        "+relu\n"
    )
    assert (folder / "a.txt").read_text() == MESSY + "relu"
    assert run("fmt", "--diff", "--check", "a.txt").exit_code == 1


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_diff_can_be_applied(run, spec, folder, end):
    text = MESSY.replace("\n", end) + "\ttab".replace("\ttab", "relu #\ta tab, × and ü")
    spec(text)
    patch = run("fmt", "--diff").stdout_bytes
    subprocess.run(
        ["git", "apply", "-p0", "--unidiff-zero", "-"], input=patch.replace(b" (formatted)", b""), check=True
    )
    patched = (folder / "model.txt").read_bytes()
    spec(text)
    run("fmt")
    assert (folder / "model.txt").read_bytes() == patched


def test_a_coloured_diff_sends_a_terminal_nothing_that_it_would_obey(run, spec):
    spec("input 3x8x8\nconv  3 3 # \x1b[2J\n")
    result = run("fmt", "--diff", "--color", color=True)
    assert "\x1b[31m-conv  3 3 # \ufffd[2J\x1b[0m\n" in result.stdout
    assert "\x1b[32m+conv 3 3    # \ufffd[2J\x1b[0m\n" in result.stdout
    assert "\x1b[1m+++ model.txt (formatted)\x1b[0m\n" in result.stdout


def test_broken_specs_are_left_and_reported_and_the_others_formatted(run, spec, folder):
    spec("input  3x8x8\nconv 3 3 ->\nrelu ->\n", "a.txt")
    spec(MESSY, "b.txt")
    (folder / "c.txt").write_bytes(b"input 3x8x8 # \xff\n")
    result = run("fmt", ".", "gone.txt")
    assert result.exit_code == 2
    assert (folder / "a.txt").read_text() == "input  3x8x8\nconv 3 3 ->\nrelu ->\n"
    assert (folder / "b.txt").read_text() == NEAT
    assert "a.txt:2:12: error: nothing after '->'" in result.stderr
    assert "a.txt:3:8: error: nothing after '->'" in result.stderr
    assert "c.txt: not UTF-8" in result.stderr
    assert "gone.txt: no such file" in result.stderr
    assert result.stderr.endswith("1 file formatted, 3 with errors, left as they are\n")
    assert run("fmt", "--check", "a.txt").exit_code == 2


def test_what_is_wrong_beyond_the_syntax_is_no_matter_of_layout(run, spec, folder):
    spec("nothing  3\n")
    assert run("fmt").exit_code == 0
    assert (folder / "model.txt").read_text() == "nothing 3\n"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("gone.txt", "gone.txt: no such file"),
        ("@lenet5", "@lenet5: a bundled example is not written over"),
        ("@nothing", "@nothing: a bundled example is not written over"),
        ("empty", "no spec in empty"),
        ("pipe", "pipe: this is no regular file"),
    ],
)
def test_what_cannot_be_formatted(run, path, message):
    os.mkdir("empty")
    os.mkfifo("pipe")
    result = run("fmt", path)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_no_path_and_no_model(run):
    result = run("fmt")
    assert (result.exit_code, result.stderr) == (2, "error: there is no model.txt here: name files or folders\n")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind here")
def test_a_read_only_file_is_refused_and_the_next_one_formatted(run, spec, folder):
    spec(MESSY, "a.txt")
    spec(MESSY, "b.txt")
    os.chmod("a.txt", 0o400)
    result = run("fmt", ".")
    assert result.exit_code == 2
    assert "cannot write a.txt: it is read-only" in result.stderr
    assert (folder / "b.txt").read_text() == NEAT


def test_a_file_that_cannot_be_written_is_refused_and_the_next_one_formatted(run, spec, folder, monkeypatch):
    from cnncalc import replacing

    def create(path, data):
        if "a.txt" in path:
            raise OSError(28, "No space left on device")
        return written(path, data)

    written = replacing.create
    monkeypatch.setattr(replacing, "create", create)
    spec(MESSY, "a.txt")
    spec(MESSY, "b.txt")
    result = run("fmt", "a.txt", "b.txt")
    assert result.exit_code == 2
    assert "error: cannot write a.txt: No space left on device" in result.stderr
    assert (folder / "a.txt").read_text() == MESSY
    assert (folder / "b.txt").read_text() == NEAT


@pytest.mark.parametrize("name", example_names())
def test_examples_are_formatted(run, name):
    result = run("fmt", "--check", example_path(name))
    assert (result.exit_code, result.output) == (0, "")
    assert run("fmt", "--check", f"@{name}").exit_code == 0


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_a_line_is_a_file_whatever_its_name(run, folder):
    name = "a\nb\x1b.txt"
    (folder / name).write_text("conv  3\n")
    assert run("fmt", "--check", name).stdout == "a�b�.txt: would be formatted\n"
    assert run("fmt", name).stderr == "a�b�.txt: formatted\n"


def test_a_fault_of_ours_leaves_the_others_to_be_written(run, spec, folder, monkeypatch):
    from cnncalc.features.rewrite import fmt_command

    spec(MESSY, "a.txt"), spec(MESSY, "b.txt")
    change = fmt_command._formatted
    monkeypatch.setattr(
        fmt_command, "_formatted", lambda source, at: {}["x"] if source.name[0] == "a" else change(source, at)
    )
    result = run("fmt", "a.txt", "b.txt")
    assert result.exit_code == 2
    assert "a.txt: a bug in cnncalc: KeyError: 'x'" in result.stderr
    assert ((folder / "a.txt").read_text(), (folder / "b.txt").read_text()) == (MESSY, NEAT)


def test_what_is_said_of_several_files(run, folder):
    (folder / "a.txt").write_text(MESSY)
    (folder / "b.txt").write_text(NEAT)
    (folder / "c.txt").write_text("input 3x8x8\nconv 4 3 (\n")
    result = run("fmt", "--check", "a.txt", "b.txt")
    assert (result.exit_code, result.stderr) == (1, "1 file would be formatted, 1 unchanged\n")
    result = run("fmt", "a.txt", "b.txt", "c.txt")
    assert result.exit_code == 2
    assert result.stderr.endswith("\n1 file formatted, 1 unchanged, 1 with errors, left as it is\n")
    (folder / "a.txt").write_text(MESSY)
    (folder / "b.txt").write_text(MESSY)
    (folder / "d.txt").write_text("input 3x8x8\nconv 4 3 (\n")
    result = run("fmt", ".")
    assert result.stderr.endswith("\n2 files formatted, 2 with errors, left as they are\n")


def test_quiet_only_errors_are_said(run, spec, folder):
    spec(MESSY)
    result = run("fmt", "-q", "model.txt")
    assert (result.exit_code, result.output) == (0, "")
    assert (folder / "model.txt").read_text() == NEAT
    spec(MESSY)
    assert run("fmt", "-q", "--check").output == ""


def test_specs_only_passes_over_what_is_none(run, spec, folder):
    spec(MESSY)
    (folder / "notes.txt").write_text("some  words\n")
    result = run("fmt", "--specs-only", "notes.txt", "model.txt")
    assert (result.exit_code, result.stderr) == (
        0, "model.txt: formatted\n1 other .txt file has no line that starts with 'input', 'use' or 'block'\n",
    )  # fmt: skip
