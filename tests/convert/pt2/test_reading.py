"""How a graph is gone through: what gives nothing, what an operator is called, one fault for one mistake, what no call reads."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.convert.pt2.program import read as read_program
from cnncalc.convert.pt2.stream import JsonStream
from cnncalc.convert.readers import How, ModelFile, Request, by_name
from cnncalc.diagnostics import SpecError

from .writer import Graph, Name, residual, save

ATEN = "torch.ops.aten."
N = ("s0", 2)


@pytest.fixture
def load(tmp_path: Path) -> Any:
    return lambda graph, **how: cnncalc.load(graph.save(tmp_path / "net.pt2"), **how)


@pytest.mark.parametrize("given", [{}, {None: (3, 8, 8)}])
def test_a_program_in_memory_is_read_as_that_of_a_file(load: Any, given: dict[Any, Any]) -> None:
    """`torch.nn` modules are exported, and nothing is written."""
    program = read_program(JsonStream(io.BytesIO(json.dumps(residual().document()).encode()).read))
    reader = by_name("pt2")
    network = reader.read(ModelFile("Net", "", program, reader, How()), Request(given))
    of_file = cnncalc.analyze(load(residual(), **({"input": "3x8x8"} if given else {}))).totals
    totals = cnncalc.analyze(network).totals
    assert (totals.params, totals.macs, totals.buffers) == (of_file.params, of_file.macs, of_file.buffers)
    assert network.nodes[0].output == given.get(None, (3, 16, 16))


@pytest.mark.parametrize("check", ["_assert_scalar", "_assert_async", "_assert_tensor_metadata", "sym_constrain_range_for_size",
                                   "sym_constrain_range", "_enter_autocast", "_exit_autocast", "_set_grad_enabled", "_print"])  # fmt: skip
def test_checks_and_marks_are_no_layers(load: Any, check: str) -> None:
    graph = Graph()
    x = graph.input("x", (N, 8))
    graph.call(f"{ATEN}{check}.default", x, 3)
    graph.nodes[-1]["outputs"] = []
    graph.output(graph.call(f"{ATEN}relu.default", x))
    network = load(graph)
    assert ([node.kind for node in network.layers], network.diagnostics) == (["relu"], ())


@pytest.mark.parametrize(
    ("target", "type_"),
    [
        (f"{ATEN}magic.default", "magic"), (f"{ATEN}magic_.default", "magic"), ("torch.ops.torchvision.magic.default", "magic"),
        ("torch.ops.prims.magic.default", "magic"), ("torch.ops.mine.magic_.default", "mine::magic_"), ("torch.ops.mine.magic", "mine::magic"),
    ],
)  # fmt: skip
def test_what_an_operator_is_called(load: Any, target: str, type_: str) -> None:
    """Those of PyTorch by their names, others by their libraries' names, too; a row by the module around it."""
    graph = Graph()
    x = graph.input("x", (N, 8))
    stack = (("", "net.Net"), ("body", "net.Body"))
    y = graph.call(target, x, stack=stack, line=("net.py", 7, "magic(x)"), name="first")
    graph.output(graph.call(target, y, name="second"))
    network = load(graph)
    rows = cnncalc.analyze(network).to_dict()["layers"]
    assert [(row["name"], row["type"], row["module"], row["macs"]) for row in rows] == [
        (f"body.{type_}", type_, "body", None), (type_, type_, None, None),
    ]  # fmt: skip
    (note,) = network.diagnostics
    assert note.spot.name == f"node 'body.{type_}' ({type_}, net.py:7)"


def test_operators_of_torchvision_have_rules(load: Any) -> None:
    graph = Graph()
    x, boxes = graph.input("x", (1, 8, 16, 16)), graph.input("boxes", (3, 5))
    graph.output(graph.call("torch.ops.torchvision.roi_align.default", x, boxes, 1.0, 7, 7, 2, False))
    network = load(graph)
    assert ([network.origins[node.position].type for node in network.layers], network.diagnostics) == (
        ["roi_align"],
        (),
    )


