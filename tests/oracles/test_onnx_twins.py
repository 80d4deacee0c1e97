"""The twins that the benchmark gives to onnx are the same networks: its shape inference finds every shape of theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

onnx = pytest.importorskip("onnx")
pytest.importorskip("torch")  # of the module that has the lines

import cnncalc  # noqa: E402
from benchmarks.onnx_graph import NoTwin  # noqa: E402
from benchmarks.onnx_rules import RULES  # noqa: E402
from benchmarks.twins import twin  # noqa: E402
from cnncalc.interpret.specification import specification  # noqa: E402
from cnncalc.layers import KINDS  # noqa: E402
from cnncalc.network import Network  # noqa: E402
from readme import ROOT  # noqa: E402

from .test_explain_calls import LINES  # noqa: E402

#: Kinds that ONNX has no operator for.
#: Kinds that the benchmark's networks do not have; convert/onnx reads those that ONNX has.
NONE = {
    "localconv", "op", "lstm", "gru", "rnn", "embed", "unpool", "permute", "split", "matmul", "sub", "div", "maximum",
    "minimum",
}  # fmt: skip
EXAMPLES = [
    path for path in sorted((ROOT / "examples").rglob("*.txt"))
    if not NONE & {node.kind for node in cnncalc.load(path).nodes}
]  # fmt: skip


def shapes(model: Any) -> dict[str, tuple[int, ...]]:
    """What onnx infers, strictly: it raises where an operator contradicts itself."""
    onnx.checker.check_model(model)
    graph = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True).graph
    return {
        one.name: tuple(dim.dim_value for dim in one.type.tensor_type.shape.dim)
        for one in (*graph.input, *graph.value_info, *graph.output)
    }


def expected(network: Network) -> dict[str, tuple[int, ...]]:
    return {f"n{node.position}": (1, *(node.output or ())) for node in network.nodes}


def check(network: Network) -> None:
    found, wanted = shapes(twin(network)), expected(network)
    assert {name: found.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_layer_of_every_example(file: Path) -> None:
    network = cnncalc.load(file)
    if not specification(network).library:
        check(network)


def learned(network: Network) -> int:
    """The elements of the twin's weights, running statistics included."""
    inputs = {f"n{node.position}" for node in network.inputs}
    count = 0
    for one in twin(network).graph.input:
        if one.name not in inputs:
            size = 1
            for dim in one.type.tensor_type.shape.dim:
                size *= dim.dim_value
            count += size
    return count


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_weights_of_every_example(file: Path) -> None:
    network = cnncalc.load(file)
    if not specification(network).library:
        totals = cnncalc.analyze(network).totals
        assert totals.params_train is not None
        heads = sum(node.result.buffers for node in network.layers if node.train and node.result)
        assert learned(network) == totals.params_train + totals.buffers + heads


@pytest.mark.parametrize("line", LINES)
def test_every_kind(line: str) -> None:
    start = "" if line.startswith(("add", "mul", "concat", "learned")) else "@input | "
    words = "words = tokens | take 0:9 axis=L | conv 3 1\n" if "@words" in line else ""
    network = cnncalc.loads(f"input 4x8x12\nother = @input | conv 4 1\n{words}{start}{line}")
    if any(node.kind in NONE for node in network.nodes):
        with pytest.raises(NoTwin):
            twin(network)
    else:
        check(network)


def test_kinds_without_a_twin() -> None:
    assert set(KINDS) - set(RULES) == NONE


def test_shared_weights_are_one_input() -> None:
    network = cnncalc.loads("input 4x8x8\na = conv 4 3 pad=1\nconv 4 3 pad=1 share=@a")
    assert learned(network) == cnncalc.analyze(network).totals.params
