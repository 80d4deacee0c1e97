"""What is said about elements: faults, and what layers remark."""

from __future__ import annotations

from ..convert.lookup import all_names, lookup
from ..diagnostics import WARNING, Diagnostic
from ..layers import Layer, LayerError, MergeError, Result
from ..spec import EvaluationError, Unresolved
from ..spec.nodes import Arg, Element, Name
from ..values import Shape, Word, describe, unmark
from .binding import ArgumentFault, Bound, bind_layer
from .faults import did_you_mean, layer_fault, missing_help
from .state import State


class Reporting(State):
    """Reports faults of elements at the argument that is to blame."""

    def bound(self, cls: type[Layer], element: Element, body: bool = False) -> Bound:
        """The words of `element` by argument; `body` for a merge with one. Raises ArgumentFault."""
        bound: Bound | None = element.bound  # of a kind that the name fixes: the static check put it there
        return bind_layer(cls, element, body) if bound is None else bound

    def by_variable(self, element: Element) -> bool:
        """Whether a variable says what `element` is: then the static check could not look at it."""
        return element.pasted is None and lookup(element.name) is None and element.name not in self.blocks

    def misread(self, fault: ArgumentFault, element: Element) -> None:
        """Reports words that are no arguments; what the static check has said is said once."""
        arg = fault.arg
        start, end = (arg.start, arg.end) if arg else (element.end, element.end + 1)
        self.error(fault.code, fault.message, start, end, fault.help)

    def no_layer(self, element: Element) -> None:
        """Reports a variable as an element that holds no layer, where the static check has not done so."""
        name, end = element.name, element.start + len(element.name)
        known = (name, True) in self.scope.declared or (name, True) in self.top.declared
        if not self.by_variable(element) or not (known or name in self.variables()):
            return
        try:
            value = self.variable(Name(name, element.start, end))
        except EvaluationError as error:
            self.unresolved(error)
        except Unresolved:
            pass
        else:
            message, help = f"'{name}' holds {describe(value)}, and that is no layer", None
            if isinstance(value, Word):
                help = did_you_mean(value, [*all_names(), *self.blocks])
            if value == name and name not in self.variables():
                message, help = f"'{name}' has no value here", "a block sees the top-level variables above its use"
            self.error("unknown-layer", message, element.start, end, help)

    def no_tensor(self, element: Element, start: int | None = None, end: int = 1) -> None:
        """Reports that no tensor runs into `element`, or into what stands from `start` to `end` of its line."""
        inputs = self.network.inputs
        if not inputs:
            message, help = "no input yet", "write 'input 3x224x224', with the sizes of yours, above the first layer"
        elif len(inputs) > 1:
            names = " or ".join(dict.fromkeys(f"'@{node.name} | …'" for node in inputs))
            message, help = "with several inputs a line starts at one of them", f"write {names}"
        else:
            message, help = "no tensor enters here", "start the line at a tensor: '@name | …'"
        if start is None:
            start, end = element.start, element.end
        self.error("no-tensor", message, start, end, help)

    def same_tensor(self, kind: str, element: Element, help: str) -> None:
        """Warns of a tensor that is added to, or multiplied by, itself: more often a slip than meant."""
        span = self.place().span(element.start, element.end)
        message = f"{kind} of a tensor with itself"
        self.faults.add(Diagnostic(WARNING, "same-tensor", message, span, help, (), self.frames))

    def report(self, error: LayerError, cls: type[Layer], element: Element, given: dict[str, Arg]) -> None:
        """Reports the fault of a layer."""
        help = error.help
        if error.missing is not None and help is None:
            text = self.source.line(self.stmt.line)[self.stmt.indent :]
            error.help = missing_help(error, cls, text[element.start : element.end])
        names = [*self.variables(), "same", "causal", "nearest", "bilinear"]
        fault = layer_fault(error, element, given, self.place(), self.network.layout, self.frames, names)
        self.faults.add(fault)

    def misfit(
        self, error: LayerError, layer: Layer, element: Element, shapes: list[Shape], labels: tuple[str, ...]
    ) -> None:
        """Reports a layer that does not fit its inputs."""
        try:
            given = self.bound(type(layer), element).given
        except ArgumentFault:
            given = {}
        if isinstance(error, MergeError):
            pair = (labels[0], labels[error.culprit])
            gives = (self.spelled(shapes[0]), self.spelled(shapes[error.culprit]))
            figures = ", ".join(f"{label} gives {shape}" for label, shape in zip(pair, gives, strict=True))
            error = LayerError(f"{error.message}: {figures}", help=error.help)
        self.report(error, type(layer), element, given)

    def remark(self, result: Result, layer: Layer, element: Element) -> None:
        """Passes on what a layer says about its geometry."""
        for one in result.remarks:
            span = self.place().span(element.start, element.end)
            arg = self.bound(type(layer), element).given.get(one.argument or "")
            if arg is not None:
                span = self.place().span(arg.start, arg.end)
            message = unmark(one.message, self.network.layout)
            self.faults.add(Diagnostic(one.severity, one.code, message, span, one.help, (), self.frames))
