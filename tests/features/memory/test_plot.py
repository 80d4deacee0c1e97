"""`cnncalc memory --plot`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cnncalc.cli import main

pytestmark = pytest.mark.usefixtures("folder")


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["memory", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_beside_the_answer() -> None:
    answer = run("@lenet5")
    assert run("@lenet5", "--plot", "net.svg") == answer
    text = Path("net.svg").read_text("utf-8")
    assert text.startswith("<svg ") and ">LeNet-5</text>" in text and "Live memory while the layers run" in text
    run("@lenet5", "--plot", "again.svg", "--format", "json")
    assert Path("again.svg").read_text("utf-8") == text


def test_what_cannot_be_drawn() -> None:
    assert "must end in .svg or .png" in run("@lenet5", "--plot", "net.gif", code=2)
    Path("net.txt").write_text("input 3x8x8\nconv 4 3 groups=2\n")
    assert "there is nothing to draw in net.svg" in run("net.txt", "--plot", "net.svg", code=2)
    Path("net.svg").write_text("input 3x8x8\nconv 4 3\n")
    assert "is the spec itself" in run("net.svg", "--from", "spec", "--plot", "net.svg", code=2)


def test_without_cairo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cairosvg", None)
    assert "pip install 'cnncalc[picture]'" in run("@lenet5", "--plot", "net.png", code=2)
    assert not Path("net.png").exists()
