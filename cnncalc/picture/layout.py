"""Where the things of a level stand: one below the other on a middle line, branches side by side, skips in lanes.

A network is series-parallel nearly everywhere: what all paths pass through cuts it into sections, a section falls into
branches, and a branch is such a network again. Each is measured from the inside out and placed from the outside in;
no edge crosses a box. What is no such graph stands in a column, its longer edges in lanes beside it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Protocol

from ..records import Record
from .scope import FRAME, Thing


class Spacing(Record):
    """Between things along the flow and across it; the width of a lane; inside a frame, around all and for its heading;
    and how far behind a thing its edges go across. In pixels, or in characters.
    """

    gap: float
    side: float
    lane: float
    padding: float
    heading: float
    channel: float
    #: Inside a frame before all across the flow, where its heading stands there.
    lead: float = 0.0


#: The ends of a section, in the place of a thing's number.
START, END = -1, -2
#: Branches in branches; deeper ones stand in a column.
_DEEPEST = 40

Link = tuple[int, int]


class Shape(Protocol):
    """Something that is measured, then placed."""

    left: float
    right: float
    length: float

    def place(self, x: float, y: float) -> None:
        """Puts its middle line at `x` and its beginning at `y`."""


class Single:
    """One thing."""

    def __init__(self, thing: Thing, spacing: Spacing) -> None:
        self.thing = thing
        if thing.sort == FRAME:
            measured(thing, spacing)
        self.left, self.right, self.length = thing.left, thing.right, thing.length + thing.after

    def place(self, x: float, y: float) -> None:
        """As Shape has it."""
        self.thing.x, self.thing.y = x, y
        if isinstance(self.thing.layout, LevelLayout) and self.thing.layout.shape is not None:
            self.thing.layout.shape.place(x, y + self.thing.top)


class Lane:
    """The way of edges that pass by all that is in their section."""

    def __init__(self, links: Sequence[Link], lanes: dict[Link, Lane], spacing: Spacing) -> None:
        self.left = self.right = spacing.lane / 2
        self.length = 0.0
        self.x = 0.0
        for link in links:
            lanes[link] = self

    def place(self, x: float, y: float) -> None:
        """As Shape has it."""
        self.x = x


class Series:
    """Shapes one after the other, on one middle line."""

    def __init__(self, parts: Sequence[Shape], spacing: Spacing) -> None:
        self.parts, self.gap = parts, spacing.gap
        self.left = max(part.left for part in parts)
        self.right = max(part.right for part in parts)
        self.length = sum(part.length for part in parts) + spacing.gap * (len(parts) - 1)

    def place(self, x: float, y: float) -> None:
        """As Shape has it."""
        for part in self.parts:
            part.place(x, y)
            y += part.length + self.gap


class Parallel:
    """Branches side by side. The middle line is that of the trunk where there is one, else the middle of all."""

    def __init__(self, branches: Sequence[Shape], trunk: Shape | None, spacing: Spacing) -> None:
        self.branches = branches
        self.length = max(branch.length for branch in branches)
        self.offsets = []
        at = 0.0
        for branch in branches:
            self.offsets.append(at + branch.left)
            at += branch.left + branch.right + spacing.side
        whole = at - spacing.side
        self.left = whole / 2 if trunk is None else self.offsets[[*branches].index(trunk)]
        self.right = whole - self.left

    def place(self, x: float, y: float) -> None:
        """As Shape has it."""
        for branch, offset in zip(self.branches, self.offsets, strict=True):
            branch.place(x - self.left + offset, y)


class Stack:
    """Things one after the other, with a lane for each of the tensors that pass by others."""

    def __init__(
        self, parts: Sequence[Single], ways: Sequence[tuple[int, int, Link]], lanes: dict[Link, Lane], spacing: Spacing
    ) -> None:
        self.series, self.lane = Series(parts, spacing), spacing.lane
        self.lanes: list[Lane] = []
        ends: list[int] = []
        by_source: dict[int, list[tuple[int, int, Link]]] = {}
        for way in ways:
            by_source.setdefault(way[2][0], []).append(way)
        for taken in sorted(by_source.values()):
            above, last = taken[0][0], max(below for _, below, _ in taken)
            index = next((index for index, end in enumerate(ends) if end <= above), len(ends))
            if index == len(ends):
                self.lanes.append(Lane([], lanes, spacing))
                ends.append(last)
            ends[index] = last
            lanes |= {link: self.lanes[index] for _, _, link in taken}
        self.left, self.length = self.series.left, self.series.length
        self.right = self.series.right + spacing.lane * len(self.lanes)

    def place(self, x: float, y: float) -> None:
        """As Shape has it."""
        self.series.place(x, y)
        for index, lane in enumerate(self.lanes):
            lane.place(x + self.series.right + self.lane * (index + 0.5), y)


class Stretch(Record):
    """What stands between two things that all paths pass through, and the links that touch it or pass by it."""

    numbers: Sequence[int]
    links: Sequence[Link]


class LevelLayout:
    """The things of a level and its links, taken apart: `lanes` has the lane that a link goes by, `depth` how deep in
    branches a thing stands.
    """

    def __init__(self, things: Sequence[Thing], links: Sequence[Link], spacing: Spacing) -> None:
        self.things, self.spacing = things, spacing
        self.lanes: dict[Link, Lane] = {}
        self.depth: dict[int, int] = {}
        every = dict.fromkeys(links)
        read, feeding = {target for _, target in every}, {source for source, _ in every}
        numbers = range(len(things))
        every |= dict.fromkeys((START, number) for number in numbers if number not in read)
        every |= dict.fromkeys((number, END) for number in numbers if number not in feeding)
        self.shape = self._shape(numbers, list(every), 0, True) if things else None

    def _shape(self, numbers: Sequence[int], links: Sequence[Link], depth: int, loose: bool) -> Shape:
        """The shape of some things, in the order of the flow; `loose`: their ends need not come together."""
        place = {number: index for index, number in enumerate(numbers)}
        ways = [(place.get(source, -1), place.get(target, len(numbers)), (source, target)) for source, target in links]
        cuts = _cuts(len(numbers), ways)
        if depth > _DEEPEST:
            return self._column(numbers, ways, depth)
        parts: list[Shape] = []
        for index, section in enumerate(_sections(numbers, cuts, ways)):
            if index:
                parts.append(self._single(numbers[cuts[index - 1]], depth))
            if not section.numbers:
                continue
            if len(section.numbers) == len(numbers) and _whole(section):
                return self._column(numbers, ways, depth)
            parts.append(self._section(section, depth, loose and index == len(cuts)))
        return parts[0] if len(parts) == 1 else Series(parts, self.spacing)

    def _single(self, number: int, depth: int) -> Single:
        self.depth[number] = depth
        return Single(self.things[number], self.spacing)

    def _column(self, numbers: Sequence[int], ways: Iterable[tuple[int, int, Link]], depth: int) -> Stack:
        passing = [way for way in ways if way[1] - way[0] > 1 and way[2][0] != START and way[2][1] != END]
        return Stack([self._single(number, depth) for number in numbers], passing, self.lanes, self.spacing)

    def _section(self, section: Stretch, depth: int, loose: bool) -> Shape:
        branches, direct = _branches(section)
        if loose and not direct:  # the longest goes straight on, heads stand beside it
            branches.sort(key=lambda branch: -len(branch.numbers))
        shapes = [self._shape(branch.numbers, branch.links, depth + 1, loose) for branch in branches]
        trunk = shapes[0] if loose and not direct else None
        main = shapes[0] if len(shapes) == 1 else Parallel(shapes, trunk, self.spacing)
        if not direct:
            return main
        return Parallel([main, Lane(direct, self.lanes, self.spacing)], main, self.spacing)


def _cuts(count: int, ways: Iterable[tuple[int, int, Link]]) -> list[int]:
    """The places that nothing passes by."""
    over = [0] * (count + 1)
    for above, below, _ in ways:
        over[above + 1] += 1
        over[below] -= 1
    cuts, passing = [], 0
    for place in range(count):
        passing += over[place]
        if not passing:
            cuts.append(place)
    return cuts


def _sections(numbers: Sequence[int], cuts: Sequence[int], ways: Iterable[tuple[int, int, Link]]) -> list[Stretch]:
    """What stands before, between and behind the cuts."""
    links: list[list[Link]] = [[] for _ in range(len(cuts) + 1)]
    for above, _, link in ways:
        links[bisect_right(cuts, above)].append(link)
    edges = [-1, *cuts, len(numbers)]
    return [Stretch(numbers[a + 1 : b], own) for a, b, own in zip(edges, edges[1:], links, strict=False)]


def _whole(section: Stretch) -> bool:
    """Whether a section that nothing cuts is one branch, which nothing passes by."""
    branches, direct = _branches(section)
    return len(branches) == 1 and not direct


def _branches(section: Stretch) -> tuple[list[Stretch], list[Link]]:
    """The parts of a section that hang together, and the links that pass by all of them."""
    inside = set(section.numbers)
    head = {number: number for number in section.numbers}

    def found(number: int) -> int:
        while head[number] != number:
            head[number] = head[head[number]]
            number = head[number]
        return number

    for source, target in section.links:
        if source in inside and target in inside:
            one, other = sorted((found(source), found(target)))
            head[other] = one
    members: dict[int, list[int]] = {}
    for number in section.numbers:
        members.setdefault(found(number), []).append(number)
    links: dict[int, list[Link]] = {member: [] for member in members}
    direct = []
    for link in section.links:
        touched = next((number for number in link if number in inside), None)
        if touched is None:
            direct.append(link)
        else:
            links[found(touched)].append(link)
    return [Stretch(numbers, links[one]) for one, numbers in members.items()], direct


def measured(frame: Thing, spacing: Spacing) -> None:
    """Sets the size of a frame, from what stands in it."""
    level = LevelLayout(frame.things, [(edge.source, edge.target) for edge in frame.edges], spacing)
    frame.layout = level
    shape = level.shape
    if shape is None:
        return
    frame.left = max(frame.left, shape.left) + spacing.padding + spacing.lead
    frame.right = max(frame.right, shape.right) + spacing.padding
    #: The edges that enter and leave take the room of the heading and of the padding.
    frame.top = max(spacing.heading - spacing.gap + spacing.channel, 0.0) if frame.entries else spacing.heading
    frame.length = frame.top + shape.length + (0.0 if frame.exits else spacing.padding)
