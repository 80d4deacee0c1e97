"""TFLite's files, written by the package that describes the format; and, where they lie in a folder, real ones."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

import cnncalc
from cnncalc.convert.tflite import tables
from cnncalc.measure.footprint import Footprint
from cnncalc.measure.lints import lints

pytest.importorskip("tflite")
pytest.importorskip("numpy")

from .writing import FLOAT, INT8, INT32, Writing

#: Parameters (bn is folded), MACs, and what the interpreter of TFLite Micro says that its planner takes, of models of
#: https://github.com/mlcommons/tiny: the folder with the .tflite files is CNNCALC_TFLITE.
PUBLISHED = {
    "vww_96_int8": (210_850, 7_489_664, 73_728),
    "pretrainedResnet_quant": (77_706, 12_501_632, 49_152),
    "kws_ref_model": (22_604, 2_656_768, 16_000),
    "ad01_int8": (265_864, 264_192, 768),
}


@pytest.fixture
def net(tmp_path):
    def read(data, **more):
        path = tmp_path / "net.tflite"
        path.write_bytes(data)
        return cnncalc.load(path, **more)

    return read


def small(kind=INT8):
    """conv, depthwise conv, a sum, a pool, a dense layer; biases of 32 bits."""
    bias = INT32 if kind == INT8 else kind
    file = Writing()
    image = file.tensor("image", [1, 9, 8, 3], kind)
    first = file.tensor("a;b;first", [1, 5, 4, 4], kind)
    file.operator("CONV_2D", [image, file.constant("w", [4, 3, 3, 3], kind), file.constant("b", [4], bias)], [first],
                  "Conv2DOptions", Padding=0, StrideH=2, StrideW=2, FusedActivationFunction=1)  # fmt: skip
    second = file.tensor("second", [1, 5, 4, 4], kind)
    file.operator("DEPTHWISE_CONV_2D", [first, file.constant("d", [1, 3, 3, 4], kind), file.constant("e", [4], bias)], [second],
                  "DepthwiseConv2DOptions", Padding=0, StrideH=1, StrideW=1, DepthMultiplier=1)  # fmt: skip
    total = file.tensor("sum", [1, 5, 4, 4], kind)
    file.operator("ADD", [first, second], [total])
    pooled = file.tensor("pool", [1, 2, 2, 4], kind)
    file.operator(
        "AVERAGE_POOL_2D",
        [total],
        [pooled],
        "Pool2DOptions",
        Padding=1,
        StrideH=2,
        StrideW=2,
        FilterHeight=2,
        FilterWidth=2,
    )
    flat = file.tensor("flat", [1, 16], kind)
    file.operator("RESHAPE", [pooled, file.tensor("shape", [2], INT32, [1, 16])], [flat])
    out = file.tensor("out", [1, 10], kind)
    file.operator("FULLY_CONNECTED", [flat, file.constant("f", [10, 16], kind), -1], [out], "FullyConnectedOptions")
    classes = file.tensor("classes", [1, 10], kind)
    file.operator("SOFTMAX", [out], [classes])
    return file.bytes([image], [classes])


@pytest.mark.parametrize("kind", [INT8, FLOAT])
def test_a_network(net, kind):
    network = net(small(kind))
    analysis = cnncalc.analyze(network)
    assert [(row.name, row.kind, row.output) for row in analysis.layers] == [
        ("first", "conv", (4, 5, 4)), ("second", "dwconv", (4, 5, 4)), ("sum", "add", (4, 5, 4)),
        ("pool", "avgpool", (4, 2, 2)), ("flat", "flatten", (16,)), ("out", "fc", (10,)), ("classes", "softmax", (10,)),
    ]  # fmt: skip
    assert analysis.totals.params == 4 * 27 + 4 + 4 * 9 + 4 + 160
    assert analysis.totals.macs == 20 * 108 + 20 * 36 + 160
    assert (network.format, network.file_batch) == ("tflite", 1)
    assert network.origins[1].type == "CONV_2D"
    assert analysis.dtypes.activations == ("int8" if kind == INT8 else "fp32")


def test_another_input(net):
    network = net(small(), input="3x17x16")
    assert [node.output for node in network.nodes][:3] == [(3, 17, 16), (4, 9, 8), (4, 9, 8)]


def test_what_has_no_rule_has_the_shape_of_the_file(net):
    file = Writing()
    image, cast, odd = (file.tensor(name, [1, 4, 4, 2], FLOAT) for name in ("image", "cast", "odd"))
    file.operator("CAST", [image], [cast])
    file.operator("SVDF", [cast], [odd])
    analysis = cnncalc.analyze(net(file.bytes([image], [odd])))
    assert [row.output for row in analysis.layers] == [(2, 4, 4), (2, 4, 4)]
    assert (analysis.layers[0].params, analysis.layers[1].params, analysis.totals.params) == (0, None, None)


@pytest.mark.parametrize(("activation", "pairs"), [(0, 1), (1, 0)])
def test_an_activation_in_a_layer_parts_what_would_be_one_linear_map(net, activation, pairs):
    file = Writing()
    image, first, second = (
        file.tensor(name, [1, size]) for name, size in (("image", 20), ("first", 30), ("second", 40))
    )
    file.operator("FULLY_CONNECTED", [image, file.constant("w", [30, 20]), file.constant("b", [30], INT32)], [first],
                  "FullyConnectedOptions", FusedActivationFunction=activation)  # fmt: skip
    file.operator("FULLY_CONNECTED", [first, file.constant("v", [40, 30]), file.constant("c", [40], INT32)], [second],
                  "FullyConnectedOptions")  # fmt: skip
    analysis = cnncalc.analyze(net(file.bytes([image], [second])))
    assert [one.code for one in lints(analysis)].count("linear-pair") == pairs


def test_an_operator_without_what_it_reads(net):
    file = Writing()
    image, out, odd = (file.tensor(name, [1, 4, 4, 2]) for name in ("image", "out", "odd"))
    file.operator(
        "CONV_2D", [file.constant("c", [1, 4, 4, 2]), file.constant("w", [2, 1, 1, 2])], [odd], "Conv2DOptions"
    )
    file.operator("PAD", [image], [out])
    analysis = cnncalc.analyze(net(file.bytes([image], [out, odd])))
    assert [(row.name, row.params) for row in analysis.layers] == [("out", 0)]  # the other is a constant


def test_constants_that_are_added(net):
    file = Writing()
    image, moved, scaled = (file.tensor(name, [1, 4, 4, 2], FLOAT) for name in ("image", "moved", "scaled"))
    file.operator("ADD", [image, file.constant("c", [2], FLOAT)], [moved])
    file.operator("MUL", [moved, file.constant("s", [1], FLOAT)], [scaled])
    assert cnncalc.analyze(net(file.bytes([image], [scaled]))).totals.params == 2


@pytest.mark.parametrize(
    ("shape", "free", "given", "found"),
    [
        ([1, 8, 8, 3], None, None, (3, 8, 8)), ([1, 8, 8, 3], [-1, 8, 8, 3], None, (3, 8, 8)), ([1, 8, 8, 3], [1, 8, 8, 3], None, (3, 8, 8)),
        ([1, 1, 1, 3], [-1, -1, -1, 3], None, None), ([1, 1, 1, 3], [-1, -1, -1, 3], "3x8x9", (3, 8, 9)), ([1, 1, 8, 3], [1, -1, 8, 3], None, None),
        ([1, 1, 8, 3], [1, -1, 8, 3], "3x5x8", (3, 5, 8)), ([1, 8, 8, 3], [-1, 8, 8], None, (3, 8, 8)),
    ],
)  # fmt: skip
def test_sizes_that_are_free(net, shape, free, given, found):
    """What stands for them is a mere 1; the number of the samples is 1 where it is free."""
    file = Writing()
    image, made = (file.tensor(name, shape, FLOAT, free=free) for name in ("image", "made"))
    file.operator("RELU", [image], [made])
    network = net(file.bytes([image], [made]), **({"input": given} if given else {}))
    assert [node.output for node in network.nodes] == [found, found]
    assert network.file_batch == 1


def test_a_name_that_is_longer_than_any(net, monkeypatch):
    monkeypatch.setattr(tables, "_MOST_BYTES", 12)
    for length in (6, 7):
        file = Writing()
        image, made = file.tensor("i" * length, [1, 4], FLOAT), file.tensor("m" * 6, [1, 4], FLOAT)
        file.operator("RELU", [image], [made])
        if length == 6:
            assert net(file.bytes([image], [made])).nodes[0].name == "iiiiii"
        else:
            with pytest.raises(cnncalc.SpecError, match="a name is longer than any"):
                net(file.bytes([image], [made]))


def test_how_many_operators_there_may_be(net, monkeypatch):
    monkeypatch.setattr(tables, "_MOST_OPERATORS", 2)
    for count in (2, 3):
        file = Writing()
        made = [file.tensor(f"t{number}", [1, 4], FLOAT) for number in range(count + 1)]
        for before, after in pairwise(made):
            file.operator("RELU", [before], [after])
        if count == 2:
            assert len(list(net(file.bytes(made[:1], made[-1:])).layers)) == 2
        else:
            with pytest.raises(cnncalc.SpecError, match="over 2 operators"):
                net(file.bytes(made[:1], made[-1:]))


def test_broken_files(net):
    data, random = small(), Random(1)
    for size in range(8, len(data), 7):
        _refused_or_read(net, data[:size])
    for _ in range(500):
        changed = bytearray(data)
        for _ in range(random.randint(1, 6)):
            changed[random.randrange(8, len(data))] = random.randrange(256)
        _refused_or_read(net, bytes(changed))


def _refused_or_read(net, data):
    """Whatever else is raised is a fault of the reader."""
    with suppress(cnncalc.SpecError):
        Footprint(cnncalc.analyze(net(data))).to_dict()


@pytest.mark.skipif("CNNCALC_TFLITE" not in os.environ, reason="a folder of models of mlcommons/tiny")
@pytest.mark.parametrize("name", PUBLISHED)
def test_models_of_mlperf_tiny(name):
    path = next(Path(os.environ["CNNCALC_TFLITE"]).rglob(f"*{name}.tflite"))
    analysis = cnncalc.analyze(cnncalc.load(path))
    found = (analysis.totals.params, analysis.totals.macs, Footprint(analysis).arena_bytes)
    assert found == PUBLISHED[name]
