"""What the options that commands share are understood as."""

import click
import pytest
from click.testing import CliRunner

from cnncalc.cli import candidates
from cnncalc.cli.options import (
    SpecChoice,
    choice,
    conventions,
    counts,
    output,
    pair,
    paths,
    reading,
    whole,
)
from cnncalc.cli.output import OutputOptions
from cnncalc.cli.specs import MAX_LAYERS, Reading
from cnncalc.convert.readers import How

INT8 = dict.fromkeys(("weights", "activations", "biases"), "int8")
NOTHING = {"inputs": {}, "settings": {}, "batch": 1, "dtype": {}, "max_layers": MAX_LAYERS}


@pytest.fixture
def given(run):
    """Calls a command that has some options, and returns what its function is given; or the fault."""

    def call(options, *words):
        caught = {}
        command = options(lambda **values: caught.update(values))
        done = CliRunner().invoke(click.command("try")(command), list(words), standalone_mode=False)
        if isinstance(done.exception, click.UsageError):
            return done.exception.format_message()
        assert done.exception is None, done.exception
        return caught

    return call


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (None, None),
        ("1", 1),
        ("64", 64),
        ("1,000,000", 1_000_000),
        ("1_000", 1000),
        ("007", 7),
        ("9" * 99, int("9" * 99)),
    ],
)
def test_a_whole_number(text, number):
    assert whole(None, None, text) == number


@pytest.mark.parametrize("text", ["0", "-1", "", " ", "1.5", "1e3", "٣", "²", "9" * 100, "0,0", "1k"])
def test_no_whole_number_over_0(text):
    with pytest.raises(click.BadParameter, match="is not a whole number over 0") as fault:
        whole(None, None, text)
    assert str(fault.value).startswith(f"'{text}' is")


def test_reading_is_one_record(given):
    assert given(reading) == {"reading": Reading(None, **NOTHING)}
    words = ["net.txt", "--input", "a=3x8x8", "--input", "b = 1 ", "--set", "w=64", "--set", " v = a=b", "--batch", "2"]
    assert given(reading, *words, "--dtype", "int8", "--max-layers", "10") == {
        "reading": Reading("net.txt", {"a": "3x8x8", "b": "1"}, {"w": "64", "v": "a=b"}, 2, INT8, 10)
    }
    assert given(reading, "--input", "3x8x8")["reading"].inputs == {None: "3x8x8"}


@pytest.mark.parametrize(
    ("words", "how"),
    [
        ([], None),
        (["--phase", "test"], None),
        (["--from", "onnx"], How("onnx")),
        (["--from", "spec"], How("spec")),
        (["--raw"], How(raw=True)),
        (["--phase", "train"], How(phase="train")),
        (["--site", "."], How(site=".")),
        (["--from", "caffe", "--phase", "train", "--site", ".", "--raw"], How("caffe", True, "train", None, ".")),
    ],
)
def test_how_a_file_is_read(given, words, how):
    assert given(reading, *words) == {"reading": Reading(None, **NOTHING, how=how)}
    assert given(choice, *words)["choice"].how == how


@pytest.mark.parametrize("way", ["eager", "inplace", "fused"])
def test_how_layers_run(given, way):
    assert given(reading, "--execution", way)["reading"].execution == way
    assert given(choice, "--execution", way)["choice"].terms == {"batch": 1, "dtype": {}, "execution": way}


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--from", "xml"], "'xml' is no format: one of spec, onnx, pt2, keras, tflite, darknet, caffe, python"),
        (["--dtype", "int9"], "'int9' is no type of numbers: did you mean 'int8'?"),
        (["--dtype", "weights=int8, weights=int4"], "the type of weights is there twice: say it once"),
    ],
)
def test_what_is_no_way_to_read_a_file(given, words, fault):
    assert given(reading, *words).endswith(fault)


