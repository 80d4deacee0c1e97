"""Records what LiteRT makes of single operators: python record_operators.py  (pip install ai-edge-litert tflite)

A line of operators.jsonl is an operator: its name, its inputs (shape and, of a constant, its values; "zeros" for weights),
its options and the shape of its output, then, where LiteRT takes that, another shape of the first input and the
output's shape with it.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from ai_edge_litert.interpreter import Interpreter
from writing import FLOAT, Single, single

HERE = Path(__file__).resolve().parent
CHANCE = Random(5)


def picked(*some: Any) -> Any:
    return CHANCE.choice(some)


def number(low: int, high: int) -> int:
    return CHANCE.randint(low, high)


def image(channels: int = 3, low: int = 5, high: int = 9) -> list[int]:
    return [1, number(low, high), number(low, high), channels]


def steps() -> dict[str, int]:
    return {"Padding": number(0, 1), "StrideH": number(1, 3), "StrideW": number(1, 3)}


def dilated(values: dict[str, int]) -> dict[str, int]:
    if CHANCE.random() < 0.3:
        values |= {"StrideH": 1, "StrideW": 1, "DilationHFactor": number(1, 2), "DilationWFactor": number(1, 2)}
    return values


def biased(filters: int) -> list[Any]:
    return [[[filters], "zeros"]] if CHANCE.random() < 0.7 else []


def convolution() -> Single:
    groups, filters = picked(1, 1, 2), number(1, 3)
    weights = [filters * groups, number(1, 3), number(1, 3), 4 // groups]
    return Single(
        "CONV_2D", [[image(4), None], [weights, "zeros"], *biased(weights[0])], "Conv2DOptions", dilated(steps())
    )


def depthwise() -> Single:
    channels, multiplier, values = number(1, 3), number(1, 3), steps()
    values["StrideW"] = values["StrideH"]
    weights = [1, number(1, 3), number(1, 3), channels * multiplier]
    given = dilated(values) | {"DepthMultiplier": multiplier}
    return Single(
        "DEPTHWISE_CONV_2D",
        [[image(channels), None], [weights, "zeros"], *biased(weights[3])],
        "DepthwiseConv2DOptions",
        given,
    )


def dense() -> Single:
    units, many = number(1, 5), CHANCE.random() < 0.5
    shape, kept = ([1, number(2, 4), number(2, 5)], number(0, 1)) if many else ([1, number(1, 9)], 0)
    width = shape[-1] if kept or not many else shape[1] * shape[2]
    return Single("FULLY_CONNECTED", [[shape, None], [[units, width], "zeros"], *biased(units)], "FullyConnectedOptions",
                  {"KeepNumDims": kept} if kept else {})  # fmt: skip


def transposed() -> Single:
    stride, kernel, shape, filters = number(1, 3), number(1, 4), image(2, 3, 5), number(1, 3)
    padding = number(0, 1)
    sizes = [size * stride if padding == 0 else (size - 1) * stride + kernel for size in shape[1:3]]
    if padding == 1 and stride > kernel:
        sizes = [size + stride - kernel for size in sizes]
    given = {"Padding": padding, "StrideH": stride, "StrideW": stride}
    return Single("TRANSPOSE_CONV", [[[4], [1, *sizes, filters]], [[filters, kernel, kernel, 2], "zeros"], [shape, None], *biased(filters)],
                  "TransposeConvOptions", given)  # fmt: skip


def pool() -> Single:
    given = steps() | {"FilterHeight": number(1, 4), "FilterWidth": number(1, 4)}
    return Single(picked("AVERAGE_POOL_2D", "MAX_POOL_2D"), [[image(), None]], "Pool2DOptions", given)


def merged() -> Single:
    name, shape = picked("ADD", "SUB", "MUL", "DIV", "MAXIMUM", "MINIMUM"), image()
    other = picked(
        [shape, None], [shape, None], [[1, 1, 1, 3], None] if name == "MUL" else [shape, None], [[3], "zeros"], [[1], "zeros"],
        [[1, 1, 1, 3], "zeros"], [[], "zeros"],
    )  # fmt: skip
    return Single(name, [[shape, None], other], None, {})


def joined() -> Single:
    shape, axis = image(), number(1, 3)
    others = [[*shape[:axis], number(1, 4), *shape[axis + 1 :]] for _ in range(number(1, 2))]
    return Single(
        "CONCATENATION",
        [[one, None] for one in [shape, *others]],
        "ConcatenationOptions",
        {"Axis": picked(axis, axis - 4)},
    )


def reshaped() -> Single:
    shape = image(4, 3, 6)
    area = shape[1] * shape[2]
    target = picked(
        [1, area * 4], [1, area, 4], [1, shape[2], shape[1], 4], [1, shape[1], shape[2] * 4], [1, 2, area * 2]
    )
    return picked(
        Single("RESHAPE", [[shape, None], [[len(target)], target]], None, {}),
        Single("EXPAND_DIMS", [[[1, 4, 5], None], [[1], [picked(1, 2, 3)]]], "ExpandDimsOptions", {}),
    )


def bordered() -> Single:
    pairs = [
        [0, 0],
        [number(0, 2), number(0, 2)],
        [number(0, 2), number(0, 2)],
        picked([0, 0], [0, 0], [0, 0], [1, 0], [0, 2]),
    ]
    name = picked("PAD", "PAD", "MIRROR_PAD")
    return Single(
        name,
        [[image(), None], [[4, 2], [size for pair in pairs for size in pair]]],
        f"{name.title().replace('_', '')}Options",
        {},
    )


def resized() -> Single:
    name = picked("RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR")
    options = "ResizeBilinearOptions" if "BILINEAR" in name else "ResizeNearestNeighborOptions"
    return Single(name, [[image(), None], [[2], [number(3, 12), number(3, 12)]]], options, {})


def averaged() -> Single:
    axes = picked([1, 2], [1, 2], [2, 1], [1], [2], [3], [1, 2, 3])
    return Single("MEAN", [[image(), None], [[len(axes)], axes]], "ReducerOptions", {"KeepDims": picked(True, False)})


def squares() -> Single:
    size = number(2, 3)
    if CHANCE.random() < 0.5:
        return Single(
            "SPACE_TO_DEPTH",
            [[[1, size * number(1, 3), size * number(1, 3), 2], None]],
            "SpaceToDepthOptions",
            {"BlockSize": size},
        )
    return Single("DEPTH_TO_SPACE", [[image(size * size * 2), None]], "DepthToSpaceOptions", {"BlockSize": size})


def pointwise() -> Single:
    shape = picked(image(), [1, 7], [1, 6, 3])
    if CHANCE.random() < 0.25:
        return Single("PRELU", [[image(), None], [picked([1, 1, 3], [1, 1, 1]), "zeros"]], None, {})
    name, options = picked(("SOFTMAX", "SoftmaxOptions"), ("LOG_SOFTMAX", "LogSoftmaxOptions"), ("LOGISTIC", None), ("TANH", None),
                           ("RELU", None), ("RELU6", None), ("LEAKY_RELU", "LeakyReluOptions"), ("ELU", None), ("GELU", "GeluOptions"),
                           ("HARD_SWISH", "HardSwishOptions"))  # fmt: skip
    return Single(
        name,
        [[shape, None]],
        options,
        {"Beta": 1.0} if name == "SOFTMAX" else {"Alpha": 0.1} if "LEAKY" in name else {},
    )


MAKERS = ((convolution, 40), (depthwise, 30), (dense, 14), (transposed, 24), (pool, 30), (merged, 40), (joined, 16), (reshaped, 24),
          (bordered, 20), (resized, 10), (averaged, 20), (squares, 12), (pointwise, 30))  # fmt: skip


def made(file: bytes, shape: list[int] | None = None) -> list[int]:
    """The output's shape of a file, with another shape of its first input. Raises what LiteRT raises."""
    interpreter = Interpreter(model_content=file)
    if shape is not None:
        interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], shape)
    interpreter.allocate_tensors()
    return [int(size) for size in interpreter.get_output_details()[0]["shape"]]


def answer(one: Single) -> list[Any]:
    shape = made(single(one, [1], FLOAT))
    entering = next(shape for shape, data in one.inputs if data is None)
    larger = [1, *(size + 2 for size in entering[1:-1]), entering[-1]]
    try:
        other = [larger, made(single(one, shape, FLOAT), larger)]
    except (RuntimeError, ValueError):
        other = [None, None]
    return [*one, shape, *other]


def main() -> None:
    lines, refused = [], 0
    for make, count in MAKERS:
        for _ in range(count):
            try:
                lines.append(json.dumps(answer(make()), separators=(",", ":")))
            except (RuntimeError, ValueError) as error:
                refused += 1
                print(make.__name__, str(error)[:200])
    lines = list(dict.fromkeys(lines))
    (HERE / "operators.jsonl").write_text("\n".join(lines) + "\n")
    print(len(lines), "recorded,", refused, "refused")


if __name__ == "__main__":
    main()
