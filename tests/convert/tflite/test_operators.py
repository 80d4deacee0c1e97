"""Single operators: their outputs are LiteRT's (operators.jsonl, made by record_operators.py), for two inputs each."""

from __future__ import annotations

import json
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any

import pytest

import cnncalc

pytest.importorskip("tflite")
pytest.importorskip("numpy")

from .writing import FLOAT, Single, single

CASES = [json.loads(line) for line in (Path(__file__).parent / "operators.jsonl").read_text().splitlines()]
NAMES = sorted({case[0] for case in CASES})
#: The layer of ours that an operator is, where it is one whatever its options and shapes.
KINDS = {
    "CONV_2D": "conv", "DEPTHWISE_CONV_2D": "dwconv", "TRANSPOSE_CONV": "upconv", "AVERAGE_POOL_2D": "avgpool",
    "MAX_POOL_2D": "maxpool", "CONCATENATION": "concat", "RESIZE_BILINEAR": "resize", "RESIZE_NEAREST_NEIGHBOR": "resize",
    "SPACE_TO_DEPTH": "pixelunshuffle", "DEPTH_TO_SPACE": "pixelshuffle", "PRELU": "prelu", "SOFTMAX": "softmax",
    "LOG_SOFTMAX": "logsoftmax", "LOGISTIC": "sigmoid", "TANH": "tanh", "RELU": "relu", "RELU6": "relu6",
    "LEAKY_RELU": "leakyrelu", "ELU": "elu", "GELU": "gelu", "HARD_SWISH": "hardswish",
}  # fmt: skip
MERGES = {"ADD": "add", "SUB": "sub", "MUL": "mul", "DIV": "div", "MAXIMUM": "maximum", "MINIMUM": "minimum"}


def ours(shape: list[int]) -> tuple[int, ...]:
    """A shape of TFLite without the sample, the channels first."""
    sizes = shape[1:]
    return tuple(sizes) if len(sizes) < 2 else (sizes[-1], *sizes[:-1])


def kind(name: str, inputs: list[Any], values: dict[str, Any], output: list[int]) -> list[str]:
    """The layers that the operator is read as, one of which may make a vector of a map."""
    shape = inputs[0][0]
    if name in KINDS:
        return [KINDS[name]]
    if name in MERGES:
        return [MERGES[name] if inputs[1][1] is None else "op"]
    if name == "FULLY_CONNECTED":
        return ["fc"] if len(shape) == 2 else ["conv"] if values else ["flatten", "fc"]
    if name in ("RESHAPE", "EXPAND_DIMS"):
        return ["flatten" if len(output) <= 2 else "reshape"]
    if name == "MEAN":
        return (
            ["op"] if sorted(inputs[1][1]) != [1, 2] else ["gavgpool", "flatten"] if len(output) == 2 else ["gavgpool"]
        )
    pads = inputs[1][1]
    return ["op" if any(pads[:2] + pads[-2:]) else "pad"]


def work(name: str, inputs: list[Any], output: list[int]) -> int:
    """The products, by the shapes of weights: filters, height, width and the channels that each spans."""
    if name in ("CONV_2D", "FULLY_CONNECTED"):
        return prod(output) * prod(inputs[1][0][1:])
    if name == "DEPTHWISE_CONV_2D":
        return prod(output) * prod(inputs[1][0][1:3])
    return prod(inputs[2][0]) * prod(inputs[1][0][:3]) if name == "TRANSPOSE_CONV" else 0


@pytest.mark.parametrize("name", NAMES)
def test_an_operator(name: str, tmp_path: Path) -> None:
    path = tmp_path / "one.tflite"
    for case in CASES:
        if case[0] != name:
            continue
        inputs, options, values, output, larger, made = case[1:]
        path.write_bytes(single(Single(name, inputs, options, values), output, FLOAT))
        network = cnncalc.load(path)
        totals = cnncalc.analyze(network).totals
        assert [node.kind for node in network.layers] == kind(name, inputs, values, output), case
        assert network.nodes[network.outputs[0].node].output == ours(output), case
        sizes = [prod(shape) for shape, data in inputs if data == "zeros"]
        learned = 0 if name in MERGES and sum(sizes) < 2 else sum(sizes)
        assert (totals.params, totals.macs, totals.buffers) == (learned, work(name, inputs, output), 0), case
        # what was given another shape has that of the file, or none that is known
        if larger is not None and name != "EXPAND_DIMS" and "op" not in kind(name, inputs, values, output):
            other = cnncalc.load(path, input={network.inputs[0].name: "x".join(map(str, ours(larger)))})
            assert other.nodes[other.outputs[0].node].output == ours(made), case


