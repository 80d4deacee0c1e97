"""What single argument would give an expected shape: found by the same integer rule, by bisection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from ..layers import Layer, LayerError
from ..network.model import Node
from ..values import Shape, times
from .expectations import Pattern, differing, matches

#: Arguments tried: least value, whether a larger value makes the output larger, how a found range is said.
_TRIED: tuple[tuple[str, int, bool, str], ...] = (
    ("pad", 0, True, "pad={}"), ("kernel", 1, False, "a kernel of {}"), ("stride", 1, False, "stride={}"),
    ("dilation", 1, False, "dilation={}"), ("outpad", 0, True, "outpad={}"),
)  # fmt: skip
_LARGEST = 2**16
#: Layers of a line beyond which the search would take long, and its answer would help nobody.
_LONGEST = 24
_SCANNED = 32


def satisfying(chain: Sequence[Node], expected: Pattern, entering: Sequence[Shape | None]) -> str:
    """``55 with pad=2 or 3, an input of 227..230, or a kernel of 5..8``: what would make `chain` give `expected`.

    `entering` holds the shape that enters the chain. Empty where no single argument would.
    """
    if not 0 < len(chain) <= _LONGEST or not entering or entering[0] is None or chain[-1].output is None:
        return ""
    shape = entering[0]
    axes = differing(chain[-1].output, expected)
    if len(chain[-1].output) != len(expected):
        return ""
    layers = [node.layer for node in chain if node.layer is not None]
    if axes == [0]:
        return _channels(layers, shape, expected)
    if 0 in axes:
        return ""
    found = [*_arguments(layers, shape, expected, axes)]
    inputs = _input(layers, shape, expected, axes)
    if inputs:
        found.insert(1 if found and found[0].startswith("pad=") else 0, inputs)
    if not found:
        return ""
    wanted = dict.fromkeys(expected[axis] for axis in axes)
    what = str(*wanted) if len(wanted) == 1 else times(expected)
    listed = " or ".join(found) if len(found) < 3 else f"{', '.join(found[:-1])}, or {found[-1]}"
    return f"{what} with {listed}"


def _replay(layers: Sequence[Layer], shape: Shape) -> Shape | None:
    """The output of `layers`, one after another; None where one does not fit."""
    try:
        for layer in layers:
            layer.check_rank((shape,))
            shape = layer.output((shape,))
    except LayerError:
        return None
    return shape


def _changed(layer: Layer, name: str, value: object) -> Layer:
    return type(layer)({**dict(layer.values), name: value}, layer.shown, layer.rank)


def _channels(layers: list[Layer], shape: Shape, expected: Pattern) -> str:
    for position in reversed(range(len(layers))):
        for name in ("filters", "units"):
            if name in dict(layers[position].values):
                changed = [*layers]
                changed[position] = _changed(layers[position], name, expected[0])
                got = _replay(changed, shape)
                if got is not None and matches(got, expected):
                    return f"{expected[0]} {name} give {expected[0]}"
    return ""


def _arguments(layers: list[Layer], shape: Shape, expected: Pattern, axes: list[int]) -> list[str]:
    found = []
    holders = [position for position, layer in enumerate(layers) if "kernel" in dict(layer.values)]
    for name, least, grows, phrase in _TRIED:
        for position in holders:
            layer = layers[position]
            values = dict(layer.values)
            if name not in values or values.get("to") is not None or values["kernel"] is None:
                continue

            def replay(value: int, position: int = position, layer: Layer = layer, name: str = name) -> Shape | None:
                return _replay([*layers[:position], _changed(layer, name, value), *layers[position + 1 :]], shape)

            larger = grows != (layer.kind == "upconv" and name != "outpad")
            hits = _range(replay, least, larger, expected, axes)
            if hits:
                where = f" in '{layer.describe(len(shape) - 1).replace('×', 'x')}'" if len(holders) > 1 else ""
                found.append(phrase.format(_spelled(hits)) + where)
    return found


def _input(layers: list[Layer], shape: Shape, expected: Pattern, axes: list[int]) -> str:
    """``an input of 227..230``: all spatial axes together where they are equal, else the one that is wrong."""
    square = len(set(shape[1:])) == 1
    if len(shape) < 2 or (not square and (len(axes) != 1 or axes[0] >= len(shape))):
        return ""

    def replay(size: int) -> Shape | None:
        if square:
            return _replay(layers, (shape[0], *(size for _ in shape[1:])))
        return _replay(layers, (*shape[: axes[0]], size, *shape[axes[0] + 1 :]))

    hits = _range(replay, 1, True, expected, axes)
    if not hits:
        return ""
    what = "an input" if square else f"an input {('depth', 'height', 'width')[axes[0] - len(shape)]}"
    return f"{what} of {_spelled(hits)}" if len(shape) > 2 or square else f"an input of {_spelled(hits)}"


def _range(
    replay: Callable[[int], Shape | None], least: int, grows: bool, expected: Pattern, axes: list[int]
) -> tuple[int, int] | None:
    """The first and last value with which `replay` gives `expected`, the output growing or falling with it."""
    axis = axes[0]
    want = expected[axis]
    if want is None:
        return None

    def size(value: int) -> int:
        got = replay(value)
        return 0 if got is None or len(got) != len(expected) else got[axis]

    values = range(least, _LARGEST)
    if grows:
        first = bisect_left(values, want, key=size)
        last = bisect_left(values, want + 1, key=size) - 1
    else:
        first = bisect_left(values, -want, key=lambda value: -size(value))
        last = bisect_left(values, -want + 1, key=lambda value: -size(value)) - 1
    hits = [value for value in values[first : min(last + 1, first + _SCANNED)] if _fits(replay(value), expected)]
    if not hits:
        return None
    if hits[-1] == values[first + _SCANNED - 1] if last - first >= _SCANNED else False:
        return (hits[0], values[last]) if _fits(replay(values[last]), expected) else (hits[0], hits[-1])
    return hits[0], hits[-1]


def _fits(got: Shape | None, expected: Pattern) -> bool:
    return got is not None and matches(got, expected)


def _spelled(hits: tuple[int, int]) -> str:
    first, last = hits
    if first == last:
        return str(first)
    return f"{first} or {last}" if last == first + 1 else f"{first}..{last}"
