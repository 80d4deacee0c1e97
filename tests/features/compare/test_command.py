"""`cnncalc compare`: every figure of the lesson through the command line, and what is asked for wrongly."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from cnncalc.interpret.reading.examples import example_names

pytestmark = pytest.mark.usefixtures("folder")

CASES = Path(__file__).parents[3] / "examples" / "pairs"
TINY = "input 1x4x4\nconv 2 3\n"
WIDE = "let width = 2\ninput 1x6x6\nconv width 3\n"


@pytest.fixture
def document(run):
    """The JSON document of a call."""

    def call(*arguments, **more):
        return json.loads(run("compare", *arguments, "--format", "json", **more).stdout)

    return call


@pytest.fixture
def model(document):
    """The one model of a call's JSON document."""

    def call(*arguments, **more):
        (one,) = document(*arguments, **more)["models"]
        return one

    return call


def layer(model, name):
    return next(entry for entry in model["layers"] if entry["name"] == name)


class TestFigures:
    """Those of mlp.md."""

    def test_200_by_200_onto_itself(self, run, model):
        conv = layer(model("@conv-200"), "conv1")
        assert conv["dense"]["weights"] == 1_600_000_000
        assert conv["conv"]["weights"] == 9
        assert conv["local"]["weights"] == 357_604
        text = run("compare", "@conv-200").stdout
        assert all(figure in text for figure in ("1,600,000,000", "357,604", " 9 "))

    def test_the_edge_detector_of_the_book(self, run, model):
        conv = layer(model("@edge-detector"), "conv1")
        assert (conv["conv"]["weights"], conv["output"]) == (2, [1, 280, 319])
        assert conv["dense"]["weights"] == 320 * 280 * 319 * 280 == 8_003_072_000
        assert conv["local"]["weights"] == 2 * 319 * 280 == 178_640
        assert conv["total"] == 4_001_536_000
        text = run("compare", "@edge-detector", "--layer", "conv1").stdout
        assert "267,960 convolved" in text
        assert "16,006,054,680 dense: 59,733×" in text
        assert "8,003,072,000 entries, of which 178,640" in text
        assert "4,001,536,000×" in text

    def test_the_first_layer_of_alexnet(self, run, model):
        conv = layer(model("@alexnet-227"), "conv1")
        sums = {way: conv[way]["weights"] + conv[way]["biases"] for way in ("conv", "local", "dense")}
        assert sums == {"conv": 34_944, "local": 105_705_600, "dense": 44_892_355_200}
        text = run("compare", "@alexnet-227", "--layer", "conv1").stdout
        assert all(f" = {count:,}\n" in text for count in sums.values())

    def test_alexnet_unrolled(self, run, model):
        unrolled = model("@alexnet")["mlp"]["unrolled"]
        assert round(unrolled["bytes"] / 2**30) == 158
        assert "158 GiB in fp32, 7 GPUs of 24 GiB" in run("compare", "@alexnet").stdout
        assert "79.2 GiB in fp16, 4 GPUs of 24 GiB" in run("compare", "@alexnet", "--dtype", "fp16").stdout

    def test_a_first_layer_of_4096(self, run, model):
        assert model("@alexnet", "--hidden", "4096")["mlp"]["custom"]["first"] == 616_562_688
        assert "has 616,562,688 weights" in run("compare", "@alexnet", "--hidden", "4096,4096").stdout

    def test_how_narrow_the_mlp_of_as_many_parameters_is(self, model):
        one, two = model("@alexnet")["mlp"]["same_params"]
        assert (one["hidden"], two["hidden"]) == ([403], [402, 402])
        assert one["params"] <= 61_100_840 < one["params"] + 150_528 + 1 + 1000

    def test_lenet_as_in_the_sketch(self, run):
        text = run("compare", "@lenet5").stdout
        assert text.startswith(
            "As a fully connected network LeNet-5 would need 6.76 million parameters, 110× as many.\n"
        )
        assert re.search(r"^conv1 .* 150 +117,600 +4,816,896 +41× +784× +32,113×$", text, re.MULTILINE)
        assert re.search(r"^MLP, same params +59 ", text, re.MULTILINE)
        assert re.search(r"^MLP, same MACs +402 ", text, re.MULTILINE)


