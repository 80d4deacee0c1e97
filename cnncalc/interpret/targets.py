"""What an element names: a kind of layer, a block, a tensor; straight or by a variable."""

from __future__ import annotations

from ..convert.lookup import all_names, lookup
from ..layers import Layer
from ..network import UNKNOWN
from ..spec import EvaluationError, Unresolved
from ..spec.nodes import Element, Name, Ref
from ..values import Word, describe
from .environment import Environment
from .faults import did_you_mean
from .scope import BlockDef


class Targets:
    """Finds what elements name."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.position = environment.position
        self.reporter = environment.reporter

    def tensor(self, element: Element) -> int:
        """The tensor of ``@name`` at a line's start; UNKNOWN, reporting, where there is none."""
        try:
            return self.environment.find(element.name, Ref(element.name, None, element.start, element.end))
        except EvaluationError as error:
            self.reporter.unresolved(error)
            return UNKNOWN

    def of(self, element: Element) -> tuple[type[Layer], int | None] | BlockDef | None:
        """The kind or block that an element names, straight or by a variable; None where there is none."""
        name, blocks = element.name, self.environment.definitions.blocks
        if element.pasted is not None:
            return None
        target = blocks.get(name) or lookup(name)
        if target is not None:
            return target
        scope = self.position.scope
        for names in (scope.variables, scope.loops, self.position.top.variables):
            value = names.get(name)
            if isinstance(value, Word):
                return lookup(value) or blocks.get(value)
        return None

    def report(self, element: Element) -> None:
        """Reports a variable as an element that holds no layer; what else is no layer the static check has reported."""
        name, end = element.name, element.start + len(element.name)
        scope, visible = self.position.scope, self.position.variables()
        declared = (name, True) in scope.declared or (name, True) in self.position.top.declared
        if element.pasted is not None or lookup(name) is not None or not (declared or name in visible):
            return
        try:
            value = self.environment.variable(Name(name, element.start, end))
        except EvaluationError as error:
            self.reporter.unresolved(error)
        except Unresolved:
            pass
        else:
            message, help = f"'{name}' holds {describe(value)}, and that is no layer", None
            if isinstance(value, Word):
                help = did_you_mean(value, [*all_names(), *self.environment.definitions.blocks])
            if value == name and name not in visible:
                message, help = f"'{name}' has no value here", "a block sees the top-level variables above its use"
            self.reporter.error("unknown-layer", message, element.start, end, help)
