"""The boxes of a picture without their places, and the edges between them: what goes through a frame's edge goes to the
box behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Record
from .scope import FRAME, PORT, Thing


class FlatEdge(Record):
    """A tensor from one box to another."""

    source: Thing
    target: Thing
    tensor: int


def arrows(frame: Thing) -> Iterator[FlatEdge]:
    """The edges of a level and of all that stand in it, each once."""
    seen: set[tuple[int, int]] = set()
    work = [frame]
    while work:
        level = work.pop()
        work += [thing for thing in level.things if thing.sort == FRAME]
        for edge in level.edges:
            source, target = level.things[edge.source], level.things[edge.target]
            if PORT in (source.sort, target.sort):
                continue
            for end in _ends(source, edge.leaving, "exits"):
                for other in _ends(target, edge.entering, "entries"):
                    if (id(end), id(other)) not in seen:
                        seen.add((id(end), id(other)))
                        yield FlatEdge(end, other, edge.leaving)


def _ends(thing: Thing, tensor: int, side: str) -> list[Thing]:
    """The boxes in a thing that give a tensor to the outside (`exits`), or take it from there (`entries`)."""
    found, work = [], [(thing, tensor)]
    while work:
        one, carried = work.pop()
        if one.sort != FRAME:
            found.append(one)
            continue
        ports = one.exits if side == "exits" else one.entries
        port = ports.get(carried) or next(iter(ports.values()), None)
        if port is None:
            continue
        number = next(index for index, thing in enumerate(one.things) if thing is port)
        for edge in reversed(one.edges):
            if side == "exits" and edge.target == number:
                work.append((one.things[edge.source], edge.leaving))
            elif side == "entries" and edge.source == number:
                work.append((one.things[edge.target], edge.entering))
    return found
