"""Syntax tree -> network: statements run from top to bottom, blocks, repeats and branches unfolded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from ..diagnostics import Frame
from ..layers import KINDS
from ..network.model import UNKNOWN, Extent, Node, Port, Step
from ..records import make
from ..spec import EvaluationError
from ..spec.nodes import (
    Broken,
    Default,
    Element,
    Expr,
    Head,
    If,
    Input,
    Let,
    Line,
    Merge,
    Model,
    Output,
    Ref,
    Repeat,
    Require,
    Stage,
    Stmt,
)
from ..spec.symbols import definitions
from ..values import spell
from .binding import ArgumentFault
from .bodies import Bodies
from .calls import MAX_DEPTH
from .expectations import check_arrow
from .scope import POISON, BlockDef, Maker
from .state import MOST_STEPS, Halt


class Builder(Bodies):
    """Runs the statements of a file's top level and of the blocks that they use."""

    #: Every layer that is made pays for some steps: those of empty loops run out soon, those of networks never.
    STEPS_A_LAYER = 10

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        #: Checks statements that were not run.
        self.check_rest: Callable[[Iterable[Stmt]], None] = lambda body: None
        self.runners: dict[type, Callable[[Any, Stmt], None]] = {
            Line: self.line, Merge: self.merge, Repeat: self.repeat, If: self.branches, Stage: self.stage,
            Head: self.head, Let: self.let, Default: self.default, Input: self.input, Output: self.output,
            Require: self.require, Model: self.model,
        }  # fmt: skip

    def close(self) -> None:
        """Lets go of what only the build needed: the builder is in a circle with its own methods."""
        self.runners.clear()
        self.seen.clear()
        self.families, self.results = {}, {}

    def run(self, body: tuple[Stmt, ...]) -> None:
        """Runs the statements of a body; its defaults end with it. Raises Halt."""
        defaults = self.defaults
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.error("too-deep", f"bodies and blocks are nested deeper than {MAX_DEPTH} levels", 0, 1)
            self.current = UNKNOWN
        else:
            self.steps(body)
        self.depth -= 1
        self.defaults = defaults

    def steps(self, body: Iterable[Stmt]) -> None:
        """Runs statements one after another. Raises Halt."""
        for stmt in body:
            node = stmt.node
            if isinstance(node, Line) and node.plain and self.observer is None:
                self.plain_line(node, stmt)
            else:
                self.step(stmt)

    def plain_line(self, node: Line, stmt: Stmt) -> None:
        """Runs a line of layers that mean the same everywhere: what long networks consist of. Raises Halt.

        What was met before, this layer on this input, goes straight into the network.
        """
        self.stmt = stmt
        nodes, defaults, counts, here = self.nodes, self.defaults, self.counts, self.here()
        before, line, indent = len(nodes), stmt.line, stmt.indent
        most = self.max_layers + self.input_count
        for element in node.elements:
            layer, current, index = element.made, self.current, len(nodes)
            result = layer.gave if layer is not None and element.under is defaults else None
            if result is None or current is None or current < 0 or index >= most or result.remarks:
                self.element(element, None, index == before)
                self.stmt = stmt
            elif nodes[current].output != layer.met:
                self.join(layer, (current,), element, None)
            else:
                kind = layer.kind
                if kind in self.contested:
                    name = self.named(kind, None)
                else:
                    counts[kind] = count = counts.get(kind, 0) + 1
                    name = f"{kind}{count}"
                start, end = indent + element.start, indent + element.end
                nodes.append(
                    make(Node, (index, name, kind, layer, current, result.output, result, None, here, line, start, end))
                )
                self.current = index
        made = len(nodes) - before
        self.steps_left = min(self.steps_left + self.STEPS_A_LAYER * made, MOST_STEPS) - 1
        if self.steps_left < 0:
            self.check_steps(stmt)

    def model(self, node: Model, stmt: Stmt) -> None:
        """The title, once."""
        if self.network.title is not None:
            self.error("set-twice", "the model already has a title", 0, node.end)
        self.network.title = node.title

    def step(self, stmt: Stmt) -> None:
        """Runs one statement. Raises Halt at the limit on steps that make no layer."""
        self.stmt = stmt
        before = self.layer_count
        runner = self.runners.get(type(stmt.node))
        if runner is not None:
            runner(stmt.node, stmt)
        elif isinstance(stmt.node, Broken):  # a line that could not be read
            current = self.current
            self.skip((stmt,))
            self.current = UNKNOWN if stmt.node.layer else current
        made = self.layer_count - before
        self.steps_left = min(self.steps_left + self.STEPS_A_LAYER * made, MOST_STEPS) - 1
        self.check_steps(stmt)

    def check_steps(self, stmt: Stmt) -> None:
        """Raises Halt, reporting, where too many steps have made no layer."""
        if self.steps_left < 0:
            self.stmt = stmt
            self.error("too-many-steps", "too many steps that make no layer", 0, 1, "is a repeat too long?")
            raise Halt

    # --- lines --------------------------------------------------------------------------------------

    def line(self, node: Line, stmt: Stmt) -> None:
        """A line of elements, perhaps named, perhaps with an expectation."""
        start = first = len(self.nodes)
        last = len(node.elements) - 1
        for index, element in enumerate(node.elements):
            first = len(self.nodes)
            if element.ref:
                self.current = self.start_at(element)
            else:
                self.element(element, node.name if index == last else None, index == 0)
                self.stmt = stmt
        if node.name is not None:
            self.name(node.name, start)
            made = node.elements[last]
            if not made.ref:
                target = self.target(made)
                kind = target.node.name if isinstance(target, BlockDef) else target[0].kind if target else made.name
                self.scope.makers[node.name] = Maker(kind, first, len(self.nodes))
        if node.arrow is not None and self.judged:
            check_arrow(self, node, start)
        if self.observer is not None:
            self.observer(self.source, stmt, None if self.current is None else self.shape_of(self.current))

    def start_at(self, element: Element) -> int:
        """The tensor of ``@name`` at a line's start; UNKNOWN, reporting, where there is none."""
        try:
            return self.find(element.name, element.start, element.end, _as_expr(element))
        except EvaluationError as error:
            self.unresolved(error)
            return UNKNOWN

    def name(self, name: str, first: int) -> None:
        """Calls the running tensor `name`; its line made the nodes from `first` on."""
        index = UNKNOWN if self.current is None else self.current
        self.scope.tensors[name] = index
        self.scope.makers.pop(name, None)
        if self.scope is self.top:
            self.network.extents[name] = Extent(first, len(self.nodes), index)

    def merge(self, node: Merge, stmt: Stmt) -> None:
        """A merge over the paths of its body."""
        start, entering, stack = len(self.nodes), self.current, self.entering
        results: list[int] = []
        if len(stack) < MAX_DEPTH:
            self.entering = [*stack, entering]
            for path in stmt.body:
                self.current = entering
                self.stmt = path
                self.run(path.body)
                if self.current is None:
                    self.stmt = path
                    self.no_tensor(node.element, 0, 1)
                results.append(UNKNOWN if self.current is None else self.current)
            self.entering = stack
        self.stmt = stmt
        cls = KINDS[node.element.name]
        try:
            made = self.make(cls, None, self.bound(cls, node.element, body=True), node.element)
        except ArgumentFault:  # the static check reported it
            made = None
        if made is None or len(results) < 2:
            self.current = UNKNOWN
        else:
            lines = [path.line for path in stmt.body]
            labels = tuple(
                f"path {number}" if number == 1 or line == stmt.line else f"path {number} (line {line})"
                for number, line in enumerate(lines, 1)
            )
            if node.element.name != "concat" and len(set(results)) < len(results) and UNKNOWN not in results:
                self.same_tensor(node.element.name, node.element, "two paths give the very same tensor")
            self.join(made, tuple(results), node.element, node.name, labels=labels)
        if node.name is not None:
            self.name(node.name, start)

    def skip(self, body: tuple[Stmt, ...]) -> None:
        """What statements that cannot be run would have made is unknown."""
        self.top_lets += 1
        self.current = UNKNOWN
        for definition in definitions(body):
            if definition.variable:
                self.scope.variables.setdefault(definition.name, POISON)
            else:
                self.scope.tensors.setdefault(definition.name, UNKNOWN)

    # --- bodies -------------------------------------------------------------------------------------

    def repeat(self, node: Repeat, stmt: Stmt) -> None:
        """A body, N times."""
        count = self.number(node.rounds)
        if count is not None and (isinstance(count, Fraction) or count < 0):
            help = "for a whole number divide with '//'" if isinstance(count, Fraction) else None
            self.error("argument", f"repeat takes a whole number, at least 0, not {spell(count)}",
                       node.rounds.start, node.rounds.end, help)  # fmt: skip
            count = None
        if count is None:
            self.skip(stmt.body)
            return
        frames, rounds, place = self.frames, self.rounds, self.place()
        span = place.span(node.start, node.end)
        for index in range(int(count)):
            self.rounds = (*rounds, index + 1)
            self.frames = (*frames, Frame(f"in round {index + 1} of {count}", span))
            if node.variable is not None:
                (self.scope.loops if self.scope is self.top else self.scope.variables)[node.variable] = index
            self.run(stmt.body)
            self.steps_left -= 1  # an empty body has no step of its own
            self.check_steps(stmt)
        self.frames, self.rounds = frames, rounds

    def branches(self, node: If, stmt: Stmt) -> None:
        """The first branch whose condition holds."""
        for branch in stmt.body:
            self.stmt = branch
            condition = branch.node.condition  # type: ignore[union-attr]
            holds: bool | None = True if condition is None else self.condition(condition)
            if holds is None:
                self.skip(tuple(one for each in stmt.body for one in each.body))
                return
            if holds:
                self.run(branch.body)
                return

    def stage(self, node: Stage, stmt: Stmt) -> None:
        """Lines under one row of the table."""
        path, first = self.path, len(self.nodes)
        self.path = (*path, Step(node.name, "stage"))
        self.run(stmt.body)
        self.path = path
        self.name(node.name, first)

    def head(self, node: Head, stmt: Stmt) -> None:
        """A side path that ends in an output of the model."""
        path, first, current, train = self.path, len(self.nodes), self.current, self.train
        self.path = (*path, Step(node.name, "head"))
        self.train = train or node.train
        self.run(stmt.body)
        if self.current is None:
            self.stmt = stmt
            self.error("no-tensor", f"no tensor runs into head '{node.name}'", node.start, node.end,
                       "a head starts at the running tensor, or its first line at a name: '@name | …'")  # fmt: skip
        index = UNKNOWN if self.current is None else self.current
        self.network.outputs.append(Port(node.name, index, self.train))
        if index >= 0:
            self.read.add(index)
        self.name(node.name, first)
        self.path, self.current, self.train = path, current, train


def _as_expr(element: Element) -> Expr:
    return Ref(element.name, None, element.start, element.end)
