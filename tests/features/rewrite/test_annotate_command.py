"""`cnncalc annotate`: arrows written, renewed, taken away; a worksheet; what is left alone."""

import subprocess

import pytest

pytestmark = pytest.mark.usefixtures("folder")

LENET = "model LeNet-5\ninput 1x32x32\n\nconv 6 5 | tanh | avgpool 2     -> 6x14x15\nconv 16 5 | tanh | avgpool 2\nflatten # a\nfc 10\n"
SHAPES = (
    "model LeNet-5\n"
    "input 1x32x32\n"
    "\n"
    "conv 6 5 | tanh | avgpool 2     -> 6x14x14\n"
    "conv 16 5 | tanh | avgpool 2    -> 16x5x5\n"
    "flatten                         -> 400      # a\n"
    "fc 10                           -> 10\n"
)


def test_shapes_are_written_and_then_left_alone(run, spec, folder):
    spec(LENET)
    result = run("annotate")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "model.txt: annotated\n")
    assert (folder / "model.txt").read_text() == SHAPES
    result = run("annotate")
    assert (result.exit_code, result.output) == (0, "")
    assert run("annotate", "--check").exit_code == 0


def test_remove_and_blank(run, spec, folder):
    spec(SHAPES)
    result = run("annotate", "--blank")
    assert (result.exit_code, result.stderr) == (0, "model.txt: given blanks\n")
    blanks = (folder / "model.txt").read_text()
    assert blanks.count("-> ____") == 4
    assert run("annotate", "--blank", "--check").exit_code == 0
    assert run("shapes").exit_code == 0
    assert run("annotate").exit_code == 0
    assert (folder / "model.txt").read_text() == SHAPES
    result = run("annotate", "--remove")
    assert (result.exit_code, result.stderr) == (0, "model.txt: cleared of arrows\n")
    assert (folder / "model.txt").read_text() == (
        "model LeNet-5\ninput 1x32x32\n\nconv 6 5 | tanh | avgpool 2\nconv 16 5 | tanh | avgpool 2\nflatten     # a\nfc 10\n"
    )
    result = run("annotate", "--remove", "--blank")
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr


def test_check_and_diff_write_nothing(run, spec, folder):
    spec(LENET)
    result = run("annotate", "--check", "--diff")
    assert result.exit_code == 1
    assert result.stdout == (
        "--- model.txt\n"
        "+++ model.txt (annotated)\n"
        "@@ -1,7 +1,7 @@\n"
        " model LeNet-5\n"
        " input 1x32x32\n"
        " \n"
        "-conv 6 5 | tanh | avgpool 2     -> 6x14x15\n"
        "-conv 16 5 | tanh | avgpool 2\n"
        "-flatten # a\n"
        "-fc 10\n"
        "+conv 6 5 | tanh | avgpool 2     -> 6x14x14\n"
        "+conv 16 5 | tanh | avgpool 2    -> 16x5x5\n"
        "+flatten                         -> 400      # a\n"
        "+fc 10                           -> 10\n"
    )
    assert run("annotate", "--check").stdout == "model.txt: would be annotated\n"
    assert (folder / "model.txt").read_text() == LENET


def test_expressions_stay_unless_all_are_meant(run, spec, folder):
    spec("input 3x8x8\nlet n = 4\nconv n 3 -> (n, 6, 6)\n")
    run("annotate")
    assert (folder / "model.txt").read_text() == "input 3x8x8\nlet n = 4\nconv n 3 -> (n, 6, 6)\n"
    run("annotate", "--all")
    assert (folder / "model.txt").read_text() == "input 3x8x8\nlet n = 4\nconv n 3 -> 4x6x6\n"


