"""Merges with a body: paths run one after another from the tensor that enters, and joined; some may not be there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..diagnostics import NOTE
from ..layers import KINDS
from ..network import UNKNOWN
from ..spec.nodes import If, Merge, Stmt
from .binding import ArgumentFault, bind_layer
from .elements import Elements
from .position import MAX_DEPTH

#: What stands behind the label of a path that is the identity by its condition.
IDENTITY = " is the identity: it"


class AbsentPath(Exception):
    """The path that runs is not there."""


class Merges:
    """Runs merges with a body."""

    def __init__(self, elements: Elements) -> None:
        self.elements = elements
        self.position = elements.position
        self.reporter = elements.reporter

    def merge(self, node: Merge, stmt: Stmt, run: Callable[..., None]) -> None:
        """A merge over the paths of its body; what they give is joined, and is the running tensor.

        `run` runs the statements of a path, at a level of its own.
        """
        position, running = self.position, self.position.running
        entering = (*position.level.entering, running)
        there: list[tuple[str, int]] = []
        for number, path in enumerate(stmt.body if len(entering) <= MAX_DEPTH else (), 1):
            position.run_into(running)
            position.at(path)
            try:
                run(path.body, entering=entering)
            except AbsentPath:
                continue
            if position.running is None:
                self.reporter.no_tensor(0, 1)
            result = UNKNOWN if position.running is None else position.running
            label = f"path {number}" + f" (line {path.line})" * (number > 1 and path.line != stmt.line)
            there.append((label + IDENTITY * (result == running and _chooses(path)), result))
        position.at(stmt)
        if len(stmt.body) < 2 or not self._enough(node, len(there), len(stmt.body)):
            position.run_into(UNKNOWN)
        elif len(there) == 1:
            position.run_into(there[0][1])
        else:
            self._join(node, there, running)

    def _enough(self, node: Merge, there: int, paths: int) -> bool:
        """Whether so many paths can be joined as are there; reports that they cannot, or that one is all there is."""
        kind = node.element.name
        if there < paths and KINDS[kind].ordered:
            message = f"'{kind}' takes its paths in their order, and {paths - there} of {paths} is not there"
            self.reporter.error("one-path", message, node.start, node.end, "put the choice around the merge: 'if …:'")
            return False
        if there == 0:
            message, help = f"no path of this '{kind}' is there", "let one of them be '- identity'"
            self.reporter.error("one-path", message, node.start, node.end, help)
        elif there == 1 and paths > 1:
            message = f"one path of this '{kind}' is there: it is that path"
            self.reporter.tell(NOTE, "one-path", message, node.start, node.end, None)
        return there > 0

    def _join(self, node: Merge, there: list[tuple[str, int]], running: int | None) -> None:
        """Joins what the paths give, each with its label, that `running` has entered."""
        kind = node.element.name
        cls: Any = KINDS[kind]
        try:
            layer = self.elements.make(cls, None, bind_layer(cls, node.element, body=True), node.element)
        except ArgumentFault:  # the static check reported it
            layer = None
        if layer is None:
            self.position.run_into(UNKNOWN)
            return
        labels, results = zip(*there, strict=True)
        if not cls.repeats and len(set(results)) < len(results) and UNKNOWN not in results:
            self.reporter.same_tensor(kind, node.element, "two paths give the very same tensor")
        self.elements.join(layer, results, node.element, node.name, labels, running)


def _chooses(path: Stmt) -> bool:
    """Whether what a path has depends on a condition."""
    return any(isinstance(inner.node, If) for inner in path.body)
