"""A network as feature maps in perspective, as papers draw it: the height by the logarithm of the space, the thickness
by that of the channels, one behind the other; a network that goes down and up again is a U.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import log2, prod
from typing import TYPE_CHECKING

from ..document import figures
from ..records import Record
from . import fonts, palette
from .outline import OutlinePart
from .picture import Headed, PictureOptions, faults_of, short
from .scope import Graph

if TYPE_CHECKING:
    from ..diagnostics import Diagnostic
    from ..measure import NetworkAnalysis

#: Volumes of a picture where nothing else is asked for.
MOST_VOLUMES = 26
#: Pixels of a doubling of the space and of the channels; of a map of one pixel and one channel.
_SPACE, _CHANNELS, _LEAST_HIGH, _LEAST_WIDE = 13.0, 2.6, 9.0, 4.0
#: How far the back of a volume lies to the right and above its front, as a share of its height.
_BACK = 0.3
#: Between volumes; the label below one; a lane above all.
GAP, LABEL, LANE = 20.0, 9.0, 13.0
#: Between the rows of a U.
_ROW = 34.0
#: A map that is so much larger than the one before it has been scaled up.
_UP = 1.5


class Volume(Record):
    """A tensor as a box: the lower left corner of its front, and its size; `back` is how far its back lies beside it. A
    `flat` one is a bar: a vector.
    """

    name: str
    label: str
    told: str
    color: str
    x: float
    y: float
    wide: float
    high: float
    back: float
    flat: bool
    faulty: bool


class Arc(Record):
    """An edge, by its corners; `skip`: it passes by other volumes."""

    points: list[tuple[float, float]]
    skip: bool


class _Stop(Record):
    """What becomes a volume: the parts that make its tensor, and which of those before it are read."""

    part: OutlinePart | None
    tensor: int
    reads: list[int]


class Volumes(Headed):
    """The picture: `volumes` and `arcs`, as they lie in `width` times `height` pixels."""

    def __init__(self, analysis: NetworkAnalysis, asked: PictureOptions) -> None:
        self.analysis, self.asked = analysis, asked
        self.graph = Graph(analysis)
        outline = self.graph.outline
        root = outline.asked(asked.only)
        outline.open(
            None if asked.depth is None else asked.depth + root.depth, min(asked.most, MOST_VOLUMES), evenly=True
        )
        outline.shortened(4 * MOST_VOLUMES)
        self._root, self._faults = root, faults_of(analysis)
        self.stops = list(self._stops())
        self.levels = self._levels()
        self.volumes: list[Volume] = []
        self.arcs: list[Arc] = []
        self._place()

    # --- what is drawn --------------------------------------------------------------------------------

    def _leaves(self) -> Iterator[OutlinePart]:
        work = [self._root]
        while work:
            part = work.pop()
            if part.closed:
                yield part
            else:
                work += reversed(part.parts)

    def _stops(self) -> Iterator[_Stop]:
        """Inputs, and what gives a tensor of another shape or is read by what does not come right behind it."""
        graph, nodes = self.graph, self.graph.nodes
        number: dict[int, int] = {}
        stops: list[_Stop] = []
        for tensor in graph.inputs if self._root.name == "" else ():
            number[tensor] = len(stops)
            stops.append(_Stop(None, tensor, []))
        for part in self._leaves():
            layers = range(part.start, part.end)
            inside = {tensor for layer in layers for tensor in graph.made_by(layer)}
            reads = [tensor for layer in layers for tensor in graph.reads[layer] if tensor not in inside]
            stands = list(dict.fromkeys(number[tensor] for tensor in reads if tensor in number))
            last = graph.tensors[part.end - 1]
            same = len(stands) == 1 and nodes[stops[stands[0]].tensor].output == nodes[last].output
            if same and stands[0] == len(stops) - 1 and stops[-1].part is not None:
                stops[-1] = stops[-1]._replace(part=_wider(stops[-1].part, part), tensor=last)
            else:
                stops.append(_Stop(part, last, stands))
            number |= dict.fromkeys(inside, len(stops) - 1)
        yield from stops

    def _shape(self, stop: _Stop) -> tuple[int, ...]:
        return self.graph.nodes[stop.tensor].output or ()

    def _levels(self) -> list[int]:
        """How often the space was halved, for a network that goes down and up again; else all 0."""
        spaces = [prod(self._shape(stop)[1:]) if len(self._shape(stop)) > 1 else 0 for stop in self.stops]
        rank = max((len(self._shape(stop)) - 1 for stop in self.stops), default=1) or 1
        maps = [space for space in spaces if space > 1]
        grows = any(a > 1 and b >= _UP * a for a, b in pairwise(spaces))
        if not grows or len(maps) < 3 or maps[-1] * 16 < maps[0] or min(maps) * 4 > min(maps[0], maps[-1]):
            return [0] * len(spaces)
        levels, before = [0], spaces[0]
        for space in spaces[1:]:
            changed = min(space, before) > 0 and max(space, before) >= _UP * min(space, before)
            levels.append(levels[-1] + (round(log2(before / space) / rank) if changed else 0))
            before = space
        return [level - min(levels) for level in levels]

    # --- where it lies --------------------------------------------------------------------------------

    def _place(self) -> None:
        rows: dict[int, float] = {}
        sizes = [self._size(stop) for stop in self.stops]
        for level, (_, high, back) in zip(self.levels, sizes, strict=True):
            rows[level] = max(rows.get(level, 0.0), high + 2 * back)
        middles, y = {}, 0.0
        for level in sorted(rows):
            middles[level] = y + rows[level] / 2
            y += rows[level] + _ROW
        x = 0.0
        for stop, level, (wide, high, back) in zip(self.stops, self.levels, sizes, strict=True):
            label = figures.spelled(self._shape(stop) or None, self.analysis.layout)
            room = max(wide + back, fonts.width(label, LABEL))
            fault = self._fault(stop)
            name = stop.part.label if stop.part else self.graph.nodes[stop.tensor].name
            self.volumes.append(
                Volume(name, label, self._told(stop, fault, label), self._color(stop), x + (room - wide - back) / 2,
                       middles[level] - high / 2, wide, high, back, len(self._shape(stop)) < 2, fault is not None)
            )  # fmt: skip
            x += room + GAP
        self.width = x - GAP if self.volumes else 0.0
        self._connect()
        self.height = y - _ROW + 2 * LABEL if self.volumes else 0.0

    def _size(self, stop: _Stop) -> tuple[float, float, float]:
        """Thickness, height, and how far the back lies beside the front."""
        shape = self._shape(stop)
        if len(shape) < 2:
            return 8.0, _LEAST_HIGH + _SPACE * log2(1 + (shape[0] if shape else 0)), 0.0
        high = _LEAST_HIGH + _SPACE * log2(shape[-2] if len(shape) > 2 else shape[-1])
        back = _LEAST_HIGH + _SPACE * log2(shape[-1]) if len(shape) > 2 else 0.0
        return _LEAST_WIDE + _CHANNELS * log2(1 + shape[0]), high, _BACK * back

    def _connect(self) -> None:
        """Edges from each volume to the next one, and those that pass by others: in a U straight across, else above."""
        top = min((volume.y - volume.back for volume in self.volumes), default=0.0)
        lanes: list[float] = []
        for index, stop in enumerate(self.stops):
            for read in sorted(stop.reads, reverse=True):
                source, target = self.volumes[read], self.volumes[index]
                if read == index - 1:
                    self.arcs.append(Arc(_next(source, target), False))
                elif self.levels[read] == self.levels[index] and all(
                    level > self.levels[read] for level in self.levels[read + 1 : index]
                ):
                    self.arcs.append(Arc(_next(source, target), True))
                else:
                    begin, end = _above(source), _above(target)
                    lane = next((number for number, free in enumerate(lanes) if free <= begin[0]), len(lanes))
                    lanes[lane : lane + 1] = [end[0]]
                    y = top - LANE * (lane + 1)
                    self.arcs.append(Arc([begin, (begin[0], y), (end[0], y), end], True))
        lift = LANE * (len(lanes) + 1)
        self.volumes = [volume._replace(y=volume.y + lift) for volume in self.volumes]
        self.arcs = [arc._replace(points=[(x, y + lift) for x, y in arc.points]) for arc in self.arcs]
        self.lift = lift

    # --- what is said ---------------------------------------------------------------------------------

    def _fault(self, stop: _Stop) -> Diagnostic | None:
        if stop.part is None:
            return None
        faults = self._faults
        rows = self.graph.rows[stop.part.start : stop.part.end]
        return next((faults[row.name] for row in rows if row.name in faults), None)

    def _told(self, stop: _Stop, fault: Diagnostic | None, label: str) -> str:
        if stop.part is None:
            return f"{self.graph.nodes[stop.tensor].name}: {label}"
        if fault is not None:
            return f"{stop.part.label}: {fault.message}"
        rows = self.graph.rows[stop.part.start : stop.part.end]
        words = rows[0].operation if len(rows) == 1 else figures.quantity(len(rows), "layer")
        params, macs = ([getattr(row, name) for row in rows] for name in ("params", "macs"))
        sums = [None if None in values else sum(values) for values in (params, macs)]
        return f"{stop.part.label}: {words} -> {label}; {short(sums[0])} params, {short(sums[1])} MACs"

    def _color(self, stop: _Stop) -> str:
        """The class of its colour: that of its layer with most MACs."""
        if stop.part is None:
            return "plain"
        rows = self.graph.rows[stop.part.start : stop.part.end]
        return palette.GROUP_COLORS[palette.group_of(max(rows, key=lambda row: row.macs or 0).kind)][0]


def _wider(part: OutlinePart | None, more: OutlinePart) -> OutlinePart:
    """A part that stands for the layers of both."""
    assert part is not None
    whole = OutlinePart(part.label, part.what or "rest", part.start, more.end)
    return whole


def _right(volume: Volume) -> float:
    """The right end of a volume."""
    return volume.x + volume.wide + volume.back


def _next(source: Volume, target: Volume) -> list[tuple[float, float]]:
    begin = (_right(source), source.y + source.high / 2)
    end = (target.x, target.y + target.high / 2)
    if abs(begin[1] - end[1]) < 1:
        return [begin, end]
    middle = (begin[0] + max(end[0], begin[0])) / 2
    return [begin, (middle, begin[1]), (middle, end[1]), end]


def _above(volume: Volume) -> tuple[float, float]:
    """The middle of a volume's upper side."""
    return volume.x + (volume.wide + volume.back) / 2, volume.y - volume.back / 2
