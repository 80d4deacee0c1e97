"""`layers`, `new`, `help`, the help of every command, and shell completion."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

import cnncalc
from cnncalc.cli import COMMANDS
from cnncalc.cli.help import TOPICS
from cnncalc.document.columns import BY_NAME


def test_version(run):
    assert run("--version").stdout == f"cnncalc {cnncalc.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(run, command):
    text = run(command, "-h").stdout
    assert text == run(command, "--help").stdout == run("help", command).stdout
    assert f"\n  cnncalc {command}" in text, "an example"
    assert all(len(line) <= 80 for line in text.splitlines())


def test_help_names_every_column(run):
    text = run("shapes", "--help").stdout
    assert all(re.search(rf"\b{re.escape(name)}(?!\w)", text) for name in BY_NAME)


def test_no_command(run):
    result = run()
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Usage: cnncalc")
    assert run("-h").exit_code == 0


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("shap", "no command 'shap': did you mean 'shapes'?"),
        ("zzz", "no command 'zzz': there are shapes, "),
        ("@lenet5", "did you mean 'cnncalc shapes @lenet5'?"),
        ("model.txt", "did you mean 'cnncalc shapes model.txt'?"),
    ],
)
def test_unknown_commands(run, spec, word, message):
    spec()
    result = run(word)
    assert result.exit_code == 2
    assert message in result.stderr


def test_help_lists_topics_and_commands(run):
    text = run("help").stdout
    assert all(f"\n  {name} " in text for name in (*TOPICS, *COMMANDS))


@pytest.mark.parametrize("topic", TOPICS)
def test_topics(run, topic):
    text = run("help", topic).stdout
    assert text.startswith("# ")
    assert all(len(line) <= 80 for line in text.splitlines())
    assert text.isascii()


def test_the_first_spec_of_the_language_is_one(run, spec):
    text = run("help", "language").stdout
    code = text[text.index("    model LeNet-5") : text.index("\nSave it as")]
    spec("".join(line.removeprefix("    ") for line in code.splitlines(keepends=True)))
    result = run("shapes")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "61,706 parameters" in result.stdout


def test_the_json_topic_names_every_field(run):
    topic = run("help", "json").stdout
    document = json.loads(run("shapes", "@googlenet", "--format", "json").stdout)
    names = {*document, *document["totals"], *(name for layer in document["layers"] for name in layer)}
    assert [name for name in names if not re.search(rf"\b{name}\b", topic)] == []


def test_no_text_without_a_topic():
    texts = Path(cnncalc.__file__).parent / "cli" / "topics"
    assert {path.stem for path in texts.glob("*.md")} == set(TOPICS)


def test_unknown_topics(run):
    result = run("help", "langauge")
    assert (result.exit_code, result.stderr) == (2, "error: no topic 'langauge': did you mean 'language'?\n")
    assert "'cnncalc help' lists them" in run("help", "zzz").stderr


def test_every_kind_is_in_the_language_topic(run):
    from cnncalc.layers import KINDS

    text = run("help", "language").stdout
    assert [kind for kind in KINDS if not re.search(rf"\b{kind}\b", text)] == []


@pytest.mark.parametrize("name", ["conv", "Conv2d", "MaxPooling2D", "linear"])
def test_a_kind(run, name):
    text = run("layers", name).stdout
    assert text.split()[0] == {"conv": "conv", "Conv2d": "conv", "MaxPooling2D": "maxpool", "linear": "fc"}[name]


def test_every_kind_has_its_page(run):
    from cnncalc.layers import KINDS

    for name, kind in KINDS.items():
        text = run("layers", name).stdout
        assert all(f"\n  {arg.name} " in text for arg in kind.args)
        assert "\n  output    " in text
        assert all(len(line) <= 80 for line in text.splitlines()), name


def test_all_kinds_in_every_format(run):
    from cnncalc.layers import KINDS

    document = json.loads(run("layers", "--format", "json").stdout)
    assert [layer["kind"] for layer in document["layers"]] == list(KINDS)
    assert document["layers"][0]["arguments"][0]["name"] == "filters"
    assert [row["kind"] for row in csv.DictReader(io.StringIO(run("layers", "--format", "csv").stdout))] == list(KINDS)
    assert run("layers", "--format", "markdown").stdout.splitlines()[2].startswith("| conv ")
    assert run("layers", "conv", "--format", "markdown").stdout.splitlines()[2].startswith("| filters ")
    assert run("layers", "--format", "plain").stdout.splitlines()[1].startswith("conv ")


def test_unknown_kinds(run):
    result = run("layers", "cnv")
    assert (result.exit_code, result.stderr) == (2, "error: no kind of layer 'cnv': did you mean 'conv'?\n")
    assert "'cnncalc layers' lists them" in run("layers", "12").stderr


def test_the_examples(run):
    lines = run("new").stdout.splitlines()
    assert any(re.match(r"lenet5 +LeNet-5", line) for line in lines)


def test_a_new_spec_is_ready_to_run(run, folder):
    text = run("new", "lenet5").stdout
    assert run("new", "@lenet5").stdout == text
    result = run("new", "lenet5", "-o", "model.txt")
    assert result.exit_code == 0
    assert "cnncalc shapes model.txt" in result.stderr
    assert (folder / "model.txt").read_text("utf-8") == text
    assert run("shapes").exit_code == 0


def test_new_never_overwrites(run, folder, spec):
    spec("mine")
    result = run("new", "lenet5", "-o", "model.txt")
    assert result.exit_code == 2
    assert "exists already" in result.stderr
    assert (folder / "model.txt").read_text() == "mine"
    (folder / "dangling").symlink_to("nowhere.txt")
    assert run("new", "lenet5", "-o", "dangling").exit_code == 2
    assert not (folder / "nowhere.txt").exists()


def test_new_faults(run):
    assert "did you mean 'lenet5'?" in run("new", "lenet").stderr
    assert "which example?" in run("new", "-o", "x").stderr
    assert "cannot write a/b: No such file or directory" in run("new", "lenet5", "-o", "a/b").stderr
    assert run("new", "lenet5", "-o", "a/b").exit_code == 2


def test_new_says_what_else_an_example_needs(run):
    stderr = run("new", "fcn_resnet50", "-o", "model.txt").stderr
    assert "cnncalc new dilated_resnet -o dilated_resnet.txt" in stderr
    run("new", "dilated_resnet", "-o", "dilated_resnet.txt")
    assert run("shapes").exit_code == 0


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cnncalc sha", "plain,shapes"),
        ("cnncalc shapes @len", "plain,@lenet5"),
        ("cnncalc shapes mod", "file,mod"),
        ("cnncalc shapes --columns +par", "plain,+params\nplain,+params%"),
        ("cnncalc shapes --columns layer,-ma", "plain,layer,-macs\nplain,layer,-macs%"),
        ("cnncalc shapes --sort jum", "plain,jump"),
        ("cnncalc shapes --format js", "plain,json"),
        ("cnncalc layers dwc", "plain,dwconv"),
        ("cnncalc new lenet", "plain,lenet5"),
        ("cnncalc help lang", "plain,language"),
    ],
)
def test_completion(run, words, found):
    environment = {"_CNNCALC_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    assert run(env=environment).stdout.splitlines() == found.split("\n")
