"""What sections of a .cfg file are read as, each alone on 4x12x10: layers, parameters and statistics, products."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

CASES = [
    ("[convolutional]\nfilters=6\nsize=3\npad=1\nstride=2\nactivation=leaky", "0.conv conv 6 3x3 stride=2 pad=1 6x6x5; 0.leaky leakyrelu 6x6x5 > 0.leaky | 222 0 6480"),
    ("[convolutional]\nfilters=6\nsize=3\npadding=2\nbatch_normalize=1\nactivation=linear", "0.conv conv 6 3x3 pad=2 bias=no 6x14x12; 0.bn bn 6x14x12 > 0.bn | 228 12 36288"),
    ("[convolutional]\nfilters=8\nsize=3\npad=1\ngroups=4\nactivation=mish", "0.conv conv 8 3x3 pad=1 groups=4 8x12x10; 0.mish mish 8x12x10 > 0.mish | 80 0 8640"),
    ("[convolutional]\nfilters=8\nsize=3\ngroups=4\nxnor=1\nactivation=swish", "0.conv conv 8 3x3 8x10x8; 0.swish silu 8x10x8 > 0.swish | 296 0 23040"),
    ("[convolutional]\nfilters=6\nsize=3\npad=1\nstride_x=2\nactivation=relu", "0.conv conv 6 3x3 stride=1x2 pad=1 6x12x5; 0.relu relu 6x12x5 > 0.relu | 222 0 12960"),
    ("[convolutional]\nfilters=6\nsize=3\npad=1\ndilation=2\nactivation=relu6", "0.conv conv 6 3x3 pad=2:2x2:2 dilation=2 6x12x10; 0.relu6 relu6 6x12x10 > 0.relu6 | 222 0 25920"),
    ("[convolutional]\nfilters=6\nsize=3\ndilation=2\nactivation=linear", "0.conv conv 6 3x3 pad=0:2x0:2 dilation=2 6x10x8 > 0.conv | 222 0 17280"),
    ("[convolutional]", "0.conv conv 1 1x1 1x12x10; 0.logistic sigmoid 1x12x10 > 0.logistic | 5 0 480"),
    ("[convolutional]\nactivation=stair", "0.conv conv 1 1x1 1x12x10; 0.stair op stair 1x12x10 > 0.stair | 5 0 480"),
    ("[convolutional]\nfilters=6\nsize=3\npad=1\nstride=2\nantialiasing=1\nactivation=linear", "0.conv conv 6 3x3 pad=1 6x12x10; 0.blur avgpool 3x3 stride=2 pad=1 6x6x5 > 0.blur | 222 0 25920"),
    ("[convolutional]\nfilters=6\nsize=3\npad=1\nstride=2\nantialiasing=2\nactivation=linear", "0.conv conv 6 3x3 pad=1 6x12x10; 0.blur avgpool 2x2 stride=2 6x6x5 > 0.blur | 222 0 25920"),
    ("[connected]\noutput=5\nactivation=relu", "0.flatten flatten 480; 0.fc fc 5 5; 0.relu relu 5 > 0.relu | 2405 0 2400"),
    ("[connected]\noutput=5\nbatch_normalize=1", "0.flatten flatten 480; 0.fc fc 5 bias=no 5; 0.bn bn 5; 0.logistic sigmoid 5 > 0.logistic | 2410 10 2400"),
    ("[connected]\nactivation=linear", "0.flatten flatten 480; 0.fc fc 1 1 > 0.fc | 481 0 480"),
    ("[local]\nfilters=2\nsize=3\nstride=2\npad=1\nactivation=linear", "0.pad pad 1:1 4x14x12; 0.local localconv 2 3x3 stride=2 2x6x5 > 0.local | 2220 0 2160"),
    ("[local]\nfilters=2\nsize=2\npad=1", "0.pad pad 1:0 4x13x11; 0.local localconv 2 2x2 2x12x10; 0.logistic sigmoid 2x12x10 > 0.logistic | 4080 0 3840"),
    ("[local]\nfilters=2\nsize=1\npad=1\nactivation=linear", "0.local localconv 2 1x1 2x12x10 > 0.local | 1200 0 960"),
    ("[maxpool]\nsize=2\nstride=2", "0.maxpool maxpool 2x2 stride=2 pad=0:1 4x6x5 > 0.maxpool | 0 0 0"),
    ("[maxpool]\nsize=3\nstride=1", "0.maxpool maxpool 3x3 stride=1 pad=1:1 4x12x10 > 0.maxpool | 0 0 0"),
    ("[maxpool]\nstride=3", "0.maxpool maxpool 3x3 stride=3 pad=1:1 4x4x4 > 0.maxpool | 0 0 0"),
    ("[maxpool]\nsize=2\nstride=2\npadding=0", "0.maxpool maxpool 2x2 stride=2 4x6x5 > 0.maxpool | 0 0 0"),
    ("[maxpool]\nsize=3\nstride=2\nantialiasing=1", "0.maxpool maxpool 3x3 stride=1 pad=1:1 4x12x10; 0.blur avgpool 3x3 stride=2 pad=1 4x6x5 > 0.blur | 0 0 0"),
    ("[maxpool]\nmaxpool_depth=1\nout_channels=2\nstride=1\nsize=1", "0.maxpool_depth op maxpool_depth 2x12x10 > 0.maxpool_depth | 0 0 0"),
    ("[local_avgpool]\nsize=3\nstride=2\npadding=1", "0.avgpool avgpool 3x3 stride=2 pad=0:1 4x6x5 > 0.avgpool | 0 0 0"),
    ("[maxpool]\nsize=2\nstride=1\npadding=-1", "0.maxpool maxpool 2x2 stride=1 4x11x9 > 0.maxpool | 0 0 0"),
    ("[avgpool]", "0.gavgpool gavgpool 4x1x1 > 0.gavgpool | 0 0 0"),
    ("[softmax]", "0.softmax softmax 4x12x10 > 0.softmax | 0 0 0"),
    ("[dropout]", "0.dropout dropout 0.5 4x12x10 > 0.dropout | 0 0 0"),
    ("[batchnorm]", "0.bn bn 4x12x10 > 0.bn | 8 8 0"),
    ("[lrn]", "0.lrn lrn 5 4x12x10 > 0.lrn | 0 0 0"),
    ("[normalization]\nsize=3", "0.lrn lrn 3 4x12x10 > 0.lrn | 0 0 0"),
    ("[activation]\nactivation=elu", "0.elu elu 4x12x10 > 0.elu | 0 0 0"),
    ("[activation]", " > input | 0 0 0"),
    ("[reorg]\nstride=2", "0.reorg pixelunshuffle 2 16x6x5 > 0.reorg | 0 0 0"),
    ("[reorg3d]\nstride=2\nreverse=1", "0.reorg pixelshuffle 2 1x24x20 > 0.reorg | 0 0 0"),
    ("[reorg]", "0.reorg pixelunshuffle 1 4x12x10 > 0.reorg | 0 0 0"),
    ("[reorg]\nstride=5", "! 6: pixelunshuffle 5 does not divide 12x10"),
    ("[upsample]\nstride=3", "0.upsample resize 3 4x36x30 > 0.upsample | 0 0 0"),
    ("[upsample]", "0.upsample resize 2 4x24x20 > 0.upsample | 0 0 0"),
    ("[upsample]\nstride=-2", "0.downsample maxpool 1x1 stride=2 4x6x5 > 0.downsample | 0 0 0"),
    ("[crop]\ncrop_height=5\ncrop_width=7", "0.crop crop 5x7 4x5x7 > 0.crop | 0 0 0"),
    ("[implicit]\nfilters=3\natoms=2", "0.implicit learned 3x2x1 3x2x1 > 0.implicit | 6 0 0"),
    ("[implicit]", "0.implicit learned 128x1x1 128x1x1 > 0.implicit | 128 0 0"),
    ("[yolo]", "0.yolo op yolo 4x12x10 > 0.yolo | 0 0 0"),
    ("[region]\n[cost]", "0.region op region 4x12x10 > 0.region | 0 0 0"),
    ("[yolo]\n[yolo]", "0.yolo op yolo 4x12x10; 1.yolo op yolo 4x12x10 > 0.yolo 1.yolo | 0 0 0"),
    ("[silence]\n[convolutional]\nfilters=2", "1.conv conv 2 1x1 2x12x10; 1.logistic sigmoid 2x12x10 > 1.logistic | 10 0 960"),
    ("[rnn]\nhidden=3\noutput=2", "0.flatten flatten 480; 0.input fc 3 3; 0.self fc 3 3; 0.state add 3; 0.output fc 2 2 > 0.output | 1463 0 1455"),
    ("[gru]\noutput=2\nbatch_normalize=1", "0.flatten flatten 480; 0.wz fc 2 bias=no 2; 0.wz_bn bn 2; 0.uz fc 2 bias=no 2; 0.uz_bn bn 2; 0.z add 2; 0.wr fc 2 bias=no 2; 0.wr_bn bn 2; 0.ur fc 2 bias=no 2; 0.ur_bn bn 2; 0.r add 2; 0.wh fc 2 bias=no 2; 0.wh_bn bn 2; 0.uh fc 2 bias=no 2; 0.uh_bn bn 2; 0.h add 2; 0.state mul 2 > 0.state | 2916 24 2892"),
    ("[lstm]\noutput=2", "0.flatten flatten 480; 0.wf fc 2 2; 0.uf fc 2 2; 0.f add 2; 0.wi fc 2 2; 0.ui fc 2 2; 0.i add 2; 0.wg fc 2 2; 0.ug fc 2 2; 0.g add 2; 0.wo fc 2 2; 0.uo fc 2 2; 0.o add 2; 0.state mul 2 > 0.state | 3872 0 3856"),
    ("[crnn]\nhidden=3\noutput=2\nsize=3\npad=1", "0.input conv 3 3x3 pad=1 3x12x10; 0.self conv 3 3x3 pad=1 3x12x10; 0.state add 3x12x10; 0.output conv 2 3x3 pad=1 2x12x10 > 0.output | 251 0 29160"),
    ("[avgpool]\n[route]\nlayers=0", "0.gavgpool gavgpool 4x1x1 > 0.gavgpool | 0 0 0"),
    ("[dropout]\n[batchnorm]\n[route]\nlayers=-1,0", "0.dropout dropout 0.5 4x12x10; 1.bn bn 4x12x10; 2.route concat 8x12x10 > 2.route | 8 8 0"),
    ("[dropout]\n[route]\nlayers=0\ngroups=2\ngroup_id=1", "0.dropout dropout 0.5 4x12x10; 1.take take 2:4 2x12x10 > 1.take | 0 0 0"),
    ("[batchnorm]\n[softmax]\n[shortcut]\nfrom=0\nactivation=leaky", "0.bn bn 4x12x10; 1.softmax softmax 4x12x10; 2.add add 4x12x10; 2.leaky leakyrelu 4x12x10 > 2.leaky | 8 8 0"),
    ("[batchnorm]\n[softmax]\n[shortcut]\nfrom=0,-1\nweights_type=per_feature", "0.bn bn 4x12x10; 1.softmax softmax 4x12x10; 2.shortcut op shortcut 4x12x10 > 2.shortcut | 11 8 1440"),
    ("[batchnorm]\n[softmax]\n[shortcut]\nfrom=0\nweights_type=per_channel", "0.bn bn 4x12x10; 1.softmax softmax 4x12x10; 2.weight0 scale 4x12x10; 2.weight1 scale 4x12x10; 2.add add 4x12x10 > 2.add | 16 8 0"),
    ("[batchnorm]\n[maxpool]\nsize=2\nstride=2\n[shortcut]\nfrom=0", "0.bn bn 4x12x10; 1.maxpool maxpool 2x2 stride=2 pad=0:1 4x6x5; 2.shortcut op shortcut 4x6x5 > 2.shortcut | 8 8 0"),
    ("[batchnorm]\n[avgpool]\n[scale_channels]\nfrom=0", "0.bn bn 4x12x10; 1.gavgpool gavgpool 4x1x1; 2.mul mul 4x12x10 > 2.mul | 8 8 0"),
    ("[batchnorm]\n[softmax]\n[sam]\nfrom=-2\nactivation=logistic", "0.bn bn 4x12x10; 1.softmax softmax 4x12x10; 2.mul mul 4x12x10; 2.logistic sigmoid 4x12x10 > 2.logistic | 8 8 0"),
    ("[convolutional]\nfilters=4\nsize=3\npad=1\n[convolutional]\nfilters=4\nsize=3\npad=1\nshare_index=0", "0.conv conv 4 3x3 pad=1 4x12x10; 0.logistic sigmoid 4x12x10; 1.conv conv 4 3x3 pad=1 4x12x10; 1.logistic sigmoid 4x12x10 > 1.logistic | 148 0 34560"),
    ("[convolutional]\nfilters=4\nsize=3\npad=1\n[convolutional]\nfilters=4\nsize=5\npad=1\nshare_index=0", "! 13: the weights differ in shape: 4x4x5x5, 4 here, 4x4x3x3, 4 in '0.conv'"),
    ("[convolutional]\nfilters=4\nbatch_normalize=1\n[convolutional]\nfilters=4\nshare_index=0", "! 10: the layers that learn are not of the same kinds"),
    ("[conv_lstm]\n[convolutional]\nfilters=2\nsize=3", "0.conv_lstm op ?; 1.conv conv 2 3x3 ?; 1.logistic sigmoid ? > 1.logistic | None None None"),
    ("[dropout]\n[route]\nlayers=1", "! 7: there is no section 1 to read: the sections before it are 0 to 0"),
    ("[dropout]\n[route]\nlayers=-2", "! 7: there is no section -2 to read: the sections before it are 0 to 0"),
    ("[shortcut]\nfrom=-1", "! 6: there is no section -1 to read: it is the first one"),
    ("[dropout]\n[shortcut]", "! 6: [shortcut] needs 'from'"),
    ("[convolutional]\nfilters=0", "! 6: filters is at least 1, not 0"),
    ("[convolutional]\nfilters=2\nstride=0", "! 7: stride is at least 1, not 0"),
    ("[convolutional]\nfilters=3\ngroups=3", "! 7: groups=3 does not divide the 4 input channels"),
    ("[maxpool]\nsize=13\nstride=1\npadding=0", "! 6: the 13x13 window does not fit its 12x10 input: floor((12 - 13 + 2*0)/1) + 1 = 0"),
]  # fmt: skip


def read(text: str, path: Path, head: str = "[net]\nwidth=10\nheight=12\nchannels=4\n") -> str:
    """Every layer with its shape, the outputs; parameters, statistics and MACs. Behind a "!" why there are none."""
    path.write_text(head + text + "\n")
    try:
        network = cnncalc.load(path)
    except cnncalc.SpecError as fault:
        one = fault.diagnostics[0]
        return f"! {one.span.line if one.span else 0}: {one.message}"
    rows = [f"{node.name} {node.layer.describe(2) if node.layer else node.kind} {'x'.join(map(str, node.output)) if node.output else '?'}"
            for node in network.layers]  # fmt: skip
    totals = cnncalc.analyze(network).totals
    return f"{'; '.join(rows)} > {' '.join(port.name for port in network.outputs)} | {totals.params} {totals.buffers} {totals.macs}"


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_section(number: int, tmp_path: Path) -> None:
    text, said = CASES[number]
    assert read(text, tmp_path / "net.cfg") == said


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("[net]\ninputs=6\n", "0.fc fc 2 2 > 0.fc | 14 0 12"), ("[network]\nheight=3\nwidth=2\nchannels=1\n", "0.flatten flatten 6; 0.fc fc 2 2 > 0.fc | 14 0 12"),
        ("[net]\nheight=3\nwidth=2\n", "! 1: the network has no input"), ("[net]\nheight=3\nwidth=2\ninputs=5\n", "0.fc fc 2 2 > 0.fc | 12 0 10"),
        ("[net]\nheight=3\nwidth=-2\nchannels=1\ninputs=0\n", "! 1: the network has no input"),
    ],
)  # fmt: skip
def test_the_input(head: str, said: str, tmp_path: Path) -> None:
    assert read("[connected]\noutput=2\nactivation=linear", tmp_path / "net.cfg", head) == said


def test_the_batch_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "net.cfg"
    for said, batch in (("batch=8", 8), ("batch=0", 1), ("batch=-3", 1), ("", 1)):
        path.write_text(f"[net]\nwidth=10\nheight=12\nchannels=4\n{said}\n[avgpool]\n")
        assert cnncalc.load(path).file_batch == batch


def test_what_stands_before_the_first_section(tmp_path: Path) -> None:
    for text, message, help in (("width=3\n", "a file starts with a [section]", "write '[net]' above"), ("hello\n", "a file starts with a [section]", None),
                                ("[net]\nhello\n", "a line is a [section] or an option, 'key=value'", None)):  # fmt: skip
        (tmp_path / "net.cfg").write_text(text)
        with pytest.raises(cnncalc.SpecError) as caught:
            cnncalc.load(tmp_path / "net.cfg")
        assert (caught.value.diagnostics[0].message, caught.value.diagnostics[0].help) == (message, help)
