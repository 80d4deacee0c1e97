"""What single argument would give an expected shape: found by the same integer rule, by bisection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence

from ..layers import Layer
from ..layers.upconv import TransposedConv
from ..network import Node
from ..network.replay import Propagation
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


def satisfying(chain: Sequence[Node], expected: Pattern, shape: Shape | None) -> str:
    """``55 with pad=2 or 3, an input of 227..230, or a kernel of 5..8``: what would make `chain` give `expected`.

    `shape` enters the chain. Empty where no single argument would.
    """
    if not 0 < len(chain) <= _LONGEST or shape is None or chain[-1].output is None:
        return ""
    axes = differing(chain[-1].output, expected)
    if len(chain[-1].output) != len(expected):
        return ""
    line = _Chain(chain, shape)
    if axes == [0]:
        return _channels(line, expected)
    if 0 in axes:
        return ""
    arguments = list(_arguments(line, expected, axes))
    found = [phrase for _, phrase in arguments]
    behind_pad = 1 if arguments and arguments[0][0] == "pad" else 0  # a pad is what is most often forgotten
    found[behind_pad:behind_pad] = _input(line, expected, axes)
    if not found:
        return ""
    wanted = dict.fromkeys(expected[axis] for axis in axes)
    what = str(*wanted) if len(wanted) == 1 else times(expected)
    listed = " or ".join(found) if len(found) < 3 else f"{', '.join(found[:-1])}, or {found[-1]}"
    return f"{what} with {listed}"


class _Chain:
    """The layers of a line, each on what the one before it gives."""

    def __init__(self, nodes: Sequence[Node], shape: Shape) -> None:
        self.shape = shape
        self.layers = [(node.position, node.layer) for node in nodes if node.layer is not None]
        self._propagation = Propagation(nodes)
        self._entering, self._last = nodes[0].inputs[0], nodes[-1].position

    def output(self, shape: Shape, instead: Mapping[int, Layer] | None = None) -> Shape | None:
        """What comes of `shape`, with layers in the place of some, by position; None where one does not fit."""
        shapes = self._propagation({self._entering: shape}, instead)
        return None if shapes is None else shapes[self._last]


def _channels(chain: _Chain, expected: Pattern) -> str:
    for position, layer in reversed(chain.layers):
        for name in ("filters", "units"):
            if name in dict(layer.values):
                got = chain.output(chain.shape, {position: layer.changed(**{name: expected[0]})})
                if _fits(got, expected):
                    return f"{expected[0]} {name} give {expected[0]}"
    return ""


def _arguments(chain: _Chain, expected: Pattern, axes: list[int]) -> Iterator[tuple[str, str]]:
    """The arguments that could give it, pads first, each with how the values that do are said."""
    holders = [(position, layer) for position, layer in chain.layers if "kernel" in dict(layer.values)]
    for name, least, grows, phrase in _TRIED:
        for position, layer in holders:
            values = dict(layer.values)
            if name not in values or values.get("to") is not None or values["kernel"] is None:
                continue

            def output(value: int, position: int = position, layer: Layer = layer, name: str = name) -> Shape | None:
                return chain.output(chain.shape, {position: layer.changed(**{name: value})})

            larger = grows != (isinstance(layer, TransposedConv) and name != "outpad")
            hits = _range(output, least, larger, expected, axes)
            if hits:
                rank = len(chain.shape) - 1
                where = f" in '{layer.describe(rank)}'" if len(holders) > 1 else ""
                yield name, phrase.format(_spelled(hits)) + where


def _input(chain: _Chain, expected: Pattern, axes: list[int]) -> list[str]:
    """``an input of 227..230``: all spatial axes together where they are equal, else the one that is wrong."""
    shape = chain.shape
    square = len(set(shape[1:])) == 1
    if len(shape) < 2 or (not square and (len(axes) != 1 or axes[0] >= len(shape))):
        return []

    def output(size: int) -> Shape | None:
        if square:
            return chain.output((shape[0], *(size for _ in shape[1:])))
        return chain.output((*shape[: axes[0]], size, *shape[axes[0] + 1 :]))

    hits = _range(output, 1, True, expected, axes)
    which = "" if square else f" {('depth', 'height', 'width')[axes[0] - len(shape)]}"
    return [f"an input{which} of {_spelled(hits)}"] if hits else []


def _range(
    output: Callable[[int], Shape | None], least: int, grows: bool, expected: Pattern, axes: list[int]
) -> tuple[int, int] | None:
    """The first and last value with which `output` gives `expected`, the output growing or falling with it."""
    axis = axes[0]
    want = expected[axis]
    if want is None:
        return None

    def size(value: int) -> int:
        got = output(value)
        return 0 if got is None or len(got) != len(expected) else got[axis]

    values, sign = range(least, _LARGEST), 1 if grows else -1
    first = bisect_left(values, sign * want, key=lambda value: sign * size(value))
    last = bisect_left(values, sign * want + 1, key=lambda value: sign * size(value)) - 1
    scanned = values[first : min(last + 1, first + _SCANNED)]
    hits = [value for value in scanned if _fits(output(value), expected)]
    if not hits:
        return None
    goes_on = hits[-1] == scanned[-1] and _fits(output(values[last]), expected)
    return hits[0], values[last] if goes_on else hits[-1]


def _fits(got: Shape | None, expected: Pattern) -> bool:
    return got is not None and matches(got, expected)


def _spelled(hits: tuple[int, int]) -> str:
    first, last = hits
    if first == last:
        return str(first)
    return f"{first} or {last}" if last == first + 1 else f"{first}..{last}"
