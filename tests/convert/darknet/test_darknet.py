"""Darknet's .cfg files: what the program itself makes of them (recorded.json, made by record.py), and its own rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cnncalc
from cnncalc.convert.contents import is_darknet

from .figures import figures

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "recorded.json").read_text())
NET = "[net]\nwidth=8\nheight=8\nchannels=3\n"


@pytest.fixture
def net(tmp_path):
    def read(text, **more):
        path = tmp_path / "net.cfg"
        path.write_text(text)
        return cnncalc.load(path, **more)

    return read


@pytest.mark.parametrize("name", RECORDED)
def test_what_darknet_makes_of_it(name):
    shapes, bflops = figures(HERE / "cfg" / f"{name}.cfg")
    told = RECORDED[name]
    renamed = {index for index in told["shapes"] if index not in shapes}  # a route of one section is its tensor
    assert {index: shape for index, shape in told["shapes"].items() if index not in renamed} == {
        index: shapes[index] for index in told["shapes"] if index not in renamed
    }
    assert renamed == ({"9", "14"} if name == "detector" else set())
    assert f"{bflops:.3f}" == told["bflops"]


def test_parameters():
    """Worked out from Darknet's allocations: a bias a filter, or a scale, a bias and two statistics."""
    totals = cnncalc.analyze(cnncalc.load(HERE / "cfg" / "gates.cfg")).totals
    conv, gates = 4 * 9 * 8 + 2 * 8, 3 * (8 * 8 + 8)
    local = 8 * 9 * 3 * 64 + 3 * 64
    assert (totals.params, totals.buffers) == (conv + gates + 3 * 8 + 2 + local, 2 * 8)
    words = cnncalc.analyze(cnncalc.load(HERE / "cfg" / "words.cfg")).totals
    dense = lambda inputs, units: inputs * units + units  # noqa: E731
    normal = lambda inputs, units: inputs * units + 2 * units  # noqa: E731
    rnn = normal(64, 24) + normal(24, 24) + normal(24, 32)
    gru = 3 * (dense(32, 16) + dense(16, 16))
    lstm = 4 * (normal(16, 20) + normal(20, 20))
    assert words.params == rnn + gru + lstm + dense(20, 64)


def test_it_stands_where_a_spec_does(net):
    network = net(
        NET + "[convolutional]\nfilters=4\nsize=3\npad=1\nactivation=leaky\n[yolo]\n[convolutional]\nfilters=2\n"
    )
    analysis = cnncalc.analyze(network)
    assert [(row.name, row.kind, row.output) for row in analysis.layers] == [
        ("0.conv", "conv", (4, 8, 8)), ("0.leaky", "leakyrelu", (4, 8, 8)), ("1.yolo", "op", (4, 8, 8)),
        ("2.conv", "conv", (2, 8, 8)), ("2.logistic", "sigmoid", (2, 8, 8)),
    ]  # fmt: skip
    assert [port.name for port in network.outputs] == ["1.yolo"]
    assert (network.format, network.file_batch) == ("darknet", 1)
    assert cnncalc.analyze(net(NET + "[convolutional]\nfilters=4\n", input="1x6x6")).layers[0].output == (4, 6, 6)


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("[convolutional]\nfilters=4\n", "the first section is [net]", (1, 1)),
        ("width=3\n", "a file starts with a [section]", (1, 1)),
        ("[net]\nwidth=8\n[conv]\n", "the network has no input", (1, 1)),
        (NET + "[convolutional]\nfilters=4\nsize = 11\n", "the 11x11 window does not fit its 8x8 input", (7, 1)),
        (NET + "[convolutional]\nfilters=4\ngroups=2\n", "groups=2 does not divide the 3 input channels", (7, 1)),
        (NET + "[conv]\n[route]\nlayers=-2\n", "there is no section -2 to read: the sections before it are 0 to 0", (7, 1)),
        (NET + "[shortcut]\nfrom=0\n", "there is no section 0 to read: it is the first one", (6, 1)),
        (NET + "[conv]\n[route]\n", "[route] needs 'layers'", (6, 1)),
        (NET + "[conv]\nhello\n", "a line is a [section] or an option, 'key=value'", (6, 1)),
        (NET + "[conv]\nfilters=" + "9" * 100 + "\n", "a number of 100 digits", (6, 1)),
        (NET + "[conv]\nfilters=" + "0" * 60 + "1\n", "a number of 61 digits", (6, 1)),
        (NET + "[conv]\n[route]\nlayers=0" + ",0" * 4096 + "\n", "over 4,096 numbers in a line", (7, 1)),
        (NET + "\n" * 65_532, "over 65,536 lines", (65_537, 1)),
        (NET + "[conv]\nfilters=8\nstride=2\n[conv]\nfilters=4\n[shortcut]\nfrom=-2\n[conv]\nfilters=-1\n", "filters", (13, 1)),
    ],
)  # fmt: skip
def test_faults_stand_at_their_line(net, text, said, place):
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.analyze(net(text))
    fault = error.value.diagnostics[0]
    assert said in fault.message
    assert (fault.span.line, fault.span.column) == place


