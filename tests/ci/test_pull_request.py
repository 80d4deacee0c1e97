"""A change as a pull request makes it, through the real git, the real pre-commit and the commands."""

import json
import subprocess
import sys

import pytest

from readme import ROOT, blocks


def test_the_project_is_fine_as_it_is(repository):
    assert repository.cnncalc("check") == "2 specs, 2 pass\n"
    assert "Passed" in repository.run("pre-commit", "run", "--all-files")


def test_a_change_that_doubles_the_parameters_is_stopped_on_the_line(repository):
    repository.edit("models/edge.txt", "let width = 16", "let width = 24")
    output = repository.commit("Wider", code=1)
    assert "cnncalc check............................................................Failed" in output
    assert "\nmodels/edge.txt:8:21: error: expected 16x8x8, got 24x8x8" in output
    assert "\n    8 | step width          -> 16x8x8\n      |                     ^^^^^^^^^" in output
    assert (
        'error: params 53,794 is over 30,000 by 23,794 (79 %)\n   14 | require params <= 30k  "the device has no more"\n'
        in output
    )
    assert "error: macs" not in output  # 373 thousand, of 500
    assert "params 53,794, the baseline says 24,346: +29,448 (+121 %), tolerance 1 % (and " in output
    assert repository.git("log", "--oneline", "--format=%s") == "The first models\n"

    annotations = repository.cnncalc("check", code=1, GITHUB_ACTIONS="true")
    assert (
        "\n::error file=models/edge.txt,line=14,endLine=14,col=1,endColumn=22,title=cnncalc%3A requirement-failed::"
        in annotations
    )
    found = json.loads(repository.cnncalc("check", "--format", "json", code=1))
    assert {one["line"] for one in found["diagnostics"] if one["code"] == "expectation-failed"} == {8, 9, 10}


def test_a_reviewer_sees_the_shapes_change_and_the_change_is_accepted(repository):
    repository.edit("models/edge.txt", "let width = 16", "let width = 17")
    repository.commit("Wider", code=1)
    repository.cnncalc("annotate", "models")
    shown = repository.git("diff", "HEAD", "--", "models")
    for line in (
        "-step width          -> 16x8x8",
        "+step width          -> 17x8x8",
        "-step width*4        -> 64x2x2",
        "+step width*4        -> 68x2x2",
    ):
        assert f"\n{line}\n" in shown
    assert repository.commit("Wider", code=1).count("baseline") >= 1
    repository.cnncalc("check", "--update-baseline")
    assert "Passed" in repository.commit("Wider, within the budget")
    changed = repository.git("show", "--format=", "--", "cnncalc-baseline.json")
    assert '\n-   "params": 24346,\n' in changed
    assert '\n+   "params": 27397,\n' in changed
    assert repository.cnncalc("check") == "2 specs, 2 pass\n"


def test_a_reviewer_sees_the_change_of_the_model_as_a_table(repository):
    repository.edit(
        "models/edge.txt", "step width*4        -> 64x2x2\n", "step width*4        -> 64x2x2\nstep width*4\n"
    )
    shown = repository.cnncalc("diff", "main:models/edge.txt", "models/edge.txt")
    assert shown.startswith("EdgeNet   main:models/edge.txt → models/edge.txt\n3 layers added")
    assert "\nparameters" in shown
    assert "24,346" in shown and "61,338" in shown and "+152 %" in shown
    table = repository.cnncalc("diff", "main:models/edge.txt", "models/edge.txt", "--format", "markdown")
    assert "| added" in table
    repository.cnncalc("diff", "main:models/edge.txt", "models/edge.txt", "--fail-above", "params=200%")
    assert "--fail-above" in repository.cnncalc(
        "diff", "main:models/edge.txt", "models/edge.txt", "--fail-above", "params=2%", code=1
    )
    changed = json.loads(repository.cnncalc("diff", "main:models/edge.txt", "models/edge.txt", "--format", "json"))
    totals = changed["totals"]["params"]
    now = json.loads(repository.cnncalc("shapes", "models/edge.txt", "--format", "json"))
    assert totals["new"] == now["totals"]["params"]
    assert (totals["old"], totals["difference"]) == (24346, totals["new"] - 24346)


def test_a_shape_that_breaks_is_stopped(repository):
    repository.edit("models/edge.txt", "conv width 3 stride=2 pad=1", "conv width 3 stride=2")
    output = repository.commit("No padding", code=1)
    assert "models/edge.txt:8:21: error: expected 16x8x8, got 16x7x7" in output


