"""What operators make of numbers that stand in a file: what onnx's own evaluation does (numbers.jsonl, by record_numbers.py)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cnncalc.convert.onnx.graph import Passage
from cnncalc.convert.onnx.proto import ModelProto
from cnncalc.convert.onnx.steps import GraphScope
from cnncalc.diagnostics import Source
from cnncalc.network.assembler import Assembler

from .writer import graph, model, node, tensor, value

CASES = [json.loads(line) for line in (Path(__file__).parent / "numbers.jsonl").read_text().splitlines()]


def made(case: list[Any]) -> list[list[Any]]:
    """The shape and the numbers of each output, all inputs being constants of the file."""
    op, version, attributes, given, outputs = case
    names = " ".join("-" if one is None else f"i{place}" for place, one in enumerate(given))
    ends = [f"o{place}" for place in range(len(outputs))]
    given_here = {
        name: tensor("", one[2], one[1], one[3]) if isinstance(one, list) and one[0] == "tensor" else one
        for name, one in attributes.items()
    }
    constants = [tensor(f"i{place}", one[1], one[0], one[2]) for place, one in enumerate(given) if one is not None]
    content = graph([node(op, names, " ".join(ends), "n", **given_here)], [], [value(end) for end in ends], constants)
    scope, passage = GraphScope(), Passage(ModelProto(model(content, version)), Assembler(Source("x", "")), None)
    passage.graph(passage.model.graph, scope)
    assert [step.answer.fault for step in passage.steps if step.answer.fault] == [], case
    found = [scope.find(end) for end in ends]
    return [[list(one.shape or ()), one.numbers] if one is not None else [None, None] for one in found]


@pytest.mark.parametrize("op", sorted({case[0] for case in CASES}))
def test_numbers_are_what_onnx_makes_of_them(op: str) -> None:
    for case in CASES:
        if case[0] != op:
            continue
        for (shape, numbers), (found_shape, found) in zip(case[4], made(case), strict=True):
            assert found_shape == shape, case
            some = op.startswith("Reduce") and shape not in ([], [1] * len(shape))  # a sum of rows is not known
            if some and found is None:
                continue
            assert found == [one if type(one) is not float else pytest.approx(one, rel=1e-5) for one in numbers], case
            assert [type(one) is float for one in found] == [type(one) is float for one in numbers], case


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        ({"value_string": "a"}, []),
        ({"value_strings": ["a", "b"]}, [2]),
        ({"value_int": 3}, []),
        ({"value_ints": [3]}, [1]),
        ({"value_floats": [0.5]}, [1]),
    ],
)
def test_shapes_of_constants_in_a_node(given: dict[str, Any], shape: list[int]) -> None:
    """Texts, too, whose values are not kept."""
    ((found, numbers),) = made(["Constant", 18, given, [], [[shape, None]]])
    assert found == shape
    assert (numbers is None) is any(name.startswith("value_string") for name in given)


def test_texts_have_no_numbers() -> None:
    assert made(["Cast", 18, {"to": 8}, [[1, [2], [1.0, 2.0]]], [[[2], None]]]) == [[[2], None]]
