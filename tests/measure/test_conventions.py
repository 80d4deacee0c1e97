"""Conventions as data: their names, their cells, and what is counted, free, uncounted or unknown."""

import pytest

import cnncalc
from cnncalc.interpret.specification import specification
from cnncalc.layers import KINDS
from cnncalc.layers.result import QUANTITIES, TRAITS
from cnncalc.measure.conventions import CONVENTIONS, Tally, UnknownConvention, find
from cnncalc.measure.conventions.rules import COUNTED, FREE, UNCOUNTED, UNKNOWN, convention, rules
from helpers import network
from readme import ROOT

TABLE = (
    "torchinfo-1.8.0 fvcore-0.1.5 ptflops-0.7.5 ptflops-0.7.5-aten thop-0.1.1 calflops-0.3.2 calflops-0.3.2-macs "
    "torch-2.13 torchprofile-0.1.0 onnx-tool-1.0.1"
).split()
PICTURE = "input 8x16x16\n"


def tally(text, name, **options):
    return Tally(cnncalc.analyze(cnncalc.loads(text), **options), find(name))


def test_the_conventions_are_those_of_the_table():
    assert [row[0] for row in HEADS] == list(CONVENTIONS)
    assert list(CONVENTIONS) == ["macs", "flops", "exact", *TABLE]
    for name, one in CONVENTIONS.items():
        assert one.name == name
        assert one.source
        assert one.about
        assert list(one.table) == list(KINDS)


HEADS = [
    ("macs", "cnncalc", "MAC", "cnncalc help counting"), ("flops", "cnncalc", "FLOP", "cnncalc help counting"),
    ("exact", "cnncalc", "FLOP", "cnncalc help counting"), ("torchinfo-1.8.0", "torchinfo 1.8.0", "mult-add", "torchinfo/"),
    ("fvcore-0.1.5", "fvcore 0.1.5.post20221221", "MAC", "fvcore/"), ("ptflops-0.7.5", "ptflops 0.7.5", "MAC", "ptflops/"),
    ("ptflops-0.7.5-aten", "ptflops 0.7.5", "MAC", "ptflops/"), ("thop-0.1.1", "thop 0.1.1.post2209072238", "MAC", "thop/"),
    ("calflops-0.3.2", "calflops 0.3.2", "FLOP", "calflops/"), ("calflops-0.3.2-macs", "calflops 0.3.2", "MAC", "calflops/"),
    ("torch-2.13", "torch.utils.flop_counter 2.13.0", "FLOP", "torch/utils/"),
    ("torchprofile-0.1.0", "torchprofile 0.1.0", "MAC", "torchprofile/"),
    ("onnx-tool-1.0.1", "onnx-tool 1.0.1", "MAC", "onnx_tool/"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "tool", "unit", "source"), HEADS)
def test_whose_number_it_is_and_where_its_rules_were_read(name, tool, unit, source):
    one = CONVENTIONS[name]
    assert (f"{one.tool} {one.version}".strip(), one.unit) == (tool, unit)
    assert one.source == source or (one.source.startswith("https://github.com/") and f" {source}" in one.source)
    assert one.about.endswith(".")
    assert one.short == name.partition("-")[0]