@pytest.mark.parametrize(
    ("text", "types"),
    [("int8", INT8), ("weights=int8, biases=int32", {"weights": "int8", "biases": "int32"}), ("INT8", INT8)],
)
def test_types(given, text, types):
    assert given(reading, "--dtype", text)["reading"].dtype == types


def test_the_last_value_of_a_variable_holds(given):
    assert given(reading, "--set", "w=1", "--set", "w=2")["reading"].settings == {"w": "2"}


@pytest.mark.parametrize("word", ["w", "w=", "=1", " =1", "w= ", "="])
def test_no_setting(given, word):
    assert f"'{word}' is not NAME=VALUE: write --set width=64" in given(reading, "--set", word)


@pytest.mark.parametrize("word", ["", " ", "a=", "=3x8", " =3x8", "a= "])
def test_no_shape(given, word):
    assert f"'{word}' is no shape: write --input 3x224x224" in given(reading, "--input", word)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["3x8", "a=3x8"], "either all inputs have their names here, --input NAME=SHAPE, or none has"),
        (["a=1", "3x8"], "either all inputs have their names here, --input NAME=SHAPE, or none has"),
        (["a=3x8", "a=3x9"], "input 'a' is given twice"),
        (["a=3x8", "b=3x9", "b=3x9", "c=1"], "input 'b' is given twice"),
    ],
)
def test_several_inputs_have_names_or_none_has(given, words, fault):
    options = [part for word in words for part in ("--input", word)]
    assert fault in given(reading, *options)


def test_several_inputs_without_names_are_in_order(given):
    assert given(reading, "--input", "3x8", "--input", "3x8")["reading"].inputs == {0: "3x8", 1: "3x8"}


@pytest.mark.parametrize(
    ("words", "inputs", "batch"),
    [
        (["[1,3,224,224]"], {None: "3x224x224"}, 1),
        (["[8, 3, 224, 224]"], {None: "3x224x224"}, 8),
        (["a=[2,3,8,8]", "b=[2,10]"], {"a": "3x8x8", "b": "10"}, 2),
        (["[2,3,8,8]", "10"], {0: "3x8x8", 1: "10"}, 2),
        (["[None, 224, 224, 3]"], {None: "224x224x3"}, 1),
        (["[-1,3,8,8]"], {None: "3x8x8"}, 1),
        (["[?x3x8x8]"], {None: "3x8x8"}, 1),
        (["[N 3 8 8]"], {None: "3x8x8"}, 1),
        (["torch.Size([4, 10])"], {None: "10"}, 4),
        (["x=[4,3,8,8]", "t=[4]"], {"x": "3x8x8", "t": "()"}, 4),
    ],
)
def test_a_shape_in_brackets_starts_with_the_samples(given, words, inputs, batch):
    options = [part for word in words for part in ("--input", word)]
    assert given(reading, *options) == {"reading": Reading(None, **{**NOTHING, "inputs": inputs, "batch": batch})}


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--input", "[]"], "--input []: a shape in brackets starts with the samples: [1,3,224,224]"),
        (["--input", "[0,3,8,8]"], "--input [0,3,8,8]: 0 is no number of samples: at least 1, or -1 if free"),
        (["--input", "[1.5,3,8,8]"], "1.5 is no number of samples"),
        (["--input", "[-2,3,8,8]"], "-2 is no number of samples"),
        (["--input", "[2,3,8]", "--batch", "4"], "the number of samples differs: [2,3,8] and --batch 4"),
        (["--input", "[2,3,8]", "--input", "[3,4]"], "the number of samples differs: [2,3,8] and [3,4]"),
    ],
)
def test_samples_that_contradict(given, words, fault):
    assert fault in given(reading, *words)


def test_a_choice_of_specs_keeps_every_input(given):
    assert given(choice) == {"choice": SpecChoice((), {}, {}, 1, {}, MAX_LAYERS)}
    words = ["a.txt", "b.txt", "--input", "3x8", "--input", "3x9", "--set", "w=64", "--batch", "3"]
    assert given(choice, *words) == {
        "choice": SpecChoice(("a.txt", "b.txt"), {None: ["3x8", "3x9"]}, {"w": "64"}, 3, {}, MAX_LAYERS)
    }


