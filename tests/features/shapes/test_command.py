"""`cnncalc shapes`: what it prints, where, and its exit codes."""

import csv
import io
import json
import os

import pytest

from cnncalc.document.columns import BY_NAME, COLUMNS

pytestmark = pytest.mark.usefixtures("folder")

PLAIN = """\
LeNet-5   input 1×32×32

layer     operation    output    params     MACs
conv1     conv 6 5x5   6×28×28      156  117,600
tanh1     tanh         6×28×28        0        0
avgpool1  avgpool 2x2  6×14×14        0        0
conv2     conv 16 5x5  16×10×10   2,416  240,000
tanh2     tanh         16×10×10       0        0
avgpool2  avgpool 2x2  16×5×5         0        0
flatten1  flatten      400            0        0
fc1       fc 10        10         4,010    4,000

6,582 parameters (25.7 KiB in fp32)   361,600 MACs   723,200 FLOPs (2 a MAC)
"""
RESIDUAL = """\
model R
input 8x8x8
block unit(width):
    add:
        - conv width 3 pad=1 | relu
        - identity
stage one:
    unit 8
    unit 8
    unit 8
head aux train:
    flatten | fc 2
gavgpool | flatten
fc 10
"""
TABLE = """\
R   input 8×8×8

  layer       operation               output  params     MACs
  one                                 8×8×8    1,752  110,592
    unit1 ×3  conv relu identity add  8×8×8    1,752  110,592
  aux         train head              2        1,026    1,024
    flatten1  flatten                 512          ·        ·
    fc1       fc 2                    2        1,026    1,024
  gavgpool1   gavgpool                8×1×1        ·        ·
  flatten2    flatten                 8            ·        ·
  fc2         fc 10                   10          90       80

  1,842 parameters (7.2 KiB in fp32)   110,672 MACs   221,344 FLOPs (2 a MAC)
  besides, 1,026 parameters in the train head aux: 2,868 with them
"""
WRONG = "input 1x32x32\nconv 6 5 -> 6x29x29\nfc 10\n"
SHAPE_FAULT = "input 1x8x8\nconv 6 5\nmaxpool 9\nrelu\n"
SYNTAX_FAULT = "input 1x8x8\nconv 6 5\nmaxpol 2\nconv 64\n"
WARNED = "input 224x224x3\nrelu\n"


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_default_file_in_plain_text(run, spec):
    spec()
    result = run("shapes")
    assert (result.exit_code, result.stdout, result.stderr) == (0, PLAIN, "")


def test_examples(run):
    assert "61,706 parameters" in run("shapes", "@lenet5").stdout


def test_no_file(run, spec):
    result = run("shapes")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "there is no model.txt here" in result.stderr
    assert "cnncalc new lenet5 -o model.txt" in result.stderr
    result = run("shapes", "nope.txt")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert "nope.txt" in result.stderr


def test_table(run, spec):
    spec(RESIDUAL)
    assert run("shapes", "--format", "table").stdout == TABLE


def test_csv(run, spec):
    spec(RESIDUAL)
    found = rows(run("shapes", "--format", "csv").stdout)
    assert len(found) == 17
    assert sum(int(row["params"]) for row in found if row["train"] != "yes") == 1842
    found = rows(run("shapes", "--format", "csv", "--depth", "1").stdout)
    assert [row["layer"] for row in found] == ["one", "aux", "gavgpool1", "flatten2", "fc2"]


def test_json_has_all_layers_whatever_the_other_options(run, spec):
    spec(RESIDUAL)
    plain = json.loads(run("shapes", "--format", "json").stdout)
    other = run("shapes", "--format", "json", "--depth", "1", "--sort", "params", "--top", "1", "--columns", "layer")
    assert json.loads(other.stdout) == plain
    assert (plain["version"], plain["command"], plain["file"]) == (1, "shapes", "model.txt")
    assert [layer["name"] for layer in plain["layers"]][:3] == ["conv1", "relu1", "identity1"]
    assert plain["totals"]["params"] == 1842
    assert plain["totals"]["params_train"] == 2868


@pytest.mark.parametrize(
    "options", [[], ["--depth", "1"], ["--depth", "2"], ["--flat"], ["--sort", "output"], ["--top", "2"]]
)
@pytest.mark.parametrize("form", ["table", "plain", "csv", "markdown"])
def test_every_view_in_every_format(run, spec, form, options):
    spec(RESIDUAL)
    result = run("shapes", "--format", form, *options)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "fc2" in result.stdout or "--top" in options


