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
WARNED = "input 1x8x8\nx = conv 4 3\ny = @x | relu\n@x | tanh\n"

PLAIN = [
    ["shapes"], ["shapes", "model.txt"], ["shapes", "--format", "plain"], ["shapes", "--format=json", "model.txt"],
    ["shapes", "model.txt", "--format", "csv"], ["shapes", "model.txt", "--format", "markdown"],
    ["shapes", "model.txt", "--format", "table"], ["shapes", "@resnet18", "--depth", "1"], ["shapes", "-q", "warned.txt"],
    ["shapes", "@resnet18", "--depth=2", "--format", "markdown", "-q"], ["shapes", "warned.txt"],
    ["shapes", "broken.txt"], ["shapes", "failed.txt", "--format", "json"], ["shapes", "failed.txt"],
    ["shapes", "nowhere.txt"], ["shapes", "nowhere.txt", "--format", "json"], ["shapes", "blocks.txt"], ["shapes", "."],
    ["shapes", "@nowhere"], ["shapes", "--depth", "999999999"], ["shapes", "--format", "json", "--format", "csv", "model.txt"], ["--version"],
]  # fmt: skip

OTHERS = [
    [], ["--help"], ["shapes", "--help"], ["shapes", "-h"], ["shapes", "--format", "xml"], ["shapes", "--format"],
    ["shapes", "--depth", "0"], ["shapes", "--depth", "1,000"], ["shapes", "--depth"], ["shapes", "a", "b"],
    ["shapes", "--columns", "+field"], ["shapes", "--strict"], ["shapes", "-qq"], ["shapes", "--", "model.txt"],
    ["shapes", "--form", "json"], ["memory"], ["--version", "shapes"], ["shapes", ""], ["shapes", "--input", "3x8x8"],
    ["shapes", "--depth", "1000000000"], ["shapes", "--depth", "²"], ["shapes", "--depth", "-1"], ["shape"], ["shapes", "-x"],
    ["--version", "--version"], ["model.txt"], ["shapes", "model.txt", "-o", "x.txt"], ["shapes", "-q=1"],
]  # fmt: skip


@pytest.fixture(autouse=True)
def specs(spec):
    spec()
    for name, text in (("broken", BROKEN), ("failed", FAILED), ("blocks", BLOCKS), ("warned", WARNED)):
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


def test_completion_is_left_to_click(monkeypatch):
    monkeypatch.setenv("_CNNCALC_COMPLETE", "bash_complete")
    assert answer(["shapes", "model.txt"]) is None


def test_no_click_is_loaded(start):
    code = "import sys; sys.argv = ['cnncalc', 'shapes', '@lenet5']\nfrom cnncalc.cli import run\n"
    code += "try: run()\nfinally: print('click' in sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert "61,706 parameters" in done.stdout
    assert done.stderr.split() == ["False"]
