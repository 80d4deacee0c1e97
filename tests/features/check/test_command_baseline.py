"""`cnncalc check --update-baseline`, and the ratchet that it sets."""

import json
import os
import xml.etree.ElementTree as ET

import pytest

pytestmark = pytest.mark.usefixtures("folder")

NAME = "cnncalc-baseline.json"
NET = "input 3x8x8\nconv 4 3\n"


@pytest.fixture
def project(folder):
    """Writes a project of two specs."""

    def write(more=""):
        (folder / "models").mkdir(exist_ok=True)
        (folder / "pyproject.toml").write_text(f'[tool.cnncalc]\nspecs = ["models/*.txt"]\n{more}')
        for name in ("a", "b"):
            (folder / "models" / f"{name}.txt").write_text(NET)
        return folder

    return write


def edit(folder, old, new, name="a"):
    path = folder / "models" / f"{name}.txt"
    path.write_text(path.read_text().replace(old, new))


def test_without_a_file_nothing_is_compared(run, project):
    folder = project()
    assert run("check").exit_code == 0
    assert not (folder / NAME).exists()


def test_a_ratchet(run, project):
    folder = project()
    first = run("check", "--update-baseline")
    assert (first.exit_code, first.stdout) == (0, "2 specs, 2 pass\n")
    assert first.stderr == f"wrote {NAME}: 2 entries (2 new)\n"
    text = (folder / NAME).read_bytes()
    assert json.loads(text)["specs"]["models/a.txt"]["params"] == 112
    assert run("check").exit_code == 0

    edit(folder, "conv 4", "conv 8")
    broken = run("check")
    assert broken.exit_code == 1
    assert (
        broken.stdout
        == """\
models/a.txt:1:1: error: params 224, the baseline says 112: +112 (+100 %) (and 8 more figures)
    1 | input 3x8x8
      | ^^^^^^^^^^^ 'cnncalc check --update-baseline' accepts it
      = macs 7,776, was 3,888: +3,888 (+100 %)
      = activations 288, was 144: +144 (+100 %)
      = peak 1,920 bytes, was 1,344: +576 (+43 %)
      = memory 2,816 bytes, was 1,792: +1,024 (+57 %)
      = arena 1,920 bytes, was 1,344: +576 (+43 %)
      = flash 896 bytes, was 448: +448 (+100 %)
      = training 4,352 bytes, was 2,560: +1,792 (+70 %)
      = output 8x6x6, was 4x6x6

2 specs, 1 passes, 1 fails
"""
    )
    assert (folder / NAME).read_bytes() == text
    assert run("check", "--update-baseline").stderr == f"wrote {NAME}: 2 entries (1 changed)\n"
    assert run("check").exit_code == 0
    edit(folder, "conv 8", "conv 4")
    assert run("check").exit_code == 1
    assert run("check", "--update-baseline", "-q").stderr == ""
    assert (folder / NAME).read_bytes() == text
    assert run("check", "--update-baseline").stderr == f"{NAME} is as it should be: 2 entries\n"


def test_tolerance(run, project):
    folder = project('[tool.cnncalc.tolerance]\nparams = "25%"\nmacs = "25 %"\nflops = 3000\nactivations = 36\n')
    run("check", "--update-baseline")
    edit(folder, "conv 4", "conv 5")
    result = run("check", "--format", "concise")
    assert result.exit_code == 1
    assert result.stdout.startswith("models/a.txt:1:1: error: peak ")
    assert "params" not in result.stdout


@pytest.mark.parametrize(("macs", "code"), [('"2%"', 0), ("22", 0), ('"1%"', 1), ("21", 1)])
def test_flops_have_the_tolerance_of_macs(run, folder, macs, code):
    others = "".join(
        f"{name} = 5000\n" for name in ("params", "activations", "peak", "memory", "arena", "flash", "training")
    )
    (folder / "pyproject.toml").write_text(
        f'[tool.cnncalc]\nspecs = ["*.txt"]\n[tool.cnncalc.tolerance]\nmacs = {macs}\n{others}'
    )
    (folder / "a.txt").write_text("input 10\nfc 100 | fc 1\n")
    run("check", "--update-baseline")
    (folder / "a.txt").write_text("input 10\nfc 102 | fc 1\n")
    figures = json.loads((folder / NAME).read_text())["specs"]["a.txt"]
    assert (figures["macs"], figures["flops"]) == (1100, 2200)
    result = run("check", "--format", "concise")
    assert (result.exit_code, "flops" in result.stdout) == (code, False)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_no_baseline(start, project):
    folder = project()
    os.mkfifo(folder / NAME)
    process = start("check")
    assert b"no regular file" in process.communicate(timeout=30)[1]
    assert process.returncode == 2


def test_a_wrong_tolerance_is_a_fault_of_the_project(run, project):
    project("[tool.cnncalc.tolerance]\nparms = 1\n")
    result = run("check")
    assert result.exit_code == 2
    assert "pyproject.toml: [tool.cnncalc.tolerance]: 'parms' has no tolerance: did you mean 'params'?" in result.stderr


