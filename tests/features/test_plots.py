"""`--plot` of shapes and of memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cnncalc.cli import main

pytestmark = [
    pytest.mark.usefixtures("folder"),
    pytest.mark.parametrize("command", ["shapes", "memory"]),
]
TITLES = {"shapes": "MACs along the layers", "memory": "Live memory while the layers run"}


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == code, result.output
    return result.output


def test_beside_the_answer(command: str) -> None:
    answer = run(command, "@lenet5")
    assert run(command, "@lenet5", "--plot", "net.svg") == answer
    text = Path("net.svg").read_text("utf-8")
    assert text.startswith("<svg ") and ">LeNet-5</text>" in text and TITLES[command] in text
    run(command, "@lenet5", "--plot", "again.svg", "--format", "json")
    assert Path("again.svg").read_text("utf-8") == text


def test_what_cannot_be_drawn(command: str) -> None:
    assert "must end in .svg or .png" in run(command, "@lenet5", "--plot", "net.gif", code=2)
    Path("net.txt").write_text("input 3x8x8\nconv 4 3 groups=2\n")
    assert "there is nothing to draw in net.svg" in run(command, "net.txt", "--plot", "net.svg", code=2)
    Path("net.svg").write_text("input 3x8x8\nconv 4 3\n")
    assert "is the spec itself" in run(command, "net.svg", "--from", "spec", "--plot", "net.svg", code=2)


def test_without_cairo(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cairosvg", None)
    assert "pip install 'cnncalc[picture]'" in run(command, "@lenet5", "--plot", "net.png", code=2)
    assert not Path("net.png").exists()