def test_remove_keeps_expressions_says_how_many_and_takes_all_if_asked(run, spec, folder):
    """Every arrow that annotate writes goes; what is left is told, for "cleared of arrows" alone would not be true."""
    written = ["4x6x6", "4x6x6", "4x?x6", "(4, 6, 6)", "____"]
    lines = [f"relu -> {arrow}\n" for arrow in written]
    spec("input 3x8x8\nlet n = 4\nconv n 3 -> (n, 6, 6)\n" + "".join(lines) + "relu -> (2*2, 6, 6)\n")
    result = run("annotate", "--remove")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "model.txt: 2 arrows with expressions stay; --all removes them, too\nmodel.txt: cleared of arrows\n"
    )
    kept = "input 3x8x8\nlet n = 4\nconv n 3 -> (n, 6, 6)\n" + "relu\n" * 5 + "relu -> (2*2, 6, 6)\n"
    assert (folder / "model.txt").read_text() == kept
    assert run("annotate", "--remove", "--quiet").output == ""
    assert run("annotate", "--remove", "--all").stderr == "model.txt: cleared of arrows\n"
    assert "->" not in (folder / "model.txt").read_text()
    spec("input 3x8x8\nlet n = 4\nconv n 3 -> (n, 6, 6)\n")
    assert run("annotate", "--remove").stderr == "model.txt: 1 arrow with an expression stays; --all removes it, too\n"


def test_the_help_says_what_stays(run):
    said = " ".join(run("annotate", "--help").stdout.split())
    assert "Remove all arrows" not in said
    assert "It stays, with --remove and --blank too, unless --all is given." in said


def test_a_spec_with_errors_is_left_and_the_others_written(run, spec, folder):
    spec("input 3x8x8\nconv 4 9\n", "a.txt")
    spec(LENET, "b.txt")
    spec("block only:\n    relu\n", "c.txt")
    spec("input 3x8x8\nuse gone.txt\nrelu\n", "d.txt")
    result = run("annotate", ".")
    assert result.exit_code == 2
    assert "a.txt:2:8: error: the 9x9 window does not fit its 8x8 input" in result.stderr
    assert "d.txt:2:5: error: gone.txt: no such file" in result.stderr
    assert result.stderr.endswith("1 file annotated, 1 unchanged, 2 with errors, left as they are\n")
    assert (folder / "a.txt").read_text() == "input 3x8x8\nconv 4 9\n"
    assert (folder / "b.txt").read_text() == SHAPES
    assert (folder / "c.txt").read_text() == "block only:\n    relu\n"


def test_used_files_are_found_beside_the_file_and_left_alone(run, spec, folder):
    (folder / "nets").mkdir()
    spec("block theirs:\n    conv 4 1\n", "nets/blocks.txt")
    spec("use blocks.txt\ninput 3x8x8\ntheirs\n", "nets/net.txt")
    assert run("annotate", "nets/net.txt").exit_code == 0
    assert (folder / "nets/net.txt").read_text() == "use blocks.txt\ninput 3x8x8\ntheirs      -> 4x8x8\n"
    assert (folder / "nets/blocks.txt").read_text() == "block theirs:\n    conv 4 1\n"


def test_standard_input_and_examples(run, start):
    assert run("annotate", "-", input=LENET).stdout == SHAPES
    assert run("annotate", "--check", "-", input=SHAPES).exit_code == 0
    result = run("annotate", "-", input="input 3x8x8\nconv 9 9\n")
    assert (result.exit_code, result.stdout) == (2, "")
    result = run("annotate", "--diff", "@lenet5")
    assert result.exit_code == 0
    assert "+flatten                         -> 120\n" in result.stdout
    assert run("annotate", "@lenet5").exit_code == 2


def test_max_layers(run, spec):
    spec("input 3x8x8\nrepeat 100:\n    relu\n")
    result = run("annotate", "--max-layers", "50")
    assert result.exit_code == 2
    assert "50" in result.stderr


def test_a_closed_pipe_is_no_error(start, spec):
    spec("input 3x8x8\n" + "relu\n" * 50_000)
    process = start("annotate", "--diff", stdout=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 0
    process.stderr.close()


@pytest.mark.parametrize("command", ["annotate", "fmt"])
def test_the_help_has_examples(run, command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"cnncalc {command} --check" in result.stdout
    assert max(map(len, result.stdout.split("\n"))) <= 80
