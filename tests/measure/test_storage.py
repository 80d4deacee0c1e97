"""Bytes of a network whose file has a type for every tensor: by hand, the types that are asked for over the file's own."""

from __future__ import annotations

import cnncalc
from cnncalc.measure.footprint import Footprint
from cnncalc.measure.result import NetworkAnalysis, analyze
from cnncalc.network import Network
from cnncalc.network.read_from import Allocations, Buffer


def typed() -> Network:
    """conv of 8·27 weights and 8 biases, relu and fc of 288·5 weights and 5 biases: int8 with biases of 32 bits, but the relu."""
    network = cnncalc.loads("input 3x8x8\na = conv 8 3\nb = relu\nflatten\nc = fc 5\nhead h train:\n    fc 2")
    whole = {"activations": "int8", "weights": "int8", "biases": "int32"}
    network.types = {node.position: dict(whole) for node in network.nodes}
    network.types[2] = {**whole, "activations": "fp32"}
    network.dtypes = dict(whole)
    return network


def test_every_tensor_has_its_bytes() -> None:
    storage = analyze(typed(), batch=2).storage
    nodes = storage.execution.network.nodes
    assert [storage.output(node) for node in nodes] == [2 * 192, 2 * 288, 4 * 2 * 288, 2 * 288, 2 * 5, 2 * 2]
    assert [storage.learned(node) for node in nodes] == [0, 216 + 4 * 8, 0, 0, 1440 + 4 * 5, 10 + 4 * 2]
    assert storage.all_learned(216 + 8 + 1440 + 5) == 216 + 32 + 1440 + 20
    assert storage.others == {"fp32": 1}
    assert str(storage).endswith("; 1 tensor fp32")


def test_several_tensors_of_another_type_are_counted() -> None:
    network = typed()
    network.types[3] = {**network.types[3], "activations": "fp32"}
    network.types[4] = {**network.types[4], "activations": "int16"}
    storage = analyze(network).storage
    assert storage.others == {"fp32": 2, "int16": 1}
    assert str(storage).endswith("; 2 tensors fp32; 1 tensor int16")


def test_what_is_asked_for_holds_for_all() -> None:
    for given, output, learned in (
        ({"activations": "fp16"}, 2 * 288, 216 + 32), ({"weights": "fp16"}, 4 * 288, 2 * 216 + 32), ({"biases": "int8"}, 4 * 288, 216 + 8),
        ({"weights": "fp64", "biases": "fp64"}, 4 * 288, 8 * 224), ("fp32", 4 * 288, 4 * 224),
    ):  # fmt: skip
        storage = analyze(typed(), dtype=given).storage
        assert (
            storage.output(storage.execution.network.nodes[2]),
            storage.learned(storage.execution.network.nodes[1]),
        ) == (output, learned)
        params = sum(storage.learned(node) for node in storage.execution.network.nodes if not node.train)
        assert storage.all_learned(216 + 8 + 1440 + 5) == params


def test_of_one_type_all_are_counted_at_once() -> None:
    network = cnncalc.loads("input 3x8x8\na = conv 8 3\nhead h train:\n    gavgpool | fc 2")
    for dtype, size in (("fp32", 4 * 224), ("int8", 224), ("fp64", 8 * 224)):
        assert analyze(network, dtype=dtype).storage.all_learned(224) == size
    parts = analyze(network, dtype={"weights": "int4", "biases": "int8"}).storage
    assert parts.all_learned(224) == 108 + 8
    assert analyze(cnncalc.loads("input 3x5x5\nconv 3 1 bias=no"), dtype="int4").storage.all_learned(9) == 5


def test_another_network_under_the_same_conditions() -> None:
    """What was asked for; and of a spec, which has no types of its own, those of the first one."""
    plain, own = cnncalc.loads("input 3x8x8\nconv 8 3"), typed()
    first: NetworkAnalysis = analyze(own, batch=3, dtype={"weights": "fp16"}, execution="fused")
    other = first.like(plain)
    assert (other.batch, other.execution.way, other.dtypes) == (3, "fused", first.dtypes)
    assert other.dtypes._asdict() == {"activations": "int8", "weights": "fp16", "biases": "int32"}
    back = other.like(typed())
    assert back.storage.output(back.network.nodes[2]) == 3 * 288  # now all that was asked for
    again = first.like(typed())
    assert (again.storage.output(again.network.nodes[2]), again.dtypes) == (4 * 3 * 288, first.dtypes)


def test_the_document_has_the_type_of_each_tensor() -> None:
    """Of what a kernel works in there is none."""
    network = typed()
    document = Footprint(analyze(network)).to_dict()
    assert [(one["name"], one["bytes"], one["dtype"]) for one in document["arena"]["tensors"]] == [
        ("input", 192, "int8"), ("a", 288, "int8"), ("b", 4 * 288, "fp32"), ("flatten1", 288, "int8"), ("c", 16, "int8"),
    ]  # fmt: skip
    assert [(one["name"], one["bytes"], one["dtype"]) for one in document["held"]] == [
        ("b", 1152, "fp32"),
        ("a", 288, "int8"),
    ]
    network.allocations = Allocations((Buffer(2, 2, 3), Buffer(1, 1, 1, (64, 0))))
    document = Footprint(analyze(network)).to_dict()
    assert [(one["name"], one["bytes"], one["dtype"]) for one in document["arena"]["tensors"]] == [
        ("b", 1152, "fp32"), ("a (scratch)", 64, None),
    ]  # fmt: skip
