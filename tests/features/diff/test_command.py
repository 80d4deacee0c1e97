"""`cnncalc diff`: whole outputs, limits on growth, formats, faults."""

import csv
import io
import json
import re

import pytest

from cnncalc.measures import FIGURES

pytestmark = pytest.mark.usefixtures("folder")

OLD = """\
model Small
input 3x64x64
enc = conv 16 3 pad=1 | bn | relu
maxpool 2
repeat 2:
    conv 32 3 pad=1 | relu
conv 64 3 stride=2 pad=1 | bn | relu    -> 64x16x16
dropout 0.2
gavgpool | flatten
fc 10
require params <= 62k
"""
NEW = (
    OLD.replace("conv 64 3 stride=2 pad=1 | bn | relu", "conv 64 5 stride=2 pad=2 | relu | bn")
    .replace("repeat 2", "repeat 3")
    .replace("0.2", "0.3")
    .replace("62k", "80k")
)
PLAIN = """\
Small   old.txt → new.txt
2 layers changed, 2 added, 1 moved, 12 equal

                        old         new   difference
parameters           33,642      75,658      +42,016   +125 %
buffers                 160         160            =
MACs             20,644,480  38,470,272  +17,825,792  +86.3 %
FLOPs            41,288,960  76,940,544  +35,651,584  +86.3 %
activations         409,738     475,274      +65,536    +16 %
peak, bytes         524,288     524,288            =
memory, bytes       659,496     827,560     +168,064  +25.5 %
arena, bytes        524,288     524,288            =
flash, bytes        135,208     303,272     +168,064   +124 %
training, bytes   1,768,608   2,506,400     +737,792  +41.7 %
depth                     5           6           +1    +20 %
weighted layers           5           6           +1    +20 %
layers                   15          17           +2  +13.3 %
field                    76          84           +8
input               3×64×64     3×64×64            =
output                   10          10            =

requirement: params <= 62k → params <= 80k

         layer     what                               output     params        MACs
added    conv4     conv 32 3x3 pad=1                  32×32×32   +9,248  +9,437,184
added    relu3     relu                               32×32×32        ·           ·
changed  conv5     conv: kernel 3x3 → 5x5, pad 1 → 2  64×16×16  +32,768  +8,388,608
moved    relu4     relu, reads bn2 → conv5            64×16×16        ·           ·
changed  dropout1  dropout: rate 0.2 → 0.3            64×16×16        ·           ·
"""


@pytest.fixture
def both(spec):
    """The two specs, written."""
    return spec(OLD, "old.txt"), spec(NEW, "new.txt")


def test_plain_is_complete(run, both):
    result = run("diff", *both)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == PLAIN
    assert result.stderr == ""


def test_a_table_fits_the_terminal(run, both):
    for columns in (40, 60, 80, 100, 120):
        result = run("diff", *both, "--format", "table", "--all", env={"COLUMNS": str(columns)})
        assert max(map(len, result.stdout.splitlines())) <= columns
        for said in ("changed", "conv5", "+32,768", "+8,388,608", "+17,825,792"):
            assert said in result.stdout, columns
        assert "5x5" in result.stdout


def test_below_each_other_where_a_line_is_too_long(run, both):
    text = run("diff", *both, "--format", "table", env={"COLUMNS": "80"}).stdout
    assert (
        """\
  changed  conv5     conv: kernel 3x3 → 5x5, pad 1 → 2
                     64×16×16                    +32,768 params  +8,388,608 MACs
"""
        in text
    )


def test_colour_says_what_has_become_of_a_layer(run, both):
    text = run("diff", *both, "--color", env={"COLUMNS": "120"}).stdout
    for color, status in ((32, "added"), (33, "changed"), (36, "moved")):
        assert f"\x1b[{color}m{status}" in text
    assert "\x1b[" not in run("diff", *both).stdout


