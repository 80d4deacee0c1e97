"""`cnncalc help`, and the group of the commands."""

import pytest

from cnncalc.cli.commands import COMMANDS
from cnncalc.cli.help import TOPICS

OVERVIEW = """\
Topics (cnncalc help TOPIC):
  language     how a spec is written: every line, in ten minutes
  counting     what parameters, MACs, FLOPs and the receptive field are here
  devices      memory: types of numbers, execution, arena and flash, training
  formats      what is read as specs are: PyTorch and Keras code, ONNX, ...
  json         the document of --format json, field by field
  pyproject    what 'cnncalc check' reads of a project; the commands for CI
  exit-codes   0, 1, 2 and 130, and where messages go

Commands (cnncalc help COMMAND):
  shapes       A row a layer: output shape, parameters, MACs.
"""


def test_the_overview(run):
    text = run("help").stdout
    assert text.startswith(OVERVIEW)
    assert text.endswith("\n\nA kind of layer, with all its arguments: cnncalc layers KIND\n")
    assert [line.split()[0] for line in text.splitlines() if line.startswith("  ")] == [*TOPICS, *COMMANDS]
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_the_same_both_ways(run, name):
    assert run("help", name).stdout == run(name, "--help").stdout
    assert run("help", name).stdout.startswith(f"Usage: cnncalc {name} [OPTIONS]")


def test_a_topic_is_its_text_with_bold_headings_in_colour(run):
    plain = run("help", "exit-codes").stdout
    assert plain.startswith("# ")
    assert plain.endswith("\n")
    bold = run("help", "exit-codes", env={"FORCE_COLOR": "1"}).stdout
    heading = plain.splitlines()[0].lstrip("# ")
    assert bold.splitlines()[0] == f"\x1b[1m{heading}\x1b[0m"
    assert len(bold.splitlines()) == len(plain.splitlines())
    assert [line for line in bold.splitlines() if "\x1b" not in line] == [
        line for line in plain.splitlines() if not line.startswith("#")
    ]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("langage", "did you mean 'language'?"),
        ("shape", "did you mean 'shapes'?"),
        ("qqqq", "'cnncalc help' lists them"),
    ],
)
def test_an_unknown_topic(run, word, hint):
    result = run("help", word)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: no topic '{word}': {hint}\n")


@pytest.mark.parametrize(("start", "found"), [("la", ["language", "layers"]), ("zz", []), ("js", ["json"])])
def test_topics_and_commands_are_completed(start, found):
    from click.shell_completion import ShellComplete

    from cnncalc.cli.commands import main

    items = ShellComplete(main, {}, "cnncalc", "_C").get_completions(["help"], start)
    assert [item.value for item in items] == found


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("shpes", "did you mean 'shapes'?"),
        ("@resnet18", "did you mean 'cnncalc shapes @resnet18'?"),
        ("model.txt", "did you mean 'cnncalc shapes model.txt'?"),
        ("other.txt", "did you mean 'cnncalc shapes other.txt'?"),
        ("quux", f"there are {', '.join(COMMANDS)}"),
    ],
)
def test_an_unknown_command(run, spec, word, hint):
    spec()
    result = run(word)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[0] == f"error: no command '{word}': {hint}"


def test_without_a_command_the_help_goes_to_standard_error(run):
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == run("--help").stdout
    assert "  -h, --help  " in result.stderr
    assert run("-h").stdout == result.stderr


def test_the_version(run):
    import cnncalc

    for words in (["--version"], ["--version", "shapes"], ["--version", "--help"]):
        result = run(*words)
        assert (result.exit_code, result.stdout, result.stderr) == (0, f"cnncalc {cnncalc.__version__}\n", "")


def test_called_from_python_it_returns_what_a_command_does(spec):
    from cnncalc.cli import main

    spec("input 1x8x8\nconv 2 3 -> 5\n")
    assert main(["shapes", "-q"], standalone_mode=False) == 1
    with pytest.raises(SystemExit) as ended:
        main(["shapes", "-q"])
    assert ended.value.code == 1