def test_one_mistake_is_one_fault(load: Any) -> None:
    """What stands behind it has no known input, and is not refused, too; a second mistake is."""
    graph = Graph()
    x, weight = graph.input("x", (N, 8)), graph.parameter("fc.weight", (5, 9))
    y = graph.call(f"{ATEN}linear.default", x, weight, stack=graph.module("first", "linear.Linear"))
    y = graph.call(f"{ATEN}linear.default", y, weight, stack=graph.module("behind", "linear.Linear"))
    z = graph.call(f"{ATEN}linear.default", x, weight, stack=graph.module("beside", "linear.Linear"))
    graph.output(y, z)
    with pytest.raises(SpecError) as caught:
        load(graph)
    assert [(one.spot.name, one.message) for one in caught.value.diagnostics] == [
        (f"node '{name}' (Linear)", "it is made for 9 values, and the input Nx8 has 8 on its last axis")
        for name in ("first", "beside")
    ]


def test_names_that_nothing_gave(load: Any) -> None:
    graph = Graph()
    graph.input("x", (N, 8))
    graph.output(graph.call(f"{ATEN}relu.default", Name("y" * 200)))
    with pytest.raises(SpecError, match=f"'{'y' * 80}' is read in the graph, and given by nothing before"):
        load(graph)


@pytest.mark.parametrize("sizes", [None, [{"as_expr": {"expr_str": "Symbol('s0')"}}, {"as_int": 3}]])
def test_weights_without_a_shape(tmp_path: Path, sizes: Any) -> None:
    graph = Graph()
    x, weight = graph.input("x", (N, 8)), graph.parameter("fc.weight", (5, 8))
    graph.output(graph.call(f"{ATEN}linear.default", x, weight))
    document = graph.document()
    tensors = document["graph_module"]["graph"]["tensor_values"]
    if sizes is None:
        del tensors["p_fc_weight"]
    else:
        tensors["p_fc_weight"]["sizes"] = sizes
    save(tmp_path / "net.pt2", document)
    with pytest.raises(SpecError, match=r"net\.pt2: the archive does not say the shape of 'fc\.weight'"):
        cnncalc.load(tmp_path / "net.pt2")


def test_what_no_call_reads_is_counted_once_by_its_module(load: Any) -> None:
    """``b`` has the weight of ``a``, which is read; ``c`` and ``d`` have one that nothing reads."""
    graph = Graph()
    x, weight = graph.input("x", (N, 8)), graph.parameter("a.weight", (5, 8))
    graph.parameter("b.weight", (5, 8), storage=graph.storages["a.weight"])
    graph.parameter("c.weight", (7, 8), storage="other")
    graph.parameter("c.bias", (7,))
    graph.parameter("d.weight", (7, 8), storage="other")
    graph.buffer("e.mean", (100,))
    graph.output(graph.call(f"{ATEN}linear.default", x, weight))
    network = load(graph)
    totals = cnncalc.analyze(network).totals
    assert (totals.params, totals.params_train, totals.buffers) == (40, 40 + 63, 0)
    (note,) = network.diagnostics
    assert note.message == "forward never runs c: 63 parameters, counted as of training only"


def test_more_names_than_results(load: Any) -> None:
    """What a call is said to give, and does not, is not known; nor is what reads it."""
    graph = Graph()
    x = graph.input("x", (N, 8, 4, 4))
    _, b, c = graph.call(f"{ATEN}split_with_sizes.default", x, [3, 5], 1, outs=["a", "b", "c"])
    graph.output(graph.call(f"{ATEN}relu.default", b, name="known"), graph.call(f"{ATEN}relu.default", c, name="not"))
    network = load(graph)
    assert [network.nodes[port.node].output for port in network.outputs] == [(5, 4, 4), None]


@pytest.mark.parametrize(("given", "full", "behind"), [({}, [1, 5, 8, 8], (5, 8, 8)), ({"input": "3x4x4"}, None, None)])
def test_the_files_shape_of_what_has_no_rule(load: Any, given: dict[str, str], full: Any, behind: Any) -> None:
    graph = Graph()
    x = graph.input("x", (N, 3, 8, 8))
    y = graph.call("torch.ops.mine.magic.default", x, name="magic", shape=(N, 5, 8, 8))
    graph.output(graph.call(f"{ATEN}relu.default", y))
    network = load(graph, **given)
    rows = cnncalc.analyze(network).to_dict()["layers"]
    assert (rows[0]["full"], network.nodes[-1].output) == (full, behind)
