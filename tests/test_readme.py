"""The documents are run: what they show below a command is what the command prints."""

import difflib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from cnncalc.diagnostics import Source
from cnncalc.features.check.drift import tolerances
from cnncalc.features.check.project_file import read
from readme import ROOT, Block, blocks, commands, prose, setup_commands

RUN = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "examples/README.md"]
READ = [*RUN, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
SCRIPTS = sysconfig.get_path("scripts")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture
def reader(tmp_path):
    """A copy of what a reader has before them, without the code: the installed package is what runs."""
    assert shutil.which("cnncalc", path=SCRIPTS), "install the package first: pip install -e '.[test]'"
    skip = shutil.ignore_patterns(".*", "cnncalc", "tests", "dist", "build", "__pycache__")
    return shutil.copytree(ROOT, tmp_path / "checkout", ignore=skip)


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as in a terminal 80 wide, without colour; both streams in the order they came."""
    path = os.pathsep.join([SCRIPTS, os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def stripped(lines: list[str]) -> list[str]:
    """The lines without trailing blanks, and without blank lines at the end."""
    return "\n".join(line.rstrip() for line in lines).rstrip("\n").split("\n")


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Whether the lines are the same; a line `…` stands for any number of lines."""
    pattern = "".join("(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + "\n" for line in shown)
    return re.fullmatch(pattern, "".join(line + "\n" for line in printed)) is not None


def console_faults(block: Block, folder: Path) -> list[str]:
    """Where the output of a console block's commands is not what stands below them, as differences."""
    faults = []
    for command in commands(block):
        if text := command.without_setup():
            shown = stripped(command.output)
            printed = stripped(run(["sh", "-c", text], folder).stdout.splitlines())
            if not agrees(shown, printed):
                changes = difflib.unified_diff(shown, printed, "shown", "printed", lineterm="")
                faults += [f"line {command.line}: {text}", *changes]
    return faults


def python_faults(block: Block, folder: Path) -> list[str]:
    """What a block of Python raises; one that starts with `>>>` is a doctest."""
    file = folder / "block.txt"
    file.write_text(block.text, "utf-8")
    doctest = ["-m", "doctest"] if block.text.startswith(">>>") else []
    result = run([sys.executable, "-W", "error", *doctest, str(file)], folder)
    return [f"line {block.line}:", result.stdout] if result.returncode else []


@pytest.mark.parametrize("document", RUN, ids=name)
def test_what_is_shown_is_what_happens(document, reader):
    """One document is one session: a block whose fence names a file (```text model.txt) writes that file."""
    folder = (reader / document.relative_to(ROOT)).parent
    faults = []
    for block in blocks(document.read_text("utf-8")):
        if block.file:
            (folder / block.file).write_text(block.text, "utf-8")
        elif block.language == "console":
            faults += console_faults(block, folder)
        elif block.language == "python":
            faults += python_faults(block, folder)
    assert not faults, "\n".join([name(document), *faults])


def anchors(text: str) -> set[str]:
    """The anchors GitHub gives a document's headings."""
    headings = re.findall(r"^#+ +(.*?) *#*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", READ, ids=name)
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(<?([^)\s>]+)", prose(document.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = document.parent / path if path else document
        assert file.exists(), f"{name(document)}: {target}"
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file.read_text("utf-8")), f"{name(document)}: {target}"


def test_two_commands_set_everything_up():
    first, second = setup_commands((ROOT / "README.md").read_text("utf-8"))[:2]
    assert "cnncalc " in first.split("&&")[-1]
    assert "pytest" in second.split("&&")[-1]


def test_projects_that_are_shown_are_understood():
    text = (ROOT / "README.md").read_text("utf-8")
    topic = (ROOT / "cnncalc/cli/topics/pyproject.md").read_text("utf-8")
    shown = [block.text for block in blocks(text) if block.language == "toml"]
    topic = topic.partition("## Limits")[0]
    shown.append(
        "".join(line[4:] for line in topic.splitlines(keepends=True) if line.startswith("    ") or line == "\n")
    )
    for one in shown:
        project = read(Source("pyproject.toml", one), ROOT)
        assert project is not None
        assert project.specs
        assert tolerances(project.tolerance)


def test_examples_are_all_explained():
    text = (ROOT / "examples/README.md").read_text("utf-8")
    specs = (ROOT / "examples").rglob("*.txt")
    assert not [name(spec) for spec in specs if spec.name not in text]