def test_a_spec_that_is_there_but_no_more_among_the_specs(run, project):
    folder = project()
    run("check", "--update-baseline")
    settings = folder / "pyproject.toml"
    settings.write_text(settings.read_text().replace("models/*.txt", "models/a.txt"))
    result = run("check", "--format", "concise")
    assert (result.exit_code, result.stdout.count("error:")) == (1, 1)
    assert "error: 'models/b.txt' is checked no more [baseline-drift]" in result.stdout
    assert run("check", "--update-baseline").exit_code == 0
    assert run("check").exit_code == 0


def test_specs_that_come_and_go(run, project):
    folder = project()
    run("check", "--update-baseline")
    os.rename(folder / "models" / "b.txt", folder / "models" / "c.txt")
    result = run("check", "--format", "concise")
    assert result.exit_code == 1
    assert result.stdout == (
        "models/c.txt:1:1: error: the baseline does not know this spec [baseline-drift]\n"
        "cnncalc-baseline.json:21:3: error: there is no such spec any more: 'models/b.txt' [baseline-drift]\n"
    )
    assert run("check").stdout.endswith("\n2 specs, 1 passes, 1 fails, 1 error in the baseline\n")
    document = json.loads(run("check", "--format", "json").stdout)
    assert [one["file"] for one in document["files"]] == ["models/a.txt", "models/c.txt"]
    assert document["diagnostics"][-1]["file"] == NAME
    suite = ET.fromstring(run("check", "--format", "junit").stdout)[-1]
    assert [case.get("name") for case in suite] == ["the figures are those of the baseline"]
    assert run("check", "models/a.txt").exit_code == 0
    assert run("check", "--update-baseline").stderr == f"wrote {NAME}: 2 entries (1 new, 1 gone)\n"
    assert run("check").exit_code == 0


def test_a_spec_that_is_not_understood_is_not_written(run, project):
    folder = project()
    run("check", "--update-baseline")
    text = (folder / NAME).read_bytes()
    edit(folder, "conv", "conf")
    assert run("check", "--update-baseline").exit_code == 2
    assert (folder / NAME).read_bytes() == text


@pytest.mark.parametrize("option", [["--set", "a=1"], ["--input", "3x9x9"]])
def test_figures_are_those_of_the_specs_as_they_are(run, project, option):
    folder = project()
    result = run("check", "--update-baseline", *option)
    assert result.exit_code == 2
    assert "--update-baseline writes the figures of the specs as they are" in result.stderr
    assert not (folder / NAME).exists()
    run("check", "--update-baseline")
    assert run("check", "--input", "3x9x9").exit_code == 0  # nothing to compare with
    assert run("check", "--batch", "8", "--dtype", "int8").exit_code == 0


@pytest.mark.parametrize("form", ["text", "concise", "github", "junit", "sarif", "json"])
def test_a_file_that_is_no_baseline(run, project, form):
    folder = project()
    (folder / NAME).write_text("<<<<<<< HEAD\n")
    result = run("check", "--format", form)
    assert result.exit_code == 2
    assert "not JSON: Expecting value, line 1, column 1; is a merge not finished?" in result.output
    assert (folder / NAME).read_text() == "<<<<<<< HEAD\n"


def test_a_folder_in_its_place(run, project):
    (project() / NAME).mkdir()
    result = run("check", "--update-baseline")
    assert result.exit_code == 2
    assert f"{NAME}: this is a folder, not a file" in result.stderr


def test_from_another_folder_it_is_the_same_file(run, project, monkeypatch):
    folder = project()
    monkeypatch.chdir(folder / "models")
    assert run("check", "--update-baseline").stderr == f"wrote ../{NAME}: 2 entries (2 new)\n"
    edit(folder, "conv 4", "conv 8")
    result = run("check", "a.txt", "--format", "concise")
    assert result.stdout.startswith("a.txt:1:1: error: params 224, the baseline says 112")


def test_junit_names_the_case(run, project):
    folder = project()
    run("check", "--update-baseline")
    edit(folder, "conv 4", "conv 8")
    text = run("check", "--format", "junit").stdout
    assert '<testcase name="the figures are those of the baseline" classname="models/a.txt" time="0">' in text


def test_a_spec_outside_of_the_project_is_not_held_to_its_baseline(run, folder):
    (folder / "models").mkdir()
    (folder / "models/a.txt").write_text("input 3x8x8\nconv 4 3\n")
    (folder / "sketch.txt").write_text("input 3x8x8\nconv 5 3\n")
    (folder / "pyproject.toml").write_text('[tool.cnncalc]\nspecs = ["models"]\n')
    assert run("check", "--update-baseline").exit_code == 0
    assert run("check", "sketch.txt").exit_code == 0
    assert run("check", "models/a.txt", "sketch.txt", "--update-baseline").exit_code == 0
    assert "sketch" not in (folder / "cnncalc-baseline.json").read_text()
    assert run("check").exit_code == 0
    (folder / "models/b.txt").write_text("input 3x8x8\nconv 5 3\n")
    assert run("check", "models/b.txt").exit_code == 1
