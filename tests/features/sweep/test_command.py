"""`cnncalc sweep`: exit codes, files, what is written, drawn and told."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from math import ceil, floor, log2

import pytest

from cnncalc.features.sweep.plot import _brief, _marks
from cnncalc.variants.density import CELLS

SPEC = """model Small
# a comment
let width = 8   # the width
let deep = 2
input 3x16x16
conv width 3 stride=2 pad=1 | bn | relu
repeat deep:
    conv width 3 pad=1 | relu
gavgpool
fc 10
"""


@pytest.fixture(autouse=True)
def spec(folder):
    (folder / "net.txt").write_text(SPEC)


def test_the_best_is_written_as_a_spec(run, folder):
    result = run(
        "sweep",
        "net.txt",
        "--vary",
        "width=4..64..4",
        "--vary",
        "input=3x8x8,3x24x24",
        "--where",
        "params <= 20k",
        "--maximize",
        "width",
        "--write",
        "best.txt",
    )
    assert result.exit_code == 0
    best = (folder / "best.txt").read_text()
    assert best == SPEC.replace("width = 8 ", "width = 32 ").replace("3x16x16", "3x8x8")
    assert run("shapes", "best.txt").exit_code == 0
    assert run("sweep", "net.txt", "--vary", "width=4", "--write", "net.txt").exit_code == 2
    assert (folder / "net.txt").read_text() == SPEC


def test_nothing_kept_is_1_and_nothing_possible_2(run):
    assert run("sweep", "net.txt", "--vary", "width=4..8", "--where", "params < 0").exit_code == 1
    result = run("sweep", "net.txt", "--vary", "width=-2..0")
    assert result.exit_code == 2
    assert "filters is at least 1, not -2" in result.stdout
    assert "net.txt:6:6: error" in result.stderr


def test_json_of_what_is_asked(run):
    result = run(
        "sweep", "net.txt", "--vary", "width=0.5..2..0.5", "--columns", "params,params(fc1)", "--format", "json"
    )
    assert result.exit_code == 2, "no line is called fc1"
    data = json.loads(
        run(
            "sweep",
            "net.txt",
            "--vary",
            "width=0.5..2..0.5",
            "--columns",
            "params,field",
            "--top",
            "all",
            "--format",
            "json",
        ).stdout
    )
    assert data["rows"] == [
        {"width": 1, "params": 70, "field": [25, 25]},
        {"width": 2, "params": 166, "field": [25, 25]},
    ]
    assert data["causes"] == [
        {"count": 2, "message": "filters is a whole number, not 0.5", "line": 6, "code": "argument"}
    ]
    assert (data["candidates"], data["possible"], data["kept"], data["variables"]) == (4, 2, 2, ["width"])


def test_a_picture(run, folder):
    words = "sweep net.txt --vary width=4..64..4 --vary deep=1..5 --pareto params,depth:max --plot p.svg".split()
    assert run(*words).exit_code == 0
    root = ET.parse(folder / "p.svg").getroot()
    texts = ["".join(one.itertext()) for one in root.iter() if one.tag.endswith("text")]
    assert "width=4 deep=1" in texts
    assert any(re.search(r"80 candidates", text) for text in texts)
    again = (folder / "p.svg").read_bytes()
    run(*words)
    assert (folder / "p.svg").read_bytes() == again


def test_the_front_of_a_picture_is_the_one_that_is_asked_for(run, folder):
    words = ("sweep", "net.txt", "--vary", "deep=1..5", "--pareto", "params,depth:max", "--plot", "p.svg")
    assert run(*words).exit_code == 0
    picture = (folder / "p.svg").read_text()
    assert all(f"deep={deep}: params" in picture for deep in range(1, 6))


@pytest.mark.parametrize(("low", "high", "marks"), [
    (1_300_000, 3_600_000, ["1.5M", "2M", "2.5M", "3M", "3.5M"]), (36, 54, ["40", "45", "50"]), (1, 3, ["1", "2", "3"]),
    (1_000, 2_000_000, ["1k", "10k", "100k", "1M"]),
])  # fmt: skip
def test_marks_of_a_picture(low, high, marks):
    places = [floor(log2(low) * CELLS), ceil(log2(high) * CELLS)]
    assert [_brief(value) for value in _marks(*places)] == marks


def test_the_option_that_is_wrong_is_named(run):
    result = run("sweep", "net.txt", "--vary", "width=1", "--minimize", "widt")
    assert result.stderr.startswith("error: --minimize: 'widt' is no measure and nothing that is varied")


def test_other_formats(run):
    words = ("sweep", "net.txt", "--vary", "width=4,8", "--columns", "params", "--format")
    assert run(*words, "csv").stdout == "width,params\n4,466\n8,1498\n"
    assert "| 4 | 466 |" in re.sub(" +", " ", run(*words, "markdown").stdout)


@pytest.mark.parametrize("words", [
    ["--vary", "width"], ["--vary", "width=1", "--vary", "width=2"], ["--vary", "width=3..1"], ["--vary", "width=0.5..1"],
    ["--vary", "wdth=1"], ["--vary", "width=1", "--where", "params"], ["--vary", "width=1", "--where", "macs <"],
    ["--vary", "width=1", "--minimize", "width", "--maximize", "macs"], ["--vary", "width=1", "--engine", "spark:x"],
    ["--vary", "width=1..999999", "--vary", "deep=1..999999", "--vary", "input=3x1x1..3x99999999x1..100"], ["--vary", "width=$"],
    ["--vary", "input=3x8", "--vary", "width=1,relu,(2"], ["--vary", "width=1", "--top", "none"],
    ["--vary", "width=1", "--where", ""], ["--vary", "width=1", "--where", "width"], ["--vary", "width=1", "--where", "macs + 1"],
    ["--vary", "width=1", "--where", "7"], ["--vary", "width=1", "--minimize", " "], ["--vary", "width=1", "--pareto", ","],
    ["--vary", "width=1", "--columns", ","], ["--vary", "width=1", "--plot", "p.gif"], ["--vary", "width=1", "--set", "width=2"],
    ["--vary", "input=3x8x8", "--input", "input=3x9x9"], ["--vary", "width=1..0..0.5"], ["--vary", "width=,"], ["--vary", "=1"],
])  # fmt: skip
def test_what_cannot_be_asked(run, words):
    result = run("sweep", "net.txt", *words)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    assert "a bug in cnncalc" not in result.stderr


def test_a_model_of_another_format_is_swept_over_its_inputs(run):
    result = run(
        "sweep",
        "@lenet5",
        "--no-require",
        "--vary",
        "input=1x32x32..1x40x40..4",
        "--format",
        "csv",
        "--columns",
        "macs",
    )
    assert result.exit_code == 0
    assert result.stdout.startswith("input,macs\n1x32x32,416520\n")


def test_without_numpy_it_says_what_to_install():
    code = "import sys; sys.modules['numpy'] = None\nfrom cnncalc.cli import main\nmain(['sweep', 'net.txt', '--vary', 'width=1..3'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == ["error: a sweep needs NumPy", "      = pip install 'cnncalc[sweep]'"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--resume", "s.json", "-o", "s.json"], "--resume and --output name one file: s.json"),
        (["--plot", "a.svg", "--write", "./a.svg"], "--plot and --write name one file: ./a.svg"),
        (["-o", "net.txt"], "--output net.txt is the spec itself"),
        (["--write", "net.txt"], "--write net.txt is the spec itself"),
        (["--resume", "net.txt"], "--resume net.txt is the spec itself"),
    ],
)
def test_files_are_told_apart_before_anything_is_worked_out(run, folder, words, said):
    result = run("sweep", "net.txt", "--vary", "width=4..8", "--minimize", "macs", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[0] == f"error: {said}"
    assert [path.name for path in folder.iterdir()] == ["net.txt"]
    assert (folder / "net.txt").read_text() == SPEC


def test_one_candidate_is_one(run):
    result = run("sweep", "net.txt", "--vary", "width=8", "--minimize", "macs")
    assert result.stderr.splitlines()[0] == "1 candidate: width 1"
    assert "candidates" not in result.stdout


def test_a_model_file_is_closed_without_a_word(tmp_path):
    (tmp_path / "net.cfg").write_text("[net]\nwidth=9\nheight=9\nchannels=1\n\n[convolutional]\nfilters=2\nsize=3\n")
    words = ["-m", "cnncalc", "sweep", str(tmp_path / "net.cfg"), "--vary", "input=1x8x8..1x10x10", "--quiet"]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