@pytest.mark.parametrize(
    ("padding", "said"), [(0, "avgpool 3x3 stride=2 pad=same countpad=no"), (1, "avgpool 3x3 stride=2")]
)
def test_the_mean_of_a_window_at_the_border_is_of_what_it_holds(padding: int, said: str, tmp_path: Path) -> None:
    path = tmp_path / "one.tflite"
    given = {"Padding": padding, "StrideH": 2, "StrideW": 2, "FilterHeight": 3, "FilterWidth": 3}
    path.write_bytes(
        single(
            Single("AVERAGE_POOL_2D", [[[1, 7, 7, 3], None]], "Pool2DOptions", given),
            [1, 4 - padding, 4 - padding, 3],
            FLOAT,
        )
    )
    (node,) = cnncalc.load(path).layers
    assert node.layer is not None
    assert node.layer.describe(2) == said


def read(path: Path, one: Single, output: list[int], **more: Any) -> cnncalc.Network:
    path.write_bytes(single(one, output, FLOAT))
    return cnncalc.load(path, **more)


def test_what_stands_in_no_option(tmp_path: Path) -> None:
    """Without an axis tensors are put together along the last one; slopes that are neither one nor one a channel have no rule."""
    one = Single("CONCATENATION", [[[1, 4, 5, 2], None], [[1, 4, 5, 3], None]], None, {})
    (node,) = read(tmp_path / "one.tflite", one, [1, 4, 5, 5]).layers
    assert (node.kind, node.output) == ("concat", (5, 4, 5))
    one = Single("PRELU", [[[1, 4, 5, 3], None], [[1, 5, 3], "zeros"]], None, {})
    (node,) = read(tmp_path / "one.tflite", one, [1, 4, 5, 3]).layers
    assert (node.kind, node.output) == ("op", (3, 4, 5))
    one = Single("CONV_2D", [[[1, 4, 5, 2], None], [[1, 4, 5, 2], None]], "Conv2DOptions", {})  # weights that enter
    network = read(tmp_path / "one.tflite", one, [1, 4, 5, 5])
    assert [(node.kind, node.output) for node in network.layers] == [("op", (5, 4, 5))]
    assert cnncalc.analyze(network).totals.macs is None


def test_an_input_that_does_not_fit_is_a_fault(tmp_path: Path) -> None:
    one = Single("MAX_POOL_2D", [[[1, 6, 6, 3], None]], "Pool2DOptions",
                 {"Padding": 1, "StrideH": 1, "StrideW": 1, "FilterHeight": 5, "FilterWidth": 5})  # fmt: skip
    assert read(tmp_path / "one.tflite", one, [1, 2, 2, 3], input="3x5x9").nodes[-1].output == (3, 1, 5)
    with pytest.raises(cnncalc.SpecError, match=r"'made' \(MAX_POOL_2D\): the 5x5 window does not fit its 4x9 input"):
        read(tmp_path / "one.tflite", one, [1, 2, 2, 3], input="3x4x9")


def test_a_long_chain(tmp_path: Path) -> None:
    """As many numbers in lists as a file has room for are no sign of a broken one."""
    from .writing import Writing

    file = Writing()
    tensors = [file.tensor(f"t{number}", [1, 4, 4, 2], FLOAT) for number in range(700)]
    for before, after in pairwise(tensors):
        file.operator("RELU", [before], [after])
    (tmp_path / "long.tflite").write_bytes(file.bytes([tensors[0]], [tensors[-1]]))
    assert len(list(cnncalc.load(tmp_path / "long.tflite").layers)) == 699


def test_a_dense_layer_of_a_vector_that_keeps_its_axes(tmp_path: Path) -> None:
    for keeps in (0, 1):
        one = Single(
            "FULLY_CONNECTED", [[[1, 6], None], [[4, 6], "zeros"]], "FullyConnectedOptions", {"KeepNumDims": keeps}
        )
        assert [(node.kind, node.output) for node in read(tmp_path / "one.tflite", one, [1, 4]).layers] == [
            ("fc", (4,))
        ]


@pytest.mark.parametrize(("name", "weights"), [("CONV_2D", [2, 3, 3, 2]), ("DEPTHWISE_CONV_2D", [1, 3, 3, 2])])
def test_without_options_there_are_those_of_the_schema(name: str, weights: list[int], tmp_path: Path) -> None:
    """schema.fbs: a padding is SAME, a dilation 1."""
    one = Single(name, [[[1, 6, 6, 2], None], [weights, "zeros"]], None, {})
    (node,) = read(tmp_path / "one.tflite", one, [1, 6, 6, 2]).layers
    assert node.output == (2, 6, 6)
    assert node.layer is not None and "pad=same" in node.layer.describe(2) and "dilation" not in node.layer.describe(2)
