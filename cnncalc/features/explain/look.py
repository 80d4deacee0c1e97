"""What one output sees of the input, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...document import figures
from ...document.parts import Fact
from ...measure.receptive_field.window import InputWindow
from ...measure.result import Analysis
from ...records import Record
from .facts import LayerFacts


class Look(Record):
    """One output looked at: its position, and what it sees."""

    at: tuple[int, ...]
    window: InputWindow


def looked(analysis: Analysis, facts: LayerFacts, look: Look) -> Iterator[Fact]:
    """What the output sees, what is clipped, and what is left out between."""
    window, place = look.window, ",".join(map(str, look.at))
    shape = next((node.output for node in analysis.network.inputs if node.name == window.input), None)
    label = f"output {place}" if place else "output"
    if window.blank:
        yield Fact(label, (f"sees nothing of '{window.input}': padding only, or none of it",))
        return
    if not window.hull:
        yield Fact(label, ("sees the whole input: a vector has one position",))
        return
    names = ["samples"] if len(window.hull) == 1 else ["slices", "rows", "columns"][-len(window.hull) :]
    ranges = figures.listed([f"{name} {a} to {b}" for name, (a, b) in zip(names, window.hull, strict=True)])
    size = "×".join(figures.grouped(b - a + 1) for a, b in window.hull)
    whole = shape is not None and all(
        hull == (0, length - 1) for hull, length in zip(window.hull, shape[1:], strict=True)
    )
    lines = [f"sees {ranges} of the input: {size} pixels" + (", all of it" if whole else "")]
    if shape is not None and (cut := _cut(facts, look, shape)):
        lines.append(cut)
    for name, runs in zip(names, window.runs, strict=True):
        if len(runs) > 1:
            lines.append(f"of the {name} only {_runs(runs)}")
    if not window.exact:
        lines.append("there is too much to follow pixel by pixel: this is the hull of intervals, never too small")
    yield Fact(label, tuple(lines))


def _runs(runs: Sequence[tuple[int, int]]) -> str:
    texts = [str(a) if a == b else f"{a} to {b}" for a, b in runs]
    shown = texts if len(texts) <= 12 else [*texts[:6], "…", *texts[-3:]]
    return ", ".join(shown)


def _cut(facts: LayerFacts, look: Look, shape: tuple[int, ...]) -> str:
    """What is clipped: the field without its border, where that is exact."""
    fields = facts.row.fields
    if not fields or facts.row.nominal or any(len(field.parts) > 1 for field in fields) or len(fields) != len(look.at):
        return ""
    spans = []
    for field, place in zip(fields, look.at, strict=True):
        start = field.start + place * field.jump
        spans.append((start, start + field.size - 1))
    if all(a >= 0 and b < size for (a, b), size in zip(spans, shape[1:], strict=True)):
        return ""
    return "clipped to the image: with padding " + " × ".join(f"{a} to {b}" for a, b in spans)
