"""A picture for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from ..render.text import Charset, Screen
from . import palette
from .flat import arrows
from .picture import Picture
from .scope import FRAME, INPUT, MERGE, OUTPUT, PORT, Thing
from .svg import group_of

_CLEAN = Charset()


def render(picture: Picture, name: str, screen: Screen) -> str:
    """The digraph, a cluster a frame."""
    names = {id(thing): f"n{index}" for index, thing in enumerate(picture.everything())}
    lines = [
        f"digraph {_quoted(picture.title)} {{", f"  rankdir={'LR' if picture.asked.right else 'TB'};",
        f"  label={_quoted(f'{picture.title}: {picture.caption}')}; labelloc=t;",
        '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica", fontsize=10];',
        '  edge [fontname="Helvetica", fontsize=9];', *_inside(picture, picture.root, names, "  "),
    ]  # fmt: skip
    for arrow in arrows(picture.root):
        label = ""
        if arrow.source.part is not None and picture.changes(arrow.source):
            label = f" [label={_quoted(picture.shape(arrow.tensor))}]"
        lines.append(f"  {names[id(arrow.source)]} -> {names[id(arrow.target)]}{label};")
    return "\n".join([*lines, "}"]) + "\n"


def _inside(picture: Picture, frame: Thing, names: dict[int, str], margin: str) -> Iterator[str]:
    for thing in frame.things:
        name = names[id(thing)]
        if thing.sort == PORT:
            continue
        if thing.sort == FRAME:
            assert thing.part is not None
            yield f"{margin}subgraph cluster_{name} {{"
            yield f'{margin}  label={_quoted(thing.part.label)}; fontname="Helvetica"; fontsize=10; color=gray;'
            yield from _inside(picture, thing, names, margin + "  ")
            yield f"{margin}}}"
            continue
        text = "\n".join(line.text for line in picture.texts(thing) if line.text)
        yield f"{margin}{name} [label={_quoted(text)}{_look(picture, thing)}];"


def _look(picture: Picture, thing: Thing) -> str:
    if thing.sort in (INPUT, OUTPUT):
        return ", shape=oval"
    look = ", shape=circle" if thing.sort == MERGE else ""
    if thing.part is not None and picture.fault(thing.part) is not None:
        return f'{look}, color="#cf222e", fillcolor="#ffebe9"'
    if picture.asked.color == "kind":
        _, fill, line, _, _ = palette.GROUP_COLORS[group_of(picture, thing)]
        return f'{look}, fillcolor="{fill}", color="{line}"'
    share = picture.share(thing.part) if picture.asked.color == "cost" and thing.part is not None else None
    return f'{look}, fillcolor="{palette.SHADES[palette.shade(share)][1]}"' if share is not None else look


def _quoted(text: str) -> str:
    """A string of the DOT language, on a line of its own for each of its lines."""
    lines = [_CLEAN(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n")]
    return '"' + "\\n".join(lines) + '"'
