"""Expectations: ``-> SHAPE`` checked, with the arithmetic behind a failed one."""

from __future__ import annotations

from ..diagnostics import ERROR, EXPECTATION_FAILED, NOTE
from ..network import Node
from ..spec import Unresolved
from ..spec.nodes import Arrow, Name
from ..spec.words import is_blank
from ..values import Shape
from .environment import Environment
from .specification import Outcome, Specification

#: A shape with None for any size.
Pattern = tuple[int | None, ...]
#: What looking at an expectation costs of the steps that make no layer.
_STEPS = 10


class Expectations:
    """Checks the arrows of lines. `overridden`: the spec is not at its own values, so that a failure is a note."""

    def __init__(self, environment: Environment, specification: Specification, overridden: bool) -> None:
        self.environment = environment
        self.position = environment.position
        self.reporter = environment.reporter
        self.specification = specification
        self.severity = NOTE if overridden else ERROR
        #: The arrows whose failure was explained, and blanks: later runs are said in short.
        self._explained: set[tuple[int, int, int]] = set()

    def check(self, arrow: Arrow, start: int) -> None:
        """Reports a failed expectation of the present line, whose nodes begin at `start`; a blank is taken note of."""
        if isinstance(arrow.value, Name) and is_blank(arrow.value.id):
            self._blank(arrow)
            return
        environment, running = self.environment, self.position.running
        try:
            layer_help = "use '|' between layers; '->' checks a shape"
            expected = environment.shape(environment.value(arrow.value), arrow.value, "the expectation", layer_help)
        except Unresolved:
            self._keep(arrow, None, False)
            return
        got = None if running is None else self.position.shape_of(running)
        right = got is not None and matches(got, expected)
        self._keep(arrow, got, right)
        if running is None:
            self.reporter.error("no-tensor", "no tensor is here to check", arrow.start, arrow.end)
        elif got is not None and not right:
            self._report(arrow, self._made(start, running), got, expected)

    def _blank(self, arrow: Arrow) -> None:
        """Takes note of a blank: once, however often its line runs."""
        spot = self.position.spot(arrow.start)
        if spot not in self._explained:
            self._explained.add(spot)
            self.specification.blanks.append(self.position.span(arrow.start, arrow.end))

    def _keep(self, arrow: Arrow, got: Shape | None, ok: bool) -> None:
        """Keeps what became of an arrow: the first run that is not as expected tells."""
        spot, kept = self.position.spot(arrow.start), self.specification.expectations
        if spot not in kept or (kept[spot].ok and not ok):
            kept[spot] = Outcome(self.position.span(arrow.start, arrow.end), arrow.constant, got, ok)

    def _made(self, start: int, running: int) -> list[Node]:
        """The nodes of the present line; the one that is named where it makes none."""
        nodes = self.position.assembler.nodes
        return nodes[start:] or [nodes[running]]

    def _report(self, arrow: Arrow, made: list[Node], got: Shape, expected: Pattern) -> None:
        spelled = self.position.spelled
        message, figures, help = f"expected {spelled(expected)}, got {spelled(got)}", "", None
        self.environment.budget.spend(_STEPS)
        spot = self.position.spot(arrow.start)
        if spot not in self._explained:
            self._explained.add(spot)
            figures = self._figures(made, got, expected)
            message += f": {figures}" if figures else ""
            help = self._advice(made, got, expected)
        self.reporter.tell(self.severity, EXPECTATION_FAILED, message, arrow.start, arrow.end, help, figures=figures)

    def _advice(self, made: list[Node], got: Shape, expected: Pattern) -> str | None:
        from .satisfy import satisfying

        chain = _chain(made)
        entering = self.position.shape_of(chain[0].inputs[0]) if chain else None
        return self._other_order(got, expected) or satisfying(chain, expected, entering) or None

    def _figures(self, made: list[Node], got: Shape, expected: Pattern) -> str:
        """The arithmetic behind the first size that is wrong; empty where no formula gives it."""
        if len(got) != len(expected):
            return f"{len(got)} number{'s' * (len(got) > 1)}, not {len(expected)}"
        axis = differing(got, expected)[0]
        for node in reversed(made):
            if node.layer is None or node.output is None or len(node.output) != len(got) or len(node.inputs) != 1:
                continue
            entering = self.position.shape_of(node.inputs[0])
            if entering is None or node.output[axis] != got[axis]:
                continue
            if axis == 0 and node.layer.filter((entering,)) is not None:
                return f"each of the {got[0]} filters gives a channel"
            if axis > 0 and (figures := node.layer.axis_formula(entering, axis - 1)):
                return figures
        return ""

    def _other_order(self, got: Shape, expected: Pattern) -> str:
        """The advice for a shape that was written channels last, or first; empty where it was not."""
        if len(got) < 3 or expected == got:
            return ""
        right, layout = self.position.spelled(got), self.environment.layout
        if expected == (*got[1:], got[0]) and layout == "chw":
            return f"channels come first: '-> {right}'; 'layout hwc' above the input turns it round"
        if (*expected[1:], expected[0]) == got and layout == "hwc":
            return f"with 'layout hwc' channels come last: '-> {right}'"
        return ""


def _chain(made: list[Node]) -> list[Node]:
    """The nodes of the line where each takes just the one before it; empty where they do not."""
    for before, node in zip([None, *made], made, strict=False):
        if node.layer is None or node.output is None or len(node.inputs) != 1 or node.inputs[0] < 0:
            return []
        if before is not None and node.inputs[0] != before.position:
            return []
    return made


def matches(got: Shape, expected: Pattern) -> bool:
    """Whether `got` is as expected; None in `expected` matches any size."""
    return len(got) == len(expected) and not differing(got, expected)


def differing(got: Shape, expected: Pattern) -> list[int]:
    """The axes on which `got` is not as expected."""
    pairs = zip(got, expected, strict=False)
    return [axis for axis, (have, want) in enumerate(pairs) if want is not None and have != want]
