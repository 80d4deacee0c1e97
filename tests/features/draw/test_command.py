"""`cnncalc draw` as a user sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cnncalc.cli import main

pytestmark = pytest.mark.usefixtures("folder")


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["draw", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_text_without_a_file() -> None:
    assert "│ conv1  conv 6 5x5 │" in run("@lenet5")


@pytest.mark.parametrize(
    ("name", "start"),
    [("net.svg", "<svg "), ("net.html", "<!doctype html>"), ("net.mmd", "flowchart TD"), ("net.dot", "digraph "),
     ("net.tex", "\\documentclass"), ("net.txt", "LeNet-5")],
)  # fmt: skip
def test_the_name_tells_the_format(name: str, start: str) -> None:
    assert run("@lenet5", "-o", name) == ""
    assert Path(name).read_text("utf-8").startswith(start)


def test_a_name_that_tells_none() -> None:
    assert "end it in one of .txt, .svg, .html" in run("@lenet5", "-o", "net.xyz", code=2)
    assert not Path("net.xyz").exists()


def test_only_a_stage() -> None:
    text = run("@googlenet", "--only", "inception1", "--format", "mermaid")
    assert "concat1" in text and "inception2" not in text
    assert "there is no stage 'nope': one of cbr1, " in run("@googlenet", "--only", "nope", code=2)
    assert ": one of stem, conv2_x, conv3_x, " in run("@resnet18", "--only", "nope", code=2)


def test_depth() -> None:
    assert "conv2_x" in run("@resnet18", "--depth", "1")
    assert "relu3" in run("@resnet18", "--depth", "3", "--format", "dot")


def test_volumes_are_no_text() -> None:
    assert "--style volumes is no text: write -o net.svg" in run("@lenet5", "--style", "volumes", code=2)
    assert run("@unet", "--style", "volumes", "--format", "svg").count("<polygon") > 40


def test_what_fits_is_drawn_and_the_fault_told() -> None:
    Path("net.txt").write_text("input 3x32x32\nconv 8 3 groups=2\nfc 10\n")
    text = run("net.txt", code=2)
    assert "conv1" in text and "groups=2 does not divide" in text
    Path("net.txt").write_text("input 3x32x32\nconv 8 3 gruops=1\n")
    assert "gruops" in run("net.txt", code=2)


def test_never_over_the_spec() -> None:
    Path("net.txt").write_text("input 3x32x32\nconv 8 3\n")
    assert "is the spec itself" in run("net.txt", "-o", "net.txt", code=2)


def test_a_page_is_utf8_whatever_the_terminal_has() -> None:
    words = [sys.executable, "-m", "cnncalc", "draw", "@lenet5", "--format", "svg"]
    done = subprocess.run(words, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=True)
    assert "1×32×32" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("name", ["svg", "html", "png", "pdf"])
def test_what_nobody_reads_is_nothing_for_a_terminal(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True)
    Path("my.net.txt").write_text("input 8\nfc 2\n")
    assert f"write -o my.{name}, or --format text" in run("my.net.txt", "--format", name, code=2)
    assert run("my.net.txt", "--format", "svg", "-o", "net.svg") == ""
    assert "digraph" in run("my.net.txt", "--format", "dot")
    assert f"write -o lenet5.{name}, or" in run("@lenet5", "--format", name, code=2)


@pytest.mark.parametrize("name", ["png", "pdf"])
def test_bytes_go_to_standard_output_as_they_are(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        "cnncalc.features.draw.converted.converted", lambda svg, form: asked.append((svg[:5], form)) or b"\x89\x00\xff"
    )
    result = CliRunner().invoke(main, ["draw", "@lenet5", "--format", name])
    assert (result.exit_code, result.stdout_bytes, asked) == (0, b"\x89\x00\xff", [("<svg ", name)])


def test_standard_output_by_name() -> None:
    assert run("@lenet5", "-o", "-") == run("@lenet5")


def test_a_file_of_blocks_has_no_picture() -> None:
    Path("lib.txt").write_text("block a:\n    conv 8 3\n")
    text = run("lib.txt")
    assert "block" in text and "┌" not in text
