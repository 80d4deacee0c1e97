"""The examples: they load, they are quiet, and they have the totals that were published or worked out by hand."""

import re
import shlex
from math import prod
from typing import NamedTuple

import pytest
from click.testing import CliRunner

import cnncalc
from readme import ROOT

EXAMPLES = ROOT / "examples"
FILES = {path.relative_to(EXAMPLES).with_suffix("").as_posix(): path for path in EXAMPLES.rglob("*.txt")}
README = (EXAMPLES / "README.md").read_text("utf-8")
BLOCKS_ONLY = ("dilated_resnet", "blocks")
WEIGHTED = ("conv", "dwconv", "upconv", "localconv", "fc", "attention")
#: Where a pixel that is never read is the lesson.
UNREAD = ("squeezenet1_0", "segnet", "lessons/odd-pool", "lessons/uneven-stride")


class Totals(NamedTuple):
    params: int
    macs: int
    #: With the heads that only training runs.
    params_train: int = 0


# Parameters as torchvision has them where it has the network; MACs as its documentation rounds them.
TOTALS = {
    "lenet5": Totals(61_706, 416_520),
    "alexnet": Totals(61_100_840, 714_188_480),
    "alexnet-227": Totals(60_965_224, 724_406_816),
    "vgg16": Totals(138_357_544, 15_470_264_320),
    "googlenet": Totals(6_624_904, 1_498_376_192, 13_004_888),
    "resnet18": Totals(11_689_512, 1_814_073_344),
    "resnet50": Totals(25_557_032, 4_089_184_256),
    "densenet121": Totals(7_978_856, 2_834_161_664),
    "squeezenet1_0": Totals(1_248_424, 818_924_576),
    "mobilenet_v2": Totals(3_504_872, 300_774_272),
    "mobilenet_v1": Totals(4_231_976, 568_740_352),
    "mobilenet_mcu": Totals(1_677_128, 11_934_128),
    "compound_scaling": Totals(5_288_548, 385_814_752),
    "mobilenet_v3": Totals(5_483_032, 216_589_760),
    "efficientnet": Totals(5_288_548, 385_814_752),
    "resnext50": Totals(25_028_904, 4_230_479_872),
    "inception_v3": Totals(23_834_568, 5_713_216_096, 27_161_264),
    "convnext_tiny": Totals(28_589_128, 4_455_531_264),
    "vit_b_16": Totals(86_567_656, 17_563_828_224),
    "yolov3": Totals(61_949_149, 32_932_037_632),
    "ssd300": Totals(26_285_486, 31_373_537_792),
    "segnet": Totals(29_441_996, 106_387_292_160),
    "crnn": Totals(8_331_301, 705_143_808),
    "eegnet": Totals(2_388, 4_342_016),
    "dcgan": Totals(3_576_704, 104_628_224),
    "ds_cnn": Totals(23_756, 2_656_768),
    "unet": Totals(31_030_658, 150_428_424_448),
    "fcn8s": Totals(134_489_759, 181_529_034_048),
    "dilated_resnet": Totals(0, 0),
    "blocks": Totals(0, 0),
    "repvgg_a0": Totals(9_108_968, 1_512_581_120),
    "hrnet_w18": Totals(21_299_004, 4_283_537_072),
    "wavenet": Totals(1_515_968, 23_756_800_000),
    "fcn_resnet50": Totals(32_957_013, 142_725_772_800, 35_322_218),
    "deeplabv3_resnet50": Totals(39_638_869, 168_731_205_888, 42_004_074),
    "tcn": Totals(188_106, 186_368_640),
    "series-2d": Totals(53_994, 16_288_000),
    "series-1d": Totals(53_994, 16_288_000),
    "c3d": Totals(79_991_015, 38_548_959_232),
    "edge-detector": Totals(2, 178_640),
    "conv-200": Totals(9, 360_000),
    "lessons/lecture-alexnet": Totals(62_378_344, 1_135_256_096),
    "lessons/same-size": Totals(2 * 224 + 608, 27 * 8 * (295**2 + 293**2) + 75 * 8 * 291**2),
    "lessons/odd-pool": Totals(0, 0),
    "lessons/stride-2": Totals(56, 486),
    "lessons/twenty-filters": Totals(520, 20 * 24 * 24 * 25),
    "lessons/uneven-stride": Totals(20, 9 * (4 * 4 + 5 * 5)),
    "pairs/pool": Totals(36_928, 36_864 * 56 * 56),
    "pairs/stride": Totals(36_928, 36_864 * 28 * 28),
    "pairs/three-3x3": Totals(27 * 64**2, 27 * 64**2 * 56 * 56),
    "pairs/one-7x7": Totals(49 * 64**2, 49 * 64**2 * 56 * 56),
    "pairs/plain": Totals(2 * (9 * 256**2 + 512), 2 * 9 * 256**2 * 56 * 56),
    "pairs/bottleneck": Totals(17 * 64**2 + 768, 17 * 64**2 * 56 * 56),
    "pairs/flatten": Totals(25_089_000, 25_088_000),
    "pairs/global-pool": Totals(513_000, 512_000),
    "pairs/average-pool": Totals(0, 0),
    "pairs/depthwise": Totals(9 * 64, 9 * 64 * 28 * 28),
    "pairs/dilated": Totals(3 * 36_928, 3 * 36_864 * 56 * 56),
    "pairs/undilated": Totals(3 * 36_928, 3 * 36_864 * 56 * 56),
}
# Other networks of the same file. EfficientNet's as torchvision has them, MACs as PyTorch's counter gives them halved;
# MobileNet's as Tables 6 and 7 of the paper print them.
VARIANTS = [
    ("efficientnet", {"b": 1}, (7_794_184, 686_802_832)),
    ("efficientnet", {"b": 2}, (9_109_994, 993_561_872)),
    ("efficientnet", {"b": 3}, (12_233_232, 1_827_141_392)),
    ("efficientnet", {"b": 4}, (19_341_616, 4_393_771_024)),
    ("efficientnet", {"b": 5}, (30_389_784, 10_266_384_752)),
    ("efficientnet", {"b": 6}, (43_040_704, 19_067_593_536)),
    ("efficientnet", {"b": 7}, (66_347_960, 37_745_884_192)),
    ("mobilenet_v1", {"width": "0.75"}, (2_600_000, 325_000_000)),
    ("mobilenet_v1", {"width": "0.5"}, (1_300_000, 149_000_000)),
    ("mobilenet_v1", {"width": "0.25"}, (500_000, 41_000_000)),
    ("mobilenet_v1", {"size": 192}, (4_200_000, 418_000_000)),
    ("mobilenet_v1", {"size": 160}, (4_200_000, 290_000_000)),
    ("mobilenet_v1", {"size": 128}, (4_200_000, 186_000_000)),
]
# Most layers with weights on one path: what the networks are called after, or the papers say.
DEPTHS = {"vgg16": 16, "googlenet": 22, "resnet18": 18, "resnet50": 50, "densenet121": 121, "alexnet": 8}
# Receptive fields: of alexnet_v2 and vgg_16 as TF-slim publishes them, of FCN as its Table 1 does.
FIELDS = {
    "alexnet": ("pool5", 195),
    "vgg16": ("pool5", 212),
    "fcn8s": ("fc7", 404),
    "tcn": ("seen", 1021),
    "wavenet": ("skip", 5117),
    "pairs/three-3x3": (None, 7),
    "pairs/one-7x7": (None, 7),
    "pairs/undilated": (None, 7),
    "pairs/dilated": (None, 15),
}