def test_long_names_and_words_are_never_cut(run, spec):
    name = "a_name_that_is_longer_than_the_room_that_there_is"
    old, new = (spec(f"input 3x8x8\n{name} = conv 8 {kernel} pad=same\n", f"{kernel}.txt") for kernel in (3, 5))
    text = run("diff", old, new, "--format", "table", env={"COLUMNS": "50"}).stdout
    assert name in text
    assert max(map(len, text.splitlines())) <= 60  # 49 characters, indented


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (OLD, OLD, "the networks are equal, layer by layer, and so are the texts"),
        (OLD, OLD + "\n# more\n", "the networks are equal, layer by layer; only the text differs"),
        (OLD, OLD.replace("Small", "Tiny"), "the networks are equal, layer by layer; only titles differ"),
        (OLD, OLD.replace("62k", "99k"), "the networks are equal, layer by layer; only requirements differ"),
        (OLD, OLD.replace("-> 64x", "-> ?x"), "the networks are equal, layer by layer; only expectations differ"),
        (OLD, OLD.replace("enc =", "e ="), "the networks are equal, layer by layer; only names differ"),
        ("block b:\n    relu\n", "block b:\n    gelu\n",
         "the networks are equal, layer by layer (there are blocks only); only the text differs"),
    ],
)  # fmt: skip
def test_equal_networks(run, spec, old, new, said):
    result = run("diff", spec(old, "old.txt"), spec(new, "new.txt"))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1] == said


def test_repeated_blocks_are_told_once(run, spec):
    block = "block b(w, k):\n    conv w k pad=same | bn | relu\n    conv w 1\ninput 8x32x32\nstage s:\n    repeat 4:\n        b 8 {}\n"
    result = run("diff", spec(block.format(3), "old.txt"), spec(block.format(5), "new.txt"))
    assert result.stdout.splitlines()[-1].split() == (
        "changed conv1 ×4 conv: kernel 3x3 → 5x5 8×32×32 +4,096 +4,194,304".split()
    )
    more = run("diff", spec(block.format(3), "old.txt"), spec(block.format(3).replace("4:", "6:"), "new.txt"))
    assert more.stdout.splitlines()[-1].split()[:6] == "added b5 ×2 conv bn relu".split()


# --- growth ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("params=124.8%", 1), ("params=124.9%", 0), ("params=42,015", 1), ("params=42,016", 0), ("params=42.016k", 0),
        ("macs=17.8M", 1), ("macs=17.9M", 0), ("memory=164KiB", 1), ("memory=165KiB", 0), ("memory=0.2MiB", 0),
        ("memory=168KB", 1), ("memory=169kb", 0), ("memory=164kib", 1), ("params=43K", 0), ("memory=0.169MB", 0),
        ("peak=0", 0), ("layers=1", 1), ("layers=2", 0), ("field=7", 1), ("field=8", 0), ("buffers=0%", 0),
    ],
)  # fmt: skip
def test_growth_is_held_to_its_limit(run, both, limit, code):
    result = run("diff", *both, "--fail-above", limit)
    assert result.exit_code == code
    assert result.stdout == PLAIN
    assert bool(result.stderr) == bool(code)


def test_what_grew_is_said_with_its_figures(run, both):
    result = run("diff", *both, "--fail-above", "params=10%", "--fail-above", "layers=1", "-q")
    assert result.stderr == (
        "error: params grew from 33,642 to 75,658, by 42,016 (+125 %)\n"
        "      = --fail-above params=10% allows ~3,364 more: ~38,652 over it\n"
        "error: layers grew from 15 to 17, by 2 (+13.3 %)\n"
        "      = --fail-above layers=1 allows 1 more: 1 over it\n"
    )


def test_a_fall_never_fails(run, both):
    assert run("diff", *reversed(both), *(f"--fail-above={name}=0" for name in FIGURES)).exit_code == 0


