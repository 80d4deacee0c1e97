"""The Python interface as people use it: printed, indexed, shown in a notebook, checked for types."""

from __future__ import annotations

import subprocess
import sys

import pytest

import cnncalc
from cnncalc.interpret.reading.examples import example_names
from command_line import run  # noqa: F401

TEXT = """\
input 3x32x32
stage stem:
  conv 8 3 pad=1 | bn | relu
block unit(c):
  conv c 3 pad=1
stage body:
  repeat 2:
    unit 8
flatten | fc 10
"""


@pytest.fixture(scope="module")
def analysis():
    return cnncalc.analyze(cnncalc.loads(TEXT), batch=2)


@pytest.mark.parametrize("name", ["lenet5", "resnet18", "unet"])
def test_printed_it_is_what_a_pipe_gets(run, name):  # noqa: F811
    analysis = cnncalc.analyze(cnncalc.load(f"@{name}"))
    assert str(analysis) == run("shapes", f"@{name}", "--format", "plain").stdout
    assert analysis._repr_html_().startswith("<div>")


def test_a_layer_by_its_name(analysis):
    assert analysis["conv1"].params == 224
    assert analysis["fc1"].output == (10,)
    with pytest.raises(KeyError, match="did you mean 'conv1'"):
        analysis["convv1"]


def test_a_stage_is_no_layer_and_is_said_to_be_a_part():
    analysis = cnncalc.analyze(cnncalc.loads("input 3x8x8\nx = conv 4 3 | relu\nstage top:\n    conv 5 1"))
    with pytest.raises(KeyError, match="it is a line, a stage or a block, whose last layer is 'conv2'"):
        analysis["top"]


def test_stages_have_the_sums_of_their_layers(analysis):
    stages = {stage.path: stage for stage in analysis.stages}
    assert list(stages) == [("stem",), ("body",), ("body", "unit1"), ("body", "unit2")]
    assert stages["stem",][1:] == ("stage", 3, 240, 16, 2 * 8 * 27 * 1024, 4 * 8 * 27 * 1024)
    assert stages["body",].layers == 2 and stages["body",].params == 2 * 584
    assert stages["body", "unit2"].what == "unit" and stages["body", "unit2"].params == 584


@pytest.mark.parametrize("name", example_names())
def test_stages_of_examples_add_up(name):
    """Every stage has the sums of the layers whose path begins with its own; JSON has the same."""
    analysis = cnncalc.analyze(cnncalc.load(f"@{name}"))
    assert analysis.to_dict()["stages"] == [stage.to_dict() for stage in analysis.stages]
    rows = [(row.path, row.params, row.buffers, row.macs, row.flops) for row in analysis.layers]
    for stage in analysis.stages:
        inside = [sums for path, *sums in rows if path[: len(stage.path)] == stage.path]
        assert [stage.layers, *stage[3:]] == [len(inside), *map(sum, zip(*inside, strict=True))]


def test_an_error_says_what_to_write():
    with pytest.raises(cnncalc.SpecError) as refused:
        cnncalc.loads("input 3x8x8\nconv 8 3 stride 2")
    (fault,) = refused.value.diagnostics
    assert fault.message in str(refused.value) and fault.help in str(refused.value)
    assert str(refused.value).startswith("<spec>:2:")


def test_a_diff_is_printed_and_shown():
    old, new = cnncalc.loads("input 3x8x8\nconv 8 3"), cnncalc.loads("input 3x8x8\nconv 9 3")
    diff = cnncalc.diff(old, new)
    assert [change.status for change in diff.changes] == ["changed"] and diff.changes
    assert not cnncalc.diff(old, old).changes
    assert "8x6x6 -> 9x6x6" in str(diff).replace("→", "->").replace("×", "x")
    assert "<table" in diff._repr_html_() and "conv1" in diff._repr_html_()


def test_a_diff_takes_files(tmp_path):
    """As a path and as a text; a bundled example, too."""
    (tmp_path / "a.txt").write_text("input 3x8x8\nconv 8 3")
    (tmp_path / "b.txt").write_text("input 3x8x8\nconv 9 3")
    diff = cnncalc.diff(str(tmp_path / "a.txt"), tmp_path / "b.txt")
    assert [change.status for change in diff.changes] == ["changed"]
    assert cnncalc.diff("@lenet5", cnncalc.analyze(cnncalc.load("@lenet5"))).equal
    with pytest.raises(cnncalc.SpecError, match="no such file"):
        cnncalc.diff("nope.txt", "@lenet5")


def test_a_verdict_is_printed_and_shown():
    verdict = cnncalc.check(cnncalc.loads("input 3x8x8\nconv 8 3\nrequire params < 10"))
    assert str(verdict).endswith("1 spec, 1 fails\n") and "params" in str(verdict)
    assert verdict._repr_html_().startswith("<pre>") and "params &lt; 10" in verdict._repr_html_()


def test_what_is_known_has_exact_types(tmp_path):
    """A type checker takes the numbers of a loaded network as they are: no `int | None`."""
    pytest.importorskip("mypy")
    user = tmp_path / "user.py"
    user.write_text(
        "from typing import assert_type\n"
        "import cnncalc\n"
        "analysis = cnncalc.analyze(cnncalc.load('@lenet5'))\n"
        "assert_type(analysis.totals.params, int)\n"
        "assert_type(analysis.totals.macs, int)\n"
        "assert_type(analysis['conv1'].output, tuple[int, ...])\n"
        "assert_type(analysis.layers[0].params, int)\n"
        "assert_type(analysis.stages[0].flops, int)\n"
        "assert_type(len(cnncalc.diff(analysis, analysis).changes), int)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(user)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


class Described:
    """A model that says what its layers are, as Keras's do."""

    name = "net"

    def __init__(self, config):
        self.config = config

    def to_json(self):
        if self.config is None:
            raise NotImplementedError("Layer Mine has to say its config")
        import json

        return json.dumps({"class_name": "Sequential", "config": self.config})


def test_a_keras_model_in_memory():
    layers = [
        {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [None, 8, 8, 3]}},
        {"class_name": "Conv2D", "config": {"name": "conv", "filters": 4, "kernel_size": [3, 3], "padding": "same"}},
    ]
    network = cnncalc.from_keras(Described({"name": "net", "layers": layers}))
    assert network.format == "keras" and cnncalc.analyze(network)["conv"].output == (4, 8, 8)
    assert cnncalc.analyze(cnncalc.from_keras(Described({"name": "net", "layers": layers}), input="3x6x6"))[
        "conv"
    ].output == (4, 6, 6)
    with pytest.raises(cnncalc.SpecError, match="Layer Mine has to say its config"):
        cnncalc.from_keras(Described(None))


def test_an_analysis_reports(run, analysis, tmp_path):  # noqa: F811
    analysis.report(tmp_path / "net.html", count="fvcore")
    text = (tmp_path / "net.html").read_text("utf-8")
    assert "batch 2" in text and "fvcore-0.1.5" in text
    cnncalc.analyze(cnncalc.load("@lenet5")).report(tmp_path / "lenet.html")
    assert (tmp_path / "lenet.html").read_text("utf-8") == run("report", "@lenet5").stdout
    with pytest.raises(ValueError, match="nose"):
        analysis.report(tmp_path / "net.html", count=["nose"])