def analysis(name, **more):
    return cnncalc.analyze(cnncalc.load(FILES[name], **more))


def outputs(name, **more):
    return {port.name: port.shape for port in analysis(name, **more).outputs}


def layer(name, layer):
    return next(row for row in analysis(name).layers if row.name == layer)


def test_every_example_has_its_totals():
    assert sorted(TOTALS) == sorted(FILES)


@pytest.mark.parametrize("name", TOTALS)
def test_totals(name):
    expected, totals = TOTALS[name], analysis(name).totals
    assert (totals.params, totals.macs) == expected[:2]
    assert totals.params_train == (expected.params_train or expected.params)


@pytest.mark.parametrize(("name", "settings", "published"), VARIANTS)
def test_variants(name, settings, published):
    totals = analysis(name, settings=settings).totals
    if name == "mobilenet_v1":  # the paper cuts some of its figures, and rounds others
        assert abs(totals.params - published[0]) < 100_000
        assert abs(totals.macs - published[1]) < 1_000_000
    else:
        assert (totals.params, totals.macs) == published


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_wrong(name):
    """No error, failed expectation or warning; a note only where it is the lesson."""
    example = analysis(name)
    found = {(one.severity, one.code) for one in example.diagnostics}
    assert found == ({("note", "unread-input")} if name in UNREAD else set())
    assert len({row.name for row in example.layers}) == len(example.layers)