#: What counts a layer of 3x3 kernels, 8 channels in and out, on 8x16x16; by the rules of each source, by hand.
COUNTED_BY = {
    "conv 8 3 pad=1": {
        "macs": 147456, "flops": 294912, "exact": 294912 - 2048 + 2048, "torchinfo": 147456 + 2048, "fvcore": 147456,
        "ptflops": 149504, "ptflops-0.7.5-aten": 149504, "thop": 147456, "calflops": 294912 + 2048,
        "calflops-0.3.2-macs": 147456, "torch": 294912, "torchprofile": 147456, "onnx-tool-1.0.1": 149504,
    },
    "upconv 8 2 stride=2 bias=no": {
        "macs": 65536, "flops": 131072, "exact": 131072, "torchinfo": 262144, "fvcore": 65536, "ptflops": 65536, "thop": 262144,
        "calflops": 131072, "torch": 131072, "torchprofile": 262144, "onnx-tool-1.0.1": 262144,
    },
    "bn": {"macs": 0, "exact": 4096, "torchinfo": 16, "fvcore": 4096, "ptflops": 4096, "thop": 8192, "calflops": 4096,
           "calflops-0.3.2-macs": 0, "torchprofile": 2048, "onnx-tool-1.0.1": 31 * 2048},
    "ln": {"fvcore": 10240, "ptflops": 2048, "thop": 8192, "calflops": 10240, "onnx-tool-1.0.1": 7 * 2048 + 29 * 256},
    "relu": {"exact": 0, "fvcore": 0, "ptflops": 4096, "thop": 0, "calflops": 2048, "torchprofile": 0, "onnx-tool-1.0.1": 2048},
    "maxpool 2": {"exact": 0, "ptflops": 4096, "thop": 0, "calflops": 2048, "torchprofile": 0, "onnx-tool-1.0.1": 2048},
    "avgpool 2": {"exact": 2048, "ptflops": 4096, "thop": 512, "calflops": 2048, "torchprofile": 512, "onnx-tool-1.0.1": 2048},
    "gavgpool": {"exact": 2048, "fvcore": 2048, "thop": 2048 + 8, "torchprofile": 8, "onnx-tool-1.0.1": 2048 + 32},
    "resize 2": {"exact": 0, "fvcore": 8192, "ptflops": 16384, "thop": 8192, "torchprofile": 0, "onnx-tool-1.0.1": 0},
    "resize 2 mode=bilinear": {"exact": 7 * 8192, "fvcore": 4 * 8192, "thop": 11 * 8192, "torchprofile": 4 * 8192,
                               "onnx-tool-1.0.1": 4 * 8192},
    "scale": {"exact": 4096, "torchprofile": 2048, "onnx-tool-1.0.1": 2048},
    "lrn 5": {"ptflops": 3 * 2048 + 12 * 256, "calflops": 3 * 2048 + 12 * 256, "torchprofile": 3 * 2048},
    "tokens | attention 2": {
        "macs": 4 * 64 * 256 + 2 * 8 * 65536, "exact": 2 * (65536 + 1048576) - (5 * 2048 + 2 * 65536) + 4 * 2048,
        "calflops": 2 * 1114112 - 4 * 524288 + 131072, "calflops-0.3.2-macs": 65536, "torch": 2 * 1114112,
        "ptflops": 1114112 + 1048576 + 2 * 131072 + 5 * 2048, "ptflops-0.7.5-aten": 1114112 + 2048,
    },
    "localconv 2 1 bias=no": {"macs": 4096, "flops": 8192, "exact": 8192 - 512},
    "gelu": {"ptflops": 4096, "calflops": 2048, "torchprofile": 0, "onnx-tool-1.0.1": 7 * 2048},
    "sigmoid": {"torchprofile": 0, "onnx-tool-1.0.1": 32 * 2048}, "prelu": {"torchinfo": 8, "thop": 2048, "ptflops": 4096},
}  # fmt: skip


@pytest.mark.parametrize("line", COUNTED_BY)
def test_what_a_layer_counts(line):
    text = PICTURE + "\n".join(part.strip() for part in line.split("|"))
    assert {name: tally(text, name).total for name in COUNTED_BY[line]} == COUNTED_BY[line]


@pytest.mark.parametrize(
    ("short", "name"),
    [("fvcore", "fvcore-0.1.5"), ("ptflops", "ptflops-0.7.5"), ("torch", "torch-2.13"), ("onnx", "onnx-tool-1.0.1"),
     ("onnx-tool", "onnx-tool-1.0.1"), ("onnx_tool", "onnx-tool-1.0.1"), ("ptflops-aten", "ptflops-0.7.5-aten"),
     ("calflops-macs", "calflops-0.3.2-macs"), ("flop_counter", "torch-2.13"), ("torch.utils.flop_counter", "torch-2.13"),
     ("calflops", "calflops-0.3.2"), ("THOP", "thop-0.1.1"), (" macs ", "macs"), ("exact", "exact")],
)  # fmt: skip
def test_short_forms(short, name):
    assert find(short).name == name


@pytest.mark.parametrize(("word", "hint"), [("fvcor", "did you mean 'fvcore'?"), ("zzz", "there are macs, flops")])
def test_an_unknown_convention_is_answered(word, hint):
    with pytest.raises(UnknownConvention, match=f"unknown convention '{word}'") as caught:
        find(word)
    assert hint in str(caught.value)


def test_every_measure_and_trait_is_used_by_a_convention():
    used = [rule for one in CONVENTIONS.values() for cells in one.table.values() for rule in cells]
    assert {measure for rule in used for _, measure in rule.terms} == QUANTITIES.keys()
    assert {trait for rule in used for trait in rule.when} == TRAITS.keys()


