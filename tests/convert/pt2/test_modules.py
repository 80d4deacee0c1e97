"""What was taken apart into several calls is one row again for each call of a module, with all that these store and compute."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc

from .writer import Graph

ATEN = "torch.ops.aten."
N = ("s0", 2)


def rows(graph: Graph, folder: Path) -> list[tuple[Any, ...]]:
    """Each row: its name, kind, type, tensor, output, parameters, MACs, and of how many calls it is (a weight turned is none)."""
    layers = cnncalc.analyze(cnncalc.load(graph.save(folder / "net.pt2"))).to_dict()["layers"]
    keys = "name kind type tensor output params macs".split()
    return [(*[one[key] for key in keys], one.get("nodes", 1)) for one in layers]


def called(graph: Graph, stack: Any) -> Any:
    """Makes calls of PyTorch's that stand in the modules of a stack: ``call("relu", x)``."""
    return lambda op, *args, **more: graph.call(
        f"{ATEN}{op if '.' in op else op + '.default'}", *args, stack=stack, **more
    )


def softplus(graph: Graph, x: Any, stack: Any, name: str) -> Any:
    """As PyTorch decomposes Softplus."""
    call = called(graph, stack)
    big, log = call("gt.Scalar", x, 20.0), call("log1p", call("exp", x))
    return call("where.self", big, x, log, name=name)


def linear(graph: Graph, x: Any, path: str, places: int, inputs: int, units: int, name: str) -> Any:
    """As PyTorch decomposes Linear of a sequence."""
    weight, bias = graph.parameter(f"{path}.weight", (units, inputs)), graph.parameter(f"{path}.bias", (units,))
    call = called(graph, graph.module(path, "linear.Linear"))
    table = call("view", x, [2 * places, inputs])
    made = call("addmm", bias, table, call("permute", weight, [1, 0]))
    return call("view", made, [2, places, units], name=name)


def test_functions_of_one_tensor(tmp_path: Path) -> None:
    graph = Graph()
    x = graph.input("x", (N, 8, 4, 4))
    x = softplus(graph, x, graph.module("act", "activation.Softplus"), "first")
    x = softplus(
        graph, x, (("", "net.Net"), ("b", "net.Block"), ("b.act", "torch.nn.modules.activation.Softplus")), "second"
    )
    graph.output(x)
    assert rows(graph, tmp_path) == [
        ("act", "softplus", "Softplus", "first", [8, 4, 4], 0, 0, 4),
        ("b.act", "softplus", "Softplus", "second", [8, 4, 4], 0, 0, 4),
    ]


def test_layers_with_weights(tmp_path: Path) -> None:
    """3 places of 8 numbers, 5 units: 3 * 8 * 5 MACs a sample, 45 parameters."""
    graph = Graph()
    x = linear(graph, graph.input("x", (2, 3, 8)), "fc", 3, 8, 5, "made")
    graph.output(linear(graph, x, "head", 3, 5, 2, "end"))
    assert rows(graph, tmp_path) == [
        ("fc", "op", "Linear", "made", [3, 5], 45, 120, 3),
        ("head", "op", "Linear", "end", [3, 2], 12, 30, 3),
    ]


def test_a_layer_that_only_turns_its_weight_stays_it(tmp_path: Path) -> None:
    graph = Graph()
    weight, bias = graph.parameter("fc.weight", (5, 8)), graph.parameter("fc.bias", (5,))
    call = called(graph, graph.module("fc", "linear.Linear"))
    x = graph.input("x", (N, 8))
    graph.output(call("addmm", bias, x, call("t", weight), name="made"))
    ((name, kind, *rest, nodes),) = rows(graph, tmp_path)
    assert (name, kind, rest, nodes) == ("fc", "fc", ["Linear", "made", [5], 45, 40], 1)


def attention(graph: Graph, x: Any, path: str) -> tuple[Any, Any]:
    """One head of 4 places by 6 numbers, its weights besides."""
    weight = graph.parameter(f"{path}.in_proj_weight", (18, 6))
    call = called(graph, graph.module(path, "activation.MultiheadAttention"))
    q, k, v = call("split_with_sizes", call("linear", x, weight), [6, 6, 6], 2, outs=[f"{path}_{one}" for one in "qkv"])
    scores = call("softmax.int", call("matmul", q, call("transpose.int", k, 1, 2)), -1, name=f"{path}_scores")
    return call("matmul", scores, v, name=f"{path}_made"), scores


def test_several_results(tmp_path: Path) -> None:
    """The larger one is the row's; what only the module itself reads is none of them. By hand: the projection has
    4 * 6 * 18 MACs, either product 4 * 4 * 6."""
    graph = Graph()
    made, scores = attention(graph, graph.input("x", (N, 4, 6)), "mha")
    graph.output(scores, graph.call(f"{ATEN}relu.default", made, name="end"))
    network = cnncalc.load(graph.save(tmp_path / "net.pt2"))
    first, *_ = cnncalc.analyze(network).to_dict()["layers"]
    assert (first["name"], first["params"], first["macs"], first["tensor"]) == ("mha", 108, 432 + 96 + 96, "mha_made")
    assert [(one["tensor"], one["output"]) for one in first["results"]] == [
        ("mha_made", [4, 6]),
        ("mha_scores", [4, 4]),
    ]
    ends = [network.nodes[port.node].output for port in network.outputs]
    assert ends == [(4, 4), (4, 6)]
    assert cnncalc.analyze(network).totals.macs == 624


