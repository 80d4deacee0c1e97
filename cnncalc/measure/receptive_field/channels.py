"""Which channels of its input some channels of a layer's output read: what tells the paths of a concat apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ...layers import Layer, Shape
from ...layers.runs import MOST_RUNS, Run, joined_runs

Runs: TypeAlias = tuple[Run, ...]

#: Kinds of which an output channel reads the input channel of its number.
_ALIKE = frozenset(
    "maxpool avgpool gavgpool gmaxpool bn in gn relu relu6 leakyrelu prelu elu selu gelu silu mish hardswish "
    "hardsigmoid sigmoid tanh softplus dropout identity pad crop resize scale mean max add".split()
)


def channels_read(layer: Layer, box: tuple[Runs, ...], shape: Shape, output: Shape) -> tuple[Runs, bool]:
    """The channels of an input of `shape` that a `box` of the output, channels first, depends on.

    False where they may be too many: pixel shuffles tie channels to positions, which a box cannot say.
    """
    every: Runs = ((0, shape[0] - 1),)
    if layer.kind == "pixelshuffle":
        found = _to_pixels(layer, box)
        return found, found == every or all(a == b for runs in box[1:] for a, b in runs)
    return _by_kind(layer, box[0], shape, output, every), layer.kind != "pixelunshuffle" or box[0] == (
        (0, output[0] - 1),)  # fmt: skip


def _by_kind(layer: Layer, runs: Runs, shape: Shape, output: Shape, every: Runs) -> Runs:
    rule = _RULES.get(layer.kind)
    if rule is not None:
        return joined_runs(pair for run in runs for pair in rule(layer, run, shape, output))
    if layer.kind in _ALIKE and shape[0] == output[0]:
        return runs
    return every


def _grouped(layer: Any, run: Run, shape: Shape, output: Shape) -> list[Run]:
    """A filter reads the channels of its group."""
    groups = shape[0] if layer.kind == "dwconv" else layer.groups
    made, read = output[0] // groups, shape[0] // groups
    return [(run[0] // made * read, (run[1] // made + 1) * read - 1)]


def _take(layer: Any, run: Run, shape: Shape, output: Shape) -> list[Run]:
    offset = layer.range.before if layer.axis == "C" else 0
    return [(run[0] + offset, run[1] + offset)]


def _gate(layer: Any, run: Run, shape: Shape, output: Shape) -> list[Run]:
    """One half, and its gate in the other."""
    return [run, (run[0] + output[0], run[1] + output[0])]


def _shuffle(layer: Any, run: Run, shape: Shape, output: Shape) -> list[Run]:
    """Output k*g + j is channel k of group j."""
    width = shape[0] // layer.groups
    if run[1] - run[0] + 1 > MOST_RUNS:
        return [(0, shape[0] - 1)]
    read = (one % layer.groups * width + one // layer.groups for one in range(run[0], run[1] + 1))
    return [(one, one) for one in read]


def _neighbours(layer: Any, run: Run, shape: Shape, output: Shape) -> list[Run]:
    """Local response normalisation looks at `size` channels around."""
    return [(max(run[0] - layer.size // 2, 0), min(run[1] + layer.size // 2, shape[0] - 1))]


def _to_pixels(layer: Any, box: tuple[Runs, ...]) -> Runs:
    """Output (c, y, x) of a pixel shuffle by f is in channel c*f*f + (y % f)*f + x % f."""
    factor = layer.factor
    rows, columns = (_remainders(runs, factor) for runs in box[1:])
    square = factor * factor
    if len(rows) * len(columns) == square or sum(b - a + 1 for a, b in box[0]) * len(rows) * len(columns) > MOST_RUNS:
        return joined_runs((a * square, (b + 1) * square - 1) for a, b in box[0])
    return joined_runs(
        (place, place) for a, b in box[0] for channel in range(a, b + 1) for row in rows for column in columns
        for place in [channel * square + row * factor + column]
    )  # fmt: skip


def _remainders(runs: Runs, factor: int) -> list[int]:
    if any(b - a + 1 >= factor for a, b in runs):
        return list(range(factor))
    return sorted({place % factor for a, b in runs for place in range(a, b + 1)})


def _from_pixels(layer: Any, run: Run, shape: Shape, output: Shape) -> list[Run]:
    square = layer.factor**2
    return [(run[0] // square, run[1] // square)]


def _stretched(layer: Any, run: Run, shape: Shape, output: Shape) -> list[Run]:
    return [(0, 0)] if shape[0] == 1 else [run]


_RULES: dict[str, Callable[[Any, Run, Shape, Shape], list[Run]]] = {
    "conv": _grouped, "dwconv": _grouped, "take": _take, "glu": _gate, "shuffle": _shuffle, "lrn": _neighbours,
    "pixelunshuffle": _from_pixels, "mul": _stretched, "upconv": _grouped,
}  # fmt: skip