def test_a_block_of_another_file_is_checked_where_it_is_used(repository):
    """The hook has the file that changed; the whole project is checked in CI."""
    repository.edit("blocks/head.txt", "fc units", "fc units*2")
    repository.git("add", "--all")
    repository.run("pre-commit", "run")
    assert "models/head.txt:2:1: error: params 1,300, the baseline says 650" in repository.cnncalc("check", code=1)


def test_a_spec_that_is_not_formatted_is_formatted_before_it_is_committed(repository):
    repository.edit("models/edge.txt", "gavgpool | flatten", "gavgpool|flatten   ")
    output = repository.commit("Untidy", code=1)
    assert "files were modified by this hook" in output
    assert "\ngavgpool | flatten\n" in repository.read("models/edge.txt")
    repository.git("add", "--all")
    assert repository.git("status", "--porcelain") == ""  # what the hook wrote is what was there before


def test_text_files_that_are_no_specs_are_let_through(repository):
    repository.write("requirements.txt", "cnncalc>=0.1\nclick\n")
    output = repository.commit("Requirements")
    assert "cnncalc check............................................................Passed" in output


def test_a_file_s_name_is_no_option(repository):
    """Who may add files may not turn the check off, or write over one: pre-commit passes names as they are."""
    repository.edit("models/edge.txt", "let width = 16", "let width = 64")
    repository.write("--config=x.txt", "")
    repository.write("x.txt", "[tool.cnncalc]\n")
    repository.write("-oREADME.txt", "")
    assert "cnncalc check............................................................Failed" in repository.commit(
        "Options", code=1
    )
    assert not (repository.folder / "README.txt").exists()


def test_a_spec_that_cannot_be_understood_is_stopped(repository):
    repository.write("models/new.txt", "input 3x32x32\nconv 8\n")
    output = repository.commit("New", code=1)
    assert "exit code: 2" in output
    assert "models/new.txt:2:7: error: conv needs a kernel" in output


def test_a_new_spec_must_be_taken_into_the_baseline(repository):
    repository.write("models/new.txt", "input 3x32x32\nconv 8 3\n")
    assert "the baseline does not know this spec" in repository.commit("New", code=1)
    repository.cnncalc("check", "--update-baseline")
    repository.commit("New")
    repository.git("rm", "-q", "models/new.txt")
    assert "there is no such spec any more: 'models/new.txt'" in repository.cnncalc("check", code=1)


def test_the_specs_are_tests(repository):
    output = repository.run(sys.executable, "-m", "pytest", "--cnncalc", "-q", "-p", "no:cacheprovider")
    assert output.splitlines()[-1].startswith("2 passed")
    repository.edit("models/edge.txt", "fc 10 ", "fc 12 ")
    output = repository.run(sys.executable, "-m", "pytest", "--cnncalc", "-q", "-p", "no:cacheprovider", code=1)
    assert "FAILED models/edge.txt::spec - " in output


def test_the_hooks_of_this_repository_are_declared_as_pre_commit_asks(repository):
    repository.run("pre-commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))


def test_the_hooks_that_the_readme_shows(repository):
    shown = blocks((ROOT / "README.md").read_text("utf-8"))
    (hooks,) = [block.text for block in shown if block.language == "yaml" and "repo: local" in block.text]
    repository.write(".pre-commit-config.yaml", hooks)
    assert repository.run("pre-commit", "run", "--all-files").count("Passed") == 2
    repository.edit("models/edge.txt", "let width = 16", "let width=24")
    repository.git("add", "--all")
    output = repository.run("pre-commit", "run", "--all-files", code=1)
    assert output.count("Failed") == 2, output
    assert "models/edge.txt: formatted" in output
    assert "error: params 53,794 is over 30,000" in output


@pytest.mark.slow
def test_the_hooks_of_this_repository_by_try_repo(repository, tmp_path):
    """pre-commit builds and installs the package from a checkout, as it does for every project that uses the hooks."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    copied = ["cnncalc", "examples", "pyproject.toml", "README.md", ".pre-commit-hooks.yaml"]
    subprocess.run(["cp", "-r", *(ROOT / name for name in copied), checkout], check=True)
    here = repository.folder
    repository.folder = checkout
    repository.git("init", "--initial-branch=main")
    repository.commit("Everything")
    repository.folder = here
    (here / ".git" / "hooks" / "pre-commit").unlink()

    output = repository.run("pre-commit", "try-repo", str(checkout), "--all-files")
    assert output.count("Passed") == 2, output
    repository.edit("models/edge.txt", "let width = 16", "let width=24")
    repository.git("add", "--all")
    output = repository.run("pre-commit", "try-repo", str(checkout), "--all-files", code=1)
    assert output.count("Failed") == 2, output
    assert "models/edge.txt: formatted" in output
    assert "error: params 53,794 is over 30,000" in output
