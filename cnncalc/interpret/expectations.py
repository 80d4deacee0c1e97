"""Expectations: ``-> SHAPE`` checked, with the arithmetic behind a failed one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..diagnostics import ERROR, EXPECTATION_FAILED, NOTE, Diagnostic
from ..network.model import Node, Outcome
from ..spec import Unresolved
from ..spec.nodes import Arrow, Line, Name
from ..spec.words import is_blank
from ..values import Shape

if TYPE_CHECKING:
    from .builder import Builder


#: A shape with None for any size.
Pattern = tuple[int | None, ...]


def check_arrow(builder: Builder, node: Line, start: int) -> None:
    """Reports a failed expectation of the present line, whose nodes begin at `start`; a blank is taken note of."""
    arrow = node.arrow
    if arrow is None:
        return
    if isinstance(arrow.value, Name) and is_blank(arrow.value.id):
        builder.blank(arrow.start, arrow.end)
        return
    try:
        expected = builder.shape(builder.value(arrow.value), arrow.value, "the expectation")
    except Unresolved:
        _keep(builder, arrow, None, False)
        return
    index = builder.current
    if index is None:
        _keep(builder, arrow, None, False)
        builder.error("no-tensor", "no tensor is here to check", arrow.start, arrow.end)
        return
    got = builder.shape_of(index)
    right = got is not None and matches(got, expected)
    _keep(builder, arrow, got, right)
    if got is None or right:
        return
    message = f"expected {builder.spelled(expected)}, got {builder.spelled(got)}"
    help, figures = None, ""
    if builder.first_failure(arrow.start):
        from .satisfy import satisfying

        made = builder.nodes[start:] or [builder.nodes[index]]
        figures = _figures(builder, made, got, expected)
        chain = _chain(builder, made)
        help = (
            _other_order(builder, got, expected)
            or satisfying(chain, expected, [builder.nodes[one.inputs[0]].output for one in chain[:1]])
            or None
        )
    builder.faults.add(
        Diagnostic(
            NOTE if builder.overridden else ERROR, EXPECTATION_FAILED, message + (f": {figures}" if figures else ""),
            builder.place().span(arrow.start, arrow.end), help, (), builder.frames,
        )
    )  # fmt: skip


def _keep(builder: Builder, arrow: Arrow, got: Shape | None, ok: bool) -> None:
    """Keeps what became of an arrow: the first run that is not as expected tells."""
    key = (id(builder.source), builder.stmt.line, arrow.start)
    kept = builder.network.arrows
    if key not in kept or (kept[key].ok and not ok):
        kept[key] = Outcome(builder.place().span(arrow.start, arrow.end), arrow.constant, got, ok)


def _chain(builder: Builder, made: list[Node]) -> list[Node]:
    """The nodes of the line where each takes just the one before it; empty where they do not."""
    for before, node in zip([None, *made], made, strict=False):
        if node.layer is None or node.output is None or len(node.inputs) != 1 or node.inputs[0] < 0:
            return []
        if before is not None and node.inputs[0] != before.position:
            return []
    return made


def _figures(builder: Builder, made: list[Node], got: Shape, expected: Pattern) -> str:
    """The arithmetic behind the first size that is wrong; empty where no formula gives it."""
    if len(got) != len(expected):
        return f"{len(got)} number{'s' * (len(got) > 1)}, not {len(expected)}"
    axis = differing(got, expected)[0]
    for node in reversed(made):
        if node.layer is None or node.output is None or len(node.output) != len(got) or len(node.inputs) != 1:
            continue
        entering = builder.shape_of(node.inputs[0])
        if entering is None or node.output[axis] != got[axis]:
            continue
        if axis == 0 and node.layer.filter((entering,)) is not None:
            return f"each of the {got[0]} filters gives a channel"
        if axis > 0 and (figures := node.layer.axis_formula(entering, axis - 1)):
            return figures
    return ""


def _other_order(builder: Builder, got: Shape, expected: Pattern) -> str:
    """The advice for a shape that was written channels last, or first; empty where it was not."""
    if len(got) < 3 or expected == got:
        return ""
    if expected == (*got[1:], got[0]) and builder.layout == "chw":
        return f"channels come first: '-> {builder.spelled(got)}'; 'layout hwc' above the input turns it round"
    if (*expected[1:], expected[0]) == got and builder.layout == "hwc":
        return f"with 'layout hwc' channels come last: '-> {builder.spelled(got)}'"
    return ""


def matches(got: Shape, expected: Pattern) -> bool:
    """Whether `got` is as expected; None in `expected` matches any size."""
    return len(got) == len(expected) and not differing(got, expected)


def differing(got: Shape, expected: Pattern) -> list[int]:
    """The axes on which `got` is not as expected."""
    pairs = zip(got, expected, strict=False)
    return [axis for axis, (have, want) in enumerate(pairs) if want is not None and have != want]
