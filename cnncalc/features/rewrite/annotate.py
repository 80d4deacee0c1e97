"""The shapes of a network, written behind the lines of its spec."""

from __future__ import annotations

from ...diagnostics import ERROR, EXPECTATION_FAILED, Source, SpecError
from ...interpret import DEFAULT_MAX_LAYERS, build
from ...interpret.files import Folder
from ...records import Record
from ...spec import parse
from ...spec.nodes import Arrow, Hole, Name, Num, SizeTree, Stmt
from ...spec.words import is_blank
from ...values import Shape, laid_out, times
from .annotations import LayerLine, with_arrows

#: What is written for an answer that is still to be given.
BLANK = "____"

#: A shape with None on the axes where runs of a line differ; None for a line whose runs differ in their axes.
Pattern = tuple[int | None, ...] | None


class ArrowChoice(Record):
    """What is to become of the arrows: by default the shapes are written, and arrows with expressions stay."""

    remove: bool = False
    blank: bool = False
    #: Arrows with expressions, too.
    all: bool = False


DEFAULT = ArrowChoice()


def annotate(
    source: Source, folder: Folder | None = None, choice: ArrowChoice = DEFAULT, max_layers: int = DEFAULT_MAX_LAYERS
) -> str:
    """The text of `source` with the shape of each of its lines that run behind it.

    Where runs of a line differ there is a ``?``; where they differ in their number of axes, no arrow. Lines that
    never run keep what they have. Raises SpecError where the spec has errors other than failed expectations.
    """
    runs = _Runs(source)
    network = build(source, folder=folder, max_layers=max_layers, observer=runs)
    if any(one.severity == ERROR and one.code != EXPECTATION_FAILED for one in network.diagnostics):
        raise SpecError(one for one in network.diagnostics if one.severity == ERROR)
    arrows = _Arrows(runs.shapes, network.layout, choice)
    return with_arrows(source, parse(source)[0], arrows.wanted)


class _Runs:
    """Watches a build: `shapes` has what every line of the file ends in, over all of its runs."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.shapes: dict[int, Pattern] = {}

    def __call__(self, source: Source, stmt: Stmt, shape: Shape | None) -> None:
        if source is not self.source:
            return
        before = self.shapes.setdefault(stmt.line, shape)
        if before is None or before == shape:
            return
        if shape is None or len(shape) != len(before):
            self.shapes[stmt.line] = None
        else:
            self.shapes[stmt.line] = tuple(
                one if one == other else None for one, other in zip(before, shape, strict=True)
            )


class _Arrows:
    """Decides what arrow each line gets."""

    def __init__(self, shapes: dict[int, Pattern], layout: str, choice: ArrowChoice) -> None:
        self.shapes = shapes
        self.layout = layout
        self.choice = choice

    def wanted(self, line: LayerLine) -> str | None:
        """The arrow of a line; empty for none, None for what is there."""
        arrow = line.node.arrow
        if arrow is not None and not (arrow.constant or _blank(arrow) or self.choice.all):
            return None
        gone = None if arrow is None else ""
        if self.choice.remove:
            return gone
        if line.number not in self.shapes:
            return None
        shape = self.shapes[line.number]
        return gone if shape is None else self.arrow(shape, arrow)

    def arrow(self, shape: tuple[int | None, ...], before: Arrow | None) -> str | None:
        """The arrow for `shape`, or the blank; None where the one `before` says the same."""
        if self.choice.blank:
            return None if before is not None and _blank(before) else f"-> {BLANK}"
        old = _constant(before, self.layout) if before is not None and before.constant else ()
        if old == shape:
            return None
        at = len(shape) == 2
        if before is not None and len(old) > 1:
            at = isinstance(before.value, SizeTree) and before.value.at
        return f"-> {self.spelled(shape, at and len(shape) > 1)}"

    def spelled(self, shape: tuple[int | None, ...], at: bool) -> str:
        """`shape` as the file's layout has it; `at`: as channels@size."""
        if at:
            return f"{times(shape[:1])}@{times(shape[1:])}"
        return times(laid_out(shape, self.layout))


def _blank(arrow: Arrow) -> bool:
    return isinstance(arrow.value, Name) and is_blank(arrow.value.id)


def _constant(arrow: Arrow, layout: str) -> tuple[object, ...]:
    """The channels-first shape that an arrow without names says; empty where it says none."""
    value = arrow.value
    items = value.items if isinstance(value, SizeTree) else (value,)
    shape = tuple(one.value if isinstance(one, Num) else None for one in items)
    if not all(isinstance(one, Num | Hole) for one in items):
        return ()
    last = layout == "hwc" and len(shape) > 1 and not (isinstance(value, SizeTree) and value.at)
    return (shape[-1], *shape[:-1]) if last else shape
