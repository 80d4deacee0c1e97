"""A picture as a Mermaid flowchart, as GitHub draws it in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from ..render.text import Charset, Screen
from . import palette
from .flat import arrows
from .picture import Picture, PictureOptions
from .scope import FRAME, INPUT, MERGE, OUTPUT, PORT, Thing
from .svg import group_of

#: Edges that GitHub's Mermaid draws.
MOST_EDGES = 500
_CLEAN = Charset()


def render(picture: Picture, name: str, screen: Screen) -> str:
    """The flowchart; what has more edges than may be is folded until it has no more."""
    edges = list(arrows(picture.root))
    folded = False
    while len(edges) > MOST_EDGES and picture.asked.most_on_a_level > 1:
        folded = True
        picture = Picture(picture.analysis, _less(picture.asked))
        edges = list(arrows(picture.root))
    names = {id(thing): f"n{index}" for index, thing in enumerate(picture.everything())}
    lines = [f"flowchart {'LR' if picture.asked.right else 'TD'}"]
    if folded:
        lines.append(f"%% folded: GitHub draws {MOST_EDGES} edges at most")
    lines += _inside(picture, picture.root, names, "  ")
    lines += [f"  {names[id(edge.source)]} --> {names[id(edge.target)]}" for edge in edges]
    lines += _classes(picture, names)
    return "\n".join(lines) + "\n"


def _less(asked: PictureOptions) -> PictureOptions:
    """Half as many boxes; where none is open any more, half as many on a level."""
    if asked.most > 1:
        return asked._replace(most=asked.most // 2, depth=None)
    return asked._replace(most_on_a_level=asked.most_on_a_level // 2)


def _inside(picture: Picture, frame: Thing, names: dict[int, str], margin: str) -> Iterator[str]:
    """A line a thing; a frame is a subgraph."""
    for thing in frame.things:
        if thing.sort == PORT:
            continue
        name = names[id(thing)]
        if thing.sort == FRAME:
            assert thing.part is not None
            yield f'{margin}subgraph {name}["{_quoted(thing.part.label)}"]'
            yield from _inside(picture, thing, names, margin + "  ")
            yield f"{margin}end"
            continue
        text = "<br/>".join(_quoted(line.text) for line in picture.texts(thing) if line.text)
        left, right = {INPUT: ('(["', '"])'), OUTPUT: ('(["', '"])'), MERGE: ('(("', '"))')}.get(
            thing.sort, ('["', '"]')
        )
        yield f"{margin}{name}{left}{text}{right}"


def _classes(picture: Picture, names: dict[int, str]) -> Iterator[str]:
    """The colours of the families."""
    if picture.asked.color != "kind":
        return
    by_group: dict[str, list[str]] = {}
    for thing in picture.everything():
        if thing.part is not None and thing.sort != FRAME:
            by_group.setdefault(group_of(picture, thing), []).append(names[id(thing)])
    for group, members in by_group.items():
        name, fill, line, _, _ = palette.GROUP_COLORS[group]
        yield f"  classDef {name} fill:{fill},stroke:{line},color:#1b1f23"
        yield f"  class {','.join(members)} {name}"


def _quoted(text: str) -> str:
    """`text` inside quotes: what Mermaid and HTML would read as theirs is written as codes."""
    return "".join(char if char.isalnum() or char in " _-.,:/=×·+" else f"#{ord(char)};" for char in _CLEAN(text))
