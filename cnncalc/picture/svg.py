"""A picture as SVG: text that can be selected, no script, no font from elsewhere, the same bytes everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from ..document import figures
from ..render.text import Charset, Screen
from . import fonts, palette
from .picture import BORDER, RADIUS, SMALL, TITLE, Picture, line_height
from .routes import Point, Route
from .scope import BOX, FRAME, INPUT, MERGE, OUTPUT, PORT, Thing

if TYPE_CHECKING:
    from .volumes import Volumes

_CLEAN = Charset()
#: What XML has no place for even as a reference.
_NO_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
#: Gives the id of what a box leads to.
Link = Callable[[Thing], str]
#: The radius of an edge's corners, and the length of its tip.
_CORNER, _TIP = 6.0, 6.0
#: The height of a line of the legend.
_LEGEND = 18.0


def escaped(text: str) -> str:
    """`text` as it may stand in XML, on one line."""
    clean = _CLEAN(text).translate(_NO_XML)
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


class Drawing:
    """The picture in SVG; `scope` is the id of the element, and the start of all ids in it; `link` gives the id on the
    page that a box leads to.
    """

    def __init__(self, picture: Picture, scope: str = "cnncalc", link: Link | None = None) -> None:
        self.picture, self.scope, self.link = picture, scope, link
        picture.place()
        root = picture.root
        across = root.left + root.right, root.length - root.top
        self.right = picture.asked.right
        wide, high = (across[1], across[0]) if self.right else across
        head = fonts.width(picture.title, 15, True), fonts.width(picture.caption, SMALL)
        self.notes = picture.notes
        foot = [fonts.width(note, SMALL) for note in self.notes]
        self.legend = list(_legend(picture))
        keys = [33 + fonts.width(text, SMALL) for _, text in self.legend]
        self.width = max(wide, *head, *foot, *keys, 0.0) + 2 * BORDER
        self.legend_rows = self._legend_rows()
        self.top = BORDER + TITLE + 12
        self.height = self.top + high + BORDER + _LEGEND * len(self.legend_rows) + 14 * len(self.notes)
        self.left = (self.width - wide) / 2

    def render(self) -> Iterator[str]:
        """The SVG, line by line."""
        width, height = number(self.width), number(self.height)
        picture = self.picture
        yield (f'<svg xmlns="http://www.w3.org/2000/svg" id="{self.scope}" width="{width}" height="{height}" '
               f'viewBox="0 0 {width} {height}" role="{"group" if self.link else "img"}" '
               f'aria-labelledby="{self.scope}-title">')  # fmt: skip
        yield f'<title id="{self.scope}-title">{escaped(picture.title)}: {escaped(picture.caption)}</title>'
        yield f"<style>{palette.style(self.scope, picture.asked.color)}</style>"
        yield f'<rect class="page" width="{width}" height="{height}"/>'
        yield self._text(BORDER, BORDER + 12, picture.title, "title")
        yield self._text(BORDER, BORDER + 27, picture.caption, "small")
        things = list(picture.everything())
        yield from (self._frame(thing) for thing in things if thing.sort == FRAME)
        yield from (self._edge(route) for route in picture.routes)
        yield from (self._linked(thing) for thing in things if thing.sort not in (FRAME, PORT))
        yield from self._foot()
        yield "</svg>"

    def point(self, point: Point) -> Point:
        """A place in the picture: across and along the flow to x and y."""
        across, along = point
        x, y = (along, across) if self.right else (across, along)
        return x + self.left, y + self.top

    def _text(self, x: float, y: float, text: str, kind: str, anchor: str = "") -> str:
        side = f' text-anchor="{anchor}"' if anchor else ""
        return f'<text x="{number(x)}" y="{number(y)}" class="{kind}"{side}>{escaped(text)}</text>'

    def corners(self, thing: Thing) -> tuple[float, float, float, float]:
        """Left, top, width and height."""
        x, y = self.point((thing.x - thing.left, thing.y))
        across, along = thing.left + thing.right, thing.length
        return (x, y, along, across) if self.right else (x, y, across, along)

    def _frame(self, thing: Thing) -> str:
        assert thing.part is not None
        x, y, wide, high = self.corners(thing)
        picture, part = self.picture, thing.part
        sums = picture.sums(part)
        shape = f'x="{number(x)}" y="{number(y)}" width="{number(wide)}" height="{number(high)}" rx="6"'
        lines = [f"<g><title>{escaped(part.label)} ({escaped(part.what)}): {escaped(sums)}</title>",
                 f'<rect class="frame" {shape}/>',
                 self._text(x + 8, y + 15, fonts.fitted(part.label, 12, wide - 16, True), "name")]  # fmt: skip
        used = fonts.width(part.label, 12, True) + fonts.width(sums, SMALL) + 24
        if used <= wide:
            lines.append(self._text(x + wide - 8, y + 15, sums, "small", "end"))
        return "".join(lines) + "</g>"

    def _edge(self, route: Route) -> str:
        points = [self.point(point) for point in route.points]
        path = [f"M{number(points[0][0])} {number(points[0][1])}"]
        for before, corner, behind in zip(points, points[1:], points[2:], strict=False):
            start, end = _towards(corner, before), _towards(corner, behind)
            path.append(f"L{number(start[0])} {number(start[1])}Q{number(corner[0])} {number(corner[1])} "
                        f"{number(end[0])} {number(end[1])}")  # fmt: skip
        (x, y), back_x = points[-1], points[-2 if len(points) > 1 else -1][0]
        path.append(f"L{number(x)} {number(y)}")
        edge = f'<path class="edge" d="{"".join(path)}"/>'
        if not route.ends:
            return edge
        tip = f"l-3-{_TIP:g}h6z" if x == back_x else f"l-{_TIP:g}-3v6z"
        return f'{edge}<path class="tip" d="M{number(x)} {number(y)}{tip}"/>'

    def _linked(self, thing: Thing) -> str:
        """A box, in a link where it leads somewhere."""
        if self.link is None or thing.part is None:
            return self._box(thing)
        return f'<a href="#{self.link(thing)}">{self._box(thing)}</a>'

    def _box(self, thing: Thing) -> str:
        if thing.sort == MERGE:
            return self._merge(thing)
        x, y, wide, high = self.corners(thing)
        wide, left = self.own(thing, x, wide)
        picture = self.picture
        radius = 12 if thing.sort in (INPUT, OUTPUT) else 4
        shape = f'x="{number(left)}" y="{number(y)}" width="{number(wide)}" height="{number(high)}" rx="{radius}"'
        kind, marks = self.kind(thing)
        lines = [f"<g{marks}>", f"<title>{escaped(told(picture, thing))}</title>"]
        if thing.part is not None and thing.part.times > 1:
            lines.append(f'<rect class="{kind}" x="{number(left + 4)}" y="{number(y + 4)}" width="{number(wide)}" '
                         f'height="{number(high)}" rx="{radius}"/>')  # fmt: skip
        lines.append(f'<rect class="{kind}" {shape}/>')
        below = y + 6.0
        for line in picture.texts(thing):
            below += line_height(line)
            lines.append(self._text(left + wide / 2, below - 3.5, line.text, line.kind, "middle"))
        return "".join(lines) + "</g>" + self._output(thing)

    def own(self, thing: Thing, x: float, wide: float) -> tuple[float, float]:
        """The width of the box itself, without the room for what stands beside its edge, and its left side."""
        return (wide, x) if self.right else (2 * thing.left, x)

    def circle(self, thing: Thing) -> tuple[float, float, float]:
        """The middle and the radius of a merge."""
        return (*self.point((thing.x, thing.y + RADIUS)), RADIUS)

    def _merge(self, thing: Thing) -> str:
        assert thing.part is not None
        x, y, radius = self.circle(thing)
        kind, marks = self.kind(thing)
        sign = self.picture.sign(thing)
        at = (x + RADIUS + 4, y + 3.5, "") if not self.right else (x, y + RADIUS + 11, "middle")
        name = self._text(at[0], at[1], thing.part.label, "small", at[2])
        return (f"<g{marks}><title>{escaped(told(self.picture, thing))}</title>"
                f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'
                f'{self._text(x, y + 4, sign, "text", "middle")}'
                f"{name}</g>{self._output(thing)}")  # fmt: skip

    def _output(self, thing: Thing) -> str:
        """The shape on the edge that leaves a box, where it is another than what enters."""
        picture = self.picture
        if thing.sort not in (BOX, MERGE) or not picture.changes(thing):
            return ""
        x, y = self.point((thing.x, thing.y + thing.length))
        at = (x + 5, y - 4) if self.right else (x + 5, y + 12)
        return self._text(*at, picture.shape(picture.last(thing)), "small")

    def kind(self, thing: Thing) -> tuple[str, str]:
        """The class of a box's shape, and the marks of its group."""
        picture, part = self.picture, thing.part
        if part is None:
            return "plain", ""
        if picture.fault(part) is not None:
            return "wrong", ""
        if picture.asked.color == "cost":
            share = picture.share(part)
            index = palette.shade(share) if share is not None else 0
            return f"shade{index}", f' class="on{index}"'
        if picture.asked.color == "kind":
            return palette.GROUP_COLORS[group_of(picture, thing)][0], ""
        return "plain", ""

    def _foot(self) -> Iterator[str]:
        y = self.height - BORDER - _LEGEND * len(self.legend_rows) - 14 * len(self.notes) + 20
        for row in self.legend_rows:
            x = BORDER
            for kind, text in row:
                yield f'<rect class="{kind}" x="{number(x)}" y="{number(y - 9)}" width="12" height="12" rx="2"/>'
                yield self._text(x + 17, y + 1, text, "small")
                x += 33 + fonts.width(text, SMALL)
            y += _LEGEND
        for note in self.notes:
            yield self._text(BORDER, y, note, "small")
            y += 14

    def _legend_rows(self) -> list[list[tuple[str, str]]]:
        """The legend in rows as wide as the picture."""
        rows: list[list[tuple[str, str]]] = []
        room = 0.0
        for kind, text in self.legend:
            wide = 33 + fonts.width(text, SMALL)
            if not rows or room < wide:
                rows.append([])
                room = self.width - 2 * BORDER
            room -= wide
            rows[-1].append((kind, text))
        return rows


