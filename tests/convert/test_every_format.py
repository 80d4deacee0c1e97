"""A file of each format where a spec stands: every command takes it, in every format of output, or says why it does not."""

import json
import re
import subprocess
from pathlib import Path

import pytest

import cnncalc
from cnncalc.convert.readers import READERS
from fuzz import model_seeds

#: Those that are files of a network, and what is read by a package.
FORMS = [form for form in model_seeds.SEEDS if form != "python"]
PACKAGES = {"h5": "h5py", "tflite": "tflite"}
#: What every command is asked, with FILE in the place of the file, and L in that of a layer: it answers.
ANSWERED = [
    "shapes FILE", "shapes --raw FILE", "shapes --depth 1 FILE", "shapes --batch 4 FILE",
    "shapes --columns layer,field,macs FILE", "memory FILE", "memory --planner greedy FILE", "memory --train FILE",
    "explain FILE", "explain FILE L", "explain FILE --without padding", "compare FILE", "compare --mlp FILE",
    "compare FILE FILE", "diff FILE FILE", "check FILE", "draw FILE",
]  # fmt: skip
FORMATS = ["json", "csv", "markdown", "plain"]


@pytest.fixture(params=FORMS)
def model(request, tmp_path, monkeypatch):
    """The name of a file of a format, alone in a folder."""
    if request.param in PACKAGES:
        pytest.importorskip(PACKAGES[request.param])
    suffix, write = model_seeds.SEEDS[request.param]
    monkeypatch.chdir(tmp_path)
    Path(f"net{suffix}").write_bytes(write()[0])
    return f"net{suffix}"


def layers(model):
    return [node.name for node in cnncalc.load(model).layers]


def test_every_command_answers(run, model):
    layer = layers(model)[0]
    for line in ANSWERED:
        said = run(*[model if word == "FILE" else layer if word == "L" else word for word in line.split()])
        assert said.exit_code == 0, (line, said.output)
        assert said.stdout.strip() or line.startswith("draw"), line
        assert "Traceback" not in said.output


def test_an_empty_file_is_said_to_be_empty(run, model):
    """The system maps no empty file, and a broken JSON is not what is wrong with one."""
    Path(model).write_bytes(b"")
    said = run("shapes", model)
    assert said.exit_code == 2 and "a bug in" not in said.stderr
    assert model.endswith((".cfg", ".prototxt")) or said.stderr == f"error: {model}: the file is empty\n"


def test_every_format_of_output(run, model):
    known = json.loads(run("shapes", model, "--format", "json").stdout)
    assert known["format"] == cnncalc.load(model).format
    for command in ("shapes", "memory", "explain", "compare"):
        for form in FORMATS:
            if (command, form) == ("explain", "csv"):
                continue  # it is no table
            said = run(command, model, "--format", form)
            assert said.exit_code == 0, (command, form, said.output)
            if form == "json":
                json.loads(said.stdout)
    for form in ("json", "concise", "github", "junit", "sarif"):
        assert run("check", model, "--format", form).exit_code == 0, form


def test_what_is_known_of_a_layer_there(run, model):
    """Its type, its whole shape and the number of nodes that it stands for."""
    rows = json.loads(run("shapes", model, "--format", "json").stdout)["layers"]
    assert all({"type", "tensor", "module", "full", "nodes"} <= set(row) for row in rows)
    assert all(len(row["full"]) >= len(row["output"]) for row in rows)


@pytest.mark.parametrize("command", ["fmt", "annotate"])
def test_only_specs_are_rewritten(run, model, command):
    before = Path(model).read_bytes()
    said = run(command, model)
    assert said.exit_code == 2
    assert "only the text of a spec is rewritten" in said.stderr
    assert Path(model).read_bytes() == before


def test_a_project_checks_it(run, model):
    """By a glob, by its folder, and with a limit and a baseline."""
    Path("pyproject.toml").write_text(f"[tool.cnncalc]\nspecs = ['n*{Path(model).suffix}']\n")
    for words in ((), (".",), (model,)):
        said = json.loads(run("check", *words, "--format", "json").stdout)
        assert [one["file"] for one in said["files"]] == [model], words
    assert run("check", "--max-params", "1").exit_code == 1
    assert run("check", "--update-baseline").exit_code == 0
    assert model in Path("cnncalc-baseline.json").read_text()
    assert run("check").exit_code == 0


def test_a_revision_of_it(run, model):
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", *words], check=True)
    said = run("diff", f"HEAD:{model}", model)
    assert (said.exit_code, said.stderr) == (0, "")
    Path("net.txt").write_text("input 3x8x8\nconv 4 3\n")
    assert run("diff", "net.txt", model).exit_code in (0, 1)


def test_its_layers_are_completed(run, model):
    asked = {"_CNNCALC_COMPLETE": "zsh_complete", "COMP_WORDS": f"cnncalc\nexplain\n{model}", "COMP_CURRENT": ""}
    found = run(env=asked).stdout
    assert [name for name in layers(model)[:3] if name not in found] == []
    asked = {"_CNNCALC_COMPLETE": "zsh_complete", "COMP_WORDS": "cnncalc\nshapes", "COMP_CURRENT": ""}
    assert "file" in run(env=asked).stdout


def test_in_python(model):
    network = cnncalc.load(model)
    assert cnncalc.diff(network, cnncalc.load(model)).equal
    assert cnncalc.check(model).passed
    assert cnncalc.analyze(network).to_dict()["format"] == network.format


def test_the_hook_and_the_help_know_every_suffix(run):
    hooks = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text()
    (pattern,) = re.findall(r"id: cnncalc-check.*?files: (\S+)", hooks, re.DOTALL)
    suffixes = {suffix for reader in READERS for suffix in reader.suffixes if suffix not in (".txt", ".py")}
    assert suffixes
    assert [suffix for suffix in suffixes if not re.search(pattern, f"net{suffix}")] == []
    text = run("help", "formats").stdout
    assert [suffix for suffix in suffixes if suffix not in text] == []
