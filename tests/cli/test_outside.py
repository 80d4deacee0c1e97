"""Reading stays in the project: nothing in a repository has a file outside of it read, quoted or written."""

from __future__ import annotations

import json
import os

import pytest

pytestmark = [
    pytest.mark.usefixtures("folder"),
    pytest.mark.skipif(os.name == "nt", reason="links need rights there"),
]

SECRET = "SECRET_TOKEN=abc123-hunter2\n"
GOOD = "input 3x8x8\nconv  4 3\n"
FORMS = ("text", "concise", "github", "junit", "sarif", "json")


@pytest.fixture
def project(folder, monkeypatch):
    """A project in which one stands, a secret and a spec beside it."""
    (folder / "secret.txt").write_text(SECRET)
    (folder / "other.txt").write_text(GOOD)
    inside = folder / "project"
    inside.mkdir()
    (inside / "pyproject.toml").write_text("")
    (inside / "good.txt").write_text(GOOD)
    monkeypatch.chdir(inside)
    return inside


def kept_apart(result, said: str) -> None:
    """The run says that something leads out, and nothing of what is there."""
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert "leads out of the project" in result.output
    assert "hunter2" not in result.output
    assert "SECRET" not in result.output


COMMANDS = [["shapes"], ["memory"], ["explain"], ["compare"], ["diff", "good.txt"], ["annotate", "--diff"]]


@pytest.mark.parametrize(
    "used", ["../secret.txt", "sub/../../secret.txt", "link.txt", "linked/secret.txt", "../nosuch.txt"]
)
def test_a_use_line(run, project, used):
    (project / "link.txt").symlink_to("../secret.txt")
    (project / "linked").symlink_to("..")
    (project / "sub").mkdir()
    (project / "model.txt").write_text(f"use {used}\n{GOOD}")
    for words in COMMANDS:
        kept_apart(run(*words, "model.txt"), "model.txt:1:5: error: ")
    for form in FORMS:
        kept_apart(run("check", "model.txt", "--format", form), "model.txt")


@pytest.mark.parametrize("mark", ["pyproject.toml", ".git"])
def test_the_root_is_the_nearest_folder_with_a_mark(run, folder, mark):
    (folder / mark).mkdir()
    (folder / "blocks.txt").write_text("block b:\n    relu\n")
    (folder / "nets" / "edge").mkdir(parents=True)
    (folder / "nets" / "edge" / "a.txt").write_text(f"use ../../blocks.txt\n{GOOD}b\n")
    assert run("shapes", "nets/edge/a.txt").exit_code == 0
    (folder / "nets" / "pyproject.toml").write_text("")
    assert "leads out of the project" in run("shapes", "nets/edge/a.txt").stderr


def test_without_a_mark_it_is_the_folder_of_the_spec(run, folder):
    (folder / "nets").mkdir()
    (folder / "blocks.txt").write_text("block b:\n    relu\n")
    (folder / "nets" / "blocks.txt").write_text("block b:\n    relu\n")
    (folder / "nets" / "a.txt").write_text(f"use ../blocks.txt\n{GOOD}b\n")
    (folder / "nets" / "b.txt").write_text(f"use blocks.txt\n{GOOD}b\n")
    assert run("shapes", "nets/b.txt").exit_code == 0
    kept_apart(run("shapes", "nets/a.txt"), "nets/a.txt:1:5")


def test_links_within_the_project_are_followed(run, project):
    (project / "sub").mkdir()
    (project / "sub" / "link.txt").symlink_to("../good.txt")
    (project / "sub" / "a.txt").write_text(f"use link.txt\n{GOOD}")
    assert "leads out" not in run("shapes", "sub/a.txt").stderr
    assert run("check", "sub/link.txt", "--format", "json").exit_code == 0
    assert len(json.loads(run("check", ".", "--format", "json").stdout)["files"]) == 2


def test_a_link_in_a_folder(run, project, folder):
    (project / "x.txt").symlink_to("../secret.txt")
    (project / "y.txt").symlink_to("../other.txt")
    for form in FORMS:
        result = run("check", ".", "--format", form)
        kept_apart(result, "x.txt")
        assert "y.txt" in result.stdout
    files = json.loads(result.stdout)["files"]
    assert [(one["file"], one["code"]) for one in files] == [("good.txt", 0), ("x.txt", 2), ("y.txt", 2)]
    for words in (["fmt", "--diff"], ["annotate", "--diff"], ["annotate"], ["fmt"]):
        kept_apart(run(*words, "."), "x.txt")
    assert (folder / "other.txt").read_text() == GOOD
    assert (folder / "secret.txt").read_text() == SECRET
    assert (project / "good.txt").read_text() != GOOD


def test_what_is_named_is_read_and_written(run, project, folder):
    (project / "y.txt").symlink_to("../other.txt")
    assert run("check", "y.txt").exit_code == 0
    assert run("check", ".", "y.txt").exit_code == 0
    assert run("fmt", "y.txt", "../other.txt").exit_code == 0
    assert (folder / "other.txt").read_text() != GOOD
    assert run("shapes", "../other.txt").exit_code == 0


@pytest.mark.parametrize("words", [*COMMANDS[:4], ["check"], ["fmt", "--diff"], ["annotate", "--diff"]], ids=" ".join)
def test_the_model_that_nobody_named(run, project, words):
    (project / "model.txt").symlink_to("../secret.txt")
    kept_apart(run(*words), "model.txt")


@pytest.mark.parametrize(
    "glob", ["../*.txt", "../../*/*.txt", "sub/../../*.txt", "linked/*.txt", "linked/**/secret.txt"]
)
def test_a_glob(run, project, glob):
    (project / "sub").mkdir()
    (project / "linked").symlink_to("..")
    (project / "pyproject.toml").write_text(f'[tool.cnncalc]\nspecs = ["good.txt", "{glob}"]\n')
    for form in FORMS:
        result = run("check", "--format", form)
        kept_apart(result, glob)
        assert "secret.txt" not in result.output.replace(glob, "")
    assert [one["file"] for one in json.loads(result.stdout)["files"]] == ["good.txt"]


def test_a_link_that_a_glob_finds(run, project):
    (project / "x.txt").symlink_to("../secret.txt")
    (project / "pyproject.toml").write_text('[tool.cnncalc]\nspecs = ["*.txt"]\n')
    kept_apart(run("check"), "x.txt")


def test_a_project_file_that_is_a_link(run, project):
    (project / "pyproject.toml").unlink()
    (project / "pyproject.toml").symlink_to("../secret.txt")
    kept_apart(run("check", "good.txt"), "pyproject.toml")
    assert run("check", "good.txt", "--config", "../secret.txt").exit_code == 2


def test_a_baseline_that_is_a_link(run, project, folder):
    (project / "cnncalc-baseline.json").symlink_to("../secret.txt")
    for words in (["check", "good.txt"], ["check", "--update-baseline", "good.txt"]):
        kept_apart(run(*words), "cnncalc-baseline.json")
    assert (folder / "secret.txt").read_text() == SECRET


def test_python_reads_by_the_same_rule(project):
    import cnncalc

    (project / "model.txt").write_text(f"use ../secret.txt\n{GOOD}")
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.load("model.txt")
    assert "leads out of the project" in str(caught.value)
    assert "hunter2" not in str(caught.value)
