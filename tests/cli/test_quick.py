"""The plainest command lines are answered without click, and just as click answers them."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from cnncalc.cli import main
from cnncalc.cli.quick import answer

BROKEN = "input 3x8x8\nconv 4 9\nnonsense 3\n"
FAILED = "input 3x8x8\nconv 4 3 -> 4x8x8\n"
BLOCKS = "block b:\n    conv 4 3\n"
HELD = "input 3x8x8\nconv 4 3\nrequire params == 112\n"
OVER = "input 3x8x8\nconv 4 3\nrequire params < 100 and output == 4x5x5\n"
WARNED = "input 1x8x8\nx = conv 4 3\ny = @x | relu\n@x | tanh\n"

PLAIN = [
    ["shapes"], ["shapes", "model.txt"], ["shapes", "--format", "plain"], ["shapes", "--format=json", "model.txt"],
    ["shapes", "model.txt", "--format", "csv"], ["shapes", "model.txt", "--format", "markdown"],
    ["shapes", "model.txt", "--format", "table"], ["shapes", "@resnet18", "--depth", "1"], ["shapes", "-q", "warned.txt"],
    ["shapes", "@resnet18", "--depth=2", "--format", "markdown", "-q"], ["shapes", "warned.txt"],
    ["shapes", "broken.txt"], ["shapes", "failed.txt", "--format", "json"], ["shapes", "failed.txt"],
    ["shapes", "nowhere.txt"], ["shapes", "nowhere.txt", "--format", "json"], ["shapes", "blocks.txt"], ["shapes", "."],
    ["shapes", "@nowhere"], ["shapes", "--depth", "999999999"], ["shapes", "--format", "json", "--format", "csv", "model.txt"], ["--version"],
    ["diff", "model.txt", "warned.txt"], ["diff", "@resnet18", "@resnet34", "--format", "json"], ["diff", "-q", "model.txt", "broken.txt"],
    ["diff", "model.txt", "model.txt", "--format=markdown"], ["diff", "nowhere.txt", "model.txt"], ["diff", "warned.txt", "nowhere.txt"],
    ["diff", "failed.txt", "warned.txt", "--format", "csv"], ["diff", "HEAD:model.txt", "model.txt"], ["diff", "blocks.txt", "model.txt"],
    ["check"], ["check", "model.txt"], ["check", "-q", "warned.txt", "model.txt"], ["check", "failed.txt"], ["check", "broken.txt"],
    ["check", "failed.txt", "--format", "json"], ["check", ".", "--format=sarif"], ["check", "nowhere.txt"], ["check", "blocks.txt"],
    ["check", "nowhere.txt", "--format", "github"], ["check", "held.txt"], ["check", "over.txt", "--format", "concise"],
    ["check", "@lenet5", "@alexnet"], ["check", "over.txt", "--format", "junit"], ["check", "."],
]  # fmt: skip

OTHERS = [
    [], ["--help"], ["shapes", "--help"], ["shapes", "-h"], ["shapes", "--format", "xml"], ["shapes", "--format"],
    ["shapes", "--depth", "0"], ["shapes", "--depth", "1,000"], ["shapes", "--depth"], ["shapes", "a", "b"],
    ["shapes", "--columns", "+field"], ["shapes", "--strict"], ["shapes", "-qq"], ["shapes", "--", "model.txt"],
    ["shapes", "--form", "json"], ["memory"], ["--version", "shapes"], ["shapes", ""], ["shapes", "--input", "3x8x8"],
    ["shapes", "--depth", "1000000000"], ["shapes", "--depth", "²"], ["shapes", "--depth", "-1"], ["shape"], ["shapes", "-x"],
    ["--version", "--version"], ["model.txt"], ["shapes", "model.txt", "-o", "x.txt"], ["shapes", "-q=1"],
    ["diff"], ["diff", "model.txt"], ["diff", "a", "b", "c"], ["diff", "-", "model.txt"], ["diff", "a", "b", "--all"],
    ["diff", "a", "b", "--format", "sarif"], ["diff", "a", "b", "--depth", "1"], ["diff", "--help"], ["diff", "a", "b", "--strict"],
    ["check", "--format", "csv"], ["check", "--depth", "1"], ["check", "--max-params", "1"], ["check", "--config", "x"],
    ["check", "--update-baseline"], ["check", "--specs-only", "a"], ["check", "--batch", "1"], ["explain", "model.txt"],
]  # fmt: skip


@pytest.fixture(autouse=True)
def specs(spec):
    spec()
    for name, text in (
        ("broken", BROKEN),
        ("failed", FAILED),
        ("blocks", BLOCKS),
        ("warned", WARNED),
        ("held", HELD),
        ("over", OVER),
    ):
        spec(text, f"{name}.txt")


@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_the_answer_is_clicks(words, capsys):
    code = answer(words)
    out, err = capsys.readouterr()
    by_click = CliRunner().invoke(main, words, prog_name="cnncalc")
    assert (code, out, err) == (by_click.exit_code, by_click.stdout, by_click.stderr)


@pytest.mark.parametrize("words", OTHERS, ids=" ".join)
def test_the_rest_is_left_to_click(words, capsys):
    assert answer(words) is None
    assert capsys.readouterr() == ("", "")


def test_a_project_is_checked_so_too(spec, capsys, monkeypatch):
    """Its limits, its baseline, what GitHub is told."""
    table = (
        '[tool.cnncalc]\nspecs = ["model.txt", "warned.txt"]\nstrict = true\n[tool.cnncalc.limits]\nmax-params = 10\n'
    )
    spec(table, "pyproject.toml")
    CliRunner().invoke(main, ["check", "--update-baseline"])
    spec("input 3x9x9\nconv 5 3\n", "model.txt")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for words in (["check"], ["check", "model.txt", "--format", "json"], ["check", "broken.txt"]):
        test_the_answer_is_clicks(words, capsys)


def test_completion_is_left_to_click(monkeypatch):
    monkeypatch.setenv("_CNNCALC_COMPLETE", "bash_complete")
    assert answer(["shapes", "model.txt"]) is None


@pytest.mark.parametrize(("words", "said"), [
    (["shapes", "@lenet5"], "61,706 parameters"), (["diff", "@lenet5", "@alexnet"], "12 added"),
    (["check", "@lenet5"], "1 spec, 1 passes"),
], ids=" ".join)  # fmt: skip
def test_no_click_is_loaded(words, said):
    code = f"import atexit, sys; sys.argv = ['cnncalc', *{words!r}]\nfrom cnncalc.cli import run\n"
    code += "atexit.register(lambda: print('click' in sys.modules, file=sys.stderr))\nrun()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert said in done.stdout + done.stderr
    assert done.stderr.split()[-1] == "False"