class TestJson:
    def test_the_promised_fields(self, document):
        found = document("@lenet5", "@alexnet", "--mlp")
        assert (found["version"], found["command"], found["diagnostics"]) == (1, "compare", [])
        assert [one["file"] for one in found["models"]] == ["@lenet5", "@alexnet"]
        for one in found["models"]:
            assert {"file", "model", "layers", "totals", "mlp"} <= set(one)
            assert set(one["mlp"]["unrolled"]) >= {"params", "macs", "bytes"}
            for name in ("same_params", "same_macs"):
                assert [len(entry["hidden"]) for entry in one["mlp"][name]] == [1, 2]
                assert all({"hidden", "params", "macs", "fits"} <= set(entry) for entry in one["mlp"][name])
            for entry in one["layers"]:
                assert ("dense" in entry) == (entry["kind"] == "conv")
                if "dense" in entry:
                    assert {"weights", "biases", "macs"} <= set(entry["local"])
                    assert entry["sparsity"] * entry["sharing"] == pytest.approx(entry["total"])

    def test_mlp_only_where_it_is_asked_for(self, document):
        assert all("mlp" not in one for one in document("@lenet5", "@alexnet")["models"])
        for one in document("@lenet5", "@alexnet")["models"]:
            assert not any("counts" in entry for entry in (one["totals"], *one["layers"]))  # nobody asked for one
        assert all("mlp" in one for one in document("@lenet5", "@alexnet", "--hidden", "7")["models"])

    def test_the_measures_in_the_totals(self, model):
        totals = model("@lenet5")["totals"]
        assert (totals["params"], totals["macs"], totals["depth"], totals["weighted"]) == (61_706, 416_520, 5, 5)
        assert totals["peak"] == 4 * 2 * 4704
        assert totals["memory"] == totals["peak"] + 4 * 61_706
        assert (totals["activations"], totals["field"]) == (14_722, [32, 32])

    def test_nothing_is_that_small(self, model):
        found = model("@edge-detector")["mlp"]
        assert [entry["fits"] for entry in found["same_params"]] == [False, False]
        assert found["same_params"][0] == {"hidden": [1], "params": 268_241, "macs": 178_920, "first": 89_600,
                                           "fits": False}  # fmt: skip

    def test_unknown_is_null(self, run, spec):
        spec("input 1x4x4\nconv 2 3 | conv 2 9")
        result = run("compare", "--format", "json")
        (one,) = json.loads(result.stdout)["models"]
        assert result.exit_code == 2
        assert layer(one, "conv1")["dense"]["weights"] == 16 * 8
        assert "dense" not in layer(one, "conv2")
        assert one["mlp"]["unrolled"] is one["mlp"]["same_macs"] is one["totals"]["macs"] is None

    def test_a_file_that_is_not_there(self, run, document):
        found = document("nowhere.txt", "@lenet5")
        assert [one["totals"]["params"] for one in found["models"]] == [None, 61_706]
        assert [one["code"] for one in found["diagnostics"]] == ["no-file"] or found["diagnostics"]
        assert run("compare", "nowhere.txt", "@lenet5").exit_code == 2

    def test_batches(self, model):
        one, eight = model("@lenet5"), model("@lenet5", "--batch", "8")
        assert eight["mlp"]["unrolled"]["params"] == one["mlp"]["unrolled"]["params"]
        assert eight["mlp"]["unrolled"]["macs"] == 8 * one["mlp"]["unrolled"]["macs"]
        assert eight["mlp"]["same_macs"][0]["hidden"] == one["mlp"]["same_macs"][0]["hidden"]
        assert eight["totals"]["peak"] == 8 * one["totals"]["peak"]

    def test_the_topic_names_every_field(self, run, document):
        topic = run("help", "json").stdout
        found = document("@googlenet", "--hidden", "9")
        (one,) = found["models"]
        conv = layer(one, "conv1")
        names = {*found, *one, *one["totals"], *one["mlp"], *conv, *conv["conv"], *one["mlp"]["custom"]}
        names |= {*one["mlp"]["unrolled"], *one["mlp"]["same_macs"][0]}
        assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", topic)] == []