def test_growth_from_nothing(run, spec):
    old, new = spec("input 3x8x8\nrelu\n", "old.txt"), spec("input 3x8x8\nconv 8 3\n", "new.txt")
    result = run("diff", old, new, "--fail-above", "params=50%")
    assert result.exit_code == 1
    assert "params grew from 0 to 224, by 224\n" in result.stderr
    assert "allows no growth" in result.stderr
    assert "parameters" in result.stdout and " new\n" in result.stdout


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("params", "is not MEASURE=GROWTH"), ("parms=2%", "did you mean 'params'?"), ("params=", "is no growth"),
        ("params=-2%", "is no growth"), ("params=2%%", "is no growth"), ("params=1KiB", "params has none"),
        ("peak=1XiB", "is no growth"), ("params=1e3", "is no growth"), ("zzz=1", "one of params"),
        ("params=٣", "is no growth"), ("params=.", "is no growth"), ("params=1" + "0" * 200, "is no growth"),
    ],
)  # fmt: skip
def test_limits_that_mean_nothing(run, both, limit, said):
    result = run("diff", *both, "--fail-above", limit)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr


# --- formats --------------------------------------------------------------------------------------------


def test_json_has_every_layer_that_changed(run, both):
    result = run("diff", *both, "--format", "json", "--fail-above", "params=2%")
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert result.stderr == ""
    assert list(document) == ["version", "command", "old", "new", "equal", "totals", "counts", "changes", "network",
                              "texts", "diagnostics", "limits"]  # fmt: skip
    assert (document["version"], document["command"], document["equal"]) == (1, "diff", False)
    assert document["old"]["file"] == "old.txt"
    assert list(document["totals"]) == list(FIGURES)
    assert document["totals"]["params"] == {"old": 33642, "new": 75658, "difference": 42016, "ratio": 75658 / 33642}
    assert document["totals"]["field"] == {"old": [76, 76], "new": [84, 84], "difference": [8, 8], "ratio": None}
    changes = {(one["status"], (one["new"] or one["old"])["name"]): one for one in document["changes"]}
    assert list(changes) == [("added", "conv4"), ("added", "relu3"), ("changed", "conv5"), ("moved", "relu4"),
                             ("changed", "dropout1")]  # fmt: skip
    conv = changes["changed", "conv5"]
    assert conv["arguments"] == [{"name": "kernel", "old": 3, "new": 5}, {"name": "pad", "old": 1, "new": 2}]
    assert conv["old"]["name"] == "conv4"
    assert conv["difference"] == {"params": 32768, "buffers": 0, "macs": 8388608, "flops": 16777216}
    assert changes["changed", "dropout1"]["arguments"] == [{"name": "rate", "old": 0.2, "new": 0.3}]
    assert document["limits"] == [{"text": "params=2%", "measure": "params", "ok": False}]
    assert [one["code"] for one in document["diagnostics"]] == ["growth"]
    assert document["texts"] == [
        {"what": "requirement", "name": "", "old": "params <= 62k", "new": "params <= 80k"}
    ]  # fmt: skip
    whole = json.loads(run("diff", *both, "--format", "json", "--all").stdout)
    assert len(whole["changes"]) == sum(whole["counts"].values()) == 17


def test_csv_has_a_row_a_layer(run, both):
    rows = list(csv.DictReader(io.StringIO(run("diff", *both, "--format", "csv").stdout)))
    assert [row["status"] for row in rows] == ["added", "added", "changed", "moved", "changed"]
    assert rows[2]["change"] == "kernel 3x3 -> 5x5; pad 1 -> 2"
    assert (rows[2]["old_params"], rows[2]["params"]) == ("18496", "51264")
    assert (rows[0]["old_layer"], rows[0]["old_params"], rows[0]["line"]) == ("", "", "6")
    whole = list(csv.DictReader(io.StringIO(run("diff", *both, "--format", "csv", "--all").stdout)))
    assert sum(int(row["params"] or 0) for row in whole) == 75658
    assert sum(int(row["old_params"] or 0) for row in whole) == 33642


