"""Whole screens, in every format."""

import csv
import io
import json

import pytest

from cnncalc.diagnostics import ERROR, Diagnostic
from cnncalc.document.columns import BY_NAME, Selection, choose, find
from cnncalc.render import FORMATS, REPORTS, by_suffix
from cnncalc.render import json as json_report
from cnncalc.render.text import Charset, Screen, width
from document.fakes import Port, lenet, residual, shown

ALL = Selection(choose(None))
EVERY = Selection(tuple(BY_NAME.values()), default=False)

PLAIN = """\
LeNet-5   input 1×32×32

layer     operation    output    params     MACs
conv1     conv 6 5x5   6×28×28      156  117,600
tanh1     tanh         6×28×28        0        0
avgpool1  avgpool 2x2  6×14×14        0        0
conv2     conv 16 5x5  16×10×10   2,416  240,000
flatten1  flatten      1600           0        0
fc1       fc 10        10        16,010   16,000

18,582 parameters (72.6 KiB in fp32)   373,600 MACs   747,200 FLOPs (2 a MAC)
"""

TABLE = """\
ResNet-8   input 1×32×32

  layer        operation      output      params       MACs
  stem                        8×28×28        400     30,000
    conv1      conv 8 7x7     8×28×28        400     30,000
  group1                      8×7×7           96     10,584
    basic2 ×3  conv relu add  8×7×7           96     10,584
  group2                      14×4×4         182      4,032
    basic5                    14×4×4         126      2,016
      conv5    conv 14 3x3    14×4×4         126      2,016
      relu5    relu           14×4×4           ·          ·
      add5     add            14×4×4           ·          ·
    basic6                    14×4×4          56      2,016
      conv6    conv 14 3x3    14×4×4          56      2,016
      relu6    relu           14×4×4           ·          ·
      add6     add            14×4×4           ·          ·
  aux          train head     5               75         70
    gavgpool1  gavgpool       14×1×1           ·          ·
    fc1        fc 5           5               75         70
  fc2          fc 10          10       1,000,000  1,000,000

  1,000,678 parameters (3.82 MiB in fp32)   16 buffer elements   1,044,616 MACs
  2,089,232 FLOPs (2 a MAC)
  besides, 75 parameters in the train head aux: 1,000,753 with them
"""

MARKDOWN = """\
**LeNet-5**   input 1×32×32

| layer  | operation   | output   | params |    MACs |
| ------ | ----------- | -------- | -----: | ------: |
| conv2  | conv 16 5x5 | 16×10×10 |  2,416 | 240,000 |
| conv1  | conv 6 5x5  | 6×28×28  |    156 | 117,600 |
| fc1    | fc 10       | 10       | 16,010 |  16,000 |
| 3 more |             |          |      · |       · |

18,582 parameters (72.6 KiB in fp32), 373,600 MACs, 747,200 FLOPs (2 a MAC)
"""

CSV = """\
layer,operation,output,params,macs,train
stem,conv 8 7x7,8x28x28,400,30000,
group1,basic x3,8x7x7,96,10584,
group2,basic x2,14x4x4,182,4032,
aux,train head: gavgpool fc,5,75,70,yes
fc2,fc 10,10,1000000,1000000,
"""


def test_plain():
    assert shown(lenet(), ALL, "plain") == PLAIN


def test_plain_in_ascii_is_aligned_too():
    assert shown(lenet(), ALL, "plain", Screen(charset=Charset("ascii"))) == PLAIN.replace("×", "x")


def test_table():
    assert shown(residual(), ALL, "table", Screen(80)) == TABLE


def test_table_in_colour():
    text = shown(residual(), ALL._replace(depth=1), "table", Screen(80, color=True))
    assert text.splitlines() == [
        "\x1b[1mResNet-8\x1b[0m   input 1×32×32",
        "",
        "\x1b[2m  layer   operation                output      params       MACs\x1b[0m",
        "  stem    conv 8 7x7               8×28×28        400     30,000",
        "  group1  basic ×3                 8×7×7           96     10,584",
        "  group2  basic ×2                 14×4×4         182      4,032",
        "  \x1b[2maux   \x1b[0m  \x1b[2mtrain head: gavgpool fc\x1b[0m  \x1b[2m5      \x1b[0m  "
        "\x1b[2m       75\x1b[0m  \x1b[2m       70\x1b[0m",
        "  fc2     fc 10                    10       \x1b[1m1,000,000\x1b[0m  \x1b[1m1,000,000\x1b[0m",
        "",
        "  1,000,678 parameters (3.82 MiB in fp32)   16 buffer elements   1,044,616 MACs",
        "  2,089,232 FLOPs (2 a MAC)",
        "  besides, 75 parameters in the train head aux: 1,000,753 with them",
    ]


def test_zeros_are_dim_and_unknowns_red():
    analysis = lenet()
    analysis.layers[-1].params = None
    lines = shown(analysis, ALL, "table", Screen(80, color=True)).splitlines()
    assert "\x1b[2m     ·\x1b[0m" in lines[4]
    assert "\x1b[31m     ?\x1b[0m" in lines[8]
    assert "at least" in lines[-1]