class TestSideBySide:
    PAIRS = (
        ("pool", "stride", "Halved by a pool has as many parameters as Halved by a stride, and 4× the MACs."),
        ("one-7x7", "three-3x3", "One 7x7 needs 1.81× the parameters and 1.81× the MACs of Three 3x3."),
        ("bottleneck", "plain", "Plain residual block needs 16.8× the parameters and 16.9× the MACs of Bottleneck"),
        ("flatten", "global-pool", "Flatten, then classify needs 48.9× the parameters and 49× the MACs of Global pool"),
        (
            "average-pool",
            "depthwise",
            "Depthwise convolution needs 576 parameters and 451,584 MACs; Average pool none.",
        ),
        ("undilated", "dilated", "110,784 parameters and 347 million MACs; but they see 7 and 15 pixels."),
    )

    @pytest.mark.parametrize(("one", "other", "lesson"), PAIRS)
    def test_the_pairs_say_their_lesson(self, run, one, other, lesson):
        result = run("compare", f"@pairs/{one}", f"@pairs/{other}")
        assert lesson in result.stdout.splitlines()[0]
        assert (result.exit_code, result.stderr) == (0, "")

    def test_the_pairs_are_all_here(self):
        assert {name for pair in self.PAIRS for name in pair[:2]} == {path.stem for path in CASES.glob("*.txt")}

    @pytest.mark.parametrize("width", [32, 64, 100])
    def test_27_against_49(self, document, width):
        found = document("@pairs/three-3x3", "@pairs/one-7x7", "--set", f"width={width}")
        assert [one["totals"]["params"] for one in found["models"]] == [27 * width**2, 49 * width**2]

    def test_the_least_is_marked(self, run):
        lines = run("compare", "@pairs/pool", "@pairs/stride").stdout.splitlines()
        macs = next(line for line in lines if line.startswith("MACs"))
        assert re.fullmatch(r"MACs +115,605,504 +28,901,376 \* +4×", macs)
        params = next(line for line in lines if line.startswith("parameters"))
        assert "*" not in params, "all are the same"
        markdown = run("compare", "@pairs/pool", "@pairs/stride", "--format", "markdown").stdout
        assert "**28,901,376**" in markdown

    def test_mlp_columns(self, run):
        text = run("compare", "@pairs/pool", "@pairs/stride", "--mlp", "--hidden", "10").stdout
        assert "Fully connected, Halved by a pool 40.3 billion parameters" in text
        assert re.search(r"^saved by sharing +3,062× +765× *$", text, re.MULTILINE)
        assert re.search(r"^MLP 10: params +2,558,986", text, re.MULTILINE)
        assert len(re.findall(r"\bdense\b", text)) == 2

    def test_vary(self, run, spec, document):
        spec(WIDE)
        found = document("--vary", "width=2,4,8")
        assert [one["settings"] for one in found["models"]] == [{"width": "2"}, {"width": "4"}, {"width": "8"}]
        assert [one["totals"]["params"] for one in found["models"]] == [20, 40, 80]
        text = run("compare", "--vary", "width=2,4,8").stdout
        assert text.startswith("Of 3 models width=2 has the fewest parameters (20) and the fewest MACs (288)")
        assert re.search(r"^ +width=2 +width=4 +width=8 +most/least$", text, re.MULTILINE)

    def test_values_with_commas(self, document, spec):
        spec("let k = 3\ninput 1x6x6\nconv 1 k")
        found = document("--vary", "k=(1, 2),3")
        assert [one["totals"]["params"] for one in found["models"]] == [3, 10]

    def test_several_inputs(self, document, spec):
        spec(WIDE)
        found = document("--input", "1x6x6", "--input", "1x8x8", "--vary", "width=1,2")
        assert [one["totals"]["macs"] for one in found["models"]] == [144, 288, 324, 648]
        spec("a = input 1x6x6\nb = input 1x6x6\n@a | conv 1 1\nadd @b\n")
        found = document("--input", "a=1x8x8", "--input", "b=1x8x8")
        assert [[port["shape"] for port in one["inputs"]] for one in found["models"]] == [[[1, 8, 8], [1, 8, 8]]]

    def test_one_of_them_broken(self, run, spec):
        spec("input 1x4x4\nconv 2 9", "broken.txt")
        spec(TINY, "fine.txt")
        result = run("compare", "broken.txt", "fine.txt")
        assert result.exit_code == 2
        assert re.search(r"^parameters +\? +20", result.stdout, re.MULTILINE)

    def test_a_fault_of_one_value_says_of_which(self, run, spec):
        spec("let k = 3\ninput 1x6x6\nconv 1 k")
        result = run("compare", "--vary", "k=3,9")
        assert result.exit_code == 2
        assert "= with k=9" in result.stderr
        assert result.stderr.count("error:") == 1

    def test_a_warning_of_all_is_said_once(self, run, spec):
        spec("let k = 3\ny = input 1x6x6\nx = relu\n@y | conv 1 k")
        result = run("compare", "--vary", "k=3,5")
        assert result.stderr.count("nothing uses") == 1
        assert "with k" not in result.stderr
        assert run("compare", "--vary", "k=3,5", "--strict").exit_code == 1
        assert run("compare", "--vary", "k=3,5", "-q").stderr == ""

    def test_standard_input_twice(self, run):
        result = run("compare", "-", "-", input=TINY)
        assert "need the same: 20 parameters" in result.stdout


