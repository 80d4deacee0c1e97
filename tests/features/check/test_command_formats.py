"""The formats of `cnncalc check`, as its command writes them."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("folder")

WARNED = "input 3x8x8\nconv 4 3 | bn  -> 4x8x8\n"


@pytest.fixture(autouse=True)
def files(folder):
    (folder / "net.txt").write_text(WARNED)


def test_quiet_leaves_out_warnings_but_under_strict(run):
    loud = run("check", "net.txt", "--format", "concise").stdout.splitlines()
    assert [line.split(": ")[1] for line in loud] == ["warning", "error"]
    quiet = run("check", "net.txt", "--format", "concise", "-q")
    assert quiet.stdout.splitlines() == loud[1:]
    assert run("check", "net.txt", "--format", "concise", "-q", "--strict").stdout.splitlines() == loud
    assert [line[:7] for line in run("check", "net.txt", "--format", "github", "-q").stdout.splitlines()] == ["::error"]


def test_text_is_followed_by_annotations_on_github_only(run):
    plain = run("check", "net.txt").stdout
    assert "::" not in plain
    on_github = run("check", "net.txt", env={"GITHUB_ACTIONS": "true"}).stdout
    assert on_github.startswith(plain)
    assert [line[:9] for line in on_github[len(plain) :].splitlines()] == ["::error f", "::warning"]
    chosen = run("check", "net.txt", "--format", "text", env={"GITHUB_ACTIONS": "true"}).stdout
    assert chosen == on_github
    filed = run("check", "net.txt", "-o", "out.txt", env={"GITHUB_ACTIONS": "true"}).stdout
    assert (Path("out.txt").read_text(), filed) == (plain, on_github[len(plain) :])
    assert "::" not in run("check", "net.txt", "--format", "json", env={"GITHUB_ACTIONS": "true"}).stdout


@pytest.mark.parametrize(
    ("name", "read"), [("out.xml", ET.parse), ("out.sarif", lambda path: json.loads(path.read_text()))]
)
def test_the_name_of_a_file_asks_for_its_format(run, folder, name, read):
    result = run("check", "net.txt", "-o", name)
    assert (result.exit_code, result.stdout) == (1, "")
    read(folder / name)


@pytest.mark.parametrize("form", ["concise", "github", "junit", "sarif"])
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp949"])
def test_any_encoding_of_the_output_will_do(start, folder, form, encoding):
    (folder / "net.txt").write_text(
        'model Ünï 汉字 ×\ninput 3x8x8\nrequire params <= 1  "größer als erlaubt ≤ ×"\nconv 4 3\n', "utf-8"
    )
    process = start("check", "net.txt", "--format", form, environment={"PYTHONIOENCODING": encoding})
    out, err = process.communicate()
    assert (process.returncode, err) == (1, b"")
    text = out.decode(encoding)
    if form == "junit":
        assert "größer" in "".join(ET.fromstring(out.replace(b"utf-8", b"ascii")).itertext())
    if form == "sarif":
        assert "größer als erlaubt ≤ ×" in json.dumps(json.loads(text), ensure_ascii=False)


def test_a_wrong_project_is_told_in_the_document(run, folder):
    (folder / "pyproject.toml").write_text("[tool.cnncalc]\nmax-parms = 3\n")
    for form in ("junit", "sarif", "github", "concise", "text"):
        result = run("check", "--format", form)
        assert result.exit_code == 2
        assert "unknown key 'max-parms'" in result.stderr
    root = ET.fromstring(run("check", "--format", "junit").stdout)
    assert (root.get("errors"), root[0].get("name")) == ("1", "pyproject.toml")
    (one,) = json.loads(run("check", "--format", "sarif").stdout)["runs"]
    assert one["invocations"][0]["exitCode"] == 2
    assert one["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 2
    annotation = run("check", env={"GITHUB_ACTIONS": "true"}).stdout
    assert annotation.startswith("::error file=pyproject.toml,line=2,")
    assert run("check").stdout == ""


ORDERS = """\
model "##[add-mask]M"
input 3x8x8
conv 4 3  -> 4x8x8  ##[add-matcher]x.json
conv 8  3  ##[error]b
"""


@pytest.mark.parametrize("command", [
    ["check"], ["check", "--format", "concise"], ["diff", "old.txt"], ["fmt", "--diff"], ["fmt", "--check"],
])  # fmt: skip
def test_nothing_in_a_spec_is_an_order_to_the_runner(run, folder, command):
    name = "::stop-commands::x.txt"
    (folder / name).write_text(ORDERS)
    (folder / "old.txt").write_text(ORDERS.replace("8  3", "9 3"))
    result = run(*command, name, env={"GITHUB_ACTIONS": "true"})
    text = result.output
    lines = [
        line
        for line in text.splitlines()
        if not line.startswith(("::error file=", "::warning file=", "::notice file="))
    ]
    assert lines
    assert [line for line in lines if line.strip().startswith("::") or "##[" in line] == []
    assert "::stop-commands" in run(*command, name).output


def test_an_expectation_of_a_used_file_stands_there(run, folder):
    (folder / "blocks.txt").write_text("block b:\n\n    relu  -> 4x8x8\n    tanh  -> ____\n")
    (folder / "net.txt").write_text("use blocks.txt\ninput 3x8x8  # one\nb\nrelu -> 3x8x8\n")
    (entry,) = json.loads(run("check", "net.txt", "--format", "json").stdout)["files"]
    assert entry["expectations"] == [
        {"text": "3x8x8", "line": 4, "got": [3, 8, 8], "ok": True},
        {"text": "4x8x8", "line": 3, "got": [3, 8, 8], "ok": False, "file": "blocks.txt"},
        {"text": "____", "line": 4, "got": None, "ok": False, "blank": True, "file": "blocks.txt"},
    ]
    (suite,) = ET.fromstring(run("check", "net.txt", "--format", "junit").stdout)
    assert [(case.get("name"), [child.get("type") for child in case if child.tag == "failure"]) for case in suite] == [
        ("the spec is understood", []),
        ("line 4: -> 3x8x8", []),
        ("blocks.txt, line 3: -> 4x8x8", ["expectation-failed"]),
        ("blocks.txt, line 4: -> ____", ["unanswered"]),
    ]


def test_a_note_of_a_network_in_code_names_the_file_that_there_is(run, folder):
    code = ["import torch.nn as nn", "class Net(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    code += [
        "        self.a, self.b = nn.Linear(4, 2), nn.Linear(4, 2)",
        "    def forward(self, x):",
        "        return self.a(x)",
    ]
    (folder / "net.py").write_text("\n".join(code) + "\n")

    def told(form):
        return run("check", "net.py:Net", "--input", "4", "--format", form).stdout

    assert [line.split(",")[0] for line in told("github").splitlines()] == ["::notice file=net.py"]
    assert told("concise").startswith("net.py:1:1: note: ")
    sarif = json.loads(told("sarif"))["runs"][0]
    places = [one["physicalLocation"]["artifactLocation"]["uri"] for one in sarif["results"][0]["locations"]]
    assert (places, [one["location"]["uri"] for one in sarif["artifacts"]]) == (["net.py"], ["net.py"])
