"""The ways of edges between things that have their places: along the flow, and across it only between things."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Record
from .layout import LevelLayout, Spacing
from .scope import FRAME, PORT, Edge, Thing

Point = tuple[float, float]


class Route(Record):
    """The corners of an edge, and the tensor that it carries."""

    points: list[Point]
    tensor: int
    #: Whether it ends at a thing, and not at a frame's edge, behind which it goes on.
    ends: bool


def routes(frame: Thing, spacing: Spacing) -> Iterator[Route]:
    """The edges of a level and of all that stand in it."""
    work = [frame]
    while work:
        level = work.pop()
        work += [thing for thing in level.things if thing.sort == FRAME]
        if isinstance(level.layout, LevelLayout):
            drawn: set[tuple[Point, ...]] = set()
            for edge in level.edges:
                route = _route(level, level.layout, edge, spacing)
                if tuple(route.points) not in drawn:
                    drawn.add(tuple(route.points))
                    yield route


def _route(frame: Thing, level: LevelLayout, edge: Edge, spacing: Spacing) -> Route:
    source, target = frame.things[edge.source], frame.things[edge.target]
    begin, end = _begin(frame, source, edge.leaving), _end(frame, target, edge.entering)
    lane = level.lanes.get((edge.source, edge.target))
    down = source.y + source.length + source.after + spacing.channel
    up = target.y - spacing.gap + spacing.channel
    if lane is not None:
        middle = lane.x
    elif level.depth.get(edge.source, 0) < level.depth.get(edge.target, 0):
        middle = end[0]
    else:
        middle = begin[0]
        down = up
    points = [begin, (begin[0], down), (middle, down), (middle, up), (end[0], up), end]
    goes_on = target.sort == PORT or edge.entering in target.entries
    return Route(_straightened(points), edge.leaving, not goes_on)


def _begin(frame: Thing, thing: Thing, tensor: int) -> Point:
    """Where a tensor leaves a thing."""
    if thing.sort == PORT:
        return thing.x, frame.y
    x = thing.exits[tensor].x if tensor in thing.exits else thing.x
    return x, thing.y + thing.length


def _end(frame: Thing, thing: Thing, tensor: int) -> Point:
    """Where a tensor enters a thing."""
    if thing.sort == PORT:
        return thing.x, frame.y + frame.length
    return (thing.entries[tensor].x if tensor in thing.entries else thing.x), thing.y


def _straightened(points: list[Point]) -> list[Point]:
    """The corners alone."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return kept