def test_a_cell_is_read_as_it_is_written():
    cell = "unknown if same; 2 W·Pout − O + B"
    first, last = rules(cell)
    assert (first.when, first.state, first.terms) == (("same",), UNKNOWN, ())
    assert last.terms == ((2, "W·Pout"), (-1, "O"), (1, "B"))
    assert last.text == "2 W·Pout − O + B"
    assert [rules(word)[0].state for word in ("0", "uncounted", "unknown")] == [FREE, UNCOUNTED, UNKNOWN]


@pytest.mark.parametrize("cell", ["2 Q", "I if odd; 0", "I if 2-D", "I; O", "x I"])
def test_a_cell_that_cannot_be_read(cell):
    with pytest.raises(ValueError, match=r".+"):
        rules(cell)


def test_an_unknown_kind_in_a_table():
    with pytest.raises(ValueError, match="no such kind: convv"):
        convention("x", "x 1", "MAC", "here", "this", {"conv convv": "I"})


def test_the_default_is_the_convention_macs():
    for path in sorted((ROOT / "examples").rglob("*.txt")):
        analysis = cnncalc.analyze(cnncalc.load(path))
        if specification(analysis.network).library:
            continue
        assert Tally(analysis, find("macs")).total == analysis.totals.macs
        assert Tally(analysis, find("flops")).total == analysis.totals.flops


def test_the_edge_detector_of_the_deep_learning_book():
    assert tally("input 1x280x320\nconv 1 1x2 bias=no", "exact").total == 267_960


@pytest.mark.parametrize(
    ("layer", "number"),
    [
        ("conv 12 3 pad=1", 2 * 221_184),  # 2K − 1 and the bias: 2K an output
        ("conv 12 3 pad=1 bias=no", 2 * 221_184 - 12 * 256),
        ("upconv 12 4 stride=2 pad=1", 2 * 393_216),
        ("flatten | fc 10 bias=no", 2 * 20_480 - 10),
        ("bn", 4096), ("scale", 4096), ("relu | maxpool 2 | relu6 | prelu", 0), ("flatten | reshape 8x16x16", 0),
        ("avgpool 2", 8 * 64 * 4), ("avgpool 3 stride=2 pad=1", 8 * 64 * 9), ("gavgpool", 2048),
        ("avgpool to=3", 8 * 18 * 18),  # windows of 6 at 0, 5 and 10
        ("resize 2 mode=bilinear", 7 * 8192), ("resize 2", 0),
        ("add @input @input @input", 4096), ("mul @input @input", 2048),
        ("tokens | attention 2", 2 * (4 * 64 * 256 + 2 * 8 * 256**2) - (5 * 2048 + 2 * 256**2) + 4 * 2048),
        ("localconv 1 3 pad=1 bias=no", 2 * 8 * 46**2 - 256),
    ],
)  # fmt: skip
def test_exact(layer, number):
    found = tally(PICTURE + layer, "exact")
    assert (found.total, found.uncounted, found.unknown) == (number, (), ())


def test_what_is_not_counted_is_listed():
    found = tally(PICTURE + "conv 8 3 | softmax\nsoftmax | flatten | fc 10 | softmax", "fvcore")
    assert [(gap.kind, gap.layers, gap.reason) for gap in found.uncounted] == [
        ("softmax", ("softmax1", "softmax2", "softmax3"), "uncounted")
    ]
    assert found.counts["softmax1"].value is None
    assert found.counts["flatten1"].state == FREE
    assert found.counts["conv1"].state == COUNTED
    assert found.total == 8 * 8 * 9 * 14 * 14 + 8 * 14 * 14 * 10


def test_an_unknown_number_leaves_no_total():
    found = tally(PICTURE + "conv 8 3\nlocalconv 8 3", "fvcore")
    assert [(gap.kind, gap.layers) for gap in found.unknown] == [("localconv", ("localconv1",))]
    assert (found.total, found.counts["localconv1"].value) == (None, None)
    assert found.counts["conv1"].value == 112_896


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("calflops", "conv 8 3 pad=same"), ("calflops", "upconv 8 3"), ("calflops", "upconv 8 3 groups=2 bias=no"),
        ("calflops-0.3.2-macs", "upconv 8 3 groups=2"), ("calflops", "resize 2"), ("onnx", "selu"), ("onnx", "lrn 5"),
        ("ptflops", "resize 1.1"), ("ptflops", "maxpool 3 pad=0:1x0:1"), ("thop", "upconv 8 3 pad=0:1x0:1"),
        ("thop", "localconv 8 3"), ("torchinfo", "scale"), ("exact", "localconv 8 1 pad=1"),
    ],
)  # fmt: skip
def test_unknown(name, layer):
    assert tally(PICTURE + layer, name).unknown


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("fvcore", "conv 8 3 pad=same"), ("torchprofile", "conv 8 3 pad=same"), ("thop", "gn 4"), ("fvcore", "relu6"),
        ("torch", "bn"), ("exact", "softmax"), ("exact", "ln"), ("torchinfo", "relu"), ("calflops", "sigmoid"),
    ],
)  # fmt: skip
def test_uncounted(name, layer):
    found = tally(PICTURE + layer, name)
    assert len(found.uncounted) == 1
    assert found.total == 0


