"""A spec that cannot be read, in every command and every format: the reason, exit code 2, and in JSON a document."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner, Result

from cnncalc.cli import COMMANDS, main

pytestmark = pytest.mark.usefixtures("folder")

#: The words that each command takes to read BAD, and what else it needs.
READING = {
    "shapes": [["BAD"]],
    "memory": [["BAD"]],
    "explain": [["BAD"], ["BAD", "conv1"], ["BAD", "conv1", "--at", "0"]],
    "compare": [["BAD"], ["BAD", "good.txt"], ["good.txt", "BAD"], ["BAD", "--layer", "conv1"], ["BAD", "--mlp"]],
    "check": [["BAD"], ["good.txt", "BAD"], ["BAD", "good.txt"]],
    "diff": [["BAD", "good.txt"], ["good.txt", "BAD"]],
    "convert": [["BAD", "--to", "onnx"]],
    "draw": [["BAD"], ["BAD", "-o", "net.svg"]],
    "sweep": [["BAD", "--vary", "input=3x8x8"]],
    "report": [["BAD"], ["BAD", "-o", "net.html"], ["good.txt", "BAD"]],
    "annotate": [["BAD"], ["good.txt", "BAD"]],
    "fmt": [["BAD"], ["good.txt", "BAD"]],
}
#: Those that read no spec.
OTHERS = {"completion", "layers", "conventions", "new", "help"}
#: What cannot be read, and what is said of it.
BAD = {
    "nosuch.txt": "no such file",
    "latin.txt": "not UTF-8",
    "picture.txt": "a PNG picture",
    "folder.txt/": "is a folder",
    "empty.txt": "the spec is empty",
}


def formats(command: str) -> Iterator[str | None]:
    """Every format that a command has; None where it has no choice."""
    params = main.get_command(click.Context(main), command).params  # type: ignore[union-attr]
    choices = [param.type.choices for param in params if param.name == "format"]
    yield from choices[0] if choices else [None]


def test_every_command_is_asked() -> None:
    assert READING.keys() | OTHERS == COMMANDS.keys()


@pytest.fixture(autouse=True)
def files(folder) -> None:
    (folder / "good.txt").write_text("input 3x8x8\nconv 4 3\n")
    (folder / "latin.txt").write_bytes("model café\ninput 3x8x8\n".encode("latin-1"))
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    (folder / "empty.txt").write_text("")


def run(command: str, words: list[str], form: str | None) -> Result:
    return CliRunner().invoke(main, [command, *words, *(["--format", form] if form else [])])


def told(result: Result, form: str | None, said: str) -> None:
    """The run ended with 2 and said why, in the document of a format for programs."""
    assert result.exit_code == 2, result.output
    assert "a bug in cnncalc" not in result.output
    assert said in result.output
    if form == "json":
        document = json.loads(result.stdout)
        assert any(said in one["message"] for one in document["diagnostics"])
        assert {"version", "command"} <= document.keys()


@pytest.mark.parametrize("bad", [name for name in BAD if name != "folder.txt/"])
@pytest.mark.parametrize("command", READING)
def test_the_reason_is_said(command: str, bad: str) -> None:
    if bad == "empty.txt" and command == "fmt":
        pytest.skip("what is empty is formatted")
    for words in READING[command]:
        for form in formats(command):
            told(run(command, [bad if word == "BAD" else word for word in words], form), form, BAD[bad])


@pytest.mark.parametrize("command", ["shapes", "memory", "explain", "compare"])
def test_a_folder_is_no_spec(command: str, folder) -> None:
    (folder / "folder.txt").mkdir()
    for form in formats(command):
        told(run(command, ["folder.txt"], form), form, BAD["folder.txt/"])


@pytest.mark.parametrize("options", [["--set", "nosuch=3"], ["--input", "3x3x"], ["--input", "nosuch=3x8x8"]])
@pytest.mark.parametrize("command", ["shapes", "memory", "explain", "compare", "check", "diff"])
def test_what_is_overridden_cannot_be_understood(command: str, options: list[str]) -> None:
    for form in formats(command):
        words = ["good.txt"] * (2 if command == "diff" else 1)
        told(run(command, [*words, *options], form), form, options[1].partition("=")[0].removesuffix("x"))


@pytest.mark.parametrize("command", ["shapes", "memory", "explain", "compare", "check"])
def test_there_is_no_model(command: str) -> None:
    for form in formats(command):
        told(run(command, [], form), form, "there is no model.txt here")


@pytest.mark.parametrize("command", ["shapes", "memory", "explain"])
def test_the_document_has_the_keys_of_any_other(command: str) -> None:
    whole, empty = (json.loads(run(command, [name], "json").stdout) for name in ("good.txt", "nosuch.txt"))
    left = {"network"} if command == "explain" else set()
    assert [key for key in whole if key not in left] == list(empty)


@pytest.mark.parametrize("words", [["explain", "broken.txt", "pool9"], ["compare", "broken.txt", "--layer", "pool9"]])
def test_a_layer_is_not_missed_where_lines_were_not_understood(words: list[str], folder) -> None:
    (folder / "broken.txt").write_text("layout hwc\ninput 8x8x3\nconv 4 3\nfoo 3\n")
    for form in formats(words[0]):
        result = run(words[0], words[1:], form)
        told(result, form, "unknown layer 'foo'")
        assert "pool9" not in result.output


def test_a_chart_of_nothing_is_not_all_that_is_said(folder) -> None:
    pytest.importorskip("matplotlib")
    result = run("compare", ["nosuch.txt", "--plot", "x.svg"], "json")
    told(result, None, "no such file")
    assert "there is nothing to draw" in result.stderr


@pytest.mark.parametrize("command", ["shapes", "memory", "explain", "compare"])
def test_of_what_was_not_understood_nothing_is_shown_but_the_faults(command: str, folder) -> None:
    (folder / "broken.txt").write_text("input 3x8x8\nconv 4 3\nfoo 3\n")
    result = run(command, ["broken.txt"], "plain")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "broken.txt:3:1: error: unknown layer 'foo'" in result.stderr
