"""Specs and the networks that come of them, whole: runs.txt. `python tests/interpret/runs.py` writes it anew."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1])]

from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.interpret import build
from cnncalc.network import Network, Node
from cnncalc.values import times
from spec.notation import Recorded, drawn


def node(one: Node) -> str:
    """Name, operation and output, what it reads; whose weights it has, and where it stands."""
    layer = one.kind if one.layer is None else one.layer.describe(len(one.output or (0,)) - 1)
    text = f"{one.position} {one.name} = {layer} {'unknown' if one.output is None else times(one.output)}"
    text += f" <- {', '.join(map(str, one.inputs))}" if one.inputs else ""
    text += "" if one.owner is None else f", weights of {one.owner}"
    text += ", train" * one.train + ", frozen" * one.frozen
    where = "/".join(f"{step.what} {step.name}" for step in one.path)
    return text + (f" in {where}" if where else "") + f" at {place(one.span)}"


def place(span) -> str:
    return f"{span.line}:{span.column}-{span.end_column}"


def fault(one: Diagnostic, source: Source) -> list[str]:
    """A fault under its line, and the way there."""
    lines = [f"{one.severity} in {one.span.line}", source.line(one.span.line), *drawn(one), *one.notes]
    return lines + [f"  {frame.text}{' in' if frame.use else ''} {place(frame.span)}" for frame in one.frames]


def outcome(network: Network) -> list[str]:
    """Nodes, outputs, names of parts, and faults."""
    lines = [f"model {network.title}"] if network.title else []
    lines += [node(one) for one in network.nodes]
    lines += [f"output {one.name}: {one.node}" + ", train" * one.train for one in network.outputs]
    lines += [
        f"{name}: {extent.first}..{extent.last} gives {extent.output}" for name, extent in network.extents.items()
    ]
    looks = [f"looks at {what}" for what in ("channels", "sizes") if getattr(network, f"reads_{what}")]
    return lines + looks + [line for one in network.diagnostics for line in fault(one, network.source)]


class Runs(Recorded):
    """Specs, and what a run of each makes."""

    def __init__(self) -> None:
        super().__init__("")
        self.path = Path(__file__).with_suffix(".txt")

    def outcome(self, spec: str) -> list[str]:
        """What comes of a spec, as the file has it."""
        return [line.rstrip() for line in outcome(build(Source("model.txt", spec)))]


RUNS = Runs()

if __name__ == "__main__":
    RUNS.record()
