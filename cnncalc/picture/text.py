"""A picture in characters, for a terminal: boxes and lines, in ASCII where the terminal has no others."""

from __future__ import annotations

from itertools import pairwise

from ..render.text import Charset, Screen, clip, width
from .layout import LevelLayout, Spacing, measured
from .picture import Picture
from .routes import routes
from .scope import BOX, FRAME, MERGE, PORT, Thing

#: In characters.
SPACING = Spacing(gap=2.0, side=2.0, lane=2.0, padding=1.0, heading=1.0, channel=0.0)
#: The columns of a picture where the screen does not say; the boxes and the widest text with which it is tried.
_COLUMNS = 80
_TRIES = ((24, 34), (24, 26), (12, 34), (12, 22), (6, 22), (1, 22), (1, 16), (1, 10))
_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_LINES = " ╵╷│╴┘┐┤╶└┌├─┴┬┼"
_ASCII = " |||-+++-+++-+++"
#: Of a box: corners from the upper left on as one reads, level and upright; of a frame the same.
_BOX, _FRAME = "┌┐└┘─│", "╭╮╰╯┄┆"
_ASCII_BOX, _ASCII_FRAME = "++++-|", "....-:"


def render(picture: Picture, name: str, screen: Screen) -> str:
    """The drawing, a line a row, no wider than the screen where folding can do that."""
    room = screen.width or _COLUMNS
    for most, widest in _TRIES:
        asked = picture.asked
        tried = picture if asked.depth is not None else Picture(picture.analysis, asked._replace(most=most))
        canvas = _Canvas(tried, widest, screen.charset)
        if canvas.columns <= room:
            break
    head = screen.charset(f"{picture.title}   {picture.caption}")
    limit = max(room, _COLUMNS)
    whole = canvas.rows()
    rows = [clip(row, limit, screen.charset("…")) for row in whole]
    elsewhere = picture.asked.elsewhere
    wider = (
        [f"wider than {limit} columns" + f": {elsewhere} shows all of it" * bool(elsewhere)] if rows != whole else []
    )
    return "\n".join([head, "", *rows, *map(screen.charset, (*canvas.picture.notes, *wider))]) + "\n"