@pytest.mark.parametrize("name", FILES)
def test_required_totals_hold(name):
    """`cnncalc check` judges all requirements; here are the totals alone, without it."""
    rows = analysis(name).layers
    for measure in ("params", "macs"):
        every, run = (sum(getattr(row, measure) for row in rows if train or not row.train) for train in (True, False))
        for term, limit in re.findall(
            rf"^require {measure}((?: \+ {measure}\(\w+\))*) == ([\d,]+)(?![\d*])",
            FILES[name].read_text(),
            re.MULTILINE,
        ):
            assert (every if term else run) == int(limit.replace(",", ""))


@pytest.mark.parametrize("name", DEPTHS)
def test_depths(name):
    depths = {}
    for row in analysis(name).layers:
        depths[row.name] = (row.kind in WEIGHTED) + max(depths.get(before, 0) for before in row.inputs)
    assert max(depths.values()) == DEPTHS[name]
    assert f"require depth == {DEPTHS[name]}" in FILES[name].read_text() or name in ("vgg16", "alexnet")


@pytest.mark.parametrize("name", FIELDS)
def test_receptive_fields(name):
    line, size = FIELDS[name]
    network = cnncalc.load(FILES[name])
    index = network.extents[line].output if line else len(network.nodes) - 1
    assert {axis.size for axis in cnncalc.analyze(network).fields[index]} == {size}
    text = FILES[name].read_text()
    assert re.search(rf"^require field{rf'[(]{line}[)]' if line else ''} == {size}\b", text, re.MULTILINE)


@pytest.mark.parametrize("name", FILES)
def test_they_are_made_to_be_read(name):
    text = FILES[name].read_text("utf-8")
    lines = text.splitlines()
    assert text.isascii()
    assert text.endswith("\n")
    assert "\t" not in text
    assert not [line for line in lines if len(line) > 80 or line != line.rstrip()]
    assert lines[0].startswith("# ")
    assert sum(line.startswith("model ") for line in lines) == (name not in BLOCKS_ONLY)


def test_lenet_takes_ten_lines():
    lines = FILES["lenet5"].read_text().splitlines()
    assert len([line for line in lines if line and not line.startswith("#")]) == 10