def test_paths_come_beside_a_reading_of_no_file(given):
    assert given(paths, "a.txt", "models", "--input", "3x8", "--batch", "2") == {
        "paths": ("a.txt", "models"),
        "reading": Reading(None, **{**NOTHING, "inputs": {None: "3x8"}, "batch": 2}),
    }
    assert "--max-layers" in given(paths, "--max-layers", "5")


def test_a_pair_is_read_alike(given):
    both = {**NOTHING, "settings": {"w": "1"}}
    assert given(pair, "old.txt", "new.txt", "--set", "w=1") == {
        "old": Reading("old.txt", **both),
        "new": Reading("new.txt", **both),
    }
    assert given(pair, "old.txt")["new"] == Reading(None, **NOTHING)
    assert "OLD" in given(pair)


def test_results(given):
    plain = output("table", "json")
    assert given(plain) == {"output": OutputOptions(None, None, None, False, False)}
    words = ["--format", "json", "-o", "x.json", "--no-color", "-q", "--strict"]
    assert given(plain, *words) == {"output": OutputOptions("json", "x.json", False, True, True)}
    assert given(plain, "--color", "--quiet", "--output", "y")["output"] == OutputOptions(None, "y", True, True, False)
    assert "'csv' is not one of 'table', 'json'" in given(plain, "--format", "csv")


@pytest.mark.parametrize(
    ("more", "end"), [({}, "a table on a terminal, plain in a pipe."), ({"otherwise": "text"}, "text.")]
)
def test_the_help_lists_the_formats_and_what_is_written_without(more, end):
    command = click.command("try")(output("a", "b", "c", **more)(lambda **values: None))
    text = CliRunner().invoke(command, ["--help"]).output
    assert f"a, b or c; else {end}" in " ".join(text.split())


def test_options_stand_in_their_order():
    command = click.command("try")(reading(output("a", "b")(lambda **values: None)))
    assert [parameter.name for parameter in command.params] == [
        "file", "inputs", "settings", "batch", "dtype", "execution", "format_name", "raw", "phase", "site", "max_layers", "format", "output", "color", "quiet", "strict",
    ]  # fmt: skip


def test_a_command_keeps_its_name_and_its_help():
    @reading
    def look(**values):
        """Looks."""

    assert (look.__name__, look.__doc__) == ("look", "Looks.")


def test_counts_are_conventions_each_once(given):
    assert given(counts) == {"counts": ()}
    names = [one.name for one in given(counts, "--count", "fvcore, thop,fvcore,,fvcore-0.1.5")["counts"]]
    assert [name.partition("-")[0] for name in names] == ["fvcore", "thop"]
    assert conventions(None, None, "") == ()
    assert "unknown convention 'fvcor': did you mean" in given(counts, "--count", "fvcor")


def test_counts_are_completed_word_by_word():
    found = candidates.conventions(None, None, "thop,fv")
    assert found[0].value == "thop,fvcore"
    assert all(item.value.startswith("thop,fv") and item.help for item in found)
    assert candidates.conventions(None, None, "no-such") == []
    about = {item.value: item.help for item in candidates.conventions(None, None, "ptflops")}
    assert about["ptflops"] == about["ptflops-0.7.5"] != about["ptflops-0.7.5-aten"]


def test_specs_are_completed(run):
    def complete(word):
        (file, *_) = click.command("try")(reading(lambda **values: None)).params
        return [(item.value, item.type) for item in file.shell_complete(None, word)]

    assert complete("mod") == [("mod", "file")]
    assert ("@resnet18", "plain") in complete("@resn")
    assert {name[:5] for name, _ in complete("@resn")} == {"@resn"}
