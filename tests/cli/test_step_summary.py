"""The summary of a step of GitHub Actions: `check` and `diff` add to it by themselves, and nothing in it is obeyed."""

import re

import pytest

from cnncalc.cli import step_summary

SPEC = "model A\ninput 3x32x32\nconv 8 3 | relu -> 8x30x30\nflatten\nfc 10\n"


@pytest.fixture
def summary(folder, monkeypatch):
    """The file that the runner names, with something in it."""
    path = folder / "summary.md"
    path.write_text("before\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    return path


def test_a_check(run, spec, summary):
    spec(SPEC.replace("8x30x30", "8x31x31"), "bad.txt")
    spec(SPEC, "good.txt")
    assert run("check", "bad.txt", "good.txt").exit_code == 1
    lines = summary.read_text("utf-8").splitlines()
    assert lines[:3] == ["before", "### cnncalc check: 2 specs, 1 passes, 1 fails", ""]
    assert lines[3].split() == ["|", "|", "where", "|", "what", "|"]
    assert [cell.strip() for cell in lines[5].split("|")[1:3]] == ["error", "bad.txt:3"]
    assert "expected 8x31x31, got 8x30x30" in lines[5]
    run("check", "good.txt", "--format", "json")
    assert "### cnncalc check: 1 spec, 1 passes\n" in summary.read_text("utf-8")


def test_what_cannot_be_read(run, summary, folder):
    (folder / "pyproject.toml").write_text("[tool.cnncalc]\nnope = 1\n")
    assert run("check").exit_code == 2
    assert "| error | pyproject.toml:2 |" in summary.read_text("utf-8")


def test_a_diff(run, spec, summary):
    old, new = spec(SPEC, "old.txt"), spec(SPEC.replace("conv 8", "conv 16").replace("8x30", "16x30"), "new.txt")
    markdown = run("diff", old, new, "--format", "markdown").stdout
    assert markdown.startswith("**A   old.txt → new.txt**\n\n1 layer changed")
    assert summary.read_text("utf-8") == f"before\n{markdown}\n"


def test_other_commands_add_nothing(run, spec, summary):
    spec(SPEC)
    for words in (["shapes"], ["compare"], ["memory"], ["fmt", "--check"]):
        run(*words)
    assert summary.read_text("utf-8") == "before\n"


def test_what_goes_there_anyway_is_not_added(spec, summary, start):
    spec(SPEC, "a.txt")
    with summary.open("a") as stream:
        start("diff", "a.txt", "a.txt", "--format", "markdown", stdout=stream).communicate(timeout=60)
    assert summary.read_text("utf-8").count("a.txt → a.txt") == 1


HOSTILE = "x|y`<img src=x>@octocat [a](http://b) ::error::z"


def test_nothing_in_it_is_markup(run, spec, summary):
    spec(
        f'model {HOSTILE}\ninput 3x8x8\nconv 8 3 -> 9x6x6\nrequire params <= 3 "{HOSTILE.replace(chr(34), "")}"\n',
        "a.txt",
    )
    run("check", "a.txt")
    run("diff", "a.txt", "@lenet5")
    text = summary.read_text("utf-8")
    assert not re.search(r"(?<!\\)[<`\[]|@octocat|http://", text)
    rows = [line for line in text.splitlines() if line.startswith("|") and "error" in line[:10]]
    assert rows
    assert all(line.replace(r"\|", "").count("|") == 4 for line in rows)


def test_no_variable_no_summary(run, spec, folder, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    spec(SPEC)
    run("check", "model.txt")
    assert [path.name for path in folder.iterdir()] == ["model.txt"]


def test_one_that_cannot_be_written_changes_no_code(run, spec, summary, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "no/such/folder.md")
    spec(SPEC)
    result = run("check", "model.txt")
    assert result.exit_code == 0
    assert (
        result.stderr == "warning: cannot write the summary of the step, no/such/folder.md: No such file or directory\n"
    )


def test_no_more_than_github_takes(run, spec, summary, monkeypatch):
    monkeypatch.setattr(step_summary, "MOST", 300)
    spec("input 3x8x8\n" + "conv 8 3 pad=1 -> 9x8x8\n" * 100, "a.txt")
    run("check", "a.txt")
    text = summary.read_text("utf-8")
    assert len(text.encode()) <= 300
    assert text.endswith("… the rest does not fit into the summary of a step\n")
    run("check", "a.txt")
    assert summary.read_text("utf-8") == text


def test_many_findings_are_counted(run, spec, summary):
    spec("input 3x8x8\n" + "conv 8 3 pad=1 -> 9x8x8\n" * 100, "a.txt")
    run("check", "a.txt")
    assert "and 149 more findings" in summary.read_text("utf-8")