class TestLessons:
    def test_lecture_alexnet_is_the_same_on_224(self):
        other = analysis("lessons/lecture-alexnet", settings={"size": 224, "border": 2})
        assert other.diagnostics == ()
        assert other.totals == analysis("lessons/lecture-alexnet").totals

    def test_lecture_alexnet_has_filters_as_deep_as_their_input(self):
        filters = [row.filter for row in analysis("lessons/lecture-alexnet").layers if row.kind == "conv"]
        assert filters == [(96, 3, 11, 11), (256, 96, 5, 5), (384, 256, 3, 3), (384, 384, 3, 3), (256, 384, 3, 3)]

    def test_padding_1_keeps_295(self):
        assert outputs("lessons/same-size") == {
            "padded": (8, 295, 295),
            "bare": (8, 293, 293),
            "larger": (8, 291, 291),
        }

    def test_a_pool_skips_the_last_row_and_column(self):
        assert outputs("lessons/odd-pool") == {"down": (8, 147, 147), "up": (8, 148, 148)}
        (note,) = analysis("lessons/odd-pool").diagnostics
        assert note.span.source.line(note.span.line).startswith("down")
        assert "294" in note.message

    def test_two_filters_with_stride_2(self):
        (row,) = analysis("lessons/stride-2").layers
        assert (row.output, row.filter, row.params, row.macs) == ((2, 3, 3), (2, 3, 3, 3), 56, 486)

    def test_twenty_filters(self):
        (row,) = analysis("lessons/twenty-filters").layers
        assert (row.filter, row.params) == ((20, 1, 5, 5), 520)
        (row,) = analysis("lessons/twenty-filters", input="1x99x70").layers
        assert row.params == 520

    def test_a_stride_that_does_not_fit(self):
        assert outputs("lessons/uneven-stride") == {"rounded": (1, 4, 4), "mended": (1, 5, 5)}
        (note,) = analysis("lessons/uneven-stride").diagnostics
        assert note.span.source.line(note.span.line).startswith("rounded")
        assert "9" in note.message

    @pytest.mark.parametrize(
        ("name", "weights", "dense"),
        [
            ("conv-200", 9, 1_600_000_000),
            ("edge-detector", 2, 8_003_072_000),
        ],
    )
    def test_a_matrix_instead(self, name, weights, dense):
        one = analysis(name)
        assert one.totals.params == weights
        assert prod(one.inputs[0].shape) * prod(one.outputs[0].shape) == dense


class TestPapers:
    def test_alexnet_first_layer(self):
        """The course notes' case, and what 224 gives."""
        conv = analysis("alexnet-227").layers[0]
        assert (conv.output, conv.params) == ((96, 55, 55), 34_944)
        assert analysis("alexnet-227", input="3x224x224").layers[0].output == (96, 54, 54)

    def test_fc_4096_is_a_convolution(self):
        (conv,) = (row for row in analysis("fcn8s").layers if row.filter == (4096, 512, 7, 7))
        (fc, *_) = (row for row in analysis("vgg16").layers if row.kind == "fc")
        assert conv.params == fc.params == 102_764_544

    def test_a_series_is_an_image_of_one_row(self):
        plane, line = (analysis(name) for name in ("series-2d", "series-1d"))
        assert plane.totals == line.totals
        for one, other in zip(plane.layers, line.layers, strict=True):
            assert (one.kind, one.params, one.macs) == (other.kind, other.params, other.macs)
            assert prod(one.output) == prod(other.output)

    def test_squeezenet_on_227_has_the_papers_sizes(self):
        layers = analysis("squeezenet1_0", input="3x227x227").layers
        sizes = [row.output[-1] for row in layers if row.kind in ("conv", "maxpool")]
        assert list(dict.fromkeys(sizes)) == [111, 55, 27, 13]


def rows():
    """The rows of the README's tables that have figures: what the first column says, parameters, MACs."""
    for line in README.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and re.fullmatch(r"[\d,]+", cells[1]):
            yield re.search(r"([\w/-]+)\.txt", cells[0])[1], *(int(cell.replace(",", "")) for cell in cells[1:3])


def test_readme_has_the_right_figures():
    found = list(rows())
    assert [row for row in found if row[1:] != TOTALS[row[0]][:2]] == []
    named = {name for name, *_ in found} | set(re.findall(r"lessons/[\w-]+", README)) | set(BLOCKS_ONLY)
    assert named == set(FILES)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"\| `cnncalc ([^`]+)` \|", README))))
def test_readme_commands_run(command, monkeypatch):
    from cnncalc.cli import main

    monkeypatch.chdir(EXAMPLES)
    result = CliRunner().invoke(main, shlex.split(command), prog_name="cnncalc")
    assert result.exit_code == 0, result.output