def told(picture: Picture, thing: Thing) -> str:
    """What a box says when one stays on it: its arithmetic."""
    part = thing.part
    if part is None:
        return f"{thing.name}: {picture.shape(thing.tensor)}"
    fault = picture.fault(part)
    if fault is not None:
        return f"{part.label}: {fault.message}"
    rows = picture.rows(part)
    first, shape = rows[0], picture.shape(picture.last(thing))
    if not part.is_layer:
        return f"{part.label}: {figures.quantity(len(rows), 'layer')}, {picture.sums(part)} -> {shape}"
    read = ", ".join(figures.spelled(one, picture.analysis.layout) for one in first.input_shapes)
    numbers = f"{figures.quantity(first.params, 'parameter')}, {figures.quantity(first.macs, 'MAC')}"
    formula = f"; {first.formula}" if first.formula else ""
    return f"{part.label}: {first.operation}: {read} -> {shape}{formula}; {numbers}"


def group_of(picture: Picture, thing: Thing) -> str:
    """The group of a layer; of several that of the layer with most MACs."""
    assert thing.part is not None
    heaviest = max(picture.rows(thing.part), key=lambda row: row.macs or 0)
    return palette.group_of(heaviest.kind)


def _legend(picture: Picture) -> Iterator[tuple[str, str]]:
    """The colours that are there, with their words."""
    if picture.asked.color == "kind":
        things = [thing for thing in picture.everything() if thing.sort in (BOX, MERGE)]
        there = {group_of(picture, thing) for thing in things}
        yield from ((color[0], group) for group, color in palette.GROUP_COLORS.items() if group in there)
    elif picture.asked.color == "cost":
        of = "parameters" if picture.asked.label == "params" else "MACs"
        starts = [shade[0] for shade in palette.SHADES]
        for index, (start, end) in enumerate(pairwise([*starts, None])):
            text = f"{figures.share(start) if start else '0 %'} up" if end is None else f"under {figures.share(end)}"
            yield f"shade{index}", text + (f" of the {of}" if index == 0 else "")


def _towards(corner: Point, other: Point) -> Point:
    """The point so far from a corner as it is round."""
    x, y = other[0] - corner[0], other[1] - corner[1]
    far = abs(x) + abs(y)
    part = min(_CORNER, far / 2) / far if far else 0.0
    return corner[0] + x * part, corner[1] + y * part


def drawn(picture: Picture | Volumes, scope: str = "cnncalc", link: Link | None = None) -> str:
    """The SVG as an element with the id `scope`; `link` gives the id on the page that a box leads to."""
    if isinstance(picture, Picture):
        lines = Drawing(picture, scope, link).render()
    else:
        from . import volume_svg

        lines = volume_svg.VolumeDrawing(picture, scope).render()
    return "\n".join(line for line in lines if line) + "\n"


def render(picture: Picture | Volumes, name: str, screen: Screen) -> str:
    """The SVG file."""
    return drawn(picture)
