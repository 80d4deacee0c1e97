"""Records what operators make of known numbers, by onnx's own evaluation: python record_numbers.py  (with onnx)

A line of numbers.jsonl is one operator on drawn numbers: its type, the version of the operators, its attributes, its inputs (type
of the numbers, shape, numbers; null for one that is left out), and the shape and the numbers of each output.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

HERE = Path(__file__).resolve().parent
FLOAT, INT, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
NUMPY = {FLOAT: np.float32, INT: np.int64, BOOL: np.bool_}
#: Pairs of shapes that stretch to each other.
STRETCHED = [([], []), ([3], [3]), ([3], []), ([2, 3], [3]), ([2, 1], [1, 3]), ([1], [2, 2])]
CHANCE = Random(20261127)

Input = tuple[int, list[int], list[Any]] | None
Case = tuple[str, dict[str, Any], list[Input], int]


def drawn(kind: int, shape: list[int], least: int = -9, most: int = 9, zero: bool = True) -> Input:
    count = int(np.prod(shape))
    choice = [one for one in range(least, most + 1) if zero or one]
    if kind == FLOAT:
        return kind, shape, [CHANCE.choice(choice) + CHANCE.choice([0, 0.25, 0.5, -0.25]) for _ in range(count)]
    return kind, shape, [bool(CHANCE.randrange(2)) if kind == BOOL else CHANCE.choice(choice) for _ in range(count)]


def ints(*numbers: int) -> Input:
    return INT, [len(numbers)], list(numbers)


def arithmetic() -> Iterator[Case]:
    for kind in (INT, FLOAT):
        for one, other in STRETCHED:
            for op in ("Add", "Sub", "Mul", "Max", "Min", "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual"):
                yield op, {}, [drawn(kind, one, -3, 3), drawn(kind, other, -3, 3)], 18
            yield "Div", {}, [drawn(kind, one), drawn(kind, other, -4, 4, kind == FLOAT and False)], 18
            yield "Pow", {}, [drawn(kind, one, 1, 5), drawn(INT, other, 0, 3)], 18
            yield "Mod", {"fmod": int(kind == FLOAT)}, [drawn(kind, one), drawn(kind, other, 2, 5)], 18
            yield "Where", {}, [drawn(BOOL, one), drawn(kind, other), drawn(kind, one)], 18
    for one, other in STRETCHED:
        yield "Mod", {}, [drawn(INT, one), drawn(INT, other, -5, -2)], 18
        yield "Mod", {"fmod": 1}, [drawn(INT, one, -9, -1), drawn(INT, other, 2, 5)], 18
        for op in ("And", "Or", "Xor"):
            yield op, {}, [drawn(BOOL, one), drawn(BOOL, other)], 18
        for op in ("BitwiseAnd", "BitwiseOr", "BitwiseXor"):
            yield op, {}, [drawn(INT, one), drawn(INT, other)], 18
        for op in ("Sum", "Mean", "Max", "Min"):
            yield op, {}, [drawn(FLOAT, one), drawn(FLOAT, other), drawn(FLOAT, one)], 18


def alone() -> Iterator[Case]:
    for shape in ([], [4], [2, 3]):
        for op in ("Neg", "Abs", "Floor", "Ceil", "Sign", "Round", "Erf", "Relu", "Identity"):
            yield op, {}, [drawn(FLOAT, shape)], 18
        for op in ("Sqrt", "Log", "Reciprocal", "Exp"):
            yield op, {}, [drawn(FLOAT, shape, 1, 5)], 18
        for op in ("Neg", "Abs", "Sign", "BitwiseNot"):
            yield op, {}, [drawn(INT, shape)], 18
        yield "Not", {}, [drawn(BOOL, shape)], 18
        for one in (FLOAT, INT, BOOL):
            for other in (FLOAT, INT, BOOL, TensorProto.INT32, TensorProto.DOUBLE):
                yield "Cast", {"to": other}, [drawn(one, shape)], 18
        for kind in (FLOAT, INT):
            low, high = (kind, [], [-2]), (kind, [], [3])
            for bounds in ([low, high], [low], [None, high]):
                yield "Clip", {}, [drawn(kind, shape), *bounds], 18


def shapes() -> Iterator[Case]:
    whole = (INT, [2, 3, 4], list(range(24)))
    for start, end in ((0, 2), (1, 3), (-1, 9), (-2, -1), (2, 1)):
        yield "Shape", {"start": start, "end": end}, [whole], 18
    yield "Shape", {}, [whole], 13
    yield "Size", {}, [whole], 18
    for wanted in ([0, -1], [-1], [4, 6], [0, 0, 2, 2], [3, -1, 2]):
        yield "Reshape", {}, [whole, ints(*wanted)], 18
    yield "Reshape", {"allowzero": 1}, [(INT, [0, 3], []), ints(3, 0)], 18
    for axis in (0, 1, 2, 3, -1):
        yield "Flatten", {"axis": axis}, [whole], 18
    for order in ([2, 0, 1], [1, 0, 2], [2, 1, 0]):
        yield "Transpose", {"perm": order}, [whole], 18
    yield "Transpose", {}, [whole], 18
    flat = (INT, [1, 3, 1], [7, 8, 9])
    for axes in ([0], [2], [-1, 0], [-3]):
        yield "Squeeze", {}, [flat, ints(*axes)], 18
        yield "Unsqueeze", {}, [flat, ints(*axes)], 18
    yield "Squeeze", {}, [flat], 18


def parts() -> Iterator[Case]:
    row, whole = (INT, [7], list(range(7))), (INT, [3, 4], list(range(12)))
    for start, end, step in ((1, 3, 1), (0, 99, 2), (-3, -1, 1), (-1, -99, -1), (5, 1, -2), (-99, 3, 1), (6, -8, -3), (4, 0, -1),
                             (-1, -8, -1), (2, -7, -1), (3, 3, 1), (5, 2, 1)):  # fmt: skip
        yield "Slice", {}, [row, ints(start), ints(end), ints(0), ints(step)], 18
    yield "Slice", {}, [whole, ints(1), ints(3)], 18
    yield "Slice", {}, [whole, ints(1, 0), ints(3, 2)], 18
    yield "Slice", {}, [whole, ints(0, -1), ints(2, -5), ints(-2, -1), ints(1, -1)], 18
    for axis in (0, 1, -1):
        count = whole[1][axis]
        for indices in (
            (INT, [], [1]),
            (INT, [], [-1]),
            ints(2, 0),
            ints(-count, count - 1),
            (INT, [2, 2], [0, 1, 1, 0]),
        ):
            yield "Gather", {"axis": axis}, [whole, indices], 18
        yield "Concat", {"axis": axis}, [whole, whole, whole], 18
        yield "Split", {"axis": axis, "num_outputs": 2}, [whole], 18
        yield "Split", {"axis": axis, "num_outputs": 3}, [whole], 18
        yield "Split", {"axis": axis}, [whole, ints(1, count - 1)], 18
    yield "Concat", {"axis": 0}, [row, ints(9), ints()], 18
    yield "Concat", {"axis": 2}, [(INT, [2, 1, 2], [1, 2, 3, 4]), (INT, [2, 1, 1], [5, 6])], 18
    for value, wanted in (
        (ints(5), [3]),
        ((INT, [2, 1], [1, 2]), [2, 3]),
        (ints(1, 2), [3, 1]),
        ((INT, [], [4]), [2, 2]),
    ):
        yield "Expand", {}, [value, ints(*wanted)], 18
    for times in ([1, 2], [2, 1], [3, 2], [0, 1]):
        yield "Tile", {}, [(INT, [2, 2], [1, 2, 3, 4]), ints(*times)], 18


def made() -> Iterator[Case]:
    for start, limit, step in ((0, 5, 1), (0, 5, 2), (5, 0, -2), (3, 3, 1), (5, 1, 1), (-4, 5, 3), (1, 0, -1)):
        yield "Range", {}, [(INT, [], [start]), (INT, [], [limit]), (INT, [], [step])], 18
    for start, limit, step in ((0.0, 1.0, 0.25), (0.5, 2.0, 0.5), (1.0, -1.0, -0.75), (0.0, 1.1, 0.5), (2.0, 1.0, 1.0)):
        yield "Range", {}, [(FLOAT, [], [start]), (FLOAT, [], [limit]), (FLOAT, [], [step])], 18
    for shape in ([3], [2, 2], [], [0]):
        yield "ConstantOfShape", {"value": ["tensor", INT, [1], [7]]}, [ints(*shape)], 18
        yield "ConstantOfShape", {}, [ints(*shape)], 18
    for numbers in ([0, 1, 0, 1], [0, 0, 0, 0], [2, 0, 0, -1]):
        yield "NonZero", {}, [(INT, [4], numbers)], 18
        yield "NonZero", {}, [(INT, [2, 2], numbers)], 18
    yield "NonZero", {}, [(INT, [2, 1, 3], [0, 1, 1, 0, 0, 4])], 18
    for value in (("value_ints", [4, 5]), ("value_int", 6), ("value_floats", [0.5, 0.25]), ("value_float", 1.5)):
        yield "Constant", dict([value]), [], 18
    for op in ("ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin", "ReduceMean"):
        whole = drawn(FLOAT if op == "ReduceMean" else INT, [2, 3], 1, 6)
        for axes in ([0], [1], [-1], [0, 1]):
            for keep in (0, 1):
                yield op, {"keepdims": keep}, [whole, ints(*axes)], 18
        yield op, {}, [whole], 18
        yield op, {"noop_with_empty_axes": 1}, [whole], 18
        yield op, {"keepdims": 0}, [drawn(INT, [4], 1, 6)], 18


def answer(case: Case) -> list[Any]:
    """The line of a case."""
    op, attributes, given, version = case
    given = [list(one) if one else None for one in given]
    names = ["" if one is None else f"i{place}" for place, one in enumerate(given)]
    count = attributes.get("num_outputs", 2 if op == "Split" else 1)
    real = {
        name: helper.make_tensor("", *value[1:]) if isinstance(value, list) and value[0] == "tensor" else value
        for name, value in attributes.items()
    }
    outs = [f"o{place}" for place in range(count)]
    node = helper.make_node(op, names, outs, **real)
    arrays = {
        name: np.array(one[2], NUMPY[one[0]]).reshape(one[1]) for name, one in zip(names, given, strict=True) if one
    }
    graph = helper.make_graph(
        [node], "g", [helper.make_tensor_value_info(name, one[0], one[1]) for name, one in zip(names, given, strict=True) if one],
        [onnx.ValueInfoProto(name=name) for name in outs],
    )  # fmt: skip
    results = ReferenceEvaluator(helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)])).run(
        None, arrays
    )
    found = [np.asarray(one) for one in results]
    return [op, version, attributes, given, [[list(one.shape), one.flatten().tolist()] for one in found]]


def main() -> None:
    lines = []
    for case in (*arithmetic(), *alone(), *shapes(), *parts(), *made()):
        try:
            lines.append(json.dumps(answer(case), separators=(",", ":")))
        except Exception as fault:
            print(case, repr(fault)[:100])
    (HERE / "numbers.jsonl").write_text("\n".join(dict.fromkeys(lines)) + "\n")
    print(len(lines), "recorded")


if __name__ == "__main__":
    main()
