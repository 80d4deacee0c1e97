"""What a picture shows: the layers as boxes in frames, alike blocks folded, as much of it open as has room."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..document.items import summary
from ..document.tree import Run, Subtree, grouped, runs
from ..render.text import clip

if TYPE_CHECKING:
    from ..measure import LayerRow

#: Boxes that a picture has where nothing else is asked for, and those of one level that are drawn at most.
MOST_BOXES, MOST_ON_A_LEVEL = 60, 400
#: Columns of a name.
_LONGEST = 200


class OutlinePart:
    """A layer, a group of layers (a stage, a block or so many equal blocks), or the layers that there is no room for.

    It stands for the layers from `start` up to `end`; of `times` equal blocks the first ends before `first_end`.
    """

    __slots__ = ("closed", "depth", "end", "first_end", "label", "name", "parts", "start", "times", "what")

    def __init__(self, label: str, what: str, start: int, end: int) -> None:
        #: Its own name, without ×N, and what it is called where it is drawn.
        self.name = label
        self.label = clip(label, _LONGEST)
        #: Empty for a layer; "stage", "head" or the name of a block; "rest" for layers without room.
        self.what = what
        self.start, self.end, self.first_end = start, end, end
        self.times = 1
        self.depth = 0
        #: What stands in it (the first of equal blocks), and whether that is shown.
        self.parts: list[OutlinePart] = []
        self.closed = True

    @property
    def length(self) -> int:
        """The number of layers, of one of equal blocks."""
        return self.first_end - self.start

    @property
    def is_layer(self) -> bool:
        """Whether it is a single layer."""
        return not self.what


class UnknownPart(Exception):
    """A stage that is asked for and not there. Text is the sentence."""


class Outline:
    """The tree over `layers`; a root without a name holds all."""

    def __init__(self, layers: Sequence[LayerRow], only: OutlinePart | None = None) -> None:
        self.layers = layers
        self.root = OutlinePart("", "network", 0, len(layers))
        self.root.parts = [self._part(run) for run in runs(grouped(layers), layers)]
        self.root.closed = False

    def _part(self, found: Run | int) -> OutlinePart:
        """A layer or a group, with what is in it. Groups with one group in them are one: ``layer1/0``."""
        layers = self.layers
        if isinstance(found, int):
            return OutlinePart(layers[found].label, "", found, found + 1)
        tree, label = found.first, found.first.name
        while found.times == 1 and len(tree.parts) == 1 and isinstance(tree.parts[0], Subtree):
            tree = tree.parts[0]
            label += "/" + tree.name
        part = OutlinePart(label, layers[tree.start].blocks[tree.depth - 1], tree.start, found.end)
        part.first_end, part.times, part.depth = tree.end, found.times, tree.depth
        part.label += f" ×{found.times}" if found.times > 1 else ""
        part.parts = [self._part(run) for run in runs(tree.parts, layers)]
        return part

    def named(self, name: str) -> OutlinePart | None:
        """The group of that name, or of that path (``stage1/block``, ``stage1.block``)."""
        wanted = name.replace(".", "/")
        for part, path in self._groups():
            if wanted in (part.name, part.name.replace(".", "/"), path) or path.endswith("/" + wanted):
                return part
        return None

    def asked(self, name: str | None) -> OutlinePart:
        """The part of that name, which becomes the root; the root without one. Raises UnknownPart."""
        if name is None:
            return self.root
        part = self.named(name)
        if part is None:
            known = sorted(self.names(), key=lambda path: path.count("/"))
            raise UnknownPart(f"there is no stage '{name}'" + (f": one of {', '.join(known[:8])}" if known else ""))
        part.closed = False
        self.root = part
        return part

    def names(self) -> list[str]:
        """The paths of all groups."""
        return [path for _, path in self._groups()]

    def _groups(self) -> Iterator[tuple[OutlinePart, str]]:
        work = [(self.root, "")]
        while work:
            part, path = work.pop()
            if part is not self.root:
                yield part, path
            start = f"{path}/" if path else ""
            work += [(one, start + one.name) for one in reversed(part.parts) if not one.is_layer]

    def open(self, depth: int | None, most: int = MOST_BOXES, evenly: bool = False) -> None:
        """Opens the groups of the first `depth` levels; without a number level by level, as long as there are no more
        than `most` boxes: where a level has more, the first of those that are made alike, or `evenly` none.
        """
        boxes, level = len(self.root.parts), 1
        inside = [part for part in self.root.parts if not part.is_layer]
        while inside and (depth is None or level < depth):
            more = sum(len(part.parts) - 1 for part in inside)
            all_fit = depth is not None or boxes + more <= most
            opened = inside if all_fit else [] if evenly else self._first_of_each(inside, most - boxes)
            for part in opened:
                part.closed = False
                boxes += len(part.parts) - 1
            inside = [one for part in opened for one in part.parts if not one.is_layer]
            level += 1

    def _first_of_each(self, parts: Sequence[OutlinePart], room: int) -> list[OutlinePart]:
        """Those for which there is room of the parts, the first of each make."""
        seen: set[Hashable] = set()
        opened = []
        for part in parts:
            make = tuple(layer.kind for layer in self.layers[part.start : part.first_end])
            if make not in seen and len(part.parts) - 1 <= room:
                room -= len(part.parts) - 1
                opened.append(part)
            seen.add(make)
        return opened

    def shortened(self, most: int = MOST_ON_A_LEVEL) -> int:
        """Puts one box in the place of the parts in the middle of every level that has more than `most`; how many
        layers these are.
        """
        hidden = 0
        work = [self.root]
        while work:
            part = work.pop()
            if len(part.parts) > most:
                kept = most // 2
                rest = part.parts[kept:-kept]
                box = OutlinePart("", "rest", rest[0].start, rest[-1].end)
                box.label = box.name = f"{box.end - box.start:,} layers"
                hidden += box.end - box.start
                part.parts[kept:-kept] = [box]
            work += [one for one in part.parts if not one.closed]
        return hidden

    def boxes(self) -> int:
        """How many boxes are shown."""
        count, work = 0, [self.root]
        while work:
            for part in work.pop().parts:
                if part.closed:
                    count += 1
                else:
                    work.append(part)
        return count

    def total(self, part: OutlinePart, measure: Callable[[LayerRow], int | None]) -> int | None:
        """The sum of a measure over the layers of a part; None where one of them is unknown."""
        values = [measure(layer) for layer in self.layers[part.start : part.end]]
        return None if None in values else sum(value for value in values if value is not None)

    def content(self, part: OutlinePart) -> str:
        """What stands in a closed group: ``conv bn relu``; of a layer its operation."""
        layers = self.layers[part.start : part.first_end]
        return layers[0].operation if part.is_layer else summary(layers, part.depth)
