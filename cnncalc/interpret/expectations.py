"""Expectations: ``-> SHAPE`` checked, with the arithmetic behind a failed one."""

from __future__ import annotations

from ..diagnostics import ERROR, EXPECTATION_FAILED, Diagnostic
from ..layers import LayerError
from ..network import UNKNOWN
from ..spec import Unresolved
from ..spec.nodes import Arrow, Name
from ..spec.words import is_blank
from ..values import Shape
from .binding import said_shape
from .environment import Environment
from .specification import Outcome, Specification

#: A shape with None for any size.
Pattern = tuple[int | None, ...]
#: What looking at an expectation costs of the steps that make no layer.
_STEPS = 10
#: Layers that leave a size as it is, over which the one that makes it is looked for.
_LOOKED_BACK = 1000


class Expectations:
    """Checks the arrows of lines. Of a spec that is not at its own values those of plain numbers are judged only where
    the shape is the one that it has at these; what comes of those with expressions is for whoever asks.
    """

    def __init__(self, environment: Environment, specification: Specification) -> None:
        self.environment = environment
        self.position = environment.position
        self.reporter = environment.reporter
        self.specification = specification
        #: The arrows whose failure was explained, and blanks: later runs are said in short.
        self._explained: set[tuple[int, int, int]] = set()
        #: The shapes that were expected of tensors that have others, by index, and the line where the first one failed.
        self._failed: dict[int, tuple[Shape, int]] = {}

    def check(self, arrow: Arrow, start: int) -> None:
        """Reports a failed expectation of the present line, whose nodes begin at `start`; a blank is taken note of."""
        if isinstance(arrow.value, Name) and is_blank(arrow.value.id):
            self._blank(arrow)
            return
        environment, running = self.environment, self.position.running
        try:
            layer_help = "use '|' between layers; '->' checks a shape"
            value = environment.value(arrow.value)
            expected = said_shape(environment, value, arrow.value, "the expectation", layer_help)
        except Unresolved:
            self._keep(arrow, None, False)
            return
        got = None if running is None else self.position.shape_of(running)
        right = got is not None and matches(got, expected)
        outcome = self._keep(arrow, got, right)
        if running is None:
            self.reporter.error("no-tensor", "no tensor is here to check", arrow.start, arrow.end)
        elif got is None:
            self._look_for_silent(running)
        elif not right and self.specification.judges(self.position.spot(arrow.start), outcome):
            self._report(arrow, start, got, expected)

    def _look_for_silent(self, index: int) -> None:
        """Takes note of the operator that does not say its shape, where that is why a tensor has none: of one."""
        nodes = self.position.assembler.nodes
        for _ in range(_LOOKED_BACK if self.specification.unsaid is None else 0):
            if index < 0 or nodes[index].output is not None:
                return
            node = nodes[index]
            if node.layer is not None and node.layer.opaque:
                self.specification.stops_at(node.layer.describe(0))
                return
            index = next((one for one in node.inputs if one < 0 or nodes[one].output is None), UNKNOWN)

    def _blank(self, arrow: Arrow) -> None:
        """Takes note of a blank: once, however often its line runs."""
        spot = self.position.spot(arrow.start)
        if spot not in self._explained:
            self._explained.add(spot)
            self.specification.blanks.append(self.position.span(arrow.start, arrow.end))

    def _keep(self, arrow: Arrow, got: Shape | None, ok: bool) -> Outcome:
        """What became of an arrow; it is kept, the first run that is not as expected in the place of any other."""
        spot, kept = self.position.spot(arrow.start), self.specification.expectations
        outcome = Outcome(self.position.span(arrow.start, arrow.end), arrow.constant, got, ok)
        if spot not in kept or (kept[spot].ok and not ok):
            kept[spot] = outcome
        return outcome

    def _report(self, arrow: Arrow, start: int, got: Shape, expected: Pattern) -> None:
        spelled = self.position.spelled
        message, figures, help = f"expected {spelled(expected)}, got {spelled(got)}", "", None
        self.environment.budget.spend(_STEPS)
        spot = self.position.spot(arrow.start)
        if spot not in self._explained and not self.reporter.faults.many:
            self._explained.add(spot)
            figures = self._figures(got, expected)
            message += f": {figures}" if figures else ""
            help = self._other_order(got, expected) or self._follows(expected) or self._swapped(expected)
            help = help or self._advice(start, expected)
        span, frames = self.position.span(arrow.start, arrow.end), self.position.frames
        failed = Diagnostic(ERROR, EXPECTATION_FAILED, message, span, help, frames=frames, figures=figures)
        overridden = self.specification.overridden and not arrow.constant
        (self.specification.failures if overridden else self.reporter.faults).add(failed)

    def _follows(self, expected: Pattern) -> str | None:
        """That it is as expected once a tensor before it is; takes note of what is expected of this one."""
        from ..network.replay import Propagation

        running, nodes = self.position.running, self.position.assembler.nodes
        if running is None or None in expected:
            return None
        shape, line = tuple(size or 0 for size in expected), self.position.statement.line
        before = self._before(running)
        root = None
        if before is not None:
            stretch = nodes[before + 1 : running + 1]
            own = {node.position: node.output for node in nodes[: before + 1] if node.output is not None}
            wanted, first = self._failed[before]
            if all(node.output is not None for node in stretch):
                made = Propagation(stretch, [running], {})({**own, before: wanted})
                root = first if made == [shape] else None
        self._failed[running] = (shape, root or line)
        return None if root is None else f"this follows from line {root}"

    def _swapped(self, expected: Pattern) -> str | None:
        """That filters and kernel stand in each other's place, where that makes it as expected."""
        nodes = self.position.assembler.nodes
        node = nodes[self.position.running or 0]
        while (
            node.layer is not None
            and node.layer.pointwise
            and "filters" not in node.layer.sorts
            and node.inputs[0] >= 0
        ):
            node = nodes[node.inputs[0]]
        shapes, layer = self.position.assembler.network.input_shapes(node), node.layer
        values = {} if layer is None else dict(layer.values)
        filters, kernel = values.get("filters"), values.get("kernel")
        if layer is None or not shapes or not isinstance(filters, int) or not isinstance(kernel, int):
            return None
        try:
            swapped = layer.changed(filters=kernel, kernel=filters)
            right = filters != kernel and matches(swapped.output(shapes), expected)
        except LayerError:
            return None
        return f"did you mean '{node.kind} {kernel} {filters}'? filters come before the kernel" if right else None

    def _before(self, index: int) -> int | None:
        """The nearest tensor before another, on its way, of which another shape was expected."""
        nodes = self.position.assembler.nodes
        for _ in range(_LOOKED_BACK if self._failed else 0):
            entering = nodes[index].inputs
            if not entering or entering[0] < 0:
                return None
            index = entering[0]
            if index in self._failed:
                return index
        return None

    def _advice(self, start: int, expected: Pattern) -> str | None:
        """What would give the expected shape; the present line's nodes begin at `start`."""
        from .satisfy import satisfying

        network, running = self.position.assembler.network, self.position.running
        assert running is not None  # it has a shape
        return satisfying(network, running, expected, start) or None

    def _figures(self, got: Shape, expected: Pattern) -> str:
        """The arithmetic behind the first size that is wrong, of the layer that makes it; empty where none does."""
        if len(got) != len(expected):
            return f"{len(got)} number{'s' * (len(got) > 1)}, not {len(expected)}"
        axis, nodes = differing(got, expected)[0], self.position.assembler.nodes
        index = self.position.running or 0
        for _ in range(_LOOKED_BACK):
            node = nodes[index]
            entering = [nodes[index].output for index in node.inputs if index >= 0]
            shapes = tuple(shape for shape in entering if shape is not None)
            if node.layer is None or node.output is None or not shapes or len(shapes) < len(node.inputs):
                return ""
            if figures := node.layer.arithmetic(shapes, node.output, axis):
                return figures
            if len(shapes[0]) != len(got) or shapes[0][axis] != got[axis]:
                return ""
            index = node.inputs[0]
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


def matches(got: Shape, expected: Pattern) -> bool:
    """Whether `got` is as expected; None in `expected` matches any size."""
    return len(got) == len(expected) and not differing(got, expected)


def differing(got: Shape, expected: Pattern) -> list[int]:
    """The axes on which `got` is not as expected."""
    pairs = zip(got, expected, strict=False)
    return [axis for axis, (have, want) in enumerate(pairs) if want is not None and have != want]
