"""`cnncalc diff REV`: all specs of a project; and a spec that is on one side only."""

import json
import os
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

SPEC = "model A\ninput 3x32x32\nconv 8 3 | relu\nflatten\nfc 10\n"


@pytest.fixture
def project(folder, monkeypatch):
    """A repository whose specs are changed, new and gone since its one commit."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (folder / "nets").mkdir()
    for name, text in {
        "nets/wider.txt": SPEC, "nets/same.txt": SPEC, "nets/gone.txt": SPEC, "nets/remark.txt": SPEC,
        "nets/blocks.txt": "block cb(w):\n    conv w 3 | relu\n", "nets/uses.txt": "use blocks.txt\ninput 3x32x32\ncb 8\n",
        "notes.txt": "hello\n", "other.txt": SPEC,
    }.items():  # fmt: skip
        (folder / name).write_text(text)
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one")
    (folder / "nets/wider.txt").write_text(SPEC.replace("conv 8", "conv 32"))
    (folder / "nets/new.txt").write_text(SPEC)
    (folder / "nets/gone.txt").unlink()
    (folder / "nets/remark.txt").write_text(SPEC + "# only said\n")
    (folder / "nets/blocks.txt").write_text("block cb(w):\n    conv w 5 | relu\n")
    (folder / "notes.txt").write_text("bye\n")
    return folder


def git(*words):
    subprocess.run(["git", *words], check=True, capture_output=True)


def statuses(result):
    assert result.exit_code == 0, result.stderr
    return {one["file"]: one["status"] for one in json.loads(result.stdout)["specs"]}


ALL = {"nets/wider.txt": "changed", "nets/uses.txt": "changed", "nets/new.txt": "new", "nets/gone.txt": "gone"}


def test_all_specs_that_differ(run, project):
    assert statuses(run("diff", "main", "--format", "json")) == ALL
    assert statuses(run("diff", "HEAD", "--format", "json")) == ALL


def test_the_report(run, project):
    result = run("diff", "main")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("4 specs differ from main: 1 gone, 1 new, 2 changed\n\n")
    rows = [line.split() for line in result.stdout.splitlines()[2:7]]
    assert rows[1:] == [
        ["gone", "nets/gone.txt", "72,234", "−100", "%", "266,400", "−100", "%"],
        ["new", "nets/new.txt", "72,234", "new", "266,400", "new"],
        ["changed", "nets/uses.txt", "224", "→", "608", "+171", "%", "194,400", "→", "470,400", "+142", "%"],
        ["changed", "nets/wider.txt", "72,234", "→", "288,906", "+300", "%", "266,400", "→", "1,065,600", "+300", "%"],
    ]
    assert "conv: filters 8 → 32" in result.stdout
    assert "conv: kernel 3x3 → 5x5" in result.stdout


def test_every_format_has_them(run, project):
    for form in ("table", "markdown", "csv", "json", "plain"):
        told = run("diff", "main", "--format", form).stdout
        assert all(name in told for name in ALL), form
        assert "nets/same.txt" not in told
    assert run("diff", "main", "--format", "csv").stdout.startswith("spec,status,layer,")
    assert run("diff", "main", "--format", "markdown").stdout.startswith("## 4 specs differ from main")


def test_from_a_folder_below(run, project, monkeypatch):
    monkeypatch.chdir(project / "nets")
    assert set(statuses(run("diff", "main", "--format", "json"))) == {"wider.txt", "uses.txt", "new.txt", "gone.txt"}


def test_the_globs_of_a_project(run, project):
    (project / "pyproject.toml").write_text('[tool.cnncalc]\nspecs = ["nets/w*.txt", "nets/g*.txt"]\n')
    assert set(statuses(run("diff", "main", "--format", "json"))) == {"nets/wider.txt", "nets/gone.txt"}
    (project / "pyproject.toml").write_text('[tool.cnncalc]\nspecs = ["nets"]\n')
    assert statuses(run("diff", "main", "--format", "json")) == ALL


def test_what_git_ignores_is_not_new(run, project):
    (project / ".gitignore").write_text("new.txt\n")
    assert "nets/new.txt" not in statuses(run("diff", "main", "--format", "json"))


def test_nothing_differs(run, project):
    git("stash", "-q", "-u")
    assert run("diff", "main").stdout == "no spec of the project differs from main\n"
    assert json.loads(run("diff", "main", "--format", "json").stdout)["equal"] is True


def test_limits_hold_for_each_but_not_for_what_is_new(run, project):
    result = run("diff", "main", "--fail-above", "params=200%")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: nets/wider.txt: params grew from 72,234 to 288,906, by 216,672 (+300 %)")
    assert result.stderr.count("error:") == 1


def test_a_spec_with_errors(run, project):
    (project / "nets/wider.txt").write_text(SPEC.replace("conv", "cnv"))
    result = run("diff", "main")
    assert result.exit_code == 2
    assert "not understood  nets/wider.txt" in result.stdout
    assert "nets/wider.txt:3:1: error: unknown layer 'cnv'" in result.stderr
    (project / "other.txt").write_text(SPEC)
    git("add", ".")
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "two")
    (project / "nets/wider.txt").write_text(SPEC)
    repaired = run("diff", "HEAD")
    assert repaired.exit_code == 0
    assert "note: unknown layer 'cnv'" in repaired.stderr


def test_a_file_of_that_name_is_meant(run, project):
    (project / "main").write_text(SPEC)
    assert "main is new: it has 4 layers" in run("diff", "main").stdout


# --- one spec that is on one side only ------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [["main:nets/new.txt", "nets/new.txt"], ["nets/new.txt"], ["main:./nets/new.txt", "nets/new.txt"]]
)
def test_a_new_spec_is_a_diff_from_nothing(run, project, words):
    result = run("diff", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\nnets/new.txt is new: it has 4 layers\n" in result.stdout
    document = json.loads(run("diff", *words, "--format", "json").stdout)
    assert (document["status"], document["equal"], document["old"]["model"]) == ("new", False, None)
    assert document["totals"]["params"] == {"old": 0, "new": 72234, "difference": 72234, "ratio": None}
    assert [one["status"] for one in document["changes"]] == ["added"] * 4
    assert run("diff", *words, "--fail-above", "params=0").exit_code == 0


@pytest.mark.parametrize("words", [["main:nets/gone.txt", "nets/gone.txt"], ["nets/gone.txt"]])
def test_a_spec_that_is_gone_is_a_diff_to_nothing(run, project, words):
    result = run("diff", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\nnets/gone.txt is gone: it had 4 layers\n" in result.stdout
    assert json.loads(run("diff", *words, "--format", "json").stdout)["status"] == "gone"


@pytest.mark.parametrize(
    "words",
    [["main:nets/nwe.txt", "nets/new.txt"], ["main:nets/wider.txt", "nets/wdier.txt"], ["nope.txt", "other.txt"]],
)
def test_another_name_is_no_new_file(run, project, words):
    assert run("diff", *words).exit_code == 2


def test_a_file_that_is_nowhere_is_told_once(run, project):
    result = run("diff", "nope.txt")
    assert result.exit_code == 2
    assert result.stderr.count("error:") == 1
    assert result.stderr.startswith("error: nope.txt: no such file\n")
    assert "did you mean 'main'?" in run("diff", "mian").stderr
    assert len(json.loads(run("diff", "nope.txt", "--format", "json").stdout)["diagnostics"]) == 1


@pytest.mark.parametrize(
    "words", [["main"], ["nope.txt"], ["main:a.txt", "nope.txt"], ["main:nope.txt", "a.txt"], ["a.txt"]]
)
def test_no_repository(run, folder, words):
    (folder / "a.txt").write_text(SPEC)
    result = run("diff", *words)
    assert result.exit_code == 2
    assert "bug" not in result.stderr
    assert result.stderr.startswith("error: ")
    assert len(words) == 2 or result.stderr.count("error:") == 1
