"""The arguments of the Python interface: what goes into a network, what is checked, compared and written."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc import SpecError

SPEC = """\
let width = 4
let size = (3, 3)
let biased = yes
a = input 3x8x8
b = input 3x8x8
stage body:
    x = @a | conv width size bias=biased
y = @b | conv 2 3
"""
ONE = "input 3x8x8\nconv 4 3 -> 4x6x6\n"
CAFFE = """\
name: "net"
input: "data"
input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }
layer { name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param { num_output: 4 kernel_size: 3 } }
layer { name: "d" type: "Dropout" bottom: "c" top: "e" include { phase: TRAIN } }
"""


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder with a spec and a model file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.txt").write_text(ONE)
    (tmp_path / "net.prototxt").write_text(CAFFE)
    (tmp_path / "spec.md").write_text(ONE)
    return tmp_path


def outputs(network):
    return {node.name: node.output for node in network.layers}


@pytest.mark.parametrize(
    ("given", "shapes"),
    [
        ({}, {"x": (4, 6, 6), "y": (2, 6, 6)}),
        ({"input": {"a": "3x9x9"}}, {"x": (4, 7, 7), "y": (2, 6, 6)}),
        ({"input": ["3x9x9", "3x10x10"]}, {"x": (4, 7, 7), "y": (2, 8, 8)}),
        ({"settings": {"width": 7}}, {"x": (7, 6, 6), "y": (2, 6, 6)}),
        ({"settings": {"size": (5, 1)}}, {"x": (4, 4, 8), "y": (2, 6, 6)}),
        ({"settings": {"size": [5, 5], "width": "2*3"}}, {"x": (6, 4, 4), "y": (2, 6, 6)}),
    ],
)
def test_inputs_and_settings(given, shapes):
    assert outputs(cnncalc.loads(SPEC, **given)) == shapes


@pytest.mark.parametrize(("biased", "params"), [(True, 112), (False, 108)])
def test_a_flag_is_a_flag(biased, params):
    network = cnncalc.loads(SPEC, settings={"biased": biased})
    assert cnncalc.analyze(network)["x"].params == params


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"settings": {"widht": 3}}, "settings={'widht': …}: no top-level variable is called 'widht'"),
        ({"settings": {"width": "("}}, "settings={'width': '('}: "),
        ({"input": "3x9"}, "input='3x9': "),
        ({"input": {"c": "3x9x9"}}, "input={'c': …}: no input is called 'c'"),
        ({"max_layers": 1}, "more than 1 layer"),
    ],
)
def test_what_cannot_be_given_is_named_as_it_was(given, said):
    with pytest.raises(SpecError) as caught:
        cnncalc.loads(SPEC, **given)
    assert said in str(caught.value)


def test_how_a_file_is_read(files):
    assert outputs(cnncalc.load("net.txt")) == outputs(cnncalc.load(files / "net.txt")) == {"conv1": (4, 6, 6)}
    assert outputs(cnncalc.load("spec.md", format="spec")) == {"conv1": (4, 6, 6)}
    assert list(outputs(cnncalc.load("net.prototxt"))) == ["c"]
    assert list(outputs(cnncalc.load("net.prototxt", phase="train"))) == ["c", "d"]
    assert list(outputs(cnncalc.load("net.prototxt", format="caffe", raw=True))) == ["c"]
    with pytest.raises(ValueError, match="unknown format 'xml': one of spec, onnx, pt2, keras"):
        cnncalc.load("net.txt", format="xml")
    assert outputs(cnncalc.load("net.txt", input="3x9x9")) == {"conv1": (4, 7, 7)}


def test_a_layer_that_there_is_not_is_told_with_the_nearest():
    analysis = cnncalc.analyze(cnncalc.loads(SPEC))
    for name, told in (("xx", "no layer is called 'xx': did you mean 'x'?"), ("zzz", "no layer is called 'zzz'"),
                       ("body", "no layer is called 'body': it is a line, a stage or a block, whose last layer is 'x'")):  # fmt: skip
        with pytest.raises(KeyError) as caught:
            analysis[name]
        assert caught.value.args == (told,)


def test_what_is_checked(files):
    assert cnncalc.check("net.txt").passed
    assert cnncalc.check(Path("net.txt"), limits={"params": "112"}).passed
    assert not cnncalc.check("net.txt", limits={"params": 111}).passed
    assert cnncalc.check("net.txt", limits={"macs": 3888}).passed
    assert not cnncalc.check("net.txt", limits={"macs": 3888}, batch=2).passed
    assert cnncalc.check("net.txt", limits={"flash": 112}, dtype="int8").passed
    assert not cnncalc.check("net.txt", limits={"flash": 112}, dtype="int16").passed
    assert [one.code for one in cnncalc.check("net.txt", input="3x9x9").diagnostics] == ["not-judged"]
    network = cnncalc.load("net.txt")
    assert not cnncalc.check(network, limits={"params": 111}).passed
    for more in ({"input": "3x9x9"}, {"settings": {"a": 1}}):
        with pytest.raises(ValueError, match="a network has its input and settings already, from load"):
            cnncalc.check(network, **more)
    with pytest.raises(ValueError, match="batch"):
        cnncalc.check("net.txt", batch=0)
    pair = "input 3x8x8\nconv 4 3\nconv 4 3\n"
    assert cnncalc.check(cnncalc.loads(pair)).passed
    assert not cnncalc.check(cnncalc.loads(pair), strict=True).passed


def test_files_networks_and_analyses_are_compared(files):
    def params(found):
        (total,) = (one for one in found.totals if one.name == "params")
        return total.old, total.new

    network = cnncalc.loads(ONE.replace("conv 4", "conv 5").replace("4x", "5x"))
    for one in ("net.txt", files / "net.txt", cnncalc.load("net.txt"), cnncalc.analyze(cnncalc.load("net.txt"))):
        found = cnncalc.diff(one, network)
        assert (found.equal, params(found)) == (False, (112, 140))
        assert params(cnncalc.diff(network, one)) == (140, 112)
    assert cnncalc.diff("net.txt", "net.txt").equal


def test_a_report_is_written(files):
    analysis = cnncalc.analyze(cnncalc.load("net.txt"))
    for count in ("thop,fvcore", ["thop", "fvcore"]):
        analysis.report("page.html", count=count)
        text = (files / "page.html").read_text("utf-8")
        assert "thop-0.1.1" in text and "fvcore-0.1.5" in text
    analysis.report(files / "other.html")
    assert "thop-0.1.1" not in (files / "other.html").read_text("utf-8")
    with pytest.raises(ValueError, match="fvcor"):
        analysis.report("page.html", count="fvcor")


def test_a_network_in_other_formats(files):
    network = cnncalc.load("net.txt")
    assert outputs(cnncalc.loads(network.to_spec())) == outputs(network)
    assert "nn.Conv2d(3, 4, 3)" in network.to_torch_source()
    assert "<svg" in network.draw()._repr_svg_()