@pytest.mark.parametrize("room", [40, 60, 80, 100, 120, 160, 200])
@pytest.mark.parametrize("analysis", [lenet(), residual()], ids=["lenet", "residual"])
def test_a_table_fits_and_cuts_no_number(room, analysis):
    text = shown(analysis, EVERY, "table", Screen(room))
    assert all(width(line) <= max(room, 45) for line in text.splitlines())
    if "MACs" in text.splitlines()[2]:
        assert max(f"{layer.macs:,}" for layer in analysis.layers) in text


def test_operations_are_shortened_before_they_are_cut():
    analysis = lenet()
    analysis.layers[0].operation = "conv 6 5x5 stride=2 pad=1 groups=3"
    assert "  conv1     conv 6 5x5 stride=2 pad=1 groups=3  6×28×28  " in shown(analysis, ALL, "table", Screen(80))
    assert "  conv1     conv 6 5x5 s=2 p=1 g=3  6×28×28  " in shown(analysis, ALL, "table", Screen(63))
    assert "  conv1     conv 6 5x5 s…  6×28×28  " in shown(analysis, ALL, "table", Screen(52))


def test_text_is_cut_before_columns_are_left_out():
    lines = shown(lenet(), Selection(choose("+formula")), "table", Screen(52)).splitlines()
    assert "operation" in lines[2]
    assert lines[9] == "  left out to fit 52 columns: formula"


def test_no_limit_without_a_terminal():
    text = shown(lenet(), EVERY, "table", Screen(0))
    assert "left out" not in text
    assert len(text.splitlines()[2]) > 150


def test_markdown():
    assert shown(lenet(), ALL._replace(top=3), "markdown") == MARKDOWN


def test_markdown_escapes_titles_and_indents_the_tree():
    analysis = residual()
    analysis.model = "a|b *c* <d>"
    lines = shown(analysis, ALL, "markdown").splitlines()
    assert lines[0].startswith("**a\\|b \\*c\\* \\<d\\>**")
    assert lines[5].startswith("| \u2003conv1 ")


def test_csv():
    text = shown(residual(), ALL._replace(depth=1), "csv")
    assert text == CSV


def test_csv_has_exact_numbers_and_nothing_for_the_unknown():
    analysis = lenet()
    analysis.layers[0].params = 10**30
    analysis.layers[1].output = None
    first, second = list(csv.DictReader(io.StringIO(shown(analysis, EVERY, "csv"))))[:2]
    assert first["params"] == str(10**30)
    assert first["kept"] == "4.59375"
    assert first["field"] == "5x5"
    assert second["output"] == ""
    assert second["filter"] == ""


def test_json_is_one_line_an_item():
    document = {"version": 1, "model": "Größe", "layers": [{"name": "a"}, {"name": "b"}], "inputs": []}
    text = "".join(json_report.stream(document))
    assert text == (
        '{\n "version": 1,\n "model": "Größe",\n'
        ' "layers": [\n  {"name": "a"},\n  {"name": "b"}\n ],\n "inputs": []\n}\n'
    )
    assert json.loads(text) == document
    assert json.loads("".join(json_report.stream(document, ascii_only=True)).encode("ascii")) == document


def test_html_is_escaped_and_says_what_is_wrong():
    analysis = residual()
    analysis.model = "<script>"
    analysis.diagnostics = (Diagnostic(ERROR, "x", "a < b"),)
    text = shown(analysis, ALL, "html")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "error: a &lt; b" in text
    assert "&emsp;basic2 ×3" in text
    assert text.count("<tr>") == text.count("</tr>") == 18


def test_titles():
    analysis = lenet()
    analysis.model, analysis.batch = None, 32
    analysis.inputs = [Port("left", (3, 8, 9)), Port("right", None)]
    head = shown(analysis, ALL._replace(layout="hwc"), "plain").splitlines()[0]
    assert head == "model.txt   inputs left 8×9×3, right ?   channels last   batch 32"


def test_sorted_table_of_a_net_with_train_heads_has_the_column():
    lines = shown(residual(), ALL._replace(sort=find("macs")), "table", Screen(80)).splitlines()
    assert lines[2].endswith("train")


@pytest.mark.parametrize(
    ("path", "of_documents", "of_reports"),
    [
        ("x.csv", "csv", None), ("nets/x.CSV", "csv", None), ("x.json", "json", "json"), ("x.md", "markdown", None),
        ("x.xml", None, "junit"), ("x.sarif", None, "sarif"), ("x.txt", None, None), ("csv", None, None), (".csv", None, None),
        ("a.csv/x", None, None), ("x.", None, None),
    ],
)  # fmt: skip
def test_the_end_of_a_name_asks_for_a_format(path, of_documents, of_reports):
    assert (by_suffix(path, FORMATS), by_suffix(path, REPORTS)) == (of_documents, of_reports)


def test_an_iterator_of_nothing_is_an_empty_list():
    assert "".join(json_report.stream({"rows": iter([]), "more": iter([1, {"a": "×"}]), "none": []})) == (
        '{\n "rows": [],\n "more": [\n  1,\n  {"a": "×"}\n ],\n "none": []\n}\n'
    )
