"""What would give an expected shape: an argument of a layer of the line, or another input of the network.

An offer is what was put in its place and gave the shape, without a warning that was not there before. Sizes grow or
fall with an argument, so that the values that give one are found by bisection, by the rules that built the network.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from typing import Any

from ..diagnostics import WARNING
from ..layers import Layer, LayerError
from ..network import Network, Node
from ..records import Record
from ..values import Pair, Shape, Size, laid_out, spell, times
from .expectations import Pattern, differing, matches
from .offers.parting import parting_offer
from .satisfy_input import input_offer


class _Tried(Record):
    """An argument that is tried: its least value, whether more makes the output larger, how its values are said."""

    name: str
    least: int
    grows: bool
    phrase: str


_PAD = _Tried("pad", 0, True, "pad={}")
_TRIED = (
    _PAD, _Tried("kernel", 1, False, "a kernel of {}"), _Tried("stride", 1, False, "stride={}"),
    _Tried("dilation", 1, False, "dilation={}"), _Tried("outpad", 0, True, "outpad={}"),
    _Tried("factor", 1, True, "a factor of {}"), _Tried("amount", 0, True, "pad {}"),
)  # fmt: skip
_LARGEST = 2**16
#: Layers of a line beyond which the search would take long, and its answer would help nobody.
_LONGEST = 24
#: Values that are looked at one by one; of more of them the ends are.
_SCANNED = 64

#: Layers in the place of those of a line, by position.
Instead = Mapping[int, Layer]
#: What could be written: the argument that it is about, and how it is said.
Offer = tuple[str, str]


def satisfying(network: Network, last: int, expected: Pattern, own: int) -> str:
    """``55 with pad=2 or 3, an input of 227..230, or a kernel of 5..8``: what would make tensor `last` as expected.

    The layers from `own` on stand in the line that is asked about. Empty where nothing was found.
    """
    output = network.nodes[last].output
    if output is None:
        return ""
    if len(output) != len(expected):
        values = prod(output)
        return f"'flatten' gives {'*'.join(map(str, output))} = {values}" if expected == (values,) else ""
    nodes = _run(network.nodes, last, own)
    parting = parting_offer(network.nodes, last, expected)
    if parting and not (nodes and f"'{nodes[-1].name}'" in parting and " and " not in parting):
        return f"{times(laid_out(expected, network.layout))} with {parting}"
    found = list(_offers(_Line(network, nodes), output, expected)) if nodes else []
    offers = [said for _, said in found]
    behind_pad = 1 if found and found[0][0] == "pad" else 0  # a pad is what is most often forgotten
    offers[behind_pad:behind_pad] = input_offer(network, last, expected)
    if not offers:
        return ""
    wanted = dict.fromkeys(expected[axis] for axis in differing(output, expected))
    what = str(*wanted) if len(wanted) == 1 else times(laid_out(expected, network.layout))
    listed = " or ".join(offers) if len(offers) < 3 else f"{', '.join(offers[:-1])}, or {offers[-1]}"
    return f"{what} with {listed}"


def _run(nodes: Sequence[Node], last: int, own: int) -> list[Node]:
    """The layers that run into `last`, each into the next: those of the line, and back to one that moves pixels."""
    chain: list[Node] = []
    node, moved = nodes[last], False
    while node.layer is not None and len(node.inputs) == 1 and len(chain) < _LONGEST:
        if node.inputs[0] < 0 or nodes[node.inputs[0]].output is None or (moved and node.position < own):
            break
        chain.insert(0, node)
        moved = moved or not node.layer.pointwise
        node = nodes[node.inputs[0]]
    return chain


class _Line:
    """The layers of a line, each on what the one before it gives."""

    def __init__(self, network: Network, chain: Sequence[Node]) -> None:
        self.layout = network.layout
        self.shapes = {node.position: network.nodes[node.inputs[0]].output or () for node in chain}
        self.layers = {node.position: node.layer for node in chain if node.layer is not None}
        self._entering = self.shapes[chain[0].position]
        self._alone = sum(not layer.pointwise and bool(layer.args) for layer in self.layers.values()) < 2
        self._warnings = self._warned({})

    def output(self, instead: Instead) -> Shape | None:
        """What comes of it; None where a layer does not fit."""
        shape = self._entering
        try:
            for position, own in self.layers.items():
                layer = instead.get(position, own)
                layer.check_rank((shape,))
                shape = layer.output((shape,))
        except LayerError:
            return None
        return shape

    def quiet(self, instead: Instead) -> bool:
        """Whether nothing is warned of that was not before, and no window lies off its input."""
        return self._warned(instead) <= self._warnings

    def _warned(self, instead: Instead) -> set[tuple[int, str]]:
        shape, found = self._entering, set()
        for position, own in self.layers.items():
            layer = instead.get(position, own)
            result = layer.result((shape,))
            found |= {(position, remark.code) for remark in result.remarks if remark.severity == WARNING}
            if layer.blind(shape):
                found.add((position, "blind"))
            shape = result.output
        return found

    def where(self, position: int) -> str:
        """The layer of an argument, unless that is plain."""
        if self._alone:
            return ""
        return f" in '{self.layers[position].describe(len(self.shapes[position]) - 1)}'"


def _offers(line: _Line, output: Shape, expected: Pattern) -> Iterator[Offer]:
    """What arguments could be, the most likely first."""
    given = list(_given(line, expected))
    yield from given
    if len(output) > 1 and expected[0] not in (None, output[0]):
        yield from () if given else _with_channels(line, output, expected)
        return
    found = list(_arguments(line, expected, {}))
    yield from found
    yield from _together(line, expected, bool(given or found))
    if len(output) == 1:
        yield from (offer for _, offer in _channels(line, output, expected))


def _with_channels(line: _Line, output: Shape, expected: Pattern) -> Iterator[Offer]:
    """Other filters, and where other sizes are wrong, too, one argument besides."""
    for instead, (count, filters) in _channels(line, output, expected):
        if differing(output, expected) == [0]:
            yield count, filters
            return
        found = [(name, f"{said} and {filters}") for name, said in _arguments(line, expected, instead)]
        yield from found
        if found:
            return


def _given(line: _Line, expected: Pattern) -> Iterator[Offer]:
    """Arguments that are sizes of the output themselves, or the factor between the sizes."""
    if None in expected:
        return
    sizes = Size(expected[1:])
    whole = spell(Size(laid_out(expected, line.layout)))
    for position, layer in line.layers.items():
        values, entering = dict(layer.values), line.shapes[position]
        factor = max(expected[-1] or 1, entering[-1]) // min(expected[-1] or 1, entering[-1])
        for name, value, said in (
            ("to", sizes, f"to={spell(sizes)}"), ("size", sizes, f"crop {spell(sizes)}"),
            ("shape", Size(expected), f"reshape {whole}"), ("factor", factor, f"a factor of {factor}"),
        ):  # fmt: skip
            if values.get(name) is None or (name == "factor" and not layer.moves) or not value:
                continue
            if _right(line, {position: layer.changed(**{name: value})}, expected):
                yield name, said + line.where(position)


def _channels(line: _Line, output: Shape, expected: Pattern) -> Iterator[tuple[Instead, Offer]]:
    """Other filters or units, the last layer's first, that give the first size expected."""
    wanted, got = expected[0] or output[0], output[0]
    for position, layer in reversed(line.layers.items()):
        for name in ("filters", "units", "multiplier"):
            own = dict(layer.values).get(name)
            for count in () if own is None else {wanted, own * wanted // got} - {0}:
                instead = {position: layer.changed(**{name: count})}
                changed = line.output(instead)
                if changed is not None and changed[0] == wanted and line.quiet(instead):
                    yield instead, (name, f"{name}={count}" + line.where(position))


def _arguments(line: _Line, expected: Pattern, base: Instead) -> Iterator[Offer]:
    """The arguments that could give it, pads first."""
    for tried in _TRIED:
        for position in line.layers:
            if _takes(line.layers[position], tried.name):
                said = _values(line, position, tried, expected, base)
                if said:
                    yield tried.name, said + line.where(position)


def _takes(layer: Layer, name: str) -> bool:
    """Whether another number could stand for an argument."""
    values = dict(layer.values)
    if name == "stride":
        return values.get("kernel") is not None
    return values.get(name) is not None and values.get("to") is None


def _together(line: _Line, expected: Pattern, enough: bool) -> Iterator[Offer]:
    """Two arguments: ``pad=1 outpad=1``; where nothing else helps a stride of 1 with a pad."""
    for position, layer in line.layers.items():
        if not _takes(layer, "pad") or (enough and not layer.transposed):
            continue
        name = "outpad" if layer.transposed else "stride"
        base = {position: layer.changed(**{name: 1})}
        tried = _PAD._replace(least=1) if layer.transposed else _PAD
        said = _values(line, position, tried, expected, base)
        if said and base[position].arguments != layer.arguments:
            first, both = ("pad", f"{said} {name}=1") if layer.transposed else (name, f"{name}=1 {said}")
            yield first, both + line.where(position)


def _values(line: _Line, position: int, tried: _Tried, expected: Pattern, base: Instead) -> str:
    """How the values of an argument are said with which the line gives what is expected; empty where none does."""
    layer, name = base.get(position, line.layers[position]), tried.name

    def put(value: object) -> Instead:
        return {**base, position: layer.changed(**{name: value})}

    ranges = _ranges(line, put, tried, layer, expected)
    first, last = max(low for low, _ in ranges), min(high for _, high in ranges)
    hits = _right_ones(line, put, first, last, expected)
    if hits is not None and hits[1] == _LARGEST - 1:
        return tried.phrase.replace("={}", " {}").replace(" of {}", " {}").format(f"from {hits[0]} up")
    if hits is not None:
        return tried.phrase.format(spelled(*hits))
    choices: list[list[tuple[int, Any]]] = [[(2 * low, low)] if low <= high else [] for low, high in ranges]
    if name in ("pad", "amount"):
        uneven = _ranges(line, lambda value: put(Pair(value, value + 1)), tried._replace(least=0), layer, expected)
        for choice, (low, high) in zip(choices, uneven, strict=True):
            choice += [(2 * low + 1, Pair(low, low + 1))] if low <= high else []
    if not all(choices):
        return ""
    least = [min(choice, key=lambda pair: pair[0])[1] for choice in choices]
    value = least[0] if len(set(least)) == 1 else Size(least)
    return tried.phrase.format(spell(value)) if _right(line, put(value), expected) else ""


def _ranges(
    line: _Line, put: Callable[[int], Instead], tried: _Tried, layer: Layer, expected: Pattern
) -> list[tuple[int, int]]:
    """The first and last value that gives what is expected on an axis: of every spatial one, or of a vector."""
    grows = tried.grows != (layer.transposed and tried.name != "outpad")
    # a pool of single pixels would be none
    least = 2 if tried.name == "kernel" and not layer.weighted else tried.least
    values, sign, found = range(least, _LARGEST), 1 if grows else -1, []
    for axis in range(min(1, len(expected) - 1), len(expected)):
        want = expected[axis]
        if want is None:
            found.append((least, _LARGEST - 1))
            continue

        def size(value: int, axis: int = axis) -> int:
            got = line.output(put(value))
            return 0 if got is None or len(got) != len(expected) else sign * got[axis]

        first = bisect_left(values, sign * want, key=size)
        last = bisect_left(values, sign * want + 1, key=size) - 1
        found.append((least + first, least + last))
    return found


def _right_ones(
    line: _Line, put: Callable[[int], Instead], first: int, last: int, expected: Pattern
) -> tuple[int, int] | None:
    """The first and last value, of those from `first` to `last`, with which the line is right."""
    if last - first >= _SCANNED:
        ends = [_right(line, put(value), expected) for value in (first, last)]
        if all(ends):
            return first, last
        first, last = (first, first + _SCANNED - 1) if ends[0] else (last - _SCANNED + 1, last)
    right = [value for value in range(first, last + 1) if _right(line, put(value), expected)]
    end = next((at for at in range(1, len(right)) if right[at] != right[0] + at), len(right))
    return (right[0], right[end - 1]) if right else None


def _right(line: _Line, instead: Instead, expected: Pattern) -> bool:
    got = line.output(instead)
    return got is not None and matches(got, expected) and line.quiet(instead)


def spelled(first: int, last: int) -> str:
    """``227..230``, or ``2 or 3``."""
    if first == last:
        return str(first)
    return f"{first} or {last}" if last == first + 1 else f"{first}..{last}"
