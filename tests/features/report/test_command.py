"""`cnncalc report` as a user sees it: what is written where, what is refused, what the code is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cnncalc.cli import main

pytestmark = pytest.mark.usefixtures("folder")


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["report", *words])
    assert result.exit_code == code, result.output
    return result.output


def written(*words: str, code: int = 0) -> str:
    run(*words, "-o", "net.html", code=code)
    return Path("net.html").read_text("utf-8")


def test_a_page() -> None:
    page = written("@lenet5")
    assert page.startswith("<!doctype html>")
    assert "<h1>LeNet-5</h1>" in page and "61,706" in page
    assert run("@lenet5") == page


def test_a_name_that_is_no_page() -> None:
    assert "a report is an HTML page" in run("@lenet5", "-o", "net.svg", code=2)
    assert not Path("net.svg").exists()
    run("@lenet5", "-o", "net.page", "--format", "html")


def test_nothing_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False)
    assert "write -o report.html" in run("@lenet5", code=2)


def test_requirements_are_judged() -> None:
    Path("net.txt").write_text("input 3x8x8\nconv 4 3\nrequire params <= 100\nrequire macs > 0\n")
    page = written("net.txt")
    assert re.search(r"<b>error</b> line 3: params 112 .*100", page)
    assert "<b>kept</b> macs &gt; 0" in page
    assert "params 112" not in written("net.txt", "--input", "3x9x9")  # as with other commands


def test_a_fault_is_drawn_and_told() -> None:
    Path("net.txt").write_text("input 3x32x32\nconv 8 3\nconv 8 3 groups=3\nfc 10\n")
    page = written("net.txt", code=2)
    assert "does not divide the 8 input channels" in page and 'class="wrong"' in page
    assert "not known, behind a fault: 1 layer." in page


def test_what_cannot_be_understood_has_no_page() -> None:
    Path("net.txt").write_text("input 3x32x32\nconv 8 3 gruops=1\n")
    assert "gruops" in run("net.txt", "-o", "net.html", code=2)
    assert not Path("net.html").exists()
    page = written("@lenet5", "net.txt", code=2)
    assert "gruops" in page and "LeNet-5" in page


def test_blocks_alone() -> None:
    Path("net.txt").write_text("block b(n):\n    conv n 3\n")
    assert "defines blocks only" in run("net.txt", "-o", "net.html")
    assert not Path("net.html").exists()


def test_several() -> None:
    page = written("@resnet18", "@resnet50")
    assert "Side by side" in page and "What changes from the first to the second" in page
    assert page.count('<section class="model"') == 2
    page = written("@lenet5", "@alexnet", "@vgg16")
    assert "What changes" not in page and page.count('<section class="model"') == 3


def test_counts_and_their_ledger() -> None:
    page = written("@alexnet", "--count", "fvcore,thop")
    assert "from fvcore-0.1.5 to thop-0.1.1" in page
    assert "from macs to fvcore" in written("@alexnet", "--count", "fvcore")


def test_never_over_the_spec() -> None:
    Path("net.html").write_text("input 3x32x32\nconv 8 3\n")
    assert "is the spec itself" in run("net.html", "--from", "spec", "-o", "net.html", code=2)


def test_the_input_is_another() -> None:
    assert "input 3×64×64" in written("@resnet18", "--input", "3x64x64")
    assert "batch 8" in written("@resnet18", "--batch", "8")


@pytest.mark.parametrize("given", ["a=3x16x16 b=3x16x16", "3x16x16 3x16x16"])
def test_several_inputs(given: str) -> None:
    Path("net.txt").write_text("a = input 3x8x8\nb = input 3x8x8\nadd @a @b\nconv 4 3\n")
    words = [word for shape in given.split() for word in ("--input", shape)]
    assert "inputs a 3×16×16, b 3×16×16" in written("net.txt", *words)


def test_a_page_is_utf8_whatever_the_terminal_has() -> None:
    words = [sys.executable, "-m", "cnncalc", "report", "@lenet5"]
    done = subprocess.run(words, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=True)
    assert "1×32×32" in done.stdout.decode("utf-8")


def test_several_outputs_are_named() -> None:
    paths = "".join(f"o{n} = @t | conv {n} 3\n" for n in range(1, 6))
    Path("net.txt").write_text(f"input 3x8x8\nt = conv 4 3\n{paths}output @o1 @o2 @o3 @o4 @o5\n")
    page = written("net.txt")
    assert "o1 1×4×4, o2 2×4×4, o3 3×4×4, o4 4×4×4" in page and "o5 5×4×4" not in page


def test_more_findings_than_are_read_are_counted() -> None:
    def page(layers: int) -> tuple[str, int]:
        Path("net.txt").write_text("input 3x8x8\n" + "conv 4 3 pad=1\n" * layers)
        found = CliRunner().invoke(main, ["check", "net.txt", "--format", "json"]).stdout
        return written("net.txt"), len(json.loads(found)["diagnostics"])

    text, found = page(45)
    assert found > 40 and f"<li>and {found - 40} more</li>" in text
    text, few = page(45 - (found - 40))
    assert few == 40 and " more</li>" not in text


def test_so_many_models_a_page_has_room_for() -> None:
    Path("net.txt").write_text("input 8\nfc 2\n")
    assert run(*["net.txt"] * 20, "-o", "net.html") == ""
    assert "20" in run(*["net.txt"] * 21, "-o", "more.html", code=2)
    assert not Path("more.html").exists()
