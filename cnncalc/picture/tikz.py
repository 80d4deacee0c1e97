"""A picture for LaTeX: a document of its own, of which the `tikzpicture` can be taken into a paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..render.text import Charset, Screen
from . import palette
from .picture import Picture, line_height
from .scope import FRAME, INPUT, MERGE, OUTPUT, PORT, Thing
from .svg import Drawing, number
from .volume_svg import faces_of
from .volumes import Volumes

if TYPE_CHECKING:
    from .routes import Point

_CLEAN = Charset()
#: Characters that are LaTeX's own, and what is written for them; other letters than these need a font that has them.
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "×": r"$\times$", "−": "$-$", "·": r"$\cdot$", "÷": r"$\div$",
    "∥": r"$\parallel$", "…": r"\ldots{}",
}  # fmt: skip
_HEAD = r"""\documentclass[tikz,border=4pt]{standalone}
\usepackage[T1]{fontenc}
\usepackage[scaled]{helvet}
\usetikzlibrary{arrows.meta}
\renewcommand{\familydefault}{\sfdefault}
"""
_FONTS = {"name": r"\bfseries\fontsize{9}{11}\selectfont", "text": r"\fontsize{8.2}{10}\selectfont",
          "small": r"\fontsize{7.5}{9}\selectfont", "fault": r"\fontsize{7.5}{9}\selectfont\color{fault}"}  # fmt: skip


def render(picture: Picture | Volumes, name: str, screen: Screen) -> str:
    """The document; a pixel of the other formats is three quarters of a point."""
    body = _Graph(picture).lines() if isinstance(picture, Picture) else _volumes(picture)
    begin = r"\begin{tikzpicture}[x=0.75pt,y=-0.75pt,>={Latex[length=3.5pt]},rounded corners=1.5pt]"
    return "\n".join([
        _HEAD + "\n".join(_colors()), r"\begin{document}", f"% {escaped(picture.title)}: {escaped(picture.caption)}",
        begin, *body, r"\end{tikzpicture}", r"\end{document}", "",
    ])  # fmt: skip


def escaped(text: str) -> str:
    """`text` as LaTeX sets it."""
    return "".join(_SPECIAL.get(char, char) for char in _CLEAN(text))


def _colors() -> Iterator[str]:
    named = {name: colors[:2] for name, *colors in palette.GROUP_COLORS.values()} | {"plain": ["#ffffff", "#57606a"]}
    named |= {"wrong": ["#ffebe9", "#cf222e"], "frame": ["#f6f8fa", "#afb8c1"]}
    named |= {f"shade{index}": [shade[1], "#57606a"] for index, shade in enumerate(palette.SHADES)}
    for name, (fill, line) in named.items():
        yield rf"\definecolor{{{name}}}{{HTML}}{{{fill[1:].upper()}}}"
        yield rf"\definecolor{{{name}line}}{{HTML}}{{{line[1:].upper()}}}"
    yield r"\definecolor{fault}{HTML}{CF222E}"


def _at(point: Point) -> str:
    return f"({number(point[0])},{number(point[1])})"


class _Graph:
    """Boxes and arrows, where the SVG has them."""

    def __init__(self, picture: Picture) -> None:
        self.picture, self.drawing = picture, Drawing(picture)

    def lines(self) -> Iterator[str]:
        """A line an element."""
        things = list(self.picture.everything())
        yield from (self._frame(thing) for thing in things if thing.sort == FRAME)
        for route in self.picture.routes:
            points = " -- ".join(_at(self.drawing.point(point)) for point in route.points)
            yield rf"\draw[{'->' if route.ends else '-'},black!65] {points};"
        for thing in things:
            if thing.sort not in (FRAME, PORT):
                yield from self._box(thing)

    def _frame(self, thing: Thing) -> str:
        assert thing.part is not None
        x, y, wide, high = self.drawing.corners(thing)
        label = escaped(thing.part.label)
        return (rf"\filldraw[fill=frame,draw=frameline] {_at((x, y))} rectangle {_at((x + wide, y + high))};"
                rf"\node[anchor=north west,inner sep=3pt] at {_at((x, y))} {{{_FONTS['name']} {label}}};")  # fmt: skip

    def _box(self, thing: Thing) -> Iterator[str]:
        picture = self.picture
        kind = self.drawing.kind(thing)[0]
        if thing.sort == MERGE:
            assert thing.part is not None
            x, y, radius = self.drawing.circle(thing)
            sign = picture.sign(thing)
            yield rf"\filldraw[fill={kind},draw={kind}line] {_at((x, y))} circle[radius={number(radius * 0.75)}pt];"
            yield rf"\node at {_at((x, y))} {{{_FONTS['text']} {escaped(sign)}}};"
            yield rf"\node[anchor=west] at {_at((x + radius, y))} {{{_FONTS['small']} {escaped(thing.part.label)}}};"
            return
        x, y, wide, high = self.drawing.corners(thing)
        wide, x = self.drawing.own(thing, x, wide)
        corners = ",rounded corners=6pt" if thing.sort in (INPUT, OUTPUT) else ""
        yield rf"\filldraw[fill={kind},draw={kind}line{corners}] {_at((x, y))} rectangle {_at((x + wide, y + high))};"
        below = y + 6.0
        for line in picture.texts(thing):
            below += line_height(line)
            at = _at((x + wide / 2, below - line_height(line) / 2))
            yield rf"\node at {at} {{{_FONTS[line.kind]} {escaped(line.text)}}};"


def _volumes(picture: Volumes) -> Iterator[str]:
    colored = picture.asked.color != "none"
    for volume in picture.volumes:
        kind = "wrong" if volume.faulty else volume.color if colored else "plain"
        for face in faces_of(volume):
            yield rf"\filldraw[fill={kind},draw={kind}line,sharp corners] {' -- '.join(map(_at, face))} -- cycle;"
        at = _at((volume.x + (volume.wide + volume.back) / 2, volume.y + volume.high + 4))
        yield rf"\node[anchor=north,inner sep=1pt] at {at} {{{_FONTS['small']} {escaped(volume.label)}}};"
    for arc in picture.arcs:
        yield rf"\draw[->,black!65] {' -- '.join(map(_at, arc.points))};"
