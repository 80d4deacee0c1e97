"""onnx's own tests of its operators, one a test: what each gives, by onnx's reference, has the shape that is read here.

Inputs behind the first are taken for numbers of the file: shapes, axes and pads mostly are. None may be wrong; what has
no shape before it runs, or is no tensor, is unknown.
"""

from __future__ import annotations

import warnings
from typing import Any

import pytest

onnx = pytest.importorskip("onnx")
np = pytest.importorskip("numpy")

from cnncalc.convert.onnx.graph import HANDLERS, Passage  # noqa: E402
from cnncalc.convert.onnx.proto import ModelProto  # noqa: E402
from cnncalc.convert.onnx.steps import GraphScope  # noqa: E402
from cnncalc.convert.onnx.values import Value  # noqa: E402
from cnncalc.diagnostics import Source  # noqa: E402
from cnncalc.network.assembler import Assembler  # noqa: E402

#: What hangs on values: no shape can be told of it before it runs. Range and Expand are asked with floats, or in loops.
UNKNOWN = {"Compress", "NonMaxSuppression", "NonZero", "Unique", "Loop", "Range", "Cast"}


def cases() -> list[Any]:
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = collect_testcases(None)
    return [one for one in found if one.data_sets and _tensors(one.model.graph) and _ours(one.model)]


def _tensors(graph: Any) -> bool:
    return all(one.type.WhichOneof("value") == "tensor_type" for one in [*graph.input, *graph.output])


def _ours(model: Any) -> bool:
    return all(one.op_type in HANDLERS or one.op_type in ("If", "Loop", "Scan") for one in model.graph.node)


def tensor(value: Any) -> Any:
    return value if isinstance(value, onnx.TensorProto) else onnx.numpy_helper.from_array(np.asarray(value))


def found(case: Any) -> tuple[list[Any], list[tuple[int, ...]], str]:
    """The shapes as they are read, as they are, and the last operator."""
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    graph, (given, made) = model.graph, case.data_sets[0]
    inputs = [tensor(one) for one in given]
    for info, one in list(zip(graph.input, inputs, strict=True))[1:]:
        one.name = info.name
        graph.initializer.append(one)
    scope, passage = GraphScope(), Passage(ModelProto(model.SerializeToString()), Assembler(Source("x", "")), None)
    if inputs:
        first = Value(tuple(inputs[0].dims))
        if inputs[0].data_type in (6, 7) and np.prod(inputs[0].dims, dtype=int) < 64:
            first._numbers = onnx.numpy_helper.to_array(inputs[0]).flatten().tolist()
        scope.own[graph.input[0].name] = first
    passage.graph(passage.model.graph, scope)
    faults = [step.answer.fault for step in passage.steps if step.answer.fault]
    assert faults == []
    values = [scope.find(one.name) for one in graph.output]
    shapes = [None if one is None else one.shape for one in values]
    return shapes, [tuple(tensor(one).dims) for one in made], graph.node[-1].op_type


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
@pytest.mark.filterwarnings("ignore")
def test_the_shape_is_what_comes_out(case):
    shapes, made, op = found(case)
    wrong = [(ours, theirs) for ours, theirs in zip(shapes, made, strict=True) if ours not in (None, theirs)]
    assert wrong == []
    old = op == "Scan" and case.model.opset_import[0].version < 9  # it has axes of its own for batches
    if op not in UNKNOWN and not old and not case.name.endswith("_expanded"):
        assert shapes == made
