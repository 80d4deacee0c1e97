"""Caffe's .prototxt files: published totals, the rules of its source, its three ways of writing a net."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import cnncalc
from cnncalc.convert.contents import is_caffe

LENET = """
name: "LeNet"
layer { name: "data" type: "Input" top: "data" input_param { shape: { dim: 64 dim: 1 dim: 28 dim: 28 } } }
layer {
  name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
  param { lr_mult: 1 } param { lr_mult: 2 }
  convolution_param { num_output: 20 kernel_size: 5 stride: 1 weight_filler { type: "xavier" } }
}
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
layer { name: "conv2" type: "Convolution" bottom: "pool1" top: "conv2" convolution_param { num_output: 50 kernel_size: 5 } }
layer { name: "pool2" type: "Pooling" bottom: "conv2" top: "pool2" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
layer { name: "ip1" type: "InnerProduct" bottom: "pool2" top: "ip1" inner_product_param { num_output: 500 } }
layer { name: "relu1" type: "ReLU" bottom: "ip1" top: "ip1" }
layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" inner_product_param { num_output: 10 } }
layer { name: "accuracy" type: "Accuracy" bottom: "ip2" bottom: "label" top: "accuracy" include { phase: TEST } }
layer { name: "prob" type: "Softmax" bottom: "ip2" top: "prob" }
"""
INPUT = 'input: "data" input_shape { dim: 1 dim: 4 dim: 12 dim: 12 }\n'


def loaded(text, **more):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "net.prototxt")
        path.write_text(text)
        return cnncalc.load(path, **more)


@pytest.fixture
def net():
    return loaded


def figures(network):
    totals = cnncalc.analyze(network).totals
    return totals.params, totals.macs


def test_lenet(net):
    network = net(LENET)
    assert figures(network) == (431_080, 2_293_000)
    assert (network.title, network.format, network.file_batch) == ("LeNet", "caffe", 64)
    assert [(port.name, network.nodes[port.node].output) for port in network.outputs] == [("prob", (10,))]
    assert network.origins[1].type == "Convolution"
    assert [node.name for node in network.layers][-3:] == ["relu1", "ip2", "prob"]


def resnet(*repeats):
    """The prototxt of https://github.com/KaimingHe/deep-residual-networks: the stride in the first 1x1; conv1 of
    ResNet-50 has a bias, and those of the others have none."""
    lines = ['input: "data" input_dim: 1 input_dim: 3 input_dim: 224 input_dim: 224']

    def conv(name, bottom, width, kernel, stride=1, pad=0, bias=False, relu=True):
        lines.append(
            f'layer {{ name: "{name}" type: "Convolution" bottom: "{bottom}" top: "{name}" convolution_param {{ num_output: {width}'
            f" kernel_size: {kernel} stride: {stride} pad: {pad} bias_term: {str(bias).lower()} }} }}"
            f'layer {{ name: "bn_{name}" type: "BatchNorm" bottom: "{name}" top: "{name}" batch_norm_param {{ use_global_stats: true }} }}'
            f'layer {{ name: "scale_{name}" type: "Scale" bottom: "{name}" top: "{name}" scale_param {{ bias_term: true }} }}'
            + f'layer {{ name: "{name}_relu" type: "ReLU" bottom: "{name}" top: "{name}" }}' * relu
        )  # fmt: skip
        return name

    last = conv("conv1", "data", 64, 7, 2, 3, bias=repeats == (3, 4, 6, 3))
    lines.append(
        f'layer {{ name: "pool1" type: "Pooling" bottom: "{last}" top: "pool1" pooling_param {{ kernel_size: 3 stride: 2 pool: MAX }} }}'
    )
    last = "pool1"
    for stage, count in enumerate(repeats):
        width = 64 << stage
        for index in range(count):
            name, stride = f"res{stage + 2}_{index}", 2 if stage and not index else 1
            short = last if index else conv(f"{name}_branch1", last, width * 4, 1, stride, relu=False)
            branch = conv(f"{name}_branch2a", last, width, 1, stride)
            branch = conv(f"{name}_branch2b", branch, width, 3, 1, 1)
            branch = conv(f"{name}_branch2c", branch, width * 4, 1, relu=False)
            lines.append(
                f'layer {{ bottom: "{short}" bottom: "{branch}" top: "{name}" name: "{name}" type: "Eltwise" }}'
            )
            lines.append(f'layer {{ bottom: "{name}" top: "{name}" name: "{name}_relu" type: "ReLU" }}')
            last = name
    lines.append(
        f'layer {{ bottom: "{last}" top: "pool5" name: "pool5" type: "Pooling" pooling_param {{ kernel_size: 7 stride: 1 pool: AVE }} }}'
    )
    lines.append(
        'layer { bottom: "pool5" top: "fc1000" name: "fc1000" type: "InnerProduct" inner_product_param { num_output: 1000 } }'
    )
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("repeats", "published"),
    [
        ((3, 4, 6, 3), (25_557_096, 3_857_973_248)),
        ((3, 4, 23, 3), (44_549_160, 7_570_194_432)),
        ((3, 8, 36, 3), (60_192_808, 11_282_415_616)),
    ],
)
def test_resnets(net, repeats, published):
    assert figures(net(resnet(*repeats))) == published


@example(12, 1, 2, 0, "MAX", 12)
@given(
    st.integers(1, 40),
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(0, 4),
    st.sampled_from(["MAX", "AVE"]),
    st.integers(1, 40),
)
def test_pools_are_rounded_as_caffe_does(size, kernel, stride, pad, pool, other):
    """PoolingLayer::Reshape: up; where there is a border, without a window that starts past the input."""
    assume(pad < kernel <= min(size, other) + 2 * pad)
    expected = []
    for pixels in (size, other):
        count = -((pixels + 2 * pad - kernel) // -stride) + 1
        if pad and (count - 1) * stride >= pixels + pad:
            count -= 1
        expected.append(count)
    text = f'input: "x" input_dim: [1, 2, {size}, {other}] layer {{ name: "p" type: "Pooling" bottom: "x" top: "p" pooling_param {{ pool: {pool} kernel_size: {kernel} stride: {stride} pad: {pad} }} }}'
    assert loaded(text).nodes[-1].output == (2, *expected)
    down = text.replace("pool:", "round_mode: FLOOR pool:")
    floors = tuple((pixels + 2 * pad - kernel) // stride + 1 for pixels in (size, other))
    assert loaded(down).nodes[-1].output == (2, *floors)


def test_the_three_ways_of_writing_a_net(net):
    newest = (
        INPUT
        + """
    layer { name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param { num_output: 6 kernel_size: 3 pad: 1 group: 2 bias_term: false } }
    layer { name: "p" type: "Pooling" bottom: "c" top: "p" pooling_param { pool: AVE kernel_size: 3 stride: 2 } }
    layer { name: "n" type: "LRN" bottom: "p" top: "n" lrn_param { local_size: 3 } }
    layer { name: "f" type: "InnerProduct" bottom: "n" top: "f" inner_product_param { num_output: 5 bias_term: false } }
    """
    )
    middle = (
        newest.replace("layer {", "layers {").replace('"Convolution"', "CONVOLUTION").replace('"Pooling"', "POOLING")
        .replace('"LRN"', "LRN").replace('"InnerProduct"', "INNER_PRODUCT")
    )  # fmt: skip
    oldest = (
        'input: "data" input_dim: 1 input_dim: 4 input_dim: 12 input_dim: 12'
        + """
    layers { layer { name: "c" type: "conv" num_output: 6 kernelsize: 3 pad: 1 group: 2 biasterm: false } bottom: "data" top: "c" }
    layers { layer { name: "p" type: "pool" pool: AVE kernelsize: 3 stride: 2 } bottom: "c" top: "p" }
    layers { layer { name: "n" type: "lrn" local_size: 3 } bottom: "p" top: "n" }
    layers { layer { name: "f" type: "innerproduct" num_output: 5 biasterm: false } bottom: "n" top: "f" }
    """
    )
    texts = [cnncalc.analyze(net(text)) for text in (newest, middle, oldest)]
    rows = [[(row.name, row.kind, row.output, row.params, row.macs) for row in one.layers] for one in texts]
    assert rows[0] == rows[1] == rows[2]
    assert texts[0].totals.params == 6 * 2 * 9 + 5 * 6 * 36


def test_phases(net):
    text = (
        INPUT
        + """
    layer { name: "both" type: "Convolution" bottom: "data" top: "a" convolution_param { num_output: 2 kernel_size: 1 } }
    layer { name: "train" type: "Dropout" bottom: "a" top: "a" include { phase: TRAIN } }
    layer { name: "test" type: "Softmax" bottom: "a" top: "b" exclude: { phase: TRAIN } }
    layer { name: "staged" type: "Softmax" bottom: "a" top: "c" include { stage: "deploy" } }
    """
    )
    assert [node.name for node in net(text).layers] == ["both", "test"]
    assert [node.name for node in net(text, phase="train").layers] == ["both", "train"]


def test_what_learns(net):
    text = (
        INPUT
        + """
    layer { name: "bn" type: "BatchNorm" bottom: "data" top: "data" }
    layer { name: "s" type: "Scale" bottom: "data" top: "data" scale_param { bias_term: true } }
    layer { name: "r" type: "PReLU" bottom: "data" top: "data" }
    layer { name: "r2" type: "PReLU" bottom: "data" top: "data" prelu_param { channel_shared: true } }
    layer { name: "b" type: "Bias" bottom: "data" top: "data" }
    layer { name: "up" type: "Deconvolution" bottom: "data" top: "up" convolution_param { num_output: 4 group: 4 kernel_size: 4 stride: 2 pad: 1 bias_term: false } }
    layer { name: "dw" type: "DepthwiseConvolution" bottom: "up" top: "dw" convolution_param { num_output: 4 kernel_h: 1 kernel_w: 3 pad_w: 1 } }
    """
    )
    rows = {row.name: row for row in cnncalc.analyze(net(text)).layers}
    assert [rows[name].params for name in ("bn", "s", "r", "r2", "b", "up", "dw")] == [0, 8, 4, 1, 4, 64, 16]
    assert rows["bn"].buffers == 8
    leaky = 'layer { name: "l" type: "ReLU" bottom: "data" top: "l" relu_param { negative_slope: 0.1 } }'
    assert [node.kind for node in net(INPUT + leaky).layers] == ["leakyrelu"]
    assert rows["dw"].output == rows["up"].output == (4, 24, 24)


def test_blobs_are_cut_and_put_together(net):
    text = (
        INPUT
        + """
    layer { name: "cut" type: "Slice" bottom: "data" top: "a" top: "b" top: "c" slice_param { axis: 1 slice_point: 1 slice_point: 2 } }
    layer { name: "halves" type: "Slice" bottom: "data" top: "l" top: "r" slice_param { axis: 3 } }
    layer { name: "copy" type: "Split" bottom: "c" top: "c1" top: "c2" }
    layer { name: "join" type: "Concat" bottom: "a" bottom: "b" bottom: "c1" bottom: "c2" top: "all" }
    layer { name: "max" type: "Eltwise" bottom: "l" bottom: "r" top: "m" eltwise_param { operation: PROD } }
    layer { name: "flat" type: "Reshape" bottom: "all" top: "flat" reshape_param { shape { dim: 0 dim: -1 dim: 9 } } }
    layer { name: "part" type: "Crop" bottom: "data" bottom: "m" top: "part" crop_param { axis: 2 } }
    """
    )
    network = net(text)
    shapes = {port.name: network.nodes[port.node].output for port in network.outputs}
    assert shapes == {"flat": (96, 9), "part": (4, 12, 6)}  # 1 + 1 + 2 + 2 channels of 12 x 12


def test_weights_are_shared_by_name(net):
    layer = 'layer {{ name: "{0}" type: "Convolution" bottom: "data" top: "{0}" param {{ name: "w" }} param {{ name: "b" }} convolution_param {{ num_output: {1} kernel_size: 3 }} }}\n'
    assert figures(net(INPUT + layer.format("a", 3) + layer.format("b", 3)))[0] == 3 * 4 * 9 + 3
    with pytest.raises(cnncalc.SpecError, match="differ in shape"):
        net(INPUT + layer.format("a", 3) + layer.format("b", 5))


def test_a_data_layer_needs_a_shape(net):
    text = """layer { name: "d" type: "Data" top: "data" top: "label" transform_param { crop_size: 227 } }
    layer { name: "f" type: "InnerProduct" bottom: "data" top: "f" inner_product_param { num_output: 5 } }
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "f" bottom: "label" top: "loss" }"""
    with pytest.raises(cnncalc.SpecError, match="the shape of 'data' does not stand in this file"):
        net(text)
    network = net(text, input="3x8x8")
    assert (figures(network)[0], [port.name for port in network.outputs]) == (3 * 64 * 5 + 5, ["f"])


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("name: 'x'\n", "no layer stands here", (1, 1)),
        (INPUT + "layer { name: 'a' type: 'Convolution' bottom: 'data' top: 'a'\n convolution_param { num_output: 3 kernel_size: 15 } }", "the 15x15 window does not fit its 12x12 input", (3, 49)),
        (INPUT + "layer { name: 'a' type: 'Convolution' bottom: 'data' top: 'a' }", "'kernel_size' is missing", (2, 1)),
        (INPUT + "layer { name: 'a' type: 'Pooling' bottom: 'data' top: 'a' pooling_param { kernel_size: 7 } }\nlayer { name: 'm'\n type: 'Scale' bottom: 'data' bottom: 'a' top: 'm'\n scale_param { axis: 0 } }", "mul needs equal sizes, or 1, on every axis", (3, 15)),
        (INPUT + "layer { name: 'a' type: 'ReLU' bottom: 'no' top: 'a' }", "there is no blob 'no' to read", (2, 40)),
        (INPUT + "layer { name: 'a' ", "'}' is missing: what begins here does not end", (2, 1)),
        (INPUT + "layer { name 'a' }", "':' or '{' stands behind 'name'", (2, 14)),
        (INPUT + "layer { name: }", "a value stands here", (2, 15)),
        (INPUT + "layer { name: 'a' }", "the layer has no type", (2, 1)),
        (INPUT + "layer { type: 'LRN' bottom: 'data' lrn_param { local_size: many } }", "a whole number stands here", (2, 60)),
        ("layer { " * 40, "messages stand more than 32 deep in each other", (1, 263)),
        (INPUT + "layer { \x01 }", "this is no text of a protobuf message", (2, 9)),
    ],
)  # fmt: skip
def test_faults_stand_at_their_place(net, text, said, place):
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.analyze(net(text))
    fault = error.value.diagnostics[0]
    assert said in fault.message
    assert (fault.span.line, fault.span.column) == place


def test_what_is_caffes():
    assert is_caffe(LENET.encode())
    assert is_caffe(b'# x\ninput: "data"\n')
    assert not is_caffe(b"input 3x8x8\nconv 4 3\n")
    assert not is_caffe(b"name: net\nversion: 2\n")