class _Canvas:
    """The picture on a grid of characters."""

    def __init__(self, picture: Picture, widest: int, charset: Charset) -> None:
        self.picture, self.widest, self.charset = picture, widest, charset
        for thing in picture.everything():
            self._measure(thing)
        root = picture.root
        measured(root, SPACING)
        if isinstance(root.layout, LevelLayout) and root.layout.shape is not None:
            root.layout.shape.place(root.left, 0.0)
        root.x, root.y = root.left, 0.0
        self.columns = int(root.left + root.right) + 2
        #: Frames, over which edges go, and what stands above edges.
        self._frames: dict[tuple[int, int], str] = {}
        self._cells: dict[tuple[int, int], str] = {}
        self._marks: dict[tuple[int, int], int] = {}

    def _content(self, thing: Thing) -> str:
        part, picture = thing.part, self.picture
        if part is None:
            return self._clipped(self.charset(f"{thing.name} {picture.shape(thing.tensor)}"), self.widest)
        content = picture.graph.outline.content(part) if part.what != "rest" else ""
        text = part.label if content == part.label else f"{part.label}  {content}"
        return self._clipped(self.charset(text), self.widest)

    def _clipped(self, text: str, room: int) -> str:
        return clip(text, room, self.charset("…"))

    def _measure(self, thing: Thing) -> None:
        if thing.sort == PORT:
            thing.left = thing.right = 1.0
        elif thing.sort == FRAME:
            assert thing.part is not None
            thing.left = 0.0
            thing.right = float(width(thing.part.label) + 2)
        elif thing.sort == MERGE:
            assert thing.part is not None
            thing.left, thing.length = 1.0, 1.0
            thing.right = 3.0 + width(self._merge(thing))
        else:
            wide = width(self._content(thing)) + 4
            thing.left, thing.right, thing.length = float(wide // 2), float(wide - wide // 2), 3.0
        if thing.sort in (BOX, MERGE) and self.picture.changes(thing):
            thing.right = max(thing.right, 2.0 + width(self._shape(thing)))
            thing.after = 1.0

    def _merge(self, thing: Thing) -> str:
        assert thing.part is not None
        return self._clipped(self.charset(f"{thing.part.label}"), self.widest)

    def _shape(self, thing: Thing) -> str:
        """The shape that leaves a thing; of what does not fit the reason."""
        fault = self.picture.fault(thing.part) if thing.part is not None else None
        if fault is not None:
            return self._clipped(self.charset(f"? {fault.message}"), 2 * self.widest)
        return self.charset(self.picture.shape(self.picture.last(thing)))

    def rows(self) -> list[str]:
        """The lines."""
        things = list(self.picture.everything())
        for thing in things:
            if thing.sort == FRAME:
                self._outline(
                    self._frames, thing, _FRAME if self.charset.unicode else _ASCII_FRAME, int(thing.left + thing.right)
                )
                self._write(int(thing.x - thing.left) + 2, int(thing.y), f" {self.charset(self._label(thing))} ")
        for route in routes(self.picture.root, SPACING):
            self._line([(int(x), int(y)) for x, y in route.points], route.ends)
        for thing in things:
            if thing.sort not in (FRAME, PORT):
                self._thing(thing)
        return self._joined()

    def _label(self, thing: Thing) -> str:
        assert thing.part is not None
        return self._clipped(self.charset(thing.part.label), max(int(thing.left + thing.right) - 5, 4))

    def _thing(self, thing: Thing) -> None:
        x, y = int(thing.x), int(thing.y)
        if thing.sort == MERGE:
            sign = self.charset(self.picture.sign(thing))[:1]
            self._write(x, y, sign)
            self._write(x + 2, y, self._merge(thing))
        else:
            text = self._content(thing)
            wide = width(text) + 4
            self._outline(self._cells, thing, _BOX if self.charset.unicode else _ASCII_BOX, wide)
            self._write(x - int(thing.left) + 2, y + 1, text)
        if thing.sort in (BOX, MERGE) and self.picture.changes(thing):
            self._write(x + 2, y + int(thing.length), self._shape(thing))

    def _outline(self, cells: dict[tuple[int, int], str], thing: Thing, chars: str, wide: int) -> None:
        left, top, high = int(thing.x - thing.left), int(thing.y), int(thing.length)
        right, bottom = left + wide - 1, top + high - 1
        for x in range(left + 1, right):
            cells[x, top] = cells[x, bottom] = chars[4]
        for y in range(top + 1, bottom):
            cells[left, y] = cells[right, y] = chars[5]
        cells |= {
            (left, top): chars[0],
            (right, top): chars[1],
            (left, bottom): chars[2],
            (right, bottom): chars[3],
        }

    def _line(self, points: list[tuple[int, int]], tip: bool) -> None:
        self._mark(*points[0], _UP)
        for (x, y), (end_x, end_y) in pairwise(points):
            step_x, step_y = (end_x > x) - (end_x < x), (end_y > y) - (end_y < y)
            ahead = {(0, 1): _DOWN, (1, 0): _RIGHT, (-1, 0): _LEFT, (0, -1): _UP}.get((step_x, step_y), 0)
            back = {_DOWN: _UP, _UP: _DOWN, _LEFT: _RIGHT, _RIGHT: _LEFT}.get(ahead, 0)
            while (x, y) != (end_x, end_y):
                self._mark(x, y, ahead)
                x, y = x + step_x, y + step_y
                self._mark(x, y, back)
        if tip:
            x, y = points[-1]
            self._marks[x, y - 1] = -1

    def _mark(self, x: int, y: int, sides: int) -> None:
        if self._marks.get((x, y), 0) >= 0:
            self._marks[x, y] = self._marks.get((x, y), 0) | sides

    def _write(self, x: int, y: int, text: str) -> None:
        for char in text:
            self._cells[x, y] = char
            x += 1

    def _joined(self) -> list[str]:
        signs, tip = (_LINES, "▼") if self.charset.unicode else (_ASCII, "v")
        cells = dict(self._frames)
        cells |= {place: tip if mark < 0 else signs[mark] for place, mark in self._marks.items()}
        cells |= self._cells
        lines: dict[int, list[str]] = {}
        for x, y in sorted(cells):
            line = lines.setdefault(y, [])
            line += [" "] * (x - len(line)) + [cells[x, y]]
        return ["".join(lines.get(y, ())).rstrip() for y in range(max(lines, default=-1) + 1)]