def test_columns(run, spec):
    spec()
    found = rows(
        run("shapes", "--format", "csv", "--columns", "layer,filter,field,jump,start,line,kind,inputs,kept").stdout
    )
    assert found[3] == {
        "layer": "conv2", "filter": "16x6x5x5", "field": "14x14", "jump": "2x2", "start": "0x0", "line": "5",
        "kind": "conv", "inputs": "avgpool1", "kept": repr(1600 / 1176),
    }  # fmt: skip
    assert "FLOPs" in run("shapes", "--columns", "-macs,+flops").stdout.splitlines()[2]
    assert "(32-5)/1+1 = 28" in run("shapes", "--columns", "+formula").stdout.replace("+2*0", "")


def test_columns_that_say_little_of_most_layers_leave_no_row_blank(run):
    rows = run("shapes", "@lenet5", "--columns", "train,path").stdout.split("\n\n")[1].splitlines()
    assert rows[0].split() == ["train", "path"]
    assert len(rows) == 13
    assert {row.strip() for row in rows[1:]} == {"no"}


def test_the_help_has_a_line_for_every_column(run):
    """A column is declared once: its line follows."""
    text = run("shapes", "--help").stdout
    assert "All are below." in text
    lines = text[text.index("Columns (if not chosen: layer, operation, output, params, macs):\n") :].splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(BY_NAME)
    assert [" ".join(line.split()[1:]) for line in lines] == [column.about for column in COLUMNS]
    assert max(map(len, text.splitlines())) <= 80


def test_json_calls_things_as_the_columns_do(run, spec):
    """A layer's entry has the names of the columns, but for its own, and their values."""
    spec(RESIDUAL)
    entries = json.loads(run("shapes", "--format", "json").stdout)["layers"]
    names = [name for name in entries[0] if name not in ("name", "path")]
    assert set(names) <= set(BY_NAME)
    columns = ",".join(["layer", *names])
    table = rows(run("shapes", "--flat", "--format", "csv", "--columns", columns).stdout)
    for entry, row in zip(entries, table, strict=True):
        assert row["layer"] == entry["name"]
        for name in names:
            sign = " " if name == "inputs" else "x"
            text = sign.join(map(str, entry[name])) if isinstance(entry[name], list) else str(entry[name])
            assert row[name] == ("" if entry[name] is None else text.replace("×", "x")), name


def test_a_screen_has_five_hundred_rows_and_says_how_the_rest_is_seen(run, spec):
    spec("input 1\n" + "relu\n" * 501)
    lines = run("shapes", "--format", "table").stdout.splitlines()
    assert "  the first 500 rows; '--format plain' has all, '--depth 1' folds, '--top 20' picks" in lines
    assert any(line.startswith("  1 more") for line in lines)
    spec("input 1\n" + "relu\n" * 500)
    assert "the first" not in run("shapes", "--format", "table").stdout
    assert "the first" not in run("shapes", "--format", "markdown").stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--columns", "+flos"], "unknown column 'flos': did you mean 'flops'?"),
        (["--sort", "parms"], "did you mean 'params'?"),
        (["--top", "0"], "'0' is not a whole number over 0"),
        (["--batch", "x"], "'x' is not a whole number over 0"),
        (["--set", "width"], "'width' is not NAME=VALUE"),
        (["--input", "a="], "'a=' is no shape"),
        (["--input", "1x2x3", "--input", "x=1x2x3"], "NAME=SHAPE"),
        (["--format", "xml"], "'xml' is not one of"),
        (["--nope"], "no such option"),
        (["--json"], "no such option '--json'\n      = write '--format json'\n"),
        (["--plain"], "no such option '--plain'\n      = write '--format plain'\n"),
        (["one.txt", "two.txt"], "unexpected extra argument"),
    ],
)
def test_faulty_command_lines(run, spec, options, message):
    spec()
    result = run("shapes", *options)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert result.stderr.startswith("error: ")


def test_batch_dtype_layout(run, spec):
    spec()
    text = run("shapes", "--batch", "32", "--dtype", "fp16", "--layout", "hwc").stdout
    assert text.startswith("LeNet-5   input 32×32×1   channels last   batch 32\n")
    assert "28×28×6" in text
    assert "6,582 parameters (12.9 KiB in fp16)   11,571,200 MACs" in text


def test_overriding(run, spec):
    spec("let width = 4\ninput 1x8x8\nconv width 3 -> 4x6x6\n")
    result = run("shapes", "--set", "width=5", "--input", "1x9x9")
    assert "5×7×7" in result.stdout
    assert result.exit_code == 0
    assert "error" not in result.stderr


def test_a_broken_expectation(run, spec):
    spec(WRONG.replace("fc 10\n", ""))
    result = run("shapes")
    assert result.exit_code == 1
    assert "6×28×28" in result.stdout
    assert "model.txt:2:10: error: expected 6x29x29, got 6x28x28" in result.stderr
    assert run("shapes", "-q").stderr == result.stderr


