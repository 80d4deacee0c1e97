"""`cnncalc explain` as it is called: layers, networks, questions, formats, and what goes wrong."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("folder")

ALEX = """\
model AlexNet
input 3x224x224
conv 96 11 stride=4
stem = relu | maxpool 3 stride=2
stage body:
    conv 16 3 pad=1 | relu
flatten
fc 10
"""
BLOCKS = """\
input 3x32x32
block pair(width):
    inner = conv width 3 pad=1
    relu
head side:
    gavgpool | fc 3
enc = pair 8
pair 16
"""


def document(result):
    assert result.exit_code in (0, 1, 2), result.output
    return json.loads(result.stdout)


def test_a_layer_line_by_line(run, spec):
    result = run("explain", spec(ALEX), "conv1")
    assert result.exit_code == 0
    for text in (
        "floor((224 - 11 + 2*0)/4) + 1 = floor(53.25) + 1 = 54",
        "windows [0-10] [4-14] [8-18] [12-22] … [208-218] [212-222], 223 never read",
        "neighbouring windows share 7 pixels",
        "96 filters of 3×11×11 = 34,848 weights, + 96 biases = 34,944",
        "96 filters × 54×54 positions × 363 taps (3×11×11) = 101,616,768",
        "11×11 pixels of the input (4.91 %), one step is 4 pixels",
        "279,936 values: 1.07 MiB in fp32 (1,119,744 bytes)",
        "nn.Conv2d(3, 96, 11, stride=4)",
        "layers.Conv2D(96, 11, strides=4)",
        "a shift of the input by 4 pixels moves this output by one",
    ):
        assert text in result.stdout
    assert "never read by conv" in result.stderr


@pytest.mark.parametrize(
    ("text", "layer", "at"),
    [("input 64\nfc 10\n", "fc1", "0"), ("input 64\nreshape 4x4x4\nconv 3 3\n", "conv1", "0,0")],
)
def test_an_output_of_a_vector(run, spec, text, layer, at):
    """A vector has neither rows nor columns that an output could see a part of."""
    result = run("explain", spec(text), layer, "--at", at)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "sees the whole input: a vector has one position" in result.stdout
    seen = document(run("explain", spec(text), layer, "--at", at, "--format", "json"))["layer"]["at"]
    assert (seen["window"], seen["blank"]) == ([], False)


def test_one_argument_is_a_layer_of_the_default_file(run, spec):
    spec(ALEX)
    assert run("explain", "conv2").stdout.startswith("conv2   conv 16 3x3 pad=1")


def test_a_file_comes_before_a_layer(run, spec):
    spec(ALEX)
    assert run("explain", spec(BLOCKS, "conv1")).stdout.startswith("conv1   input 3×32×32")


@pytest.mark.parametrize("name", ["input", "conv1", "stem", "body", "relu1", "flatten1", "fc1"])
def test_every_name_works(run, spec, name):
    result = run("explain", spec(ALEX), name)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{name}   ")


@pytest.mark.parametrize("name", ["enc", "pair1", "pair2", "side", "pair1/inner", "fc1", "relu2"])
def test_names_of_blocks_heads_and_lines(run, spec, name):
    result = run("explain", spec(BLOCKS), name)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{name}   ")


def test_all_names_of_the_json_document(run, spec):
    names = [layer["name"] for layer in document(run("shapes", "@googlenet", "--format", "json"))["layers"]]
    for name in names[:: len(names) // 12]:
        assert document(run("explain", "@googlenet", name, "--format", "json"))["layer"]["name"] == name


def test_a_named_line_of_several_layers(run, spec):
    assert "'stem' also names the whole line, relu1 to stem: 2 layers" in run("explain", spec(ALEX), "stem").stdout


@pytest.mark.parametrize(("word", "hint"), [("cnv1", "did you mean 'conv1'?"), ("bodi", "did you mean 'body'?")])
def test_an_unknown_layer(run, spec, word, hint):
    result = run("explain", spec(ALEX), word)
    assert (result.exit_code, result.stdout) == (2, "")
    assert hint in result.stderr


def test_the_network_on_a_page(run, spec):
    result = run("explain", spec(ALEX))
    assert result.exit_code == 0
    assert "height = width: any from 19 up; 219..226 give this flatten (10,816 values)" in result.stdout
    for text in ("parameters\n", "MACs\n", "by kind\n", "costliest  conv1", "body", "█"):
        assert text in result.stdout


def test_what_an_output_sees(run, spec):
    text = run("explain", spec(ALEX), "conv2", "--at", "0,5").stdout
    assert "sees rows 0 to 26 and columns 32 to 66 of the input: 27×35 pixels" in text
    assert "clipped to the image: with padding -8 to 26 × 32 to 66" in text
    found = document(run("explain", spec(ALEX), "conv2", "--at", "0x5", "--format", "json"))["layer"]["at"]
    assert (found["window"], found["exact"], found["blank"]) == ([[0, 26], [32, 66]], True, False)


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("54,0", "the positions of 'conv1' end at 53,53 (from 0)"), ("1", "has 2 spatial axes: write --at 27,27"),
        ("a,b", "is no position: write --at 6,6"), ("-1,0", "is no position"), ("1,2,3", "has 2 spatial axes"),
    ],
)  # fmt: skip
def test_positions_that_are_not_there(run, spec, at, message):
    result = run("explain", spec(ALEX), "conv1", f"--at={at}")
    assert result.exit_code == 2
    assert message in result.stderr


def test_what_would_give_a_shape(run, spec):
    assert "55 with pad=2 or 3, an input of 227..230, or a kernel of 5..8" in run(
        "explain", spec(ALEX), "conv1", "--want", "96x55x55").stdout  # fmt: skip
    assert "no single argument gives 96x999x3" in run("explain", spec(ALEX), "conv1", "--want", "96x999x3").stdout
    found = document(run("explain", spec(ALEX), "conv1", "--want", "96x54x54", "--format", "json"))["want"]
    assert (found["given"], found["shape"]) == (True, [96, 54, 54])
    assert run("explain", spec(ALEX), "conv1", "--want", "huge").exit_code == 2


def test_without_padding_stride_or_pooling(run, spec):
    text = run("explain", spec(ALEX), "--without", "padding").stdout
    assert "96×54×54" in text
    assert "16×24×24" in text
    layers = document(run("explain", spec(ALEX), "--without", "stride", "--format", "json"))["without"]["layers"]
    assert [(one["name"], one["without"]) for one in layers[:3]] == [
        ("conv1", [96, 214, 214]), ("relu1", [96, 214, 214]), ("stem", [96, 212, 212])
    ]  # fmt: skip
    layers = document(run("explain", spec(ALEX), "--without", "pooling", "--format", "json"))["without"]["layers"]
    assert layers[2]["without"] == [96, 54, 54]


def test_without_what_a_merge_needs(run):
    found = document(run("explain", "@resnet18", "--without", "padding", "--format", "json"))["without"]
    assert not found["fits"]
    assert "add needs equal shapes" in found["faults"][0]
    assert "does not fit" in run("explain", "@resnet18", "--without", "padding").stdout


def test_the_ledger_of_resnet18(run):
    text = run("explain", "@resnet18", "--count", "macs", "--against", "fvcore").stdout
    for part in ("1,814,073,344", "4,967,424", "25,088", "1,819,065,856"):
        assert part in text
    found = document(run("explain", "@resnet18", "--count", "fvcore", "--against", "macs", "--format", "json"))[
        "ledger"
    ]
    assert found["from"]["total"] + sum(one["amount"] for one in found["terms"]) == found["to"]["total"]


def test_a_ledger_needs_two_names(run, spec):
    assert run("explain", spec(ALEX), "--against", "fvcore").exit_code == 2
    assert run("explain", spec(ALEX), "--count", "macs,thop", "--against", "fvcore").exit_code == 2
    assert run("explain", spec(ALEX), "--count", "macs", "--against", "fvcor").exit_code == 2


def test_a_count_of_a_layer(run):
    assert "2 × I of 802,816 = 1,605,632 MACs" in run("explain", "@resnet18", "bn1", "--count", "fvcore").stdout


@pytest.mark.parametrize("form", ["table", "plain", "markdown", "json"])
def test_formats(run, spec, form):
    for arguments in ([], ["conv1"], ["body"], ["--without", "stride"], ["--count", "macs", "--against", "thop"]):
        result = run("explain", spec(ALEX), *arguments, "--format", form)
        assert result.exit_code == 0
        assert result.stdout.endswith("\n")


def test_markdown_reads_as_markdown(run, spec):
    lines = run("explain", spec(ALEX), "conv1", "--format", "markdown").stdout.splitlines()
    assert lines[0] == "## conv1"
    assert any(line.startswith("- **parameters**: 96 filters") for line in lines)
    assert "- **PyTorch**: `nn.Conv2d(3, 96, 11, stride=4)`" in lines
    table = run("explain", spec(ALEX), "--format", "markdown").stdout
    assert "### by kind" in table
    assert "| ------- | -----: |" in table


def test_the_table_fits_its_width(start, spec):
    spec(ALEX)
    for arguments in (["conv1", "--at", "3,3"], []):
        process = start("explain", *arguments, "--format", "table", environment={"COLUMNS": "72"})
        text, _ = process.communicate(timeout=60)
        lines = text.decode().splitlines()
        assert max(len(line) for line in lines if "nn." not in line) <= 72


def test_ascii(start, spec):
    spec(ALEX)
    for arguments in ([], ["conv1"], ["--count", "macs", "--against", "fvcore"]):
        process = start("explain", *arguments, environment={"PYTHONIOENCODING": "ascii"})
        text, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "?" not in text.decode("ascii")


def test_lints_are_reported(run, spec):
    result = run("explain", spec("input 3x32x32\nconv 8 3 | bn | conv 8 30 # allow: linear-pair"))
    assert "warning: the 8 biases of 'conv1' change nothing" in result.stderr
    assert "linear map" not in result.stderr
    assert result.exit_code == 0
    assert run("explain", spec("input 3x32x32\nconv 8 3 | bn"), "--strict").exit_code == 1
    assert run("explain", spec("input 3x32x32\nconv 8 3 | bn"), "-q").stderr == ""
    codes = [one["code"] for one in document(run("explain", "model.txt", "--format", "json"))["diagnostics"]]
    assert codes == ["bias-before-norm"]


def test_of_a_layer_only_its_own_are_reported(run, spec):
    spec("input 3x32x32\nconv 8 3 | bn\nconv 8 3 bias=no | relu")
    assert "bias-before-norm" in run("explain", "conv1").stderr
    assert "bias-before-norm" not in run("explain", "relu1").stderr


def test_a_spec_with_errors(run, spec):
    result = run("explain", spec("input 3x8x8\nconv 8 9\nrelu"))
    assert result.exit_code == 2
    assert "does not fit its 8x8 input" in result.stderr
    assert "it could not be worked out" in run("explain", "model.txt", "conv1").stdout
    assert run("explain", spec("input 3x8x8\nconvv 8 3")).stdout == ""
    found = document(run("explain", "model.txt", "--format", "json"))
    assert found["diagnostics"][0]["code"] == "unknown-layer"


def test_a_file_that_is_not_there(run, folder):
    result = run("explain", "nothing.txt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert document(run("explain", "nothing.txt", "--format", "json"))["diagnostics"][0]["severity"] == "error"


def test_a_file_of_blocks(run, spec):
    result = run("explain", spec("block b:\n    relu"))
    assert result.exit_code == 2
    assert "defines blocks only" in result.stderr


def test_batch_dtype_and_overrides(run, spec):
    text = run("explain", spec(ALEX), "conv1", "--batch", "2", "--dtype", "fp16", "--input", "3x227x227").stdout
    assert "96 filters × 55×55 positions × 363 taps (3×11×11) × 2 samples = 210,830,400" in text
    assert "for 2 samples: 1.11 MiB in fp16" in text


@pytest.mark.parametrize("example", ["unet", "tcn", "c3d", "mobilenet_v2", "fcn8s"])
def test_every_layer_of_the_examples(run, example):
    """A page for each kind of layer, with a position where it has some."""
    from cnncalc import analyze, load
    from cnncalc.features.explain.layer_facts import LayerFacts
    from cnncalc.features.explain.layer_page import page

    analysis = analyze(load(f"@{example}"))
    for node in analysis.network.nodes:
        title, facts = page(LayerFacts(analysis, node))
        assert (title.text, bool(facts.facts)) == (node.name, True)


def test_a_file_that_is_named_for_records_has_the_page_as_text(run, folder):
    assert run("explain", "@lenet5", "-o", "page.csv").exit_code == 0
    assert (folder / "page.csv").read_text("utf-8") == run("explain", "@lenet5", "--format", "plain").stdout


def test_completion_offers_layers_and_names(spec):
    from click import Context

    from cnncalc.features.explain.command import command

    layer = next(one for one in command.params if one.name == "layer")
    context = Context(command)
    context.params["file"] = spec(BLOCKS)
    assert [item.value for item in layer.shell_complete(context, "pair")] == ["pair1/inner", "pair2/inner"]
    assert [item.value for item in layer.shell_complete(context, "en")] == ["enc"]
    context.params["file"] = "nowhere.txt"
    assert layer.shell_complete(context, "") == []
