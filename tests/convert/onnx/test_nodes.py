"""Single operators of onnx's own tests (nodes.jsonl, made by record_nodes.py), and those of ONNX Runtime, as it runs them
(runtime.jsonl, by record_runtime.py): what each gives has the shape that comes out, and is read so from a file, too.
"""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.convert.onnx.graph import Passage
from cnncalc.convert.onnx.proto import ModelProto
from cnncalc.convert.onnx.steps import GraphScope
from cnncalc.convert.onnx.values import Value
from cnncalc.diagnostics import Source
from cnncalc.network.assembler import Assembler

from .writer import graph, model, node, tensor, value

HERE = Path(__file__).parent
RECORDS = [HERE / "nodes.jsonl", HERE / "runtime.jsonl"]
CASES = [json.loads(line) for record in RECORDS for line in record.read_text().splitlines()]
OPERATORS = sorted({case[0] for case in CASES})


#: Operators that, along the samples, mix them: the axis is still theirs, for it has one place for each.
MIXED = {
    "BatchNormalization", "CumProd", "CumSum", "Hardmax", "LayerNormalization", "LogSoftmax", "LpNormalization",
    "MeanVarianceNormalization", "RMSNormalization", "ReverseSequence", "Softmax",
}  # fmt: skip


def written(case: list[Any]) -> tuple[bytes, list[Any]]:
    """The file of an operator, whose first input enters and whose others are constants; and that first input."""
    op, domain, version, attributes, inputs, outputs, made = case
    made_node = node(
        op,
        " ".join(one[0] or "-" for one in inputs),
        " ".join(one or "-" for one in outputs),
        "n",
        domain,
        **attributes,
    )
    entering, *others = inputs or [None]
    constants = [tensor(name, shape, kind, numbers) for name, kind, shape, numbers in others if name]
    ends = [value(name) for name, *_ in made]
    content = graph(
        [made_node], [value(entering[0], *entering[2], dtype=entering[1])] if entering else [], ends, constants
    )
    opsets = {domain.replace(".", "_"): version} if domain else {}
    return model(content, version if not domain else 21, **opsets), entering


@pytest.mark.parametrize("op", OPERATORS)
def test_the_shape_is_what_comes_out(op: str) -> None:
    for case in CASES:
        if case[0] != op:
            continue
        data, entering = written(case)
        scope, passage = GraphScope(), Passage(ModelProto(data), Assembler(Source("x", "")), None)
        if entering:
            first = Value(tuple(entering[2]))
            if entering[1] in (6, 7):
                first._numbers = entering[3]
            scope.own[entering[0]] = first
        passage.graph(passage.model.graph, scope)
        assert [step.answer.fault for step in passage.steps if step.answer.fault] == [], case
        found = [scope.find(name) for name, *_ in case[6]]
        assert [None if one is None else list(one.shape or ()) if one.shape is not None else None for one in found] == [
            shape for _, shape, _ in case[6]
        ], case  # fmt: skip


@pytest.mark.parametrize("op", OPERATORS)
def test_it_is_read_from_a_file(op: str, tmp_path: Path) -> None:
    """What a layer gives is whole, or a sample's: along the axis at whose places the result changes when one sample of the
    first input does, as onnx has tried. Nothing is known, or it is right.
    """
    path = tmp_path / "net.onnx"
    for case in CASES:
        data, entering = written(case) if case[0] == op else (b"", None)
        if not entering or len(entering[2]) < 2 or prod(entering[2]) == 0:
            continue
        path.write_bytes(data)
        try:
            network = cnncalc.load(path)
        except cnncalc.SpecError:
            continue  # a first input that is a constant, too: a shape, a condition
        wanted = {name: (shape, axis) for name, shape, axis in case[6]}
        for place, origin in network.origins.items():
            output = network.nodes[place].output
            if origin.tensor not in wanted or output is None:
                continue
            shape, axis = wanted[origin.tensor]
            samples = () if origin.axis is None else (network.file_batch,)
            at = origin.axis or 0
            assert [*output[:at], *samples, *output[at:]] == shape, case
            mixed = axis is None and op in MIXED and origin.tensor == case[6][0][0]
            known = (0,) if mixed else (None, axis) if op == "GatherND" else (axis,)
            assert axis is False or origin.axis in known, case
