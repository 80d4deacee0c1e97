"""`cnncalc memory` as text: the curve of live memory, its peak, what holds it up, and what the rest takes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ...document import figures, summary
from ...render.grid import Field, Grid
from ...render.text import Charset, clip, width

if TYPE_CHECKING:
    from ...measure.footprint import Footprint

_HEIGHT = 8
_LEVELS = " ▁▂▃▄▅▆▇█"
_PLAIN_LEVELS = " ...::::#"
_MARGIN = "  "


def render(footprint: Footprint, charset: Charset, limit: int = 80) -> str:
    """The whole screen, at most `limit` columns wide."""
    analysis = footprint.analysis
    head = "   ".join(
        filter(None, (summary.title(analysis), summary.inputs(analysis, analysis.layout), analysis.dtype))
    )
    parts = [[head]]
    if footprint.liveness is None:
        parts.append(["memory unknown: not every shape could be worked out"])
    elif footprint.liveness.steps:
        parts += [_plot(footprint, charset, limit), _peak(footprint)]
    parts.append(_sums(footprint))
    return "\n\n".join("\n".join(map(charset, part)) for part in parts if part) + "\n"


def markdown(footprint: Footprint, charset: Charset) -> str:
    """The sums and what lives at the peak, as tables for a pull request."""
    lines = ["| memory | bytes | |", "| --- | ---: | --- |"]
    for name, count, said in _entries(footprint):
        lines.append(f"| {name} | {figures.grouped(count)} | {_people(count)} {said} |".replace("  ", " "))
    lines += ["", "| alive at the peak | shape | bytes |", "| --- | --- | ---: |"]
    for one in footprint.held:
        lines.append(f"| {one.name} | {figures.shape(one.shape)} | {one.bytes:,} |")
    return charset("**Memory**") + "\n\n" + "\n".join(map(charset, lines)) + "\n"


def csv(footprint: Footprint) -> str:
    """A row a step: the layer that runs, and the bytes alive."""
    from csv import writer
    from io import StringIO

    text = StringIO()
    sheet = writer(text, lineterminator="\n")
    sheet.writerow(["layer", "live"])
    live = footprint.liveness
    if live is not None:
        nodes = footprint.analysis.network.nodes
        sheet.writerows((nodes[position].name, count) for position, count in zip(live.steps, live.live, strict=True))
    return text.getvalue()


# --- the curve --------------------------------------------------------------------------------------


def _plot(footprint: Footprint, charset: Charset, limit: int) -> list[str]:
    """Live bytes over the layers, in file order; where layers are many, a column is the most of several."""
    live = footprint.liveness
    assert live is not None
    top = figures.size(live.peak)
    room = max(10, limit - len(_MARGIN) - width(top) - 3)
    curve = _columns(live.live, room)
    levels = _LEVELS if charset("█") == "█" else _PLAIN_LEVELS
    corner, side, foot = ("┤", "│", "└") if charset("┤") == "┤" else ("+", "|", "+")
    lines = []
    for row in range(_HEIGHT - 1, -1, -1):
        label = (top + " " + corner) if row == _HEIGHT - 1 else " " * (width(top) + 1) + side
        cells = "".join(levels[_level(count, live.peak, row)] for count in curve)
        lines.append(f"{_MARGIN}{label}{cells}".rstrip())
    lines.append(_MARGIN + "0".rjust(width(top)) + " " + foot + charset("─") * len(curve))
    nodes = footprint.analysis.network.nodes
    names = [nodes[position].name for position in live.steps]
    lines.append(_axis(names, live.peak_step or 0, len(curve), width(top) + 2 + len(_MARGIN)))
    return lines


def _columns(values: Sequence[int], room: int) -> list[int]:
    """The values as columns: each as wide as fits, or the most of as many as must share one."""
    count = len(values)
    if count <= room:
        wide = min(room // count, 4)
        return [value for value in values for _ in range(wide)]
    bounds = [place * count // room for place in range(room + 1)]
    return [max(values[start:end]) for start, end in pairwise(bounds)]


def _level(count: int, peak: int, row: int) -> int:
    """How much of a row of the plot a column fills, in eighths; a little that is not nothing is shown."""
    eighths = -(-count * _HEIGHT * 8 // peak) if peak else 0
    return max(0, min(8, eighths - row * 8))


def _axis(names: list[str], peak: int, columns: int, indent: int) -> str:
    """The first layer's name, that at the peak under its place, and the last one's."""
    text = [" "] * max(columns, 24)

    def put(name: str, place: int) -> None:
        place = max(0, min(place, len(text) - len(name)))
        around = text[max(0, place - 1) : place + len(name) + 1]
        if all(char == " " for char in around):
            text[place : place + len(name)] = name

    put("^ " + clip(names[peak], 24), peak * columns // len(names))
    put(clip(names[0], 16), 0)
    put(clip(names[-1], 16), columns - len(names[-1]))
    return " " * indent + "".join(text).rstrip()


# --- figures ----------------------------------------------------------------------------------------


def _people(count: int | None) -> str:
    return "" if count is None or count < 1024 else f"({figures.size(count)})"


def _peak(footprint: Footprint) -> list[str]:
    """What lives at the peak."""
    lines = [f"at the peak, while '{footprint.peak_layer}' runs, {figures.quantity(footprint.peak, 'byte')} live:"]
    layout = footprint.analysis.layout
    rows = []
    for one in footprint.held[:8]:
        turned = figures.turned(one.shape, layout) or ()
        readers = ", ".join(one.readers[:2]) + (" …" if len(one.readers) > 2 else "")
        why = f"read by {readers}" if readers else "written, or kept as an output"
        rows.append([f"{_MARGIN}{one.name}", figures.shape(turned), f"{one.bytes:,}", _people(one.bytes), why])
    grid = Grid([Field(""), Field(""), Field("", right=True), Field("", right=True), Field("")], rows)
    more = len(footprint.held) - len(rows)
    return [*lines, *grid.lines()[1:], *([f"{_MARGIN}and {more} smaller"] if more else [])]


def _entries(footprint: Footprint) -> list[tuple[str, int | None, str]]:
    entries: list[tuple[str, int | None, str]] = [
        ("parameters", footprint.parameters, ""),
        ("buffers", footprint.buffers, ""),
        ("peak", footprint.peak, "of activations"),
        ("memory", footprint.memory, "at inference: the three above"),
    ]
    training = footprint.training
    if training is not None:
        entries += [
            ("training", training.total, f"with {footprint.optimizer}, an estimate:"),
            (_MARGIN + "weights", training.parameters, "with train heads and buffers"),
            (_MARGIN + "gradients", training.gradients, ""),
            (_MARGIN + "optimizer", training.optimizer, ""),
            (_MARGIN + "activations", training.activations, "every tensor, kept"),
        ]
    return entries


def _sums(footprint: Footprint) -> list[str]:
    """What everything takes, in bytes and in people's units."""
    rows = [[_MARGIN + name, figures.grouped(count), _people(count), said] for name, count, said in _entries(footprint)]
    grid = Grid([Field(""), Field("", right=True), Field("", right=True), Field("")], rows)
    activations = figures.quantity(footprint.activations, "element")
    return [f"bytes in {footprint.analysis.dtype}; all activations together have {activations}", *grid.lines()[1:]]
