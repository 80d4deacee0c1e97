"""Records onnx's own tests of its operators: python record_nodes.py  (with onnx; tests/oracles/test_onnx_nodes.py asks it itself)

A line of nodes.jsonl is one operator, of alike ones the first: its type, domain and version of the operators, its attributes, its
inputs (name, type of the numbers, shape, and of small ones the numbers; an empty name is an input that is left out), and
the name and shape of each output, with the axis along which its samples lie: such that a change of one sample of the first
input changes that sample alone; null where none does, false where the first input is none of several samples of floats.
"""

from __future__ import annotations

import json
import sys
from math import prod
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1])]

import numpy as np  # noqa: E402
import onnx  # noqa: E402

from oracles.test_onnx_nodes import UNKNOWN, cases, tensor  # noqa: E402

#: Numbers that are kept of a tensor: as many as shapes, axes and factors have.
MOST = 24
#: Types of numbers that writer.py writes.
WRITTEN = {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 16}


def attribute(one: Any) -> Any:
    """The value of an attribute. Raises ValueError for one that is a graph, or no number or text."""
    value = onnx.helper.get_attribute_value(one)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, int | float):
        return value
    if isinstance(value, list | tuple) and all(isinstance(item, int | float) for item in value):
        return list(value)
    if isinstance(value, list) and all(isinstance(item, bytes) for item in value):
        return [item.decode() for item in value]
    raise ValueError(one.name)


def samples(case: Any) -> dict[str, int | None]:
    """By output the axis of the samples, by onnx's own evaluation."""
    from onnx.reference import ReferenceEvaluator

    graph, (given, _) = case.model.graph, case.data_sets[0]
    inputs = {info.name: np.array(one) for info, one in zip(graph.input, given, strict=True)}
    first = next(iter(inputs.values()), None)
    if first is None or first.dtype not in (np.float32, np.float64) or first.ndim < 2 or not 2 <= first.shape[0] <= 8:
        return {}
    names = [info.name for info in graph.output]
    try:
        run = ReferenceEvaluator(case.model).run
        before, changes = run(None, inputs), []
        for sample in range(first.shape[0]):
            moved = first.copy()
            moved[sample] = moved[sample] * 0.7 + np.linspace(0.01, 0.2, moved[sample].size).reshape(
                moved[sample].shape
            )
            changes.append(run(None, {**inputs, next(iter(inputs)): moved}))
    except Exception:  # whatever the operators of the evaluation do not take
        return {}
    found: dict[str, int | None] = {}
    for place, name in enumerate(names):
        one = np.asarray(before[place])
        masks = [np.asarray(after[place]) != one for after in changes]
        if any(mask.shape != one.shape for mask in masks) or not any(mask.any() for mask in masks):
            continue
        axes = [axis for axis in range(one.ndim) if one.shape[axis] == len(masks)
                and all(not np.delete(mask, sample, axis).any() for sample, mask in enumerate(masks))]  # fmt: skip
        found[name] = axes[0] if len(axes) == 1 else None
    return found


def answer(case: Any) -> list[Any]:
    """The line of a test. Raises ValueError where it is more than one operator on tensors of numbers."""
    graph, (given, made) = case.model.graph, case.data_sets[0]
    if len(graph.node) != 1 or graph.initializer:
        raise ValueError("several")
    (node,) = graph.node
    entering = {info.name: tensor(one) for info, one in zip(graph.input, given, strict=True)}
    inputs: list[Any] = []
    for name in node.input:
        if not name:
            inputs.append(["", 1, [], None])
            continue
        one = entering[name]
        shape = list(one.dims)
        if one.data_type not in WRITTEN:
            raise ValueError(name)
        numbers = (
            onnx.numpy_helper.to_array(one).flatten().tolist() if prod(shape) <= MOST and one.data_type != 16 else None
        )
        inputs.append([name, one.data_type, shape, numbers])
    if graph.input and (not node.input or node.input[0] != graph.input[0].name):
        raise ValueError("order")
    attributes = {one.name: attribute(one) for one in node.attribute}
    versions = {one.domain: one.version for one in case.model.opset_import}
    axes = samples(case)
    outputs = [
        [info.name, list(tensor(one).dims), axes.get(info.name, False)]
        for info, one in zip(graph.output, made, strict=True)
    ]
    return [node.op_type, node.domain, versions[node.domain], attributes, inputs, list(node.output), outputs]


def main() -> None:
    lines: dict[str, str] = {}
    left_out = 0
    for case in cases():
        if case.name.endswith("_expanded") or "_expanded_" in case.name or case.model.graph.node[-1].op_type in UNKNOWN:
            continue
        try:
            found = answer(case)
        except (ValueError, UnicodeDecodeError):
            left_out += 1
            continue
        line = json.dumps(found, separators=(",", ":"))
        alike = [
            found[0],
            found[3],
            [[bool(name), shape, kind in (6, 7) and numbers] for name, kind, shape, numbers in found[4]],
        ]
        if "NaN" not in line and "Infinity" not in line:
            lines.setdefault(json.dumps(alike), line)
    (HERE / "nodes.jsonl").write_text("\n".join(lines.values()) + "\n")
    print(len(lines), "recorded,", left_out, "left out")


if __name__ == "__main__":
    main()