def test_markdown_for_a_pull_request(run, both):
    text = run("diff", *both, "--format", "markdown").stdout
    assert text.startswith("""\
**Small   old.txt → new.txt**

2 layers changed, 2 added, 1 moved, 12 equal; parameters +125 %, MACs +86.3 %.

|                 |        old |        new |  difference |         |
| --------------- | ---------: | ---------: | ----------: | ------: |
| parameters      |     33,642 |     75,658 |     +42,016 |  +125 % |
""")
    assert "| buffers" not in text
    assert "| changed | conv5    | conv: kernel 3x3 → 5x5, pad 1 → 2 |" in text
    assert "<details>" not in text
    many = run("diff", "@resnet18", "@resnet50", "--format", "markdown").stdout
    assert many.count("<details>") == many.count("</details>") == 1
    assert len(many) < 65_536


def test_markdown_escapes_what_a_spec_says(run, spec):
    old = spec("model <b>A|B</b>\ninput 3x8x8\nconv 8 3\n", "o.txt")
    new = spec("model `x` **y**\ninput 3x8x8\nconv 8 5\n", "n.txt")
    text = run("diff", old, new, "--format", "markdown").stdout
    assert "\\<b\\>A\\|B\\</b\\>" in text
    assert "\\`x\\` \\*\\*y\\*\\*" in text


def test_a_comment_is_never_too_long_for_one(run, spec):
    lines = [f"conv {8 + number} 3 pad=same" for number in range(1000)]
    old = spec("\n".join(["input 3x8x8", *lines]), "o.txt")
    new = spec("\n".join(["input 3x8x8", *(line.replace(" 3 ", " 5 ") for line in lines)]), "n.txt")
    text = run("diff", old, new, "--format", "markdown").stdout
    assert len(text) < 65_536
    assert "<summary>1,000 rows of layers</summary>" in text
    left = re.search(r"^and ([\d,]+) more rows: 'cnncalc diff' shows them all$", text, re.MULTILINE)
    assert text.count("\n| changed | ") + int(left.group(1)) == 1000