class TestAlone:
    def test_a_folder_with_a_model(self, run, spec):
        spec()
        for arguments in ([], ["--mlp"]):
            result = run("compare", *arguments)
            assert result.exit_code == 0
            assert result.stdout.startswith("As a fully connected network LeNet-5 would need")

    def test_a_folder_without(self, run):
        result = run("compare")
        assert result.exit_code == 2
        assert "there is no model.txt here" in result.stderr

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("model M\ninput 8\nfc 4", "M has no convolution, so there is nothing to unroll: its 36 parameters"),
            ("model M\ninput 1x8x8\nmaxpool 2", "nothing to unroll: and it has no parameters."),
        ],
    )
    def test_no_convolution(self, run, spec, text, said):
        spec(text)
        result = run("compare", "--mlp")
        assert result.exit_code == 0
        assert said in result.stdout
        assert "One hidden unit alone has" in result.stdout, "and still the MLPs, or why there are none"

    def test_no_mlp_is_that_small(self, run, spec):
        spec(TINY)
        text = run("compare").stdout
        assert "No MLP has as few parameters: one hidden unit already takes 33." in text

    def test_other_layers_worked_out(self, run):
        assert "fully connected as it is: its 10,164 parameters" in run("compare", "@lenet5", "--layer", "fc1").stdout
        assert "It has no weights" in run("compare", "@lenet5", "--layer", "tanh1").stdout

    def test_a_transposed_layer_worked_out(self, run, spec):
        spec("input 4@5\nupconv 6 3 stride=2 pad=1 groups=2")
        text = run("compare", "--layer", "upconv1").stdout
        assert "K = 3·3 = 9: the products that an input spreads to" in text
        assert "M·K = 20·9 = 180 MACs, of which 24 cropped away: 156 count" in text
        assert "length: 5 inputs × 3 taps = 15, less 2 cropped away = 13" in text

    def test_shared_weights_are_said(self, run, spec):
        spec("input 2x6x6\na = conv 2 3 pad=1\nb = conv 2 3 pad=1 share=@a")
        assert "b share weights, which are summed once" in run("compare").stdout
        assert "shared: they are those of a" in run("compare", "--layer", "b").stdout

    @pytest.mark.parametrize("name", example_names())
    def test_every_example(self, run, name):
        """In every format, at any width, without a fault."""
        for form in ("plain", "markdown", "csv"):
            assert run("compare", f"@{name}", "--format", form).exit_code == 0
        for columns in (30, 80, 120):
            result = run("compare", f"@{name}", "--format", "table", "--no-color", env={"COLUMNS": str(columns)})
            assert result.exit_code == 0
            if columns > 30:
                assert [line for line in result.stdout.splitlines() if len(line) > columns] == []


