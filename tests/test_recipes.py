"""CONTRIBUTING's recipes for a format, a command, a convention and a layer, followed to the letter in a copy of the
package.

That for a layer is followed in `test_new_kind.py`, too, that for a reader in `convert/test_readers.py`, and what is said
of measures in `test_new_measure.py`.
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
from ...cli.specs import Reading, analysed, files_of, spec_name, unread
from ...diagnostics import SpecError
from ...render import formats


@click.command("kinds")
@reading
@output(*formats())
def command(reading: Reading, output: OutputOptions) -> int:
    """How many layers there are of each kind.

    \\b
    cnncalc kinds net.txt
    """
    from .facts import kinds
    from .page import document

    try:
        analysis = analysed(reading)
    except SpecError as error:
        return unread("kinds", reading, output, error, {"kinds": None})
    output.show(document("Kinds", kinds(analysis)), files_of(spec_name(reading), analysis.network))
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
#: A kind that PyTorch, Keras and ONNX have: its class, and its names.
KIND = '    ("softsign", "Softsign", "x / (1 + |x|)."),\n'
NAMES = """    "softsign": Foreign("Softsign", "write: Activation(activation!: 'softsign')", "Softsign"),\n"""
SOURCE = """
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.act = nn.Softsign()

    def forward(self, x):
        return F.softsign(self.act(self.conv(x)))
"""
KERAS = {"class_name": "Sequential", "config": [
    {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 8, 8, 3]}},
    {"class_name": "Conv2D", "config": {"name": "c", "filters": 4, "kernel_size": 3, "activation": "softsign"}},
    {"class_name": "Activation", "config": {"name": "a", "activation": "softsign"}}]}  # fmt: skip


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
    into("layers/activation.py", '    ("softplus", "Softplus"', KIND)
    into("convert/names.py", '    "softplus": Foreign(', NAMES)
    (folder / "net.py").write_text(SOURCE)
    (folder / "net.json").write_text(json.dumps(KERAS))
    (folder / "soft.txt").write_text("input 3x8x8\nconv 4 3 | softsign\nsoftsign\n")
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
    assert "\n  cnncalc kinds net.txt\n" in run(scratch, "kinds", "--help")
    assert "is the spec itself" in run(scratch, "kinds", "model.txt", "-o", "model.txt", code=2)
    assert (scratch / "model.txt").read_text() == NET


def test_a_convention_is_told_and_counted_by(scratch: Path) -> None:
    assert "twice-1.0" in run(scratch, "conventions")
    assert "count.py" in run(scratch, "conventions", "twice")
    document = json.loads(run(scratch, "shapes", "model.txt", "--count", "twice", "--format", "json"))
    conv = 2 * (4 * 3 * 9 + 8 * 4 * 9) * 64
    assert f"{conv:,}" in run(scratch, "shapes", "model.txt", "--count", "twice")
    assert str(conv) in json.dumps(document)
    assert "bn" in run(scratch, "explain", "model.txt", "--count", "macs", "--against", "twice")


@pytest.mark.parametrize("file", ["soft.txt", "net.py", "net.json", "soft.onnx"])
def test_an_activation_is_read_and_written_by_its_names(scratch: Path, file: str) -> None:
    if file == "soft.onnx":
        pytest.importorskip("onnx")
        run(scratch, "convert", "soft.txt", "--to", "onnx", "-o", file)
    given = ("--input", "3x8x8") if file == "net.py" else ()
    layers = json.loads(run(scratch, "shapes", file, *given, "--format", "json"))["layers"]
    assert [layer["kind"] for layer in layers if layer["kind"] != "input"] == ["conv", "softsign", "softsign"]
    for form, said in (("torch", "nn.Softsign()"), ("keras", 'layers.Activation("softsign")'), ("spec", "softsign")):
        assert said in run(scratch, "convert", file, *given, "--to", form)
