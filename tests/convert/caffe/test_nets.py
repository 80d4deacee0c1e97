"""Nets of Caffe: where data come from, what stands behind something unknown, blobs that are written over."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from convert.caffe.test_caffe import loaded

INPUT = 'input: "data" input_dim: [2, 4, 12, 12]\n'
UNKNOWN = 'layer { name: "u" type: "Nonesuch" bottom: "data" top: "u" }\n'


def layer(name: str, type: str, bottoms: str, tops: str, more: str = "") -> str:
    blobs = "".join(f'bottom: "{one}" ' for one in bottoms.split()) + "".join(f'top: "{one}" ' for one in tops.split())
    return f'layer {{ name: "{name}" type: "{type}" {blobs}{more} }}\n'


def shapes(text: str, **more: object) -> dict[str, tuple[int, ...] | None]:
    network = loaded(text, **more)
    return {port.name: network.nodes[port.node].output for port in network.outputs}


@pytest.mark.parametrize(
    ("text", "inputs", "batch"),
    [
        ('input: "x" input_dim: 2 input_dim: 3 input_dim: 5 input_dim: 6\n', {"x": (3, 5, 6)}, 2),
        ('input: "x" input: "y" input_dim: [2, 3, 5, 6, 2, 1, 7, 8]\n', {"x": (3, 5, 6), "y": (1, 7, 8)}, 2),
        ('input: "x" input: "y" input: "z" input_dim: [2, 3, 5, 6, 2, 1, 7, 8, 2, 4, 1, 1]\n', {"x": (3, 5, 6), "y": (1, 7, 8), "z": (4, 1, 1)}, 2),
        ('input: "x" input: "y" input_shape { dim: 4 dim: 9 } input_shape { dim: 4 dim: 3 dim: 5 }\n', {"x": (9,), "y": (3, 5)}, 4),
        ('layer { name: "x" type: "Input" top: "x" top: "y" input_param { shape { dim: 2 dim: 3 } shape { dim: 2 dim: 7 } } }\n', {"x": (3,), "y": (7,)}, 2),
        ('layer { name: "x" type: "Input" top: "x" top: "y" input_param { shape { dim: 2 dim: 3 dim: 4 } } }\n', {"x": (3, 4), "y": (3, 4)}, 2),
        ('layer { name: "x" type: "DummyData" top: "x" top: "y" dummy_data_param { num: 2 channels: 3 height: 5 width: 6 } }\n', {"x": (3, 5, 6), "y": (3, 5, 6)}, 2),
        ('layer { name: "x" type: "DummyData" top: "x" top: "y" dummy_data_param { num: 2 channels: 3 channels: 1 height: 5 width: 6 width: 7 } }\n',
         {"x": (3, 5, 6), "y": (1, 5, 7)}, 2),
        ('layer { name: "x" type: "MemoryData" top: "x" top: "label" memory_data_param { batch_size: 8 channels: 3 height: 5 width: 6 } }\n', {"x": (3, 5, 6)}, 8),
    ],
)  # fmt: skip
def test_what_enters(text: str, inputs: dict[str, tuple[int, ...]], batch: int) -> None:
    first = next(iter(inputs))
    network = loaded(text + "".join(layer(f"r{name}", "ReLU", name, f"r{name}") for name in inputs))
    assert {node.name: node.output for node in network.inputs} == inputs
    assert network.file_batch == batch
    assert network.inputs[0].name == first


@pytest.mark.parametrize(
    "text",
    ['layer { name: "x" type: "Data" top: "x" top: "label" }\n', 'input: "x"\n', 'input: "x" input_dim: [2, 3, 0, 6]\n',
     'layer { name: "x" type: "MemoryData" top: "x" memory_data_param { batch_size: 8 channels: 3 height: 5 } }\n'],
)  # fmt: skip
def test_what_has_no_shape_is_asked_for(text: str) -> None:
    text += layer("r", "ReLU", "x", "r")
    with pytest.raises(SpecError, match="the shape of 'x' does not stand in this file"):
        loaded(text)
    assert shapes(text, input="3x4x4") == {"r": (3, 4, 4)}


@pytest.mark.parametrize(
    "made",
    [
        layer("l", "Bias", "u", "l"), layer("l", "Exp", "u", "l"), layer("l", "Slice", "u", "l m"), layer("l", "Reshape", "u", "l"),
        layer("l", "Concat", "u data", "l"), layer("l", "Pooling", "u", "l", "pooling_param { kernel_size: 2 stride: 2 }"),
        layer("l", "InnerProduct", "u", "l", "inner_product_param { num_output: 2 }"), layer("l", "Crop", "data u", "l"),
        layer("l", "Convolution", "u", "l", "convolution_param { num_output: 2 kernel_size: 3 }"), layer("l", "Eltwise", "u data", "l"),
        layer("l", "Scale", "u", "l"), layer("l", "DepthwiseConvolution", "u", "l", "convolution_param { num_output: 2 kernel_size: 3 }"),
    ],
)  # fmt: skip
def test_behind_something_unknown_nothing_is_a_fault(made: str) -> None:
    network = loaded(INPUT + UNKNOWN + made)
    assert [one.severity for one in network.diagnostics] == ["note"]
    assert cnncalc.analyze(network).totals.params is None


def test_blobs_are_written_over_and_outputs_are_what_nothing_reads() -> None:
    text = (
        INPUT
        + layer("a", "Convolution", "data", "x", "convolution_param { num_output: 2 kernel_size: 1 }")
        + layer("b", "ReLU", "x", "x")
    )
    text += layer("c", "Convolution", "x", "y", "convolution_param { num_output: 3 kernel_size: 3 }") + layer(
        "d", "Accuracy", "y", "accuracy"
    )
    text += layer("e", "Split", "y", "y1 y2") + layer("f", "Softmax", "y1", "s")
    assert shapes(text) == {"s": (3, 10, 10)}
    assert [node.name for node in loaded(text).layers] == ["a", "b", "c", "f"]


def test_a_net_without_a_rule_for_many_types() -> None:
    text = INPUT + "".join(layer(f"u{number}", f"Odd{number}", "data", f"u{number}") for number in range(7))
    (note,) = loaded(text).diagnostics
    assert note.message == "nothing is known of what 'Odd0', 'Odd1', 'Odd2', 'Odd3', 'Odd4' and 2 more give or cost"
    assert note.span is not None and note.span.line == 2


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ('param { name: "w" }', 'param { name: "w" }', 6 * 4 + 6), ("", "", 2 * (6 * 4 + 6)), ('param { name: "" }', 'param { name: "" }', 2 * (6 * 4 + 6)),
        ('param { name: "w" } param { name: "b" }', 'param { name: "v" } param { name: "b" }', 2 * (6 * 4 + 6)),
    ],
)  # fmt: skip
def test_which_weights_are_shared(one: str, other: str, said: int) -> None:
    given = "convolution_param { num_output: 6 kernel_size: 1 } "
    text = (
        INPUT
        + layer("a", "Convolution", "data", "a", given + one)
        + layer("b", "Convolution", "data", "b", given + other)
    )
    assert cnncalc.analyze(loaded(text)).totals.params == said


def test_weights_of_other_kinds_cannot_be_shared() -> None:
    text = INPUT + layer(
        "a", "Convolution", "data", "a", 'param { name: "w" } convolution_param { num_output: 6 kernel_size: 1 }'
    )
    text += layer("b", "InnerProduct", "data", "b", 'param { name: "w" } inner_product_param { num_output: 6 }')
    with pytest.raises(SpecError) as caught:
        loaded(text)
    assert caught.value.diagnostics[0].span is not None
    assert caught.value.diagnostics[0].span.line == 3


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("kernel_size: 3 stride: 2", (4, 6, 6)), ("kernel_size: 3 stride: 2 pad: 1", (4, 7, 7)), ("kernel_h: 3 kernel_w: 2 stride_h: 2 stride_w: 1", (4, 6, 11)),
        ("kernel_size: 2 stride: 5", (4, 3, 3)), ("kernel_size: 2 stride: 5 round_mode: FLOOR", (4, 3, 3)), ("kernel_size: 3 stride: 4 round_mode: FLOOR", (4, 3, 3)),
        ("kernel_size: 3 stride: 4 round_mode: CEIL", (4, 4, 4)), ("kernel_size: 3 stride: 4 round_mode: 0", (4, 4, 4)), ("global_pooling: true", (4, 1, 1)),
        ("kernel_h: 12 kernel_w: 1", (4, 1, 12)), ("kernel_h: 5 kernel_w: 3 stride_h: 4 stride_w: 2", (4, 3, 6)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["MAX", "AVE", "0", "1"])
def test_pools(given: str, made: tuple[int, ...], kind: str) -> None:
    network = loaded(INPUT + layer("l", "Pooling", "data", "l", f"pooling_param {{ pool: {kind} {given} }}"))
    (node,) = network.layers
    assert node.output == made
    word = {"MAX": "maxpool", "0": "maxpool", "AVE": "avgpool", "1": "avgpool"}[kind]
    assert node.kind == ({"maxpool": "gmaxpool", "avgpool": "gavgpool"}[word] if "global" in given else word)
