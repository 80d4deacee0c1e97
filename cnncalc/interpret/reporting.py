"""What is said about elements and expressions: faults, and what layers remark, each at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..diagnostics import WARNING, Diagnostic
from ..layers import Layer, LayerError, MergeError, Remark
from ..spec import EvaluationError
from ..spec.nodes import Arg, Element, Expr
from .binding import ArgumentFault
from .faults import Faults, evaluation_fault, layer_fault, missing_help
from .position import FAULT_STEPS, Budget, Position


class Reporter:
    """Reports at columns of the present statement, with the way there."""

    def __init__(self, position: Position, faults: Faults, budget: Budget) -> None:
        self.position = position
        self.faults = faults
        self.budget = budget
        self._suggested: set[tuple[int, int, int]] = set()

    def error(self, code: str, message: str, start: int, end: int, help: str | None = None) -> None:
        """Reports an error at columns `start` to `end` of the present statement's content."""
        self.faults.error(code, message, self.position.span(start, end), help, self.position.frames)

    def tell(self, severity: str, code: str, message: str, start: int, end: int, help: str | None) -> None:
        """Reports what may be no error at columns `start` to `end` of the present statement's content."""
        span = self.position.span(start, end)
        self.faults.add(Diagnostic(severity, code, message, span, help, (), self.position.frames))

    # --- expressions --------------------------------------------------------------------------------

    def unresolved(self, error: EvaluationError) -> None:
        """Reports an expression that has no value; suggestions are looked for once a place."""
        self.budget.spend(FAULT_STEPS)
        names = self.position.variables() if self._first_suggestion(error.node) else ()
        self.faults.add(evaluation_fault(error, self.position.place(), names, self.position.frames))

    def has_suggested(self, node: Expr) -> bool:
        """Whether something has been suggested already for `node` of the present line."""
        return self.position.spot(node.start) in self._suggested

    def _first_suggestion(self, node: Expr) -> bool:
        if self.has_suggested(node) or self.faults.many:
            return False
        self._suggested.add(self.position.spot(node.start))
        return True

    # --- elements -----------------------------------------------------------------------------------

    def misread(self, fault: ArgumentFault, element: Element) -> None:
        """Reports words that are no arguments; what the static check has said is said once."""
        arg = fault.arg
        start, end = (arg.start, arg.end) if arg else (element.end, element.end + 1)
        self.error(fault.code, fault.message, start, end, fault.help)

    def no_tensor(self, start: int, end: int) -> None:
        """Reports that no tensor runs into what stands from `start` to `end` of the present statement."""
        inputs = self.position.assembler.network.inputs
        if not inputs:
            message, help = "no input yet", "write 'input 3x224x224', with the sizes of yours, above the first layer"
        elif len(inputs) > 1:
            names = " or ".join(dict.fromkeys(f"'@{node.name} | …'" for node in inputs))
            message, help = "with several inputs a line starts at one of them", f"write {names}"
        else:
            message, help = "no tensor enters here", "start the line at a tensor: '@name | …'"
        self.error("no-tensor", message, start, end, help)

    def same_tensor(self, kind: str, element: Element, help: str) -> None:
        """Warns of a tensor that is added to, or multiplied by, itself: more often a slip than meant."""
        message = f"{kind} of a tensor with itself"
        self.tell(WARNING, "same-tensor", message, element.start, element.end, help)

    def layer_fault(self, error: LayerError, cls: type[Layer], element: Element, given: dict[str, Arg]) -> None:
        """Reports the fault of a layer at the argument that is to blame; `given` has them by name."""
        position = self.position
        if error.missing is not None and error.help is None:
            text = position.level.source.line(position.statement.line)[position.statement.indent :]
            error.help = missing_help(error, cls, text[element.start : element.end])
        names = [*position.variables(), "same", "causal", "nearest", "bilinear"]
        layout = position.assembler.network.layout
        self.faults.add(layer_fault(error, element, given, position.place(), layout, position.frames, names))

    def remark(self, remark: Remark, element: Element, given: Mapping[str, Arg]) -> None:
        """Passes on what a layer says about its geometry; `given` has its arguments by name."""
        arg = given.get(remark.argument or "") or element
        self.tell(remark.severity, remark.code, remark.message, arg.start, arg.end, remark.help)

    def with_shapes(self, error: MergeError, inputs: Sequence[int], labels: Sequence[str]) -> LayerError:
        """The fault of a merge of `inputs`, with the shapes that do not go together, each behind its label."""
        pairs = [(labels[place], self.position.shape_of(inputs[place]) or ()) for place in (0, error.culprit)]
        figures = ", ".join(f"{label} gives {self.position.spelled(shape)}" for label, shape in pairs)
        return LayerError(f"{error}: {figures}", help=error.help)