class TestFormats:
    def test_csv_of_layers(self, run):
        rows = list(csv.DictReader(io.StringIO(run("compare", "@lenet5", "--format", "csv").stdout)))
        assert len(rows) == 12
        assert (rows[0]["layer"], rows[0]["dense_weights"], rows[0]["sparsity"]) == ("conv1", "4816896", "40.96")
        assert sum(int(row["params"]) for row in rows) == 61_706
        (row,) = csv.DictReader(io.StringIO(run("compare", "@lenet5", "--layer", "fc1", "--format", "csv").stdout))
        assert (row["params"], row["dense_weights"]) == ("10164", "")

    def test_csv_of_models(self, run):
        rows = list(csv.DictReader(io.StringIO(run("compare", "@lenet5", "@vgg16", "--format", "csv").stdout)))
        assert [(row["model"], row["params"], row["depth"]) for row in rows] == [
            ("LeNet-5", "61706", "5"),
            ("VGG-16", "138357544", "16"),
        ]

    def test_markdown_of_a_layer_is_code(self, run):
        text = run("compare", "@lenet5", "--layer", "conv1", "--format", "markdown").stdout
        assert text.startswith("```\nconv1 ")
        assert text.endswith("```\n")

    def test_bars_add_up(self, run):
        text = run("compare", "@lenet5", "--format", "table", "--no-color", env={"COLUMNS": "100"}).stdout
        bars = re.findall(r"^  (conv\d).* {2}(█*)(▒*)$", text, re.MULTILINE)
        lengths = {name: (len(sparse), len(shared)) for name, sparse, shared in bars}
        assert lengths["conv1"][0] > lengths["conv2"][0] > 0
        assert sum(lengths["conv1"]) > sum(lengths["conv2"]) > 0

    def test_ascii(self, start):
        environment = {"PYTHONIOENCODING": "ascii", "COLUMNS": "80"}
        text, errors = start("compare", "@lenet5", "--format", "table", environment=environment).communicate(timeout=60)
        assert errors == b""
        assert b"110x as" in text
        assert b"  ####=" in text

    def test_colour_only_where_it_is_wanted(self, run):
        assert "\x1b[" in run("compare", "@lenet5", "--color").stdout
        assert "\x1b[" not in run("compare", "@lenet5").stdout

    def test_folded_rows(self, run):
        text = run("compare", "@resnet50", "--format", "table", "--depth", "1", env={"COLUMNS": "100"}).stdout
        assert re.findall(r"^  (\w+) ", text, re.MULTILINE)[1:7] == [
            "stem", "conv2_x", "conv3_x", "conv4_x", "conv5_x", "together",
        ]  # fmt: skip
        assert "bottleneck2 ×2" in run("compare", "@resnet50", "--format", "table").stdout
        assert run("compare", "@resnet50").stdout.count("\nconv") == 53

    def test_output_never_goes_over_a_spec(self, run, spec, folder):
        spec(TINY, "a.txt")
        spec(TINY, "b.txt")
        for name in ("a.txt", "b.txt"):
            assert run("compare", "a.txt", "b.txt", "-o", name).exit_code == 2
            assert (folder / name).read_text() == TINY
        assert run("compare", "a.txt", "b.txt", "-o", "new.md").exit_code == 0
        assert (folder / "new.md").read_text("utf-8").startswith("a.txt and b.txt need the same")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--hidden", "0"], "write --hidden 4096,4096"),
        (["--hidden", "4096,x"], "write --hidden 4096,4096"),
        (["--vary", "width"], "write --vary width=32,64"),
        (["--vary", "width=1,"], "write --vary width=32,64"),
        (["--vary", "nope=1"], "--vary nope: no top-level variable is called 'nope'"),
        (["--vary", "width=1", "--set", "width=2"], "--vary and --set both set 'width'"),
        (["--input", "=3"], "is no shape"),
        (["--input", "1x6x6", "--input", "a=1x6x6"], "either all inputs have their names here"),
        (["--vary", f"width={','.join(map(str, range(1, 102)))}"], "101 columns are too many"),
        (["--layer", "cnv1"], "model.txt has no layer 'cnv1': did you mean 'conv1'?"),
        (["--layer", "zzz"], "'cnncalc shapes model.txt' lists them"),
        (["--plot", "x.gif"], "must end in .svg or .png"),
    ],
)
def test_faulty_command_lines(run, spec, arguments, message):
    spec(WIDE)
    result = run("compare", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_file_of_blocks(run):
    result = run("compare", "@dilated_resnet")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "defines blocks only" in result.stderr


def test_several_inputs_in_order_are_one_column(run, spec):
    """Of a spec with one input they are columns, of one with several they are its inputs."""
    spec("model Two\na = input 3x8x8\nb = input 10\n@a | conv 4 3 | flatten | fc 10\nadd @b\n")
    result = run("compare", "--input", "[2,3,16,16]", "--input", "[2,10]", "--format", "json")
    (model,) = json.loads(result.stdout)["models"]
    assert [one["shape"] for one in model["inputs"]] == [[3, 16, 16], [10]]
    assert model["batch"] == 2
    assert run("compare", "--input", "3x16x16", "--input", "10", "--input", "10").exit_code == 2


def test_many_outputs_have_a_row_each(run, spec):
    """The stars stay in their column, and the column stays narrow."""
    names = "abcdefghij"
    text = "model Many\ninput 3x64x64\n" + "".join(f"{one} = conv 8 3 pad=1\n" for one in names)
    spec(text + "".join(f"output @{one}\n" for one in names), "many.txt")
    result = run("compare", "many.txt", "@lenet5", "--format", "table", "-q", env={"COLUMNS": "80"})
    lines = result.stdout.splitlines()
    assert all(len(line) <= 80 for line in lines)
    start = next(place for place, line in enumerate(lines) if line.strip().startswith("output"))
    assert [line.split() for line in lines[start : start + 9]] == [
        ["output", "8×64×64", "10"], *[["8×64×64"]] * 6, ["+3"], lines[start + 8].split(),
    ]  # fmt: skip
    assert any(line.endswith("*") or " * " in line for line in lines[start:])


def test_code_that_does_not_say_its_input(folder, run):
    (folder / "net.py").write_text(
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.c = nn.Conv2d(3, 8, 3)\n    def forward(self, x):\n        return self.c(x)\n"
    )
    said = run("compare", "net.py", "--input", "3x8x8", "--input", "3x9x9", "--format", "json")
    assert said.exit_code == 0
    assert [one["totals"]["macs"] for one in json.loads(said.stdout)["models"]] == [7776, 10584]
    assert "--input: the code does not say the shape of 'x'" in run("compare", "net.py").output