def test_a_fault_of_shape_leaves_the_rest(run, spec):
    spec(SHAPE_FAULT)
    result = run("shapes")
    assert result.exit_code == 2
    assert "does not fit" in result.stderr
    lines = result.stdout.splitlines()
    assert lines[3].split() == ["conv1", "conv", "6", "5x5", "6×4×4", "156", "2,400"]
    assert lines[4].split() == ["maxpool1", "maxpool", "9x9", "?", "?", "?"]
    assert lines[-1] == "at least 156 parameters   at least 2,400 MACs   at least 4,800 FLOPs (2 a MAC)"


def test_a_fault_of_syntax_shows_no_rows(run, spec):
    spec(SYNTAX_FAULT)
    result = run("shapes", "-o", "out.txt")
    assert result.exit_code == 2
    assert "unknown layer 'maxpol'" in result.stderr
    assert "conv needs a kernel" in result.stderr
    assert not os.path.exists("out.txt")


def test_json_documents_come_with_the_faults_in_them(run, spec):
    for text in (SYNTAX_FAULT, SHAPE_FAULT, WRONG, ""):
        spec(text)
        result = run("shapes", "--format", "json")
        document = json.loads(result.stdout)
        assert result.exit_code == 2
        assert result.stderr == ""
        assert document["diagnostics"][0]["severity"] == "error"
    document = json.loads(run("shapes", "nope.txt", "--format", "json").stdout)
    assert document["file"] == "nope.txt"
    assert document["layers"] == []
    assert document["totals"]["params"] is None
    assert set(document) >= {"version", "command", "model", "layout", "inputs", "outputs", "uncounted", "diagnostics"}


def test_strict_and_quiet(run, spec):
    spec(WARNED)
    result = run("shapes")
    assert result.exit_code == 0
    assert "warning: " in result.stderr
    assert "# allow: " in result.stderr
    assert run("shapes", "-q").stderr == ""
    assert run("shapes", "--strict").exit_code == 1
    assert run("shapes", "--strict", "-q").exit_code == 1


@pytest.mark.parametrize(
    ("name", "start"), [("a.txt", "LeNet-5   input"), ("a.json", "{\n"), ("a.CSV", "layer,"), ("a.md", "**LeNet-5**")]
)
def test_output_to_a_file(run, spec, folder, name, start):
    spec()
    (folder / name).write_text("old")
    (folder / name).chmod(0o640)
    result = run("shapes", "-o", name)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert (folder / name).read_text("utf-8").startswith(start)
    assert (folder / name).stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir()) == sorted([name, "model.txt"])


def test_output_goes_through_links_and_to_pipes(run, spec, folder):
    spec()
    (folder / "real.txt").write_text("old")
    (folder / "link.txt").symlink_to("real.txt")
    assert run("shapes", "-o", "link.txt").exit_code == 0
    assert (folder / "link.txt").is_symlink()
    assert (folder / "real.txt").read_text("utf-8") == PLAIN
    os.mkfifo(folder / "pipe")  # as to a device; a slip would put a file in the place of one of the machine's
    reader = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert run("shapes", "-o", "pipe").exit_code == 0
    assert os.read(reader, 1 << 16).decode() == PLAIN
    os.close(reader)
    assert run("shapes", "-o", "-").stdout == PLAIN


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("model.txt", "--output model.txt is the spec itself"),
        ("nowhere/x.txt", "cannot write nowhere/x.txt: No such file or directory"),
        (".", "cannot write .: it is a directory"),
        ("x" * 300, "File name too long"),
    ],
)
def test_output_that_cannot_be_written(run, spec, folder, path, message):
    spec()
    result = run("shapes", "-o", path)
    assert result.exit_code == 2
    assert message in result.stderr
    assert os.listdir() == ["model.txt"]


def test_the_spec_is_not_overwritten_when_it_is_the_default_file(run, spec, folder):
    spec()
    assert run("shapes", "-o", folder / "model.txt").exit_code == 2


def test_a_file_of_blocks(run, spec):
    spec("block b:\n    relu\n")
    result = run("shapes")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "note: model.txt defines blocks only" in result.stderr
    assert json.loads(run("shapes", "--format", "json").stdout)["layers"] == []


def test_max_layers(run, spec):
    spec("input 1x8x8\nrepeat 1000:\n    relu\n")
    result = run("shapes", "--max-layers", "10")
    assert result.exit_code == 2
    assert "--max-layers" in result.stderr


@pytest.mark.parametrize("command", ["shapes", "explain"])
def test_in_a_log_there_is_no_command_of_a_runner(run, spec, command):
    spec("model ::error::x\ninput 1x4x4\nrelu\n")
    for form in ("plain", "table"):
        shown = run(command, "--format", form, env={"GITHUB_ACTIONS": "true"}).stdout
        assert shown.startswith(": :error::x ")
    assert run(command, "--format", "plain").stdout.startswith("::error::x ")