def test_ascii_has_stand_ins(run, start, both):
    process = start("diff", *both, environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    out, _ = process.communicate(timeout=60)
    text = out.decode("ascii")
    assert process.returncode == 0
    assert "kernel 3x3 -> 5x5, pad 1 -> 2" in text


def test_output_goes_to_a_file_and_never_over_a_spec(run, both, folder):
    assert run("diff", *both, "-o", "diff.md").stdout == ""
    assert (folder / "diff.md").read_text("utf-8").startswith("**Small")
    for name in both:
        before = (folder / name).read_text("utf-8")
        result = run("diff", *both, "-o", name)
        assert result.exit_code == 2
        assert "is one of the specs itself" in result.stderr
        assert (folder / name).read_text("utf-8") == before


# --- faults ---------------------------------------------------------------------------------------------


def test_standard_input_and_examples(run, both):
    assert run("diff", "-", "new.txt", input=OLD).stdout == PLAIN.replace("old.txt", "<stdin>")
    assert run("diff", "@lenet5", "@lenet5").exit_code == 0
    result = run("diff", "-", "-", input=OLD)
    assert result.exit_code == 2
    assert "one of OLD and NEW, not both" in result.stderr


@pytest.mark.parametrize("words", [(), ("-",), ("@lenet5",)])
def test_what_is_missing_is_said(run, words):
    result = run("diff", *words)
    assert result.exit_code == 2
    assert ("NEW is missing" if words else "missing argument 'OLD'") in result.stderr


def test_a_spec_that_cannot_be_understood(run, both, spec):
    spec(OLD.replace("maxpool 2", "maxpol 2"), "old.txt")
    result = run("diff", *both, "--fail-above", "params=1%")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("old.txt:4:1: error: unknown layer 'maxpol'\n")
    assert "did you mean 'maxpool'?" in result.stderr
    assert result.stderr.count("error:") == 1
    document = json.loads(run("diff", *both, "--format", "json").stdout)
    assert document["equal"] is None
    assert document["changes"] == []
    assert document["totals"]["params"] == {"old": None, "new": 75658, "difference": None, "ratio": None}
    assert document["diagnostics"][0]["file"] == "old.txt"


def test_a_file_that_is_not_there(run, both):
    result = run("diff", "odl.txt", "new.txt")
    assert result.exit_code == 2
    assert "odl.txt: no such file" in result.stderr
    assert "did you mean 'old.txt'?" in result.stderr
    document = json.loads(run("diff", "odl.txt", "new.txt", "--format", "json").stdout)
    assert document["old"] == {"file": "odl.txt", "format": None, "model": None}
    assert document["equal"] is None
    assert set(document["totals"]) == set(FIGURES)


def test_a_shape_that_does_not_fit_leaves_the_arguments_to_compare(run, both, spec):
    spec(NEW.replace("fc 10", "maxpool 3\nfc 10"), "new.txt")
    result = run("diff", *both)
    assert result.exit_code == 2
    assert "?" in result.stdout
    assert "conv: kernel 3x3 → 5x5" in result.stdout


def test_expectations_of_the_past_are_notes(run, both, spec):
    spec(OLD.replace("-> 64x16x16", "-> 64x17x17"), "old.txt")
    result = run("diff", *both)
    assert result.exit_code == 0
    assert "old.txt:7:41: note: expected 64x17x17, got 64x16x16" in result.stderr
    spec(NEW.replace("-> 64x16x16", "-> 64x17x17"), "new.txt")
    result = run("diff", *both)
    assert result.exit_code == 1
    assert result.stdout.startswith("Small   old.txt → new.txt\n2 layers changed")
    assert "new.txt:7:41: error: expected 64x17x17" in result.stderr


def test_warnings_of_the_past_do_not_count(run, both, spec):
    odd = "unused = conv 8 1\n"
    spec(OLD.replace("maxpool 2\n", f"{odd}"), "old.txt")
    spec(NEW.replace("maxpool 2\n", f"{odd}"), "new.txt")
    spec(
        OLD.replace("gavgpool", "side = relu\n@enc | maxpool 4 | gavgpool").replace(
            "gavgpool | flatten\nfc", "gavgpool\nfc"
        ),
        "old.txt",
    )
    spec(NEW, "new.txt")
    result = run("diff", *both, "--strict")
    assert "old.txt" in result.stderr and "warning" in result.stderr
    assert result.exit_code == 0
    assert run("diff", *reversed(both), "--strict").exit_code == 1
    assert run("diff", *both, "-q").stderr == ""


def test_options_go_to_both(run, both):
    document = json.loads(run("diff", *both, "--input", "3x32x32", "--batch", "4", "--dtype", "fp16", "--format",
                              "json").stdout)  # fmt: skip
    for side in ("old", "new"):
        assert (document[side]["batch"], document[side]["dtype"]) == (4, "fp16")
        assert document[side]["inputs"] == [{"name": "input", "shape": [3, 32, 32]}]
    result = run("diff", *both, "--set", "x=1")
    assert result.exit_code == 2
    assert "in old.txt" in result.stderr
    assert "in new.txt" in result.stderr


def test_of_many_outputs_those_are_shown_that_differ(run, spec):
    text = "input 3x8x8\na = conv 4 3\nb = conv 4 1\nc = conv 4 1\noutput @a @b @c\n"
    for name, other in (("old.txt", "4"), ("new.txt", "5")):
        with open(name, "w", encoding="utf-8") as file:
            file.write(text.replace("c = conv 4", f"c = conv {other}"))
    lines = run("diff", "old.txt", "new.txt").stdout.splitlines()
    line = next(line for line in lines if line.startswith("output"))
    assert re.split("  +", line.strip()) == ["output", "4×6×6, 4×6×6, +1", "4×6×6, 5×6×6, +1"]