def test_results_that_nobody_reads(tmp_path: Path) -> None:
    graph = Graph()
    made, _ = attention(graph, graph.input("x", (N, 4, 6)), "mha")
    graph.output(made)
    ((name, *_, output, params, macs, _),) = rows(graph, tmp_path)
    assert (name, output, params, macs) == ("mha", [4, 6], 108, 624)


def test_each_call_of_a_module_is_a_row(tmp_path: Path) -> None:
    """``act`` is called twice without anything between, and once more behind something else."""
    graph = Graph()
    x = graph.input("x", (N, 8))
    for number in (0, 1):
        x = softplus(graph, x, graph.module("act", "activation.Softplus"), f"a{number}")
        for node in graph.nodes[-4:] if number else ():
            stack = node["metadata"]["nn_module_stack"]
            node["metadata"]["nn_module_stack"] = stack.replace("L__self__act,", "L__self__act@1,")
    x = graph.call(f"{ATEN}tanh.default", x, name="between")
    graph.output(softplus(graph, x, graph.module("act", "activation.Softplus"), "last"))
    found = rows(graph, tmp_path)
    assert [(kind, tensor, nodes) for _, kind, _, tensor, *_, nodes in found] == [
        ("softplus", "a0", 4), ("softplus", "a1", 4), ("tanh", "between", 1), ("softplus", "last", 4),
    ]  # fmt: skip


def test_what_is_between_the_calls_of_a_module_parts_them(tmp_path: Path) -> None:
    graph = Graph()
    x = graph.input("x", (N, 8))
    call = called(graph, graph.module("act", "activation.SiLU"))
    gate = call("sigmoid", x, name="gate")
    other = graph.call(f"{ATEN}tanh.default", x, name="other")
    graph.output(call("mul.Tensor", x, gate, name="made"), other)
    assert [(row[1], row[3], row[-1]) for row in rows(graph, tmp_path)] == [
        ("sigmoid", "gate", 1), ("tanh", "other", 1), ("mul", "made", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["torch.nn.modules.container.Sequential", "torch.nn.modules.transformer.TransformerEncoderLayer",
                                  "torch.nn.modules.module.Module", "mine.SiLU"])  # fmt: skip
def test_modules_that_hold_others_are_no_rows(kind: str, tmp_path: Path) -> None:
    graph = Graph()
    x = graph.input("x", (N, 8))
    call = called(graph, (("", "net.Net"), ("body", kind)))
    graph.output(call("mul.Tensor", x, call("sigmoid", x, name="gate"), name="made"))
    names = [(name, kind, type_) for name, kind, type_, *_ in rows(graph, tmp_path)]
    assert names == [("body.sigmoid", "sigmoid", "sigmoid"), ("body.mul", "mul", "mul")]


def test_a_module_with_an_unknown_call_stays_apart(tmp_path: Path) -> None:
    graph = Graph()
    x = graph.input("x", (N, 8))
    stack = graph.module("act", "activation.SiLU")
    y = graph.call("torch.ops.mine.magic.default", x, stack=stack, name="magic", shape=(N, 8))
    graph.output(graph.call(f"{ATEN}mul.Tensor", x, y, stack=stack, name="made"))
    assert [(row[3], row[4], row[6], row[-1]) for row in rows(graph, tmp_path)] == [
        ("magic", [8], None, 1), ("made", [8], 0, 1),
    ]  # fmt: skip


def test_a_module_of_two_inputs_is_no_function_of_one(tmp_path: Path) -> None:
    """A subclass may do other things than its class: what its calls give is what counts."""
    graph = Graph()
    x, y = graph.input("x", (N, 8)), graph.input("y", (N, 8))
    call = called(graph, graph.module("act", "activation.SiLU"))
    graph.output(call("mul.Tensor", call("sigmoid", x), y, name="made"))
    ((_, kind, type_, _, output, params, macs, nodes),) = rows(graph, tmp_path)
    assert (kind, type_, output, params, macs, nodes) == ("op", "SiLU", [8], 0, 0, 2)
    graph = Graph()
    call = called(graph, graph.module("act", "activation.ReLU"))
    x = graph.input("x", (N, 8))
    graph.output(call("cat", [call("relu", x), x], 1, name="made"))
    ((_, kind, type_, _, output, *_, nodes),) = rows(graph, tmp_path)
    assert (kind, type_, output, nodes) == ("op", "ReLU", [16], 2)


def test_who_reads_what_was_written_over_reads_the_module(tmp_path: Path) -> None:
    """``relu_`` writes over what the convolution gave; the sum behind reads the convolution's own name."""
    graph = Graph()
    x = graph.input("x", (N, 3, 8, 8))
    weight = graph.parameter("conv.weight", (3, 3, 1, 1))
    conv = graph.call(f"{ATEN}conv2d.default", x, weight, name="conv", stack=graph.module("conv", "conv.Conv2d"))
    call = called(graph, graph.module("act", "activation.Hardswish"))
    clamped = call("clamp_", call("add.Tensor", conv, 3), 0, 6, name="clamped")
    call("mul_.Tensor", conv, clamped, name="times")
    call("div_.Tensor", conv, 6, name="made")
    graph.output(graph.call(f"{ATEN}add.Tensor", conv, x, name="sum"))
    network = cnncalc.load(graph.save(tmp_path / "net.pt2"))
    assert [(node.kind, node.inputs) for node in network.nodes][1:] == [
        ("conv", (0,)),
        ("hardswish", (1,)),
        ("add", (2, 0)),
    ]