def test_a_section_of_several_layers_is_a_stage_and_told_by_its_number(net):
    text = "[convolutional]\nfilters=4\nbatch_normalize=1\n[route]\nlayers=0\n[avgpool]\n[connected]\noutput=2\n"
    analysis = cnncalc.analyze(net(NET + text))
    stages = [(stage["path"], stage["what"], stage["layers"]) for stage in analysis.to_dict()["stages"]]
    assert stages == [(["0"], "convolutional", 3), (["3"], "connected", 3)]
    with pytest.raises(KeyError, match=r"a stage or a block, whose last layer is '0\.logistic'"):
        analysis["0"]
    with pytest.raises(KeyError, match=r"no layer is called '2'\"?$"):
        analysis["2"]


def test_the_largest_texts_are_read(net):
    """As many lines, numbers in a line and digits of a number as the faults above allow."""
    text = NET + "[conv]\nfilters=" + "0" * 59 + "1\n[route]\nlayers=0" + ",0" * 4095 + "\n"
    text += "\n" * (65_536 - text.count("\n") - 1)
    assert cnncalc.analyze(net(text)).layers[-1].output == (4096, 8, 8)


def test_the_text_as_darknet_takes_it(net):
    text = "\n# yes\n; no\n  [net] \nwidth = 8\nwidth=99\nheight=8 #x\r\nchannels=3\n\n[ convolutional ]\nfilters = 1 2\nsize=3abc\n"
    assert cnncalc.analyze(net(text)).layers[0].output == (12, 6, 6)


def test_an_unknown_section_is_unknown_and_all_behind_it(net):
    totals = cnncalc.analyze(net(NET + "[conv]\nfilters=2\n[conv_lstm]\noutput=3\n[conv]\nfilters=2\n")).totals
    assert totals.params is None
    assert totals.macs is None


def test_weights_are_shared(net):
    text = NET + "[conv]\nfilters=3\nbatch_normalize=1\n[conv]\nfilters=3\nbatch_normalize=1\nshare_index=0\n"
    assert cnncalc.analyze(net(text)).totals.params == 9 + 6
    with pytest.raises(cnncalc.SpecError, match="differ in shape"):
        net(text + "size=3\npad=1\n")


def test_what_is_darknets():
    assert is_darknet(b"# a comment\r\n\r\n [net]\r\nwidth=3")
    assert is_darknet(b"[network]")
    assert not is_darknet(b"[metadata]\nname = cnncalc\n")
    assert not is_darknet(b"")


def test_what_is_misspelt_is_said(net, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    network = net(NET + "[convolutional]\nfilter=16\nsise=3\njitter=1\n[maxpol]\n")
    assert [(one.severity, one.code, one.span.line, one.help) for one in network.diagnostics] == [
        ("warning", "unknown-key", 6, "did you mean 'filters'?"),
        ("warning", "unknown-key", 7, "did you mean 'size'?"),
        ("note", "unknown-operator", 9, "did you mean 'maxpool'?"),
    ]
    assert "allow:" not in run("shapes", "net.cfg").stderr  # comments of a spec mean nothing here
    with pytest.raises(cnncalc.SpecError, match="'two' is no whole number"):
        net(NET + "[convolutional]\nsize=two\n")
