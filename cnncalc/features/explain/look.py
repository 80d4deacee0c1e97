"""What one output sees of the input, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from ...document import figures
from ...document.parts import Fact
from ...measure.receptive_field.window import InputWindow, window
from ...records import Record
from ...values import how_many
from .facts import Unanswerable
from .layer_facts import LayerFacts


class Look(Record):
    """One output looked at: its position, and what it sees."""

    at: tuple[int, ...]
    window: InputWindow


def look(facts: LayerFacts, at: tuple[int, ...]) -> Look:
    """The output at a position: row and column, from 0; none of a vector. Raises Unanswerable."""
    node, shape = facts.node, facts.node.output
    if shape is None:
        raise Unanswerable(f"the output of '{node.name}' could not be worked out")
    if len(shape) == 1 and at in ((0,), (0, 0), (0, 0, 0)):
        at = ()
    if len(at) != len(shape) - 1:
        many = how_many(len(shape) - 1, "spatial axis") if len(shape) > 1 else "no positions"
        example = tuple(size // 2 for size in shape[1:]) or (0,)
        raise Unanswerable(f"the output of '{node.name}' has {many}", "at", example)
    if any(place >= size for place, size in zip(at, shape[1:], strict=True)):
        last = ",".join(str(size - 1) for size in shape[1:])
        raise Unanswerable(f"the positions of '{node.name}' end at {last} (from 0)", "at")
    return Look(at, window(facts.analysis.network, node, at))


def seen(facts: LayerFacts, look: Look) -> Fact:
    """What the output sees, what is clipped, and what is left out between."""
    window, place = look.window, ",".join(map(str, look.at))
    label = f"output {place}" if place else "output"
    if window.blank:
        return Fact(label, (f"sees nothing of '{window.input}': padding only, or none of it",))
    if not window.hull:
        return Fact(label, ("sees the whole input: a vector has one position",))
    shape = next((node.output for node in facts.analysis.network.inputs if node.name == window.input), None)
    names = ["samples"] if len(window.hull) == 1 else ["slices", "rows", "columns"][-len(window.hull) :]
    ranges = figures.listed([f"{name} {a} to {b}" for name, (a, b) in zip(names, window.hull, strict=True)])
    size = "×".join(figures.grouped(b - a + 1) for a, b in window.hull)
    size = f"{size} {'pixel' if size == '1' else 'pixels'}"
    whole = shape is not None and window.hull == tuple((0, length - 1) for length in shape[1:])
    lines = [f"sees {ranges} of the input: {size}" + (", all of it" if whole else "")]
    if shape is not None and (cut := _cut(facts, look, shape)):
        lines.append(cut)
    for name, runs in zip(names, window.runs, strict=True):
        if len(runs) > 1:
            lines.append(f"of the {name} only {_runs(runs)}")
    if not window.exact:
        lines.append("there is too much to follow pixel by pixel: this is the hull of intervals, never too small")
    return Fact(label, lines)


def _runs(runs: Sequence[tuple[int, int]]) -> str:
    texts = [str(a) if a == b else f"{a} to {b}" for a, b in runs]
    return ", ".join(texts if len(texts) <= 12 else [*texts[:6], "…", *texts[-3:]])


def _cut(facts: LayerFacts, look: Look, shape: tuple[int, ...]) -> str:
    """What is clipped: the field without its border, where that is exact."""
    fields = facts.row.fields
    if not fields or facts.row.nominal or any(len(field.parts) > 1 for field in fields) or len(fields) != len(look.at):
        return ""
    starts = [field.start + place * field.jump for field, place in zip(fields, look.at, strict=True)]
    spans = [(start, start + field.size - 1) for start, field in zip(starts, fields, strict=True)]
    if all(a >= 0 and b < size for (a, b), size in zip(spans, shape[1:], strict=True)):
        return ""
    return "clipped to the image: with padding " + " × ".join(f"{a} to {b}" for a, b in spans)
