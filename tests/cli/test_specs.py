"""From the options to an analysis, and what is said where there is none."""

import json

import pytest

from cnncalc.cli.output import OutputOptions
from cnncalc.cli.specs import MAX_LAYERS, OptionWording, Reading, analysed, blocks_only, layers_known, spec_name, unread
from cnncalc.diagnostics import ERROR, INPUT, NOTE, VARIABLE, Diagnostic, SpecError

NONE = Reading(None, {}, {}, 1, "fp32", MAX_LAYERS)
PLAIN = OutputOptions("plain", None, None, False, False)
SPEC = "let width = 6\ninput 1x32x32\nconv width 5\n"


def test_the_default_is_model_txt(spec):
    assert spec_name(NONE) == "model.txt"
    assert spec_name(NONE._replace(file="-")) == "-"
    spec(SPEC)
    assert analysed(NONE).file == "model.txt"


def test_the_options_go_into_the_analysis(spec):
    spec(SPEC, "net.txt")
    reading = Reading("net.txt", {None: "3x8x8"}, {"width": "2"}, 4, "int8", MAX_LAYERS)
    analysis = analysed(reading)
    assert (analysis.batch, analysis.dtype) == (4, "int8")
    assert analysis.layers[0].output == (2, 4, 4)
    assert analysis.totals.params == 2 * 3 * 25 + 2
    few = analysed(reading._replace(max_layers=0, inputs={}))
    assert [one.help for one in few.diagnostics] == ["--max-layers raises the limit"]


def test_without_a_model_it_is_said_how_to_get_one(folder):
    with pytest.raises(SpecError) as fault:
        analysed(NONE)
    (one,) = fault.value.diagnostics
    assert (one.severity, one.code, one.message) == (ERROR, "no-file", "there is no model.txt here")
    assert one.help == "start with one, 'cnncalc new lenet5 -o model.txt', or name a file: 'cnncalc shapes FILE'"


@pytest.mark.parametrize("command", ["shapes", "explain", "memory", "draw", "report", "sweep", "convert --to spec"])
def test_each_command_says_how_it_is_written_itself(run, folder, command):
    said = run(*command.split(), *(["--vary", "c=1..2"] if command == "sweep" else []))
    assert said.exit_code == 2 and f"'cnncalc {command.split()[0]} FILE" in said.stderr


def test_an_option_is_named_in_a_fault(spec):
    spec(SPEC)
    with pytest.raises(SpecError) as fault:
        analysed(NONE._replace(settings={"widht": "3"}))
    assert "--set widht: no top-level" in str(fault.value)


@pytest.mark.parametrize(
    ("target", "name", "text", "said"),
    [
        (VARIABLE, "width", "64", "--set width=64"),
        (VARIABLE, "width", None, "--set width"),
        (VARIABLE, "depth", "3", "--vary depth=3"),
        (INPUT, None, "3x8x8", "--input 3x8x8"),
        (INPUT, "left", "3x8x8", "--input left=3x8x8"),
        (INPUT, "left", None, "--input left=…"),
        (INPUT, None, None, "--input"),
    ],
)
def test_the_words_are_those_of_the_command_line(target, name, text, said):
    assert OptionWording({"depth"}).named(target, name, text) == said
    assert OptionWording().named(VARIABLE, "depth", "3") == "--set depth=3"


@pytest.mark.parametrize("code", ["expectation-failed", "shape", "groups", "window-too-large"])
def test_faults_of_shapes_leave_the_layers_known(code):
    assert layers_known([Diagnostic(ERROR, code, "no"), Diagnostic(NOTE, "syntax", "a note")])
    assert not layers_known([Diagnostic(ERROR, code, "no"), Diagnostic(ERROR, "syntax", "no")])


def test_a_spec_that_cannot_be_read(capsys):
    error = SpecError([Diagnostic(ERROR, "file", "no such file")])
    reading = NONE._replace(file="net.txt")
    assert unread("shapes", reading, PLAIN, error, {"layers": []}) == 2
    assert capsys.readouterr() == ("", "error: no such file\n")
    assert unread("shapes", reading, PLAIN._replace(format="json"), error, {"layers": []}) == 2
    out, err = capsys.readouterr()
    assert err == ""
    assert list(json.loads(out).items())[:5] == [
        ("version", 1), ("command", "shapes"), ("file", "net.txt"), ("format", None), ("model", None),
    ]  # fmt: skip
    assert json.loads(out)["diagnostics"] == [error.diagnostics[0].to_dict()]


def test_a_file_of_blocks(capsys):
    assert blocks_only(NONE._replace(file="blocks.txt"), PLAIN) == 0
    said = "blocks.txt defines blocks only: a spec that takes them by 'use' makes layers of them"
    assert capsys.readouterr() == ("", f"note: {said}\n")
    assert blocks_only(NONE, PLAIN._replace(quiet=True)) == 0
    assert capsys.readouterr().err == ""
