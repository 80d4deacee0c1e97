"""The stages and heads that layers stand in."""

from __future__ import annotations

from collections.abc import Sequence

from ...network import Network
from .items import Cell, Chapter, Item, Join, Series
from .names import plain


def heads_of(network: Network) -> dict[int, str]:
    """The head that a node stands in, by position."""
    found: dict[int, str] = {}
    for node in network.nodes:
        for step in node.path:
            if step.what == "head":
                found[node.position] = step.name
    return found


def stages_of(network: Network) -> list[str | None]:
    """The outermost stage of every node, if it is one that a person would name; None where it is in none."""
    found: list[str | None] = []
    for node in network.nodes:
        first = node.path[0] if node.path else None
        found.append(first.name if first is not None and first.what == "stage" and plain(first.name) else None)
    return [None if stage is None or stage.isdecimal() else stage for stage in found]


def in_stages(series: Series, groups: Sequence[str | None]) -> Series:
    """The items of each stage in a part of its own."""
    if not series:
        return ()
    places = _of_items(series, groups)
    runs: dict[str | None, int] = {}
    for place, stage in enumerate(places):
        if place == 0 or places[place - 1] != stage:
            runs[stage] = runs.get(stage, 0) + 1
    made: list[Item] = []
    inside: list[Item] = []
    for item, stage, following in zip(series, places, (*places[1:], None), strict=True):
        inside.append(item)
        if following != stage or not following:
            whole = stage is not None and runs[stage] == 1 and len(inside) > 1
            made += [Chapter(plain(stage or ""), tuple(inside))] if whole else inside
            inside = []
    return tuple(made)


def _of_items(series: Series, groups: Sequence[str | None]) -> list[str | None]:
    """The stage of every item; where a tensor is named that of what takes it."""
    found: list[str | None] = []
    after: str | None = None
    for item in reversed(series):
        if isinstance(item, Cell | Join):
            after = groups[item.node]
        elif isinstance(item, Chapter):
            after = None
        found.append(after)
    return found[::-1]
