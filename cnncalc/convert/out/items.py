"""What a network is written as: series of layers, each taking what the one before gives, merges of such series, rounds
of a repeat, and uses of blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from ...records import Record


class Start(Record):
    """What follows takes this tensor, by its name."""

    tensor: int


class Cell(Record):
    """A layer, by its node: it takes the tensor before it, unless it is `alone`, and `others` by their names."""

    node: int
    others: tuple[int, ...] = ()
    alone: bool = False


class Join(Record):
    """A merge, by its node, over paths that start from the tensor before it."""

    node: int
    paths: tuple[Series, ...]


class Chapter(Record):
    """A stage or a head: its name, whether that is a head, and one that only training runs."""

    name: str
    series: Series
    head: bool = False
    train: bool = False


class Rounds(Record):
    """A series, those of the first round, so many times; `node` is what the last round gives."""

    node: int
    times: int
    series: Series


class BlockUse(Record):
    """A use of a block, by its number: the values of its parameters, in their order; `node` is what it gives, `first`
    the first of its layers, `entering` the tensor before it, `tensors` those that it is given by name. Its values are
    told from others by its `key`, which is no node; it takes so many `words`.
    """

    node: int
    block: int
    values: tuple[Any, ...]
    tensors: tuple[int, ...]
    entering: int
    first: int
    key: int
    words: int


Item: TypeAlias = "Start | Cell | Join | Chapter | Rounds | BlockUse"
Series: TypeAlias = "tuple[Item, ...]"


def inner(item: Item) -> tuple[Series, ...]:
    """The series that an item is made of."""
    if isinstance(item, Join):
        return item.paths
    return (item.series,) if isinstance(item, Chapter | Rounds) else ()


def with_inner(item: Item, made: tuple[Series, ...]) -> Item:
    """The item made of other series."""
    if isinstance(item, Join):
        return item._replace(paths=made)
    return item._replace(series=made[0]) if isinstance(item, Chapter | Rounds) else item


def everything(series: Iterable[Item]) -> Iterator[Item]:
    """All items, inner ones before what they are in."""
    work: list[tuple[Item, bool]] = [(item, False) for item in reversed(list(series))]
    while work:
        item, seen = work.pop()
        if seen or not inner(item):
            yield item
            continue
        work.append((item, True))
        work += [(one, False) for path in reversed(inner(item)) for one in reversed(path)]


def end(series: Series) -> int | None:
    """The tensor that a series gives; None for one that is the tensor that enters it."""
    if not series:
        return None
    last = series[-1]
    return last.tensor if isinstance(last, Start) else end(last.series) if isinstance(last, Chapter) else last.node