@pytest.mark.parametrize("name", ["fvcore", "torchprofile", "torch", "calflops-0.3.2-macs", "thop", "onnx"])
@pytest.mark.parametrize("stride", ["2", "2x1"])
def test_strided_same_is_counted_as_on_the_module_with_a_pad_before_it(name, stride):
    """PyTorch has no strided padding="same": explain prints nn.ZeroPad2d before nn.Conv2d, of which fvcore says 55,296."""
    padded = "pad 0:1" if stride == "2" else "pad 0:1x1"
    found = tally(f"input 3x32x32\nconv 8 3 stride={stride} pad=same", name)
    assert not found.uncounted and not found.unknown
    assert found.total == tally(f"input 3x32x32\n{padded}\nconv 8 3 stride={stride}", name).total
    if (name, stride) == ("fvcore", "2"):
        assert found.total == 55_296


def test_the_batch_multiplies_every_count():
    text = PICTURE + "conv 8 3 | bn | relu | gavgpool | flatten | fc 10"
    for name in CONVENTIONS:
        assert tally(text, name, batch=3).total == 3 * tally(text, name).total


def test_train_heads_are_in_no_total_and_no_list():
    text = PICTURE + "conv 8 3\nhead side train:\n  localconv 8 3 | softmax\nrelu"
    found = tally(text, "fvcore")
    assert (found.total, found.unknown, found.uncounted) == (112_896, (), ())
    assert found.counts["localconv1"].state == UNKNOWN


def test_each_use_of_a_shared_layer_counts():
    found = tally(PICTURE + "a = conv 8 3 pad=1\nconv 8 3 pad=1 share=@a", "torchinfo")
    assert found.total == 2 * (8 * 8 * 9 + 8) * 256


def test_a_layer_without_a_shape_has_no_count():
    from cnncalc.measure import analyze
    from helpers import network

    found = Tally(analyze(network(PICTURE + "conv 8 3\nconv 8 99 | relu")), find("fvcore"))
    assert (found.total, found.counts["relu1"], found.counts["conv1"].value) == (None, None, 112_896)


def test_what_rules_say_in_a_word():
    for cell, words in (("0", ["0"]), ("uncounted", ["uncounted"]), ("unknown if same; 2 W·Pout + B", ["unknown", "2 W·Pout + B"]),
                        ("W·Pout", ["W·Pout"]), ("3 I − 2 O", ["3 I − 2 O"]), ("I − O", ["I − O"])):  # fmt: skip
        assert [rule.text for rule in rules(cell)] == words
    assert [rule.terms for rule in rules("3 I − 2 O")] == [((3, "I"), (-2, "O"))]


def test_what_is_free_is_nothing():
    """And there is no total where a line of the spec could not be read, whatever is known of the others."""
    found = tally("input 3x8x8\nconv 4 3 | relu | dropout", "fvcore")
    assert [(one.state, one.value) for one in found.counts.values()] == [(COUNTED, 108 * 36), (FREE, 0), (FREE, 0)]
    assert found.total == 108 * 36
    broken = Tally(cnncalc.analyze(network("input 3x8x8\nconv 4 3\nfoo 3")), find("macs"))
    assert broken.total is None


def test_an_operator_of_known_cost_is_counted_by_our_own_conventions_alone():
    text = "input 3x8x8\nop foo shape=4x6x6 params=3 macs=50\nconv 2 3"
    assert [tally(text, name).total for name in ("macs", "flops")] == [50 + 1152, 2 * (50 + 1152)]
    for name in TABLE:
        found = tally(text, name)
        assert (found.total, [gap.layers for gap in found.unknown]) == (None, [("op1",)])
