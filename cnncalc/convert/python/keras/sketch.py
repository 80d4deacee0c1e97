"""A model of code through convert/keras: call by call, for the shapes that the code asks for, and whole."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from ....diagnostics import ERROR, Diagnostic, Frame, NamedPlace, Span
from ....layers import LayerError
from ....network.model import Origin
from ....values import Shape
from ...keras.described import DescribedLayer
from ...keras.reading import KerasReader

if TYPE_CHECKING:
    from ...keras.axes import DataFormat
    from ...readers import ModelFile, Request


class SourceReader(KerasReader):
    """Reads the description that code makes of itself: what does not fit stands at the line of its call."""

    def __init__(
        self, file: ModelFile, request: Request, axes: DataFormat, entries: list[tuple[str, list[Any]]]
    ) -> None:
        super().__init__(file, request, axes)
        self._ends = entries

    def _entries(self, model: dict[str, Any]) -> list[tuple[str, list[Any]]]:
        return self._ends

    def _spot(self, name: str, kind: str) -> Span | NamedPlace:
        described = self.described
        if described is not None and described.name == name and described.call.place is not None:
            return described.call.place
        return NamedPlace(self.file, f"layer '{name}' ({kind})")

    def _origin(self, described: DescribedLayer) -> Origin:
        return super()._origin(described)._replace(defined=described.call.defined)

    def refused(self, described: DescribedLayer, error: LayerError, inputs: list[int]) -> None:
        place, defined = described.call.place, described.call.defined
        if place is None:
            super().refused(described, error, inputs)
            return
        frames: tuple[Frame, ...] = ()
        what = f"{described.type} '{described.name}'"
        if defined is not None and (defined.source, defined.line) != (place.source, place.line):
            frames = (Frame(f"{what} is defined", defined, True, shown=True),)
        self.faults.append(Diagnostic(
            ERROR, error.code, f"{what}: {error}", place, error.help, self._history(inputs), frames,
            layers=(described.name,),
        ))  # fmt: skip

    def _history(self, inputs: list[int]) -> tuple[str, ...]:
        """How the shapes of what enters came about: the last layers that changed them."""
        told: list[str] = []
        nodes = self.assembler.nodes
        for index in dict.fromkeys(inputs):
            found: list[str] = []
            steps = 0
            while index >= 0 and len(found) < (3 if len(inputs) == 1 else 1) and steps < 200:
                node, steps = nodes[index], steps + 1
                shape = node.output
                if shape is None:
                    break
                if not node.inputs:
                    found.append(f"the input '{node.name}' is {self._spelled(shape)}")
                    break
                before = nodes[node.inputs[0]].output
                if before != shape:
                    found.append(f"'{node.name}' gives {self._spelled(shape)}{_flat(before, shape)}")
                index = node.inputs[0]
            told += reversed(found)
        return (f"the shape came about so: {', '.join(told)}",) if told else ()

    def _spelled(self, shape: Shape) -> str:
        return "x".join(map(str, self.axes.keras(shape)))


def _flat(before: Shape | None, after: Shape) -> str:
    if before is None or len(before) < 2 or len(after) != 1 or prod(before) != after[0]:
        return ""
    return f" ({'·'.join(map(str, before))} = {after[0]:,})"
