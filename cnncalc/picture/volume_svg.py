"""Volumes in SVG."""

from __future__ import annotations

from collections.abc import Iterator

from . import fonts, palette
from .picture import BORDER, SMALL
from .svg import escaped, number
from .volumes import LABEL, Arc, Volume, Volumes

#: The title and the caption above the picture; a line of the legend below it.
_HEAD, _LEGEND = 40.0, 22.0


class VolumeDrawing:
    """The picture as SVG; `scope` is the id of the element, and the start of all ids in it."""

    def __init__(self, picture: Volumes, scope: str) -> None:
        self.picture, self.scope = picture, scope
        there = {volume.color for volume in picture.volumes}
        colored = picture.asked.color != "none"
        self.legend = [
            (color[0], name) for name, color in palette.GROUP_COLORS.items() if color[0] in there and colored
        ]
        legend = sum(33 + fonts.width(text, SMALL) for _, text in self.legend)
        heads = (fonts.width(picture.title, 15, True), fonts.width(picture.caption, SMALL), legend)
        self.width = max(picture.width, *heads) + 2 * BORDER
        self.left = (self.width - picture.width) / 2
        self.top = BORDER + _HEAD
        self.height = self.top + picture.lift + picture.height + BORDER + (_LEGEND if self.legend else 0.0)

    def render(self) -> Iterator[str]:
        """The SVG, line by line."""
        picture, width, height = self.picture, number(self.width), number(self.height)
        yield (f'<svg xmlns="http://www.w3.org/2000/svg" id="{self.scope}" width="{width}" height="{height}" '
               f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="{self.scope}-title">')  # fmt: skip
        yield f'<title id="{self.scope}-title">{escaped(picture.title)}: {escaped(picture.caption)}</title>'
        color = "kind" if picture.asked.color != "none" else "none"
        yield f"<style>{palette.style(self.scope, color)}#{self.scope} .size{{font-size:{LABEL:g}px}}</style>"
        yield f'<rect class="page" width="{width}" height="{height}"/>'
        yield f'<text x="{number(BORDER)}" y="{number(BORDER + 12)}" class="title">{escaped(picture.title)}</text>'
        yield f'<text x="{number(BORDER)}" y="{number(BORDER + 27)}" class="small">{escaped(picture.caption)}</text>'
        yield from (self._volume(volume) for volume in picture.volumes)
        yield from (self._arc(arc) for arc in picture.arcs)
        x, y = BORDER, self.height - BORDER - 6
        for name, text in self.legend:
            yield f'<rect class="{name}" x="{number(x)}" y="{number(y - 9)}" width="12" height="12" rx="2"/>'
            yield f'<text x="{number(x + 17)}" y="{number(y + 1)}" class="small">{escaped(text)}</text>'
            x += 33 + fonts.width(text, SMALL)
        yield "</svg>"

    def _points(self, points: list[tuple[float, float]]) -> str:
        return " ".join(f"{number(x + self.left)},{number(y + self.top)}" for x, y in points)

    def _arc(self, arc: Arc) -> str:
        x, y = arc.points[-1]
        back = arc.points[-2]
        tip = (x, y), (x - 5, y - 3), (x - 5, y + 3)
        if back[0] == x:
            tip = (x, y), (x - 3, y - 5), (x + 3, y - 5)
        return (f'<polyline class="edge" points="{self._points(arc.points)}"/>'
                f'<polygon class="tip" points="{self._points(list(tip))}"/>')  # fmt: skip

    def _volume(self, volume: Volume) -> str:
        kind = "wrong" if volume.faulty else volume.color if self.picture.asked.color != "none" else "plain"
        faces = "".join(f'<polygon class="{kind}" points="{self._points(face)}"/>' for face in faces_of(volume))
        x = volume.x + (volume.wide + volume.back) / 2 + self.left
        y = volume.y + volume.high + 12 + self.top
        label = (f'<text x="{number(x)}" y="{number(y)}" class="small size" text-anchor="middle">'
                 f"{escaped(volume.label)}</text>")  # fmt: skip
        return f"<g><title>{escaped(volume.told)}</title>{faces}{label}</g>"


def faces_of(volume: Volume) -> list[list[tuple[float, float]]]:
    """The corners of the faces that are seen: the front, and where it has a back its top and right side."""
    x, y, wide, high, back = volume.x, volume.y, volume.wide, volume.high, volume.back
    front = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
    if not back:
        return [front]
    top = [(x, y), (x + back, y - back), (x + wide + back, y - back), (x + wide, y)]
    side = [(x + wide, y), (x + wide + back, y - back), (x + wide + back, y + high - back), (x + wide, y + high)]
    return [front, top, side]
