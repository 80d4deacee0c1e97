"""CONTRIBUTING's recipes for a format, a command and a convention, followed to the letter in a copy of the package.

That for a layer is followed in `test_new_kind.py`, that for a reader in `convert/test_readers.py`, and what is said of
measures in `test_new_measure.py`.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from readme import ROOT

NET = "input 3x8x8\nconv 4 3 pad=1 | bn | relu\nconv 8 3 pad=1\n"
#: For programs, it takes the document's data; a line for each of the entries that have one value.
FORMAT = '''
"""A line for each entry with one value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..document.parts import Document
    from .text import Screen


def render(document: Document, screen: Screen) -> str:
    """The entries as text."""
    data = {key: value for key, value in document.data().items() if isinstance(value, str | int)}
    return "".join(f"{key}={screen.charset(str(value))}\\n" for key, value in data.items())
'''
FACTS = '''
from __future__ import annotations

from collections import Counter

from ...measure.result import NetworkAnalysis


def kinds(analysis: NetworkAnalysis) -> Counter[str]:
    """How many layers there are of each kind."""
    return Counter(layer.kind for layer in analysis.layers)
'''
PAGE = '''
from __future__ import annotations

from collections.abc import Mapping

from ...document.parts import Document, Title
from ...document.sheets import NUMBER, Column, Sheet, texts

_COLUMNS = (Column("kind", "kind"), Column("layers", "layers", NUMBER))


def document(title: str, kinds: Mapping[str, int]) -> Document:
    """The document."""

    def sheet() -> Sheet:
        return texts(_COLUMNS, kinds.items())

    data = {"version": 1, "command": "kinds", "kinds": dict(kinds)}
    return Document(lambda medium: iter([Title(title), sheet()]), lambda: data, sheet)
'''
COMMAND = '''
from __future__ import annotations

import click

from ...cli.options import output, reading
from ...cli.output import OutputOptions
from ...cli.specs import Reading, analysed, unread
from ...diagnostics import SpecError
from ...render import formats


@click.command("kinds")
@reading
@output(*formats())
def command(reading: Reading, output: OutputOptions) -> int:
    """How many layers there are of each kind."""
    from .facts import kinds
    from .page import document

    try:
        analysis = analysed(reading)
    except SpecError as error:
        return unread("kinds", reading, output, error, {"kinds": None})
    output.show(document("Kinds", kinds(analysis)))
    output.report(analysis.diagnostics)
    return output.code(analysis.diagnostics)
'''
CONVENTION = '''
"""A tool that counts convolutions twice."""

from __future__ import annotations

from .rules import convention

TWICE = convention("twice-1.0", "twice", "FLOP", "twice/count.py of 1.0", "It counts convolutions alone.",
                   {"conv": "2 W·Pout", "relu": "0"})
'''


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, with a format, a command and a convention more."""
    folder = tmp_path_factory.mktemp("scratch")
    package = folder / "cnncalc"
    shutil.copytree(ROOT / "cnncalc", package)

    def into(name: str, before: str, line: str) -> None:
        text = (package / name).read_text("utf-8")
        assert text.count(before) == 1, name
        (package / name).write_text(text.replace(before, line + before), "utf-8")

    (package / "render/entries.py").write_text(FORMAT, "utf-8")
    into("render/__init__.py", '    "html": Format("html"', '    "entries": Format("entries", ".entries"),\n')
    feature = package / "features/kinds"
    feature.mkdir()
    for name, text in (("__init__", ""), ("facts", FACTS), ("page", PAGE), ("command", COMMAND)):
        (feature / f"{name}.py").write_text(text, "utf-8")
    into("cli/commands.py", '    "layers": "features.layers.command"', '    "kinds": "features.kinds.command",\n')
    (package / "measure/conventions/twice.py").write_text(CONVENTION, "utf-8")
    into("measure/conventions/names.py", "        *own.CONVENTIONS,", "        twice.TWICE,\n")
    into("measure/conventions/names.py", "from .rules import Convention\n", "from . import twice\n")
    (folder / "model.txt").write_text(NET)
    (folder / "bad.txt").write_text("input 3x8x8\nconf 3\n")
    return folder


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    """What the copy prints, faults behind answers."""
    program = "import sys; sys.path.insert(0, '.'); from cnncalc.cli import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=folder, capture_output=True, encoding="utf-8", timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("command", ["shapes", "memory", "compare", "conventions", "kinds"])
def test_a_format_is_one_of_every_command(scratch: Path, command: str) -> None:
    arguments = [command] if command == "conventions" else [command, "model.txt"]
    text = run(scratch, *arguments, "--format", "entries")
    assert f"command={command}\n" in text
    run(scratch, *arguments, "-o", f"{command}.entries")
    assert (scratch / f"{command}.entries").read_text() == text
    assert "entries" in run(scratch, command, "--help")


def test_a_command_is_listed_and_reads_and_writes_as_the_others(scratch: Path) -> None:
    assert "kinds" in run(scratch, "--help")
    assert [line.split() for line in run(scratch, "kinds", "model.txt").splitlines()[-3:]] == [
        ["conv", "2"], ["bn", "1"], ["relu", "1"]]  # fmt: skip
    assert json.loads(run(scratch, "kinds", "model.txt", "--format", "json"))["kinds"]["conv"] == 2
    assert run(scratch, "kinds", "--input", "3x16x16", "--format", "csv").startswith("kind,layers\nconv,2\n")
    assert "unknown layer 'conf'" in run(scratch, "kinds", "bad.txt", code=2)


def test_a_convention_is_told_and_counted_by(scratch: Path) -> None:
    assert "twice-1.0" in run(scratch, "conventions")
    assert "count.py" in run(scratch, "conventions", "twice")
    document = json.loads(run(scratch, "shapes", "model.txt", "--count", "twice", "--format", "json"))
    conv = 2 * (4 * 3 * 9 + 8 * 4 * 9) * 64
    assert f"{conv:,}" in run(scratch, "shapes", "model.txt", "--count", "twice")
    assert str(conv) in json.dumps(document)
    assert "bn" in run(scratch, "explain", "model.txt", "--count", "macs", "--against", "twice")
