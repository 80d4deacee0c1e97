"""What is said about elements and expressions: faults, and what layers remark, each at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..diagnostics import ERROR, WARNING, Diagnostic
from ..layers import Layer, LayerError, MergeError, Remark
from ..spec import EvaluationError
from ..spec.nodes import Arg, Element, Expr
from ..values import sentence
from .binding import ArgumentFault
from .faults import Faults, did_you_mean, evaluation_fault
from .position import FAULT_STEPS, Budget, Position

#: Words that arguments take.
OWN_WORDS = (
    "same", "valid", "causal", "nearest", "bilinear", "zero", "reflect", "replicate", "circular", "each",
)  # fmt: skip


class Reporter:
    """Reports at columns of the present statement, with the way there."""

    def __init__(self, position: Position, faults: Faults) -> None:
        self.position = position
        self.faults = faults
        self.budget = Budget()
        self._suggested: set[tuple[int, int, int]] = set()

    def error(self, code: str, message: str, start: int, end: int, help: str | None = None) -> None:
        """Reports an error at columns `start` to `end` of the present statement's content."""
        self.tell(ERROR, code, message, start, end, help)

    def tell(self, severity: str, code: str, message: str, start: int, end: int, help: str | None, **more: Any) -> None:
        """Reports what may be no error at columns `start` to `end` of the present statement's content.

        `more` are other fields of the diagnostic: its notes, its figures.
        """
        span, frames = self.position.span(start, end), self.position.frames
        self.faults.add(Diagnostic(severity, code, message, span, help, frames=frames, **more))

    # --- expressions --------------------------------------------------------------------------------

    def unresolved(self, error: EvaluationError) -> None:
        """Reports an expression that has no value; suggestions are looked for once a place."""
        self.budget.spend(FAULT_STEPS)
        names = self.position.variables() if self._first_suggestion(error.node) else ()
        span = self.position.span(error.node.start, error.node.end)
        self.faults.add(evaluation_fault(error, span, names, self.position.frames))

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
        self.error(fault.code, fault.message, *fault.columns(element), fault.help)

    def no_tensor(self, start: int, end: int) -> None:
        """Reports that no tensor runs into what stands from `start` to `end` of the present statement."""
        inputs, parted = self.position.assembler.network.inputs, self.position.parted
        if parted is not None:
            line, results = parted
            message = f"nothing runs on from line {line}, which has several results"
            help = f"start at one of them: '@{results[0]} | …'; or end a block with 'output @{' @'.join(results[:4])}'"
        elif not inputs:
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

    def layer_fault(self, error: LayerError, cls: type[Layer], element: Element, given: Mapping[str, Arg]) -> None:
        """Reports the fault of a layer: at the argument that is to blame, of which `given` has them by name; at the
        element's end where one is missing.
        """
        layout = self.position.assembler.network.layout
        help = None if error.advice is None else sentence(error.advice, layout)
        code, blamed = error.code, given.get(error.argument or "")
        start, end = (blamed or element).start, (blamed or element).end
        if error.missing is not None:
            start, end, code = element.end, element.end + 1, "missing-argument"
            help = help or self._missing_help(error.missing, cls, element)
        elif blamed is not None:
            if error.divided and "/" not in blamed.text:
                help = _rounded(blamed.text, error.argument or "")
            if code == "unknown-name":
                help = did_you_mean(blamed.text, [*self.position.variables(), *OWN_WORDS]) or help
        self.tell(ERROR, code, sentence(error.message, layout), start, end, help, notes=error.notes)

    def _missing_help(self, missing: str, cls: type[Layer], element: Element) -> str | None:
        """``write 'conv 64 3' for a 3x3 kernel``: the element with the argument `missing`."""
        arg = next((arg for arg in cls.args if arg.name == missing), None)
        if arg is None:
            return None
        line = self.position.level.source.line(self.position.statement.line)
        text = line[self.position.statement.indent :][element.start : element.end]
        hint = arg.hint or ("2" if arg.name == "kernel" else "…")  # of a pool: a convolution has a hint
        if arg.name == "filters" and "=" not in text:
            return f"write '{text} 64 3' for 64 filters of 3x3"
        meaning = f" for a {hint}x{hint} kernel" if arg.name == "kernel" else f": {arg.about}"
        if arg.position is None or "=" in text:
            return f"write '{text} {arg.name}={hint}'{meaning}"
        return f"write '{text} {hint}'{meaning}"

    def remark(self, remark: Remark, element: Element, given: Mapping[str, Arg]) -> None:
        """Passes on what a layer says about its geometry; `given` has its arguments by name."""
        arg = given.get(remark.argument or "") or element
        self.tell(remark.severity, remark.code, remark.message, arg.start, arg.end, remark.help)

    def with_shapes(
        self, error: MergeError, layer: Layer, inputs: Sequence[int], labels: Sequence[str], here: int | None,
        element: Element,
    ) -> LayerError:  # fmt: skip
        """The fault of a merge of `inputs`, with the shapes that do not go together, each behind its label.

        `here` is the tensor that entered it; None where it joins names.
        """
        pairs = [(labels[place], self.position.shape_of(inputs[place]) or ()) for place in (0, error.culprit)]
        figures = ", ".join(f"{label} gives {self.position.spelled(shape)}" for label, shape in pairs)
        if not error.alike:
            return LayerError(f"{error}: {figures}", help=error.help)
        from .offers.merge_hints import hint
        from .offers.merge_offers import Joined

        line = self.position.level.source.line(self.position.statement.line)
        text = line[self.position.statement.indent :][element.start : element.end]
        joined = Joined(layer, tuple(inputs), tuple(labels), error.culprit, here, text)
        help = None if self.faults.many else hint(self.position.assembler.nodes, joined)
        help = help or error.help
        return LayerError(f"{error}: {figures}", help=help)


def _rounded(text: str, argument: str) -> str | None:
    """How an expression is written that gave no whole number though nothing is divided in it."""
    bare = text.strip("()").replace(" ", "")
    if not any(map(str.isalpha, text)):
        return None
    if argument in ("filters", "units"):
        return f"write 'divisible({bare}, 8)', the nearest multiple of 8, or 'round({bare})'"
    return f"write 'round({bare})' or 'floor({bare})'"
